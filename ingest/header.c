/* header.c - finds the header row by the vocabulary and joins two-row headers. */
#include "ingest/header.h"

#include <string.h>

static const struct cell absent = { { NULL, 0 }, CELL_ABSENT, 0 };

static const struct cell *cell_at(const struct row *row, uint32_t column)
{
    return column < row->count ? &row->cells[column] : &absent;
}

static struct text shown(const struct row *row, uint32_t column)
{
    return text_trim(cell_at(row, column)->text);
}

static bool filled(const struct row *row, uint32_t column)
{
    return shown(row, column).length > 0;
}

static int filled_count(const struct row *row)
{
    int count = 0;
    uint32_t i;

    for (i = 0; i < row->count; i++)
        count += filled(row, i);
    return count;
}

static int hits(const struct row *row, const struct vocabulary *words,
                const struct header_wish *wish, struct arena *memory)
{
    int count = 0;
    uint32_t i;

    for (i = 0; i < row->count; i++) {
        struct text folded;

        if (!filled(row, i) || shown(row, i).length > 256)
            continue;
        folded = text_fold_title(shown(row, i), memory);
        if (folded.length > 0
            && (words_title(words, folded)
                || (wish->known != NULL && wish->known(wish->self, folded))))
            count++;
    }
    return count;
}

/* A merged area of that row (counted from 1; areas count from 0) that begins in
 * that column and is wider than one. */
static const struct merge *merge_at(const struct sheet *sheet, uint64_t row,
                                    uint32_t column)
{
    size_t i;

    for (i = 0; i < sheet->merge_count; i++)
        if (sheet->merges[i].row + 1u == row && sheet->merges[i].column == column
            && sheet->merges[i].last_column > sheet->merges[i].column)
            return &sheet->merges[i];
    return NULL;
}

static bool wide(const struct sheet *sheet, const struct row *row, uint32_t column)
{
    return merge_at(sheet, row->number, column) != NULL
           || (sheet->merge_count == 0 && column + 1 < row->count
               && !filled(row, column + 1));
}

/* Is low the second line of a header whose first line is top?  Its titles stand
 * under wide titles only; the columns of narrow titles are empty in it. */
static bool is_child(const struct row *top, const struct row *low,
                     const struct sheet *sheet)
{
    uint32_t i, most = top->count > low->count ? top->count : low->count;
    bool under_wide = false;
    int under_gap = 0;

    if (low->number != top->number + 1)
        return false;
    for (i = 0; i < most; i++) {
        enum cell_kind kind = cell_at(low, i)->kind;

        if (filled(top, i))
            under_wide = wide(sheet, top, i);
        if (!filled(low, i))
            continue;
        if (!under_wide || shown(low, i).length > 60
            || (kind != CELL_TEXT && kind != CELL_ABSENT))
            return false;
        under_gap += !filled(top, i);
    }
    return under_gap > 0;
}

/* Is top a line of group names over the titles in low? */
static bool is_parent(const struct row *top, const struct row *low,
                      const struct sheet *sheet)
{
    uint32_t i;
    int groups = 0, cells = filled_count(low);

    if (low->number != top->number + 1)
        return false;
    for (i = 0; i < top->count; i++) {
        const struct merge *merge = merge_at(sheet, top->number, i);

        if (!filled(top, i))
            continue;
        if (shown(top, i).length > 60 || cell_at(top, i)->kind == CELL_NUMBER)
            return false;
        if (merge != NULL
            && (int)(merge->last_column - merge->column + 1) * 5 > cells * 4)
            return false; /* a title line over the whole sheet */
        groups++;
    }
    return groups >= 2;
}

static struct text join(struct text parent, struct text child, struct arena *memory)
{
    char *out;

    if (parent.length == 0 || text_equal(parent, child))
        return child;
    if (child.length == 0)
        return parent;
    out = arena_alloc(memory, (size_t)parent.length + child.length + 4);
    memcpy(out, parent.at, parent.length);
    memcpy(out + parent.length, " / ", 3);
    memcpy(out + parent.length + 3, child.at, child.length);
    return (struct text){ out, parent.length + child.length + 3 };
}

static struct text kept(struct text text, struct arena *memory)
{
    if (text.at == NULL)
        return text;
    return (struct text){ arena_copy(memory, text.at, text.length), text.length };
}

/* top may be NULL: one line. */
static void take_titles(const struct row *top, const struct row *low,
                        const struct sheet *sheet, struct arena *memory,
                        struct header *header)
{
    uint32_t i, until = 0;
    struct text parent = { NULL, 0 };

