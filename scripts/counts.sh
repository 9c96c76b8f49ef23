# shellcheck shell=bash disable=SC2016,SC2034 # jq's $; filters are used by name
# SPDX-License-Identifier: GPL-2.0
#
# Counts of one cell from what four instruments left. To be sourced after lib.sh,
# by scripts/crosscheck.sh.
#
# A count's name is a row of the table: deferred; put LEVEL (0 PTE, 1 PMD, 2 PUD);
# fragment_free; frag_destroy; queued FUNCTION; invoked FUNCTION; instructions;
# cycles. counts[INSTRUMENT NAME] is a number; not set: not seen by it.
# counts[missed INSTRUMENT FUNCTION]: hits of kprobes that the kernel dropped.
declare -A counts
# Why the workload's truth claims nothing; empty if it does.
unclaimed=''

# What the emulator is to log: the window, and functions by which it can tell
# what happens to a table. No call_rcu(): a log of addresses has no arguments.
traced=(sys_getcpu pte_free_defer pte_fragment_free pmd_fragment_free
	__tlb_remove_table pte_frag_destroy tlb_remove_table_rcu)

# symbols VMLINUX FUNCTION...: name, address, offset of the local entry (ELFv2:
# calls within the kernel skip the two instructions that set up r2).
symbols() {
	local vmlinux=$1 readelf=powerpc64le-linux-gnu-readelf
	shift
	[[ $(uname -m) != ppc64le ]] || readelf=readelf
	"$readelf" -sW "$vmlinux" | awk -v names="$*" '
		BEGIN { for (n = split(names, name, " "); n; n--) wanted[name[n]] }
		$4 == "FUNC" && $NF in wanted && !seen[$NF]++ {
			print $NF, $2, match($0, /localentry>: 8/) ? 8 : 0
		}'
}

# trace_options DIR VMLINUX FUNCTION...: of QEMU. Also writes where each
# function begins.
trace_options() {
	local dir=$1 vmlinux=$2 ranges='' address entry
	shift 2
	symbols "$vmlinux" "${traced[@]}" "$@" >"$dir/symbols"
	while read -r _ address entry; do
		ranges+=${ranges:+,}0x$address+4
		((entry == 0)) || ranges+=,$(printf '0x%x+4' $((0x$address + entry)))
	done <"$dir/symbols"
	echo "-d exec,nochain -dfilter $ranges -D trace"
}

