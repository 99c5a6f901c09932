-- huiyin store, schema version 2. SQLite >= 3.37 (STRICT). Opened and read by core/store*.c alone.
-- Every time is INTEGER seconds since 1970-01-01 00:00:00 of LOCAL civil time (UTC+8, no DST); a day is INTEGER days since 1970-01-01.
-- "code" = small fixed number, named in table `code`. "term" = id in the word dictionary. NULL = not known (never 0, never '').
-- The one rule: CONTENT IS A FUNCTION OF THE SET OF LIVE (file bytes, sheet, row) SIGHTINGS. Rows marked D are derived from that set and are rebuilt by fold().
-- Table classes (see table_class): 0 figures, 1 facts, 2 pseudonyms and case numbers, 3 personal. Public opens 0-1, committee 0-1 (+ its own case alias), management 0-2, ingest all.
PRAGMA application_id = 0x48594E31;   -- 'HYN1'
PRAGMA user_version   = 2;

-- ---------------------------------------------------------------- words and codes
CREATE TABLE code (                   -- class 1. names of all small codes, seeded below; lets SQL and tests read the facts without the program
  domain TEXT    NOT NULL,            -- 'nature', 'status', ...
  id     INTEGER NOT NULL,            -- the number stored in facts
  name   TEXT    NOT NULL,            -- canonical word of value_synonyms.tsv
  PRIMARY KEY (domain, id), UNIQUE (domain, name)) STRICT, WITHOUT ROWID;
CREATE TABLE term (                   -- class 1. open dictionary of non-personal words; ids depend on arrival, so nothing may sort or hash by id
  id     INTEGER PRIMARY KEY,
  domain INTEGER NOT NULL CHECK (domain BETWEEN 1 AND 10), -- 1 category1 2 category2 3 department 4 status as written 5 outcome/closure reason 6 queue 7 line 8 reason code 9 asset kind 10 trail: the departments a ticket went through, with > between (each of them is a term of domain 3 too)
  text   TEXT    NOT NULL CHECK (text <> ''),              -- NFC, trimmed, as first written
  UNIQUE (domain, text)) STRICT;                           -- index: the ingest lookup (cached in memory per file)

-- ---------------------------------------------------------------- places, people (pseudonyms)
CREATE TABLE place (                  -- class 1. everything above the front door; rooms are NOT here
  id     INTEGER PRIMARY KEY,
  parent INTEGER NOT NULL REFERENCES place(id),            -- 0 = root; building and grid hang under community, unit under building, spot under the narrowest known
  level  INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5),   -- 0 root 1 community 2 grid 3 building 4 unit 5 public spot (lobby, garage B1, lamp post, street address)
  name   TEXT    NOT NULL,
  UNIQUE (parent, level, name)) STRICT;
CREATE TABLE asset (                  -- class 1. an asset as a row names it (a dictionary: what the register says of it lies in register_row kind 7, joined when facts are built, so load order cannot matter)
  id    INTEGER PRIMARY KEY,
  place INTEGER NOT NULL REFERENCES place(id),             -- building it is named in, else community, else 0
  code  TEXT NOT NULL,                -- registration number as written, or ''
  name  TEXT NOT NULL,                -- name as written, or ''
  UNIQUE (place, code, name)) STRICT;
-- Callers and front doors are named by the first 63 bits of HMAC-SHA-256(key file, number) and of HMAC(key file, community|building|unit|room): without the
-- key a number without meaning, with no index and no look-up to make one. A door is spelt out in ticket_text alone. To forget a caller or a door is to put
-- another number, made with a key that is thrown away, in its place.
CREATE TABLE staff (                  -- class 2. clerks and craftsmen: needed per head by ANO-03/04 and TRF-06, printed in management reports only
  id   INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE) STRICT;  -- staff number of the source; where it gives a name, a keyed pseudonym: no edition prints a name

-- ---------------------------------------------------------------- sources, files, ledger
CREATE TABLE source (                 -- class 1. a dictionary of (map, number space, kind) that ever loaded something
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL,             -- [map] name
  series   TEXT NOT NULL,             -- number space of ticket numbers; maps with the same series speak of the same tickets
  kind     INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 17), -- 1 ticket 2 history 3 event 4 call 5 patrol 6 measure 7 asset 8 household 9 partial (revisit sheet ...) 10 correction 11 statement 12 hard 13 objection 14 audit 15 answer (待确认) 16 department 17 staff
  UNIQUE (name, series, kind)) STRICT;
