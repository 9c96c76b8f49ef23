#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ./run.sh verify: the gate. Boots debug kernels of each variant under unkind
# workloads (scripts/measure.sh --gate, a run for each variant and stage, so that
# a changed variant costs only its own cells), and has pfd-stat judge what they
# left. What it finds is kept by the hash of the kernel that would be measured.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/tools.sh
. "$PFD_ROOT/scripts/tools.sh"

usage() {
	cat <<'END'
usage: ./run.sh verify [--quick] [OPTIONS]

The gate that no incorrect variant passes: kernels with the kernel's own debugging,
under workloads made to be unkind, watched by a probe that holds every page
table to the contract: not freed nor handed out again before a full RCU grace
period. Prints pass or the first violation, for each variant and configuration.
Reports mark variants that have not passed. Run again, it goes on where it was.

  --quick                       64K pages only, a few seconds each
  --variants A,B                these (default: all there are)
  --pages 64k,4k --mmu radix,hash --cpu power9 --smp N,M --seeds N
  --workloads X,Y --set W.P=N   instead of what the gate's plans say
  --flavour debug|release|kasan what kernels to boot (default: debug, and without
                                --quick kasan too). debug: all but that stage;
                                the last two: a look at less, no pass is kept
  --record                      into kernels/verified.tsv, to be committed
  --jobs N --out DIR --linux DIR|TARBALL --base NAME --install
                                as for ./run.sh run

exit: 0 all as the variants say of themselves, 2 usage, 3 one that claims to be
correct did not pass, 4 the machine failed

examples:
  ./run.sh verify --quick
  ./run.sh verify --variants my-idea
  ./run.sh verify --variants landed --pages 64k --mmu hash --workloads last-fragments
END
}

options=() repeat='' variants=all quick='' flavour='' part='' out=$PFD_ROOT/results
store=$PFD_BUILD/verified.tsv pass_on=() source_options=()
while (($#)); do
	case $1 in
	--help) usage && exit 0 ;;
	--quick) quick=y repeat+=' --quick' ;;
	--record) store=$PFD_ROOT/kernels/verified.tsv ;;
	--install) pass_on+=("$1") ;;
	--variants | --pages | --mmu | --cpu | --smp | --seeds | --workloads | --set | \
		--flavour | --jobs | --out | --linux | --base)
		(($# > 1)) || die 2 "option '$1' needs a value: see ./run.sh verify --help"
		case $1 in
		--variants) variants=$2 ;;
		--flavour) flavour=$2 repeat+=" --flavour $2" ;;
		--out) out=$2 ;;
		--jobs) pass_on+=("$1" "$2") ;;
		--linux) pass_on+=("$1" "$2") && source_options+=("$1" "$2") && repeat+=" --linux $2" ;;
		--base) options+=("$1" "$2") && source_options+=("$1" "$2") && repeat+=" --base $2" ;;
		--pages | --mmu) options+=("$1" "$2") ;;
		# A part of the gate is no gate.
		*)
			options+=("$1" "$2") part=y
			[[ $1 == --workloads ]] || repeat+=" $1 $2"
			;;
		esac
		shift
		;;
	*) die 2 "unknown argument '$1': see ./run.sh verify --help" ;;
	esac
	shift
done

