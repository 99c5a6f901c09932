/*
 * simulate_test.c - random estates: nothing is claimed where nothing changed, and
 * nothing looks better that was only dressed up (METHODS 0.5).
 *
 * An estate has its own volume, speed and limits, the same in every month; its
 * tickets are random.  HUIYIN_PROVE=1 makes it 200 estates x 12 months.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <math.h>

#include "analyze/pass.h"
#include "analyze/stats.h"
#include "tests/tools/mini_facts.h"

#define LAST (2026 * 12 + 9)
enum { YEARS = 3, ROWS = 3900, JUDGED = 12, HOUR = 3600 };
enum game {
    HONEST,
    LEFT_OPEN,
    CLOSED_EARLY,
    PASSED_ROUND,
    SUSPENDED,
    WITHDRAWN,
    MERGED_AWAY,
    RENAMED,
    DUE_MOVED,
    GAMES
};
static const char *const game_names[] = {
    "honest",    "hard ones left open", "closed early", "passed round",    "suspended",
    "withdrawn", "merged away",         "renamed",      "deadlines moved",
};

struct estate {
    struct arena *arena;
    struct metrics metrics;
    struct settings settings;
    struct mini_ticket *rows;
    size_t count;
};

static size_t estates(void)
{
    const char *prove = getenv("HUIYIN_PROVE");

    return prove != NULL && strcmp(prove, "1") == 0 ? 200 : 6;
}

/* --- an estate ---------------------------------------------------------------------
 */

static double normal(struct chance *chance)
{
    double radius = sqrt(-2 * log(1 - chance_unit(chance)));

    return radius * cos(6.283185307179586 * chance_unit(chance));
}

static const char *moment(struct estate *estate, int64_t at)
{
    int y, m, d;

    day_split((int32_t)(at / DAY_SECONDS), &y, &m, &d);
    return arena_printf(estate->arena, "%04d-%02d-%02d %02d:%02d:%02d", y, m, d,
                        (int)(at / HOUR % 24), (int)(at / 60 % 60), (int)(at % 60));
}

static int by_time(const void *a, const void *b)
{
    return strcmp(((const struct mini_ticket *)a)->received,
                  ((const struct mini_ticket *)b)->received);
}

static void a_ticket(struct estate *estate, struct chance *chance, int64_t from,
                     int64_t span, double middle, double spread, int64_t homes)
{
    int64_t at = from + (int64_t)(chance_unit(chance) * (double)span);
    int64_t took = (int64_t)(HOUR * middle * exp(spread * normal(chance))) + 60;
    struct mini_ticket *row = &estate->rows[estate->count++];

    *row = (struct mini_ticket){
        .nature = chance_unit(chance) < 0.8 ? NATURE_REPAIR : NATURE_COMPLAINT,
        .urgency = URGENCY_P3,
        .received = moment(estate, at),
        .responded = moment(estate, at + (int64_t)(chance_unit(chance) * 3000)),
        .due = moment(estate, at + 48 * HOUR),
        .completed = moment(estate, at + took),
        .department = DEPARTMENT_ORDER + (int)chance_below(chance, 3),
        .category = CATEGORY_LIFT + (int)chance_below(chance, 2),
        .building = BUILDING_1 + (int)chance_below(chance, 2),
        .household = 1 + (int)chance_below(chance, (uint64_t)homes),
    };
    row->first_department = row->department;
    if (chance_unit(chance) < 0.6) {
        double content = took <= 48 * HOUR ? 0.9 : 0.5; /* who waited is cross */

        row->revisited = moment(estate, at + took + 20 * HOUR);
        row->rating = chance_unit(chance) < content ? 5 : 2;
        row->solved = chance_unit(chance) < content ? 1 : -1;
    }
}

static void open_estate(struct estate *estate, uint64_t seed)
{
    struct chance chance = { seed * 7919 + 17 };
    int64_t from = (int64_t)day_of(2026 - YEARS, 11, 1) * DAY_SECONDS;
    int64_t span = (int64_t)day_of(2026, 11, 1) * DAY_SECONDS - from;
    size_t count = 1800 + (size_t)chance_below(&chance, 2000);
    double middle = 6 + 20 * chance_unit(&chance);
    double spread = 0.7 + 0.6 * chance_unit(&chance);
    int64_t homes = 400 + (int64_t)chance_below(&chance, 2000);
    struct error err;

    *estate = (struct estate){ .arena = arena_new(), .settings = mini_settings() };
    assert_int_equal(metrics_load("templates/metrics.tsv", estate->arena,
                                  &estate->metrics, &err),
                     HY_OK);
    estate->rows = arena_alloc(estate->arena, ROWS * sizeof *estate->rows);
    while (estate->count < count)
        a_ticket(estate, &chance, from, span, middle, spread, homes);
    qsort(estate->rows, count, sizeof *estate->rows, by_time);
}

