"""recompute_real.py BUILD [all]: the figures of Boston and Baltimore 311, of an incident log
and of 泰迪 附件4 made again straight from the input files with pandas and the estimators of
figures.py, in total and by every split, and compared with `show --format csv`.  What a file
has no column for must be said to be unknown, never nought.  Some months; with `all` every
month of the files.  Says per file how many metrics that was and which could not be."""
import csv, io, math, os, re, sys, tempfile
from collections import Counter, defaultdict

import pandas as pd

sys.path.insert(0, os.path.dirname(__file__))
import figures
from figures import (BAD, SEEN, aalen_johansen, kaplan_meier, median_limits, quantile, ratio, run,
                     same, shortened, shown, use)
from real_files import DAY, NEVER, REAL, baltimore, boston, incidents, messages

HOUR = 3600
EVERY = sys.argv[2:] == ["all"]
DIMENSIONS = ("channel", "department", "category", "grid", "urgency")


# --- one month of one group ---------------------------------------------------------------


def metric_dimensions():
    """Metric -> dimensions, from the dictionary."""
    with open("templates/metrics.tsv", encoding="utf-8") as table:
        return {r["id"]: {d.split(":")[0] for d in r["dimensions"].split("|")}
                for r in csv.DictReader(table, delimiter="\t")}


ALLOWED = metric_dimensions()


class Group:
    """The cases of one key of one split, and where their figures go."""

    def __init__(self, where, rows, known, dimension, key, has):
        self.has = has
        self.where, self.rows, self.known = where, rows, known
        self.dimension, self.key, self.lively = dimension, key, True

    def wanted(self, metric):
        """Splits a metric does not have are not asked for; a key that had nothing to do
        with the month has no row, one with nothing of just this metric may have none."""
        return self.dimension == "total" or (
            self.dimension in ALLOWED[metric.split(".")[0]]
            and (self.lively or (metric, self.dimension, self.key) in self.rows))

    def same(self, metric, value, n=None, k=None):
        if self.wanted(metric):
            same(self.where, self.rows, metric, value, k, n, self.dimension, self.key)

    def limits(self, metric, found):
        row = self.rows.get((metric, self.dimension, self.key)) if self.wanted(metric) else None
        for name in ("low", "high") if row else ():
            ours, theirs = row[name], found[name]
            if (ours == "" or theirs is None) and (ours != "" or theirs is not None) \
                    or ours != "" and abs(float(ours) - theirs) > 2e-6 * max(1, theirs):
                BAD.append(f"{self.where} {metric} {self.dimension} {self.key} {name}: "
                           f"{ours}, recomputed {theirs}")
                print("FAIL", BAD[-1])

    def ratio(self, metric, part, whole):
        if self.wanted(metric):
            ratio(self.where, self.rows, metric, part, whole, self.dimension, self.key)


def month_of(group, start, end, before):
    inside = lambda t: t is not NEVER and start <= t < end
    known = group.known
    intake = [c for c in known if inside(c.received)]
    done = [c for c in known if inside(c.flow)]
    opening = [c for c in known if c.received < start and c.open_at(start)]
    still = [c for c in known if c.open]
    group.lively = bool(intake or done or opening or still)
    volume(group, intake, opening, still, inside)
    durations(group, intake, done, inside, end)
    deadlines(group, known, intake, done, still, inside, end)
    resolved(group, known, intake, opening, done, inside, start, end, before)
    backlog(group, intake, opening, still, inside, end)
    return intake, done, still


