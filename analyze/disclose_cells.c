/*
 * disclose_cells.c - hides more figures until no small cell can be worked out.
 *
 * METHODS 8.2-8.4.  For every split and month with a small cell, and for every way
 * its counts make up one another (disclose_board.c), the table of keys and parts
 * with its margins is audited exactly, by flows; where a cell is told too closely
 * the cheapest figures are hidden as well.  A month's pattern is a function of that
 * month's figures alone, so a later report that repeats the month hides the same.
 * Where that cannot be exact, a plain rule hides more (and disclose_runs.c):
 *   - where no pattern is safe, or all equations together (disclose_union.c) are
 *     too many to solve, the whole split is hidden, noughts included.
 */
#include <stdlib.h>
#include <string.h>

#include "analyze/disclose_board.h"

enum { FEW_KEYS = 32 };       /* beyond, what is hidden needlessly stays hidden */
enum { MOST_UNKNOWNS = 600 }; /* beyond, the split is hidden whole */

struct table { /* of one relation */
    struct guarded_table guarded;
    int64_t *values, *need, *cost;
    uint8_t *hidden;
    size_t width;
    bool asked; /* some need is set */
};

static const char *const opinion_names[] = { "SAT-01",        "SAT-01.resident",
                                             "SAT-01.staff",  "SAT-02",
                                             "SAT-04",        "SAT-05",
                                             "SAT-05.ceiling" };

static bool is_rating(const struct view *view, const struct figure *figure)
{
    size_t i;

    if (strncmp(view->all->metrics->items[figure->metric].id, "SAT-", 4) != 0)
        return false; /* most are not, and names take long to look up */
    for (i = 0; i < sizeof opinion_names / sizeof opinion_names[0]; i++) {
        uint16_t metric, part;

        if (metrics_name(view->all->metrics, opinion_names[i], &metric, &part) >= 0
            && figure->metric == metric && figure->part == part)
            return true;
    }
    return false;
}

/* What ratings say of one cell is one thing: hidden together. */
static void hide(struct board *board, size_t at)
{
    struct view *view = board->view;
    const struct figure *figure = view->kept[at];
    size_t i;

    if (view->hidden[at] == SHOWN)
        view->hidden[at] = HIDDEN_WITH_OTHERS;
    if (view_class(view, at) != CLASS_OPINION || !is_rating(view, figure))
        return;
    for (i = 0; i < board->figure_count; i++) {
        size_t other = board->figures[i];

        if (view->hidden[other] == SHOWN && view->kept[other]->key[0] == figure->key[0]
            && is_rating(view, view->kept[other]))
            view->hidden[other] = HIDDEN_WITH_OTHERS;
    }
}

/* Where the ratings of a cell are not told, what rests on them is not either; too
 * few of one source alone is the tables' affair. */
static void hide_with_ratings(struct board *board)
{
    const struct view *view = board->view;
    uint16_t metric, part;
    size_t i;

    if (metrics_name(view->all->metrics, "SAT-01", &metric, &part) < 0)
        return;
    for (i = 0; i < board->figure_count; i++)
        if (view->kept[board->figures[i]]->metric == metric
            && view->kept[board->figures[i]]->part == part
            && view->hidden[board->figures[i]] != SHOWN)
            hide(board, board->figures[i]);
}

static bool hide_cell(struct board *board, size_t column, size_t row)
{
    bool changed = false;
    size_t i;

    for (i = 0; i < board->carrier_count; i++) {
        const struct carrier *carrier = &board->carriers[i];

        if (carrier->column != column || carrier->row != row
            || board->view->hidden[carrier->figure] != SHOWN
            || view_class(board->view, carrier->figure) == CLASS_SERVICE)
            continue;
        hide(board, carrier->figure);
        changed = true;
    }
    return changed;
}

/* --- what is asked ----------------------------------------------------------------
 */

static int64_t column_total(const struct board *board, size_t column)
{
    int64_t total = 0;
    size_t row;

    for (row = 0; row < board->rows; row++)
        total += board->values[column * board->rows + row];
    return total;
}

/* A row of one household, or one that may make more than four in five of it: of h
 * households with n cases the largest has at most n - h + 1. */
