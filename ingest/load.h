/*
 * load.h - one file into the store: reader, header, map, normalise, put.
 *
 * A bad row is data: rejected with its reason, the rest loads.  Only a file that
 * is not what it claims, or none of whose rows can be read, fails.
 */
#ifndef HY_LOAD_H
#define HY_LOAD_H

#include "core/settings.h"
#include "core/store.h"
#include "ingest/map.h"
#include "ingest/reader.h"

struct load_options {
    const char *map, *as_of, *sheet, *encoding; /* NULL = decide by content */
    int header_row;                             /* 0 = find */
    bool dry_run;
};

struct tally {
    const char *word;
    int64_t count;
}; /* reasons, unknown words ... */

struct load_part {                    /* one sheet of one file, for the answer */
    const char *member, *sheet, *map; /* member: file in an archive, or NULL */
    struct counts counts;
    size_t reason_count, unknown_count, word_count;
    const struct tally *reasons;       /* reject reason -> rows */
    const struct tally *unknown;       /* column titles not understood (ignored) */
    const struct tally *words;         /* "nature: 维护" values not understood */
    int64_t hidden_rows, foreign_rows; /* by a filter; of another estate, skipped */
    int64_t covered_cells;             /* filled from a cell merged down over them */
    size_t note_count;
    const char *const *notes; /* how ambiguities were decided */
};

struct load_report {
    const char *path, *format, *encoding;
    int64_t batch;
    char sha256[65];
    bool known; /* these bytes were live already */
    struct counts counts;
    size_t part_count;
    const struct load_part *parts;
};

struct loader; /* maps, words, settings: made once per run */

enum status loader_open(struct loader **out, const char *templates,
                        const char *user_maps, const struct settings *settings,
                        struct arena *memory, struct error *err);
/* What a person answered of a word: counts from the next file on, and files read
 * before without it are read anew when they come again. */
void loader_teach(struct loader *loader, const char *domain, const char *word,
                  const char *canonical);
void loader_close(struct loader *loader);
/* progress (may be NULL) is called now and then: rows so far, bytes share. */
enum status load_file(struct loader *loader, struct store *store, const char *path,
                      const struct load_options *options, struct arena *memory,
                      struct load_report *report,
                      void (*progress)(void *self, int64_t rows, double share),
                      void *self, struct error *err);

/* What would be understood (huiyin look): header row, column -> field. */
struct look_column {
    const char *title, *field, *example;
    /* 0..100, 0 where field is NULL.  By the title: 100 a map of its own names the
     * column; 90 the whole title is a synonym of the field; 70 only its lower line is,
     * or the field was decided by what stands below.  Times the share of the filled
     * cells among the first rows (1,024 at most) that are what the field would have,
     * where that can be told (normaliser_agreement); halved where no cell is filled. */
    int confidence;
};
struct look_sheet {
    const char *name, *map; /* map NULL: none fits, reason in note */
    const char *note;
    int header_row;
    size_t column_count;
    const struct look_column *columns;
    int64_t rows;
    size_t word_count, note_count;
    const struct tally *words; /* "nature: 维护" not understood, most frequent first */
    const char *const *notes;  /* how ambiguities were decided */
    const char *map_text;      /* of a first map; NULL when none can be made */
    const char *map_path;      /* of the map that fits; NULL when made from titles */
};
struct look_report {
    const char *format, *encoding;
    size_t sheet_count;
    const struct look_sheet *sheets;
};
enum status look_file(struct loader *loader, const char *path,
                      const struct load_options *options, struct arena *memory,
                      struct look_report *report, struct error *err);

#endif
