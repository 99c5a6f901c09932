/*
 * attack_test.c - somebody with all public figures of three months and a solver.
 *
 * Random small estates; for each, the reports of three consecutive months with the
 * months they repeat, of the board and of the committee.  After the first was out, more
 * of its month was loaded: the later ones read otherwise.  All that is printed goes
 * into one system of equations: the totals of every count, and how counts make up one
 * another by their definitions (written here anew from DOMAIN 2).  Who has the board's
 * pages, and who has both editions, may not narrow a suppressed small cell of a place
 * below t: its interval must reach t and be at least t wide, or the whole total where
 * the estate itself has fewer than t.  HUIYIN_PROVE=1 makes it 1,000 estates instead of
 * 60.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include "analyze/pass.h"
#include "core/store.h"
#include "tests/tools/attack_lp.h"
#include "tests/tools/mini_facts.h"

#define OCTOBER (2026 * 12 + 9)
enum { MONTHS = 3, AREAS = 6, ATOMS = 400, TICKETS = 760, PUBLISHED = 2 };

/* How counts make up one another; a last term "*" is a rest nobody prints.  Terms:
 * name and w whole, k numerator, r what is left. */
static const char *const laws[][6] = {
    { "INT-01 w", "RSP-01.median w", "RSP-01.excluded w", "*" },
    { "INT-01 w", "TTR-02.median w", "TTR-02.excluded w", "*" },
    { "INT-01 w", "RES-01 w" },
    { "INT-01 w", "INT-09 w", "*" },
    { "INT-09 w", "INT-09.anonymous w", "*" },
    { "RSP-01.median w", "RSP-01.p90 w" },
    { "RSP-01.median w", "RSP-01.waiting w", "*" },
    { "RSP-03 r", "RSP-03.unknown w", "*" },
    { "TTR-02.s24h w", "TTR-02.s72h w" },
    { "TTR-02.s72h w", "TTR-02.s7d w" },
    { "TTR-02.s24h w", "INT-01 w", "*" },
    { "TTR-02.median k", "TTR-02.p90 k" },
    { "TTR-02.median w", "TTR-02.p90 w" },
    { "TTR-02.median w", "TTR-02.confirmed w" },
    { "TTR-01.median w", "TTR-01.mean w" },
    { "TTR-01.median w", "TTR-01.p90 w" },
    { "SLA-01 w", "SLA-03 w" },
    { "SLA-01 w", "SLA-04 w", "*" },
    { "SLA-01 k", "SLA-03 k", "*" },
    { "SLA-01 r", "SLA-01.late w", "SLA-01.open w" },
    { "SLA-05 w", "SLA-01.open w", "*" },
    { "SLA-05 w", "SLA-05.median w" },
    { "SLA-05 w", "SLA-05.oldest w" },
    { "RES-02 r", "BKL-01 w" },
    { "BKL-01 w", "BKL-01.median w" },
    { "BKL-01 w", "BKL-01.oldest w" },
    { "BKL-01 w", "BKL-01.over30 w", "*" },
    { "BKL-01 w", "SLA-05 w", "*" },
    { "BKL-01 w", "RES-01 r", "*" },
    { "BKL-01 w", "DIF-01 w", "*" },
    { "DIF-01 w", "BKL-01.over30 w", "*" },
};

static const char *const texts[] = { "",    "电梯", "管道", "客服", "工程",
                                     "A区", "B区",  "C区",  "D区",  "E区" };
static const uint8_t domains[] = { WORD_NONE,       WORD_CATEGORY,   WORD_CATEGORY,
                                   WORD_DEPARTMENT, WORD_DEPARTMENT, WORD_GRID,
                                   WORD_GRID,       WORD_GRID,       WORD_GRID,
                                   WORD_GRID };
static const struct words words = { .count = 10, .text = texts, .domain = domains };

struct atom { /* a count by area in one month */
    uint16_t metric, part;
    char field; /* w k r */
    int64_t value[AREAS];
    bool told[AREAS], seen[AREAS]; /* a figure exists; it is printed somewhere */
    bool unknown[AREAS]; /* no count is behind it: a share that is not identified */
    int64_t total;
    bool total_seen;
    size_t variable[AREAS];
};

