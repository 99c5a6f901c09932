"""sheets.py - one small table in the formats people send it, written by the letter of their
specifications ([MS-XLS], [MS-CFB], ODF 1.2, SpreadsheetML 2003, HTML) and by no code of ours.
A table is a list of rows of text, numbers and None; joined = [(row, column, last_row)] reach
down, counted from 0; numbers of .xls bear a date format."""
import struct
import zipfile
from xml.sax.saxutils import escape


def _covered(joined, row, column):
    return any(c == column and first < row <= last for first, c, last in joined)


def _reach(joined, row, column):
    return next((last - first + 1 for first, c, last in joined if (first, c) == (row, column)), 1)


def _record(kind, body):
    return struct.pack('<HH', kind, len(body)) + body


def _book(table, joined):
    def begin(kind):
        return _record(0x0809, struct.pack('<HHHH', 0x0600, kind, 0, 0))

    def xf(form):
        return _record(0x00E0, struct.pack('<HH', 0, form) + bytes(16))

    head = begin(5) + _record(0x041E, struct.pack('<HHB', 164, 16, 0) + b'yyyy-mm-dd hh:mm') + xf(0) + xf(164)
    name, end = b'Sheet', _record(0x000A, b'')
    sheet = struct.pack('<HBB', 0, len(name), 0) + name
    book = head + _record(0x0085, struct.pack('<I', len(head) + 8 + len(sheet) + len(end)) + sheet) + end
    book += begin(0x10)
    for r, row in enumerate(table):
        for c, cell in enumerate(row):
            if isinstance(cell, str):
                book += _record(0x0204, struct.pack('<HHHHB', r, c, 0, len(cell), 1) + cell.encode('utf-16-le'))
            elif cell is not None:
                book += _record(0x0203, struct.pack('<HHHd', r, c, 1, cell))
    if joined:
        areas = b''.join(struct.pack('<HHHH', first, last, c, c) for first, c, last in joined)
        book += _record(0x00E5, struct.pack('<H', len(joined)) + areas)
    return book + end


def xls(path, table, joined=()):
    book = _book(table, joined)
    book += bytes(max(4096, -(-len(book) // 512) * 512) - len(book))
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, len(book) // 512 + 2), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))
    header = bytes.fromhex('D0CF11E0A1B11AE1') + bytes(16) + struct.pack('<HHHHH', 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack('<10I', 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + b'\xff' * (4 * 108)

    def entry(name, kind, child, start, size):
        raw = name.encode('utf-16-le')
        return (raw.ljust(64, b'\0') + struct.pack('<HBB3I', len(raw) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
                + bytes(36) + struct.pack('<IQ', start, size))

    directory = entry('Root Entry', 5, 1, 0xFFFFFFFE, 0) + entry('Workbook', 2, 0xFFFFFFFF, 2, len(book)) + bytes(256)
    with open(path, 'wb') as file:
        file.write(header + struct.pack('<128I', *fat) + directory + book)


def xlsx(path, table, joined=()):
    import openpyxl
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    for first, column, last in joined:
        book.active.merge_cells(start_row=first + 1, end_row=last + 1, start_column=column + 1, end_column=column + 1)
    book.save(path)


def ods(path, table, joined=()):
    space = 'urn:oasis:names:tc:opendocument:xmlns:'
    out = [f'<office:document-content xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0"'
           f' xmlns:text="{space}text:1.0"><office:body><office:spreadsheet><table:table table:name="S">']
    for r, row in enumerate(table):
        out.append('<table:table-row>')
        for c, cell in enumerate(row):
            if _covered(joined, r, c):
                out.append('<table:covered-table-cell/>')
                continue
            reach = _reach(joined, r, c)
            span = f' table:number-rows-spanned="{reach}" table:number-columns-spanned="1"' if reach > 1 else ''
            text = '' if cell is None else f'<text:p>{escape(str(cell))}</text:p>'
            out.append(f'<table:table-cell{span}>{text}</table:table-cell>')
        out.append('</table:table-row>')
    out.append('</table:table></office:spreadsheet></office:body></office:document-content>')
    with zipfile.ZipFile(path, 'w') as archive:
        archive.writestr('mimetype', 'application/vnd.oasis.opendocument.spreadsheet')
        archive.writestr('content.xml', ''.join(out))


def html(path, table, joined=()):
    out = ['<html><meta charset="utf-8"><table>']
    for r, row in enumerate(table):
        out.append('<tr>')
        for c, cell in enumerate(row):
            if not _covered(joined, r, c):
                reach = _reach(joined, r, c)
                out.append(f'<td rowspan="{reach}">' if reach > 1 else '<td>')
                out.append('' if cell is None else escape(str(cell)))
                out.append('</td>')
        out.append('</tr>')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(''.join(out) + '</table></html>')


def xml2003(path, table, joined=()):
    out = ['<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
           '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
           ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table>']
    for r, row in enumerate(table):
        out.append('<Row>')
        for c, cell in enumerate(row):
            if cell is None or _covered(joined, r, c):
                continue
            reach = _reach(joined, r, c)
            down = f' ss:MergeDown="{reach - 1}"' if reach > 1 else ''
            out.append(f'<Cell ss:Index="{c + 1}"{down}><Data ss:Type="String">{escape(str(cell))}</Data></Cell>')
        out.append('</Row>')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(''.join(out) + '</Table></Worksheet></Workbook>')
