#!/usr/bin/env bash
# make fuzz [PARSER=name] [SECONDS_EACH=60]: libFuzzer over each parser that meets strangers' bytes, on stable Rust without a
# sanitizer (the program has no unsafe code of its own). What it finds and is small goes to tests/fuzz/corpus/NAME; what
# makes a parser fall lies in target/fuzz/NAME and belongs there too, after it is mended: the tests replay that folder.
set -euo pipefail
source "$(dirname "$0")/../../tools/lib.sh"
each=${SECONDS_EACH:-60}
parsers=${PARSER:-$(sed -n 's/^    ("\([a-z]*\)", .*/\1/p' api/src/strangers.rs)}
host=$(rustc -vV | sed -n 's/^host: //p')
watched="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Clink-dead-code"
RUSTFLAGS="$watched" timed "the parsers, watched" cargo build --locked --release --manifest-path tests/fuzz/Cargo.toml --target-dir "$TARGET/fuzz/build" --target "$host"
for parser in $parsers; do
  found="$TARGET/fuzz/$parser"; mkdir -p "$found/new" "tests/fuzz/corpus/$parser"
  PARSER=$parser timed "$parser" "$TARGET/fuzz/build/$host/release/fuzz" "$found/new" "tests/fuzz/corpus/$parser" \
    -artifact_prefix="$found/" -max_total_time="$each" -timeout=20 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 -verbosity=1 2> "$found/log" \
    || { tail -20 "$found/log" >&2; exit 1; }
  grep -E "^Done|number_of_executed_units|peak_rss" "$found/log"
  # Forty of what reached new places go to what the tests replay: the smallest.
  rm -rf "$found/least"; mkdir "$found/least"
  PARSER=$parser "$TARGET/fuzz/build/$host/release/fuzz" -merge=1 "$found/least" "$found/new" -max_len=2048 2>> "$found/log"
  find "$found/least" -type f -printf '%s %p\n' | sort -n | head -40 | cut -d' ' -f2- | xargs -r cp -t "tests/fuzz/corpus/$parser"
done