struct attack {
    struct arena *arena;
    struct metrics metrics;
    struct settings settings;
    struct facts early, facts;     /* as the first month was published; at last */
    struct results *truth[MONTHS]; /* reports of three months */
    struct results *issued[PUBLISHED][MONTHS];
    /* what the attacker holds, of which month as it then was */
    const struct results *views[PUBLISHED * MONTHS], *known;
    enum audience readers[PUBLISHED * MONTHS];
    size_t view_count;
    enum audience inner; /* the most trusted edition he reads */
    int64_t limit;       /* its threshold */
    struct atom *atoms;
    size_t atom_count, rows, variables, rests;
    struct lp lp;
    size_t cells, estates, refused; /* attacked, of how many; too narrow */
    size_t told, seen;              /* counts by area, and those printed */
};

/* --- a small estate ----------------------------------------------------------------
 */

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static size_t below(uint64_t *seed, size_t limit)
{
    return (size_t)(next(seed) % limit);
}

static const char *moment(struct attack *attack, int64_t at)
{
    int64_t day = at / 24;
    int y, m, d;

    day_split((int32_t)day, &y, &m, &d);
    return arena_printf(attack->arena, "%04d-%02d-%02d %02d:00", y, m, d,
                        (int)(at % 24));
}

static int by_time(const void *a, const void *b)
{
    return strcmp(((const struct mini_ticket *)a)->received,
                  ((const struct mini_ticket *)b)->received);
}

static void random_estate(struct attack *attack, uint64_t seed)
{
    static struct mini_ticket rows[TICKETS];
    struct arena *arena = attack->arena;
    static struct mini_ticket first[TICKETS];
    uint32_t *grid = arena_alloc(arena, TICKETS * sizeof *grid);
    uint32_t *early = arena_alloc(arena, TICKETS * sizeof *early);
    size_t areas, count, kept = 0, i;

    seed = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    for (i = 0; i < 8; i++)
        next(&seed);
    areas = 2 + below(&seed, AREAS - 2);
    count = below(&seed, 3) > 0 ? 15 + below(&seed, 150) : 150 + below(&seed, 600);
    for (i = 0; i < count; i++) {
        int64_t at = (int64_t)day_of(2026, 7, 1) * 24 + (int64_t)below(&seed, 24 * 120);
        struct mini_ticket *row = &rows[i];

        *row =
            (struct mini_ticket){ .nature = NATURE_REPAIR,
                                  .received = moment(attack, at),
                                  .department = 3 + (int)below(&seed, 2),
                                  .category = 1 + (int)below(&seed, 2),
                                  .household = 1 + (int)below(&seed, 60 + count / 2) };
        row->first_department = row->department;
        if (below(&seed, 8) > 0)
            row->responded = moment(attack, at + (int64_t)below(&seed, 60));
        if (below(&seed, 5) > 0)
            row->due = moment(attack, at + 24 + (int64_t)below(&seed, 100));
        if (below(&seed, 6) > 0)
            row->first_completed = row->completed =
                moment(attack, at + (int64_t)below(&seed, below(&seed, 3) ? 90 : 1400));
        if (below(&seed, 12) == 0)
            row->voided = moment(attack, at + 5);
    }
    qsort(rows, count, sizeof *rows, by_time);
    mini_build(rows, count, arena, &attack->facts);
    for (i = 0; i < count; i++) {
        size_t area = below(&seed, areas * 3 / 2 + 1);

        grid[i] = area < areas ? 5 + (uint32_t)(area % 5) : 5;
        if (below(&seed, 40) == 0)
            grid[i] = 0;
        if (strncmp(rows[i].received, "2026-08", 7) == 0 && below(&seed, 8) == 0)
            continue; /* comes late */
        early[kept] = grid[i];
        first[kept++] = rows[i];
    }
    attack->facts.tickets.grid = grid;
    attack->facts.words = &words;
    mini_build(first, kept, arena, &attack->early);
    attack->early.tickets.grid = early;
    attack->early.words = &words;
}

/* --- what is printed ---------------------------------------------------------------
 */

static int64_t field_of(const struct attack *attack, const struct figure *figure,
                        char field)
{
    const struct base *base = &figure->base;
    int64_t whole = base->denominator >= 0 ? base->denominator : base->n;
    int64_t part = base->denominator >= 0 ? base->numerator : -1;

    if (base->answer == ANSWER_NO_DATA || whole < 0)
        return field == 'w' ? 0 : -1;
    if (part < 0
        && metrics_unit(&attack->metrics, figure->metric, figure->part) == UNIT_SHARE
        && isfinite(base->value))
        part = llround(base->value * (double)whole);
    if (field == 'w')
        return whole;
    if (part < 0 || part > whole)
        return -1;
    return field == 'k' ? part : whole - part;
}

