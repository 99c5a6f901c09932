/* receipt.c - the sheet both sides sign, from the frozen month to paper. */
#include "cli/receipt.h"

#include <inttypes.h>
#include <string.h>

#include "core/calendar.h"
#include "core/file.h"
#include "render/doc_parts.h"
#include "render/renderer.h"
#include "render/say.h"

struct writer {
    const struct receipt *receipt;
    const struct freeze *freeze;
    const struct session *session;
    const struct wording *wording;
    struct arena *memory;
    struct blocks blocks;
};

static const char *word(const struct writer *writer, const char *key)
{
    return wording_get(writer->wording, key);
}

static const char *hex_of(const struct writer *writer, const unsigned char hash[32])
{
    char hex[65];

    hash_hex(hash, hex);
    return arena_copy(writer->memory, hex, 64);
}

static void heading(struct writer *writer, const char *key)
{
    struct block *block =
        blocks_add(&writer->blocks, writer->memory, BLOCK_HEADING, TONE_BODY);

    block->level = 2; /* the sheet is two pages, not three */
    block->count = 1;
    block->lines = line_plain(writer->memory, word(writer, key), false, false);
}

/* --- tables of two columns ----------------------------------------------------------
 */
struct pairs {
    struct table *table;
    struct table_cell *cells;
    size_t used;
};

static struct pairs pairs_new(struct writer *writer, size_t rows, const char *left,
                              const char *right)
{
    struct arena *memory = writer->memory;
    enum align *align = arena_alloc(memory, 2 * sizeof *align);
    struct pairs pairs = { .table = arena_alloc(memory, sizeof *pairs.table) };

    pairs.cells = arena_alloc(memory, 2 * (rows + 1) * sizeof *pairs.cells);
    align[0] = align[1] = ALIGN_LEFT;
    pairs.cells[0] = (struct table_cell){ .text = word(writer, left), .bold = true };
    pairs.cells[1] = (struct table_cell){ .text = word(writer, right), .bold = true };
    *pairs.table = (struct table){
        .columns = 2, .rows = 1, .heads = 1, .align = align, .cells = pairs.cells
    };
    return pairs;
}

static void pairs_put(struct pairs *pairs, const char *left, const char *right)
{
    size_t row = pairs->table->rows++;

    pairs->cells[2 * row].text = left;
    pairs->cells[2 * row + 1].text = right;
}

static void pairs_show(struct writer *writer, const struct pairs *pairs)
{
    blocks_add(&writer->blocks, writer->memory, BLOCK_TABLE, TONE_BODY)->table =
        pairs->table;
}

/* --- its parts ----------------------------------------------------------------------
 */

/* Only a list that still is what was frozen then gives the code of the issue before. */
static const char *code_before(const struct writer *writer)
{
    const struct freeze *freeze = writer->freeze;
    struct manifest manifest;

    if (!freeze->what.follows || freeze->published_count == 0)
        return word(writer, "receipt.first");
    if (!freeze_list_of(writer->session,
                        &freeze->published[freeze->published_count - 1], &manifest))
        return word(writer, "receipt.lost");
    return arena_copy(writer->memory, manifest.code, strlen(manifest.code));
}

static const char *issue_named(const struct writer *writer)
{
    const struct publication *what = &writer->freeze->what;
    const char *month = say_month(writer->wording, writer->memory, what->month);

    if (what->revision == 0)
        return month;
    return wording_say(writer->wording, writer->memory, "receipt.revision", "month",
                       month, "n", arena_printf(writer->memory, "%d", what->revision),
                       NULL);
}

static void put_head(struct writer *writer)
{
    blocks_say(&writer->blocks, writer->memory, TONE_LEAD,
               wording_say(writer->wording, writer->memory, "receipt.lead", "issue",
                           issue_named(writer), "code", writer->freeze->code, "before",
                           code_before(writer), NULL));
    blocks_say(&writer->blocks, writer->memory, TONE_BODY,
               word(writer, "receipt.means"));
}

static void put_signatures(struct writer *writer)
{
    static const char *const keys[] = { "receipt.sign.centre", "receipt.sign.overseer",
                                        "receipt.sign.date" };
    enum { LINES = sizeof keys / sizeof keys[0] };
    const struct settings *settings = &writer->session->settings;
    struct arena *memory = writer->memory;
    struct line_of *lines = arena_alloc(memory, LINES * sizeof *lines);
    struct block *block;
    size_t i;

    for (i = 0; i < LINES; i++)
        lines[i] =
            *line_plain(memory,
                        wording_say(writer->wording, memory, keys[i], "centre",
                                    say_clean(memory, settings->centre), "overseer",
                                    say_clean(memory, settings->overseer), NULL),
                        false, false);
    block = blocks_add(&writer->blocks, memory, BLOCK_SIGNATURE, TONE_BODY);
    block->lines = lines;
    block->count = LINES;
}

static void put_how(struct writer *writer)
{
    static const char *const keys[] = { "receipt.how.look", "receipt.how.page",
                                        "receipt.how.windows", "receipt.how.others" };
    enum { LINES = sizeof keys / sizeof keys[0] };
    struct line_of *lines = arena_alloc(writer->memory, LINES * sizeof *lines);
    struct block *block;
    size_t i;

    heading(writer, "receipt.how");
    for (i = 0; i < LINES; i++)
        lines[i] = *line_plain(writer->memory, word(writer, keys[i]), false, false);
    block = blocks_add(&writer->blocks, writer->memory, BLOCK_BULLETS, TONE_BODY);
    block->lines = lines;
    block->count = LINES;
}

