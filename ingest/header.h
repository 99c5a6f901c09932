/*
 * header.h - where the titles stand: among the first rows, one or two rows deep.
 */
#ifndef HY_HEADER_H
#define HY_HEADER_H

#include "ingest/reader.h"
#include "ingest/words.h"

enum { HEADER_SEARCH = 15 }; /* rows looked at (DOMAIN 4.1) */

struct title_column {
    struct text title;    /* "parent / child", or the only one */
    struct text folded;   /* of the whole */
    struct text child;    /* folded lower title, = folded when alone */
    struct text shown[2]; /* parent and child as in the cells */
};

struct header {
    uint64_t first_row, row; /* physical rows of its first and last line; 0 = none */
    size_t skip;             /* rows of the view up to and with the header */
    uint32_t count;
    struct title_column *columns;
    size_t above_count; /* filled cells above: title, 统计时间 ... */
    const struct text *above;
};

struct header_wish {
    int row;   /* physical row, 0 = find */
    int rows;  /* 0 = find, 1..3 */
    bool none; /* no header: columns by number */
    bool (*known)(const void *self, struct text folded); /* more titles, or NULL */
    const void *self;
};

/* false: no row looks like titles. */
bool header_find(const struct row *rows, size_t count, const struct sheet *sheet,
                 const struct vocabulary *words, const struct header_wish *wish,
                 struct arena *memory, struct header *header);
/* The header once more in the middle of the sheet (printed pages pasted). */
bool header_repeated(const struct header *header, const struct row *row);

#endif
