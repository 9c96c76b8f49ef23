#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A guest that panics, hangs, fails, lies or loses a process is an invalid cell with its reason
# and its console, and does not keep the others from being measured.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

plan misbehave 'variants = landed-fixed' 'pages = 64k' 'mmu = radix' 'seeds = 1' \
	'arms = bare probed' 'workloads = panic hang fail lie killed null' 'timeout_s = 30'
measure 3 misbehave
status() {
	cat "$run"/cells/*."$1".*/status
}
for arm in bare probed; do
	grep -q '^invalid: .*panic' <(status "panic.$arm") || fail "panic: $(status "panic.$arm")"
	grep -q '^invalid: timeout' <(status "hang.$arm") || fail "hang: $(status "hang.$arm")"
	grep -q '^invalid: exit' <(status "fail.$arm") || fail "fail: $(status "fail.$arm")"
	# At once, not when its time is up.
	grep -q '^invalid: exit' <(status "killed.$arm") || fail "killed: $(status "killed.$arm")"
	equal "null in arm $arm" valid "$(status "null.$arm")"
done
grep -q '^invalid: truth' <(status lie.probed) || fail "lie: $(status lie.probed)"
grep -q 'a process of the workload was killed' "$run"/cells/*.killed.bare.*/console.log ||
	fail "nothing says that a process was killed"
grep -q 'sysrq triggered crash' "$run"/cells/*.panic.bare.*/console.log ||
	fail "the console of the panic is not kept"
# Invalid is a result: nothing is tried again.
SECONDS=0
measure 3 misbehave
((SECONDS < 8)) || fail "invalid cells were measured again"