CREATE TABLE source_file (            -- class 1. the batch: identity is the bytes, not the name, not the moment
  id      INTEGER PRIMARY KEY,        -- the BATCH of `huiyin undo BATCH`
  sha256  BLOB NOT NULL CHECK (length(sha256) = 32),
  bytes   INTEGER NOT NULL CHECK (bytes >= 0),
  format  TEXT NOT NULL,              -- reader name
  maps    BLOB NOT NULL CHECK (length(maps) = 32),         -- fingerprint of maps + synonyms used; another fingerprint = the file is read anew in place of the old reading
  state   INTEGER NOT NULL DEFAULT 1 CHECK (state IN (0,1)), -- 1 live 0 undone (its rows are gone, the ledger line stays as a log)
  order_no INTEGER NOT NULL,          -- 1, 2, 3 ... of loading; a log, no content depends on it
  rows      INTEGER NOT NULL CHECK (rows >= 0),            -- ledger: data rows the reader gave (header and title lines are not rows)
  loaded    INTEGER NOT NULL CHECK (loaded >= 0),          --   made a new entity
  updated   INTEGER NOT NULL CHECK (updated >= 0),         --   gave a known entity another version
  duplicate INTEGER NOT NULL CHECK (duplicate >= 0),       --   equal to a version already held
  rejected  INTEGER NOT NULL CHECK (rejected >= 0),        --   kept in `reject`
  skipped   INTEGER NOT NULL CHECK (skipped >= 0),         --   repeated header, totals, [skip] of the map, another estate (wholly blank rows are no rows)
  CHECK (rows = loaded + updated + duplicate + rejected + skipped)) STRICT;
CREATE UNIQUE INDEX source_file_live ON source_file (sha256) WHERE state = 1;  -- the same bytes are live at most once: re-import is a no-op
CREATE TABLE source_name (            -- class 2. names the same bytes came under (a name may hold a person)
  file INTEGER NOT NULL REFERENCES source_file(id) ON DELETE CASCADE,
  name TEXT NOT NULL,                 -- base name only
  PRIMARY KEY (file, name)) STRICT, WITHOUT ROWID;
CREATE TABLE part (                   -- class 1. one sheet (or archive member) of a file read by one map
  id      INTEGER PRIMARY KEY,
  file    INTEGER NOT NULL REFERENCES source_file(id) ON DELETE CASCADE,
  member  TEXT NOT NULL DEFAULT '',   -- path inside an archive, or ''
  sheet   TEXT NOT NULL DEFAULT '',   -- sheet name, or ''
  source  INTEGER NOT NULL REFERENCES source(id),
  priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 99), -- of the map at this reading; wins ties of as_of inside a series
  fields  INTEGER NOT NULL,           -- bit i = the file has a column for field i (0..62 of the field table): absent column is not an empty cell
  as_of   INTEGER,                    -- second the rows speak of; see as_of_basis. NULL while loading, and where the part holds no time at all
  as_of_basis INTEGER NOT NULL CHECK (as_of_basis BETWEEN 1 AND 3), -- 1 said by the clerk (--as-of) 2 written in the file (title cell, property) 3 latest event time in the part. Never the file's name or date: the same bytes must mean the same
  covers_from INTEGER, covers_to INTEGER,                  -- first and last `received_at` of the part: what an absent ticket is judged against (ANO-07)
  rows INTEGER NOT NULL DEFAULT 0, loaded INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0,
  duplicate INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0,   -- ledger of the sheet
  CHECK (rows = loaded + updated + duplicate + rejected + skipped),
  UNIQUE (file, member, sheet, source)) STRICT;
CREATE TABLE reject (                 -- class 3. raw text of rows that could not be used
  part   INTEGER NOT NULL REFERENCES part(id) ON DELETE CASCADE,
  row_no INTEGER NOT NULL CHECK (row_no > 0),              -- physical row in the sheet (1-based)
  reason INTEGER NOT NULL,            -- code domain reject
  field  TEXT,                        -- canonical field at fault
  raw    BLOB NOT NULL,               -- the row as JSON array of cell texts, cut at 64 KiB, sealed with the key file; empty = forgotten
  PRIMARY KEY (part, row_no)) STRICT, WITHOUT ROWID;
