/* bystander.c - files that stand beside the exports: told by name or by content. */
#include "ingest/bystander.h"

#include <string.h>

#include "core/zip.h"

enum {
    PROPERTIES_LARGEST = 64 << 10, /* docProps/core.xml of ours has 700 bytes */
    HEAD_BYTES = 4096              /* of a page of ours: its generator stands here */
};

enum bystander bystander_name(const char *name)
{
    static const char *const hidden[] = { "Thumbs.db", "desktop.ini", "__MACOSX" };
    size_t i;

    if (strncmp(name, "~$", 2) == 0 || strncmp(name, ".~", 2) == 0)
        return BYSTANDER_LOCK;
    for (i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (strcmp(name, hidden[i]) == 0)
            return BYSTANDER_HIDDEN;
    if (name[0] == '.' || text_ends(text_of(name), ".map"))
        return BYSTANDER_HIDDEN;
    return BYSTANDER_NONE;
}

static bool holds(const void *bytes, size_t length, const void *part, size_t size)
{
    return memmem(bytes, length, part, size) != NULL;
}

static bool begins(const struct source *source, const char *magic, size_t length)
{
    return source->length >= length && memcmp(source->bytes, magic, length) == 0;
}

static bool is_picture(const struct source *source)
{
    static const struct {
        const char *magic;
        size_t length;
    } kinds[] = {
        { "\x89PNG\r\n", 6 }, { "\xFF\xD8\xFF", 3 }, { "GIF87a", 6 },
        { "GIF89a", 6 },      { "II*\0", 4 },        { "MM\0*", 4 },
    };
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (begins(source, kinds[i].magic, kinds[i].length))
            return true;
    return (begins(source, "RIFF", 4) && source->length >= 12
            && memcmp(source->bytes + 8, "WEBP", 4) == 0)
           || (source->length >= 12 && memcmp(source->bytes + 4, "ftyphei", 7) == 0);
}

/* The property that render_xlsx.c writes, and only there. */
static bool is_own_workbook(const struct source *source)
{
    static const char mark[] = "<dc:description>huiyin 回音</dc:description>";
    struct arena *memory = arena_new();
    const unsigned char *bytes;
    struct zip *zip = NULL;
    struct error ignored;
    size_t length;
    bool own = false;
    int member;

    if (zip_open(&zip, source->bytes, source->length, &ignored) == HY_OK) {
        member = zip_find(zip, "docProps/core.xml");
        if (member >= 0
            && zip_whole(zip, (size_t)member, PROPERTIES_LARGEST, memory, &bytes,
                         &length, &ignored)
                   == HY_OK)
            own = holds(bytes, length, mark, sizeof mark - 1);
    }
    zip_close(zip);
    arena_free(memory);
    return own;
}

/* The creator that pdf_canvas.c gives, as libharu writes it: UTF-16 in hexadecimal. */
static bool is_own_pdf(const struct source *source)
{
    static const char mark[] = "/Creator <FEFF00680075006900790069006E0020";

    return holds(source->bytes, source->length, mark, sizeof mark - 1);
}

static bool is_own_page(const struct source *source)
{
    static const char mark[] = "name=\"generator\" content=\"huiyin";
    size_t length = source->length < HEAD_BYTES ? source->length : HEAD_BYTES;

    return holds(source->bytes, length, mark, sizeof mark - 1);
}

enum bystander bystander_bytes(const struct source *source)
{
    if (is_picture(source))
        return BYSTANDER_PICTURE;
    if (begins(source, "PK\x03\x04", 4))
        return is_own_workbook(source) ? BYSTANDER_OWN : BYSTANDER_NONE;
    if (begins(source, "%PDF", 4))
        return is_own_pdf(source) ? BYSTANDER_OWN : BYSTANDER_NONE;
    return is_own_page(source) ? BYSTANDER_OWN : BYSTANDER_NONE;
}
