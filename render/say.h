/*
 * say.h - a figure, a change, a month in the words WORDING.md allows.
 *
 * Pure: results in, text in the arena out; nothing here knows a page.
 */
#ifndef HY_SAY_H
#define HY_SAY_H

#include "core/results.h"
#include "core/metrics.h"
#include "core/settings.h"
#include "core/wording.h"

struct teller {
    const struct wording *wording;
    const struct results *results;
    const struct settings *settings;
    struct arena *memory;
};

/* How much of a figure is printed: all of it, numerator, denominator, percentage,
 * numerator with percentage, interval, bare value. */
enum say_how { SAY_FULL, SAY_K, SAY_N, SAY_P, SAY_KP, SAY_RANGE };

/* base NULL = was never collected ("…").  *value (may be NULL) gets the number
 * for a workbook; VALUE_NONE when the words are not a plain number. */
const char *say_base(const struct teller *teller, const struct base *base,
                     enum unit unit, enum say_how how, struct value *value);

/* "按时办结 90.5%（到期该办完的 421 件中，按时办完 381 件）" and its short forms. */
const char *say_rate(const struct teller *teller, uint16_t metric,
                     const struct base *base);

/* The sentence the evidence allows; finding NULL = nothing to compare with. */
const char *say_verdict(const struct teller *teller, const struct finding *finding,
                        enum against against);
/* Icon and word: "＝ 无明显变化"; and the word alone. */
const char *say_verdict_mark(const struct teller *teller, enum verdict verdict);
const char *say_verdict_word(const struct teller *teller, enum verdict verdict);
/* The same of a finding: one that is barred says by what.  NULL = none. */
const char *say_finding_mark(const struct teller *teller,
                             const struct finding *finding);
const char *say_finding_word(const struct teller *teller,
                             const struct finding *finding);

/* "按时办结" in sentences: wording key "short.ID", else the dictionary's name. */
const char *say_metric(const struct teller *teller, uint16_t metric);
/* A member of a split as printed: "报修", "工程部", "未填". */
const char *say_key(const struct teller *teller, enum dimension dimension,
                    uint32_t key);
/* "9 月", with the year when it is not the year of the month reported. */
const char *say_month_short(const struct teller *teller, int32_t month);

/* The most important changes in at most two sentences (WORDING.md 2, notes), one that
 * stands alone with its amount where asked for; returns how many. */
size_t say_lead(const struct teller *teller, bool amounts, const char *sentences[2]);
/* 上月遗留 58 ＋ 本月新增 452 ＋ … ＝ 月底在办 56 件，其中超过 30 天 9 件 */
const char *say_account(const struct teller *teller);
/* Open for more than 30 days; -1 = not known. */
int64_t say_over_month(const struct teller *teller, enum dimension dimension,
                       uint32_t key, int32_t month);

/* The fixed opening of the signs to check: how many, of how many comparisons, how many
 * would pass by chance. */
const char *say_signs(const struct teller *teller);
/* What of the change of the on-time rate is doing better and what is other work; says
 * why when it may not be compared. */
const char *say_mix(const struct teller *teller);

/* A ticket's field as clerks call it ("field.NAME" of the wording), and a value of it
 * as core/facts.h keeps it in a correction: seconds ('d' behind: a day), code, word. */
const char *say_field(const struct teller *teller, const char *field);
const char *say_field_value(const struct teller *teller, const char *field,
                            const char *text);

/* Control characters, marks that turn the direction of writing, and invalid
 * bytes never reach a page. */
const char *say_clean(struct arena *memory, const char *text);

#endif
