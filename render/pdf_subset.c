/* pdf_subset.c - writes a small font file out of a big one (glyf outlines). */
#include "render/pdf_sfnt_internal.h"

#include <string.h>

enum {
    FLAG_WORDS = 0x1,
    FLAG_SCALE = 0x8,
    FLAG_MORE = 0x20,
    FLAG_SCALE_XY = 0x40,
    FLAG_MATRIX = 0x80,
    FLAG_INSTRUCTIONS = 0x100,
    PARTS_MOST = 64,
    DEPTH_MOST = 8,
    TABLES_OUT = 6,
    GLYPH_HEAD = 10
};

struct bytes {
    struct arena *memory;
    unsigned char *at;
    size_t length, room;
};

struct cut { /* one subset in the making */
    const struct sfnt *font;
    uint16_t *renumber, *list; /* old -> new, new -> old */
    size_t count;
    struct bytes outlines, places, widths;
};

static void put(struct bytes *to, const void *from, size_t length)
{
    if (to->length + length > to->room) {
        size_t room = (to->length + length) * 2 + 256;
        to->at = arena_grow(to->memory, to->at, to->length, room);
        to->room = room;
    }
    if (from)
        memcpy(to->at + to->length, from, length);
    else
        memset(to->at + to->length, 0, length);
    to->length += length;
}

static void put16(struct bytes *to, uint32_t value)
{
    unsigned char raw[2] = { (unsigned char)(value >> 8), (unsigned char)value };
    put(to, raw, sizeof raw);
}

static void put32(struct bytes *to, uint32_t value)
{
    put16(to, value >> 16);
    put16(to, value & 0xFFFF);
}

static void pad(struct bytes *to)
{
    while (to->length & 3)
        put(to, NULL, 1);
}

static uint32_t sum_of(const unsigned char *at, size_t length)
{
    uint32_t sum = 0;
    for (size_t i = 0; i + 4 <= length; i += 4)
        sum += sfnt_u32(at + i);
    return sum;
}

static size_t place_of(const struct sfnt *font, uint32_t glyph)
{
    const unsigned char *loca = font->table[SFNT_LOCA].at;
    return font->long_loca ? sfnt_u32(loca + 4 * (size_t)glyph)
                           : 2 * (size_t)sfnt_u16(loca + 2 * (size_t)glyph);
}

static void want(struct cut *cut, uint32_t glyph)
{
    if (glyph && glyph < cut->font->glyphs && !cut->renumber[glyph]) {
        cut->renumber[glyph] = (uint16_t)cut->count;
        cut->list[cut->count++] = (uint16_t)glyph;
    }
}

/* Outline without its instructions; false when it does not hold together. */
static bool copy_simple(struct cut *cut, const unsigned char *at, size_t length)
{
    size_t head = GLYPH_HEAD + 2 * (size_t)sfnt_s16(at);
    if (head + 2 > length)
        return false;
    size_t skip = sfnt_u16(at + head);
    if (head + 2 + skip > length)
        return false;
    put(&cut->outlines, at, head);
    put16(&cut->outlines, 0);
    put(&cut->outlines, at + head + 2 + skip, length - head - 2 - skip);
    return true;
}

static size_t part_size(uint32_t flags)
{
    size_t size = flags & FLAG_WORDS ? 8 : 6;
    if (flags & FLAG_SCALE)
        return size + 2;
    if (flags & FLAG_SCALE_XY)
        return size + 4;
    return flags & FLAG_MATRIX ? size + 8 : size;
}

/* A glyph made of others: they are wanted too, under their new numbers.  The
 * numbers are unsigned: libharu reads them as signed and loses most. */
static bool copy_composite(struct cut *cut, const unsigned char *at, size_t length)
{
    size_t pos = GLYPH_HEAD;
    put(&cut->outlines, at, GLYPH_HEAD);
    for (int part = 0; part < PARTS_MOST; part++) {
        if (pos + 4 > length)
            return false;
        uint32_t flags = sfnt_u16(at + pos), glyph = sfnt_u16(at + pos + 2);
        size_t size = part_size(flags);
        if (pos + size > length || glyph >= cut->font->glyphs)
            return false;
        want(cut, glyph);
        put16(&cut->outlines, flags & ~(uint32_t)FLAG_INSTRUCTIONS);
        put16(&cut->outlines, cut->renumber[glyph]);
        put(&cut->outlines, at + pos + 4, size - 4);
        pos += size;
        if (!(flags & FLAG_MORE))
            return true;
    }
    return false;
}

static uint32_t contours(const struct sfnt *font, uint32_t glyph, int depth)
{
    if (glyph >= font->glyphs || depth > DEPTH_MOST)
        return 0;
    size_t from = place_of(font, glyph), until = place_of(font, glyph + 1);
    size_t end = font->table[SFNT_GLYF].length, pos = from + GLYPH_HEAD;
    if (until > end || until < from + GLYPH_HEAD)
        return 0;
    const unsigned char *at = font->table[SFNT_GLYF].at;
    if (sfnt_s16(at + from) >= 0)
        return (uint32_t)sfnt_s16(at + from);
    uint32_t sum = 0;
    for (int part = 0; part < PARTS_MOST && pos + 4 <= until; part++) {
        uint32_t flags = sfnt_u16(at + pos);
        sum += contours(font, sfnt_u16(at + pos + 2), depth + 1);
        if (!(flags & FLAG_MORE))
            break;
        pos += part_size(flags);
    }
    return sum;
}

