#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# target: a POWER machine itself: into each cell's kernel by kexec, and back
# reboot_s: 3600
# emulator: none
#
# A cell is a round trip: this machine's own kernel loads the cell's, with the
# guest image and all that it takes to come home in its initramfs, and is gone.
# The guest's init runs the cell and goes back by kexec into the machine's own
# kernel, in front of whose initrd it puts what came of the cell; there
# pfd-kexec (guest/pfd_kexec.c) keeps that in memory. So no kernel under test
# needs a driver of a disk. Called for the same cell again, by the same ./run.sh
# (kexec-resume.sh) or by a launcher that waited, this collects it.
#
# What is to survive a reboot is in one directory of the disk, for only one run
# at a time can have the machine:
#	tried/CELL	how often it was started, and from which boot (boot_id)
#	returned/CELL/	what came of it
#	going		boot_id of the boot that is about to end by us
# A cell that did not come back (it hung until the watchdog, the kernel panicked,
# power was cut: all of that looks the same) is tried once more. If it then is not
# back either it is a cell that took too long, with the end of the kernel's log if
# that was kept in NVRAM (pstore).
#
# Of the environment:
#	PFD_YES PFD_FORCE	--yes and --force of ./run.sh run
#	PFD_TIMEOUT		seconds that the guest has for the cell
#	PFD_RESUME		a shell command that goes on after a reboot
#	PFD_KEXEC_KERNEL PFD_KEXEC_INITRD	this machine's own
#	PFD_KEXEC_STATE		instead of /var/lib/pfd-bench/kexec
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=target.sh
. "${BASH_SOURCE[0]%/*}/target.sh"
# shellcheck source-path=SCRIPTDIR source=pseries.sh
. "${BASH_SOURCE[0]%/*}/pseries.sh"
# shellcheck source-path=SCRIPTDIR source=power.sh
. "${BASH_SOURCE[0]%/*}/power.sh"
# shellcheck source-path=SCRIPTDIR source=kexec-resume.sh
. "${BASH_SOURCE[0]%/*}/kexec-resume.sh"

state=${PFD_KEXEC_STATE:-/var/lib/pfd-bench/kexec}
# The order in which pfd-kexec holds them open, from descriptor 3 on.
returned=(token outcome guest.jsonl console.log)
attempts=2

need_root() {
	((EUID == 0)) || target_die 4 "only root can start another kernel: run this as root"
}

# Sets own_kernel and own_initrd.
find_own() {
	local release file
	release=$(uname -r)
	own_kernel=${PFD_KEXEC_KERNEL:-} own_initrd=${PFD_KEXEC_INITRD:-}
	# Debian and SUSE; Fedora.
	for file in "/boot/vmlinux-$release" "/boot/vmlinuz-$release"; do
		[[ $own_kernel || ! -e $file ]] || own_kernel=$file
	done
	for file in "/boot/initrd.img-$release" "/boot/initramfs-$release.img" "/boot/initrd-$release"; do
		[[ $own_initrd || ! -e $file ]] || own_initrd=$file
	done
	[[ -r ${own_kernel:-/dev/null/} ]] ||
		target_die 4 "no kernel ${own_kernel:-/boot/vmlinu?-$release} to come back to: PFD_KEXEC_KERNEL=FILE names this machine's own"
	[[ -r ${own_initrd:-/dev/null/} ]] ||
		target_die 4 "no initrd ${own_initrd:-for $release in /boot} to come back with: PFD_KEXEC_INITRD=FILE names this machine's own"
	[[ $(head -c 4 "$own_kernel" | tail -c 3) == ELF ]] ||
		target_die 4 "$own_kernel is no ELF file, and powerpc's kexec_file_load() takes no other: PFD_KEXEC_KERNEL=FILE names the vmlinux"
}

# This machine's own command line, as it was before we put a word in front.
own_cmdline() {
	sed 's/^rdinit=\/pfd-kexec //' /proc/cmdline
}

