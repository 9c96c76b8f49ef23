#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The target kexec by ssh, on an emulated POWER machine over an emulated network: the
# machine is gone in the middle of the cell, is waited for, and hands over what came of
# it. Against: a cell that is lost with its connection, and what stays on the machine.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

[[ -e tests/box/box.sh && -e targets/kexec.sh ]] || exit 77
box=$tmp/box
trap 'tests/box/box.sh cut "$box" 2>/dev/null; rm -rf "$tmp"' EXIT
tests/box/make.sh "$box" >"$tmp/stdout" 2>"$tmp/stderr" || fail "no emulated machine"
tests/box/box.sh start "$box"
tests/box/box.sh up "$box" 120
export PFD_BOOT_TIMEOUT_S=300
by_ssh "$box"

plan some 'variants = landed-fixed' 'pages = 64k' 'mmu = radix' 'arms = probed' 'seeds = 1' \
	'workloads = null'
# Nobody is there to be asked.
PFD_QUIET=y refused 2 'reboots .*--yes says that it may' ./run.sh run --plan "$tmp/some.ini" --out "$tmp/asked" \
	--target "ssh:$host/kexec"
measure 0 some --target "ssh:$host/kexec" --yes
equal "valid cells" 1 "$(cat "$run"/cells/*/status | grep -cx valid)"
grep -q 'pfd-kexec load' "$run"/cells/*/command || fail "another target booted the cell"
equal "host" "$host" "$(cut -f 2 "$run/hosts.tsv")"
equal "machine" "$host" "$(jq -r '.machines[0].host' "$run/manifest.json")"
(($(grep -ac '^box: up' "$box/console.log") == 2)) || fail "the machine was not rebooted once"
equal "what is there after the run" "$before" "$(box_files "$box")"