static int64_t settled(void)
{
    return (int64_t)day_of(2026, 11, 8) * DAY_SECONDS;
}

static struct results *month_of(struct estate *estate, int32_t month, int64_t cutoff,
                                struct arena *memory)
{
    struct facts facts;
    struct results *results;
    struct error err;

    memset(&facts, 0, sizeof facts);
    mini_build(estate->rows, estate->count, memory, &facts);
    assert_int_equal(analyze(&facts, &estate->settings, &estate->metrics, month, month,
                             24, cutoff, memory, &results, &err),
                     HY_OK);
    return results;
}

/* --- nothing changed ---------------------------------------------------------------
 */

static bool is_claim(enum verdict verdict)
{
    return verdict == VERDICT_BETTER || verdict == VERDICT_WORSE
           || verdict == VERDICT_MORE || verdict == VERDICT_FEWER;
}

/* Upper 97.5 % limit of a share by bisection on the binomial tail (Clopper-Pearson),
 * on its own: no code of the program. */
static double upper_limit(size_t k, size_t n)
{
    double low = (double)k / (double)n, high = 1;

    for (int turn = 0; turn < 60; turn++) {
        double p = (low + high) / 2, tail = 0;

        for (size_t i = 0; i <= k; i++)
            tail += exp(lgamma((double)n + 1) - lgamma((double)i + 1)
                        - lgamma((double)(n - i) + 1) + (double)i * log(p)
                        + (double)(n - i) * log1p(-p));
        if (tail > 0.025)
            low = p;
        else
            high = p;
    }
    return high;
}

static void count_claims(const struct results *results, size_t *claims, size_t *said)
{
    for (size_t i = 0; i < results->finding_count; i++) {
        const struct finding *finding = &results->findings[i];

        if (finding->dimension != DIM_TOTAL)
            continue;
        *claims += is_claim(finding->verdict);
        *said += is_claim(finding->verdict) || finding->verdict == VERDICT_SAME;
    }
}

static void where_nothing_changed_nothing_is_claimed(void **state)
{
    size_t claims = 0, said = 0, count = estates();

    (void)state;
    for (uint64_t seed = 1; seed <= count; seed++) {
        struct estate estate;

        open_estate(&estate, seed);
        for (int32_t m = 0; m < JUDGED; m++) {
            struct arena *memory = arena_new();

            count_claims(month_of(&estate, LAST - m, HY_NEVER, memory), &claims, &said);
            arena_free(memory);
        }
        arena_free(estate.arena);
    }
    print_message(
        "%zu estates x %d months without a change: %zu claims in %zu headline "
        "verdicts (%.2f %%, at most %.2f %%)\n",
        count, JUDGED, claims, said, 100 * (double)claims / (double)said,
        100 * upper_limit(claims, said));
    assert_true(said > count * JUDGED * 4);
    assert_true((double)claims <= 0.05 * (double)said);
    assert_true(upper_limit(claims, said) < 0.07);
}

/* --- dressed up --------------------------------------------------------------------
 */

static void leave_out(struct mini_ticket *row)
{
    row->completed = row->revisited = NULL;
    row->rating = row->solved = 0;
}

/* What would be late of the last month, in one of the ways of METHODS 0.5. */
static void dress(struct estate *estate, struct mini_ticket *row, enum game game)
{
    int64_t due = mini_time(row->due);

    switch (game) {
    case CLOSED_EARLY:
        row->first_completed = moment(estate, due - HOUR);
        row->reopened = moment(estate, due + HOUR);
        break;
    case LEFT_OPEN:
        leave_out(row);
        break;
    case SUSPENDED:
        row->status = STATUS_SUSPENDED;
        leave_out(row);
        break;
    case WITHDRAWN:
        row->status = STATUS_VOID;
        row->voided = moment(estate, due - HOUR);
        leave_out(row);
        break;
    case MERGED_AWAY:
        row->merged_into = 1; /* into any old one */
        row->voided = moment(estate, due - HOUR);
        leave_out(row);
        break;
    case RENAMED: /* to what nobody is called back about */
        row->nature_first = row->nature;
        row->nature = NATURE_ENQUIRY;
        row->revisited = NULL;
        row->rating = row->solved = 0;
        break;
    case DUE_MOVED:
        row->due_first = row->due;
        row->due = moment(estate, mini_time(row->completed) + HOUR);
        break;
    case HONEST:
    case PASSED_ROUND:
    case GAMES:
        break;
    }
}

