/* reader_csv.h - between reader_csv.c (the grid) and reader_csv_scan.c (records). */
#ifndef HY_READER_CSV_H
#define HY_READER_CSV_H

#include "ingest/reader.h"

/* How the text is cut: one delimiter, and which bytes end a line. */
struct csv_form {
    char delimiter[3]; /* UTF-8; '，' has three bytes */
    unsigned delimiter_length;
    bool lone_cr; /* the file ends its lines with CR alone */
};

struct csv_scan {
    const char *at, *end; /* at: where the next record begins */
    struct csv_form form;
    uint64_t line;      /* physical line of at, 1-based */
    uint64_t wasted;    /* bytes looked at in vain for a closing quote */
    struct arena *file; /* where the array of cells grows */
    struct cell *cells; /* of the record at hand, used again by the next */
    uint32_t room;
};

/* One record.  Its cells are good until the next; their texts point into the text,
 * or into memory where quotes had to be taken out.  false at the end. */
bool csv_record(struct csv_scan *scan, struct arena *memory, struct row *row);

/* Delimiter and line ends by content. */
struct csv_form csv_sniff(const char *at, const char *end);

#endif
