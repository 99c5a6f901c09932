/*
 * biff.h - the records of an old .xls workbook (BIFF8): what a sheet's cells are,
 * before they become rows.  Source: [MS-XLS].
 */
#ifndef HY_BIFF_H
#define HY_BIFF_H

#include "core/arena.h"
#include "core/text.h"

enum biff_kind { BIFF_NUMBER, BIFF_TEXT, BIFF_BOOL, BIFF_ERROR };

struct biff_cell {
    uint32_t row, column; /* 0-based */
    uint32_t order;       /* position in the file: the later one wins */
    uint8_t kind;         /* enum biff_kind */
    uint16_t style;       /* index of its XF */
    double number;
    struct text text;
};

struct biff_sheet {
    const char *name;
    uint32_t offset; /* of its BOF in the stream */
    bool hidden, is_worksheet;
};

struct biff_merge {
    uint32_t row, last_row, column, last_column;
};

struct biff {
    const unsigned char *bytes;
    size_t length;
    struct arena *memory;
    bool date1904;
    size_t sheet_count, string_count, xf_count, format_count;
    struct biff_sheet *sheets;
    struct text *strings; /* shared strings */
    uint16_t *xf_format;  /* number format of each XF */
    struct biff_format {
        uint16_t index;
        const char *code;
    } * formats;
};

struct biff_cells {
    size_t count, merge_count;
    struct biff_cell *cells; /* by row, then column; one per place */
    const uint8_t *hidden;   /* per row 0..hidden_count-1 */
    uint32_t hidden_count;
    struct biff_merge *merges;
};

/* Reads the workbook's globals; HY_DATA for passwords, older versions, damage. */
enum status biff_open(struct biff *biff, const unsigned char *stream, size_t length,
                      struct arena *memory, struct error *err);
enum status biff_read_sheet(const struct biff *biff, size_t sheet, struct arena *memory,
                            struct biff_cells *cells, struct error *err);
/* The format code of an index, NULL for a builtin one. */
const char *biff_format_code(const struct biff *biff, uint16_t index);

#endif
