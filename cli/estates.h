/*
 * estates.h - one command for many estates: each folder with a huiyin.ini in a process
 * of its own, at most one per core.
 */
#ifndef HY_ESTATES_H
#define HY_ESTATES_H

#include "cli/options.h"
#include "cli/verb.h"

/* "--estates DIR", for the options of a verb. */
#define ESTATES_OPTION                                                                 \
    {                                                                                  \
        "estates", "DIR",                                                              \
            "这个文件夹下每个有 huiyin.ini 的小区各做一遍 / for each estate's folder", \
            NULL, OPTION_TEXT, false                                                   \
    }

/* Runs the verb in every folder of DIR that has a huiyin.ini, as if it were started
 * there (its database, inbox and reports); what each says is told in the order of the
 * names.  The worst outcome is given, the others are still done.  HY_USAGE with --db,
 * --settings, --out or files, HY_NOINPUT when there is no estate. */
enum status estates_run(const struct verb *verb, const struct options *options,
                        struct arena *memory, struct error *err);

#endif
