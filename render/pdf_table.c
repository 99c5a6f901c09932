/* pdf_table.c - tables: widths by content, heads repeated, total set off. */
#include "render/pdf_set.h"

#include <math.h>
#include <string.h>

static const double cell_pad = 5, least_pad = 1.5, least_width = 24, wide_enough = 1e5,
                    share_step = 3, torn_weight = 1.0 / 1024,
                    short_title = 3.1 * SIZE_BODY; /* is not broken */
/* The first byte of UTF-8 from U+3000 on: dashes and marks lie before. */
enum { trade_most_cells = 4000, few_blanks = 4, first_chinese = 0xE3 };

static bool is_bold(const struct table *table, size_t row, size_t column)
{
    return row < table->heads || (table->total && row + 1 == table->rows)
           || table->cells[row * table->columns + column].bold;
}

static const char *words(const struct table *table, size_t row, size_t column)
{
    const char *text = table->cells[row * table->columns + column].text;
    return text ? text : "";
}

/* What is left over goes, a little at a time, to the column that shortens the table
 * most: in every row the one with the most lines.  Their cubes are compared, so that
 * few lines more in many rows weigh less than one cell torn to shreds. */
static void share_out(struct setter *setter, const struct table *table,
                      const double *natural, const double *whole, double spare,
                      double *widths)
{
    double *gain = arena_alloc(setter->memory, table->columns * sizeof *gain);
    while (spare > 0) {
        size_t best = 0;
        memset(gain, 0, table->columns * sizeof *gain);
        for (size_t r = 0; r < table->rows; r++) {
            const double *row = natural + r * table->columns;
            double most = 1;
            size_t at = table->columns;
            for (size_t c = 0; c < table->columns; c++) {
                double lines = row[c] / (widths[c] - 2 * cell_pad);
                if (lines > most && widths[c] < whole[c]) {
                    most = lines;
                    at = c;
                }
            }
            if (at < table->columns)
                gain[at] += most * most * most / (widths[at] - 2 * cell_pad);
        }
        for (size_t c = 1; c < table->columns; c++)
            best = gain[c] > gain[best] ? c : best;
        if (!(gain[best] > 0)) { /* nothing wraps any more: an equal share to each */
            for (size_t c = 0; c < table->columns; c++)
                widths[c] += spare / (double)table->columns;
            return;
        }
        widths[best] += fmin(spare, share_step);
        spare -= share_step;
    }
}

/* The lines to expect of each row, squared: ten rows a line shorter are not worth three
 * rows with a cell torn into four.  Of two ways as tall, the one that tears fewer
 * cells: a name is not broken for nothing beside one that has two lines anyway. */
static double weigh_lines(const struct table *table, const double *natural,
                          const double *widths)
{
    double sum = 0;
    for (size_t r = 0; r < table->rows; r++) {
        double most = 1, all = 0;
        for (size_t c = 0; c < table->columns; c++) {
            double lines =
                ceil(natural[r * table->columns + c] / (widths[c] - 2 * cell_pad));
            most = fmax(most, lines);
            all += lines * lines;
        }
        sum += most * most + torn_weight * all;
    }
    return sum;
}

/* Lines are whole: what part of one a column was given for nothing goes to another that
 * has lines less by it.  Not for long tables, of which it would be the whole time. */
static void trade(const struct table *table, const double *natural, const double *least,
                  const double *whole, double *widths)
{
    if (table->rows * table->columns > trade_most_cells)
        return;
    double lines = weigh_lines(table, natural, widths);
    for (double step = 16 * share_step; step >= share_step; step /= 2)
        for (size_t pair = 0; pair < table->columns * table->columns; pair++) {
            size_t from = pair / table->columns, to = pair % table->columns;
            double part = fmin(step, whole[to] - widths[to]);
            if (from == to || part <= 0 || widths[from] - part < least[from])
                continue;
            widths[from] -= part;
            widths[to] += part;
            double now = weigh_lines(table, natural, widths);
            if (now < lines) {
                lines = now;
            } else {
                widths[from] += part;
                widths[to] -= part;
            }
        }
}

/* The width at which a few Latin words ("= no clear change") take two lines; 0 = none
 * of that kind.  What lines are expected of a cell is reckoned as if letters flowed: of
 * four or five words a line is lost at every end. */
