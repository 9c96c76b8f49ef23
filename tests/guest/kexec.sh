#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The target kexec on an emulated POWER machine (tests/box): through the kernels of
# two variants and back, by the systemd unit that goes on after each reboot; with the
# power cut in the middle of a cell; and with a cell whose kernel panics the first
# time, and whose guest stops for good the second. Against: results that are lost
# or made up, a machine that stays in a variant's kernel, or reboots for ever.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/lib.sh
. scripts/lib.sh
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/tools.sh
. scripts/tools.sh

# With one CPU: an emulated second one that the host does not run while the first
# leaves a kernel is lost (targets/kexec.sh: all_cpus()).
export PFD_BOX_CPUS=1
# Five minutes on a busy machine, of the fifteen that a test has.
export PFD_BOX_LIFE=800
box=$tmp/box
trap 'tests/box/box.sh cut "$box" 2>/dev/null; rm -rf "$tmp"' EXIT
build_host
# shellcheck disable=SC2119
build_guest

# What the box gets: the targets, two kernels, the image; and its cells.
there=/root/bench
overlay=$tmp/overlay
mkdir -p "$overlay$there" "$tmp/more/bin"
cp -r targets "$overlay$there"
install -m 755 tests/box/trouble.sh "$tmp/more/bin/trouble"
# shellcheck disable=SC2154 # by build_guest
{ cat "$guest_image" && (cd "$tmp/more" && find . | cpio --quiet -o -H newc); } >"$overlay$there/image.cpio"
for variant in refcount landed-fixed; do
	kernel=$(kernels/build.sh "$variant" 64k)
	mkdir "$overlay$there/$variant"
	cp "$kernel"/{vmlinux,options} "$overlay$there/$variant"
	jq -r .release "$kernel/manifest.json" >"$tmp/$variant.release"
done

printf '%s\n' '[plan]' 'title = test' 'variants = refcount landed-fixed' 'pages = 64k' 'mmu = radix' \
	'arms = probed' 'seeds = 1' 'smp = 1' 'workloads = null' >"$tmp/plan.ini"
"$pfd_plan" cells --plan "$tmp/plan.ini" >"$tmp/cells.tsv"
mapfile -t cells <"$tmp/cells.tsv"
for cell in "${cells[@]}"; do
	IFS=$'\t' read -r id variant _ mmu cpu smp rcu workload arm seed memory _ _ _ _ _ _ parameters <<<"$cell"
	release=$(<"$tmp/$variant.release")
	"$pfd_plan" header --release "$release" --target kexec "$cell" >"$tmp/$id.header"
	printf '%s\n' "$id $variant $cpu $mmu $smp $rcu $memory $seed run=$arm release=$release rcu=$rcu workload=$workload $parameters seed=$seed"
	# A twin in trouble.
	[[ $variant != landed-fixed ]] ||
		printf '%s\n' "trouble $variant $cpu $mmu $smp $rcu $memory $seed run=/bin/trouble release=$release workload=null"
done >"$overlay$there/cells"
mkdir -p "$overlay/etc"
install -m 755 tests/box/bench.sh "$overlay$there/bench.sh"
printf '#!/bin/bash\n[[ -e %s/begun ]] || exec %s/bench.sh\n' "$there" "$there" >"$overlay/etc/rc.local"
chmod 755 "$overlay/etc/rc.local"

tests/box/make.sh --systemd "$box" "$overlay"
console() { tests/box/box.sh wait "$box" "$@"; }
tests/box/box.sh start "$box"
# The power goes while the first cell runs in its kernel.
console "init: watchdog" 120
tests/box/box.sh cut "$box"
tests/box/box.sh start "$box"
console "bench: all is done" 700
tests/box/box.sh ended "$box" 20
debugfs -R "rdump $there/out $tmp" "$box/disk" >/dev/null 2>&1

first=${cells[0]%%$'\t'*} second=${cells[1]%%$'\t'*}
for id in "$first" "$second"; do
	equal "exit code of $id" 0 "$(<"$tmp/out/$id/exit")"
	"$pfd_stat" check --header "$tmp/$id.header" --guest "$tmp/out/$id/guest.jsonl" \
		--console "$tmp/out/$id/console.log" --exit-status 0 --out "$tmp/$id.records" >"$tmp/stdout" ||
		fail "$id: $(<"$tmp/stdout")"
	grep -q "pfd-kexec load" "$tmp/out/$id/command" || fail "$id: no command"
done
grep -q 'not back from try 1 of 2' "$tmp/out/$first/log" || fail "no word of the power cut: $(<"$tmp/out/$first/log")"
# systemctl would ask logind first, by a bus that the box has not.
! grep -v '^Failed to connect to bus' "$tmp/out/$second/log" ||
	fail "trouble with $second: $(<"$tmp/out/$second/log")"
equal "exit code of the cell in trouble" 124 "$(<"$tmp/out/trouble/exit")"
[[ ! -s $tmp/out/trouble/guest.jsonl ]] || fail "records of a cell that did not come back"
grep -q 'sysrq triggered crash' "$tmp/out/trouble/console.log" ||
	fail "the panic's log was not kept"
for text in 'not power10' 'hypervisor keeps for every kernel after: --mmu radix' 'has 1 CPUs, not 64'; do
	grep -q "^4 kexec.sh: .*$text" "$tmp/out/refused" || fail "not refused ($text): $(<"$tmp/out/refused")"
done
# One at first, one after the cut, four cells and tries; and one more where the
# watchdog of the kernel that panicked was faster than the machine could stop it.
boots=$(grep -ac 'box: up' "$box/console.log")
((boots == 6 || boots == 7)) || fail "$boots boots of the machine's own kernel"
equal "what is left on the machine" "" "$(cat "$tmp/out/left")"
