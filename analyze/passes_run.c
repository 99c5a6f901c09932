/* passes_run.c - all passes once, several at a time, as if one after the other. */
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "analyze/lifecycle.h"
#include "analyze/passes.h"
#include "analyze/tally.h"
#include "core/beside.h"

enum { LANES_MOST = 4 };

struct turn_of { /* one pass with those that read its figures */
    const struct pass *pass;
    struct arena *memory; /* of what it found */
    struct results *found;
    enum status status;
    struct error err;
};

struct lanes {
    const struct facts *facts;
    const struct context *context;
    struct turn_of *turns;
    size_t count;
    atomic_size_t next;
    const struct pass *const *passes;
    size_t pass_count;
};

static void take_turn(const struct lanes *lanes, struct turn_of *turn)
{
    size_t i;

    turn->status =
        turn->pass->run(lanes->facts, lanes->context, turn->found, &turn->err);
    for (i = 0; i < lanes->pass_count && turn->status == HY_OK; i++)
        if (lanes->passes[i]->after == turn->pass)
            turn->status = lanes->passes[i]->run(lanes->facts, lanes->context,
                                                 turn->found, &turn->err);
}

static void *run_lane(void *self)
{
    struct lanes *lanes = self;
    size_t i;

    while ((i = atomic_fetch_add(&lanes->next, 1)) < lanes->count)
        take_turn(lanes, &lanes->turns[i]);
    return NULL;
}

/* Logs of cases are one for all passes: those run in one lane. */
static size_t lanes_wanted(const struct context *context)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (context->lives[context->count - 1].splits->cases != NULL || processors < 2)
        return 1;
    return processors < LANES_MOST ? (size_t)processors : LANES_MOST;
}

static void run_lanes(struct lanes *lanes)
{
    size_t wanted = lanes_wanted(lanes->context), more = 0;
    pthread_t threads[LANES_MOST];

    while (more + 1 < wanted && beside_start(&threads[more], run_lane, lanes))
        more++;
    run_lane(lanes);
    while (more > 0)
        pthread_join(threads[--more], NULL);
}

/* Is the metric of one of these families ("INT") or one of these ("REC-05")? */
static bool among(const char *id, const char *families)
{
    const char *at = families;

    while (*at != '\0') {
        size_t length = strcspn(at, " ");

        if (strncmp(id, at, length) == 0)
            return true;
        at += length;
        at += strspn(at, " ");
    }
    return false;
}

/* Does the pass give a figure of a metric somebody asked for? */
static bool any_asked(const struct results *results, const struct pass *pass)
{
    const struct metrics *metrics = results->metrics;
    size_t i;

    if (results->only == NULL || pass->gives == NULL)
        return true;
    for (i = 0; i < metrics->count; i++)
        if (results->only[i] && among(metrics->items[i].id, pass->gives))
            return true;
    return false;
}

static void make_turns(struct lanes *lanes, const struct results *results,
                       struct arena *memory)
{
    size_t i;

    lanes->passes = passes_all(&lanes->pass_count);
    lanes->turns = arena_alloc(memory, lanes->pass_count * sizeof *lanes->turns);
    for (i = 0; i < lanes->pass_count; i++) {
        struct turn_of *turn = &lanes->turns[lanes->count];

        if (lanes->passes[i]->after != NULL || !any_asked(results, lanes->passes[i]))
            continue;
        turn->pass = lanes->passes[i];
        turn->memory = arena_new();
        turn->found = results_new(turn->memory, results->metrics, results->words);
        turn->found->only = results->only;
        turn->found->month = results->month;
        turn->found->from = results->from;
        turn->found->until = results->until;
        turn->found->cutoff = results->cutoff;
        lanes->count++;
    }
}

enum status passes_run(const struct facts *facts, const struct context *context,
                       struct arena *working, struct results *results,
                       struct error *err)
{
    struct lanes lanes = { .facts = facts, .context = context };
    enum status status = HY_OK;
    size_t i;

    make_turns(&lanes, results, working);
    run_lanes(&lanes);
    for (i = 0; i < lanes.count; i++) {
        struct turn_of *turn = &lanes.turns[i];

        if (status == HY_OK && turn->status != HY_OK) {
            status = turn->status;
            *err = turn->err;
        }
        results_join(results, turn->found);
        arena_join(results->memory, turn->memory);
    }
    return status;
}
