/*
 * store.h - one SQLite file holds everything; only core/store*.c know SQL.
 *
 * The database is a function of the set of (file bytes, sheet, row) sightings
 * in it, never of the order in which they came (DESIGN.md rule 3, schema.sql).
 * One file is one transaction: store_file_begin .. store_file_end; anything
 * else rolls back.  A store opened for a public or committee report carries an
 * authorizer that refuses the personal tables.
 */
#ifndef HY_STORE_H
#define HY_STORE_H

#include "core/arena.h"
#include "core/facts.h"
#include "core/hash.h"
#include "core/record.h"

struct store;

enum store_mode {
    STORE_CREATE,
    STORE_WRITE,
    STORE_READ,
    STORE_READ_AGAIN,
    STORE_FACTS /* READ for store_facts() */
};

/* HY_NOINPUT: not there (WRITE, READ); HY_DAMAGED: not ours, damaged, newer;
 * HY_BUSY; HY_CREATE.  quick_check runs at open; a large file opened for FACTS is
 * looked through while store_facts() reads it, which then fails where it is damaged;
 * READ_AGAIN is READ of a file this run has looked through already.  The key file lies
 * beside the database (path with .db replaced by .key) and is made by CREATE and WRITE;
 * but HY_NOINPUT when it is gone from a database that already rests on it (a new one
 * would make every caller somebody else). */
enum status store_open(struct store **out, const char *path, enum store_mode mode,
                       struct error *err);
void store_close(struct store *store); /* NULL is allowed */
/* NULL when STORE_READ found no key file: figures need none. */
const struct key *store_key(const struct store *store);
/* From here on the connection reads only tables of class <= level (schema.sql)
 * and writes nothing.  Reports use 2: store_facts() needs no more, rooms, callers,
 * free text, rejects and rows as written stay shut. */
enum status store_restrict(struct store *store, int level, struct error *err);

/* --- loading -------------------------------------------------------------- */
struct hash_beside;
struct store_file { /* what identifies a batch */
    unsigned char sha256[32];
    /* Not NULL: sha256 is still being made.  It is waited for where something rests on
     * it, at the latest in store_file_end(). */
    struct hash_beside *later;
    uint64_t bytes;
    const char *name;       /* base name */
    const char *format;     /* reader name */
    unsigned char maps[32]; /* fingerprint of maps, synonyms and --as-of */
};
struct store_part {
    const char *member, *sheet;
    const char *source, *series; /* map name, number space */
    enum record_kind kind;
    int priority;
    uint64_t fields; /* bit per field group the part has */
};
enum as_of_basis { AS_OF_SAID = 1, AS_OF_WRITTEN, AS_OF_HORIZON };
enum outcome {
    OUTCOME_LOADED,
    OUTCOME_UPDATED,
    OUTCOME_DUPLICATE,
    OUTCOME_REJECTED,
    OUTCOME_SKIPPED
};
struct counts {
    int64_t rows, loaded, updated, duplicate, rejected, skipped;
};

/* HY_END: exactly these bytes under this fingerprint are live already (then
 * *known has their ledger, duplicate = all the rows that were loaded, updated
 * or duplicate there; nothing is begun).  Another fingerprint: the old reading
 * is taken away first, inside the same transaction. */
enum status store_file_begin(struct store *store, const struct store_file *file,
                             int64_t *batch, struct counts *known, struct error *err);
enum status store_part_begin(struct store *store, const struct store_part *part,
                             struct error *err);
/* What of store_put() needs no database, for another thread: canonical values, hash,
 * pseudonyms.  memory must live until the row is put. */
void store_settle(const struct store *store, enum record_kind kind,
                  struct record *record, struct arena *memory);
/* The hot path.  Must-haves are checked by the caller. */
enum status store_put(struct store *store, const struct record *record,
                      enum outcome *outcome, struct error *err);
/* The same, together with the rows that come after: the record (settled) must live
 * until store_flush() or store_part_end(). */
enum status store_queue(struct store *store, const struct record *record,
                        struct error *err);
enum status store_flush(struct store *store, struct error *err);
/* Tickets by the bytes of their row (record.raw_hash), for another thread to ask while
 * rows are put; NULL where the rows put so far were mostly new. */
struct known_tickets;
struct known_ticket {
    int64_t id, hash, raw;
    uint32_t received, latest; /* seconds; UINT32_MAX = none */
};
enum status store_known(struct store *store, struct known_tickets **out,
                        struct error *err);
/* By one thread at a time. */
const struct known_ticket *known_find(struct known_tickets *known, int64_t raw);
enum status store_put_known(struct store *store, const struct known_ticket *ticket,
                            uint64_t row_no, struct error *err);
enum status store_reject(struct store *store, uint64_t row_no,
                         enum reject_reason reason, const char *field, struct text raw,
                         struct error *err);
/* The titles over the rows of the open part, as JSON array; once, if any was rejected.
 */
enum status store_reject_titles(struct store *store, struct text titles,
                                struct error *err);
/* This row of the open part is the mended one of a reject of that number: the reject
 * counts no more as long as the part lives. */
