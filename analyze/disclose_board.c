/* disclose_board.c - figures of one split turned into the counts they tell. */
#include "analyze/disclose_board.h"

#include <math.h>
#include <string.h>

/* Counts that add up to another by definition (DOMAIN 2), so that whoever sees all
 * but one sees the last.  Where the parts need not make the whole, the rest is a
 * part nobody prints; `rest` says that it counts something by itself.  A share's
 * own numerator and rest need no line here.  Counts that are the same under two
 * names (INT-01 and INT-07, n of TTR-02 and of its parts) are found by their
 * numbers: equal at every key they are taken for one, which can only hide more.
 * INT-13 + 01 + 17 - 16 = 14 and INT-00 - 12 = 01 are not here because no place
 * sees them but INT-01; stocks of two months (BKL-01) differ by flows of which
 * two are unknown, so a month says nothing exact of the next. */
struct term {
    const char *name;
    enum field field;
};
static const struct definition {
    struct term whole, parts[PARTS_MOST];
    bool rest;
} definitions[] = {
    { { "INT-01", FIELD_WHOLE }, { { "INT-09", FIELD_WHOLE } }, false },
    { { "INT-09", FIELD_WHOLE }, { { "INT-09.anonymous", FIELD_WHOLE } }, true },
    { { "INT-01", FIELD_WHOLE },
      { { "RSP-01.median", FIELD_WHOLE }, { "RSP-01.excluded", FIELD_WHOLE } },
      false },
    { { "INT-01", FIELD_WHOLE },
      { { "TTR-02.median", FIELD_WHOLE }, { "TTR-02.excluded", FIELD_WHOLE } },
      false },
    { { "TTR-02.s24h", FIELD_WHOLE }, { { "INT-01", FIELD_WHOLE } }, true },
    { { "TTR-02.s7d", FIELD_PART }, { { "TTR-02.s72h", FIELD_PART } }, true },
    { { "TTR-02.s72h", FIELD_PART }, { { "TTR-02.s24h", FIELD_PART } }, true },
    { { "RSP-01.median", FIELD_WHOLE }, { { "RSP-01.waiting", FIELD_WHOLE } }, true },
    { { "RSP-03", FIELD_REST }, { { "RSP-03.unknown", FIELD_WHOLE } }, true },
    { { "SLA-01", FIELD_REST },
      { { "SLA-01.late", FIELD_WHOLE }, { "SLA-01.open", FIELD_WHOLE } },
      false },
    { { "SLA-01", FIELD_PART }, { { "SLA-03", FIELD_PART } }, true },
    { { "SLA-05", FIELD_WHOLE }, { { "SLA-01.open", FIELD_WHOLE } }, true },
    { { "BKL-01", FIELD_WHOLE }, { { "BKL-01.over30", FIELD_WHOLE } }, true },
    { { "BKL-01", FIELD_WHOLE }, { { "RES-01", FIELD_REST } }, true },
    { { "BKL-01", FIELD_WHOLE }, { { "SLA-05", FIELD_WHOLE } }, true },
    { { "DIF-01", FIELD_WHOLE }, { { "BKL-01.over30", FIELD_WHOLE } }, true },
    { { "BKL-01", FIELD_WHOLE }, { { "DIF-01", FIELD_WHOLE } }, true },
    { { "SAT-01", FIELD_WHOLE },
      { { "SAT-01.resident", FIELD_WHOLE }, { "SAT-01.staff", FIELD_WHOLE } },
      false },
    { { "SAT-01", FIELD_PART },
      { { "SAT-01.resident", FIELD_PART }, { "SAT-01.staff", FIELD_PART } },
      false },
    { { "SAT-01", FIELD_REST }, { { "SAT-04", FIELD_WHOLE } }, false },
    { { "REV-02", FIELD_REST },
      { { "REV-02.noanswer", FIELD_WHOLE }, { "REV-02.refused", FIELD_WHOLE } },
      false },
};

/* -1: the figure does not tell it. */
static int64_t field_of(const struct metrics *metrics, const struct figure *figure,
                        enum field field)
{
    const struct base *base = &figure->base;
    int64_t whole = figure_size(figure), part = base->numerator;
    enum unit unit = metrics_unit(metrics, figure->metric, figure->part);