static void play(struct estate *estate, enum game game)
{
    int64_t begins = (int64_t)day_of(2026, 10, 1) * DAY_SECONDS;

    for (size_t i = 0; i < estate->count; i++) {
        struct mini_ticket *row = &estate->rows[i];

        if (mini_time(row->received) < begins)
            continue;
        if (game == PASSED_ROUND)
            for (int hop = 0; hop < 3; hop++)
                row->hops[hop] = DEPARTMENT_ORDER + hop;
        if (mini_time(row->completed) > mini_time(row->due) + 2 * HOUR)
            dress(estate, row, game);
    }
}

static double value_of(const struct results *results, const char *name)
{
    const struct figure *figure;
    uint16_t metric, part;

    assert_true(metrics_name(results->metrics, name, &metric, &part) >= 0);
    figure = results_find(results, metric, part, DIM_TOTAL, 0, LAST);
    return figure == NULL || figure->base.answer != ANSWER_OK ? (double)NAN
                                                              : figure->base.value;
}

/* Praise of any headline or split that the honest month was not given. */
static size_t praised(const struct results *honest, const struct results *dressed,
                      enum game game)
{
    size_t count = 0;

    for (size_t i = 0; i < dressed->finding_count; i++) {
        const struct finding *finding = &dressed->findings[i], *was;

        if (finding->verdict != VERDICT_BETTER)
            continue;
        was = results_finding(honest, finding->metric, finding->part,
                              finding->dimension, finding->key, finding->against);
        if (was != NULL && was->verdict == VERDICT_BETTER)
            continue;
        count++;
        print_message("%s: %s is praised, of %u:%u\n", game_names[game],
                      dressed->metrics->items[finding->metric].id, finding->dimension,
                      finding->key);
    }
    return count;
}

/* The figures nothing can be left out of; SLA-01, RES-01 and SAT-01 may read higher by
 * their very definition, so they are not among them, and praise() is asked of them. */
static size_t improved(const struct results *honest, const struct results *dressed,
                       enum game game)
{
    static const struct {
        const char *name;
        double good;
    } figures[] = { { "SLA-03.worst", 1 },  { "RES-04.worst", 1 },
                    { "SAT-05.worst", 1 },  { "RSP-02.worst", 1 },
                    { "REC-01.worst", -1 }, { "TTR-02.s72h", 1 } };
    size_t count = 0;

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        double was = value_of(honest, figures[i].name);
        double is = value_of(dressed, figures[i].name);

        if (!(figures[i].good * (is - was) > 1e-9))
            continue;
        if (count++ < 3)
            print_message("%s: %s reads %g for %g\n", game_names[game], figures[i].name,
                          is, was);
    }
    return count;
}

struct score {
    size_t praised, improved;
};

/* At the month's own cut-off no praise follows; a week later, when what was closed an
 * hour before midnight has been opened again, no figure is better (METHODS 0.5.3). */
static void compare(uint64_t seed, enum game game,
                    const struct results *const honest[2], struct arena *memory,
                    struct score *score)
{
    struct estate estate;

    open_estate(&estate, seed);
    play(&estate, game);
    score->praised +=
        praised(honest[0], month_of(&estate, LAST, HY_NEVER, memory), game);
    score->improved +=
        improved(honest[1], month_of(&estate, LAST, settled(), memory), game);
    arena_free(estate.arena);
}

static void dressing_up_improves_nothing(void **state)
{
    struct score scores[GAMES] = { { 0, 0 } };
    size_t count = estates(), all = 0;

    (void)state;
    for (uint64_t seed = 1001; seed <= 1000 + count; seed++) {
        struct arena *memory = arena_new();
        const struct results *honest[2];
        struct estate estate;

        open_estate(&estate, seed);
        honest[0] = month_of(&estate, LAST, HY_NEVER, memory);
        honest[1] = month_of(&estate, LAST, settled(), memory);
        for (enum game game = LEFT_OPEN; game < GAMES; game++)
            compare(seed, game, honest, memory, &scores[game]);
        arena_free(estate.arena); /* the results name its metrics */
        arena_free(memory);
    }
    for (enum game game = LEFT_OPEN; game < GAMES; game++) {
        print_message("%s: %zu claims of improvement, %zu figures better a week later, "
                      "in %zu estates\n",
                      game_names[game], scores[game].praised, scores[game].improved,
                      count);
        all += scores[game].praised + scores[game].improved;
    }
    assert_int_equal(all, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_nothing_changed_nothing_is_claimed),
        cmocka_unit_test(dressing_up_improves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
