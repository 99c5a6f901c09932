/* pass_cross.c - two splits at once: who had what, of the month asked. */
#include "analyze/hard.h"
#include "analyze/order.h"
#include "analyze/passes.h"
#include "core/store.h"

/* What one ticket adds: 0 = nothing, 1 = to the whole, 2 = to the numerator too. */
typedef int (*part_of)(const struct lifecycles *lives, const struct life *life);

static int received(const struct lifecycles *lives, const struct life *life)
{
    (void)lives;
    return (life->marks & LIFE_RECEIVED) != 0 && life->standing == STANDING_VALID ? 2
                                                                                  : 0;
}

static int still_open(const struct lifecycles *lives, const struct life *life)
{
    (void)lives;
    return (life->marks & LIFE_OPEN) != 0 && life->standing == STANDING_VALID ? 2 : 0;
}

static int fell_due(const struct lifecycles *lives, const struct life *life)
{
    bool in_time;

    if (!life_due(lives, life, &in_time))
        return 0;
    return in_time ? 2 : 1;
}

static const struct crossing {
    const char *name;
    enum dimension first, second;
    part_of part;
    bool share;
} crossings[] = {
    { "INT-01", DIM_DEPARTMENT, DIM_NATURE, received, false },
    { "INT-01", DIM_GRID, DIM_NATURE, received, false },
    { "INT-01", DIM_DEPARTMENT, DIM_CATEGORY, received, false },
    { "SLA-01", DIM_DEPARTMENT, DIM_NATURE, fell_due, true },
    { "SLA-01", DIM_DEPARTMENT, DIM_CATEGORY, fell_due, true },
    { "BKL-01", DIM_DEPARTMENT, DIM_AGE, still_open, false },
};

static const struct split *split_by(const struct splits *splits, enum dimension wanted)
{
    size_t s;

    for (s = 0; s < SPLIT_COUNT; s++)
        if (splits->items[s].dimension == wanted)
            return &splits->items[s];
    return NULL; /* age: no column has it */
}

static uint64_t key_of(const struct lifecycles *lives, const struct split *split,
                       uint32_t ticket)
{
    if (split != NULL)
        return split_key(split, split_index(split, ticket));
    return age_band(lives->period.cutoff
                    - lives->history->facts->tickets.received[ticket]);
}

static void cross(const struct lifecycles *lives, struct sink *sink,
                  const struct crossing *crossing)
{
    const struct split *first = split_by(sink->splits, crossing->first);
    const struct split *second = split_by(sink->splits, crossing->second);
    struct ordered *rows =
        arena_alloc(sink->scratch, (lives->count + 1) * sizeof *rows);
    struct figure figure = { .month = lives->period.month,
                             .dimension = { (uint8_t)crossing->first,
                                            (uint8_t)crossing->second } };
    size_t count = 0, at, next, i;

    if (metrics_name(sink->metrics, crossing->name, &figure.metric, &figure.part) < 0
        || !metric_allows_pair(&sink->metrics->items[figure.metric], crossing->first,
                               crossing->second, AUDIENCE_MANAGEMENT))
        return;
    for (i = 0; i < lives->count; i++) {
        int part = crossing->part(lives, &lives->items[i]);
        uint32_t ticket = lives->items[i].ticket;

        if (part > 0)
            rows[count++] = (struct ordered){ key_of(lives, first, ticket) << 32
                                                  | key_of(lives, second, ticket),
                                              (uint64_t)part };
    }
    order_rows(rows, count, sink->scratch);
    for (at = 0; at < count; at = next) {
        int64_t hits = 0;

        for (next = at; next < count && rows[next].key == rows[at].key; next++)
            hits += rows[next].with == 2;
        figure.key[0] = (uint32_t)(rows[at].key >> 32);
        figure.key[1] = (uint32_t)rows[at].key;
        figure.base = crossing->share ? base_wilson(hits, (int64_t)(next - at))
                                      : base_count(hits);
        results_add(sink->results, &figure);
    }
}

static enum status run_cross(const struct facts *facts, const struct context *context,
                             struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    struct sink sink;
    enum status status = HY_OK;
    size_t i;

    (void)facts;
    if (context->count > 0) {
        sink_open(&sink, context, context->count - 1, results, scratch);
        for (i = 0; i < sizeof crossings / sizeof crossings[0] && !sink.empty; i++)
            cross(sink.lives, &sink, &crossings[i]);
        status = sink_status(&sink, "cross", err);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_cross = {
    .name = "cross",
    .summary = "两种分法交叉：部门和性质、主题、账龄",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "BKL-01 INT-01 SLA-01",
    .run = run_cross,
};
