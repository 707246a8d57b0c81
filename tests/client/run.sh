#!/usr/bin/env bash
# A Python client made from the committed contract sends the same report twice with one Idempotency-Key and gets one report.
set -euo pipefail
source "$(dirname "$0")/../../tools/lib.sh"
source tests/python.sh
venv client
[ -n "${BASE:-}" ] || { installed tests/e2e; exec node tests/e2e/with-server.mjs client bash tests/client/run.sh; }
made="$TARGET/test/client"
# The generator formats what it writes with the ruff beside it.
export PATH="$(cd "$TARGET/tools/client/bin" && pwd):$PATH"
rm -rf "$made"; mkdir -p "$made"
"$TARGET/tools/client/bin/openapi-python-client" generate --path openapi/openapi.json --config tests/client/config.yml --meta none --output-path "$made/natpatrull_client" --fail-on-warning
PYTHONPATH="$made" "$TARGET/tools/client/bin/python" tests/client/send_twice.py
