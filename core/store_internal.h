/*
 * store_internal.h - what the files of the store share; nobody else includes it.
 *
 * A row arrives as struct record, is made canonical (store_body.c), finds its
 * entity and becomes a version of it with a sighting (store_ingest.c).  Folding
 * (store_fold.c) turns the versions of an entity into the row that analysis
 * reads.  Nothing folded depends on the order of arrival.
 */
#ifndef HY_STORE_INTERNAL_H
#define HY_STORE_INTERNAL_H

#include <sqlite3.h>

#include "core/store.h"

/* contribution.kind and sighting.kind */
enum entity_kind { ENTITY_TICKET = 1, ENTITY_CALL = 4, ENTITY_REGISTER = 7 };

/* term.domain */
enum term_domain {
    TERM_CATEGORY1 = 1,
    TERM_CATEGORY2,
    TERM_DEPARTMENT,
    TERM_STATUS,
    TERM_OUTCOME,
    TERM_QUEUE,
    TERM_LINE,
    TERM_REASON,
    TERM_ASSET_KIND,
    TERM_TRAIL
};

enum place_level {
    PLACE_ROOT,
    PLACE_COMMUNITY,
    PLACE_GRID,
    PLACE_BUILDING,
    PLACE_UNIT,
    PLACE_SPOT
};

/* --- prepared statements (store_sql.c) ----------------------------------- */
#define TAKE "huiyin_take" /* store_facts_scan.c's own function */
enum query {
    Q_BEGIN,
    Q_COMMIT,
    Q_ROLLBACK,
    Q_DEFER,
    Q_TERM_FIND,
    Q_TERM_ADD,
    Q_PLACE_FIND,
    Q_PLACE_ADD,
    Q_STAFF_FIND,
    Q_STAFF_ADD,
    Q_ASSET_FIND,
    Q_ASSET_ADD,
    Q_FORM_FIND,
    Q_FORM_ADD,
    Q_KEY_FIND,
    Q_KEY_ADD,
    Q_SOURCE_FIND,
    Q_SOURCE_ADD,
    Q_CALL_FIND,
    Q_CALL_ADD,
    Q_REGISTER_FIND,
    Q_REGISTER_ADD,
    Q_TERM_TEXT,
    Q_PLACE_TEXT,
    Q_STAFF_TEXT,
    Q_ASSET_TEXT,
    Q_FORM_TEXT,
    Q_KEY_TEXT,
    Q_TICKET_HEAD,
    Q_TICKET_READ,
    Q_TICKET_REFS,
    Q_TICKET_ADD,
    Q_TICKET_MOVE,
    Q_TICKET_VERSIONS,
    Q_STATED_ADD,
    Q_TEXT_ADD,
    Q_REF_ADD,
    Q_EVENT_ADD,
    Q_HISTORY_ADD,
    Q_TICKET_DROP,
    Q_STATED_DROP,
    Q_TEXT_DROP,
    Q_REF_DROP,
    Q_EVENT_DROP,
    Q_HISTORY_DROP,
    Q_CONTRIBUTION_ADD,
    Q_CONTRIBUTION_HAS,
    Q_CONTRIBUTION_COUNT,
    Q_CONTRIBUTION_PRUNE,
    Q_CONTRIBUTION_DROP,
    Q_SIGHTING_ADD,
    Q_SIGHTINGS_ADD,
    Q_SIGHTING_FIRST,
    Q_SIGHTING_DROP,
    Q_VERSIONS,
    Q_CALL_FOLD,
    Q_CALL_DROP,
    Q_REGISTER_FOLD,
    Q_REGISTER_DROP,
    Q_FILE_LIVE,
    Q_FILE_SIZE,
    Q_FILE_ADD,
    Q_FILE_HASH,
    Q_FILE_NAME_ADD,
    Q_FILE_COUNTS,
    Q_FILE_STATE,
    Q_FILE_UNDONE,
    Q_PART_ADD,
    Q_PART_END,
    Q_PART_ROWS,
    Q_PART_PRUNE,
    Q_REJECT_ADD,
    Q_REJECT_NUMBER,
    Q_REJECT_TITLES,
    Q_REJECT_FIXED,
    Q_UNDO_SINGLES,
    Q_UNDO_ENTITIES,
    Q_UNDO_SIGHTINGS,
    Q_PRUNE_KEYS,
    Q_BATCHES,
    Q_REJECTS,
    Q_DUMP_FILES,
    Q_DUMP_PARTS,
    Q_DUMP_REJECTS,
    Q_DUMP_MENDED,
    Q_DUMP_TICKETS,
    Q_DUMP_VERSIONS,
    Q_DUMP_SIGHTINGS,
    Q_DUMP_SINGLES,
    Q_DUMP_EVENTS,
    Q_DUMP_TRAILS,
    Q_DUMP_HISTORY,
    Q_DUMP_CALLS,
    Q_DUMP_REGISTERS,
    Q_DUMP_FIRSTS,
    Q_CALL_NAME,
    Q_REGISTER_NAME,
    Q_READ,
    Q_FACT_COUNT,
    Q_FACT_STATED,
    Q_FACT_COLUMNS,
    Q_FACT_TERMS,
    Q_FACT_PLACES,
    Q_FACT_STAFF,
    Q_FACT_ASSETS,
    Q_FACT_FORMS,
    Q_FACT_KEYS,
    Q_FACT_MERGED,
    Q_FACT_EVENTS,
    Q_FACT_EVENT_ROWS,
    Q_FACT_PROMISES,
    Q_FACT_CHANGES,
    Q_FACT_AS_OF,
    Q_FACT_PARTS,
    Q_FACT_SEEN,
    Q_FACT_CALLS,
    Q_FACT_CALL_COUNT,
    Q_FACT_REGISTERS,
    Q_FACT_SERIES,
    Q_FACT_LEDGER,
    Q_LEDGER_PARTS,
    Q_FACT_HORIZON,
    Q_FACT_SPAN,
    QUERY_COUNT
};

