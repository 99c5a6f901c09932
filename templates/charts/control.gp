# Grey band: normal variation. Thin line: usual level. Dashed: target. A point
# beyond the band is ringed.
set grid ytics linetype 1 linecolor rgb "#ECEFF2" linewidth 1
plot data using 1:(has_band ? $3 : NaN):(has_band ? $4 : NaN) \
        with filledcurves fillstyle solid 1.0 noborder fillcolor rgb "#DDE2E7", \
    data using 1:(has_centre ? $6 : NaN) with lines linecolor rgb "#8A949E" linewidth 2, \
    data using 1:(has_target ? target : NaN) with lines linecolor rgb "#B3470F" \
        linewidth 2.6 dashtype (8,6), \
    data using 1:2 with linespoints linecolor rgb "#1B3A5C" linewidth 3.6 pointtype 7 \
        pointsize 0.62, \
    data using 1:($5 > 0 ? $2 : NaN) with points linecolor rgb "#B3470F" pointtype 6 \
        pointsize 1.5 linewidth 3
