/*
 * template_parts.h - what the files that turn a template into a document share;
 * nobody else includes it.
 */
#ifndef HY_TEMPLATE_PARTS_H
#define HY_TEMPLATE_PARTS_H

#include "render/doc_parts.h"
#include "render/say.h"
#include "render/template.h"

struct place { /* one {…} of the template, without the braces */
    const char *text;
    int line;
    bool starts; /* a sentence */
};

struct atom { /* a piece of a line: text, or a place to fill */
    const char *text;
    int place; /* -1 = text */
    bool bold;
};
struct atoms {
    struct atom *items;
    size_t count, room;
};

struct member { /* the row of an {each} table being filled */
    bool set, total;
    enum dimension dimension;
    uint32_t key;
    int32_t month; /* 0 = the month reported */
};

struct piece { /* a filled place */
    const char *text;
    struct value value;
};

struct figure_wanted { /* a parsed figure placeholder */
    uint16_t metric, part;
    enum dimension dimension;
    uint32_t key;
    int32_t month;
    enum say_how how;
    bool series, absent; /* absent: the key names nothing in the data */
};

struct builder {
    const struct template_head *head;
    const struct results *results;
    const struct settings *settings;
    const struct registers *registers;
    const struct ledger *ledger;
    const struct wording *wording;
    struct teller teller;
    struct arena *memory;
    const char **lines; /* lines[0] is line 1 */
    size_t line_count;
    struct place *places;
    size_t place_count, place_room;
    const char *code;          /* check code of a published page; NULL = a draft */
    bool *used;                /* by metric: printed somewhere */
    struct table *definitions; /* filled at the end, when all used is known */
};

/* HY_CONFIG with file, line and the line itself. */
enum status template_complain(const struct builder *builder, int line,
                              struct error *err, const char *fmt, ...) HY_PRINTF(4, 5);
/* "，是不是要写 X" or "" when nothing is near. */
const char *template_meant(const struct builder *builder, const char *word,
                           bool metrics_too);

/* --- template_place.c: {…} ------------------------------------------------- */
enum { PLACE_FIRST = 0xF0000, PLACES = 0xFFFD }; /* private-use plane 15 */

/* The line with every {…} replaced by one private-use character. */
enum status place_take(struct builder *builder, const char *text, int line,
                       const char **out, struct error *err);
enum status place_say(struct builder *builder, const struct place *place,
                      const struct member *member, struct piece *piece,
                      struct error *err);
/* A sentence with {…} as text, for wording that carries figures. */
enum status place_expand(struct builder *builder, const char *text, int line,
                         const char **out, struct error *err);
bool place_is(const struct place *place, const char *word);
/* The name of the estate in the language of the report. */
const char *say_estate(const struct builder *builder);
/* First and last day of what is reported, in words. */
const char *say_period(const struct builder *builder);
enum status place_figure(struct builder *builder, const struct place *place,
                         const struct member *member, struct figure_wanted *wanted,
                         struct error *err);
const struct base *figure_base(const struct builder *builder,
                               const struct figure_wanted *wanted, int32_t month);
/* Was the whole, known now, not collected in that month? */
bool figure_unknown(const struct builder *builder, const struct figure_wanted *wanted,
                    int32_t month);
/* Words of a place; the last may take the rest. Returns how many. */
size_t words_split(struct arena *memory, const char *text, const char **words,
                   size_t most);
enum status words_number(const struct builder *builder, int line, const char *word,
                         int least, int most, int *number, struct error *err);
enum status metric_wanted(struct builder *builder, int line, const char *word,
                          uint16_t *metric, uint16_t *part, struct error *err);
enum status dimension_wanted(const struct builder *builder, int line, uint16_t metric,
                             const char *word, enum dimension *dimension,
                             struct error *err);

/* --- template_table.c: tables, {each}, members ----------------------------- */
struct members {
    size_t count;
    const uint32_t *keys;
};

