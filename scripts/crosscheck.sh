#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ./run.sh crosscheck: one exact cell under four instruments that share no code,
# and their counts side by side (docs/crosscheck.md).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/tools.sh
. "$PFD_ROOT/scripts/tools.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/counts.sh
. "$PFD_ROOT/scripts/counts.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/counts-table.sh
. "$PFD_ROOT/scripts/counts-table.sh"

usage() {
	cat <<'END_OF_USAGE'
usage: ./run.sh crosscheck [--variant V] [--workload W] [--pages 64k|4k]
                      [--mmu radix|hash] [--seed N] [--base NAME]
                      [--linux DIR|TARBALL] [NAME=VALUE...]

Boots one cell four times, on one CPU: under the probe, bpftrace, perf stat, and
with nothing in the guest but the emulator writing down what it executes. Prints
what each counted; what must be equal and is not has a !. NAME=VALUE: parameters
of the workload.

exit: 0 all equal, 1 not equal, 2 usage, 3 a boot is not valid, 4 the machine

examples:
  ./run.sh crosscheck
  ./run.sh crosscheck --variant always-rcu --workload fork-munmap --mmu hash
  ./run.sh crosscheck --workload thp-collapse processes=3
END_OF_USAGE
}

variant=landed-fixed workload=thp-collapse pages=64k mmu=radix seed=1 base=$PFD_BASE linux=()
parameters=()
while (($#)); do
	case $1 in
	--help) usage && exit 0 ;;
	--variant | --workload | --pages | --mmu | --seed | --base | --linux)
		(($# > 1)) || die 2 "option '$1' needs a value: see ./run.sh crosscheck --help"
		case $1 in
		--linux) linux=(--linux "$2") ;;
		*) declare "${1#--}=$2" ;;
		esac
		shift 2
		;;
	-*) die 2 "unknown option '$1': see ./run.sh crosscheck --help" ;;
	*=*)
		parameters+=("$1")
		shift
		;;
	*) die 2 "unexpected '$1': see ./run.sh crosscheck --help" ;;
	esac
done
[[ $seed =~ ^[0-9]{1,9}$ ]] || die 2 "'$seed' is not a seed: --seed takes a number"
trap stop_child EXIT
trap 'exit 130' INT TERM HUP
"$PFD_ROOT/scripts/packages.sh" --quiet
build_host
# The plan's checks are good for these, too.
"$pfd_plan" --root "$PFD_ROOT" kernels --plan quick --allow-unsafe --base "$base" \
	--variants "$variant" \
	--pages "$pages" --mmu "$mmu" --workloads "$workload" >/dev/null || exit $?
source=$("$PFD_ROOT/kernels/source.sh" --base "$base" "${linux[@]}")
build_kernel "$source" "$variant" "$pages" release "kernel $variant $pages"
build_guest full
need jq
of_variant() {
	sed -nE "s/^$1 *= *//p" "$PFD_ROOT/kernels/variants/$variant/variant.ini"
}
# Those that this base has.
read -ra own <<<"$(of_variant callbacks | tr ' ' '\n' |
	awk 'NR == FNR { there[$3]; next } $1 in there' "$kernel_dir/System.map" - | paste -sd ' ')"
defer_model=$(of_variant defer_call_rcu)
release=$(jq -r .release "$kernel_dir/manifest.json")
out=$PFD_BUILD/crosscheck/$variant.$pages.$mmu.$workload
rm -rf "$out"
for instrument in probe bpftrace perf emulator; do
	make_dir "$out/$instrument"
done
free_mib "$out" 64 "the crosscheck"

# boot INSTRUMENT SEED: the machine's seed. The workload's stays.
boot() {
	local dir=$out/$1 status=0 more=''
	[[ $1 != emulator ]] || more=$(trace_options "$out" "$kernel_dir/vmlinux" "${own[@]}")
	PFD_EMULATOR_OPTIONS=$more timeout --kill-after=5 60 \
		"$PFD_ROOT/targets/exact.sh" cell "$dir" "$kernel_dir/vmlinux" "$guest_image" power9 \
		"$mmu" 1 default 2G "$2" "run=/full/by-$1" "release=$release" \
		rcu=default "callbacks=$(IFS=, && echo "${own[*]}")" "workload=$workload" \
		"${parameters[@]}" "seed=$seed" >"$dir/qemu.log" 2>&1 </dev/null || status=$?
	echo "$status" >"$dir/exit"
}

# A guest may wait for ever for a timer that the emulator (QEMU 7.2) has lost, at
# the same instruction each time; with another seed of the machine it is another.
boot_twice() {
	boot "$1" "$seed"
	[[ $(<"$out/$1/exit") != 124 ]] || boot "$1" $((seed + 1000))
}

boot_all() {
	local instrument
	for instrument in probe bpftrace perf emulator; do
		(($(jobs -pr | wc -l) < $(nproc))) || wait -n
		boot_twice "$instrument" &
	done
	wait
}

say "booting $variant $pages $mmu $workload four times; what they leave is in ${out#"$PFD_ROOT/"}"
supervise boot_all

for instrument in probe bpftrace perf emulator; do
	dir=$out/$instrument
	status=$(<"$dir/exit")
	case $status in
	0) ;;
	124) die 3 "$instrument: the guest did not end in 60 s, twice: see $dir/console.log" ;;
	*) die 4 "$instrument: the emulator failed with $status: $(tail -n 1 "$dir/qemu.log")" ;;
	esac
	bad=$(bad_boot "$dir" "$release") || die 3 "$instrument: $bad: see $dir"
done
count_all "$out" "${own[@]}"
print_counts "$variant $pages $mmu power9 smp1, $workload, seed $seed" "$defer_model" "${own[@]}"
[[ $marks != *!* ]] || exit 1
