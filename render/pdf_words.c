/* pdf_words.c - counts the characters of a document and of its pages. */
#include "render/pdf_words.h"

#include <string.h>

enum { CODES = 0x40000 }; /* all planes with characters */

struct count {
    const struct fonts *fonts;
    uint32_t *of; /* by code as drawn */
    bool single;  /* page: what yields may have given way */
};

static void add_text(struct count *count, const char *text)
{
    const char *at = text, *end = text ? text + strlen(text) : text;

    while (at < end) {
        struct glyph glyph = fonts_glyph(count->fonts, text_next(&at, end));

        if (glyph.face != FACE_NONE && glyph.code < CODES)
            count->of[glyph.code]++;
    }
}

static void add_line(struct count *count, const struct line_of *line)
{
    for (size_t i = 0; i < line->count; i++)
        add_text(count, line->runs[i].text);
}

/* The mark before a change is drawn as a shape: its words alone are counted. */
static void add_tile(struct count *count, const struct tile *tile)
{
    const char *change = tile->change ? tile->change : "";

    add_text(count, tile->label);
    add_text(count, tile->value);
    add_text(count, tile->unit);
    add_text(count, tile->base);
    add_text(count, change + strcspn(change, " \n"));
}

static void add_table(struct count *count, const struct table *table)
{
    if (table->rows == 0 || table->columns == 0)
        return;
    add_text(count, table->title);
    for (size_t i = 0; i < table->rows * table->columns; i++)
        add_text(count, table->cells[i].text);
}

static void add_chart(struct count *count, const struct chart *chart)
{
    add_text(count, chart->title);
    if (!count->single) /* the reading gives way too */
        add_text(count, chart->reading);
}

static void add_blocks(struct count *count, const struct block *blocks, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const struct block *block = &blocks[i];

        if (count->single && block->yields > 0)
            continue;
        for (size_t k = 0; block->lines && k < block->count; k++)
            add_line(count, &block->lines[k]);
        for (size_t k = 0; block->tiles && k < block->count; k++)
            add_tile(count, &block->tiles[k]);
        for (size_t k = 0; block->columns && k < block->count; k++)
            add_blocks(count, block->columns[k].blocks, block->columns[k].count);
        if (block->kind == BLOCK_TABLE)
            add_table(count, block->table);
        if (block->kind == BLOCK_CHART)
            add_chart(count, block->chart);
    }
}

static bool is_space(uint32_t code)
{
    return code == ' ' || code == 0x3000 || code == 0xA0; /* a line may end there */
}

enum status words_compare(const struct doc *doc, const struct said_page *pages,
                          size_t count, const struct fonts *fonts, struct arena *memory,
                          struct error *err)
{
    struct count wanted = { fonts, NULL, doc->single_page };
    uint32_t *found = arena_alloc(memory, CODES * sizeof *found);

    wanted.of = arena_alloc(memory, CODES * sizeof *wanted.of);
    if (count == 0 || (doc->single_page && count != 1))
        return fail(err, HY_INTERNAL, "PDF 读回来有 %zu 页 (pages)", count);
    add_blocks(&wanted, doc->blocks, doc->count);
    for (size_t i = 0; i < count; i++) {
        add_text(&wanted, doc->foot);
        for (size_t k = 0; k < pages[i].count; k++)
            if (pages[i].items[k].code < CODES)
                found[pages[i].items[k].code]++;
    }
    for (uint32_t code = 0; code < CODES; code++)
        if (found[code] < wanted.of[code] && !is_space(code))
            return fail(err, HY_INTERNAL,
                        "PDF 里少了字 U+%04X：应至少有 %u 个，读回来 %u 个 (text lost)",
                        (unsigned)code, (unsigned)wanted.of[code],
                        (unsigned)found[code]);
    return HY_OK;
}
