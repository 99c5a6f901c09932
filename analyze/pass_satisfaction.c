/* pass_satisfaction.c - asked and content or not: REV-01 to REV-04, SAT-01 to SAT-06.
 */
#include "analyze/answers.h"
#include "analyze/passes.h"
#include "analyze/tally.h"
#include "core/store.h"

enum { SECONDS_AN_HOUR = 3600, GRACE_SECONDS = REVISIT_GRACE };

enum counter {
    ELIGIBLE,
    VISITED,
    SOON,
    PENDING,
    EXEMPT,
    ATTEMPTED,
    REACHED,
    NO_ANSWER,
    REFUSED,
    RATED,
    CONTENT,
    DISCONTENT,
    AUTOMATIC,
    BY_OWNER,
    BY_OWNER_CONTENT,
    BY_STAFF,
    BY_STAFF_CONTENT,
    CEILING,
    TO_RATE_OR_MISSING,
    SPEED,
    SPEED_CONTENT,
    QUALITY,
    QUALITY_CONTENT,
    COUNTERS
};

static uint8_t code(const uint8_t *column, uint32_t i)
{
    return column == NULL ? 0 : column[i];
}

bool revisit_exempt(const struct settings *settings, const struct tickets *tickets,
                    const struct life *life)
{
    uint32_t i = life->ticket;
    uint16_t flags = tickets->flags == NULL ? 0 : tickets->flags[i];
    uint8_t nature = nature_first(tickets, i), channel = code(tickets->channel, i);

    if ((settings->exempt_natures >> nature & 1) != 0
        || (settings->exempt_channels >> channel & 1) != 0)
        return true;
    if (nature == NATURE_PRAISE || (life->marks & LIFE_FIRST_CONTACT) != 0)
        return true;
    if (flag_yes(flags, FLAG_ANONYMOUS)
        && (tickets->contact == NULL || tickets->contact[i] == 0))
        return true;
    return code(tickets->revisit_outcome, i) == REVISIT_EXEMPT;
}

struct answer_of answer_of(const struct tickets *tickets, uint32_t i, int64_t cutoff)
{
    struct answer_of answer = { .visited = HY_NEVER };
    uint16_t flags = tickets->flags == NULL ? 0 : tickets->flags[i];
    int64_t visited = tickets->revisited == NULL ? HY_NEVER : tickets->revisited[i];

    if (visited != HY_NEVER && visited >= cutoff)
        return answer;
    answer.visited = visited;
    answer.owner = code(tickets->rating_resident, i);
    answer.staff = code(tickets->rating_staff, i);
    answer.outcome = code(tickets->revisit_outcome, i);
    answer.speed = code(tickets->rating_speed, i);
    answer.quality = code(tickets->rating_quality, i);
    if (flag_yes(flags, FLAG_DEFAULT_RATING)) {
        answer.automatic = true; /* the system's; a clerk may have asked as well */
        if (answer.owner != 0)
            answer.owner = 0;
        else
            answer.staff = 0;
        if (answer.owner == 0 && answer.staff == 0)
            answer.speed = answer.quality = 0; /* of the system as well */
    }
    answer.attempted = visited != HY_NEVER || answer.outcome == REVISIT_REACHED
                       || answer.outcome == REVISIT_NOT_REACHED
                       || answer.outcome == REVISIT_REFUSED;
    if (answer.outcome == REVISIT_UNKNOWN
        && (answer.staff != 0 || flag_known(flags, FLAG_RESOLVED)))
        answer.outcome = REVISIT_REACHED;
    return answer;
}

/* Satisfied and very satisfied; neutral is not (SAT-01). */
bool rating_content(uint8_t rating)
{
    unsigned score = RATING_SCORE(rating), scale = RATING_SCALE(rating);

    return scale == 10 ? score >= 8 : scale == 5 ? score >= 4 : score == scale;
}

bool rating_discontent(uint8_t rating)
{
    unsigned score = RATING_SCORE(rating), scale = RATING_SCALE(rating);

    if (rating == 0)
        return false;
    return scale == 10 ? score <= 4 : scale == 5 ? score <= 2 : score <= 1;
}

static void count_visit(const struct life *life, const struct answer_of *answer,
                        struct tally *tally, struct samples *gaps)
{
    uint32_t i = life->ticket;
    int64_t gap = answer->visited == HY_NEVER ? -1 : answer->visited - life->completed;