static void put_files(struct writer *writer, const char *key, int audience,
                      const unsigned char *list)
{
    const struct edition *edition = &writer->freeze->what.editions[audience];
    struct pairs pairs =
        pairs_new(writer, edition->file_count + 2, "receipt.file", "receipt.sha256");
    size_t i;

    heading(writer, key);
    if (list != NULL)
        pairs_put(&pairs, MANIFEST_NAME, hex_of(writer, list));
    for (i = 0; i < edition->file_count; i++)
        pairs_put(&pairs, edition->files[i].name,
                  hex_of(writer, edition->files[i].sha256));
    pairs_show(writer, &pairs);
}

/* "previous" and what it is, in words. */
static void put_item(const struct writer *writer, struct pairs *pairs, const char *name,
                     const char *value)
{
    const char *key = arena_printf(writer->memory, "receipt.item.%s", name);

    pairs_put(pairs,
              wording_has(writer->wording, key)
                  ? arena_printf(writer->memory, "%s%s%s", name,
                                 word(writer, "list.gap"), word(writer, key))
                  : name,
              value);
}

/* The lines of the list's data, but for the inputs, templates and tables one by one,
 * which have a place of their own or are summed up by templates and tables.public. */
static void put_grounds(struct writer *writer)
{
    const char *at = writer->freeze->data;
    unsigned char public_key[32];
    struct pairs pairs;
    size_t lines = 1;

    for (; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    pairs = pairs_new(writer, lines + 1, "receipt.key", "receipt.value");
    for (at = writer->freeze->data; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        const char *line = arena_copy(writer->memory, at, length);
        const char *middle = strstr(line, " = ");

        at += length + (at[length] == '\n');
        if (middle == NULL || strncmp(line, "input ", 6) == 0
            || strncmp(line, "template ", 9) == 0 || strncmp(line, "table.", 6) == 0)
            continue;
        put_item(writer, &pairs,
                 arena_copy(writer->memory, line, (size_t)(middle - line)), middle + 3);
    }
    key_public(writer->receipt->key, public_key);
    put_item(writer, &pairs, "key", hex_of(writer, public_key));
    heading(writer, "receipt.grounds");
    pairs_show(writer, &pairs);
}

static void put_inputs(struct writer *writer)
{
    const struct publication *what = &writer->freeze->what;
    struct arena *memory = writer->memory;
    struct pairs pairs =
        pairs_new(writer, what->input_count + 1, "receipt.rows", "receipt.sha256");
    size_t i;

    heading(writer, "receipt.inputs");
    for (i = 0; i < what->input_count; i++)
        pairs_put(&pairs,
                  wording_say(writer->wording, memory, "receipt.rows.of", "n",
                              say_count(memory, what->inputs[i].rows), "bad",
                              say_count(memory, what->inputs[i].rejected), NULL),
                  hex_of(writer, what->inputs[i].sha256));
    pairs_show(writer, &pairs);
}

/* --- the sheet ----------------------------------------------------------------------
 */
static struct doc *sheet(struct writer *writer)
{
    const struct settings *settings = &writer->session->settings;
    const struct publication *what = &writer->freeze->what;
    bool english = strcmp(wording_language(writer->wording), "en") == 0;
    struct arena *memory = writer->memory;
    struct doc *doc = arena_alloc(memory, sizeof *doc);

    *doc = (struct doc){
        .name = RECEIPT_NAME,
        .title = word(writer, "receipt.title"),
        .estate = say_clean(memory, english && settings->estate_en != NULL
                                            && *settings->estate_en != '\0'
                                        ? settings->estate_en
                                        : settings->estate),
        .language = wording_language(writer->wording),
        .subhead = word(writer, "receipt.sub"),
        .head_right = issue_named(writer),
        .foot = wording_say(writer->wording, memory, "publish.foot", "code",
                            writer->freeze->code, "foot",
                            word(writer, "legend.internal"), NULL),
        .audience = AUDIENCE_COMMITTEE,
        .paper = PAPER_A4,
        .month = what->month,
        .cutoff = what->cutoff,
        .count = writer->blocks.count,
        .blocks = writer->blocks.items,
        .memory = memory,
    };
    doc->head_left = wording_say(writer->wording, memory, "head.left", "estate",
                                 doc->estate, "title", doc->title, NULL);
    return doc;
}

enum status receipt_write(const struct receipt *receipt, const char *folder,
                          struct error *err)
{
    static const char *const formats[] = { "pdf", "txt" };
    const struct session *session = receipt->freeze->session;
    struct writer writer = { .receipt = receipt,
                             .freeze = receipt->freeze,
                             .session = session,
                             .wording = session->wording,
                             .memory = session->memory };
    const struct doc *doc;
    const char *path;
    size_t i;

    put_head(&writer);
    put_signatures(&writer);
    put_how(&writer);
    put_files(&writer, "receipt.public", AUDIENCE_PUBLIC, receipt->list);
    put_files(&writer, "receipt.committee", AUDIENCE_COMMITTEE, NULL);
    put_grounds(&writer);
    put_inputs(&writer);
    doc = sheet(&writer);
    for (i = 0; i < sizeof formats / sizeof formats[0]; i++)
        TRY(render_file(doc, renderer_named(formats[i]), folder, session->memory, &path,
                        err));
    return HY_OK;
}
