#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Noise control puts back what it found, also after a crash, and what a machine
# does not let it set is said and is not fatal; facts of a machine are the same
# bytes twice. On a made-up POWER machine of plain files.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"

root=$tmp/machine
export PFD_MACHINE_ROOT=$root
cpu=$root/sys/devices/system/cpu

# put FILE TEXT
put() {
	mkdir -p "$root/$(dirname "$1")"
	printf '%s\n' "$2" >"$root/$1"
}

put sys/devices/system/cpu/online 0-15
put sys/devices/system/cpu/smt/control on
for n in 0 1 15; do
	put "sys/devices/system/cpu/cpu$n/cpufreq/scaling_governor" ondemand
	put "sys/devices/system/cpu/cpu$n/cpufreq/scaling_available_governors" "ondemand performance"
	put "sys/devices/system/cpu/cpu$n/cpuidle/state0/latency" 0
	put "sys/devices/system/cpu/cpu$n/cpuidle/state0/disable" 0
	put "sys/devices/system/cpu/cpu$n/cpuidle/state0/name" snooze
	put "sys/devices/system/cpu/cpu$n/cpuidle/state1/latency" 120
	put "sys/devices/system/cpu/cpu$n/cpuidle/state1/disable" 0
	put "sys/devices/system/cpu/cpu$n/cpuidle/state1/name" stop4
done
put sys/devices/system/cpu/vulnerabilities/meltdown 'Mitigation: RFI "Flush"'
put sys/devices/system/node/node0/cpulist 0-15
put sys/kernel/mm/transparent_hugepage/enabled '[always] madvise never'
put proc/sys/kernel/randomize_va_space 2
put proc/irq/24/smp_affinity_list 0-15
put proc/cpuinfo $'processor\t: 0\ncpu\t\t: POWER9 (architected)\nrevision\t: 2.3 (pvr 004e 1203)\n\nplatform\t: pSeries\nMMU\t\t: Radix'
mkdir -p "$root/proc/device-tree/openprom" "$root/proc/device-tree/hypervisor"
printf 'IBM,9009-41A\0' >"$root/proc/device-tree/model"
printf 'linux,kvm\0' >"$root/proc/device-tree/hypervisor/compatible"
printf 'FW950.10\0' >"$root/proc/device-tree/openprom/ibm,fw-vernum_encoded"

# quiet FUNCTION STATE: in a shell of its own, as a target does.
quiet() {
	bash -euo pipefail -c '. targets/target.sh; . targets/quiet.sh; "$@"' quiet "$@"
}

# all: every setting, one a line.
all() {
	(cd "$root" && grep -r . sys proc/sys proc/irq | sort)
}

state=$tmp/state
mkdir "$state"
all >"$tmp/before"
expect 0 quiet quiet_set "$state"
equal "SMT" off "$(<"$cpu/smt/control")"
equal "the governor" performance "$(<"$cpu/cpu15/cpufreq/scaling_governor")"
equal "a state that is slow to leave" 1 "$(<"$cpu/cpu1/cpuidle/state1/disable")"
equal "a state that is not" 0 "$(<"$cpu/cpu1/cpuidle/state0/disable")"
equal "THP" madvise "$(<"$root/sys/kernel/mm/transparent_hugepage/enabled")"
equal "ASLR" 0 "$(<"$root/proc/sys/kernel/randomize_va_space")"
equal "an interrupt" 0 "$(<"$root/proc/irq/24/smp_affinity_list")"
[[ -s $state/quiet ]] || fail "nothing says what was there"

# A kernel shows its choice in brackets again; files do not.
as_kernel() {
	[[ $(<"$root/sys/kernel/mm/transparent_hugepage/enabled") != always ]] ||
		put sys/kernel/mm/transparent_hugepage/enabled '[always] madvise never'
}
expect 0 quiet quiet_restore "$state"
as_kernel
all | diff "$tmp/before" - >"$tmp/stdout" || fail "not all was put back"
[[ ! -e $state/quiet && ! -e $root/run/pfd-quiet ]] || fail "it is still remembered"
expect 0 quiet quiet_restore "$state"

# A crash in the middle, and then another run: what was there is put back first,
# or else this run would take the quiet machine for what it found.
expect 0 quiet quiet_set "$state"
mkdir "$tmp/next"
expect 0 quiet quiet_set "$tmp/next"
grep -q 'puts back' "$tmp/stderr" || fail "the crash was not noticed"
[[ ! -e $state/quiet ]] || fail "the crashed run's settings are still remembered"
expect 0 quiet quiet_restore "$tmp/next"
as_kernel
all | diff "$tmp/before" - >"$tmp/stdout" || fail "a crash lost what was there"

# Or before the machine is described, unless that run goes on: it holds its lock.
expect 0 quiet quiet_set "$state"
all >"$tmp/quiet"
expect 0 quiet quiet_recover
all | cmp -s - "$tmp/quiet" || fail "put back what is of nobody that is known to have ended"
: >"$state/lock"
(
	flock 8
	expect 0 quiet quiet_recover
	all | cmp -s - "$tmp/quiet" || fail "put back under a run that goes on"
) 8>>"$state/lock"
expect 0 quiet quiet_recover
as_kernel
all | diff "$tmp/before" - >"$tmp/stdout" || fail "what a crash left is not put back"
equal "what is set, in words" "SMT off, scaling_governor performance, idle states above 10 us off, interrupts to CPU 0, thp madvise, randomize_va_space 0" "$(quiet quiet_summary)"

# What is there is on the disk before anything changes: nothing can be written,
# so nothing is changed.
expect 0 quiet quiet_set "$tmp/none"
grep -q 'nothing is changed' "$tmp/stderr" || fail "it does not say that it did nothing"
all | diff "$tmp/before" - >"$tmp/stdout" || fail "changed, and not remembered"

# What cannot be set: a directory in its place.
rm "$root/proc/sys/kernel/randomize_va_space"
mkdir "$root/proc/sys/kernel/randomize_va_space"
expect 0 quiet quiet_set "$state"
equal "what came after it" performance "$(<"$cpu/cpu0/cpufreq/scaling_governor")"
expect 0 quiet quiet_restore "$state"
rmdir "$root/proc/sys/kernel/randomize_va_space"

# Facts.
describe() {
	bash -euo pipefail -c '. targets/power.sh; power_describe'
}
describe >"$tmp/facts"
describe | cmp - "$tmp/facts" || fail "not the same facts twice"
for fact in '.model == "IBM,9009-41A"' '.partition == "KVM guest"' \
	'.["firmware ibm,fw-vernum_encoded"] == "FW950.10"' \
	'.["cpuinfo cpu"] == "POWER9 (architected)"' '.["cpuinfo MMU"] == "Radix"' \
	'.["cpuinfo revision"] == "2.3 (pvr 004e 1203)"' '.smt == "on"' \
	'.["frequency scaling_governor"] == "ondemand"' '.["idle states"] == "snooze stop4"' \
	'.["numa nodes"] == "node0=0-15"' 'has("dmi sys_vendor") | not' \
	'.["vulnerability meltdown"] == "Mitigation: RFI \"Flush\""'; do
	jq -e "$fact" "$tmp/facts" >/dev/null || fail "not so: $fact"
done
rm "$root/proc/device-tree/hypervisor/compatible"
sed -i 's/pSeries/PowerNV/' "$root/proc/cpuinfo"
describe | jq -e '.partition == "bare metal"' >/dev/null || fail "bare metal is not seen"
