# SPDX-License-Identifier: GPL-2.0
#
# What a job costs against its size: a panel for each metric, a line for each
# variant through the medians over seeds, with their range as error bars.
# `swept`, `sizes`: what grows, and its values; `doubles`: by factors
# `panels`, and for each, as title_1 and so on:
#   title, arm, lines: the variants' numbers; the data has a block for each
#   time: whether it is in ns; least, most: of all its values
columns = panels < 4 ? panels : panels == 4 ? 2 : 3
rows = int((panels + columns - 1) / columns)
width = 400 * columns + 150
height = 90 + 330 * rows
load scripts.'/style.gp'

its(name, panel) = value(sprintf('%s_%d', name, panel))
unit(most) = most >= 1e6 ? 'ms' : most >= 1e3 ? 'us' : 'ns'
scale(most) = most >= 1e6 ? 1e6 : most >= 1e3 ? 1e3 : 1.0
first = real(word(sizes, 1))
last = real(word(sizes, words(sizes)))

set multiplot layout rows, columns \
	margins screen 80.0 / width, screen 1 - 190.0 / width, \
		screen 65.0 / height, screen 1 - 100.0 / height \
	spacing screen 85.0 / width, screen 95.0 / height \
	title "Cost against size\n".about."\n".note
set xlabel swept.(doubles ? ' (logarithmic)' : '')
set xtics () format '%g'
do for [i = 1:words(sizes)] {
	set xtics add (real(word(sizes, i)))
}
if (doubles) {
	set logscale x 2
	set xrange [first / 1.2:last * 1.2]
} else {
	set xrange [first - 0.05 * (last - first):last + 0.05 * (last - first)]
}
set grid xtics ytics
set key at screen 1 - 8.0 / width, screen 1 - 100.0 / height right top \
	vertical Left reverse samplen 4 spacing 1.3
set errorbars small

block = 0
do for [p = 1:panels] {
	lines = its('lines', p)
	most = its('most', p)
	# Nothing but a logarithmic axis shows both ends of such a range.
	steep = its('least', p) > 0 && most / its('least', p) > 20
	by = its('time', p) ? scale(most) : 1.0
	set title its('title', p)
	set ylabel (its('time', p) ? 'mean, '.unit(most) : 'count') \
		.', arm '.its('arm', p).(steep ? ' (logarithmic)' : '')
	if (steep) {
		set logscale y 10
		set yrange [its('least', p) / by / 1.3:most / by * 1.3]
		set ytics () format '%g'
		do for [decade = -6:12] {
			set ytics add (10.0**decade)
			if (most / its('least', p) < 1000) {
				set ytics add (2 * 10.0**decade, \
					5 * 10.0**decade)
			}
		}
	} else {
		unset logscale y
		set ytics autofreq format '%h'
		set yrange [0:(most > 0 ? 1.1 * most / by : 1)]
	}
	plot for [i = 1:words(lines)] data index block + i - 1 skip 1 \
			using 1:($2 / by):($3 / by):($4 / by) \
			with yerrorbars lt int(word(lines, i)) dt 1 lw 1 \
			pt 0 notitle, \
		for [i = 1:words(lines)] data index block + i - 1 \
			using 1:($2 / by) with linespoints \
			lt int(word(lines, i)) pt 3 + int(word(lines, i)) \
			title columnheader(1)
	block = block + words(lines)
	unset key
}
unset multiplot
