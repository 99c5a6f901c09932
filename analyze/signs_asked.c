/* signs_asked.c - of revisits and ratings: ANO-03 within seconds, ANO-04 always five,
 * ANO-05 who is asked. */
#include <math.h>
#include <stdlib.h>

#include "analyze/answers.h"
#include "analyze/signs.h"
#include "analyze/stats.h"
#include "core/wording.h"

enum { QUICK_SECONDS = 120, BATCH = 5, FIVE = 5, FIVE_SCALE = 5, LEAST_RATINGS = 20 };

static const double level = 0.01, fives_level = 0.001, quick_share = 0.1,
                    gap_most = 0.15, ratio_least = 0.7;

/* --- ANO-03 ------------------------------------------------------------------------
 */

struct visit {
    int64_t minute;
    uint32_t who, ticket;
};

static int compare_visits(const void *left, const void *right)
{
    const struct visit *a = left, *b = right;

    if (a->who != b->who)
        return a->who < b->who ? -1 : 1;
    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

/* Revisits of the period with a time of day. */
static struct visit *collect_visits(struct signs *signs, size_t *count)
{
    const struct lifecycles *lives = signs->lives;
    const struct tickets *tickets = &lives->history->facts->tickets;
    struct visit *visits =
        arena_alloc(signs->memory, (lives->count + 1) * sizeof *visits);
    size_t i;

    *count = 0;
    for (i = 0; tickets->revisited != NULL && i < lives->count; i++) {
        const struct life *life = &lives->items[i];
        uint32_t ticket = life->ticket;
        int64_t visited = tickets->revisited[ticket];

        if (life->standing != STANDING_VALID || life->completed == HY_NEVER
            || !within(visited, lives->period.from, lives->period.cutoff)
            || (tickets->date_only != NULL
                && (tickets->date_only[ticket]
                    & (DATE_ONLY_REVISITED | DATE_ONLY_COMPLETED))
                       != 0))
            continue;
        visits[(*count)++] =
            (struct visit){ visited / 60,
                            tickets->visitor == NULL ? 0 : tickets->visitor[ticket],
                            ticket };
    }
    return visits;
}

/* Five or more by one person in one minute. */
static int64_t batches(struct signs *signs, struct visit *visits, size_t count)
{
    int64_t found = 0;
    size_t first, next, i;

    if (count > 1)
        qsort(visits, count, sizeof *visits, compare_visits);
    for (first = 0; first < count; first = next) {
        for (next = first; next < count && visits[next].who == visits[first].who
                           && visits[next].minute == visits[first].minute;)
            next++;
        if (visits[first].who == 0 || next - first < BATCH)
            continue;
        found++;
        for (i = first; i < next; i++)
            sign_case(signs, visits[i].ticket);
    }
    return found;
}

void sign_seconds(struct signs *signs)
{
    const struct lifecycles *lives = signs->lives;
    struct visit *visits;
    size_t count, at = signs->count, i, l = 0;
    int64_t quick = 0, batched;

    sign_add(signs, SIGN_SECONDS);
    visits = collect_visits(signs, &count);
    for (i = 0; i < count; i++) {
        uint32_t ticket = visits[i].ticket;
        int64_t gap;

        while (lives->items[l].ticket != ticket)
            l++; /* both stand by ticket */
        gap = lives->history->facts->tickets.revisited[ticket]
              - lives->items[l].completed;
        if (gap < 0 || gap >= QUICK_SECONDS)
            continue;
        quick++;
        sign_case(signs, ticket);
    }
    sign_tested(&signs->items[at], chance_more(quick, (int64_t)count, quick_share),
                level,
                count >= SIGN_LEAST && ratio_of(quick, (int64_t)count) > quick_share,
                quick,
                phrase(signs->kept, "sign.found.ANO-03", "k", say_times(signs, quick),
                       "n", say_times(signs, (int64_t)count), "p",
                       say_share(signs, quick, (int64_t)count), NULL));
    at = signs->count;
    sign_add(signs, SIGN_SECONDS);
    batched = batches(signs, visits, count);
    sign_fact(&signs->items[at], batched,
              phrase(signs->kept, "sign.found.ANO-03.batch", "k",
                     say_times(signs, batched), NULL));
    signs->looked[SIGN_SECONDS] = (int64_t)count;
    sink_total(signs->sink, "ANO-03.share", base_wilson(quick, (int64_t)count));
    sink_total(signs->sink, "ANO-03.batch",
               count > 0 ? base_count(batched) : base_none(ANSWER_NO_DATA));
}

/* --- ANO-04 ------------------------------------------------------------------------
 */

struct marks {
    int64_t ratings, fives, content;
};

struct rated { /* five-level ratings of the period */
    struct marks staff, owners;
    struct marks *by; /* per word: the revisit clerk who noted them */
    size_t words;
};

static void add_rating(struct marks *marks, uint8_t rating)
{
    marks->ratings++;
    marks->fives += RATING_SCORE(rating) == FIVE;
    marks->content += rating_content(rating);
}

static struct rated collect_ratings(struct signs *signs)
{
    const struct facts *facts = signs->lives->history->facts;
    const struct tickets *tickets = &facts->tickets;
    struct rated rated = { .words = facts->words == NULL ? 1 : facts->words->count };
    size_t i;

    rated.by = arena_alloc(signs->memory, rated.words * sizeof *rated.by);
    for (i = 0; i < signs->lives->count; i++) {
        const struct life *life = &signs->lives->items[i];
        struct answer_of said;
        uint32_t who;

        if (life->standing != STANDING_VALID || (life->marks & LIFE_COMPLETED) == 0)
            continue;
        said = answer_of(tickets, life->ticket, signs->lives->period.cutoff);
        who = tickets->visitor == NULL ? 0 : tickets->visitor[life->ticket];
        if (RATING_SCALE(said.owner) == FIVE_SCALE)
            add_rating(&rated.owners, said.owner);
        if (RATING_SCALE(said.staff) == FIVE_SCALE) {
            add_rating(&rated.staff, said.staff);
            add_rating(&rated.by[who], said.staff);
        }
    }
    return rated;
}

static void add_cases_of(struct signs *signs, uint32_t who)
{
    const struct tickets *tickets = &signs->lives->history->facts->tickets;
    size_t i;

    for (i = 0; i < signs->lives->count; i++) {
        const struct life *life = &signs->lives->items[i];

        if (life->standing == STANDING_VALID && (life->marks & LIFE_COMPLETED) != 0
            && tickets->visitor[life->ticket] == who
            && RATING_SCALE(
                   answer_of(tickets, life->ticket, signs->lives->period.cutoff).staff)
                   == FIVE_SCALE)
            sign_case(signs, life->ticket);
    }
}

/* One clerk with nothing but fives, against the mix of all others. */
static void clerk_sign(struct signs *signs, const struct rated *rated, uint32_t who)
{
    const struct marks *own = &rated->by[who];
    int64_t others = rated->staff.ratings - own->ratings;
    int64_t fives = rated->staff.fives - own->fives;
    size_t at = signs->count;
    bool all = own->fives == own->ratings;

    sign_add(signs, SIGN_FIVES);
    if (all)
        add_cases_of(signs, who);
    sign_tested(
        &signs->items[at], all ? pow(ratio_of(fives, others), (double)own->ratings) : 1,
        fives_level, all, own->ratings,
        phrase(signs->kept,
               rated->owners.ratings >= LEAST_RATINGS ? "sign.found.ANO-04.owners"
                                                      : "sign.found.ANO-04",
               "who", say_word(signs, who), "n", say_times(signs, own->ratings), "m",
               say_times(signs, others), "p", say_share(signs, fives, others), "r",
               say_times(signs, rated->owners.ratings), "q",
               say_share(signs, rated->owners.fives, rated->owners.ratings), NULL));
}

/* Noted by staff against given by owners themselves: pooled z, one side. */
static double gap_p(const struct marks *staff, const struct marks *owners)
{
    double n = (double)staff->ratings, m = (double)owners->ratings;
    double pooled = (double)(staff->content + owners->content) / (n + m), p = 1;
    double gap = ratio_of(staff->content, staff->ratings)
                 - ratio_of(owners->content, owners->ratings);

    if (pooled <= 0 || pooled >= 1)
        return 1;
    (void)stats_distribution("pnorm",
                             -gap / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)), 0, 1,
                             &p);
    return p;
}

