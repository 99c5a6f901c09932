/*
 * render_html.c - a document as one page that needs nothing else: no script, no
 * network, drawings inline and their numbers in a table behind each.
 *
 * Written as XML that is HTML too, so that any XML reader can check it.
 */
#include "render/doc_parts.h"
#include "render/html.h"
#include "render/renderer.h"

#include <errno.h>
#include <string.h>

static const char *pick(const struct page *page, const char *chinese,
                        const char *english)
{
    return page->english ? english : chinese;
}

static const char *tone_class(enum tone tone)
{
    static const char *const names[] = {
        [TONE_BODY] = "body", [TONE_LEAD] = "lead", [TONE_ACCOUNT] = "account",
        [TONE_NOTE] = "note", [TONE_FOOT] = "foot", [TONE_BOX] = "box"
    };

    return names[tone];
}

static void line_put(struct page *page, const struct line_of *line)
{
    size_t i;

    for (i = 0; i < line->count; i++) {
        const struct run *run = &line->runs[i];

        html_put(page, run->bold ? "<b>" : "");
        html_put(page, run->written ? "<i class=\"written\">" : "");
        html_text(page, run->text);
        html_put(page, run->written ? "</i>" : "");
        html_put(page, run->bold ? "</b>" : "");
    }
}

/* Looks by its level in the report; told to a screen reader without a step left out. */
static void heading_put(struct page *page, const struct block *block)
{
    int level = block->level < 1 || block->level > 3 ? 4 : block->level + 1;
    int told = level > page->level + 1 ? page->level + 1 : level;

    (void)fprintf(page->file, "<h%d", level);
    if (told != level)
        (void)fprintf(page->file, " aria-level=\"%d\"", told);
    html_put(page, ">");
    page->level = told;
    line_put(page, block->lines);
    (void)fprintf(page->file, "</h%d>\n", level);
}

static void paragraph_put(struct page *page, const struct block *block)
{
    size_t i;

    for (i = 0; i < block->count; i++) {
        (void)fprintf(page->file, "<p class=\"%s\">", tone_class(block->tone));
        line_put(page, &block->lines[i]);
        html_put(page, "</p>\n");
    }
}

static void bullets_put(struct page *page, const struct block *block)
{
    size_t i;

    (void)fprintf(page->file, "<ul class=\"%s\">\n", tone_class(block->tone));
    for (i = 0; i < block->count; i++) {
        html_put(page, "<li>");
        line_put(page, &block->lines[i]);
        html_put(page, "</li>\n");
    }
    html_put(page, "</ul>\n");
}

static void span_put(struct page *page, const char *name, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    (void)fprintf(page->file, "<div class=\"%s\">", name);
    html_text(page, text);
    html_put(page, "</div>\n");
}

static const char *change_class(enum verdict verdict)
{
    if (verdict == VERDICT_BETTER)
        return "change better";
    return verdict == VERDICT_WORSE ? "change worse" : "change";
}

static void tiles_put(struct page *page, const struct block *block)
{
    size_t i;

    html_put(page, "<ul class=\"tiles\">\n");
    for (i = 0; i < block->count; i++) {
        const struct tile *tile = &block->tiles[i];

        html_put(page, "<li>");
        span_put(page, "label", tile->label);
        html_put(page, "<div class=\"value\">");
        html_text(page, tile->value);
        if (tile->unit != NULL && *tile->unit != '\0') {
            html_put(page, "<span class=\"unit\">");
            html_text(page, tile->unit);
            html_put(page, "</span>");
        }
        html_put(page, "</div>\n");
        span_put(page, "base", tile->base);
        span_put(page, change_class(tile->verdict), tile->change);
        html_put(page, "</li>\n");
    }
    html_put(page, "</ul>\n");
}

/* On a telephone a short cell breaks at its signs only: a department's name would stand
 * there one character under the other.  A long one is given room instead. */
enum { SHORT_CELL = 20 }; /* columns of a terminal: ten hanzi */

static void cell_class(struct page *page, enum align align, const char *text)
{
    bool wide =
        text != NULL && text_width((struct text){ text, strlen(text) }) > SHORT_CELL;
    const char *side = align == ALIGN_RIGHT    ? "right"
                       : align == ALIGN_CENTRE ? "centre"
                                               : NULL;

    if (wide)
        side = side != NULL ? arena_printf(page->memory, "%s long", side) : "long";
    if (side != NULL)
        html_attribute(page, "class", side);
}

