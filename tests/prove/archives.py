"""archives.py PROGRAM MEGABYTES: see tests/prove/archives."""
import io
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile

warnings.filterwarnings("ignore", message="Duplicate name")
PLACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = ("[Content_Types].xml", "<Types/>")
BOOK = ("xl/workbook.xml", f'<workbook xmlns:r="{PLACE}"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>')
RELS = ("xl/_rels/workbook.xml.rels", f'<Relationships><Relationship Id="r1" Type="{PLACE}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>')
SHEET = "xl/worksheets/sheet1.xml"
ROW = '<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>a</t></is></c></row></sheetData></worksheet>'
LAUGHS = "<!DOCTYPE x [<!ENTITY a '" + "ha" * 10 + "'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{('&' + chr(97 + i) + ';') * 10}'>" for i in range(9)) + "]>"
QUADRATIC = "<!DOCTYPE x [<!ENTITY a '" + "A" * 100000 + "'>]>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BOOK_2003 = ('<?xml version="1.0"?>{0}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
             'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="s"><Table>{1}'
             '</Table></Worksheet></Workbook>')
NAMES = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" ' \
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" ' \
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
ODS = f'<office:document-content {NAMES}><office:body><office:spreadsheet><table:table table:name="s">' \
    '{}</table:table></office:spreadsheet></office:body></office:document-content>'
MIME = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet")


