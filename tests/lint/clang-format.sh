#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"
command -v clang-format >/dev/null || exit 77
git ls-files -z '*.c' '*.h' | xargs -0 clang-format --dry-run --Werror
