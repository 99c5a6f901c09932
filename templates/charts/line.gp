# Lines over months; the band of the first series behind them.
set grid ytics linetype 1 linecolor rgb "#E3E7EB" linewidth 1
plot data using 1:3:4 with filledcurves fillstyle solid 1.0 noborder fillcolor rgb "#D5E6F4", \
    for [k = 1:series] data using 1:(column(4*k-2)) with linespoints \
    linecolor rgb value(sprintf("array_colour_%d", k)) linewidth 3.6 pointtype 7 pointsize 0.62
