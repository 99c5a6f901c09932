/*
 * disclose_union.c - all tables of a board at once: what remains of a small cell.
 *
 * Each table alone is a network; together (over 30 days within open, overdue within
 * open, answered within received ...) they are not, so here the attacker solves all
 * equations (disclose_simplex.c) from the true numbers.  Most equations share no
 * unknown, even through others: they fall into lots, each solved by itself, and only
 * those in which something is asked.
 */
#include "analyze/disclose_board.h"
#include "analyze/disclose_simplex.h"

enum { NONE = -1 };

/* --- from the board ---------------------------------------------------------------
 */

struct layout {
    int32_t *variable; /* of a cell of the board, NONE = printed or nothing there */
    int32_t *rest;     /* of relation x row */
    size_t count;
};

static bool unknown(const struct layout *layout, const struct board *board,
                    const struct relation *relation, size_t row)
{
    bool any = layout->variable[relation->whole * board->rows + row] != NONE;
    size_t p;

    for (p = 0; p < relation->count; p++)
        any |= layout->variable[relation->parts[p] * board->rows + row] != NONE;
    return any;
}

static bool is_itself(const struct relation *relation)
{
    return relation->count == 1 && relation->parts[0] == relation->whole;
}

static void lay_out(struct layout *layout, const struct board *board)
{
    size_t cells = board->rows * board->columns, i, row;

    layout->variable = arena_alloc(board->memory, (cells + 1) * sizeof(int32_t));
    layout->rest = arena_alloc(board->memory, (board->relation_count * board->rows + 1)
                                                  * sizeof(int32_t));
    layout->count = 0;
    for (i = 0; i < cells; i++)
        layout->variable[i] = board->told[i] > 0 && board->shown[i] == 0
                                  ? (int32_t)layout->count++
                                  : NONE;
    for (i = 0; i < board->relation_count; i++) {
        const struct relation *relation = &board->relations[i];
        int64_t rests = 0;

        for (row = 0; row < board->rows; row++)
            rests += board_rest(board, relation, row);
        for (row = 0; row < board->rows; row++)
            layout->rest[i * board->rows + row] =
                rests > 0 && unknown(layout, board, relation, row)
                    ? (int32_t)layout->count++
                    : NONE;
    }
}

struct term {
    int32_t variable;
    double sign;
};

struct equations { /* the terms of one stand together */
    struct term *terms;
    size_t *end; /* per equation: behind its last term */
    size_t count, term_count;
    uint32_t *lot;   /* per variable: the least variable of its lot, and */
    uint32_t *place; /* how many of the lot come before it */
};

static void put(struct equations *all, int32_t variable, double sign)
{
    if (variable != NONE)
        all->terms[all->term_count++] = (struct term){ variable, sign };
}

/* Without an unknown it is none. */
static void close_equation(struct equations *all)
{
    if (all->term_count > (all->count > 0 ? all->end[all->count - 1] : 0))
        all->end[all->count++] = all->term_count;
}

static void equations(struct equations *all, const struct layout *layout,
                      const struct board *board)
{
    size_t most = board->columns + board->relation_count * board->rows, i, row, p;

    all->end = arena_alloc(board->memory, (most + 1) * sizeof *all->end);
    all->terms = arena_alloc(board->memory,
                             (board->rows * board->columns
                              + board->relation_count * board->rows * (PARTS_MOST + 2))
                                     * sizeof *all->terms
                                 + 1);
    for (i = 0; i < board->columns; i++) {
        for (row = 0; row < board->rows; row++)
            put(all, layout->variable[i * board->rows + row], 1);
        close_equation(all);
    }
    for (i = 0; i < board->relation_count; i++) {
        const struct relation *relation = &board->relations[i];

        for (row = 0; row < board->rows && !is_itself(relation); row++) {
            if (!unknown(layout, board, relation, row))
                continue;
            put(all, layout->variable[relation->whole * board->rows + row], 1);
            for (p = 0; p < relation->count; p++)
                put(all, layout->variable[relation->parts[p] * board->rows + row], -1);
            put(all, layout->rest[i * board->rows + row], -1);
            close_equation(all);
        }
    }
}

static uint32_t lot_of(uint32_t *lot, uint32_t variable)
{
    while (lot[variable] != variable) {
        lot[variable] = lot[lot[variable]];
        variable = lot[variable];
    }
    return variable;
}

