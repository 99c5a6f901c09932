#!/usr/bin/env python3
"""Reads samples/inbox with its own eyes (openpyxl, json, csv) and prints what
samples/README.md claims: counts per month and every planted truth.  It shares no
code with the program or the generator.  Usage: sample_truths.py [FOLDER]"""
import csv, datetime as dt, io, json, re, sys
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median
import openpyxl

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else "samples/inbox")
BAD = []
TICKETS, VISITS = {}, {}


def when(text):
    if text in (None, ""):
        return None
    if isinstance(text, dt.datetime):
        return text.replace(microsecond=0)
    match = re.fullmatch(r"(\d{4})[-.年](\d+)[-.月](\d+)日?[ T]?(?:(\d+):(\d+)(?::(\d+))?)?"
                         r"(?:\+08:00)?", str(text).strip())
    return dt.datetime(*(int(g or 0) for g in match.groups())) if match else "bad"


def take(ticket, source):
    if not ticket["no"] or not isinstance(ticket["received"], dt.datetime):
        BAD.append((source, ticket["no"]))
        return
    TICKETS.setdefault(ticket["no"], {}).update(ticket)   # files come oldest first


def wechat(name):
    text = (FOLDER / name).read_bytes().decode("gb18030")
    assert "\r\n" in text
    rows = csv.DictReader(io.StringIO(text.split("\r\n", 1)[1], newline=""))
    for r in rows:
        try:
            received = when(r["报事时间"])
        except ValueError:
            received = "bad"
        take(dict(no=r["报事编号"], received=received, channel="wechat",
                  nature=r["报事性质"], cat=r["小类"], status=r["状态"],
                  place=r["房号"], dept=r["处理部门"], asset=r["设备编号"],
                  due=when(r["办结时限"]), done=when(r["完成时间"]),
                  first=when(r["首次完成时间"]), reopened=when(r["重开时间"]),
                  sent=when(r["派单时间"]), responded=when(r["首响时间"]),
                  void=when(r["作废时间"]), master=r["主工单"], rating=r["评价"],
                  trail=r["流转记录"], shy=r["是否匿名"] == "是" and not r["手机号"]), name)


def app(name):
    for r in json.loads((FOLDER / name).read_text("utf-8"))["data"]:
        p = r.get("process") or {}
        h = r.get("house") or {}
        take(dict(no=r["orderNo"], received=when(r["createTime"]), channel="app",
                  nature=r["type"], cat=(r.get("category") or {}).get("second"),
                  status=r["state"], dept=r.get("department"), asset=r.get("assetId"),
                  place="{building}栋{unit}单元{room}".format(**h) if h else "",
                  due=when(p.get("dueTime")), done=when(p.get("finishTime")),
                  first=when(p.get("firstFinishTime")), void=when(p.get("voidTime")),
                  reopened=when(p.get("reopenTime")), sent=when(p.get("dispatchTime")),
                  responded=when(p.get("responseTime")), master=r.get("mergedInto"),
                  rating=str((r.get("rating") or {}).get("score") or ""),
                  trail=p.get("trail"), shy=r.get("anonymous")
                  and not (r.get("contact") or {}).get("mobile")), name)


def join(day, hour):
    day = when(day) if day else None
    if not isinstance(day, dt.datetime):
        return day
    h, m = (int(x) for x in (hour or "0:0").split(":"))
    return day.replace(hour=h, minute=m)


def desk(name):
    rows = list(openpyxl.load_workbook(FOLDER / name)["登记台账"].values)
    names = [b if b else a for a, b in zip(rows[2], rows[3])]
    at = {n: i for i, n in enumerate(names)}
    for r in rows[4:]:
        if not any(c is not None for c in r) or r[0] == "合计":
            continue
        g = lambda n: r[at[n]] if n in at else None
        try:
            received = join(g("登记日期"), g("登记时间"))
        except ValueError:
            received = "bad"
        place = re.sub(r"(\d+)-(\d+)-(\d+)", r"\1栋\2单元\3", g("地址") or "")
        take(dict(no=g("登记编号"), received=received, channel=g("方式"),
                  nature=g("性质"), cat=g("小类"), status=g("状态"), place=place,
                  dept=g("责任部门"), asset=g("设备编号"), due=when(g("办结时限")),
                  done=join(r[at["登记时间"] + 19], r[at["登记时间"] + 20]),
                  first=when(g("首次完成时间")), reopened=when(g("重开时间")),
                  sent=when(g("派单时间")), responded=when(g("首次响应时间")),
                  void=when(g("作废时间")), master=g("主工单"), rating="",
                  trail=g("流转记录"), shy=g("是否匿名") == "是" and not g("电话")), name)


