#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Four instruments count the same, and the emulator's writing down of what it
# executes does not change what the guest does.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"

expect 0 ./run.sh crosscheck --variant always-rcu
shows '^tables given to pte_free_defer\(\)( +816){5} =$'
shows '^PTE tables put: __tlb_remove_table( +[1-9][0-9]*){5} =$'
shows '^call_rcu\(pte_frag_free_user\) +-( +16){3} +- [=m]$'
shows '^  invoked +-( +16){4} [=m]$'
shows '^instructions of the workload +[0-9]+ +- +- +[0-9]+ +- w$'

dir=$ROOT/build/crosscheck/always-rcu.64k.radix.thp-collapse/emulator
[[ -s $dir/trace ]] || fail "no $dir/trace"
mkdir "$tmp/untraced"
sed -E "s/ '-d' '[^']*' '-dfilter' '[^']*' '-D' '[^']*'//" "$dir/command" >"$tmp/untraced/command"
! grep -q dfilter "$tmp/untraced/command" || fail "the emulator's options have another form"
(cd "$tmp/untraced" && timeout --kill-after=5 60 bash ./command >qemu.log 2>&1 </dev/null) ||
	fail "exit code $? without the trace: $(cat "$tmp/untraced/qemu.log")"
cmp "$dir/guest.jsonl" "$tmp/untraced/guest.jsonl" ||
	fail "the trace changes what the guest does"
