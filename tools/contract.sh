#!/usr/bin/env bash
# make contract: the contract from the code, the app's types from the contract. Both are committed.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
contract() { cargo run --quiet --locked -- contract > openapi/openapi.json.new && mv openapi/openapi.json.new openapi/openapi.json; }
timed "openapi/openapi.json" contract
timed "the app's packages" installed pwa
timed "pwa/src/api/schema.ts" npm --prefix pwa run --silent types
git --no-pager diff --stat -- openapi pwa/src/api || true
