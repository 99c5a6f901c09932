/*
 * renderer.h - a document to one file.
 *
 * To add a format: render_NAME.c that ends with a const struct renderer, and one
 * row in renderers.c.  write() gets the scratch name (file.h); the caller checks
 * by reading back, and renames.  The same document gives the same bytes.
 */
#ifndef HY_RENDERER_H
#define HY_RENDERER_H

#include "render/doc.h"

struct renderer {
    const char *name, *summary; /* "pdf"; also the file's ending */
    enum status (*write)(const struct doc *doc, const char *path, struct error *err);
    /* Reads the file back and compares with the document (pages, cells); NULL =
     * nothing to compare beyond its size. */
    enum status (*verify)(const struct doc *doc, const char *path, struct error *err);
};

const struct renderer *const *renderers_all(size_t *count);
const struct renderer *renderer_named(const char *name);

/* Renders into directory as NAME.FORMAT: in a child process with a time limit,
 * scratch, verify, rename.  A crash in a library is HY_INTERNAL and leaves the
 * earlier file. *path (in memory) is the final name. */
enum status render_file(const struct doc *doc, const struct renderer *renderer,
                        const char *directory, struct arena *memory, const char **path,
                        struct error *err);

/* All charts of a document in one gnuplot process; fills chart->svg.  templates:
 * directory of templates/ (charts in templates/charts). */
enum status charts_draw(const struct doc *doc, const char *templates,
                        struct error *err);
/* Said before any work: gnuplot and the fonts are there. HY_INTERNAL with the
 * package to install. */
enum status render_ready(struct error *err);

#endif
