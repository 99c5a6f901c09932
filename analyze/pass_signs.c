/* pass_signs.c - signs to check: all comparisons together, ANO-00 to ANO-14. */
#include <math.h>

#include "analyze/passes.h"
#include "analyze/signs.h"
#include "analyze/stats.h"
#include "analyze/stats_rate.h"
#include "core/store.h"
#include "core/wording.h"

enum { LISTED_CASES = 200 }; /* of one sign; how many there are is said beside it */

static const double false_share = 0.05; /* Benjamini-Hochberg */

struct check {
    const char *name; /* "ANO-01" */
    void (*run)(struct signs *signs);
};

static const struct check checks[SIGN_COUNT] = {
    [SIGN_NONE] = { "ANO-00", NULL },
    [SIGN_MONTH_END] = { "ANO-01", sign_month_end },
    [SIGN_DEADLINE] = { "ANO-02", sign_deadline },
    [SIGN_SECONDS] = { "ANO-03", sign_seconds },
    [SIGN_FIVES] = { "ANO-04", sign_fives },
    [SIGN_CHOSEN] = { "ANO-05", sign_chosen },
    [SIGN_TIMES] = { "ANO-06", sign_times },
    [SIGN_VANISHED] = { "ANO-07", sign_vanished },
    [SIGN_MOVED] = { "ANO-08", sign_moved },
    [SIGN_SPLIT] = { "ANO-09", sign_split },
    [SIGN_SOFTER] = { "ANO-10", sign_softer },
    [SIGN_PAUSED] = { "ANO-11", sign_paused },
    [SIGN_CALLS] = { "ANO-12", sign_calls },
    [SIGN_ANEW] = { "ANO-13", sign_anew },
    [SIGN_FIGURES] = { "ANO-14", sign_figures },
};

/* --- what the checks use ---------------------------------------------------------- */

struct sign *sign_add(struct signs *signs, enum sign_id id)
{
    struct sign *sign;

    if (signs->count == signs->room) {
        size_t room = signs->room == 0 ? 64 : signs->room * 2;

        signs->items =
            arena_grow(signs->memory, signs->items, signs->count * sizeof *signs->items,
                       room * sizeof *signs->items);
        signs->room = room;
    }
    sign = &signs->items[signs->count++];
    *sign = (struct sign){ .id = (uint8_t)id,
                           .found = "",
                           .p = NAN,
                           .cases = -1,
                           .first_case = signs->case_count };
    return sign;
}

void sign_case(struct signs *signs, uint32_t ticket)
{
    if (signs->case_count == signs->case_room) {
        size_t room = signs->case_room == 0 ? 256 : signs->case_room * 2;

        signs->cases = arena_grow(signs->memory, signs->cases,
                                  signs->case_count * sizeof *signs->cases,
                                  room * sizeof *signs->cases);
        signs->case_room = room;
    }
    signs->cases[signs->case_count++] = ticket;
}

void sign_tested(struct sign *sign, double p, double level, bool beyond, int64_t cases,
                 const char *found)
{
    sign->p = p;
    sign->level = level;
    sign->beyond = beyond;
    sign->cases = cases;
    sign->found = found;
}

void sign_fact(struct sign *sign, int64_t cases, const char *found)
{
    sign_tested(sign, NAN, 0, cases > 0, cases, found);
}

double chance_less(int64_t k, int64_t n, double share)
{
    double p = 1;

    if (k < 0)
        return 0;
    (void)stats_distribution("pbinom", (double)k, (double)n, share, &p);
    return p;
}

double chance_more(int64_t k, int64_t n, double share)
{
    /* the other tail by symmetry, so that a tiny p keeps its digits */
    return k <= 0 ? 1 : chance_less(n - k, n, 1 - share);
}

double chance_above(int64_t k1, int64_t n1, int64_t k2, int64_t n2)
{
    if (n1 <= 0 || n2 <= 0 || k1 + k2 == 0)
        return 1;
    return chance_more(k1, k1 + k2, (double)n1 / (double)(n1 + n2));
}

double ratio_of(int64_t k, int64_t n)
{
    return n > 0 ? (double)k / (double)n : NAN;
}

const char *say_times(struct signs *signs, int64_t count)
{
    return say_count(signs->kept, count);
}

