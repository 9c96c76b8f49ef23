#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# ./run.sh doctor answers each of the checklist's ten lines, and says of every
# target whether it can run here; by what /proc and /sys say, one step at a time.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"

export PFD_MACHINE_ROOT=$tmp/machine
root=$PFD_MACHINE_ROOT
mkdir -p "$root"/{proc/self,proc/sys/kernel,sys/kernel/security,sys/devices/system/cpu/cpu0/cpufreq}
printf 'cpu\t: POWER9, altivec supported\nplatform\t: PowerNV\n' >"$root/proc/cpuinfo"
printf 'Cpus_allowed_list:\t0-3\n' >"$root/proc/self/status"
mkdir -p "$root"/sys/devices/system/cpu/cpu{0,1,2,3}/topology
for cpu in 0 1 2 3; do
	echo 0-3 >"$root/sys/devices/system/cpu/cpu$cpu/topology/thread_siblings_list"
done

# answer LINE PATTERN
answer() {
	expect 0 scripts/machine.sh
	shows "^$1 +$2"
}

answer "4 BPF" "no: .*CONFIG_BPF_SYSCALL"
equal "lines of the checklist" 10 "$(grep -cE '^[0-9]+ .*(yes|no)' "$tmp/stdout")"
equal "lines of docs/power.md" 10 "$(sed -n '/^## Checklist/,/^## What was/p' docs/power.md | grep -cE '^[0-9]+\. \*\*')"
for target in targets/*.sh; do
	grep -q '^# target: ' "$target" || continue
	target=${target##*/}
	grep -qE "^target ${target%.sh} +(yes|no)" "$tmp/stdout" || fail "nothing about target ${target%.sh}"
done
shows '^5 hardware events +no'
shows '^6 one thread a core +no: 4 threads a core'
shows '^7 steady clock +yes: the frequency is not'
shows '^8 huge pages +no: .*echo 512'

: >"$root/proc/sys/kernel/unprivileged_bpf_disabled"
answer "4 BPF" "no: .*CONFIG_DEBUG_INFO_BTF"
mkdir -p "$root/sys/kernel/btf" && : >"$root/sys/kernel/btf/vmlinux"
answer "4 BPF" "no: .*CONFIG_KPROBE_EVENTS"
mkdir -p "$root/sys/bus/event_source/devices"/{kprobe,cpu/events}
echo 'none integrity [confidentiality]' >"$root/sys/kernel/security/lockdown"
: >"$root/sys/bus/event_source/devices/cpu/events/cycles"
answer "4 BPF" "no: .*lockdown=confidentiality"
shows '^5 hardware events +yes: 1 events'
echo '[none] integrity confidentiality' >"$root/sys/kernel/security/lockdown"
echo ondemand >"$root/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
mkdir -p "$root/sys/kernel/mm/hugepages/hugepages-2048kB"
echo 600 >"$root/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages"
if ((EUID)); then answer "4 BPF" "no: as root"; else answer "4 BPF" yes; fi
shows '^7 steady clock +no: governor ondemand'
shows '^8 huge pages +yes: free 600 of 2048kB'

# A machine without QEMU is asked for it where there is something to emulate.
mkdir "$tmp/bin"
ln -s /usr/bin/* "$tmp/bin"
rm -f "$tmp"/bin/qemu-system-ppc*
PATH=$tmp/bin refused 4 'missing on this machine: qemu-system-ppc64;' scripts/packages.sh --quiet
PATH=$tmp/bin expect 0 scripts/packages.sh --quiet --without qemu-system-ppc64
