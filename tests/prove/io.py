"""io.py PROGRAM COUNT: see tests/prove/io."""
import hashlib
import os
import random
import shutil
import sys
import tempfile

from ground import Command, finish, inbox, whole

POINTS = ["posix/io/rw/*", "posix/io/sync/*", "posix/io/oc/*", "posix/io/dir/*", "posix/mm/mmap",
          "posix/stdio/*", "posix/io/*"]
STATUSES = {0, 1, 65, 66, 70, 71, 73, 74, 75, 76, 78}


def shaken(point, chance):
    return ["timeout", "-s", "KILL", "120", "fiu-run", "-x", "-f", "", "-c",
            f"enable_random name={point},probability={chance}"]


def outputs(folder):
    """Finished files: a failed unlink leaves scratch beside them (`.tmp`, libxlsxwriter's
    `tmp.XXXX`), which nobody takes for a report."""
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            if name.startswith("tmp.") or name.endswith(".tmp"):
                continue
            with open(os.path.join(root, name), "rb") as file:
                found[os.path.relpath(os.path.join(root, name), folder)] = \
                    hashlib.sha256(file.read()).hexdigest()
    return found


class Shaker:
    def __init__(self, program, folder):
        self.command = Command(program, folder)
        self.files = [f for f in inbox() if "2024年" not in f and "至2026年9月" not in f]
        self.half, self.full = (self.command.database(n) for n in ("half", "full"))
        self.command.ingest(self.half, *self.files[:3])
        self.command.database("full")
        shutil.copyfile(self.half, self.full)
        last = self.command.ingest(self.full, *self.files)[1][-1]["batch"]
        self.batch = str(last)
        self.undone = self.copy(self.full)
        self.command.run(self.undone, "undo", "-q", self.batch)
        self.contents = {"half": self.command.content(self.half),
                         "full": self.command.content(self.full),
                         "undone": self.command.content(self.undone)}
        self.out = os.path.join(folder, "out")
        self.render(self.full)
        self.reports = outputs(self.out)

    def copy(self, master):
        path = self.command.database("io")
        shutil.copyfile(master, path)
        return path

    def render(self, database, wrap=()):
        return self.command.run(database, "render", "-q", "--month", "2026-10", "--format", "pdf,xlsx",
                                "--out", self.out, wrap=wrap)

    def changed(self, name, start, words, want, wrap):
        """A command that writes into the database."""
        database = self.copy(start)
        done = self.command.run(database, *words, wrap=wrap)
        wrong = whole(database)
        found = self.command.content(database)
        if done.returncode == 0 and found != want:
            wrong += " exit 0 but another content"
        self.command.run(database, *words)
        if self.command.content(database) != want or whole(database):
            wrong += " the calm re-run differs"
        return done, wrong

    def drawn(self, wrap):
        shutil.rmtree(self.out)
        os.mkdir(self.out)
        done = self.render(self.full, wrap)
        found = outputs(self.out)
        wrong = ""
        if any(found[name] != self.reports.get(name) for name in found):
            wrong = " a wrong output in its final place"
        if done.returncode == 0 and found != self.reports:
            wrong += " exit 0 but not every output"
        if self.render(self.full).returncode != 0 or outputs(self.out) != self.reports:
            wrong += " the calm re-run differs"
        return done, wrong


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    lines, failed = [], 0
    with tempfile.TemporaryDirectory() as folder:
        shaker = Shaker(program, folder)
        jobs = {"ingest": lambda wrap: shaker.changed("ingest", shaker.half, ["ingest", "-q", *shaker.files],
                                                      shaker.contents["full"], wrap),
                "undo": lambda wrap: shaker.changed("undo", shaker.full, ["undo", "-q", shaker.batch],
                                                    shaker.contents["undone"], wrap),
                "render": shaker.drawn}
        for verb, job in jobs.items():
            good = hit = 0
            for seed in range(count):
                chance = random.Random(seed)
                point = POINTS[seed % len(POINTS)]
                share = chance.choice([0.003, 0.01, 0.01, 0.03])
                done, wrong = job(shaken(point, share))
                hit += done.returncode != 0
                if done.returncode not in STATUSES:
                    wrong += f" exit {done.returncode}"
                if done.returncode != 0 and "huiyin: " not in done.stderr:
                    wrong += f" no message ({done.returncode})"
                good += not wrong
                if wrong:
                    failed += 1
                    print(f"FAIL {verb} {seed} ({point} {share}): exit {done.returncode}{wrong}: "
                          f"{done.stderr.strip()[-300:]}")
            lines.append(f"{verb} {good}/{count} ({hit} ended with an error)")
    finish(failed, "random I/O errors, then whole and re-run identical: " + ", ".join(lines))


if __name__ == "__main__":
    main()