CREATE TABLE reject_number (          -- class 1. what a rejected row is called when it is handed out to be mended
  part   INTEGER NOT NULL REFERENCES part(id) ON DELETE CASCADE,
  row_no INTEGER NOT NULL,
  number TEXT NOT NULL,               -- from the file's bytes, member, sheet, map and row: the same row of the same file is always called so
  PRIMARY KEY (part, row_no)) STRICT, WITHOUT ROWID;
CREATE TABLE reject_title (           -- class 3. the titles over the rejected rows of a part
  part   INTEGER PRIMARY KEY REFERENCES part(id) ON DELETE CASCADE,
  titles TEXT NOT NULL) STRICT;       -- JSON array
CREATE TABLE reject_fixed (           -- class 1. rows that came back mended: the reject of that number counts no more, as long as this part lives
  number TEXT NOT NULL,
  part   INTEGER NOT NULL REFERENCES part(id) ON DELETE CASCADE,
  row_no INTEGER NOT NULL,
  PRIMARY KEY (number, part, row_no)) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- tickets (the hot path: two narrow inserts a ticket, no secondary index, no REFERENCES; measured below)
CREATE TABLE number_form (            -- class 2. shape of ticket numbers: series + prefix + how many digits. ticket.id = form << 47 | digits, so most numbers need no index at all
  id     INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
  series TEXT NOT NULL,               -- source.series
  prefix TEXT NOT NULL,               -- folded (NFKC, trimmed, upper), may be empty
  digits INTEGER NOT NULL CHECK (digits BETWEEN 1 AND 14), -- 14 digits < 2^47; leading zeros belong to the form
  UNIQUE (series, prefix, digits)) STRICT;
CREATE TABLE ticket_key (             -- class 2. all other numbers (letters at the end, over 14 digits) and natural keys
  id     INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 140737488355327), -- below 2^47: cannot meet a packed id
  series TEXT NOT NULL,
  number TEXT NOT NULL CHECK (number <> ''),               -- '~' + 26 base32 characters of SHA-256 for a natural key
  UNIQUE (series, number)) STRICT;    -- index: identity
