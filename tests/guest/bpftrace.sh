#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# bpf/*.bt run in the full image, and see what a workload is known to do: 17
# processes x 16 ranges x 3 passes deferrals, and with always-rcu a second wait of
# each process's page, of which there is none with refcount.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/tools.sh
. "$ROOT/scripts/tools.sh"

PFD_QUIET=1
build_guest full
source=$("$ROOT/kernels/source.sh")

# scripts VARIANT: runs them all; what each printed is in $tmp/VARIANT.NAME.bt.
scripts() {
	local dir=$tmp/$1
	mkdir "$dir"
	build_kernel "$source" "$1" 64k release "kernel $1 64k"
	timeout --kill-after=5 100 targets/exact.sh cell "$dir" "$kernel_dir/vmlinux" "$guest_image" \
		power9 radix 1 default 2G 1 run=/full/by-scripts \
		"release=$(jq -r .release "$kernel_dir/manifest.json")" rcu=default \
		workload=thp-collapse >/dev/null </dev/null || fail "exit code $? of the emulator"
	awk -v out="$dir." '/^== / { file = out $2; next } file { print >file }' "$dir/guest.jsonl"
	grep -q '"exit_status":0' "$dir.end" ||
		fail "a script failed: $(tail -n 5 "$dir/guest.jsonl")"
}

# at_least VARIANT SCRIPT LINE COUNT: it printed "LINE: N", and N is not less.
at_least() {
	local n
	n=$(sed -n "s/^$3: //p" "$tmp/$1.$2.bt")
	((${n:-0} >= $4)) || fail "$1 $2: $3 is '$n', less than $4"
}

scripts always-rcu
# The shell that runs the workload adds a few of its own.
at_least always-rcu callbacks '@queued\[tlb_remove_table_rcu\]' 16
at_least always-rcu callbacks '@queued\[pte_frag_free_user\]' 16
equal "deferrals" 816 "$(sed -n 's/^@total: //p' "$tmp/always-rcu.deferrals.bt")"
equal "processes with 48 deferrals" 17 \
	"$(grep -c '^@by_owner\[pfd-load, [0-9]*\]: 48$' "$tmp/always-rcu.deferrals.bt")"
at_least always-rcu double-waits '@twice\[pte_frag_free_user\]' 16
# A wait is one to two grace periods of 8 ms or so: 8 to 32 ms.
for function in tlb_remove_table_rcu pte_frag_free_user; do
	grep -qF "@wait_us[$function]" "$tmp/always-rcu.waits.bt" || fail "no waits of $function"
done
grep -qE '^\[(8K|16K), (16K|32K)\) +[0-9]+' "$tmp/always-rcu.waits.bt" ||
	fail "no wait of 8 to 32 ms: $(cat "$tmp/always-rcu.waits.bt")"
scripts refcount
! grep -q '@twice\[' "$tmp/refcount.double-waits.bt" ||
	fail "refcount waits twice: $(cat "$tmp/refcount.double-waits.bt")"
