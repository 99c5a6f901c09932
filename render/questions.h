/* questions.h - the workbook of open questions (待确认.xlsx), to be filled in. */
#ifndef HY_QUESTIONS_XLSX_H
#define HY_QUESTIONS_XLSX_H

#include <stdint.h>

#include "core/arena.h"

struct ask_row {
    const char *key, *text;
    const char *const *options; /* ends with NULL */
};
struct ask_sheet {
    const char *name, *titles[3];
    int64_t when; /* civil seconds: the document's date, no clock */
    size_t count;
    const struct ask_row *rows;
};
/* Written aside, then renamed, mode 0600. */
enum status questions_write(const struct ask_sheet *sheet, const char *path,
                            struct arena *memory, struct error *err);

#endif
