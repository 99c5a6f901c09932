"""ledger.py PROGRAM COUNT: see tests/prove/ledger."""
import csv
import io
import json
import os
import random
import sqlite3
import sys
import tempfile
import zipfile
from xml.sax.saxutils import escape

from ground import KINDS, Command, balanced, finish, whole

CALL = 100  # files in one call of the command
TITLES = ["工单编号", "报修时间", "完成时间", "状态", "受理渠道", "满意度", "房号", "报修内容"]
WORDS = ["", " ", "/", "漏水", "电梯异响，请修", 'a"b', "a,b", "第一行\n第二行", "=1+1", "🛠", "满意",
         "已完成", "处理中", "微信", "3栋2单元1101", "0", "-1", "1e400", "\u202e倒", "NULL", "中" * 300]
TIMES = ["2026-10-01 08:00", "2026/10/2 9:05", "2026年10月3日", "20261004101112", "45931.5",
         "昨天", "", "2026-13-40", "2026-10-05T08:00:00Z", "00:00", "9999-12-31", "1759276800"]


def record(chance, number, series):
    kind = chance.random()
    if kind < 0.04:
        return [""] * len(TITLES)
    if kind < 0.06:
        return list(TITLES)
    if kind < 0.08:
        return ["合计", "5"] + [""] * (len(TITLES) - 2)
    row = [f"A{series}-{number if chance.random() < 0.8 else chance.randint(1, 9)}",
           chance.choice(TIMES[:5] if chance.random() < 0.8 else TIMES)]
    row += [chance.choice(TIMES), chance.choice(WORDS), chance.choice(WORDS)]
    row += [chance.choice(WORDS) for _ in TITLES[5:]]
    if chance.random() < 0.05:
        row[0] = chance.choice(WORDS)
    return row


def table(chance, series):
    """One good row comes first, so that the file cannot be refused as a whole.  A dozen
    files share their numbers."""
    rows = [["G1", "2026-10-01 08:00", "2026-10-01 10:00", "已完成", "微信", "满意", "", "漏水"]]
    rows += [record(chance, i, series) for i in range(chance.choice([0, 1, 3, 10, 40]))]
    return rows


def blank(row):
    return all(not cell.strip() for cell in row)


def as_csv(chance, rows):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=chance.choice(",,;\t"),
                        lineterminator=chance.choice(["\n", "\r\n"]),
                        quoting=chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer.writerow(TITLES)
    writer.writerows(rows)
    code = chance.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    return text.getvalue().encode(code)


def as_xlsx(chance, rows):
    out = io.BytesIO()
    shared, body = [], []
    for number, row in enumerate([TITLES] + rows, 1):
        cells = []
        for column, cell in enumerate(row):
            where = f' r="{chr(65 + column)}{number}"' if chance.random() < 0.9 or "" in row else ""
            if cell == "":
                continue
            plain = escape(cell).encode("ascii", "xmlcharrefreplace").decode()
            if chance.random() < 0.5:
                cells.append(f'<c{where} t="inlineStr"><is><t xml:space="preserve">{plain}</t></is></c>')
            else:
                cells.append(f'<c{where} t="s"><v>{len(shared)}</v></c>')
                shared.append(f'<si><t xml:space="preserve">{plain}</t></si>')
        body.append(f'<row r="{number}">{"".join(cells)}</row>')
    place = "http://schemas.openxmlformats.org/"
    with zipfile.ZipFile(out, "w", chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as zip_file:
        zip_file.writestr("[Content_Types].xml", "<Types/>")
        zip_file.writestr("xl/workbook.xml", f'<workbook xmlns:r="{place}officeDocument/2006/relationships">'
                          '<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>')
        zip_file.writestr("xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="r1" '
                          f'Type="{place}officeDocument/2006/relationships/worksheet" '
                          'Target="worksheets/sheet1.xml"/></Relationships>')
        zip_file.writestr("xl/sharedStrings.xml", f'<sst>{"".join(shared)}</sst>')
        zip_file.writestr("xl/worksheets/sheet1.xml",
                          f'<worksheet><sheetData>{"".join(body)}</sheetData></worksheet>')
    return out.getvalue()


def as_json(chance, rows):
    records = [dict(zip(TITLES, row)) for row in rows]
    kind = chance.randrange(3)
    if kind == 0:
        return "\n".join(json.dumps(r, ensure_ascii=False) for r in records).encode()
    return json.dumps(records if kind == 1 else {"code": 0, "data": records},
                      ensure_ascii=chance.random() < 0.5).encode()


def damage(chance, data):
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 3, 20])):
        at = chance.randrange(len(data) or 1)
        kind = chance.randrange(5)
        if kind == 0 and data:
            data[at] = chance.randrange(256)
        elif kind == 1:
            del data[at:at + chance.choice([1, 7, 100])]
        elif kind == 2:
            data[at:at] = chance.choice([b'"', b"\0", b"\xff", b"\r", b",,,,", b"<", b"}", b"\n"])
        elif kind == 3 and chance.random() < 0.3:
            del data[at:]
        elif kind == 4:
            data[at:at] = data[at:at + chance.choice([5, 60, 400])]
    return bytes(data)


