/* stats_disclose.c - the attacker's interval by flows, and a pattern that stands it. */
#include "analyze/stats_disclose.h"

#include <string.h>

/* A node per equation (rows, then columns).  Inner cells and the grand total are
 * arcs row -> column, the other margins column -> row: then every equation says
 * that what comes in goes out, and the hidden cells are a circulation. */
struct arc {
    size_t from, to;
};

static size_t width_of(const struct count_table *table)
{
    return table->columns + 1;
}

static size_t cells_of(const struct count_table *table)
{
    return (table->rows + 1) * width_of(table);
}

static struct arc arc_of(const struct count_table *table, size_t cell)
{
    size_t row = cell / width_of(table), column = cell % width_of(table);
    size_t left = row, right = table->rows + 1 + column;

    if ((row == table->rows) != (column == table->columns))
        return (struct arc){ right, left };
    return (struct arc){ left, right };
}

/* The cells of an equation, in the order of the table. */
static size_t degree_of(const struct count_table *table, size_t node)
{
    return node <= table->rows ? width_of(table) : table->rows + 1;
}

static size_t cell_at(const struct count_table *table, size_t node, size_t i)
{
    if (node <= table->rows)
        return node * width_of(table) + i;
    return i * width_of(table) + (node - table->rows - 1);
}

bool disclose_primary(int64_t value, int64_t threshold)
{
    return value > 0 && value < threshold;
}

bool count_table_adds_up(const struct count_table *table)
{
    size_t width = width_of(table);

    for (size_t i = 0; i <= table->rows; i++) {
        int64_t sum = 0;

        for (size_t j = 0; j < table->columns; j++)
            sum += table->values[i * width + j];
        if (sum != table->values[i * width + table->columns])
            return false;
    }
    for (size_t j = 0; j <= table->columns; j++) {
        int64_t sum = 0;

        for (size_t i = 0; i < table->rows; i++)
            sum += table->values[i * width + j];
        if (sum != table->values[table->rows * width + j])
            return false;
    }
    return true;
}

/* --- flows ------------------------------------------------------------------------ */

struct network {
    const struct count_table *table;
    const uint8_t *hidden;
    const int64_t *cost; /* of hiding a cell, -1 = never; NULL = value + 1 */
    size_t left_out;     /* the cell asked about */
    int64_t *value;      /* as moved so far: an arc may carry it all back */
    size_t *came;        /* cell by which a node was reached */
    uint8_t *state;      /* 0 not reached, 1 forward, 2 backward */
    size_t *queue;
};

static void network_open(struct network *network, const struct count_table *table,
                         const uint8_t *hidden, size_t left_out, struct arena *memory)
{
    size_t nodes = table->rows + table->columns + 2, cells = cells_of(table);

    *network = (struct network){ table,
                                 hidden,
                                 NULL,
                                 left_out,
                                 arena_alloc(memory, cells * sizeof(int64_t)),
                                 arena_alloc(memory, nodes * sizeof(size_t)),
                                 arena_alloc(memory, nodes),
                                 arena_alloc(memory, nodes * sizeof(size_t)) };
    memcpy(network->value, table->values, cells * sizeof(int64_t));
}

/* Breadth first from source over hidden cells; true when target is reached. */
static bool reach(struct network *network, size_t source, size_t target)
{
    size_t nodes = network->table->rows + network->table->columns + 2;
    size_t head = 0, tail = 0;

    memset(network->state, 0, nodes);
    network->state[source] = 3;
    network->queue[tail++] = source;
    while (head < tail) {
        size_t node = network->queue[head++];

        for (size_t i = 0; i < degree_of(network->table, node); i++) {
            size_t cell = cell_at(network->table, node, i);
            struct arc arc = arc_of(network->table, cell);
            size_t next = arc.from == node ? arc.to : arc.from;

            if (network->hidden[cell] == 0 || cell == network->left_out
                || network->state[next] != 0
                || (arc.to == node && network->value[cell] == 0))
                continue;
            network->state[next] = arc.from == node ? 1 : 2;
            network->came[next] = cell;
            network->queue[tail++] = next;
        }
    }
    return network->state[target] != 0;
}

