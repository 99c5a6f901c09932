/*
 * session.h - what every verb needs: settings, words, where things lie, and one
 * place that prints.
 */
#ifndef HY_SESSION_H
#define HY_SESSION_H

#include "cli/verb.h"
#include "core/metrics.h"
#include "core/settings.h"
#include "core/store.h"
#include "core/wording.h"

struct session {
    struct arena *memory;
    const char *templates, *settings_path, *db, *out, *inbox;
    struct settings settings;
    const struct wording *wording;
    enum audience audience;
    int64_t cutoff; /* HY_NEVER = by the settings */
    bool quiet, verbose, strict, json;
};

enum status session_open(struct session *session, const struct options *options,
                         struct arena *memory, struct error *err);
/* The dictionary, read when a verb needs figures. */
enum status session_metrics(const struct session *session, struct metrics *metrics,
                            struct error *err);

/* A sentence on standard output, unless quiet; pairs as in wording_say(). */
void say_line(const struct session *session, const char *text);
/* The same even when quiet: something is wrong or was asked for. */
void say_always(const char *text);
void say_error(const char *text); /* "huiyin: text" on standard error */
/* HY_IO when standard output could not be written (full disk). */
enum status say_finish(struct error *err);

/* "public", "committee", "management"; -1 = none of them. */
int audience_find(const char *name);
const char *audience_name(enum audience audience);
/* The worse of two outcomes: the highest exit code. */
enum status worse(enum status a, enum status b);

/* Which month: --month, else the last complete one in the ledger. HY_DATA when
 * there is none. */
enum status choose_month(const struct options *options, const struct ledger *ledger,
                         int32_t *month, bool *chosen, struct error *err);

#endif
