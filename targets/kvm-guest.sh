# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What a guest under KVM is given: a machine, memory, CPUs; to be sourced by
# targets/kvm.sh after target.sh and kvm-host.sh.
#
# Each vCPU has a core of its own, of one NUMA node if that has enough, and no two
# cells have the same: locks in /tmp/pfd-kvm.UID say which are taken, and are gone
# with the emulator.
# shellcheck disable=SC2034 # for the one that sources it

emulator=qemu-system-ppc64
accelerator=kvm
locks=/tmp/pfd-kvm.$UID

# ask OPTIONS ARGUMENT...: has QEMU make that machine without running it; prints
# OPTIONS with what this QEMU does not know left out, and what it says that this
# KVM wants put in.
ask() {
	local options=$1 answer more try
	shift
	for ((try = 0; try < 16; try++)); do
		if answer=$("$emulator" -M "$options" -accel "$accelerator" -nodefaults -nographic \
			-S -monitor stdio "$@" 2>&1 >/dev/null <<<quit); then
			echo "$options"
			return 0
		fi
		if [[ $answer =~ [Tt]'ry appending -machine '([a-z0-9=-]+) ]]; then
			more=${BASH_REMATCH[1]}
			[[ ,$options, != *",${more%%=*}="* ]] || break
			options+=,$more
		elif [[ $answer =~ [Pp]roperty\ \'[^\']*\.(x-vof|kvm-type)\'\ not\ found ]]; then
			# Without x-vof it boots by SLOF, which takes seconds.
			for more in "${BASH_REMATCH[1]}"={on,HV}; do
				options=${options/,$more/}
			done
		else
			break
		fi
	done
	target_die 4 "QEMU cannot make the machine $options: $(grep -v '^Falling back' <<<"$answer" | tail -n 1)"
}

# machine_for MMU: the options to begin with. HV: PR, which runs a guest as a
# user program, would give other figures.
machine_for() {
	local options=pseries,x-vof=on,kvm-type=HV
	[[ $1 != hash ]] || options+=,cap-hpt-max-page-size=16M
	echo "$options"
}

# memory_for SIZE MMU: sets memory and backend, the latter for -M.
memory_for() {
	local page
	page=$(host_hugepage "$1" "$2")
	memory=(-m "$1") backend=
	[[ $page ]] || return 0
	backend=,memory-backend=ram
	memory+=(-object "memory-backend-memfd,id=ram,size=$1,hugetlb=on,hugetlbsize=${page}K,prealloc=on")
}

# take N: sets cpus, N CPUs of different cores that no other cell has, and
# keeps them while this process lives; and node_cpus, all of their nodes.
take() {
	local n=$1 node core fd free=() nodes=() kept=() chosen=''
	{ mkdir -p "$locks" && [[ -w $locks ]]; } 2>/dev/null ||
		target_die 4 "cannot write to $locks: remove it"
	exec 7>"$locks/lock"
	flock 7
	cpus=() node_cpus=
	while read -r node core; do
		exec {fd}>"$locks/${core%%,*}"
		if flock -n "$fd"; then
			free+=("$node ${core%%,*} $fd")
		else
			exec {fd}>&-
		fi
	done < <(host_cores)
	mapfile -t nodes < <(printf '%s\n' "${free[@]}" | awk -v n="$n" \
		'++count[$1] == n { print $1 }')
	chosen=${nodes[0]:-}
	for core in "${free[@]}"; do
		read -r node core fd <<<"$core"
		if ((${#cpus[@]} < n)) && [[ ! $chosen || $node == "$chosen" ]]; then
			cpus+=("$core")
			kept+=("$node")
		else
			exec {fd}>&-
		fi
	done
	exec 7>&-
	((${#cpus[@]} == n)) ||
		target_die 4 "a guest of $n CPUs wants $n cores of its own, and ${#free[@]} of $(host_cores | wc -l) are free here: fewer --jobs, or a smaller --smp"
	node_cpus=$(host_cores | awk -v nodes=" ${kept[*]} " 'index(nodes, " " $1 " ") { print $2 }' | paste -sd ,)
}

# pin PID: each of its vCPUs to its own of cpus, as soon as there are threads;
# QEMU names them "CPU 0/KVM".
pin() {
	local try file name n=0
	for ((try = 0; try < 200; try++)); do
		for file in /proc/"$1"/task/*/comm; do
			read -r name 2>/dev/null <"$file" || continue
			[[ $name =~ ^CPU\ ([0-9]+)/KVM$ ]] || continue
			file=${file%/comm}
			taskset -p -c "${cpus[BASH_REMATCH[1]]}" "${file##*/}" >/dev/null || return
			n=$((n + 1))
		done
		((n < ${#cpus[@]})) || return 0
		n=0
		sleep 0.02
	done
	echo "the guest's vCPUs are not all pinned: no threads named CPU 0/KVM ..."
}
