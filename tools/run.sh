#!/usr/bin/env bash
# make run: check the tools, build the app and the server, start the demo in the foreground. Ctrl-C stops it in order.
set -euo pipefail
bash "$(dirname "$0")/check-tools.sh"
source "$(dirname "$0")/lib.sh"
start=$(clock)
echo "First time, this takes some minutes: the app's packages, then the server and its libraries."
timed "the app's packages" installed pwa
timed "the app" build_app
timed "the server" build_server
echo "== ready to start after $(spent "$start")"
exec "$TARGET/debug/natpatrull" serve --demo
