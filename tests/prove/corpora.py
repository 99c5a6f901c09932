"""corpora.py PROGRAM: see tests/prove/corpora."""
import json
import os
import subprocess
import sys

DATA = "../shared/data/corpora"


def rows(program, path, *more):
    """(exit status, rows as lists of texts, None where absent)"""
    done = subprocess.run([program, "look", "--raw", "--format", "jsonl", *more, path],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, [json.loads(line) for line in done.stdout.decode().split("\n") if line]


def spectrum(program):
    """Each CSV as a list of objects by its first row."""
    wrong = count = 0
    folder = f"{DATA}/csv/csv-spectrum"
    for name in sorted(os.listdir(folder + "/csvs")):
        status, found = rows(program, f"{folder}/csvs/{name}")
        with open(f"{folder}/json/{name[:-3]}json", encoding="utf-8") as file:
            want = json.load(file)
        count += 1
        got = [dict(zip(found[0], row)) for row in found[1:]]
        if status != 0 or got != want:
            wrong += 1
            print(f"FAIL csv-spectrum {name}: {got} for {want}")
    return count, wrong


def test_data(program):
    """Lists of lists, or of objects where the file has a header; bad- files have none."""
    wrong = count = 0
    folder = f"{DATA}/csv/csv-test-data"
    for name in sorted(os.listdir(folder + "/json")):
        status, found = rows(program, f"{folder}/csv/{name[:-4]}csv")
        with open(f"{folder}/json/{name}", encoding="utf-8") as file:
            want = json.load(file)
        if want and isinstance(want[0], dict):
            found = [dict(zip(found[0], row)) for row in found[1:]]
        elif name.startswith("header-no-rows"):
            found = found[1:]
        count += 1
        if found != want or (status != 0 and want):
            wrong += 1
            print(f"FAIL csv-test-data {name}: exit {status} {found} for {want}")
    return count, wrong


def main():
    program = os.path.abspath(sys.argv[1])
    bad, lines = 0, []
    for name, check in (("csv-spectrum", spectrum), ("csv-test-data", test_data)):
        count, wrong = check(program)
        bad += wrong
        lines.append(f"{name} {count - wrong}/{count} equal their JSON")
    print("; ".join(lines))
    sys.exit(1 if bad else 0)


main()
