#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The kernel that is running can be measured, on this machine and on a POWER box:
# what the workload says it did is what the probe saw, though others use the
# machine meanwhile; what cannot be seen is said with a reason, and never 0; and
# nothing else of the machine changes.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

plan host 'arms = bare probed' 'workloads = thp-collapse' 'seeds = 1' \
	'[workload thp-collapse]' 'processes = 5' 'ranges = 4' 'passes = 1'
deferrals=20

expect 2 ./run.sh run --target host --plan "$tmp/host.ini" --variants landed --out "$tmp/results"
grep -q 'the running kernel is what it is: leave --variants out' "$tmp/stderr" ||
	fail "nothing says that there is no choice of variants"

settings() {
	cat /sys/kernel/mm/transparent_hugepage/enabled /proc/sys/kernel/randomize_va_space
	cat /sys/devices/system/cpu/online /sys/devices/system/cpu/smt/control
} 2>/dev/null

# judge RECORDS: either it counted all of them, or it says why not.
judge() {
	jq -se --argjson want $deferrals '
		(map(select(.type == "probe"))[0].unavailable | map({(.record): .reason}) | add // {}) as $lacks |
		(map(select(.type == "table" and .path == "defer"))[0].unlinked_count) as $seen |
		if $lacks["table"] or $lacks["table.defer"]
		then ($seen == null) and (($lacks["table"] // $lacks["table.defer"]) | length > 10)
		else $seen == $want end' "$1" >/dev/null ||
		fail "neither $deferrals deferrals nor a reason in $1"
}

measured=()
# This machine.
if ((EUID)) || [[ ! -e /sys/kernel/btf/vmlinux ]]; then
	echo "not on this machine: BPF needs root and CONFIG_DEBUG_INFO_BTF" >&2
elif [[ $(uname -m) != ppc64le ]] && ! pkg-config --exists libbpf; then
	echo "not on this machine: its own libbpf is not installed" >&2
else
	before=$(settings)
	measure 0 host --target host
	equal "this machine's settings" "$before" "$(settings)"
	judge "$(echo "$run"/cells/*.probed.s1)/records.jsonl"
	equal "valid cells" 2 "$(cat "$run"/cells/*/status | grep -cx valid)"
	equal "the kernel" "$(uname -r)" "$(jq -r '.kernels[0].release' "$run/manifest.json")"
	measured+=(here)
fi

# A POWER box, which is emulated, by ssh.
if [[ -x tests/box/make.sh ]]; then
	box=$tmp/box
	# shellcheck disable=SC2064 # the value of now
	trap "tests/box/box.sh cut '$box' 2>/dev/null; rm -rf '$tmp'" EXIT
	expect 0 tests/box/make.sh "$box"
	tests/box/box.sh start "$box"
	tests/box/box.sh up "$box" 120
	by_ssh "$box"
	# Somebody else, who uses the machine and frees page tables there.
	tests/box/box.sh ssh "$box" 'while sleep 0.3; do (bash -c true); done' 2>/dev/null &
	measure 0 host --target "ssh:$host/host" --arms probed
	judge "$(echo "$run"/cells/*)/records.jsonl"
	equal "valid cells" 1 "$(cat "$run"/cells/*/status | grep -cx valid)"
	equal "the box" "$host POWER9" \
		"$(jq -r '.machines[0] | .host + " " + .facts["cpuinfo cpu"][:6]' "$run/manifest.json")"
	equal "what is there after the run" "$before" "$(box_files "$box")"
	measured+=(box)
fi
((${#measured[@]})) || exit 77