static bool dominated(const struct board *board, size_t row)
{
    const struct view *view = board->view;
    int64_t cases = -1, homes = -1;
    size_t i;

    for (i = 0; i < board->figure_count; i++) {
        const struct figure *figure = view->kept[board->figures[i]];

        if (board_row(board, figure) != row || figure->part != 0)
            continue;
        if (strcmp(view->all->metrics->items[figure->metric].id, "INT-01") == 0)
            cases = figure->base.n;
        if (strcmp(view->all->metrics->items[figure->metric].id, "INT-09") == 0)
            homes = figure->base.n;
    }
    return cases > 0 && homes > 0 && 5 * (cases - homes + 1) > 4 * cases;
}

static void need_place(struct board *board)
{
    const struct view *view = board->view;
    size_t i, row;

    for (i = 0; i < board->carrier_count; i++) {
        const struct carrier *carrier = &board->carriers[i];
        size_t cell = carrier->column * board->rows + carrier->row;
        int64_t total = column_total(board, carrier->column);

        if (view->hidden[carrier->figure] == HIDDEN_ITSELF
            && disclose_primary(board->values[cell], view->threshold))
            board->need[cell] = total < view->threshold ? total : view->threshold;
    }
    for (row = 0; row < board->rows; row++) {
        if (!dominated(board, row))
            continue;
        for (i = 0; i < board->carrier_count; i++)
            if (board->carriers[i].row == row)
                board->view->hidden[board->carriers[i].figure] = HIDDEN_ITSELF;
        for (i = 0; i < board->columns; i++) {
            size_t cell = i * board->rows + row;
            int64_t total = column_total(board, i);

            if (board->told[cell] > 0)
                board->need[cell] = total < view->threshold ? total : view->threshold;
        }
    }
}

/* How many said yes and how many no; how many were asked may be known. */
static void need_opinion(struct board *board)
{
    const struct view *view = board->view;
    size_t i, w;

    for (i = 0; i < board->carrier_count; i++) {
        const struct carrier *carrier = &board->carriers[i];
        const struct figure *figure = view->kept[carrier->figure];
        int64_t most = figure_size(figure);

        if (view->hidden[carrier->figure] != HIDDEN_ITSELF
            || (carrier->field == FIELD_WHOLE
                && !(figure_counts(view->all->metrics, figure)
                     && disclose_primary(most, view->threshold))))
            continue;
        if (carrier->field == FIELD_WHOLE)
            most = view->threshold;
        w = carrier->column * board->rows + carrier->row;
        if (column_total(board, carrier->column) < most)
            most = column_total(board, carrier->column);
        if (most > view->threshold)
            most = view->threshold;
        if (most > board->need[w])
            board->need[w] = most;
    }
}

/* --- tables -----------------------------------------------------------------------
 */

static void set_cell(struct table *table, size_t at, const struct board *board,
                     size_t column, size_t row)
{
    size_t cell = column * board->rows + row;

    table->values[at] = board->values[cell];
    table->need[at] = board->need[cell];
    table->hidden[at] = board->told[cell] > 0 && board->shown[cell] == 0;
    table->cost[at] =
        board->told[cell] == 0 || board->fixed[cell] != 0 || board->values[cell] == 0
            ? -1
            : board->values[cell] + board->shown[cell];
}

/* The rest nobody prints: hidden by itself, guarded when it counts something. */
static void set_rest(struct table *table, size_t at, const struct board *board,
                     const struct relation *relation, int64_t total)
{
    const struct view *view = board->view;

    table->hidden[at] = 1;
    table->cost[at] = 0;
    table->need[at] =
        relation->rest_counts && disclose_primary(table->values[at], view->threshold)
            ? (total < view->threshold ? total : view->threshold)
            : 0;
}

static void add_margins(struct table *table, size_t rows)
{
    size_t c, row, bottom = rows * table->width;

    for (c = 0; c < table->width; c++) {
        for (row = 0; row < rows; row++)
            table->values[bottom + c] += table->values[row * table->width + c];
        table->cost[bottom + c] = -1;
    }
}