CREATE TABLE ticket (                 -- class 1. facts of one ticket: plain integer columns that any SQL tool can read. D when versions > 1, else the one row itself
  id INTEGER PRIMARY KEY,             -- packed number, or ticket_key.id. Never leaves the facts loader (its low bits are the number's digits)
  part INTEGER, row_no INTEGER,       -- part.id and physical row of the winning row's first sighting; NULL = only events or references know this number
  versions INTEGER NOT NULL,          -- distinct live rows (> 1: all of them lie in `contribution`)
  row_hash INTEGER,                   -- of the winning row's canonical fields: unchanged rows are skipped by it
  raw_hash INTEGER, latest INTEGER,   -- where versions = 1 and nothing in the row was to be told: keyed hash of its bytes and of their reading, so that the same bytes are not read again; its latest event time (s)
  fields INTEGER NOT NULL,            -- bit i = some live row of the ticket says something about field group i (record.c)
  received_at INTEGER,                -- s, first contact = clock start; NULL = known from partial sheets only: in no metric, listed
  recorded_at INTEGER,                -- s, registered by the centre
  responded_at INTEGER,               -- s, first human contact
  dispatched_at INTEGER, accepted_at INTEGER, arrived_at INTEGER, -- s, first dispatch; taken by the department or craftsman; on site
  due_at INTEGER,                     -- s, deadline the source states now (computed deadlines are not stored: they depend on settings)
  first_completed_at INTEGER, reopened_at INTEGER, completed_at INTEGER, -- s, first completion if kept apart; latest reopening; latest completion stated
  closed_at INTEGER, revisited_at INTEGER, appointed_at INTEGER,  -- s, administrative close; latest revisit; agreed start
  paused_at INTEGER, resumed_at INTEGER, occurred_at INTEGER,     -- s, latest pause and its end; when the fault happened
  updated_at INTEGER, voided_at INTEGER,                          -- s, the source's own row-version time; withdrawn, void, false alarm
  date_only INTEGER NOT NULL,         -- bit i: i-th time column above has no time of day
  nature INTEGER, channel INTEGER, status INTEGER, urgency INTEGER, -- codes (status never decides "open at C": times do)
  flags INTEGER NOT NULL,             -- pairs (known, yes): bit 0 public area, 2 anonymous, 4 resolved says resident, 6 overdue says source, 8 duplicate says source, 10 default rating
  category1 INTEGER, category2 INTEGER, outcome INTEGER, department INTEGER, -- term.id (department = responsible now)
  place INTEGER, grid INTEGER, room INTEGER, asset INTEGER, contact INTEGER, -- place.id of the narrowest public place; of a named grid; room: pseudonym of the front door (the household), contact: pseudonym of the caller or account, numbers without meaning here; asset.id
  recorder INTEGER, handler INTEGER, visitor INTEGER, -- staff.id: took it in, did it, revisited
  revisit_outcome INTEGER,            -- code
  rating_resident INTEGER, rating_staff INTEGER, -- scale << 4 | score (scale 2 3 5 10): the resident's own rating and one noted by a clerk are two facts and never overwrite each other
  due_first INTEGER, nature_first INTEGER, urgency_first INTEGER, department_first INTEGER, -- what was first stated, where it was moved later. D
  way INTEGER) STRICT;                -- term.id (domain 10) of the way through the departments; facts make the transfers of it
-- Measured (insert thread only, journal off, against `sqlite3 .import` of the same rows): these plain columns with the packed key and no CHECK or REFERENCES on this one hot table 1.7x; one packed facts BLOB 2.4-2.6x;
-- the same columns with CHECKs, foreign keys and a key index 0.8x. Plain columns were chosen: a store everybody can read is worth more than the rest of the speed. Ranges are checked by the loader and by `huiyin check`.
CREATE TABLE ticket_stated (          -- class 1. what the vendor's export claims about itself; only where the source has such columns
  id INTEGER PRIMARY KEY REFERENCES ticket(id),
  transfers INTEGER, returns INTEGER, reopens INTEGER, redispatches INTEGER, urges INTEGER, extensions INTEGER, -- counts
  duration INTEGER,                   -- seconds
  modified INTEGER,                   -- row-version number of the source
  rating_speed INTEGER, rating_attitude INTEGER, rating_quality INTEGER) STRICT; -- sub-scores on rating_scale
CREATE TABLE ticket_text (            -- class 3. masked free text; only where there is any
  id INTEGER PRIMARY KEY,             -- = ticket.id (hot: no REFERENCES, `check` compares)
  subject TEXT, content TEXT, result TEXT, revisit TEXT, remark TEXT, address TEXT,
  trail TEXT,                         -- only where the term of ticket.way is not spelt so
  door TEXT) STRICT;                  -- normalised number of the front door, e.g. 1503, in the building or unit of ticket.place
CREATE TABLE ticket_ref (             -- class 2. "merged into 123": kept as written, resolved when facts are built, so load order cannot matter
  ticket INTEGER NOT NULL REFERENCES ticket(id),
  kind   INTEGER NOT NULL CHECK (kind IN (1,2,3)),         -- 1 merged into 2 reopens 3 related
  number TEXT NOT NULL,
  PRIMARY KEY (ticket, kind, number)) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- versions, sightings, evidence
CREATE TABLE contribution (           -- class 3. all live rows of a ticket that has more than one (else the ticket row is the row), and of every call and register row
  kind   INTEGER NOT NULL CHECK (kind IN (1,3,4,5,6,7)),  -- 1 ticket 3 event 4 call 5 patrol 6 measure 7 register row
  entity INTEGER NOT NULL,
  row_hash INTEGER NOT NULL,
  body   TEXT NOT NULL,               -- canonical JSON {field: text}, only fields the row speaks of, keys sorted; times as seconds, with a 'd' behind when there is no time of day
  PRIMARY KEY (kind, entity, row_hash)) STRICT, WITHOUT ROWID;
CREATE TABLE sighting (               -- class 1. every place where a row was seen (for a ticket with one version: every further one): keeps it alive when one batch is undone; shows who vanished
  kind INTEGER NOT NULL, entity INTEGER NOT NULL, row_hash INTEGER NOT NULL,
  part INTEGER NOT NULL REFERENCES part(id), row_no INTEGER NOT NULL,
  PRIMARY KEY (kind, entity, row_hash, part, row_no)) STRICT, WITHOUT ROWID;
-- no index on part: undo is rare and scans (0.1 s per million)
CREATE TABLE ticket_history (         -- class 1. D. late-edit evidence: a watched fact that differs between consecutive versions OF ONE SOURCE (between sources it is a disagreement, listed by a pass)
  ticket  INTEGER NOT NULL REFERENCES ticket(id),
  seq     INTEGER NOT NULL,           -- order of versions
  field   INTEGER NOT NULL CHECK (field BETWEEN 0 AND 62), -- field group (record.c)
  old     INTEGER, new INTEGER,       -- seconds, code or term id
  old_as_of INTEGER NOT NULL, new_as_of INTEGER NOT NULL,  -- seconds: the edit happened between the two
  part    INTEGER NOT NULL REFERENCES part(id),            -- first file (by as_of, sha256) that showed the new value
  PRIMARY KEY (ticket, seq, field)) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- what happened (only what the ticket row cannot hold: repeated or moved things)
CREATE TABLE event (                  -- class 1
  id       INTEGER PRIMARY KEY,
  ticket   INTEGER NOT NULL REFERENCES ticket(id),
  kind     INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 20), -- code event
  at       INTEGER,                   -- seconds; NULL = order known, time not (a trail in one cell)
  seq      INTEGER NOT NULL DEFAULT 0,-- order within the ticket among equal or missing times
  date_only INTEGER NOT NULL DEFAULT 0 CHECK (date_only IN (0,1)),
  from_department INTEGER REFERENCES term(id), to_department INTEGER REFERENCES term(id),
  staff    INTEGER,                   -- staff.id
  reason   INTEGER REFERENCES term(id),                    -- of a pause, return, extension
  old INTEGER, new INTEGER,           -- deadline moved: seconds; rating: score; nature/urgency changed: code; promise: date
  origin   INTEGER NOT NULL CHECK (origin IN (1,3)),       -- 1 own row in a file 3 D: difference of two rows of a history source (what a cell of the ticket row tells is ticket.way)
  part INTEGER REFERENCES part(id), row_no INTEGER, row_hash INTEGER,   -- provenance when origin = 1 (further sightings in `sighting`, kind 3)
  key_hash INTEGER,                   -- 64 bits of the declared natural key (default ticket, kind, at, from, to); same key in two files = one event, later as_of wins
  CHECK ((origin = 1) = (part IS NOT NULL))) STRICT;