    if (!answer->attempted)
        return;
    tally_add(tally, i, VISITED, 1);
    if (gap >= 0) {
        tally_add(tally, i, SOON, gap <= GRACE_SECONDS);
        samples_add(gaps, i, (double)gap / SECONDS_AN_HOUR, 0);
    }
    if (answer->outcome == REVISIT_UNKNOWN)
        return;
    tally_add(tally, i, ATTEMPTED, 1);
    tally_add(tally, i, REACHED, answer->outcome == REVISIT_REACHED);
    tally_add(tally, i, NO_ANSWER, answer->outcome == REVISIT_NOT_REACHED);
    tally_add(tally, i, REFUSED, answer->outcome == REVISIT_REFUSED);
}

static void count_rating(uint32_t i, const struct answer_of *answer,
                         struct tally *tally, struct samples *scores)
{
    uint8_t rating = answer->owner != 0 ? answer->owner : answer->staff;

    tally_add(tally, i, AUTOMATIC, answer->automatic);
    tally_add(tally, i, CEILING, rating == 0 || rating_content(rating));
    if (rating == 0)
        return;
    tally_add(tally, i, RATED, 1);
    tally_add(tally, i, CONTENT, rating_content(rating));
    tally_add(tally, i, DISCONTENT, rating_discontent(rating));
    if (answer->owner != 0) {
        tally_add(tally, i, BY_OWNER, 1);
        tally_add(tally, i, BY_OWNER_CONTENT, rating_content(rating));
    } else {
        tally_add(tally, i, BY_STAFF, 1);
        tally_add(tally, i, BY_STAFF_CONTENT, rating_content(rating));
    }
    if (RATING_SCALE(rating) == 5)
        samples_add(scores, i, RATING_SCORE(rating), 0);
}

/* SAT-06: each on its own, also where there is no rating of the whole. */
static void count_sub_scores(uint32_t i, const struct answer_of *answer,
                             struct tally *tally)
{
    tally_add(tally, i, SPEED, answer->speed != 0);
    tally_add(tally, i, SPEED_CONTENT,
              answer->speed != 0 && rating_content(answer->speed));
    tally_add(tally, i, QUALITY, answer->quality != 0);
    tally_add(tally, i, QUALITY_CONTENT,
              answer->quality != 0 && rating_content(answer->quality));
}

static void count_life(const struct context *context, const struct lifecycles *lives,
                       const struct life *life, struct tally *tally,
                       struct samples *gaps, struct samples *scores)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    struct answer_of answer;

    if (life_missing(lives, life) && !revisit_exempt(context->settings, tickets, life))
        tally_add(tally, life->ticket, TO_RATE_OR_MISSING, 1);
    if (life->standing != STANDING_VALID || (life->marks & LIFE_COMPLETED) == 0)
        return;
    if (revisit_exempt(context->settings, tickets, life)) {
        tally_add(tally, life->ticket, EXEMPT, 1);
        return;
    }
    if (life->completed >= lives->period.cutoff - GRACE_SECONDS) {
        tally_add(tally, life->ticket, PENDING, 1);
        return;
    }
    tally_add(tally, life->ticket, ELIGIBLE, 1);
    tally_add(tally, life->ticket, TO_RATE_OR_MISSING, 1);
    answer = answer_of(tickets, life->ticket, lives->period.cutoff);
    count_visit(life, &answer, tally, gaps);
    count_rating(life->ticket, &answer, tally, scores);
    count_sub_scores(life->ticket, &answer, tally);
}

static void emit_gap(struct sink *sink, const struct group *group)
{
    size_t count;
    double *values = group_values(group, 1u, sink->scratch, &count);

    sink_group(sink, group, "REV-04.median", base_quantile(values, count, 0.5));
}

static void emit_score(struct sink *sink, const struct group *group)
{
    size_t count;
    double *values = group_values(group, 1u, sink->scratch, &count);

    sink_group(sink, group, "SAT-02", base_mean(values, count));
}

/* Whether anybody ever wrote down a visit or a rating, or a file had room for one:
 * where none did, a rate of 0 % would be said of something nobody asked (METHODS 0.2).
 */
struct collected {
    bool visits, ratings, sub_scores;
};

