#!/usr/bin/env bash
# make bench [ONLY=messages|sync|reports]: us and the peers in turn on the same work; writes target/bench/NAME.json.
set -euo pipefail
source "$(dirname "$0")/../../tools/lib.sh"
mkdir -p "$TARGET/bench"
timed "the server, release" cargo build --locked --release --package natpatrull
timed "the load generator" cargo build --locked --release --manifest-path tests/load/loadgen/Cargo.toml --target-dir "$TARGET/bench/build"
installed tests/e2e
exec node tests/load/bench.mjs "$@"