CREATE INDEX event_ticket ON event (ticket);               -- rebuilding one ticket's derived events; identity lookup of own rows goes through it too
-- ---------------------------------------------------------------- calls
CREATE TABLE call (                   -- class 1. D: one call = fold of its legs (in `contribution` kind 4)
  id       INTEGER PRIMARY KEY,
  source   INTEGER NOT NULL REFERENCES source(id),
  number   TEXT NOT NULL,             -- linkedid, else uniqueid, else '~' natural key (start, caller, called, duration)
  part INTEGER NOT NULL REFERENCES part(id), row_no INTEGER NOT NULL, row_hash INTEGER NOT NULL, versions INTEGER NOT NULL DEFAULT 1, -- as in ticket; versions = legs
  start    INTEGER NOT NULL,          -- seconds, first leg
  answer   INTEGER,                   -- seconds, first HUMAN answer
  finish   INTEGER,                   -- seconds, last leg
  queued   INTEGER,                   -- seconds, reached the queue or line (after the menu)
  wait     INTEGER CHECK (wait >= 0), -- seconds from queued (else start) to answer or hang-up
  talk     INTEGER CHECK (talk >= 0), -- seconds with a human
  duration INTEGER CHECK (duration >= 0), billed INTEGER CHECK (billed >= 0), -- seconds as the exchange says
  direction   INTEGER NOT NULL CHECK (direction BETWEEN 1 AND 4),   -- code: in out internal unknown
  disposition INTEGER NOT NULL CHECK (disposition BETWEEN 1 AND 6), -- code: answered no_answer abandoned busy failed other
  answered_by INTEGER NOT NULL CHECK (answered_by BETWEEN 0 AND 4), -- code: nobody human ivr voicemail unknown
  hangup_by   INTEGER CHECK (hangup_by IN (1,2)),          -- 1 caller 2 centre
  contact  INTEGER,                   -- outside party, pseudonym as in ticket.contact
  agent    INTEGER,                   -- staff.id
  queue INTEGER REFERENCES term(id), line INTEGER REFERENCES term(id),
  UNIQUE (source, number)) STRICT;    -- index: identity