def visit(rows, source):
    for r in rows:
        if not r["报事编号"]:
            BAD.append((source, ""))
            continue
        VISITS[r["报事编号"]] = dict(r, at=when(r["回访时间"]))


def load():
    for span in ("2024年9月至2026年8月", "2026年9月", "2026年10月"):
        wechat(f"微信报事导出_{span}.csv")
        app(f"业主APP工单_{span}.json")
    desk("前台登记台账_2024年9月至2026年9月.xlsx")
    desk("前台登记台账_2026年10月.xlsx")
    rows = list(openpyxl.load_workbook(FOLDER / "回访登记表_至2026年9月.xlsx")["回访"].values)
    visit([dict(zip(rows[0], r)) for r in rows[1:]], "回访 xlsx")
    name = "回访登记表_2026年10月.csv"
    visit(csv.DictReader(io.StringIO((FOLDER / name).read_text("utf-8-sig"))), name)


def month_of(time):
    return time.strftime("%Y-%m")


def next_month(time):
    return (time.replace(day=28) + dt.timedelta(5)).replace(day=1, hour=0, minute=0, second=0)


def share(part, whole):
    return f"{part}/{whole} ({100 * part / whole:.1f} %)" if whole else "0/0"


def hours(values):
    return f"{median(values):.1f} h of {len(values)}" if values else "none"


def spent(ticket):
    return (ticket["done"] - ticket["received"]).total_seconds() / 3600


def first_contact(t):
    return (t["nature"] in ("咨询", "表扬") and t["done"] and not t["sent"]
            and spent(t) <= 0.5)


def one_month(valid, month):
    start = dt.datetime.strptime(month, "%Y-%m")
    end = next_month(start)
    mine = [t for t in valid if month_of(t["received"]) == month]
    due = [t for t in valid if t["due"] and start <= t["due"] < end and not first_contact(t)]
    ontime = [t for t in due if t["done"] and t["done"] <= t["due"] and t["done"] < end]
    # Closed tickets of the cut-off: last completion before it, else still open.
    closed = [t for t in mine if t["done"] and t["done"] < end]
    still = [t for t in valid if t["received"] < end and not (t["done"] and t["done"] < end)
             and not (t["first"] and t["first"] < end and t["reopened"] >= end)]
    old = sum(1 for t in still if (end - t["received"]).days >= 30)
    voids = sum(1 for t in TICKETS.values() if t["void"] and month_of(t["received"]) == month)
    children = sum(1 for t in TICKETS.values() if t["master"] and month_of(t["received"]) == month)
    print(f"{month}  valid {len(mine):4}  void {voids:3}  merged {children:3}  due on time "
          f"{share(len(ontime), len(due)):>20}  closed median {hours([spent(t) for t in closed])}"
          f"  open {len(still):3} ({old} over 30 d)")


def answers(valid, month):
    start = dt.datetime.strptime(month, "%Y-%m")
    end = next_month(start)
    mine = [t for t in valid if t["done"] and start <= t["done"] < end and not first_contact(t)]
    seen = [VISITS[t["no"]] for t in mine if t["no"] in VISITS and VISITS[t["no"]]["at"] < end]
    reached = [v for v in seen if v["回访情况"] == "已接听"]
    said = [v["是否解决"] for v in reached if v["是否解决"]]
    scale = {"非常满意": 5, "满意": 4, "一般": 3, "不满意": 2, "非常不满意": 1}
    own = [t["rating"] for t in mine if t["rating"] and "默认" not in t["rating"]]
    own = [int(r) if r.isdigit() else scale[r] for r in own]
    staff = [scale[v["满意度"]] for v in seen if v["满意度"]]
    rated = {t["no"] for t in mine if t["rating"] and "默认" not in t["rating"]} | {
        v["报事编号"] for v in seen if v["满意度"]}
    print(f"{month} completed {len(mine)}  revisited {share(len(seen), len(mine))}  reached "
          f"{share(len(reached), len(seen))}  solved {share(said.count('是'), len(said))}")
    print(f"  staff {share(sum(s > 3 for s in staff), len(staff))}  own "
          f"{share(sum(s > 3 for s in own), len(own))}  rated {share(len(rated), len(mine))}"
          f"  default {sum('默认' in t['rating'] for t in mine)}")


def lift(valid):
    fails = Counter(month_of(t["received"]) for t in valid if t["asset"] == "DT-07-2")
    print("DT-07-2 by month:", dict(sorted(fails.items())))
    brake = dt.datetime(2026, 3, 12)
    times = [t["received"] for t in valid if t["asset"] == "DT-07-2"]
    print("  2025-09-12..2026-03-11:", sum(dt.datetime(2025, 9, 12) <= x < brake for x in times),
          " 2026-03-12..2026-09-11:", sum(brake <= x < dt.datetime(2026, 9, 12) for x in times))
    others = Counter(t["asset"] for t in valid if t["asset"] and t["cat"] == "电梯停运"
                     and dt.datetime(2025, 9, 12) <= t["received"] < brake)
    print("  most outages in the same half year:", others.most_common(4))


