#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# planted_defects.sh [LAW...]: proves that the tests of the laws can fail. Plants one defect at a
# time into a copy of the bodies and demands that a test of its law fails. The tests are compiled
# once, and for each defect only the bodies. The compiler is CXX, else g++.
set -euo pipefail
cd "$(dirname "$0")/../.."
cxx=${CXX:-g++}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags=(-std=c++20 -O0 -w -ffp-contract=off)

# LAW | sed command, which changes one file | what the defect does. Bars separate.
defects='
law-1|s/net \* w.paid - cost;/net * w.paid - cost - 1;/|takes a fee of one minor unit from each class
law-2|s/a.value = w.value \* contribution;/a.value = contribution > 0 ? w.value * contribution : 0;/|floors the value of a class at nothing
law-3|s/if (first == 0 .. !same_lifetime(lines.first - 1., lines.first.))/if (first + 1 > 0)/|squares the lines of one customer one by one
law-4|s/{closed, closed + 365}/{closed, closed + (is_leap_year(to_civil(closed).year) ? 366 : 365)}/|recognises over a calendar year instead of 365 days
law-5|s/(beta + i) \/ (alpha/(alpha + i) \/ (alpha/|swaps the parameters of survival
law-6|s/contribution = net \* w.paid/contribution = larger * w.paid/|values at the larger of list and net
law-6|s/net \* w.paid - cost;/net * w.paid + cost;/|adds the cost
law-7|s/^  record.channel = .*/& if (is_known(record.deal)) facts_.tables.deals[index_of(record.deal)].owner = record.salesperson;/|gives a deal to whoever touched it last
law-8|s/{closed, closed + 365}/{closed, to_date({to_civil(closed).year + 1, 1, 1})}/|recognises until New Year
law-11|s/{720, 120, 48, 36, 48, 120, 720}/{720, 120, 48, 48, 48, 120, 720}/|weighs the orders of the bridge wrongly
law-11|s/out.committed_before = sums.0.;/out.committed_before = out.committed;/|begins the bridge at flows beyond the horizon
law-12|s/^          full_share.ppm);/          full_share.ppm - 1);/|loses a millionth of every deal of one owner
law-13|s/if (c.kind != credit_kind::revenue) continue;//|lets overlay credit into value
law-13|s/for (wide i = 0; i < left; ++i)/for (wide i = 1; i < left; ++i)/|leaves a unit of a remainder undistributed
law-14|s/std::int32_t{c.part.ppm}/c.part.ppm \/ 2 + static_cast<std::int32_t>(index_of(c.salesperson))/|gives a share by the place of the name in the alphabet
law-17|s/static_cast<std::int32_t>((twelfths + 6) \/ 12)/k * static_cast<std::int32_t>((std::int64_t{terms.every_months} * 365 + 6) \/ 12)/|rounds a month to 30 days before counting months
law-18|s/w.kept_whole \* (larger - cost)/w.kept_whole * (list - cost)/|divides by the list price even where it is below net
law-18|s/share = to_double(sorted.i.) \/ to_double(total);/share = to_double(sorted[i]) \/ to_double(sorted[0]);/|takes shares of the largest customer
law-19|s/places = t.names.deals.sorted_places();/places = [\&] { std::vector<std::uint32_t> p; for (std::uint32_t i = 0; i < t.deals.size(); ++i) p.push_back(i); return p; }();/|numbers deals in the order of their rows
law-19|s/if (sign > 0 ? /if (sign != 0 ? /|adds what should be taken back
'

libraries=(-lrapidcheck)
echo 'int main() {}' >"$work/empty.cpp"
if "$cxx" "$work/empty.cpp" -lCatch2WithMain -o "$work/empty" 2>/dev/null; then
  libraries+=(-lCatch2WithMain)
else
  libraries+=(-lCatch2Main -lCatch2)
fi

compile() { # ROOT SOURCE OBJECT
  "$cxx" "${flags[@]}" -I"$1" -I"$1/include" -Itests -c "$2" -o "$3"
}
link_laws() { # DEFINITIONS PROGRAM; of inline functions the linker takes the first, the defective one
  "$cxx" "$1" "$work"/laws_test.o "$work"/generated_book.o "$work"/figures.o "${libraries[@]}" -o "$2"
}
holds() { # PROGRAM TAG
  RC_PARAMS='seed=1 noshrink=1' timeout 300 "$1" "[$2]" >"$1.log" 2>&1
}

# The bodies that the tests call.
{
  grep '^#include' include/salespulse/definitions.hpp |
    grep -vE 'salespulse/(credit|revenue|scorecard)/'
  echo '#include <src/report/amounts.cpp>'
} >"$work/definitions.cpp"
compile . "$work/definitions.cpp" "$work/definitions.o" &
bodies=$!
compile . tests/laws/laws_test.cpp "$work/laws_test.o"
compile . tests/support/generated_book.cpp "$work/generated_book.o"
compile . tests/support/figures.cpp "$work/figures.o"
wait "$bodies"
link_laws "$work/definitions.o" "$work/laws"
if ! RC_PARAMS='seed=1' "$work/laws" >"$work/laws.log" 2>&1; then
  cat "$work/laws.log"
  echo 'a law fails without a defect'
  exit 1
fi

try_defect() { # NUMBER LAW COMMAND WORDS
  local copy=$work/$1
  mkdir -p "$copy/src/report"
  cp -r include "$copy/include"
  cp src/report/amounts.* "$copy/src/report"
  find "$copy" -name '*.[ch]pp' -exec sed -i "$3" {} +
  if [ "$(for part in include src/report/amounts.cpp; do
    diff -rq "$part" "$copy/$part"
  done | wc -l)" -ne 1 ]; then
    echo "$2: there is not one place for the defect that $4"
    return 1
  fi
  compile "$copy" "$work/definitions.cpp" "$copy/definitions.o" || return 1
  link_laws "$copy/definitions.o" "$copy/laws"
  # A filter that matches nothing also ends well: the law must be there and must fail.
  if holds "$copy/laws" "$2" || ! grep -q 'FAILED' "$copy/laws.log"; then
    echo "$2: not noticed what $4"
    return 1
  fi
  echo "$2: noticed what $4"
  rm -r "$copy"
}

failed=0
pids=()
number=0
while IFS='|' read -r law command words; do
  [ -n "$law" ] || continue
  if [ $# -gt 0 ] && [[ " $* " != *" $law "* ]]; then continue; fi
  number=$((number + 1))
  try_defect "$number" "$law" "$command" "$words" &
  pids+=($!)
  if [ ${#pids[@]} -ge 2 ]; then
    wait "${pids[0]}" || failed=1
    pids=("${pids[@]:1}")
  fi
done <<<"$defects"
for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
[ "$number" -gt 0 ] || { echo "no such law: $*" >&2; exit 2; }
exit "$failed"
