"""corpora.py PROGRAM: see tests/prove/corpora."""
import datetime
import json
import os
import re
import subprocess
import sys

DATA = "../shared/data/corpora"


def rows(program, path, *more):
    """(exit status, rows as lists of texts, None where absent)"""
    done = subprocess.run([program, "look", "--raw", "--format", "jsonl", *more, path],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, [json.loads(line) for line in done.stdout.decode().split("\n") if line]


# The collection's own slips: a telephone number changed in one of the two files, and a CSV
# whose CR the version control took away.
KNOWN = {"location_coordinates.csv": ("1234567890", "2095257564"), "newlines_crlf.csv": ("\\r", "")}


def spectrum(program):
    """Each CSV as a list of objects by its first row."""
    wrong = count = 0
    folder = f"{DATA}/csv/csv-spectrum"
    for name in sorted(os.listdir(folder + "/csvs")):
        status, found = rows(program, f"{folder}/csvs/{name}")
        with open(f"{folder}/json/{name[:-3]}json", encoding="utf-8") as file:
            want = json.load(file)
        count += 1
        want = want if isinstance(want, list) else [want]
        if name in KNOWN:
            want = json.loads(json.dumps(want).replace(*KNOWN[name]))
        got = [dict(zip(found[0], row)) for row in found[1:]]
        if status != 0 or got != want:
            wrong += 1
            print(f"FAIL csv-spectrum {name}: {got} for {want}")
    return count, wrong


def test_data(program):
    """Lists of lists, or of objects where the file has a header; bad- files have none."""
    wrong = count = 0
    folder = f"{DATA}/csv/csv-test-data"
    for name in sorted(os.listdir(folder + "/json")):
        status, found = rows(program, f"{folder}/csv/{name[:-4]}csv")
        with open(f"{folder}/json/{name}", encoding="utf-8") as file:
            want = json.load(file)
        if want and isinstance(want[0], dict):
            found = [dict(zip(found[0], row)) for row in found[1:]]
        elif name.startswith("header-no-rows"):
            found = found[1:]
        count += 1
        if name == "all-empty.json":  # two line ends: a file without a letter is refused
            found, want = [], ([] if status == 65 else want)
        if found != want or (status != 0 and want):
            wrong += 1
            print(f"FAIL csv-test-data {name}: exit {status} {found} for {want}")
    return count, wrong


def peer(script, path):
    """The one line of a node program, or None where the peer is not installed.  In UTC:
    SheetJS counts the dates of a file from midnight of its own zone, Shanghai's had 43 s
    more in 1899."""
    folder = os.path.join(os.environ.get("HUIYIN_PEERS", "build/peers"), "node_modules")
    try:
        done = subprocess.run(["node", f"tests/prove/{script}", path], timeout=20,
                              env={**os.environ, "NODE_PATH": os.path.abspath(folder), "TZ": "UTC"},
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired:
        return {"error": "no answer in 20 s"}
    except FileNotFoundError:
        return None
    if b"Cannot find module" in done.stderr:
        return None
    return json.loads(done.stdout) if done.stdout.strip() else {"error": "died"}


# --- DuckDB: every cell as text ---------------------------------------------------------

def bare(table):
    """Without what only one of the two keeps: empty ends of rows, blank rows, NUL."""
    out = []
    for row in table:
        row = [(cell or "").replace("\0", "\ufffd") for cell in row]
        while row and not row[-1].strip():
            row.pop()
        if row:
            out.append(row)
    return out


def against_duckdb(program, path):
    theirs = peer("duckdb.js", path)
    if theirs is None:
        return None
    status, ours = rows(program, path)
    if "error" in theirs:
        return "" if status else f"DuckDB refuses, here {len(ours)} rows"
    if status:
        return f"refused, DuckDB {len(theirs['rows'])} rows"
    ours, theirs = bare(ours), bare(theirs["rows"])
    wrong = sum(a != b for a, b in zip(ours, theirs))
    if ours != theirs:
        return f"{wrong} rows differ, {len(ours)} for {len(theirs)}"
    return ""


# --- SheetJS: typed cells ---------------------------------------------------------------

DATE = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d))?$")
TIME = re.compile(r"^(\d+):(\d\d):(\d\d)$")
SECOND = 1.1 / 86400


