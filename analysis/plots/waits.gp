# SPDX-License-Identifier: GPL-2.0
#
# How long page-table pages and the callbacks that free them wait: cumulative
# distributions over all seeds, a line for each variant, in four panels with
# one axis; the last has the second grace period of those that waited twice.
# `page`, `tlb`, `own`, `second`: the panels' lines, as the variants' numbers;
#   the data has one block for each, in this order
# `shortest`, `longest`: of all waits, in ms
width = 1100
height = 780
load scripts.'/style.gp'

array panels[4] = ['page', 'tlb', 'own', 'second']
array titles[4] = ['pages: last unlink to real end', \
	'tlb_remove_table_rcu: call_rcu() to invocation', \
	"variant's own callbacks: call_rcu() to invocation", \
	'second wait of pages that waited twice']

set multiplot layout 2, 2 margins 0.07, 0.82, 0.075, 0.865 \
	spacing 0.05, 0.12 \
	title "How long page tables wait\n".about."\n".note
set logscale x
set xrange [shortest / 1.2:longest * 1.2]
set xtics () format '%g'
do for [decade = -6:6] {
	set xtics add (10.0**decade)
	if (longest / shortest < 1000) {
		set xtics add (2 * 10.0**decade, 5 * 10.0**decade)
	}
}
set yrange [0:1.02]
set ytics 0, 0.25, 1
set grid xtics ytics
set key at screen 0.995, 0.865 right top vertical Left reverse samplen 3 \
	spacing 1.2

block = 0
do for [p = 1:4] {
	lines = value(panels[p])
	set title titles[p]
	set ylabel (p % 2 ? 'share of all waits' : '') offset 1, 0
	set xlabel (p > 2 ? 'wait (ms, logarithmic)' : '')
	if (words(lines) > 0) {
		plot for [i = 1:words(lines)] data index block + i - 1 \
			using 1:2 with steps lt int(word(lines, i)) \
			title columnheader(1)
		block = block + words(lines)
		unset key
	} else {
		set label 1 'no data' at graph 0.5, 0.5 center
		plot NaN notitle
		unset label 1
	}
}
unset multiplot