def volume(g, intake, opening, still, inside):
    for metric in ("INT-00", "INT-01", "INT-09", "INT-09.anonymous", "INT-15"):
        g.same(metric, len(intake))
    by = {"channel": "INT-02", "category": "INT-04", "urgency": "INT-05",
          "department": "INT-06", "grid": "INT-07"}
    for dimension, metric in by.items():
        if g.dimension in ("total", dimension):
            g.same(metric, len(intake))
    g.same("INT-03", len(intake))
    g.same("INT-08", len(intake))
    g.ratio("INT-15.three", 0, len(intake))
    for metric in ("INT-12", "INT-14.withdrawn", "INT-14.merged"):
        g.same(metric, 0)
    for metric in ("INT-13", "INT-13.all"):
        g.same(metric, len(opening))
    g.same("INT-14", len(still))
    ends = [(t, c) for c in g.known for t in c.turns if inside(t[0])]
    for metric in ("INT-16", "INT-16.all"):
        g.same(metric, sum(t[1] == 0 for t, _ in ends))
    g.same("INT-16.inferred", sum(t[1] == 0 and not t[3] for t, _ in ends))
    for metric in ("INT-17", "INT-17.all"):
        g.same(metric, sum(t[1] == 1 for t, _ in ends))
    changed = [c for c in intake if len(set(c.case.urgencies)) > 1
               and c.case.urgencies[0] != c.case.urgencies[-1]]
    watched = [c for c in intake if c.case.watched or c in changed]
    g.ratio("INT-18", len(changed), len(watched))
    if watched:
        g.same("INT-18.softened", 0)
    g.same("RSP-01.waiting", len(intake))
    g.same("RSP-01.excluded", 0)


def spans(cases, end):
    """(hours, done) of a cohort; what took an unknown or a reversed time is left out."""
    rows = [(end - c.received if c.last is NEVER else c.took(c.last), c.last is not NEVER)
            for c in cases if c.last is NEVER or c.sure]
    return [(s / HOUR, d) for s, d in rows if s >= 0]


def durations(g, intake, done, inside, end):
    took = [c.took(c.last) / HOUR for c in done if c.sure and c.took(c.last) >= 0]
    first = [c.took(c.first) / HOUR for c in done
             if c.sure and c.took(c.last) >= 0 and c.took(c.first) >= 0]
    g.same("TTR-01.median", quantile(took, 0.5))
    g.same("TTR-01.p90", quantile(took, 0.9))
    g.same("TTR-01.mean", math.fsum(took) / len(took) if took else math.nan)
    g.same("TTR-01.first", quantile(first, 0.5))
    g.same("TTR-01.excluded", len(done) - len(took))
    cohort = spans(intake, end)
    g.same("TTR-02.median", kaplan_meier(cohort, 0.5))
    g.same("TTR-02.confirmed", kaplan_meier(cohort, 0.5))
    if cohort and not math.isnan(kaplan_meier(cohort, 0.5)):
        g.limits("TTR-02.median", median_limits(cohort, 0.5))
    g.same("TTR-02.p90", kaplan_meier(cohort, 0.9))
    g.same("TTR-02.excluded", len(intake) - len(cohort))
    for part, span in (("s24h", 24), ("s72h", 72), ("s7d", 168)):
        late = max((s for s, _ in cohort), default=0)
        share = aalen_johansen(cohort, span) if cohort else math.nan
        if late >= span or all(d for _, d in cohort):  # else: nobody was watched so long
            g.same("TTR-02." + part, share)
    waits = [(c.case.closed - c.last) / HOUR for c in intake
             if c.case.closed is not None and c.last is not NEVER and c.sure
             and c.last <= c.case.closed < end]
    g.same("TTR-03.closing", quantile(waits, 0.5))


