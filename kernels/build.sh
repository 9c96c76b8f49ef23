#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels/build.sh: one kernel, of one variant and page size, and prints the
# directory it is in: build/kernels/HASH/ with vmlinux, System.map, config,
# options (what the kernel is told when it boots) and manifest.json. HASH is
# over everything that determines the bytes, so what is there already is never
# built again, and is there whole (it is renamed into place last).
#
# All variants of a page size and flavour are built in one object directory and
# from one copy of the source, in which only the patched files change: another
# variant costs a link.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"

usage() {
	cat <<'END'
usage: kernels/build.sh [--source DIR] [--flavour NAME] [--hash] VARIANT PAGES

Builds what kernels/variants/VARIANT holds for PAGES (64k, 4k) and prints the
directory of the result. --source: what kernels/source.sh printed (default: ask
it). --flavour: release (the default: what is measured, on emulated and on real
machines), debug (what the gate boots) or kasan (that, and KASAN).
--hash: print only where the result is or would be, and fail with 1 if it is not
there yet.

examples:
  kernels/build.sh refcount 64k
  kernels/build.sh --flavour debug per-table 64k
  kernels/build.sh --hash landed 4k
END
}

source=''
flavour=release
only_hash=''
while [[ ${1:-} == -* ]]; do
	case $1 in
	--source)
		source=${2:?}
		shift
		;;
	--flavour)
		flavour=${2:?}
		shift
		;;
	--hash) only_hash=y ;;
	--help) usage && exit 0 ;;
	*) die 2 "unknown argument '$1': see kernels/build.sh --help" ;;
	esac
	shift
done
(($# == 2)) || die 2 "a variant and a page size are needed: see kernels/build.sh --help"
variant=$1 pages=$2
here=$PFD_ROOT/kernels
# 32: the release string must fit the 64 bytes of uname -r.
if [[ ! $variant =~ ^[a-z0-9][a-z0-9-]{0,31}$ ]] || ! home=$(variant_dir "$variant"); then
	die 2 "unknown variant '$variant': './run.sh list variants' names those there are"
fi
[[ $pages =~ ^(64k|4k)$ ]] ||
	die 2 "unknown page size '$pages': there are 64k and 4k"
# mark is for the release string, where there is little room.
name=$variant-$pages-$flavour mark=$variant-$pages-${flavour:0:1} object_name=$pages-$flavour
options='' configs=(common "$pages")
case $flavour in
release) name=$variant-$pages mark=$name object_name=$pages configs+=(hardware) ;;
debug) configs+=(debug) ;;
kasan) configs+=(debug kasan) ;;
*) die 2 "unknown flavour '$flavour': there are release, debug and kasan" ;;
esac
[[ $flavour != debug ]] || options=$(<"$here/config/debug.options")
[[ $source ]] || source=$("$here/source.sh")
source=$(realpath -e -- "$source" 2>/dev/null) || die 2 "--source: no such directory"
base=$(jq -r .base "$source/source.json")
[[ -d $here/bases/$base ]] ||
	die 4 "$source is of no base in kernels/bases: remove it, and it is prepared again"
