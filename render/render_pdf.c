/* render_pdf.c - the PDF renderer: a document to one file, and the look back at it. */
#include "render/renderer.h"

#include <string.h>

#include "core/hash.h"
#include "render/pdf_flow.h"
#include "render/pdf_words.h"

extern const struct renderer render_pdf;

static void hash_text(struct hash_stream *stream, const char *text)
{
    if (text)
        hash_add(stream, text, strlen(text) + 1);
}

/* Of what the document says, so that the same document has the same identity. */
static void hash_blocks(struct hash_stream *stream, const struct block *blocks,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct block *block = &blocks[i];
        hash_add(stream, &block->kind, sizeof block->kind);
        for (size_t k = 0; block->lines && k < block->count; k++)
            for (size_t r = 0; r < block->lines[k].count; r++)
                hash_text(stream, block->lines[k].runs[r].text);
        for (size_t k = 0; block->tiles && k < block->count; k++) {
            hash_text(stream, block->tiles[k].value);
            hash_text(stream, block->tiles[k].base);
            hash_text(stream, block->tiles[k].change);
        }
        for (size_t k = 0; block->columns && k < block->count; k++)
            hash_blocks(stream, block->columns[k].blocks, block->columns[k].count);
        const struct table *table = block->table;
        for (size_t k = 0; table && k < table->rows * table->columns; k++)
            hash_text(stream, table->cells[k].text);
        if (block->chart && block->chart->svg.length)
            hash_add(stream, block->chart->svg.at, block->chart->svg.length);
    }
}

static void identify(const struct doc *doc, struct arena *memory, unsigned char out[32])
{
    struct hash_stream *stream = hash_start(memory);
    hash_text(stream, doc->name);
    hash_text(stream, doc->head_left);
    hash_text(stream, doc->subhead);
    hash_text(stream, doc->foot);
    hash_text(stream, doc->draft);
    hash_add(stream, &doc->cutoff, sizeof doc->cutoff);
    hash_blocks(stream, doc->blocks, doc->count);
    hash_end(stream, out);
}

static enum status write_pdf(const struct doc *doc, const char *path, struct error *err)
{
    unsigned char identity[32];
    struct fonts *fonts = NULL;
    struct canvas *canvas = NULL;
    struct arena *memory = arena_new();
    enum status status = fonts_open(&fonts, err);
    if (status != HY_OK)
        goto done;
    status =
        canvas_open(fonts, memory, doc->paper == PAPER_A3 ? A3_SCALE : 1, &canvas, err);
    if (status != HY_OK)
        goto done;
    struct setter setter = { .canvas = canvas, .fonts = fonts, .memory = memory };
    status = flow_document(&setter, doc, err);
    if (status != HY_OK)
        goto done;
    identify(doc, memory, identity);
    struct canvas_about about = {
        .title = doc->title ? doc->title : "",
        .author = doc->estate ? doc->estate : "",
        .subject = doc->head_right ? doc->head_right : "",
        .language = doc->language && !strncmp(doc->language, "en", 2) ? "en" : "zh-CN",
        .when = doc->cutoff
    };
    status = canvas_save(canvas, &about, identity, path, err);
done:
    canvas_close(canvas);
    arena_free(memory);
    return status;
}

/* canvas_save() has seen that the file says what was drawn; here, that what was drawn
 * is the whole document. */
static enum status verify_pdf(const struct doc *doc, const char *path,
                              struct error *err)
{
    struct arena *memory = arena_new();
    struct fonts *fonts = NULL;
    struct said_page *pages;
    size_t count;
    enum status status = pdf_readback(path, memory, &pages, &count, err);
    if (status == HY_OK)
        status = fonts_open(&fonts, err);
    if (status == HY_OK)
        status = words_compare(doc, pages, count, fonts, memory, err);
    arena_free(memory);
    return status;
}

const struct renderer render_pdf = {
    "pdf", "printed page: vector charts, one embedded Chinese face", write_pdf,
    verify_pdf
};
