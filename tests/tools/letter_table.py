"""letter_table.py - prints analyze/stats_text_table.inc: Unicode letters and numbers."""
import unicodedata

ranges = []
for code in range(0x80, 0x323B0):
    if 0xD800 <= code < 0xE000 or unicodedata.category(chr(code))[0] not in "LN":
        continue
    if ranges and ranges[-1][1] == code - 1:
        ranges[-1][1] = code
    else:
        ranges.append([code, code])
print("/* stats_text_table.inc - ranges of Unicode letters and numbers from U+0080 on,")
print(" * printed by tests/tools/letter_table.py, ascending. */")
line = ""
for low, high in ranges:
    item = "{ 0x%X, 0x%X }," % (low, high)
    if len(line) + 1 + len(item) > 88:
        print(line)
        line = ""
    line += (" " if line else "") + item
print(line)
