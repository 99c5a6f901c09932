/*
 * words.h - what titles and cell words mean: templates/words (tab-separated).
 *
 * Titles and words are compared folded (core/text.h).  The code numbers of the
 * closed vocabularies are those of table `code` in core/schema.sql.
 */
#ifndef HY_WORDS_H
#define HY_WORDS_H

#include <stdbool.h>

#include "core/record.h"
#include "core/text.h"

struct vocabulary;

/* directory: templates/words.  HY_CONFIG names file and line of what is wrong. */
enum status words_load(struct vocabulary **out, const char *directory,
                       struct arena *memory, struct error *err);
const unsigned char *words_hash(const struct vocabulary *words); /* 32 bytes */

/* Field a title means for that kind (history and partial read as ticket), or
 * NULL.  title is folded by text_fold_title. */
const char *words_field(const struct vocabulary *words, enum record_kind kind,
                        struct text title);
/* "must", "should", "may", "pii", "skip"; NULL for an unknown field. */
const char *words_level(const struct vocabulary *words, enum record_kind kind,
                        const char *field);
bool words_title(const struct vocabulary *words, struct text title); /* any kind */
/* Canonical word of a folded cell word in a domain, or NULL. */
const char *words_value(const struct vocabulary *words, const char *domain,
                        struct text word);
/* Words of a pattern of mask.tsv ("title", "surname" ...), unfolded. */
const struct text *words_list(const struct vocabulary *words, const char *pattern,
                              size_t *count);
/* One more word of a domain, said by a person; comes before the shared ones. */
void words_teach(struct vocabulary *words, const char *domain, struct text word,
                 const char *canonical);
bool words_total(const struct vocabulary *words, struct text folded); /* 合计 ... */

/* Code of a canonical word of a closed domain; -1 = no such word. */
int code_find(const char *domain, struct text word);
const char *word_code_name(const char *domain, int code); /* NULL = no such code */
/* The canonical words of a domain from code 0 or 1 on, NULL-ended; or NULL. */
const char *const *code_words(const char *domain);

#endif
