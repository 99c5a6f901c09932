"""colours.py: measures the colours the code and the chart templates use and holds every number of
templates/DESIGN-SYSTEM.md against it.  `--print` shows what was measured.

Contrast: WCAG 2.1, (L1 + 0.05) / (L2 + 0.05) of relative luminance.  Grey: CIE L* of the luminance.
Colour-blind: CIE76 distance in L*a*b* after the matrices of Vienot, Brettel and Mollon (1999)."""
import glob
import re
import sys

DOC = 'templates/DESIGN-SYSTEM.md'
CODE = ['render/pdf_style.h', 'render/chart_kinds.h', 'render/html_style.c', *glob.glob('templates/charts/*.gp'),
        'render/chart_kinds.c', 'render/chart_parts.c', 'render/render_xlsx_body.c', 'render/render_xlsx_cell.c',
        'render/render_xlsx_fill.c']
# RGB to LMS and back, and what a missing cone leaves of it.
LMS = [[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]]
RGB = [[0.0809444479, -0.130504409, 0.116721066], [-0.0102485335, 0.0540193266, -0.113614708],
       [-0.000365296938, -0.00412161469, 0.693511405]]
SEEN = {'eye': None, 'protan': [[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]],
        'deutan': [[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]]}
bad = 0


def fail(text):
    global bad
    bad = 1
    print('FAIL', text)


def linear(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def times(matrix, v):
    return [sum(a * b for a, b in zip(row, v)) for row in matrix]


def luminance(rgb):
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast(a, b):
    high, low = sorted((luminance(linear(a)), luminance(linear(b))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    xyz = times([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], rgb)
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089)]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def seen(colour, how):
    rgb = linear(colour)
    if SEEN[how]:
        rgb = [min(1, max(0, p)) for p in times(RGB, times(SEEN[how], times(LMS, rgb)))]
    return lab(rgb)


def distance(a, b, how):
    return sum((x - y) ** 2 for x, y in zip(seen(a, how), seen(b, how))) ** 0.5


def grey(a, b):
    lightness = [lab([luminance(linear(c))] * 3)[0] for c in (a, b)]
    return abs(lightness[0] - lightness[1])


def colours_of_code():
    found = {}
    for path in CODE:
        text = open(path, encoding='utf-8').read()
        for colour in re.findall(r'(?:0x|#)([0-9A-Fa-f]{6})\b', text):
            found.setdefault(colour.upper(), path)
    for bytes_ in re.findall(r'\{ 0x(..), 0x(..), 0x(..) \}', open('render/chart_kinds.c', encoding='utf-8').read()):
        found.setdefault(''.join(bytes_).upper(), 'render/chart_kinds.c')
    return found


text = open(DOC, encoding='utf-8').read()
code, told = colours_of_code(), set(c.upper() for c in re.findall(r'#([0-9A-Fa-f]{6})\b', text))
for colour in sorted(set(code) - told):
    fail(f'#{colour} of {code[colour]} is not in {DOC}')
for colour in sorted(told - set(code)):
    fail(f'#{colour} of {DOC} is in no code')
rows = 0
for first, second, stated in re.findall(r'#([0-9A-F]{6}) on #([0-9A-F]{6}) \| ([0-9.]+)', text):
    rows += 1
    measured = contrast(first, second)
    print(f'{first} on {second}: {measured:.2f}') if '--print' in sys.argv else None
    if abs(measured - float(stated)) > 0.051:
        fail(f'#{first} on #{second}: {measured:.2f}, not {stated}')
for first, second, *stated in re.findall(
        r'#([0-9A-F]{6}) beside #([0-9A-F]{6}) \| ([0-9]+) \| ([0-9]+) \| ([0-9]+)', text):
    rows += 1
    measured = [grey(first, second), distance(first, second, 'protan'), distance(first, second, 'deutan')]
    print(first, second, ' | '.join(f'{m:.0f}' for m in measured)) if '--print' in sys.argv else None
    if any(abs(m - float(s)) > 0.51 for m, s in zip(measured, stated)):
        fail(f'#{first} beside #{second}: {[round(m) for m in measured]}, not {stated}')
    if min(measured[1:] if 'B3470F' in second else measured) < 10:
        fail(f'#{first} and #{second} look alike: {[round(m) for m in measured]}')
# The rules the numbers must keep, whatever the table says.
inks = dict(re.findall(r'#define INK_(\w+) 0x([0-9A-F]{6})', open(CODE[0], encoding='utf-8').read()))
for name in ('TEXT', 'QUIET', 'NAVY', 'GOOD', 'BAD'):
    for ground in ('FFFFFF', inks['SHADE']):
        if contrast(inks[name], ground) < 4.5:
            fail(f'words in INK_{name} on #{ground} under 4.5 : 1')
chart = open('render/chart_kinds.c', encoding='utf-8').read()
ends = [[int(x, 16) for x in re.search(name + r'\[3\] = \{ (0x..), (0x..), (0x..) \}', chart).groups()]
        for name in ('light', 'dark')]
turn, above, below = re.search(r'part > ([0-9.]+) \? 0x(\w{6}) : 0x(\w{6})', chart).groups()
for step in range(101):
    cell = ''.join('%02X' % round(a + (b - a) * step / 100) for a, b in zip(*ends))
    if contrast(cell, above if step / 100 > float(turn) else below) < 4.5:
        fail(f'the number in a heat cell #{cell} under 4.5 : 1')
if rows < 15:
    fail(f'only {rows} measured rows')
print(f'{len(code)} colours, {rows} measured rows')
sys.exit(bad)
