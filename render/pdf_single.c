/*
 * pdf_single.c - all of a document on one page.
 *
 * A full page gives way in this order: spacing, how to read the charts, the height
 * of the charts, line spacing, then the blocks the template calls optional.  The size
 * of the letters never does, nor any other block.  A code for telephones goes before
 * any of those blocks, and then the page is as if it had had none.  An empty page grows
 * the other way.
 */
#include "render/pdf_flow.h"

#include <math.h>
#include <string.h>

#include "render/doc_parts.h"

static const double gap_least = 0.25, gap_wanted = 0.45, gap_roomy = 1, gap_most = 2.4,
                    leading_least = 1.18, leading_most = 1.42;
enum { ROWS_KEPT = 3, STEPS_MOST = 400 };

struct page {
    struct setter *setter;
    struct doc doc; /* its blocks may be changed */
    struct block *blocks;
    double room;
};

/* --- how high ------------------------------------------------------------- */

static double measure(struct page *page, double gap)
{
    struct setter *setter = page->setter;
    setter->draw = false;
    setter->gap = gap;
    return rim_head(setter, &page->doc, PAGE_MARGIN, 0, TEXT_WIDTH)
           + set_blocks(setter, page->blocks, page->doc.count, PAGE_MARGIN, 0,
                        TEXT_WIDTH)
           + rim_foot_height(setter, &page->doc) + 4;
}

/* The spacing at which the page is just full; excess: what the least leaves over. */
static double fitting_gap(struct page *page, double *excess)
{
    double one = measure(page, 1), slope = measure(page, 2) - one;
    *excess = one - slope * (1 - gap_least) - page->room;
    return slope > 0 ? 1 + (page->room - one) / slope : 1;
}

/* --- what gives way ------------------------------------------------------- */

static struct block *copy_blocks(struct arena *memory, const struct block *blocks,
                                 size_t count)
{
    struct block *copy = arena_alloc(memory, (count + 2) * sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        copy[i] = blocks[i];
        if (blocks[i].kind != BLOCK_COLUMNS)
            continue;
        struct column *columns =
            arena_alloc(memory, (blocks[i].count + 1) * sizeof *columns);
        for (size_t c = 0; c < blocks[i].count; c++) {
            columns[c] = blocks[i].columns[c];
            columns[c].blocks =
                copy_blocks(memory, columns[c].blocks, columns[c].count);
        }
        copy[i].columns = columns;
    }
    return copy;
}

/* The rows at the end go, the total stays. */
static bool shorten_table(struct page *page, struct block *block, double excess)
{
    const struct table *old = block->table;
    size_t total = old->total ? 1 : 0, body = old->rows - old->heads - total;
    size_t less = (size_t)fmax(1, excess / (SIZE_BODY * LEADING * 2));
    if (old->rows < old->heads + total || body <= ROWS_KEPT)
        return false;
    less = less < body - ROWS_KEPT ? less : body - ROWS_KEPT;
    struct arena *memory = page->setter->memory;
    struct table *table = arena_alloc(memory, sizeof *table);
    size_t kept = (old->rows - total - less) * old->columns;
    struct table_cell *cells =
        arena_alloc(memory, (kept + old->columns) * sizeof *cells);
    memcpy(cells, old->cells, kept * sizeof *cells);
    memcpy(cells + kept, old->cells + (old->rows - 1) * old->columns,
           total * old->columns * sizeof *cells);
    *table = *old;
    table->rows = old->rows - less;
    table->cells = cells;
    block->table = table;
    return true;
}

/* The last one of this level gives way; false: none is left. */
static bool shed(struct page *page, struct block *blocks, size_t *count, int level,
                 double excess)
{
    for (size_t i = *count; i-- > 0;) {
        struct block *block = &blocks[i];
        if (block->kind == BLOCK_COLUMNS) { /* the copies may be changed */
            struct column *columns = (struct column *)(uintptr_t)block->columns;
            for (size_t c = 0; c < block->count; c++)
                if (shed(page, (struct block *)(uintptr_t)columns[c].blocks,
                         &columns[c].count, level, excess))
                    return true;
        }
        if (block->yields != level)
            continue;
        if (block->kind == BLOCK_TABLE) {
            if (shorten_table(page, block, excess))
                return true;
            continue;
        }
        if (block->kind == BLOCK_BULLETS && block->count > 1) {
            block->count--;
            return true;
        }
        memmove(block, block + 1, (*count - i - 1) * sizeof *block);
        (*count)--;
        return true;
    }
    return false;
}

static int last_level(const struct block *blocks, size_t count)
{
    int last = 0;
    for (size_t i = 0; i < count; i++) {
        last = blocks[i].yields > last ? blocks[i].yields : last;
        for (size_t c = 0; blocks[i].kind == BLOCK_COLUMNS && c < blocks[i].count;
             c++) {
            const struct column *column = &blocks[i].columns[c];
            int inner = last_level(column->blocks, column->count);
            last = inner > last ? inner : last;
        }
    }
    return last;
}

/* Blocks from here on belong to the lower rim: they stay there when there is
 * more room than words. */
