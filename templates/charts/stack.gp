# Months side by side, the series on top of each other; white lines between.
set grid ytics linetype 1 linecolor rgb "#E3E7EB" linewidth 1
set style fill solid 1.0 border rgb "#FFFFFF"
plot for [k = 1:series] data using 1:(column(4*k-1)):($1-0.33):($1+0.33):(column(4*k-1)):(column(4*k)) \
    with boxxyerror fillcolor rgb value(sprintf("array_colour_%d", k)) linewidth 1