static void table_open(struct table *table, const struct board *board,
                       const struct relation *relation, struct arena *memory)
{
    size_t row, p, cells, parts = relation->count;
    int64_t rests = 0;

    for (row = 0; row < board->rows; row++)
        rests += board_rest(board, relation, row);
    table->width = parts + (rests > 0) + 1;
    cells = (board->rows + 1) * table->width;
    table->values = arena_alloc(memory, cells * sizeof *table->values);
    table->need = arena_alloc(memory, cells * sizeof *table->need);
    table->cost = arena_alloc(memory, cells * sizeof *table->cost);
    table->hidden = arena_alloc(memory, cells);
    for (row = 0; row < board->rows; row++) {
        size_t at = row * table->width;

        for (p = 0; p < parts; p++)
            set_cell(table, at + p, board, relation->parts[p], row);
        if (rests > 0) {
            table->values[at + parts] = board_rest(board, relation, row);
            set_rest(table, at + parts, board, relation, rests);
        }
        set_cell(table, at + table->width - 1, board, relation->whole, row);
    }
    add_margins(table, board->rows);
    table->asked = false;
    for (p = 0; p < cells; p++)
        table->asked |= table->need[p] > 0;
    table->guarded = (struct guarded_table){
        { board->rows, table->width - 1, table->values }, table->need, table->cost
    };
}

/* Every part of every key, and when that is not enough the wholes too. */
static bool collapse(struct board *board, const struct relation *relation, bool wholes)
{
    bool changed = false;
    size_t row, p;

    for (row = 0; row < board->rows; row++) {
        for (p = 0; p < relation->count; p++)
            changed |= hide_cell(board, relation->parts[p], row);
        if (wholes)
            changed |= hide_cell(board, relation->whole, row);
    }
    board_refresh(board);
    return changed;
}

/* True when more was hidden. */
static bool protect_table(struct board *board, const struct relation *relation,
                          struct arena *memory, struct arena *scratch)
{
    bool changed = false;
    struct table table;
    size_t row, p;

    arena_reset(memory);
    table_open(&table, board, relation, memory);
    if (!table.asked || disclose_guarded_safe(&table.guarded, table.hidden, scratch))
        return false;
    if (disclose_guard(&table.guarded, scratch, table.hidden)) {
        for (row = 0; row < board->rows; row++) {
            const uint8_t *hidden = table.hidden + row * table.width;

            for (p = 0; p < relation->count; p++)
                if (hidden[p] != 0)
                    changed |= hide_cell(board, relation->parts[p], row);
            if (hidden[table.width - 1] != 0)
                changed |= hide_cell(board, relation->whole, row);
        }
        board_refresh(board);
        return changed;
    }
    changed = collapse(board, relation, false);
    table_open(&table, board, relation, memory);
    if (!disclose_guarded_safe(&table.guarded, table.hidden, scratch))
        changed |= collapse(board, relation, true);
    return changed;
}

static bool touches(const struct relation *relation, const uint8_t *columns)
{
    size_t p;

    if (columns[relation->whole] != 0)
        return true;
    for (p = 0; p < relation->count; p++)
        if (columns[relation->parts[p]] != 0)
            return true;
    return false;
}

/* The tables of these columns (NULL = all). */
static bool all_safe(const struct board *board, const uint8_t *columns,
                     struct arena *memory, struct arena *scratch)
{
    size_t i;

    for (i = 0; i < board->relation_count; i++) {
        struct table table;

        if (columns != NULL && !touches(&board->relations[i], columns))
            continue;
        arena_reset(memory);
        table_open(&table, board, &board->relations[i], memory);
        if (table.asked
            && !disclose_guarded_safe(&table.guarded, table.hidden, scratch))
            return false;
    }
    return true;
}

/* Of a place whose intake is hidden nothing else is said: shares and medians of
 * the cell tell how many there were. */
static bool follow_intake(struct board *board)
{
    struct view *view = board->view;
    bool changed = false;
    uint16_t intake, part;
    size_t i, j;

    if (metrics_name(view->all->metrics, "INT-01", &intake, &part) < 0)
        return false;
    for (i = 0; i < board->figure_count; i++) {
        const struct figure *from = view->kept[board->figures[i]];

        if (from->metric != intake || view->hidden[board->figures[i]] == SHOWN)
            continue;
        for (j = 0; j < board->figure_count; j++) {
            size_t at = board->figures[j];
            const struct figure *figure = view->kept[at];

            if (figure->key[0] != from->key[0] || view->hidden[at] != SHOWN
                || view_class(view, at) != CLASS_PLACE
                || figure->base.answer == ANSWER_NO_DATA
                || figure_counts(view->all->metrics, figure))
                continue;
            view->hidden[at] = HIDDEN_WITH_OTHERS;
            changed = true;
        }
    }
    return changed;
}

