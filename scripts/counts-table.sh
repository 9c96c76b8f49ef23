# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The table of ./run.sh crosscheck, from counts[] (scripts/counts.sh); to be
# sourced after that.
instruments=(probe bpftrace perf emulator)
# What pfd-load executes between the start of perf's window and of its own: it is
# woken, and reads /proc/vmstat, /proc/meminfo and its counters. Measured: 112,000
# to 118,000 instructions, 294,000 to 312,000 cycles, whatever the workload does.
# shellcheck disable=SC2034 # by name
slack_instructions=150000 slack_cycles=400000

# title NAME: of a row.
title() {
	case $1 in
	deferred) echo "pte_free_defer()" ;;
	"put 0") echo "__tlb_remove_table(): PTE" ;;
	"put 1") echo "__tlb_remove_table(): PMD" ;;
	"put 2") echo "__tlb_remove_table(): PUD" ;;
	fragment_free) echo "pte_fragment_free()" ;;
	frag_destroy) echo "pte_frag_destroy()" ;;
	queued*) echo "${1#* } queued" ;;
	invoked*) echo "${1#* } invoked" ;;
	*) echo "$1, thousands" ;;
	esac
}

# cell COLUMN NAME: a number of the table.
cell() {
	local value=${counts[$1 $2]:-}
	[[ $2 != instructions && $2 != cycles ]] || value=${value:+$(((value + 500) / 1000))}
	printf '%10s' "${value:--}"
}

# missed INSTRUMENT NAME: how many hits of the kprobes of a row were dropped. Not
# those of trace events, by which perf sees callbacks.
missed() {
	local function total=0 functions=()
	case $1,$2 in
	*,deferred) functions=(pte_free_defer) ;;
	*,put*) functions=(__tlb_remove_table) ;;
	*,fragment_free) functions=(pte_fragment_free) ;;
	*,frag_destroy) functions=(pte_frag_destroy) ;;
	bpftrace,queued*) functions=(call_rcu call_rcu_hurry) ;;
	bpftrace,invoked*) functions=("${2#* }" call_rcu call_rcu_hurry) ;;
	esac
	for function in "${functions[@]}"; do
		total=$((total + ${counts[missed $1 $function]:-0}))
	done
	echo "$total"
}

# worse MARK: of two marks of a row, the worse stays.
worse() {
	local order=' =mu~!'
	local before=${order%%"$mark"*}
	[[ ${order#"$before"} != *"$1"* ]] || mark=$1
}

# judge NAME MODEL: sets mark.
judge() {
	local name=$1 instrument value want short queued
	local reference=${counts[emulator $name]:-${counts[truth $name]:-${counts[probe $name]:-}}}
	mark=' '
	if [[ $name == instructions || $name == cycles ]]; then
		value=${counts[perf $name]:-} want=${counts[truth $name]:-}
		[[ $value && $want ]] || return 0
		short=$((value - want))
		want=slack_$name
		((short >= 0 && short <= ${!want})) && mark=w || mark='!'
		return 0
	fi
	for instrument in "${instruments[@]}"; do
		value=${counts[$instrument $name]:-}
		[[ $value && $reference ]] || continue
		want=${counts[truth of $instrument $name]:-$reference}
		short=$((want - value))
		if ((short == 0)); then
			worse '='
		elif ((short > 0 && short <= $(missed "$instrument" "$name"))); then
			worse m
		elif [[ $2 == page-and-grace-period && $name == @(queued|invoked)* &&
			$name != *tlb_remove_table_rcu ]]; then
			worse '~'
		elif [[ $unclaimed ]]; then
			worse u
		else
			worse '!'
		fi
		# Whatever was queued in the window was invoked in it.
		[[ $name == invoked* ]] || continue
		queued=${counts[$instrument queued ${name#* }]:-$value}
		((queued - value <= $(missed "$instrument" "$name") &&
			value - queued <= $(missed "$instrument" queued))) || worse '!'
	done
}

legend() {
	local key text=''
	[[ $marks != *'='* ]] || echo "=  equal"
	[[ $marks != *'~'* ]] ||
		cat <<'END'
~  need not be equal: queued once for each page and grace period in which tables
   are deferred (variant.ini), and an instrument that takes time moves those
END
	if [[ $marks == *m* ]]; then
		for key in "${!counts[@]}"; do
			[[ $key != "missed "* || ${counts[$key]} == 0 ]] ||
				text+=", ${key#* }() ${counts[$key]}"
		done
		cat <<END
m  equal but for hits in an interrupt that came while another kprobe ran, which
   the kernel drops and counts: ${text#, }
END
	fi
	[[ $marks != *u* ]] ||
		cat <<'END'
u  need not be equal: what the workload does depends on time or free memory,
   which each instrument takes; it does not claim to do the same in each boot
END
	[[ $marks != *w* ]] ||
		cat <<'END'
w  truth: what pfd-load counted of itself; perf's window also has pfd-load's
   start, and its reading of /proc/vmstat and of its counters
END
	[[ $marks != *'!'* ]] || echo "!  not equal, though it must be"
	cat <<'END'
-  not seen: the emulator writes down addresses, but no arguments; the probe
   watches pte_fragment_free() on demand only; truth is what pfd-load claims
END
}

# print_counts TITLE MODEL FUNCTION...: the table; sets marks.
print_counts() {
	local text=$1 model=$2 function name column mark
	local names=(deferred "put 0" "put 1" "put 2" fragment_free frag_destroy)
	shift 2
	marks=''
	for function in tlb_remove_table_rcu "$@"; do
		names+=("queued $function" "invoked $function")
	done
	printf '%s\n\n%-28s' "$text" ''
	printf '%10s' truth "${instruments[@]}"
	printf '\n'
	for name in "${names[@]}" instructions cycles; do
		judge "$name" "$model"
		marks+=$mark
		printf '%-28.28s' "$(title "$name")"
		for column in truth "${instruments[@]}"; do
			cell "$column" "$name"
		done
		printf ' %s\n' "$mark"
	done
	echo
	legend
}
