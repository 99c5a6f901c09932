/* reader_csv.h - between reader_csv.c (the grid), reader_csv_scan.c (records) and
 * csv_index.c (where fields end). */
#ifndef HY_READER_CSV_H
#define HY_READER_CSV_H

#include "ingest/reader.h"

/* How the text is cut: one delimiter, and which bytes end a line. */
struct csv_form {
    char delimiter[3]; /* UTF-8; '，' has three bytes */
    unsigned delimiter_length;
    bool lone_cr; /* the file ends its lines with CR alone */
};

/* Offsets of the bytes that end a field or record outside quotes, ascending, into
 * out (room for length + 64), up to the first place where quotes do not fit or CR
 * stands alone; whole blocks of 64 bytes only.  at is the beginning of a record. */
typedef size_t csv_indexer(const char *at, size_t length, char delimiter,
                           uint32_t *out);
enum csv_vectors { CSV_PLAIN, CSV_SSE2, CSV_AVX2, CSV_AVX512 };
/* The widest one of at most that width that this processor can do; NULL = none. */
csv_indexer *csv_indexer_of(enum csv_vectors vectors);

enum { CSV_WINDOW = 1 << 14 }; /* bytes looked at ahead: they stay in the cache */

struct csv_ahead {      /* what is known of the text from `from` on */
    csv_indexer *index; /* NULL: every record is read byte by byte */
    const char *from;   /* NULL = nothing */
    uint32_t *marks;    /* CSV_WINDOW + 64 */
    size_t count, next;
    unsigned rest,
        pause; /* records still to be read plainly; after the next surprise */
};

struct csv_scan {
    const char *at, *end; /* at: where the next record begins */
    struct csv_form form;
    uint64_t line;      /* physical line of at, 1-based */
    uint64_t wasted;    /* bytes looked at in vain for a closing quote */
    struct arena *file; /* where the array of cells grows */
    struct cell *cells; /* of the record at hand, used again by the next */
    uint32_t room;
    struct csv_ahead ahead;
};

/* Vectors as wide as allowed; zeroed, a scan reads byte by byte. */
void csv_look_ahead(struct csv_scan *scan, enum csv_vectors vectors);

/* One record.  Its cells are good until the next; their texts point into the text,
 * or into memory where quotes had to be taken out.  false at the end. */
bool csv_record(struct csv_scan *scan, struct arena *memory, struct row *row);

/* Delimiter and line ends by content. */
struct csv_form csv_sniff(const char *at, const char *end);

#endif
