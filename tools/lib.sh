# Shared by the scripts of this folder and tests/run.sh: where we are, and how long a part took.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
TARGET=${CARGO_TARGET_DIR:-target}

clock() { date +%s; }
spent() { local s=$(($(clock) - $1)); printf '%d min %02d s' $((s / 60)) $((s % 60)); }

# timed NAME COMMAND...: says what starts, runs it, says how long it took.
timed() {
  local name=$1 since; since=$(clock); shift
  echo "== $name"
  "$@" || { echo "== $name failed after $(spent "$since")" >&2; return 1; }
  echo "== $name: $(spent "$since")"
}

# installed FOLDER: the packages of its lock file, unless node_modules already answers to it. Not `npm ci`: some optional packages for
# other platforms are named by a dependency and not to be had, and `npm ci` stops at that; `npm install` keeps to the same lock file.
installed() {
  local stamp="$1/node_modules/.lock-sum" sum; sum=$(sha256sum < "$1/package-lock.json")
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ] && return 0
  npm --prefix "$1" install --no-save --no-audit --no-fund --loglevel=error && printf '%s' "$sum" > "$stamp"
}

build_app() { npm --prefix pwa run --silent build; }
# All members are chosen, so that the libraries get the features that `cargo test --workspace` gives them and are built once.
build_server() { cargo build --locked --workspace --bins; }