static void cell_put(struct page *page, const struct table *table, size_t row,
                     size_t column)
{
    const struct table_cell *cell = &table->cells[row * table->columns + column];
    bool head = row < table->heads, filled = cell->text != NULL && *cell->text != '\0';
    bool title = filled && (head || column == 0);

    html_put(page, title ? "<th" : "<td");
    if (title)
        html_attribute(page, "scope", head ? "col" : "row");
    cell_class(page, table->align[column], cell->text);
    html_put(page, ">");
    html_put(page, cell->bold && !head ? "<b>" : "");
    html_text(page, cell->text);
    html_put(page, cell->bold && !head ? "</b>" : "");
    html_put(page, title ? "</th>" : "</td>");
}

static void rows_put(struct page *page, const struct table *table, size_t first,
                     size_t end, const char *part)
{
    size_t row, column;

    if (first >= end)
        return;
    (void)fprintf(page->file, "<%s>\n", part);
    for (row = first; row < end; row++) {
        bool total = table->total && row + 1 == table->rows && row >= table->heads;

        html_put(page, total ? "<tr class=\"total\">" : "<tr>");
        for (column = 0; column < table->columns; column++)
            cell_put(page, table, row, column);
        html_put(page, "</tr>\n");
    }
    (void)fprintf(page->file, "</%s>\n", part);
}

/* A wide table scrolls in its own frame, which the keyboard reaches too. */
static void table_put(struct page *page, const struct table *table, const char *name)
{
    size_t heads = table->heads < table->rows ? table->heads : table->rows;

    html_put(page, "<div class=\"wide\" tabindex=\"0\" role=\"region\"");
    if (name == NULL)
        name = arena_printf(page->memory, "%s %zu", pick(page, "表", "Table"),
                            ++page->tables);
    html_attribute(page, "aria-label", name);
    html_put(page, "><table>\n");
    if (table->title != NULL) {
        html_put(page, "<caption>");
        html_text(page, table->title);
        html_put(page, "</caption>\n");
    }
    rows_put(page, table, 0, heads, "thead");
    rows_put(page, table, heads, table->rows, "tbody");
    html_put(page, "</table></div>\n");
}

/* Where a drawing is wider than the telephone, the last month is seen first. */
static const char *drawing_class(enum chart_kind kind)
{
    bool names = kind == CHART_BARS || kind == CHART_AGEING || kind == CHART_HEAT;

    return names ? "drawing" : "drawing late";
}

static void chart_put(struct page *page, const struct chart *chart)
{
    html_put(page, "<figure>\n<figcaption>");
    html_text(page, chart->title);
    html_put(page, "</figcaption>\n");
    if (chart->svg.at != NULL) {
        html_put(page, "<div");
        html_attribute(page, "class", drawing_class(chart->kind));
        html_put(page, " tabindex=\"0\" role=\"group\"");
        html_attribute(page, "aria-label", chart->title);
        html_put(page, ">");
        html_drawing(page, chart);
        html_put(page, "</div>\n");
    }
    if (chart->reading != NULL) {
        html_put(page, "<p class=\"note\">");
        html_text(page, chart->reading);
        html_put(page, "</p>\n");
    }
    html_put(page, chart->svg.at != NULL ? "<details>" : "<details open=\"open\">");
    html_put(page, "<summary>");
    html_text(page, pick(page, "图里的数", "The numbers of this chart"));
    html_put(page, "</summary>\n");
    table_put(page, chart_table(page->memory, chart), chart->title);
    html_put(page, "</details>\n</figure>\n");
}

static void blocks_put(struct page *page, const struct block *blocks, size_t count);

static void columns_put(struct page *page, const struct block *block)
{
    size_t i;

    html_put(page, "<div class=\"columns\" style=\"grid-template-columns:");
    for (i = 0; i < block->count; i++) {
        double share = block->columns[i].share;

        (void)fprintf(page->file, "%sminmax(0,%.0ffr)", i > 0 ? " " : "",
                      share > 0 ? (share <= 1 ? share * 100 : share) : 1);
    }
    html_put(page, "\">\n");
    for (i = 0; i < block->count; i++) {
        html_put(page, "<div>\n");
        blocks_put(page, block->columns[i].blocks, block->columns[i].count);
        html_put(page, "</div>\n");
    }
    html_put(page, "</div>\n");
}

static void signature_put(struct page *page, const struct block *block)
{
    size_t i;

    html_put(page, "<div class=\"signature\">\n");
    for (i = 0; i < block->count; i++) {
        html_put(page, "<div>");
        line_put(page, &block->lines[i]);
        html_put(page, "</div>\n");
    }
    html_put(page, "</div>\n");
}