def deadlines(g, known, intake, done, still, inside, end):
    g.same("SLA-01.nolimit", sum(c.due is NEVER for c in intake))
    due = [c for c in known if inside(c.due)]
    kept = [c for c in due if c.first is not NEVER and c.first <= c.due]
    back = lambda c: any(t[1] == 1 and t[2] - c.first <= 30 * DAY for t in c.turns)
    g.ratio("SLA-01", len(kept), len(due))
    g.same("SLA-01.late", sum(c.first is not NEVER and c.first > c.due for c in due))
    g.same("SLA-01.open", sum(c.first is NEVER for c in due))
    g.same("SLA-01.first", 0)
    g.same("SLA-01.uncovered", 0)
    g.same("SLA-01.pending", sum(c.due is not NEVER and c.due >= end for c in still))
    timed = [c for c in done if c.due is not NEVER]
    g.ratio("SLA-02", sum(c.first <= c.due for c in timed), len(timed))
    g.ratio("SLA-03", sum(not back(c) for c in kept), len(due))
    g.ratio("SLA-03.worst", sum(not back(c) for c in kept), len(due))
    g.ratio("SLA-04", 0, sum(c.case.watched for c in due))
    late = [(end - c.due) / HOUR for c in still if c.due is not NEVER and c.due < end]
    g.same("SLA-05", len(late))
    g.same("SLA-05.median", quantile(late, 0.5))
    g.same("SLA-05.oldest", max(late, default=math.nan))
    g.ratio("SLA-06", sum(2 * (c.first - c.received) <= c.due - c.received for c in kept),
            len(due))
    last = sum(20 * (c.due - c.first) <= c.due - c.received for c in kept)
    g.same("SLA-07", 20 * last / len(kept) if len(kept) >= 20 else math.nan, len(kept), last)
    over = [((c.last if c.last is not NEVER else end) - c.due) / HOUR for c in due
            if (c.last if c.last is not NEVER else end) > c.due]
    g.same("TTR-04.median", quantile(over, 0.5))
    g.same("TTR-04.p90", quantile(over, 0.9))


def resolved(g, known, intake, opening, done, inside, start, end, before):
    g.ratio("RES-01", sum(not c.open for c in intake), len(intake))
    if g.dimension == "total":
        g.same("RES-01.fresh", sum(not c.open and end - c.last < 7 * DAY for c in intake))
    hands = {c.case.no for c in opening + intake + done} \
        | {c.case.no for c in known if any(inside(t[0]) and t[1] == 1 for t in c.turns)}
    g.ratio("RES-02", len(done), len(hands))
    old = [c for c in known if before <= c.received < start]
    g.ratio("RES-03", sum(not c.open and c.last - c.received <= 30 * DAY for c in old),
            len(old))
    if "state" in g.has:
        g.ratio("RES-05", 0, len(done))
    ends = [(t, [u for u in c.turns if u[1] == 1 and u[0] >= t[0]]) for c in known
            for t in c.turns if t[1] == 0 and t[3] and before <= t[0] < start]
    if "moves" in g.has:
        g.ratio("RES-07", sum(bool(again) and again[0][2] - t[2] <= 30 * DAY
                              for t, again in ends), len(ends))
    g.same("REC-04", len(intake))
    g.same("REC-04.households", len(intake))


