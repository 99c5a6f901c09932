/*
 * manifest.h - 清单.txt: what a publication rests on and which files it is.
 *
 * Part 1, the data, is the same in every edition of a month: `key = value` lines of
 * inputs, settings, calendar, templates (one line a file; the first lists had only the
 * hash of all), the published tables and the manifest before.  Its SHA-256 begins with
 * the check code, which stands on every page; so the pages can carry it although part 2
 * lists them (`SHA-256  name`, for sha256sum -c).  The last line signs all bytes before
 * it (Ed25519).
 */
#ifndef HY_MANIFEST_H
#define HY_MANIFEST_H

#include "core/hash.h"
#include "core/store.h"

#define MANIFEST_NAME "清单.txt"
#define NUMBERS_NAME "数字.csv"
#define CHECKER_NAME "核对.html"

enum { CODE_ROOM = 15 }; /* "1a2b-3c4d-5e6f" */

struct manifest_file {
    const char *name;
    char sha256[65];
};
struct manifest {
    const char *text;
    size_t length, data_length, signed_length;
    const char *month, *edition, *previous; /* previous: hex or "-" */
    const char *content, *settings;
    const char *tables, *draw; /* hex of the public tables; seed, "-" or NULL = none */
    int revision;
    char code[CODE_ROOM]; /* as it says */
    unsigned char public_key[32], signature[SIGNATURE_BYTES];
    size_t file_count;
    const struct manifest_file *files;
    size_t template_count;                 /* 0: a list of before they were named */
    const struct manifest_file *templates; /* "reports/monthly.md", sorted */
};

/* First 12 hex digits of the SHA-256 of the data, in groups of four. */
void manifest_code(const char *data, size_t length, char out[CODE_ROOM]);
/* The seed of the call-back list, 64 hex digits: the SHA-256 of "TABLES PREVIOUS", the
 * values of `tables.public` and `previous` as the list has them, with a blank between.
 * It must be known before the pages are made, which carry what is drawn; it must not
 * hang on anything that can be changed without changing what is published (a blank in
 * a template or in the settings), or whoever publishes could try until the list suits;
 * and it is written into the list, where verify makes it again. */
void manifest_seed(const char *tables, const char *previous, char out[65]);
/* The data with the files of one edition, signed. */
const char *manifest_seal(const char *data, const char *edition,
                          const struct shown_file *files, size_t count,
                          const struct key *key, struct arena *memory,
                          unsigned char signature[SIGNATURE_BYTES]);
/* HY_DATA with the line that is not understood. */
enum status manifest_read(const char *path, struct arena *memory,
                          struct manifest *manifest, struct error *err);
/* HY_DATA when code, seed or signature does not agree with the text. */
enum status manifest_check(const struct manifest *manifest, const char *path,
                           struct error *err);

#endif
