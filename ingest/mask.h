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

#endif
