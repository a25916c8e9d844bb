#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# exported_symbols.sh ROOT LIBRARY: the shared LIBRARY exports the namespace salespulse and exactly the
# C functions that the C header declares; it can neither end its host nor write to the terminal.
set -euo pipefail
shopt -s lastpipe
root=$1
library=$2
export LC_ALL=C
failed=0

complain() {
  local hits
  hits=$(cat)
  if [ -n "$hits" ]; then
    printf '%s:\n%s\n' "$1" "$hits"
    failed=1
  fi
}

nm -DC --defined-only "$library" | sed -E 's/^[0-9a-f]* +[A-Za-z] //' | sort >"$library.exported"
grep -vE '^(salespulse_|((typeinfo|typeinfo name|vtable) for )?salespulse::)' "$library.exported" |
  complain 'exported, but not ours' || true

header=$root/include/salespulse.h
{ [ ! -e "$header" ] || sed 's|//.*||' "$header"; } | awk '
  { text = text " " $0 }
  END {
    gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", text)
    while (match(text, /[^A-Za-z0-9_*]salespulse_[a-z0-9_]+[[:space:]]*\(/)) {
      name = substr(text, RSTART + 1, RLENGTH - 2)
      sub(/[[:space:]]*$/, "", name)
      print name
      text = substr(text, RSTART + RLENGTH)
    }
  }' | sort -u >"$library.declared"
grep -E '^salespulse_' "$library.exported" | comm -23 - "$library.declared" |
  complain 'exported, but not declared in salespulse.h'
grep -E '^salespulse_' "$library.exported" | comm -13 - "$library.declared" |
  complain 'declared in salespulse.h, but not exported'

nm -D --undefined-only "$library" | awk '{ print $NF }' | sed 's/@.*//' |
  grep -xE 'abort|exit|_exit|_Exit|quick_exit|(__)?v?f?printf(_chk)?|f?puts|putchar|perror|_ZSt4(cout|cerr|clog)' |
  complain 'imported: ends the host or writes to its terminal' || true

[ "$failed" -eq 0 ]
echo "$(wc -l <"$library.exported") symbols exported, $(wc -l <"$library.declared") of them C functions"
