#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# target: emulated POWER, time is instructions executed: same inputs, same bytes
#
# The flags: no SLOF; one thread and an instruction clock; nothing that waits for
# the host; one console for the kernel and one for the records.
#
# The netdev carries nothing: it is there for its filter's timer, which expires
# every 1000 us of the guest's time. An emulated CPU has its turn until the next
# timer is due. One that spins with interrupts off, for another that has no turn
# (stop_machine(); POWER10's cpu_relax() does not yield in QEMU), would have it
# for seconds; so it has it for a millisecond.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=target.sh
. "${BASH_SOURCE[0]%/*}/target.sh"
# shellcheck source-path=SCRIPTDIR source=pseries.sh
. "${BASH_SOURCE[0]%/*}/pseries.sh"

# Onto one of this machine's CPUs, a free one if there is any. QEMU 7.2 runs the
# timers that are due in the thread that executes the guest or in its main thread,
# whichever comes first, and with several emulated CPUs this decides whose turn is
# next. On one CPU the main thread has done its part before the other goes on.
pin() {
	local locks=/sys/devices/system/cpu cpu cpus
	mapfile -t cpus < <(awk '/^Cpus_allowed_list:/ {
		count = split($2, part, ",")
		for (i = 1; i <= count; i++) {
			split(part[i], range, "-")
			last = range[2] == "" ? range[1] : range[2]
			for (cpu = range[1] + 0; cpu <= last + 0; cpu++) print cpu
		}
	}' /proc/self/status)
	((${#cpus[@]})) || target_die 4 "cannot read from /proc/self/status which CPUs there are"
	for cpu in "${cpus[@]}"; do
		# The emulator inherits it, and it is free again when that ends.
		{ exec 9<"$locks/cpu$cpu" && flock -n 9; } 2>/dev/null && break
		cpu=
	done
	[[ $cpu ]] || cpu=${cpus[BASHPID % ${#cpus[@]}]}
	taskset -cp "$cpu" $BASHPID >/dev/null || target_die 4 "cannot stay on CPU $cpu"
}

target_cell() {
	local dir=$1 kernel=$2 image=$3 cpu=$4 mmu=$5 smp=$6 rcu=$7 memory=$8 seed=$9 line more
	shift 9
	pseries_boot "$kernel" "$mmu" "$rcu"
	cd "$dir"
	pseries_channels
	# shellcheck disable=SC2054,SC2154 # the commas are QEMU's; by pseries_boot
	line=(qemu-system-ppc64 "${machine[@]}" -cpu "$cpu" -smp "$smp" -m "$memory"
		-accel tcg,thread=single -icount shift=1,sleep=off
		-rtc clock=vm,base=2020-01-01 -seed "$seed"
		-netdev hubport,id=turn,hubid=0
		-object filter-buffer,id=turns,netdev=turn,queue=rx,interval=1000
		-kernel "$kernel" -initrd "$image" -append "$append -- $*")
	# scripts/crosscheck.sh has the emulator write down what it executes.
	read -ra more <<<"${PFD_EMULATOR_OPTIONS:-}"
	line+=("${more[@]}")
	printf '%s\n' "${line[*]@Q}" >"command"
	pin
	# The hub is connected to nothing on purpose, and QEMU need not say so.
	exec "${line[@]}" 2> >(grep -v 'turn has no peer' >&2)
}

target "$@"
