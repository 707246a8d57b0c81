#!/usr/bin/env bash
# make bench [ONLY=messages|sync|reports|push|fanout]: us and the peers in turn on the same work; writes target/bench/NAME.json.
set -euo pipefail
source "$(dirname "$0")/../../tools/lib.sh"
mkdir -p "$TARGET/bench"
timed "the server, release" cargo build --locked --release --package natpatrull
timed "the load generator" cargo build --locked --release --manifest-path tests/load/loadgen/Cargo.toml --target-dir "$TARGET/bench/build"
timed "the crates it is measured beside" cargo build --locked --release --manifest-path tests/load/peers/Cargo.toml --target-dir "$TARGET/bench/build"
installed tests/e2e
exec node tests/load/bench.mjs "$@"
