/*
 * renderer.h - a document to one file.
 *
 * To add a format: render_NAME.c that ends with a const struct renderer, and one
 * row in renderers.c.  write() gets the scratch name (file.h); the caller checks
 * by reading back, and renames.  The same document gives the same bytes.
 */
#ifndef HY_RENDERER_H
#define HY_RENDERER_H

#include "core/crew.h"
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

/* Renders into directory as NAME.FORMAT: in a child of the crew with limits of time and
 * memory, scratch, verify, rename.  A crash in a library is HY_INTERNAL and leaves the
 * earlier file.  The document must not change until render_finish(), which is called
 * once for each job; *path (in memory) is the final name. */
struct render_job;
enum status render_start(struct crew *crew, const struct doc *doc,
                         const struct renderer *renderer, const char *directory,
                         struct arena *memory, struct render_job **job,
                         struct error *err);
enum status render_finish(struct render_job *job, const char **path, struct error *err);
/* The two in one, waiting. */
enum status render_file(const struct doc *doc, const struct renderer *renderer,
                        const char *directory, struct arena *memory, const char **path,
                        struct error *err);

/* All charts of a document in one gnuplot process; fills chart->svg.  templates:
 * directory of templates/ (charts in templates/charts). */
enum status charts_draw(const struct doc *doc, const char *templates,
                        struct error *err);
/* The parts of it: where charts are expected gnuplot gets ready while the document is
 * built, and it draws between the other two.  *studio is given to charts_finish() once,
 * after charts_start(), or to charts_give_up(), which takes NULL as well. */
struct studio;
enum status charts_prepare(bool expected, struct studio **studio, struct error *err);
enum status charts_start(struct studio *studio, const struct doc *doc,
                         const char *templates, struct error *err);
enum status charts_finish(struct studio *studio, struct error *err);
void charts_give_up(struct studio *studio);
/* Said before any work: gnuplot and the fonts are there. HY_INTERNAL with the
 * package to install. */
enum status render_ready(struct error *err);

#endif