static struct atom *atom_of(struct attack *attack, const struct figure *figure,
                            char field)
{
    size_t i;

    for (i = 0; i < attack->atom_count; i++)
        if (attack->atoms[i].metric == figure->metric
            && attack->atoms[i].part == figure->part && attack->atoms[i].field == field)
            return &attack->atoms[i];
    assert_true(attack->atom_count < ATOMS);
    attack->atoms[i] =
        (struct atom){ .metric = figure->metric, .part = figure->part, .field = field };
    attack->atom_count++;
    return &attack->atoms[i];
}

static size_t area_of(uint32_t key)
{
    return key == 0 ? 0 : key - 4;
}

static bool printed(const struct attack *attack, const struct figure *figure)
{
    for (size_t report = 0; report < attack->view_count; report++) {
        const struct figure *seen =
            results_find(attack->views[report], figure->metric, figure->part,
                         (enum dimension)figure->dimension[0], figure->key[0],
                         figure->month);

        if (seen != NULL && seen->base.answer != ANSWER_SUPPRESSED)
            return true;
    }
    return false;
}

/* A share of cases that nobody watched long enough (TTR-02.s7d in a young month) is no
 * count over another, so parts of it add up by luck alone: an attacker who believed it
 * would be led astray, and none of it enters his equations.  An area where there was
 * nothing (NO_DATA, a dash) is another matter: everybody knows that it adds nothing,
 * and leaving it out would take the sums of all other areas from him. */
static bool not_identified(const struct figure *figure)
{
    return figure->base.answer != ANSWER_NO_DATA;
}

/* Everything by area of one month, as it is and as far as it is printed. */
static void read_month(struct attack *attack, int32_t month)
{
    const struct results *truth = attack->known;
    static const char fields[] = "wkr";

    attack->atom_count = 0;
    for (size_t i = 0; i < truth->figure_count; i++) {
        const struct figure *figure = &truth->figures[i];

        if (figure->month != month || figure->dimension[1] != DIM_TOTAL
            || (figure->dimension[0] != DIM_GRID && figure->dimension[0] != DIM_TOTAL)
            || !metric_allows(&attack->metrics.items[figure->metric], DIM_GRID,
                              attack->inner))
            continue;
        for (size_t f = 0; f < 3; f++) {
            int64_t value = field_of(attack, figure, fields[f]);
            struct atom *atom;

            if (value < 0 && figure->dimension[0] == DIM_TOTAL)
                continue;
            atom = atom_of(attack, figure, fields[f]);
            if (value < 0) {
                atom->unknown[area_of(figure->key[0])] |= not_identified(figure);
                continue;
            }
            if (figure->dimension[0] == DIM_TOTAL) {
                atom->total = value;
                atom->total_seen = printed(attack, figure);
                continue;
            }
            atom->told[area_of(figure->key[0])] = true;
            atom->value[area_of(figure->key[0])] = value;
            atom->seen[area_of(figure->key[0])] = printed(attack, figure);
        }
    }
}

/* A suppressed figure where there is none does not say that there is none. */
static bool suppressed_everywhere(const struct attack *attack, uint16_t metric,
                                  uint16_t part, uint32_t key, int32_t month)
{
    for (size_t report = 0; report < attack->view_count; report++) {
        const struct figure *seen;

        if (attack->views[report]->month < month
            || !metric_allows(&attack->metrics.items[metric], DIM_GRID,
                              attack->readers[report]))
            continue;
        seen = results_find(attack->views[report], metric, part, DIM_GRID, key, month);
        if (seen == NULL || seen->base.answer != ANSWER_SUPPRESSED)
            return false;
    }
    return true;
}

static void read_suppressed(struct attack *attack, int32_t month)
{
    for (size_t i = 0; i < attack->atom_count; i++)
        for (size_t area = 0; area < AREAS; area++) {
            struct atom *atom = &attack->atoms[i];

            if (!atom->told[area]
                && suppressed_everywhere(attack, atom->metric, atom->part,
                                         area == 0 ? 0 : (uint32_t)area + 4, month))
                atom->told[area] = true;
        }
}

/* --- the equations -----------------------------------------------------------------
 */

static struct atom *atom_named(struct attack *attack, const char *term)
{
    const char *space = strchr(term, ' ');
    char name[32] = "";
    uint16_t metric, part;