uint32_t sfnt_contours(const struct sfnt *font, uint32_t glyph)
{
    return contours(font, glyph, 0);
}

static enum status copy_glyph(struct cut *cut, uint32_t glyph, struct error *err)
{
    const struct sfnt *font = cut->font;
    size_t from = place_of(font, glyph), until = place_of(font, glyph + 1);
    size_t end = font->table[SFNT_GLYF].length;
    put32(&cut->places, (uint32_t)cut->outlines.length);
    if (until > end)
        until = end;
    if (until > from + GLYPH_HEAD) {
        const unsigned char *at = font->table[SFNT_GLYF].at + from;
        bool whole = sfnt_s16(at) >= 0 ? copy_simple(cut, at, until - from)
                                       : copy_composite(cut, at, until - from);
        if (!whole)
            return fail(err, HY_INTERNAL, "字体里的字形 %u 已损坏", (unsigned)glyph);
        pad(&cut->outlines);
    }
    const unsigned char *hmtx = font->table[SFNT_HMTX].at;
    uint32_t last = font->advances - 1, entry = glyph < last ? glyph : last;
    put(&cut->widths, hmtx + 4 * (size_t)entry, 2);
    put(&cut->widths,
        glyph <= last
            ? hmtx + 4 * (size_t)glyph + 2
            : hmtx + 4 * (size_t)font->advances + 2 * (size_t)(glyph - font->advances),
        2);
    return HY_OK;
}

static void copy_table(struct bytes *to, const struct sfnt_table *table, size_t most)
{
    put(to, table->at, table->length < most ? table->length : most);
}

static void set16(unsigned char *at, size_t value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

/* The file: directory, then the six tables a CIDFontType2 needs. */
static void assemble(struct cut *cut, struct bytes *out)
{
    static const char *const tag[TABLES_OUT] = { "glyf", "head", "hhea",
                                                 "hmtx", "loca", "maxp" };
    struct bytes head = { .memory = out->memory }, hhea = head, maxp = head;
    copy_table(&head, &cut->font->table[SFNT_HEAD], 54);
    memset(head.at + 8, 0, 4);
    set16(head.at + 50, 1);
    copy_table(&hhea, &cut->font->table[SFNT_HHEA], 36);
    set16(hhea.at + 34, cut->count);
    copy_table(&maxp, &cut->font->table[SFNT_MAXP], 32);
    set16(maxp.at + 4, cut->count);
    if (maxp.length >= 28)
        set16(maxp.at + 26, 0); /* no instructions are left */
    struct bytes *const part[TABLES_OUT] = { &cut->outlines, &head,        &hhea,
                                             &cut->widths,   &cut->places, &maxp };
    put32(out, 0x00010000);
    put16(out, TABLES_OUT);
    put16(out, 64);
    put16(out, 2);
    put16(out, TABLES_OUT * 16 - 64);
    size_t offset = 12 + 16 * TABLES_OUT, head_at = 0;
    for (int i = 0; i < TABLES_OUT; i++) {
        size_t length = part[i]->length;
        pad(part[i]);
        put(out, tag[i], 4);
        put32(out, sum_of(part[i]->at, part[i]->length));
        put32(out, (uint32_t)offset);
        put32(out, (uint32_t)length);
        if (part[i] == &head)
            head_at = offset;
        offset += part[i]->length;
    }
    for (int i = 0; i < TABLES_OUT; i++)
        put(out, part[i]->at, part[i]->length);
    uint32_t sum = 0xB1B0AFBAu - sum_of(out->at, out->length);
    set16(out->at + head_at + 8, sum >> 16);
    set16(out->at + head_at + 10, sum & 0xFFFF);
}

enum status sfnt_subset(const struct sfnt *font, const uint8_t *wanted,
                        struct arena *memory, uint16_t *renumber,
                        const unsigned char **bytes, size_t *length, struct error *err)
{
    struct cut cut = { .font = font, .renumber = renumber, .count = 1 };
    cut.list = arena_alloc(memory, (font->glyphs + 1) * sizeof *cut.list);
    cut.outlines.memory = cut.places.memory = cut.widths.memory = memory;
    memset(renumber, 0, font->glyphs * sizeof *renumber);
    for (uint32_t glyph = 1; glyph < font->glyphs; glyph++)
        if (wanted[glyph])
            want(&cut, glyph);
    for (size_t i = 0; i < cut.count; i++) /* the list grows as parts are met */
        TRY(copy_glyph(&cut, cut.list[i], err));
    put32(&cut.places, (uint32_t)cut.outlines.length);
    if (!cut.outlines.length)
        put(&cut.outlines, NULL, 4);
    struct bytes out = { .memory = memory };
    assemble(&cut, &out);
    *bytes = out.at;
    *length = out.length;
    return HY_OK;
}
