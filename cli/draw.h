/*
 * draw.h - which cases the committee calls back, drawn by a seed.
 *
 * The seed is the `draw` line of the list (manifest_seed): made of the published tables
 * and the list before and of no page, so a page may carry what is drawn by it.  A
 * case's lot is the SHA-256 of "SEED NUMBER"; the smallest lots are drawn, the next are
 * the spares.  Who knows the seed and the numbers of the cases can draw again with
 * sha256sum alone, and nobody chooses: another list asks for other published figures.
 * A revision therefore draws none; the list of the first issue stands.
 */
#ifndef HY_DRAW_H
#define HY_DRAW_H

#include "cli/figures.h"

enum { DRAW_SAMPLE = 20, DRAW_SPARES = 10 }; /* WORDING 5.1 */

/* Fills out with up to `most` indexes of numbers in the order drawn; returns how many.
 * Equal numbers keep their order. */
size_t draw_lots(const char *seed, const char *const *numbers, size_t count,
                 struct arena *memory, size_t *out, size_t most);

enum draw {
    DRAW_NOT,   /* a preview: drawn when it is published */
    DRAW_NOW,   /* the first issue of a month */
    DRAW_BEFORE /* a revision */
};
/* Adds the listing "callbacks" to the committee's view: number of the sample, last four
 * of the ticket's, subject, what the record says.  The one cell of "callbacks.seed"
 * is the seed.  DRAW_BEFORE: "callbacks.before", without rows. */
void draw_add(const struct session *session, const struct figures *figures,
              enum draw draw, const char *seed, struct results *view);
/* The same rows in the form 抽查回访, to be filled in and fed again; nothing when no
 * case can be drawn. */
enum status draw_form(const struct session *session, const struct figures *figures,
                      const char *seed, const char *folder, struct error *err);

#endif
