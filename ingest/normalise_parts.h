/* normalise_parts.h - what the normalise files share; nobody else's. */
#ifndef HY_NORMALISE_PARTS_H
#define HY_NORMALISE_PARTS_H

#include "ingest/mask.h"
#include "ingest/normalise.h"

enum understood { WORD_EMPTY, WORD_KNOWN, WORD_STRANGE };

struct remembered { /* one distinct raw word of one rule */
    uint32_t rule;
    struct text raw;
    enum understood understood;
    bool kept;     /* lives as long as the file */
    uint32_t hint; /* of its own in this file */
    int64_t number;
    struct text text;
    int64_t strange; /* rows, where not understood */
    struct remembered *next;
};

enum {
    MEMORY_SLOTS = 1 << 15,
    MEMORY_LIMIT = 60000,
    QUICK_SEATS = 1 << 14, /* a first look, before the text is trimmed or folded */
    QUICK_LONGEST = 256,
    NOTES = 16
};

struct quick { /* what a cell as it stands meant last time */
    uint64_t hash;
    struct remembered *found; /* NULL = free; its raw text is the cell's */
};

struct twin { /* a whole-row identity seen, for its ordinal */
    unsigned char hash[24];
    uint64_t count; /* 0 = free */
};

struct slot { /* one bound rule, prepared */
    const struct bound_rule *bound;
    int target;
    const struct field_spec *spec; /* of targets[0]; NULL for virtual ones */
    const struct map_values *values, *column_values;
    struct date_options dates;
    int unit;  /* seconds of a bare number; 0 = unknown */
    int scale; /* rating: 5 (default), 2 or 10 */
    int quick; /* column, where the rule is one column whose meanings repeat; else -1 */
};

struct rater { /* whose rating the last word said it was */
    const struct slot *slot;
    uint32_t length;
    int field;
    char text[32];
};

struct normaliser {
    const struct map *map;
    const struct binding *binding;
    const struct header *header;
    const struct vocabulary *words;
    const struct settings *settings;
    const struct key *key;
    const struct mask *mask;
    struct arena *file;
    const struct field_spec *fields;
    size_t field_count, slot_count;
    struct slot *slots;
    uint32_t longest_null;
    bool null_first[256]; /* bytes an empty mark as written may begin with */
    bool place_mapped;    /* building or unit has a rule of its own */
    int rating_by;        /* F_RATING_RESIDENT, F_RATING_STAFF, 0 = per row */
    struct rater rater;
    struct remembered *memory[MEMORY_SLOTS];
    struct quick *quick; /* QUICK_SEATS */
    size_t remembered;
    uint64_t reading; /* 0 = rows are not known again by their bytes */
    uint64_t
        told; /* grows when a row holds a word not understood, or asks the calendar */
    struct record blank; /* a row of which nothing is known yet */
    struct twin *twins;  /* by their hash; a third at least is free */
    size_t twin_count, twin_room;
    const char *notes[NOTES];
    size_t note_count;
    int64_t received_from_recorded, received_twice;
};

/* A row on its way. */
struct passage {
    struct normaliser *n;
    const struct row *row;
    struct arena *batch;
    struct record *record;
    struct text account, caller, called;
    struct text span[RECORD_FIELDS]; /* times that may be spans */
    int rating_by;
    const char *revisit_rule; /* never, unless_rated, always; NULL: not said */
    struct record_value rating;
    bool rating_given, rating_default;
    enum reject_reason reason;
    const char *field;
};

void normaliser_note(struct normaliser *n, const char *note);
bool ticketlike(const struct normaliser *n); /* tickets, their history, partial rows */
bool duration_field(const struct normaliser *n, int field);
struct text rule_text(struct passage *p, const struct slot *slot,
                      const struct cell **single);
bool is_null(const struct normaliser *n, struct text text, struct arena *batch);
/* The remembered meaning of raw for the slot; made on first sight. */
struct remembered *word_meaning(struct normaliser *n, uint32_t slot, struct text raw,
                                struct arena *batch);
/* The same, but only what is there, or a new one of empty meaning; NULL: no room. */
struct remembered *word_kept(struct normaliser *n, uint32_t slot, struct text raw,
                             bool *made);
/* Where the meaning of a cell as it stands is, or may be put. */
struct quick *quick_seat(struct normaliser *n, uint32_t slot, struct text cell);
/* The meaning of a rule of revisits (revisit_rule of value_synonyms.tsv), NULL:
 * strange.
 */
const char *revisit_rule(const struct normaliser *n, const struct slot *slot,
                         struct text text, struct arena *batch);
void strange(struct normaliser *n, uint32_t slot, struct text raw, struct arena *batch);
bool time_of(const struct slot *slot, struct text text, const struct cell *single,
             int64_t *time, bool *date_only);
/* The row cannot be used, for that reason and by that field; the first one said holds.
 */
void row_refuse(struct passage *p, enum reject_reason reason, const char *field);
/* 32 hex digits of the HMAC of what names the caller; false: it names nobody. */
bool contact_of(struct passage *p, struct text text, bool user, struct text *out);
/* After all fields are read: of a ticket its receipt, spans, rating and caller; its
 * building out of a room or an address; of a call who called and whether anybody
 * answered; the month of a statement; of a patrol whether it is one. */
void settle_ticket(struct passage *p);
void settle_place(struct passage *p);
void settle_call(struct passage *p);
void settle_month(struct passage *p);
void settle_patrol(struct passage *p);
/* After all fields are read: spans become times. */
void spans_settle(struct passage *p);
bool time_blank(struct text text); /* "-" and the like */
/* Identity where the number is empty: declared key, or the whole row. */
void natural_settle(struct passage *p);
/* The file has neither a number nor fields that stand for one: a row is known by all it
 * says and by how often that was said before. */
bool numberless(const struct normaliser *n);
/* Refuses a row that lacks what its kind must have. */
void musts_check(struct passage *p);
/* Of a correction: the field by its name, the values as the store has them. */
void correction_settle(struct passage *p);
bool seconds_of(const struct slot *slot, struct text text, const struct cell *single,
                int64_t *seconds);
bool rating_word(const struct normaliser *n, const struct slot *slot, struct text raw,
                 struct arena *batch, int64_t *score, bool *none);

#endif