def archive(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, inside in members:
            file.writestr(name, inside)
    return bytearray(out.getvalue())


def workbook(sheet=ROW, *more):
    return archive(TYPES, BOOK, RELS, (SHEET, sheet), *more)


def ods(inside):
    return archive(MIME, ("content.xml", ODS.format(inside)))


def patched(data, mark, offset, value):
    """The field `offset` behind the last `mark` overwritten."""
    at = data.rfind(mark) + offset
    data[at:at + len(value)] = value
    return data


def nested(depth):
    inside = bytes(archive(("a.csv", "a,b\n" + "1,2\n" * 1000)))
    for level in range(depth):
        inside = bytes(archive(*((f"{level}-{k}.zip", inside) for k in range(10))))
    return inside


def overlapping(count, name="a.csv"):
    data = archive((name, b"0" * 10_000_000))
    end = data.rfind(b"PK\5\6")
    start = struct.unpack("<I", data[end + 16:end + 20])[0]
    listed = b""
    for number in range(count):
        entry = bytearray(data[start:end])
        entry[46:46 + len(name)] = f"{number:05d}"[-len(name):].encode()
        listed += entry
    return bytes(data[:start] + listed) + b"PK\5\6" + struct.pack(
        "<HHHHIIH", 0, 0, count, count, len(listed), start, 0)


def compound(table, directory=None, difat=0xFFFFFFFE):
    head = bytearray(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(16)
                     + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
                     + struct.pack("<IIIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, difat,
                                   0 if difat == 0xFFFFFFFE else 0x7FFFFFFF, 0))
    head += b"\xff" * (512 - len(head))
    fat = b"".join(struct.pack("<I", entry) for entry in table).ljust(512, b"\xff")

    def entry(name, kind, child, start, size, brother=0xFFFFFFFF):
        word = name.encode("utf-16le")
        return (word.ljust(64, b"\0") + struct.pack("<HBBIII", len(word) + 2, kind, 1, brother,
                brother, child) + bytes(36) + struct.pack("<IQ", start, size))
    names = directory or entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(
        "Workbook", 2, 0xFFFFFFFF, 2, 1 << 30)
    if directory == "circle":
        names = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("A", 1, 0, 0, 0, 1)
    return bytes(head) + fat + names.ljust(512, b"\0") + bytes(512)


def hostile(megabytes):
    """(name, bytes or a function that writes, exit codes, megabytes of memory)"""
    big = megabytes << 20
    yield "nested.zip", nested(4), {65}, 200
    yield "bomb.xlsx", workbook(ROW, ("xl/sharedStrings.xml", "<sst><si><t>" + "A" * (big // 2) + "</t></si></sst>")), {65}, 200
    yield "bomb-sheet.xlsx", workbook("<worksheet><sheetData>" + "<row><c><v>1</v></c></row>" * (big // 100)), {65}, 200
    yield "doubled.xlsx", workbook(ROW, (SHEET, ROW)), {65}, 200
    yield "overlap.zip", overlapping(5000), {65}, 200
    yield "overlap-few.zip", overlapping(1500), {65}, 200
    for name, mark, offset in (("central", b"PK\1\2", 24), ("central-packed", b"PK\1\2", 20),
                               ("local", b"PK\3\4", 22), ("local-packed", b"PK\3\4", 18)):
        for size in (0, 1, 10, 0x7FFFFFFF, 0xFFFFFFFF):
            # a local header repeats what the directory says, so it may lie unheard
            yield f"lie-{name}-{size}.xlsx", patched(workbook(), mark, offset, struct.pack("<I", size)), {0, 65}, 200
    yield "crc.xlsx", patched(workbook(), b"PK\1\2", 16, b"\1\2\3\4"), {65}, 200
    yield "offset.xlsx", patched(workbook(), b"PK\1\2", 42, b"\xff\xff\xff\x7f"), {65}, 200
    yield "directory.xlsx", patched(workbook(), b"PK\5\6", 16, b"\0\0\0\0"), {65}, 200
    yield "count.xlsx", patched(workbook(), b"PK\5\6", 8, b"\xff\xff\xff\xff"), {65}, 200
    yield "names.zip", archive(("../../outside.csv", "a,b\n1,2\n"), ("/tmp/outside.csv", "a,b\n1,2\n"),
                               ("..\\outside2.csv", "a,b\n1,2\n")), {0, 65}, 200
    yield "many.zip", archive(*((f"{i}.csv", "") for i in range(5000))), {65}, 200
    for name, head in (("laughs", LAUGHS), ("quadratic", QUADRATIC), ("outside", OUTSIDE)):
        use = ("&j;" if name == "laughs" else "&a;") * (20000 if name == "quadratic" else 1)
        yield f"{name}.xlsx", workbook(head + ROW.replace("a</t>", use + "</t>")), {65}, 200
        yield f"{name}-shared.xlsx", workbook(ROW, ("xl/sharedStrings.xml", f"{head}<sst><si><t>{use}</t></si></sst>")), {65}, 200
        yield f"{name}.xls", BOOK_2003.format(head, f"<Row><Cell><Data>{use}</Data></Cell></Row>"), {65}, 200
        yield f"{name}.ods", archive(MIME, ("content.xml", head + ODS.format(f"<text:p>{use}</text:p>"))), {65}, 200
    deep = 3_000_000
    yield "depth.xlsx", workbook("<worksheet>" + "<a>" * deep), {65}, 200
    yield "depth.xls", BOOK_2003.format("", "<a>" * deep), {65}, 200
    yield "depth.ods", ods("<text:p>" * deep), {65}, 200
    yield "depth.json", "[" * deep, {65}, 200
    yield "depth-object.json", '{"a":' * deep, {65}, 200
    yield "depth.html", "<table><tr><td>" + "<div>" * deep, {0, 65}, 200
    yield "depth-table.html", "<table><tr><td>" * (deep // 10), {0, 65}, 200
    long = "A" * min(200 << 20, big)
    yield "attribute.xlsx", workbook(f'<worksheet a="{long}"><sheetData/></worksheet>'), {65}, 200
    yield "attribute.xls", BOOK_2003.format("", f'<Row a="{long}"/>'), {65}, 200
    yield "attribute.ods", ods(f'<table:table-row a="{long}"/>'), {65}, 200
    yield "repeat-columns.ods", ods('<table:table-row><table:table-cell table:number-columns-repeated="2000000000">'
                                    '<text:p>x</text:p></table:table-cell></table:table-row>'), {0, 65}, 200
    yield "repeat-rows.ods", ods('<table:table-row table:number-rows-repeated="2000000000"><table:table-cell>'
                                 '<text:p>x</text:p></table:table-cell></table:table-row>'), {65}, 200
    yield "far.xlsx", workbook('<worksheet><sheetData><row r="4294967295"><c r="ZZZZZZZ4294967295"><v>1</v></c>'
                               '</row><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>'), {0, 65}, 200
    yield "merged.xlsx", workbook(ROW.replace("</worksheet>", '<mergeCells count="4000000000">'
                                              '<mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>')), {0}, 200
    yield "count-shared.xlsx", workbook(ROW, ("xl/sharedStrings.xml", '<sst count="4000000000" uniqueCount="4000000000">'
                                              '<si><t>a</t></si></sst>')), {0}, 200
    yield "span.html", "<table><tr><td colspan=2000000000 rowspan=2000000000>a</td></tr><tr><td>b</td></tr></table>", {0, 65}, 200
    yield "cycle.xls", compound([0xFFFFFFFD, 0xFFFFFFFE, 3, 2]), {65}, 200
    yield "cycle-directory.xls", compound([0xFFFFFFFD, 1, 3, 2]), {65}, 200
    yield "cycle-names.xls", compound([0xFFFFFFFD, 0xFFFFFFFE], "circle"), {65}, 200
    yield "cycle-difat.xls", compound([0xFFFFFFFD, 0xFFFFFFFE], None, 2), {65}, 200
    yield "nul.csv", b"a,b\n1," + b"\0" * 1000 + b"\n2,3\n", {0, 65}, 200
    yield "quotes.csv", '"' * min(big, 20 << 20), {0, 65}, 200
    yield "commas.csv", "," * min(big, 20 << 20), {0, 65}, 200
    yield "field.csv", lambda file: write_field(file, big), {0, 65}, 64


def write_field(file, size):
    file.write(b"a,b\n1,2\n")
    for _ in range(size >> 20):
        file.write(b"A" * (1 << 20))
    file.write(b",2\n3,4\n")


def measured(words, folder):
    """(exit status, CPU seconds, peak anonymous megabytes, stderr)"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(os.path.join(folder, "stderr"), "w+") as words_out:
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=words_out)
        peak = 0
        begun = time.monotonic()
        while child.poll() is None:
            try:
                with open(f"/proc/{child.pid}/status") as file:
                    for line in file:
                        if line.startswith("RssAnon"):
                            peak = max(peak, int(line.split()[1]))
            except OSError:
                pass
            if time.monotonic() - begun > 60:
                child.kill()
            time.sleep(0.004)
        words_out.seek(0)
        said = words_out.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (child.returncode, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime,
            peak / 1024, said)


def main():
    program, megabytes = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    slack = float(os.environ.get("HUIYIN_SLACK", "1"))  # the sanitizers' own cost
    failed = count = 0
    worst, fattest = (0, ""), (0, "")
    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, "in", "side")
        os.makedirs(place)
        for name, data, codes, most in hostile(megabytes):
            path = os.path.join(place, name)
            with open(path, "wb") as file:
                if callable(data):
                    data(file)
                else:
                    file.write(data.encode() if isinstance(data, str) else data)
            per_byte = os.path.getsize(path) / 1e6  # plain files: a second a megabyte at most
            seconds_most = 2 if most == 200 else max(2, per_byte)
            for words in (["look", "--raw", path], ["ingest", "-q", path, "--db", os.path.join(folder, "a.db")]):
                code, seconds, memory, said = measured([program, *words], folder)
                count += 1
                worst, fattest = max(worst, (seconds, name)), max(fattest, (memory, name))
                wrong = ""
                if code not in codes | ({65} if words[0] == "ingest" else set()):
                    wrong += f" exit {code}, wanted {sorted(codes)}"
                if code != 0 and "huiyin: " not in said:
                    wrong += " no message"
                if seconds > seconds_most * slack:
                    wrong += f" {seconds:.1f} s of CPU"
                if memory > most * slack:
                    wrong += f" {memory:.0f} MB"
                if wrong:
                    failed += 1
                    print(f"FAIL {words[0]} {name}:{wrong}: {said.strip()[-160:]}")
            os.remove(path)
        stray = [os.path.join(root, name) for root, _, names in os.walk(folder) for name in names
                 if "outside" in name]
        if stray or os.path.exists("/tmp/outside.csv"):
            failed += 1
            print(f"FAIL written outside: {stray}")
    print(f"{count} runs on hostile files: {count - failed} answered as promised, {failed} not; most CPU "
          f"{worst[0]:.2f} s ({worst[1]}), most anonymous memory {fattest[0]:.0f} MB ({fattest[1]})")
    sys.exit(1 if failed else 0)


main()
