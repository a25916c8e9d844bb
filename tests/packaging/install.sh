#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# install.sh BUILD ROOT PREFIX: installs into an empty PREFIX; every header of ROOT arrives there.
set -euo pipefail
rm -rf "$3"
cmake --install "$1" --prefix "$3" >/dev/null
headers() { (cd "$1/include" && find . -type f | LC_ALL=C sort); }
diff <(headers "$2") <(headers "$3")
