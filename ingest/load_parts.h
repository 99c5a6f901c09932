/* load_parts.h - what load.c, load_rows.c and look.c share; nobody else's. */
#ifndef HY_LOAD_PARTS_H
#define HY_LOAD_PARTS_H

#include "ingest/covers.h"
#include "ingest/load.h"
#include "ingest/normalise.h"

struct loader {
    struct vocabulary *words;
    const struct mask *mask;
    struct map_set maps;
    const struct settings *settings;
    struct arena *memory;
};

enum { PARTS_LIMIT = 256, REASONS = REJECT_COUNT * 8 };

/* One file being read, by load_file or look_file. */
struct reading {
    struct loader *loader;
    const struct load_options *options;
    struct source source;
    bool source_open;
    const struct reader *reader;
    struct grid *grid;
    const struct sheet *sheets;
    size_t sheet_count;
    const struct map *named; /* --map, or NULL */
    struct arena *file;      /* freed with the reading */
    struct batch *batch;
    int mended_column; /* of the sheet in hand: number of a mended row, -1 = none */
};

enum status reading_open(struct reading *reading, struct loader *loader,
                         const char *path, const struct load_options *options,
                         struct error *err);
void reading_close(struct reading *reading);
/* The first batch of a sheet and the map for it; *map NULL: *why.  HY_END: the
 * sheet has no rows. */
enum status reading_sheet(struct reading *reading, size_t sheet, const struct map **map,
                          struct header *header, const char **why, struct error *err);
/* Rejected rows that come back mended (load_mended.c): the columns put beside theirs.
 */
#define MENDED_NUMBER "退回编号"
#define MENDED_REASON "退回原因"
#define MENDED_MAP "来源说明"
/* Are the first rows such a sheet?  Then *map (NULL: *why), the header without the
 * columns beside, and reading->mended_column. */
bool mended_sheet(struct reading *reading, size_t sheet, const struct map **map,
                  struct header *header, const char **why);
/* The titles as JSON array, for the reject's own way out and back. */
struct text mended_titles(const struct header *header, struct arena *memory);
bool sheet_wanted(const struct reading *reading, size_t sheet);
bool said_as_of(const char *text, int64_t *time);

/* One sheet into the store. */
struct part {
    struct reading *reading;
    struct store *store;
    size_t sheet;
    const struct map *map;
    const struct header *header;
    struct binding binding;
    struct normaliser *normaliser;
    struct arena *memory; /* of the report */
    int64_t hidden, foreign;
    struct covers covers;
    int64_t reasons[REJECT_COUNT];
    const char *reason_field[REJECT_COUNT];
    uint64_t example_row; /* first rejected row, 0 = none */
    enum reject_reason example;
    const char *example_field;
    int community_slot; /* column of the community, -1 = none */
    void (*progress)(void *self, int64_t rows, double share);
    void *self;
    int64_t rows;
    struct known_tickets *known; /* NULL: every row is read */
};
/* What is to be done with a row. */
enum verdict_kind { VERDICT_PUT, VERDICT_KNOWN, VERDICT_SKIP, VERDICT_REFUSE };
struct verdict {
    enum verdict_kind kind;
    enum reject_reason reason;
    const char *field; /* at fault, or NULL */
    struct text raw;   /* of a refused row */
    const struct known_ticket *known;
    struct record record; /* of a row to be put */
};
/* Without the store; the verdict's texts live as long as the batch. */
void judge_row(struct part *part, struct batch *batch, const struct row *row,
               struct verdict *verdict);
/* The store alone. */
enum status put_row(struct part *part, const struct row *row,
                    const struct verdict *verdict, struct error *err);
void part_progress(const struct part *part, const struct batch *batch);
/* The rows of the batch in hand, then all further ones. */
enum status part_rows(struct part *part, struct error *err);
/* The further ones, read and judged by a second thread; HY_END at the end. */
enum status part_pipe(struct part *part, struct error *err);
/* Why a row was refused, in words for the user. */
const char *reject_words(enum reject_reason reason);

#endif
