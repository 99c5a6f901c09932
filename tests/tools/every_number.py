"""every_number.py HUIYIN DATABASE WORK - what stands on paper is what `show --audience` prints, for
every metric of every audience, in PDF, workbook and page (WORK must be empty).

1. A report made here asks for every metric and part an audience is given, of the whole estate
   and by each dimension; each cell is compared with show's row, formatted by this program.
2. The house's own editions: every number of their workbooks is one of show's (what a curve of
   a chart or the list of files carries is told apart by its column), every row of a table
   reads the same in workbook, page and PDF."""
import csv, datetime, html.parser, io, math, os, re, shutil, subprocess, sys, zipfile
import xml.etree.ElementTree as tree
from decimal import ROUND_HALF_UP, Decimal

huiyin, database, work = os.path.abspath(sys.argv[1]), *map(os.path.abspath, sys.argv[2:4])
MONTH, SERIES = '2026-10', 24
COMMON = ['--db', database, '--settings', 'samples/huiyin.ini', '--month', MONTH]
AUDIENCES = ('public', 'committee', 'management')
BY = ('nature', 'channel', 'department', 'category', 'urgency', 'grid', 'asset', 'clerk')
bad, compared = [], {}


def note(kind, count=1):
    compared[kind] = compared.get(kind, 0) + count


def run(*command, **surroundings):
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, **surroundings))
    if done.returncode:
        sys.exit(f'{command}: exit {done.returncode}: {done.stderr[:800]}')
    return done.stdout


def wording():
    words = {}
    for name in sorted(os.listdir('templates/wording')):
        for line in open('templates/wording/' + name, encoding='utf-8'):
            key, gap, value = line.partition(' = ')
            if gap and not line.startswith(('#', ';')):
                words.setdefault(key.strip(), value.strip().strip('"'))  # Chinese comes first
    return words


WORDS = wording()
MARKS = {'NO_DATA': 'mark.none', 'SUPPRESSED': 'mark.hidden', 'NOT_REACHED': 'mark.notreached',
         'NOT_IDENTIFIED': 'mark.unknown', 'SMALL_N': 'mark.few'}


# --- a figure of show as it must stand on paper (WORDING.md 0) ---------------------------------
def rounded(value, places='0.1'):
    return str((Decimal(repr(value)) + Decimal('1e-9')).quantize(Decimal(places), ROUND_HALF_UP))


def hours(value):
    if abs(value) < 2:
        return WORDS['unit.minutes'].replace('{x}', rounded(value * 60, '1'))
    if abs(value) <= 48:
        return WORDS['unit.hours'].replace('{x}', rounded(value))
    return WORDS['unit.days'].replace('{x}', rounded(value / 24))


def printed(row):
    if row is None:
        return None
    if row['answer'] != 'OK':
        return WORDS[MARKS[row['answer']]]
    if row['value'] == '':
        return WORDS['mark.none']
    value, unit = float(row['value']), row['unit']
    if unit == 'share':
        k, n = (int(row[c]) if row[c] else -1 for c in ('numerator', 'denominator'))
        percent = rounded(value * 100) + '%'
        if n == 0:
            return WORDS['mark.none']
        if k < 0 or n < 0:
            return percent
        if n < 5:
            return f'{k:,}/{n:,}'
        return WORDS['about'].replace('{p}', percent) if n < 30 else percent
    if unit == 'hours':
        return hours(value)
    if unit == 'days':
        return WORDS['unit.days'].replace('{x}', f'{int(value):,}' if value == int(value) else rounded(value))
    if unit == 'number':
        if value == math.floor(value):
            return f'{int(value):,}'
        return rounded(value, '0.01' if abs(value) < 10 else '0.1')
    return f'{round(value):,}'


def label(dimension, key):
    if dimension == 'total':
        return key
    if key == '?':
        return WORDS['unknown']
    if dimension in ('nature', 'channel', 'urgency'):
        return WORDS[f'{dimension}.{key}']
    return key


