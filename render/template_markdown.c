/* template_markdown.c - Markdown to blocks; the only user of md4c. */
#include "render/template_parts.h"

#include <md4c.h>
#include <string.h>

struct markdown {
    struct builder *builder;
    struct blocks *blocks;
    enum tone tone;
    struct atoms now; /* of the paragraph, item or cell being read */
    int bold, list_depth, heading;
    bool in_cell;
    struct line_of *items; /* of the list being read */
    size_t item_count, item_room;
    struct table_source table;
    struct atoms *cells;
    enum align *align;
    size_t cell_room, cell_count;
    enum status status;
    struct error *err;
};

static void atom_add(struct markdown *markdown, struct atom atom)
{
    struct atoms *atoms = &markdown->now;

    if (atoms->count == atoms->room) {
        size_t room = atoms->room == 0 ? 8 : atoms->room * 2;

        atoms->items = arena_grow(markdown->builder->memory, atoms->items,
                                  atoms->count * sizeof *atoms->items,
                                  room * sizeof *atoms->items);
        atoms->room = room;
    }
    atoms->items[atoms->count++] = atom;
}

static void text_add(struct markdown *markdown, const char *from, const char *to)
{
    struct arena *memory = markdown->builder->memory;

    if (to > from)
        atom_add(markdown,
                 (struct atom){
                     say_clean(memory, arena_copy(memory, from, (size_t)(to - from))),
                     -1, markdown->bold > 0 });
}

/* Text with places in it: the private-use characters put in by place_take(). */
static void mixed_add(struct markdown *markdown, const char *text, size_t length)
{
    const char *at = text, *end = text + length, *from = text;

    while (at < end) {
        const char *before = at;
        uint32_t code = text_next(&at, end);

        if (code < PLACE_FIRST || code >= PLACE_FIRST + markdown->builder->place_count)
            continue;
        text_add(markdown, from, before);
        atom_add(markdown,
                 (struct atom){ NULL, (int)(code - PLACE_FIRST), markdown->bold > 0 });
        from = at;
    }
    text_add(markdown, from, end);
}

enum status atoms_line(struct builder *builder, const struct atoms *atoms,
                       const struct member *member, struct line_of *line,
                       struct error *err)
{
    struct run *runs = arena_alloc(builder->memory, (atoms->count + 1) * sizeof *runs);
    size_t count = 0, i;

    for (i = 0; i < atoms->count; i++) {
        const struct atom *atom = &atoms->items[i];
        const char *text = atom->text;
        struct piece piece;

        if (atom->place >= 0) {
            TRY(place_say(builder, &builder->places[atom->place], member, &piece, err));
            text = piece.text;
        }
        if (count > 0 && runs[count - 1].bold == atom->bold)
            runs[count - 1].text =
                arena_printf(builder->memory, "%s%s", runs[count - 1].text, text);
        else
            runs[count++] = (struct run){ text, atom->bold, false };
    }
    *line = (struct line_of){ count, runs };
    return HY_OK;
}

static const struct place *lone_block(const struct markdown *markdown)
{
    const struct atoms *atoms = &markdown->now;
    const struct place *place;

    if (atoms->count != 1 || atoms->items[0].place < 0)
        return NULL;
    place = &markdown->builder->places[atoms->items[0].place];
    return place_is_block(place) ? place : NULL;
}

static enum status paragraph_end(struct markdown *markdown)
{
    struct builder *builder = markdown->builder;
    const struct place *place = lone_block(markdown);
    struct line_of *line;
    struct block *block;

    if (markdown->now.count == 0)
        return HY_OK;
    if (place != NULL)
        return place_blocks(builder, place, markdown->tone, markdown->blocks,
                            markdown->err);
    line = arena_alloc(builder->memory, sizeof *line);
    TRY(atoms_line(builder, &markdown->now, NULL, line, markdown->err));
    block = blocks_add(markdown->blocks, builder->memory,
                       markdown->heading > 0 ? BLOCK_HEADING : BLOCK_PARAGRAPH,
                       markdown->tone);
    block->level = markdown->heading > 3 ? 3 : markdown->heading;
    block->lines = line;
    block->count = 1;
    return HY_OK;
}

static enum status item_end(struct markdown *markdown)
{
    struct builder *builder = markdown->builder;

