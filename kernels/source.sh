#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels/source.sh: finds the source of a base (kernels/bases/) and prints the
# directory it was prepared in, build/source/ID/, which then holds
#   tree/        the source; kernels/build.sh patches it and puts it back
#   source.json  identity (a SHA-256 of the tarball, or of the files of a
#                directory), base, version, where it came from
# build/source/base-NAME is the one that is taken when none is given.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"

usage() {
	cat <<END
usage: kernels/source.sh [--base NAME] [--linux DIR|TARBALL|--prepared]

Prepares the source of a base (default: $PFD_BASE; ./run.sh list bases) and
prints where. Without --linux: the one prepared before, else Debian's
linux-source-NAME from the mirrors that this system uses (nothing is installed),
else the release that base.ini names from kernel.org. A DIR is copied, never
changed. --prepared: fail with 1 if it was not prepared before.

PFD_KERNEL_MIRROR  where linux-VERSION.tar.xz and sha256sums.asc are, if not on
                   kernel.org

examples:
  kernels/source.sh
  kernels/source.sh --base 7.2
  kernels/source.sh --linux ~/src/linux
  kernels/source.sh --linux linux-6.12.95.tar.xz
END
}

base=$PFD_BASE given='' prepared=''
while (($#)); do
	case $1 in
	--linux)
		[[ ${2:-} ]] || die 2 "--linux needs a directory or a tarball"
		given=$2
		shift 2
		;;
	--base)
		[[ ${2:-} ]] || die 2 "--base needs a name: './run.sh list bases' has them"
		base=$2
		shift 2
		;;
	--prepared) prepared=y && shift ;;
	--help) usage && exit 0 ;;
	*) die 2 "unknown argument '$1': see kernels/source.sh --help" ;;
	esac
done

bases=$PFD_ROOT/kernels/bases
[[ $base =~ ^[0-9.]+$ && -e $bases/$base/base.ini ]] ||
	die 2 "unknown base '$base': there are $(cd "$bases" && printf '%s ' -- */ | sed 's/^-- //; s,/ *$,,; s,/ ,\, ,g')"

