"""real_files.py: the four real data sets of ../shared/data as cases of one form, read with
pandas; what recompute_real.py makes figures of.  Shares no code with the program."""
import os

import pandas as pd

REAL, DAY = "../shared/data/requests/", 86400
NEVER = None


class Case:
    """One case of a file: what was written of it, with times in seconds."""

    def __init__(self, no, received, turns, due=None, late=None, contact=False, keys=(),
                 moves=(), sent=(), closed=None, urgencies=(), who=None):
        self.no, self.received, self.due, self.late = no, received, due, late
        self.turns = sorted((max(at, received), kind, at, sure) for at, kind, sure in turns)
        self.contact, self.keys, self.moves, self.sent = contact, dict(keys), moves, sent
        self.closed, self.urgencies, self.who = closed, urgencies, who
        # open when first seen: only then could a change of it have been seen
        self.watched = True
        self.whole_day = False  # completed on a day, the hour is not written

    def at(self, cut):
        """As it was known at a cut-off."""
        return Known(self, [t for t in self.turns if t[0] < cut], cut)


class Known:
    def __init__(self, case, turns, cut):
        self.case, self.turns, self.received, self.due = case, turns, case.received, case.due
        last = turns[-1] if turns else None
        self.last = last[2] if last and last[1] == 0 else NEVER
        self.flow = last[0] if last and last[1] == 0 else NEVER
        self.sure = bool(last and last[3])
        ends = [t for t in turns if t[1] == 0]
        self.first = ends[0][2] if ends else NEVER
        self.open = self.last is NEVER
        self.age = cut - case.received

    def took(self, done):
        """Seconds to a completion; whole days where it has no time of day."""
        if self.case.whole_day:
            return done // DAY * DAY - self.received // DAY * DAY
        return done - self.received

    def open_at(self, time):
        before = [t for t in self.turns if t[0] < time]
        return self.received < time and (not before or before[-1][1] == 1)


def seconds(column, form=None):
    times = pd.to_datetime(column, format=form)
    return [NEVER if pd.isna(t) else int(t.timestamp()) for t in times]


def word(value, words, other=None):
    return words.get(value, other if other else "?") if isinstance(value, str) else "?"


def text(value):
    return value.strip() if isinstance(value, str) and value.strip() else "?"


def boston():
    names = sorted(n for n in os.listdir(REAL + "boston311_2015") if n.endswith(".csv"))
    rows = pd.concat(pd.read_csv(REAL + "boston311_2015/" + n, dtype=str) for n in names)
    rows.columns = [c.lower() for c in rows.columns]
    channel = {"Constituent Call": "phone", "Citizens Connect App": "app", "City Worker App":
               "app", "Self Service": "web", "Twitter": "web", "Employee Generated": "patrol",
               "Maximo Integration": "iot"}
    cases = []
    for no, opened, due, shut, state, source, dept, kind, area in zip(
            rows["case_enquiry_id"], seconds(rows["open_dt"]), seconds(rows["target_dt"]),
            seconds(rows["closed_dt"]), rows["ontime_status"], rows["source"],
            rows["department"], rows["type"], rows["neighborhood"]):
        cases.append(Case(no, opened, [] if shut is NEVER else [(shut, 0, True)], due,
                          {"OVERDUE": True, "ONTIME": False}.get(state),
                          keys=dict(channel=word(source, channel), department=text(dept),
                                    category=text(kind), grid=text(area), urgency="?")))
        cases[-1].watched = shut is NEVER
    return cases


def baltimore():
    rows = pd.read_csv(REAL + "baltimore311_sample.csv", dtype=str)
    form = "%m/%d/%Y %I:%M:%S %p"
    channel = {"Phone": "phone", "Web": "web", "Email": "web", "API": "iot", "System": "iot",
               "Internal": "patrol", "Mail": "other", "Other": "other"}
    cases = []
    for no, opened, due, shut, source, dept, kind, area in zip(
            rows["ServiceRequestNum"], seconds(rows["CreatedDate"], form),
            seconds(rows["DueDate"], form), seconds(rows["CloseDate"], form),
            rows["MethodReceived"], rows["Agency"], rows["SRType"], rows["Neighborhood"]):
        cases.append(Case(no, opened, [] if shut is NEVER else [(shut, 0, True)], due,
                          keys=dict(channel=word(source, channel), department=text(dept),
                                    category=text(kind), grid=text(area), urgency="?")))
        cases[-1].watched = shut is NEVER
    return cases


def incidents():
    """One line an update; the last one of a number holds.  Closed without a moment of
    resolution: completed then, after an unknown time.  From Resolved back to work: opened
    again; what that undid was done where the log turned to Resolved, for a row keeps the
    case's last resolution only."""
    rows = pd.read_csv(REAL + "uci_incident_event_log_6k.csv", dtype=str, na_values="?")
    form = "%d-%m-%Y %H:%M"
    for name in ("opened_at", "resolved_at", "closed_at", "sys_updated_at"):
        rows[name] = seconds(rows[name], form)
    cases = []
    for no, log in rows.groupby("number", sort=False):
        log = log.to_dict("records")
        last, turns, moves, sent, owner, held = log[-1], [], [], [], "?", "?"
        since = None
        for was, now in zip([dict(incident_state="")] + log, log):
            over = [r["incident_state"] in ("Resolved", "Closed") for r in (was, now)]
            if over == [False, True]:
                since = int(now["sys_updated_at"])
            if over == [True, False] and int(now["sys_mod_count"]) > int(was["sys_mod_count"]):
                turns += [(since, 0, True), (int(now["sys_updated_at"]), 1, False)]
        for now in log:
            group, at = text(now["assignment_group"]), int(now["sys_updated_at"])
            if now is not log[0] and held == "?" and group != "?":
                sent.append(at)
            if group not in ("?", owner):
                if owner != "?":  # handed on, or given back first (held by nobody)
                    moves.append((at, owner, group, held != "?"))
                owner = group
            held = group
        done = last["resolved_at"] if not pd.isna(last["resolved_at"]) else last["closed_at"]
        if not pd.isna(done):
            turns.append((int(done), 0, not pd.isna(last["resolved_at"])))
        urgency = [str(r["priority"])[:1] for r in log if not pd.isna(r["priority"])]
        cases.append(Case(no, int(last["opened_at"]), turns, contact=not pd.isna(
            last["caller_id"]), keys=dict(channel=word(last["contact_type"], {"Phone": "phone"}),
                                          department=text(last["assignment_group"]),
                                          category=text(last["subcategory"]), grid="?",
                                          urgency="P" + urgency[0]),
            moves=moves, sent=sent, urgencies=urgency, closed=None if pd.isna(
                last["closed_at"]) else int(last["closed_at"])))
        seen = int(log[0]["sys_updated_at"])
        first = min((t[0] for t in turns), default=None)
        cases[-1].watched = first is None or seen < first
    return cases


def messages():
    rows = pd.read_excel(REAL + "taidi2020_附件4_留言答复.xlsx")
    cases = []
    for no, opened, shut, user, written in zip(
            rows["留言编号"], seconds(rows["留言时间"]), seconds(rows["答复时间"]),
            rows["留言用户"], rows["答复时间"]):
        cases.append(Case(str(no), opened, [] if shut is NEVER else [(shut, 0, True)],
                          contact=isinstance(user, str),
                          keys=dict(channel="web", department="?", category="?", grid="?",
                                    urgency="?")))
        cases[-1].watched = shut is NEVER
        cases[-1].whole_day = isinstance(written, str) and ":" not in written
    return cases