# The names of other users who are logged in.
others() {
	local names
	if [[ -d /run/systemd/system ]]; then
		names=$(loginctl list-sessions --no-legend 2>/dev/null | awk '{ print $3 }')
	else
		names=$(who 2>/dev/null | awk '{ print $1 }')
	fi
	printf '%s\n' "$names" | sort -u |
		grep -vxF -e "$(id -un)" -e "${SUDO_USER:-root}" -e "$(logname 2>/dev/null || echo root)" -e '' |
		paste -sd ' ' || true
}

check_machine() {
	local lockdown=/sys/kernel/security/lockdown
	[[ $(uname -m) == ppc64le ]] || target_die 4 "this machine is $(uname -m): kexec starts ppc64le kernels"
	grep -q 'kexec_file_load' /proc/kallsyms 2>/dev/null ||
		target_die 4 "this kernel has no kexec_file_load(): it needs CONFIG_KEXEC_FILE"
	[[ $(cat /proc/sys/kernel/kexec_load_disabled 2>/dev/null) != 1 ]] ||
		target_die 4 "kexec is switched off until the next reboot (kernel.kexec_load_disabled)"
	[[ ! -e $lockdown ]] || grep -q '\[none\]' "$lockdown" ||
		target_die 4 "this kernel is locked down, and starts none without a signature (secure boot)"
	command -v cpio >/dev/null || target_die 4 "cpio is not installed here"
}

# Whether it may reboot at all: said, or somebody there to ask.
may_ask() {
	# A terminal that can be opened, not only named.
	[[ ${PFD_YES:-} ]] || { : >/dev/tty; } 2>/dev/null ||
		target_die 2 "this reboots $(uname -n) twice for each cell: --yes says that it may"
}

ask() {
	local answer
	[[ ! ${PFD_YES:-} ]] || return 0
	printf 'This reboots %s by kexec, twice for each cell; everything that runs on it ends. Go on? [y/N] ' \
		"$(uname -n)" >/dev/tty
	read -r answer </dev/tty || answer=
	[[ $answer == [yY]* ]] || target_die 2 "not rebooted"
}

this_boot() {
	cat /proc/sys/kernel/random/boot_id
}

# The process that holds what came of a cell, if any.
holder() {
	local dir name
	for dir in /proc/[0-9]*; do
		name=
		{ IFS= read -r -d '' name <"$dir/cmdline"; } 2>/dev/null || true
		[[ $name == @pfd-return ]] || continue
		echo "${dir#/proc/}"
		return 0
	done
}

# Puts what came of a cell onto the disk, whichever it is of.
take_back() {
	local pid key try tried i
	pid=$(holder)
	[[ $pid ]] || return 0
	read -r key try <"/proc/$pid/fd/3" || true
	[[ ! $key =~ ^[0-9a-f]{16}$ ]] || read -r tried _ 2>/dev/null <"$state/tried/$key" || true
	if [[ $try && $try == "${tried:-}" ]]; then
		mkdir -p "$state/returned/$key.tmp"
		for i in "${!returned[@]}"; do
			cat "/proc/$pid/fd/$((3 + i))" >"$state/returned/$key.tmp/${returned[i]}"
		done
		sync
		rm -rf "$state/returned/$key"
		mv "$state/returned/$key.tmp" "$state/returned/$key"
		sync
	fi
	kill "$pid"
}

# The watchdog of a kernel that is gone may go on (QEMU's does, through a reset),
# and would end the next try. Opened it starts anew, and "V" stops it; only
# that one, for another may be in use, or not to be stopped.
disarm() {
	local dir
	modprobe -q pseries-wdt 2>/dev/null || true
	for dir in /sys/class/watchdog/watchdog*; do
		[[ $(readlink "$dir/device/driver") == */pseries-wdt &&
			$(cat /sys/module/pseries_wdt/parameters/nowayout 2>/dev/null) == N ]] || continue
		{ printf V >"/dev/${dir##*/}"; } 2>/dev/null || true
	done
}

# New crash logs of the last try, into tried/KEY.log.
take_crash() {
	local file
	for file in /sys/fs/pstore/dmesg-*; do
		[[ -e $file ]] || continue
		! grep -qxF "$(stat -c '%n %Y' "$file")" "$state/tried/$1.pstore" 2>/dev/null || continue
		{ echo "--- ${file##*/}, try $2 ---" && sed 's/^<[0-9]*>//' "$file"; } >>"$state/tried/$1.log"
		# Where it cannot be removed the next takes its place.
		rm -f "$file" 2>/dev/null || true
	done
}

