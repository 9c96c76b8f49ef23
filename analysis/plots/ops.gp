# SPDX-License-Identifier: GPL-2.0
#
# What each operation costs: mean over a boot, median over seeds, with the
# range over seeds as an error bar. A panel for each kind of operation, since
# kinds differ by orders of magnitude and variants by per cent.
# `kinds`: the operations, one for each block of the data; `bars`: the variants.
most = bars > 6 ? 2 : 3
columns = words(kinds) <= most ? words(kinds) : words(kinds) == 4 ? 2 : most
rows = int((words(kinds) + columns - 1) / columns)
width = columns == 1 ? 640 : (bars > 6 ? 520 : 420) * columns
height = 90 + (bars > 6 ? 410 : 330) * rows
load scripts.'/style.gp'

set multiplot layout rows, columns \
	title "Cost of each operation\n".about."\n".note
set xtics rotate by (many(bars) ? 90 : 25) right
above = placing(bars)
set boxwidth 0.7
unset key

do for [i = 1:words(kinds)] {
	# stats leaves out what would not fit into the panel before.
	set autoscale
	stats data index i - 1 skip 1 using 1:4 nooutput
	scale = STATS_max_y >= 1000 ? 1000.0 : 1.0
	set title word(kinds, i)
	set ylabel 'mean, arm bare ('.(scale > 1 ? 'ms' : 'us').')'
	set yrange [0:(STATS_max_y > 0 ? (many(bars) ? 1.3 : 1.15) \
		* STATS_max_y / scale : 1)]
	set xrange [-0.6:STATS_max_x + 0.6]
	plot data index i - 1 skip 1 using 1:($2 / scale):5:xtic(6) \
			with boxes lc variable dt 1 lw 1 fs solid 0.6 border, \
		data index i - 1 skip 1 \
			using 1:($3 / scale):(0):(($4 - $3) / scale) \
			with vectors heads nofilled size screen 0.004, 90 \
			lc rgb '#202020' dt 1 lw 1.5, \
		data index i - 1 skip 1 \
			using 1:($4 / scale):(sprintf('%.4g', $2 / scale)) \
			with labels @above
}
unset multiplot
