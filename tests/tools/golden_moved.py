#!/usr/bin/env python3
"""golden_moved.py GOLDEN: forms with inputs and parameters nobody has seen before, their
expected values computed here from the textbook formulae, must come out equal; a value moved
by a millionth, a file no form names and a form nobody knows must be failures.  Python's own
library only.  Prints one line a part; exit 1 when one fails."""
import math, os, random, subprocess, sys, tempfile
from statistics import NormalDist

GOLDEN, chance, failed = sys.argv[1], random.Random(20261126), 0


def text(value):
    return "%.17g" % value if isinstance(value, float) else str(value)


def newcombe(level):
    z = NormalDist().inv_cdf(1 - (1 - level) / 2)

    def wilson(x, n):
        p, mid = x / n, x / n + z * z / (2 * n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (mid - half) / (1 + z * z / n), (mid + half) / (1 + z * z / n)

    for _ in range(40):
        n1, n2 = chance.randint(1, 300), chance.randint(1, 300)
        x1, x2 = chance.randint(0, n1), chance.randint(0, n2)
        (l1, u1), (l2, u2) = wilson(x1, n1), wilson(x2, n2)
        d = x1 / n1 - x2 / n2
        yield (x1, n1, x2, n2, d,
               d - math.hypot(x1 / n1 - l1, u2 - x2 / n2),
               d + math.hypot(u1 - x1 / n1, x2 / n2 - l2))


def padjust():
    p = [chance.random() ** 2 for _ in range(31)]
    p[7] = p[3]                                        # a tie
    m, order = len(p), sorted(range(31), key=lambda i: p[i])
    harmonic = math.fsum(1 / k for k in range(1, m + 1))
    bh, by, holm = [0.0] * m, [0.0] * m, [0.0] * m
    least = least_by = 1.0
    for rank in range(m, 0, -1):
        i = order[rank - 1]
        least = bh[i] = min(least, p[i] * m / rank)
        least_by = by[i] = min(least_by, p[i] * m * harmonic / rank)
    most = 0.0
    for rank, i in enumerate(order):
        most = holm[i] = max(most, min(1.0, p[i] * (m - rank)))
    return list(zip(p, bh, holm, by))


def erlang_c():
    for _ in range(25):
        rate, mu = chance.uniform(1, 40), chance.uniform(0.5, 4)
        wait = chance.uniform(0, 0.5)
        a = rate / mu
        n = math.floor(a) + chance.randint(1, 6)
        powers = [a ** k / math.factorial(k) for k in range(n + 1)]
        b = powers[n] / math.fsum(powers)              # the sum, not the recursion
        tail = powers[n] * n / (n - a)
        c = tail / (math.fsum(powers[:n]) + tail)
        spare = n * mu - rate
        yield (rate, mu, n, wait, a, b, c, c / spare, 1 - c * math.exp(-spare * wait),
               c * rate / spare)


def pchart(sigmas, d2):
    rows = [(chance.randint(60, 90), chance.randint(95, 220)) for _ in range(17)]
    centre = sum(x for x, _ in rows) / sum(n for _, n in rows)
    sigma = [math.sqrt(centre * (1 - centre) / n) for _, n in rows]
    z = [(x / n - centre) / s for (x, n), s in zip(rows, sigma)]
    spread = math.fsum(abs(b - a) for a, b in zip(z, z[1:])) / (len(z) - 1) / d2
    for i, ((x, n), s) in enumerate(zip(rows, sigma)):
        yield (i + 1, x, n, x / n, centre, max(0.0, centre - sigmas * s),
               min(1.0, centre + sigmas * s), z[i], spread,
               max(0.0, centre - sigmas * s * spread),
               min(1.0, centre + sigmas * s * spread))


FORMS = [
    ("newcombe", "level=0.9", "x1=key;n1=key;x2=key;n2=key;diff=1e-12:abs;lower=1e-12:abs;"
     "upper=1e-12:abs", newcombe(0.9)),
    ("padjust", "-", "p=key;BH=1e-9:rel:1e-12;holm=1e-9:rel:1e-12;BY=1e-9:rel:1e-12",
     padjust()),
    ("erlang_c", "-", "lambda=key;mu=key;n=key;Ts=key;offered=1e-10:rel;erlangB=1e-10:rel;"
     "erlangC=1e-10:rel;ASA=1e-10:rel;SL=1e-10:rel;Lq=1e-10:rel", erlang_c()),
    ("pchart", "d2=1.1;sigmas=2.5", "i=key;x=key;n=key;p=1e-12:mixed;cl=1e-12:mixed;"
     "p.lcl=1e-12:mixed;p.ucl=1e-12:mixed;z=1e-12:mixed;sigma.z=1e-12:mixed;"
     "pp.lcl=1e-12:mixed;pp.ucl=1e-12:mixed", pchart(2.5, 1.1)),
]
FORMS = [(form, params, compare, list(rows)) for form, params, compare, rows in FORMS]


def write(folder, move=None):
    with open(folder + "/FORMS.tsv", "w") as forms:
        forms.write("file\tform\tinputs\tparams\tcompare\tgroup\twhen\n")
        for form, params, compare, rows in FORMS:
            forms.write(f"{form}.csv\t{form}\t-\t{params}\t{compare}\t0\tnow\n")
            names = [part.split("=")[0] for part in compare.split(";")]
            with open(f"{folder}/{form}.csv", "w") as out:
                out.write("# made anew\n" + ",".join(names) + "\n")
                for number, row in enumerate(rows):
                    row = list(row)
                    if form == move and number == 5:
                        row[-1] += 1e-6
                    out.write(",".join(map(text, row)) + "\n")


def part(what, well, change=lambda folder: None, move=None):
    global failed
    with tempfile.TemporaryDirectory() as folder:
        write(folder, move)
        change(folder)
        done = subprocess.run([GOLDEN, folder], capture_output=True, text=True)
    if (done.returncode == 0) == well:
        print(f"ok {what}: {(done.stdout.splitlines() or ['?'])[-1]}")
        return
    failed += 1
    print(f"FAIL {what}: exit {done.returncode}\n{done.stdout}{done.stderr}")


def add(name, line):
    return lambda folder: open(f"{folder}/{name}", "a").write(line)


part("other inputs and parameters", True)
for name, *_ in FORMS:
    part(f"{name} with one value moved", False, move=name)
part("a file no form names", False, add("stray.csv", "x\n1\n"))
part("a form nobody knows", False,
     add("FORMS.tsv", "newcombe.csv\tno_such_form\t-\t-\tx1=key\t0\tnow\n"))
part("a form whose file is missing", False,
     add("FORMS.tsv", "gone.csv\tnewcombe\t-\t-\tx1=key\t0\tnow\n"))
sys.exit(1 if failed else 0)
