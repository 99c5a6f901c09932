/* signs_record.c - of the records themselves: ANO-07 vanished and void, ANO-08
 * deadlines moved late, ANO-09 split and merged, ANO-10 made less serious. */
#include <math.h>

#include "analyze/signs.h"
#include "analyze/stats.h"
#include "core/wording.h"

enum {
    TWICE = 2,
    SPLIT_SECONDS = 10 * 60,
    LAST_TENTH = 10,
    GROUPS_LEAST = 3 /* a median of fewer says nothing */
};

static const double level = 0.01, split_most = 0.05;

/* --- ANO-07: vanished ------------------------------------------------------------- */

static int64_t vanished_cases(struct signs *signs)
{
    const struct vanished *vanished = &signs->lives->history->facts->vanished;
    const struct period *period = &signs->lives->period;
    int64_t found = 0;
    size_t i;

    for (i = 0; i < vanished->count; i++)
        if (within(vanished->seen[i], period->from, period->cutoff)) {
            sign_case(signs, vanished->ticket[i]);
            found++;
        }
    return found;
}

/* --- ANO-07: gaps in the numbering
 * ------------------------------------------------------ */

/* Numbers missing just before those of the period's tickets; -1 = not known. */
static int64_t missing_numbers(const struct signs *signs)
{
    const struct tickets *tickets = &signs->lives->history->facts->tickets;
    int64_t missing = 0;
    size_t i;

    if (tickets->gap_before == NULL)
        return -1;
    for (i = 0; i < signs->lives->count; i++)
        if ((signs->lives->items[i].marks & LIFE_RECEIVED) != 0)
            missing += tickets->gap_before[signs->lives->items[i].ticket];
    return missing;
}

/* --- ANO-07: voids by recorder and subject
 * ---------------------------------------------- */

struct voids {
    int64_t all, gone;
};

static double median_share(struct signs *signs, const struct voids *by, size_t words,
                           size_t *groups)
{
    double *shares = arena_alloc(signs->memory, (words + 1) * sizeof *shares);
    size_t w;

    *groups = 0;
    for (w = 1; w < words; w++)
        if (by[w].all >= SIGN_LEAST)
            shares[(*groups)++] = ratio_of(by[w].gone, by[w].all);
    stats_sort(shares, *groups);
    return stats_median(shares, *groups);
}

static void add_voids(struct signs *signs, const uint32_t *column, uint32_t word)
{
    size_t i;

    for (i = 0; i < signs->lives->count; i++) {
        const struct life *life = &signs->lives->items[i];

        if ((life->marks & LIFE_RECEIVED) != 0 && life->standing == STANDING_VOID
            && column[life->ticket] == word)
            sign_case(signs, life->ticket);
    }
}

static struct voids void_signs(struct signs *signs, const uint32_t *column,
                               const char *key)
{
    const struct facts *facts = signs->lives->history->facts;
    size_t words = facts->words == NULL ? 1 : facts->words->count, groups, w, i;
    struct voids *by = arena_alloc(signs->memory, words * sizeof *by), total = { 0 };
    double median;

    for (i = 0; i < signs->lives->count; i++) {
        const struct life *life = &signs->lives->items[i];
        bool gone = life->standing == STANDING_VOID;

        if ((life->marks & LIFE_RECEIVED) == 0)
            continue;
        total.all++;
        total.gone += gone;
        if (column != NULL) {
            by[column[life->ticket]].all++;
            by[column[life->ticket]].gone += gone;
        }
    }
    median = median_share(signs, by, words, &groups);
    for (w = 1; groups >= GROUPS_LEAST && w < words; w++) {
        size_t at = signs->count;
        bool beyond = ratio_of(by[w].gone, by[w].all) > TWICE * median;

        if (by[w].all < SIGN_LEAST)
            continue;
        sign_add(signs, SIGN_VANISHED);
        if (beyond)
            add_voids(signs, column, (uint32_t)w);
        sign_tested(&signs->items[at],
                    chance_above(by[w].gone, by[w].all, total.gone - by[w].gone,
                                 total.all - by[w].all),
                    level, beyond, by[w].gone,
                    phrase(signs->kept, key, "who", say_word(signs, (uint32_t)w), "k",
                           say_times(signs, by[w].gone), "n",
                           say_times(signs, by[w].all), "p",
                           say_share(signs, by[w].gone, by[w].all), "q",
                           say_percent(signs->kept, median), NULL));
    }
    return total;
}