# bad_boot DIR RELEASE: fails, and says why, if the boot is not to be counted.
bad_boot() {
	local dir=$1 text
	text=$(jq -Rrn --arg release "$2" '
		[inputs | fromjson? | select(type == "object")] |
		(map(select(.type == "boot"))[0].release // "none") as $booted |
		(map(select(.type == "end"))[0].exit_status // "none") as $ended |
		(map(select(.type == "probe"))[0].lost // {} | map_values(select(. > 0))) as $lost |
		if $booted != $release then "kernel \($booted) booted"
		elif $ended != 0 then "the guest ended with \($ended)"
		elif $lost != {} then "the probe lost \($lost)"
		elif any(.[]; .type == "truth") | not then "no truth"
		else empty end' "$dir/guest.jsonl")
	[[ $text ]] || text=$(grep -aEm 1 \
		'cut here|BUG|Oops:|Bad page|Kernel panic|Call Trace:|rcu: INFO:|Out of memory:|Double-freed' \
		"$dir/console.log") || true
	[[ ! $text ]] || { echo "$text" && return 1; }
}

# jq filters: lines of a name, a TAB, and a number.
filter_truth='select(.type == "truth") |
	(.tables | map(select(.level == "pte"))) as $t |
	def claimed($path): $t | map(select(.path == $path).unlinked_count)[0];
	[["deferred", claimed("defer")],
	 ["put 0", (claimed("munmap") as $m | claimed("exit") as $e |
		if $m == null or $e == null then null
		else $m + $e + (claimed("fallback") // 0) end)]]'
filter_work='select(.type == "work") |
	[["instructions", .instructions_count], ["cycles", .cycles_count]]'
# Paths direct and kernel are watched on demand only: not compared.
filter_probe='[inputs | fromjson? | select(type == "object")] |
	def tables(level): map(select(.type == "table" and .level == level and
		(.path == "munmap" or .path == "exit" or .path == "fallback")).put_count) | add // 0;
	[["deferred", (map(select(.type == "table" and .path == "defer").unlinked_count) |
		add // 0)],
	 ["put 0", tables("pte")]] +
	# Of the path fallback the probe sees PTE tables only.
	(if any(.[]; .type == "table" and .path == "fallback") then []
	 else [["put 1", tables("pmd")], ["put 2", tables("pud")]] end) +
	[$functions[] as $f | (map(select(.type == "callback" and .function == $f))[0] //
		{enqueued_count: 0, invoked_count: 0}) |
		["queued \($f)", .enqueued_count], ["invoked \($f)", .invoked_count]]'
filter_bpftrace='[inputs | fromjson? | select(type == "object" and .type == "map").data] |
	add as $d |
	[["deferred", $d["@deferred"] // 0], ["fragment_free", $d["@fragment_free"] // 0],
	 ["frag_destroy", $d["@frag_destroy"] // 0]] +
	[("0", "1", "2") | ["put \(.)", $d["@put"][.] // 0]] +
	[$functions[] | ["queued \(.)", $d["@queued"][.] // 0],
		["invoked \(.)", $d["@invoked"][.] // 0]]'
# guest/full/by-perf names the events in the order in which perf has them.
filter_perf='[inputs | (fromjson? // .)] |
	(map(select(type == "string" and startswith("counted ")) | ltrimstr("counted "))) as $names |
	(map(select(type == "object" and has("counter-value"))) |
		map(if ."pcnt-running" == 100 then ."counter-value" | tonumber else null end)) as $n |
	[range($names | length) | [$names[.], $n[.]]]'

# set_counts INSTRUMENT: from [[name, number or null], ...]
set_counts() {
	local name number
	while IFS=$'\t' read -r name number; do
		counts[$1 $name]=$number
	done < <(jq -r '.[] | select(.[1] != null) | "\(.[0])\t\(.[1])"')
}

# The emulator's log: one line for each block of instructions that it enters,
# which is taken back when the block had to be left before its first one.
# What follows __tlb_remove_table() tells a table's level: the function that it
# calls for it, and none of these for a PUD table.
count_trace() {
	awk '
	FNR == NR {
		function_at[$2] = $1; indirect[$2] = 1
		if ($3)
			function_at[sprintf("%s%s", substr($2, 1, 8),
				local_entry(substr($2, 9)))] = $1
		next
	}
	function local_entry(low,  n, i) {
		for (i = 1; i <= 8; i++)
			n = n * 16 + index("0123456789abcdef", substr(low, i, 1)) - 1
		return sprintf("%08x", n + 8)
	}
	function entered(name, by_pointer) {
		if (name == "sys_getcpu") { window++; return }
		if (window != 1) return
		if (last == "__tlb_remove_table")
			level[name == "pte_fragment_free" ? 0 : name == "pmd_fragment_free" ? 1 : 2]++
		last = name
		calls[name]++
		invoked[name] += by_pointer
	}
	function flush() { if (pending != "") entered(function_at[pending], pending in indirect) }
	/^Stopped execution/ { pending = ""; next }
	/^Trace/ {
		flush()
		split($0, part, "[][/]")
		pending = part[3] in function_at ? part[3] : ""
	}
	END {
		flush()
		if (window < 2) exit 1
		if (last == "__tlb_remove_table") level[2]++
		printf "deferred\t%d\nfragment_free\t%d\nfrag_destroy\t%d\n",
			calls["pte_free_defer"], calls["pte_fragment_free"], calls["pte_frag_destroy"]
		for (i = 0; i < 3; i++) printf "put %d\t%d\n", i, level[i]
		for (address in indirect)
			printf "invoked %s\t%d\n", function_at[address], invoked[function_at[address]]
	}' "$1/symbols" "$1/emulator/trace"
}

# count_all DIR FUNCTION...: fills counts[].
count_all() {
	local dir=$1 name number lines instrument
	shift
	local functions
	unclaimed=$(jq -Rr 'fromjson? | select(.type == "truth").unclaimed // empty' \
		"$dir/emulator/guest.jsonl")
	functions=$(printf '%s\n' tlb_remove_table_rcu "$@" | jq -Rn '[inputs]')
	for instrument in probe bpftrace perf emulator; do
		set_counts "truth of $instrument" < <(jq -Rc "fromjson? | $filter_truth" \
			"$dir/$instrument/guest.jsonl")
	done
	set_counts truth < <(jq -Rc "fromjson? | $filter_truth" "$dir/emulator/guest.jsonl")
	set_counts truth < <(jq -Rc "fromjson? | $filter_work" "$dir/perf/guest.jsonl")
	for instrument in probe bpftrace perf; do
		name=filter_$instrument
		set_counts "$instrument" < <(jq -Rnc --argjson functions "$functions" \
			"${!name}" "$dir/$instrument/guest.jsonl")
	done
	for instrument in bpftrace perf; do
		while read -r _ name number; do
			counts[missed $instrument $name]=$number
		done < <(grep '^missed ' "$dir/$instrument/guest.jsonl")
	done
	lines=$(count_trace "$dir") ||
		die 3 "emulator: its trace has no window: see $dir/emulator/trace"
	while IFS=$'\t' read -r name number; do
		counts[emulator $name]=$number
	done <<<"$lines"
}
