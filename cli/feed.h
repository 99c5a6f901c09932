/*
 * feed.h - files and folders into the store, one after the other, each its own
 * transaction; says what happened to every file.
 */
#ifndef HY_FEED_H
#define HY_FEED_H

#include "cli/session.h"
#include "ingest/load.h"

struct feed {
    const struct session *session;
    struct store *store;
    struct loader *loader;
    struct load_options load;
    struct counts total;
    int64_t files;
    enum status status; /* the worst of all files */
    struct error first; /* message of the first file that failed */
    const struct load_report **reports;
    size_t report_count, report_room;
    const char *showing; /* the file in hand, for the progress line */
    const char **fed;    /* paths given so far */
    size_t fed_count, fed_room;
    unsigned char taught[32]; /* of the answers the loader knows */
    double begun, shown;      /* seconds of the steady clock */
};

enum status feed_open(struct feed *feed, const struct session *session,
                      struct error *err);
void feed_close(struct feed *feed);
/* A file, or a folder's files in order of their names.  A file that cannot be
 * read does not stop the others; feed->status keeps the worst. */
void feed_path(struct feed *feed, const char *path);
/* The ledger of `ingest --json`. */
void feed_print_json(const struct feed *feed);
/* HY_OK, the worst status of the files, or HY_DATA under --strict with rejects. */
enum status feed_outcome(const struct feed *feed, struct error *err);

#endif