const char *say_share(struct signs *signs, int64_t k, int64_t n)
{
    return n > 0 ? say_percent(signs->kept, ratio_of(k, n)) : "—";
}

const char *say_word(const struct signs *signs, uint32_t word)
{
    const struct words *words = signs->lives->history->facts->words;

    return word == 0 || words == NULL || word >= words->count ? "?" : words->text[word];
}

/* --- all together ----------------------------------------------------------------- */

static void judge(struct signs *signs, int64_t *tests, double *chance)
{
    double *p = arena_alloc(signs->memory, (signs->count + 1) * sizeof *p);
    double *adjusted =
        arena_alloc(signs->memory, (signs->count + 1) * sizeof *adjusted);
    size_t i;

    *tests = 0;
    *chance = 0;
    for (i = 0; i < signs->count; i++) {
        p[i] = signs->items[i].p;
        if (isnan(p[i]))
            continue;
        ++*tests;
        *chance += signs->items[i].level;
    }
    rate_adjust(p, signs->count, ADJUST_BH, signs->memory, adjusted);
    for (i = 0; i < signs->count; i++) {
        struct sign *sign = &signs->items[i];

        sign->flagged = sign->beyond
                        && (isnan(sign->p)
                            || (sign->p < sign->level && adjusted[i] <= false_share));
    }
}

static size_t cases_end(const struct signs *signs, size_t sign)
{
    return sign + 1 < signs->count ? signs->items[sign + 1].first_case
                                   : signs->case_count;
}

/* How many were found; too few events to look at is no 0. */
static struct base found_of(const struct signs *signs, enum sign_id id)
{
    int64_t found = 0, looked = signs->looked[id];
    struct base base;
    size_t i;

    for (i = 0; i < signs->count; i++)
        found += signs->items[i].id == id && signs->items[i].flagged;
    base = found > 0 || looked >= SIGN_LEAST
               ? base_count(found)
               : base_none(looked > 0 ? ANSWER_SMALL_N : ANSWER_NO_DATA);
    base.n = looked;
    return base;
}

static void note_cases(const struct signs *signs, enum sign_id id)
{
    struct case_log *log = signs->sink->splits->cases;
    size_t i, c;

    if (!cases_wanted(log, checks[id].name, signs->lives->period.month))
        return;
    log->found = true;
    for (i = 0; i < signs->count; i++) {
        if (!signs->items[i].flagged || (id != SIGN_NONE && signs->items[i].id != id))
            continue;
        for (c = signs->items[i].first_case; c < cases_end(signs, i); c++)
            cases_note(log, signs->cases[c], CASE_COUNTED);
    }
}

static void emit(struct signs *signs)
{
    int64_t tests, flagged = 0, looked = 0;
    double chance;
    struct base base;
    size_t i;
    int id;

    judge(signs, &tests, &chance);
    for (i = 0; i < signs->count; i++)
        flagged += signs->items[i].flagged;
    for (id = SIGN_NONE + 1; id < SIGN_COUNT; id++) {
        looked += signs->looked[id];
        sink_total(signs->sink, checks[id].name, found_of(signs, (enum sign_id)id));
        note_cases(signs, (enum sign_id)id);
    }
    note_cases(signs, SIGN_NONE);
    base = looked > 0 ? base_count(flagged) : base_none(ANSWER_NO_DATA);
    sink_total(signs->sink, "ANO-00", base);
    sink_total(signs->sink, "ANO-00.tests",
               looked > 0 ? base_count(tests) : base_none(ANSWER_NO_DATA));
    base = base_none(looked > 0 ? ANSWER_OK : ANSWER_NO_DATA);
    base.n = tests;
    if (looked > 0)
        base.value = chance;
    sink_total(signs->sink, "ANO-00.chance", base);
}

/* --- lists -------------------------------------------------------------------------
 */

static struct value words_of(struct arena *memory, const char *what, enum sign_id id)
{
    return (struct value){ VALUE_WORDS,
                           arena_printf(memory, "sign.%s.%s", what, checks[id].name),
                           NAN };
}

