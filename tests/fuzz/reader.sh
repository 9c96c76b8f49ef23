#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Files that may come from anybody do no harm to what reads them: no crash, no
# memory beyond a limit, no endless work. The corpus, and what libFuzzer makes of
# it in a fixed number of steps from a fixed seed. More: SECONDS as an argument,
# and FUZZ_KEEP, a directory for the corpus that grows.
# shellcheck source-path=SCRIPTDIR/.. source=../lib.sh
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || exit 77
how=(-runs=3000)
[[ ! ${1:-} ]] || how=(-max_total_time="$1")
keep=${FUZZ_KEEP:-$tmp}

cmake --preset fuzz >"$tmp/stdout" 2>&1 || fail "cannot configure"
cmake --build --preset fuzz --target fuzz_{records,guest,line,manifest,verified} \
	>"$tmp/stdout" 2>&1 || fail "cannot build"
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
for name in records guest line manifest verified; do
	mkdir -p "$keep/$name"
	# Fuzzers work in a directory of their own: no relative paths.
	timeout -k 5 $((${1:-240} + 60)) build/fuzz/tests/fuzz/fuzz_$name -seed=1 "${how[@]}" \
		-max_len=65536 -timeout=10 -rss_limit_mb=512 -print_final_stats=1 \
		-dict="$ROOT/tests/fuzz/records.dict" -artifact_prefix="$ROOT/build/fuzz/$name-" \
		"$(cd "$keep/$name" && pwd)" "$ROOT/tests/fuzz/corpus/$name" >"$tmp/stdout" 2>&1 ||
		fail "$name: $(grep -aE '^(FUZZ|SUMMARY|==[0-9]+== ?ERROR)' "$tmp/stdout" | head -n 1), input in build/fuzz/$name-*"
	grep -a 'stat::number_of_executed_units\|stat::peak_rss_mb' "$tmp/stdout" | sed "s/^/$name: /"
done