static size_t lower_part(const struct page *page)
{
    size_t first = page->doc.count;
    while (first > 0
           && (page->blocks[first - 1].tone == TONE_FOOT
               || page->blocks[first - 1].kind == BLOCK_SIGNATURE
               || page->blocks[first - 1].kind == BLOCK_RULE))
        first--;
    return first;
}

static void say_moved(struct page *page)
{
    size_t at = lower_part(page);
    struct block *block = &page->blocks[at];
    if (!page->doc.moved)
        return;
    memmove(block + 1, block, (page->doc.count - at) * sizeof *block);
    *block = (struct block){ .kind = BLOCK_PARAGRAPH,
                             .tone = TONE_FOOT,
                             .count = 1,
                             .lines = line_plain(page->setter->memory, page->doc.moved,
                                                 false, false) };
    page->doc.count++;
}

static double shed_until_fits(struct page *page, double *excess)
{
    double gap = 0;
    int level = 1, last = last_level(page->blocks, page->doc.count);
    if (last > 0)
        say_moved(page);
    for (int step = 0; level <= last && step < STEPS_MOST; step++) {
        if (!shed(page, page->blocks, &page->doc.count, level, *excess)) {
            level++;
            continue;
        }
        gap = fitting_gap(page, excess);
        if (*excess <= 0)
            break;
    }
    return gap;
}

static enum status refuse(const struct doc *doc, double excess, struct error *err)
{
    size_t longest = 0, tables = 0, words = 0;
    for (size_t i = 0; i < doc->count; i++) {
        tables += doc->blocks[i].kind == BLOCK_TABLE ? doc->blocks[i].table->rows : 0;
        if (doc->blocks[i].kind == BLOCK_BULLETS && doc->blocks[i].count > longest)
            longest = doc->blocks[i].count;
        words += doc->blocks[i].kind == BLOCK_PARAGRAPH;
    }
    return fail(err, HY_INTERNAL,
                "%s：一页放不下，还差 %.0f 毫米（表 %zu 行，列点 %zu 条，段落 %zu "
                "个）。请删减文字或把一部分移到月报；字号不再缩小",
                doc->name ? doc->name : "", ceil(excess * 25.4 / 72), tables, longest,
                words);
}

/* The code with its words; false: there is none. */
static bool drop_code(struct page *page)
{
    struct block *blocks = page->blocks;
    for (size_t i = 0; i < page->doc.count; i++) {
        if (blocks[i].kind != BLOCK_QR || blocks[i].yields == 0)
            continue;
        memmove(&blocks[i], &blocks[i + 1], (page->doc.count - i - 1) * sizeof *blocks);
        page->doc.count--;
        return true;
    }
    return false;
}

/* --- the page ------------------------------------------------------------- */

static double choose(struct page *page, double *excess)
{
    struct setter *setter = page->setter;
    setter->spare = false;
    setter->leading = LEADING;
    setter->size = CHART_TALL;
    double gap = fitting_gap(page, excess);
    if (gap >= gap_roomy)
        return gap;
    setter->size = CHART_PLAIN;
    gap = fitting_gap(page, excess);
    if (gap >= gap_wanted)
        return gap;
    setter->spare = true;
    gap = fitting_gap(page, excess);
    if (gap >= gap_wanted)
        return gap;
    setter->size = CHART_LOW;
    gap = fitting_gap(page, excess);
    while (*excess > 0 && setter->leading - 0.01 >= leading_least) {
        setter->leading -= 0.01;
        gap = fitting_gap(page, excess);
    }
    if (*excess > 0 && drop_code(page))
        return choose(page, excess);
    return *excess > 0 ? shed_until_fits(page, excess) : gap;
}

/* Room left: let the lines breathe as well. */
static double breathe(struct page *page, double gap)
{
    struct setter *setter = page->setter;
    gap = fmin(gap, gap_most);
    while (setter->leading + 0.01 < leading_most && gap == gap_most) {
        setter->leading += 0.01;
        if (measure(page, gap) > page->room) {
            setter->leading -= 0.01;
            break;
        }
    }
    return gap;
}

enum status flow_single(struct setter *setter, const struct doc *doc, struct error *err)
{
    struct page page = { .setter = setter,
                         .doc = *doc,
                         .blocks = copy_blocks(setter->memory, doc->blocks, doc->count),
                         .room = PAGE_LENGTH - 2 * PAGE_MARGIN };
    double excess, y, bottom;
    page.doc.blocks = page.blocks;
    double gap = choose(&page, &excess);
    if (setter->status != HY_OK)
        return setter->status;
    if (excess > 0)
        return refuse(&page.doc, excess, err);
    gap = breathe(&page, gap);
    double spare = page.room - measure(&page, gap);
    setter->draw = true;
    rim_page(setter, &page.doc, 0, &y, &bottom);
    size_t lower = lower_part(&page), rest = page.doc.count - lower;
    y += set_blocks(setter, page.blocks, lower, PAGE_MARGIN, y, TEXT_WIDTH);
    if (rest)
        y += fmax(spare, 0)
             + set_gap(setter, lower ? &page.blocks[lower - 1] : NULL,
                       &page.blocks[lower]);
    set_blocks(setter, page.blocks + lower, rest, PAGE_MARGIN, y, TEXT_WIDTH);
    return setter->status;
}
