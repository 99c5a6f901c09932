"""memory.py PROGRAM COUNT PRELOAD: see tests/prove/memory."""
import os
import random
import shutil
import sys
import tempfile

from ground import Command, Subsets, finish, inbox, whole

SMALL = "工单编号,报修时间,状态\nA1,2026-10-01 08:00,已完成\nA2,2026-10-02 08:00,处理中\n"


def main():
    program, count, preload = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    failed, lines = 0, []
    with tempfile.TemporaryDirectory() as folder:
        command = Command(program, folder)
        small = os.path.join(folder, "small.csv")
        with open(small, "w", encoding="utf-8") as file:
            file.write(SMALL)
        files = [f for f in inbox() if "2026年10月" in f and "至" not in f]
        base = command.database("base")
        book = next(f for f in files if f.endswith("xlsx"))
        objects = next(f for f in files if f.endswith("json"))
        # a file the database holds is not read again: these two are new to it
        held = [f for f in files if f not in (book, objects)]
        batch = command.ingest(base, *held[:2])[1][0]["batch"]
        subsets = Subsets(command, [*files, small])
        out = os.path.join(folder, "out")
        jobs = {"ingest csv": ["ingest", "-q", small], "ingest xlsx": ["ingest", "-q", book],
                "ingest json": ["ingest", "-q", objects], "undo": ["undo", "-q", str(batch)],
                "status": ["status"], "show": ["show", "--month", "2026-10"],
                "look": ["look", small], "look --raw": ["look", "--raw", book],
                "check": ["check", "--month", "2026-10"], "help": ["help"],
                "render txt": ["render", "-q", "--month", "2026-10", "--format", "txt", "--out", out]}
        for name, words in jobs.items():
            tally = os.path.join(folder, "count")
            database = command.database("m")
            shutil.copyfile(base, database)
            calm = command.run(database, *words, env={**os.environ, "LD_PRELOAD": preload, "FAIL_COUNT": tally})
            with open(tally) as file:
                made = int(file.read())
            wanted = command.content(database)
            chance = random.Random(name)
            if 2 * made <= count:
                tries = [(n, on) for n in range(1, made + 1) for on in (False, True)]
            else:
                tries = [(chance.randint(1, made), k % 2 == 1) for k in range(count)]
            codes = {}
            for number, on in tries:
                database = command.database("m")
                shutil.copyfile(base, database)
                env = {**os.environ, "LD_PRELOAD": preload, "FAIL_AT": str(number)}
                if on:
                    env["FAIL_ON"] = "1"
                done = command.run(database, *words, env=env, timeout=120)
                code = done.returncode
                codes[code] = codes.get(code, 0) + 1
                wrong = ""
                if code == 0:
                    if done.stdout != calm.stdout:
                        wrong = "another answer"
                    elif command.content(database) != wanted:
                        wrong = "another content"
                elif code not in (70, 71) or not done.stderr.strip():
                    wrong = "exit"
                if not wrong and words[0] in ("ingest", "undo"):
                    wrong = whole(database)
                    if command.content(database) != subsets.expects(database):
                        wrong += " half a file"
                if wrong:
                    failed += 1
                    if failed < 40:
                        print(f"FAIL {name}: allocation {number}{' and on' if on else ''}: {wrong}: "
                              f"exit {code} {done.stderr.strip()[:160]}")
            lines.append(f"{name} {len(tries)} of {made} ("
                         + ", ".join(f"exit {c}: {n}" for c, n in sorted(codes.items())) + ")")
    finish(failed, "allocations that failed: " + "; ".join(lines) + f"; {failed} failures")


main()
