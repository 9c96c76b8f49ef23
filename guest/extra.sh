#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest/extra.sh NAME: packs build/guest/NAME.extra.cpio, what the image NAME has
# beyond the ordinary one: programs of Debian's ppc64el packages in /usr/bin, and
# the shared libraries that they need; or the kernel's selftests. For
# guest/image.sh. The same packages give the same bytes, on any machine.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"

name=$1
case $name in
stress-ng) packages=(stress-ng) programs=(stress-ng) ;;
full) packages=(bpftrace linux-perf stress-ng) programs=(bpftrace perf stress-ng) ;;
kvm-host)
	# A machine that has guests: for tests/guest/kvm.sh.
	packages=(linux-image-powerpc64le qemu-system-ppc bash coreutils grep sed util-linux)
	programs=(qemu-system-ppc64 bash cat chmod date env flock grep head id mkdir paste rm
		sed seq sleep sort stat tail taskset timeout tr uname wc)
	;;
selftests) exec "$PFD_ROOT/guest/selftests.sh" ;;
*) die 2 "no guest image '$name': there are stress-ng, full, kvm-host, selftests" ;;
esac

library_dir=lib/powerpc64le-linux-gnu
loader=ld64.so.2 # as the programs' PT_INTERP has it: /lib64/ld64.so.2
guest=$PFD_BUILD/guest
extra=$guest/$name.extra.cpio
readelf=powerpc64le-linux-gnu-readelf
[[ $(uname -m) != ppc64le ]] || readelf=readelf

"$PFD_ROOT/guest/debian.sh" "$name" "${packages[@]}"
debian=$PFD_BUILD/debian/$name
stamp=$(cat "$debian/packages.txt" "$0" | sha256sum | cut -c 1-64)
[[ $(cat "$extra.stamp" 2>/dev/null) != "$stamp" || ! -e $extra ]] || exit 0

need cpio
need "$readelf"
work=$guest/$name.extra.tmp
rm -rf "$work"
trap 'rm -rf "$work" "$extra.tmp"' EXIT
umask 022
mkdir -p "$work"/{bin,lib64,$library_dir,usr/bin}

# needed FILE: the libraries that it names (DT_NEEDED).
needed() {
	"$readelf" -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p'
}

for program in "${programs[@]}"; do
	cp -L "$debian/root/usr/bin/$program" "$work/usr/bin" 2>/dev/null ||
		cp -L "$debian/root/bin/$program" "$work/usr/bin" 2>/dev/null ||
		die 4 "Debian's ${packages[*]} have no /usr/bin/$program: guest/extra.sh wants another name"
	# The shell's PATH is /bin.
	ln -s "../usr/bin/$program" "$work/bin/$program"
done
ln -s "../$library_dir/$loader" "$work/lib64/$loader"
todo=("$work"/usr/bin/*)
while ((${#todo[@]})); do
	# shellcheck disable=SC2207 # library names have no spaces
	libraries=($(for file in "${todo[@]}"; do needed "$file"; done | sort -u))
	todo=()
	for library in "${libraries[@]}"; do
		file=$work/$library_dir/$library
		[[ ! -e $file ]] || continue
		cp -L "$debian/root/$library_dir/$library" "$file" 2>/dev/null ||
			cp -L "$debian/root/usr/$library_dir/$library" "$file" 2>/dev/null ||
			die 4 "$library, which ${programs[*]} need, is in no package of build/debian/$name/packages.txt"
		todo+=("$file")
	done
done
[[ -e $work/$library_dir/$loader ]] ||
	die 4 "no $loader among the libraries that ${programs[*]} need"
chmod -R u=rwX,go=rX "$work"
chmod 755 "$work"/usr/bin/* "$work/$library_dir/$loader"
find "$work" -exec touch -h -d @0 {} +
(cd "$work" && find . -mindepth 1 -printf '%P\n' | sort |
	cpio --quiet -o -H newc --reproducible --owner=0:0 >"$extra.tmp") ||
	die 4 "cannot write $extra: is the disk full?"
mv "$extra.tmp" "$extra"
echo "$stamp" >"$extra.stamp"
