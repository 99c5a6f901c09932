"""Every character a PDF shows must leave ink: finds glyphs lost by a font subset.

Text extraction cannot see a lost glyph (it reads the code, not the shape), so each
character's box from `pdftotext -bbox-layout`-like data is not enough either: the
pages are rasterised and every box looked at.  Needs pdftotext and pdftoppm only.
"""
import html
import os
import re
import subprocess
import sys
import tempfile

DPI = 144
BLANK = set(' \u3000\u00a0')


def boxes(pdf):
    """Yields page by page the words with their boxes (points)."""
    text = subprocess.run(['pdftotext', '-bbox', pdf, '-'], check=True,
                          capture_output=True).stdout.decode('utf-8')
    page = -1
    for line in text.splitlines():
        if '<page ' in line:
            page += 1
        found = re.search(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" '
                          r'yMax="([-\d.]+)">(.*)</word>', line)
        if found:
            yield (page, *map(float, found.groups()[:4]), html.unescape(found.group(5)))


def pages(pdf, directory):
    """The pages as (width, height, grey bytes)."""
    stem = os.path.join(directory, 'page')
    subprocess.run(['pdftoppm', '-r', str(DPI), '-gray', pdf, stem], check=True)
    for name in sorted(os.listdir(directory)):
        with open(os.path.join(directory, name), 'rb') as file:
            data = file.read()
        head = re.match(rb'P5\s+(\d+)\s+(\d+)\s+255\s', data)
        yield int(head.group(1)), int(head.group(2)), data[head.end():]


def wide(char):
    return 2 if ord(char) > 0x2e7f else 1


def check(pdf):
    seen, lost = set(), set()
    with tempfile.TemporaryDirectory() as directory:
        images = list(pages(pdf, directory))
    scale = DPI / 72
    for page, x0, y0, x1, y1, word in boxes(pdf):
        if y1 - y0 > 40:          # the slanted draft mark has no upright box
            continue
        width, height, grey = images[page]
        total = sum(wide(char) for char in word)
        at = x0
        for char in word:
            end = at + (x1 - x0) * wide(char) / total
            left, right = int(at * scale) - 2, int(end * scale) + 3
            top, bottom = int(y0 * scale) - 2, int(y1 * scale) + 3
            at = end
            if char in BLANK:
                continue
            rows = [grey[y * width + max(left, 0):y * width + min(right, width)]
                    for y in range(max(top, 0), min(bottom, height))]
            flat = b''.join(rows)
            contrast = max(flat) - min(flat) if flat else 0
            (seen if contrast > 60 else lost).add(char)
    return seen, lost - seen


def main():
    try:
        subprocess.run(['pdftoppm', '-v'], capture_output=True, check=False)
    except FileNotFoundError:
        print('SKIPPED: pdftoppm not installed')
        return 1
    bad = 0
    for pdf in sys.argv[1:]:
        seen, lost = check(pdf)
        print(f'{os.path.basename(pdf)}: {len(seen)} characters with ink, '
              f'{len(lost)} without {"".join(sorted(lost))}')
        bad += len(lost)
    return 1 if bad else 0


sys.exit(main())