# Each stage: a plan, a target and a flavour.
stages=('verify exact debug' 'verify-rcu exact debug' 'verify-threads tcg debug' 'verify-kasan exact kasan')
[[ ! $quick ]] || stages=('verify-quick exact debug')
# What a verdict says that is not of all of them.
less=${quick:+quick}
[[ $quick || $flavour != debug ]] || less='without KASAN'
case $flavour in
'') ;;
debug | release | kasan)
	[[ $flavour == debug ]] || part=y
	all=("${stages[@]}") stages=()
	for stage in "${all[@]}"; do
		[[ $stage != *" ${flavour/release/debug}" ]] || stages+=("${stage% *} $flavour")
	done
	((${#stages[@]})) || die 2 "--quick has no stage with KASAN"
	;;
*) die 2 "unknown flavour '$flavour': there are debug, release and kasan" ;;
esac

"$PFD_ROOT/scripts/packages.sh" --quiet
build_host
out=$out/verify
make_dir "$out"
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT

pfd_cells() {
	"$pfd_plan" --root "$PFD_ROOT" "$@" --allow-unsafe "${options[@]}"
}
# no_cells: whether that is why pfd_cells failed: a stage may have nothing in the
# configurations asked for. Anything else ends it.
no_cells() {
	grep -q 'the plan has no cells' "$state/error" ||
		die 2 "$(sed 's/^[a-z-]*: //' "$state/error")"
}
# What the variants say of themselves, wherever the gate will look.
for stage in "${stages[@]}"; do
	read -r plan _ <<<"$stage"
	pfd_cells claims --plan "$plan" --variants "$variants" 2>"$state/error" || no_cells
done | sort -u >"$state/claims"
[[ -s $state/claims ]] || die 2 "the gate has no cells there: see ./run.sh verify --help"

runs=()
mapfile -t names < <(cut -f 1 "$state/claims" | uniq)
for i in "${!names[@]}"; do
	for stage in "${stages[@]}"; do
		read -r plan target flavour <<<"$stage"
		pfd_cells cells --plan "$plan" --variants "${names[i]}" >/dev/null 2>"$state/error" ||
			{ no_cells && continue; }
		say "[$((i + 1))/${#names[@]}] ${names[i]}: $plan, $flavour kernels"
		"$PFD_ROOT/scripts/measure.sh" --gate "$flavour" --plan "$plan" --target "$target" \
			--variants "${names[i]}" --allow-unsafe --out "$out" \
			"${options[@]}" "${pass_on[@]}" || exit $?
		run=$(readlink -f "$out/latest")
		runs+=("${run#"$PFD_ROOT/"}")
	done
done

cd "$PFD_ROOT"
status=0
"$pfd_stat" verify --repeat "$repeat" "${runs[@]}" >"$out/verdict.txt" || status=$?
((status == 0 || status == 3)) || exit 4
again=0
"$pfd_stat" verify --tsv "${runs[@]}" >"$state/verdicts" || again=$?
((again == status)) || exit 4
cat "$out/verdict.txt"

# keep: into the store, by the hash of the kernel that is measured. What is from less
# than the whole gate says so (analysis/summary_verified.c).
keep() {
	local source variant pages mmu word text hash each stores=("$PFD_BUILD/verified.tsv")
	[[ $store == "${stores[0]}" ]] || stores+=("$store")
	source=$("$PFD_ROOT/kernels/source.sh" "${source_options[@]}")
	while IFS=$'\t' read -r variant pages mmu word text; do
		# That it is not built yet is no matter.
		hash=$("$PFD_ROOT/kernels/build.sh" --source "$source" --hash "$variant" "$pages") || true
		[[ $hash ]] || die 4 "the verdict on $variant $pages has no kernel to be kept by"
		# Which there is with radix only.
		[[ ! $less || ($less == *KASAN && $mmu == hash) ]] || text=${text:+$text, }$less
		printf '%s\t%s\t%s\t%s\t%s\t%s\n' "${hash##*/}" "$variant" "$pages" "$mmu" "$word" "$text"
	done <"$state/verdicts" >"$state/new"
	# This machine's own has it in any case, else what it knew before would stand.
	for each in "${stores[@]}"; do
		merge_verdicts "$each" "$state/new" >"$state/store"
		cp "$state/store" "$each" || die 4 "cannot write $each"
	done
}
if [[ $part ]]; then
	say "a part of the gate only: not kept for reports"
else
	keep
	say "kept in ${store#"$PFD_ROOT/"}: reports say so from now on"
fi
say "verdict: ${out#"$PFD_ROOT/"}/verdict.txt, cells below ${out#"$PFD_ROOT/"}"

# Against what the variants say of themselves.
unexpected=$(awk -F '\t' '
	{ key = $1 " on " $2 " " $3 }
	FNR == NR { claim[key] = $4; next }
	claim[key] == "correct" && $4 != "pass" { list = list ", " key }
	claim[key] == "fails" && $4 == "pass" { note = note ", " key }
	END { print substr(list, 3); print substr(note, 3) }' "$state/claims" "$state/verdicts")
{ read -r failed && read -r passed; } <<<"$unexpected" || true
[[ ! $passed || $part ]] || say "passed, though variant.ini says that the gate fails it: $passed"
[[ ! $failed ]] || die 3 "claims to be correct and did not pass: $failed"
