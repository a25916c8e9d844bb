#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# estimator_guide.sh ROOT: examples/estimators.md leads to every worked example and every header of
# the estimators, and to nothing that is not there.
set -euo pipefail
cd "$1"
guide=examples/estimators.md
failed=0
for file in examples/estimators/*.cpp include/salespulse/statistics/*.hpp; do
  name=$(basename "$file")
  case $name in *_definitions.hpp) continue ;; esac
  if ! grep -qF "$name" "$guide"; then
    echo "$guide does not mention $name"
    failed=1
  fi
done
while read -r link; do
  if [ ! -e "examples/$link" ]; then
    echo "$guide leads to $link, which is not there"
    failed=1
  fi
done < <(grep -oE '\]\([^)#]+' "$guide" | sed 's/^](//' | grep -v '^http' || true)
exit $failed
