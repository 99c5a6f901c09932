/* pdf_face.c - libharu's font objects, mended before the file is saved. */
#include "render/pdf_face.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK_MOST = 100 };

enum status pdf_face_load(struct pdf_face *face, HPDF_Doc document, int number,
                          struct error *err)
{
    const char *path = fonts_path(number), *dot = strrchr(path, '.');
    const char *name =
        dot && !strcmp(dot, ".ttc")
            ? HPDF_LoadTTFontFromFile2(document, path, fonts_index(number), HPDF_TRUE)
            : HPDF_LoadTTFontFromFile(document, path, HPDF_TRUE);
    if (name)
        face->font = HPDF_GetFont(document, name, "UTF-8");
    if (!face->font)
        return fail(err, HY_INTERNAL, "字体装不进 PDF：%s（libharu 0x%04lX）", path,
                    (unsigned long)HPDF_GetError(document));
    return HY_OK;
}

uint32_t pdf_face_use(struct pdf_face *face, uint32_t code)
{
    if (code >= CODES) {
        size_t i = 0;
        while (i < face->far_count && face->far[i] != code)
            i++;
        if (i == PRIVATE_MOST)
            return ' ';
        if (i == face->far_count)
            face->far[face->far_count++] = code;
        code = PRIVATE_FIRST + (uint32_t)i;
    }
    face->used[code] = 1;
    return code;
}

static uint32_t code_of(const struct pdf_face *face, uint32_t shown)
{
    bool is_far = shown >= PRIVATE_FIRST && shown < PRIVATE_FIRST + face->far_count;
    return is_far ? face->far[shown - PRIVATE_FIRST] : shown;
}

static HPDF_Dict add_stream(HPDF_Font font, HPDF_FontAttr inner,
                            const unsigned char *bytes, size_t length)
{
    HPDF_Dict file = HPDF_DictStream_New(font->mmgr, inner->xref);
    if (!file)
        return NULL;
    HPDF_Stream_Write(file->stream, bytes, (HPDF_UINT)length);
    HPDF_Dict_AddNumber(file, "Length1", (HPDF_INT32)length);
    file->filter = HPDF_STREAM_FILTER_FLATE_DECODE;
    return file;
}

/* With a descriptor of ours in place libharu writes none, nor its own subset. */
static enum status set_descriptor(HPDF_Font font, HPDF_FontAttr inner,
                                  struct sfnt_shape shape, HPDF_Dict file,
                                  struct error *err)
{
    HPDF_TTFontDefAttr definition = inner->fontdef->attr;
    HPDF_Dict descriptor = HPDF_Dict_New(font->mmgr);
    if (!file || !descriptor || HPDF_Xref_Add(inner->xref, descriptor) != HPDF_OK)
        return fail(err, HY_INTERNAL, "写字体时 libharu 出错");
    HPDF_Box box = { (HPDF_REAL)shape.box[0], (HPDF_REAL)shape.box[1],
                     (HPDF_REAL)shape.box[2], (HPDF_REAL)shape.box[3] };
    int capital = inner->fontdef->cap_height ? inner->fontdef->cap_height : 700;
    HPDF_Dict_AddName(descriptor, "Type", "FontDescriptor");
    HPDF_Dict_AddName(descriptor, "FontName", definition->base_font);
    HPDF_Dict_AddNumber(descriptor, "Flags", 4);
    HPDF_Dict_Add(descriptor, "FontBBox", HPDF_Box_Array_New(font->mmgr, box));
    HPDF_Dict_AddNumber(descriptor, "ItalicAngle", 0);
    HPDF_Dict_AddNumber(descriptor, "Ascent", shape.ascent);
    HPDF_Dict_AddNumber(descriptor, "Descent", shape.descent);
    HPDF_Dict_AddNumber(descriptor, "CapHeight", capital);
    HPDF_Dict_AddNumber(descriptor, "StemV", 80);
    HPDF_Dict_Add(descriptor, "FontFile2", file);
    inner->fontdef->descriptor = descriptor;
    return HY_OK;
}

static void set_widths(const struct pdf_face *face, const struct sfnt *sfnt,
                       HPDF_Dict child)
{
    HPDF_Array widths = HPDF_Dict_GetItem(child, "W", HPDF_OCLASS_ARRAY), run = NULL;
    uint32_t last = 0;
    HPDF_Array_Clear(widths);
    HPDF_Dict_AddNumber(child, "DW", 1000);
    for (uint32_t shown = 0; shown < CODES; shown++) {
        if (!face->used[shown])
            continue;
        double advance = sfnt_advance(sfnt, sfnt_glyph(sfnt, code_of(face, shown)));
        int width = (int)(advance + 0.5);
        if (width == 1000)
            continue;
        if (!run || shown != last + 1) {
            HPDF_Array_AddNumber(widths, (HPDF_INT32)shown);
            run = HPDF_Array_New(child->mmgr);
            HPDF_Array_Add(widths, run);
        }
        HPDF_Array_AddNumber(run, width);
        last = shown;
    }
}