# --- reading the files --------------------------------------------------------------------------
class Page(html.parser.HTMLParser):
    """Rows of every table: list of cell texts; those under <details> apart."""
    def __init__(self, text):
        super().__init__()
        self.rows, self.row, self.cell, self.folded = [], None, None, 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.folded += tag == 'details'
        if tag == 'tr':
            self.row = []
        if tag in ('td', 'th'):
            self.cell = ''

    def handle_endtag(self, tag):
        self.folded -= tag == 'details'
        if tag in ('td', 'th') and self.row is not None:
            self.row.append(flat(self.cell))
            self.cell = None
        if tag == 'tr' and self.row:
            if not self.folded:
                self.rows.append(self.row)
            self.row = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


def flat(text):
    return re.sub(r'\s+', '', text)


NS = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'


def workbook(path):
    """Per sheet (title, rows); a row is {column: text or float}."""
    with zipfile.ZipFile(path) as z:
        strings = []
        if 'xl/sharedStrings.xml' in z.namelist():
            for item in tree.fromstring(z.read('xl/sharedStrings.xml')):
                strings.append(''.join(t.text or '' for t in item.iter(NS + 't')))
        names = [s.get('name') for s in tree.fromstring(z.read('xl/workbook.xml')).iter(NS + 'sheet')]
        for number, name in enumerate(names, 1):
            rows = []
            for row in tree.fromstring(z.read(f'xl/worksheets/sheet{number}.xml')).iter(NS + 'row'):
                cells = {}
                for c in row.iter(NS + 'c'):
                    v, column = c.find(NS + 'v'), re.match('[A-Z]+', c.get('r')).group()
                    if v is not None:
                        cells[column] = strings[int(v.text)] if c.get('t') == 's' else float(v.text)
                if cells:
                    rows.append(cells)
            yield name, rows


def pdf(path):
    """The words in the order drawn, without blanks: a row reads on, whatever lies across it."""
    return flat(run('pdftotext', '-raw', path, '-')) if shutil.which('pdftotext') else None


def show(audience):
    out = run(huiyin, 'show', *COMMON, '--audience', audience, '--months', str(SERIES), '--format', 'csv')
    return list(csv.DictReader(io.StringIO(out)))


# --- 1. every metric, by a report of its own ------------------------------------------------------
def asked(metric, unit):
    return '{' + metric + (' p' if unit == 'share' else '') + '}'


def probe(audience, figures):
    lines = ['---', 'title: 核对', f'file: 核对-{audience}', f'audience: {audience}', 'paper: A4',
             'formats: pdf,xlsx,html', '---', '# 全部', '', '| 指标 | 数 |', '|:--|--:|']
    units = {(r['metric'], r['dimension']): r['unit'] for r in figures.values()}
    for (metric, dimension), unit in sorted(units.items()):
        if dimension == 'total':
            lines.append(f'| {metric} | {asked(metric, unit)} |')
    for dimension in BY:
        metrics = sorted(m for m, d in units if d == dimension)
        for at in range(0, len(metrics), 4):
            part = metrics[at:at + 4]
            lines += ['', f'# {dimension} {at // 4 + 1}', '', '| 组 | ' + ' | '.join(part) + ' |',
                      '|:--|' + '--:|' * len(part),
                      '| {each ' + dimension + '} | ' + ' | '.join(asked(m, units[m, dimension]) for m in part) + ' |']
    return '\n'.join(lines) + '\n'


def same_number(cell, row):
    """A typed cell of a workbook against show's value."""
    wanted = float(row['value'])
    if row['unit'] == 'share' and isinstance(cell, float) and 0 <= int(row['denominator'] or -1) < 5:
        return False  # a share of hardly anything is words
    return isinstance(cell, float) and abs(cell - wanted) <= 1e-9 * max(1, abs(wanted))


