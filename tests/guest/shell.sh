#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# ./run.sh shell drops one into the variant's kernel; --full has the tools there.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

command -v script >/dev/null || exit 77
# in_shell PATTERN COMMAND [OPTION...]: a terminal, on which somebody types once
# there is a prompt.
in_shell() {
	local pattern=$1 command=$2
	shift 2
	: >"$tmp/typescript"
	{
		for ((i = 0; i < 250; i++)); do
			sleep 0.2
			! grep -aq '^[/~] #' "$tmp/typescript" || break
		done
		printf '%s\n' "$command"
		for ((i = 0; i < 100; i++)); do
			sleep 0.2
			! grep -aqE "$pattern" "$tmp/typescript" || break
		done
		printf 'exit\n'
		sleep 5
	} | timeout 100 script -qec "./run.sh shell --variant landed-fixed $*" -f "$tmp/typescript" \
		>/dev/null || fail "exit code $?: $(tail -n 5 "$tmp/typescript")"
	grep -aqE "$pattern" "$tmp/typescript" ||
		fail "no $pattern from $command: $(tail -n 5 "$tmp/typescript")"
}

in_shell '^6\.12\..*landed-fixed-64k' 'uname -r'
in_shell '^all three' 'bpftrace --version && perf --version && stress-ng --version &&
	ls /bpftrace/waits.bt /sys/kernel/tracing/events/rcu/enable && echo all three' --full