static void gap_sign(struct signs *signs, const struct rated *rated)
{
    const struct marks *staff = &rated->staff, *owners = &rated->owners;
    struct base base = base_none(ANSWER_NO_DATA);
    double gap = ratio_of(staff->content, staff->ratings)
                 - ratio_of(owners->content, owners->ratings);

    if (staff->ratings >= LEAST_RATINGS && owners->ratings >= LEAST_RATINGS) {
        sign_add(signs, SIGN_FIVES);
        sign_tested(&signs->items[signs->count - 1], gap_p(staff, owners), level,
                    gap > gap_most, -1,
                    phrase(signs->kept, "sign.found.ANO-04.gap", "p",
                           say_share(signs, staff->content, staff->ratings), "n",
                           say_times(signs, staff->ratings), "q",
                           say_share(signs, owners->content, owners->ratings), "m",
                           say_times(signs, owners->ratings), NULL));
        base = base_none(ANSWER_OK);
        base.value = gap;
    } else if (staff->ratings + owners->ratings > 0) {
        base = base_none(ANSWER_SMALL_N);
    }
    base.n = staff->ratings + owners->ratings;
    sink_total(signs->sink, "ANO-04.gap", base);
}

void sign_fives(struct signs *signs)
{
    struct rated rated = collect_ratings(signs);
    uint32_t who;

    for (who = 1; who < rated.words; who++)
        if (rated.by[who].ratings >= LEAST_RATINGS
            && rated.staff.ratings - rated.by[who].ratings >= LEAST_RATINGS)
            clerk_sign(signs, &rated, who);
    gap_sign(signs, &rated);
    signs->looked[SIGN_FIVES] = rated.staff.ratings;
}