base_patches=("$here/bases/$base"/*.patch)
[[ -e ${base_patches[0]} ]] || base_patches=()
# A base where the code differs has a series of its own.
patches=("$home"/*.patch)
[[ ! -d $home/$base ]] || patches=("$home/$base"/*.patch)
[[ -e ${patches[0]} ]] || patches=()
fragments=("${configs[@]/#/$here/config/}")
for config in "${configs[@]}"; do
	[[ ! -e $here/bases/$base/$config.config ]] || fragments+=("$here/bases/$base/$config")
done
fragments=("${fragments[@]/%/.config}")

cross=powerpc64le-linux-gnu-
[[ $(uname -m) != ppc64le ]] || cross=
for tool in "${cross}gcc" "${cross}ld" pahole make bc flex bison jq git flock; do
	need "$tool"
done
cc=$("${cross}gcc" --version | head -n 1)
ld=$("${cross}ld" --version | head -n 1)
pahole=$(pahole --version)
identity=$(jq -r .identity "$source/source.json")
config_hash=$(cat "${fragments[@]}" | sha256sum | cut -c 1-64)
# This script's way of building. A change here that can change a byte of a kernel
# needs another one: `sha256sum <kernels/build.sh`. The test guest.reproducible
# finds one that was forgotten.
recipe="44c7f0e5e4a112f555d09054efba4854845903454529d68561ca7c69485e82b3  -"

# changes PATCH...: without their messages, which are in no kernel.
changes() {
	sed -s -nE '/^(diff|---) /,$p' /dev/null "$@"
}
hash=$({
	printf '%s\n' "$identity" "$name" "$options" "$cc" "$ld" "$pahole" "$config_hash"
	echo "$recipe"
	changes "${base_patches[@]}" "${patches[@]}"
} | sha256sum | cut -c 1-12)
final=$PFD_BUILD/kernels/$hash
if [[ -e $final/manifest.json ]]; then
	echo "$final"
	exit 0
elif [[ $only_hash ]]; then
	echo "$final"
	exit 1
fi

make_dir "$PFD_BUILD/kernels"
make_dir "$PFD_BUILD/logs"
log=$PFD_BUILD/logs/kernel-$name.log
tree=$source/tree
pristine=$source/pristine
objects=$source/objects-$object_name
work=$PFD_BUILD/kernels/$hash.tmp
exec 9>"$source/lock"
flock 9

# Puts back every file that a patch ever changed. pristine/ only grows, and
# only while the tree is as it came: an interruption at any point does no harm.
# A file is replaced only if it differs, and then by a newer one, so that make
# sees exactly what changed.
restore() {
	local file
	[[ -d $pristine ]] || return 0
	while IFS= read -r -d '' file; do
		if [[ $file == *.pfd-absent ]]; then
			rm -f "$tree/${file%.pfd-absent}"
		elif ! cmp -s "$pristine/$file" "$tree/$file"; then
			cp --preserve=mode "$pristine/$file" "$tree/$file.pfd-tmp"
			mv "$tree/$file.pfd-tmp" "$tree/$file"
		fi
	done < <(cd "$pristine" && find . -type f -not -name '*.pfd-tmp' -print0)
}

# keep FILE: remembers a file as it came, or that it was not there.
keep() {
	local file=$1
	mkdir -p "$pristine/$(dirname "$file")"
	if [[ ! -e $tree/$file ]]; then
		[[ -e $pristine/$file ]] || : >"$pristine/$file.pfd-absent"
	elif [[ ! -e $pristine/$file ]]; then
		cp -p "$tree/$file" "$pristine/$file.pfd-tmp"
		mv "$pristine/$file.pfd-tmp" "$pristine/$file"
	fi
}

# The tree may lie in a git repository, which is not the patches' concern.
apply() {
	(cd "$tree" && GIT_CEILING_DIRECTORIES=$source git apply -p1 "$@") 2>>"$log"
}

# refuse TEXT: the series cannot be applied.
refuse() {
	restore
	die 4 "$1: $(last_error "$log") ($log)"
}

# Patches the tree; base_state says what a base patch found there.
patch_tree() {
	local patch adds deletes file
	base_state=()
	restore
	for patch in "${base_patches[@]}" "${patches[@]}"; do
		while IFS=$'\t' read -r -d '' adds deletes file; do
			: "$adds" "$deletes"
			[[ $file && $file != /* && $file != *../* ]] ||
				refuse "${patch#"$PFD_ROOT/"} renames files or leaves the tree: make it add and remove them"
			keep "$file"
		done < <(apply --numstat -z "$patch" || true)
	done
	for patch in "${base_patches[@]}"; do
		file=${patch##*/}
		if apply --check --reverse "$patch" 2>/dev/null; then
			base_state+=("$file: in the source already")
		elif apply "$patch"; then
			base_state+=("$file: applied")
		else
			refuse "base patch $file neither applies to Linux $version nor is in it"
		fi
	done
	for patch in "${patches[@]}"; do
		apply "$patch" ||
			refuse "patch ${patch##*/} of variant $variant does not apply to Linux $version"
	done
}

# Everything that could differ between two machines or two moments is fixed.
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970' KBUILD_BUILD_VERSION=1
export KBUILD_BUILD_USER=pfd KBUILD_BUILD_HOST=pfd
unset MAKEFLAGS MAKELEVEL KCONFIG_ALLCONFIG KBUILD_OUTPUT LOCALVERSION CFLAGS LDFLAGS

# Types are what .BTF needs of debug information. To follow where a variable is when
# takes gcc a tenth of its time.
kmake() {
	local maps="-fdebug-prefix-map=$objects=. -fdebug-prefix-map=$tree=source"
	make -C "$tree" O="$objects" ARCH=powerpc CROSS_COMPILE="$cross" \
		LOCALVERSION="-pfd-$mark-$hash" \
		KCFLAGS="$maps -fno-var-tracking" KAFLAGS="$maps" "$@" >>"$log" 2>&1
}

