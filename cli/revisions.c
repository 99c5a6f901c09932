/* revisions.c - published figures that read otherwise now. */
#include "cli/revisions.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { COLUMNS = 5, ROWS_MOST = 200 };

static enum status load_shown(struct store *store, struct arena *memory,
                              struct revised_month *month, struct error *err)
{
    int audience;

    for (audience = 0; audience < EDITIONS; audience++)
        if (month->line->id[audience] != 0)
            TRY(store_shown(store, month->line->id[audience], memory,
                            &month->shown[audience], &month->shown_count[audience],
                            err));
    return HY_OK;
}

/* The last issue of a month is what readers hold. */
static bool is_last(const struct published_line *lines, size_t count, size_t at)
{
    size_t i;

    for (i = at + 1; i < count; i++)
        if (lines[i].month == lines[at].month)
            return false;
    return true;
}

static enum status load_all(struct revisions *revisions, struct store *store,
                            int32_t month, const char *why, struct error *err)
{
    const struct session *session = revisions->session;
    struct freeze now = { .session = session };
    const struct published_line *lines;
    struct revised_month *months;
    size_t count, i;

    TRY(store_published(store, session->memory, &lines, &count, err));
    if (count == 0)
        return HY_OK;
    TRY(freeze_surroundings(&now, err));
    TRY(store_content(store, now.what.content, err));
    months = arena_alloc(session->memory, count * sizeof *months);
    revisions->months = months;
    for (i = 0; i < count; i++) {
        struct revised_month *one = &months[revisions->count];

        if (lines[i].month > month || !is_last(lines, count, i))
            continue;
        one->line = &lines[i];
        one->reason = why != NULL && lines[i].month == month
                          ? why
                          : freeze_reason(&now, &lines[i]);
        TRY(load_shown(store, session->memory, one, err));
        revisions->count++;
    }
    return HY_OK;
}

enum status revisions_load(const struct session *session, int32_t month,
                           const char *why, struct revisions *revisions,
                           struct error *err)
{
    struct store *store = NULL;
    enum status status;

    *revisions = (struct revisions){ .session = session };
    status = store_open(&store, session->db, STORE_READ_AGAIN, err);
    if (status == HY_OK)
        status = load_all(revisions, store, month, why, err);
    store_close(store);
    return status;
}

static const char *value_words(const struct session *session,
                               const struct shown_row *row, int unit)
{
    struct arena *memory = session->memory;

    if (row->mark != 0)
        return wording_get(session->wording, "mark.hidden");
    if (!isfinite(row->value))
        return "—";
    if (unit == UNIT_SHARE && row->denominator >= 0)
        return wording_say(session->wording, memory, "revisions.share", "p",
                           say_percent(memory, row->value), "k",
                           arena_printf(memory, "%" PRId64, row->numerator), "n",
                           arena_printf(memory, "%" PRId64, row->denominator), NULL);
    if (unit == UNIT_SHARE)
        return say_percent(memory, row->value);
    if (unit == UNIT_HOURS)
        return say_hours(session->wording, memory, row->value);
    if (floor(row->value) == row->value)
        return say_count(memory, llround(row->value));
    return say_decimal(memory, row->value, 1);
}

static const char *metric_words(const struct results *view, const char *name,
                                const struct wording *wording, struct arena *memory)
{
    bool english = strcmp(wording_language(wording), "en") == 0;
    uint16_t metric, part;

    if (metrics_name(view->metrics, name, &metric, &part) < 0)
        return name;
    return arena_printf(memory, english ? "%s (%s)" : "%s（%s）",
                        english ? wording_head(wording, memory,
                                               view->metrics->items[metric].en)
                                : view->metrics->items[metric].zh,
                        name);
}

static void add_row(const struct revisions *revisions, const struct results *view,
                    const struct revised_month *month, const struct shown_row *was,
                    const struct shown_row *now, struct value *cells, size_t *rows)
{
    const struct session *session = revisions->session;
    const struct wording *wording = session->wording;
    struct arena *memory = session->memory;
    const char *words[COLUMNS];
    size_t i;

    words[2] = value_words(session, was, now->unit);
    words[3] = value_words(session, now, now->unit);
    if (*rows == ROWS_MOST || strcmp(words[2], words[3]) == 0)
        return;
    words[0] = say_month(wording, memory, month->line->month);
    words[1] = metric_words(view, now->metric, wording, memory);
    words[4] = wording_get(wording, arena_printf(memory, "reason.%s", month->reason));
    for (i = 0; i < COLUMNS; i++)
        cells[*rows * COLUMNS + i] =
            (struct value){ .kind = VALUE_TEXT, .text = words[i] };
    (*rows)++;
}

/* What is not reckoned for earlier months says nothing of a change. */
static void add_month(const struct revisions *revisions, const struct results *view,
                      const struct revised_month *month, int audience,
                      struct value *cells, size_t *rows)
{
    const struct shown_row *now, *was = month->shown[audience];
    size_t count, i = 0, j = 0;

    tables_rows(view, month->line->month, revisions->session->memory, &now, &count);
    while (i < month->shown_count[audience] && j < count) {
        int by = tables_order(&was[i], &now[j]);

        if (by == 0 && strcmp(was[i].dimension, "total") == 0
            && !tables_same(&was[i], &now[j]))
            add_row(revisions, view, month, &was[i], &now[j], cells, rows);
        i += by <= 0;
        j += by >= 0;
    }
}

void revisions_add(const struct revisions *revisions, struct results *view,
                   enum audience audience)
{
    static const char *const keys[COLUMNS] = { "revisions.month", "revisions.metric",
                                               "revisions.was", "revisions.now",
                                               "revisions.why" };
    struct arena *memory = revisions->session->memory;
    const char **titles = arena_alloc(memory, COLUMNS * sizeof *titles);
    struct value *cells = arena_alloc(memory, ROWS_MOST * COLUMNS * sizeof *cells);
    struct listing listing = {
        .name = "revisions", .columns = COLUMNS, .cells = cells, .titles = titles
    };
    size_t i;

    if (revisions->count == 0)
        return;
    for (i = 0; i < COLUMNS; i++)
        titles[i] = wording_get(revisions->session->wording, keys[i]);
    for (i = 0; i < revisions->count; i++)
        add_month(revisions, view, &revisions->months[i], (int)audience, cells,
                  &listing.rows);
    results_add_listing(view, &listing);
}
