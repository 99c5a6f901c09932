/* pdf_flow.h - a document onto pages: heads, feet, breaks, the draft mark. */
#ifndef HY_PDF_FLOW_H
#define HY_PDF_FLOW_H

#include "render/pdf_set.h"

/* Draws every page; HY_INTERNAL naming what does not fit. */
enum status flow_document(struct setter *setter, const struct doc *doc,
                          struct error *err);
/* pdf_single.c: all of it on one page. */
enum status flow_single(struct setter *setter, const struct doc *doc,
                        struct error *err);

/* pdf_strip.c: one narrow column for a telephone, on pages of the height they need,
 * to be put below each other. */
enum status flow_strips(struct setter *setter, const struct doc *doc,
                        struct error *err);

/* --- pdf_rim.c: what stands around the blocks of a page -------------------- */
double rim_head(struct setter *setter, const struct doc *doc, double x, double y,
                double width);
/* The mark of a draft slantwise around (middle, centre), at most that long. */
void rim_draft(struct setter *setter, const char *text, double middle, double centre,
               double most);
double rim_foot_height(struct setter *setter, const struct doc *doc);
/* A new page (0 = the first) with its head; *top and *bottom bound what is left of
 * it. */
void rim_page(struct setter *setter, const struct doc *doc, size_t page, double *top,
              double *bottom);
/* The feet of all pages, when their number is known. */
void rim_feet(struct setter *setter, const struct doc *doc);

#endif
