# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Building what the suite needs, silently if it is there already. To be sourced
# after lib.sh.
# shellcheck disable=SC2034 # the variables are for the one that sources it

# shellcheck source-path=SCRIPTDIR source=packed.sh
. "$PFD_ROOT/scripts/packed.sh"

pfd_plan=$PFD_BUILD/host/plans/pfd-plan
pfd_stat=$PFD_BUILD/host/analysis/pfd-stat

# build_preset PRESET DIR [-DNAME=VALUE] [TARGET...]: configures once, or for
# that setting; builds what is outdated.
build_preset() {
	local preset=$1 dir=$2 log=$PFD_BUILD/logs/$1.log setting=()
	shift 2
	if [[ ${1:-} == -D* ]]; then
		setting=("$1")
		shift
	fi
	make_dir "$PFD_BUILD/logs"
	if [[ ${setting[*]} || ! -e $PFD_BUILD/$dir/build.ninja ]]; then
		say "configuring the $dir tools"
		(cd "$PFD_ROOT" && cmake --preset "$preset" "${setting[@]}") >"$log" 2>&1 ||
			die 4 "cmake --preset $preset failed: $(last_error "$log") ($log)"
	fi
	ninja -C "$PFD_BUILD/$dir" "$@" >"$log" 2>&1 ||
		die 4 "building the $dir tools failed: $(last_error "$log") ($log)"
}

# supervise COMMAND...: runs it in a process group of its own, so that whoever
# is told to stop can stop all of it at once: stop_child.
child=''
meter_pid=''
supervise() {
	local status=0
	set -m
	"$@" &
	child=$!
	set +m
	wait "$child" || status=$?
	child=''
	return "$status"
}

stop_child() {
	if [[ $meter_pid ]]; then
		kill "$meter_pid" 2>/dev/null || true
		wait "$meter_pid" 2>/dev/null || true
		meter_pid=''
	fi
	[[ $child ]] || return 0
	kill -TERM -- "-$child" 2>/dev/null || true
	wait "$child" 2>/dev/null || true
}

# build_locked ARGUMENT...: build_preset, but not two at the same time.
build_locked() {
	(
		make_dir "$PFD_BUILD"
		exec 6>"$PFD_BUILD/tools.lock"
		flock -n 6 || { say "waiting for another ./run.sh to build the tools" && flock 6; }
		build_preset "$@"
	) || exit $?
}

build_host() {
	build_locked host host pfd-plan pfd-stat
}

build_tests() {
	build_locked host host -DPFD_TESTS=ON
}

# build_guest [NAME]: sets guest_image (a file that never changes) and
# guest_hash. NAME: an image with more in it (guest/extra.sh).
# shellcheck disable=SC2120 # measure.sh wants the ordinary one
build_guest() {
	local preset=guest-cross
	[[ $(uname -m) != ppc64le ]] || preset=guest
	guest_hash=$(
		exec 6>"$PFD_BUILD/tools.lock"
		flock 6
		"$PFD_ROOT/guest/sysroot.sh" || exit $?
		build_preset "$preset" guest init pfd-cell pfd-kexec pfd-load pfd-probe pfd-window
		sum=$("$PFD_ROOT/guest/image.sh" "$@") || exit $?
		make_dir "$PFD_BUILD/images"
		[[ -e $PFD_BUILD/images/$sum.cpio ]] ||
			ln "$PFD_BUILD/guest/${1:-initramfs}.cpio" "$PFD_BUILD/images/$sum.cpio" ||
			exit 4
		echo "$sum"
	) || exit $?
	guest_image=$PFD_BUILD/images/$guest_hash.cpio
}

# build_native: the same for this machine, if that is no ppc64le: what
# targets/host.sh runs. Its libraries are to be installed.
build_native() {
	pkg-config --exists libbpf libelf zlib jansson ||
		die 4 "building for this machine needs the libraries libbpf, libelf, zlib and jansson with headers and static: install libbpf-dev libelf-dev zlib1g-dev libjansson-dev (Debian's names)"
	guest_hash=$(
		exec 6>"$PFD_BUILD/tools.lock"
		flock 6
		build_preset native native init pfd-cell pfd-load pfd-probe
		sum=$("$PFD_ROOT/guest/image.sh" native) || exit $?
		make_dir "$PFD_BUILD/images"
		[[ -e $PFD_BUILD/images/$sum.cpio ]] ||
			ln "$PFD_BUILD/native/initramfs.cpio" "$PFD_BUILD/images/$sum.cpio" || exit 4
		echo "$sum"
	) || exit $?
}

# meter LOG TEXT: shows how a kernel build is getting on, until killed.
meter() {
	local started=$SECONDS
	trap 'printf "\r\033[K" >&2; exit' TERM
	while sleep 1 && kill -0 $$ 2>/dev/null; do
		printf '\r\033[K%s: %d objects, %dm%02ds' "$2" \
			"$(grep -c '^  [A-Z]' "$1" 2>/dev/null)" \
			$(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)) >&2
	done
}