def compare(audience, place, metric, dimension, key, row, text, cell):
    what = f'{audience}.{place}: {metric} {dimension} {label(dimension, key)}'
    wanted = flat(printed(row))
    note(audience + ' page')
    if text != wanted:
        bad.append(f'{what}: the page says {text}, show {wanted}')
    if row['answer'] == 'OK' and row['value'] != '' and not (row['unit'] == 'share' and re.match(r'\d+/\d+$|—', wanted)):
        note(audience + ' workbook')
        if not same_number(cell, row):
            bad.append(f'{what}: the workbook has {cell}, show {row["value"]}')
    elif flat(str(cell)) != wanted:
        bad.append(f'{what}: the workbook has {cell}, not {wanted}')


def probe_check(audience, figures, folder):
    path = f'{folder}/{MONTH}/{audience}/核对-{audience}'
    page = Page(open(path + '.html', encoding='utf-8').read()).rows
    sheets = [(n, rows) for n, rows in workbook(path + '.xlsx')]
    paper = pdf(path + '.pdf')
    for row in page if paper is not None else ():
        note(audience + ' rows of the PDF')
        if ''.join(row) not in paper:
            bad.append(f'{audience}: no row of the PDF reads {row}')
    rows_of = lambda start: [r for r in page if r and r[0] == start]
    for (metric, dimension, key), row in figures.items():
        if dimension != 'total':
            continue
        found = [r[1] for r in rows_of(metric) if len(r) == 2]
        cells = [c.get('B') for _, rows in sheets for c in rows if c.get('A') == metric]
        compare(audience, 'all', metric, dimension, key, row, found[0] if found else None,
                cells[0] if cells else None)
    # tables by a dimension: the head row names the metrics
    tables, head = {}, None
    for row in page:
        if row[0] == '组':
            head = row[1:]
        elif head and len(row) == len(head) + 1:
            for metric, value in zip(head, row[1:]):
                tables.setdefault((metric, row[0]), []).append(value)
    typed, head = {}, None
    for name, rows in sheets:
        dimension = name.split(' ')[0]
        for row in rows:
            if row.get('A') == '组':
                head = {c: v for c, v in row.items() if c != 'A'}
            elif head and isinstance(row.get('A'), str):
                for column, metric in head.items():
                    typed.setdefault((metric, dimension, flat(row['A'])), row.get(column))
    for (metric, dimension, key), row in figures.items():
        name = flat(label(dimension, key))
        if dimension not in BY or (metric, dimension, name) not in typed:
            continue
        cell, wanted = typed[metric, dimension, name], flat(printed(row))
        if wanted not in tables.get((metric, name), []):
            bad.append(f'{audience}: {metric} {dimension} {name}: the page says {tables.get((metric, name))}, show {wanted}')
        compare(audience, dimension, metric, dimension, key, row, wanted, cell)


def every_metric():
    templates = work + '/templates'
    shutil.copytree('templates', templates)
    for audience in AUDIENCES:
        shutil.rmtree(templates + '/reports')
        os.mkdir(templates + '/reports')
        figures = {(r['metric'], r['dimension'], r['key']): r for r in SHOWN[audience] if r['month'] == MONTH}
        open(f'{templates}/reports/probe.md', 'w', encoding='utf-8').write(probe(audience, figures))
        run(huiyin, 'render', *COMMON, '--out', work + '/probe', '-q', HUIYIN_TEMPLATES=templates)
        probe_check(audience, figures, work + '/probe')
        metrics = {m for m, d, _ in figures if d == 'total'}
        if len(metrics) < 30:
            bad.append(f'{audience}: only {len(metrics)} metrics were asked for')
        print(f'{audience}: {len(metrics)} metrics and parts of the whole estate')


# --- 2. the editions of the house -------------------------------------------------------------------
# Columns that are no figure of show: limits and curves of charts, rows of the files read.
APART = {'正常水平', '范围下限', '范围上限'}
DAYS = {'收到', '答复期限', '答复日期'}  # of the register of objections


