/*
 * changes.h - which templates and words of reports are other ones than last month.
 *
 * The list of a publication names each of them with its hash; the committee reads what
 * changed since the month published before, and what is not as it came with the
 * program.
 */
#ifndef HY_CHANGES_H
#define HY_CHANGES_H

#include "cli/revisions.h"

/* The files a report is made of, sorted by name ("reports/monthly.md"): templates of
 * reports and charts, wording, maps, words, the dictionary of metrics.  The list lives
 * in memory.  HY_CONFIG: over 1,024 files, or a line end in a name; what hash_file()
 * may say. */
enum status changes_files(const char *templates, struct arena *memory,
                          const struct manifest_file **files, size_t *count,
                          struct error *err);

enum change { CHANGE_NONE, CHANGE_ALTERED, CHANGE_NEW, CHANGE_GONE };
struct changed { /* one file, before and now */
    const char *name;
    enum change since;
};
/* Every name of either list once, sorted, and how many they are; both lists are sorted,
 * out has room for were + count. */
size_t changes_merge(const struct manifest_file *was, size_t were,
                     const struct manifest_file *now, size_t count,
                     struct changed *out);

/* Adds the listings "templates.said" (sentences) and "templates" (file, since the month
 * before, against the program's own) to the committee's view.  A list of before that
 * is lost, altered or has no such lines: said so, nothing is guessed. */
enum status changes_add(const struct session *session,
                        const struct revisions *revisions, struct results *view,
                        struct error *err);

#endif
