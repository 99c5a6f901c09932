/* store_help.h - small hand-made files for the tests of the store. */
#ifndef HY_TESTS_STORE_HELP_H
#define HY_TESTS_STORE_HELP_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* the house has its own */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/store.h"

#define RUNS(call)                                      \
    do {                                                \
        error.text[0] = '\0';                           \
        if ((call) != HY_OK)                            \
            print_error("%s: %s\n", #call, error.text); \
        assert_string_equal(error.text, "");            \
    } while (0)

static inline void row_clear(struct record *row, uint64_t row_no)
{
    size_t i;

    memset(row, 0, sizeof *row);
    row->row_no = row_no;
    for (i = 0; i < RECORD_FIELDS; i++)
        row->value[i].empty = true;
}

static inline void row_has(struct record *row, enum record_kind kind, int field)
{
    size_t count;

    row->present |= UINT64_C(1) << record_fields(kind, &count)[field].group;
}

static inline void row_text(struct record *row, enum record_kind kind, int field,
                            const char *text)
{
    row_has(row, kind, field);
    row->value[field].text = text_of(text);
    row->value[field].empty = text[0] == '\0';
}

static inline void row_number(struct record *row, enum record_kind kind, int field,
                              int64_t number)
{
    row_has(row, kind, field);
    row->value[field].number = number;
    row->value[field].empty = number == HY_NEVER;
    if (number == HY_NEVER)
        row->value[field].number = 0;
}

/* A database in a directory of its own, thrown away by store_gone(). */
struct place_of_test {
    char directory[64], path[96];
};

static inline void place_make(struct place_of_test *place)
{
    /* in memory where there is such a place: hundreds of stores, each synced often */
    snprintf(place->directory, sizeof place->directory, "%s/huiyin-store-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->path, sizeof place->path, "%s/huiyin.db", place->directory);
}

static inline void place_gone(const struct place_of_test *place)
{
    static const char *const names[] = { "huiyin.db", "huiyin.db-journal",
                                         "huiyin.key" };
    char path[128];
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", place->directory, names[i]);
        unlink(path);
    }
    rmdir(place->directory);
}

/* A file of one part whose bytes are `name`. */
static inline struct store_file file_named(const char *name)
{
    struct store_file file = { .bytes = strlen(name), .name = name, .format = "csv" };

    hash_bytes(name, strlen(name), file.sha256);
    return file;
}

static inline struct store_part part_of(enum record_kind kind, uint64_t fields)
{
    return (struct store_part){ .member = "",
                                .sheet = "",
                                .source = kind == KIND_PARTIAL ? "revisit" : "desk",
                                .series = "desk",
                                .kind = kind,
                                .priority = 50,
                                .fields = fields };
}

/* Loads rows as one file of one part; the counts of its ledger. */
static inline struct counts load_rows(struct store *store, const char *name,
                                      enum record_kind kind, const struct record *rows,
                                      size_t count, int64_t *batch)
{
    struct error error;
    struct store_file file = file_named(name);
    struct store_part part = part_of(kind, count > 0 ? rows[0].present : 0);
    struct counts counts, known;
    enum outcome outcome;
    int64_t number;
    size_t i;

    RUNS(store_file_begin(store, &file, &number, &known, &error));
    RUNS(store_part_begin(store, &part, &error));
    for (i = 0; i < count; i++)
        RUNS(store_put(store, &rows[i], &outcome, &error));
    RUNS(store_part_end(store, AS_OF_HORIZON, HY_NEVER, NULL, &error));
    RUNS(store_file_end(store, false, &counts, &error));
    assert_int_equal(counts.rows, counts.loaded + counts.updated + counts.duplicate
                                      + counts.rejected + counts.skipped);
    if (batch != NULL)
        *batch = number;
    return counts;
}

#endif
