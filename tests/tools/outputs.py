"""outputs.py HUIYIN WORK: the numbers of `show --audience public` stand in the txt, the PDF and
the workbook of the notice and the report; the workbook is whole XML with no formula in it."""
import csv, io, os, re, subprocess, sys, zipfile
import xml.etree.ElementTree as tree

huiyin, work = sys.argv[1:3]
folder = work + '/a/2026-10/public/'
out = subprocess.run([huiyin, 'show', '--db', work + '/a.db', '--settings', 'samples/huiyin.ini',
                      '--month', '2026-10', '--audience', 'public', '--format', 'csv'],
                     capture_output=True, text=True, check=True).stdout
rows = list(csv.DictReader(io.StringIO(out)))
bad = []


def value(metric, dimension='total', key='-'):
    for r in rows:
        if (r['metric'], r['dimension'], r['key'], r['month']) == (metric, dimension, key, '2026-10'):
            return r
    bad.append(f'show has no {metric} {dimension} {key}')
    return None


def texts(name):
    yield 'txt', open(folder + name + '.txt', encoding='utf-8').read()
    if os.path.exists(folder + name + '.pdf.text'):
        yield 'pdf', open(folder + name + '.pdf.text', encoding='utf-8').read()


def half_up(x):
    from decimal import Decimal, ROUND_HALF_UP
    return str(Decimal(repr(x)).quantize(Decimal('0.1'), ROUND_HALF_UP))


def workbook(path):
    numbers, strings = set(), set()
    with zipfile.ZipFile(path) as z:
        if z.testzip():
            bad.append(path + ': damaged')
        for n in z.namelist():
            if n.endswith('.xml') or n.endswith('.rels'):
                root = tree.fromstring(z.read(n))
                if n.startswith('xl/worksheets/'):
                    if [e for e in root.iter() if e.tag.endswith('}f')]:
                        bad.append(f'{path} {n}: a formula')
                    for c in root.iter():
                        if c.tag.endswith('}c') and c.get('t') is None:
                            for v in c:
                                if v.tag.endswith('}v'):
                                    numbers.add(round(float(v.text), 9))
    return numbers


flow = [value(m) for m in ('INT-13', 'INT-01', 'INT-17', 'INT-16', 'INT-14')]
shares = [value(m) for m in ('SLA-01', 'RES-04', 'SAT-01')]
books = {n: workbook(folder + n + '.xlsx') for n in ('公示-A4', '月报')}
for name in ('公示-A4', '月报'):
    for kind, text in texts(name):
        flat = re.sub(r'\s+', '', text)
        for r in flow:
            if r and f"{int(float(r['value'])):,}" not in flat:
                bad.append(f"{name}.{kind}: {r['metric']} {r['value']} is not on the page")
        for r in shares:
            if not r:
                continue
            if half_up(float(r['value']) * 100) + '%' not in flat:
                bad.append(f"{name}.{kind}: {r['metric']} {r['value']} is not on the page")
            for part in (r['numerator'], r['denominator']):
                if f'{int(part):,}' not in flat:
                    bad.append(f"{name}.{kind}: {r['metric']} {part} is not on the page")
    for r in shares:
        if r and round(float(r['value']), 9) not in books[name]:
            bad.append(f"{name}.xlsx: {r['metric']} {r['value']} is in no cell")
for r in rows:
    if r['dimension'] == 'department' and r['metric'] == 'INT-01' and r['month'] == '2026-10' and r['value']:
        for name in ('公示-A4', '月报'):
            for kind, text in texts(name):
                line = [l for l in text.split('\n') if r['key'] in l and re.search(rf"(?<![\d,.]){int(float(r['value'])):,}(?![\d,.%])", l)]
                if not line and r['key'] != '?':
                    bad.append(f"{name}.{kind}: {r['key']} {r['value']} is not in a row")
closing = [float(r['value']) for r in flow if r]
if len(closing) == 5 and not closing[0] + closing[1] + closing[2] - closing[3] == closing[4]:
    bad.append(f'the account does not balance: {closing}')
if any(r['dimension'] == 'building' for r in rows):
    bad.append('a split by building in public')
if any(r['dimension'] == 'department' and r['metric'].startswith('SAT') for r in rows):
    bad.append('satisfaction by department in public')
for b in bad:
    print('FAIL', b)
sys.exit(1 if bad else 0)
