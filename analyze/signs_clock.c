/* signs_clock.c - ANO-11 paused clocks, ANO-12 calls not recorded, ANO-14 figures of
 * the source that disagree with those recomputed. */
#include <math.h>

#include "analyze/signs.h"
#include "analyze/stats.h"
#include "core/calendar.h"
#include "core/wording.h"

enum { LAST_TENTH = 10, DAY_HOURS = 24, SECONDS_AN_HOUR = 3600, GROUPS_LEAST = 3 };

static const double level = 0.01, paused_most = 0.2, tenth = 0.1, half = 0.5;

/* --- ANO-11
 * ----------------------------------------------------------------------------- */

struct pauses {
    int64_t elapsed, paused; /* seconds */
    int64_t completed, with; /* tickets; those with a pause */
    int64_t starts, late, resumes, released;
};

static void add_pause(struct signs *signs, const struct life *life, int64_t from,
                      int64_t until, struct pauses *out, bool *shown)
{
    const struct lifecycles *lives = signs->lives;
    int64_t received = lives->history->facts->tickets.received[life->ticket];
    int64_t due = lives->history->deadlines[life->ticket].due;
    bool late = false, released = false;

    if (from == HY_NEVER || from < received || from > life->completed)
        return;
    if (due != HY_NEVER && due > received) {
        out->starts++;
        late = from <= due && LAST_TENTH * (due - from) <= due - received;
        out->late += late;
    }
    if (until != HY_NEVER && until >= from) {
        out->paused += (until < life->completed ? until : life->completed) - from;
        out->resumes++;
        released = until / 60 == life->completed / 60;
        out->released += released;
    }
    if ((late || released) && !*shown)
        sign_case(signs, life->ticket);
    *shown = *shown || late || released;
}

static void pauses_of(struct signs *signs, const struct life *life, struct pauses *out)
{
    const struct history *history = signs->lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    const struct events *events = &history->facts->events;
    uint32_t i = life->ticket, e;
    int64_t from = HY_NEVER;
    bool shown = false, any = false;

    for (e = history->first_event[i]; e < history->first_event[i + 1]; e++) {
        if (events->kind[e] == EVENT_PAUSE) {
            from = events->at[e];
            any = true;
        } else if (events->kind[e] == EVENT_RESUME && from != HY_NEVER) {
            add_pause(signs, life, from, events->at[e], out, &shown);
            from = HY_NEVER;
        }
    }
    if (!any && tickets->paused != NULL && tickets->paused[i] != HY_NEVER) {
        add_pause(signs, life, tickets->paused[i],
                  tickets->resumed == NULL ? HY_NEVER : tickets->resumed[i], out,
                  &shown);
        any = true;
    }
    out->with += any;
    out->completed++;
    out->elapsed += life->completed - tickets->received[i];
}

static void pause_signs(struct signs *signs, const struct pauses *out, size_t at)
{
    double share = out->elapsed > 0 ? (double)out->paused / (double)out->elapsed : 0;
    struct base base = base_none(out->with == 0                ? ANSWER_NO_DATA
                                 : out->completed < SIGN_LEAST ? ANSWER_SMALL_N
                                                               : ANSWER_OK);

    base.n = out->completed;
    if (base.answer == ANSWER_OK)
        base.value = share;
    sink_total(signs->sink, "ANO-11.share", base);
    sign_tested(&signs->items[at], NAN, 0,
                out->completed >= SIGN_LEAST && share > paused_most, out->with,
                phrase(signs->kept, "sign.found.ANO-11", "p",
                       say_percent(signs->kept, share), "k",
                       say_times(signs, out->with), NULL));
    sign_add(signs, SIGN_PAUSED);
    sign_tested(&signs->items[signs->count - 1],
                chance_more(out->late, out->starts, tenth), level,
                out->starts >= SIGN_LEAST && ratio_of(out->late, out->starts) > tenth,
                out->late,
                phrase(signs->kept, "sign.found.ANO-11.beforedue", "k",
                       say_times(signs, out->late), "n", say_times(signs, out->starts),
                       NULL));
    sign_add(signs, SIGN_PAUSED);
    sign_tested(&signs->items[signs->count - 1],
                chance_more(out->released, out->resumes, tenth), level,
                out->resumes >= SIGN_LEAST
                    && ratio_of(out->released, out->resumes) > tenth,
                out->released,
                phrase(signs->kept, "sign.found.ANO-11.release", "k",
                       say_times(signs, out->released), "n",
                       say_times(signs, out->resumes), NULL));
    sink_total(signs->sink, "ANO-11.beforedue",
               out->with > 0 ? base_count(out->late) : base_none(ANSWER_NO_DATA));
    sink_total(signs->sink, "ANO-11.release",
               out->with > 0 ? base_count(out->released) : base_none(ANSWER_NO_DATA));
}