def backlog(g, intake, opening, still, inside, end):
    ages = [c.age / HOUR for c in still]
    g.same("BKL-01", len(still))
    g.same("BKL-01.median", quantile(ages, 0.5))
    g.same("BKL-01.oldest", max(ages, default=math.nan))
    g.same("BKL-01.over30", sum(c.age // DAY >= 31 for c in still))
    g.same("BKL-02", len(still) - len(opening))


# --- figures of the whole file -------------------------------------------------------------


def bands(where, rows, metric, cases):
    names = ("00-03", "04-07", "08-15", "16-30", "31-90", "91+")
    found = Counter(names[sum(c.age // DAY >= least for least in (4, 8, 16, 31, 91))]
                    for c in cases)
    for name in names:
        same(where, rows, metric, found[name], dimension="age", key=name)


def by_hour(where, rows, intake):
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    found = Counter()
    for c in intake:
        t = pd.Timestamp(c.received, unit="s")
        found[f"{t.isoweekday()}-{days[t.weekday()]}-{t.hour:02}"] += 1
    same(where, rows, "INT-11", len(intake))
    figures.counts(where, rows, "INT-11", "hour", found)


def triangle(where, rows, known, month):
    """BKL-03: each month of the year before, at its end and at every later one."""
    first = min(c.received for c in known)
    for back in range(13):
        month_of_it = month - back
        start = int(month_of_it.start_time.timestamp())
        if first > start + 3 * DAY:
            continue
        group = [c for c in known if start <= c.received
                 < int((month_of_it + 1).start_time.timestamp())]
        for later in range(back + 1):
            stop = int((month_of_it + later + 1).start_time.timestamp())
            left = sum(c.open_at(stop) for c in group)
            if group:
                ratio(where, rows, f"BKL-03.m{later}", left, len(group), "month",
                      str(month_of_it))
            if group and later == back:
                ratio(where, rows, f"BKL-03.m{later}", left, len(group))


def hard(known, end):
    """DIF-01: open for over 30 days, or for over three times what nine in ten of its subject
    took in the year before (of 20 or more), moved twice or back, reopened twice."""
    took = defaultdict(list)
    for c in known:
        if not c.open and c.received >= end - 365 * DAY:
            took[c.case.keys["category"]].append((c.flow - c.received) / HOUR)
    slow = {k: 3 * quantile(v, 0.9) for k, v in took.items() if len(v) >= 20}
    listed = []
    for c in known:
        moved = [m for m in c.case.moves if m[0] < end]
        held = [m[1] for m in moved]
        back = any(m[2] in held[:i + 1] for i, m in enumerate(moved))
        if c.open and (c.age > 30 * DAY or len(moved) >= 2 or back
                       or c.age / HOUR > slow.get(c.case.keys["category"], math.inf)
                       or sum(t[1] for t in c.turns) >= 2):
            listed.append(c)
    return listed


def hard_cases(where, rows, cases, known, start, end):
    now = hard(known, end)
    same(where, rows, "DIF-01", len(now))
    bands(where, rows, "DIF-01", now)
    for dimension in ("department", "category", "grid"):
        found = Counter(c.case.keys[dimension] for c in now)
        for key, count in found.items():
            same(where, rows, "DIF-01", count, dimension=dimension, key=key)
    earlier = hard([c.at(start) for c in cases if c.received < start], start)
    state = {c.case.no: c.open for c in known}
    if earlier:
        ratio(where, rows, "DIF-02.completed", sum(not state[c.case.no] for c in earlier),
              len(earlier))


def signs(where, rows, known, done, still, intake, start, end, before):
    inside = lambda t: t is not NEVER and start <= t < end
    ends = [(c, t) for c in known for t in c.turns if t[1] == 0 and t[3]
            and before <= t[0] < start]
    if ends:
        last = [(c, t) for c, t in ends if t[0] >= start - 2 * DAY]
        back = lambda c, t: any(u[1] == 1 and t[0] <= u[0] < t[0] + 10 * DAY for u in c.turns)
        ratio(where, rows, "ANO-01.share", len(last), len(ends))
        if last:
            ratio(where, rows, "ANO-01.back", sum(back(c, t) for c, t in last), len(last))
        others = [x for x in ends if x not in last]
        if others:
            ratio(where, rows, "ANO-01.rest", sum(back(c, t) for c, t in others), len(others))
    close = [(c.first - c.received) / (c.due - c.received) for c in known
             if c.due is not NEVER and c.due > c.received and inside(c.first)]
    near = [x for x in close if 0.90 < x <= 1.05]
    if near:
        ratio(where, rows, "ANO-02.last", sum(0.95 < x <= 1 for x in near), len(near))
    timed = [c for c in done if c.sure and not c.case.whole_day]
    if timed:
        same(where, rows, "ANO-06.impossible", sum(c.first < c.received for c in timed))
        same(where, rows, "ANO-06.equal", sum(c.due is not NEVER and c.first == c.due
                                              and c.due - c.received >= HOUR for c in timed))
        ratio(where, rows, "ANO-06.hour", sum(c.last % HOUR < 60 for c in timed), len(timed))
        second = [c for c in timed if c.received % 60]
        if second:
            ratio(where, rows, "ANO-06.second", sum(c.last % 60 == 0 for c in second),
                  len(second))
    worse = [c for c in intake if c.case.urgencies[:1] == ["1"]
             and c.case.urgencies[-1] in ("3", "4")]
    if any(c.case.watched for c in intake) or worse:
        same(where, rows, "ANO-10.softer", 0)
        same(where, rows, "ANO-10.urgency", len(worse))
    stated = [c for c in known if c.case.late is not None and c.due is not NEVER
              and (inside(c.received) or inside(c.flow) or c.open)]
    if stated:  # a mark of the day of the file, not of the month's end
        final = lambda c: c.case.turns[0][2] if c.case.turns else HORIZON[0]
        same(where, rows, "ANO-14.overdue",
             sum((final(c) > c.due) != c.case.late for c in stated))
    same(where, rows, "AUD-02.eligible", sum(c.case.contact for c in done
                                             if c.case.keys["channel"] not in ("patrol", "iot")))


def silent(where, rows, cases, start, end):
    """INT-02.silent: the longest run of days without a case of a channel where fifteen or
    more were to be expected by the 90 days before (28 of them at least)."""
    most, watched = 0, 0
    day = lambda t: t // DAY
    end = min(end, (day(max(max(c.received for c in cases), HORIZON[0])) + 1) * DAY)
    for channel in sorted({c.keys["channel"] for c in cases} - {"?"}):
        days = Counter(day(c.received) for c in cases if c.keys["channel"] == channel)
        usual = [d for d in range(day(start) - 90, day(start)) if days[d]]
        if not usual or day(start) - usual[0] < 28:
            continue
        watched += 1
        daily = sum(days[d] for d in range(usual[0], day(start))) / (day(start) - usual[0])
        length = 0
        for d in range(day(start), day(end)):
            length = 0 if days[d] else length + 1
            if length >= 2 and length * daily >= 15:
                most = max(most, length)
    if watched:
        same(where, rows, "INT-02.silent", most)


HORIZON = [0]


def transfers(where, rows, known, done, still, start, end, before):
    """TRF-01 to TRF-03: changes of the group, nobody being no group."""
    moved = lambda c: [m for m in c.case.moves if m[0] < end]
    traced = done + still  # the log has every step, so no step is known as well
    finished = [c for c in traced if not c.open]
    ratio(where, rows, "TRF-01", sum(len(moved(c)) for c in finished), len(finished))
    same(where, rows, "TRF-01.total", sum(len(moved(c)) for c in traced))
    inside = lambda t: before <= t[0] < start and t[1] == 0 and t[3]
    earlier = [c for c in known if any(inside(t) for t in c.turns)]
    if earlier:
        ratio(where, rows, "RES-06", sum(not moved(c) and not any(t[1] for t in c.turns)
                                         for c in earlier), len(earlier))
    sent = [c for c in finished if any(t < end for t in c.case.sent)]
    ratio(where, rows, "TRF-02", sum(not moved(c) for c in sent), len(sent))
    returns = lambda c: sum(m[2] in [x[1] for x in moved(c)[:i + 1]]
                            for i, m in enumerate(moved(c)))
    ratio(where, rows, "TRF-03", sum(len(moved(c)) >= 2 or returns(c) > 0 for c in traced),
          len(traced))
    same(where, rows, "TRF-03.returns", sum(returns(c) for c in traced))
    steps = Counter((m[1], m[2]) for c in known for m in c.case.moves
                    if start <= m[0] < end and m[3])
    same(where, rows, "TRF-04", sum(steps.values()))
    for (a, b), count in steps.items():
        same(where, rows, "TRF-04", count, dimension="department+department", key=f"{a}+{b}")


def by_subject(cases, start, end, cut):
    """Due in a span and kept, by subject, as known at a cut-off."""
    due, kept = Counter(), Counter()
    for c in (c.at(cut) for c in cases if c.due is not NEVER and start <= c.due < end
              and c.received < cut):
        due[c.case.keys["category"]] += 1
        kept[c.case.keys["category"]] += c.first is not NEVER and c.first <= c.due
    return due, kept


def mix_of_work(where, rows, db, cases, month, start, end, before):
    """SLA-01 as if the work had been last year's, in all and by department; and how much of
    the change is doing better and how much other work (Kitagawa)."""
    year = [int(pd.Timestamp(f"{y}-01-01").timestamp()) for y in (month.year - 1, month.year)]
    groups = {("total", "-"): cases}
    for c in cases:
        groups.setdefault(("department", c.keys["department"]), []).append(c)
    for (dimension, key), group in groups.items():
        due, kept = by_subject(group, start, end, end)
        standard = Counter(c.keys["category"] for c in group
                           if c.due is not NEVER and year[0] <= c.due < year[1])
        weight = sum(standard[k] for k in due)
        value = sum(standard[k] * kept[k] / due[k] for k in due) / weight if weight else math.nan
        if sum(due.values()) < 5 or sum(standard.values()) < 30:
            value = math.nan
        if due and key != "?":
            same(where, rows, "SLA-01.adjusted", value, dimension=dimension, key=key)
    (due0, kept0), (due1, kept1) = (by_subject(cases, before, start, start),
                                    by_subject(cases, start, end, end))
    all0, all1 = sum(due0.values()), sum(due1.values())
    if min(all0, all1) < 30:
        return
    better = other = 0
    for k in set(due0) | set(due1):
        r0 = kept0[k] / due0[k] if due0[k] else kept1[k] / due1[k]
        r1 = kept1[k] / due1[k] if due1[k] else r0
        better += (due0[k] / all0 + due1[k] / all1) / 2 * (r1 - r0)
        other += (due1[k] / all1 - due0[k] / all0) * (r0 + r1) / 2
    two = {k[1:]: r for k, r in shown_by_month(db, month).items() if k[0] == str(month)}
    same(where, two, "SLA-01.rate", better)
    same(where, two, "SLA-01.mix", other)


def shown_by_month(db, month):
    text = run("show", "--db", db, "--format", "csv", "--month", str(month), "--months", "2",
               "--metric", "SLA-01")
    return {(r["month"], r["metric"], r["dimension"], r["key"]): r
            for r in csv.DictReader(io.StringIO(text))}


def missing_numbers(cases, start, end):
    """ANO-07.missing: numbers left out just before those of the month's tickets, in their
    own series (what stands before the digits, and how many digits); over fifty is a
    numbering begun anew."""
    series, missing = defaultdict(list), 0
    for c in cases:
        match = re.fullmatch(r"(.*?)(\d{1,14})", c.no)
        if match:
            series[match[1], len(match[2])].append((int(match[2]), c.received))
    for numbers in series.values():
        numbers.sort()
        for (a, _), (b, received) in zip(numbers, numbers[1:]):
            if start <= received < end and b - a <= 51:
                missing += b - a - 1
    return missing


def unknown(where, rows, metrics):
    """What the file has no column for: no figure, and said so."""
    for metric in metrics:
        row = rows.get((metric, "total", "-"))
        if row is None or row["answer"] not in ("NO_DATA", "NOT_IDENTIFIED") or row["value"]:
            BAD.append(f"{where} {metric}: {row and row['answer']} {row and row['value']}, "
                       "but the file does not tell")
            print("FAIL", BAD[-1])


ASKED = ("RES-04 REV-01 REV-02 REV-03 REV-04.median SAT-01 SAT-02 SAT-03 SAT-04 SAT-05 "
         "SAT-06.speed SAT-06.quality AUD-01").split()
CALLS = [f"HOT-0{i}" for i in (1, 2, 3, 4, 6, 7, 8, 9)] + ["HOT-05.mean"]
NOWHERE = ASKED + CALLS + ("INT-10 RSP-01.median RSP-02 RSP-03 RSP-04.median RSP-05.median "
                           "TTR-05 REC-01 REC-02 REC-03 REC-06 TRF-07.median PRO-01 "
                           "PRO-02.median PRO-03 DIF-01.promised OBJ-01 ANO-03 ANO-04 ANO-05 "
                           "ANO-09.split ANO-13.again ANO-11.share ANO-12").split()
UNMOVED = "TRF-01 TRF-02 TRF-03 TRF-04 RES-06 RES-07".split()
UNDATED = "SLA-01 SLA-02 SLA-03 SLA-04 SLA-06 SLA-07 TTR-04.median ANO-02 ANO-08".split()


def without(has):
    """Metrics a file has no columns for."""
    return NOWHERE + ([] if "moves" in has else UNMOVED) + ([] if "due" in has else UNDATED) \
        + ([] if "state" in has else ["RES-05"])


def one_month(name, db, cases, month, has):
    start, end = (int(p.start_time.timestamp()) for p in (month, month + 1))
    before = int((month - 1).start_time.timestamp())
    rows = shown(db, "--month", str(month))
    where = f"{name} {month}"
    known = [c.at(end) for c in cases if c.received < end]
    month_of(Group(where, rows, known, "total", "-", has), start, end, before)
    for dimension in DIMENSIONS:
        by = defaultdict(list)
        for c in known:
            by[c.case.keys[dimension]].append(c)
        for key, group in by.items():
            month_of(Group(where, rows, group, dimension, key, has), start, end, before)
    inside = lambda t: t is not NEVER and start <= t < end
    intake = [c for c in known if inside(c.received)]
    done = [c for c in known if inside(c.flow)]
    still = [c for c in known if c.open]
    by_hour(where, rows, intake)
    bands(where, rows, "BKL-01", still)
    bands(where, rows, "SLA-05", [c for c in still if c.due is not NEVER and c.due < end])
    triangle(where, rows, known, month)
    hard_cases(where, rows, cases, known, start, end)
    signs(where, rows, known, done, still, intake, start, end, before)
    silent(where, rows, cases, start, end)
    ends = sum(t[1] == 0 and inside(t[0]) for c in known for t in c.turns)
    if ends:
        same(where, rows, "BKL-02.days", len(still) * (end - start) / DAY / ends)
    year = month - 12
    a, b = (int(p.start_time.timestamp()) for p in (year, year + 1))
    shortened(where, rows, spans(intake, end),
              spans([c.at(b) for c in cases if a <= c.received < b], b))
    same(where, rows, "ANO-07.missing", missing_numbers(cases, start, end))
    same(where, rows, "ANO-07.vanished", 0)
    if intake:
        ratio(where, rows, "ANO-07.void", 0, len(intake))
    if "due" in has:
        mix_of_work(where, rows, db, cases, month, start, end, before)
        same(where, rows, "TRF-05", sum(c.case.keys["department"] == "?" for c in still))
    if "moves" in has:
        transfers(where, rows, known, done, still, start, end, before)
    unknown(where, rows, without(has))


def file(folder, name, path, cases, months, has):
    figures_before, bad, seen = sum(SEEN.values()), len(BAD), Counter(SEEN)
    db = f"{folder}/{name}.db"
    run("ingest", "-q", "--db", db, REAL + path)
    last = max(max([c.received] + [t[0] for t in c.turns]) for c in cases)
    HORIZON[0] = last
    if EVERY:
        first = pd.Timestamp(min(c.received for c in cases), unit="s").to_period("M")
        stop = pd.Timestamp(max(c.received for c in cases), unit="s").to_period("M")
        months = sorted({str(m) for m in pd.period_range(first + 1, stop, freq="M")}
                        | set(months))
    for month in months:
        one_month(name, db, cases, pd.Period(month, "M"), has)
    here = {m for m, count in SEEN.items() if count > seen[m]}
    ids = {m.split(".")[0] for m in here}
    if len(ids) < 40:
        BAD.append(f"{name}: only {len(ids)} metrics were made again")
        print("FAIL", BAD[-1])
    silent_ids = {m.split(".")[0] for m in without(has)} - ids
    print(f"{name}: {len(ids)} metrics ({len(here)} with their parts) over {len(months)} months, "
          f"{sum(SEEN.values()) - figures_before} figures, {len(BAD) - bad} differ; no column "
          f"for {len(silent_ids)}: {' '.join(sorted(silent_ids))}")


if __name__ == "__main__":
    use(sys.argv[1])
    if not os.path.isdir(REAL):
        print("no real requests beside the tree")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as temporary:
        file(temporary, "boston", "boston311_2015/", boston(), ("2015-02", "2015-07"), {"due", "state"})
        file(temporary, "baltimore", "baltimore311_sample.csv", baltimore(),
             ("2018-01", "2018-05"), {"due", "state"})
        file(temporary, "incidents", "uci_incident_event_log_6k.csv", incidents(),
             ("2016-03", "2016-04"), {"moves", "state"})
        file(temporary, "taidi4", "taidi2020_附件4_留言答复.xlsx", messages(),
             ("2018-11", "2018-12"), set())
    print(f"{len(SEEN)} metrics recomputed, {sum(SEEN.values())} figures, {len(BAD)} differ")
    sys.exit(1 if BAD else 0)
