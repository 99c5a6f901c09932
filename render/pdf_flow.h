/* pdf_flow.h - a document onto pages: heads, feet, breaks, the draft mark. */
#ifndef HY_PDF_FLOW_H
#define HY_PDF_FLOW_H

#include "render/pdf_set.h"

/* Draws every page; HY_INTERNAL naming what does not fit. */
enum status flow_document(struct setter *setter, const struct doc *doc,
                          struct error *err);

#endif
