/* pdf_sfnt.c - maps a TrueType font, finds glyphs and widths in it. */
#include "render/pdf_sfnt_internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TABLES_MOST = 256, CMAPS_MOST = 64, HEAD_SIZE = 54, HHEA_SIZE = 36 };

static const char *const table_tag[SFNT_TABLES] = { "head", "hhea", "maxp", "hmtx",
                                                    "loca", "glyf", "cmap" };

uint32_t sfnt_u16(const unsigned char *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

int32_t sfnt_s16(const unsigned char *at)
{
    return (int16_t)sfnt_u16(at);
}

uint32_t sfnt_u32(const unsigned char *at)
{
    return sfnt_u16(at) << 16 | sfnt_u16(at + 2);
}

static bool find_tables(struct sfnt *font, uint32_t start)
{
    if ((uint64_t)start + 12 > font->length)
        return false;
    uint32_t count = sfnt_u16(font->bytes + start + 4);
    if (count > TABLES_MOST || (uint64_t)start + 12 + 16 * count > font->length)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const unsigned char *entry = font->bytes + start + 12 + 16 * i;
        uint32_t offset = sfnt_u32(entry + 8), length = sfnt_u32(entry + 12);
        for (int t = 0; t < SFNT_TABLES; t++) {
            if (memcmp(entry, table_tag[t], 4) != 0)
                continue;
            if ((uint64_t)offset + length > font->length)
                return false;
            font->table[t] = (struct sfnt_table){ font->bytes + offset, length };
        }
    }
    return true;
}

static bool measure_tables(struct sfnt *font)
{
    const struct sfnt_table *table = font->table;
    for (int t = 0; t < SFNT_TABLES; t++)
        if (!table[t].length)
            return false;
    if (table[SFNT_HEAD].length < HEAD_SIZE || table[SFNT_HHEA].length < HHEA_SIZE
        || table[SFNT_MAXP].length < 6)
        return false;
    font->em = sfnt_u16(table[SFNT_HEAD].at + 18);
    font->long_loca = sfnt_u16(table[SFNT_HEAD].at + 50) != 0;
    font->glyphs = sfnt_u16(table[SFNT_MAXP].at + 4);
    font->advances = sfnt_u16(table[SFNT_HHEA].at + 34);
    uint64_t loca = ((uint64_t)font->glyphs + 1) * (font->long_loca ? 4 : 2);
    return font->em && font->glyphs && font->advances && font->advances <= font->glyphs
           && table[SFNT_LOCA].length >= loca
           && table[SFNT_HMTX].length
                  >= 4 * font->advances + 2 * (font->glyphs - font->advances);
}

/* The widest table of characters it has: 12 (all of Unicode) before 4 (the
 * basic plane). */
static bool find_cmap(struct sfnt *font)
{
    const struct sfnt_table *table = &font->table[SFNT_CMAP];
    uint32_t count = table->length < 4 ? 0 : sfnt_u16(table->at + 2);
    for (uint32_t i = 0; i < count && i < CMAPS_MOST; i++) {
        if (4 + 8 * (i + 1) > table->length)
            return false;
        const unsigned char *entry = table->at + 4 + 8 * i;
        uint32_t platform = sfnt_u16(entry), offset = sfnt_u32(entry + 4);
        if ((platform != 3 && platform != 0) || (uint64_t)offset + 16 > table->length)
            continue;
        const unsigned char *map = table->at + offset;
        uint32_t format = sfnt_u16(map), room = table->length - offset;
        if (format == 12 && 16 + 12 * (uint64_t)sfnt_u32(map + 12) <= room) {
            font->groups = map + 16;
            font->group_count = sfnt_u32(map + 12);
        } else if (format == 4 && sfnt_u16(map + 2) <= room
                   && 16 + 4 * (uint64_t)sfnt_u16(map + 6) <= room) {
            font->segments = map;
            font->segment_room = room;
        }
    }
    return font->groups || font->segments;
}

enum status sfnt_open(const char *path, unsigned index, struct sfnt **out,
                      struct error *err)
{
    enum status status = HY_OK;
    struct sfnt *font = NULL;
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &info) != 0 || info.st_size < 64) {
        status = fail(err, HY_INTERNAL, "字体读不到：%s", path);
        goto done;
    }
    font = calloc(1, sizeof *font);
    if (!font) {
        status = fail(err, HY_MEMORY, "内存不足");
        goto done;
    }
    font->length = (size_t)info.st_size;
    void *map = mmap(NULL, font->length, PROT_READ, MAP_PRIVATE, file, 0);
    if (map == MAP_FAILED) {
        status = fail(err, HY_INTERNAL, "字体读不到：%s", path);
        goto done;
    }
    font->bytes = map;
    font->collection = memcmp(font->bytes, "ttcf", 4) == 0;
    uint32_t start = 0;
    if (font->collection && index < sfnt_u32(font->bytes + 8)
        && 16 + 4 * (uint64_t)index <= font->length)
        start = sfnt_u32(font->bytes + 12 + 4 * (size_t)index);
    if (!find_tables(font, start) || !measure_tables(font) || !find_cmap(font))
        status = fail(err, HY_INTERNAL, "%s 不是可用的 TrueType 字体", path);