-- ---------------------------------------------------------------- links
CREATE TABLE link (                   -- class 2. D for auto; case over channels, call to ticket
  kind   INTEGER NOT NULL CHECK (kind IN (1,2,3)),         -- 1 ticket-ticket same case 2 call-ticket 3 patrol-ticket
  a      INTEGER NOT NULL, b INTEGER NOT NULL,             -- kind 1: a = the earliest ticket of the case; else call/patrol id, ticket id
  rule   INTEGER NOT NULL,            -- code link_rule: which rule said so
  score  INTEGER NOT NULL CHECK (score BETWEEN 0 AND 1000),-- similarity in thousandths
  PRIMARY KEY (kind, a, b)) STRICT, WITHOUT ROWID;
CREATE TABLE link_said (              -- class 2. a person's yes or no; overrides rules; by number so that it outlives undo
  series_a TEXT NOT NULL, number_a TEXT NOT NULL, series_b TEXT NOT NULL, number_b TEXT NOT NULL,
  same INTEGER NOT NULL CHECK (same IN (0,1)),
  PRIMARY KEY (series_a, number_a, series_b, number_b)) STRICT, WITHOUT ROWID;
CREATE TABLE forgotten (              -- class 1. days of `huiyin forget`: what is older has lost texts, callers and doors, also when it comes later
  before INTEGER PRIMARY KEY) STRICT; -- s, a midnight
CREATE TABLE question_word (          -- class 3. words of closed vocabularies that a reading did not understand (a wrong column may hold anything); asked in 待确认
  file INTEGER NOT NULL REFERENCES source_file(id),        -- of live files only they are asked
  field TEXT NOT NULL, word TEXT NOT NULL, rows INTEGER NOT NULL CHECK (rows > 0),
  PRIMARY KEY (file, field, word)) STRICT, WITHOUT ROWID;
-- ---------------------------------------------------------------- patrols, measures
CREATE TABLE patrol (                 -- class 1. planned rounds and what they found
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source(id), number TEXT NOT NULL,
  part INTEGER NOT NULL REFERENCES part(id), row_no INTEGER NOT NULL, row_hash INTEGER NOT NULL, versions INTEGER NOT NULL DEFAULT 1,
  place INTEGER REFERENCES place(id), asset INTEGER REFERENCES asset(id),
  planned_from INTEGER, planned_to INTEGER, done INTEGER,  -- seconds
  state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),    -- code: on_time early late missed unknown
  finding INTEGER NOT NULL CHECK (finding IN (0,1)),       -- 1 = found something
  category1 INTEGER REFERENCES term(id), category2 INTEGER REFERENCES term(id),
  ticket_number TEXT,                 -- ticket raised from it, as written
  staff INTEGER, UNIQUE (source, number)) STRICT;
CREATE TABLE measure (                -- class 1. preventive measures
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source(id), number TEXT NOT NULL,
  part INTEGER NOT NULL REFERENCES part(id), row_no INTEGER NOT NULL, row_hash INTEGER NOT NULL, versions INTEGER NOT NULL DEFAULT 1,
  title TEXT NOT NULL,                -- written to be published
  category1 INTEGER REFERENCES term(id), category2 INTEGER REFERENCES term(id),   -- problem it is aimed at
  place INTEGER REFERENCES place(id), asset INTEGER REFERENCES asset(id),         -- area it covers
  department INTEGER REFERENCES term(id), staff INTEGER,
  opened INTEGER NOT NULL, due INTEGER, started INTEGER, done INTEGER, checked INTEGER, -- days; checked = effect looked at
  UNIQUE (source, number)) STRICT;
CREATE TABLE register_row (           -- class 2. D: rows of the registers people write (WORDING.md section 7), of lifts, of households and of event logs (kind 3: their ticket is found by number when facts are built, so load order cannot matter); columns by kind in `body`
  id INTEGER PRIMARY KEY, kind INTEGER NOT NULL CHECK (kind IN (3,5,6,7,8) OR kind BETWEEN 10 AND 17), source INTEGER NOT NULL REFERENCES source(id), number TEXT NOT NULL,
  part INTEGER NOT NULL REFERENCES part(id), row_no INTEGER NOT NULL, row_hash INTEGER NOT NULL, versions INTEGER NOT NULL DEFAULT 1,
  body TEXT NOT NULL,                 -- canonical JSON {field: text}, keys sorted
  UNIQUE (source, number)) STRICT;