    if (markdown->now.count == 0)
        return HY_OK;
    if (markdown->item_count == markdown->item_room) {
        size_t room = markdown->item_room == 0 ? 8 : markdown->item_room * 2;

        markdown->items = arena_grow(builder->memory, markdown->items,
                                     markdown->item_count * sizeof *markdown->items,
                                     room * sizeof *markdown->items);
        markdown->item_room = room;
    }
    TRY(atoms_line(builder, &markdown->now, NULL,
                   &markdown->items[markdown->item_count], markdown->err));
    markdown->item_count++;
    return HY_OK;
}

static void list_end(struct markdown *markdown)
{
    struct block *block;

    if (markdown->item_count == 0)
        return;
    block = blocks_add(markdown->blocks, markdown->builder->memory, BLOCK_BULLETS,
                       markdown->tone);
    block->lines = markdown->items;
    block->count = markdown->item_count;
    markdown->items = NULL;
    markdown->item_count = markdown->item_room = 0;
}

static void cell_end(struct markdown *markdown, MD_ALIGN align)
{
    static const enum align aligns[] = { ALIGN_LEFT, ALIGN_LEFT, ALIGN_CENTRE,
                                         ALIGN_RIGHT };

    if (markdown->cell_count == markdown->cell_room)
        return; /* md4c gives exactly the cells it announced */
    markdown->align[markdown->cell_count % markdown->table.columns] = aligns[align];
    markdown->cells[markdown->cell_count++] = markdown->now;
}

static void table_start(struct markdown *markdown, const MD_BLOCK_TABLE_DETAIL *detail)
{
    struct arena *memory = markdown->builder->memory;

    markdown->table = (struct table_source){
        .columns = detail->col_count,
        .rows = detail->head_row_count + detail->body_row_count,
    };
    markdown->cell_room = markdown->table.columns * markdown->table.rows;
    markdown->cell_count = 0;
    markdown->cells =
        arena_alloc(memory, (markdown->cell_room + 1) * sizeof *markdown->cells);
    markdown->align =
        arena_alloc(memory, (markdown->table.columns + 1) * sizeof *markdown->align);
    markdown->table.cells = markdown->cells;
    markdown->table.align = markdown->align;
}

static void fresh(struct markdown *markdown)
{
    markdown->now = (struct atoms){ NULL, 0, 0 };
}

static int keep(struct markdown *markdown, enum status status)
{
    if (markdown->status == HY_OK) /* md4c still closes what is open */
        markdown->status = status;
    return markdown->status == HY_OK ? 0 : 1;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *self)
{
    struct markdown *markdown = self;
    enum status status = HY_OK;

    if (markdown->status != HY_OK)
        return 1;
    switch (type) {
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        if (markdown->list_depth++ > 0)
            status = item_end(markdown);
        fresh(markdown);
        break;
    case MD_BLOCK_H:
        markdown->heading = (int)((const MD_BLOCK_H_DETAIL *)detail)->level;
        fresh(markdown);
        break;
    case MD_BLOCK_P:
        if (markdown->list_depth == 0)
            fresh(markdown);
        break;
    case MD_BLOCK_LI:
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        fresh(markdown);
        break;
    case MD_BLOCK_TABLE:
        table_start(markdown, detail);
        break;
    case MD_BLOCK_DOC:
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_HR:
    case MD_BLOCK_CODE:
    case MD_BLOCK_HTML:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_TR:
        break;
    }
    return keep(markdown, status);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *self)
{
    struct markdown *markdown = self;
    enum status status = HY_OK;

    if (markdown->status != HY_OK)
        return 1;
    switch (type) {
    case MD_BLOCK_P:
    case MD_BLOCK_H:
        if (markdown->list_depth == 0)
            status = paragraph_end(markdown);
        markdown->heading = 0;
        break;
    case MD_BLOCK_LI:
        status = item_end(markdown);
        fresh(markdown);
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        if (--markdown->list_depth == 0)
            list_end(markdown);
        break;
    case MD_BLOCK_HR:
        (void)blocks_add(markdown->blocks, markdown->builder->memory, BLOCK_RULE,
                         markdown->tone);
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        cell_end(markdown, ((const MD_BLOCK_TD_DETAIL *)detail)->align);
        break;
    case MD_BLOCK_TABLE:
        status = table_build(markdown->builder, &markdown->table, markdown->tone,
                             markdown->blocks, markdown->err);
        break;
    case MD_BLOCK_DOC:
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_CODE:
    case MD_BLOCK_HTML:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_TR:
        break;
    }
    return keep(markdown, status);
}

