/*
 * settings.h - huiyin.ini, written by a clerk in Notepad: BOM, GBK, CRLF and
 * full-width punctuation are fine; Chinese names stand for the English ones.
 * An unknown section or key is an error with file, line, the line and the
 * nearest known word.  The generic INI reader below serves maps and wording.
 */
#ifndef HY_SETTINGS_H
#define HY_SETTINGS_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/calendar.h"
#include "core/facts.h"
#include "core/text.h"

struct limit {               /* one [limits.NATURE.URGENCY[.CATEGORY]] */
    uint8_t nature, urgency; /* 0 = any */
    const char *category;    /* NULL = any */
    enum clock clock;
    int64_t respond, arrive, finish; /* seconds, or days for workday; 0 = none */
};

struct redefinition { /* [changes] 2026-10 = what was changed in the way of counting */
    int32_t month;
    const char *what;
};

struct settings {
    const char *estate, *estate_en, *overseer, *centre, *phone, *mailbox;
    const char *web; /* address of the published notices; NULL or "" = none */
    const char *inbox, *out, *calendar_file, *language;
    int issue_first_month; /* month (year * 12 + month - 1) of issue no. 1; 0 = the
                              first month in the data */
    int cutoff_days, month_start;
    int window_repeat, window_reopen, window_link; /* days */
    int threshold_public, threshold_committee;
    double target_ontime, target_satisfied;   /* fractions; 0 = none */
    uint32_t exempt_channels, exempt_natures; /* revisit: bit per code */
    size_t department_count;
    const char *const *departments; /* order on the pages */
    size_t limit_count;
    const struct limit *limits; /* most specific first */
    size_t change_count;
    const struct redefinition *changes; /* in the order of the file */
    struct calendar calendar;           /* hours filled in here */
};

/* path NULL or absent file: the defaults.  templates: directory of templates/. */
enum status settings_load(const char *path, const char *templates, struct arena *memory,
                          struct settings *settings, struct error *err);
/* The limit that holds for a ticket, or NULL. category is its word or NULL. */
const struct limit *settings_limit(const struct settings *settings, uint8_t nature,
                                   uint8_t urgency, const char *category);

/* --- INI, the shape of settings, maps and wording (design/MAPS.md 1) ------ */
struct ini_pair {
    const char *key, *value; /* full-width punctuation as plain, trimmed */
    const char *written;     /* the value as it was typed, trimmed */
    int line;
};
struct ini_section {
    const char *name, *argument; /* [values nature] -> "values", "nature" */
    int line;
    size_t count;
    const struct ini_pair *pairs;
};
struct ini {
    const char *path;
    size_t count;
    const struct ini_section *sections;
    size_t line_count;
    const struct text *lines; /* for quoting in messages */
};

enum status ini_load(const char *path, struct arena *memory, struct ini *ini,
                     struct error *err);
enum status ini_parse(const char *path, const unsigned char *bytes, size_t length,
                      struct arena *memory, struct ini *ini, struct error *err);
/* HY_CONFIG "path:line:column: what / the line / caret / remedy". column 1-based
 * in characters, 0 = the whole line. */
enum status ini_complain(const struct ini *ini, int line, int column, struct error *err,
                         const char *fmt, ...) HY_PRINTF(5, 6);

#endif
