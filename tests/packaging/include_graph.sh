#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# include_graph.sh ROOT: the headers below ROOT/include keep to include_graph.txt, and form no cycle.
set -euo pipefail
table=$(dirname "$(readlink -f "$0")")/include_graph.txt
cd "$1/include"

edges=$(find . -name '*.h' -o -name '*.hpp' | LC_ALL=C sort | sed 's|^\./||' |
  xargs grep -HnE '^[[:space:]]*#[[:space:]]*include')

edges="$edges" awk '
  # An allowance is a folder or a pattern for a header, both relative to salespulse/.
  function allows(list, header,    words, n, i, pattern) {
    n = split(list, words, " ")
    for (i = 1; i <= n; ++i) {
      pattern = words[i]
      if (pattern !~ /\.hpp$/) pattern = pattern "/*"
      gsub(/\./, "\\.", pattern)
      gsub(/\*/, ".*", pattern)
      if (header ~ ("^" pattern "$")) return 1
    }
    return 0
  }
  function folder_of(header) { return header ~ /\// ? substr(header, 1, index(header, "/") - 1) : "" }
  function report(where, what) { print "include/" where ": " what; failed = 1 }
  function walk(from, header,    next_ones, n, i) {
    n = split(includes[header], next_ones, " ")
    for (i = 1; i <= n; ++i) {
      if (seen[next_ones[i]]++) continue
      if (!allows(folder_of(from) " " reach[folder_of(from)], next_ones[i]))
        report("salespulse/" from, "reaches " next_ones[i] " by way of " header)
      walk(from, next_ones[i])
    }
  }

  /^(#|[[:space:]]*$)/ { next }
  {
    colon = index($0, ":")
    list = substr($0, colon + 1)
    if ($1 == "bodies:") { bodies = list; next }
    if ($1 == "never:") { n = split(list, words, " "); for (i = 1; i <= n; ++i) never[words[i]] = 1; next }
    name = $2; sub(/:$/, "", name)
    if ($1 == "folder") folder[name] = list
    else if ($1 == "reach") reach[name] = list
    else if ($1 == "opt-in") { costly[name] = 1; opt_in[name] = list }
    else { print "include_graph.txt: not understood: " $0; failed = 1 }
  }

  END {
    n = split(ENVIRON["edges"], lines, "\n")
    for (i = 1; i <= n; ++i) {
      split(lines[i], part, ":")
      file = part[1]; where = part[1] ":" part[2]
      what = lines[i]; sub(/^[^#]*#[[:space:]]*include[[:space:]]*/, "", what); sub(/>.*/, ">", what)
      if (what !~ /^<.*>$/) { report(where, "write #include <...>, not " what); continue }
      what = substr(what, 2, length(what) - 2)

      if (file == "salespulse.h") {
        if (what != "stddef.h" && what != "stdint.h" && what != "stdbool.h")
          report(where, "the C header may not include <" what ">")
        continue
      }
      self = file; sub(/^salespulse\//, "", self)
      own = folder_of(self)

      if (what ~ /^salespulse\//) {
        sub(/^salespulse\//, "", what)
        includes[self] = includes[self] " " what
        if (allows(bodies, what) && !allows(bodies, self))
          report(where, "only definitions.hpp leads to " what)
        if (self == "salespulse.hpp" || self == "definitions.hpp" || (own != "" && own == folder_of(what))) continue
        if (own == "") report(where, "only the umbrella may include " what)
        else if (!(own in folder)) report(where, "include_graph.txt has no folder " own)
        else if (!allows(folder[own], what)) report(where, own "/ may not include " what)
      } else if (what !~ /^[a-z_0-9]+$/) report(where, "not the standard library: <" what ">")
      else if (what in never) report(where, "never in a header: <" what ">")
      else if (what in costly && !allows(opt_in[what], self))
        report(where, "only in a header of its own that include_graph.txt lists: <" what ">")
    }
    for (header in includes)
      if (folder_of(header) in reach) { split("", seen); seen[header] = 1; walk(header, header) }
    exit failed
  }' "$table"

# tsort names the members of a cycle.
sed -nE 's|^([^:]*):[0-9]+:[^<]*<(salespulse/[^>]*)>.*|\1 \2|p' <<<"$edges" | tsort >/dev/null

echo "$(wc -l <<<"$edges") includes follow include_graph.txt"
