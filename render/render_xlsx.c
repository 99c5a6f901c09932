/*
 * render_xlsx.c - a document as a workbook: one sheet per section, real numbers,
 * native charts, ready to print.  xlsxwriter.h is included by the xlsx files only.
 *
 * Never constant_memory: it loses rows without a word when the disk is full.
 */
#include "render/renderer.h"
#include "render/render_xlsx_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/file.h"

enum { SPAN = 6, LINE_COLUMNS = 70 };

/* --- blocks ---------------------------------------------------------------- */

/* A paragraph spans six columns; the height follows its length, since merged
 * cells do not grow by themselves. */
void xlsx_paragraph(struct xlsx *xlsx, const char *text, enum xlsx_look look)
{
    const char *clean = xlsx_text(xlsx->memory, text);
    int columns = look == LOOK_LEAD ? LINE_COLUMNS * 8 / 10 : LINE_COLUMNS;
    int lines = 1 + text_width(text_of(clean)) / columns;
    double height = (look == LOOK_LEAD ? 20 : 16) * lines;
    const char *at;

    for (at = clean; *at != '\0'; at++)
        height += *at == '\n' ? 16 : 0;
    if (lxw_utf8_strlen(clean) > 0
        && worksheet_merge_range(xlsx->sheet, xlsx->row, 0, xlsx->row, SPAN - 1, clean,
                                 xlsx->look[look])
               != LXW_NO_ERROR
        && xlsx->failed == LXW_NO_ERROR)
        xlsx->failed = LXW_ERROR_PARAMETER_VALIDATION;
    (void)worksheet_set_row(xlsx->sheet, xlsx->row, height > 400 ? 400 : height, NULL);
    xlsx->row++;
}

static enum xlsx_look look_of(enum tone tone)
{
    switch (tone) {
    case TONE_LEAD:
        return LOOK_LEAD;
    case TONE_NOTE:
    case TONE_FOOT:
        return LOOK_NOTE;
    case TONE_BODY:
    case TONE_ACCOUNT:
    case TONE_BOX:
        break;
    }
    return LOOK_TEXT;
}

static void tiles(struct xlsx *xlsx, const struct block *block)
{
    size_t i;

    for (i = 0; i < block->count; i++) {
        const struct tile *tile = &block->tiles[i];
        bool close = *tile->unit == '\0' || strcmp(tile->unit, "%") == 0;
        const char *shown = arena_printf(xlsx->memory, "%s%s%s", tile->value,
                                         close ? "" : " ", tile->unit);
        xlsx_put_text(xlsx, xlsx->row, 0, tile->label, LOOK_CELL);
        xlsx_put_value(xlsx, xlsx->row, 1, shown, &tile->number, true, false);
        xlsx_put_text(xlsx, xlsx->row, 2, tile->change, LOOK_TEXT);
        (void)worksheet_set_row(xlsx->sheet, xlsx->row,
                                strchr(tile->change, '\n') ? 32 : 20, NULL);
        xlsx->row++;
        xlsx_paragraph(xlsx, tile->base, LOOK_NOTE);
    }
    xlsx->row++;
}

static void section(struct xlsx *xlsx, const struct block *block)
{
    const char *text = line_text(xlsx->memory, block->lines);

    if (block->level <= xlsx->level && !xlsx->opening)
        xlsx_sheet(xlsx, text);
    xlsx->opening = false;
    if (xlsx->sheet == NULL)
        return;
    if (xlsx->row > 0)
        xlsx->row++;
    xlsx_put_text(xlsx, xlsx->row, 0, text, LOOK_HEADING);
    (void)worksheet_set_row(xlsx->sheet, xlsx->row, 22, NULL);
    xlsx->row++;
}

static void lines(struct xlsx *xlsx, const struct block *block, const char *mark)
{
    size_t i;

    for (i = 0; i < block->count; i++)
        xlsx_paragraph(xlsx,
                       arena_printf(xlsx->memory, "%s%s", mark,
                                    line_text(xlsx->memory, &block->lines[i])),
                       look_of(block->tone));
}

static void blocks(struct xlsx *xlsx, const struct block *list, size_t count)
{
    size_t i, j;

    for (i = 0; i < count && xlsx->sheet != NULL; i++) {
        const struct block *block = &list[i];

        switch (block->kind) {
        case BLOCK_HEADING:
            section(xlsx, block);
            break;
        case BLOCK_PARAGRAPH:
        case BLOCK_QR: /* its words alone: a workbook is not held before a telephone */
            lines(xlsx, block, "");
            break;
        case BLOCK_BULLETS:
            lines(xlsx, block, "● ");
            break;
        case BLOCK_SIGNATURE:
            xlsx->row++;
            lines(xlsx, block, "");
            break;
        case BLOCK_TILES:
            tiles(xlsx, block);
            break;
        case BLOCK_CHART:
            xlsx_chart(xlsx, block->chart);
            break;
        case BLOCK_TABLE:
            xlsx_table(xlsx, block->table);
            break;
        case BLOCK_COLUMNS:
            for (j = 0; j < block->count; j++)
                blocks(xlsx, block->columns[j].blocks, block->columns[j].count);
            break;
        case BLOCK_RULE:
        case BLOCK_PAGE:
            break;
        }
    }
}