FORMATS = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}


def generate(folder, seed):
    chance = random.Random(seed)
    kind = chance.choice(list(FORMATS))
    rows = table(chance, seed // 12)
    data = FORMATS[kind](chance, rows)
    hurt = chance.random() < 0.5
    path = os.path.join(folder, f"{seed}.{kind}")
    with open(path, "wb") as file:
        file.write(damage(chance, data) if hurt else data)
    return path, None if hurt else sum(not blank(row) for row in rows)


def judge(path, written, entry, counts):
    if not balanced(entry):
        return "is not balanced"
    for kind in KINDS:
        counts[kind] = counts.get(kind, 0) + entry[kind]
    counts["rows"] = counts.get("rows", 0) + entry["rows"]
    if entry["rejected"] != sum(entry["reasons"].values()):
        return "has rejects without a reason"
    if written is not None and entry["rows"] != written and entry["batch"] not in counts["seen"]:
        return f"has {entry['rows']} rows, written were {written}"
    counts["seen"].add(entry["batch"])
    return ""


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    failed = loaded = refused = hurt = 0
    counts = {"seen": set()}
    with tempfile.TemporaryDirectory() as folder:
        command = Command(program, folder)
        database = command.database("ledger")
        for start in range(0, count, CALL):
            written = dict(generate(folder, seed) for seed in range(start, min(start + CALL, count)))
            hurt += sum(rows is None for rows in written.values())
            done = command.run(database, "ingest", "-q", "--json", *written)
            if done.returncode not in (0, 65):
                failed += 1
                print(f"FAIL files {start}..: exit {done.returncode} {done.stderr[-300:]}")
                continue
            answered = set()
            for entry in json.loads(done.stdout)["files"]:
                path = entry["path"]
                answered.add(path)
                wrong = judge(path, written[path], entry, counts)
                if wrong:
                    failed += 1
                    print(f"FAIL {os.path.basename(path)} {wrong}: {entry}")
            loaded += len(answered)
            for path, rows in written.items():
                if path in answered:
                    os.remove(path)
                    continue
                refused += 1
                if rows is not None or os.path.basename(path) not in done.stderr:
                    failed += 1
                    print(f"FAIL {os.path.basename(path)}: "
                          f"{'undamaged, but refused' if rows is not None else 'never mentioned'}: "
                          f"{done.stderr[-200:]}")
                os.remove(path)
        wrong = whole(database)
        with sqlite3.connect(database) as db:
            rejects = db.execute("SELECT count(*) FROM reject").fetchone()[0]
        if wrong:
            failed += 1
            print(f"FAIL {wrong}")
    total = "rows {rows} = loaded {loaded} + updated {updated} + duplicate {duplicate} + " \
        "rejected {rejected} + skipped {skipped}".format(**counts)
    finish(failed, f"{count} generated files ({hurt} damaged): {loaded} loaded, {refused} refused by "
           f"name, ledger identity {loaded}/{loaded} less {failed} failures; {total}; "
           f"{rejects} rejects kept")


main()
