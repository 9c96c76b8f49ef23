#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# tests/box/make.sh [--systemd] DIR [OVERLAY]: an emulated POWER machine, for tests
# of what needs a real one: a disk with a small Debian (ppc64el), the machine's own
# kernel and initrd, and a key for root's ssh, all in DIR, for tests/box/box.sh.
# Process 1 is a shell script, which is up in no time, or systemd. What is in OVERLAY
# is put over the root file system. Nothing is emulated here, and no root is needed.
#
#	DIR/disk		ext4: /boot has kernel and initrd too
#	DIR/vmlinux DIR/initrd	what the machine's firmware boots
#	DIR/nvram		its NVRAM
#	DIR/key			of root, for ssh
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"

name=box systemd=()
if [[ ${1:-} == --systemd ]]; then
	name=box-systemd systemd=(systemd systemd-sysv)
	shift
fi
(($# == 1 || $# == 2)) || die 2 "make.sh [--systemd] DIR [OVERLAY]"
dir=$1 overlay=${2:-}
packages=(base-files bash coreutils cpio dash diffutils dropbear-bin findutils gawk grep gzip
	hostname jq mount ncurses-base passwd procps sed tar util-linux)
disk_mib=1024

for tool in mke2fs debugfs ssh-keygen cpio jq; do
	have "$tool" || die 4 "$tool is not installed: './run.sh doctor --install' gets what the tests need"
done
"$PFD_ROOT/guest/sysroot.sh" >/dev/null
"$PFD_ROOT/guest/debian.sh" "$name" "${packages[@]}" "${systemd[@]}"
kernel=$("$PFD_ROOT/kernels/build.sh" landed-fixed 64k)
release=$(jq -r .release "$kernel/manifest.json")

make_dir "$dir"
root=$dir/root.tmp
rm -rf "$root" "$dir"/{disk,vmlinux,initrd,nvram,key,key.pub}
trap 'rm -rf "$root" "$dir/initrd.tmp"' EXIT
umask 022
cp -a "$PFD_BUILD/debian/$name/root" "$root"
# perl is there because something depends on it, and nothing here uses it.
rm -rf "$root"/usr/lib/*/perl*
mkdir -p "$root"/{boot,root/.ssh,tmp,etc/dropbear,etc/pfd-bench,var/log,var/tmp,mnt}
chmod 700 "$root/root" "$root/root/.ssh"
[[ -e $root/bin/sh ]] || ln -s bash "$root/bin/sh"
[[ -e $root/usr/bin/awk ]] || ln -s gawk "$root/usr/bin/awk"
printf '%s\n' 'root:x:0:0:root:/root:/bin/bash' \
	'somebody:x:1000:1000:somebody:/tmp:/bin/bash' >"$root/etc/passwd"
printf '%s\n' 'root:x:0:' 'somebody:x:1000:' >"$root/etc/group"
printf '%s\n' 'root:*:19000:0:99999:7:::' 'somebody:*:19000:0:99999:7:::' >"$root/etc/shadow"
chmod 600 "$root/etc/shadow"
printf '%s\n' /bin/sh /bin/bash >"$root/etc/shells"
printf '127.0.0.1 localhost\n127.0.1.1 box\n' >"$root/etc/hosts"
echo box >"$root/etc/hostname"
ssh-keygen -q -t ed25519 -N '' -C box -f "$dir/key" || die 4 "ssh-keygen failed"
cp "$dir/key.pub" "$root/root/.ssh/authorized_keys"
if ((${#systemd[@]})); then
	install -m 644 "$PFD_ROOT/tests/box/box.service" "$root/etc/systemd/system/box.service"
	mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
	ln -s ../box.service "$root/etc/systemd/system/multi-user.target.wants/box.service"
	ln -s /lib/systemd/system/multi-user.target "$root/etc/systemd/system/default.target"
	# No bus, no udev, and nobody at the console.
	for unit in systemd-logind systemd-firstboot serial-getty@hvc0 getty@tty1; do
		ln -s /dev/null "$root/etc/systemd/system/$unit.service"
	done
	echo 7066642d626f7870666462656e636831 >"$root/etc/machine-id"
else
	install -m 755 "$PFD_ROOT/tests/box/init.sh" "$root/sbin/init"
	install -m 755 "$PFD_ROOT/tests/box/halt.sh" "$root/sbin/poweroff"
	ln -s poweroff "$root/sbin/reboot"
fi

# The initrd that such a machine has: it mounts the disk and goes there.
initrd=$dir/initrd.tmp
rm -rf "$initrd"
mkdir -p "$initrd"/{bin,dev,proc,root}
busybox=$PFD_BUILD/sysroot/bin/busybox
[[ $(uname -m) != ppc64le ]] || busybox=$(command -v busybox)
cp "$busybox" "$initrd/bin/busybox"
install -m 755 "$PFD_ROOT/tests/box/initrd.sh" "$initrd/init"
(cd "$initrd" && find . | sort | cpio --quiet -o -H newc --owner=0:0) >"$dir/initrd"
cp "$kernel/vmlinux" "$dir/vmlinux"
cp "$dir/vmlinux" "$root/boot/vmlinux-$release"
cp "$dir/initrd" "$root/boot/initrd.img-$release"
[[ ! $overlay ]] || cp -a "$overlay/." "$root"

# NVRAM, as firmware hands it over: one partition, free (arch/powerpc/kernel/nvram_64.c:
# struct nvram_header, nvram_checksum()), from which a kernel takes what its crash logs
# need.
{ printf '\x7f\x29\x10\x00wwwwwwwwwwww' && head -c 65520 /dev/zero; } >"$dir/nvram"

# As root's, whoever makes them.
as_root=()
((EUID == 0)) || as_root=(unshare --map-root-user)
"${as_root[@]}" mke2fs -q -t ext4 -O ^metadata_csum,^orphan_file -E lazy_itable_init=1,root_owner=0:0 \
	-L box -d "$root" "$dir/disk" "${disk_mib}M" >"$dir/mke2fs.log" 2>&1 ||
	die 4 "cannot make $dir/disk: $(last_error "$dir/mke2fs.log")"
rm -f "$dir/mke2fs.log"