target_prepare() {
	local names
	need_root
	may_ask
	names=$(others)
	[[ ! $names || ${PFD_FORCE:-} ]] ||
		target_die 4 "others are logged in here ($names), and this reboots the machine: --force does so all the same"
	find_own
	check_machine
	ask
	mkdir -p "$state"/{tried,returned}
	[[ $(cat "$state/run" 2>/dev/null || echo "$1") == "$1" ]] ||
		target_die 4 "this machine is in use by the run $(<"$state/run"): wait for it, or '$0 cleanup $(<"$state/run")'"
	echo "$1" >"$state/run"
	rm -f "$state/going"
	[[ ! $(ls "$state/tried") ]] || disarm
	take_back
	[[ ! ${PFD_RESUME:-} ]] || resume_install /etc "$PFD_RESUME"
}

target_cleanup() {
	need_root
	# Told to stop because the machine goes down, by us: that is not the end.
	[[ $(cat "$state/going" 2>/dev/null) != "$(this_boot)" ]] || return 0
	[[ $(cat "$state/run" 2>/dev/null || echo "$1") == "$1" ]] || return 0
	resume_remove /etc
	take_back
	rm -rf "$state"
}

target_describe() {
	# What can never work is said before kernels are built for it.
	need_root
	check_machine
	find_own
	printf '{"name":%s,"own_kernel":%s,"machine":%s}\n' "$(json_text "$(uname -n)")" \
		"$(json_text "$(uname -r)")" "$(power_describe "")"
}

# Whether this machine is what the cell is of: CPU MMU SMP. Sets append further.
fit() {
	local here now cores
	here=$(sed -n 's/^cpu[[:space:]]*: POWER\([0-9]*\).*/power\1/p' /proc/cpuinfo | head -n 1)
	[[ $here == "$1" ]] || target_die 4 "this machine is ${here:-no POWER}, not $1: --cpu $here"
	# A hypervisor was told once, by the first kernel (arch/powerpc/mm/init_64.c:
	# early_check_vec5()).
	now='hash'
	! grep -q '^MMU.*Radix' /proc/cpuinfo || now=radix
	[[ ! -e /proc/device-tree/chosen/ibm,architecture-vec-5 || $now == "$2" ]] ||
		target_die 4 "this machine was booted with $now, which its hypervisor keeps for every kernel after: --mmu $now, or boot it with disable_radix=$([[ $2 == hash ]] && echo yes || echo no)"
	cores=$(find /proc/device-tree/cpus/ -maxdepth 1 -name 'PowerPC,*' | wc -l)
	(($3 <= $(nproc --all))) ||
		target_die 4 "this machine has $(nproc --all) CPUs, not $3: --smp"
	append+=" maxcpus=$3"
	# A core each, while there are so many; then nobody loses by one that is idle
	# and does not sleep, from which it would take time to wake.
	(($3 > cores)) || append+=" smt-enabled=off powersave=off"
	# Addresses are the seed's, and not chance (targets/quiet.sh).
	append+=" norandmaps"
	# Interrupts that stay off: a panic, whose end of the log is kept. Anything
	# milder is the watchdog's, after init had its chance to bring the log home.
	append+=" nmi_watchdog=panic log_buf_len=4M"
}

# A CPU that the hypervisor did not run while the others left a kernel is not there
# in the next, nor at home: kexec_wait (arch/powerpc/kernel/misc_64.S) is text of
# the kernel that is gone. Nothing is measured on what is left.
all_cpus() {
	local now
	now=$(</sys/devices/system/cpu/online)
	[[ -e $state/online ]] || echo "$now" >"$state/online"
	[[ $now == "$(<"$state/online")" ]] ||
		target_die 4 "this machine had CPUs $(<"$state/online") and has $now, for one did not come through kexec: reboot it, and run the same command again"
}

