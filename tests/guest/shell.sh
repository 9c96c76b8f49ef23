#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# ./run.sh shell drops one into the variant's kernel.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

command -v script >/dev/null || exit 77
# A terminal, on which somebody types once there is a prompt.
{
	for ((i = 0; i < 100; i++)); do
		sleep 0.2
		! grep -aq '^[/~] #' "$tmp/typescript" 2>/dev/null || break
	done
	printf 'uname -r\n'
	sleep 2
	printf 'exit\n'
	sleep 5
} | timeout 60 script -qec './run.sh shell --variant landed-fixed' -f "$tmp/typescript" \
	>/dev/null || fail "exit code $?: $(tail -n 5 "$tmp/typescript")"
grep -aqE '^6\.12\..*landed-fixed-64k' "$tmp/typescript" ||
	fail "no shell in that kernel: $(tail -n 5 "$tmp/typescript")"
