#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The unit tests once more, with ASan and UBSan.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"
cmake --preset asan >"$tmp/stdout" 2>&1 || fail "cannot configure"
cmake --build --preset asan >"$tmp/stdout" 2>&1 || fail "cannot build"
ctest --preset asan -L unit
