#!/usr/bin/env bash
# Runs the named parts in order, times each, and closes with "N passed, N failed" over all the tests they ran.
# A part that breaks before it counts a test counts as one failed, and so does one that ran no test. Logs are under target/test/.
#   tests/run.sh PART...        parts: see the functions called part_* below; PART+PART run side by side
set -uo pipefail
source "$(dirname "$0")/../tools/lib.sh"
logs="$TARGET/test"; mkdir -p "$logs"
# What is tested is what is linted: clippy stands in for the compiler of our own crates, so that nothing is compiled twice.
export RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__
e2e() { installed tests/e2e && node "tests/e2e/$1.mjs" "${@:2}"; }

# The app's types are those that the committed contract makes.
types_of_contract() {
  local made; made=$(mktemp -d)/schema.ts
  npm --prefix pwa run --silent types -- "$made" > /dev/null || return 1
  diff -u pwa/src/api/schema.ts "$made" | head -20
  cmp -s pwa/src/api/schema.ts "$made" || { echo "pwa/src/api/schema.ts is not what openapi/openapi.json makes: run make contract"; return 1; }
}

# Memory, where it has room for all databases of the tests (3 GB): they are made to be thrown away, and a disk lets each wait.
memory() {
  local free; free=$(df --output=avail --block-size=1G /dev/shm 2> /dev/null | tail -1)
  if [ "${free:-0}" -ge 6 ]; then echo /dev/shm; else echo "${TMPDIR:-/tmp}"; fi
}

part_packages() { bash tools/check-tools.sh || true; bash tools/packages.sh && bash tools/check-tools.sh; }
part_format()   { cargo fmt --all --check; }
part_types()    { installed pwa && types_of_contract && npm --prefix pwa run --silent check; }
part_unit()     { installed pwa && npm --prefix pwa test; }
part_build()    { installed pwa && build_app; }
part_clippy()   { cargo build --locked --workspace --all-targets; }
part_lib()      { cargo test --locked --workspace --lib --bins; }
part_api()      { TMPDIR=$(memory) cargo test --locked --workspace; }
part_client()   { build_server && bash tests/client/run.sh; }
part_faults()   { build_server && bash tests/faults/run.sh short; }
part_storm()    { build_server && bash tests/faults/run.sh full; }
part_versions() { build_server && bash tests/faults/run.sh beside; }
part_licences() { node tools/licences.mjs; }
part_chromium() { build_server && e2e chromium; }
part_push()     { build_server && e2e push; }
part_firefox()  { build_server && HOME=$(mktemp -d) e2e firefox-push && HOME=$(mktemp -d) e2e firefox-film && HOME=$(mktemp -d) e2e firefox-dialogue; }
part_axe()      { build_server && e2e axe; }
part_looks()    { build_server && e2e axe --whole; }
part_bombs()    { build_server && e2e bombs; }
part_unlost()   { build_server && e2e unlost; }
part_leaving()  { build_server && e2e leaving && e2e patrols; }
part_exit()     { build_server && e2e exit; }
part_desk()     { build_server && e2e desk; }
part_room()     { build_server && e2e room; }
part_handover() { build_server && e2e handover; }
part_reply()    { build_server && e2e reply && e2e survey; }
part_attach()   { build_server && e2e attach; }
part_lead()     { build_server && e2e lead; }
part_tips()     { build_server && e2e tips; }
part_polls()    { build_server && e2e polls; }
part_posts()    { build_server && e2e posts; }
part_ideas()    { build_server && e2e ideas; }
part_dialogues() { build_server && e2e dialogues; }
part_report()   { build_server && e2e report; }
part_stories()  { build_server && e2e story-party && e2e story-extortion; }
part_evening()  { build_server && e2e evening; }
part_friday()   { e2e evening --whole; }
part_work()     { build_server && e2e work; }
part_film()     { build_server && e2e big-file; }
part_bigfile()  { e2e big-file --whole; }
part_pulls()    { e2e pulls; }
part_fullroom() { e2e full-room; }
part_nodes()    { NATPATRULL_PROGRAM="$(cd "$TARGET" && pwd)/release/natpatrull" NATPATRULL_FOLLOWERS=2000 cargo test --locked --workspace --test it -- --nocapture following::who_follows_over_a_node_that_is_killed; }
part_strain()   { build_server && e2e strain; }
part_release()  { env --unset RUSTC_WORKSPACE_WRAPPER --unset CLIPPY_ARGS cargo build --locked --release --package natpatrull; } # as make bench builds it
part_fuzz()     { build_server && bash tests/contract/run.sh; }
part_lighthouse() { build_server && e2e lighthouse; }
part_page()     { build_server && e2e page-cost; }
part_codes()    { mkdir -p "$TARGET/proof"; NATPATRULL_WRONG_CODES=1000 NATPATRULL_PROOF="$(cd "$TARGET" && pwd)/proof" cargo test --locked --workspace --test it -- wrong_codes_from_many_addresses; }
part_votes()    { NATPATRULL_VOTES=10000 cargo test --locked --workspace --test it -- polls::of_many_votes_at_once; }
part_takes()    { NATPATRULL_TAKES=500 cargo test --locked --workspace --test it -- races::of_two_who_take_at_once; }
part_backup()   { mkdir -p "$TARGET/proof"; NATPATRULL_PROOF="$(cd "$TARGET" && pwd)/proof" cargo test --locked --workspace --test it -- --nocapture a_backup_under_load; }
part_kills()    { NATPATRULL_PROGRAM="$(cd "$TARGET" && pwd)/release/natpatrull" NATPATRULL_PHONES=200000 NATPATRULL_KILLS=20 cargo test --locked --workspace --test it -- --nocapture --test-threads=1 killed::all_are_told; }
part_told()     { NATPATRULL_PROGRAM="$(cd "$TARGET" && pwd)/release/natpatrull" NATPATRULL_TOLD=100000 cargo test --locked --workspace --test it -- --nocapture --test-threads=1 killed::one_tip_to_many; }
part_answer()   { build_server && e2e chromium --timed "both sides live"; }
part_idle()     { e2e idle; }
part_price()    { e2e cipher-price; }

