#!/usr/bin/env bash
# The fault harness. Its settings come from the environment: SEED PHONES ACTIONS KILLS DB LIES BESIDE, see tests/src/bin/faults.rs.
#   run.sh          one run; what it found: target/faults.json
#   run.sh short    a small run on each database, and one on a disk whose flushes lie, which has to be seen
#   run.sh full     a large run on each database; what they found: target/proof/faults-DB.json
#   run.sh beside   the program of before the newest migration serves beside this one on each database, and then no more:
#                   target/proof/versions-DB.json
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
  beside)
    mkdir -p "$TARGET/proof" "$TARGET/older"
    older=$(cd "$TARGET/older" && pwd)
    newest=$(git log --diff-filter=A -1 --format=%H -- migration/src) && before=$(git rev-parse "$newest^") ||
      { echo "the history of this checkout does not reach to before the newest migration" >&2; exit 1; }
    source="$older/source"
    rm -rf "$source" && mkdir -p "$source" && git archive "$before" | tar -x -C "$source" &&
      cargo build --locked --workspace --bin natpatrull --manifest-path "$source/Cargo.toml" --target-dir "$older/build" || exit 1
    echo "beside: the program of $before"
    export BESIDE="$older/build/debug/natpatrull" PHONES=30 ACTIONS=6000 KILLS=20
    for DB in sqlite postgres; do
      export DB OUT="$TARGET/proof/versions-$DB.json"
      tries
    done ;;
  *) echo "run.sh [short|full|beside]" >&2; exit 2 ;;
esac
echo "faults: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