    memcpy(name, term, (size_t)(space - term));
    assert_true(metrics_name(&attack->metrics, name, &metric, &part) >= 0);
    for (size_t i = 0; i < attack->atom_count; i++)
        if (attack->atoms[i].metric == metric && attack->atoms[i].part == part
            && attack->atoms[i].field == space[1])
            return &attack->atoms[i];
    return NULL;
}

static void add_term(struct attack *attack, const struct atom *atom, size_t area,
                     int64_t sign)
{
    int64_t *row = lp_row(&attack->lp, attack->rows);

    if (!atom->told[area])
        return; /* no figure: nothing there */
    if (atom->seen[area])
        row[attack->lp.columns] -= sign * atom->value[area];
    else
        row[atom->variable[area]] += sign;
}

static void end_row(struct attack *attack)
{
    const int64_t *row = lp_row(&attack->lp, attack->rows);
    size_t j = 0;

    while (j < attack->lp.columns && row[j] == 0)
        j++;
    if (j < attack->lp.columns) {
        attack->rows++;
        return;
    }
    assert_true(row[attack->lp.columns] == 0);
}

/* Laws the true numbers break are no laws of this estate (another cohort). */
static bool law_holds(struct attack *attack, const char *const law[6], size_t area)
{
    int64_t left;
    bool rest = false;
    size_t p;

    if (atom_named(attack, law[0]) == NULL || atom_named(attack, law[0])->unknown[area])
        return false;
    left = atom_named(attack, law[0])->value[area];
    for (p = 1; p < 6 && law[p] != NULL; p++) {
        if (law[p][0] == '*') {
            rest = true;
            continue;
        }
        if (atom_named(attack, law[p]) == NULL
            || atom_named(attack, law[p])->unknown[area])
            return false;
        left -= atom_named(attack, law[p])->value[area];
    }
    return rest ? left >= 0 : left == 0;
}

static void add_law(struct attack *attack, const char *const law[6], size_t area)
{
    size_t p;

    if (!law_holds(attack, law, area))
        return;
    add_term(attack, atom_named(attack, law[0]), area, 1);
    for (p = 1; p < 6 && law[p] != NULL; p++)
        if (law[p][0] == '*')
            lp_row(&attack->lp, attack->rows)[attack->variables + attack->rests++] = -1;
        else
            add_term(attack, atom_named(attack, law[p]), area, -1);
    end_row(attack);
}

static void add_totals(struct attack *attack)
{
    for (size_t i = 0; i < attack->atom_count; i++) {
        const struct atom *atom = &attack->atoms[i];
        int64_t sum = 0;
        bool whole = true;

        for (size_t area = 0; area < AREAS; area++) {
            sum += atom->value[area];
            whole = whole && !atom->unknown[area];
        }
        /* what is not identified counts nowhere: that it adds up would be luck */
        if (!atom->total_seen || !whole || sum != atom->total)
            continue;
        for (size_t area = 0; area < AREAS; area++)
            add_term(attack, atom, area, 1);
        lp_row(&attack->lp, attack->rows)[attack->lp.columns] += sum;
        end_row(attack);
    }
}

static void add_shares(struct attack *attack, size_t area)
{
    for (size_t w = 0; w < attack->atom_count; w++) {
        const struct atom *found[2] = { NULL, NULL };

        if (attack->atoms[w].field != 'w')
            continue;
        for (size_t i = 0; i < attack->atom_count; i++)
            if (attack->atoms[i].metric == attack->atoms[w].metric
                && attack->atoms[i].part == attack->atoms[w].part
                && attack->atoms[i].field != 'w')
                found[attack->atoms[i].field == 'r'] = &attack->atoms[i];
        if (found[0] == NULL || found[1] == NULL || !found[0]->told[area])
            continue;
        add_term(attack, &attack->atoms[w], area, 1);
        add_term(attack, found[0], area, -1);
        add_term(attack, found[1], area, -1);
        end_row(attack);
    }
}

static void equations(struct attack *attack, struct arena *arena)
{
    size_t most = ATOMS + AREAS * (ATOMS + sizeof laws / sizeof laws[0]);

    attack->variables = attack->rests = attack->rows = 0;
    for (size_t i = 0; i < attack->atom_count; i++)
        for (size_t area = 0; area < AREAS; area++)
            if (attack->atoms[i].told[area] && !attack->atoms[i].seen[area])
                attack->atoms[i].variable[area] = attack->variables++;
    lp_open(&attack->lp, most, attack->variables + AREAS * sizeof laws / sizeof laws[0],
            arena);
    add_totals(attack);
    for (size_t area = 0; area < AREAS; area++) {
        add_shares(attack, area);
        for (size_t law = 0; law < sizeof laws / sizeof laws[0]; law++)
            add_law(attack, laws[law], area);
    }
    attack->lp.rows = attack->rows;
}