/* The tickets of all three stand with the first: a pause may be of several kinds. */
void sign_paused(struct signs *signs)
{
    struct pauses out = { 0 };
    size_t at = signs->count, i;

    sign_add(signs, SIGN_PAUSED);
    for (i = 0; i < signs->lives->count; i++) {
        const struct life *life = &signs->lives->items[i];

        if (life->standing == STANDING_VALID && (life->marks & LIFE_COMPLETED) != 0
            && (life->marks & (LIFE_INFERRED | LIFE_DATE_ONLY)) == 0
            && life->completed
                   >= signs->lives->history->facts->tickets.received[life->ticket])
            pauses_of(signs, life, &out);
    }
    pause_signs(signs, &out, at);
    signs->looked[SIGN_PAUSED] = out.with > 0 ? out.completed : 0;
}

/* --- ANO-12
 * ----------------------------------------------------------------------------- */

struct line {
    int64_t calls, tickets;
};

static void line_signs(struct signs *signs, const struct line *lines, size_t count,
                       bool agents)
{
    double *shares = arena_alloc(signs->memory, (count + 1) * sizeof *shares), median;
    size_t groups = 0, i;

    for (i = agents; i < count; i++)
        if (lines[i].calls >= SIGN_LEAST)
            shares[groups++] = ratio_of(lines[i].tickets, lines[i].calls);
    stats_sort(shares, groups);
    median = stats_median(shares, groups);
    for (i = agents; groups >= GROUPS_LEAST && i < count; i++) {
        const struct line *line = &lines[i];
        const char *who =
            agents ? say_word(signs, (uint32_t)i) : say_times(signs, (int64_t)i);

        if (line->calls < SIGN_LEAST)
            continue;
        sign_add(signs, SIGN_CALLS);
        sign_tested(&signs->items[signs->count - 1],
                    chance_less(line->tickets, line->calls, median), level,
                    ratio_of(line->tickets, line->calls) < half * median, -1,
                    phrase(signs->kept,
                           agents ? "sign.found.ANO-12" : "sign.found.ANO-12.hour",
                           "who", who, "k", say_times(signs, line->tickets), "n",
                           say_times(signs, line->calls), "p",
                           say_share(signs, line->tickets, line->calls), "q",
                           say_percent(signs->kept, median), NULL));
    }
}