/* --- growing arrays and a map, all in an arena (store_cache.c) ------------- */
struct ids {
    int64_t *at;
    size_t count, room;
};
void ids_add(struct ids *ids, struct arena *memory, int64_t id);
void ids_unique(struct ids *ids); /* sorts, drops repeats */

struct cache;
/* Small numbers in the order of asking for large ones; zeroed is empty. */
struct numbering {
    struct numbered {
        int64_t key;
        uint32_t value;
    } * slots;
    size_t room;
    uint32_t last;
};
/* From 1 on; 0 for keys <= 0. */
uint32_t dense_number(struct numbering *numbering, int64_t key, struct arena *memory);
/* The same of many, in their order; whether any has one. */
void dense_numbers(struct numbering *numbering, const int64_t *keys, size_t count,
                   uint32_t *out, struct arena *memory);
bool numbering_holds(const int64_t *keys, size_t count);

struct cache *cache_new(struct arena *memory);
size_t cache_count(const struct cache *cache);
/* The value of a key, made as `fresh` when it is not there (*made tells). */
int64_t *cache_at(struct cache *cache, const void *key, size_t length, int64_t fresh,
                  bool *made);

/* --- the store ------------------------------------------------------------ */
/* --- many new tickets at once (store_bulk.c) --------------------------------- */
enum { TICKET_TIMES = 18 };
/* Columns of `ticket` in their order. */
enum ticket_column {
    T_ID,
    T_PART,
    T_ROW,
    T_VERSIONS,
    T_HASH,
    T_RAW,
    T_LATEST,
    T_FIELDS,
    T_TIMES,
    T_DATE_ONLY = T_TIMES + TICKET_TIMES,
    T_NATURE,
    T_CHANNEL,
    T_STATUS,
    T_URGENCY,
    T_FLAGS,
    T_CATEGORY1,
    T_CATEGORY2,
    T_OUTCOME,
    T_DEPARTMENT,
    T_PLACE,
    T_GRID,
    T_ROOM,
    T_ASSET,
    T_CONTACT,
    T_RECORDER,
    T_HANDLER,
    T_VISITOR,
    T_REVISIT_OUTCOME,
    T_RATING_RESIDENT,
    T_RATING_STAFF,
    T_DUE_FIRST,
    T_NATURE_FIRST,
    T_URGENCY_FIRST,
    T_DEPARTMENT_FIRST,
    T_WAY,
    TICKET_COLUMNS
};
struct ticket_values {
    int64_t at[TICKET_COLUMNS];
    uint64_t known;
    bool way_is_trail;
};