/* --- the attack --------------------------------------------------------------------
 */

static size_t areas_told(const struct atom *atom)
{
    size_t told = 0;

    for (size_t area = 0; area < AREAS; area++)
        told += atom->told[area];
    return told;
}

static void attack_cell(struct attack *attack, const struct atom *atom, size_t area,
                        int32_t month)
{
    int64_t sum = 0, need;
    double most, least;

    for (size_t a = 0; a < AREAS; a++)
        sum += atom->value[a];
    need = sum < attack->limit ? sum : attack->limit;
    attack->cells++;
    most = lp_extreme(&attack->lp, atom->variable[area], true,
                      (double)(atom->value[area] + attack->limit));
    if (most >= (double)(atom->value[area] + need) - 1e-6)
        return;
    least = lp_extreme(&attack->lp, atom->variable[area], false, 0);
    if (most >= (double)need - 1e-6 && most - least >= (double)need - 1e-6)
        return;
    if (attack->refused++ < 12)
        print_message(
            "estate %zu %s month %d: %s part %d %c area %zu = %d is in %g..%g "
            "(total %d)\n",
            attack->estates, attack->inner == AUDIENCE_PUBLIC ? "board" : "both",
            (int)month % 12 + 1, attack->metrics.items[atom->metric].id, atom->part,
            atom->field, area, (int)atom->value[area], least, most, (int)sum);
}

static void attack_month(struct attack *attack, int32_t month)
{
    struct arena *arena = arena_new();

    read_month(attack, month);
    read_suppressed(attack, month);
    equations(attack, arena);
    assert_true(lp_start(&attack->lp));
    for (size_t i = 0; i < attack->atom_count; i++)
        for (size_t area = 0; area < AREAS; area++) {
            const struct atom *atom = &attack->atoms[i];
            bool small = atom->value[area] > 0 && atom->value[area] < attack->limit;

            attack->told += atom->told[area];
            attack->seen += atom->told[area] && atom->seen[area];
            if (!atom->told[area] || !small)
                continue;
            if (atom->seen[area]) {
                print_message("%s %c area %zu = %d is printed\n",
                              attack->metrics.items[atom->metric].id, atom->field, area,
                              (int)atom->value[area]);
                attack->refused++;
            } else if (areas_told(atom) > 1) {
                attack_cell(attack, atom, area, month);
            }
        }
    assert_false(attack->lp.inexact);
    arena_free(arena);
}

/* What a publication keeps: the cells of its month that are not printed. */
static void publish(struct attack *attack, const struct results *view,
                    struct published *earlier)
{
    struct hidden_row *rows =
        arena_alloc(attack->arena,
                    (earlier->count + view->figure_count + 1) * sizeof *rows);
    size_t count = earlier->count;

    if (count > 0)
        memcpy(rows, earlier->hidden, count * sizeof *rows);
    for (size_t i = 0; i < view->figure_count; i++) {
        const struct figure *figure = &view->figures[i];
        const struct metric *metric = &attack->metrics.items[figure->metric];

        if (figure->month != view->month || figure->base.answer != ANSWER_SUPPRESSED
            || figure->dimension[1] != DIM_TOTAL)
            continue;
        rows[count++] = (struct hidden_row){
            .month = figure->month,
            .metric = figure->part == 0
                          ? metric->id
                          : arena_printf(attack->arena, "%s.%s", metric->id,
                                         metric->parts[figure->part - 1].name),
            .dimension = dimension_name((enum dimension)figure->dimension[0]),
            .key = results_key(view, (enum dimension)figure->dimension[0],
                               figure->key[0], attack->arena),
        };
    }
    earlier->hidden = rows;
    earlier->count = count;
}

