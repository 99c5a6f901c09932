/*
 * render_txt.c - a document as plain text: every word and figure of it, in the
 * order of the page.  What the tests compare, and what a reader without a PDF
 * program gets.
 */
#include "render/doc_parts.h"
#include "render/renderer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_WIDTH = 88, COLUMNS_MOST = 64, PAD_MOST = 200 };

struct paper_out {
    FILE *file;
    struct arena *memory;
    bool ended;      /* the last thing written was a blank line */
    const char *gap; /* for the line break of a cell */
};

static int width_of(const char *text)
{
    return text_width(text_of(text));
}

static void put(struct paper_out *out, const char *text)
{
    (void)fputs(text, out->file);
    out->ended = false;
}

static void pad(struct paper_out *out, int columns)
{
    for (; columns > 0; columns--)
        (void)fputc(' ', out->file);
}

static void blank(struct paper_out *out)
{
    if (!out->ended)
        (void)fputc('\n', out->file);
    out->ended = true;
}

static void rule(struct paper_out *out, const char *mark, int width)
{
    for (; width > 0; width--)
        put(out, mark);
    put(out, "\n");
}

static void line_put(struct paper_out *out, const char *first, const char *rest,
                     const struct line_of *line)
{
    size_t i;

    put(out, first);
    for (i = 0; i < line->count; i++) {
        const char *text = line->runs[i].text;

        for (; *text != '\0'; text++) {
            (void)fputc(*text, out->file);
            if (*text == '\n')
                put(out, rest);
        }
    }
    put(out, "\n");
}

static void heading_put(struct paper_out *out, const struct block *block)
{
    static const char *const marks[] = { "", "# ", "## ", "### " };

    blank(out);
    line_put(out, marks[block->level < 1 || block->level > 3 ? 3 : block->level], "  ",
             block->lines);
    out->ended = false;
}

static void one_line(struct paper_out *out, const char *text)
{
    put(out, "    ");
    for (; *text != '\0'; text++)
        if (*text == '\n')
            put(out, out->gap);
        else
            (void)fputc(*text, out->file);
    put(out, "\n");
}

static void tiles_put(struct paper_out *out, const struct block *block)
{
    size_t i;

    blank(out);
    for (i = 0; i < block->count; i++) {
        const struct tile *tile = &block->tiles[i];
        bool close = *tile->unit == '\0' || strcmp(tile->unit, "%") == 0;

        (void)fprintf(out->file, "[%s] %s%s%s\n", tile->label, tile->value,
                      close ? "" : " ", tile->unit);
        out->ended = false;
        if (tile->base != NULL && *tile->base != '\0')
            (void)fprintf(out->file, "    %s\n", tile->base);
        if (tile->change != NULL && *tile->change != '\0')
            one_line(out, tile->change);
    }
}

static void cells_widths(const struct table *table, int *widths)
{
    size_t row, column;

    for (column = 0; column < table->columns && column < COLUMNS_MOST; column++) {
        widths[column] = 0;
        for (row = 0; row < table->rows; row++) {
            const char *text = table->cells[row * table->columns + column].text;
            int width = text == NULL ? 0 : width_of(text);

            if (width > PAD_MOST)
                width = PAD_MOST;
            if (width > widths[column])
                widths[column] = width;
        }
    }
}

static void cell_put(struct paper_out *out, const char *text, int width,
                     enum align align, bool last)
{
    int space = width - width_of(text), before = 0;

    if (align == ALIGN_RIGHT)
        before = space;
    else if (align == ALIGN_CENTRE)
        before = space / 2;
    pad(out, before);
    put(out, text);
    if (!last)
        pad(out, space - before);
}

static void table_put_text(struct paper_out *out, const struct table *table)
{
    int widths[COLUMNS_MOST] = { 0 }, total = 0;
    size_t columns = table->columns < COLUMNS_MOST ? table->columns : COLUMNS_MOST;
    size_t row, column;

    cells_widths(table, widths);
    for (column = 0; column < columns; column++)
        total += widths[column] + (column > 0 ? 2 : 0);
    blank(out);
    if (table->title != NULL) {
        put(out, table->title);
        put(out, "\n");
    }
    for (row = 0; row < table->rows; row++) {
        if ((row == table->heads && row > 0)
            || (table->total && row + 1 == table->rows && row > table->heads))
            rule(out, "-", total);
        for (column = 0; column < columns; column++) {
            const char *text = table->cells[row * table->columns + column].text;

            if (column > 0)
                pad(out, 2);
            cell_put(out, text == NULL ? "" : text, widths[column],
                     table->align[column], column + 1 == columns);
        }
        put(out, "\n");
    }
}

