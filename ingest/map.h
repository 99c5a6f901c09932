/*
 * map.h - how one source's files are recognised and read (design/MAPS.md).
 *
 * A map is compiled once, bound to the header of a sheet (titles become column
 * numbers), and then a row costs no comparison of titles.  Everything lives in
 * the arena given; a map set is read-only after map_set_load().
 */
#ifndef HY_MAP_H
#define HY_MAP_H

#include "core/calendar.h"
#include "core/record.h"
#include "ingest/header.h"
#include "ingest/reader.h"
#include "ingest/words.h"

/* What a rule fills: an index of record_fields(kind), or one of these. */
enum {
    TARGET_UNUSED = -1,
    TARGET_SATISFACTION = -2,
    TARGET_ACCOUNT = -3,
    TARGET_RATING_BY = -4,
    TARGET_CALLER = -5,
    TARGET_CALLED = -6,
    TARGET_REVISIT_RULE = -7, /* whether its sort is revisited at all */
    TARGET_UNKNOWN = -9
};

enum map_option {
    OPTION_YMD = 1,
    OPTION_MDY = 2,
    OPTION_DMY = 4,
    OPTION_MINUTES = 8,
    OPTION_HOURS = 16,
    OPTION_DAYS = 32,
    OPTION_SECONDS = 64,
    OPTION_UTC = 128,
    OPTION_EPOCH = 256,
    OPTION_PHONE = 512,
    OPTION_USER = 1024,
    OPTION_UPPER = 2048,
    OPTION_MASK = 4096,
    OPTION_NEGATE = 8192
};

enum piece_kind { PIECE_TITLE, PIECE_COLUMN, PIECE_TEXT };
struct map_piece {
    enum piece_kind kind;
    int column;               /* PIECE_COLUMN, 0-based */
    struct text text, folded; /* as written; folded title */
};
struct pattern {      /* a word, or a glob where wild */
    struct text text; /* folded */
    bool wild;
};
struct map_choice { /* joined as written */
    size_t count;
    const struct map_piece *pieces;
    const struct map_piece *when; /* "... when EVENT is ABANDON"; NULL = always */
    struct pattern is;
};

enum { SPLIT_TOKENS = 24, SPLIT_SLOTS = 8 };
struct split_token {
    int slot;            /* -1: a literal */
    struct text literal; /* folded */
    int group;           /* 0 = always there; 1.. = that optional group */
};
struct split {
    int count, groups;
    struct split_token tokens[SPLIT_TOKENS];
};
/* Values of the slots (into out, folded text); false: no match. */
bool split_match(const struct split *split, struct text folded,
                 struct text out[SPLIT_SLOTS]);

struct map_rule {
    size_t target_count;
    const int *targets;
    const char *const *names; /* canonical field of each target */
    size_t choice_count;
    const struct map_choice *choices;
    unsigned options;
    const struct split *split; /* or NULL */
    int line;
};

bool pattern_match(const struct pattern *pattern, struct text folded);
/* `like`: 9 digit, A letter, * rest, other characters themselves. */
bool like_match(struct text pattern, struct text cell);

struct value_rule {
    const char *canonical; /* "" = empty */
    size_t count;
    const struct pattern *words;
};
struct map_values {
    const char *field;  /* canonical, or NULL */
    struct text column; /* folded title where field is NULL */
    size_t count;
    const struct value_rule *rules;
    const char *rest; /* "* = word"; NULL = none, "" = empty */
};

struct as_of_rule {
    enum { AS_OF_RULE_CELL, AS_OF_RULE_PROPERTY, AS_OF_RULE_HORIZON } kind;
    int row, column;            /* 0-based */
    bool anywhere;              /* prefix may stand after other text */
    struct text prefix, suffix; /* folded */
};

struct title_pattern {
    struct text title, folded;
};
struct like_rule {
    int column;
    struct text pattern;
};
struct skip_rule {
    struct text column;
    int number;
    size_t count;
    const struct pattern *words;
};

struct map {
    const char *path, *name, *title, *series;
    const char *refuse; /* such a sheet is no register: what to say; or NULL */
    enum record_kind kind;
    int priority;
    bool empty_unknown;       /* an empty cell says nothing */
    const char *const *notes; /* generic: how doubts were decided */
    size_t note_count;
    bool generic; /* made from the synonyms */

