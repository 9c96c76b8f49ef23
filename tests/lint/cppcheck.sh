#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The BPF programs are clang's business: cppcheck does not know their C.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"
command -v cppcheck >/dev/null || exit 77
git ls-files '*.c' | grep -v '\.bpf\.c$' >"$tmp/files"
cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
	--enable=warning,performance,portability --suppress=missingIncludeSystem \
	'-DLIBBPF_OPTS(type,name,...)=struct type name = { __VA_ARGS__ }' \
	-I records -I workloads --file-list="$tmp/files"