static void chart_put(struct paper_out *out, const struct chart *chart)
{
    blank(out);
    put(out, chart->title);
    put(out, "\n");
    out->ended = true; /* the table follows without a gap */
    table_put_text(out, chart_table(out->memory, chart));
    if (chart->reading != NULL) {
        put(out, chart->reading);
        put(out, "\n");
    }
}

static void blocks_put(struct paper_out *out, const struct block *blocks, size_t count);

static void block_put(struct paper_out *out, const struct block *block)
{
    size_t i;

    switch (block->kind) {
    case BLOCK_HEADING:
        heading_put(out, block);
        break;
    case BLOCK_PARAGRAPH:
    case BLOCK_QR: /* its words alone */
        blank(out);
        for (i = 0; i < block->count; i++)
            line_put(out, block->tone == TONE_BOX ? "| " : "",
                     block->tone == TONE_BOX ? "| " : "", &block->lines[i]);
        break;
    case BLOCK_BULLETS:
        blank(out);
        for (i = 0; i < block->count; i++)
            line_put(out, block->tone == TONE_BOX ? "| - " : "- ", "  ",
                     &block->lines[i]);
        break;
    case BLOCK_TILES:
        tiles_put(out, block);
        break;
    case BLOCK_CHART:
        chart_put(out, block->chart);
        break;
    case BLOCK_TABLE:
        table_put_text(out, block->table);
        break;
    case BLOCK_COLUMNS:
        for (i = 0; i < block->count; i++)
            blocks_put(out, block->columns[i].blocks, block->columns[i].count);
        break;
    case BLOCK_RULE:
        blank(out);
        rule(out, "-", PAGE_WIDTH);
        break;
    case BLOCK_PAGE:
        blank(out);
        rule(out, "=", PAGE_WIDTH);
        break;
    case BLOCK_SIGNATURE:
        blank(out);
        for (i = 0; i < block->count; i++)
            line_put(out, "", "", &block->lines[i]);
        break;
    }
}

static void blocks_put(struct paper_out *out, const struct block *blocks, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        block_put(out, &blocks[i]);
}

static void head_put(struct paper_out *out, const struct doc *doc)
{
    int space = PAGE_WIDTH - width_of(doc->head_left) - width_of(doc->head_right);

    put(out, doc->head_left);
    pad(out, space < 2 ? 2 : space);
    put(out, doc->head_right);
    put(out, "\n");
    put(out, doc->subhead);
    put(out, "\n");
    if (doc->draft != NULL) {
        put(out, doc->draft);
        put(out, "\n");
    }
    rule(out, "=", PAGE_WIDTH);
}

/* To be pasted into a chat: whole lines as they are, nothing around them. */
static void plain_put(struct paper_out *out, const struct doc *doc)
{
    size_t i;

    if (doc->draft != NULL) {
        put(out, doc->draft);
        put(out, "\n");
    }
    for (i = 0; i < doc->count; i++)
        if (doc->blocks[i].kind == BLOCK_PARAGRAPH) {
            put(out, line_text(out->memory, doc->blocks[i].lines));
            put(out, "\n");
        }
    if (*doc->foot != '\0') { /* the check code, once published */
        put(out, doc->foot);
        put(out, "\n");
    }
}

static enum status txt_write(const struct doc *doc, const char *path, struct error *err)
{
    bool english = doc->language != NULL && strncmp(doc->language, "en", 2) == 0;
    struct paper_out out = { .memory = arena_new(),
                             .ended = true,
                             .gap = english ? ", " : "　" };
    enum status status = HY_OK;

    out.file = fopen(path, "wb");
    if (out.file == NULL) {
        status = fail(err, HY_CREATE, "%s", strerror(errno));
        goto done;
    }
    if (doc->plain) {
        plain_put(&out, doc);
    } else {
        head_put(&out, doc);
        blocks_put(&out, doc->blocks, doc->count);
        rule(&out, "=", PAGE_WIDTH);
        put(&out, doc->foot);
        put(&out, "\n");
    }
    if (ferror(out.file))
        status = fail(err, HY_IO, "写到一半失败，磁盘可能满了 (write failed)");
done:
    if (out.file != NULL && fclose(out.file) != 0 && status == HY_OK)
        status = fail(err, HY_IO, "写到一半失败，磁盘可能满了 (write failed)");
    arena_free(out.memory);
    return status;
}

const struct renderer render_txt = {
    .name = "txt",
    .summary = "plain text",
    .write = txt_write,
};