struct bulk_row {
    const struct record *record;
    int64_t id;
    unsigned texts;
    bool texts_told; /* goes with the sentence of the texts */
    struct ticket_values values;
};
enum { BULK_ROWS = 32 };
struct bulk {
    sqlite3_stmt *tickets, *texts; /* of all rows that wait; NULL = none */
    uint64_t column_bits;
    unsigned text_bits; /* which columns the sentences fill */
    size_t waiting;
    bool telling_texts; /* what the table tells now */
    struct bulk_row rows[BULK_ROWS];
};

struct hinted { /* what a word came to last time */
    int64_t a, id;
    uint32_t hint;
};
enum { HINTS = 1 << 13 };

enum { SEEN_ROWS = 1 << 15 };
struct sightings { /* of tickets, in the open part; they wait (store_seen.c) */
    size_t waiting;
    struct sighting_row {
        int64_t id, hash, row_no;
    } * rows; /* SEEN_ROWS, made when needed */
};

struct load { /* the file being loaded */
    bool file_open, part_open, unguarded;
    int64_t file, part, source;
    enum record_kind kind;
    uint64_t fields;
    /* place: file, member, sheet and map, for numbers; within: all but the file */
    const char *series, *place, *within;
    unsigned char sha256[32];
    struct hash_beside *later; /* sha256 is not known yet */
    struct counts counts, part_counts;
    int64_t latest, covers_from, covers_to; /* HY_NEVER = none yet */
    struct ids tickets, calls, registers;   /* to be folded at the end */
    struct cache *dictionary, *ordinals;
    bool expect_new[16];  /* of each dictionary: the last word was not there */
    bool expect_ticket;   /* the last ticket was new */
    struct hinted *hints; /* HINTS, of the part */
    struct bulk bulk;
    struct sightings seen;
    struct known_tickets *known; /* of the part; NULL = none */
};

#define MEMORY_TABLE_END SIZE_MAX
struct memory_table {
    const char *name, *columns; /* divided by commas */
    const void *self;
    size_t most;
    /* The first row from this one on that is to be told, or MEMORY_TABLE_END. */
    size_t (*from)(const void *self, size_t row);
    void (*tell)(const void *self, size_t row, int column, sqlite3_context *context);
    bool shown; /* SQLite knows it */
};

struct store {
    sqlite3 *db;
    char *path;
    struct arena *memory;      /* as long as the store */
    struct arena *file_memory; /* one file */
    struct arena *row_memory;  /* one row, one entity */
    struct arena *word_memory; /* the cached words of one file */
    struct key key;
    bool has_key;
    enum store_mode mode;             /* READ for READ_AGAIN too */
    bool looked;                      /* through by this run already */
    bool beside;                      /* may be looked through while it is used */
    int level;                        /* highest class of table that may be read */
    const char *refused[64];          /* tables above it */
    const uint8_t *order[KIND_COUNT]; /* field indices sorted by name */
    sqlite3_stmt *statement[QUERY_COUNT];
    struct checking *checking; /* a check that goes on beside; NULL = none */
    struct memory_table bulk_table, seen_table;
    struct load load;
};

/* --- the check at open (store_check.c) ---------------------------------------- */
enum status check_start(struct store *store, struct error *err);
/* Waits for it: before anything is kept or told.  HY_DAMAGED. */
enum status check_end(struct store *store, struct error *err);

/* --- SQL ------------------------------------------------------------------ */
enum status sql_fail(struct store *store, int code, struct error *err);
/* The statement, ready to be bound. */
enum status sql_use(struct store *store, enum query query, sqlite3_stmt **out,
                    struct error *err);
enum status sql_row(struct store *store, sqlite3_stmt *statement, bool *row,
                    struct error *err);
enum status sql_run(struct store *store, sqlite3_stmt *statement, struct error *err);
enum status sql_do(struct store *store, enum query query, struct error *err);
void sql_rest(struct store *store); /* no statement keeps a lock */
void bind_text(sqlite3_stmt *statement, int index, struct text text);
void bind_text_or_null(sqlite3_stmt *statement, int index, struct text text);
void bind_int(sqlite3_stmt *statement, int index, int64_t value);
struct text column_text(sqlite3_stmt *statement, int index, struct arena *memory);

