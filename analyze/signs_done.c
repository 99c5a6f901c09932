/* signs_done.c - of completions: ANO-01 at the month's end, ANO-02 at the deadline,
 * ANO-06 at times that cannot be or heap, ANO-13 a new ticket in place of a reopening.
 */
#include <math.h>

#include "analyze/signs.h"
#include "analyze/stats.h"
#include "core/calendar.h"
#include "core/wording.h"

enum {
    LAST_DAYS = 2,
    BACK_SECONDS = 10 * DAY_SECONDS,
    ANEW_SECONDS = 7 * DAY_SECONDS,
    YEAR_MONTHS = 12,
    TWICE = 2,
    LAST_LEAST = 5, /* fewer in one place is no heap */
    ANEW_TIMES = 4,
    HEAP_TIMES = 3,
    SECONDS_AN_HOUR = 3600,
    NIGHT_UNTIL = 5,
    NIGHT_LEAST = 3,
    NIGHT_SHARE = 20 /* one in so many at most: they work by day */
};

static const double level = 0.01, deadline_times = 2.5;

static bool date_only(const struct tickets *tickets, uint32_t i, uint32_t bits)
{
    return tickets->date_only != NULL && (tickets->date_only[i] & bits) != 0;
}

static int64_t known(const struct signs *signs, const int64_t *column, uint32_t i)
{
    return column == NULL ? HY_NEVER
                          : known_before(column[i], signs->lives->period.cutoff);
}

/* --- ANO-01 ------------------------------------------------------------------------
 */

struct span {
    int64_t all, last, all_back, last_back;
};

/* Reported anew from the same front door: a lift that fails again or another lamp of
 * the same building says nothing of how the first was closed. */
static bool anew(const struct signs *signs, uint32_t i, int64_t from, int64_t until)
{
    return signs->places->place[i] == PLACE_HOME
           && same_next(signs->places, signs->lives->history, i, from, until)
                  != UINT32_MAX;
}

/* Reopened, or reported again, within ten days of a completion. */
static bool came_back(const struct signs *signs, uint32_t i, const struct turn *turn,
                      int64_t window)
{
    const struct history *history = signs->lives->history;
    const struct turn *end = history->turns + history->first_turn[i + 1];
    int64_t until = turn->flow + window, cutoff = signs->lives->period.cutoff;
    const struct turn *next;

    if (until > cutoff)
        until = cutoff;
    for (next = turn + 1; next < end; next++)
        if (next->kind == TURN_REOPEN && next->flow < until)
            return true;
    return anew(signs, i, turn->flow, until);
}

/* Completions of the books of some months up to the one before; whether a time lies in
 * the last two days of its month. */
static struct span span_of(struct signs *signs, int months, bool cases)
{
    const struct history *history = signs->lives->history;
    const struct settings *settings = signs->context->settings;
    int32_t first = month_of_time(signs->lives->before_from + 15 * DAY_SECONDS);
    int64_t ends[YEAR_MONTHS + 1];
    struct span span = { 0 };
    uint32_t i, t;
    int m;

    for (m = 0; m <= months; m++)
        ends[m] = book_start(settings, first + 1 - months + m);
    for (i = 0; i < history->facts->tickets.count; i++) {
        if (history->last_touch[i] < ends[0]
            || !ticket_valid(history, i, signs->lives->period.cutoff))
            continue;
        for (t = history->first_turn[i]; t < history->first_turn[i + 1]; t++) {
            const struct turn *turn = &history->turns[t];
            bool last, back;

            if (turn->kind != TURN_COMPLETE || turn->inferred
                || !within(turn->flow, ends[0], ends[months]))
                continue;
            for (m = 1; turn->flow >= ends[m];)
                m++;
            last = turn->flow >= ends[m] - LAST_DAYS * DAY_SECONDS;
            back = came_back(signs, i, turn, BACK_SECONDS);
            span.all++;
            span.last += last;
            span.all_back += back;
            span.last_back += last && back;
            if (cases && last && back)
                sign_case(signs, i);
        }
    }
    return span;
}