static void list_signs(const struct signs *signs)
{
    static const char *const titles[] = { "sign.title.id",    "sign.title.name",
                                          "sign.title.found", "sign.title.cause",
                                          "sign.title.next",  "sign.title.cases" };
    enum { COLUMNS = sizeof titles / sizeof titles[0] };
    struct arena *memory = signs->kept;
    struct value *cells =
        arena_alloc(memory, (signs->count + 1) * COLUMNS * sizeof *cells);
    struct listing listing = {
        .name = "ANO-00", .columns = COLUMNS, .cells = cells, .titles = titles
    };
    uint16_t part;
    size_t i;

    if (metrics_name(signs->sink->metrics, "ANO-00", &listing.metric, &part) < 0)
        return;
    for (i = 0; i < signs->count; i++) {
        const struct sign *sign = &signs->items[i];
        struct value *row = cells + listing.rows * COLUMNS;
        enum sign_id id = (enum sign_id)sign->id;

        if (!sign->flagged)
            continue;
        row[0] = (struct value){ VALUE_TEXT, checks[id].name, NAN };
        row[1] = words_of(memory, "name", id);
        row[2] = (struct value){ VALUE_WORDS, sign->found, NAN };
        row[3] = words_of(memory, "cause", id);
        row[4] = words_of(memory, "next", id);
        row[5] = sign->cases < 0
                     ? (struct value){ VALUE_NONE, NULL, NAN }
                     : (struct value){ VALUE_COUNT, NULL, (double)sign->cases };
        listing.rows++;
    }
    results_add_listing(signs->sink->results, &listing);
}

/* Ticket numbers behind the signs: for whoever is to look at the papers. */
static void list_cases(const struct signs *signs)
{
    static const char *const titles[] = { "sign.title.id", "sign.title.number",
                                          "sign.title.subject", "sign.title.name" };
    enum { COLUMNS = sizeof titles / sizeof titles[0] };
    const struct tickets *tickets = &signs->lives->history->facts->tickets;
    struct arena *memory = signs->kept;
    struct value *cells =
        arena_alloc(memory, (signs->case_count + 1) * COLUMNS * sizeof *cells);
    struct listing listing = {
        .name = "ANO-00.cases", .columns = COLUMNS, .cells = cells, .titles = titles
    };
    uint16_t part;
    size_t i, c;

    if (metrics_name(signs->sink->metrics, "ANO-00", &listing.metric, &part) < 0)
        return;
    for (i = 0; i < signs->count; i++) {
        enum sign_id id = (enum sign_id)signs->items[i].id;
        size_t first = signs->items[i].first_case;

        for (c = first; signs->items[i].flagged && c < cases_end(signs, i)
                        && c - first < LISTED_CASES;
             c++) {
            struct value *row = cells + listing.rows++ * COLUMNS;
            uint32_t at = signs->cases[c];

            row[0] = (struct value){ VALUE_TEXT, checks[id].name, NAN };
            row[1] = (struct value){ VALUE_TEXT,
                                     tickets->number == NULL
                                         ? "—"
                                         : say_word(signs, tickets->number[at]),
                                     NAN };
            row[2] =
                (struct value){ VALUE_TEXT,
                                tickets->category == NULL || tickets->category[at] == 0
                                    ? "—"
                                    : say_word(signs, tickets->category[at]),
                                NAN };
            row[3] = words_of(memory, "name", id);
        }
    }
    results_add_listing(signs->sink->results, &listing);
}

/* Of the month asked alone: a sign is a question of today. */
static enum status run_signs(const struct facts *facts, const struct context *context,
                             struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    struct signs signs = { .context = context,
                           .memory = scratch,
                           .kept = results->memory };
    struct sink sink;
    enum status status;
    int id;

    if (context->count == 0) {
        arena_free(scratch);
        return HY_OK;
    }
    sink_open(&sink, context, context->count - 1, results, scratch);
    signs.lives = &context->lives[context->count - 1];
    signs.sink = &sink;
    signs.places = same_keys_of(context, facts, SAME_PLACE, scratch);
    for (id = SIGN_NONE + 1; id < SIGN_COUNT; id++)
        checks[id].run(&signs);
    emit(&signs);
    if (!sink.empty) {
        list_signs(&signs);
        list_cases(&signs);
    }
    status = sink_status(&sink, "signs", err);
    arena_free(scratch);
    return status;
}

const struct pass pass_signs = {
    .name = "signs",
    .summary = "待核查线索：不寻常的地方，一并比较",
    .needs = NEED_TICKETS | NEED_EVENTS | NEED_CALLS,
    .gives = "ANO",
    .run = run_signs,
};