    if (base->answer == ANSWER_NO_DATA || whole < 0)
        return field == FIELD_WHOLE ? 0 : -1;
    if (unit == UNIT_NUMBER) /* per hundred households, per ticket: what of is known */
        return field == FIELD_WHOLE ? (base->n >= 0 ? base->n : part) : -1;
    if (field == FIELD_WHOLE)
        return whole;
    if (figure_counts(metrics, figure))
        return -1;
    if (unit == UNIT_SHARE && part < 0 && isfinite(base->value))
        part = (int64_t)llround(base->value * (double)whole);
    else if (base->denominator < 0)
        return -1;
    if (part < 0 || part > whole)
        return -1;
    return field == FIELD_PART ? part : whole - part;
}

size_t board_row(const struct board *board, const struct figure *figure)
{
    size_t row = 0;

    while (row < board->rows && board->keys[row] != figure->key[0])
        row++;
    return row;
}

static uint32_t source_of(struct board *board, const struct figure *figure,
                          enum field field)
{
    size_t i;

    for (i = board->source_count; i > 0; i--) /* figures come metric by metric */
        if (board->sources[i - 1].metric == figure->metric
            && board->sources[i - 1].part == figure->part
            && board->sources[i - 1].field == field)
            return board->sources[i - 1].column;
    board->sources[board->source_count++] =
        (struct source){ figure->metric, figure->part, field,
                         (uint32_t)board->columns };
    return (uint32_t)board->columns++;
}

static void gather(struct board *board)
{
    struct view *view = board->view;
    size_t i, most = board->figure_count;

    board->keys = arena_alloc(board->memory, (most + 1) * sizeof *board->keys);
    board->carriers =
        arena_alloc(board->memory, (most * FIELD_COUNT + 1) * sizeof *board->carriers);
    board->sources =
        arena_alloc(board->memory, (most * FIELD_COUNT + 1) * sizeof *board->sources);
    for (i = 0; i < most; i++) {
        const struct figure *figure = view->kept[board->figures[i]];
        size_t row = board_row(board, figure);

        if (row == board->rows)
            board->keys[board->rows++] = figure->key[0];
        for (int field = 0; field < FIELD_COUNT; field++) {
            if (field_of(view->all->metrics, figure, (enum field)field) < 0)
                continue;
            board->carriers[board->carrier_count++] =
                (struct carrier){ board->figures[i],
                                  source_of(board, figure, (enum field)field),
                                  (uint32_t)row, (enum field)field };
        }
    }
}

/* A hidden answer "none" does not tell that its numerator is nought either. */
static void gather_noughts(struct board *board)
{
    const struct view *view = board->view;
    size_t i, j;

    for (i = 0; i < board->figure_count; i++) {
        const struct figure *figure = view->kept[board->figures[i]];

        if (field_of(view->all->metrics, figure, FIELD_PART) >= 0
            || figure_counts(view->all->metrics, figure))
            continue;
        for (j = 0; j < board->source_count; j++) {
            const struct source *source = &board->sources[j];

            if (source->metric == figure->metric && source->part == figure->part
                && source->field != FIELD_WHOLE)
                board->carriers[board->carrier_count++] =
                    (struct carrier){ board->figures[i], source->column,
                                      (uint32_t)board_row(board, figure),
                                      source->field };
        }
    }
}

static void fill(struct board *board)
{
    const struct view *view = board->view;
    size_t cells = board->rows * board->columns + 1, i;

    board->values = arena_alloc(board->memory, cells * sizeof *board->values);
    board->need = arena_alloc(board->memory, cells * sizeof *board->need);
    board->shown = arena_alloc(board->memory, cells * sizeof *board->shown);
    board->told = arena_alloc(board->memory, cells * sizeof *board->told);
    board->fixed = arena_alloc(board->memory, cells);
    for (i = 0; i < board->carrier_count; i++) {
        const struct carrier *carrier = &board->carriers[i];
        int64_t value =
            field_of(view->all->metrics, view->kept[carrier->figure], carrier->field);

        board->values[carrier->column * board->rows + carrier->row] =
            value > 0 ? value : 0;
    }
}

/* Columns that agree at every key are one, unless they are nothing but zeros. */
static void merge_equal(struct board *board)
{
    uint32_t *into = arena_alloc(board->memory, (board->columns + 1) * sizeof *into);
    size_t bytes = board->rows * sizeof *board->values, a, b, i;

    for (a = 0; a < board->columns; a++) {
        const int64_t *column = board->values + a * board->rows;

        into[a] = (uint32_t)a;
        for (b = 0; b < a && into[a] == a; b++)
            if (into[b] == b
                && memcmp(column, board->values + b * board->rows, bytes) == 0)
                into[a] = (uint32_t)b;
        for (i = 0; i < board->rows && column[i] == 0; i++)
            ;
        if (i == board->rows)
            into[a] = (uint32_t)a;
    }
    for (i = 0; i < board->carrier_count; i++)
        board->carriers[i].column = into[board->carriers[i].column];
    for (i = 0; i < board->source_count; i++)
        board->sources[i].column = into[board->sources[i].column];
}

