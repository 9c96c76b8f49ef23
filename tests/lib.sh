# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For tests in shell; to be sourced. A test is a script that stops at the first
# thing that is not as it should be, and says which. $tmp is its own directory.

set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$ROOT"

fail() {
	printf 'FAILED: %s\n' "$*" >&2
	for file in "$tmp/stdout" "$tmp/stderr"; do
		[[ ! -s $file ]] || { printf -- '--- %s\n' "${file##*/}" && tail -n 30 "$file"; } >&2
	done
	exit 1
}

# expect CODE COMMAND...: runs it; leaves its output in $tmp/stdout, stderr.
expect() {
	local want=$1 got=0
	shift
	"$@" >"$tmp/stdout" 2>"$tmp/stderr" </dev/null || got=$?
	((got == want)) || fail "exit code $got, not $want: $*"
}

# refused CODE PATTERN COMMAND...: fails with one line that matches.
refused() {
	local code=$1 pattern=$2
	shift 2
	expect "$code" "$@"
	# Nor is it the command's fault that another test is building.
	(($(grep -vc '^waiting for another ' "$tmp/stderr") == 1)) || fail "not one line on stderr: $*"
	grep -qE -- "$pattern" "$tmp/stderr" || fail "no '$pattern' in the message of: $*"
}

# shows PATTERN: the last command's standard output has such a line.
shows() {
	grep -qE -- "$1" "$tmp/stdout" || fail "no '$1' in the output"
}

# equal WHAT WANT GOT
equal() {
	[[ $2 == "$3" ]] || fail "$1: '$3', not '$2'"
}
