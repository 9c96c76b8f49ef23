# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Noise control for runs that are timed; to be sourced after target.sh.
#
#	quiet_set STATE		makes the machine quiet. What was there is in
#				STATE/quiet, on the disk, before anything changes
#	quiet_restore STATE	puts it back; no harm if there is nothing
#
# A crash leaves STATE/quiet behind, and /run/pfd-quiet says where it is: the next
# quiet_set, of whatever run, puts that back first. (A reboot forgets both the
# settings and /run.) What cannot be set is said and left; nothing is fatal.
#
# PFD_MACHINE_ROOT: where /proc, /sys and /run are, for tests.
#
# What it sets, and why:
#	SMT off			threads of a core share what is measured
#	governor performance	a clock that follows the load is another noise
#	idle states off		those that take more than 10 us to leave
#	IRQs to the first CPU	and what is measured to the others: quiet_cpus
#	THP madvise		no huge page behind a workload's back, as in guests
#	ASLR off		addresses are the seed's, and not chance
#	NUMA balancing off	it unmaps pages to see who touches them

quiet_note() {
	printf 'quiet: %s\n' "$*" >&2
}

# quiet_wish: lines "FILE VALUE" of what is to be, in the order to set: SMT first,
# since CPUs that go have no other settings, and come back with theirs.
quiet_wish() {
	local root=${PFD_MACHINE_ROOT:-} cpu=/sys/devices/system/cpu file latency first
	case $(<"$root$cpu/smt/control") in
	on | [2-9]*) echo "$cpu/smt/control off" ;;
	esac 2>/dev/null
	for file in "$root$cpu"/cpu[0-9]*/cpufreq/scaling_governor; do
		[[ -e $file ]] || continue
		[[ " $(<"${file%governor}available_governors") " != *" performance "* ]] ||
			echo "${file#"$root"} performance"
	done
	for file in "$root$cpu"/cpu[0-9]*/cpuidle/state*/disable; do
		[[ -e $file ]] || continue
		latency=$(<"${file%disable}latency") 2>/dev/null || continue
		((latency <= 10)) || echo "${file#"$root"} 1"
	done
	first=$(quiet_first_cpu)
	for file in "$root"/proc/irq/[0-9]*/smp_affinity_list; do
		[[ -e $file ]] && echo "${file#"$root"} $first"
	done
	for file in /sys/kernel/mm/transparent_hugepage/enabled=madvise \
		/proc/sys/kernel/randomize_va_space=0 /proc/sys/kernel/numa_balancing=0; do
		[[ -e $root${file%=*} ]] && echo "${file%=*} ${file#*=}"
	done
	true
}

# quiet_summary: the same in words, each once, on one line.
quiet_summary() {
	local file value
	quiet_wish | while read -r file value; do
		case $file in
		*/smt/control) echo "SMT $value" ;;
		*/cpuidle/*) echo "idle states above 10 us off" ;;
		/proc/irq/*) echo "interrupts to CPU $value" ;;
		*/transparent_hugepage/*) echo "thp $value" ;;
		*) echo "${file##*/} $value" ;;
		esac
	done | awk '!seen[$0]++ { printf "%s%s", (NR > 1 ? ", " : ""), $0 }'
}

# The first CPU that is online.
quiet_first_cpu() {
	local online
	online=$(<"${PFD_MACHINE_ROOT:-}/sys/devices/system/cpu/online")
	printf '%s' "${online%%[,-]*}"
}

# quiet_cpus: the CPUs for what is measured, as taskset takes them; nothing if
# there are too few to leave one out.
quiet_cpus() {
	local online first
	online=$(<"${PFD_MACHINE_ROOT:-}/sys/devices/system/cpu/online")
	first=${online%%[,-]*}
	case $online in
	"$first"-*) (($(nproc) < 3)) || printf '%s-%s' $((first + 1)) "${online#"$first"-}" ;;
	"$first",*) (($(nproc) < 3)) || printf '%s' "${online#"$first",}" ;;
	esac
}

