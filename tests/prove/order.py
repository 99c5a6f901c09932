"""order.py PROGRAM COUNT: see tests/prove/order."""
import json
import os
import random
import sys
import tempfile

from ground import Command, balanced, finish, inbox, whole


def slices(folder):
    """Overlapping exports: the first 60 % and the last 60 % of two month files."""
    made = []
    for path in inbox():
        name = os.path.basename(path)
        if name == "微信报事导出_2026年10月.csv":
            with open(path, "rb") as file:
                head, rows = [], file.read().splitlines(True)
            head, rows = rows[:2], rows[2:]
            parts = rows[:len(rows) * 3 // 5], rows[len(rows) * 2 // 5:]
            parts = [b"".join(head + part) for part in parts]
        elif name == "业主APP工单_2026年10月.json":
            with open(path, encoding="utf-8-sig") as file:
                whole_file = json.load(file)
            key = next((k for k in whole_file if isinstance(whole_file[k], list)), None) \
                if isinstance(whole_file, dict) else None
            rows = whole_file[key] if key else whole_file
            parts = rows[:len(rows) * 3 // 5], rows[len(rows) * 2 // 5:]
            parts = [json.dumps({**whole_file, key: part} if key else part,
                                ensure_ascii=False).encode() for part in parts]
        else:
            continue
        for number, part in enumerate(parts):
            made.append(os.path.join(folder, f"{number}_{name}"))
            with open(made[-1], "wb") as file:
                file.write(part)
    return made


def load(command, database, files, chance):
    """Loads in calls of one to four files; the batch of each file."""
    batches, at = {}, 0
    while at < len(files):
        some = files[at:at + chance.randint(1, 4)]
        at += len(some)
        status, entries = command.ingest(database, *some)
        if status != 0:
            raise SystemExit(f"ingest: exit {status} {entries}")
        for entry in entries:
            if not balanced(entry):
                raise SystemExit(f"ledger: {entry}")
            batches[entry["path"]] = entry["batch"]
    return batches


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    failed = undone = 0
    without = {}
    with tempfile.TemporaryDirectory() as folder:
        command = Command(program, folder)
        files = inbox() + slices(folder)
        if count < 50:  # the small twin leaves the years before out
            files = [f for f in files if "2024年" not in f and "至2026年9月" not in f]
        chance = random.Random(0)
        first = command.database("first")
        load(command, first, files, chance)
        want = command.content(first)
        for seed in range(1, count + 1):
            chance = random.Random(seed)
            order = files + chance.choices(files, k=chance.randint(0, 8))
            chance.shuffle(order)
            database = command.database("order")
            batches = load(command, database, order, chance)
            if command.content(database) != want:
                failed += 1
                print(f"FAIL order {seed}: the content differs")
            gone = chance.choice(files)
            if gone not in without:
                other = command.database("other")
                rest = [f for f in files if f != gone]
                chance.shuffle(rest)
                load(command, other, rest, chance)
                without[gone] = command.content(other)
            done = command.run(database, "undo", "-q", str(batches[gone]))
            if done.returncode != 0 or command.content(database) != without[gone]:
                failed += 1
                print(f"FAIL order {seed}: undo of {os.path.basename(gone)} is not as if it never came")
            load(command, database, [gone], chance)
            if command.content(database) != want or whole(database):
                failed += 1
                print(f"FAIL order {seed}: loaded again after the undo, the content differs")
            undone += 1
        if len(set(without.values()) | {want}) != len(without) + 1:
            failed += 1
            print("FAIL leaving a file out changed nothing: this test proves nothing")
    finish(failed, f"{count} orders of {len(files)} files (4 of them overlapping slices) with "
           f"repetitions: {count - failed if failed < count else 0} with one content hash; "
           f"{undone} undos in any position ({len(without)} different files) equal never loaded; "
           f"{failed} failures")


main()
