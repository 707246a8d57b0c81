# Sourced: makes `venv NAME`, a Python environment from tests/NAME/requirements.txt under target/tools, made once per list and
# place: its commands name the folder that they were installed in.
venv() {
  local place="$TARGET/tools/$1" list="tests/$1/requirements.txt"
  if ! { echo "# $place"; cat "$list"; } | cmp -s - "$place/ready"; then
    rm -rf "$place"
    python3 -m venv "$place" && "$place/bin/pip" install --quiet --disable-pip-version-check -r "$list" &&
      { echo "# $place"; cat "$list"; } > "$place/ready"
  fi
}
