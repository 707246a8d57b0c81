#!/usr/bin/env bash
# make seed: the demo town in a demo database. On a database that holds anything else it refuses.
set -euo pipefail
bash "$(dirname "$0")/check-tools.sh"
source "$(dirname "$0")/lib.sh"
timed "the server" build_server
timed "the town" "$TARGET/debug/natpatrull" seed
