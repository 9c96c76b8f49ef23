#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What --target kvm gives a guest, by what /proc and /sys of the host say: bare
# metal and a partition, huge pages or none, cores of one node and no two cells on
# the same; and QEMU's own answer that it knows each of these options. Where there
# is no KVM it says so in one line. (tests/guest/kvm.sh boots.)
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=targets/target.sh
. "$ROOT/targets/target.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=targets/kvm-host.sh
. "$ROOT/targets/kvm-host.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=targets/kvm-guest.sh
. "$ROOT/targets/kvm-guest.sh"
locks=$tmp/locks

# machine PLATFORM CPU NODES CORES THREADS: a host's /proc and /sys, with so many
# cores in a node and threads in a core.
machine() {
	local cpu=0 node core first last
	export PFD_MACHINE_ROOT=$tmp/$1
	mkdir -p "$PFD_MACHINE_ROOT"/{proc/self,sys/kernel/mm}
	printf 'processor\t: 0\ncpu\t\t: %s\nclock\t\t: 2300.000000MHz\n\nplatform\t: %s\n' \
		"$2" "$1" >"$PFD_MACHINE_ROOT/proc/cpuinfo"
	for ((node = 0; node < $3; node++)); do
		for ((core = 0; core < $4; core++)); do
			first=$cpu last=$((cpu + $5 - 1))
			for (( ; cpu <= last; cpu++)); do
				mkdir -p "$PFD_MACHINE_ROOT/sys/devices/system/cpu/cpu$cpu"/{topology,"node$node"}
				echo "$first-$last" >"$PFD_MACHINE_ROOT/sys/devices/system/cpu/cpu$cpu/topology/thread_siblings_list"
			done
		done
	done
	printf 'Cpus_allowed_list:\t0-%d\n' $((cpu - 1)) >"$PFD_MACHINE_ROOT/proc/self/status"
}

# pages SIZE FREE: huge pages of so many kB.
pages() {
	mkdir -p "$PFD_MACHINE_ROOT/sys/kernel/mm/hugepages/hugepages-$1kB"
	echo "$2" >"$PFD_MACHINE_ROOT/sys/kernel/mm/hugepages/hugepages-$1kB/free_hugepages"
}

# apart COMMAND...: what it ends is not this test.
apart() {
	("$@")
}

# taken N: the CPUs that a cell of N vCPUs is given, and those of their nodes.
taken() {
	(take "$1" && echo "${cpus[*]} of $node_cpus") 2>&1
}

machine PowerNV 'POWER9, altivec supported' 2 2 4
pages 2048 512
pages 1048576 0
equal platform PowerNV "$(host_platform)"
equal CPU power9 "$(host_cpu)"
equal "threads of a core" 4 "$(host_threads)"
equal cores "0 4,5,6,7;0 0,1,2,3;1 12,13,14,15;1 8,9,10,11" "$(host_cores | paste -sd ';')"
equal "huge page for 1G" 2048 "$(host_hugepage 1G radix)"
equal "huge page for 2G" "" "$(host_hugepage 2G radix)"
equal "huge page for a hash guest" "" "$(host_hugepage 1G hash)"
pages 16384 64
equal "huge page for a hash guest" 16384 "$(host_hugepage 1G hash)"
pages 1048576 1
equal "huge page for 512M" 16384 "$(host_hugepage 512M radix)"
equal "CPUs for 1" "4 of 4,5,6,7,0,1,2,3" "$(taken 1)"
equal "CPUs for 2" "4 0 of 4,5,6,7,0,1,2,3" "$(taken 2)"
equal "CPUs for 3, of both nodes" "4 0 12 of 4,5,6,7,0,1,2,3,12,13,14,15,8,9,10,11" "$(taken 3)"
[[ $(taken 5) == *"wants 5 cores of its own, and 4 of 4 are free"* ]] || fail "5 of 4 cores: $(taken 5)"
# Another cell, until it ends; then they are free again.
(take 1 && : >"$tmp/taken" && exec sleep 100) &
other=$!
for ((i = 0; i < 100; i++)); do
	[[ ! -e $tmp/taken ]] || break
	sleep 0.1
done
equal "CPUs beside another cell, of one node" "12 8 of 12,13,14,15,8,9,10,11" "$(taken 2)"
kill "$other"
wait "$other" || true
equal "CPUs when it has ended" "4 0 of 4,5,6,7,0,1,2,3" "$(taken 2)"
# Slurm and taskset allow less than there is.
printf 'Cpus_allowed_list:\t2-9\n' >"$PFD_MACHINE_ROOT/proc/self/status"
equal "cores where less is allowed" "0 4,5,6,7;0 2,3;1 8,9" "$(host_cores | paste -sd ';')"
memory_for 1G hash
hash_memory=("${memory[@]}") hash_backend=$backend
equal "memory of 1G pages" \
	"-m 1G -object memory-backend-memfd,id=ram,size=1G,hugetlb=on,hugetlbsize=1048576K,prealloc=on" "${memory[*]}"
equal "the machine's part of that" ,memory-backend=ram "$backend"

machine pSeries 'POWER10 (architected), altivec supported' 1 2 8
equal CPU power10 "$(host_cpu)"
equal platform pSeries "$(host_platform)"
equal cores "0 8,9,10,11,12,13,14,15;0 0,1,2,3,4,5,6,7" "$(host_cores | paste -sd ';')"
memory_for 1G radix
equal "memory without huge pages" "-m 1G" "${memory[*]}"
equal machine "pseries,x-vof=on,kvm-type=HV" "$(machine_for radix)"
equal "machine with huge pages on hash" "pseries,x-vof=on,kvm-type=HV,cap-hpt-max-page-size=16M" \
	"$(machine_for hash)"

# QEMU, whose other accelerators take the same options.
command -v "$emulator" >/dev/null || exit 77
accelerator=tcg
# shellcheck disable=SC2054 # QEMU's comma
options=(-name pfd,debug-threads=on -cpu power9 -smp 2 -seed 1)
for mmu in radix hash; do
	equal "the machine for $mmu" "$(machine_for $mmu)" \
		"$(ask "$(machine_for $mmu)" "${memory[@]}" "${options[@]}")"
done
refused 4 "QEMU cannot make the machine pseries,nosuch=1: .*'pseries.*nosuch' not found" \
	apart ask pseries,nosuch=1 "${options[@]}"
# Huge pages that are not there are the only thing wrong with this.
if (($(</proc/sys/vm/nr_hugepages) == 0)); then
	refused 4 'QEMU cannot make the machine.*([Cc]annot allocate|[Uu]nable to map|supported|mmap)' \
		apart ask "$(machine_for hash)$hash_backend" "${hash_memory[@]}" "${options[@]}"
fi
unset PFD_MACHINE_ROOT
[[ $(uname -m) == ppc64le ]] ||
	for word in describe "prepare $tmp"; do
		# shellcheck disable=SC2086 # a word and an argument
		refused 4 "KVM is for a ppc64le host, and this is $(uname -m)" targets/kvm.sh $word
	done