enum status store_reject_mended(struct store *store, uint64_t row_no,
                                struct text number, struct error *err);
void store_skip(struct store *store); /* counts one row */
/* as_of HY_NEVER with AS_OF_HORIZON: the store takes the latest event time. */
enum status store_part_end(struct store *store, enum as_of_basis basis, int64_t as_of,
                           struct counts *counts, struct error *err);
/* dry: everything is done and then rolled back. */
enum status store_file_end(struct store *store, bool dry, struct counts *counts,
                           struct error *err);
void store_file_abort(struct store *store);

enum status store_undo(struct store *store, int64_t batch, struct error *err);

/* --- looking -------------------------------------------------------------- */
struct batch_line {
    int64_t batch;
    const char *name, *format;
    char sha256[65];
    bool live;
    struct counts counts;
};
enum status store_batches(struct store *store, struct arena *memory,
                          const struct batch_line **lines, size_t *count,
                          struct error *err);
struct reject_line {
    int64_t batch;
    const char *file, *sheet;
    uint64_t row_no;
    enum reject_reason reason;
    const char *field;  /* or NULL */
    const char *number; /* what it is called when handed out */
    const char *map;    /* of its part */
    int64_t part;       /* equal = of one sheet */
    size_t title_count, cell_count;
    const struct text *titles;
    const struct text *cells; /* unsealed, management only; none = forgotten */
    bool cut;                 /* the row was longer than what was kept of it */
};
/* Those not mended yet. */
enum status store_rejects(struct store *store, struct arena *memory,
                          const struct reject_line **lines, size_t *count,
                          struct error *err);
/* SHA-256 of the canonical logical dump: no ids, words spelt out, no log of
 * arrival.  Equal sets of files give equal hashes. */
enum status store_content(struct store *store, unsigned char out[32],
                          struct error *err);

/* --- publications: what readers were shown, kept for ever ------------------ */
enum { EDITIONS = 3 }; /* by enum audience: public, committee, management */
struct shown_row {     /* names as in `show`; sorted by them */
    const char *metric, *dimension, *key;
    int mark, answer, unit;  /* mark 0 shown, 1 hidden; codes of the last two */
    double value, low, high; /* NaN = none */
    int64_t numerator, denominator, n; /* -1 = none */
};
struct shown_file {   /* one output or one input */
    const char *name; /* of an output */
    int64_t bytes, rows, rejected;
    unsigned char sha256[32];
};
struct edition {
    unsigned char manifest[32], signature[64];
    size_t shown_count, file_count;
    const struct shown_row *shown;
    const struct shown_file *files;
};
struct publication {
    int32_t month; /* year * 12 + month - 1 */
    int64_t cutoff;
    unsigned char content[32], settings[32], calendar[32];
    const char *program, *dictionary;
    int revision;
    const char *reason;         /* "" or one of L C D M E */
    bool follows;               /* previous is given */
    unsigned char previous[32]; /* manifest of the public edition before */
    size_t figure_count, input_count;
    const struct shown_row *figures; /* exact, before disclosure */
    const struct shown_file *inputs;
    struct edition editions[EDITIONS];
};
/* Cells that readers of one audience once found hidden: they stay hidden. */
struct hidden_row {
    int32_t month;
    const char *metric, *dimension, *key; /* as in `show` */
};
struct published {
    const struct hidden_row *hidden;
    size_t count;
};
struct published_line {
    int64_t id[EDITIONS]; /* 0 = no such edition */
    int32_t month;
    int revision;
    int64_t cutoff;
    const char *reason;
    unsigned char content[32], settings[32];
    const char *dictionary;
    unsigned char manifest[EDITIONS][32];
};
/* All of it in one transaction. */
enum status store_publish(struct store *store, const struct publication *publication,
                          struct error *err);
/* In the order they were made. */
enum status store_published(struct store *store, struct arena *memory,
                            const struct published_line **lines, size_t *count,
                            struct error *err);
/* What the readers of an edition (by its id) were shown; answer, unit, low, high and
 * n are not kept with it. */
enum status store_shown(struct store *store, int64_t edition, struct arena *memory,
                        const struct shown_row **rows, size_t *count,
                        struct error *err);

/* What an edition of this audience (0 public .. 2 management) ever hid, of any month;
 * of the rows month, metric, dimension and key are filled. */
enum status store_hidden(struct store *store, int audience, struct arena *memory,
                         const struct hidden_row **rows, size_t *count,
                         struct error *err);

/* --- facts ---------------------------------------------------------------- */
/* Bits of pass.needs. */
enum needs {
    NEED_TICKETS = 1,
    NEED_EVENTS = 2,
    NEED_CALLS = 4,
    NEED_REGISTERS = 8,
    NEED_NUMBERS = 16 /* tickets.number (class 2) */
};
enum status store_facts(struct store *store, uint64_t needs, struct arena *memory,
                        struct facts *facts, struct error *err);
/* Bytes of memory each ticket takes in the columns that store_facts() made. */
size_t store_facts_bytes(const struct facts *facts);

#endif
