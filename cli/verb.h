/*
 * verb.h - what the command can do, one file each.
 *
 * To add one: verb_NAME.c that ends with a const struct verb, and one row in
 * verbs.c.  Option parsing, help, man page and completion come from the tables.
 */
#ifndef HY_VERB_H
#define HY_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_MONTH, OPTION_NUMBER };

struct option_spec {
    const char *name, *value, *summary, *preset;
    enum option_type type;
    bool repeats;
};

struct options;

/* Given by the name without dashes; NULL or 0 when not given. */
bool option_flag(const struct options *options, const char *name);
const char *option_text(const struct options *options, const char *name); /* or NULL */
size_t option_count(const struct options *options, const char *name);
const char *option_nth(const struct options *options, const char *name, size_t nth);
size_t operand_count(const struct options *options);
const char *operand(const struct options *options, size_t nth);

struct verb {
    const char *name, *operands, *summary;
    const struct option_spec *options; /* ends with a NULL name */
    enum status (*run)(const struct options *options, struct arena *memory,
                       struct error *err);
};

const struct verb *const *verbs_all(size_t *count);

#endif