/* The least that the way found can carry; INT64_MAX when nothing limits it. */
static int64_t way_capacity(const struct network *network, size_t source, size_t target)
{
    int64_t least = INT64_MAX;

    for (size_t node = target; node != source;) {
        size_t cell = network->came[node];
        struct arc arc = arc_of(network->table, cell);

        if (network->state[node] == 2 && network->value[cell] < least)
            least = network->value[cell];
        node = network->state[node] == 1 ? arc.from : arc.to;
    }
    return least;
}

static void push(struct network *network, size_t source, size_t target, int64_t amount)
{
    for (size_t node = target; node != source;) {
        size_t cell = network->came[node];
        struct arc arc = arc_of(network->table, cell);

        network->value[cell] += network->state[node] == 1 ? amount : -amount;
        node = network->state[node] == 1 ? arc.from : arc.to;
    }
}

/* Most that can go from source to target, never more than limit. */
static int64_t flow(struct network *network, size_t source, size_t target,
                    int64_t limit)
{
    int64_t total = 0;

    while (total < limit && reach(network, source, target)) {
        int64_t amount = way_capacity(network, source, target);

        if (amount == INT64_MAX && limit == INT64_MAX)
            return INT64_MAX;
        if (amount > limit - total)
            amount = limit - total;
        push(network, source, target, amount);
        total += amount;
    }
    return total;
}

void disclose_bounds(const struct count_table *table, const uint8_t *hidden,
                     size_t cell, struct arena *memory, int64_t *low, int64_t *high)
{
    struct arc arc = arc_of(table, cell);
    int64_t value = table->values[cell], more;
    struct network network;

    *low = *high = value;
    if (hidden[cell] == 0)
        return;
    network_open(&network, table, hidden, cell, memory);
    more = flow(&network, arc.to, arc.from, INT64_MAX);
    *high = more == INT64_MAX ? DISCLOSE_UNBOUNDED : value + more;
    network_open(&network, table, hidden, cell, memory);
    *low = value - flow(&network, arc.from, arc.to, value);
}

static bool cell_safe(const struct count_table *table, const uint8_t *hidden,
                      size_t cell, int64_t threshold)
{
    struct arena *scratch = arena_new();
    int64_t low, high;

    disclose_bounds(table, hidden, cell, scratch, &low, &high);
    arena_free(scratch);
    return hidden[cell] != 0 && high >= threshold && high - low >= threshold;
}

bool disclose_safe(const struct count_table *table, const uint8_t *hidden,
                   int64_t threshold)
{
    for (size_t cell = 0; cell < cells_of(table); cell++)
        if (disclose_primary(table->values[cell], threshold)
            && !cell_safe(table, hidden, cell, threshold))
            return false;
    return true;
}

/* --- suppression -------------------------------------------------------------------
 */

/* What it costs to use a cell: nothing when it is hidden anyway; margins and zeros
 * are never hidden. */
static int64_t cost_of(const struct count_table *table, const uint8_t *hidden,
                       const int64_t *cost, size_t cell)
{
    size_t row = cell / width_of(table), column = cell % width_of(table);

    if (hidden[cell] != 0)
        return 0;
    if (cost != NULL)
        return cost[cell];
    if (row == table->rows || column == table->columns || table->values[cell] == 0)
        return -1;
    return table->values[cell] + 1;
}

/* Cheapest way by relaxing until nothing changes (few nodes, costs not negative);
 * leaves state and came as reach() does. */
static bool cheapest(struct network *network, size_t source, size_t target,
                     int64_t *distance)
{
    size_t nodes = network->table->rows + network->table->columns + 2;
    bool moved = true;

    for (size_t i = 0; i < nodes; i++)
        distance[i] = INT64_MAX;
    memset(network->state, 0, nodes);
    distance[source] = 0;
    while (moved) {
        moved = false;
        for (size_t cell = 0; cell < cells_of(network->table); cell++) {
            struct arc arc = arc_of(network->table, cell);
            int64_t cost =
                cost_of(network->table, network->hidden, network->cost, cell);

            if (cell == network->left_out || cost < 0)
                continue;
            if (distance[arc.from] != INT64_MAX
                && distance[arc.from] + cost < distance[arc.to]) {
                distance[arc.to] = distance[arc.from] + cost;
                network->state[arc.to] = 1;
                network->came[arc.to] = cell;
                moved = true;
            }
            if (network->value[cell] > 0 && distance[arc.to] != INT64_MAX
                && distance[arc.to] + cost < distance[arc.from]) {
                distance[arc.from] = distance[arc.to] + cost;
                network->state[arc.from] = 2;
                network->came[arc.from] = cell;
                moved = true;
            }
        }
    }
    return distance[target] != INT64_MAX;
}

