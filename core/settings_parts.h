/*
 * settings_parts.h - what the files that read huiyin.ini share.
 */
#ifndef HY_SETTINGS_PARTS_H
#define HY_SETTINGS_PARTS_H

#include "core/settings.h"

struct reading {
    const struct ini *ini;
    struct settings *settings;
    struct arena *memory;
    struct limit *limits; /* room for one of every section */
};

/* settings_words.c: in Chinese or English, any case; -1 = no such word, 0 = any. */
int settings_nature(const char *word);
int settings_urgency(const char *word);
int settings_channel(const char *word);

/* settings_limits.c: the section as one more limit.  HY_CONFIG names its line. */
enum status limits_take(const struct reading *reading,
                        const struct ini_section *section, struct error *err);
/* Most specific first; equal ones keep the order of the file. */
void limits_sort(struct limit *limits, size_t count);

#endif
