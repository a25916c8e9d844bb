#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# readme.sh ROOT PROGRAM: the program in README.md is examples/score_a_deal.cpp, and PROGRAM, built
# from that, prints what README.md says it prints.
set -euo pipefail
readme=$1/README.md
block() { # what stands between the line FENCE and the next fence
  awk -v fence="$1" '$0 == "```" && inside { exit } inside { print } $0 == fence { inside = 1 }' \
    <(if [ "$1" = '```' ]; then sed '0,/^```cpp$/d;0,/^```$/d' "$readme"; else cat "$readme"; fi)
}
diff <(block '```cpp') <(tail -n +2 "$1/examples/score_a_deal.cpp")
diff <(block '```') <("$2")