/* Hides the cells of cheapest ways until `need` units can move, or no way is left;
 * returns what can move. */
static int64_t open_ways(const struct count_table *table, const int64_t *cost,
                         size_t cell, bool upward, int64_t need, struct arena *memory,
                         uint8_t *hidden)
{
    struct arc arc = arc_of(table, cell);
    size_t source = upward ? arc.to : arc.from, target = upward ? arc.from : arc.to;
    int64_t *distance =
        arena_alloc(memory, (table->rows + table->columns + 2) * sizeof *distance);
    struct network network;
    int64_t total = 0;

    network_open(&network, table, hidden, cell, memory);
    network.cost = cost;
    while (total < need && cheapest(&network, source, target, distance)) {
        int64_t amount = way_capacity(&network, source, target);

        if (amount > need - total)
            amount = need - total;
        for (size_t node = target; node != source;) {
            struct arc used = arc_of(table, network.came[node]);

            hidden[network.came[node]] = 1;
            node = network.state[node] == 1 ? used.from : used.to;
        }
        push(&network, source, target, amount);
        total += amount;
    }
    return total;
}

static void hide_all(const struct count_table *table, uint8_t *hidden)
{
    for (size_t cell = 0; cell < cells_of(table); cell++)
        if (cost_of(table, hidden, NULL, cell) >= 0)
            hidden[cell] = 1;
}

/* Shows again what is not needed, the largest first. */
static void clean_up(const struct count_table *table, int64_t threshold,
                     struct arena *memory, uint8_t *hidden)
{
    uint8_t *tried = arena_alloc(memory, cells_of(table));

    for (;;) {
        size_t best = cells_of(table);

        for (size_t cell = 0; cell < cells_of(table); cell++)
            if (hidden[cell] != 0 && tried[cell] == 0
                && !disclose_primary(table->values[cell], threshold)
                && (best == cells_of(table)
                    || table->values[cell] > table->values[best]))
                best = cell;
        if (best == cells_of(table))
            return;
        tried[best] = 1;
        hidden[best] = 0;
        if (!disclose_safe(table, hidden, threshold))
            hidden[best] = 1;
    }
}

bool disclose_protect(const struct count_table *table, int64_t threshold,
                      struct arena *memory, uint8_t *hidden)
{
    for (size_t cell = 0; cell < cells_of(table); cell++)
        hidden[cell] = disclose_primary(table->values[cell], threshold);
    for (size_t cell = 0; cell < cells_of(table); cell++) {
        int64_t got;

        if (!disclose_primary(table->values[cell], threshold)
            || cell_safe(table, hidden, cell, threshold))
            continue;
        got = open_ways(table, NULL, cell, true, threshold, memory, hidden);
        if (got < threshold)
            open_ways(table, NULL, cell, false, threshold - got, memory, hidden);
    }
    if (!disclose_safe(table, hidden, threshold))
        hide_all(table, hidden);
    if (!disclose_safe(table, hidden, threshold))
        return false;
    clean_up(table, threshold, memory, hidden);
    return true;
}

/* --- with needs and costs of the caller's ------------------------------------------
 */

/* One way along a hidden cell: up (more in it) from its arc's tail, down from its head.
 */
struct step {
    uint32_t cell, next;
    bool up;
};

/* The hidden cells node by node, so that a search looks at no others: tables are
 * audited far more often than their patterns change. */
struct paths {
    const struct count_table *table;
    struct step *steps, *came;
    uint32_t *first;               /* per node, and one more */
    uint32_t *queue, *turn, turns; /* turn: of the search that reached the node last */
    int64_t *value;
};

static void paths_fill(struct paths *paths, const uint8_t *hidden)
{
    const struct count_table *table = paths->table;
    size_t nodes = table->rows + table->columns + 2, node, i;
    uint32_t count = 0;

    for (node = 0; node < nodes; node++) {
        paths->first[node] = count;
        for (i = 0; i < degree_of(table, node); i++) {
            size_t cell = cell_at(table, node, i);
            struct arc arc = arc_of(table, cell);
            bool up = arc.from == node;

            if (hidden[cell] != 0)
                paths->steps[count++] =
                    (struct step){ (uint32_t)cell, (uint32_t)(up ? arc.to : arc.from),
                                   up };
        }
    }
    paths->first[nodes] = count;
}

