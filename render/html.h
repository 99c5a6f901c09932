/*
 * html.h - the small parts of a self-contained page: escaped text, drawings, looks.
 */
#ifndef HY_HTML_H
#define HY_HTML_H

#include <stdio.h>

#include "render/doc.h"

struct page {
    FILE *file;
    const struct doc *doc;
    struct arena *memory;
    size_t charts; /* drawn so far: makes their ids unique */
    size_t tables; /* without a title, put so far: makes their names unique */
    int level;     /* of the last heading, 1 = the page's own */
    bool english;
};

void html_put(struct page *page, const char *markup); /* ours, as it is */
/* What others wrote: never markup; control and direction marks become U+FFFD, a
 * line break <br/> (in attributes a blank). */
void html_text(struct page *page, const char *text);
void html_attribute(struct page *page, const char *name, const char *text);
/* gnuplot's drawing with ids of its own and a text alternative. */
void html_drawing(struct page *page, const struct chart *chart);
/* A code as squares, with a text alternative. */
void html_qr(struct page *page, const struct qr *qr);
extern const char html_style[];
/* Reads the page back: well-formed, nothing that runs or calls out, as many
 * tables and drawings as the document has. */
enum status html_verify(const struct doc *doc, const char *path, struct error *err);
/* Tables and drawings a list of blocks will make. */
void html_count(const struct block *blocks, size_t count, size_t *tables,
                size_t *drawings);

#endif
