/* links.c - pairs of tickets that are, or may be, one case. */
#include "cli/links.h"

#include <math.h>
#include <string.h>

#include "analyze/stats_text.h"

enum { DAY = 86400, GRAMS_LEAST = 4 };
static const double JACCARD_LEAST = 0.5, CONTAINMENT_LEAST = 0.7; /* METHODS 2.6 */

struct search {
    const struct link_ticket *tickets;
    struct grams *grams;
    const struct answer_line *answers;
    size_t answer_count;
    struct arena *memory;
    struct link_pair *pairs;
    size_t count, room;
};

const char *link_key(const struct link_pair *pair, struct arena *memory)
{
    return arena_printf(memory, "pair:%s/%s|%s/%s", pair->first->series,
                        pair->first->number, pair->second->series,
                        pair->second->number);
}

static bool equal_known(int64_t a, int64_t b)
{
    return a != 0 && a == b;
}

static bool similar(const struct grams *a, const struct grams *b, double *score)
{
    double jaccard = similar_jaccard(a, b), containment = similar_containment(a, b);
    bool enough = a->count >= GRAMS_LEAST && b->count >= GRAMS_LEAST;

    *score = isnan(jaccard) ? 0 : jaccard;
    if (enough && !isnan(containment) && containment >= CONTAINMENT_LEAST) {
        *score = containment > *score ? containment : *score;
        return true;
    }
    return *score >= JACCARD_LEAST;
}

/* The rule that speaks for the pair, LINK_RULES = none. */
static enum link_rule rule_of(const struct search *search, size_t first, size_t second,
                              double *score)
{
    const struct link_ticket *a = &search->tickets[first];
    const struct link_ticket *b = &search->tickets[second];
    bool home = equal_known(a->room, b->room) || equal_known(a->contact, b->contact);
    bool place = equal_known(a->asset, b->asset)
                 || (a->room == 0 && b->room == 0 && equal_known(a->place, b->place));
    bool category = equal_known(a->category, b->category), text;

    if (a->channel == 0 || b->channel == 0 || a->channel == b->channel
        || (!home && !place))
        return LINK_RULES;
    text = similar(&search->grams[first], &search->grams[second], score);
    if (home && category && text)
        return LINK_HOME_BOTH;
    if (home && text)
        return LINK_HOME_TEXT;
    if (home && category)
        return LINK_HOME_CATEGORY;
    return place && category && text ? LINK_PLACE_BOTH : LINK_RULES;
}

/* What a person said of the pair: 1 same, 0 not, -1 nothing. */
static int said(const struct search *search, const char *key,
                const struct session *session)
{
    size_t i;

    for (i = 0; i < search->answer_count; i++) {
        if (strcmp(search->answers[i].question, key) != 0)
            continue;
        if (strcmp(search->answers[i].answer,
                   wording_get(session->wording, "ask.pair.same"))
            == 0)
            return 1;
        if (strcmp(search->answers[i].answer,
                   wording_get(session->wording, "ask.pair.not"))
            == 0)
            return 0;
    }
    return -1;
}

static void keep(struct search *search, const struct session *session,
                 struct link_pair pair)
{
    int word = said(search, link_key(&pair, search->memory), session);

    pair.same = word == 1 || (word < 0 && pair.rule == LINK_HOME_BOTH);
    if (word == 0)
        return;
    if (word == 1)
        pair.rule = LINK_SAID;
    if (search->count == search->room) {
        size_t room = search->room * 2 + 64;

        search->pairs = arena_grow(search->memory, search->pairs,
                                   search->count * sizeof pair, room * sizeof pair);
        search->room = room;
    }
    search->pairs[search->count++] = pair;
}

/* The nearest earlier ticket that was still open speaks first; one pair a ticket. */
static void look_back(struct search *search, const struct session *session,
                      size_t second)
{
    const struct link_ticket *b = &search->tickets[second];
    int64_t least = b->received - (int64_t)session->settings.window_link * DAY;
    size_t first = second;

    while (first-- > 0 && search->tickets[first].received >= least) {
        const struct link_ticket *a = &search->tickets[first];
        double score = 0;
        enum link_rule rule;

        if (a->completed != HY_NEVER && a->completed <= b->received)
            continue;
        rule = rule_of(search, first, second, &score);
        if (rule == LINK_RULES)
            continue;
        keep(search, session,
             (struct link_pair){
                 .first = a, .second = b, .rule = rule, .score = score });
        return;
    }
}

enum status links_find(const struct session *session, struct store *store, int64_t from,
                       struct links *links, struct error *err)
{
    struct arena *memory = session->memory;
    struct search search = { .memory = memory };
    size_t count, i;

    TRY(store_link_tickets(store, from, memory, &search.tickets, &count, err));
    TRY(store_answers(store, memory, &search.answers, &search.answer_count, err));
    search.grams = arena_alloc(memory, (count + 1) * sizeof *search.grams);
    for (i = 0; i < count; i++)
        search.grams[i] =
            similar_grams(similar_normalise(text_of(search.tickets[i].text), memory),
                          memory);
    for (i = 0; i < count; i++)
        look_back(&search, session, i);
    *links = (struct links){
        .tickets = count, .count = search.count, .cases = count, .pairs = search.pairs
    };
    for (i = 0; i < search.count; i++)
        links->cases -= search.pairs[i].same;
    return HY_OK;
}