    header->count = low->count;
    if (top != NULL && top->count > header->count)
        header->count = top->count;
    header->columns =
        arena_alloc(memory, (header->count + 1) * sizeof *header->columns);
    for (i = 0; i < header->count; i++) {
        struct title_column *column = &header->columns[i];
        struct text child = kept(shown(low, i), memory);

        if (top != NULL && filled(top, i)) {
            const struct merge *merge = merge_at(sheet, top->number, i);

            parent = kept(shown(top, i), memory);
            until = merge != NULL             ? merge->last_column + 1
                    : sheet->merge_count == 0 ? header->count
                                              : i + 1;
        } else if (i >= until) {
            parent = (struct text){ NULL, 0 };
        }
        column->shown[0] = parent;
        column->shown[1] = child;
        column->title = join(parent, child, memory);
        if (top != NULL && child.length == 0 && !filled(top, i))
            column->title = (struct text){ "", 0 };
        column->folded = text_fold_title(column->title, memory);
        column->child =
            child.length == 0 ? column->folded : text_fold_title(child, memory);
    }
}

static void take_above(const struct row *rows, size_t count, struct arena *memory,
                       struct header *header)
{
    struct text *above;
    size_t i, used = 0, room = 0;
    uint32_t k;

    for (i = 0; i < count; i++)
        room += (size_t)filled_count(&rows[i]);
    above = arena_alloc(memory, (room + 1) * sizeof *above);
    for (i = 0; i < count; i++)
        for (k = 0; k < rows[i].count; k++)
            if (filled(&rows[i], k))
                above[used++] = kept(shown(&rows[i], k), memory);
    header->above = above;
    header->above_count = used;
}

static bool has_digit(struct text text)
{
    uint32_t i;

    for (i = 0; i < text.length; i++)
        if (text.at[i] >= '0' && text.at[i] <= '9')
            return true;
    return false;
}

/* Where no title is known: three or more different short words in a row, none with a
 * digit, and under them a row that has digits, as numbers and times do. */
static bool like_titles(const struct row *row, const struct row *below)
{
    enum { LEAST = 3, LONGEST = 60 };
    bool digits = false;
    uint32_t i, k;

    if (filled_count(row) < LEAST)
        return false;
    for (i = 0; i < row->count; i++) {
        if (!filled(row, i))
            continue;
        if (shown(row, i).length > LONGEST || has_digit(shown(row, i)))
            return false;
        for (k = 0; k < i; k++)
            if (text_equal(shown(row, i), shown(row, k)))
                return false;
        digits = digits || has_digit(shown(below, i));
    }
    return digits;
}

/* Index of the row with most known titles, or count. */
static size_t best_row(const struct row *rows, size_t count, const struct sheet *sheet,
                       const struct vocabulary *words, const struct header_wish *wish,
                       struct arena *memory)
{
    size_t i, best = count;
    int most = 1; /* one word alone is a title line, not a header */

    if (sheet->titled)
        return count > 0 ? 0 : count;
    for (i = 0; i < count && i < HEADER_SEARCH; i++) {
        int found;

        if (wish->row > 0) {
            if (rows[i].number == (uint64_t)wish->row)
                return i;
            continue;
        }
        found = hits(&rows[i], words, wish, memory);
        if (found > most) {
            most = found;
            best = i;
        }
    }
    for (i = 0; best == count && wish->row == 0 && i + 1 < count && i < HEADER_SEARCH;
         i++)
        if (like_titles(&rows[i], &rows[i + 1]))
            best = i;
    return best;
}

bool header_find(const struct row *rows, size_t count, const struct sheet *sheet,
                 const struct vocabulary *words, const struct header_wish *wish,
                 struct arena *memory, struct header *header)
{
    size_t best, low, top;

    *header = (struct header){ .row = 0 };
    if (wish->none) {
        for (size_t i = 0; i < count; i++) /* a log's lines differ in length */
            if (rows[i].count > header->count)
                header->count = rows[i].count;
        header->columns =
            arena_alloc(memory, (header->count + 1) * sizeof *header->columns);
        return count > 0;
    }
    best = best_row(rows, count, sheet, words, wish, memory);
    if (best >= count)
        return false;
    top = low = best;
    if (!sheet->titled && wish->rows != 1) {
        if (best + 1 < count
            && (is_child(&rows[best], &rows[best + 1], sheet)
                || (wish->rows >= 2 && wish->row > 0)))
            low = best + 1;
        else if (best > 0 && wish->row == 0
                 && is_parent(&rows[best - 1], &rows[best], sheet))
            top = best - 1;
    }
    take_titles(top == low ? NULL : &rows[top], &rows[low], sheet, memory, header);
    take_above(rows, top, memory, header);
    header->first_row = rows[top].number;
    header->row = rows[low].number;
    header->skip = low + 1;
    return true;
}

bool header_repeated(const struct header *header, const struct row *row)
{
    uint32_t i;
    int cells = 0, same = 0;

    if (header->row == 0)
        return false;
    for (i = 0; i < row->count && i < header->count; i++) {
        struct text text = row->cells[i].text;

        if (text.length == 0)
            continue;
        cells++;
        text = text_trim(text);
        same += text_equal(text, header->columns[i].shown[1])
                || text_equal(text, header->columns[i].shown[0]);
        if (cells == 1 && same == 0)
            return false; /* the common case costs one comparison */
    }
    return same >= 2 && same * 10 >= cells * 6;
}
