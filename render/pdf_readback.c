/* pdf_readback.c - what a PDF says, read from its content streams and its fonts. */
#include "render/pdf_readback.h"

#include <string.h>

#include "core/file.h"
#include "render/pdf_objects.h"

enum {
    FILE_MOST = 64 << 20,
    PAGES_MOST = 4096,
    FONTS_MOST = 16,
    CODES = 0x10000,
    DEPTH_MOST = 4
};

struct face_read { /* a font of the file, by its object */
    const char *object;
    bool mapped;         /* it says itself what its codes mean */
    uint32_t *meaning;   /* code shown -> Unicode; 0 = does not say */
    struct pdf_span map; /* code shown -> glyph, two bytes each */
    struct sfnt *outlines;
};

struct reading {
    struct pdf_file file;
    struct arena *memory;
    struct face_read faces[FONTS_MOST];
    size_t face_count, page_count;
    struct said_page pages[PAGES_MOST];
    struct { /* names already found on this page */
        struct pdf_span name;
        struct face_read *face;
    } known[FONTS_MOST];
    size_t known_count;
};

void said_add(struct said_page *page, uint32_t code, uint32_t contours,
              struct arena *memory)
{
    if (page->count == page->room) {
        size_t room = page->room * 2 + 512;

        page->items = arena_grow(memory, page->items, page->count * sizeof *page->items,
                                 room * sizeof *page->items);
        page->room = room;
    }
    page->items[page->count++] = (struct said){ code, contours };
}