# of_base KEY: what base.ini says.
of_base() {
	sed -nE "s/^$1 *= *//p" "$bases/$base/base.ini"
}
pinned=$(of_base pinned)
mirror=${PFD_KERNEL_MIRROR:-https://cdn.kernel.org/pub/linux/kernel/v${base%%.*}.x}

store=$PFD_BUILD/source
log=$PFD_BUILD/logs/source.log
hint="give one with --linux DIR|TARBALL"

# version DIR: of the source tree in DIR, as its Makefile says.
version() {
	local makefile=$1/Makefile
	[[ -r $makefile ]] || return 1
	awk -F ' *= *' '
		$1 == "VERSION" { v = $2 } $1 == "PATCHLEVEL" { p = $2 }
		$1 == "SUBLEVEL" { s = $2 } $1 == "EXTRAVERSION" { e = $2 }
		NR > 10 || /^NAME/ { exit }
		END { if (v == "") exit 1; print v "." p (s == "" ? "" : "." s) e }
	' "$makefile"
}

# check_version DIR FROM: one line and the end unless it is the base's version.
check_version() {
	local found
	if ! found=$(version "$1") || [[ ! -d $1/arch/powerpc ]]; then
		die 2 "$2 is no Linux source tree (no Makefile with a VERSION, or no arch/powerpc): give the top directory of Linux $base"
	fi
	[[ $found =~ ^${base//./\\.}([.-]|$) ]] ||
		die 2 "$2 is Linux $found, and the base is $base: $hint of $base.y, or choose another --base"
}

# finish WORK IDENTITY FROM: makes WORK/tree the prepared source; prints it.
finish() {
	local work=$1 identity=$2 from=$3 final=$store/${2:0:12}
	jq -n --arg identity "$identity" --arg from "$from" --arg base "$base" \
		--arg version "$(version "$work/tree")" \
		'{identity: $identity, base: $base, version: $version, from: $from}' >"$work/source.json"
	rm -rf "$final"
	mv "$work" "$final"
	echo "$final"
}

# unpack TARBALL FROM: prepares a tarball.
unpack() {
	local tarball=$1 from=$2 identity work=$store/unpack.tmp
	identity=$(sha256sum <"$tarball") && identity=${identity%% *}
	if [[ -e $store/${identity:0:12}/source.json ]]; then
		echo "$store/${identity:0:12}"
		return
	fi
	free_mib "$store" 2500 "the kernel source"
	say "unpacking $from"
	rm -rf "$work"
	mkdir -p "$work/tree"
	tar -xf "$tarball" -C "$work/tree" --strip-components=1 --no-same-owner \
		>"$log" 2>&1 ||
		die 4 "cannot unpack $tarball: $(last_error "$log") ($log)"
	check_version "$work/tree" "$from"
	finish "$work" "$identity" "$from"
}

# files_of DIR: its source files, NUL-separated and sorted, build products out.
files_of() {
	local dir=$1
	if git -C "$dir" rev-parse --git-dir >/dev/null 2>&1 &&
		[[ $(git -C "$dir" rev-parse --show-cdup) == "" ]]; then
		# As they are in the working tree, whatever is committed.
		(cd "$dir" && git ls-files -z -co --exclude-standard |
			while IFS= read -r -d '' file; do
				[[ ! -e $file && ! -L $file ]] || printf '%s\0' "$file"
			done)
	else
		(cd "$dir" && find . \( -name .git -o -path ./include/config -o \
			-path ./include/generated -o -path '*/include/generated' \) -prune -o \
			\( -name '*.o' -o -name '*.ko' -o -name '*.a' -o -name '.*.cmd' -o \
			-name '.config*' -o -name 'vmlinux*' -not -name '*.lds.*' -a \
			-not -name '*.S' -a -not -name '*.h' -o -name System.map \) -o \
			\( -type f -o -type l \) -print0)
	fi | sort -z
}

# copy DIR: prepares a copy of a directory.
copy() {
	local dir identity marks work=$store/copy.tmp
	dir=$(cd "$1" && pwd -P)
	check_version "$dir" "$dir"
	mkdir -p "$store/seen"
	files_of "$dir" >"$store/files.tmp"
	# Reading 1.5 GB takes a while: not again while names, sizes and times
	# are the same.
	marks=$(cd "$dir" && xargs -0 stat -c '%n %s %.Y %.Z %i' <"$store/files.tmp" |
		sha256sum)
	marks=$store/seen/${marks%% *}
	if [[ -e $marks ]] && [[ -e $store/$(<"$marks")/source.json ]]; then
		echo "$store/$(<"$marks")"
		return
	fi
	free_mib "$store" 2500 "a copy of $dir"
	say "copying $dir"
	rm -rf "$work"
	mkdir -p "$work/tree"
	tar -C "$dir" --null --no-recursion -T "$store/files.tmp" -cf - 2>"$log" |
		tar -C "$work/tree" -xf - --no-same-owner 2>>"$log" ||
		die 4 "cannot copy $dir: $(last_error "$log") ($log)"
	identity=$(cd "$work/tree" && {
		xargs -0 sha256sum --
		find . -type l -printf '%p -> %l\n' | sort
	} <"$store/files.tmp" 2>/dev/null | sha256sum)
	identity=${identity%% *}
	if [[ -e $store/${identity:0:12}/source.json ]]; then
		rm -rf "$work"
	else
		finish "$work" "$identity" "$dir" >/dev/null
	fi
	echo "${identity:0:12}" >"$marks"
	echo "$store/${identity:0:12}"
}

# from_debian: prints the tarball of the distribution's package, or fails.
from_debian() {
	local work=$store/debian.tmp tarball suites
	read -ra suites <<<"$(of_base suites)"
	# shellcheck source-path=SCRIPTDIR/.. source=scripts/apt.sh
	. "$PFD_ROOT/scripts/apt.sh"
	rm -rf "$work"
	mkdir -p "$work"
	{
		apt_private "$work/apt" "$(dpkg --print-architecture)" "${suites[@]}" &&
			apt_fetch "$work/debs" "linux-source-$base" &&
			dpkg-deb -x "$work"/debs/*.deb "$work/root"
	} >"$log" 2>&1 || return 1
	tarball=$work/root/usr/src/linux-source-$base.tar.xz
	[[ -e $tarball ]] && echo "$tarball"
}

# from_kernel_org: prints the tarball, its checksum verified, or fails.
from_kernel_org() {
	local work=$store/kernel.org.tmp file=linux-$pinned.tar.xz
	have curl || return 1
	rm -rf "$work"
	mkdir -p "$work"
	say "fetching $file from $mirror"
	curl -sSfL --connect-timeout 20 --speed-limit 10000 --speed-time 30 \
		-o "$work/sha256sums.asc" "$mirror/sha256sums.asc" \
		-o "$work/$file" "$mirror/$file" >>"$log" 2>&1 || return 1
	if ! (cd "$work" && awk -v f="$file" '$2 == f' sha256sums.asc |
		sha256sum -c --status) >>"$log" 2>&1; then
		echo "error: $file does not have the checksum of sha256sums.asc" >>"$log"
		return 1
	fi
	echo "$work/$file"
}

# Read-only and instant, the usual case: no lock, no tools. `default` was there
# before there were several bases.
if [[ ! $given ]]; then
	for link in "base-$base" default; do
		grep -qs "\"base\": \"$base\"" "$store/$link/source.json" || continue
		(cd "$store/$link" && pwd -P)
		exit 0
	done
	[[ ! $prepared ]] || exit 1
fi

for tool in jq tar xz flock; do
	need "$tool"
done
make_dir "$store"
make_dir "$PFD_BUILD/logs"
exec 8>"$store/lock"
flock -n 8 || { say "waiting for another ./run.sh to prepare the source" && flock 8; }

if [[ $given ]]; then
	[[ -e $given ]] || die 2 "--linux $given does not exist: give a directory or a tarball of Linux $base"
	if [[ -d $given ]]; then
		copy "$given"
	else
		[[ $(set +o pipefail && tar -tf "$given" 2>/dev/null | head -n 1) ]] ||
			die 2 "--linux $given is neither a directory nor a readable tarball"
		unpack "$(cd "$(dirname "$given")" && pwd -P)/${given##*/}" "$given"
	fi
	exit 0
fi

trap 'rm -rf "$store"/*.tmp' EXIT
say "looking for linux-source-$base in this system's package archive"
if tarball=$(from_debian); then
	from="Debian package $(basename "$store"/debian.tmp/debs/*.deb .deb)"
elif tarball=$(from_kernel_org); then
	from="$mirror/${tarball##*/}"
else
	die 4 "no Linux $base source: neither this system's package archive nor $mirror has one ($(last_error "$log")): $hint"
fi
dir=$(unpack "$tarball" "$from")
ln -sfn "${dir##*/}" "$store/base-$base"
echo "$dir"