def planted(valid):
    lift(valid)
    roofs = [t for t in valid if t["cat"] == "屋面渗漏"]
    print("roof leaks by month:", dict(sorted(Counter(month_of(t["received"]) for t in roofs).items())))
    rain = [t for t in roofs if t["received"].month in (5, 6, 7)]
    long = [t for t in rain if not t["done"] or spent(t) > 720]
    print("  May-July over 30 days:", share(len(long), len(rain)), " never done:",
          [(t["no"], t["place"]) for t in roofs if not t["done"]])
    for label, low, high in (("2025-07..12", "2025-07", "2025-12"), ("2026-01..06", "2026-01", "2026-06")):
        for dept in ("环境部", "秩序部", "工程部"):
            group = [spent(t) for t in valid if t["dept"] == dept and t["done"]
                     and low <= month_of(t["received"]) <= high]
            print(f"  {dept} {label}: median {hours(group)}")
    for who in ("K01", "K02", "K03", "K04"):
        marks = [v["满意度"] for v in VISITS.values() if v["回访人"] == who and v["满意度"]]
        print(f"  {who}: fives {share(marks.count('非常满意'), len(marks))}")
    rush(valid)
    doors = Counter(month_of(t["received"]) for t in valid if t["cat"] == "门禁、对讲失灵")
    print("door entry by month:", dict(sorted(doors.items())[-14:]))
    burst = [t for t in TICKETS.values() if t["cat"] == "停水"
             and t["received"].date() == dt.date(2026, 10, 12) and t["received"].hour < 10]
    print("burst 2026-10-12:", len(burst), "reports,", len({t["place"] for t in burst}),
          "flats,", sum(bool(t["master"]) for t in burst), "merged into",
          {t["master"] for t in burst if t["master"]}, Counter(t["channel"] for t in burst))


def rush(valid):
    groups = {True: [0, 0], False: [0, 0]}
    again = defaultdict(list)
    for t in valid:
        again[t["place"], t["cat"]].append(t["received"])
    last = {True: 0, False: 0}
    for t in valid:
        done = t["first"] or t["done"]
        if not done or first_contact(t) or not t["place"]:
            continue
        eve = (next_month(done) - done).total_seconds() <= 2 * 86400
        limit = done + dt.timedelta(10)
        back = (t["reopened"] and t["reopened"] <= limit) or any(
            done < x <= limit for x in again[t["place"], t["cat"]])
        groups[eve][0] += bool(back)
        groups[eve][1] += 1
    print("back within 10 days: last two days", share(*groups[True]), " other days", share(*groups[False]))


def calls():
    total, bad, kinds = Counter(), 0, Counter()
    for name in ("热线话单Master_至2026年9月.csv", "热线话单Master_2026年10月.csv"):
        for r in csv.reader((FOLDER / name).open(encoding="utf-8", newline="")):
            assert len(r) == 18
            if r[9].startswith("0000"):
                BAD.append((name, ""))
                continue
            total[r[9][:7]] += 1
            if r[9].startswith("2026-10"):
                kinds[r[3], r[7], r[14]] += 1
    print("calls by month:", dict(sorted(total.items())[-4:]), "all", sum(total.values()))
    for kind, count in sorted(kinds.items()):
        print("  2026-10", *kind, count)


def main():
    load()
    valid = [t for t in TICKETS.values() if not t["void"] and not t["master"]]
    months = sorted({month_of(t["received"]) for t in valid})
    for month in months:
        one_month(valid, month)
    for month in months[-3:]:
        answers(valid, month)
    october = [t for t in valid if month_of(t["received"]) == "2026-10"]
    for key in ("nature", "channel", "dept", "cat"):
        print(f"2026-10 by {key}:", dict(Counter(t[key] for t in october).most_common(9)))
    print("first contact:", sum(map(bool, map(first_contact, october))))
    ended = [t for t in valid if t["done"]]
    print("reopened:", share(sum(bool(t["reopened"]) for t in valid), len(ended)))
    print("transferred:", share(sum(">" in (t["trail"] or "") for t in valid), len(valid)))
    planted(valid)
    calls()
    print("bad rows:", len(BAD), Counter(name for name, _ in BAD))
    print("tickets held:", len(TICKETS), "call-backs:", len(VISITS))


if __name__ == "__main__":
    main()
