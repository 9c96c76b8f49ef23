#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Ctrl-C, a killed emulator, a wrong kernel: no finished cell is lost, none is
# made up, and the same command continues.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

plan some 'variants = landed-fixed' 'pages = 64k' 'mmu = radix' 'arms = bare' 'seeds = 6' \
	'workloads = null'
command=(./run.sh run --plan "$tmp/some.ini" --out "$tmp/results" --jobs 1)
finished() {
	find "$tmp/results" -name status 2>/dev/null | wc -l
}

# A Ctrl-C after the first cell.
setsid env --default-signal=INT "${command[@]}" >"$tmp/stdout" 2>"$tmp/stderr" </dev/null &
pid=$!
for ((i = 0; i < 300; i++)); do
	(($(finished) == 0)) || break
	sleep 0.1
done
kill -INT -- -"$pid"
code=0
wait "$pid" || code=$?
((code == 130)) || fail "exit code $code after Ctrl-C, not 130"
before=$(finished)
((before > 0 && before < 6)) || fail "$before cells after Ctrl-C"
grep -q 'same command continues' "$tmp/stderr" || fail "no word of how to go on"
! pgrep -f "$tmp/results" >/dev/null || fail "something still runs after Ctrl-C"
cells=$(find "$tmp/results" -name records.jsonl -exec sha256sum {} +)

# One of this run's own: it works in its cell's directory.
kill_emulator() {
	local emulator
	for emulator in $(pgrep -f '^qemu-system-ppc64 '); do
		[[ $(readlink "/proc/$emulator/cwd") == "$tmp"/* ]] || continue
		kill -KILL "$emulator" && return 0
	done
	return 1
}

# An emulator that is killed leaves no cell, and is said to have been.
"${command[@]}" >"$tmp/stdout" 2>"$tmp/stderr" </dev/null &
pid=$!
for ((i = 0; i < 300; i++)); do
	kill_emulator && break
	sleep 0.1
done
code=0
wait "$pid" || code=$?
((code == 4)) || fail "exit code $code after a killed emulator, not 4"
grep -q 'killed by signal 9' "$tmp/stderr" || fail "no word of the killed emulator"

expect 0 "${command[@]}"
equal "cells in the end" 6 "$(finished)"
sha256sum --quiet -c <<<"$cells" || fail "a finished cell was touched"

# A kernel that is not the one that was meant is not measured.
run=$(readlink -f "$tmp/results/latest")
rm -rf "$run"/cells/*.s1
sed -i 's/-pfd-/-xyz-/' "$run/kernels.tsv"
expect 3 "${command[@]}"
grep -q '^invalid: release' "$run"/cells/*.s1/status ||
	fail "a wrong kernel: $(cat "$run"/cells/*.s1/status)"
