#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# packages.sh [--install] [--quiet] [--tests] [--without NAME]: what the suite
# needs of this machine, and the packages that have it. Needs nothing itself but
# bash and coreutils. Exit: 0 all there, 4 something is missing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

# What is looked for | apt | dnf | zypper | what for. A dash: not packaged.
#   name: a command   lib:name: pkg-config   file:path   gnu:parallel
#   rt:name: clang's runtime library
#   static:name: a POWER machine's part of what guest/sysroot.sh fetches elsewhere
# docs/power.md says which names were tried.
# wish: a test that is skipped without it. It is big (Chromium: 290 MB and its
# libraries): --tests --install gets it, and nobody else is asked for it.
table='
gcc|gcc libc6-dev|gcc glibc-devel|gcc glibc-devel|run
make|make|make|make|run
bc|bc|bc|bc|run
bison|bison|bison|bison|run
flex|flex|flex|flex|run
perl|perl-base|perl-interpreter|perl-base|run
pkg-config|pkg-config|pkgconf-pkg-config|pkg-config|run
file:/usr/include/libelf.h|libelf-dev|elfutils-libelf-devel|libelf-devel|run
file:/usr/include/openssl/ssl.h|libssl-dev|openssl-devel|libopenssl-devel|run
pahole|dwarves|dwarves|dwarves|run
cross:gcc|gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross|gcc-powerpc64le-linux-gnu|cross-ppc64le-gcc12|run
clang|clang|clang|clang|run
llvm-strip|llvm|llvm|llvm|run
bpftool|bpftool|bpftool|bpftool|run
qemu-system-ppc64|qemu-system-ppc|qemu-system-ppc-core|qemu-ppc|run
cmake|cmake|cmake|cmake|run
ninja|ninja-build|ninja-build|ninja|run
lib:jansson|libjansson-dev|jansson-devel|libjansson-devel|run
lib:gsl|libgsl-dev|gsl-devel|gsl-devel|run
lib:inih|libinih-dev|inih-devel|inih-devel|run
gnuplot|gnuplot-nox|gnuplot-minimal|gnuplot|run
gnu:parallel|parallel|parallel|gnu_parallel|run
cpio|cpio|cpio|cpio|run
xz|xz-utils|xz|xz|run
tar|tar|tar|tar|run
jq|jq|jq|jq|run
curl|curl ca-certificates|curl ca-certificates|curl ca-certificates|run
git|git|git|git|run
flock|util-linux|util-linux|util-linux|run
awk|mawk|gawk|gawk|run
cmp|diffutils|diffutils|diffutils|run
static:busybox|busybox-static|busybox|busybox-static|run
static:libc.a|libc6-dev|glibc-static|glibc-devel-static|run
static:libbpf.a|libbpf-dev|libbpf-static|libbpf-devel-static|run
static:libelf.a|libelf-dev|-|libelf-devel-static|run
static:libz.a|zlib1g-dev|zlib-static|zlib-devel-static|run
static:libjansson.a|libjansson-dev|-|-|run
lib:libbpf|libbpf-dev|libbpf-devel libbpf-static|libbpf-devel libbpf-devel-static|test
lib:cmocka|libcmocka-dev|libcmocka-devel|libcmocka-devel|test
Rscript|r-base-core|R-core|R-base|test
shellcheck|shellcheck|ShellCheck|ShellCheck|test
clang-format|clang-format|clang-tools-extra|clang-tools|test
ssh|openssh-client|openssh-clients|openssh-clients|test
file:/usr/sbin/sshd|openssh-server|openssh-server|openssh-server|test
rt:fuzzer|libclang-rt-dev|compiler-rt|clang|test
clang-tidy|clang-tidy|clang-tools-extra|clang-tools|test
cppcheck|cppcheck|cppcheck|cppcheck|test
file:/usr/bin/time|time|time|time|test
mke2fs|e2fsprogs|e2fsprogs|e2fsprogs|test
py:jsonschema|python3-jsonschema|python3-jsonschema|python3-jsonschema|test
munged|munge|munge|munge|test
slurmctld|slurmctld|slurm-slurmctld|slurm|test
slurmd|slurmd|slurm-slurmd|slurm-node|test
sbatch|slurm-client|slurm|slurm|test
chromium|chromium|chromium|chromium|wish
'

