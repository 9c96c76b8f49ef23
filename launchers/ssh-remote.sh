#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ssh-remote.sh WORD ARGUMENT...: the far end of launchers/ssh.sh. It runs on the
# other machine: read from standard input, what it is to read following it there,
# or from RUN, the directory that it makes there. That needs bash, coreutils and tar.
#
#	alive				nothing but the greeting
#	describe TARGET			a tar of targets/ comes in; its JSON
#	prepare BASE NAME TARGET KIB	a tar of targets/ and of this comes in; makes
#					RUN, BASE/NAME, where KIB are to fit, in the
#					place of what was left there; prints
#					RUN, the number of CPUs, QEMU's version
#	put RUN FILE SHA256		the file comes in
#	cell RUN ID CALL TARGET SECONDS ON-TIME KERNEL IMAGE ARGUMENT...
#					runs a cell (below)
#	cleanup BASE NAME		removes RUN
#
# First it prints a greeting, for what a login shell may say before is not meant,
# and the boot it is in. An error is one line, with exit code 4.
set -euo pipefail
export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
trap : PIPE
# In a directory that was made, for others to be in.
mark=.made-for-pte-free-defer-bench

die() {
	printf '%s\n' "$*" >&2
	exit 4
}

# quietly WHAT COMMAND...: if it fails, says why in one line.
quietly() {
	local what=$1 text
	shift
	text=$("$@" 2>&1) && return
	text=${text%%$'\n'*}
	die "$what: ${text##*: }"
}