# counted LOG: "passed failed" as the runners' own closing lines say.
counted() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    /^test result:/ { for (i = 1; i < NF; i++) { if ($(i+1) ~ /^passed/) p += $i; if ($(i+1) ~ /^failed/) f += $i } }
    /^ *Tests +[0-9]/ { for (i = 1; i < NF; i++) { if ($(i+1) == "passed") p += $i; if ($(i+1) == "failed") f += $i } }
    /^[a-z-]+: [0-9]+ passed, [0-9]+ failed/ { p += $2; f += $4 }
    END { print p + 0, f + 0 }'
}

# failures LOG: the first lines that each failed test printed, however long the log is.
failures() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    /^  FAIL  |^---- .* stdout ----|panicked at| FAIL .*> |^AssertionError/ { left = 6 }
    /^  ok    |^test .* ok$/ { left = 0 }
    left > 0 { print "  " $0; left -= 1 }' | cut -c1-240 | head -60
}

# These run no tests of their own: that they end well is the one thing they show.
plain=" packages format types build clippy licences release "
# These are one test on two databases; a changed name would leave it out in silence.
exactly() { case $1 in codes | backup | takes | votes | kills | told) echo 2 ;; esac; }

# tells PART OK SPENT: what a part that has ended counts for.
passed=0 failed=0 lines=() whole=$(clock)
tells() {
  local part=$1 ok=$2 p f wanted
  read -r p f < <(counted "$logs/$part.log")
  if [ "$ok" = yes ] && [ "$((p + f))" -eq 0 ]; then
    if [[ $plain == *" $part "* ]]; then p=1; else f=1; echo "== $part ended well without running a test"; fi
  fi
  wanted=$(exactly "$part")
  if [ "$ok" = yes ] && [ -n "$wanted" ] && [ "$p" -ne "$wanted" ]; then f=$((f + 1)); echo "== $part ran $p tests instead of $wanted"; fi
  if [ "$ok" = no ] && [ "$f" -eq 0 ]; then f=1; fi
  passed=$((passed + p)); failed=$((failed + f))
  lines+=("$(printf '%-11s %-12s %s passed, %s failed' "$part" "$3" "$p" "$f")")
}

for part in ${*//+/ }; do rm -f "$logs/$part.log"; done
for parts in "$@"; do
  if [[ $parts == *+* ]]; then
    # Side by side: what the first prints is shown as it comes, the others' when they have ended.
    first=${parts%%+*} others=${parts#*+} running=()
    echo; echo "== $parts"
    for part in ${others//+/ }; do
      rm -f "$logs/$part.end"
      ( since=$(clock); ok=no; if ( "part_$part" ) > "$logs/$part.log" 2>&1; then ok=yes; fi; echo "$ok $(spent "$since")" > "$logs/$part.end" ) &
      running+=($!)
    done
    since=$(clock)
    if ( "part_$first" ) 2>&1 | tee "$logs/$first.log"; then ok=yes; else ok=no; fi
    tells "$first" "$ok" "$(spent "$since")"
    wait "${running[@]}"
    for part in ${others//+/ }; do
      echo; echo "== $part"; cat "$logs/$part.log"
      read -r ok took < "$logs/$part.end" || ok=no took="cut off"
      tells "$part" "$ok" "$took"
    done
    continue
  fi
  part=$parts since=$(clock)
  echo; echo "== $part"
  if ( "part_$part" ) 2>&1 | tee "$logs/$part.log"; then ok=yes; else ok=no; fi
  tells "$part" "$ok" "$(spent "$since")"
  if [ "$ok" = no ] && [ "$part" = packages ]; then break; fi
done

echo; echo "== parts"
printf '  %s\n' "${lines[@]}"
echo "  whole       $(spent "$whole")"
if [ "$failed" -gt 0 ]; then
  echo; echo "== what failed"
  for part in ${*//+/ }; do
    [ -f "$logs/$part.log" ] || continue
    said=$(failures "$logs/$part.log")
    [ -z "$said" ] || printf '%s\n%s\n' "$part" "$said"
  done
fi
flickered=$(for part in ${*//+/ }; do [ ! -f "$logs/$part.log" ] || sed -n "s/^  AGAIN /  $part: /p" "$logs/$part.log"; done)
[ -z "$flickered" ] || printf '\n== what was tried twice (each is a fault of the test or of the product: find it)\n%s\n' "$flickered"
[ "$failed" -eq 0 ] || echo "  The log of each part: $logs/PART.log. Run one part again: bash tests/run.sh PART"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
