/* pdf_words.h - are all words of a document in its finished PDF? */
#ifndef HY_PDF_WORDS_H
#define HY_PDF_WORDS_H

#include "render/doc.h"
#include "render/pdf_readback.h"

/* Counts every visible character of the document (what may give way on a full single
 * page apart) and of the pages read back; HY_INTERNAL with the first of which the file
 * has too few.  Finds a block or a cell the layout forgot; the order is said_compare's.
 */
enum status words_compare(const struct doc *doc, const struct said_page *pages,
                          size_t count, const struct fonts *fonts, struct arena *memory,
                          struct error *err);

#endif