void sign_vanished(struct signs *signs)
{
    const struct tickets *tickets = &signs->lives->history->facts->tickets;
    size_t at = signs->count;
    int64_t gone, missing;
    struct voids total;

    sign_add(signs, SIGN_VANISHED);
    gone = vanished_cases(signs);
    sign_fact(&signs->items[at], gone,
              phrase(signs->kept, "sign.found.ANO-07.vanished", "k",
                     say_times(signs, gone), NULL));
    sign_add(signs, SIGN_VANISHED);
    missing = missing_numbers(signs);
    sign_fact(&signs->items[signs->count - 1], missing,
              phrase(signs->kept, "sign.found.ANO-07.missing", "k",
                     say_times(signs, missing), NULL));
    signs->items[signs->count - 1].cases = -1; /* numbers, not tickets */
    void_signs(signs, tickets->recorder, "sign.found.ANO-07.recorder");
    total = void_signs(signs, tickets->category, "sign.found.ANO-07.subject");
    signs->looked[SIGN_VANISHED] = total.all;
    sink_total(signs->sink, "ANO-07.vanished", base_count(gone));
    sink_total(signs->sink, "ANO-07.missing",
               missing < 0 ? base_none(ANSWER_NO_DATA) : base_count(missing));
    sink_total(signs->sink, "ANO-07.void", base_wilson(total.gone, total.all));
}

/* --- ANO-08
 * ----------------------------------------------------------------------------- */

/* The last tenth before the old deadline, or after it. */
static bool late_for(int64_t received, int64_t due, int64_t time)
{
    return time != HY_NEVER && due != HY_NEVER && due > received
           && LAST_TENTH * (due - time) <= due - received;
}

/* Moved by an event of the trail, or between two exports; when it was is known only up
 * to the earlier export, so that one must already be late. */
static bool moved_late(const struct signs *signs, uint32_t i, bool *moved)
{
    const struct history *history = signs->lives->history;
    const struct facts *facts = history->facts;
    const struct period *period = &signs->lives->period;
    int64_t received = facts->tickets.received[i];
    int64_t due =
        facts->tickets.due_first == NULL ? HY_NEVER : facts->tickets.due_first[i];
    bool late = false;
    uint32_t e;

    for (e = history->first_event[i]; e < history->first_event[i + 1]; e++) {
        if (facts->events.kind[e] != EVENT_DEADLINE_MOVED
            || !within(facts->events.at[e], period->from, period->cutoff))
            continue;
        *moved = true;
        late = late || late_for(received, due, facts->events.at[e]);
    }
    return late;
}