/* --- canonical rows (store_body.c) ----------------------------------------- */
const uint8_t *body_order(enum record_kind kind, struct arena *memory);
bool value_empty(const struct field_spec *spec, const struct record_value *value);
bool field_said(enum record_kind kind, const struct record *record, int field);
/* In place: a partial row keeps only the groups it fills. */
void record_canonical(enum record_kind kind, struct record *record,
                      struct arena *memory);
/* A caller: 16 hex digits (or more, then the first count) and back. */
enum { CONTACT_DIGITS = 16 };
int64_t contact_number(struct text text);
struct text contact_text(int64_t number, struct arena *memory);
int64_t record_hash(enum record_kind kind, const struct record *record);
struct text body_write(const struct store *store, enum record_kind kind,
                       const struct record *record, struct arena *memory);
enum status body_read(const struct store *store, enum record_kind kind,
                      struct text body, struct arena *memory, struct record *out,
                      struct error *err);
/* A JSON array of strings as we write it, cut apart; false: it ends too early (what
 * stands whole is there). */
bool body_texts(struct text array, struct arena *memory, const struct text **out,
                size_t *count);
int64_t record_latest(enum record_kind kind, const struct record *record);
/* '~' and 26 base32 characters of the SHA-256 of text. */
struct text key_natural(struct text text, struct arena *memory);

/* --- dictionaries (store_words.c) ------------------------------------------ */
enum dictionary {
    DICTIONARY_TERM,
    DICTIONARY_PLACE,
    DICTIONARY_STAFF,
    DICTIONARY_ASSET,
    DICTIONARY_FORM,
    DICTIONARY_KEY,
    DICTIONARY_SOURCE,
    DICTIONARY_CALL,
    DICTIONARY_REGISTER,
    DICTIONARY_COUNT
};
struct word_key { /* what a dictionary row is found by */
    int64_t a, b;
    struct text text, more;
};
enum status intern(struct store *store, enum dictionary dictionary,
                   const struct word_key *word, int64_t *id, bool *made,
                   struct error *err);
/* intern() by the hint of the value first. */
enum status intern_value(struct store *store, enum dictionary dictionary,
                         const struct word_key *word, uint32_t hint, int64_t *id,
                         struct error *err);
struct hinted *hint_seat(struct store *store, int64_t a, uint32_t hint);
/* The cached value of a word under a tag of the caller's (from DICTIONARY_COUNT on),
 * 0 when it is new; NULL outside a file. */
int64_t *word_slot(struct store *store, int tag, const struct word_key *word);
enum { TAG_TRAIL = DICTIONARY_COUNT };
/* The next station of a way through departments, "客服>工程"; arrows are >, ＞, →,
 * => and ->. */
struct text trail_next(struct text *rest);
/* The term of the way, 0 where it leads nowhere; *same: it is spelt as the trail. */
enum status trail_intern(struct store *store, const struct record_value *trail,
                         int64_t *id, bool *same, struct error *err);
enum status intern_term(struct store *store, enum term_domain domain, struct text text,
                        int64_t *id, struct error *err);
/* The ticket a number means; find: 0 when there is none, nothing is made. */
enum status ticket_identity(struct store *store, const char *series, struct text number,
                            int64_t *id, struct error *err);
enum status ticket_number(struct store *store, int64_t id, struct arena *memory,
                          struct text *series, struct text *number, struct error *err);
bool number_split(struct text number, uint32_t *prefix, int64_t *digits);
struct place_ids {
    int64_t place, grid, room, asset;
};
/* Pseudonym of the front door, 0 = the row names none. */
struct text door_text(int64_t number, struct arena *memory);
int64_t room_number(const struct store *store, const struct record *record,
                    struct arena *memory);
enum status place_intern(struct store *store, const struct record *record,
                         struct place_ids *out, struct error *err);
enum status place_spell(struct store *store, const struct place_ids *ids,
                        struct record *record, struct arena *memory, struct error *err);

/* The hash of the open file, from here on in the ledger too (store_ingest.c). */
enum status file_hash_settle(struct store *store, struct error *err);