# deliver DIR KEY SMP: what came of the cell, if anything did. Exits. A kernel
# that did not have its SMP CPUs was no try.
deliver() {
	local from=$state/returned/$2 cpus
	[[ -e $from/outcome ]] || return 0
	cpus=$(sed -n 's/^{"type":"boot".*"cpus_count":\([0-9]*\).*/\1/p' "$from/guest.jsonl")
	if [[ $cpus && $cpus != "$3" ]]; then
		printf '%s: %s of %s CPUs came through kexec\n' "${0##*/}" "$cpus" "$3" >&2
		rm -rf "$from" "$state/tried/$2"*
		return 0
	fi
	cp "$from/guest.jsonl" "$from/console.log" "$1"
	sync
	read -r outcome <"$from/outcome" || true
	rm -rf "$from" "$state/tried/$2"*
	[[ $outcome == "done" ]] || exit 124
	exit 0
}

# Down, in good order where there is one.
go() {
	if [[ -d /run/systemd/system ]]; then
		systemctl kexec || target_die 4 "systemctl kexec failed"
		# We are ended by that.
		sleep 900
		target_die 4 "this machine does not go down"
	fi
	"$state/pfd-kexec" go
}

target_cell() {
	local dir=$1 kernel=$2 image=$3 cpu=$4 mmu=$5 smp=$6 rcu=$7 key try=0 from=''
	# Not the memory: a machine has what it has. The seed is in the arguments.
	shift 9
	need_root
	find_own
	mkdir -p "$state"/{tried,returned}
	exec 9>"$state/lock"
	flock 9
	kernel_options "$kernel" "$mmu" "$rcu"
	fit "$cpu" "$mmu" "$smp"
	append+=" -- return=${PFD_TIMEOUT:-120} $*"
	printf '%s\n' "pfd-kexec load '$kernel' '$image' '$append'" >"$dir/command"
	key=$(printf '%s\n' "${dir##*/}" "$kernel" "$image" "$append" | sha256sum | cut -c 1-16)
	rm -f "$state/going"
	take_back
	deliver "$dir" "$key" "$smp"
	all_cpus
	[[ ! -e $state/tried/$key ]] || read -r try from <"$state/tried/$key"
	if [[ $from == "$(this_boot)" ]]; then
		try=$((try - 1)) # it was not left
	elif [[ $from && " $(</proc/cmdline) " == *' rdinit=/pfd-kexec '* ]]; then
		rm -f "$state/tried/$key"*
		target_die 4 "home again, but what came of the cell is not: does $own_initrd end all processes? (docs/targets.md)"
	elif ((try)); then
		disarm
		take_crash "$key" "$try"
		printf '%s: not back from try %d of %d\n' "${0##*/}" "$try" "$attempts" >&2
	fi
	if ((try >= attempts)); then
		cat "$state/tried/$key.log" >"$dir/console.log" 2>/dev/null || true
		rm -f "$state/tried/$key"*
		sync
		exit 124
	fi
	check_machine
	(cd "$state" && cpio --quiet -i --to-stdout bin/pfd-kexec <"$image" >pfd-kexec && chmod 755 pfd-kexec) ||
		target_die 4 "cannot take bin/pfd-kexec out of $image"
	{ printf 'rdinit=/pfd-kexec ' && own_cmdline; } >"$state/cmdline"
	echo "$key $((try + 1))" >"$state/token"
	if ! {
		"$state/pfd-kexec" archive "$state/home" pfd-home/= "pfd-home/kernel=$own_kernel" \
			"pfd-home/initrd=$own_initrd" "pfd-home/cmdline=$state/cmdline" \
			pfd-return/= "pfd-return/token=$state/token" &&
			cat "$image" "$state/home" >"$state/initrd" &&
			"$state/pfd-kexec" load "$kernel" "$state/initrd" "$append"
	}; then
		target_die 4 "cannot load $kernel by kexec"
	fi
	rm -f "$state"/{home,initrd}
	stat -c '%n %Y' /sys/fs/pstore/dmesg-* >"$state/tried/$key.pstore" 2>/dev/null || true
	echo "$((try + 1)) $(this_boot)" >"$state/tried/$key"
	this_boot >"$state/going"
	sync
	go
	target_die 4 "this machine was not left"
}

target "$@"
