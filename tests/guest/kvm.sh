#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# --target kvm for real: an emulated POWER9 partition that may have guests
# (nested KVM-HV, which QEMU's pseries machine offers to its guest) runs
# targets/kvm.sh with Debian's kernel and QEMU, and the guests' records are valid.
# The vCPU is pinned, the memory is of huge pages; what such a host cannot do is
# refused in one line.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/tools.sh
. "$ROOT/scripts/tools.sh"

firmware=/usr/share/qemu/vof.bin
[[ -e $firmware ]] || exit 77
PFD_QUIET=1
plan kvm 'variants = refcount' 'pages = 64k' 'mmu = radix' 'smp = 1' 'arms = bare probed' \
	'workloads = thp-collapse' 'seeds = 1' \
	'[workload thp-collapse]' 'processes = 4' 'ranges = 4' 'passes = 1'
expect 0 ./run.sh run --plan "$tmp/kvm.ini" --out "$tmp/results" --build
run=$(readlink -f "$tmp/results/latest")
build_guest kvm-host
debian=build/debian/kvm-host/root
read -r _ _ kernel release <"$run/kernels.tsv"
read -r _ image <"$run/images.tsv"

# One more archive on top of the image: what a machine gets from elsewhere.
mkdir -p "$tmp"/host/{modules,kernel,usr/share/qemu}
cp tests/kvm-host/init "$tmp/host/init"
cp -r targets "$tmp/host"
cp "build/kernels/$kernel"/{vmlinux,options} "$tmp/host/kernel"
cp "build/images/$image.cpio" "$tmp/host/kernel/image.cpio"
cp "$firmware" "$tmp/host/usr/share/qemu"
cp "$debian"/lib/modules/*/kernel/arch/powerpc/kvm/kvm{,-hv}.ko "$tmp/host/modules"
while IFS=$'\t' read -r id _ _ mmu cpu smp rcu workload arm seed memory _ _ _ _ _ _ parameters; do
	printf '%s /kernel/vmlinux /kernel/image.cpio %s\n' "$id" \
		"$cpu $mmu $smp $rcu $memory $seed run=$arm release=$release rcu=$rcu workload=$workload $parameters seed=$seed"
	[[ $arm == bare ]] || continue
	for refused in "power10 radix 1" "power9 hash 1" "power9 radix 3"; do
		echo "refused.${refused// /.} /kernel/vmlinux /kernel/image.cpio $refused default $memory 1 run=bare"
	done
done <"$run/cells.tsv" >"$tmp/host/cells"
(cd "$tmp/host" && find . -mindepth 1 | cpio --quiet -o -H newc --owner=0:0) >"$tmp/own.cpio"
cat "$guest_image" "$tmp/own.cpio" >"$tmp/host.cpio"

timeout -k 5 700 qemu-system-ppc64 -M pseries,x-vof=on,cap-nested-hv=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off \
	-cpu power9 -smp 2 -m 3G -accel tcg,thread=single -icount shift=1,sleep=off -nodefaults -nographic -no-reboot -serial none -monitor none \
	-chardev "file,id=console,path=$tmp/stdout" -device spapr-vty,chardev=console \
	-chardev "file,id=results,path=$tmp/out.tar" -device spapr-vty,chardev=results \
	-kernel "$debian"/boot/vmlinux-* -initrd "$tmp/host.cpio" \
	-append "console=hvc0 panic=-1 disable_radix=no loglevel=4 hugepagesz=2M hugepages=520" ||
	fail "the emulated host ended with $?"
mkdir "$tmp/out"
tar -C "$tmp/out" -xf "$tmp/out.tar" || fail "no results from the emulated host"

# The records go through what every target's go through.
cat >"$tmp/collect" <<'END'
#!/bin/bash
cp "$PFD_TEST_OUT/$(basename "$2" .tmp)"/* "$2" && exit "$(cat "$2/code")"
END
chmod +x "$tmp/collect"
mkdir "$tmp/state"
for count in start before "done"; do echo 0 >"$tmp/state/$count"; done
wc -l <"$run/cells.tsv" >"$tmp/state/total"
export PFD_RUN=$run PFD_TARGET=kvm PFD_STATE=$tmp/state PFD_PROGRESS=quiet PFD_BOOT=$tmp/collect \
	PFD_TEST_OUT=$tmp/out
while IFS= read -r cell; do
	expect 0 targets/cell.sh "$cell"
done <"$run/cells.tsv"
equal "valid cells" 2 "$(cat "$run"/cells/*/status | grep -cx valid)"
equal "target of the records" kvm "$(record '*' header .target | sort -u | tr -d '"')"
equal "deferrals of 4 processes x 4 ranges" 16 \
	"$(record '*.probed.*' table 'select(.path == "defer").unlinked_count')"

# said CELL PATTERN: how the emulated host refused it.
said() {
	equal "exit code of $1" 4 "$(<"$tmp/out/$1/code")"
	grep -qE -- "$2" "$tmp/out/$1/qemu.log" || fail "$1: $(<"$tmp/out/$1/qemu.log")"
}
said refused.power10.radix.1 "which is power9, not power10: --cpu power9"
said refused.power9.hash.1 "16384 kiB guest pages with"
said refused.power9.radix.3 "wants 3 cores of its own, and 2 of 2 are free"
grep -q "KVM-HV is not there: sudo modprobe kvm_hv" "$tmp/out/no-module" ||
	fail "without the module: $(<"$tmp/out/no-module")"
# This KVM has less than QEMU's default asks for.
jq -e '.kvm.cores == 2 and (.kvm.machine | contains("x-vof=on,kvm-type=HV,cap-cfpc=broken"))' \
	"$tmp/out/describe" >/dev/null || fail "describe: $(<"$tmp/out/describe")"
grep -q "'-accel' 'kvm' .*hugetlbsize=2048K" "$run"/cells/*.bare.*/command ||
	fail "not in huge pages: $(cat "$run"/cells/*.bare.*/command)"
equal "CPU of the vCPU" 1 "$(<"$tmp/out/pins")"