static size_t first_change(const struct changes *changes, uint32_t ticket)
{
    size_t low = 0, high = changes->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (changes->ticket[middle] < ticket)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool edited_late(const struct signs *signs, uint32_t i, bool *moved)
{
    const struct facts *facts = signs->lives->history->facts;
    const struct changes *changes = &facts->changes;
    const struct period *period = &signs->lives->period;
    bool late = false;
    size_t c;

    for (c = first_change(changes, i); c < changes->count && changes->ticket[c] == i;
         c++) {
        if (changes->what[c] != CHANGE_DUE || changes->was[c] == HY_NEVER
            || changes->now[c] == HY_NEVER
            || !within(changes->seen[c], period->from, period->cutoff))
            continue;
        *moved = true;
        late = late
               || late_for(facts->tickets.received[i], changes->was[c],
                           changes->before[c]);
    }
    return late;
}

void sign_moved(struct signs *signs)
{
    const struct lifecycles *lives = signs->lives;
    size_t at = signs->count, i;
    int64_t late = 0, with_due = 0;

    sign_add(signs, SIGN_MOVED);
    for (i = 0; i < lives->count; i++) {
        uint32_t ticket = lives->items[i].ticket;
        bool moved = false, by_event, by_edit;

        if (lives->items[i].standing != STANDING_VALID
            || lives->history->deadlines[ticket].from != DUE_FILE)
            continue;
        by_event = moved_late(signs, ticket, &moved);
        by_edit = edited_late(signs, ticket, &moved);
        with_due += moved || lives->history->logs_moves
                    || life_watched(lives->history, &lives->items[i]);
        if (!by_event && !by_edit)
            continue;
        late++;
        sign_case(signs, ticket);
    }
    sign_fact(&signs->items[at], late,
              phrase(signs->kept, "sign.found.ANO-08", "k", say_times(signs, late),
                     NULL));
    signs->looked[SIGN_MOVED] = with_due;
    sink_total(signs->sink, "ANO-08.late",
               with_due > 0 ? base_count(late) : base_none(ANSWER_NO_DATA));
}

/* --- ANO-09
 * ----------------------------------------------------------------------------- */

/* One home, one problem, one recorder, within ten minutes of the one before. */
static bool split_of(const struct signs *signs, uint32_t i)
{
    const struct tickets *tickets = &signs->lives->history->facts->tickets;
    uint32_t other = signs->places->previous[i];

    return other != 0 && tickets->recorder != NULL && tickets->recorder[i] != 0
           && tickets->recorder[i] == tickets->recorder[other - 1]
           && tickets->household != NULL && tickets->household[i] != 0
           && tickets->household[i] == tickets->household[other - 1]
           && tickets->received[i] - tickets->received[other - 1] <= SPLIT_SECONDS
           && ticket_valid(signs->lives->history, other - 1,
                           signs->lives->period.cutoff);
}

static bool hides_home(const struct tickets *tickets, uint32_t i)
{
    uint32_t into = tickets->merged_into == NULL ? 0 : tickets->merged_into[i];

    return into != 0 && tickets->household != NULL && tickets->household[i] != 0
           && tickets->household[into - 1] != 0
           && tickets->household[into - 1] != tickets->household[i];
}

void sign_split(struct signs *signs)
{
    const struct lifecycles *lives = signs->lives;
    const struct tickets *tickets = &lives->history->facts->tickets;
    size_t at = signs->count, i;
    int64_t split = 0, intake = 0, hidden = 0, told = 0;

    sign_add(signs, SIGN_SPLIT);
    for (i = 0; i < lives->count; i++) {
        const struct life *life = &lives->items[i];

        if ((life->marks & LIFE_RECEIVED) == 0)
            continue;
        hidden +=
            life->standing == STANDING_MERGED && hides_home(tickets, life->ticket);
        if (life->standing != STANDING_VALID)
            continue;
        intake++;
        told += tickets->recorder != NULL && tickets->recorder[life->ticket] != 0
                && tickets->household != NULL && tickets->household[life->ticket] != 0;
        if (split_of(signs, life->ticket)) {
            split++;
            sign_case(signs, life->ticket);
        }
    }
    sign_tested(&signs->items[at], chance_more(split, intake, split_most), level,
                intake >= SIGN_LEAST && ratio_of(split, intake) > split_most, split,
                phrase(signs->kept, "sign.found.ANO-09", "k", say_times(signs, split),
                       "n", say_times(signs, intake), "p",
                       say_share(signs, split, intake), "h", say_times(signs, hidden),
                       NULL));
    signs->looked[SIGN_SPLIT] = told > 0 ? intake : 0;
    sink_total(signs->sink, "ANO-09.split",
               told > 0 ? base_wilson(split, intake) : base_none(ANSWER_NO_DATA));
    sink_total(signs->sink, "ANO-09.hidden",
               intake > 0 ? base_count(hidden) : base_none(ANSWER_NO_DATA));
}

/* --- ANO-10
 * ----------------------------------------------------------------------------- */

bool made_softer(const struct tickets *tickets, uint32_t i)
{
    return tickets->nature_first != NULL && tickets->nature != NULL
           && tickets->nature_first[i] == NATURE_COMPLAINT
           && (tickets->nature[i] == NATURE_SUGGESTION
               || tickets->nature[i] == NATURE_ENQUIRY);
}

static bool made_slower(const struct tickets *tickets, uint32_t i)
{
    return tickets->urgency_first != NULL && tickets->urgency != NULL
           && tickets->urgency_first[i] == URGENCY_P1
           && tickets->urgency[i] >= URGENCY_P3;
}

void sign_softer(struct signs *signs)
{
    const struct lifecycles *lives = signs->lives;
    const struct tickets *tickets = &lives->history->facts->tickets;
    size_t at = signs->count, i;
    int64_t softer = 0, slower = 0, intake = 0;

    sign_add(signs, SIGN_SOFTER);
    for (i = 0; i < lives->count; i++) {
        const struct life *life = &lives->items[i];
        bool soft, slow;

        if ((life->marks & LIFE_RECEIVED) == 0 || life->standing != STANDING_VALID)
            continue;
        soft = made_softer(tickets, life->ticket);
        slow = made_slower(tickets, life->ticket);
        intake += soft || slow || life_watched(lives->history, life);
        softer += soft;
        slower += slow;
        if (soft || slow)
            sign_case(signs, life->ticket);
    }
    sign_fact(&signs->items[at], softer + slower,
              phrase(signs->kept, "sign.found.ANO-10", "k", say_times(signs, softer),
                     "c", say_times(signs, slower), NULL));
    signs->looked[SIGN_SOFTER] = intake;
    sink_total(signs->sink, "ANO-10.softer",
               intake > 0 ? base_count(softer) : base_none(ANSWER_NO_DATA));
    sink_total(signs->sink, "ANO-10.urgency",
               intake > 0 ? base_count(slower) : base_none(ANSWER_NO_DATA));
}
