# SPDX-License-Identifier: GPL-2.0
#
# Memory that is no page table any more and not free yet, over time: a line for
# each variant (first seed, arm probed), and a cross on it where the workload
# ended, if anything was left then.
# `lines`: the variants' numbers, one for each block of the data
# `ends`: whether one more block has the crosses
# `longest`, `most`: of all lines, in ms and bytes
width = 1240
height = 480
load scripts.'/style.gp'

by = most >= 1048576 ? 1048576.0 : 1024.0
unit = most >= 1048576 ? 'MiB' : 'KiB'
slow = longest >= 10000
scale = slow ? 1000.0 : 1.0
array titles[2] = ['tables that are unlinked, until their page is free', \
	'pages that nothing but RCU holds any more']

set multiplot layout 1, 2 margins 0.06, 0.82, 0.13, 0.77 spacing 0.05 \
	title "Page-table memory waiting to be free\n".about.", first seed\n" \
		.note
set xrange [0:longest / scale]
set yrange [0:1.05 * most / by]
set xlabel 'time since the start ('.(slow ? 's' : 'ms').')'
set key at screen 0.995, 0.78 right top vertical Left reverse samplen 4 \
	spacing 1.2

do for [p = 1:2] {
	set title titles[p]
	set ylabel (p == 1 ? 'waiting ('.unit.')' : '') offset 1, 0
	plot for [i = 1:words(lines)] data index i - 1 \
			using ($1 / scale):(column(p + 1) / by) \
			with linespoints lt int(word(lines, i)) \
			pt 3 + int(word(lines, i)) pi 40 ps 0.9 \
			title columnheader(1), \
		for [i = 1:(ends ? 1 : 0)] data index words(lines) \
			using ($1 / scale):(column(p + 1) / by):4 \
			with points pt 2 ps 1.6 lw 2 lc variable notitle, \
		for [i = 1:(ends ? 1 : 0)] NaN with points pt 2 ps 1.6 lw 2 \
			lc rgb '#404040' title 'end of the workload'
	unset key
}
unset multiplot
