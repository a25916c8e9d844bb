#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# self_test.sh CHECK [COMPILER [ROOT]]: a check that cannot fail proves nothing. Runs CHECK on a small tree in
# order, then on that tree with one violation planted at a time.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
check=$1
compiler=${2-}
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
include=$tree/include/salespulse
licence='// SPDX-License-Identifier: BSL-1.0'
arguments=("$tree")
planted=0

run_check() { bash "$here/$check.sh" "${arguments[@]}" 2>&1; }
must_pass() { # [COMMAND...]: after COMMAND on the plain tree the check passes
  local output
  rm -rf "${tree:?}"/*
  plain_tree
  "$@"
  if ! output=$(run_check); then
    printf '%s fails on a tree in order: %s\n%s\n' "$check" "$*" "$output"
    exit 1
  fi
}
plant() { # MESSAGE COMMAND...: after COMMAND on the plain tree the check fails and says MESSAGE
  local message=$1 output
  shift
  rm -rf "${tree:?}"/*
  plain_tree
  "$@"
  if output=$(run_check); then
    echo "$check does not notice: $*"
    exit 1
  elif ! grep -qF -- "$message" <<<"$output"; then
    printf '%s fails without saying "%s" after: %s\n%s\n' "$check" "$message" "$*" "$output"
    exit 1
  fi
  planted=$((planted + 1))
}

write() { # PATH LINE...
  mkdir -p "$(dirname "$tree/$1")"
  printf '%s\n' "${@:2}" >"$tree/$1"
}
append() { # PATH LINE...
  mkdir -p "$(dirname "$tree/$1")"
  printf '%s\n' "${@:2}" >>"$tree/$1"
}
header() { # FOLDER/STEM LINE...: a header that keeps the rules around the given lines
  local guard
  guard=SALESPULSE_$(tr 'a-z/' 'A-Z_' <<<"$1")_HPP
  write "include/salespulse/$1.hpp" "$licence" "#ifndef $guard" "#define $guard" "${@:2}" '#endif'
}
shared_library() { # LINE...
  write library.cpp '#include "include/salespulse.h"' "$@"
  "$compiler" -std=c++20 -g -shared -fPIC "$tree/library.cpp" -o "$tree/library.so"
}

case $check in
  include_graph)
    plain_tree() {
      header core/date '#include <cstdint>'
      header model/deal '#include <salespulse/core/date.hpp>'
      header model/ids
      header model/detail/intake
      header model/definitions '#include <salespulse/model/detail/intake.hpp>'
      header definitions '#include <salespulse/model/definitions.hpp>'
      header tally/value_key '#include <salespulse/model/ids.hpp>'
      header value/flows '#include <salespulse/tally/value_key.hpp>'
      header salespulse '#include <salespulse/value/flows.hpp>' '#include <salespulse/model/deal.hpp>'
    }
    must_pass
    plant 'core/ may not include model/deal.hpp' header core/date '#include <salespulse/model/deal.hpp>'
    plant 'value/ may not include model/deal.hpp' header value/flows '#include <salespulse/model/deal.hpp>'
    plant 'value/ may not include tally/merge.hpp' header value/flows '#include <salespulse/tally/merge.hpp>'
    plant 'reaches model/deal.hpp by way of tally/value_key.hpp' header tally/value_key '#include <salespulse/model/deal.hpp>'
    plant 'only definitions.hpp leads to model/detail/intake.hpp' header model/deal '#include <salespulse/model/detail/intake.hpp>'
    plant 'only definitions.hpp leads to definitions.hpp' header salespulse '#include <salespulse/definitions.hpp>'
    plant 'no folder extras' header extras/a '#include <salespulse/core/date.hpp>'
    plant 'only the umbrella' header version '#include <salespulse/core/date.hpp>'
    plant 'never in a header: <iostream>' header core/date '  #  include <iostream>'
    plant 'never in a header: <regex>' header salespulse '#include <regex> // why'
    plant 'not the standard library: <Eigen/Core>' header statistics/fit '#include <Eigen/Core>'
    plant 'not the standard library: <sqlite3.h>' header io/sqlite '#include <sqlite3.h>'
    plant 'only in a header of its own' header core/date '#include <memory>'
    plant 'write #include <...>' header model/deal '#include "line.hpp"'
    plant 'the C header may not include <vector>' write include/salespulse.h '#include <vector>'
    circle() {
      header core/money '#include <salespulse/core/date.hpp>'
      header core/date '#include <salespulse/core/money.hpp>'
    }
    plant loop circle
    ;;

  house_rules)
    plain_tree() {
      header core/date
      write src/a.cpp "$licence" 'int exit_code;  // no exit() here'
    }
    edit_date() { sed -i "$1" "$include/core/date.hpp"; }
    same_guard() { mkdir "$tree/src/core" && cp "$include/core/date.hpp" "$tree/src/core/"; }
    must_pass
    plant 'ASCII only' append src/a.cpp $'// \xc3\xa9'
    plant 'the first line names the licence' write src/b.cpp 'int b;'
    plant 'first or second line names the licence' write tests/a.sh 'true'
    plant 'the include guard repeats the path' edit_date 's/CORE_DATE/DATE/'
    plant 'the include guard repeats the path' edit_date 's/define.*CORE_DATE/&_/'
    plant 'an include guard is used once' same_guard
    plant 'no macro but its guard' header core/date '#define SALESPULSE_FAST 1'
    plant 'no abort, no exit' header core/date 'inline void f() { std::abort(); }'
    plant 'no abort, no exit' append src/a.cpp 'void g() { exit (1); }'
    plant 'no abort, no exit' append src/a.cpp 'void g() { std::printf("x"); }'
    plant 'no abort, no exit' append src/a.cpp 'void g() { std::cout << 1; }'
    must_pass write tests/core/a_test.cpp "$licence" 'TEST_CASE("a, b (and c)", "[tag]") {}'
    plant 'in the name of a test' write tests/core/a_test.cpp "$licence" 'TEST_CASE("in [0, 1)") {}'
    plant 'in the name of a test' write tests/core/a_test.cpp "$licence" 'TEST_CASE("a; b") {}'
    plant 'no path of one machine' append src/a.cpp "// see $tree/data"
    plant 'no path of one machine' append src/a.cpp '// see /''home/someone/data'
    ;;

  include_cost)
    arguments=("$tree" "$compiler")
    plain_tree() { header core/date '#include <cstdint>'; }
    must_pass
    must_pass header core/date_definitions '#include <memory>' '#include <functional>'
    plant 'does not compile' header core/date '#include <salespulse/core/day.hpp>'
    plant 'more preprocessed lines' header core/date '#include <functional>' '#include <memory>'
    plant 'salespulse.h: more preprocessed lines' write include/salespulse.h '#include <vector>'
    plant 'longer to compile' header core/date \
      'constexpr int sum(int n) { int s = 0; for (int i = 0; i < 99999; ++i) s += i % n; return s; }' \
      'static_assert(sum(3) + sum(4) + sum(5) + sum(6) > 0);'
    ;;

  compile_fail)
    arguments=("$tree/case.cpp" "$tree/include" "$compiler")
    refuse() {
      write case.cpp '#include <salespulse/core/date.hpp>' '#ifdef SALESPULSE_MUST_FAIL' "$1" '#endif' \
        '// must fail because: a wrong date'
    }
    plain_tree() {
      header core/date
      refuse 'static_assert(false, "a wrong date");'
    }
    must_pass
    must_pass write case.cpp '// must fail with: -std=c++17' 'static_assert(__cplusplus > 201703);'
    plant 'must compile as it stands' append case.cpp 'int'
    plant 'compiles where it must fail' refuse 'static_assert(true, "a wrong date");'
    plant 'without saying "a wrong date"' refuse 'static_assert(false, "");'
    plant 'does not say what must fail' write case.cpp 'int a;'
    plant 'compiles where it must fail' write case.cpp '// must fail with: -O2'
    ;;

  exported_symbols)
    arguments=("$tree" "$tree/library.so")
    exports() {
      shared_library 'int salespulse_a() { return 0; }' 'namespace salespulse { int a() { return 1; } }' \
        'namespace salespulse { struct b { virtual ~b(); }; b::~b() {} }' "$@"
    }
    plain_tree() {
      write include/salespulse.h '/* not salespulse_z(1) */' 'extern "C" int salespulse_a(void);' \
        'typedef void (*salespulse_hook)(int);'
      exports
    }
    must_pass
    plant 'exported, but not ours' exports 'namespace other { void f() {} }'
    plant 'exported, but not ours' exports 'template <class T> T& one() { static T t; return t; }' \
      'namespace salespulse { int f() { return one<int>(); } }'
    plant 'exported, but not declared' exports 'extern "C" void salespulse_b() {}'
    plant 'declared in salespulse.h, but not exported' append include/salespulse.h 'void salespulse_c (int);'
    plant 'ends the host' exports '#include <cstdlib>' 'namespace salespulse { void f() { std::abort(); } }'
    plant 'ends the host' exports '#include <iostream>' 'namespace salespulse { void f() { std::cout << 1; } }'
    ;;

  c_abi)
    command -v abidw >/dev/null || exit 77
    arguments=("$tree" "$tree/library.so")
    interface() { # MEMBERS OF A PUBLIC STRUCTURE, OF AN OPAQUE ONE, LINE...
      write include/salespulse.h 'struct salespulse_opaque;' "struct salespulse_options { $1 };" \
        'extern "C" int salespulse_a(const salespulse_options*, salespulse_opaque*);'
      shared_library "struct salespulse_opaque { $2 };" \
        'int salespulse_a(const salespulse_options*, salespulse_opaque* o) { return o->b; }' "${@:3}"
    }
    plain_tree() {
      mkdir -p "$tree/tests/packaging"
      interface 'int a;' 'int b;'
      bash "$here/c_abi.sh" "${arguments[@]}" --update
    }
    must_pass
    must_pass interface 'int a;' 'double hidden; int b;'
    plant '1 Changed' interface 'long a;' 'int b;'
    plant '1 Changed' interface 'int a; int c;' 'int b;'
    plant '1 Added' interface 'int a;' 'int b;' 'extern "C" void salespulse_b() {}'
    plant '1 Removed' shared_library 'extern "C" void salespulse_b() {}'
    ;;

  project)  # what CMake itself builds and installs, on a copy of it around three headers
    root=$3
    plain_tree() {
      mkdir -p "$tree"/{include/salespulse,src,tests}
      cp "$root"/{CMakeLists.txt,LICENSE} "$tree"
      cp -r "$root"/src/{cmake,version.cpp} "$tree/src"
      cp -r "$root"/tests/{CMakeLists.txt,packaging} "$tree/tests"
      cp "$root/include/salespulse/version.hpp" "$include"
      header core/date '#include <string>'
      header model/deal '#include <string>' 'std::string name();'
      header salespulse '#include <salespulse/core/date.hpp>' '#include <salespulse/version.hpp>'
      header definitions
    }
    run_check() {
      {
        cmake -S "$tree" -B "$tree/build" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
          -DCMAKE_VERIFY_INTERFACE_HEADER_SETS=ON -DBUILD_SHARED_LIBS=OFF \
          -DSALESPULSE_BUILD_EXAMPLES=OFF -DSALESPULSE_BUILD_BENCHMARKS=OFF &&
          cmake --build "$tree/build" &&
          ctest --test-dir "$tree/build" --no-tests=error \
            -R 'self_contained|all_in_one|install|consumer_(of|by)'
      } 2>&1
    }
    in_file() { sed -i "$2" "$tree/$1"; }
    config=src/cmake/salespulse-config.cmake.in
    must_pass
    plant 'multiple definition' header core/date '#include <string>' 'int twice() { return 2; }'
    plant 'self_contained (Failed)' header model/deal 'std::string name();'
    plant 'packaging/install (Failed)' write include/salespulse/table.inc
    plant 'consumer_of_library (Failed)' in_file "$config" '/find_dependency(date)/d'
    plant 'consumer_of_library (Failed)' in_file CMakeLists.txt 's/$<BUILD_INTERFACE:nlohmann_json::nlohmann_json>/nlohmann_json::nlohmann_json/'
    plant 'consumer_of_headers (Failed)' in_file "$config" '1i find_package(Boost REQUIRED)'
    plant 'consumer_by_subdirectory (Failed)' in_file CMakeLists.txt 's/if(SALESPULSE_BUILD_LIBRARY)/if(TRUE)/'
    plant 'consumer_by_subdirectory (Failed)' in_file CMakeLists.txt 's/"Build the tests" .*/"" ON)/'
    ;;

  *)
    echo "no self test for $check"
    exit 1
    ;;
esac
echo "$check notices all $planted planted violations"