/* --- fonts -------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "<4E00>" -> 0x4E00, "<D842DFB7>" -> U+20BB7; *digits is how many there were. */
static bool hex_code(struct pdf_span text, uint32_t *out, size_t *digits)
{
    uint32_t value = 0;
    const char *at;

    *digits = 0;
    if (text.end - text.at < 3 || *text.at != '<')
        return false;
    for (at = text.at + 1; at < text.end - 1; at++) {
        int digit = hex_digit(*at);

        if (digit < 0 || ++*digits > 8)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    if (*digits == 8)
        value = 0x10000 + ((value >> 16) - 0xD800) * 0x400 + (value & 0xFFFF) - 0xDC00;
    *out = value;
    return *digits == 4 || *digits == 8;
}

static bool span_is(struct pdf_span span, const char *word)
{
    return (size_t)(span.end - span.at) == strlen(word)
           && memcmp(span.at, word, strlen(word)) == 0;
}

/* "<0041> <0041>" between beginbfchar and endbfchar. */
static bool read_meaning(struct face_read *face, struct pdf_span map)
{
    struct pdf_span token, first = { NULL, NULL };
    bool inside = false;
    uint32_t from, to;
    size_t digits;

    while (pdf_token(&map, &token)) {
        if (span_is(token, "beginbfchar") || span_is(token, "endbfchar")) {
            inside = *token.at == 'b';
            face->mapped = true;
            first.at = NULL;
        } else if (inside && first.at == NULL) {
            first = token;
        } else if (inside) {
            if (!hex_code(first, &from, &digits) || digits != 4
                || !hex_code(token, &to, &digits))
                return false;
            face->meaning[from] = to;
            first.at = NULL;
        }
    }
    return true;
}

static bool face_read(struct reading *reading, struct pdf_span font,
                      struct face_read *face)
{
    const struct pdf_file *file = &reading->file;
    struct pdf_span list, child, value, bytes;

    *face = (struct face_read){ .object = font.at };
    face->meaning = arena_alloc(reading->memory, CODES * sizeof *face->meaning);
    if (!pdf_get(file, font, "ToUnicode", &value)
        || !pdf_stream(file, value, reading->memory, &bytes)
        || !read_meaning(face, bytes))
        return false;
    if (!pdf_get(file, font, "DescendantFonts", &list)
        || !pdf_item(file, list, 0, &child)
        || !pdf_get(file, child, "CIDToGIDMap", &value)
        || !pdf_stream(file, value, reading->memory, &face->map)
        || !pdf_get(file, child, "FontDescriptor", &value)
        || !pdf_get(file, value, "FontFile2", &value)
        || !pdf_stream(file, value, reading->memory, &bytes))
        return false;
    face->outlines =
        sfnt_outlines(bytes.at, (size_t)(bytes.end - bytes.at), reading->memory);
    return face->outlines != NULL;
}

static struct face_read *find_face(struct reading *reading, struct pdf_span fonts,
                                   struct pdf_span name)
{
    struct pdf_span key, font;
    size_t i, known;

    for (i = 0; pdf_entry(&reading->file, fonts, i, &key, &font); i++) {
        if (key.end - key.at != name.end - name.at - 1
            || memcmp(key.at, name.at + 1, (size_t)(key.end - key.at)) != 0)
            continue;
        for (known = 0; known < reading->face_count; known++)
            if (reading->faces[known].object == font.at)
                return &reading->faces[known];
        if (known == FONTS_MOST || !face_read(reading, font, &reading->faces[known]))
            return NULL;
        reading->face_count++;
        return &reading->faces[known];
    }
    return NULL;
}

/* The font called "/F1" on this page. */
static struct face_read *face_of(struct reading *reading, struct pdf_span fonts,
                                 struct pdf_span name)
{
    size_t length = (size_t)(name.end - name.at), i;
    struct face_read *face;

    for (i = 0; i < reading->known_count; i++)
        if ((size_t)(reading->known[i].name.end - reading->known[i].name.at) == length
            && memcmp(reading->known[i].name.at, name.at, length) == 0)
            return reading->known[i].face;
    face = find_face(reading, fonts, name);
    if (face != NULL && i < FONTS_MOST) {
        reading->known[i].name = name;
        reading->known[i].face = face;
        reading->known_count++;
    }
    return face;
}

/* --- pages -------------------------------------------------------------------- */

static uint32_t contours_of(const struct face_read *face, uint32_t shown)
{
    const unsigned char *map = (const unsigned char *)face->map.at;
    size_t length = (size_t)(face->map.end - face->map.at);

    if (2 * (size_t)shown + 2 > length)
        return 0;
    return sfnt_contours(face->outlines,
                         (uint32_t)map[2 * shown] << 8 | map[2 * shown + 1]);
}

/* "<4E004E8C>": two bytes a character. */
static bool read_text(struct reading *reading, const struct face_read *face,
                      struct pdf_span text, struct said_page *page)
{
    const char *at, *end;

    if (text.at == NULL || text.end - text.at < 2 || *text.at != '<')
        return false;
    at = text.at + 1;
    end = text.end - 1;
    if ((end - at) % 4 != 0)
        return false;
    for (; at < end; at += 4) {
        uint32_t shown = 0;

        for (int i = 0; i < 4; i++) {
            int digit = hex_digit(at[i]);

            if (digit < 0)
                return false;
            shown = shown << 4 | (uint32_t)digit;
        }
        said_add(page, face->mapped ? face->meaning[shown] : shown,
                 contours_of(face, shown), reading->memory);
    }
    return true;
}

static bool read_content(struct reading *reading, struct pdf_span content,
                         struct pdf_span fonts, struct said_page *page)
{
    struct pdf_span token, last = { NULL, NULL }, before = { NULL, NULL };
    const struct face_read *face = NULL;

    reading->known_count = 0;
    while (pdf_token(&content, &token)) {
        if (span_is(token, "Tf")) {
            if (before.at == NULL || *before.at != '/')
                return false;
            face = face_of(reading, fonts, before);
        } else if (span_is(token, "Tj")) {
            if (face == NULL || !read_text(reading, face, last, page))
                return false;
        } else if (span_is(token, "TJ") || span_is(token, "'")
                   || span_is(token, "\"")) {
            return false; /* libharu is not asked for these */
        }
        before = last;
        last = token;
    }
    while (content.at < content.end && strchr(" \r\n\t", *content.at) != NULL)
        content.at++;
    return content.at == content.end; /* all of it was understood */
}

static bool read_page(struct reading *reading, struct pdf_span node)
{
    const struct pdf_file *file = &reading->file;
    struct pdf_span value, content, fonts = { "<<>>", NULL };

    fonts.end = fonts.at + 4;
    if (reading->page_count == PAGES_MOST || !pdf_get(file, node, "Contents", &value)
        || !pdf_stream(file, value, reading->memory, &content))
        return false;
    if (pdf_get(file, node, "Resources", &value))
        (void)pdf_get(file, value, "Font", &fonts);
    return read_content(reading, content, fonts,
                        &reading->pages[reading->page_count++]);
}

static bool read_tree(struct reading *reading, struct pdf_span node, int depth)
{
    struct pdf_span kids, kid, count;
    size_t i, before = reading->page_count;
    long said;

    if (depth > DEPTH_MOST)
        return false;
    if (!pdf_get(&reading->file, node, "Kids", &kids))
        return read_page(reading, node);
    for (i = 0; pdf_item(&reading->file, kids, i, &kid); i++)
        if (!read_tree(reading, kid, depth + 1))
            return false;
    return pdf_get(&reading->file, node, "Count", &count) && pdf_number(count, &said)
           && said == (long)(reading->page_count - before);
}

enum status pdf_readback(const char *path, struct arena *memory,
                         struct said_page **pages, size_t *count, struct error *err)
{
    struct reading *reading = arena_alloc(memory, sizeof *reading);
    const unsigned char *bytes;
    struct pdf_span root;
    size_t length;

    reading->memory = memory;
    TRY(file_read(path, FILE_MOST, memory, &bytes, &length, err));
    TRY(pdf_open(bytes, length, &reading->file, err));
    if (!pdf_get(&reading->file, reading->file.trailer, "Root", &root)
        || !pdf_get(&reading->file, root, "Pages", &root)
        || !read_tree(reading, root, 0))
        return fail(err, HY_INTERNAL, "PDF 读不回来，第 %zu 页 (cannot read back)",
                    reading->page_count);
    *pages = reading->pages;
    *count = reading->page_count;
    return HY_OK;
}

enum status said_compare(const struct said_page *wanted, size_t wanted_count,
                         const struct said_page *found, size_t found_count,
                         struct error *err)
{
    size_t page, i;

    if (wanted_count != found_count)
        return fail(err, HY_INTERNAL, "PDF 读回来有 %zu 页，应为 %zu 页 (pages lost)",
                    found_count, wanted_count);
    for (page = 0; page < wanted_count; page++) {
        const struct said_page *a = &wanted[page], *b = &found[page];

        for (i = 0; i < a->count && i < b->count; i++)
            if (a->items[i].code != b->items[i].code
                || a->items[i].contours != b->items[i].contours)
                return fail(err, HY_INTERNAL,
                            "PDF 读回来第 %zu 页第 %zu 个字是 U+%04X（%u 笔），应为 "
                            "U+%04X（%u 笔） (text lost)",
                            page + 1, i + 1, (unsigned)b->items[i].code,
                            (unsigned)b->items[i].contours, (unsigned)a->items[i].code,
                            (unsigned)a->items[i].contours);
        if (a->count != b->count)
            return fail(err, HY_INTERNAL,
                        "PDF 读回来第 %zu 页有 %zu 个字，应为 %zu 个 (text lost)",
                        page + 1, b->count, a->count);
    }
    return HY_OK;
}