static int enter_span(MD_SPANTYPE type, void *detail, void *self)
{
    (void)detail;
    if (type == MD_SPAN_STRONG)
        ((struct markdown *)self)->bold++;
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *self)
{
    (void)detail;
    if (type == MD_SPAN_STRONG)
        ((struct markdown *)self)->bold--;
    return 0;
}

/* A line end inside a paragraph is a blank between Latin words, nothing between
 * Chinese characters. */
static void soft_break(struct markdown *markdown)
{
    const struct atoms *atoms = &markdown->now;
    const char *text = atoms->count == 0 ? NULL : atoms->items[atoms->count - 1].text;
    size_t length = text == NULL ? 0 : strlen(text);

    if (length > 0 && (unsigned char)text[length - 1] < 0x80)
        text_add(markdown, " ", &" "[1]);
}

static void entity_add(struct markdown *markdown, const char *text, size_t length)
{
    static const char *const names[] = { "&nbsp;", "&amp;", "&lt;", "&gt;", "&quot;" };
    static const char *const values[] = { "\xC2\xA0", "&", "<", ">", "\"" };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == length && memcmp(names[i], text, length) == 0) {
            text_add(markdown, values[i], values[i] + strlen(values[i]));
            return;
        }
    mixed_add(markdown, text, length);
}

static int text_found(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *self)
{
    struct markdown *markdown = self;

    switch (type) {
    case MD_TEXT_BR:
        atom_add(markdown, (struct atom){ "\n", -1, markdown->bold > 0 });
        break;
    case MD_TEXT_SOFTBR:
        soft_break(markdown);
        break;
    case MD_TEXT_ENTITY:
        entity_add(markdown, text, size);
        break;
    case MD_TEXT_NORMAL:
    case MD_TEXT_CODE:
    case MD_TEXT_HTML:
    case MD_TEXT_LATEXMATH:
        mixed_add(markdown, text, size);
        break;
    case MD_TEXT_NULLCHAR:
        break;
    }
    return 0;
}

/* CommonMark leaves **注意：**请 as it is: a zero-width space on the inner side
 * of each ** makes it bold; it is dropped again when text is emitted. */
static const char *mend_bold(struct arena *memory, const char *line)
{
    char *out = arena_alloc(memory, strlen(line) * 3 + 1), *to = out;
    bool open = false;

    while (*line != '\0') {
        if (line[0] == '\\' && line[1] != '\0') {
            *to++ = *line++;
            *to++ = *line++;
            continue;
        }
        if (line[0] != '*' || line[1] != '*') {
            *to++ = *line++;
            continue;
        }
        if (open)
            to = (char *)memcpy(to, "\xE2\x80\x8B", 3) + 3;
        *to++ = '*';
        *to++ = '*';
        if (!open)
            to = (char *)memcpy(to, "\xE2\x80\x8B", 3) + 3;
        open = !open;
        line += 2;
    }
    *to = '\0';
    return out;
}

enum status template_markdown(struct builder *builder, size_t from, size_t until,
                              enum tone tone, struct blocks *blocks, struct error *err)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_TABLES | MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = text_found,
    };
    struct markdown markdown = {
        .builder = builder, .blocks = blocks, .tone = tone, .err = err
    };
    size_t length = 0, line;
    char *text, *to;
    int failed;

    const char **mended =
        arena_alloc(builder->memory, (until - from + 1) * sizeof *mended);

    for (line = from; line < until; line++) {
        const char *taken;

        TRY(place_take(builder, builder->lines[line], (int)line + 1, &taken, err));
        mended[line - from] = mend_bold(builder->memory, taken);
        length += strlen(mended[line - from]) + 1;
    }
    text = to = arena_alloc(builder->memory, length + 1);
    for (line = from; line < until; line++) {
        size_t size = strlen(mended[line - from]);

        memcpy(to, mended[line - from], size);
        to[size] = '\n';
        to += size + 1;
    }
    failed = md_parse(text, (MD_SIZE)length, &parser, &markdown);
    if (markdown.status != HY_OK)
        return markdown.status;
    if (failed != 0) /* every text is Markdown: md4c fails of itself for memory only */
        return fail(err, HY_MEMORY, "内存不足 (out of memory)");
    return HY_OK;
}
