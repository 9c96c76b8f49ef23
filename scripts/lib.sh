# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What every script of the suite shares; to be sourced. Exit codes are those
# of docs and --help: 0 done, 1 difference, 2 usage, 3 not valid, 4 machine.

PFD_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck disable=SC2034
PFD_BUILD=$PFD_ROOT/build
# The base that is taken if none is named: of kernels/bases/.
# shellcheck disable=SC2034
PFD_BASE=6.12
# run.sh exports it, so that its scripts speak in its name.
PFD_ME=${PFD_ME:-${0##*/}}
# The same bytes on every machine: sorting, messages, dates.
export LC_ALL=C TZ=UTC
# bpftool is there on Debian, also for those who are not root.
PATH=$PATH:/usr/sbin:/sbin

# die CODE TEXT...: one line that says what, where and what to do.
die() {
	local code=$1
	shift
	printf '%s: %s\n' "$PFD_ME" "$*" >&2
	exit "$code"
}

say() {
	[[ ${PFD_QUIET:-} ]] || printf '%s\n' "$*" >&2
}

have() {
	command -v "$1" >/dev/null 2>&1
}

# need COMMAND [PACKAGE]: the machine must have it.
need() {
	have "$1" || die 4 "$1 is not installed: './run.sh doctor' names the package"
}

# last_error LOG: the log's last line that tells of an error, for one-liners.
last_error() {
	local line
	line=$(grep -aE '(error|Error|ERROR|fatal|E):|No space left|Read-only' "$1" |
		grep -avE '^make(\[[0-9]+\])?: \*\*\*|^tar: (Error is|Exiting|Child)' | tail -n 1) || true
	[[ $line ]] || line=$(tail -n 1 "$1" 2>/dev/null) || true
	printf '%s' "${line:-no message}"
}

# make_dir DIR: mkdir -p with a message of one line.
make_dir() {
	local text
	text=$(mkdir -p "$1" 2>&1) || die 4 "cannot create $1: ${text##*: }"
	[[ -w $1 ]] || die 4 "cannot write to $1: give another directory or free it"
}

# free_mib DIR MIB WHAT: WHAT will take so much; better said before than halfway.
free_mib() {
	local free
	free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
	((free >= $2)) || die 4 "$3 needs $2 MiB in $1, which has $free MiB free"
}

# hash_of FILE...: one hash over names and contents, the names as given.
hash_of() {
	sha256sum -- "$@" | sha256sum | cut -c 1-64
}

# variant_dir NAME: prints the directory of a variant; fails if there is none.
# PFD_VARIANTS: more directories of variants, with a colon between (also
# plans/list.c).
variant_dir() {
	local dir dirs
	IFS=: read -ra dirs <<<"$PFD_ROOT/kernels/variants:${PFD_VARIANTS:-}"
	for dir in "${dirs[@]}"; do
		[[ -e $dir/$1/variant.ini ]] || continue
		printf '%s\n' "$dir/$1"
		return 0
	done
	return 1
}
