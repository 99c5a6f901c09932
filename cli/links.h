/*
 * links.h - the same matter over several channels: which tickets are one case.
 *
 * Derived when asked, stored nowhere, so nothing is lost and nothing needs undoing;
 * what a person answered (待确认) overrides the rule.  Conservative: another channel,
 * within [windows] link days, before the first was completed, and
 *   case:     same household or caller, same category, similar text (METHODS 2.6);
 *   doubtful: same household or caller and one of the two, or the same public place or
 *             asset and both.
 */
#ifndef HY_LINKS_H
#define HY_LINKS_H

#include "cli/session.h"
#include "core/store_link.h"

enum link_rule {
    LINK_HOME_BOTH,
    LINK_HOME_TEXT,
    LINK_HOME_CATEGORY,
    LINK_PLACE_BOTH,
    LINK_SAID,
    LINK_RULES
};
struct link_pair {
    const struct link_ticket *first, *second;
    enum link_rule rule;
    double score; /* similarity of the texts, 0..1 */
    bool same;    /* one case; else to be asked */
};
struct links {
    size_t tickets, count, cases;  /* contacts; pairs; tickets that are no repeat */
    const struct link_pair *pairs; /* by receipt of the second */
};

/* Tickets received at or after `from`. */
enum status links_find(const struct session *session, struct store *store, int64_t from,
                       struct links *links, struct error *err);
/* "pair:SERIES/NUMBER|SERIES/NUMBER": how a question names two tickets. */
const char *link_key(const struct link_pair *pair, struct arena *memory);

#endif
