/*
 * render_xlsx_parts.h - what the files that write a workbook share; nobody else.
 */
#ifndef HY_RENDER_XLSX_PARTS_H
#define HY_RENDER_XLSX_PARTS_H

#include <xlsxwriter.h>

#include "render/doc_parts.h"

enum xlsx_look {
    LOOK_TEXT,
    LOOK_BOLD,
    LOOK_TITLE,
    LOOK_LEAD,
    LOOK_HEADING,
    LOOK_NOTE,
    LOOK_HEAD, /* head row of a table */
    LOOK_CELL,
    LOOK_CELL_RIGHT,
    LOOK_COUNT,
    LOOK_NUMBER,
    LOOK_SHARE,
    LOOK_HOURS,
    LOOK_DAY,
    LOOK_TIME,
    LOOK_TOTAL_TEXT,
    LOOK_TOTAL_RIGHT,
    LOOK_TOTAL_COUNT,
    LOOK_TOTAL_NUMBER,
    LOOK_TOTAL_SHARE,
    LOOK_TOTAL_HOURS,
    LOOKS
};

enum { XLSX_COLUMNS = 64 };

struct xlsx {
    lxw_workbook *book;
    lxw_worksheet *sheet; /* being written */
    const char *sheet_name;
    lxw_format *look[LOOKS];
    struct arena *memory;
    const struct doc *doc;
    uint32_t row;
    int widths[XLSX_COLUMNS];
    size_t columns;           /* widest so far on this sheet */
    size_t tables;            /* so far on this sheet, those of charts included */
    uint32_t head, head_rows; /* of a first one near the top; no rows = none */
    size_t sheets;
    const char *names[200];
    bool opening; /* the first heading stands on the first sheet */
    int level;    /* headings of this level begin a sheet */
    struct xlsx_share {
        const char *before, *after;
        bool total;
        lxw_format *look;
    } shares[150]; /* "251（"0.0%"）": Excel bears some 200 of them */
    size_t share_count;
    lxw_error failed; /* the first refusal; checked at the end */
};

/* Text as a workbook may hold it: valid, no control characters, at most 32,767
 * UTF-16 units. */
const char *xlsx_text(struct arena *memory, const char *text);
void xlsx_looks(struct xlsx *xlsx);
void xlsx_put_text(struct xlsx *xlsx, uint32_t row, size_t column, const char *text,
                   enum xlsx_look look);
void xlsx_put_number(struct xlsx *xlsx, uint32_t row, size_t column, double number,
                     const char *shown, enum xlsx_look look);
void xlsx_put_value(struct xlsx *xlsx, uint32_t row, size_t column, const char *text,
                    const struct value *value, bool right, bool total);
void xlsx_sheet(struct xlsx *xlsx, const char *name);
void xlsx_sheet_end(struct xlsx *xlsx);
/* Across six columns, as high as its length needs. */
void xlsx_paragraph(struct xlsx *xlsx, const char *text, enum xlsx_look look);
void xlsx_table(struct xlsx *xlsx, const struct table *table);
void xlsx_chart(struct xlsx *xlsx, const struct chart *chart);

/* The level of headings that begin a sheet: the highest the document has. */
int xlsx_level(const struct doc *doc);
enum status xlsx_write(const struct doc *doc, const char *path, struct error *err);
/* Reads the finished file back: every part well-formed, cells, numbers and their
 * sum as the document has them; and a second writing beside it gives the same bytes. */
enum status xlsx_verify(const struct doc *doc, const char *path, struct error *err);

#endif