-- ---------------------------------------------------------------- calendar
CREATE TABLE calendar_day (           -- class 0. exceptions only; plain weekdays and weekends follow the settings
  day  INTEGER PRIMARY KEY,           -- days
  off  INTEGER NOT NULL CHECK (off IN (0,1)),              -- 1 rest day 0 make-up working day
  name TEXT NOT NULL) STRICT;
CREATE TABLE calendar_year (          -- class 0. coverage: a deadline in a year without a row is marked, not guessed
  year INTEGER PRIMARY KEY, notice TEXT NOT NULL, sha256 BLOB NOT NULL) STRICT;
-- ---------------------------------------------------------------- figures and publications
CREATE TABLE snapshot (               -- class 0. one computed month
  id      INTEGER PRIMARY KEY,
  month   INTEGER NOT NULL,           -- yyyymm
  cutoff  INTEGER NOT NULL,           -- seconds; everything at or after it was blanked
  content BLOB NOT NULL CHECK (length(content) = 32),      -- content hash of the store
  settings BLOB NOT NULL CHECK (length(settings) = 32), calendar BLOB NOT NULL CHECK (length(calendar) = 32),
  program TEXT NOT NULL, dictionary TEXT NOT NULL,         -- versions
  UNIQUE (month, cutoff, content, settings, calendar, program)) STRICT;
CREATE TABLE figure (                 -- class 0. exact values; what was SHOWN is `shown`
  snapshot INTEGER NOT NULL REFERENCES snapshot(id) ON DELETE CASCADE,
  metric TEXT NOT NULL, dimension TEXT NOT NULL, key TEXT NOT NULL, -- 'SLA-01','department','工程部'; total = 'total','-'; key '?' = not filled in
  unit INTEGER NOT NULL, answer INTEGER NOT NULL,          -- codes
  value REAL, low REAL, high REAL,    -- NULL unless answer OK
  numerator INTEGER, denominator INTEGER, n INTEGER NOT NULL CHECK (n >= 0),
  PRIMARY KEY (snapshot, metric, dimension, key)) STRICT, WITHOUT ROWID;
CREATE TABLE snapshot_case (          -- class 2. lists that next month must answer for: hard cases, unsatisfied, items to check
  snapshot INTEGER NOT NULL REFERENCES snapshot(id) ON DELETE CASCADE,
  list INTEGER NOT NULL,              -- code: hard, unsatisfied, overdue, check
  series TEXT NOT NULL, number TEXT NOT NULL,              -- by number: survives undo and reload
  reason TEXT NOT NULL DEFAULT '',    -- reason codes
  promised INTEGER,                   -- day promised
  PRIMARY KEY (snapshot, list, series, number)) STRICT, WITHOUT ROWID;
CREATE TABLE publication (            -- class 0. one frozen edition of one month: the manifest
  id INTEGER PRIMARY KEY, snapshot INTEGER NOT NULL REFERENCES snapshot(id),
  audience INTEGER NOT NULL CHECK (audience IN (1,2,3)),   -- 1 public 2 committee 3 management
  revision INTEGER NOT NULL CHECK (revision >= 0),         -- 0 first issue, 1 .. corrections
  manifest BLOB NOT NULL CHECK (length(manifest) = 32), previous BLOB CHECK (length(previous) = 32), -- chain
  signature BLOB, reason TEXT NOT NULL DEFAULT '',         -- reason code L C D M E of a revision
  UNIQUE (snapshot, audience, revision)) STRICT;
CREATE TABLE publication_file (       -- class 0. outputs
  publication INTEGER NOT NULL REFERENCES publication(id), name TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  PRIMARY KEY (publication, name)) STRICT, WITHOUT ROWID;
CREATE TABLE publication_input (      -- class 0. inputs it rests on (copied: an undone batch must stay named)
  publication INTEGER NOT NULL REFERENCES publication(id), sha256 BLOB NOT NULL, bytes INTEGER NOT NULL, rows INTEGER NOT NULL, rejected INTEGER NOT NULL,
  PRIMARY KEY (publication, sha256)) STRICT, WITHOUT ROWID;
