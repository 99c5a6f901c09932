/*
 * normalise.h - the cells of one row become one record (core/record.h).
 *
 * One normaliser serves one sheet: it remembers words already understood and
 * counts those that were not.  Rows must come in the order of the sheet.
 */
#ifndef HY_NORMALISE_H
#define HY_NORMALISE_H

#include "core/hash.h"
#include "core/settings.h"
#include "ingest/map.h"

struct normaliser;

struct normalise_options {
    const struct binding *binding;
    const struct header *header;
    const struct vocabulary *words;
    const struct settings *settings; /* working calendar; may be NULL */
    const struct key *key;           /* NULL: contacts and staff stay empty (look) */
    bool date1904;
};

struct normaliser *normaliser_open(const struct normalise_options *options,
                                   struct arena *file);
/* The first rows decide what must be read off a whole column: rating scales. */
void normaliser_sample(struct normaliser *normaliser, const struct row *rows,
                       size_t count);
/* Of the cells under a column: filled; checked = of a kind that can be wrong (a time,
 * a code, a number, a telephone; not free text, names and numbers of tickets); agreed =
 * understood as the column's field.  Changes nothing but what is remembered of words.
 */
struct agreement {
    int64_t filled, checked, agreed;
};
struct agreement normaliser_agreement(struct normaliser *normaliser,
                                      const struct row *rows, size_t count, int column);
/* After the sample; maps: hash of all maps and words. */
void normaliser_reading(struct normaliser *normaliser, const unsigned char maps[32]);
uint64_t normaliser_key(const struct normaliser *normaliser);
/* What a row is known again by, never 0 but for reading 0 and damaged rows. */
int64_t row_hash(const struct row *row, uint64_t reading);
/* REJECT_NONE, or why the row cannot be used and by which field (may be NULL).
 * Texts of the record live as long as the row and batch. */
enum reject_reason normalise_row(struct normaliser *normaliser, const struct row *row,
                                 struct arena *batch, struct record *record,
                                 const char **field);
/* JSON array of the cell texts, cut at 64 KiB. */
struct text row_json(const struct row *row, struct arena *batch);

struct word_count {
    const char *word;
    int64_t count;
};
/* "status: 待料" -> rows, most frequent first, then by bytes. */
const struct word_count *normaliser_words(const struct normaliser *normaliser,
                                          struct arena *memory, size_t *count);
/* Sentences on how ambiguities were decided. */
const char *const *normaliser_notes(struct normaliser *normaliser, size_t *count);

/* --- pieces tested on their own --------------------------------------------- */
/* "3号楼" "03栋" "三幢" -> "3"; "1503室" -> "1503". */
struct text place_building(struct text text, struct arena *memory);
struct text place_unit(struct text text, struct arena *memory);
struct text place_room(struct text text, struct arena *memory);
/* "3栋1单元1503室", "3-1-1503", "3#1503": false when it is none of these. */
bool place_split(struct text text, struct arena *memory, struct text *building,
                 struct text *unit, struct text *room);
/* Digits of a telephone number without 86 and 0086; false: masked or none. */
bool phone_digits(struct text text, int least, char out[24], size_t *length);

#endif
