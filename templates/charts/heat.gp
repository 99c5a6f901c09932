# One box an hour and weekday; the number says what the shade shows.
unset border
plot data using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):3 with boxxyerror \
    fillcolor rgb variable fillstyle solid 1.0 border rgb "#FFFFFF"