/* Members of a split that have a figure in the months given, in the order of the
 * pages: settings for departments, code order for closed vocabularies, else by
 * size (top > 0: only that many). */
struct members members_of(const struct builder *builder, uint16_t metric, uint16_t part,
                          enum dimension dimension, int32_t first, int32_t last,
                          size_t top);
/* The same for a row of several figures: a member of any of them has a row, so that
 * every column adds up to its total.  Sizes are those of the first. */
struct members members_of_row(const struct builder *builder,
                              const struct figure_wanted *wanted, size_t count,
                              enum dimension dimension, size_t top);
struct table_source { /* a Markdown table before it is filled */
    size_t columns, rows;
    const enum align *align;
    const struct atoms *cells; /* rows * columns; row 0 is the head */
};
enum status table_build(struct builder *builder, const struct table_source *source,
                        enum tone tone, struct blocks *blocks, struct error *err);
struct table *table_new(struct arena *memory, size_t columns, size_t rows);
void table_put(struct table *table, size_t row, size_t column, const char *text);
/* The first row: the words of these keys, one a column, in bold. */
void table_heads(const struct builder *builder, struct table *table,
                 const char *const *keys);

/* --- template_block.c: places that are whole blocks ------------------------ */
bool place_is_block(const struct place *place);
enum status place_blocks(struct builder *builder, const struct place *place,
                         enum tone tone, struct blocks *blocks, struct error *err);
enum status tiles_build(struct builder *builder, const char *text, int line,
                        enum tone tone, struct blocks *blocks, struct error *err);
/* The first rows of a listing, at most `most`; how many more there are is said. */
void listing_table(struct builder *builder, const struct listing *listing, size_t most,
                   enum tone tone, struct blocks *blocks);
void definitions_fill(struct builder *builder);
/* Figures every public report must carry: says which were left out. */
void omitted_say(struct builder *builder, struct blocks *blocks);

/* --- template_check.c: blocks of the internal editions ---------------------- */
bool place_is_check(const struct place *place);
enum status check_blocks(struct builder *builder, const struct place *place,
                         enum tone tone, struct blocks *blocks, struct error *err);
/* "pass", "fail" or "hit": the normal variation against the target; NULL = no target
 * or no limits. */
const char *assurance_key(const struct builder *builder, uint16_t metric,
                          double *target);
/* {balance}: whether the account of this row adds up, in a word. */
const char *say_balance(struct builder *builder, const struct member *member);

/* --- template_ledger.c: what was read, corrected, revised -------------------- */
bool place_is_ledger(const struct place *place);
enum status ledger_blocks(struct builder *builder, const struct place *place,
                          enum tone tone, struct blocks *blocks, struct error *err);
/* The same in a sentence, where a place stands inside one. */
const char *ledger_text(struct builder *builder);
const char *revisions_text(struct builder *builder);

/* --- template_agenda.c: what the meeting has to decide ------------------------ */
enum status agenda_blocks(struct builder *builder, const struct place *place,
                          enum tone tone, struct blocks *blocks, struct error *err);

/* --- template_qr.c: nothing in a draft or without an address ------------------ */
enum status qr_blocks(struct builder *builder, enum tone tone, struct blocks *blocks,
                      struct error *err);

/* --- template_chart.c ------------------------------------------------------ */
enum status chart_build(struct builder *builder, const char *title, const char *text,
                        int line, enum tone tone, struct blocks *blocks,
                        struct error *err);

/* --- template_head.c -------------------------------------------------------- */
enum status template_lines(struct builder *builder, struct error *err);
/* *body: index of the first line after the head. */
enum status template_head_parse(struct builder *builder, struct template_head *head,
                                size_t *body, struct error *err);

/* --- template_markdown.c: lines [from, until) to blocks --------------------- */
enum status template_markdown(struct builder *builder, size_t from, size_t until,
                              enum tone tone, struct blocks *blocks, struct error *err);
enum status atoms_line(struct builder *builder, const struct atoms *atoms,
                       const struct member *member, struct line_of *line,
                       struct error *err);

#endif
