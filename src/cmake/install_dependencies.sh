#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# install_dependencies.sh [checks] [abi]: installs what is missing on Debian 12 or later. Without
# argument what the library, its tests and its examples need; `checks` adds the compiler that the
# sanitizers run under, `abi` the comparison of binary interfaces.
# Nothing is removed, and where nothing is missing nothing is fetched.
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache
  libfmt-dev nlohmann-json3-dev libhowardhinnant-date-dev tzdata libcsv-dev
  libboost-dev libeigen3-dev
  libcli11-dev catch2 librapidcheck-dev libbenchmark-dev
)
for group in "$@"; do
  case $group in
    checks) packages+=(clang-19 libclang-rt-19-dev llvm-19) ;;
    abi) packages+=(abigail-tools) ;;
    *)
      echo "no group of packages is called $group" >&2
      exit 2
      ;;
  esac
done

if ! command -v dpkg-query >/dev/null; then
  echo "not a Debian system; these packages, or their like, must be there: ${packages[*]}"
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "missing; as root run: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "installing ${missing[*]}"
"${as_root[@]}" apt-get -q update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get -q install --yes --no-remove --no-install-recommends "${missing[@]}"
