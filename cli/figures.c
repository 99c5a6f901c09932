/* figures.c - opens the store, scans it once, runs the passes. */
#include "cli/figures.h"

#include "cli/questions.h"
#include "core/calendar.h"

enum status figures_facts(struct figures *figures, const struct session *session,
                          uint64_t more_needs, struct error *err)
{
    struct store *store = NULL;
    enum status status;
    int audience;

    TRY(session_metrics(session, &figures->metrics, err));
    status = store_open(&store, session->db, STORE_FACTS, err);
    if (status == HY_OK)
        status = store_restrict(store, 2, err); /* reports never see class 3 */
    if (status == HY_OK)
        status = store_facts(store, analyze_needs() | NEED_REGISTERS | more_needs,
                             session->memory, &figures->facts, err);
    if (status == HY_OK)
        status =
            questions_quiets(session, store, session->memory, &figures->facts.quiets,
                             &figures->facts.quiet_count, err);
    for (audience = 0; audience < EDITIONS && status == HY_OK; audience++)
        status = store_hidden(store, audience, session->memory,
                              &figures->earlier[audience].hidden,
                              &figures->earlier[audience].count, err);
    store_close(store);
    return status;
}

enum status figures_compute_only(struct figures *figures, const struct session *session,
                                 int32_t first, int32_t last, int series,
                                 const bool *only, struct error *err)
{
    figures->first = first;
    figures->last = last;
    return analyze_only(&figures->facts, &session->settings, &figures->metrics, first,
                        last, series, session->cutoff, only, session->memory,
                        &figures->results, err);
}

enum status figures_compute(struct figures *figures, const struct session *session,
                            int32_t first, int32_t last, int series, struct error *err)
{
    return figures_compute_only(figures, session, first, last, series, NULL, err);
}

enum status figures_period(const struct options *options, const struct ledger *ledger,
                           int32_t *first, int32_t *last, struct error *err)
{
    const char *from = option_text(options, "from"), *to = option_text(options, "to");
    bool chosen;

    if (from == NULL && to == NULL) {
        TRY(choose_month(options, ledger, last, &chosen, err));
        *first = *last;
        return HY_OK;
    }
    (void)month_parse(from, first);
    (void)month_parse(to, last);
    return HY_OK;
}

enum status figures_check_period(const struct options *options, struct error *err)
{
    const char *from = option_text(options, "from"), *to = option_text(options, "to");
    int32_t first, last;

    if (from == NULL && to == NULL)
        return HY_OK;
    if (from == NULL || to == NULL)
        return fail(err, HY_USAGE, "--from 和 --to 要一起写 (both are needed)");
    if (option_text(options, "month") != NULL)
        return fail(err, HY_USAGE, "--month 不能与 --from/--to 同用 (not together)");
    if (!month_parse(from, &first) || !month_parse(to, &last) || first > last)
        return fail(err, HY_USAGE, "--from %s 在 --to %s 之后 (from is after to)", from,
                    to);
    return HY_OK;
}
