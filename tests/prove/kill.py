"""kill.py PROGRAM COUNT: see tests/prove/kill."""
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from ground import SETTINGS, Command, finish, inbox, whole

UNDO_EVERY = 8  # one in so many kills an `undo` instead of an `ingest`


def copy(command, master, name, wal):
    path = command.database(name)
    shutil.copyfile(master, path)
    if wal:
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
        db.close()
    return path


def killed(command, database, words, after):
    """The exit status; -9 when the signal met a living process."""
    child = subprocess.Popen([command.program, *words, "--settings", SETTINGS, "--db",
                              database], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    return child.wait()


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    files = [f for f in inbox() if "2024年" not in f and "至2026年9月" not in f]
    failed = met = missed = half = 0
    modes = {False: 0, True: 0}
    with tempfile.TemporaryDirectory() as folder:
        command = Command(program, folder)
        empty, full = command.database("empty"), command.database("full")
        command.ingest(empty, files[0])
        command.database("full")
        states = {command.content(empty)}  # after each whole file: what may be found
        for file in files:
            command.ingest(full, file)
            states.add(command.content(full))
        final = command.content(full)
        batch = command.ingest(full, files[2])[1][0]["batch"]
        undone = copy(command, full, "undone", False)
        command.run(undone, "undo", "-q", str(batch))
        undone = command.content(undone)
        begun = time.monotonic()
        command.ingest(copy(command, empty, "k", False), *files)
        took = time.monotonic() - begun
        seed = 0
        while met < count and seed < 4 * count:
            seed += 1
            chance = random.Random(seed)
            wal, undo = met % 2 == 1, met % UNDO_EVERY == UNDO_EVERY - 1
            database = copy(command, full if undo else empty, "k", wal)
            words = ["undo", "-q", str(batch)] if undo else ["ingest", "-q", *files]
            after = chance.random() * (0.25 if undo else 1) * took
            if killed(command, database, words, after) != -signal.SIGKILL:
                missed += 1
                continue
            met += 1
            modes[wal] += 1
            half += any(os.path.exists(database + end) and os.path.getsize(database + end)
                        for end in ("-wal", "-journal"))
            wrong = whole(database) if chance.random() < 0.5 else ""
            found = command.content(database)  # else the program itself repairs
            if found not in ({final, undone} if undo else states):
                wrong += " half a file"
            wrong += whole(database)
            command.run(database, *words)
            if command.content(database) != (undone if undo else final):
                wrong += " the re-run differs"
            wrong += whole(database)
            if wrong:
                failed += 1
                print(f"FAIL kill {seed} after {after:.3f} s, {'WAL' if wal else 'journal'}, "
                      f"{words[0]}: {wrong}")
    if met < count:
        failed += 1
        print("FAIL the signals came too late too often")
    finish(failed, f"{met} SIGKILLs ({modes[True]} WAL, {modes[False]} rollback journal; {half} left "
           f"a journal behind; {missed} more came too late and are not counted): integrity, "
           f"foreign keys, ledger and whole files {met - failed}/{met}, re-run identical "
           f"{met - failed}/{met}")


main()
