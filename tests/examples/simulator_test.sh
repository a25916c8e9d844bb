#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
#
# What the simulator promises, checked on what it writes:
#   simulator_test.sh path/to/simulate
# Rates are judged at fixed seeds against the 99.9 % bound, 3.29 standard errors.
set -euo pipefail
export LC_ALL=C

simulate=$(realpath "${1:?usage: simulator_test.sh path/to/simulate}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failures=0

check() { # check "sentence" command...
  local sentence=$1
  shift
  if "$@" > found 2>&1; then
    echo "ok      $sentence"
  else
    echo "FAILED  $sentence"
    head -5 found | sed 's/^/          /'
    failures=$((failures + 1))
  fi
}

run() { # run folder options...
  "$simulate" --out "$1" "${@:2}" > /dev/null
}

run one --deals 1000 --seed 1
run again --deals 1000 --seed 1
run other --deals 1000 --seed 2
run lean --deals 1000 --seed 1 --lean
run short --deals 400 --seed 5 --sellers 20 --customers 300
run long --deals 800 --seed 5 --sellers 20 --customers 300
run on --deals 30000 --seed 7
run off --deals 30000 --seed 7 --discount-effect 0
run social --deals 30000 --seed 7 --channel-effect 1

# --- reproducible ---------------------------------------------------------------------------------

check "the same seed gives the same bytes twice" diff -r one again

differ() { ! cmp -s "$1" "$2"; }
check "another seed gives another organisation" differ one/deals.csv other/deals.csv

first_truth='D00000000,installed_base,event,250000,0.410950,1.822119,lost,2021-09-29'
first_line() { sed -n 2p one/truth/deals.csv | grep -Fx "$first_truth"; }
check "the first line of truth is the one that was written down" first_line

prefix() {
  local file
  for file in deals lines stage_events ownership_events credit_splits revenue_events; do
    head -n "$(wc -l < "short/$file.csv")" "long/$file.csv" | cmp - "short/$file.csv" || return 1
  done
}
check "more deals at the same sizes add rows and change none" prefix

subset() { # refunds refer to invoices, which are not there: leave the reference out
  local file
  for file in deals lines stage_events ownership_events credit_splits; do
    [ -z "$(comm -13 <(sort "one/$file.csv") <(sort "lean/$file.csv"))" ] || return 1
  done
  [ -z "$(comm -13 <(cut -d, -f1-8,10 one/revenue_events.csv | sort) \
                   <(cut -d, -f1-8,10 lean/revenue_events.csv | sort))" ]
}
check "a lean run has rows of the full run and no others" subset
check "a lean run has every deal" cmp one/deals.csv lean/deals.csv

# --- whole ----------------------------------------------------------------------------------------

resolves() { # resolves file column target: every non-empty cell is the first cell of a target row
  awk -F, -v column="$2" -v name="$1.$2" '
    FNR == 1 { next }
    NR == FNR { known[$1] = 1; next }
    $column != "" && !($column in known) { print name ": " $column; bad = 1; exit }
    END { exit bad }' "on/$3.csv" "on/$1.csv"
}
references() {
  resolves salespeople 6 salespeople && resolves memberships 1 salespeople &&
    resolves memberships 2 teams && resolves deals 2 customers && resolves deals 3 salespeople &&
    resolves lines 2 deals && resolves lines 3 products && resolves stage_events 1 deals &&
    resolves ownership_events 1 deals && resolves ownership_events 2 salespeople &&
    resolves credit_splits 1 deals && resolves credit_splits 2 salespeople &&
    resolves revenue_events 2 deals && resolves revenue_events 3 lines &&
    resolves revenue_events 9 revenue_events && resolves activities 2 salespeople &&
    resolves activities 3 customers && resolves activities 4 deals &&
    resolves targets 1 salespeople && resolves targets 2 teams
}
check "every reference resolves" references

stages_resolve() {
  awk -F, 'FNR == 1 { next } NR == FNR { known[$2] = 1; next }
           !($2 in known) { print; exit 1 }' on/stages.csv on/stage_events.csv
}
check "every stage event names a stage" stages_resolve

parents() { # names hold commas, so the columns are counted from the end
  awk -F, 'FNR > 1 { parent[$1] = $(NF - 1) }
           END { for (c in parent) { p = parent[c]; if (p == "") continue; ++n
                   if (!(p in parent) || parent[p] != "") exit 1 }
                 exit n == 0 }' on/customers.csv
}
check "parents exist and have no parent themselves" parents

unique() {
  local file
  for file in salespeople teams customers products deals lines revenue_events activities; do
    [ -z "$(cut -d, -f1 "on/$file.csv" | sort | uniq -d | head -1)" ] || { echo "$file"; return 1; }
  done
}
check "no id occurs twice" unique

credits() {
  awk -F, 'NR > 1 && $4 == "revenue" { sum[$1] += $3; ++people[$1] }
           NR > 1 && $4 == "overlay" { ++overlay }
           END { for (d in sum) { if (sum[d] != 1000000) { print d, sum[d]; exit 1 }
                   ++of[people[d]] }
                 exit !(of[2] > 100 && of[3] > 100 && overlay > 100) }' on/credit_splits.csv
}
check "revenue credits sum to a million; there are pairs, threes and helpers" credits

in_order() { # all times as text: ISO dates compare as they are
  awk -F, -v end="2024-01-01" '
    FNR == 1 { ++file; next }
    file == 1 { opened[$1] = $5; if ($5 >= end) { print; exit 1 } }
    file == 2 || file == 3 {
      if ($3 < opened[$1] || $3 >= end || ($5 != "" && ($5 < $3 || $5 >= end))) { print; exit 1 }
      if ($1 == last && ($3 < at || $4 != sequence + 1)) { print; exit 1 }
      last = $1; at = $3; sequence = $4 }
    file == 4 {
      if ($7 >= end || ($10 != "" && ($10 < $7 || $10 >= end))) { print; exit 1 }
      sent[$1] = $7; if ($9 != "" && $7 < sent[$9]) { print; exit 1 } }
    ' on/deals.csv on/stage_events.csv on/ownership_events.csv on/revenue_events.csv
}
check "nothing happens before its cause, or after the end of the world" in_order

history() { # stage events of each kind, by deal
  awk -F, '
    FNR == 1 { ++file; next }
    file == 1 { place[$2] = $4; outcome[$2] = $5; next }
    $1 != deal { deal = $1; before = 0; closed = 0 }
    { p = place[$2]
      if (closed) ++reopened
      if (p > before + 1 && outcome[$2] == "open") ++skipped
      if (p < before) ++back
      closed = outcome[$2] != "open"; before = p; at_once += $3 == at; at = $3
      if (closed) ++closes }
    END { print skipped, back, reopened, at_once, closes
          exit !(skipped > 300 && back > 300 && reopened > 100 && at_once > 300 && closes > 9000) }
    ' on/stages.csv on/stage_events.csv
}
check "stages are skipped, entered again, reopened and logged at once" history

owners() {
  awk -F, '
    FNR == 1 { ++file; next }
    file == 1 { closes[$1] = $8; won[$1] = $7 == "won"; next }
    $4 > 0 { substr($3, 1, 10) < closes[$1] ? ++before : after += won[$1] }
    END { print before, after; exit !(before > 300 && after > 300) }' \
    on/truth/deals.csv on/ownership_events.csv
}
check "deals change hands before and after the close" owners

kinds() {
  awk -F, 'NR > 1 { ++n[$4]; negative[$4] += $5 < 0 }
           END { split("invoice payment renewal expansion contraction refund credit_note churn",
                       all, " ")
                 for (i = 1; i <= 8; ++i) { k = all[i]
                   less = k == "refund" || k == "credit_note" || k == "contraction" || k == "churn"
                   if (n[k] < 30 || negative[k] != (less ? n[k] : 0)) { print k; exit 1 } } }' \
    on/revenue_events.csv
}
check "every kind of revenue event occurs, with its sign" kinds

money_codes() {
  awk -F, 'FNR == 1 { next } NR == FNR { rate[$1] = 1; next } $11 != "" { ++n[$11] }
           END { for (c in n) if (c != "EUR" && !(c in rate)) exit 1
                 exit !(n["USD"] && n["GBP"] && n["JPY"]) }' on/exchange_rates.csv on/deals.csv
}
check "four currencies, each with rates" money_codes

teams() {
  awk -F, 'NR > 1 { ++n[$1]; if ($4 != "") ++left[$1] }
           END { for (s in n) if (n[s] > 1) left[s] ? ++moved : ++both
                 exit !(moved > 3 && both >= 1) }' on/memberships.csv
}
check "some change teams and one is in two" teams

covered() {
  awk -F'[,"]' '
    FILENAME ~ /theta/ {
      gsub(/[{} ]/, ""); n = split($0, cell, /[:,"]+/)
      for (i = 1; i < n; ++i) {
        if (cell[i] == "family") family = cell[i + 1]
        if (cell[i] == "term_months") have[family "," cell[i + 1]] = 1
        if (cell[i] == "segment") {
          have["segment," (cell[i + 1] == "credit_loss" ? "" : cell[i + 1])] = 1 } } }
    FILENAME ~ /contracts/ && FNR > 1 && !(($2 "," $3) in have) { print $2, $3; exit 1 }
    FILENAME ~ /customers/ && FNR > 1 && !(("segment," $NF) in have) { print $NF; exit 1 }
    END { if (!("segment," in have)) exit 1 }' on/theta.json on/truth/contracts.csv on/customers.csv
}
check "theta covers every family with its terms and every segment" covered

# --- true to its word -----------------------------------------------------------------------------

near() { # near name cases of expected: binomial bound
  awk -v name="$1" -v k="$2" -v n="$3" -v p="$4" 'BEGIN {
    z = (k / n - p) / sqrt(p * (1 - p) / n); print name, k, n, p, z
    exit z > 3.29 || z < -3.29 }'
}
unknowns() {
  near customer "$(awk -F, 'NR > 1 && $2 == ""' on/deals.csv | wc -l)" 30000 0.015 &&
    near origin "$(awk -F, 'NR > 1 && $8 == ""' on/deals.csv | wc -l)" 30000 0.08 &&
    near source "$(awk -F, 'NR > 1 && $9 == ""' on/deals.csv | wc -l)" 30000 0.10 &&
    near list "$(awk -F, 'NR > 1 && $4 == ""' on/lines.csv | wc -l)" \
      "$(($(wc -l < on/lines.csv) - 1))" 0.02 &&
    near cost "$(awk -F, 'NR > 1 && $6 == ""' on/lines.csv | wc -l)" \
      "$(($(wc -l < on/lines.csv) - 1))" 0.04 &&
    near segment "$(awk -F, 'NR > 1 && $NF == ""' on/customers.csv | wc -l)" \
      "$(($(wc -l < on/customers.csv) - 1))" 0.05 &&
    near late_deal "$(awk -F, 'NR > 1 && $12 != "" && $12 > $5' on/deals.csv | wc -l)" 30000 0.02
}
check "unknown and late facts occur at the stated rates" unknowns

first_renewals() { # renewed at the first due date against beta / (alpha + beta)
  awk -F, '
    FNR == 1 { ++file; next }
    file == 1 { p[$1 "," $2] = $4 / ($3 + $4); next }
    $5 == "true" && ($7 > 0 || $8 == "true") { c = $2 "," $3; ++n[c]; kept[c] += $7 > 0 }
    END { for (c in p) { z = (kept[c] / n[c] - p[c]) / sqrt(p[c] * (1 - p[c]) / n[c])
            print c, n[c], kept[c] / n[c], p[c], z
            if (n[c] < 100 || z > 3.29 || z < -3.29) exit 1 } }' \
    off/truth/retention.csv off/truth/contracts.csv
}
check "without discount effect contracts are kept as theta says" first_renewals

write_offs() { # bills due 200 days before the end, so that whatever happens to them is on record
  awk -F, '
    FILENAME ~ /payment.csv/ { if (FNR > 1) p[$1] = $2; next }
    FILENAME ~ /customers/ { if (FNR > 1) segment[$1] = $NF; next }
    FILENAME ~ /deals/ { of[$1] = segment[$2]; next }
    $4 == "invoice" && $8 < "2023-06-01" { ++n[of[$2]]; counted[$1] = 1 }
    $4 == "credit_note" && ($9 in counted) { ++lost[of[$2]] }
    END { for (s in p) { z = (lost[s] / n[s] - p[s]) / sqrt(p[s] * (1 - p[s]) / n[s])
            print "[" s "]", n[s], lost[s] / n[s], p[s], z
            if (z > 3.29 || z < -3.29) exit 1 } }' \
    on/truth/payment.csv on/customers.csv on/deals.csv on/revenue_events.csv
}
check "bills are written off as theta says, by segment" write_offs

# What a CRM shows: of the first renewing line of each deal, whether it was renewed,
# against the discount. One line a deal: lines of a deal share their fate.
discount_gap() { # prints z of the churn of deep against shallow discounts
  awk -F, '
    FILENAME ~ /lines/ {
      if ($9 != 12 || $11 != "true" || $4 == "" || ($2 in line)) next
      line[$2] = $1; depth = 1 - $5 / $4
      group[$1] = depth >= 0.15 ? "deep" : depth < 0.08 ? "shallow" : ""; next }
    ($4 == "renewal" || $4 == "churn") && ($3 in group) && !($3 in seen) {
      seen[$3] = 1; g = group[$3]; ++n[g]; gone[g] += $4 == "churn" }
    END { a = gone["deep"] / n["deep"]; b = gone["shallow"] / n["shallow"]
          p = (gone["deep"] + gone["shallow"]) / (n["deep"] + n["shallow"])
          printf "%.3f\n", (a - b) / sqrt(p * (1 - p) * (1 / n["deep"] + 1 / n["shallow"])) }' \
    "$1/lines.csv" "$1/revenue_events.csv"
}
beyond() { awk -v z="$(discount_gap "$1")" 'BEGIN { print z; exit !(z > 3.29) }'; }
within() { awk -v z="$(discount_gap "$1")" 'BEGIN { print z; exit z > 3.29 || z < -3.29 }'; }
check "deep discounts buy bad retention when the dial is on" beyond on
check "and do not when it is off" within off

same_without() { # the dial of one cause leaves everything else as it was
  cmp <(cut -d, -f1-5,7 on/truth/deals.csv) <(cut -d, -f1-5,7 off/truth/deals.csv) &&
    cmp <(grep -v ,linkedin, on/truth/deals.csv) <(grep -v ,linkedin, social/truth/deals.csv)
}
check "a dial changes nothing but its effect" same_without

won_by_linkedin() { grep ,linkedin, "$1/truth/deals.csv" | cut -d, -f7 | grep -c won; }
channel() {
  awk -v n="$(grep -c ,linkedin, on/truth/deals.csv)" -v off="$(won_by_linkedin on)" \
    -v on="$(won_by_linkedin social)" 'BEGIN {
      p = (on + off) / (2 * n); z = (on - off) / n / sqrt(2 * p * (1 - p) / n); print z
      exit !(z > 3.29) }'
}
check "linkedin wins more deals when it is switched on" channel

if ((failures > 0)); then
  echo "$failures failed"
  exit 1
fi
