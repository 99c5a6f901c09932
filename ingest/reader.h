/*
 * reader.h - bytes to plain cells: a format, no header, no meaning.
 *
 * To add a format: one file reader_NAME.c that ends with a const struct reader,
 * and one row in readers.c.  Input is a source (bytes in memory, mapped), so one
 * fuzz target drives all readers.  Cells are valid UTF-8 spans that live as long
 * as the batch's memory (or the file arena where said).
 */
#ifndef HY_READER_H
#define HY_READER_H

#include "core/arena.h"
#include "core/text.h"

enum cell_kind {
    CELL_ABSENT,
    CELL_TEXT,
    CELL_NUMBER,
    CELL_DATE,
    CELL_DATETIME,
    CELL_BOOL,
    CELL_ERROR
};

struct cell {
    struct text text; /* as shown; a date as ISO, a number as shortest */
    enum cell_kind kind;
    int64_t time; /* DATE, DATETIME: civil seconds */
};

/* ="007", by which exporters keep Excel from making a number of a text: what Excel
 * shows of it, 007, within the same bytes.  Any other text as it is. */
struct text cell_shown(struct text text);

struct row {
    uint64_t number; /* physical row or record in the sheet, 1-based */
    struct text raw; /* source text where the format has one, or absent */
    uint32_t count;
    const struct cell *cells;
    bool hidden;         /* by a filter: loads, and is reported */
    const char *damage;  /* NULL, or why the row cannot be trusted
                            (reject code name: "column_count" ...) */
    uint32_t down_count; /* its cells that stand for the rows below as well */
    const struct merge *downs;
};

struct merge { /* an area joined to one cell; rows and columns count from 0 */
    uint32_t row, column, last_row, last_column;
};
enum {
    DOWNS_MOST = 1 << 18 /* of a sheet; 4 MiB. More joins than a year has rows are no
                            register */
};
#define READER_DOWNS \
    "合并的单元格超过 %d 处，不予读取：请取消合并后重新导出 (too many merged cells)"

enum { BATCH_ROWS = 1024 };

struct batch {
    struct arena *memory; /* owned; reset by the user before next() */
    uint32_t sheet, count;
    struct row rows[BATCH_ROWS];
};

struct source {
    const char *path; /* for messages; decides nothing but what a name that says
                         .json claims: text that is no JSON is refused */
    const unsigned char *bytes;
    size_t length;
};

struct read_options {
    const char *encoding; /* --encoding or [read], NULL = detect */
    char delimiter;       /* 0 = detect */
    bool keep_blank;      /* look --raw: wholly blank rows too, and a file in
                             which there are no records */
};

struct sheet {
    const char *name; /* "" where the format has none */
    bool hidden;
    bool date1904;
    bool titled;                 /* row 1 holds the names (JSON): no search needed */
    const char *member, *format; /* of an archive: file in it, its reader; else NULL */
    size_t number;               /* of an archive: 0-based in that file */
    size_t merge_count;          /* merged areas of the first 20 rows */
    const struct merge *merges;
};

struct grid; /* each reader's own */

enum { PROBE_STARVED = -1 };

struct reader {
    const char *name, *summary;
    /* 0..100, how sure, or PROBE_STARVED: no memory to tell; looks at no name. */
    int (*probe)(const struct source *source);
    enum status (*open)(struct grid **out, const struct source *source,
                        const struct read_options *options, struct arena *file,
                        struct error *err);
    enum status (*sheets)(struct grid *grid, const struct sheet **sheets, size_t *count,
                          struct error *err);
    /* Fills batch with the next rows of that sheet; HY_END when there are none
     * left.  Wholly blank rows are left out.  Sheets are read in order. */
    enum status (*next)(struct grid *grid, size_t sheet, struct batch *batch,
                        struct error *err);
    void (*close)(struct grid *grid);             /* NULL is allowed */
    const char *(*note)(const struct grid *grid); /* "GB18030", "UTF-8" or NULL;
                                                     member may be NULL */
};

/* The reader most sure of the bytes; HY_DATA with what to do when none is
 * (a PDF, .gz, .docx, BIFF .xls ... are refused by their name). */
enum status reader_choose(const struct source *source, const struct reader **out,
                          struct error *err);
const struct reader *reader_named(const char *name); /* NULL = no such */
const struct reader *const *readers_all(size_t *count);

/* Maps the file read-only; HY_NOINPUT, HY_DATA when empty or over the limit.  The
 * message does not name the file: the caller adds where. */
enum status source_open(struct source *source, const char *path, struct error *err);
void source_close(struct source *source);
/* Does its name end so?  Only to word a refusal, never to read by. */
bool source_claims(const struct source *source, const char *end);
#define READER_ET \
    "这是 WPS 自己的格式，请用 WPS 打开，另存为 xlsx (WPS's own format: save as xlsx)"

#endif