static double two_lines(struct setter *setter, const char *text, bool bold)
{
    double narrowest = 0;
    size_t blanks = 0;
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at >= first_chinese)
            return 0;
        blanks += *at == ' ';
    }
    for (const char *at = text; blanks >= few_blanks - 1 && blanks <= few_blanks && *at;
         at++) {
        struct laid before, after;
        if (*at != ' ')
            continue;
        text_lay_plain(setter->fonts,
                       arena_copy(setter->memory, text, (size_t)(at - text)), bold,
                       SIZE_BODY, wide_enough, setter->memory, &before);
        text_lay_plain(setter->fonts, at + 1, bold, SIZE_BODY, wide_enough,
                       setter->memory, &after);
        double width = fmax(before.width, after.width);
        narrowest = narrowest > 0 ? fmin(narrowest, width) : width;
    }
    return narrowest;
}

/* Short cells keep to two lines where there is room for it; the last columns, where
 * verdicts stand, first. */
static void keep_short(struct setter *setter, const struct table *table, double room,
                       double *least)
{
    for (size_t c = table->columns; c-- > 0;) {
        double wanted = least[c];
        for (size_t r = 0; r < table->rows; r++)
            wanted =
                fmax(wanted, two_lines(setter, words(table, r, c), is_bold(table, r, c))
                                 + 2 * cell_pad + 0.1);
        if (wanted - least[c] > room)
            continue;
        room -= wanted - least[c];
        least[c] = wanted;
    }
}

/* Natural widths; too wide: every column begins at its widest word or number and the
 * rest goes where it saves most lines.  Where not even the words have room, the cells
 * stand closer together first: a number is not torn for the white beside it. */
static void find_widths(struct setter *setter, const struct table *table, double width,
                        double *widths, double *pad)
{
    *pad = cell_pad;
    double *least = arena_alloc(setter->memory, table->columns * sizeof *least);
    double *natural =
        arena_alloc(setter->memory, table->rows * table->columns * sizeof *natural);
    double total = 0, least_total = 0;
    for (size_t c = 0; c < table->columns; c++) {
        widths[c] = least[c] = least_width;
        for (size_t r = 0; r < table->rows; r++) {
            struct laid laid;
            text_lay_plain(setter->fonts, words(table, r, c), is_bold(table, r, c),
                           SIZE_BODY, wide_enough, setter->memory, &laid);
            natural[r * table->columns + c] = laid.width;
            widths[c] = fmax(widths[c], laid.width + 2 * cell_pad + 0.1);
            bool title = r < table->heads && laid.width <= short_title;
            double piece =
                title ? laid.width : text_widest_piece(&laid, setter->memory);
            least[c] = fmax(least[c], piece + 2 * cell_pad + 0.1);
        }
        total += widths[c];
        least_total += least[c];
    }
    if (total <= width) {
        double spare = (width - total) / (double)table->columns;
        for (size_t c = 0; c < table->columns; c++)
            widths[c] += spare;
        return;
    }
    keep_short(setter, table, width - least_total, least);
    least_total = 0;
    for (size_t c = 0; c < table->columns; c++)
        least_total += least[c];
    double squeeze = fmax(least_total - width, 0) / (double)table->columns;
    squeeze = fmin(squeeze, 2 * (cell_pad - least_pad));
    width += squeeze * (double)table->columns;
    for (size_t c = 0; c < table->columns && least_total > width + 0.01; c++)
        least[c] = width / (double)table->columns;
    least_total = least_total > width ? width : least_total;
    double *shared = arena_alloc(setter->memory, table->columns * sizeof *shared);
    memcpy(shared, least, table->columns * sizeof *shared);
    share_out(setter, table, natural, widths, width - least_total, shared);
    trade(table, natural, least, widths, shared);
    for (size_t c = 0; c < table->columns; c++)
        widths[c] = shared[c] - squeeze;
    *pad = cell_pad - squeeze / 2;
}