void sign_calls(struct signs *signs)
{
    const struct facts *facts = signs->lives->history->facts;
    const struct calls *calls = &facts->calls;
    const struct period *period = &signs->lives->period;
    size_t words = facts->words == NULL ? 1 : facts->words->count, i;
    struct line *agents = arena_alloc(signs->memory, words * sizeof *agents);
    struct line hours[DAY_HOURS] = { 0 }, all = { 0 };

    for (i = 0; i < calls->count; i++) {
        bool ticket;
        int64_t hour;

        if (!within(calls->start[i], period->from, period->until)
            || calls->start[i] >= period->cutoff || calls->direction == NULL
            || calls->direction[i] != DIRECTION_IN || calls->answered_by == NULL
            || calls->answered_by[i] != ANSWERED_HUMAN)
            continue;
        ticket = call_ticketed(facts, i);
        hour = (calls->start[i] % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS
               / SECONDS_AN_HOUR;
        all.calls++;
        all.tickets += ticket;
        hours[hour].calls++;
        hours[hour].tickets += ticket;
        if (calls->agent != NULL) {
            agents[calls->agent[i]].calls++;
            agents[calls->agent[i]].tickets += ticket;
        }
    }
    line_signs(signs, agents, words, true);
    line_signs(signs, hours, DAY_HOURS, false);
    signs->looked[SIGN_CALLS] = all.calls;
    sink_total(signs->sink, "ANO-12.share", base_wilson(all.tickets, all.calls));
}

/* --- ANO-14
 * ----------------------------------------------------------------------------- */

/* The mark is of the day its file was written, so it is held against all that is known,
 * whatever the cut-off.  Which file a mark comes from is not kept: of an open ticket it
 * may be any between the first that shows it and the last of all, and only what cannot
 * have been so on any of these days disagrees. */
static bool overdue_differs(const struct signs *signs, uint32_t i, bool *stated)
{
    const struct history *history = signs->lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    uint16_t flags = tickets->flags == NULL ? 0 : tickets->flags[i];
    int64_t due = history->deadlines[i].due, done = first_completion(history, i);
    int64_t horizon = history->facts->ledger.horizon;

    if (!flag_known(flags, FLAG_OVERDUE) || due == HY_NEVER)
        return false;
    *stated = true;
    if (done != HY_NEVER)
        return (done > due) != flag_yes(flags, FLAG_OVERDUE);
    if (flag_yes(flags, FLAG_OVERDUE))
        return horizon != HY_NEVER && due >= horizon;
    return tickets->first_seen != NULL && tickets->first_seen[i] != HY_NEVER
           && due < tickets->first_seen[i];
}

/* Some systems count every assignment, also from nobody and to nobody.  The counter is
 * of the latest row, so all events are looked at, whatever the cut-off. */
static uint32_t assignments_before(const struct signs *signs, uint32_t i)
{
    const struct history *history = signs->lives->history;
    const struct events *events = &history->facts->events;
    uint32_t e, count = 0;

    for (e = history->first_event[i]; e < history->first_event[i + 1]; e++)
        count += events->kind[e] == EVENT_DISPATCH || events->kind[e] == EVENT_TRANSFER
                 || events->kind[e] == EVENT_RETURN;
    return count;
}

static bool transfers_differ(const struct signs *signs, uint32_t i, bool *stated)
{
    const struct history *history = signs->lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    uint32_t changes, returns;

    if (tickets->transfers_stated == NULL || tickets->transfers_stated[i] == 0xFFFF)
        return false;
    if (!transfers_before(history, i, INT64_MAX, &changes, &returns))
        return false; /* the counter is all there is */
    *stated = true;
    return changes != tickets->transfers_stated[i]
           && assignments_before(signs, i) != tickets->transfers_stated[i];
}

/* Only reopenings that came after a recorded completion can be counted again. */
static bool reopens_differ(const struct signs *signs, uint32_t i, bool *stated)
{
    const struct history *history = signs->lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    uint32_t t, count = 0;

    if (tickets->reopens_stated == NULL || tickets->reopens_stated[i] == 0xFFFF)
        return false;
    *stated = true;
    for (t = history->first_turn[i]; t < history->first_turn[i + 1]; t++)
        count += history->turns[t].kind == TURN_REOPEN;
    /* a row keeps its latest reopening alone, so more in the counter is no conflict */
    return count > tickets->reopens_stated[i]
           || (count == 0 && tickets->reopens_stated[i] > 0);
}

void sign_figures(struct signs *signs)
{
    int64_t overdue = 0, transfers = 0, reopens = 0, looked = 0;
    size_t at = signs->count, i;

    sign_add(signs, SIGN_FIGURES);
    for (i = 0; i < signs->lives->count; i++) {
        const struct life *life = &signs->lives->items[i];
        bool stated = false, late, moved, back;

        if (life->standing != STANDING_VALID
            || (life->marks & (LIFE_RECEIVED | LIFE_COMPLETED | LIFE_OPEN)) == 0)
            continue;
        late = overdue_differs(signs, life->ticket, &stated);
        moved = transfers_differ(signs, life->ticket, &stated);
        back = reopens_differ(signs, life->ticket, &stated);
        looked += stated;
        overdue += late;
        transfers += moved;
        reopens += back;
        if (late || moved || back)
            sign_case(signs, life->ticket);
    }
    sign_fact(&signs->items[at], overdue + transfers + reopens,
              phrase(signs->kept, "sign.found.ANO-14", "k", say_times(signs, overdue),
                     "c", say_times(signs, transfers), "d", say_times(signs, reopens),
                     NULL));
    signs->looked[SIGN_FIGURES] = looked;
    sink_total(signs->sink, "ANO-14.overdue",
               looked > 0 ? base_count(overdue) : base_none(ANSWER_NO_DATA));
    sink_total(signs->sink, "ANO-14.transfers",
               looked > 0 ? base_count(transfers) : base_none(ANSWER_NO_DATA));
    sink_total(signs->sink, "ANO-14.reopens",
               looked > 0 ? base_count(reopens) : base_none(ANSWER_NO_DATA));
}