/* Unknowns of one equation are of one lot, named by its least. */
static void find_lots(struct equations *all, size_t variables, struct arena *memory)
{
    uint32_t *size = arena_alloc(memory, (variables + 1) * sizeof *size);
    size_t e, t = 0, v;

    all->lot = arena_alloc(memory, (variables + 1) * sizeof *all->lot);
    all->place = arena_alloc(memory, (variables + 1) * sizeof *all->place);
    for (v = 0; v < variables; v++)
        all->lot[v] = (uint32_t)v;
    for (e = 0; e < all->count; e++) {
        uint32_t first = (uint32_t)all->terms[t].variable;

        for (; t < all->end[e]; t++) {
            uint32_t a = lot_of(all->lot, first);
            uint32_t b = lot_of(all->lot, (uint32_t)all->terms[t].variable);

            all->lot[a > b ? a : b] = a > b ? b : a;
        }
    }
    for (v = 0; v < variables; v++) {
        all->lot[v] = lot_of(all->lot, (uint32_t)v);
        all->place[v] = size[all->lot[v]]++;
    }
}

struct attack { /* what is solved of a board: lots as they are asked for */
    const struct board *board;
    const double *truth; /* per variable */
    struct layout layout;
    struct equations equations;
    struct simplex **lots; /* by their least variable; NULL = not asked yet */
};

static double *true_values(const struct layout *layout, const struct board *board)
{
    double *value = arena_alloc(board->memory, (layout->count + 1) * sizeof *value);
    size_t i, row;

    for (i = 0; i < board->rows * board->columns; i++)
        if (layout->variable[i] != NONE)
            value[layout->variable[i]] = (double)board->values[i];
    for (i = 0; i < board->relation_count; i++)
        for (row = 0; row < board->rows; row++)
            if (layout->rest[i * board->rows + row] != NONE)
                value[layout->rest[i * board->rows + row]] =
                    (double)board_rest(board, &board->relations[i], row);
    return value;
}

static void open_attack(struct attack *attack, const struct board *board)
{
    const struct layout *layout = &attack->layout;

    attack->board = board;
    attack->truth = true_values(layout, board);
    equations(&attack->equations, layout, board);
    find_lots(&attack->equations, layout->count, board->memory);
    attack->lots =
        arena_alloc(board->memory, (layout->count + 1) * sizeof *attack->lots);
}

static bool is_of_lot(const struct equations *all, size_t e, uint32_t lot)
{
    size_t first = e > 0 ? all->end[e - 1] : 0;

    return all->lot[all->terms[first].variable] == lot;
}

static struct simplex *open_lot(const struct attack *attack, uint32_t lot)
{
    const struct equations *all = &attack->equations;
    struct arena *memory = attack->board->memory;
    struct simplex *system = arena_alloc(memory, sizeof *system);
    size_t rows = 0, columns = 0, e, t, v;

    for (e = 0; e < all->count; e++)
        rows += is_of_lot(all, e, lot);
    for (v = 0; v < attack->layout.count; v++)
        columns += all->lot[v] == lot;
    simplex_open(system, rows, columns, memory);
    for (v = 0; v < attack->layout.count; v++)
        if (all->lot[v] == lot)
            system->value[all->place[v]] = attack->truth[v];
    for (e = 0, rows = 0, t = 0; e < all->count; t = all->end[e++]) {
        double *row = system->cells + rows * columns;

        if (!is_of_lot(all, e, lot))
            continue;
        for (; t < all->end[e]; t++)
            row[all->place[all->terms[t].variable]] += all->terms[t].sign;
        rows++;
    }
    simplex_begin(system);
    return system;
}

static bool wide_enough(struct attack *attack, int32_t variable, int64_t need)
{
    uint32_t lot = attack->equations.lot[variable];

    if (attack->lots[lot] == NULL)
        attack->lots[lot] = open_lot(attack, lot);
    return simplex_wide(attack->lots[lot], attack->equations.place[variable], need);
}

static int64_t rest_need(const struct board *board, const struct relation *relation,
                         size_t row)
{
    int64_t total = 0;
    size_t r;

    if (!relation->rest_counts
        || !disclose_primary(board_rest(board, relation, row), board->view->threshold))
        return 0;
    for (r = 0; r < board->rows; r++)
        total += board_rest(board, relation, r);
    return total < board->view->threshold ? total : board->view->threshold;
}

bool board_union_safe(const struct board *board, size_t most, size_t *column)
{
    struct attack attack = { .board = board };
    const struct layout *layout = &attack.layout;
    size_t i, row;

    lay_out(&attack.layout, board);
    *column = board->columns;
    if (layout->count == 0)
        return true;
    if (layout->count > most)
        return false;
    open_attack(&attack, board);
    for (i = 0; i < board->rows * board->columns; i++)
        if (board->need[i] > 0 && layout->variable[i] != NONE
            && !wide_enough(&attack, layout->variable[i], board->need[i])) {
            *column = i / board->rows;
            return false;
        }
    for (i = 0; i < board->relation_count; i++)
        for (row = 0; row < board->rows; row++) {
            int32_t variable = layout->rest[i * board->rows + row];
            int64_t need = rest_need(board, &board->relations[i], row);

            if (variable == NONE || need == 0 || wide_enough(&attack, variable, need))
                continue;
            *column = board->relations[i].whole;
            return false;
        }
    return true;
}
