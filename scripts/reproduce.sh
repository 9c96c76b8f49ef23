#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ./run.sh reproduce: a run's cells once more, from source, and every byte of
# their records and consoles compared.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/tools.sh
. "$PFD_ROOT/scripts/tools.sh"

usage() {
	cat <<'END'
usage: ./run.sh reproduce RUN [OPTIONS]

Builds what the cells of a run need from the source that is here, says which
inputs are not the same as the run's, boots the cells again, and compares every
byte of their records and consoles. Where inputs differ bytes may too; then the
counts in the records are compared as well. RUN: a name below results, or a
directory.

  --cells N|PATTERN     only so many, spread over the run; or those whose name
                        matches, as '*.64k.radix.*.s1' does
  --jobs N              cells at a time (default: one a CPU)
  --linux DIR|TARBALL   the kernel source (default: find one)
  --out DIR             where the repeated run goes (default: build/reproduce);
                        once compared, the next time it is run again

exit: 0 every byte is the same, 1 some are not, 2 usage, 3 the records of RUN do
not hold to their own ledgers, 4 the machine failed

examples:
  ./run.sh reproduce results/reference
  ./run.sh reproduce reference --cells 4
  ./run.sh reproduce quick-0123456789ab --cells '*refcount*'
END
}

from='' slice='' out=$PFD_BUILD/reproduce options=()
while (($#)); do
	case $1 in
	--help) usage && exit 0 ;;
	--cells | --jobs | --linux | --out)
		(($# > 1)) || die 2 "option '$1' needs a value: see ./run.sh reproduce --help"
		case $1 in
		--cells) slice=$2 ;;
		--out) out=$2 ;;
		*) options+=("$1" "$2") ;;
		esac
		shift
		;;
	-*) die 2 "unknown option '$1': see ./run.sh reproduce --help" ;;
	*) [[ ! $from ]] || die 2 "one run is enough: ./run.sh reproduce RUN" && from=$1 ;;
	esac
	shift
done
[[ $from ]] || die 2 "which run? ./run.sh reproduce RUN"

"$PFD_ROOT/scripts/packages.sh" --quiet
state=$(mktemp -d)
trap 'stop_child; rm -rf "$state"' EXIT
trap 'exit 130' INT HUP
trap 'exit 143' TERM

find_run "$PFD_ROOT/results" "$from"
was=$run_dir name=$run_name
for file in manifest.json cells.tsv; do
	[[ -r $was/$file ]] || die 2 "$name has no $file: it cannot be repeated"
done

# What a stranger wrote becomes names of files and words of command lines.
check_cells() {
	awk -F '\t' '
		function bad(what) { print "line " NR " " what; failed = 1; exit }
		BEGIN { word = "^[A-Za-z0-9_][A-Za-z0-9_.,=+@:-]*$" }
		NF != 18 { bad("has " NF " columns, not 18: made by another version of pfd-plan?") }
		NR > 100000 { bad("is beyond 100000 cells") }
		{ for (i = 1; i < 18; i++)
			if ($i !~ word && $i != "-") bad("column " i " is not a name")
		  if (length($1) > 128) bad("has a name longer than 128 bytes")
		  if ($11 !~ /^[0-9]+[MG]$/ || $12 !~ /^[0-9]+$/) bad("has no memory and time limit")
		  if ($18 !~ /^([a-z0-9_]+=[0-9]+( [a-z0-9_]+=[0-9]+)*)?$/) bad("column 18 is not parameters")
		}
		seen[$1]++ { bad("is a second cell of that name") }
		END { exit failed }' "$1"
}
wrong=$(check_cells "$was/cells.tsv") || die 2 "$name/cells.tsv: $wrong"
target=$(jq -r '.target | select(test("^[a-z]+$"))' "$was/manifest.json" 2>"$state/error") || target=
[[ $target ]] ||
	die 2 "$name/manifest.json does not say the target: $(last_error "$state/error")"
base=$(jq -r '.kernels[0].source.base // "6.12" | select(test("^[0-9.]+$"))' \
	"$was/manifest.json" 2>"$state/error") || base=
[[ $base ]] ||
	die 2 "$name/manifest.json does not say the base: $(last_error "$state/error")"

total=$(wc -l <"$was/cells.tsv")
if [[ ! $slice ]]; then
	cp "$was/cells.tsv" "$state/cells"
elif [[ $slice =~ ^[1-9][0-9]{0,5}$ ]]; then
	awk -v n="$slice" -v total="$total" 'int(NR * n / total) > int((NR - 1) * n / total)' \
		"$was/cells.tsv" >"$state/cells"
else
	while IFS= read -r line; do
		# shellcheck disable=SC2053 # a pattern is meant
		[[ ${line%%$'\t'*} != $slice ]] || printf '%s\n' "$line"
	done <"$was/cells.tsv" >"$state/cells"
