"""disk.py PROGRAM COUNT, inside a mount namespace of its own: see tests/prove/disk."""
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from ground import SETTINGS, Command, Subsets, finish, inbox, whole

FULL = {74}  # what a full disk, a quota may answer; 73 where nothing could be created


class Ground:
    def __init__(self, program, folder):
        self.folder = folder
        self.command = Command(program, folder)
        self.files = [f for f in inbox() if "2024年" not in f and "至2026年9月" not in f]
        self.one = self.command.database("one")
        self.command.ingest(self.one, self.files[0])
        every = self.command.database("every")
        shutil.copyfile(self.one, every)
        self.command.ingest(every, *self.files)
        self.subsets = Subsets(self.command, self.files)
        self.every, self.final = every, self.command.content(every)
        self.small = os.path.join(folder, "small")
        os.mkdir(self.small)
        self.bad = 0

    def fail(self, line):
        self.bad += 1
        print("FAIL " + line)

    def place(self, path, wal):
        """A copy of the database of one file at path, in that journal mode."""
        shutil.copyfile(self.one, path)
        shutil.copyfile(self.command.key, path[:-3] + ".key")
        os.chmod(path[:-3] + ".key", 0o600)
        if wal:
            db = sqlite3.connect(path)
            try:
                db.execute("PRAGMA journal_mode=WAL")
            finally:
                db.close()

    def judge(self, what, done, database, may):
        """After a run on a bad day: the right code, a message, whole files only."""
        if done.returncode == 0 and self.command.content(database) == self.final:
            return False
        if done.returncode not in may or "huiyin: " not in done.stderr:
            self.fail(f"{what}: exit {done.returncode} {done.stderr[-200:]}")
        return True

    def calm(self, what, database):
        wrong = whole(database)
        if self.command.content(database) != self.subsets.expects(database):
            wrong += " half a file"
        self.command.run(database, "ingest", "-q", *self.files)
        if self.command.content(database) != self.final or whole(database):
            wrong += " the re-run differs"
        if wrong:
            self.fail(f"{what}: {wrong}")


def full_disks(ground, count):
    hit = 0
    least = os.path.getsize(ground.one) // 1024 + 8
    most = os.path.getsize(ground.every) * 2 // 1024
    for number in range(count):
        size = least + (most - least) * number // count
        wal = number % 2 == 1
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", ground.small], check=True)
        database = os.path.join(ground.small, "a.db")
        ground.place(database, False)
        if wal:
            try:
                ground.place(database, True)
            except sqlite3.OperationalError:
                pass  # no room even for that
        done = ground.command.run(database, "ingest", "-q", *ground.files)
        what = f"disk of {size} kB{', WAL' if wal else ''}"
        hit += ground.judge(what, done, database, FULL)
        subprocess.run(["mount", "-o", "remount,size=100m", ground.small], check=True)
        ground.calm(what, database)
        subprocess.run(["umount", "-l", ground.small], check=True)
    return hit


def quotas(ground, count):
    hit = 0
    least = os.path.getsize(ground.one) + 8192
    most = os.path.getsize(ground.every)
    for number in range(count):
        limit = least + (most - least) * number // count
        wal = number % 2 == 1
        database = ground.command.database("quota")
        ground.place(database, wal)
        done = ground.command.run(
            database, "ingest", "-q", *ground.files,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        what = f"file limit of {limit} bytes{', WAL' if wal else ''}"
        hit += ground.judge(what, done, database, FULL)
        ground.calm(what, database)
    return hit


def read_only(ground):
    """Nothing can be loaded, everything can be read; both journal modes."""
    for wal in (False, True):
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", ground.small], check=True)
        database = os.path.join(ground.small, "a.db")
        ground.place(database, wal)
        before = ground.command.content(database)
        subprocess.run(["mount", "-o", "remount,ro", ground.small], check=True)
        for words, may in ((("ingest", "-q", *ground.files), 73), (("undo", "-q", "1"), 73),
                           (("status",), 0), (("show", "--month", "2026-09"), 0),
                           (("render", "-q", "--month", "2026-09", "--format", "txt", "--out",
                             os.path.join(ground.folder, "out")), 0)):
            done = ground.command.run(database, *words)
            if done.returncode != may or (may != 0 and ground.small not in done.stderr):
                ground.fail(f"read-only{', WAL' if wal else ''}: {words[0]}: exit {done.returncode} "
                            f"{done.stderr[-200:]}")
        if ground.command.content(database) != before:
            ground.fail("read-only: the content changed")
        subprocess.run(["umount", "-l", ground.small], check=True)


def writers(ground, rounds):
    busy = 0
    for seed in range(rounds):
        chance = random.Random(seed)
        database = ground.command.database("four")
        ground.place(database, seed % 2 == 1)
        children = []
        for _ in range(4):
            order = list(ground.files)
            chance.shuffle(order)
            children.append(subprocess.Popen(
                [ground.command.program, "ingest", "-q", *order, "--settings", SETTINGS, "--db", database],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
        for child in children:
            words = child.communicate()[1]
            busy += child.returncode == 75
            if child.returncode not in (0, 75):
                ground.fail(f"four writers {seed}: exit {child.returncode} {words[-200:]}")
        ground.calm(f"four writers {seed}", database)
    return busy


def full_output(ground):
    count = 0
    for words in (["status"], ["status", "--content"], ["show", "--month", "2026-10"],
                  ["show", "--month", "2026-10", "--format", "csv"], ["explain", "SLA-01"],
                  ["check", "--month", "2026-10"], ["help"], ["look", ground.files[0]], ["rejects"],
                  ["look", "--raw", ground.files[0]], ["ingest", "--json", ground.files[0]],
                  ["show", "--month", "2026-10", "--format", "json"]):
        with open("/dev/full", "w") as full:
            done = ground.command.run(ground.every, *words, stdout=full)
        count += 1
        if done.returncode != 74 or "huiyin: " not in done.stderr:
            ground.fail(f"full standard output: {' '.join(words[:2])}: exit {done.returncode}")
    return count


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        ground = Ground(program, folder)
        disks, limits = full_disks(ground, count), quotas(ground, count)
        print(f"{count} disks too small: {disks} refused with 74, whole files only, re-run identical; "
              f"{count} file-size limits: {limits} likewise")
        read_only(ground)
        print("read-only mount, both journal modes: loading 73, reading and rendering 0")
        busy = writers(ground, max(2, count))
        print(f"{max(2, count)} rounds of four writers at once: {busy} of {4 * max(2, count)} processes "
              "answered 75, none anything worse, contents identical after a re-run")
        verbs = full_output(ground)
    finish(ground.bad, f"{verbs} verbs into a full standard output: 74; {ground.bad} failures in all")


main()
