#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# include_cost.sh ROOT COMPILER: what including each header costs, as a table, and whether that is
# within budget. Two measures, since each is blind where the other sees: preprocessed lines, which
# do not depend on the load of the machine, and compile time without optimisation, which sees inline
# bodies. Both are relative to standard headers under the same compiler.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
root=$1
compiler=$2
export LC_ALL=C TIMEFORMAT=%U
unit=$(mktemp --suffix=.cpp)
trap 'rm -f "$unit" "$unit.log"' EXIT

# Bodies are compiled once, so only all of them together are of interest.
read -ra bodies < <(sed -n 's/^bodies://p' "$here/include_graph.txt")
is_part_of_the_bodies() {
  local body
  for body in "${bodies[@]}"; do
    # shellcheck disable=SC2053  # a pattern
    [[ $1 != salespulse/$body || $body == definitions.hpp ]] || return 0
  done
  return 1
}

lines() {
  printf '#include <%s>\n' "$@" >"$unit"
  "$compiler" -std=c++20 -I "$root/include" -E -P "$unit" 2>"$unit.log" | wc -l
}
seconds() { # of processor time
  printf '#include <%s>\n' "$@" >"$unit"
  { time "$compiler" -std=c++20 -I "$root/include" -O0 -c "$unit" -o /dev/null 2>"$unit.log"; } 2>&1
}
compute() { awk "BEGIN { $1 }"; }
exceeds() { compute "exit !($1 > $2)"; }
least() { compute "print ($1 < $2) ? $1 : $2"; }
over() { exceeds "$header_seconds" "$1 * $second_limit * $unit_seconds"; }
# Time of a header and of vector in turn. What seems too long is looked at again: the least of four
# turns, of twelve where it remains a close call, since load only ever adds.
measure() {
  header_seconds=$(seconds "$1") && unit_seconds=$(seconds vector) || return
  over 1 || return 0
  header_seconds=9 unit_seconds=9
  for turn in 1 2 3 4 5 6 7 8 9 10 11 12; do
    header_seconds=$(least "$header_seconds" "$(seconds "$1")")
    unit_seconds=$(least "$unit_seconds" "$(seconds vector)")
    if [ "$turn" -ge 4 ] && { ! over 1 || over 1.3; }; then break; fi
  done
}

line_unit=$(lines algorithm string vector)
failures=()
printf '| header | lines | of algorithm+string+vector | seconds | of vector |\n|---|--:|--:|--:|--:|\n'
while read -r header; do
  line_limit=1.25 second_limit=3
  case $header in
    salespulse.h) line_limit=0.1 second_limit=0.5 ;;
    salespulse/core/* | salespulse/model/*) line_limit=1 ;;
    salespulse/salespulse.hpp) line_limit=1.5 second_limit=8 ;;
    salespulse/definitions.hpp) line_limit=99 second_limit=999 ;;
  esac
  if is_part_of_the_bodies "$header"; then continue; fi
  if ! header_lines=$(lines "$header") || ! measure "$header"; then
    failures+=("$header: does not compile: $(head -n 3 "$unit.log")")
    continue
  fi
  compute "printf \"| %s | %d | %.2f | %.2f | %.1f |\n\", \"$header\", $header_lines,
    $header_lines / $line_unit, $header_seconds, $header_seconds / $unit_seconds"
  if exceeds "$header_lines" "$line_limit * $line_unit"; then
    failures+=("$header: more preprocessed lines than $line_limit times algorithm+string+vector")
  fi
  if over 1; then
    failures+=("$header: longer to compile than $second_limit times vector")
  fi
done < <(cd "$root/include" && find . -name '*.h' -o -name '*.hpp' | sed 's|^\./||' | sort)

[ ${#failures[@]} -gt 0 ] || exit 0
printf '%s\n' "${failures[@]}"
exit 1