static void month_end_signs(struct signs *signs, int months)
{
    const char *scope = months == 1 ? "sign.found.ANO-01" : "sign.found.ANO-01.year";
    struct sign *sign = sign_add(signs, SIGN_MONTH_END);
    size_t at = signs->count - 1;
    struct span span = span_of(signs, months, true);
    double days = (double)(signs->lives->before_until - signs->lives->before_from)
                  / DAY_SECONDS,
           even = LAST_DAYS / (months == 1 ? days : 30.4);
    int64_t rest = span.all - span.last, rest_back = span.all_back - span.last_back;
    double ratio = ratio_of(span.last_back, span.last) / ratio_of(rest_back, rest);
    const char *found;

    if (span.all < SIGN_LEAST)
        even = 1;
    found = phrase(signs->kept, scope, "k", say_times(signs, span.last), "p",
                   say_share(signs, span.last, span.all), "even",
                   say_times(signs, llround(even * (double)span.all)), "b",
                   say_times(signs, span.last_back), "bp",
                   say_share(signs, span.last_back, span.last), "n",
                   say_times(signs, rest), "c", say_times(signs, rest_back), "cp",
                   say_share(signs, rest_back, rest), NULL);
    sign = &signs->items[at];
    sign_tested(sign, chance_above(span.last_back, span.last, rest_back, rest), level,
                span.all >= SIGN_LEAST && span.last_back > 0
                    && (rest_back == 0 || ratio > TWICE),
                span.last_back, found);
    sign = sign_add(signs, SIGN_MONTH_END);
    sign_tested(sign, chance_more(span.last, span.all, even), level,
                ratio_of(span.last, span.all) > TWICE * even, span.last, found);
    if (months > 1)
        return;
    signs->looked[SIGN_MONTH_END] = span.all;
    sink_total(signs->sink, "ANO-01.share", base_wilson(span.last, span.all));
    sink_total(signs->sink, "ANO-01.back", base_wilson(span.last_back, span.last));
    sink_total(signs->sink, "ANO-01.rest", base_wilson(rest_back, rest));
}

void sign_month_end(struct signs *signs)
{
    month_end_signs(signs, 1);
    month_end_signs(signs, YEAR_MONTHS);
}

/* --- ANO-02 ------------------------------------------------------------------------
 */

/* First completions of the period by how much of the allowance they took. */
void sign_deadline(struct signs *signs)
{
    const struct history *history = signs->lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    const struct period *period = &signs->lives->period;
    struct sign *sign = sign_add(signs, SIGN_DEADLINE);
    size_t at = signs->count - 1, i;
    int64_t before = 0, last = 0, after = 0, all = 0, near;

    for (i = 0; i < signs->lives->count; i++) {
        const struct life *life = &signs->lives->items[i];
        const struct deadline *deadline = &history->deadlines[life->ticket];
        int64_t received = tickets->received[life->ticket];
        double taken;

        if (life->standing != STANDING_VALID || deadline->due == HY_NEVER
            || deadline->due <= received || (life->marks & LIFE_FIRST_CONTACT) != 0
            || !within(life->first_completed, period->from, period->until)
            || date_only(tickets, life->ticket,
                         DATE_ONLY_RECEIVED | DATE_ONLY_DUE | DATE_ONLY_COMPLETED
                             | DATE_ONLY_FIRST_COMPLETED))
            continue;
        taken = (double)(life->first_completed - received)
                / (double)(deadline->due - received);
        all++;
        before += taken > 0.90 && taken <= 0.95;
        after += taken > 1.00 && taken <= 1.05;
        if (taken > 0.95 && taken <= 1.00) {
            last++;
            sign_case(signs, life->ticket);
        }
    }
    near = before + last + after;
    sign = &signs->items[at];
    sign_tested(sign, chance_more(last, near, 1.0 / 3), level,
                all >= SIGN_LEAST && last >= LAST_LEAST
                    && (double)last > deadline_times * (double)(before + after) / 2,
                last,
                phrase(signs->kept, "sign.found.ANO-02", "k", say_times(signs, last),
                       "b", say_times(signs, before), "a", say_times(signs, after),
                       NULL));
    signs->looked[SIGN_DEADLINE] = all;
    sink_total(signs->sink, "ANO-02.last", base_wilson(last, near));
}

