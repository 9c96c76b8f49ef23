# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For tests that boot kernels; to be sourced. Each runs plans of its own, into
# results of its own, by the command that users have.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# plan NAME LINE...: writes $tmp/NAME.ini.
plan() {
	local name=$1
	shift
	printf '%s\n' '[plan]' 'title = test' "$@" >"$tmp/$name.ini"
}

# measure CODE NAME [OPTION...]: runs the plan; results in $run.
measure() {
	local code=$1 name=$2
	shift 2
	expect "$code" ./run.sh run --plan "$tmp/$name.ini" --out "$tmp/results" "$@"
	run=$(readlink -f "$tmp/results/latest")
}

# gate CODE OPTION...: its verdict in $tmp/stdout.
gate() {
	local code=$1
	shift
	expect "$code" ./run.sh verify "$@" --seeds 1 --out "$tmp/results"
}

# record CELLS TYPE FILTER: what the jq filter makes of such records of the
# cells whose name matches the glob.
record() {
	# shellcheck disable=SC2086 # a glob
	jq -c "select(.type == \"$2\") | $3" "$run"/cells/$1/records.jsonl
}

# by_ssh BOX: sets host, which is the emulated machine there (tests/box) for --target
# ssh:, and has it reached; and before, all that a run could leave there (box_files).
# shellcheck disable=SC2034 # for the one that sources it
by_ssh() {
	export PFD_SSH_OPTIONS="-F /dev/null -i $1/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
	host=root@127.0.0.1:$(<"$1/port")
	before=$(box_files "$1")
}

box_files() {
	tests/box/box.sh ssh "$1" 'find /root /tmp /var/lib/pfd-bench /etc/pfd-bench -mindepth 1 2>/dev/null | sort'
}