static void paths_open(struct paths *paths, const struct count_table *table,
                       const uint8_t *hidden, struct arena *memory)
{
    size_t nodes = table->rows + table->columns + 2, cells = cells_of(table);

    *paths = (struct paths){ table,
                             arena_alloc(memory, 2 * cells * sizeof(struct step)),
                             arena_alloc(memory, nodes * sizeof(struct step)),
                             arena_alloc(memory, (nodes + 1) * sizeof(uint32_t)),
                             arena_alloc(memory, nodes * sizeof(uint32_t)),
                             arena_alloc(memory, nodes * sizeof(uint32_t)),
                             0,
                             arena_alloc(memory, cells * sizeof(int64_t)) };
    paths_fill(paths, hidden);
}

/* came[node] is the step that reached it, with `next` the node before. */
static bool paths_reach(struct paths *paths, size_t left_out, uint32_t source,
                        uint32_t target)
{
    size_t head = 0, tail = 0;
    uint32_t turn = ++paths->turns;

    paths->turn[source] = turn;
    paths->queue[tail++] = source;
    while (head < tail) {
        uint32_t node = paths->queue[head++];

        for (uint32_t i = paths->first[node]; i < paths->first[node + 1]; i++) {
            const struct step *step = &paths->steps[i];

            if (paths->turn[step->next] == turn || step->cell == left_out
                || (!step->up && paths->value[step->cell] == 0))
                continue;
            paths->turn[step->next] = turn;
            paths->came[step->next] = (struct step){ step->cell, node, step->up };
            if (step->next == target)
                return true;
            paths->queue[tail++] = step->next;
        }
    }
    return false;
}

/* Most that can go from source to target beside the cell, never more than limit. */
static int64_t paths_flow(struct paths *paths, size_t left_out, size_t source,
                          size_t target, int64_t limit)
{
    int64_t total = 0;

    memcpy(paths->value, paths->table->values,
           cells_of(paths->table) * sizeof(int64_t));
    while (total < limit
           && paths_reach(paths, left_out, (uint32_t)source, (uint32_t)target)) {
        int64_t amount = limit - total;
        size_t node;

        for (node = target; node != source; node = paths->came[node].next)
            if (!paths->came[node].up && paths->value[paths->came[node].cell] < amount)
                amount = paths->value[paths->came[node].cell];
        for (node = target; node != source; node = paths->came[node].next)
            paths->value[paths->came[node].cell] +=
                paths->came[node].up ? amount : -amount;
        total += amount;
    }
    return total;
}

/* Whether the cell reaches its need and is as wide, without looking any further. */
static bool need_met(const struct guarded_table *guarded, const uint8_t *hidden,
                     size_t cell, struct paths *paths)
{
    const struct count_table *table = &guarded->table;
    int64_t value = table->values[cell], need = guarded->need[cell], up;
    struct arc arc = arc_of(table, cell);

    if (need <= 0)
        return true;
    if (hidden[cell] == 0)
        return false;
    up = paths_flow(paths, cell, arc.to, arc.from, need);
    if (value + up < need)
        return false;
    return up >= need
           || up + paths_flow(paths, cell, arc.from, arc.to, need - up) >= need;
}

bool disclose_guarded_safe(const struct guarded_table *guarded, const uint8_t *hidden,
                           struct arena *scratch)
{
    struct paths paths;

    arena_reset(scratch);
    paths_open(&paths, &guarded->table, hidden, scratch);
    for (size_t cell = 0; cell < cells_of(&guarded->table); cell++)
        if (!need_met(guarded, hidden, cell, &paths))
            return false;
    return true;
}

bool disclose_guard(const struct guarded_table *guarded, struct arena *scratch,
                    uint8_t *hidden)
{
    const struct count_table *table = &guarded->table;
    struct paths paths;

    arena_reset(scratch);
    paths_open(&paths, table, hidden, scratch);
    for (size_t cell = 0; cell < cells_of(table); cell++) {
        int64_t need = guarded->need[cell], got;

        if (hidden[cell] == 0 || need_met(guarded, hidden, cell, &paths))
            continue;
        got = open_ways(table, guarded->cost, cell, true, need, scratch, hidden);
        if (got < need)
            open_ways(table, guarded->cost, cell, false, need - got, scratch, hidden);
        paths_fill(&paths, hidden);
    }
    return disclose_guarded_safe(guarded, hidden, scratch);
}