/* --- the workbook ----------------------------------------------------------- */

static void front(struct xlsx *xlsx)
{
    const struct doc *doc = xlsx->doc;

    xlsx_put_text(xlsx, 0, 0, doc->head_left, LOOK_TITLE);
    (void)worksheet_set_row(xlsx->sheet, 0, 30, NULL);
    xlsx->row = 1;
    xlsx_paragraph(xlsx, doc->head_right, LOOK_TEXT);
    xlsx_paragraph(xlsx, doc->subhead, LOOK_NOTE);
    if (doc->draft != NULL)
        xlsx_paragraph(xlsx, doc->draft, LOOK_BOLD);
    xlsx->row++;
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

static void definitions(struct xlsx *xlsx)
{
    const struct doc *doc = xlsx->doc;

    if (doc->definitions == NULL || doc->definitions->rows < 2 || in_body(doc))
        return;
    xlsx_sheet(xlsx,
               doc->definitions->title != NULL ? doc->definitions->title : "怎么算");
    if (xlsx->sheet != NULL)
        xlsx_table(xlsx, doc->definitions);
}

static char *property(struct xlsx *xlsx, const char *text)
{
    enum { PROPERTY_MOST = 200 }; /* the library refuses 256 and more */
    const char *clean = xlsx_text(xlsx->memory, text);
    size_t length = strlen(clean);

    if (length > PROPERTY_MOST)
        length = text_valid(clean, PROPERTY_MOST);
    return arena_copy(xlsx->memory, clean, length);
}

static void properties(struct xlsx *xlsx)
{
    const struct doc *doc = xlsx->doc;
    /* The library takes UTC; the cut-off is civil time, so it prints as itself. */
    lxw_doc_properties about = {
        .title = property(xlsx, doc->head_left),
        .subject = property(xlsx, doc->head_right),
        .author = property(xlsx, doc->estate),
        .comments = property(xlsx, "huiyin 回音"),
        .created = (time_t)doc->cutoff,
    };

    if (workbook_set_properties(xlsx->book, &about) != LXW_NO_ERROR)
        xlsx->failed = LXW_ERROR_PARAMETER_VALIDATION;
}

static enum status closed(lxw_error failed, struct error *err)
{
    if (failed == LXW_NO_ERROR)
        return HY_OK;
    if (failed == LXW_ERROR_CREATING_XLSX_FILE || failed == LXW_ERROR_CREATING_TMPFILE
        || failed == LXW_ERROR_READING_TMPFILE)
        return fail(err, HY_IO, "表格写不进去，磁盘可能满了 (%s)",
                    lxw_strerror(failed));
    return fail(err, HY_INTERNAL, "表格没有写成 (%s)", lxw_strerror(failed));
}

/* Temporary parts go beside the output: the same disk that must hold it. */
static char *directory_of(struct arena *memory, const char *path)
{
    size_t length = (size_t)(file_base(path) - path);

    return length == 0 ? arena_copy(memory, ".", 1) : arena_copy(memory, path, length);
}

enum status xlsx_write(const struct doc *doc, const char *path, struct error *err)
{
    struct arena *memory = arena_new();
    struct xlsx xlsx = { .memory = memory, .doc = doc };
    lxw_workbook_options options = { .tmpdir = directory_of(memory, path) };
    lxw_error failed;
    enum status status;

    xlsx.book = workbook_new_opt(path, &options);
    if (xlsx.book == NULL) {
        status = fail(err, HY_INTERNAL, "表格开不了头 (workbook)");
        goto done;
    }
    xlsx_looks(&xlsx);
    properties(&xlsx);
    /* A first section that opens the document shares the sheet with its head. */
    xlsx.level = xlsx_level(doc);
    xlsx.opening = doc->count > 0 && doc->blocks[0].kind == BLOCK_HEADING;
    xlsx_sheet(&xlsx,
               xlsx.opening ? line_text(memory, doc->blocks[0].lines) : doc->name);
    if (xlsx.sheet != NULL) {
        front(&xlsx);
        blocks(&xlsx, doc->blocks, doc->count);
    }
    if (xlsx.sheet != NULL) {
        xlsx.row++;
        xlsx_paragraph(&xlsx, doc->foot, LOOK_NOTE);
    }
    definitions(&xlsx);
    xlsx_sheet_end(&xlsx);
    failed = workbook_close(xlsx.book);
    status = closed(failed != LXW_NO_ERROR ? failed : xlsx.failed, err);
done:
    arena_free(memory);
    return status;
}

const struct renderer render_xlsx = {
    .name = "xlsx",
    .summary = "workbook for Excel, WPS and LibreOffice",
    .write = xlsx_write,
    .verify = xlsx_verify,
};
