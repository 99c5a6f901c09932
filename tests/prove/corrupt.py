"""corrupt.py PROGRAM COUNT: see tests/prove/corrupt."""
import hashlib
import os
import random
import shutil
import struct
import sys
import tempfile

from ground import Command, finish, inbox, whole

PAGE = 4096


def page_garbage(chance, data):
    for _ in range(chance.choice([1, 2, 5])):
        at = chance.randrange(1, len(data) // PAGE) * PAGE
        data[at:at + PAGE] = chance.randbytes(PAGE)


def sprinkled(chance, data):
    """As zzuf -r 0.004 does: one bit in 250."""
    for _ in range(len(data) * 8 // 250):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def page_zero(chance, data):
    at = chance.randrange(len(data) // PAGE) * PAGE
    data[at:at + PAGE] = bytes(PAGE)


def truncated(chance, data):
    del data[chance.randrange(1, len(data)):]


def empty(chance, data):
    del data[:]


def garbage(chance, data):
    data[:] = chance.randbytes(chance.choice([1, 100, PAGE, 3 * PAGE]))


def future(chance, data):
    data[60:64] = struct.pack(">I", chance.randint(100, 1 << 30))


def foreign(chance, data):
    data[68:72] = struct.pack(">I", chance.randint(1, 1 << 30))


def header(chance, data):
    data[chance.randrange(100)] ^= 1 << chance.randrange(8)


def page_moved(chance, data):
    to, of = (chance.randrange(1, len(data) // PAGE) * PAGE for _ in range(2))
    data[to:to + PAGE] = data[of:of + PAGE]


def single_bytes(chance, data):
    for _ in range(chance.choice([1, 3, 30])):
        data[chance.randrange(len(data))] = chance.randrange(256)


# Beyond the promise: SQLite keeps no check sums, so a changed letter inside a value, or an
# older sound page in the place of another, is data to it.  Tried all the same: it must end
# in an orderly way.
BEYOND = [single_bytes, page_moved]
KINDS = [page_garbage, page_garbage, page_garbage, sprinkled, page_zero, truncated, truncated,
         truncated, garbage, future, foreign, header, empty]


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def main():
    program, count = sys.argv[1], int(sys.argv[2])
    failed = refused = right = silent = 0
    with tempfile.TemporaryDirectory() as folder:
        command = Command(program, folder)
        good = command.database("good")
        files = [f for f in inbox() if "2026年9月" in f and "至" not in f]
        more = next(f for f in inbox() if "微信报事导出_2026年10月" in f)
        command.ingest(good, *files)
        before = command.content(good)
        after = command.database("after")
        shutil.copyfile(good, after)
        command.ingest(after, more)
        want = command.content(after)
        with open(good, "rb") as file:
            whole_file = file.read()
        beyond = count // 10
        for seed in range(count + beyond):
            chance = random.Random(seed)
            kind = KINDS[seed % len(KINDS)] if seed < count else BEYOND[seed % 2]
            data = bytearray(whole_file)
            kind(chance, data)
            path = command.database("bad")
            with open(path, "wb") as file:
                file.write(data)
            spoiled = digest(path)
            done = command.run(path, "ingest", "-q", more)
            status = done.returncode
            name = f"corruption {seed} ({kind.__name__})"
            untouched = digest(path) == spoiled
            fits = status == 0 and not whole(path) and command.content(path) == want
            if kind in BEYOND:
                silent += status == 0 and not fits
                orderly = status in (0, 76) and (status == 0 or untouched)
            elif kind is empty:  # what a first start leaves that was killed at once
                orderly = status == 0 and not whole(path)
                right += orderly
            else:
                refused += status == 76 and untouched
                right += fits
                orderly = fits or (status == 76 and untouched and "huiyin: " in done.stderr)
            if not orderly or command.run(path, "status").returncode < 0:
                failed += 1
                print(f"FAIL {name}: exit {status}, file "
                      f"{'as it was' if untouched else 'changed'}: {done.stderr[:200]}")
        if command.content(good) != before:
            failed += 1
    finish(failed, f"{count} corruptions of the database: {refused} refused with 76 and the file as it "
           f"was, {right} with the right result, {failed} failures; beyond the promise {beyond} times "
           f"a byte inside a value or a page in the place of another: {silent} were not seen, no crash")


main()
