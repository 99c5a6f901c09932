"""figures.py: what the recomputations share: asking the program for its figures, comparing
them, and the estimators of METHODS in a few lines each.  Shares no code with the program."""
import csv, io, math, os, subprocess
from collections import Counter, defaultdict

import pandas as pd

HUIYIN = ""
BAD, SEEN = [], Counter()


def use(build):
    global HUIYIN
    HUIYIN = os.path.abspath(build + "/huiyin")


def run(*arguments):
    done = subprocess.run([HUIYIN, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        BAD.append(f"{arguments}: exit {done.returncode}: {done.stderr[:300]}")
        print("FAIL", BAD[-1])
    return done.stdout


def shown(db, *arguments):
    text = run("show", "--db", db, "--format", "csv", *arguments)
    return {(r["metric"], r["dimension"], r["key"]): r
            for r in csv.DictReader(io.StringIO(text))}


def same(where, figures, metric, value=None, k=None, n=None, dimension="total", key="-"):
    """value within 6 digits, numerator and denominator exactly."""
    SEEN[metric] += 1
    row = figures.get((metric, dimension, key))
    if row is None:
        BAD.append(f"{where} {metric} {dimension} {key}: no figure")
        print("FAIL", BAD[-1])
        return
    for name, ours, theirs in (("numerator", row["numerator"], k),
                               ("denominator", row["denominator"], n)):
        if theirs is not None and ours != str(theirs):
            BAD.append(f"{where} {metric} {key} {name}: {ours}, recomputed {theirs}")
            print("FAIL", BAD[-1])
    if value is None:
        return
    ours = float(row["value"]) if row["value"] else math.nan
    if math.isnan(value) and row["answer"] in ("NO_DATA", "NOT_REACHED", "SMALL_N",
                                              "NOT_IDENTIFIED"):
        return
    if not abs(ours - value) <= 2e-6 * max(1, abs(value)):
        BAD.append(f"{where} {metric} {dimension} {key}: {ours}, recomputed {value}")
        print("FAIL", BAD[-1])


def wilson(part, whole):
    """Limits of 95 % of a share."""
    z = 1.959963984540054
    middle = part + z * z / 2
    half = z * math.sqrt(part * (whole - part) / whole + z * z / 4)
    return (max(0, (middle - half) / (whole + z * z)),
            min(1, (middle + half) / (whole + z * z)))


def ratio(where, figures, metric, part, whole, dimension="total", key="-"):
    """A share: its parts exactly, and where it is printed its value and its limits."""
    same(where, figures, metric, None, part, whole, dimension, key)
    row = figures.get((metric, dimension, key))
    if row is None or not row["low"] or not whole:
        return
    for name, value in zip(("value", "low", "high"), (part / whole, *wilson(part, whole))):
        if not abs(float(row[name]) - value) <= 2e-6:
            BAD.append(f"{where} {metric} {dimension} {key} {name}: {row[name]}, "
                       f"recomputed {value}")
            print("FAIL", BAD[-1])


def counts(where, figures, metric, dimension, found):
    for key, value in found.items():
        same(where, figures, metric, value, dimension=dimension, key=key)
    listed = sum(float(r["value"]) for (m, d, _), r in figures.items()
                 if m == metric and d == dimension and r["value"])
    if listed != sum(found.values()):
        BAD.append(f"{where} {metric} by {dimension}: {listed}, recomputed "
                   f"{sum(found.values())}")
        print("FAIL", BAD[-1])


def hours(span):
    return span.total_seconds() / 3600


def quantile(values, share):
    return float(pd.Series(values, dtype=float).quantile(share)) if values else math.nan


def kaplan_meier(rows, share):
    """Time at which `share` are done; rows = (hours, done)."""
    left, open_ = len(rows), 1.0
    table = Counter(t for t, done in rows if done), Counter(t for t, _ in rows)
    for time in sorted(table[1]):
        open_ *= 1 - table[0][time] / left
        left -= table[1][time]
        if abs(1 - open_ - share) < 1e-9:      # R: the middle of a flat step
            later = [t for t in sorted(table[0]) if t > time]
            return (time + (later[0] if later else max(table[1]))) / 2
        if 1 - open_ > share:
            return time
    return math.nan


def median_limits(rows, share):
    """Limits of the time at which `share` are done: the band of log-log limits of the share
    still open, inverted (METHODS 1.2, 1.3); None = not reached."""
    left, open_, spread = len(rows), 1.0, 0.0
    done, gone = Counter(t for t, d in rows if d), Counter(t for t, _ in rows)
    points = {"low": [(0.0, 0.0)], "high": [(0.0, 0.0)]}
    for time in sorted(gone):
        if done[time]:
            open_ *= 1 - done[time] / left
            spread += done[time] / (left * (left - done[time])) if left > done[time] else math.inf
            if 0 < open_ < 1:
                wide = 1.959963984540054 * math.sqrt(spread) / abs(math.log(open_))
                points["low"].append((time, 1 - open_ ** math.exp(wide)))
                points["high"].append((time, 1 - open_ ** math.exp(-wide)))
        left -= gone[time]
    found = {}
    for name, curve in points.items():
        at = [next((x for x, y in curve if y + tiny >= share), None)
              for tiny in (1.5e-8, -1.5e-8)]
        last = max(gone) if abs(curve[-1][1] - share) < 1.5e-8 else at[1]
        found[name] = None if at[0] is None or last is None else (at[0] + last) / 2
    return found


def aalen_johansen(rows, time):
    """Share done by `time` when voids compete; rows = (hours, 0 open 1 done 2 void)."""
    left, open_, done = len(rows), 1.0, 0.0
    by_time = defaultdict(Counter)
    for t, state in rows:
        by_time[t][state] += 1
    for t in sorted(by_time):
        if t > time:
            break
        c = by_time[t]
        done += open_ * c[1] / left
        open_ *= 1 - (c[1] + c[2]) / left
        left -= sum(c.values())
    return done


def capped_mean(rows, cap):
    """Area under the share still open up to the cap, and its variance (Greenwood)."""
    left, open_, steps = len(rows), 1.0, [(0.0, 1.0, 0.0)]
    done, gone = Counter(t for t, d in rows if d), Counter(t for t, _ in rows)
    for time in sorted(t for t in gone if t <= cap):
        if done[time]:
            open_ *= 1 - done[time] / left
            weight = done[time] / (left * (left - done[time])) if left > done[time] else 0
            steps.append((time, open_, weight))
        left -= gone[time]
    ends = [t for t, _, _ in steps[1:]] + [cap]
    areas = [s * (b - a) for (a, s, _), b in zip(steps, ends)]
    rest = [sum(areas[i:]) for i in range(len(areas))]
    return sum(areas), sum(r * r * w for r, (_, _, w) in zip(rest, steps))


def shortened(where, f, now, then):
    """TTR-06 with its limits; now and then = (hours, done)."""
    if len(now) < 50 or len(then) < 50:
        same(where, f, "TTR-06", math.nan)
        return
    (m1, v1), (m0, v0) = capped_mean(now, 168), capped_mean(then, 168)
    spread = 1.959963984540054 * math.sqrt(v1 / m1 ** 2 + v0 / m0 ** 2)
    same(where, f, "TTR-06", 1 - m1 / m0)
    row = f["TTR-06", "total", "-"]
    for name, value in (("low", 1 - m1 / m0 * math.exp(spread)),
                        ("high", 1 - m1 / m0 * math.exp(-spread))):
        if not abs(float(row[name]) - value) <= 2e-6:
            BAD.append(f"{where} TTR-06 {name}: {row[name]}, recomputed {value}")
            print("FAIL", BAD[-1])
