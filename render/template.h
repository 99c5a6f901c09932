/*
 * template.h - a Markdown report and results to a document (DESIGN.md section 6).
 *
 * Values enter after the Markdown is parsed, as text: what a ticket says is never
 * markup.  An unknown metric, a broken table or a wrong placeholder is HY_CONFIG
 * with file, line, the line and what was meant.
 */
#ifndef HY_TEMPLATE_H
#define HY_TEMPLATE_H

#include "core/facts.h"
#include "core/settings.h"
#include "core/wording.h"
#include "render/doc.h"

struct template_head {
    const char *path, *title, *file;
    enum audience audience;
    enum paper paper;
    bool single_page;
    const char *formats; /* "pdf,xlsx,txt" */
    int months;          /* how long a series it wants, default 24 */
    const char *body;    /* "bulletin.md": what follows the head is taken from that
                            file of the same folder; NULL = its own */
    bool plain;          /* plain text: paragraphs alone, no head, foot or rules */
    int characters;      /* plain text: at most so many, 0 = any */
};

/* Only the head: what is needed to choose reports and to know the audience. */
enum status template_head(const char *path, struct arena *memory,
                          struct template_head *head, struct error *err);

/* results: the view disclose() made for the template's audience; code: the check code
 * of the edition, NULL = a draft, which says so. */
enum status template_build(const struct template_head *head,
                           const struct results *results,
                           const struct settings *settings,
                           const struct registers *registers,
                           const struct ledger *ledger, const struct wording *wording,
                           const char *code, struct arena *memory, struct doc **out,
                           struct error *err);

#endif
