/* doc.c - making and walking the blocks of a document. */
#include "render/doc_parts.h"

#include <math.h>
#include <string.h>

#include "core/wording.h"

enum { FIRST_ROOM = 16 };

struct block *blocks_add(struct blocks *blocks, struct arena *memory,
                         enum block_kind kind, enum tone tone)
{
    struct block *block;

    if (blocks->count == blocks->room) {
        size_t room = blocks->room == 0 ? FIRST_ROOM : blocks->room * 2;

        blocks->items =
            arena_grow(memory, blocks->items, blocks->count * sizeof *blocks->items,
                       room * sizeof *blocks->items);
        blocks->room = room;
    }
    block = &blocks->items[blocks->count++];
    *block = (struct block){ .kind = kind, .tone = tone };
    return block;
}

const struct line_of *line_plain(struct arena *memory, const char *text, bool bold,
                                 bool written)
{
    struct line_of *line = arena_alloc(memory, sizeof *line);
    struct run *run = arena_alloc(memory, sizeof *run);

    *run = (struct run){ text, bold, written };
    *line = (struct line_of){ 1, run };
    return line;
}

void blocks_say(struct blocks *blocks, struct arena *memory, enum tone tone,
                const char *text)
{
    struct block *block = blocks_add(blocks, memory, BLOCK_PARAGRAPH, tone);

    block->count = 1;
    block->lines = line_plain(memory, text, false, false);
}

const char *line_text(struct arena *memory, const struct line_of *line)
{
    size_t length = 0, i;
    char *text, *to;

    for (i = 0; i < line->count; i++)
        length += strlen(line->runs[i].text);
    text = to = arena_alloc(memory, length + 1);
    for (i = 0; i < line->count; i++) {
        size_t part = strlen(line->runs[i].text);

        memcpy(to, line->runs[i].text, part);
        to += part;
    }
    return text;
}

const char *data_text(struct arena *memory, const struct data *data, double value)
{
    if (!isfinite(value))
        return "";
    if (data->unit == UNIT_SHARE)
        return say_percent(memory, value);
    if (data->unit == UNIT_HOURS || value != floor(value))
        return say_decimal(memory, value, 1);
    return arena_printf(memory, "%.0f", value);
}
