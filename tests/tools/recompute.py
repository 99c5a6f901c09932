"""recompute.py BUILD: figures of the sample estate made again straight from the input files,
by other means (sample_truths.py's own readers, figures.py), and compared with `show
--format csv`.  Shares no code with the program; where the two differ, one of them has a
bug.  The real requests are recompute_real.py's."""
import datetime as dt, os, sys, tempfile
from collections import Counter

sys.path.insert(0, os.path.dirname(__file__))
ARGUMENT, sys.argv[1:] = sys.argv[1], ["samples/inbox"]
import sample_truths as truth
from figures import (BAD, SEEN, counts, hours, quantile, kaplan_meier, aalen_johansen, ratio,
                     run, same, shortened, shown, use)

use(ARGUMENT)

NATURE = {"报修": "repair", "投诉": "complaint", "建议": "suggestion", "咨询": "enquiry",
          "表扬": "praise", "求助": "help"}
CHANNEL = {"wechat": "wechat", "app": "app", "电话": "phone", "来访": "walkin",
           "前台": "walkin", "12345": "gov", "12345转办": "gov", "政府热线": "gov"}
SCALE = {"非常满意": 5, "满意": 4, "一般": 3, "不满意": 2, "非常不满意": 1}


class Case:
    """A ticket as it was known at the cut-off."""

    def __init__(self, t, cut):
        seen = lambda x: x if x is not None and x < cut else None
        self.t, self.received, self.due = t, t["received"], t["due"]
        self.turns = sorted([(x, 0) for x in {seen(t["first"]), seen(t["done"])} if x]
                            + [(x, 1) for x in {seen(t["reopened"])} if x])
        self.last = self.turns[-1][0] if self.turns and self.turns[-1][1] == 0 else None
        self.first = self.turns[0][0] if self.turns else None
        self.child = bool(t["master"])
        self.void = seen(t["void"]) is not None and not self.child
        self.valid = not self.child and not self.void
        self.open = self.valid and self.last is None
        self.sent, self.responded = seen(t["sent"]), seen(t["responded"])
        self.quick = (t["nature"] in ("咨询", "表扬") and self.last is not None
                      and not self.sent and hours(self.last - self.received) <= 0.5)

    def open_at(self, time):
        before = [kind for x, kind in self.turns if x < time]
        return self.received < time and (not before or before[-1] == 1)


