#!/usr/bin/env bash
# Runs the named parts in order, times each, and closes with "N passed, N failed" over all the tests they ran.
# A part that breaks before it counts a test counts as one failed, and so does one that ran no test. Logs are under target/test/.
#   tests/run.sh PART...        parts: see the functions called part_* below
set -uo pipefail
source "$(dirname "$0")/../tools/lib.sh"
logs="$TARGET/test"; mkdir -p "$logs"
e2e() { installed tests/e2e && node "tests/e2e/$1.mjs" "${@:2}"; }

# The app's types are those that the committed contract makes.
types_of_contract() {
  local made; made=$(mktemp -d)/schema.ts
  npm --prefix pwa run --silent types -- "$made" > /dev/null || return 1
  diff -u pwa/src/api/schema.ts "$made" | head -20
  cmp -s pwa/src/api/schema.ts "$made" || { echo "pwa/src/api/schema.ts is not what openapi/openapi.json makes: run make contract"; return 1; }
}

part_packages() { bash tools/check-tools.sh || true; bash tools/packages.sh && bash tools/check-tools.sh; }
part_format()   { cargo fmt --all --check; }
part_types()    { installed pwa && types_of_contract && npm --prefix pwa run --silent check; }
part_unit()     { installed pwa && npm --prefix pwa test; }
part_build()    { installed pwa && build_app; }
part_clippy()   { cargo clippy --locked --workspace --all-targets -- -D warnings; }
part_lib()      { cargo test --locked --workspace --lib --bins; }
part_api()      { cargo test --locked --workspace; }
part_client()   { build_server && bash tests/client/run.sh; }
part_faults()   { build_server && bash tests/faults/run.sh short; }
part_storm()    { build_server && bash tests/faults/run.sh full; }
part_versions() { build_server && bash tests/faults/run.sh beside; }
part_licences() { node tools/licences.mjs; }
part_chromium() { build_server && e2e chromium; }
part_firefox()  { build_server && HOME=$(mktemp -d) e2e firefox-push; }
part_axe()      { build_server && e2e axe; }
part_looks()    { build_server && e2e axe --whole; }
part_bombs()    { build_server && e2e bombs; }
part_unlost()   { build_server && e2e unlost; }
part_leaving()  { build_server && e2e leaving; }
part_exit()     { build_server && e2e exit; }
part_desk()     { build_server && e2e desk; }
part_film()     { build_server && e2e big-file; }
part_bigfile()  { e2e big-file --whole; }
part_pulls()    { e2e pulls; }
part_strain()   { build_server && e2e strain; }
part_release()  { cargo build --locked --release --package natpatrull; }
part_fuzz()     { build_server && bash tests/contract/run.sh; }
part_lighthouse() { build_server && e2e lighthouse; }
part_page()     { build_server && e2e page-cost; }
part_codes()    { mkdir -p "$TARGET/proof"; NATPATRULL_WRONG_CODES=1000 NATPATRULL_PROOF="$(cd "$TARGET" && pwd)/proof" cargo test --locked --workspace --test it -- wrong_codes_from_many_addresses; }
part_backup()   { mkdir -p "$TARGET/proof"; NATPATRULL_PROOF="$(cd "$TARGET" && pwd)/proof" cargo test --locked --workspace --test it -- --nocapture a_backup_under_load; }
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

# These run no tests of their own: that they end well is the one thing they show.
plain=" packages format types build clippy licences release "
# These are one test on two databases; a changed name would leave it out in silence.
exactly() { case $1 in codes | backup) echo 2 ;; esac; }

passed=0 failed=0 lines=() whole=$(clock)
for part in "$@"; do
  since=$(clock)
  echo; echo "== $part"
  if ( "part_$part" ) 2>&1 | tee "$logs/$part.log"; then ok=yes; else ok=no; fi
  read -r p f < <(counted "$logs/$part.log")
  if [ "$ok" = yes ] && [ "$((p + f))" -eq 0 ]; then
    if [[ $plain == *" $part "* ]]; then p=1; else f=1; echo "== $part ended well without running a test"; fi
  fi
  wanted=$(exactly "$part")
  if [ "$ok" = yes ] && [ -n "$wanted" ] && [ "$p" -ne "$wanted" ]; then f=$((f + 1)); echo "== $part ran $p tests instead of $wanted"; fi
  if [ "$ok" = no ] && [ "$f" -eq 0 ]; then f=1; fi
  passed=$((passed + p)); failed=$((failed + f))
  lines+=("$(printf '%-11s %-12s %s passed, %s failed' "$part" "$(spent "$since")" "$p" "$f")")
  if [ "$ok" = no ] && [ "$part" = packages ]; then break; fi
done

echo; echo "== parts"
printf '  %s\n' "${lines[@]}"
echo "  whole       $(spent "$whole")"
[ "$failed" -eq 0 ] || echo "  The log of each part: $logs/PART.log. Run one part again: bash tests/run.sh PART"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
