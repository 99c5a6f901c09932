/*
 * store_facts.h - shared by the files that build facts out of the store.
 *
 * Words are collected while rows are read and get temporary ids; when all are
 * known they are sorted by (domain, bytes) and every column is renumbered.
 * Nothing here reads a table of class 3.
 */
#ifndef HY_STORE_FACTS_H
#define HY_STORE_FACTS_H

#include "core/store_internal.h"

struct place_row {
    int64_t parent;
    int level;
    struct text name;
    bool named;              /* the words of the place are looked up */
    uint32_t building, spot; /* words; 0 = none */
};
struct asset_row {
    int64_t place;
    struct text code, name;
    uint32_t index;
    bool used;
};
struct form_row {
    struct text series, prefix;
    int digits;
};
struct key_row {
    struct text series, number;
};
struct term_row {
    int domain;
    struct text text;
    uint32_t word;
    uint32_t *stations; /* of a trail: words of the departments; made when asked */
    size_t station_count;
};
struct staff_row {
    struct text code;
    uint32_t word;
};

struct word_entry {
    uint8_t domain;
    struct text text, role;
    uint32_t final;
};

struct asset_entry { /* assets while their words are temporary */
    struct asset asset;
    struct text community, building, code, name;
    uint32_t order; /* index before sorting */
};

struct grid_row {
    struct text building, grid;
    int64_t from_day;
};

struct event_row { /* while events are gathered */
    uint32_t ticket, words[4];
    int64_t at, seq;
    uint8_t kind;
    bool own; /* a row of its own in a file, not read out of the ticket's cells */
    size_t scan;
};

struct event_rows {
    struct event_row *at;
    size_t count, room;
};

struct gather {
    struct store *store;
    struct arena *memory; /* of the facts */
    struct arena *scratch;
    struct facts *facts;
    uint64_t needs;
    struct term_row *terms; /* dictionaries by id; index 0 unused */
    struct place_row *places;
    struct staff_row *staff;
    struct asset_row *assets;
    struct form_row *forms;
    struct key_row *keys;
    size_t term_count, place_count, staff_count, asset_count, form_count, key_count;
    struct cache *word_index;
    struct word_entry *words;
    size_t word_count, word_room;
    size_t count, room;               /* tickets; places in their columns */
    int64_t *ids;                     /* ascending */
    uint32_t *position;               /* index in facts of ids[i] */
    struct numbering contacts, rooms; /* pseudonym -> dense number */
    int64_t *callers, *doors;         /* of ids[i] */
    uint32_t *trails;                 /* of each ticket: term, 0 = none */
    struct asset_entry *found;        /* registered and mentioned assets */
    size_t found_count, found_room;
    struct cache *asset_index;
    struct grid_row *grids;
    size_t grid_count;
    int64_t *parts, *part_times; /* part.id ascending, its as_of */
    size_t part_count;
    struct cache *numbers; /* number -> id, made when first asked */
};

uint32_t word_use(struct gather *gather, enum word_domain domain, struct text text);
uint32_t word_of_term(struct gather *gather, int64_t id);
uint32_t word_of_staff(struct gather *gather, int64_t id);
struct text place_at(const struct gather *gather, int64_t place, int level);
void words_settle(struct gather *gather);
uint32_t *words_renumber(struct gather *gather, const uint32_t *column, size_t count);
enum status dictionaries_load(struct gather *gather, struct error *err);
/* Index of a ticket in the facts by its id; SIZE_MAX: not there. */
size_t ticket_index(const struct gather *gather, int64_t id);
struct text number_spelt(struct gather *gather, int64_t id, struct arena *memory);
struct text series_of(const struct gather *gather, int64_t id);

enum status facts_tickets(struct gather *gather, struct error *err);
/* All tickets by id, one walk: ids, doors, callers, trails and the columns. */
enum status facts_scan(struct gather *gather, struct error *err);
/* enum ticket_columns of a part with these field groups. */
uint8_t facts_column_bits(uint64_t fields);

static inline int64_t known_or(sqlite3_stmt *statement, int column, int64_t otherwise)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? otherwise
               : sqlite3_column_int64(statement, column);
}

/* --- columns of the tickets (store_facts_columns.c), by their offset in struct
 * tickets. One in which no ticket says anything is never made: all such point to the
 * same empty one, and one that says the same as another is the other. */
enum { NOT_STATED = 0xFFFF };
/* Made when first asked for, with nothing known in it. */
void *column_made(struct gather *gather, size_t offset);
/* What stood at i stands at position[i] from now on. */
void columns_move(struct gather *gather, const uint32_t *position);
/* After the scan: what was first stated where it was never moved, the narrowest
 * category; columns not made are the empty ones.  From then on column_own(). */
void columns_share(struct gather *gather);
/* A column to write into: no other is changed by it. */
void *column_own(struct gather *gather, size_t offset);
/* Final word ids; after words_settle(). */
void columns_renumber(struct gather *gather);

/* Index of the ticket a number of a series means; SIZE_MAX: not there. */
size_t ticket_numbered(struct gather *gather, struct text series, struct text number);
struct event_row *event_add(struct gather *gather, struct event_rows *rows);
/* The transfers that trails in cells of the tickets tell. */
void facts_trails(struct gather *gather, struct event_rows *rows);
/* Rows of event logs; what cells of the tickets say of the same kind gives way. */
enum status facts_own_events(struct gather *gather, struct event_rows *rows,
                             struct error *err);
enum status facts_events(struct gather *gather, struct error *err);
/* Edits between exports, and tickets a later export lacks. */
enum status facts_history(struct gather *gather, struct error *err);
enum status facts_calls(struct gather *gather, struct error *err);
void facts_link_calls(struct gather *gather);
struct told { /* a row of a register kept whole */
    struct text series;
    struct record record;
};
/* All rows of a kind by (series, number); in scratch memory. */
enum status told_read(struct gather *gather, enum record_kind kind, struct told **out,
                      size_t *count, struct error *err);
/* A cell as text, "" when empty; as a day, INT32_MIN when empty. */
const char *told_words(struct gather *gather, const struct record *record, int field);
int32_t told_day(const struct record *record, int field);
/* Objections and call-backs of the committee. */
enum status facts_callbacks(struct gather *gather, struct error *err);
/* Planned rounds of patrols. */
enum status facts_patrols(struct gather *gather, struct error *err);
/* Promises and measures; after the tickets they name. */
enum status facts_promises(struct gather *gather, struct error *err);
/* After the tickets, whose columns it mends. */
enum status facts_corrections(struct gather *gather, struct error *err);
enum status facts_registers(struct gather *gather, struct error *err);
void facts_registers_settle(struct gather *gather);
enum status facts_merged(struct gather *gather, struct error *err);
/* Ticket columns from ids of mentions to assets, not yet sorted. */
void facts_mentions(struct gather *gather);
uint32_t grid_of_building(struct gather *gather, struct text building,
                          int64_t received);

#endif
