/* fill.h - workbooks for people to fill in: sheets of titled columns, words to choose.
 */
#ifndef HY_FILL_H
#define HY_FILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct fill_column {
    const char *title;
    int width;                  /* characters, 0 = as wide as the title */
    const char *const *options; /* drop-down for every row, ends with NULL; or NULL */
    bool beside;                /* not the filler's: grey */
};
enum fill_look { FILL_PLAIN, FILL_EXAMPLE /* grey, italic */ };
struct fill_row {
    enum fill_look look;
    const char *const *cells; /* one a column, NULL = empty */
};
struct fill_sheet {
    const char *name; /* made to fit a sheet's name */
    size_t column_count, row_count;
    const struct fill_column *columns; /* one a cell of each row */
    const struct fill_row *rows;
    bool plain; /* lines to read: no row of titles, one wide column */
};
struct fill_book {
    const char *title;
    int64_t when; /* civil seconds: the document's date, no clock; 0 = of no day */
    size_t sheet_count;
    const struct fill_sheet *sheets;
};

/* libxlsxwriter takes the clock for 0: what speaks of no day is of 1980, as old as a
 * zip file can be. */
enum { FILL_NO_DAY = 315532800 };

/* May the words (ended by NULL, *count of them) stand in a drop-down rule itself?  A
 * comma divides them there, and libxlsxwriter overruns its buffer on longer ones. */
bool fill_short_list(const char *const *options, size_t *count);
/* Spreadsheets do not find the height of a wrapped row by themselves when they print a
 * file as it came: points for a text in a column of width characters. */
int fill_height(const char *text, int width);
/* A4 lying, as wide as the columns of total characters stay readable; titles repeat. */
struct lxw_worksheet; /* the library's */
void fill_print_setup(struct lxw_worksheet *page, int total);
enum { FILL_CELL_MOST = 32767 }; /* UTF-8 characters a cell can hold */
/* Every cell is text: nothing becomes a formula, a number or a date.  Written aside,
 * then renamed, mode 0600.  Cells longer than FILL_CELL_MOST: HY_INTERNAL. */
enum status fill_write(const struct fill_book *book, const char *path,
                       struct arena *memory, struct error *err);

#endif
