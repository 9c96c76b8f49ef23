#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A kernel is the same to the byte wherever it is built: once more, clean and in
# another place, and compared with the one that is there, which may have been
# built after others in the same object directory.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

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