/* --- ANO-06 ------------------------------------------------------------------------
 */

static bool cannot_be(const struct signs *signs, uint32_t i, const struct life *life)
{
    const struct tickets *tickets = &signs->lives->history->facts->tickets;
    const int64_t *const before[] = { tickets->received, tickets->dispatched,
                                      tickets->arrived };
    static const uint32_t bits[] = { DATE_ONLY_RECEIVED, DATE_ONLY_DISPATCHED,
                                     DATE_ONLY_ARRIVED };
    int64_t done = life->first_completed;
    size_t b;

    for (b = 0; b < 3; b++) {
        int64_t time = known(signs, before[b], i);
        bool whole =
            date_only(tickets, i,
                      bits[b] | DATE_ONLY_COMPLETED | DATE_ONLY_FIRST_COMPLETED);

        if (time != HY_NEVER && done != HY_NEVER
            && elapsed(time, whole, done, whole) < 0)
            return true;
    }
    return false;
}

struct clocked { /* completions of the period with a time of day */
    int64_t all, on_hour, timed_seconds, second_zero, impossible, equal;
    double equal_by_chance;
};

static bool times_known(const struct signs *signs, const struct life *life)
{
    const struct tickets *tickets = &signs->lives->history->facts->tickets;

    return life->standing == STANDING_VALID && (life->marks & LIFE_COMPLETED) != 0
           && (life->marks & (LIFE_INFERRED | LIFE_DATE_ONLY)) == 0
           && !date_only(tickets, life->ticket,
                         DATE_ONLY_COMPLETED | DATE_ONLY_FIRST_COMPLETED);
}

static void clock_one(const struct signs *signs, const struct life *life,
                      struct clocked *clocked)
{
    const struct tickets *tickets = &signs->lives->history->facts->tickets;
    const struct deadline *deadline = &signs->lives->history->deadlines[life->ticket];
    int64_t received = tickets->received[life->ticket];
    int64_t allowed = deadline->due == HY_NEVER ? 0 : deadline->due - received;

    clocked->all++;
    clocked->on_hour += life->completed % SECONDS_AN_HOUR < 60;
    if (received % 60 != 0) { /* the source keeps seconds */
        clocked->timed_seconds++;
        clocked->second_zero += life->completed % 60 == 0;
    }
    if (allowed < SECONDS_AN_HOUR || date_only(tickets, life->ticket, DATE_ONLY_DUE))
        return;
    clocked->equal += life->first_completed == deadline->due;
    clocked->equal_by_chance += 60 / (double)allowed;
}

static void heap_sign(struct signs *signs, int64_t k, int64_t n, const char *key)
{
    struct sign *sign = sign_add(signs, SIGN_TIMES);

    sign_tested(sign, chance_more(k, n, 1.0 / 60), level,
                n >= SIGN_LEAST && k >= LAST_LEAST
                    && ratio_of(k, n) > HEAP_TIMES / 60.0,
                -1, /* a habit of the clock, not of single tickets */
                phrase(signs->kept, key, "k", say_times(signs, k), "n",
                       say_times(signs, n), "p", say_share(signs, k, n), NULL));
}