/* The columns a figure tells something of. */
static void mark_columns(const struct board *board, size_t figure, uint8_t *columns)
{
    size_t i;

    memset(columns, 0, board->columns + 1);
    for (i = 0; i < board->carrier_count; i++)
        if (board->carriers[i].figure == figure)
            columns[board->carriers[i].column] = 1;
}

/* The largest that is hidden for others' sake and was not tried; figure_count = none.
 */
static size_t largest(const struct board *board, const uint8_t *tried)
{
    const struct view *view = board->view;
    size_t best = board->figure_count, i;

    for (i = 0; i < board->figure_count; i++) {
        size_t at = board->figures[i];

        if (tried[i] == 0 && view->hidden[at] == HIDDEN_WITH_OTHERS
            && (best == board->figure_count
                || figure_size(view->kept[at])
                       > figure_size(view->kept[board->figures[best]])))
            best = i;
    }
    return best;
}

/* Shows again what is not needed, the largest first.  Every table is safe before each
 * trial, so only those the figure is in can cease to be; and where one is not safe to
 * begin with, showing more mends nothing. */
static void clean_up(struct board *board, struct arena *memory, struct arena *scratch)
{
    uint8_t *tried = arena_alloc(board->memory, board->figure_count + 1);
    uint8_t *columns = arena_alloc(board->memory, board->columns + 1);
    size_t best;

    board_refresh(board);
    if (!all_safe(board, NULL, memory, scratch))
        return;
    while ((best = largest(board, tried)) < board->figure_count) {
        size_t at = board->figures[best];

        tried[best] = 1;
        board->view->hidden[at] = SHOWN;
        board_refresh(board);
        mark_columns(board, at, columns);
        if (!all_safe(board, columns, memory, scratch))
            board->view->hidden[at] = HIDDEN_WITH_OTHERS;
    }
}

static bool anything_asked(const struct board *board)
{
    size_t i;

    for (i = 0; i < board->relation_count; i++)
        if (board->relations[i].rest_counts)
            return true;
    for (i = 0; i < board->rows * board->columns; i++)
        if (board->need[i] > 0)
            return true;
    return false;
}

/* The column's own tables collapse first; hidden whole, a split tells nothing: any
 * key could have all that the total leaves. */
static void protect_union(struct board *board)
{
    size_t column, i, round;

    for (round = 0; round < 2 * board->columns; round++) {
        bool changed = false;

        if (board_union_safe(board, MOST_UNKNOWNS, &column))
            return;
        for (i = 0; i < board->relation_count && column < board->columns; i++) {
            const struct relation *relation = &board->relations[i];
            bool of_it = relation->whole == column;

            for (size_t p = 0; p < relation->count; p++)
                of_it |= relation->parts[p] == column;
            if (of_it)
                changed |= collapse(board, relation, false);
        }
        if (!changed)
            break;
    }
    for (i = 0; i < board->figure_count; i++)
        if (board->view->hidden[board->figures[i]] == SHOWN
            && view_class(board->view, board->figures[i]) != CLASS_SERVICE)
            board->view->hidden[board->figures[i]] = HIDDEN_WITH_OTHERS;
}

void board_protect(struct view *view, const size_t *figures, size_t count,
                   enum disclosure class, struct bench *bench)
{
    struct board board;
    bool changed = true;
    size_t i;

    arena_reset(bench->board);
    board_build(&board, view, figures, count, bench->board);
    hide_with_ratings(&board);
    if (class == CLASS_OPINION)
        need_opinion(&board);
    else
        need_place(&board);
    board_refresh(&board);
    if (!anything_asked(&board))
        changed = false;
    while (changed) {
        changed = false;
        for (i = 0; i < board.relation_count; i++)
            changed |= protect_table(&board, &board.relations[i], bench->tables,
                                     bench->scratch);
        if (!changed && class == CLASS_PLACE && board.rows <= FEW_KEYS)
            clean_up(&board, bench->tables, bench->scratch);
    }
    board_refresh(&board);
    protect_union(&board);
    if (class == CLASS_PLACE)
        follow_intake(&board);
}