# The fragments as one: of an option, the last word counts. What comes last is
# the base's, where "# CONFIG_X is not there" means that nothing is asked for.
effective() {
	awk '
		match($0, /^(# )?CONFIG_[A-Z0-9_]+/) {
			option = substr($0, 1, RLENGTH)
			sub(/^# /, "", option)
			if (!(option in word)) order[++count] = option
			word[option] = $0
		}
		END { for (i = 1; i <= count; i++) print word[order[i]] }
	' "${fragments[@]}"
}

# Configures the object directory, unless it is so already.
configure() {
	local marks="$config_hash $cc $ld $pahole" line
	if [[ -e $objects/.pfd-configured && $(<"$objects/.pfd-configured") == "$marks" ]]; then
		return
	fi
	rm -rf "$objects"
	mkdir -p "$objects"
	effective >"$objects/pfd.config"
	kmake KCONFIG_ALLCONFIG="$objects/pfd.config" allnoconfig ||
		die 4 "cannot configure the $object_name kernel: $(last_error "$log") ($log)"
	while IFS= read -r line; do
		grep -qxF "$line" "$objects/.config" ||
			die 4 "kernels/config: ${line%%=*} does not come out as '$line' for $object_name kernels of Linux $version: a dependency is missing or the symbol is gone (kernels/bases/README.md)"
	done < <(grep '^CONFIG_' "$objects/pfd.config")
	while read -r line; do
		! grep -qE "^(# )?${line}[= ]" "$objects/.config" ||
			die 4 "kernels/bases/$base: $line is there in Linux $version"
	done < <(sed -nE "s/^# (CONFIG_[A-Z0-9_]+) is not there$/\1/p" "$objects/pfd.config")
	echo "$marks" >"$objects/.pfd-configured"
}

: >"$log"
rm -rf "$work"
trap 'rm -rf "$work"' EXIT
version=$(jq -r .version "$source/source.json")
free_mib "$PFD_BUILD" 1500 "a kernel build"
started=$SECONDS
patch_tree
configure
say "building $name (a first build of a page size takes about 5 minutes, others 20 s)"
kmake -j$(($(nproc) + 1)) vmlinux ||
	die 4 "building $name failed: $(last_error "$log") ($log)"
release=$(<"$objects/include/config/kernel.release")
((${#release} <= 64)) ||
	die 4 "the release string '$release' is longer than the 64 bytes of uname -r: shorten the variant's name"

mkdir "$work"
# Without debug information but with .BTF: 20 MB instead of 150.
if ! {
	"${cross}strip" -g -o "$work/vmlinux" "$objects/vmlinux" &&
		cp "$objects/System.map" "$work/System.map" &&
		cp "$objects/.config" "$work/config" &&
		echo "$options" >"$work/options"
} >>"$log" 2>&1; then
	die 4 "cannot keep the $name kernel: $(last_error "$log") ($log)"
fi
patch_list=()
for patch in "${patches[@]}"; do
	patch_list+=("${patch##*/} $(changes "$patch" | sha256sum | cut -c 1-64)")
done
jq -n --arg variant "$variant" --arg pages "$pages" --arg hash "$hash" \
	--arg flavour "$flavour" --arg options "$options" \
	--arg release "$release" --slurpfile source "$source/source.json" \
	--arg base_state "$(printf '%s\n' "${base_state[@]}")" \
	--arg patches "$(printf '%s\n' "${patch_list[@]}")" \
	--arg config "$config_hash" --arg cc "$cc" --arg ld "$ld" --arg pahole "$pahole" \
	--arg vmlinux "$(sha256sum <"$work/vmlinux" | cut -c 1-64)" '
	def lines: split("\n") | map(select(. != ""));
	{ schema: 1, variant: $variant, pages: $pages, flavour: $flavour, hash: $hash,
	  release: $release, options: $options,
	  source: ($source[0] | del(.from)), base: ($base_state | lines),
	  patches: ($patches | lines | map(split(" ") | {file: .[0], sha256: .[1]})),
	  config_sha256: $config, vmlinux_sha256: $vmlinux,
	  toolchain: {cc: $cc, ld: $ld, pahole: $pahole} }' >"$work/manifest.json"
mv "$work" "$final"
say "built $name in $((SECONDS - started)) s"
echo "$final"
