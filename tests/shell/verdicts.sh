#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Of two verdicts on a kernel the one counts that saw more of it, or saw it fail: a
# pass of --quick must not hide what the whole gate found, here or in the tree.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/lib.sh
PFD_ME='test' . scripts/lib.sh
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/tools.sh
. scripts/tools.sh

# verdict HASH WORD TEXT
verdict() {
	printf '%s\tv\t64k\thash\t%s\t%s\n' "$@"
}
{
	verdict h1 pass ''
	verdict h2 fail 'x, quick'
	verdict h3 fail x
	verdict h4 pass quick
	verdict h5 pass ''
	verdict h6 pass ''
} >"$tmp/old"
{
	verdict h1 fail 'y, quick'
	verdict h2 pass quick
	verdict h3 pass quick
	verdict h4 pass 'without KASAN'
	verdict h5 pass quick
	verdict h7 unknown 'z, quick'
} >"$tmp/new"
{
	verdict h1 fail 'y, quick'
	verdict h2 pass quick
	verdict h3 fail x
	verdict h4 pass 'without KASAN'
	verdict h5 pass ''
	verdict h6 pass ''
	verdict h7 unknown 'z, quick'
} >"$tmp/wanted"
merge_verdicts "$tmp/old" "$tmp/new" >"$tmp/merged"
diff "$tmp/wanted" "$tmp/merged" >&2 || fail "merged as they must not be"
# Of the tree's store and this machine's, neither is known to be the newer.
sed 's/^h2\t.*/h2\tv\t64k\thash\tfail\tx, quick/' "$tmp/wanted" >"$tmp/either"
for order in 'old new' 'new old'; do
	read -r first second <<<"$order"
	merge_verdicts --either "$tmp/$first" "$tmp/$second" | cut -f -5 >"$tmp/merged"
	cut -f -5 "$tmp/either" | diff - "$tmp/merged" >&2 || fail "$order: not what either says"
done
equal "one store only" "$(sort "$tmp/old")" "$(merge_verdicts "$tmp/old" "$tmp/nosuch")"