# set_run BASE NAME: sets base, cache and run; BASE is empty: the user's cache, which
# is still there after a reboot.
set_run() {
	base=$1
	[[ $base || ${XDG_CACHE_HOME:-} || ${HOME:-} ]] || die "no HOME: set PFD_SSH_DIR"
	base=${base:-${XDG_CACHE_HOME:-$HOME/.cache}}
	[[ $base == /* ]] || die "'$base' is no absolute path"
	run=$base/$2
}

# end_processes NAME=VALUE: whatever has that in its environment: all that a cell
# started, wherever it went.
end_processes() {
	local signal pid found variables variable
	for signal in TERM TERM TERM KILL; do
		found=
		for pid in /proc/[0-9]*; do
			mapfile -d '' -t variables <"$pid/environ" || continue
			for variable in "${variables[@]}"; do
				[[ $variable == "$1" ]] || continue
				found=y
				kill "-$signal" "${pid##*/}" || true
				break
			done
		done
		[[ $found ]] || return 0
		sleep 0.5
	done 2>/dev/null
}

# remove RUN: and all that it changed here.
remove() {
	local target base=${1%/*}
	[[ -d $1 ]] || return 0
	end_processes "PFD_SSH_RUN=$1"
	target=$(cat "$1/target" 2>/dev/null) || target=
	# If that fails, what it needs to be tried again stays.
	[[ ! $target ]] || bash "$1/targets/$target.sh" cleanup "$1" </dev/null >&2
	quietly "cannot remove $1" rm -rf "$1"
	# Nor the directory above, if that was made for it, and others have left.
	[[ $(ls -A "$base") != "$mark" ]] || rm -rf "${base:?}"
}

cmd_describe() {
	work=$(mktemp -d 2>/dev/null) || die "no directory can be made in ${TMPDIR:-/tmp}"
	trap 'rm -rf "$work"' EXIT
	quietly "cannot unpack to $work" tar -xof - -C "$work"
	bash "$work/targets/$1.sh" describe
}

cmd_prepare() {
	local old name=$2 target=$3 need=$4 free=
	set_run "$1" "$name"
	remove "$run"
	if [[ -d $base ]]; then
		# Of those that were killed, or whose network was gone.
		for old in "$base"/pte-free-defer-bench.*; do
			[[ ! $(find "$old" -maxdepth 0 -mmin +1440 2>/dev/null) ]] || (remove "$old") || true
		done
	else
		quietly "cannot create $base" mkdir -p "$base"
		quietly "cannot write to $base" touch "$base/$mark"
	fi
	quietly "cannot create $run" mkdir "$run"
	quietly "cannot write to $run" mkdir "$run/cells" "$run/kernels" "$run/images"
	{ read -r _ && read -r _ _ _ free _; } < <(df -Pk "$run" 2>/dev/null) || free=
	[[ ! $free ]] || ((free >= need)) ||
		die "no space left in $base: $((need / 1024)) MiB are needed, $((free / 1024)) MiB free"
	quietly "cannot write to $run" tar -xof - -C "$run"
	echo "$target" >"$run/target"
	bash "$run/targets/$target.sh" prepare "$run" </dev/null >&2
	printf '%s\n%s\n%s\n' "$run" "$(nproc)" \
		"$(qemu-system-ppc64 --version 2>/dev/null | head -n 1)"
}

cmd_put() {
	local file=$1/$2 sum text
	quietly "cannot write to $1" mkdir -p "${file%/*}"
	if ! text=$( (cat >"$file.tmp") 2>&1); then
		rm -f "$file.tmp"
		text=${text%%$'\n'*}
		die "cannot write to $1: ${text##*: }"
	fi
	sum=$(sha256sum <"$file.tmp")
	if [[ ${sum%% *} != "$3" ]]; then
		rm -f "$file.tmp"
		die "$2 did not arrive as it was sent"
	fi
	mv "$file.tmp" "$file"
}

cmd_cleanup() {
	set_run "$1" "$2"
	remove "$run"
}

# watch PID NOTE SECONDS: ends the process group PID when it is told to, when it is
# late, when the other end is gone or silent; and notes why.
watch() {
	local pid=$1 note=$2 end=$((SECONDS + $3)) wait line why=
	while [[ ! $why ]]; do
		wait=$((end - SECONDS < 60 ? end - SECONDS : 60))
		line=
		if ((wait <= 0)); then
			why=late
		elif read -r -t "$wait" line; then
			[[ $line != stop ]] || why=stopped
		elif (($? <= 128)); then
			why=lost # end of file
		elif ((SECONDS < end)); then
			why=lost # not a word for a minute
		fi
		# What is in use is not taken for left over.
		touch "$run" 2>/dev/null || true
	done
	echo "$why" >"$note"
	kill -TERM -- "-$pid" 2>/dev/null || true
	for ((wait = 0; wait < 20; wait++)); do
		kill -0 -- "-$pid" 2>/dev/null || return 0
		sleep 0.1
	done
	kill -KILL -- "-$pid" 2>/dev/null || true
}

# CALL: first; or again, after the connection was lost, of a target that is called
# again. ON-TIME: the exit code of one that took longer than SECONDS. While it runs
# a line is to come in now and then; 'stop' ends it. Prints 'exit CODE', and then a tar
# of what the target left in its directory, log being what it said.
cmd_cell() {
	local run=$1 id=$2 call=$3 target=$4 seconds=$5 late=$6 kernel=$7 image=$8
	local dir=$run/cells/$id.tmp state=$run/cells/$id code=0 why child watcher
	shift 8
	[[ -d $run/cells ]] || die "$run is gone"
	if [[ $call == again ]]; then
		end_processes "PFD_SSH_CELL=$dir"
	else
		rm -rf "$dir" "$state".*
	fi
	mkdir -p "$dir"
	if [[ ! -e $state.exit ]]; then
		rm -f "$state.why"
		exec 3<&0
		set -m
		# What it leaves in TMPDIR goes with the run.
		TMPDIR=$run PFD_SSH_RUN=$run PFD_SSH_CELL=$dir bash "$run/targets/$target.sh" cell "$dir" \
			"$run/$kernel" "$run/$image" "$@" >"$dir/log" 2>&1 </dev/null 3<&- &
		child=$!
		set +m
		# Whatever ends this ends that.
		trap 'kill -TERM -- "-$child" 2>/dev/null; sleep 1; kill -KILL -- "-$child" 2>/dev/null; exit 4' \
			TERM INT HUP
		watch "$child" "$state.why" "$seconds" <&3 >/dev/null &
		watcher=$!
		{ wait "$child" || code=$?; } 2>/dev/null
		if [[ -e $state.why ]]; then
			wait "$watcher" || true
		else
			kill "$watcher" 2>/dev/null || true
		fi
		kill -KILL -- "-$child" 2>/dev/null || true
		trap - TERM INT HUP
		why=$(cat "$state.why" 2>/dev/null) || why=
		case $why in
		late) code=$late && echo "it took longer than $seconds s" >>"$dir/log" ;;
		stopped) code=130 ;;
		lost) exit 4 ;;
		*) echo "$code" >"$state.exit" ;;
		esac
	fi
	[[ ! -e $state.exit ]] || code=$(<"$state.exit")
	echo "exit $code"
	cd "$dir"
	tar -cf - -- * || exit 4
	cd /
	rm -rf "$dir" "$state".*
}

main() {
	local word=$1 tool
	shift
	printf 'pfd-ssh %s\n' "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)"
	for tool in tar sha256sum mkdir mktemp find nproc; do
		command -v "$tool" >/dev/null || die "there is no $tool"
	done
	case $word in
	alive) ;;
	describe) cmd_describe "$@" ;;
	prepare) cmd_prepare "$@" ;;
	put) cmd_put "$@" ;;
	cell) cmd_cell "$@" ;;
	cleanup) cmd_cleanup "$@" ;;
	*) die "'$word' is no word of ssh-remote.sh" ;;
	esac
}

# One line: what follows it on standard input is not for the shell.
main "$@"; exit