/* --- tickets (store_ticket.c) ---------------------------------------------- */
/* Its name; and the columns that rows which say something of these field groups may
 * fill (bit by enum ticket_column), those always filled among them.  What depends on
 * several versions (due_first ... department_first) is not. */
const char *ticket_column_name(int column);
uint64_t ticket_columns_of(uint64_t fields);

struct ticket_row { /* what stands beside the canonical fields */
    int64_t id, part, row_no, versions, hash;
    int64_t raw, latest; /* raw 0 = neither is kept */
    int64_t due_first, nature_first, urgency_first, department_first; /* NEVER */
};
/* *made (may be NULL): false when the ticket is there already; nothing is written. */
enum status ticket_write(struct store *store, const struct ticket_row *row,
                         const struct record *record, bool *made, struct error *err);
/* The row in columns; bit i of known: column i is not NULL. */
enum status ticket_values(struct store *store, const struct ticket_row *row,
                          const struct record *record, struct ticket_values *values,
                          struct error *err);
/* Bit i: column i + 1 of ticket_text is to be filled in; its field. */
unsigned ticket_texts(const struct record *record, bool way_is_trail);
int ticket_text_field(int column);
const char *ticket_text_name(int column);
enum { TEXT_COLUMNS = 8 };
enum status ticket_text_write(struct store *store, int64_t id,
                              const struct record *record, unsigned bits,
                              struct error *err);
/* What else a row says, in tables of its own. */
enum status ticket_write_sides(struct store *store, int64_t id,
                               const struct record *record, struct error *err);
enum status ticket_read(struct store *store, int64_t id, struct arena *memory,
                        struct record *record, struct error *err);
enum status ticket_drop(struct store *store, int64_t id, bool whole, struct error *err);

/* --- rows in our memory as a table SQLite can read (store_table.c) ------------ */
/* From here on it can be read by its name, as long as the connection lives. */
enum status memory_table(struct store *store, struct memory_table *told,
                         struct error *err);

/* --- many new tickets at once (store_bulk.c) */
#define BULK_TABLE "huiyin_waiting"
/* For the part that is open: sentences with the columns it may fill. */
enum status bulk_open(struct store *store, struct error *err);
void bulk_close(struct store *store);
/* *taken false: the row does not fit and nothing is done. */
enum status bulk_add(struct store *store, const struct record *record, int64_t id,
                     bool *taken, struct error *err);
/* Writes what waits; made[i] tells which rows were new. */
enum status bulk_write(struct store *store, bool made[BULK_ROWS], struct error *err);

/* --- folding ---------------------------------------------------------------- */
struct version {
    int64_t hash, as_of, modified, latest, filled, row_no, part, source, part_as_of;
    int priority, status_rank;
    enum record_kind kind;
    struct text body;
};
enum status versions_load(struct store *store, enum entity_kind entity, int64_t id,
                          struct arena *memory, struct version **out, size_t *count,
                          struct error *err);
enum status fold_ticket(struct store *store, int64_t id, struct error *err);
enum status fold_call(struct store *store, int64_t id, struct error *err);
enum status fold_register(struct store *store, int64_t id, struct error *err);
enum status fold_all(struct store *store, struct ids *tickets, struct ids *calls,
                     struct ids *registers, struct error *err);
enum status contribution_add(struct store *store, enum entity_kind kind, int64_t id,
                             int64_t hash, struct text body, bool *made,
                             struct error *err);
enum status sighting_add(struct store *store, enum entity_kind kind, int64_t id,
                         int64_t hash, int64_t part, int64_t row_no, struct error *err);
/* Was this row, before the file, the only one of the ticket?  By the thread that puts.
 */
bool known_holds(struct known_tickets *known, int64_t id, int64_t hash);
bool of_tickets(const struct load *load); /* its open part holds rows of tickets */
/* The same of a ticket in the open part, together with others: sightings_write() brings
 * those that wait into the database. */
#define SEEN_TABLE "huiyin_seen"
enum status sighting_wait(struct store *store, int64_t id, int64_t hash, int64_t row_no,
                          struct error *err);
enum status sightings_write(struct store *store, struct error *err);
enum status undo_file(struct store *store, int64_t file, struct error *err);
/* Rows of the file being loaded that are older than what was forgotten lose the same
 * (store_forget.c). */
enum status forget_late(struct store *store, struct error *err);

#endif
