/* pdf_font.c - the chain of Chinese faces and what stands in for a missing sign. */
#include "render/pdf_font.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/file.h"

struct face_place {
    const char *path, *package;
    unsigned index;
};

static const struct face_place places[FACES_MOST] = {
    { "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "fonts-wqy-microhei", 0 },
    { "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", "fonts-wqy-zenhei", 0 },
    { "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
      "fonts-lxgw-wenkai", 0 },
};

/* Signs that may be missing, and a plain one that reads the same. */
static const uint32_t substitutes[][2] = {
    { 0x2212, '-' },    { 0x2011, '-' },    { 0x2010, '-' },    { 0x2013, '-' },
    { 0x00A0, ' ' },    { 0x2009, ' ' },    { 0x202F, ' ' },    { 0x2002, ' ' },
    { 0x2003, 0x3000 }, { 0x2022, 0x00B7 }, { 0x2030, 0xFF05 }, { 0x2500, 0x2014 },
    { 0xFF0D, '-' },    { 0x2E3A, 0x2014 }, { 0x30FB, 0x00B7 }, { 0x2027, 0x00B7 },
    { 0x2298, 0x00D8 },
};

enum { GETA = 0x3013 }; /* 〓, the printer's mark for a missing sort */

struct fonts {
    struct sfnt *face[FACES_MOST];
};

static void fonts_free(struct fonts *fonts)
{
    for (int i = 0; i < FACES_MOST; i++)
        sfnt_close(fonts->face[i]);
    free(fonts);
}

static enum status fonts_load(struct fonts **out, struct error *err)
{
    struct fonts *fonts = calloc(1, sizeof *fonts);
    if (!fonts)
        return fail(err, HY_MEMORY, "内存不足");
    for (int i = 0; i < FACES_MOST; i++) {
        if (i > 0 && !file_exists(places[i].path))
            continue;
        enum status status =
            sfnt_open(places[i].path, places[i].index, &fonts->face[i], err);
        if (status == HY_OK)
            continue;
        fonts_free(fonts);
        return fail(err, status, "中文字体用不了：%s。请安装：apt install %s",
                    places[i].path, places[i].package);
    }
    *out = fonts;
    return HY_OK;
}

enum status fonts_open(struct fonts **out, struct error *err)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct fonts *shared;
    (void)pthread_mutex_lock(&lock);
    enum status status = shared ? HY_OK : fonts_load(&shared, err);
    *out = shared;
    (void)pthread_mutex_unlock(&lock);
    return status;
}

/* Control signs, marks of direction, blanks of no width: never drawn. */
static bool is_silent(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0)
           || (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E)
           || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || code == 0x00AD
           || (code >= 0xFE00 && code <= 0xFE0F);
}

static bool find_face(const struct fonts *fonts, uint32_t code, struct glyph *glyph)
{
    for (int i = 0; i < FACES_MOST; i++) {
        uint32_t number = fonts->face[i] ? sfnt_glyph(fonts->face[i], code) : 0;
        if (!number)
            continue;
        *glyph = (struct glyph){ i, code, sfnt_advance(fonts->face[i], number) };
        return true;
    }
    return false;
}

static bool find_any(const struct fonts *fonts, uint32_t code, struct glyph *glyph)
{
    /* Private use: some fonts have pictures there, readers see nothing sensible. */
    bool is_private = (code >= 0xE000 && code <= 0xF8FF) || code >= 0xF0000;
    if (!is_private && find_face(fonts, code, glyph))
        return true;
    for (size_t i = 0; i < sizeof substitutes / sizeof *substitutes; i++)
        if (substitutes[i][0] == code && find_face(fonts, substitutes[i][1], glyph))
            return true;
    return false;
}

struct glyph fonts_glyph(const struct fonts *fonts, uint32_t code)
{
    struct glyph glyph = { FACE_NONE, code, 0 };
    if (!is_silent(code) && !find_any(fonts, code, &glyph))
        find_face(fonts, GETA, &glyph);
    return glyph;
}

bool fonts_lost(const struct fonts *fonts, uint32_t code)
{
    struct glyph glyph;
    return !is_silent(code) && !find_any(fonts, code, &glyph);
}

double fonts_width(const struct fonts *fonts, struct text text, double size)
{
    double width = 0;
    const char *at = text.at, *end = text.at + text.length;
    while (at < end)
        width += fonts_glyph(fonts, text_next(&at, end)).advance;
    return width * size / 1000;
}

const struct sfnt *fonts_face(const struct fonts *fonts, int face)
{
    return fonts->face[face];
}

const char *fonts_path(int face)
{
    return places[face].path;
}

unsigned fonts_index(int face)
{
    return places[face].index;
}
