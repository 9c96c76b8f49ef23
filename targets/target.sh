# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What a target is: targets/NAME.sh sources this, says what it is in a line
# '# target: ...' near its top, defines these functions, and ends with
# 'target "$@"'. It is run as `targets/NAME.sh WORD ARGUMENT...`, perhaps on
# another machine, where nothing of this tree is but targets/ (docs/targets.md).
#
#	target_prepare STATE	once before a run's cells: whether this machine
#				can do it; makes ready what all cells share
#	target_recover		before the machine is described for a run: puts
#				back what a crash on it left
#	target_describe		prints a JSON object: this machine, as far as
#				it determines a figure. The same machine in the
#				same state prints the same bytes
#	target_cell DIR KERNEL IMAGE CPU MMU SMP RCU MEMORY SEED ARGUMENT...
#				boots KERNEL with IMAGE, whose init gets the
#				ARGUMENTs; ends when the guest is done. Leaves
#				in DIR, which exists: command (the line that
#				booted it), console.log, guest.jsonl
#	target_cleanup STATE	puts back what was changed here, after a run or
#				a crash; does no harm if there is nothing
#
# STATE is a directory of the run on that machine, the same for all of them, and
# there whatever happened in between. All paths are absolute. All but target_cell
# may be left out. Exit: 0 done, 2 usage, 3 the guest's own fault, 4 the
# machine's, which says why in one line on stderr.
#
# Such lines near the top may say more: '# reboot_s: N', what a machine takes to be
# back; '# emulator: none', if it needs no QEMU.

# target_die CODE TEXT...
target_die() {
	local code=$1
	shift
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit "$code"
}

target() {
	local word=${1:-}
	shift $(($# > 0))
	case $word in
	cell)
		(($# >= 9)) || target_die 2 "cell DIR KERNEL IMAGE CPU MMU SMP RCU MEMORY SEED ARGUMENT..."
		target_cell "$@"
		;;
	describe)
		if declare -F target_describe >/dev/null; then target_describe; else echo '{}'; fi
		;;
	recover)
		! declare -F target_recover >/dev/null || target_recover
		;;
	prepare | cleanup)
		(($# == 1)) || target_die 2 "$word STATE"
		! declare -F "target_$word" >/dev/null || "target_$word" "$@"
		;;
	*) target_die 2 "'$word' is none of recover, prepare, describe, cell, cleanup" ;;
	esac
}
