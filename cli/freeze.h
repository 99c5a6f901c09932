/*
 * freeze.h - what a publication rests on, gathered: hashes, inputs, the tables of
 * every edition, and how they differ from what was published before.
 */
#ifndef HY_FREEZE_H
#define HY_FREEZE_H

#include "cli/figures.h"
#include "cli/manifest.h"
#include "cli/tables.h"

struct freeze {
    const struct session *session;
    const struct figures *figures;
    struct publication what; /* month, hashes, inputs, tables; no files yet */
    unsigned char templates[32];
    const struct manifest_file *files; /* of the templates, one by one */
    size_t file_count;
    const char *csv[EDITIONS];
    size_t *starts;                                /* of the rows of csv[0] */
    const struct published_line *published, *last; /* last: of this month or NULL */
    size_t published_count;
    const char *data, *month_name;
    char code[CODE_ROOM];
    char tables[65]; /* hash of csv[0] */
    char draw[65];   /* seed of the call-back list; "-" in a revision */
};

/* Settings, calendar, dictionary and templates as they are now. */
enum status freeze_surroundings(struct freeze *freeze, struct error *err);
/* Reads the store (open for it) and the figures; data and code come later. */
enum status freeze_gather(struct freeze *freeze, struct store *store,
                          struct error *err);
/* Part 1 of the manifest, once the revision and its reason are settled. */
void freeze_data(struct freeze *freeze, const struct key *key);

/* The list of an issue as it lies in OUT, if it is still the one that was published:
 * false when it is lost or was altered. */
bool freeze_list_of(const struct session *session, const struct published_line *line,
                    struct manifest *manifest);

struct difference {
    const struct shown_row *was, *now; /* NULL = was or is not there */
};
/* What the readers of an edition were shown and what they would be shown now. */
enum status freeze_compare(const struct freeze *freeze, struct store *store,
                           const struct published_line *line, int audience,
                           const struct difference **differences, size_t *count,
                           struct error *err);
/* "L" when the data changed, "M" when settings or dictionary did. */
const char *freeze_reason(const struct freeze *freeze,
                          const struct published_line *line);
/* The first few on the screen. */
void freeze_say(const struct freeze *freeze, const struct difference *differences,
                size_t count, const char *reason);

#endif