present() {
	case $1 in
	lib:*) pkg-config --exists "${1#*:}" 2>/dev/null ;;
	file:*) [[ -e ${1#*:} || -e /usr/include/$(uname -m)-linux-gnu/${1#*:/usr/include/} ]] ;;
	rt:*) compgen -G "$(clang --print-runtime-dir 2>/dev/null)/libclang_rt.${1#*:}*" >/dev/null ;;
	gnu:*) parallel --version 2>/dev/null | grep -q 'GNU parallel' ;;
	# A POWER machine compiles and links with what it has.
	cross:*) [[ $(uname -m) == ppc64le ]] || {
		have "powerpc64le-linux-gnu-${1#*:}" &&
			[[ -e /usr/powerpc64le-linux-gnu/lib/libc.a || ! -e /etc/debian_version ]]
	} ;;
	static:*)
		[[ $(uname -m) != ppc64le ]] && return
		[[ $1 != *.a ]] && have "${1#*:}" && return
		[[ $(gcc -print-file-name="${1#*:}" 2>/dev/null) == /* ]]
		;;
	py:*) /usr/bin/python3 -c "import ${1#*:}" 2>/dev/null ;;
	chromium) have chromium || have chromium-browser ;;
	*) have "$1" ;;
	esac
}

install='' quiet='' tests='' without=''
while (($#)); do
	case $1 in
	--install) install=y ;;
	--quiet) quiet=y ;;
	--tests) tests=y ;;
	--without) without=${2?} && shift ;;
	*) die 2 "unknown argument '$1': there are --install, --quiet, --tests, --without" ;;
	esac
	shift
done

if have apt-get; then
	column=2 command=(apt-get install --yes --no-install-recommends)
elif have dnf; then
	column=3 command=(dnf install -y --setopt=install_weak_deps=False)
elif have zypper; then
	column=4 command=(zypper --non-interactive install --no-recommends)
else
	column=2 command=()
fi

# missing: what is looked for, one a line; packages: theirs; nowhere: what is in
# none of this system's packages.
look() {
	local what apt dnf zypper use row
	missing=() packages=() nowhere=()
	while IFS='|' read -r what apt dnf zypper use; do
		[[ $what && $what != "$without" && ($use == run || $tests) ]] || continue
		[[ $use != wish || $install ]] || continue
		! present "$what" || continue
		row=("" "" "$apt" "$dnf" "$zypper")
		missing+=("${what/#cross:/powerpc64le-linux-gnu-}")
		missing[-1]=${missing[-1]#*:}
		read -ra row <<<"${row[column]}"
		if [[ ${row[0]} == - ]]; then
			nowhere+=("${missing[-1]}")
			unset 'missing[-1]'
		else
			packages+=("${row[@]}")
		fi
	done <<<"$table"
}

# unpackaged: ends, if something is in no package.
unpackaged() {
	((${#nowhere[@]} == 0)) ||
		die 4 "no package of this system has ${nowhere[*]}: build it from source, or run on Debian with --target ssh:$(uname -n)/kvm (docs/power.md)"
}

look
if ((${#missing[@]} == 0)); then
	unpackaged
	[[ $quiet ]] || say "everything that is needed is installed"
	exit 0
fi
((${#command[@]})) ||
	die 4 "missing on this machine: ${missing[*]}; it has none of apt, dnf and zypper to get them with (Debian's packages are: ${packages[*]})"
if [[ ! $install ]]; then
	die 4 "missing on this machine: ${missing[*]}; install: sudo ${command[*]} ${packages[*]} (or, as root: ./run.sh doctor --install)"
fi
((EUID == 0)) ||
	die 4 "installing packages needs root: sudo ${command[*]} ${packages[*]}"

make_dir "$PFD_BUILD/logs"
log=$PFD_BUILD/logs/packages.log
say "installing ${#packages[@]} packages: ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
[[ $column != 2 ]] || apt-get -q update >"$log" 2>&1 ||
	say "apt-get update had complaints ($log)"
"${command[@]}" "${packages[@]}" >>"$log" 2>&1 ||
	die 4 "cannot install packages: $(last_error "$log") ($log)"
hash -r
look
((${#missing[@]} == 0)) || die 4 "still missing after installing: ${missing[*]}"
unpackaged
