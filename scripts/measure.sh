#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ./run.sh run: a plan to its results. Everything that determines them goes
# into the run directory's name, so the same command finds the same directory
# again and does what is missing there.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/tools.sh
. "$PFD_ROOT/scripts/tools.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/running.sh
. "$PFD_ROOT/scripts/running.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/begin.sh
. "$PFD_ROOT/scripts/begin.sh"

usage() {
	cat <<'END'
usage: ./run.sh [run] [OPTIONS]

Builds the kernels of a plan, boots each, runs workloads in them with and
without the probe, checks every record, and reports. Run again after a Ctrl-C or
a crash, it continues; run again when all is done, it shows the report.

  --plan NAME|FILE                 which cells (./run.sh list plans)
  --base NAME                      the kernel of another version (list bases)
  --variants A,B --workloads X,Y   instead of what the plan says: which,
  --pages 64k,4k --mmu radix,hash    page sizes, MMUs,
  --cpu power9,power10 --smp N,M     CPUs and how many,
  --rcu default,nocb,lazy            RCU modes,
  --arms bare,probed,stats,checked   arms,
         bare-again,probed-again       (A/A, where time is measured),
  --seeds N                          replicates
  --set WORKLOAD.PARAMETER=N[,N...]  a parameter of a workload; several: a sweep
  --allow-unsafe                   also variants where they are not correct
  --target exact                   what boots the cells (./run.sh list targets)
  --target host                    the kernel that is running here, as it is
  --quiet-machine                  with it: SMT, clocks, idle states, interrupts
                                   etc. set for measuring, and put back after
  --target ssh:HOST[,HOST...]/kvm  the same on other machines
  --target kexec [--yes] [--force] on this machine itself, which reboots for each
                                   cell; not asked before; with others logged in
  --launcher local|slurm           where cells run: here, or on a cluster
  --jobs N                         cells at a time (default: one a CPU; where
                                   time is measured: one; slurm: 100)
  --out DIR                        where results go (default: results)
  --linux DIR|TARBALL              the kernel source (default: find one)
  --install                        as root: install missing packages first
  --cells FILE                     instead of all these: exactly these lines of
                                   `pfd-plan cells`; no report
  --build                          build what is needed, begin, boot nothing

exit: 0 done, 2 usage, 3 some cell is not valid, 4 the machine failed

examples:
  ./run.sh
  ./run.sh run --plan quick
  ./run.sh run --plan quick --variants landed,refcount --seeds 10
  ./run.sh run --plan quick --set thp-collapse.processes=1,4,16
  ./run.sh run --plan quick --base 7.2
  ./run.sh run --plan my.ini --linux ~/src/linux-6.12.y --jobs 8
END
}

options=() plan='' target=exact launcher=local hosts='' jobs='' out=$PFD_ROOT/results linux=() install=()
cells='' build_only='' base_option=()
# What goes on after a reboot (targets/kexec.sh): the same, from the same place.
PFD_RESUME="cd $(printf %q "$PWD") && exec $(printf '%q ' "$PFD_ROOT/run.sh" run "$@")"
# --gate FLAVOUR, for scripts/verify.sh: such kernels, and no report.
flavour=release gate=
while (($#)); do
	case $1 in
	--help) usage && exit 0 ;;
	--allow-unsafe) options+=("$1") ;;
	--build) build_only=y ;;
	--quiet-machine) export PFD_QUIET_MACHINE=1 ;;
	--yes) export PFD_YES=y ;;
	--force) export PFD_FORCE=y ;;
	--install) install=(--install) ;;
	--gate | --plan | --base | --variants | --workloads | --pages | --mmu | --cpu | --smp | --rcu | \
		--arms | --seeds | --set | --target | --launcher | --jobs | --out | --linux | --cells)
		(($# > 1)) || die 2 "option '$1' needs a value: see ./run.sh run --help"
		case $1 in
		--gate) flavour=$2 gate=y ;;
		--plan) plan=$2 ;;
		--base) base_option=("$1" "$2") ;;
		--target) target=$2 ;;
		--launcher) launcher=$2 ;;
		--jobs) jobs=${2:-0} ;;
		--out) out=$2 ;;
		--linux) linux=(--linux "$2") ;;
		--cells) cells=$2 ;;
		*) options+=("$1" "$2") ;;
		esac
		shift
		;;
	*) die 2 "unknown argument '$1': see ./run.sh run --help" ;;
	esac
	shift