static void rewrite(HPDF_Dict stream, const void *bytes, size_t length)
{
    HPDF_MemStream_FreeData(stream->stream);
    HPDF_Stream_Write(stream->stream, bytes, (HPDF_UINT)length);
    stream->filter = HPDF_STREAM_FILTER_FLATE_DECODE;
}

/* Code shown -> glyph of the subset, only as far as the highest in use. */
static void set_glyph_map(const struct pdf_face *face, const struct sfnt *sfnt,
                          const uint16_t *renumber, struct arena *memory,
                          HPDF_Dict stream)
{
    unsigned char *map = arena_alloc(memory, 2 * (size_t)CODES);
    size_t length = 2;
    for (uint32_t shown = 0; shown < CODES; shown++) {
        if (!face->used[shown])
            continue;
        uint16_t glyph = renumber[sfnt_glyph(sfnt, code_of(face, shown))];
        map[2 * shown] = (unsigned char)(glyph >> 8);
        map[2 * shown + 1] = (unsigned char)glyph;
        length = 2 * (size_t)shown + 2;
    }
    rewrite(stream, map, length);
}

static size_t say_unicode(char *out, size_t room, uint32_t shown, uint32_t code)
{
    if (code < CODES)
        return (size_t)snprintf(out, room, "<%04X> <%04X>\n", (unsigned)shown,
                                (unsigned)code);
    return (size_t)snprintf(out, room, "<%04X> <%04X%04X>\n", (unsigned)shown,
                            (unsigned)(0xD800 + ((code - 0x10000) >> 10)),
                            (unsigned)(0xDC00 + ((code - 0x10000) & 0x3FF)));
}

/* What a reader copies: libharu writes "cidrange", which readers refuse. */
static void set_unicode(const struct pdf_face *face, struct arena *memory,
                        HPDF_Dict stream)
{
    static const char head[] = "/CIDInit /ProcSet findresource begin\n12 dict begin\n"
                               "begincmap\n/CIDSystemInfo << /Registry (Adobe) "
                               "/Ordering (UCS) /Supplement 0 >> def\n"
                               "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                               "1 begincodespacerange\n<0000> <FFFF>\n"
                               "endcodespacerange\n";
    static const char foot[] = "endcmap\nCMapName currentdict /CMap defineresource "
                               "pop\nend\nend\n";
    static const char *const stale[] = { "Type", "CMapName", "CIDSystemInfo", "WMode" };
    size_t total = 0;
    for (uint32_t shown = 0; shown < CODES; shown++)
        total += face->used[shown];
    size_t room =
        sizeof head + sizeof foot + total * 24 + (total / BLOCK_MOST + 1) * 32;
    char *text = arena_alloc(memory, room);
    size_t length = (size_t)snprintf(text, room, "%s", head), done = 0;
    for (uint32_t shown = 0; shown < CODES; shown++) {
        if (!face->used[shown])
            continue;
        if (done % BLOCK_MOST == 0)
            length +=
                (size_t)snprintf(text + length, room - length, "%zu beginbfchar\n",
                                 total - done < BLOCK_MOST ? total - done
                                                           : (size_t)BLOCK_MOST);
        length +=
            say_unicode(text + length, room - length, shown, code_of(face, shown));
        if (++done % BLOCK_MOST == 0 || done == total)
            length += (size_t)snprintf(text + length, room - length, "endbfchar\n");
    }
    length += (size_t)snprintf(text + length, room - length, "%s", foot);
    rewrite(stream, text, length);
    for (size_t i = 0; i < sizeof stale / sizeof *stale; i++)
        HPDF_Dict_RemoveElement(stream, stale[i]);
}

enum status pdf_face_finish(struct pdf_face *face, const struct sfnt *sfnt,
                            struct arena *memory, struct error *err)
{
    if (!face->font || strcmp(HPDF_GetVersion(), "2.3.0") != 0)
        return HY_OK;
    HPDF_FontAttr inner = face->font->attr;
    HPDF_Dict child = inner ? inner->descendant_font : NULL;
    if (!child || !inner->map_stream || !inner->cmap_stream)
        return fail(err, HY_INTERNAL, "libharu 的字体结构与 2.3.0 不符");
    uint32_t count = sfnt_glyph_count(sfnt);
    uint8_t *wanted = arena_alloc(memory, count);
    uint16_t *renumber = arena_alloc(memory, count * sizeof *renumber);
    for (uint32_t shown = 0; shown < CODES; shown++)
        if (face->used[shown])
            wanted[sfnt_glyph(sfnt, code_of(face, shown))] = 1;
    const unsigned char *bytes;
    size_t length;
    TRY(sfnt_subset(sfnt, wanted, memory, renumber, &bytes, &length, err));
    TRY(set_descriptor(face->font, inner, sfnt_shape(sfnt),
                       add_stream(face->font, inner, bytes, length), err));
    set_widths(face, sfnt, child);
    HPDF_Dict system = HPDF_Dict_GetItem(child, "CIDSystemInfo", HPDF_OCLASS_DICT);
    HPDF_Dict_Add(system, "Ordering",
                  HPDF_String_New(face->font->mmgr, "Identity", NULL));
    set_glyph_map(face, sfnt, renumber, memory, inner->map_stream);
    set_unicode(face, memory, inner->cmap_stream);
    return HY_OK;
}