void table_plan(struct setter *setter, const struct table *table, double width,
                struct table_plan *plan)
{
    size_t cells = table->rows * table->columns;
    plan->widths = arena_alloc(setter->memory, table->columns * sizeof *plan->widths);
    plan->cells = arena_alloc(setter->memory, cells * sizeof *plan->cells);
    plan->ruled_above = false;
    find_widths(setter, table, width, plan->widths, &plan->pad);
    for (size_t r = 0; r < table->rows; r++)
        for (size_t c = 0; c < table->columns; c++)
            text_lay_plain(setter->fonts, words(table, r, c), is_bold(table, r, c),
                           SIZE_BODY, plan->widths[c] - 2 * plan->pad, setter->memory,
                           &plan->cells[r * table->columns + c]);
    table_space(setter, table, plan);
}

void table_space(struct setter *setter, const struct table *table,
                 struct table_plan *plan)
{
    plan->heights = arena_alloc(setter->memory, table->rows * sizeof *plan->heights);
    plan->head_height = 0;
    for (size_t r = 0; r < table->rows; r++) {
        size_t lines = 1;
        for (size_t c = 0; c < table->columns; c++) {
            size_t own = plan->cells[r * table->columns + c].line_count;
            lines = own > lines ? own : lines;
        }
        plan->heights[r] =
            (double)lines * SIZE_BODY * setter->leading + 1 + 3.5 * setter->gap;
        if (r < table->heads)
            plan->head_height += plan->heights[r];
    }
}

static void draw_row(struct setter *setter, const struct table *table,
                     const struct table_plan *plan, size_t row, double x, double y)
{
    for (size_t c = 0; c < table->columns; c++) {
        const struct laid *laid = &plan->cells[row * table->columns + c];
        double inner = plan->widths[c] - 2 * plan->pad;
        double tall = (double)laid->line_count * SIZE_BODY * setter->leading;
        double top = row < table->heads ? plan->heights[row] - tall - 1 : 0;
        if (row >= table->heads)
            top = (plan->heights[row] - tall) / 2;
        set_laid(setter, laid, 0, laid->line_count, x + plan->pad, y + top, inner,
                 SIZE_BODY, row < table->heads ? INK_NAVY : INK_TEXT,
                 table->align ? table->align[c] : ALIGN_LEFT);
        x += plan->widths[c];
    }
}

static void rule(struct setter *setter, uint32_t colour, double thick, double x,
                 double y, double width)
{
    if (!setter->draw)
        return;
    canvas_stroke(setter->canvas, colour, thick);
    canvas_line(setter->canvas, x, y, x + width, y);
}

static double set_row(struct setter *setter, const struct table *table,
                      const struct table_plan *plan, size_t row, double x, double y)
{
    if (setter->draw)
        draw_row(setter, table, plan, row, x, y);
    return plan->heights[row];
}

double table_set(struct setter *setter, const struct table *table,
                 const struct table_plan *plan, size_t first, size_t until, double x,
                 double y, double width)
{
    double top = y;
    if (table->title && first == table->heads)
        y += set_text(setter, table->title, true, x, y, width, SIZE_HEAD, INK_NAVY,
                      ALIGN_LEFT)
             + 3 * setter->gap;
    if (!plan->ruled_above || first != table->heads)
        rule(setter, INK_NAVY, 1.2, x, y, width);
    for (size_t r = 0; r < table->heads; r++)
        y += set_row(setter, table, plan, r, x, y);
    if (table->heads)
        rule(setter, INK_NAVY, 0.7, x, y, width);
    for (size_t r = first; r < until; r++) {
        bool total = table->total && r + 1 == table->rows;
        if (r > first || total)
            rule(setter, total ? INK_NAVY : INK_HAIR, total ? 0.7 : 0.5, x, y, width);
        y += set_row(setter, table, plan, r, x, y);
    }
    rule(setter, INK_NAVY, 1.2, x, y, width);
    return y - top;
}

size_t table_fit(const struct setter *setter, const struct table *table,
                 const struct table_plan *plan, size_t first, double height)
{
    size_t count = 0;
    double left = height - plan->head_height;
    if (table->title && first == table->heads)
        left -= SIZE_HEAD * setter->leading * 2;
    while (first + count < table->rows && left >= plan->heights[first + count])
        left -= plan->heights[first + count++];
    /* A total is never left alone on the next page. */
    if (table->total && first + count + 1 == table->rows && count > 1)
        count--;
    return count;
}
