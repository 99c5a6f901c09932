/*
 * press.h - the reports of one month from templates/reports to files in
 * OUT/YYYY-MM/{public,committee,management}/.
 */
#ifndef HY_PRESS_H
#define HY_PRESS_H

#include "cli/draw.h"
#include "render/renderer.h"

struct press {
    const struct session *session;
    const struct figures *figures;
    const char *const *reports; /* names wanted, or NULL for all */
    size_t report_count;
    const char *formats; /* "pdf,xlsx", or NULL for the template's own */
    const char *code;    /* check code of an edition to be published; NULL =
                            drafts, which carry 预览稿 */
    const char *folder;  /* of the month; NULL = OUT/YYYY-MM, and beside it
                            once that month is published */
    const char *why;     /* reason of a revision, or NULL */
    enum draw draw;      /* the call-back list */
    const char *seed;    /* it is drawn by, with DRAW_NOW */
    const struct revisions *revisions; /* set by press_run */
    const char **paths;                /* written files, in order */
    size_t path_count, path_room;
};

/* Gnuplot and fonts are there, every template reads: said before any work. */
enum status press_ready(const struct session *session, struct error *err);
/* One output that fails does not stop the others; the worst status is given.
 * Identities are checked first: while one is broken no public edition is made. */
enum status press_run(struct press *press, struct error *err);

#endif
