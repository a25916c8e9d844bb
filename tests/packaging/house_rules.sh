#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# house_rules.sh ROOT: what every file of the library keeps to and no compiler checks.
set -euo pipefail
shopt -s lastpipe  # so that complain, at the end of a pipe, can set failed
root=$(cd "$1" && pwd)
cd "$root"
failed=0

# complain WHAT: each line of the input breaks the rule WHAT.
complain() {
  local hits
  hits=$(cat)
  if [ -n "$hits" ]; then
    printf '%s:\n%s\n' "$1" "$hits"
    failed=1
  fi
}

mapfile -t files < <(find . \( -path ./build -o -path ./.git \) -prune -o -type f -print | sed 's|^\./||' | LC_ALL=C sort)
select_files() { printf '%s\n' "${files[@]}" | grep -E "$1" || true; }
mapfile -t library < <(select_files '^(include|src)/')
mapfile -t public < <(select_files '^include/')
mapfile -t headers < <(select_files '^(include|src)/.*\.(h|hpp)$')
mapfile -t code < <(select_files '\.(h|hpp|c|cpp)$')
mapfile -t scripts < <(select_files '(CMakeLists\.txt|\.cmake|\.sh|^\.ci/run|^(tests|examples)/run)$')

LC_ALL=C grep -nHP '[^\x00-\x7F]' "${library[@]}" | complain 'ASCII only' || true

for file in "${code[@]}"; do
  head -n 1 "$file" | grep -qF 'SPDX-License-Identifier: BSL-1.0' || echo "$file"
done | complain 'the first line names the licence (SPDX-License-Identifier: BSL-1.0)'
for file in "${scripts[@]}"; do
  head -n 2 "$file" | grep -qF 'SPDX-License-Identifier: BSL-1.0' || echo "$file"
done | complain 'the first or second line names the licence (SPDX-License-Identifier: BSL-1.0)'

# A guard repeats the path: below include/salespulse/ without it, below src/ with or without SRC.
for file in "${headers[@]}"; do
  name=${file#include/}
  name=${name#salespulse/}
  name=$(printf '%s' "${name#src/}" | tr 'a-z/.' 'A-Z__')
  guard=SALESPULSE_$name
  case $file in
    include/salespulse.h) guard=SALESPULSE_H ;;
    src/*) guard="SALESPULSE_(SRC_)?$name" ;;
  esac
  awk -v guard="^$guard\$" '
    $1 == "#ifndef" && !ifndef { ifndef = $2 }
    $1 == "#define" && !define { define = $2 }
    END { exit !(ifndef ~ guard && define == ifndef) }' "$file" || echo "$file: $guard"
done | complain 'the include guard repeats the path'
awk 'FNR == 1 { seen = 0 } $1 == "#ifndef" && !seen { seen = 1; print $2 }' "${headers[@]}" |
  LC_ALL=C sort | uniq -d | complain 'an include guard is used once'

# Public headers define their guard and nothing else; the C header may define names of its own.
awk '
  FNR == 1 { guard = 0 }
  /^[[:space:]]*#[[:space:]]*define/ {
    if (!guard++) next
    if (FILENAME == "include/salespulse.h" && /define[[:space:]]+SALESPULSE_/) next
    print FILENAME ":" FNR ": " $0
  }' "${public[@]}" | complain 'a header defines no macro but its guard'

# A library neither ends the process of its host nor writes to its terminal.
awk '
  {
    line = $0
    sub(/\/\/.*/, "", line)
    gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
    if (line ~ /(^|[^A-Za-z0-9_.>])(abort|exit|_Exit|_exit|quick_exit|terminate|v?f?printf|f?puts|putchar|perror)[[:space:]]*\(/ ||
        line ~ /(^|[^A-Za-z0-9_])(cout|cerr|clog)([^A-Za-z0-9_]|$)/)
      print FILENAME ":" FNR ": " $0
  }' $(select_files '^(include|src)/.*\.(h|hpp|cpp)$') | complain 'no abort, no exit, no printing'

# Catch2 hands its test names to CMake as a list, whose items these characters end or hold together.
select_files '^tests/.*_test\.cpp$' | xargs -r grep -nHE '(TEST_CASE|SCENARIO)\("[^"]*[][;]' |
  complain 'no ; [ ] in the name of a test' || true

# A path of the machine that a file was written on works nowhere else.
own=$root
top=/$(cut -d/ -f2 <<<"$root")
case $top in
  /home | /mnt | /opt | /root | /srv | /tmp | /usr | /var) ;;
  *) own=$top ;;
esac
own=$(printf '%s' "$own" | sed 's|[][\.*^$+?(){}|]|\\&|g')
grep -nHIE "(^|[^A-Za-z0-9_.])(/(home|root|Users)/|$own(/|\$))" "${files[@]}" |
  complain 'no path of one machine' || true

[ "$failed" -eq 0 ]
echo "${#files[@]} files keep the house rules"
