#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Bad words on the command line: one line, exit code 2, nothing built.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"

refused 2 "frobnicate" ./run.sh frobnicate
refused 2 "nosuch.*landed" ./run.sh run --variants nosuch
refused 2 "nosuch.*thp-collapse" ./run.sh run --workloads nosuch
refused 2 "nosuch" ./run.sh run --plan nosuch
refused 2 "nosuch" ./run.sh run --target nosuch
refused 2 "5\.15.*6\.12" ./run.sh run --base 5.15
refused 2 "refcount.*base 6\.1:.*6\.12" ./run.sh run --base 6.1 --variants refcount
refused 2 "5\.15.*6\.12" kernels/source.sh --base 5.15
refused 2 "\.\./x" kernels/source.sh --base ../x
refused 2 "pre-series.*6\.1" ./run.sh shell --variant pre-series
refused 2 "16k" ./run.sh run --pages 16k
refused 2 "power3" ./run.sh run --cpu power3
refused 2 "probe.*bare" ./run.sh run --arms probe
refused 2 "seeds" ./run.sh run --seeds many
refused 2 "thp-collapse.*PARAMETER" ./run.sh run --set thp-collapse
refused 2 "nosuch" ./run.sh run --set nosuch.processes=1
refused 2 "nosuch" ./run.sh run --set thp-collapse.nosuch=1
refused 2 "'0'" ./run.sh run --set thp-collapse.processes=1,0
refused 2 "2 is given twice" ./run.sh run --set thp-collapse.processes=2,2
refused 2 "sweeps processes" ./run.sh run --set thp-collapse.processes=1,2 --set thp-collapse.ranges=1,2
refused 2 "one sweep" ./run.sh run --plan sweep-smp --set exit.tables=1,2
refused 2 "exit.*--workloads" ./run.sh run --plan quick --set exit.processes=1
refused 2 "--frob" ./run.sh run --frob
refused 2 "per-table.*64k" ./run.sh run --plan quick --variants per-table
refused 2 "nosuch" ./run.sh shell --variant nosuch
refused 2 "unknown variant 'nosuch'" ./run.sh verify --variants nosuch
refused 2 "unknown flavour 'x': there are debug, release and kasan" ./run.sh verify --flavour x
refused 2 "no stage with KASAN" ./run.sh verify --quick --flavour kasan
refused 2 "unknown base '9.9'" ./run.sh verify --base 9.9
refused 2 "no cells there" ./run.sh verify --variants landed --pages 4k --mmu hash --workloads walkers
refused 2 "nosuch" ./run.sh crosscheck --variant nosuch
refused 2 "nosuch" ./run.sh crosscheck --workload nosuch
refused 2 "frob" ./run.sh crosscheck frob
refused 2 "many" ./run.sh crosscheck --seed many
refused 2 "nosuch" ./run.sh reproduce nosuch
refused 2 "which run" ./run.sh reproduce
refused 2 "--frob" ./run.sh reproduce latest --frob
refused 2 "nosuch" ./run.sh run --cells nosuch
refused 2 "--variants" ./run.sh run --cells README.md --variants landed
refused 2 "nosuch.*stress-ng" guest/extra.sh nosuch
refused 2 "" ./run.sh diff landed
refused 2 "" ./run.sh diff landed refcount nosuchrun
refused 2 "--frob" ./run.sh diff landed refcount --frob
refused 2 "fail-on.*value" ./run.sh diff landed refcount --fail-on

# Plans are files that users write.
bad_plan() {
	printf '[plan]\ntitle = t\nvariants = safe\npages = 64k\nmmu = radix\nworkloads = null\narms = bare\nseeds = 1\n%b\n' "$1" >"$tmp/bad.ini"
	refused 2 "$2" ./run.sh run --plan "$tmp/bad.ini"
}
bad_plan 'colour = red' 'colour'
bad_plan '[workload null]\noperations = lots' 'operations'
bad_plan '[workload null]\nfrob = 1' 'frob'
bad_plan '[workload null]\noperations = 1 2 1' 'twice'
bad_plan '[workload null]\noperations = 1\noperations = 2' 'twice'
bad_plan 'sweep = processes' 'smp'
bad_plan 'base = 5.15' '6\.12'
bad_plan '[workload nosuch]\nx = 1' 'nosuch'
bad_plan '[nosuch]\nx = 1' 'nosuch'
bad_plan 'no equals sign' 'bad.ini'

for command in run verify diff report list new-variant shell reproduce \
	crosscheck doctor test; do
	expect 0 ./run.sh "$command" --help
	shows 'examples?:'
done
expect 0 ./run.sh list
for name in 6.1 6.12 7.2 pre-series landed landed-fixed refcount always-rcu per-table side-masks \
	reuse percpu-frag thp-collapse fork-munmap anon-collapse quick default full sweep sweep-smp exact; do
	shows "(^|[[:space:]])$name([[:space:]]|\$)"
done
