#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# expected_output.sh PROGRAM SOURCE: the program prints what its source says at the end, in comment
# lines that begin with "// > ".
set -euo pipefail
expected=$(sed -n 's|^// > \{0,1\}||p' "$2")
if [ -z "$expected" ]; then
  echo "$2 does not say what it prints"
  exit 1
fi
diff <(printf '%s\n' "$expected") <("$1") || {
  echo "left: what $2 says; right: what it prints"
  exit 1
}