# quiet_value FILE: what it is set to; of a choice ("a [b] c") that in brackets.
quiet_value() {
	local text
	text=$(<"${PFD_MACHINE_ROOT:-}$1") || return
	[[ $text != *\[*\]* ]] || { text=${text#*\[} && text=${text%%\]*}; }
	printf '%s' "$text"
} 2>/dev/null

# quiet_write FILE VALUE
quiet_write() {
	{ printf '%s\n' "$2" >"${PFD_MACHINE_ROOT:-}$1"; } 2>/dev/null
}

# quiet_save FILE: standard input, safe on the disk as soon as it has that name.
quiet_save() {
	cat >"$1.new" && { sync "$1.new" 2>/dev/null || sync; } && mv "$1.new" "$1" &&
		{ sync "${1%/*}" 2>/dev/null || sync; }
}

# quiet_left: prints the STATE that an earlier run has not put back; 1: none has.
quiet_left() {
	local left
	left=$(cat "${PFD_MACHINE_ROOT:-}/run/pfd-quiet" 2>/dev/null) && [[ -f $left/quiet ]] &&
		printf '%s' "$left"
}

quiet_put_back() {
	quiet_note "puts back what an earlier run left ($1)"
	quiet_restore "$1"
}

quiet_set() {
	local state=$1 pointer=${PFD_MACHINE_ROOT:-}/run/pfd-quiet file value was failed=0 left
	! left=$(quiet_left) || quiet_put_back "$left"
	quiet_restore "$state"
	quiet_wish | while read -r file value; do
		was=$(quiet_value "$file") && [[ $was != "$value" ]] || continue
		printf '%s\t%s\t%s\n' "$file" "$was" "$value"
	done | quiet_save "$state/quiet" || {
		quiet_note "cannot write $state/quiet: nothing is changed"
		rm -f "$state/quiet" "$state/quiet.new"
		return 0
	}
	{ mkdir -p "${pointer%/*}" && printf '%s\n' "$state" >"$pointer"; } 2>/dev/null ||
		quiet_note "cannot write $pointer: after a crash only this run's own cleanup puts things back"
	while IFS=$'\t' read -r file was value; do
		# A CPU that went with SMT takes its settings along.
		[[ -e ${PFD_MACHINE_ROOT:-}$file ]] || continue
		quiet_write "$file" "$value" && continue
		case $file in
		/proc/irq/*) failed=$((failed + 1)) ;;
		*) quiet_note "cannot set $file to $value" ;;
		esac
	done <"$state/quiet"
	((failed == 0)) || quiet_note "$failed interrupts stay where they are: the kernel does not let them move"
	if [[ ! ${PFD_MACHINE_ROOT:-} ]] && pgrep -x irqbalance >/dev/null 2>&1; then
		quiet_note "irqbalance is running, and may move interrupts back: stop it"
	fi
}

# quiet_recover: puts back what a ./run.sh on this machine left when it crashed. One
# that runs holds STATE/lock.
quiet_recover() {
	local left
	left=$(quiet_left) && [[ -f $left/lock ]] || return 0
	(
		flock -n 9 || exit 0
		quiet_put_back "$left"
	) 9<"$left/lock"
}

quiet_restore() {
	local state=$1 pointer=${PFD_MACHINE_ROOT:-}/run/pfd-quiet file was value
	[[ -f $state/quiet ]] || return 0
	while IFS=$'\t' read -r file was value; do
		[[ $(quiet_value "$file") == "$was" ]] && continue
		quiet_write "$file" "$was" || [[ $file == /proc/irq/* ]] ||
			quiet_note "cannot set $file back to $was"
	done <"$state/quiet"
	rm -f "$state/quiet"
	[[ ! -f $pointer || $(<"$pointer") != "$state" ]] || rm -f "$pointer"
}
