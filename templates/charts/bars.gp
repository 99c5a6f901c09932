# Lying bars: this month navy, the month before thin and light below it.
unset xtics
set border 2 linecolor rgb "#8A949E" linewidth 1.4
now = series > 1 ? -0.10 : 0
plot data using ($2/2):($1+now):(0):2:($1+now-0.23):($1+now+0.23) with boxxyerror \
        fillcolor rgb "#1B3A5C", \
    data using (series > 1 ? $6/2 : NaN):($1+0.27):(0):(series > 1 ? $6 : NaN):($1+0.17):($1+0.37) \
        with boxxyerror fillcolor rgb "#C3CBD3"
