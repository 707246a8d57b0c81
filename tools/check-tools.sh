#!/usr/bin/env bash
# Names every missing build tool in one line, at once, before a long build starts.
set -u
missing=()
have() { command -v "$1" >/dev/null 2>&1; }

have cargo || missing+=("cargo, Rust 1.95 or newer (rustup.rs)")
if have cargo; then
  rust=$(rustc --version 2>/dev/null | awk '{print $2}')
  [ "$(printf '%s\n1.95.0\n' "${rust:-0}" | sort -V | head -n 1)" = 1.95.0 ] || missing+=("Rust 1.95 or newer (this is ${rust:-unknown})")
fi
have node || missing+=("node 20 or newer")
if have node; then
  major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null)
  [ "${major:-0}" -ge 20 ] || missing+=("node 20 or newer (this is $(node --version))")
fi
have npm || missing+=("npm (Debian: apt-get install npm)")
have cc || missing+=("cc (Debian: apt-get install gcc)")
if have pkg-config; then
  pkg-config --exists openssl || missing+=("OpenSSL's headers (Debian: apt-get install libssl-dev)")
else
  missing+=("pkg-config (Debian: apt-get install pkg-config libssl-dev)")
fi

if [ "${#missing[@]}" -gt 0 ]; then
  line=$(printf '; %s' "${missing[@]}")
  echo "Missing: ${line:2}" >&2
  exit 1
fi
