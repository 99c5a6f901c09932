/*
 * disclose_union.c - all tables of a board at once: what remains of a small cell.
 *
 * Each table alone is a network; together (over 30 days within open, overdue within
 * open, answered within received ...) they are not, so here the attacker solves all
 * equations.  The true numbers are one solution; from there the cell asked about is
 * pushed up and down by simplex steps (variables that are not basic may stand above
 * nought), and stops as soon as the interval is wide enough.
 */
#include <math.h>

#include "analyze/disclose_board.h"

#define TINY 1e-9
enum { NONE = -1 };

struct system {
    size_t rows, columns;
    double *cells;  /* basic variable + sum of cells x others = constant */
    double *value;  /* per variable, as moved so far */
    int32_t *basis; /* variable of a row */
    int32_t *row_of;
    uint32_t *filled; /* scratch of pivot(): columns of its row that are not nought */
    size_t steps;     /* left; a system that takes longer is called unsafe */
};

static double *row_at(const struct system *system, size_t row)
{
    return system->cells + row * system->columns;
}

static void pivot(struct system *system, size_t at, size_t enter)
{
    double *from = row_at(system, at), by = from[enter];
    size_t filled = 0, i, j;

    for (j = 0; j < system->columns; j++) {
        if (from[j] == 0)
            continue;
        from[j] /= by;
        system->filled[filled++] = (uint32_t)j;
    }
    for (i = 0; i < system->rows; i++) {
        double *row = row_at(system, i), times = row[enter];

        if (i == at || fabs(times) < TINY)
            continue;
        for (j = 0; j < filled; j++) /* few of a row are anything */
            row[system->filled[j]] -= times * from[system->filled[j]];
        row[enter] = 0;
    }
    if (system->basis[at] != NONE)
        system->row_of[system->basis[at]] = NONE;
    system->basis[at] = (int32_t)enter;
    system->row_of[enter] = (int32_t)at;
}

/* A basic variable for every equation; equations that say nothing new go. */
static void make_basis(struct system *system)
{
    size_t i, j;

    for (i = 0; i < system->columns; i++)
        system->row_of[i] = NONE;
    for (i = 0; i < system->rows; i++)
        system->basis[i] = NONE;
    for (i = 0; i < system->rows;) {
        double *row = row_at(system, i);

        for (j = 0; j < system->columns && fabs(row[j]) < 1e-7; j++)
            ;
        if (j < system->columns) {
            pivot(system, i++, j);
            continue;
        }
        system->rows--;
        for (j = 0; j < system->columns; j++)
            row[j] = row_at(system, system->rows)[j];
    }
}

/* How fast the variable moves when another, not basic, grows. */
static double rate_of(const struct system *system, size_t variable, size_t other)
{
    if (system->row_of[variable] == NONE)
        return other == variable ? 1 : 0;
    return -row_at(system, (size_t)system->row_of[variable])[other];
}

/* Moves `enter` by at most `most` in the direction; true when it moved or a basic
 * variable gave way. */
static void move(struct system *system, size_t enter, double direction, double most)
{
    size_t limit = system->rows, i;
    double step = most;

    if (direction < 0 && system->value[enter] < step)
        step = system->value[enter];
    for (i = 0; i < system->rows; i++) {
        double slope = row_at(system, i)[enter] * direction, room;

        if (slope < TINY)
            continue;
        room = system->value[system->basis[i]] / slope;
        if (room < step - TINY
            || (limit < system->rows && room < step + TINY
                && system->basis[i] < system->basis[limit])) {
            step = room < step ? room : step;
            limit = i;
        }
    }
    if (step < 0)
        step = 0;
    system->value[enter] += direction * step;
    for (i = 0; i < system->rows; i++) {
        double *at = &system->value[system->basis[i]];

        *at -= row_at(system, i)[enter] * direction * step;
        if (*at < TINY)
            *at = 0;
    }
    if (limit < system->rows)
        pivot(system, limit, enter);
}

/* As far up (sign 1) or down (-1) as it goes, but not beyond the goal. */
static double extreme(struct system *system, size_t variable, double sign, double goal)
{
    while (system->steps > 0) {
        double left = sign * (goal - system->value[variable]);
        size_t enter = 0;
        double rate = 0;

        if (left < TINY)
            break;
        for (; enter < system->columns; enter++) {
            if (system->row_of[enter] != NONE)
                continue;
            rate = sign * rate_of(system, variable, enter);
            if (rate > TINY || (rate < -TINY && system->value[enter] > TINY))
                break;
        }
        if (enter == system->columns)
            break;
        system->steps--;
        move(system, enter, rate > 0 ? 1 : -1, left / fabs(rate));
    }
    return system->value[variable];
}

static bool wide_enough(struct system *system, size_t variable, int64_t need)
{
    double value = system->value[variable];
    double goal = (value > 0 ? value : 0) + (double)need;
    double high = extreme(system, variable, 1, goal), low;

    if (high < (double)need - 1e-6)
        return false;
    low = extreme(system, variable, -1, high - (double)need);
    return high - low >= (double)need - 1e-6;
}