# build_kernel SOURCE VARIANT PAGES FLAVOUR TEXT: sets kernel_dir.
build_kernel() {
	local status=0 answer log=$PFD_BUILD/logs/kernel-$2-$3
	local build=("$PFD_ROOT/kernels/build.sh" --source "$1" --flavour "$4")
	if kernel_dir=$("${build[@]}" --hash "$2" "$3" 2>/dev/null); then
		return
	fi
	[[ $4 == release ]] || log+=-$4
	if [[ -t 2 && ! ${PFD_QUIET:-} ]]; then
		meter "$log.log" "$5" &
		meter_pid=$!
	fi
	flock -n "$1/lock" true || say "waiting for another kernel build to end"
	answer=$(mktemp)
	supervise "${build[@]}" "$2" "$3" >"$answer" || status=$?
	stop_child
	kernel_dir=$(<"$answer")
	rm -f "$answer"
	((status == 0)) || exit "$status"
}

# has_cells DIR: whether it is a run, or one that is packed.
has_cells() {
	[[ -d $1/cells || -f $1/cells.tar.xz ]]
}

# is_run RESULTS NAME: whether find_run would find a run of that name.
is_run() {
	has_cells "$1/$2" || has_cells "$2"
}

# find_run RESULTS [RUN]: sets run_dir and run_name; RUN is a name below RESULTS,
# a directory, or left out: the latest. A packed run is unpacked, once.
find_run() {
	local results=$1 run=${2:-latest} dir
	for dir in "$results/$run" "$run"; do
		has_cells "$dir" || continue
		run_dir=$(cd "$dir" && pwd -P)
		run_name=${run_dir##*/}
		! is_packed "$run_dir" || unpack_found
		return 0
	done
	[[ $run != latest ]] || die 2 "$results has no run yet: ./run.sh makes one"
	die 2 "no run '$run': neither below $results nor a directory with cells"
}

# Makes run_dir the directory where it is unpacked.
unpack_found() {
	local sum dir log=$PFD_BUILD/logs/unpack.log
	make_dir "$PFD_BUILD/logs"
	sum=$(cat "$run_dir"/{manifest.json,cells.tsv,cells.tar.xz} | sha256sum | cut -c 1-12)
	# Reports call a run by the last part of its path, and so do commands.
	dir=$PFD_BUILD/unpacked/$sum/$run_name
	if [[ ! -d $dir ]]; then
		rm -rf "$dir.tmp"
		make_dir "${dir%/*}"
		unpack_run "$run_dir" "$dir.tmp" 2>"$log" || {
			rm -rf "$dir.tmp"
			die 4 "cannot unpack $run_dir/cells.tar.xz: $(last_error "$log")"
		}
		mv "$dir.tmp" "$dir"
	fi
	run_dir=$dir
}

# merge_verdicts [--either] OLD NEW: both stores (docs/gate.md, "What is kept") as
# one, sorted. Of one kernel and MMU the new verdict counts, unless it is of less of
# the gate; but a failure that is new always does. With --either neither store is
# newer, and a failure in one counts.
merge_verdicts() {
	local store stores=() either=0
	[[ $1 != --either ]] || { either=1 && shift; }
	for store in "$@"; do
		[[ ! -e $store ]] || stores+=("$store")
	done
	awk -F '\t' -v either=$either '
		function extent(text) { return text ~ /quick$/ ? 1 : text ~ /without KASAN$/ ? 2 : 3 }
		{ key = $1 FS $4 }
		either && word[key] == "fail" && $5 != "fail" { next }
		!(key in line) || extent($6) >= of[key] || ($5 == "fail" && word[key] != "fail") {
			line[key] = $0; word[key] = $5; of[key] = extent($6)
		}
		END { for (key in line) print line[key] }' "${stores[@]}" /dev/null |
		sort -t $'\t' -k 2,4 -k 1,1
}

# look_up_verdicts RUN: what the gate found of the run's kernels, into its
# verified.tsv: here, or where kernels/verified.tsv was made.
look_up_verdicts() {
	local run=$1
	merge_verdicts --either "$PFD_ROOT/kernels/verified.tsv" "$PFD_BUILD/verified.tsv" |
		awk -F '\t' -v OFS='\t' '
			FILENAME == ARGV[1] { wanted[$3]; next }
			$1 in wanted { print $2, $3, $4, $5, $6 }' "$run/kernels.tsv" - >"$run/verified.tsv.tmp" &&
		mv "$run/verified.tsv.tmp" "$run/verified.tsv"
}

# write_report RUN: what is said about a run, into it. Cells that are not valid
# (exit code 3) are part of what is said.
write_report() {
	local run=$1 status=0 log=$PFD_BUILD/logs/report.log
	make_dir "$PFD_BUILD/logs"
	look_up_verdicts "$run" 2>"$log" ||
		die 4 "cannot write $run/verified.tsv: $(last_error "$log") ($log)"
	"$pfd_stat" report --scripts "$PFD_ROOT/analysis/plots" \
		--assets "$PFD_ROOT/analysis/html" "$run" >"$log" 2>&1 || status=$?
	((status == 0 || status == 3)) ||
		die 4 "pfd-stat report $run failed: $(last_error "$log") ($log)"
}
