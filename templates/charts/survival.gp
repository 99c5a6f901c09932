# Share done by a time: this month strong, the earlier one dashed.
set grid ytics linetype 1 linecolor rgb "#E3E7EB" linewidth 1
plot data using 1:(series > 1 ? $6 : NaN) with steps linecolor rgb "#D9822B" \
        linewidth 2.8 dashtype (8,5), \
    data using 1:2 with steps linecolor rgb "#1B3A5C" linewidth 3.8
