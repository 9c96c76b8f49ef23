#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# machine.sh: the ten lines of docs/power.md's checklist, answered for this
# machine, and then which targets can run here; for ./run.sh doctor. A line says
# yes, or no and what to do. Nothing is changed.
#
# PFD_MACHINE_ROOT: where /proc, /sys and /dev are, for tests.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=targets/kvm-host.sh
. "$PFD_ROOT/targets/kvm-host.sh"

root=${PFD_MACHINE_ROOT:-}

# text FILE: its words on one line, or nothing.
text() {
	{ tr '\n\0' '  ' <"$root$1" | sed 's/ *$//'; } 2>/dev/null || true
}

line() {
	printf '%-26s %s\n' "$@"
}

# lockdown: what the kernel keeps from root: none, integrity, confidentiality.
lockdown() {
	local words
	words=$(text /sys/kernel/security/lockdown)
	[[ $words =~ \[([a-z]+)\] ]] && echo "${BASH_REMATCH[1]}" || echo none
}

check_root() {
	((EUID == 0)) && echo yes || echo "no: BPF, kexec and noise control want it: sudo ./run.sh"
}

check_users() {
	local names
	names=$(who 2>/dev/null | cut -d ' ' -f 1 | sort -u | grep -vxF "${SUDO_USER:-$(id -un)}" | paste -sd ' ') || true
	[[ ! $names ]] && echo "yes" ||
		echo "no: $names logged in too: kexec would end that, and timed figures are theirs as well"
}

check_compiler() {
	local compiler=powerpc64le-linux-gnu-gcc
	[[ $(uname -m) != ppc64le ]] || compiler=gcc
	have "$compiler" && echo "yes: $compiler $("$compiler" -dumpfullversion)" ||
		echo "no: $compiler is missing: sudo ./run.sh doctor --install"
}

check_bpf() {
	if [[ ! -e $root/proc/sys/kernel/unprivileged_bpf_disabled ]]; then
		echo "no: this kernel has no bpf(): it needs CONFIG_BPF_SYSCALL"
	elif [[ ! -e $root/sys/kernel/btf/vmlinux ]]; then
		echo "no: no /sys/kernel/btf/vmlinux: it needs CONFIG_DEBUG_INFO_BTF"
	elif [[ ! -e $root/sys/bus/event_source/devices/kprobe ]]; then
		echo "no: no kprobes: it needs CONFIG_KPROBE_EVENTS"
	elif [[ $(lockdown) == confidentiality ]]; then
		echo "no: the kernel is locked down (lockdown=confidentiality): boot without that"
	elif ((EUID)); then
		echo "no: as root it can"
	else
		echo yes
	fi
}

check_pmu() {
	local dir=$root/sys/bus/event_source/devices/cpu count
	# Beside each event cycles there may be cycles.unit and the like.
	count=$(find "$dir/events" -type f -not -name '*.*' 2>/dev/null | wc -l) || true
	((count)) && echo "yes: $count events by name" ||
		echo "no: the kernel names no hardware events here; cycles and instructions will be missing"
}

check_smt() {
	local threads
	if [[ $(uname -m) != ppc64le && ! $root ]]; then
		[[ $(text /sys/devices/system/cpu/smt/active) != 1 ]] && echo "yes: one thread a core" ||
			echo "no: SMT is on: host --quiet-machine switches it off for a run and back"
		return
	fi
	threads=$(host_threads)
	((threads < 2)) && echo "yes: one thread a core" ||
		echo "no: $threads threads a core: kvm and kexec switch to 1 for a run and back; else ppc64_cpu --smt=off"
}

check_clock() {
	local governor states
	governor=$(text /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor)
	states=$(cat "$root"/sys/devices/system/cpu/cpu0/cpuidle/state*/name 2>/dev/null | paste -sd ' ') || true
	case $governor in
	performance) echo "yes: governor performance; idle states: ${states:-none}" ;;
	'') echo "yes: the frequency is not this system's to set (a partition, a guest); idle states: ${states:-none}" ;;
	*) echo "no: governor $governor: kvm and kexec set performance for a run; idle states: ${states:-none}" ;;
	esac
}

check_hugepages() {
	local dir size free any=''
	for dir in "$root"/sys/kernel/mm/hugepages/hugepages-*kB; do
		[[ -r $dir/free_hugepages ]] || continue
		size=${dir##*-}
		free=$(<"$dir/free_hugepages")
		((free == 0)) || any+=" $free of $size"
	done
	[[ $any ]] && echo "yes: free$any" ||
		echo "no: kvm's guests get small pages; for 1 GiB: echo 512 > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages (a hash guest: 64 of 16384kB)"
}

# reason TARGET: what its describe says against this machine; nothing if it can.
reason() {
	local answer
	if answer=$("$PFD_ROOT/targets/$1.sh" describe 2>&1 >/dev/null); then
		return
	fi
	tail -n 1 <<<"${answer#*: }"
}

check_kvm() {
	local no
	no=$(reason kvm)
	[[ $no ]] && echo "no: $no" || echo "yes: $(host_cpu) on $(host_platform)"
}

check_kexec() {
	local disabled dog
	disabled=$(text /proc/sys/kernel/kexec_load_disabled)
	dog=$(text /sys/class/watchdog/watchdog0/identity)
	if [[ $(uname -m) != ppc64le ]]; then
		echo "no: kexec is into ppc64le kernels, and this is $(uname -m)"
	elif [[ ! $disabled ]]; then
		echo "no: this kernel has no kexec: it needs CONFIG_KEXEC_FILE"
	elif [[ $disabled != 0 ]]; then
		echo "no: kernel.kexec_load_disabled is set, and only a reboot clears it"
	elif [[ $(lockdown) != none ]]; then
		echo "no: the kernel is locked down (lockdown=$(lockdown)) and starts signed kernels only: boot without secure boot"
	elif ((EUID)); then
		echo "no: as root it can"
	elif [[ $dog ]]; then
		echo "yes: watchdog $dog"
	else
		echo "yes, but there is no watchdog: a kernel that hangs waits for you: modprobe pseries_wdt (a partition), ipmi_watchdog (bare metal)"
	fi
}

line "1 root" "$(check_root)"
line "2 nobody else here" "$(check_users)"
line "3 compiler" "$(check_compiler)"
line "4 BPF" "$(check_bpf)"
line "5 hardware events" "$(check_pmu)"
line "6 one thread a core" "$(check_smt)"
line "7 steady clock" "$(check_clock)"
line "8 huge pages" "$(check_hugepages)"
line "9 KVM" "$(check_kvm)"
line "10 kexec and watchdog" "$(check_kexec)"

# What the checklist says about a target beyond its own describe.
for file in "$PFD_ROOT"/targets/*.sh; do
	what=$(sed -n 's/^# target: //p' "$file")
	[[ $what ]] || continue
	name=${file##*/}
	name=${name%.sh}
	case $name in
	exact | tcg) no=$(have qemu-system-ppc64 || echo "qemu-system-ppc64 is not installed") ;;
	# Without kprobes it can do the arm bare.
	host)
		no=$(check_bpf)
		[[ $no != *kprobes* ]] || no="yes" what+="; arm bare only: no kprobes"
		;;
	kexec) no=$(check_kexec) ;;
	*) no=$(reason "$name") ;;
	esac
	no=${no#yes*}
	no=${no#no: }
	line "target $name" "${no:+no: }${no:-yes: $what}"
done
