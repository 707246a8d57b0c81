# Sourced: makes `venv NAME`, a Python environment from tests/NAME/requirements.txt under target/tools, made once per list.
venv() {
  local place="$TARGET/tools/$1" list="tests/$1/requirements.txt"
  if [ ! -f "$place/ready" ] || ! cmp -s "$list" "$place/ready"; then
    rm -rf "$place"
    python3 -m venv "$place" && "$place/bin/pip" install --quiet --disable-pip-version-check -r "$list" && cp "$list" "$place/ready"
  fi
}
