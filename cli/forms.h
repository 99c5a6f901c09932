/*
 * forms.h - the empty registers people fill in, from templates/forms.tsv: what stands
 * in them is data, a new register or column needs no C.
 */
#ifndef HY_FORMS_H
#define HY_FORMS_H

#include "cli/session.h"

struct form_column {
    const char *form, *book, *sheet; /* "estate", 家底, 设备 */
    const char *title, *words, *example, *note;
    bool must;
};
struct forms {
    size_t count;
    const struct form_column *columns; /* those of one form together */
};

/* HY_CONFIG with file and line where the table cannot be read. */
enum status forms_load(const struct session *session, struct forms *forms,
                       struct error *err);
/* The index of the first column of a form by key, book or sheet; -1 = no such. */
int forms_find(const struct forms *forms, const char *name);
/* The form that begins at `first` as a workbook: 怎么填, then its sheets. */
enum status forms_write(const struct session *session, const struct forms *forms,
                        size_t first, const char *path, struct error *err);

/* The form of one sheet with rows instead of the example: the first `given` cells of
 * each, in the order of the columns; the rest is to be filled in.  when: its date. */
enum status forms_fill(const struct session *session, const struct forms *forms,
                       size_t first, const char *const *const *rows, size_t count,
                       size_t given, int64_t when, const char *path, struct error *err);

#endif
