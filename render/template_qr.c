/*
 * template_qr.c - {qr}: where a published page can be looked up, in words and as
 * squares for a telephone.
 *
 * The code says the address of the settings and, after #, the check code of the page:
 * a fragment needs nothing of the web site and is not sent to it.  A preview can be
 * looked up nowhere and has none, and a notice that is full without it goes without.
 */
#include "render/template_parts.h"

#include "render/qr.h"

enum status qr_blocks(struct builder *builder, enum tone tone, struct blocks *blocks,
                      struct error *err)
{
    const char *address = builder->settings->web;
    struct arena *memory = builder->memory;
    struct run *runs;
    struct line_of *line;
    struct block *block;
    struct qr *qr;

    if (builder->code == NULL || address == NULL || *address == '\0')
        return HY_OK;
    TRY(qr_make(arena_printf(memory, "%s#%s", address, builder->code), memory, &qr,
                err));
    qr->alt =
        wording_say(builder->wording, memory, "qr.alt", "address", qr->text, NULL);
    runs = arena_alloc(memory, 2 * sizeof *runs);
    runs[0] =
        (struct run){ .text = wording_get(builder->wording, "qr.label"), .bold = true };
    runs[1].text =
        wording_say(builder->wording, memory, "qr.say", "address", address, NULL);
    line = arena_alloc(memory, sizeof *line);
    *line = (struct line_of){ 2, runs };
    block = blocks_add(blocks, memory, BLOCK_QR, tone);
    block->lines = line;
    block->count = 1;
    block->qr = qr;
    block->yields = 1; /* no word of a full notice goes for it */
    return HY_OK;
}