done
[[ ! $jobs || $jobs =~ ^[1-9][0-9]{0,3}$ ]] || die 2 "--jobs '$jobs' is no number from 1 to 9999"
if [[ $cells ]]; then
	((${#options[@]} == 0)) || die 2 "--cells says which cells: there is nothing to '${options[0]}'"
	[[ -f $cells && -r $cells ]] || die 2 "--cells '$cells' is no file that can be read"
fi
# one_of DIR KIND NAME: the files of DIR say what they are (# KIND: ...).
one_of() {
	local names
	names=" $(cd "$PFD_ROOT/$1" && grep -l "^# $2: " -- *.sh | sed 's,.sh$,,' | paste -sd ' ') "
	[[ $names == *" $3 "* ]] || die 2 "unknown $2 '$3': there are$names"
}
if [[ $target == ssh:* ]]; then
	launcher=ssh hosts=${target#ssh:} target=exact
	[[ $hosts != */* ]] || target=${hosts#*/} hosts=${hosts%%/*}
	[[ $hosts ]] || die 2 "--target ssh: without a host: ssh:HOST[,HOST...][/TARGET]"
fi
one_of targets target "$target"
one_of launchers launcher "$launcher"
# said NAME: what the target's head says of itself under that name.
said() {
	sed -n "s/^# $1: //p" "$PFD_ROOT/targets/$target.sh"
}
# A machine that reboots does so for one cell at a time.
if [[ $(said reboot_s) ]]; then
	jobs=1
	[[ $launcher != local ]] || export PFD_RESUME="$PFD_RESUME --yes"
fi
[[ $launcher != ssh || $hosts ]] || die 2 "--launcher ssh is --target ssh:HOST[,HOST...][/TARGET]"
# PFD_JOBS: what was asked for, if anything was.
export PFD_TARGET=$target PFD_HOSTS=$hosts PFD_JOBS=$jobs
# Slurm has other users' jobs to think of, too.
[[ $launcher != slurm ]] || jobs=${jobs:-100}
# Where time is measured, a cell has the machine to itself (docs/statistics.md).
if [[ $target == exact || $target == tcg ]]; then
	jobs=${jobs:-$(nproc)} plan=${plan:-default}
else
	jobs=${jobs:-1}
	[[ $plan || $target != host ]] || plan=quick
	plan=${plan:-timed}
fi
at_a_time="$jobs at a time; "
if [[ $launcher == ssh ]]; then
	"$PFD_ROOT/launchers/ssh.sh" check || exit $?
	at_a_time=${PFD_JOBS:+$PFD_JOBS at a time on each host; }
fi

without=()
[[ $(said emulator) != none ]] || without=(--without qemu-system-ppc64)
"$PFD_ROOT/scripts/packages.sh" --quiet "${install[@]}" "${without[@]}"
make_dir "$out"
out=$(cd "$out" && pwd -P)
state=$(mktemp -d)
cells_pid=''
prepared=
run=''

# Stops what was started, and says how to go on.
finish() {
	local status=$?
	trap '' INT TERM HUP
	stop_child
	if [[ $cells_pid ]]; then
		: >"$state/stopped"
		# To GNU parallel: once: no new cells; twice: stop the running ones.
		kill -TERM "$cells_pid" 2>/dev/null || true
		sleep 0.2
		kill -TERM "$cells_pid" 2>/dev/null || true
		wait "$cells_pid" 2>/dev/null || true
	fi
	[[ ! $prepared ]] || "$PFD_ROOT/launchers/$launcher.sh" cleanup || ((status)) || status=4
	rm -rf "$state"
	if ((status == 130 || status == 143)); then
		say "run.sh: stopped; the same command continues where it was"
	fi
	exit "$status"
}
trap finish EXIT
trap 'exit 130' INT HUP
trap 'exit 143' TERM

# First of all: what cannot be reached need not be built for.
export PFD_STATE=$state
# What a crash left would be taken for what this machine is.
[[ $launcher != local ]] || "$PFD_ROOT/targets/$target.sh" recover || exit $?
"$PFD_ROOT/launchers/$launcher.sh" describe >"$state/machines.json" || exit $?
build_host
[[ $target != host ]] || find_running
pfd_cells() {
	"$pfd_plan" --root "$PFD_ROOT" "$@" --plan "$plan" --target "$target" "${running[@]}" "${base_option[@]}" "${options[@]}" || exit $?
}
if [[ $cells ]]; then
	cp "$cells" "$state/cells"
	awk -F '\t' '!seen[$2, $3]++ { print $2 "\t" $3 }' "$state/cells" >"$state/needed"
	awk -F '\t' '!seen[$17]++ { print $17 }' "$state/cells" >"$state/images"
else
	pfd_cells cells >"$state/cells"
	pfd_cells kernels >"$state/needed"
	pfd_cells images >"$state/images"
fi
# About 30 KB a cell, and some for plots.
free_mib "$out" $((16 + $(wc -l <"$state/cells") / 30)) "the results"
if [[ $target == host ]]; then
	use_running
else
	base=${base_option[1]:-$PFD_BASE}
	[[ $cells ]] || base=$(pfd_cells base)
	source=$("$PFD_ROOT/kernels/source.sh" --base "$base" "${linux[@]}")
fi
# The selftests are to be of the same source (guest/selftests.sh).
export PFD_SOURCE=$source
count=$(wc -l <"$state/needed")
number=0
while IFS=$'\t' read -r variant pages <&3; do
	build_kernel "$source" "$variant" "$pages" "$flavour" "kernel $((++number))/$count, $variant $pages"
	printf '%s\t%s\t%s\t%s\n' "$variant" "$pages" "${kernel_dir##*/}" \
		"$(jq -r .release "$kernel_dir/manifest.json")"
done 3<"$state/needed" >"$state/kernels.tsv"

# build_image NAME: sets image_hash, by which it is kept in build/images.
build_image() {
	image_hash=$guest_hash
	[[ $1 != initramfs ]] || return 0
	image_hash=$(
		exec 6>"$PFD_BUILD/tools.lock"
		flock 6
		sum=$("$PFD_ROOT/guest/image.sh" "$1") || exit $?
		[[ -e $PFD_BUILD/images/$sum.cpio ]] ||
			ln "$PFD_BUILD/guest/$1.cpio" "$PFD_BUILD/images/$sum.cpio" || exit 4
		echo "$sum"
	) || exit $?
}
build_guest
while read -r image <&3; do
	build_image "$image"
	printf '%s\t%s\n' "$image" "$image_hash"
done 3<"$state/images" >"$state/images.tsv"

qemu=$(qemu-system-ppc64 --version 2>/dev/null | head -n 1) || qemu=
((${#without[@]} == 0)) || qemu=none
[[ $qemu ]] || die 4 "qemu-system-ppc64 does not run: './run.sh doctor' names the package"
# The target with its parts (kvm-guest.sh ...).
shopt -s nullglob
target_sha256=$(cat "$PFD_ROOT/targets/$target.sh" "$PFD_ROOT/targets/$target"-*.sh \
	"$PFD_ROOT/targets/pseries.sh" | sha256sum | cut -c 1-64)
shopt -u nullglob
name=${plan##*/}
name=${name%.ini}
name=${name//[^A-Za-z0-9_-]/_}
hash=$({
	cat "$state/cells" "$state/kernels.tsv" "$state/images.tsv"
	printf '%s\n' "$qemu" "$target" "$target_sha256"
	# Where figures are a machine's own, other machines make another run, and so do
	# other events to count.
	[[ $target == exact || $target == tcg ]] || { cat "$state/machines.json" && echo "${PFD_COUNTERS-named}"; }
} | sha256sum | cut -c 1-12)
run=$out/$name-$hash

all_options="${base_option[*]} ${options[*]}${PFD_QUIET_MACHINE:+ --quiet-machine}"

if [[ ! -e $run/manifest.json ]]; then
	begin 2>"$state/error" || die 4 "cannot write to $run: $(tail -n 1 "$state/error")"
fi
ln -sfn "${run##*/}" "$out/latest" 2>/dev/null || die 4 "cannot write to $out"
[[ ! $build_only ]] || exit 0

exec 5>"$run/lock"
flock -n 5 || die 4 "$run is being worked on by another ./run.sh: wait for that"

total=$(wc -l <"$state/cells")
find "$run/cells" -mindepth 2 -maxdepth 2 -name status -printf '%h\n' | sed 's,.*/,,' >"$state/finished"
awk -F '\t' -v finished="$state/finished" '
	BEGIN { while ((getline id <finished) > 0) done[id] }
	!($1 in done)' "$state/cells" >"$state/todo"
todo=$(wc -l <"$state/todo")
if ((todo)); then
	say "$total cells, $((total - todo)) of them done; ${at_a_time}results in ${run#"$PFD_ROOT/"}"
	echo "$total" >"$state/total"
	echo $((total - todo)) >"$state/before"
	echo 0 >"$state/done"
	echo $EPOCHSECONDS >"$state/start"
	progress=quiet
	[[ ! -t 1 ]] || progress=live
	# Results first: a report would be of cells that are not there any more.
	rm -f "$run/report.txt" "$run/report.html"
	export PFD_RUN=$run PFD_PROGRESS=$progress
	prepared=y
	"$PFD_ROOT/launchers/$launcher.sh" prepare || exit $?
	"$PFD_ROOT/launchers/$launcher.sh" cells "$state/todo" "$jobs" 5>&- &
	cells_pid=$!
	if [[ $progress == live ]]; then
		# For its marks; the report looks again.
		look_up_verdicts "$run" 2>/dev/null || true
		"$pfd_stat" live "$run" 5>&- &
		meter_pid=$!
	fi
	wait "$cells_pid" || true
	cells_pid=''
	# It ends by itself where every cell has a result, within a second.
	for _ in 1 2 3; do
		[[ ! $meter_pid ]] || ! kill -0 "$meter_pid" 2>/dev/null || sleep 0.5
	done
	stop_child
	prepared=
	"$PFD_ROOT/launchers/$launcher.sh" cleanup || exit $?
fi

missing=0 invalid=0
while IFS=$'\t' read -r id _; do
	if ! read -r status 2>/dev/null <"$run/cells/$id/status"; then
		missing=$((missing + 1))
	elif [[ $status != valid ]]; then
		invalid=$((invalid + 1))
	fi
done <"$state/cells"
((missing == 0)) ||
	die 4 "$missing of $total cells have no result, since this machine failed; the same command tries them again"
[[ ! $gate ]] || exit 0
if [[ $cells ]]; then
	((invalid == 0)) || exit 3
	exit 0
fi
[[ $run/report.txt -nt $pfd_stat && $run/report.txt -nt $PFD_BUILD/verified.tsv &&
	$run/report.txt -nt $PFD_ROOT/kernels/verified.tsv ]] || write_report "$run"
cat "$run/report.txt"
say "results: ${run#"$PFD_ROOT/"} (report.html, report.txt, plots/, cells/)"
((invalid == 0)) ||
	die 3 "$invalid of $total cells are not valid: see their status and console.log in ${run#"$PFD_ROOT/"}/cells"