/* --- ANO-05 ------------------------------------------------------------------------
 */

struct asked {
    int64_t due, visited;
};

/* Late, reopened, reported again, or a complaint: where an answer may hurt. */
static bool hard_to_ask(const struct signs *signs, const struct life *life)
{
    const struct history *history = signs->lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    int64_t due = history->deadlines[life->ticket].due;
    uint32_t t;

    if (tickets->nature != NULL && tickets->nature[life->ticket] == NATURE_COMPLAINT)
        return true;
    if (due != HY_NEVER && life->first_completed > due)
        return true;
    for (t = history->first_turn[life->ticket];
         t < history->first_turn[life->ticket + 1]; t++)
        if (history->turns[t].kind == TURN_REOPEN
            && history->turns[t].flow < signs->lives->period.cutoff)
            return true;
    return signs->places->previous[life->ticket] != 0
           && tickets->received[life->ticket]
                      - tickets->received[signs->places->previous[life->ticket] - 1]
                  <= 90 * DAY_SECONDS;
}

void sign_chosen(struct signs *signs)
{
    const struct lifecycles *lives = signs->lives;
    const struct tickets *tickets = &lives->history->facts->tickets;
    struct asked hard = { 0 }, easy = { 0 };
    size_t at = signs->count, i;
    double ratio;

    sign_add(signs, SIGN_CHOSEN);
    for (i = 0; i < lives->count; i++) {
        const struct life *life = &lives->items[i];
        struct asked *asked;
        bool visited;

        if (life->standing != STANDING_VALID || (life->marks & LIFE_COMPLETED) == 0
            || life->completed >= lives->period.cutoff - REVISIT_GRACE
            || revisit_exempt(signs->context->settings, tickets, life))
            continue;
        asked = hard_to_ask(signs, life) ? &hard : &easy;
        visited = answer_of(tickets, life->ticket, lives->period.cutoff).attempted;
        asked->due++;
        asked->visited += visited;
        if (asked == &hard && !visited)
            sign_case(signs, life->ticket);
    }
    if (hard.visited + easy.visited == 0) /* nobody writes revisits down */
        hard.due = easy.due = 0;
    ratio = ratio_of(hard.visited, hard.due) / ratio_of(easy.visited, easy.due);
    sign_tested(&signs->items[at],
                chance_above(easy.visited, easy.due, hard.visited, hard.due), level,
                hard.due + easy.due >= SIGN_LEAST && ratio < ratio_least,
                hard.due - hard.visited,
                phrase(signs->kept, "sign.found.ANO-05", "k",
                       say_times(signs, hard.visited), "n", say_times(signs, hard.due),
                       "p", say_share(signs, hard.visited, hard.due), "q",
                       say_share(signs, easy.visited, easy.due), NULL));
    signs->looked[SIGN_CHOSEN] = hard.due + easy.due;
    sink_total(signs->sink, "ANO-05.hard", base_wilson(hard.visited, hard.due));
    sink_total(signs->sink, "ANO-05.easy", base_wilson(easy.visited, easy.due));
}