static void block_put(struct page *page, const struct block *block)
{
    switch (block->kind) {
    case BLOCK_HEADING:
        heading_put(page, block);
        break;
    case BLOCK_PARAGRAPH:
        paragraph_put(page, block);
        break;
    case BLOCK_QR:
        paragraph_put(page, block);
        html_qr(page, block->qr);
        break;
    case BLOCK_BULLETS:
        bullets_put(page, block);
        break;
    case BLOCK_TILES:
        tiles_put(page, block);
        break;
    case BLOCK_CHART:
        chart_put(page, block->chart);
        break;
    case BLOCK_TABLE:
        table_put(page, block->table, block->table->title);
        break;
    case BLOCK_COLUMNS:
        columns_put(page, block);
        break;
    case BLOCK_RULE:
        html_put(page, "<hr/>\n");
        break;
    case BLOCK_PAGE:
        html_put(page, "<div class=\"page\"></div>\n");
        break;
    case BLOCK_SIGNATURE:
        signature_put(page, block);
        break;
    }
}

static void blocks_put(struct page *page, const struct block *blocks, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        block_put(page, &blocks[i]);
}

static void head_put(struct page *page)
{
    const struct doc *doc = page->doc;

    html_put(page, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"");
    html_attribute(page, "lang", pick(page, "zh-CN", "en"));
    html_put(page,
             ">\n<head>\n<meta charset=\"utf-8\"/>\n"
             "<meta name=\"viewport\" content=\"width=device-width, "
             "initial-scale=1\"/>\n<meta http-equiv=\"Content-Security-Policy\" "
             "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n<title>");
    html_text(page, doc->head_left);
    html_put(page, pick(page, "　", ", "));
    html_text(page, doc->head_right);
    html_put(page, "</title>\n<style>\n");
    html_put(page, html_style);
    html_put(page, "</style>\n</head>\n<body>\n<div class=\"sheet\">\n<header>\n"
                   "<div class=\"head\"><h1>");
    html_text(page, doc->head_left);
    html_put(page, "</h1><div>");
    html_text(page, doc->head_right);
    html_put(page, "</div></div>\n<p class=\"sub\">");
    html_text(page, doc->subhead);
    html_put(page, "</p>\n");
    span_put(page, "draft", doc->draft);
    html_put(page, "</header>\n<main>\n");
}

static bool in_body(const struct doc *doc)
{
    size_t i;

    for (i = 0; i < doc->count; i++)
        if (doc->blocks[i].kind == BLOCK_TABLE
            && doc->blocks[i].table == doc->definitions)
            return true;
    return false;
}

/* How the figures of the page are reckoned, for who asks. */
static void definitions_put(struct page *page)
{
    const struct table *table = page->doc->definitions;

    if (table == NULL || table->rows < 2 || in_body(page->doc))
        return;
    html_put(page, "<details class=\"definitions\"><summary>");
    html_text(page, pick(page, "这些数怎么算", "How these figures are reckoned"));
    html_put(page, "</summary>\n");
    table_put(page, table, table->title);
    html_put(page, "</details>\n");
}

static enum status html_write(const struct doc *doc, const char *path,
                              struct error *err)
{
    struct page page = { .doc = doc, .memory = arena_new(), .level = 1 };
    enum status status = HY_OK;

    page.english = doc->language != NULL && strncmp(doc->language, "en", 2) == 0;
    page.file = fopen(path, "wb");
    if (page.file == NULL) {
        status = fail(err, HY_CREATE, "%s", strerror(errno));
        goto done;
    }
    head_put(&page);
    blocks_put(&page, doc->blocks, doc->count);
    definitions_put(&page);
    html_put(&page, "</main>\n<footer>");
    html_text(&page, doc->foot);
    html_put(&page, "</footer>\n</div>\n</body>\n</html>\n");
    if (ferror(page.file))
        status = fail(err, HY_IO, "写到一半失败，磁盘可能满了 (write failed)");
done:
    if (page.file != NULL && fclose(page.file) != 0 && status == HY_OK)
        status = fail(err, HY_IO, "写到一半失败，磁盘可能满了 (write failed)");
    arena_free(page.memory);
    return status;
}

const struct renderer render_html = {
    .name = "html",
    .summary = "one self-contained page",
    .write = html_write,
    .verify = html_verify,
};