def figure_of(audience, metric):
    for row in SHOWN[audience]:
        if (row['metric'], row['dimension'], row['month'], row['answer']) == (metric, 'total', MONTH, 'OK'):
            return float(row['value'])
    return None


def numbers_of(audience):
    found = set()
    for row in SHOWN[audience]:
        for column in ('value', 'low', 'high', 'numerator', 'denominator', 'n'):
            if row[column]:
                found.add(round(float(row[column]), 6))
    return found


def shown_as(number):
    """Every way a number of a workbook may read on paper."""
    ways = {rounded(number * 100) + '%', hours(number), rounded(number), rounded(number, '0.01')}
    if number == math.floor(number):
        ways |= {f'{int(number):,}', WORDS['unit.days'].replace('{x}', f'{int(number):,}')}
    if number == math.floor(number) and 40000 < number < 60000:
        day = datetime.date(1899, 12, 30) + datetime.timedelta(days=number)
        ways.add(flat(f'{day.month} 月 {day.day} 日'))
    return {flat(w) for w in ways}


def edition(audience, name, folder):
    path = f'{folder}/{MONTH}/{audience}/{name}'
    known = numbers_of(audience)
    page = Page(open(path + '.html', encoding='utf-8').read()).rows
    paper, numbers = pdf(path + '.pdf'), 0
    half = figure_of(audience, 'TTR-02.median')
    for sheet, rows in workbook(path + '.xlsx'):
        head, curve = {}, False
        for row in rows:
            words = {c: v for c, v in row.items() if isinstance(v, str)}
            if len(words) == len(row) and len(row) > 1:
                head, curve = words, False
            if isinstance(row.get('A'), float) and 'A' not in head and head.get('B') == '本月':  # the hours of a curve: half are done at the median
                curve = True
                note('points of a curve')
                if half is not None and isinstance(row.get('B'), float) and (row['B'] >= 0.5) != (row['A'] >= half):
                    bad.append(f'{audience} {name} {sheet}: the curve at {row["A"]} h is {row["B"]}, the median {half}')
            typed = {c: v for c, v in row.items() if isinstance(v, float)}
            for column, value in typed.items():
                if curve or head.get(column) in APART or '数据质量' in sheet or head.get(column) in DAYS or '日期' in head.get(column, ''):
                    continue
                numbers += 1
                if round(value, 6) not in known:
                    bad.append(f'{audience} {name} {sheet} {column} {head.get(column)}: {value} is no figure of show')
            if not typed or 'A' not in words or 'A' not in head or curve:
                continue  # numbers of a chart stand folded away in the page
            same = [r for r in page if r[0] == flat(words['A']) and len(r) > 1]
            if same and not any(all(any(any(w in cell for w in shown_as(v)) for cell in r[1:])
                                    for v in typed.values()) for r in same):
                bad.append(f'{audience} {name} {sheet}: no row of the page reads {words["A"]} {list(typed.values())}')
            note('rows in page and workbook', bool(same))
    for row in page:
        for cell in row:
            if paper is not None and re.search(r'\d', cell) and len(cell) < 20:
                note('cells in page and PDF')
                if cell not in paper:
                    bad.append(f'{audience} {name}: {cell} of the row {row[0]} is not in the PDF')
    note('numbers of the editions', numbers)
    if numbers < 40:
        bad.append(f'{audience} {name}: only {numbers} numbers in the workbook')


SHOWN = {audience: show(audience) for audience in AUDIENCES}
every_metric()
run(huiyin, 'render', *COMMON, '--out', work + '/house', '-q', '--format', 'pdf,xlsx,html')
for audience, names in (('public', ('公示-A4', '月报')), ('committee', ('监督版-内部',)), ('management', ('管理版-内部',))):
    for name in names:
        edition(audience, name, work + '/house')
for b in bad[:int(os.environ.get("SHOW", "60"))]:
    print('FAIL', b)
print(', '.join(f'{n} {k}' for k, n in compared.items()) + f', {len(bad)} differ')
sys.exit(1 if bad else 0)
