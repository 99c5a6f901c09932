/*
 * disclose_simplex.c - how far equations let one unknown move: simplex steps on a dense
 * table, from the true solution.
 */
#include "analyze/disclose_simplex.h"

#include <math.h>

#define TINY 1e-9
enum { NONE = -1 };

static double *row_at(const struct simplex *system, size_t row)
{
    return system->cells + row * system->columns;
}

static void pivot(struct simplex *system, size_t at, size_t enter)
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
void simplex_begin(struct simplex *system)
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
static double rate_of(const struct simplex *system, size_t variable, size_t other)
{
    if (system->row_of[variable] == NONE)
        return other == variable ? 1 : 0;
    return -row_at(system, (size_t)system->row_of[variable])[other];
}

/* Moves `enter` by at most `most` in the direction; true when it moved or a basic
 * variable gave way. */
static void move(struct simplex *system, size_t enter, double direction, double most)
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
static double extreme(struct simplex *system, size_t variable, double sign, double goal)
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

void simplex_open(struct simplex *system, size_t rows, size_t columns,
                  struct arena *memory)
{
    *system = (struct simplex){ .rows = rows,
                                .columns = columns,
                                .steps = 200 * (columns + 50) };
    system->cells = arena_alloc(memory, (rows * columns + 1) * sizeof(double));
    system->value = arena_alloc(memory, (columns + 1) * sizeof(double));
    system->basis = arena_alloc(memory, (rows + 1) * sizeof(int32_t));
    system->row_of = arena_alloc(memory, (columns + 1) * sizeof(int32_t));
    system->filled = arena_alloc(memory, (columns + 1) * sizeof(uint32_t));
}

bool simplex_wide(struct simplex *system, size_t variable, int64_t need)
{
    double value = system->value[variable];
    double goal = (value > 0 ? value : 0) + (double)need;
    double high = extreme(system, variable, 1, goal), low;

    if (high < (double)need - 1e-6)
        return false;
    low = extreme(system, variable, -1, high - (double)need);
    return high - low >= (double)need - 1e-6;
}
