#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# accuracy.sh PROGRAM COMPILER: a table of the largest error against each file of reference values, as
# found by the statistics tests, run in the top folder of the repository. With --check TABLE it compares
# instead: every file and every number of values of that table must be found again, and no error may
# be ten times as large as it says.
set -euo pipefail
program=$1
compiler=$2
if [ ! -d ../shared/reference ]; then
  echo 'skipped: ../shared/reference is not there'
  exit 0
fi
found=$(SALESPULSE_ACCURACY=1 "$program" 2>/dev/null | sed -n 's/^accuracy,//p' | LC_ALL=C sort |
  awk -F, '
    function put() { if (file != "") printf "| `%s` | %d | %.1e | %s |\n", file, values, worst, where }
    $1 != file { put(); file = $1; values = 0; worst = 0; where = "" }
    { values += $2; if ($3 + 0 > worst) { worst = $3 + 0; where = $4; for (i = 5; i <= NF; ++i) where = where "," $i } }
    END { put() }')
if [ "${3-}" = --check ]; then
  awk -F' *[|] *' '
    NR == FNR { if ($2 ~ /^`/) { said[$2] = $4; values[$2] = $3 } next }
    { seen[$2] = 1
      if (!($2 in said)) { print "not in the table: " $2; failed = 1; next }
      if (values[$2] != $3) { print $2 ": " $3 " values, and the table says " values[$2]; failed = 1 }
      if ($4 > 10 * said[$2] && $4 > 1e-15) { print $2 ": error " $4 ", and the table says " said[$2]; failed = 1 } }
    END { for (file in said) if (!(file in seen)) { print "no longer compared: " file; failed = 1 }
          exit failed }' "$4" <(printf '%s\n' "$found")
  exit
fi
cat <<END
# How exact the estimators are

Largest error against each file of reference values: relative, absolute where the value is 0 or the
tolerance is absolute. Made by \`tests/statistics/accuracy.sh\` on $(date +%F) with $compiler.

| file | values | largest error | where |
|---|--:|--:|---|
$found
END
