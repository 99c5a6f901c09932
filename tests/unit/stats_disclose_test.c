/* stats_disclose_test.c - flows against elimination and bridges on 2,984 patterns. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <string.h>

#include "analyze/stats_disclose.h"

enum { PATTERNS = 2984, MOST = 49, LINES = 14 };
#define PRIME INT64_C(1000003)

struct pattern {
    size_t rows, columns, count; /* without the margins; hidden cells */
    uint8_t hidden[MOST];
    int64_t values[MOST];
};

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Values so large that nothing is known from their not being negative. */
static void draw(struct pattern *pattern, uint64_t *seed)
{
    static const unsigned percent[] = { 20, 35, 50 };
    unsigned share = percent[next(seed) % 3];
    size_t width, i, j;

    memset(pattern, 0, sizeof *pattern);
    pattern->rows = 2 + next(seed) % 5;
    pattern->columns = 2 + next(seed) % 5;
    width = pattern->columns + 1;
    for (i = 0; i < (pattern->rows + 1) * width; i++) {
        pattern->hidden[i] = next(seed) % 100 < share;
        pattern->count += pattern->hidden[i];
    }
    for (i = 0; i < pattern->rows; i++)
        for (j = 0; j < pattern->columns; j++) {
            int64_t value = 1000 + (int64_t)(next(seed) % 1000);

            pattern->values[i * width + j] = value;
            pattern->values[i * width + pattern->columns] += value;
            pattern->values[pattern->rows * width + j] += value;
            pattern->values[pattern->rows * width + pattern->columns] += value;
        }
}

static int64_t inverse(int64_t value)
{
    int64_t result = 1, power = PRIME - 2;

    for (; power > 0; power /= 2) {
        if (power % 2 == 1)
            result = result * value % PRIME;
        value = value * value % PRIME;
    }
    return result;
}

static size_t rank(int64_t rows[LINES + 1][MOST], size_t count)
{
    size_t found = 0, c, i, j;

    for (c = 0; c < MOST && found < count; c++) {
        int64_t by;

        for (i = found; i < count && rows[i][c] == 0; i++)
            ;
        if (i == count)
            continue;
        for (j = 0; j < MOST; j++) {
            int64_t held = rows[i][j];

            rows[i][j] = rows[found][j];
            rows[found][j] = held;
        }
        by = inverse(rows[found][c]);
        for (i = found + 1; i < count; i++) {
            int64_t times = rows[i][c] * by % PRIME;

            for (j = 0; j < MOST; j++)
                rows[i][j] =
                    ((rows[i][j] - times * rows[found][j]) % PRIME + PRIME) % PRIME;
        }
        found++;
    }
    return found;
}

/* The sums of rows and columns over what is hidden; the margin counts minus. */
static size_t fill_lines(const struct pattern *pattern, int64_t lines[LINES + 1][MOST])
{
    size_t width = pattern->columns + 1, i, j;

    memset(lines, 0, (LINES + 1) * sizeof lines[0]);
    for (i = 0; i <= pattern->rows; i++)
        for (j = 0; j < width; j++) {
            size_t cell = i * width + j;

            if (pattern->hidden[cell] == 0)
                continue;
            lines[i][cell] = j == pattern->columns ? PRIME - 1 : 1;
            lines[pattern->rows + 1 + j][cell] = i == pattern->rows ? PRIME - 1 : 1;
        }
    return pattern->rows + 1 + width;
}

static bool by_elimination(const struct pattern *pattern, size_t cell)
{
    int64_t lines[LINES + 1][MOST];
    size_t count = fill_lines(pattern, lines), without;

    without = rank(lines, count);
    fill_lines(pattern, lines);
    memset(lines[count], 0, sizeof lines[count]);
    lines[count][cell] = 1;
    return rank(lines, count + 1) == without;
}

/* No way from its row to its column over other hidden cells. */
static bool by_bridge(const struct pattern *pattern, size_t cell)
{
    size_t width = pattern->columns + 1, i, j;
    bool row[7] = { false }, column[7] = { false }, moved = true;

    row[cell / width] = true;
    while (moved) {
        moved = false;
        for (i = 0; i <= pattern->rows; i++)
            for (j = 0; j < width; j++) {
                if (pattern->hidden[i * width + j] == 0 || i * width + j == cell
                    || row[i] == column[j])
                    continue;
                row[i] = column[j] = moved = true;
            }
    }
    return !column[cell % width];
}

/* DOMAIN 5: what is told exactly is a bridge; three ways to the same answer. */
static void what_is_told_exactly_is_a_bridge(void **state)
{
    uint64_t seed = UINT64_C(0x5DEECE66D);
    size_t patterns = 0, mixed = 0, cell;

    (void)state;
    while (patterns < PATTERNS) {
        struct pattern pattern;
        struct count_table table;
        struct arena *arena = arena_new();
        size_t told = 0;

        draw(&pattern, &seed);
        table = (struct count_table){ pattern.rows, pattern.columns, pattern.values };
        patterns += pattern.count > 0;
        assert_true(count_table_adds_up(&table));
        for (cell = 0; cell < (pattern.rows + 1) * (pattern.columns + 1); cell++) {
            int64_t low, high;
            bool bridge;

            if (pattern.hidden[cell] == 0)
                continue;
            bridge = by_bridge(&pattern, cell);
            disclose_bounds(&table, pattern.hidden, cell, arena, &low, &high);
            assert_int_equal(by_elimination(&pattern, cell), bridge);
            assert_int_equal(low == high, bridge);
            assert_true(low <= pattern.values[cell] && pattern.values[cell] <= high);
            told += bridge;
        }
        mixed += told > 0 && told < pattern.count;
        arena_free(arena);
    }
    assert_true(mixed > 1000);
}

/* Two blocks joined by one cell: every line has two hidden, yet it is told. */
static void the_cell_that_joins_two_blocks_is_told(void **state)
{
    static const size_t block[][2] = { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 }, { 2, 2 },
                                       { 2, 3 }, { 3, 2 }, { 3, 3 }, { 1, 2 } };
    struct arena *arena = arena_new();
    int64_t values[25] = { 0 }, low, high;
    uint8_t hidden[25] = { 0 };
    struct count_table table = { 4, 4, values };

    (void)state;
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++) {
            values[i * 5 + j] = 9;
            values[i * 5 + 4] += 9;
            values[20 + j] += 9;
            values[24] += 9;
        }
    for (size_t i = 0; i < sizeof block / sizeof block[0]; i++)
        hidden[block[i][0] * 5 + block[i][1]] = 1;
    disclose_bounds(&table, hidden, 1 * 5 + 2, arena, &low, &high);
    assert_true(low == 9 && high == 9);
    disclose_bounds(&table, hidden, 0, arena, &low, &high);
    assert_true(low == 0 && high == 18);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_exactly_is_a_bridge),
        cmocka_unit_test(the_cell_that_joins_two_blocks_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