static bool find_column(const struct board *board, const struct term *term,
                        uint32_t *column)
{
    uint16_t metric, part;
    size_t i;

    if (metrics_name(board->view->all->metrics, term->name, &metric, &part) < 0)
        return false;
    for (i = 0; i < board->source_count; i++)
        if (board->sources[i].metric == metric && board->sources[i].part == part
            && board->sources[i].field == term->field) {
            *column = board->sources[i].column;
            return true;
        }
    return false;
}

/* A relation the numbers contradict (a later definition, another cohort) is none. */
static bool holds(const struct board *board, const struct relation *relation)
{
    size_t row, p;

    for (row = 0; row < board->rows; row++) {
        int64_t rest = board->values[relation->whole * board->rows + row];

        for (p = 0; p < relation->count; p++)
            rest -= board->values[relation->parts[p] * board->rows + row];
        if (rest < 0)
            return false;
    }
    return true;
}

static void relate_shares(struct board *board)
{
    size_t i, j;

    for (i = 0; i < board->source_count; i++) {
        const struct source *whole = &board->sources[i];
        struct relation relation = { .whole = whole->column };

        if (whole->field != FIELD_WHOLE)
            continue;
        for (j = 0; j < board->source_count; j++)
            if (board->sources[j].metric == whole->metric
                && board->sources[j].part == whole->part
                && board->sources[j].field != FIELD_WHOLE)
                relation.parts[relation.count++] = board->sources[j].column;
        if (relation.count == 2 && holds(board, &relation))
            board->relations[board->relation_count++] = relation;
    }
}

/* Every column is a table by itself as well: its keys make its total. */
static void relate(struct board *board)
{
    size_t d, p, rows = sizeof definitions / sizeof definitions[0], c;

    board->relations =
        arena_alloc(board->memory, (board->source_count + board->columns + rows + 1)
                                       * sizeof *board->relations);
    for (c = 0; c < board->columns; c++)
        board->relations[board->relation_count++] = (struct relation){
            .whole = (uint32_t)c, .parts = { (uint32_t)c }, .count = 1
        };
    relate_shares(board);
    for (d = 0; d < rows; d++) {
        const struct definition *definition = &definitions[d];
        struct relation relation = { .rest_counts = definition->rest };

        if (!find_column(board, &definition->whole, &relation.whole))
            continue;
        for (p = 0; p < PARTS_MOST && definition->parts[p].name != NULL; p++)
            if (find_column(board, &definition->parts[p],
                            &relation.parts[relation.count]))
                relation.count++;
        if (relation.count > 0 && holds(board, &relation))
            board->relations[board->relation_count++] = relation;
    }
}

int64_t board_rest(const struct board *board, const struct relation *relation,
                   size_t row)
{
    int64_t rest = board->values[relation->whole * board->rows + row];
    size_t p;

    for (p = 0; p < relation->count; p++)
        rest -= board->values[relation->parts[p] * board->rows + row];
    return rest;
}

void board_refresh(struct board *board)
{
    const struct view *view = board->view;
    size_t cells = board->rows * board->columns, i;

    memset(board->shown, 0, (cells + 1) * sizeof *board->shown);
    for (i = 0; i < board->carrier_count; i++) {
        const struct carrier *carrier = &board->carriers[i];

        if (view->hidden[carrier->figure] == SHOWN)
            board->shown[carrier->column * board->rows + carrier->row]++;
    }
}

void board_build(struct board *board, struct view *view, const size_t *figures,
                 size_t count, struct arena *memory)
{
    size_t i;

    *board = (struct board){
        .view = view, .memory = memory, .figures = figures, .figure_count = count
    };
    gather(board);
    gather_noughts(board);
    fill(board);
    merge_equal(board);
    for (i = 0; i < board->carrier_count; i++) {
        const struct carrier *carrier = &board->carriers[i];
        size_t cell = carrier->column * board->rows + carrier->row;

        board->told[cell]++;
        if (view_class(view, carrier->figure) == CLASS_SERVICE)
            board->fixed[cell] = 1;
    }
    relate(board);
    board_refresh(board);
}