/* --- from the board ---------------------------------------------------------------
 */

struct layout {
    int32_t *variable; /* of a cell of the board, NONE = printed or nothing there */
    int32_t *rest;     /* of relation x row */
    size_t count;
};

static int64_t rest_of(const struct board *board, const struct relation *relation,
                       size_t row)
{
    int64_t rest = board->values[relation->whole * board->rows + row];
    size_t p;

    for (p = 0; p < relation->count; p++)
        rest -= board->values[relation->parts[p] * board->rows + row];
    return rest;
}

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
            rests += rest_of(board, relation, row);
        for (row = 0; row < board->rows; row++)
            layout->rest[i * board->rows + row] =
                rests > 0 && unknown(layout, board, relation, row)
                    ? (int32_t)layout->count++
                    : NONE;
    }
}

static void put(struct system *system, int32_t variable, double sign, bool *used)
{
    if (variable == NONE)
        return;
    row_at(system, system->rows)[variable] += sign;
    *used = true;
}

static void equations(struct system *system, const struct layout *layout,
                      const struct board *board)
{
    size_t i, row, p;

    for (i = 0; i < board->columns; i++) {
        bool used = false;

        for (row = 0; row < board->rows; row++)
            put(system, layout->variable[i * board->rows + row], 1, &used);
        system->rows += used;
    }
    for (i = 0; i < board->relation_count; i++) {
        const struct relation *relation = &board->relations[i];

        for (row = 0; row < board->rows && !is_itself(relation); row++) {
            bool used = false;

            if (!unknown(layout, board, relation, row))
                continue;
            put(system, layout->variable[relation->whole * board->rows + row], 1,
                &used);
            for (p = 0; p < relation->count; p++)
                put(system, layout->variable[relation->parts[p] * board->rows + row],
                    -1, &used);
            put(system, layout->rest[i * board->rows + row], -1, &used);
            system->rows += used;
        }
    }
}

static void values(struct system *system, const struct layout *layout,
                   const struct board *board)
{
    size_t i, row;

    for (i = 0; i < board->rows * board->columns; i++)
        if (layout->variable[i] != NONE)
            system->value[layout->variable[i]] = (double)board->values[i];
    for (i = 0; i < board->relation_count; i++)
        for (row = 0; row < board->rows; row++)
            if (layout->rest[i * board->rows + row] != NONE)
                system->value[layout->rest[i * board->rows + row]] =
                    (double)rest_of(board, &board->relations[i], row);
}

static void open_system(struct system *system, const struct layout *layout,
                        const struct board *board)
{
    size_t most = board->columns + board->relation_count * board->rows;
    struct arena *memory = board->memory;

    *system = (struct system){ .columns = layout->count,
                               .steps = 200 * (layout->count + 50) };
    system->cells =
        arena_alloc(memory, (most + 1) * (layout->count + 1) * sizeof(double));
    system->value = arena_alloc(memory, (layout->count + 1) * sizeof(double));
    system->basis = arena_alloc(memory, (most + 1) * sizeof(int32_t));
    system->row_of = arena_alloc(memory, (layout->count + 1) * sizeof(int32_t));
    system->filled = arena_alloc(memory, (layout->count + 1) * sizeof(uint32_t));
    equations(system, layout, board);
    values(system, layout, board);
    make_basis(system);
}

static int64_t rest_need(const struct board *board, const struct relation *relation,
                         size_t row)
{
    int64_t total = 0;
    size_t r;

    if (!relation->rest_counts
        || !disclose_primary(rest_of(board, relation, row), board->view->threshold))
        return 0;
    for (r = 0; r < board->rows; r++)
        total += rest_of(board, relation, r);
    return total < board->view->threshold ? total : board->view->threshold;
}

bool board_union_safe(const struct board *board, size_t most, size_t *column)
{
    struct layout layout;
    struct system system;
    size_t i, row;

    lay_out(&layout, board);
    *column = board->columns;
    if (layout.count == 0)
        return true;
    if (layout.count > most)
        return false;
    open_system(&system, &layout, board);
    for (i = 0; i < board->rows * board->columns; i++)
        if (board->need[i] > 0 && layout.variable[i] != NONE
            && !wide_enough(&system, (size_t)layout.variable[i], board->need[i])) {
            *column = i / board->rows;
            return false;
        }
    for (i = 0; i < board->relation_count; i++)
        for (row = 0; row < board->rows; row++) {
            int32_t variable = layout.rest[i * board->rows + row];
            int64_t need = rest_need(board, &board->relations[i], row);

            if (variable == NONE || need == 0
                || wide_enough(&system, (size_t)variable, need))
                continue;
            *column = board->relations[i].whole;
            return false;
        }
    return true;
}