fi
count=$(wc -l <"$state/cells")
((count)) || die 2 "no cell of $name matches '$slice': $(head -n 1 "$was/cells.tsv" | cut -f 1) is one"

build_host
status=0
checked=$("$pfd_stat" recheck "$was" 2>&1) || status=$?
checked=${checked##*$'\n'}
((status == 0 || status == 3)) || die 4 "$name: $checked"
[[ $checked == *' 0 that say they are valid and are not' ]] ||
	die 3 "$name: $checked: build/host/analysis/pfd-stat recheck names them"

# One that was compared has done its work; one that was stopped goes on.
make_dir "$out"
out=$(cd "$out" && pwd -P)
for old in "$out"/reproduce-*/compared; do
	[[ ! -e $old ]] || rm -rf "${old%/compared}"
done
measure=("$PFD_ROOT/scripts/measure.sh" --cells "$state/cells" --plan "reproduce-$name"
	--base "$base" --target "$target" --out "$out" "${options[@]}")
supervise "${measure[@]}" --build || exit $?
now=$(readlink -f "$out/latest")

jq -rn --slurpfile was "$was/manifest.json" --slurpfile now "$now/manifest.json" \
	-f "$PFD_ROOT/scripts/inputs.jq" >"$state/inputs" 2>"$state/error" ||
	die 2 "$name/manifest.json cannot be compared with: $(last_error "$state/error")"
printable() {
	tr -c '[:print:]\t\n' '?'
}
inputs=$(wc -l <"$state/inputs")
if ((inputs)); then
	echo "$inputs inputs are not those of $name:"
	printable <"$state/inputs" | awk -F '\t' '{ printf "  %s\n    was %s\n    now %s\n", $1, $2, $3 }'
	revision=$(jq -r '.git // ""' "$was/manifest.json" | printable)
	[[ ! $revision || $revision == "$(jq -r .git "$now/manifest.json")" ]] ||
		echo "  $name was made with this repository at $revision"
else
	echo "every input is that of $name"
fi

status=0
supervise "${measure[@]}" || status=$?
# Cells that are not valid can be reproduced, too.
((status == 0 || status == 3)) || exit "$status"

# compare_cell ID: nothing if it is the same; else where it differs.
compare_cell() {
	local a=$was/cells/$1 b=$now/cells/$1 line
	if [[ ! -e $a/records.jsonl ]]; then
		echo "there is no such cell in $name"
	elif ! cmp -s "$a/records.jsonl" "$b/records.jsonl"; then
		line=$(jq -rn --slurpfile was "$a/records.jsonl" --slurpfile now "$b/records.jsonl" \
			-f "$PFD_ROOT/scripts/first-difference.jq" 2>/dev/null | printable) || true
		echo "${line:-records.jsonl: the bytes, not what they say}"
	elif [[ -e $a/console.log ]] && ! line=$(cmp "$a/console.log" "$b/console.log" 2>&1); then
		echo "console.log: ${line##*differ: }"
	fi
}
while IFS=$'\t' read -r id _; do
	line=$(compare_cell "$id")
	[[ ! $line ]] || printf '%s\t%s\n' "$id" "$line"
done <"$state/cells" >"$state/differ"
differ=$(wc -l <"$state/differ")

echo
if ((differ == 0)); then
	echo "$count of $count cells are the same to the byte, records and console"
	: >"$now/compared"
	exit 0
fi
echo "$differ of $count cells are not the same; first differences:"
head -n 10 "$state/differ" | awk -F '\t' '{ printf "  %s\n    %s\n", $1, $2 }'
((differ <= 10)) || echo "  and $((differ - 10)) more cells"

# counts RUN: of the cells that differ.
counts() {
	cut -f 1 "$state/differ" | while read -r id; do
		cat "$1/cells/$id/records.jsonl" 2>/dev/null || true
	done | jq -rn -f "$PFD_ROOT/scripts/counts.jq" | LC_ALL=C sort
}
if ((inputs)); then
	counts "$was" >"$state/counts.was"
	counts "$now" >"$state/counts.now"
	echo
	awk -F '\t' '
		FNR == NR { was[$1, $2] = $3; name[$1, $2] = $2; next }
		{ name[$1, $2] = $2; now[$1, $2] = $3 }
		END {
			for (i in name) {
				all[name[i]]++; total++
				if (was[i] == now[i]) equal++
				else others[name[i]]++
			}
			printf "inputs differ, so bytes may: %d of %d counts of these cells are equal%s\n",
				equal, total, equal < total ? "; not in all cells:" : ""
			for (n in others)
				printf "  %-52s %6d of %d differ\n", n, others[n], all[n] | "sort"
		}' "$state/counts.was" "$state/counts.now" | printable
fi
: >"$now/compared"
say "what was made now: $now; pfd-stat diff compares all metrics"
exit 1
