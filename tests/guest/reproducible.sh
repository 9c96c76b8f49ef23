#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What is made here is the same to the byte as where the reference run was made:
# every kernel of it that is built here from the same inputs, and a slice of its
# records, of a kernel that the other tests boot. Where nothing can be compared (no
# reference, another compiler, another source), a kernel is built a second time,
# clean and in another place.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
reference=results/reference

# Kernels here that the reference has too, by the hash over all their inputs.
same=0
while IFS=$'\t' read -r variant pages hash sum; do
	here=build/kernels/$hash
	[[ -e $here/vmlinux ]] || continue
	equal "vmlinux of $variant $pages, $hash" "$sum" "$(sha256sum <"$here/vmlinux" | cut -c 1-64)"
	same=$((same + 1))
done < <([[ ! -e $reference/manifest.json ]] ||
	jq -r '.kernels[] | [.variant, .pages, .hash, .vmlinux_sha256] | @tsv' $reference/manifest.json)
if ((same)); then
	code=0
	./run.sh reproduce $reference --cells 'refcount.64k.*.thp-collapse.*.s1' --out "$tmp/results" >"$tmp/stdout" 2>"$tmp/stderr" || code=$?
	# Another emulator or image may well make a difference: then counts are compared.
	if ((code == 1)) && grep -q 'inputs are not those of' "$tmp/stdout"; then
		shows 'counts of these cells are equal'
	elif ((code)); then
		cat "$tmp/stdout" "$tmp/stderr"
		fail "exit code $code of reproduce"
	fi
	exit 0
fi

# Too large for some machines' /tmp.
elsewhere=$ROOT/build/reproducible
rm -rf "$elsewhere"
trap 'rm -rf "$tmp" "$elsewhere"' EXIT
mkdir -p "$elsewhere"
git ls-files -z | xargs -0 cp --parents -t "$elsewhere"

here=$(kernels/build.sh refcount 64k)
there=$("$elsewhere"/kernels/build.sh refcount 64k)
equal "content hash" "${here##*/}" "${there##*/}"
for file in vmlinux System.map config; do
	cmp "$here/$file" "$there/$file" || fail "$file differs"
done
