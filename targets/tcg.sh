#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# target: emulated POWER, a thread for each CPU: finds races, worthless for time
#
# CPUs really run at the same time, and no two boots are alike: for the gate, and
# never for a figure of time.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=target.sh
. "${BASH_SOURCE[0]%/*}/target.sh"
# shellcheck source-path=SCRIPTDIR source=pseries.sh
. "${BASH_SOURCE[0]%/*}/pseries.sh"

target_cell() {
	local dir=$1 kernel=$2 image=$3 cpu=$4 mmu=$5 smp=$6 rcu=$7 memory=$8 seed=$9 line
	shift 9
	pseries_boot "$kernel" "$mmu" "$rcu"
	cd "$dir"
	pseries_channels
	# shellcheck disable=SC2154 # by pseries_boot
	line=(qemu-system-ppc64 "${machine[@]}" -cpu "$cpu" -smp "$smp" -m "$memory"
		-accel "tcg,thread=multi" -seed "$seed"
		-kernel "$kernel" -initrd "$image" -append "$append -- $*")
	printf '%s\n' "${line[*]@Q}" >"command"
	exec "${line[@]}"
}

target "$@"
