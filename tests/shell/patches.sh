#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The series are what a maintainer can take: `git am` applies each to the bases
# it is for, and the base patches bring a 6.12.y of before the fix to the same
# base. Of the other bases, those whose source is there: none is fetched.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"

git() {
	command git -C "$repo" -c user.name=t -c user.email=t@localhost "$@"
}

# came FILE: as it came, whatever patches the tree has now.
came() {
	local file=$source/pristine/$1
	[[ -e $file ]] || file=$source/tree/$1
	printf '%s\n' "$file"
}

# series BASE VARIANT: sets patches, as kernels/build.sh does; fails where the
# variant is not for the base.
series() {
	local base=$1 variant=$2 bases
	bases=$(sed -n 's/^bases *= *//p' "$variant/variant.ini")
	[[ " ${bases:-6.12} " == *" $base "* ]] || return 1
	patches=("$variant"/*.patch)
	[[ ! -d $variant/$base ]] || patches=("$variant/$base"/*.patch)
	[[ -e ${patches[0]} ]] || patches=()
}

# base_patches: applies them, if they are not in the source already.
base_patches() {
	local patch
	for patch in "$ROOT/kernels/bases/$1"/*.patch; do
		[[ -e $patch ]] || continue
		if git apply --check --reverse "$patch" 2>/dev/null; then
			git apply --reverse "$patch"
			git commit -qam "before the fix"
			git am -q "$patch" || fail "$patch does not bring back the fix"
			git diff --quiet HEAD~2 || fail "$patch is not the fix"
		else
			git am -q "$patch"
		fi
	done
}

# check BASE: every series for it, in a repository with the files that any of
# them is about.
check() {
	local base=$1 variant patch file count=0
	repo=$tmp/repo-$base
	mkdir "$repo"
	git init -q
	for variant in "$ROOT"/{kernels,tests/fixtures}/variants/*/; do
		series "$base" "${variant%/}" || continue
		sed -n 's,^--- a/,,p' /dev/null "${patches[@]}"
	done | sort -u >"$tmp/files"
	sed -sn 's,^--- a/,,p' "$ROOT/kernels/bases/$base"/*.* >>"$tmp/files"
	while read -r file; do
		mkdir -p "$repo/${file%/*}"
		cp "$(came "$file")" "$repo/$file"
	done <"$tmp/files"
	git add . && git commit -qm base --allow-empty
	base_patches "$base"
	git tag base
	for variant in "$ROOT"/{kernels,tests/fixtures}/variants/*/; do
		series "$base" "${variant%/}" || continue
		count=$((count + 1))
		git checkout -q base
		for patch in "${patches[@]}"; do
			git am -q "$patch" || fail "$patch does not apply"
			(($(git log -1 --format=%b | wc -w) > 20)) ||
				fail "$patch does not say why"
		done
	done
	((count)) || fail "no variant is for base $base"
}

source=$(kernels/source.sh)
check 6.12
for dir in "$ROOT"/kernels/bases/*/; do
	base=$(basename "$dir")
	[[ $base != 6.12 ]] || continue
	if source=$(kernels/source.sh --prepared --base "$base"); then
		check "$base"
	else
		echo "base $base: no source here, not checked"
	fi
done
