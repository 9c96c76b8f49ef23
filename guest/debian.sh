#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest/debian.sh NAME PACKAGE...: Debian's ppc64el packages and everything
# they depend on, unpacked into build/debian/NAME/root; their names and versions
# in packages.txt beside it. Nothing is emulated and nothing installed.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/apt.sh
. "$PFD_ROOT/scripts/apt.sh"

name=$1
shift
final=$PFD_BUILD/debian/$name
recipe=$({ cat "$0" && echo "$*"; } | sha256sum | cut -c 1-12)
fetched() {
	[[ $(head -n 1 "$final/packages.txt" 2>/dev/null) == "recipe $recipe" ]]
}
! fetched || exit 0

make_dir "$PFD_BUILD/logs"
make_dir "$PFD_BUILD/debian"
exec 8>"$PFD_BUILD/debian/lock"
flock 8
! fetched || exit 0
free_mib "$PFD_BUILD" 1000 "unpacking $* for the guest"
log=$PFD_BUILD/logs/debian-$name.log
work=$final.tmp
rm -rf "$work" "$final"
mkdir "$work"
trap 'rm -rf "$work"' EXIT

say "fetching $* for the guest, and what that depends on (ppc64el)"
apt_private "$work/apt" ppc64el >"$log" 2>&1 ||
	die 4 "no Debian package archive to take $* for the guest from: run 'apt-get update' on a Debian system ($log)"
apt_fetch_all "$work/debs" "$@" >>"$log" 2>&1 ||
	die 4 "cannot fetch $* for the guest: $(last_error "$log") ($log)"
for deb in "$work"/debs/*.deb; do
	dpkg-deb -x "$deb" "$work/root" >>"$log" 2>&1 ||
		die 4 "cannot unpack ${deb##*/}: $(last_error "$log") ($log)"
	dpkg-deb -W "$deb"
done >"$work/list"
{ echo "recipe $recipe" && sort "$work/list"; } >"$work/packages.txt"
rm -rf "$work"/{apt,debs,list} "$work/root/usr/share"
mv "$work" "$final"