static bool at_night(int64_t time)
{
    int64_t hour = (time % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS / SECONDS_AN_HOUR;

    return hour < NIGHT_UNTIL;
}

/* Completed at night by somebody who, of all completions ever, did so hardly at all. */
static int64_t night_cases(struct signs *signs)
{
    const struct facts *facts = signs->lives->history->facts;
    const struct tickets *tickets = &facts->tickets;
    size_t words = facts->words == NULL ? 1 : facts->words->count, i;
    int64_t *all = arena_alloc(signs->memory, words * sizeof *all), found = 0;
    int64_t *nights = arena_alloc(signs->memory, words * sizeof *nights);

    for (i = 0; tickets->handler != NULL && i < signs->lives->count; i++) {
        const struct life *life = &signs->lives->items[i];

        if (!times_known(signs, life))
            continue;
        all[tickets->handler[life->ticket]]++;
        nights[tickets->handler[life->ticket]] += at_night(life->completed);
    }
    for (i = 0; tickets->handler != NULL && i < signs->lives->count; i++) {
        const struct life *life = &signs->lives->items[i];
        uint32_t who = tickets->handler[life->ticket];

        if (!times_known(signs, life) || who == 0 || all[who] < SIGN_LEAST
            || nights[who] * NIGHT_SHARE > all[who] || !at_night(life->completed))
            continue;
        sign_case(signs, life->ticket);
        found++;
    }
    return found;
}

static void impossible_and_equal(struct signs *signs, struct clocked *clocked)
{
    struct sign *sign = sign_add(signs, SIGN_TIMES);
    size_t at = signs->count - 1, i;
    double p = 1;

    for (i = 0; i < signs->lives->count; i++) {
        const struct life *life = &signs->lives->items[i];

        if (life->standing == STANDING_VALID
            && (life->marks & (LIFE_COMPLETED | LIFE_RECEIVED)) != 0
            && cannot_be(signs, life->ticket, life)) {
            clocked->impossible++;
            sign_case(signs, life->ticket);
        }
        if (times_known(signs, life))
            clock_one(signs, life, clocked);
    }
    sign = &signs->items[at];
    sign_fact(sign, clocked->impossible,
              phrase(signs->kept, "sign.found.ANO-06.impossible", "k",
                     say_times(signs, clocked->impossible), NULL));
    sign = sign_add(signs, SIGN_TIMES);
    for (i = 0; clocked->equal > 0 && i < signs->lives->count; i++) {
        const struct life *life = &signs->lives->items[i];
        int64_t due = signs->lives->history->deadlines[life->ticket].due;

        if (times_known(signs, life) && due != HY_NEVER && life->first_completed == due)
            sign_case(signs, life->ticket);
    }
    if (clocked->equal > 0)
        (void)stats_distribution("ppois", (double)clocked->equal - 1,
                                 clocked->equal_by_chance, 0, &p);
    sign_tested(sign, clocked->equal > 0 ? fmax(0, 1 - p) : 1, level,
                clocked->equal > 1, clocked->equal,
                phrase(signs->kept, "sign.found.ANO-06.equal", "k",
                       say_times(signs, clocked->equal), NULL));
}

/* A completion that was moved, between two exports, from after the deadline (or from
 * nothing) to a time before it. */
static int64_t changed_cases(struct signs *signs)
{
    const struct history *history = signs->lives->history;
    const struct changes *changes = &history->facts->changes;
    const struct period *period = &signs->lives->period;
    int64_t found = 0;
    size_t i;

    for (i = 0; i < changes->count; i++) {
        uint32_t ticket = changes->ticket[i];
        int64_t due = history->deadlines[ticket].due, was = changes->was[i];

        if (changes->what[i] != CHANGE_COMPLETED || due == HY_NEVER
            || changes->seen[i] >= period->cutoff || was == HY_NEVER || was <= due
            || changes->now[i] == HY_NEVER || changes->now[i] > due
            || !within(changes->seen[i], period->from, period->cutoff))
            continue;
        sign_case(signs, ticket);
        found++;
    }
    return found;
}

void sign_times(struct signs *signs)
{
    struct clocked clocked = { 0 };
    struct sign *sign;
    int64_t nights, changed;
    size_t at;

    impossible_and_equal(signs, &clocked);
    heap_sign(signs, clocked.on_hour, clocked.all, "sign.found.ANO-06.hour");
    heap_sign(signs, clocked.second_zero, clocked.timed_seconds,
              "sign.found.ANO-06.second");
    sign_add(signs, SIGN_TIMES);
    at = signs->count - 1;
    nights = night_cases(signs);
    sign = &signs->items[at];
    sign_tested(sign, NAN, 0, nights >= NIGHT_LEAST, nights,
                phrase(signs->kept, "sign.found.ANO-06.night", "k",
                       say_times(signs, nights), NULL));
    sign_add(signs, SIGN_TIMES);
    at = signs->count - 1;
    changed = changed_cases(signs);
    sign = &signs->items[at];
    sign_fact(sign, changed,
              phrase(signs->kept, "sign.found.ANO-06.changed", "k",
                     say_times(signs, changed), NULL));
    signs->looked[SIGN_TIMES] = clocked.all + clocked.impossible;
    sink_total(signs->sink, "ANO-06.impossible", base_count(clocked.impossible));
    sink_total(signs->sink, "ANO-06.equal", base_count(clocked.equal));
    sink_total(signs->sink, "ANO-06.hour", base_wilson(clocked.on_hour, clocked.all));
    sink_total(signs->sink, "ANO-06.second",
               base_wilson(clocked.second_zero, clocked.timed_seconds));
    sink_total(signs->sink, "ANO-06.night", base_count(nights));
    sink_total(signs->sink, "ANO-06.changed", base_count(changed));
}

/* --- ANO-13 ------------------------------------------------------------------------
 */

void sign_anew(struct signs *signs)
{
    const struct history *history = signs->lives->history;
    const struct lifecycles *lives = signs->lives;
    struct sign *sign = sign_add(signs, SIGN_ANEW);
    size_t at = signs->count - 1, i;
    int64_t again = 0, reopened = 0, all = 0, homes = 0;

    for (i = 0; i < lives->count; i++) {
        uint32_t ticket = lives->items[i].ticket, t;

        if (lives->items[i].standing != STANDING_VALID)
            continue;
        for (t = history->first_turn[ticket]; t < history->first_turn[ticket + 1];
             t++) {
            const struct turn *turn = &history->turns[t];
            const struct turn *end = history->turns + history->first_turn[ticket + 1];
            int64_t until = turn->flow + ANEW_SECONDS;

            if (turn->kind != TURN_COMPLETE
                || !within(turn->flow, lives->before_from, lives->before_until))
                continue;
            all++;
            homes += signs->places->place[ticket] == PLACE_HOME;
            if (until > lives->period.cutoff)
                until = lives->period.cutoff;
            if (turn + 1 < end && turn[1].kind == TURN_REOPEN && turn[1].flow < until) {
                reopened++;
            } else if (anew(signs, ticket, turn->flow, until)) {
                again++;
                sign_case(signs, ticket);
            }
        }
    }
    sign = &signs->items[at];
    sign_tested(sign, chance_more(again, again + reopened, 0.5), level,
                all >= SIGN_LEAST && again >= LAST_LEAST
                    && again > ANEW_TIMES * reopened,
                again,
                phrase(signs->kept, "sign.found.ANO-13", "k", say_times(signs, again),
                       "c", say_times(signs, reopened), "n", say_times(signs, all),
                       NULL));
    signs->looked[SIGN_ANEW] = homes > 0 ? all : 0;
    sink_total(signs->sink, "ANO-13.again",
               homes > 0 ? base_count(again) : base_none(ANSWER_NO_DATA));
    sink_total(signs->sink, "ANO-13.reopened",
               all > 0 ? base_count(reopened) : base_none(ANSWER_NO_DATA));
}