static void issue(struct attack *attack)
{
    struct published earlier[EDITIONS] = { { NULL, 0 } }, next_earlier[EDITIONS];
    struct error err;

    for (int32_t m = 0; m < MONTHS; m++) {
        int32_t month = OCTOBER - MONTHS + 1 + m;

        assert_int_equal(analyze(m == 0 ? &attack->early : &attack->facts,
                                 &attack->settings, &attack->metrics, month, month,
                                 MONTHS - 1, HY_NEVER, attack->arena, &attack->truth[m],
                                 &err),
                         HY_OK);
        memcpy(next_earlier, earlier, sizeof earlier);
        for (int a = AUDIENCE_PUBLIC; a < PUBLISHED; a++) {
            assert_int_equal(disclose(attack->truth[m], (enum audience)a,
                                      &attack->settings, earlier, attack->arena,
                                      &attack->issued[a][m], &err),
                             HY_OK);
            publish(attack, attack->issued[a][m], &next_earlier[a]);
        }
        memcpy(earlier, next_earlier, sizeof earlier);
    }
}

/* Reports first..last, of the board alone or of both editions. */
static void hold(struct attack *attack, enum audience inner, int first, int last)
{
    attack->inner = inner;
    attack->limit = inner == AUDIENCE_PUBLIC ? attack->settings.threshold_public
                                             : attack->settings.threshold_committee;
    attack->known = attack->truth[last];
    attack->view_count = 0;
    for (int m = first; m <= last; m++)
        for (int a = AUDIENCE_PUBLIC; a <= (int)inner; a++) {
            attack->readers[attack->view_count] = (enum audience)a;
            attack->views[attack->view_count++] = attack->issued[a][m];
        }
}

static void attack_estate(struct attack *attack, uint64_t seed)
{
    struct error err;

    attack->arena = arena_new();
    attack->settings = mini_settings();
    memset(&attack->facts, 0, sizeof attack->facts);
    memset(&attack->early, 0, sizeof attack->early);
    assert_int_equal(metrics_load("templates/metrics.tsv", attack->arena,
                                  &attack->metrics, &err),
                     HY_OK);
    attack->atoms = arena_alloc(attack->arena, (ATOMS + 1) * sizeof *attack->atoms);
    random_estate(attack, seed);
    issue(attack);
    for (int inner = AUDIENCE_PUBLIC; inner <= AUDIENCE_COMMITTEE; inner++) {
        hold(attack, (enum audience)inner, 0, 0); /* before anything came late */
        for (int32_t m = 0; m < MONTHS; m++)
            attack_month(attack, OCTOBER - MONTHS + 1 - m);
        hold(attack, (enum audience)inner, 1, MONTHS - 1);
        for (int32_t m = 0; m < MONTHS; m++)
            attack_month(attack, OCTOBER - m);
    }
    arena_free(attack->arena);
}

static void no_small_cell_is_narrowed(void **state)
{
    const char *prove = getenv("HUIYIN_PROVE");
    size_t count = prove != NULL && strcmp(prove, "1") == 0 ? 1000 : 60;
    struct attack attack = { 0 };

    (void)state;
    for (attack.estates = 1; attack.estates <= count; attack.estates++)
        attack_estate(&attack, attack.estates);
    print_message("%zu small cells in %zu estates, %zu narrowed; %zu of %zu counts by "
                  "area were printed\n",
                  attack.cells, count, attack.refused, attack.seen, attack.told);
    assert_true(attack.cells > 10 * count);
    assert_int_equal(attack.refused, 0);
    assert_true(attack.seen * 10 > attack.told); /* hiding everything is no answer */
}

/* The solver by itself: x + y = 4, y + z = 3: x is 1..4, y 0..3. */
static void the_solver_bounds_what_it_should(void **state)
{
    struct arena *arena = arena_new();
    struct lp lp;

    (void)state;
    lp_open(&lp, 2, 3, arena);
    lp_row(&lp, 0)[0] = lp_row(&lp, 0)[1] = 1;
    lp_row(&lp, 0)[3] = 4;
    lp_row(&lp, 1)[1] = lp_row(&lp, 1)[2] = 1;
    lp_row(&lp, 1)[3] = 3;
    assert_true(lp_start(&lp));
    assert_true(fabs(lp_extreme(&lp, 0, true, INFINITY) - 4) < 1e-9);
    assert_true(fabs(lp_extreme(&lp, 0, false, 0) - 1) < 1e-9);
    assert_true(fabs(lp_extreme(&lp, 1, true, INFINITY) - 3) < 1e-9);
    assert_true(fabs(lp_extreme(&lp, 1, false, 0)) < 1e-9);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_solver_bounds_what_it_should),
        cmocka_unit_test(no_small_cell_is_narrowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
