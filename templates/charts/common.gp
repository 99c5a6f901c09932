# What all charts share. 2 SVG units are 1 point on paper; text is 10.5 points.
set border 1 linecolor rgb "#8A949E" linewidth 1.4
set xtics nomirror scale 0 textcolor rgb "#333A40"
set ytics nomirror scale 0 textcolor rgb "#333A40"
set style fill solid 1.0 noborder
unset key
unset colorbox
