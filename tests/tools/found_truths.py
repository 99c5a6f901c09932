"""found_truths.py BUILD: the program finds what is planted in samples/ (samples/README.md).
What is true is read by sample_truths.py straight from the files; what is found stands in
`show`, `explain` and the pages, and nowhere else is looked."""
import csv, datetime as dt, io, os, re, subprocess, sys, tempfile
from collections import Counter

sys.path.insert(0, os.path.dirname(__file__))
HUIYIN, sys.argv[1:] = os.path.abspath(sys.argv[1] + "/huiyin"), ["samples/inbox"]
import sample_truths as truth

MISSED, HELD = [], 0


def run(*arguments):
    return subprocess.run([HUIYIN, *arguments], capture_output=True, text=True, check=True).stdout


def must(found, what):
    global HELD
    HELD += 1
    if not found:
        MISSED.append(what)
        print("NOT FOUND", what)


def shown(db, metric, *arguments):
    text = run("show", "--db", db, "--settings", "samples/huiyin.ini", "--format", "csv",
               "--metric", metric, *arguments)
    return {r["key"]: r for r in csv.DictReader(io.StringIO(text)) if r["metric"] == metric}


def pages(db, folder, month, audience):
    out = f"{folder}/{month}"
    run("render", "-q", "--db", db, "--settings", "samples/huiyin.ini", "--month", month,
        "--format", "txt", "--out", out)
    top = f"{out}/{month}/{audience}"
    return "\n".join(open(f"{top}/{n}", encoding="utf-8").read()
                     for n in sorted(os.listdir(top)) if n.endswith(".txt"))


def lift(db, valid, then, later):
    brake, half = dt.datetime(2026, 3, 12), dt.timedelta(183)
    stops = [t["received"] for t in valid if t["asset"] == "DT-07-2"]
    before = sum(brake - half <= x < brake for x in stops)
    after = sum(brake <= x < brake + half for x in stops)
    must(before > 5 * after, "the files hold the lift before and after")
    old, new = shown(db, "REC-03", "--month", "2026-02"), shown(db, "REC-03", "--month", "2026-09")
    counts = {k: float(r["value"]) for k, r in old.items() if k.startswith("DT-")}
    must(max(counts, key=counts.get) == "DT-07-2", "DT-07-2 is the worst lift of February")
    quarter = [x for x in stops if dt.datetime(2025, 12, 1) <= x < dt.datetime(2026, 3, 1)]
    must(0.5 * len(quarter) <= counts["DT-07-2"] <= len(quarter),
         "its stops, reports of one outage together")
    must("DT-07-2" not in new, "after the brake it is on the list no more")
    rows = [l for l in then.splitlines() if "（DT-" in l and re.search(r"\d+  +\d+ 天", l)]
    must(rows and "7号楼2号梯" in rows[0], "February's report names it first")
    must("7号楼2号梯" not in later, "October's does not")


def roofs(db, valid, later):
    leaks = [t for t in valid if t["cat"] == "屋面渗漏"]
    for month in ("2025-06", "2026-01", "2026-06", "2026-07"):
        mine = sum(truth.month_of(t["received"]) == month for t in leaks)
        must(float(shown(db, "REC-04", "--month", month)["屋面渗漏"]["value"]) == mine,
             f"roof leaks of {month}")
    left = [t for t in leaks if not t["done"] and t["received"] < dt.datetime(2026, 8, 1)]
    must(len(left) == 3, "three roofs are open in the files")
    said = run("explain", "DIF-01", "--cases", "--db", db, "--settings", "samples/huiyin.ini",
               "--month", "2026-10")
    must(all(t["no"] in said for t in left), "the three open roofs are hard cases")
    listed = [l.split() for l in later.splitlines() if re.match(r"#\d+ +屋面渗漏", l)]
    must(len(listed) >= 3 and {"1", "2", "3"} <= {r[2] for r in listed},
         "the committee reads them, by building")
    must(not re.search(r"(QT|WX|AP)20\d{8}", later), "the committee reads no ticket number")


def departments(db, valid):
    halves = ("2025-07", "2025-12"), ("2026-01", "2026-06")
    shows = [shown(db, "TTR-02.median", "--by", "department", "--from", a, "--to", b)
             for a, b in halves]
    for name, faster in (("环境部", True), ("秩序部", False), ("工程部", False)):
        old, new = (s[name] for s in shows)
        apart = float(new["high"]) < float(old["low"])
        must(apart == faster, f"{name} {'became' if faster else 'did not become'} faster")
        for (low, high), row in zip(halves, (old, new)):
            spent = [truth.spent(t) for t in valid if t["dept"] == name and t["done"]
                     and low <= truth.month_of(t["received"]) <= high]
            must(abs(float(row["value"]) - truth.median(spent)) < 0.1 * truth.median(spent),
                 f"{name}'s median from {low}")


def people(db, later):
    fives = Counter(v["回访人"] for v in truth.VISITS.values() if v["满意度"] == "非常满意")
    rated = Counter(v["回访人"] for v in truth.VISITS.values() if v["满意度"])
    always = [who for who in rated if fives[who] == rated[who]]
    must(always == ["K03"], "one clerk of the files always has five")
    lines = [l for l in later.splitlines() if l.startswith("ANO-04") and "全部是 5 分" in l]
    must(len(lines) == 1 and "K03" in lines[0], "ANO-04 names that clerk alone")
    must(any(l.startswith("ANO-01") and "最后两天" in l for l in later.splitlines()),
         "ANO-01 says that closings of the last days come back")
    must(float(shown(db, "ANO-01", "--month", "2026-10")["-"]["value"]) >= 1, "ANO-01 counts it")


def october(db, valid, later, board):
    burst = [t for t in truth.TICKETS.values() if t["cat"] == "停水"
             and t["received"].date() == dt.date(2026, 10, 12) and t["received"].hour < 10]
    homes = len({t["place"] for t in burst})
    lines = [l for l in board.splitlines() if re.match(r"2026 年 10 月 12 日 +停水", l)]
    must(len(lines) == 1 and lines[0].split()[-1] == str(homes)
         and "5、6、7、8 号楼" in lines[0], "one cause, its buildings and homes")
    doors = Counter(truth.month_of(t["received"]) for t in valid if t["cat"] == "门禁、对讲失灵")
    row = f"门禁、对讲失灵 +{doors['2026-10']} +{doors['2026-09']} .*增多"
    must(re.search(row, board), "door entry rose")
    must("门禁、对讲失灵明显增多" in board, "the notice leads with it")
    risen = [l for l in board.splitlines() if "△ 增多" in l]
    must(len(risen) == 1, "and says so of nothing else")


def main():
    truth.load()
    valid = [t for t in truth.TICKETS.values() if not t["void"] and not t["master"]]
    with tempfile.TemporaryDirectory() as folder:
        db = folder + "/sample.db"
        run("ingest", "-q", "--db", db, "--settings", "samples/huiyin.ini", "samples/inbox")
        board = pages(db, folder, "2026-10", "public")
        later = open(f"{folder}/2026-10/2026-10/committee/监督版-内部.txt", encoding="utf-8").read()
        lift(db, valid, pages(db, folder, "2026-02", "public"), board)
        roofs(db, valid, later)
        departments(db, valid)
        people(db, later)
        october(db, valid, later, board)
    print(f"{HELD} of what is planted looked for, {len(MISSED)} not found")
    sys.exit(bool(MISSED))


main()