done:
    if (file >= 0)
        close(file);
    if (status != HY_OK) {
        sfnt_close(font);
        font = NULL;
    }
    *out = font;
    return status;
}

void sfnt_close(struct sfnt *font)
{
    if (!font)
        return;
    if (font->bytes)
        munmap((void *)(uintptr_t)font->bytes, font->length);
    free(font);
}

static uint32_t glyph_in_groups(const struct sfnt *font, uint32_t code)
{
    uint32_t low = 0, high = font->group_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const unsigned char *group = font->groups + 12 * (size_t)middle;
        if (code < sfnt_u32(group))
            high = middle;
        else if (code > sfnt_u32(group + 4))
            low = middle + 1;
        else
            return sfnt_u32(group + 8) + code - sfnt_u32(group);
    }
    return 0;
}

static uint32_t glyph_in_segments(const struct sfnt *font, uint32_t code)
{
    const unsigned char *map = font->segments;
    uint32_t twice = sfnt_u16(map + 6) & ~1u;
    uint32_t low = 0, high = twice / 2;
    while (low < high) { /* the first segment that ends at or after code */
        uint32_t middle = low + (high - low) / 2;
        if (sfnt_u16(map + 14 + 2 * middle) < code)
            low = middle + 1;
        else
            high = middle;
    }
    if (low >= twice / 2)
        return 0;
    const unsigned char *start = map + 16 + twice + 2 * low;
    const unsigned char *delta = start + twice, *range = delta + twice;
    if (sfnt_u16(start) > code)
        return 0;
    if (!sfnt_u16(range))
        return (code + sfnt_u16(delta)) & 0xFFFF;
    const unsigned char *entry = range + sfnt_u16(range) + 2 * (code - sfnt_u16(start));
    if (entry + 2 > map + font->segment_room)
        return 0;
    uint32_t glyph = sfnt_u16(entry);
    return glyph ? (glyph + sfnt_u16(delta)) & 0xFFFF : 0;
}

uint32_t sfnt_glyph(const struct sfnt *font, uint32_t code)
{
    uint32_t glyph = 0;
    if (font->groups)
        glyph = glyph_in_groups(font, code);
    if (!glyph && font->segments && code < 0x10000)
        glyph = glyph_in_segments(font, code);
    return glyph < font->glyphs ? glyph : 0;
}

double sfnt_advance(const struct sfnt *font, uint32_t glyph)
{
    uint32_t entry = glyph < font->advances ? glyph : font->advances - 1;
    return sfnt_u16(font->table[SFNT_HMTX].at + 4 * (size_t)entry) * 1000.0 / font->em;
}

uint32_t sfnt_glyph_count(const struct sfnt *font)
{
    return font->glyphs;
}

bool sfnt_collection(const struct sfnt *font)
{
    return font->collection;
}

struct sfnt_shape sfnt_shape(const struct sfnt *font)
{
    const unsigned char *head = font->table[SFNT_HEAD].at;
    const unsigned char *hhea = font->table[SFNT_HHEA].at;
    int em = (int)font->em;
    struct sfnt_shape shape = { sfnt_s16(hhea + 4) * 1000 / em,
                                sfnt_s16(hhea + 6) * 1000 / em,
                                { 0, 0, 0, 0 } };
    for (int i = 0; i < 4; i++)
        shape.box[i] = sfnt_s16(head + 36 + 2 * i) * 1000 / em;
    return shape;
}

struct sfnt *sfnt_outlines(const void *bytes, size_t length, struct arena *memory)
{
    struct sfnt *font = arena_alloc(memory, sizeof *font);
    const struct sfnt_table *table = font->table;
    font->bytes = bytes;
    font->length = length;
    if (!find_tables(font, 0) || table[SFNT_HEAD].length < HEAD_SIZE
        || table[SFNT_MAXP].length < 6)
        return NULL;
    font->long_loca = sfnt_u16(table[SFNT_HEAD].at + 50) != 0;
    font->glyphs = sfnt_u16(table[SFNT_MAXP].at + 4);
    uint64_t loca = ((uint64_t)font->glyphs + 1) * (font->long_loca ? 4 : 2);
    return table[SFNT_LOCA].length >= loca ? font : NULL;
}
