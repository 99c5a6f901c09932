#!/usr/bin/env python3
"""Prints core/text_fold_table.inc: NFKC of the blocks offices use, lower-cased.

Source: the Unicode tables of python3's unicodedata. Full-width forms, which are
an arithmetic shift, are left to the C code.
"""
import unicodedata

BLOCKS = [(0xA0, 0xFF), (0x2010, 0x2027), (0x2030, 0x205E), (0x2070, 0x209C),
          (0x20A8, 0x20A8), (0x2100, 0x214F), (0x2150, 0x218B), (0x2460, 0x24FF),
          (0x2A74, 0x2A76), (0x2E80, 0x2FDF), (0x3001, 0x30FF), (0x3131, 0x318E),
          (0x3200, 0x33FF), (0xF900, 0xFAFF), (0xFB00, 0xFB06), (0xFE30, 0xFE6F),
          (0xFF61, 0xFF9F), (0xFFE0, 0xFFEE)]

items = []
for first, last in BLOCKS:
    for code in range(first, last + 1):
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char).lower().replace(" ", "")
        if folded == char or folded == char.lower() or not folded:
            continue
        escaped = folded.replace("\\", "\\\\").replace('"', '\\"')
        items.append('{ 0x%04X, "%s" },' % (code, escaped))

print("/* text_fold_table.inc - NFKC of the characters offices use, lower-cased;")
print(" * printed by tests/tools/text_fold_table.py, sorted by code point. */")
line = ""
for item in items:
    if len(line.encode()) + len(item.encode()) + 1 > 88:
        print(line)
        line = ""
    line = (line + " " + item).strip()
print(line)
