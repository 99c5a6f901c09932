/*
 * wording.h - every sentence a user reads, from templates/wording (*.ini).
 *
 * [zh] and [en] sections hold key = sentence with {name} places.  A key that
 * is missing in the language asked for is taken from zh; missing altogether it
 * prints as the key itself, and a test fails.
 */
#ifndef HY_WORDING_H
#define HY_WORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"

struct wording;

enum status wording_load(const char *directory, const char *language,
                         struct arena *memory, const struct wording **wording,
                         struct error *err);
const char *wording_get(const struct wording *wording, const char *key);
bool wording_has(const struct wording *wording, const char *key);

/* Pairs of name, value (both const char *), ended by NULL:
 *   wording_say(w, memory, "flow", "a", "58", "b", "452", NULL) */
const char *wording_say(const struct wording *wording, struct arena *memory,
                        const char *key, ...) __attribute__((sentinel));
const char *wording_language(const struct wording *wording); /* "zh", "en" */

/* A sentence that is not spoken yet: what a pass found, kept as key, names and values
 * so that every language can say it.  Pairs as for wording_say; two of them may be
 * joined, and are said with the comma of a list between.  A value that begins with @
 * is itself a key. */
const char *phrase(struct arena *memory, const char *key, ...)
    __attribute__((sentinel));
const char *phrase_join(struct arena *memory, const char *first, const char *second);
const char *wording_phrase(const struct wording *wording, struct arena *memory,
                           const char *phrase);

/* As the first words of a sentence, a row or a heading: English with a capital. */
const char *wording_head(const struct wording *wording, struct arena *memory,
                         const char *text);

/* --- numbers as they stand on paper (WORDING.md 0) ------------------------ */
const char *say_count(struct arena *memory, int64_t count); /* 1,234 */
/* Half away from zero on the decimal a reader sees: 0.125 with 2 places is 0.13. */
const char *say_decimal(struct arena *memory, double number, int places);
const char *say_percent(struct arena *memory, double fraction); /* 90.5% */
const char *say_points(const struct wording *wording, struct arena *memory,
                       double fraction); /* 7.8 个百分点 */
/* < 2 h in minutes, to 48 h in hours, then days; with the unit. */
const char *say_hours(const struct wording *wording, struct arena *memory,
                      double hours);
const char *say_month(const struct wording *wording, struct arena *memory,
                      int32_t month); /* 2026 年 10 月, October 2026 */
/* With its year only when that is not the year of the month it is told beside. */
const char *say_month_beside(const struct wording *wording, struct arena *memory,
                             int32_t month, int32_t beside); /* 10 月, October */
const char *say_day(const struct wording *wording, struct arena *memory, int32_t day,
                    bool with_year); /* 10 月 31 日, 31 October */
/* As narrow columns hold it: 2026 年 10 月 31 日, 2026-10-31. */
const char *say_day_cell(const struct wording *wording, struct arena *memory,
                         int32_t day);
/* Both days belong to it: 2026 年 10 月 1 日至 10 月 31 日, 1–31 October 2026. */
const char *say_days(const struct wording *wording, struct arena *memory, int32_t first,
                     int32_t last);

#endif
