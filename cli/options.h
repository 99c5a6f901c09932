/*
 * options.h - the command line read by tables: each verb's own options and the
 * common ones.  A wrong option is HY_USAGE with the nearest known name.
 */
#ifndef HY_OPTIONS_H
#define HY_OPTIONS_H

#include "cli/verb.h"

extern const struct option_spec common_options[];

/* arguments after the verb's name; *help is set by --help anywhere. */
enum status options_read(const struct verb *verb, int count, char **arguments,
                         struct arena *memory, const struct options **out, bool *help,
                         struct error *err);

#endif
