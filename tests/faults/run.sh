#!/usr/bin/env bash
# The fault harness. Its settings come from the environment: SEED PHONES ACTIONS KILLS DB LIES, see tests/src/bin/faults.rs.
#   run.sh          one run; what it found: target/faults.json
#   run.sh short    a small run on each database, and one on a disk whose flushes lie, which has to be seen
#   run.sh full     a large run on each database; what they found: target/proof/faults-DB.json
set -uo pipefail
source "$(dirname "$0")/../../tools/lib.sh"
faults() { "$TARGET/debug/faults"; }

passed=0 failed=0
tries() { if faults; then passed=$((passed + 1)); else failed=$((failed + 1)); fi; }

case ${1-one} in
  one)
    build_server && faults
    exit ;;
  short)
    export PHONES=12 ACTIONS=700 KILLS=6
    DB=sqlite tries
    DB=postgres tries
    # What synchronous=NORMAL would be: a commit that waits for no disk. The checker has to find that loss.
    DB=sqlite LIES=yes ACTIONS=300 tries ;;
  full)
    mkdir -p "$TARGET/proof"
    export PHONES=50 ACTIONS=20000 KILLS=100
    for DB in sqlite postgres; do
      export DB OUT="$TARGET/proof/faults-$DB.json"
      tries
    done ;;
  *) echo "run.sh [short|full]" >&2; exit 2 ;;
esac
echo "faults: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