static bool any_sub_score(const struct tickets *tickets)
{
    for (uint32_t i = 0; i < tickets->count; i++)
        if (code(tickets->rating_speed, i) != 0
            || code(tickets->rating_quality, i) != 0)
            return true;
    return false;
}

static struct collected what_was_collected(const struct tickets *tickets)
{
    struct collected out = { false, false, any_sub_score(tickets) };

    for (uint32_t i = 0; i < tickets->count && !(out.visits && out.ratings); i++) {
        unsigned columns = tickets->columns == NULL ? 0 : tickets->columns[i];
        bool visited = tickets->revisited != NULL && tickets->revisited[i] != HY_NEVER;

        out.visits |= visited || (columns & COLUMN_REVISITED) != 0
                      || code(tickets->revisit_outcome, i) != REVISIT_UNKNOWN;
        out.ratings |= (columns & COLUMN_RATING) != 0
                       || code(tickets->rating_resident, i) != 0
                       || code(tickets->rating_staff, i) != 0;
    }
    out.visits |= out.ratings; /* a clerk's rating is an answer */
    return out;
}

static void emit_visits(const struct tally *tally, struct sink *sink,
                        struct samples *gaps)
{
    tally_share(tally, sink, "REV-01", VISITED, ELIGIBLE);
    tally_count(tally, sink, "REV-01.pending", PENDING);
    tally_count(tally, sink, "REV-01.exempt", EXEMPT);
    tally_share(tally, sink, "REV-02", REACHED, ATTEMPTED);
    tally_count(tally, sink, "REV-02.noanswer", NO_ANSWER);
    tally_count(tally, sink, "REV-02.refused", REFUSED);
    tally_share(tally, sink, "REV-03", SOON, ELIGIBLE);
    samples_each(gaps, sink, "REV-04", emit_gap);
}

static void emit_ratings(const struct tally *tally, struct sink *sink,
                         struct samples *scores)
{
    tally_share(tally, sink, "SAT-01", CONTENT, RATED);
    tally_count(tally, sink, "SAT-01.default", AUTOMATIC);
    tally_share(tally, sink, "SAT-01.resident", BY_OWNER_CONTENT, BY_OWNER);
    tally_share(tally, sink, "SAT-01.staff", BY_STAFF_CONTENT, BY_STAFF);
    samples_each(scores, sink, "SAT-02", emit_score);
    tally_share(tally, sink, "SAT-03", RATED, ELIGIBLE);
    tally_count(tally, sink, "SAT-04", DISCONTENT);
    tally_share(tally, sink, "SAT-05", CONTENT, ELIGIBLE);
    tally_share(tally, sink, "SAT-05.ceiling", CEILING, ELIGIBLE);
    tally_share_total(tally, sink, "SAT-05.worst", CONTENT, TO_RATE_OR_MISSING);
}

static void emit_sub_scores(const struct tally *tally, struct sink *sink)
{
    tally_share(tally, sink, "SAT-06.speed", SPEED_CONTENT, SPEED);
    tally_share(tally, sink, "SAT-06.quality", QUALITY_CONTENT, QUALITY);
}

static void emit_all(const struct tally *tally, struct sink *sink,
                     const struct collected *collected, struct samples *gaps,
                     struct samples *scores)
{
    bool empty = sink->empty;

    sink->empty = empty || !collected->visits;
    emit_visits(tally, sink, gaps);
    sink->empty = empty || !collected->ratings;
    emit_ratings(tally, sink, scores);
    sink->empty = empty || !collected->sub_scores;
    emit_sub_scores(tally, sink);
    sink->empty = empty;
}

static enum status run_satisfaction(const struct facts *facts,
                                    const struct context *context,
                                    struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    struct collected collected = what_was_collected(&facts->tickets);
    enum status status = HY_OK;
    size_t p, i;

    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct lifecycles *lives = &context->lives[p];
        struct samples gaps = { .memory = scratch }, scores = { .memory = scratch };
        struct tally tally;
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        tally_open(&tally, sink.splits, COUNTERS, scratch);
        for (i = 0; i < lives->count; i++)
            count_life(context, lives, &lives->items[i], &tally, &gaps, &scores);
        emit_all(&tally, &sink, &collected, &gaps, &scores);
        status = sink_status(&sink, "satisfaction", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_satisfaction = {
    .name = "satisfaction",
    .summary = "满意不满意：回访、评价和满意率的上下限",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "REV SAT",
    .run = run_satisfaction,
};
