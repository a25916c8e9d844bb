#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# compile_fail.sh FILE INCLUDE COMPILER: FILE compiles as it stands, and no longer does with
# SALESPULSE_MUST_FAIL defined. Comment lines in FILE may say more:
#   // must fail with: FLAG...      flags to add to the compilation that must fail
#   // must fail because: TEXT      a text that the compiler then prints
set -euo pipefail
file=$1
compile=("$3" -std=c++20 -fsyntax-only -I "$2")
said() { sed -n "s|^// must fail $1: *||p" "$file"; }

read -ra flags <<<"$(said with)"
reason=$(said because)
if [ ${#flags[@]} -eq 0 ] && ! grep -q SALESPULSE_MUST_FAIL "$file"; then
  echo "$file does not say what must fail"
  exit 1
fi
if ! "${compile[@]}" "$file"; then
  echo "$file must compile as it stands"
  exit 1
fi
if output=$("${compile[@]}" -DSALESPULSE_MUST_FAIL "${flags[@]}" "$file" 2>&1); then
  echo "$file compiles where it must fail"
  exit 1
fi
if [ -n "$reason" ] && ! grep -qF -- "$reason" <<<"$output"; then
  printf '%s fails without saying "%s":\n%s\n' "$file" "$reason" "$output"
  exit 1
fi