def month_figures(where, f, cases, visits, start, end):
    before = (start - dt.timedelta(1)).replace(day=1)
    inside = lambda x: x is not None and start <= x < end
    mine = [c for c in cases if inside(c.received)]
    valid = [c for c in cases if c.valid]
    intake = [c for c in mine if c.valid]
    done = [c for c in valid if inside(c.last)]
    opening = [c for c in valid if c.received < start and c.open_at(start)]
    same(where, f, "INT-00", len(mine))
    same(where, f, "INT-01", len(intake))
    same(where, f, "INT-13", len(opening))
    same(where, f, "INT-14", sum(c.open for c in valid))
    same(where, f, "INT-16", sum(inside(x) and k == 0 for c in valid for x, k in c.turns))
    same(where, f, "INT-17", sum(inside(x) and k == 1 for c in valid for x, k in c.turns))
    counts(where, f, "INT-02", "channel", Counter(CHANNEL[c.t["channel"]] for c in intake))
    counts(where, f, "INT-03", "nature", Counter(NATURE[c.t["nature"]] for c in intake))
    counts(where, f, "INT-04", "category", Counter(c.t["cat"] for c in intake))
    counts(where, f, "INT-06", "department", Counter(c.t["dept"] or "?" for c in intake))
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    counts(where, f, "INT-11", "hour",
           Counter(f"{r.isoweekday()}-{days[r.weekday()]}-{r.hour:02}"
                   for r in (c.received for c in intake)))
    answer = [(hours((c.responded or end) - c.received), c.responded is not None)
              for c in intake]
    same(where, f, "RSP-01.median", kaplan_meier(answer, 0.5))
    same(where, f, "RSP-01.p90", kaplan_meier(answer, 0.9))
    sent = [hours(c.sent - c.received) for c in intake if c.sent and c.sent >= c.received]
    same(where, f, "RSP-04.median", quantile(sent, 0.5))
    same(where, f, "RSP-04.p90", quantile(sent, 0.9))
    took = [hours(c.last - c.received) for c in done]
    same(where, f, "TTR-01.median", quantile(took, 0.5))
    same(where, f, "TTR-01.p90", quantile(took, 0.9))
    same(where, f, "TTR-01.mean", sum(took) / len(took))
    same(where, f, "TTR-01.first", quantile([hours(c.first - c.received) for c in done], 0.5))
    cohort = [(hours((c.last or end) - c.received), c.last is not None) for c in intake]
    same(where, f, "TTR-02.median", kaplan_meier(cohort, 0.5))
    same(where, f, "TTR-02.p90", kaplan_meier(cohort, 0.9))
    for c in mine:
        if c.void:
            cohort.append((hours(c.t["void"] - c.received), 2))
    if not any(c.child for c in mine):         # when a child was merged no file says
        for part, span in (("s24h", 24), ("s72h", 72), ("s7d", 168)):
            same(where, f, "TTR-02." + part, aalen_johansen(cohort, span))
    deadlines(where, f, valid, done, inside, end)
    resolved(where, f, cases, valid, intake, done, opening, before, start, end)
    asked(where, f, done, visits, end)
    ages = [hours(end - c.received) for c in valid if c.open]
    same(where, f, "BKL-01", len(ages))
    same(where, f, "BKL-01.median", quantile(ages, 0.5))
    same(where, f, "BKL-01.oldest", max(ages))
    same(where, f, "BKL-01.over30", sum(a >= 31 * 24 for a in ages))
    same(where, f, "BKL-02", sum(c.open for c in valid) - len(opening))


def deadlines(where, f, valid, done, inside, end):
    due = [c for c in valid if inside(c.due) and not c.quick]
    kept = [c for c in due if c.first and c.first <= c.due]
    month = dt.timedelta(30)
    back = lambda c: any(k == 1 and x - c.first <= month for x, k in c.turns)
    ratio(where, f, "SLA-01", len(kept), len(due))
    same(where, f, "SLA-01.late", sum(c.first is not None and c.first > c.due for c in due))
    same(where, f, "SLA-01.open", sum(c.first is None for c in due))
    same(where, f, "SLA-01.first", sum(inside(c.due) and c.quick for c in valid))
    same(where, f, "SLA-01.pending", sum(c.open and c.due is not None and c.due >= end
                                         for c in valid))
    ratio(where, f, "SLA-02", sum(c.first <= c.due for c in done if c.due),
          sum(c.due is not None for c in done))
    ratio(where, f, "SLA-03", sum(not back(c) for c in kept), len(due))
    late = [hours(end - c.due) for c in valid if c.open and c.due and c.due < end]
    same(where, f, "SLA-05", len(late))
    over = [hours((c.last or end) - c.due) for c in due if (c.last or end) > c.due]
    same(where, f, "TTR-04.median", quantile(over, 0.5))
    same(where, f, "TTR-04.p90", quantile(over, 0.9))


def resolved(where, f, cases, valid, intake, done, opening, before, start, end):
    ratio(where, f, "RES-01", sum(c.last is not None for c in intake), len(intake))
    back = [c for c in valid if any(start <= x < end and k == 1 for x, k in c.turns)]
    ratio(where, f, "RES-02", len(done), len(set(opening) | set(intake) | set(back) | set(done)))
    month = dt.timedelta(30)
    old = [c for c in valid if before <= c.received < start]
    ratio(where, f, "RES-03", sum(c.last is not None and c.last - c.received <= month
                                  for c in old), len(old))
    ends = [(x, [y for y, k2 in c.turns if k2 == 1 and y >= x]) for c in valid
            for x, k in c.turns if k == 0 and before <= x < start]
    ratio(where, f, "RES-07", sum(bool(later) and later[0] - x <= month
                                  for x, later in ends), len(ends))


