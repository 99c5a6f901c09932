/*
 * text.h - spans of UTF-8, what bytes are written in, and how words compare.
 *
 * A struct text is a span: not NUL-ended, always valid UTF-8 from the reader
 * onwards.  at == NULL is "absent", length 0 with at != NULL is "empty"; the
 * two are not the same.
 */
#ifndef HY_TEXT_H
#define HY_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct text {
    const char *at;
    uint32_t length;
};

#define TEXT(literal) ((struct text){ (literal), sizeof(literal) - 1 })

struct text text_of(const char *string); /* NULL stays absent */
bool text_is(struct text text, const char *string);
bool text_equal(struct text a, struct text b);
bool text_ends(struct text text, const char *end); /* "monthly.md", ".md"; by bytes */
struct text text_trim(struct text text);           /* blanks incl. U+3000, NBSP */
char *text_copy(struct arena *memory, struct text text); /* NUL-ended */

/* One code point; *at advances.  Invalid bytes give U+FFFD, one byte at a time. */
uint32_t text_next(const char **at, const char *end);
size_t text_put(uint32_t code, char out[4]);
/* Length of the valid UTF-8 prefix (strict: no surrogates, <= U+10FFFF). */
size_t text_valid(const char *at, size_t length);
/* Columns on a terminal: wide East Asian characters count 2. */
int text_width(struct text text);

/* Folded for comparing words and titles: NFKC for the characters offices use
 * (full-width forms, circled digits, compatibility forms), lower case, blanks
 * removed.  text_fold_title also drops `_ - . / : ( ) [ ] 【】 *`, line breaks
 * and a trailing unit in brackets. */
struct text text_fold(struct text text, struct arena *memory);
struct text text_fold_title(struct text text, struct arena *memory);

/* Edits between two short words (Levenshtein on code points), for "did you
 * mean"; the nearest of count names, or NULL if none is near. */
const char *text_nearest(const char *word, const char *const *names, size_t count);

enum encoding {
    ENCODING_UNKNOWN,
    ENCODING_UTF8,
    ENCODING_GB18030,
    ENCODING_BIG5,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_UTF32LE,
    ENCODING_UTF32BE
};

/* What the bytes are written in, by BOM, NUL pattern, share of valid sequences
 * and commonest hanzi (PROMISES finding 8); ENCODING_UNKNOWN = ask. *bom gets
 * the bytes to skip. */
enum encoding encoding_detect(const unsigned char *bytes, size_t length, size_t *bom);
enum encoding encoding_named(const char *name); /* "gbk", "utf-8", "big5" ... */
const char *encoding_name(enum encoding encoding);

/* The whole as UTF-8 in memory.  Sequences that cannot be decoded become U+FFFD
 * and are counted in *bad, never dropped; so is a NUL.  Valid UTF-8 is given back
 * as it stands, without a copy: bytes must outlive *out. */
enum status encoding_decode(enum encoding encoding, const unsigned char *bytes,
                            size_t length, struct arena *memory, struct text *out,
                            size_t *bad, struct error *err);

#endif
