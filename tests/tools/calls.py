"""calls.py DB: the calls of a database, one line each, for the cases of tests/cases/ingest."""
import sqlite3, sys

store = sqlite3.connect(sys.argv[1])
code = "(SELECT name FROM code WHERE domain = '{0}' AND id = {0})"
rows = store.execute(f'''SELECT number, versions, datetime(start, 'unixepoch'), answer - start,
  finish - start, wait, talk, duration, billed, {code.format('direction')},
  {code.format('disposition')}, {code.format('answered_by')}, hangup_by, contact IS NOT NULL,
  (SELECT text FROM term WHERE id = queue) FROM call ORDER BY start, number''')
names = ('call', 'legs', 'start', 'answer', 'end', 'wait', 'talk', 'lasted', 'billed', 'way',
         'how', 'who', 'hung up', 'number', 'queue')
for row in rows:
    print('; '.join(f'{name} {value}' for name, value in zip(names, row) if value is not None))