    size_t format_count, sheet_count, title_count, like_count;
    const struct pattern *formats, *sheets;
    const struct title_pattern *titles;
    const struct like_rule *likes;
    int columns; /* 0 = any */

    bool header_none;
    int header_row, header_rows; /* 0 = find */
    bool first_sheet;
    size_t only_sheet_count, null_count, skip_word_count, as_of_count;
    const struct pattern *only_sheets, *nulls, *skip_words;
    const char *encoding;
    char delimiter;
    enum date_order order;
    bool zoned;                /* times without zone are at zone, not local */
    int32_t zone, shift, year; /* seconds; year 0 = none */
    bool year_title;
    const struct as_of_rule *as_of;

    size_t rule_count, values_count, natural_count, skip_count, ignore_count;
    const struct map_rule *rules;
    const struct map_values *values;
    const int *natural; /* record fields of [key] */
    const char *trail;  /* separator, or NULL */
    const struct skip_rule *skips;
    const struct title_pattern *ignores;
    unsigned char hash[32]; /* of the folded lines */
};

enum { MAP_PROBLEMS = 64 };
struct map_problems {
    size_t count;
    const char *text[MAP_PROBLEMS];
};

/* problems (may be NULL) gets every error, err the first ones and the count. */
enum status map_compile(const char *path, const unsigned char *bytes, size_t length,
                        const struct vocabulary *words, struct arena *memory,
                        struct map *map, struct map_problems *problems,
                        struct error *err);

struct map_set {
    size_t count;
    const struct map *const *maps;
    const struct vocabulary *words;
    unsigned char hash[32]; /* of all maps and word tables */
};
/* All *.map of directory, then of user_directory (may be NULL), whose maps
 * replace shipped ones of the same name. */
enum status map_set_load(struct map_set *set, const char *directory,
                         const char *user_directory, const struct vocabulary *words,
                         struct arena *memory, struct error *err);
const struct map *map_named(const struct map_set *set, const char *name);

/* What is known of a sheet before its map is. */
struct sheet_view {
    const char *format; /* reader name */
    const struct sheet *sheet;
    size_t sheet_number;    /* 0-based */
    const struct row *rows; /* the first rows */
    size_t row_count;
    int header_row; /* --header-row, 0 = find */
};
/* *map NULL: none fits, *why says so in words for the user.  named: only that map
 * is tried.  header belongs to the map chosen. */
enum status map_match(const struct map_set *set, const struct sheet_view *view,
                      const struct map *named, struct arena *memory,
                      const struct map **map, struct header *header, const char **why,
                      struct error *err);

/* --- a map bound to a header ------------------------------------------------ */
struct bound_piece {
    int column;
    struct text text;
}; /* column -1: text */
struct bound_choice {
    size_t count;
    const struct bound_piece *pieces;
    int when;                 /* column the word of `is` must stand in */
    const struct pattern *is; /* NULL = no condition */
};
struct bound_rule {
    const struct map_rule *rule;
    size_t choice_count;
    const struct bound_choice *choices;
    int main_column; /* first column used, -1 = constant */
};
struct binding {
    const struct map *map;
    size_t rule_count;
    const struct bound_rule *rules; /* only those the file has */
    uint64_t fields;                /* bit per field group */
    size_t unknown_count;
    const struct text *unknown; /* titles not used and not ignored */
    size_t skip_count;
    const struct bound_skip {
        int column;
        const struct skip_rule *rule;
    } * skips;
};
enum status map_bind(const struct map *map, const struct header *header,
                     const struct vocabulary *words, struct arena *memory,
                     struct binding *binding, struct error *err);
struct generic_rows { /* the first rows under the titles */
    const struct row *items;
    size_t count;
};
/* The map made from the synonyms for this header; titles that mean two things are
 * decided by the rows (NULL: by the titles alone).  NULL when they do not do. */
const struct map *map_generic(const struct header *header,
                              const struct generic_rows *rows,
                              const struct vocabulary *words, struct arena *memory);
/* Target of a canonical name, TARGET_UNKNOWN when there is none. */
int map_target(enum record_kind kind, const char *name, const struct vocabulary *words);

#endif