CREATE TABLE shown (                  -- class 0. what readers were shown; disclosure control of later months reads it
  publication INTEGER NOT NULL REFERENCES publication(id), metric TEXT NOT NULL, dimension TEXT NOT NULL, key TEXT NOT NULL,
  mark INTEGER NOT NULL CHECK (mark IN (0,1,2)), value REAL, numerator INTEGER, denominator INTEGER,  -- 0 shown 1 hidden (primary) 2 hidden (complementary)
  PRIMARY KEY (publication, metric, dimension, key)) STRICT, WITHOUT ROWID;
-- ---------------------------------------------------------------- privacy classes (a test compares this list with sqlite_schema)
CREATE TABLE table_class (name TEXT PRIMARY KEY, class INTEGER NOT NULL CHECK (class BETWEEN 0 AND 3)) STRICT, WITHOUT ROWID;
INSERT INTO table_class VALUES
 ('calendar_day',0),('calendar_year',0),('snapshot',0),('figure',0),('publication',0),('publication_file',0),('publication_input',0),('shown',0),('table_class',0),
 ('code',1),('forgotten',1),('reject_number',1),('reject_fixed',1),('term',1),('place',1),('asset',1),('source',1),('source_file',1),('part',1),('ticket',1),('ticket_stated',1),('sighting',1),
 ('ticket_history',1),('event',1),('call',1),('patrol',1),('measure',1),
 ('register_row',2),('number_form',2),('staff',2),('source_name',2),('ticket_key',2),('ticket_ref',2),('link',2),('link_said',2),('snapshot_case',2),
 ('reject',3),('reject_title',3),('ticket_text',3),('contribution',3),('question_word',3);
INSERT INTO place VALUES (0,0,0,'');
INSERT INTO code VALUES
 ('nature',1,'repair'),('nature',2,'complaint'),('nature',3,'suggestion'),('nature',4,'enquiry'),('nature',5,'help'),('nature',6,'praise'),('nature',7,'patrol'),('nature',8,'other'),
 ('channel',1,'phone'),('channel',2,'wechat'),('channel',3,'app'),('channel',4,'walkin'),('channel',5,'patrol'),('channel',6,'gov'),('channel',7,'committee'),('channel',8,'iot'),('channel',9,'web'),('channel',10,'other'),
 ('status',1,'new'),('status',2,'dispatched'),('status',3,'in_progress'),('status',4,'suspended'),('status',5,'returned'),('status',6,'transferred'),('status',7,'reopened'),('status',8,'await_feedback'),
 ('status',9,'closed'),('status',10,'closed_unresolved'),('status',11,'void'),('status',12,'duplicate'),
 ('urgency',1,'P1'),('urgency',2,'P2'),('urgency',3,'P3'),('urgency',4,'P4'),
 ('revisit_outcome',1,'reached'),('revisit_outcome',2,'not_reached'),('revisit_outcome',3,'refused'),('revisit_outcome',4,'pending'),('revisit_outcome',5,'exempt'),
 ('direction',1,'in'),('direction',2,'out'),('direction',3,'internal'),('direction',4,'unknown'),
 ('disposition',1,'answered'),('disposition',2,'no_answer'),('disposition',3,'abandoned'),('disposition',4,'busy'),('disposition',5,'failed'),('disposition',6,'other'),
 ('answered_by',0,'nobody'),('answered_by',1,'human'),('answered_by',2,'ivr'),('answered_by',3,'voicemail'),('answered_by',4,'unknown'),
 ('event',1,'receive'),('event',2,'dispatch'),('event',3,'take'),('event',4,'respond'),('event',5,'arrive'),('event',6,'transfer'),('event',7,'return'),('event',8,'pause'),('event',9,'resume'),
 ('event',10,'complete'),('event',11,'reopen'),('event',12,'close'),('event',13,'revisit'),('event',14,'rate'),('event',15,'deadline_moved'),('event',16,'urge'),('event',17,'promise'),('event',18,'void'),('event',19,'merge'),('event',20,'reclassify'),
 ('reject',1,'no_number'),('reject',2,'no_received'),('reject',3,'bad_time'),('reject',4,'bad_value'),('reject',5,'too_long'),('reject',6,'bad_encoding'),('reject',7,'column_count'),('reject',8,'no_start');
