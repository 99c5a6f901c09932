/*
 * mask.h - takes telephone numbers, identity cards, plates, addresses of mail
 * and names out of free text on its way in.
 */
#ifndef HY_MASK_H
#define HY_MASK_H

#include "ingest/words.h"

struct mask;

const struct mask *mask_open(const struct vocabulary *words, struct arena *memory);
/* text itself when there is nothing to hide, else a masked copy in memory. */
struct text mask_text(const struct mask *mask, struct text text, struct arena *memory);
/* A word of an open vocabulary (a department, a category, a place) or the name of a
 * file without the telephone numbers and identity cards in it, and without the
 * brackets and commas that then hold nothing: 工程部(13812345678) = 工程部.  text
 * itself when there is none; empty when it was nothing else.  Stricter than mask_text()
 * on what counts as a number: eight digits may be the code of a lift, eighteen are a
 * card only with a date of birth in them. */
struct text mask_word(struct text text, struct arena *memory);

#endif
