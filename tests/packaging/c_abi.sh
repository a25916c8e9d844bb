#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# c_abi.sh ROOT LIBRARY [--update]: the binary interface of the C functions in LIBRARY, which exports
# nothing else and has debug information, is the one kept in c_abi.xml. After adding a function write
# that file anew with --update; after any other change raise SOVERSION as well.
set -euo pipefail
root=$(cd "$1" && pwd)
library=$2
kept=$root/tests/packaging/c_abi.xml

if ! command -v abidw abidiff >/dev/null; then
  echo 'skipped: abidw and abidiff (abigail-tools) are not installed'
  exit 77
fi
if [ ! -e "$root/include/salespulse.h" ]; then
  echo 'skipped: there is no C header'
  exit 77
fi
# Types that the C header only names are opaque: their insides are no part of the interface.
abidw --header-file "$root/include/salespulse.h" --drop-private-types --exported-interfaces-only \
  --no-comp-dir-path --no-corpus-path --no-elf-needed --no-show-locs --type-id-style hash \
  --out-file "$library.xml" "$library"

sed -i "s|path='$root/|path='|" "$library.xml"

if [ "${3-}" = --update ]; then
  cp "$library.xml" "$kept"
elif [ ! -e "$kept" ]; then
  echo "$kept is not there to compare with; write it with --update"
  exit 1
fi
abidiff "$kept" "$library.xml"
