/* reader_xlsx.h - between the parts of the workbook reader: strings, styles, sheets. */
#ifndef HY_READER_XLSX_H
#define HY_READER_XLSX_H

#include "core/xml.h"
#include "core/zip.h"
#include "ingest/reader.h"

/* Text gathered from pieces; the buffer grows in the arena and is used again. */
struct gather {
    struct arena *memory;
    char *at;
    size_t length, room;
};

void gather_clear(struct gather *gather);
void gather_add(struct gather *gather, const char *text, size_t length);

/* The text of a <t>: blanks at the ends count only with xml:space="preserve". */
struct text xlsx_trim(struct text text, bool preserve);
/* _x000D_ and its kin become characters.  The text itself when there are none. */
struct text xlsx_unescape(struct text text, struct arena *memory);

struct xlsx_strings {
    size_t count;
    const struct text *texts;
};

/* How a number format shows a number. */
enum xlsx_format { XLSX_PLAIN, XLSX_DATE, XLSX_DATE_TIME, XLSX_TIME, XLSX_ELAPSED };

struct xlsx_styles {
    size_t count;
    const unsigned char *formats; /* enum xlsx_format by cell style */
};

enum xlsx_format xlsx_format_builtin(int id);
enum xlsx_format xlsx_format_code(const char *code);

/* Areas of a sheet that reach down, by row: those of the rows as they come. */
struct downs {
    struct merge *areas;
    size_t count, room, at;
};

struct xlsx_book {
    struct zip *zip;
    struct arena *file;
    struct xlsx_strings strings;
    struct xlsx_styles styles;
    size_t sheet_count;
    struct sheet *sheets;
    int *members;        /* of each sheet in the archive */
    struct downs *downs; /* of each sheet, once the merged areas are read */
    bool date1904, keep_blank;
};

/* Any member as XML events; index < 0 is an absent part and gives none. */
enum status xlsx_parse(struct zip *zip, int index, const struct xml_events *events,
                       void *self, struct error *err);
enum status xlsx_read_strings(struct zip *zip, int index, struct arena *file,
                              struct xlsx_strings *strings, struct error *err);
enum status xlsx_read_styles(struct zip *zip, int index, struct arena *file,
                             struct xlsx_styles *styles, struct error *err);
/* Sheets in order of the workbook, date system, strings and styles. */
enum status xlsx_read_book(struct xlsx_book *book, struct error *err);
/* Merged areas of the first rows of every sheet, and all that reach down. */
enum status xlsx_read_merges(struct xlsx_book *book, struct error *err);

enum status downs_add(struct downs *downs, const struct merge *area,
                      struct arena *memory, struct error *err);
void downs_sort(struct downs *downs);
/* Those that begin in the row (counted from 0); an earlier row begins anew. */
void downs_of(struct downs *downs, uint32_t number, struct row *row);

/* "BC12" -> row and column from 0; false when it is no reference. */
bool xlsx_reference(const char *text, size_t length, uint32_t *row, uint32_t *column);

/* A cell out of its type letter, style and text as the file has it. */
struct cell xlsx_cell(const struct xlsx_book *book, const char *type, size_t style,
                      struct text text, struct arena *memory, const char **damage);

/* A moment written in full, "2026-10-01T08:29:59.99": the fraction is rounded to the
 * second, as that of a number is.  False: it is none a ticket may have. */
bool xlsx_moment(struct text text, int64_t *time, bool *date_only);
/* Civil seconds as a cell, its text "2026-10-01 08:30:00" or the day alone, the same
 * from every kind of sheet; the text lives in memory. */
struct cell xlsx_day_time(int64_t time, bool date_only, struct arena *memory);
/* A number (days) shown as a time of day only: a moment where it lies in the years of
 * tickets, else a length of time, "26:03:04". */
struct cell xlsx_time(double serial, bool date1904, struct arena *memory);

struct xlsx_stream; /* one sheet being read */

enum status xlsx_stream_open(struct xlsx_stream **out, const struct xlsx_book *book,
                             size_t sheet, struct error *err);
enum status xlsx_stream_next(struct xlsx_stream *stream, struct batch *batch,
                             struct error *err);
void xlsx_stream_close(struct xlsx_stream *stream);

#endif
