#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# bench-workers.sh [WORKERS...]: cells a minute against workers (default: 1 2 4),
# by GNU parallel and by Slurm, on a cluster of that many one-CPU nodes which is
# this machine's. Not a test: nothing is expected of the figures, and they mean
# something only if this machine has nothing else to do. Then, how long it takes to
# plan and submit 10,000 cells. docs/speed.md has figures.
# shellcheck source-path=SCRIPTDIR source=guest-lib.sh
. "$(dirname "$0")/guest-lib.sh"

cluster=$tmp/cluster
trap 'tests/cluster.sh stop "$cluster"; rm -rf "$tmp"' EXIT
(($#)) || set -- 1 2 4
tests/cluster.sh start "$cluster" "$(printf '%s\n' "$@" | sort -n | tail -n 1)" || fail "no cluster"
export SLURM_CONF=$cluster/slurm.conf

plan warm 'variants = refcount' 'pages = 64k' 'mmu = radix' 'arms = bare' 'seeds = 1' \
	'workloads = null'
plan some 'variants = refcount' 'pages = 64k' 'mmu = radix' 'arms = bare probed' 'seeds = 4' \
	'workloads = null thp-collapse'
measure 0 warm
build/host/plans/pfd-plan cells --plan "$tmp/some.ini" >"$tmp/cells"
cells=$(wc -l <"$tmp/cells")

printf '%-8s %-9s %12s %10s\n' workers launcher 'cells/minute' 's a cell'
for workers; do
	for launcher in local slurm; do
		started=${EPOCHREALTIME/./}
		expect 0 ./run.sh run --cells "$tmp/cells" --out "$tmp/$launcher-$workers" \
			--launcher "$launcher" --jobs "$workers"
		took_us=$((${EPOCHREALTIME/./} - started))
		printf '%-8s %-9s %12s %10s\n' "$workers" "$launcher" \
			"$(awk -v n="$cells" -v us="$took_us" 'BEGIN { printf "%.1f", n * 6e7 / us }')" \
			"$(awk -v w="$workers" -v us="$took_us" -v n="$cells" 'BEGIN { printf "%.2f", w * us / 1e6 / n }')"
	done
done

plan many 'variants = refcount' 'pages = 64k' 'mmu = radix' 'arms = bare probed' \
	'seeds = 1000' 'workloads = null thp-collapse fork-munmap exit anon-collapse'
build/host/plans/pfd-plan cells --plan "$tmp/many.ini" >"$tmp/cells"
: >"$tmp/many.err"
started=${EPOCHREALTIME/./}
./run.sh run --cells "$tmp/cells" --out "$tmp/many" --launcher slurm >"$tmp/many.out" 2>"$tmp/many.err" </dev/null &
pid=$!
for ((i = 0; i < 600; i++)); do
	! grep -q '^slurm job' "$tmp/many.err" || break
	sleep 0.05
done
took_us=$((${EPOCHREALTIME/./} - started))
kill -TERM "$pid"
wait "$pid" || true
grep '^slurm job' "$tmp/many.err" || fail "nothing was submitted"
printf 'from the command to the submitted job: %s s\n' \
	"$(awk -v us="$took_us" 'BEGIN { printf "%.2f", us / 1e6 }')"
