/*
 * scan.h - a few words of text, code point by code point: dates, spans.
 */
#ifndef HY_SCAN_H
#define HY_SCAN_H

#include "core/text.h"

enum { SCAN_CODES = 64 }; /* no date and no span people write is longer */

struct scan {
    uint32_t code[SCAN_CODES];
    int count, at;
};

/* Trimmed, full-width forms and odd blanks as their plain twins.  False: nothing is
 * left, or too much. */
bool scan_open(struct scan *scan, struct text text);
uint32_t scan_peek(const struct scan *scan); /* 0 = at the end */
bool scan_digit(uint32_t code);
void scan_blanks(struct scan *scan);
/* These go on only where they say true. */
bool scan_take(struct scan *scan, uint32_t code);
/* word: UTF-8, small letters; ASCII letters match in either case. */
bool scan_word(struct scan *scan, const char *word);
/* Digits as a number; returns how many there were, 0 = none or more than most. */
int scan_number(struct scan *scan, int most, int64_t *number);

#endif
