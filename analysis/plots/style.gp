# SPDX-License-Identifier: GPL-2.0
#
# What all plots share. The caller (pfd-stat plot) sets:
#   format   png or svg		out     the file to write
#   data     the data file		scripts the directory of this file
#   about    configuration and job, for the title
#   note     what to know of its time
# and this file wants `width` and `height`, in pixels.
#
# A variant's number is its colour, its dashes and its pattern everywhere, so
# that plots can be told apart in black and white as well. The colours are
# Okabe and Ito's, which people with any colour vision can tell apart.

if (format eq 'png') {
	set terminal pngcairo noenhanced size width,height \
		font 'DejaVu Sans,10' background rgb 'white'
} else {
	set terminal svg noenhanced size width,height dynamic \
		font 'DejaVu Sans,Verdana,Arial,sans-serif,12' \
		background rgb 'white'
}
set output out
set encoding utf8
set datafile separator "\t"
set key noenhanced

set linetype  1 lc rgb '#0072B2' lw 2 dt 1
set linetype  2 lc rgb '#D55E00' lw 2 dt '-'
set linetype  3 lc rgb '#009E73' lw 2.5 dt (3, 4)
set linetype  4 lc rgb '#CC79A7' lw 2 dt '_.'
set linetype  5 lc rgb '#E69F00' lw 2 dt '--.'
set linetype  6 lc rgb '#56B4E9' lw 2 dt '_'
set linetype  7 lc rgb '#6A3D9A' lw 2 dt '-..'
set linetype  8 lc rgb '#000000' lw 2 dt '..-'
set linetype  9 lc rgb '#8C6D1F' lw 2 dt (12, 12)
set linetype 10 lc rgb '#7F7F7F' lw 2.5 dt (3, 10)
set linetype 11 lc rgb '#B2182B' lw 2 dt (20, 4)
set linetype 12 lc rgb '#3B5B2E' lw 2 dt (20, 4, 3, 4, 3, 4)
set linetype 13 lc rgb '#B7C400' lw 2.5 dt (8, 4)
set linetype 14 lc rgb '#1B2A6B' lw 2 dt (3, 3, 12, 3)
set linetype cycle 14

# Bars of so many variants that names and numbers stand upright.
many(bars) = bars > 6
slope(bars) = many(bars) ? 90 : 20
placing(bars) = many(bars) ? 'rotate by 90 left offset 0, 0.4' \
	: 'center offset 0, 0.7'

set border 3 lc rgb '#404040'
set tics nomirror out
set grid ytics lc rgb '#D8D8D8' lw 1 dt 1