def asked(where, f, done, visits, end):
    grace = dt.timedelta(hours=48)
    able = [c for c in done if c.t["nature"] != "表扬" and not c.quick
            and not c.t.get("shy")]
    due = [c for c in able if c.last < end - grace]
    same(where, f, "REV-01.pending", len(able) - len(due))
    seen = {c.t["no"]: visits[c.t["no"]] for c in due
            if c.t["no"] in visits and visits[c.t["no"]]["at"] < end}
    ratio(where, f, "REV-01", len(seen), len(due))
    reached = sum(v["回访情况"] == "已接听" for v in seen.values())
    ratio(where, f, "REV-02", reached, len(seen))
    gaps = [hours(seen[c.t["no"]]["at"] - c.last) for c in due if c.t["no"] in seen]
    ratio(where, f, "REV-03", sum(0 <= g <= 48 for g in gaps), len(due))
    same(where, f, "REV-04.median", quantile([g for g in gaps if g >= 0], 0.5))
    said = [v["是否解决"] for c in done for v in [visits.get(c.t["no"])]
            if v and v["at"] < end and v["是否解决"]]
    ratio(where, f, "RES-04", said.count("是"), len(said))
    scores = []
    for c in due:
        own, visit = c.t["rating"], seen.get(c.t["no"])
        if own and "默认" not in own:
            scores.append(int(own) if own.isdigit() else SCALE[own])
        elif visit and visit["满意度"]:
            scores.append(SCALE[visit["满意度"]])
    ratio(where, f, "SAT-01", sum(s >= 4 for s in scores), len(scores))
    same(where, f, "SAT-02", sum(scores) / len(scores))
    ratio(where, f, "SAT-03", len(scores), len(due))
    same(where, f, "SAT-04", sum(s <= 2 for s in scores))
    automatic = lambda t: bool(t["rating"]) and "默认" in t["rating"]
    for part, column in (("speed", "及时性"), ("quality", "处理质量")):
        given = [int(seen[c.t["no"]][column]) for c in due if c.t["no"] in seen
                 and seen[c.t["no"]][column]
                 and not (automatic(c.t) and not seen[c.t["no"]]["满意度"])]
        ratio(where, f, "SAT-06." + part, sum(s >= 4 for s in given), len(given))
    ratio(where, f, "SAT-05", sum(s >= 4 for s in scores), len(due))


def sample(folder):
    db = folder + "/sample.db"
    run("ingest", "-q", "--db", db, "--settings", "samples/huiyin.ini", "samples/inbox")
    truth.load()
    for month in ("2026-10", "2026-09", "2026-05", "2025-12", "2025-03", "2024-10"):
        start = dt.datetime.strptime(month, "%Y-%m")
        end = truth.next_month(start)
        cases = [Case(t, end) for t in truth.TICKETS.values() if t["received"] < end]
        figures = shown(db, "--settings", "samples/huiyin.ini", "--month", month)
        month_figures(month, figures, cases, truth.VISITS, start, end)
        year = start.replace(year=start.year - 1)
        last = truth.next_month(year)
        old = [Case(t, last) for t in truth.TICKETS.values() if year <= t["received"] < last]
        spans = [[(hours((c.last or cut) - c.received), c.last is not None) for c in group
                  if c.valid and a <= c.received < cut]
                 for group, a, cut in ((cases, start, end), (old, year, last))]
        shortened(month, figures, *spans)


with tempfile.TemporaryDirectory() as temporary:
    sample(temporary)
print(f"sample estate: {len(SEEN)} metrics recomputed, {sum(SEEN.values())} figures, "
      f"{len(BAD)} differ")
sys.exit(1 if BAD else 0)
