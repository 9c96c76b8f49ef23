#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# build-kernels.sh GROUP: some of the kernels that the guest tests boot. Those of
# a group have an object directory in common: the first costs minutes, the others
# a link.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

export PFD_VARIANTS=$ROOT/tests/fixtures/variants
# build PAGES VARIANT...: these, and the guest image, as a run does.
build() {
	printf '[plan]\ntitle = what the tests boot\nvariants = %s\npages = %s\nmmu = radix\nworkloads = null\narms = probed\nseeds = 1\n' \
		"${*:2}" "$1" >"$tmp/build.ini"
	./run.sh run --plan "$tmp/build.ini" --allow-unsafe --out "$tmp/results"
}
case ${1:-} in
64k) build 64k landed-fixed refcount always-rcu ;;
more) build 64k landed side-masks reuse tlb-direct tlb-early-put per-table landed-rcu-exit always-rcu-exit free-now never-free pmd-at-once destructor-early ;;
4k) build 4k landed-fixed per-table ;;
debug)
	for variant in per-table refcount no-ipi; do
		kernels/build.sh --flavour debug "$variant" 64k
	done
	;;
*) fail "unknown group '${1:-}'" ;;
esac
