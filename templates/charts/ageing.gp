# Lying bars, the older the darker: shades in the order of the bands.
unset xtics
set border 2 linecolor rgb "#8A949E" linewidth 1.4
age(i) = i < 1 ? 0xC3CBD3 : i < 2 ? 0x9DB4C6 : i < 3 ? 0x7394B0 : i < 4 ? 0x4A6F91 : 0x1B3A5C
plot data using ($2/2):1:(0):2:($1-0.3):($1+0.3):(age($1)) with boxxyerror \
    fillcolor rgb variable
