#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest/sysroot.sh: the ppc64le static libraries that the guest's tools link
# against, and busybox, from Debian packages into build/sysroot/. Takes a few
# seconds once; nothing is emulated and nothing installed.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/apt.sh
. "$PFD_ROOT/scripts/apt.sh"

packages=(libbpf-dev libelf-dev zlib1g-dev libjansson-dev busybox-static)

# A POWER machine has them installed, and links what it has.
[[ $(uname -m) != ppc64le ]] || exit 0

sysroot=$PFD_BUILD/sysroot
recipe=$(hash_of "$PFD_ROOT/guest/sysroot.sh" | cut -c 1-12)
if [[ $(head -n 1 "$sysroot/packages.txt" 2>/dev/null) == "recipe $recipe" ]]; then
	exit 0
fi

make_dir "$PFD_BUILD/logs"
free_mib "$PFD_BUILD" 300 "the guest's libraries"
exec 8>"$PFD_BUILD/sysroot.lock"
flock 8
log=$PFD_BUILD/logs/sysroot.log
work=$PFD_BUILD/sysroot.tmp
rm -rf "$work" "$sysroot"
mkdir "$work"
trap 'rm -rf "$work"' EXIT

say "fetching the guest's libraries (${packages[*]}) for ppc64el"
apt_private "$work/apt" ppc64el >"$log" 2>&1 ||
	die 4 "build/sysroot: no Debian package archive to take the guest's libraries from: run 'apt-get update' on a Debian system ($log)"
apt_fetch "$work/debs" "${packages[@]}" >>"$log" 2>&1 ||
	die 4 "cannot fetch the guest's libraries: $(last_error "$log") ($log)"
mkdir "$work/root"
for deb in "$work"/debs/*.deb; do
	dpkg-deb -x "$deb" "$work/root" >>"$log" 2>&1 ||
		die 4 "cannot unpack ${deb##*/}: $(last_error "$log") ($log)"
done

# Only static libraries: the shared ones' links lead nowhere here, and the
# linker would try them first.
find "$work/root" -name '*.so' -delete
rm -rf "$work/root/usr/share"
{
	echo "recipe $recipe"
	for deb in "$work"/debs/*.deb; do
		dpkg-deb -W "$deb"
	done
} >"$work/root/packages.txt"
mv "$work/root" "$sysroot"
say "the guest's libraries are in build/sysroot"