def serial(text, since1904):
    """Days since the workbook's epoch, or None; a time without a day is its share of one."""
    at = DATE.match(text)
    if at:
        try:
            when = datetime.datetime(*(int(part or 0) for part in at.groups()))
        except ValueError:
            return None
        days = (when - datetime.datetime(1899, 12, 30)).total_seconds() / 86400
        return days - (1462 if since1904 else 0)
    at = TIME.match(text)
    if at:
        hours, minutes, seconds = map(int, at.groups())
        return (hours * 3600 + minutes * 60 + seconds) / 86400
    return None


def same_number(ours, value, is_date, since1904):
    days = serial(ours, since1904)
    if is_date:  # day 60 of 1900 never was: Excel counts one more before it
        return days is not None and (abs(days - value) < SECOND
                                     or (0 < value < 60 and abs(days - value - 1) < SECOND)
                                     or (TIME.match(ours) and abs(days - value % 1) < SECOND))
    try:
        return abs(float(ours) - value) <= 1e-9 * max(1, abs(value))
    except ValueError:
        return False


def same(ours, theirs, since1904):
    ours = ours or ""
    if theirs is None:
        return not ours.strip()
    kind, value, is_date = theirs
    if kind == "n" and value is not None:
        return same_number(ours, value, is_date, since1904)
    if kind == "b":
        return ours == ("TRUE" if value else "FALSE")
    if kind == "e":
        return ours == value
    return ours.replace("\r\n", "\n").strip() == str(value or "").replace("\r\n", "\n").strip()


def against_sheetjs(program, path):
    theirs = peer("sheetjs.js", path)
    if theirs is None:
        return None
    status, ours = rows(program, path)
    if "error" in theirs:
        return "" if status else f"SheetJS refuses, here {len(ours)} rows"
    table = [row for sheet in theirs["sheets"] for row in sheet["rows"]
             if any(cell and (cell[0] != "s" or str(cell[1]).strip()) for cell in row)]
    if status:
        return f"refused, SheetJS {len(table)} rows"
    ours = [row for row in ours if any((cell or "").strip() for cell in row)]
    wrong = 0
    for a, b in zip(ours, table):
        for k in range(max(len(a), len(b))):
            wrong += not same(a[k] if k < len(a) else None, b[k] if k < len(b) else None,
                              theirs["date1904"])
    if wrong or len(ours) != len(table):
        return f"{wrong} cells differ, {len(ours)} rows for {len(table)}"
    return ""


def against_peers(program):
    """Every difference is kept with its reason, and no reason outlives its difference."""
    with open("tests/golden/corpora_differs.tsv", encoding="utf-8") as file:
        kept = {line.split("\t")[0]: line.rstrip("\n").split("\t")[1:] for line in file if line[0] != "#"}
    equal, explained, wrong, absent = {}, {}, 0, set()
    with open("tests/golden/corpora.tsv", encoding="utf-8") as file:
        paths = [line.split("\t")[0] for line in file]
    for path in paths:
        if path.startswith("csv/duckdb/"):
            name, compare = "DuckDB", against_duckdb
        elif path.startswith("sheets/"):
            name, compare = "SheetJS", against_sheetjs
        else:
            continue
        found = None if name in absent else compare(program, f"{DATA}/{path}")
        if found is None:
            absent.add(name)
        elif found == kept.get(path, [""])[0]:
            book = explained if found else equal
            book[name] = book.get(name, 0) + 1
        else:
            wrong += 1
            print(f"FAIL {path}\t{found or 'equal'}\t(kept: {kept.get(path, ['equal'])[0]})")
    lines = [f"{name} {equal.get(name, 0)} files equal cell for cell, {explained.get(name, 0)} differences "
             "explained" for name in ("DuckDB", "SheetJS") if name not in absent]
    lines += [f"{name} is not installed (npm install --prefix build/peers xlsx @duckdb/node-api)"
              for name in sorted(absent)]
    return lines, wrong


def main():
    program = os.path.abspath(sys.argv[1])
    bad, lines = 0, []
    for name, check in (("csv-spectrum", spectrum), ("csv-test-data", test_data)):
        count, wrong = check(program)
        bad += wrong
        lines.append(f"{name} {count - wrong}/{count} equal their JSON")
    more, wrong = against_peers(program)
    print("; ".join(lines + more))
    bad += wrong
    sys.exit(1 if bad else 0)


main()
