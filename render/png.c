/* png.c - a picture row by row into a PNG file, and the look back at it. */
#include "render/png.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "core/file.h"

enum { HEAD_BYTES = 13, PART = 1 << 16, PNG_MOST = 128 << 20 };

static const unsigned char mark[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };

struct png {
    FILE *file;
    uint32_t width, height;
    z_stream squeeze;
    bool squeezing;
    unsigned char *line; /* filter byte and row */
    unsigned char out[PART];
};

static void put_number(unsigned char at[4], uint32_t number)
{
    int i;

    for (i = 0; i < 4; i++)
        at[i] = (unsigned char)(number >> (24 - 8 * i));
}

static uint32_t take_number(const unsigned char at[4])
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static enum status put_chunk(struct png *png, const char name[5],
                             const unsigned char *bytes, size_t length,
                             struct error *err)
{
    unsigned char frame[8], sum[4];
    uLong crc = crc32(0, (const Bytef *)name, 4);

    if (length > 0)
        crc = crc32(crc, bytes, (uInt)length);
    put_number(frame, (uint32_t)length);
    memcpy(frame + 4, name, 4);
    put_number(sum, (uint32_t)crc);
    if (fwrite(frame, 1, 8, png->file) != 8
        || fwrite(bytes, 1, length, png->file) != length
        || fwrite(sum, 1, 4, png->file) != 4)
        return fail(err, HY_IO, "图片写不进去，磁盘可能满了 (png)");
    return HY_OK;
}

static enum status put_head(struct png *png, struct error *err)
{
    unsigned char head[HEAD_BYTES] = { 0 };

    put_number(head, png->width);
    put_number(head + 4, png->height);
    head[8] = 8; /* bits */
    head[9] = 2; /* RGB */
    return put_chunk(png, "IHDR", head, sizeof head, err);
}

enum status png_open(const char *path, uint32_t width, struct arena *memory,
                     struct png **out, struct error *err)
{
    struct png *png = arena_alloc(memory, sizeof *png);
    size_t row = (size_t)width * 3;

    memset(png, 0, sizeof *png);
    *out = png;
    png->width = width;
    png->line = arena_alloc(memory, row + 1);
    png->line[0] = 0;
    png->file = fopen(path, "wb");
    if (png->file == NULL)
        return fail(err, HY_CREATE, "图片写不了：%s (png)", path);
    if (deflateInit(&png->squeeze, 6) != Z_OK)
        return fail(err, HY_MEMORY, "内存不足 (png)");
    png->squeezing = true;
    png->squeeze.next_out = png->out;
    png->squeeze.avail_out = PART;
    if (fwrite(mark, 1, sizeof mark, png->file) != sizeof mark)
        return fail(err, HY_IO, "图片写不进去，磁盘可能满了 (png)");
    return put_head(png, err);
}

static enum status squeeze_line(struct png *png, int flush, struct error *err)
{
    int result;

    do {
        result = deflate(&png->squeeze, flush);
        if (result == Z_STREAM_ERROR)
            return fail(err, HY_INTERNAL, "图片压缩出错 (png)");
        if (png->squeeze.avail_out == 0 || result == Z_STREAM_END) {
            TRY(put_chunk(png, "IDAT", png->out, PART - png->squeeze.avail_out, err));
            png->squeeze.next_out = png->out;
            png->squeeze.avail_out = PART;
        }
    } while (png->squeeze.avail_in > 0
             || (flush == Z_FINISH && result != Z_STREAM_END));
    return HY_OK;
}

/* Unfiltered: measured on pages of letters it packs a quarter better than
 * differences, and level 6 within 7 % of 9 in a sixth of the time. */
enum status png_row(struct png *png, const unsigned char *row, struct error *err)
{
    size_t length = (size_t)png->width * 3;

    memcpy(png->line + 1, row, length);
    png->squeeze.next_in = png->line;
    png->squeeze.avail_in = (uInt)(length + 1);
    png->height++;
    return squeeze_line(png, Z_NO_FLUSH, err);
}

/* The height is known only now: the head is written once more. */
enum status png_close(struct png *png, struct error *err)
{
    enum status status = squeeze_line(png, Z_FINISH, err);

    if (status == HY_OK)
        status = put_chunk(png, "IEND", (const unsigned char *)"", 0, err);
    if (status == HY_OK && fseek(png->file, sizeof mark, SEEK_SET) != 0)
        status = fail(err, HY_IO, "图片写不进去 (png)");
    if (status == HY_OK)
        status = put_head(png, err);
    if (fclose(png->file) != 0 && status == HY_OK)
        status = fail(err, HY_IO, "图片写不进去，磁盘可能满了 (png)");
    png->file = NULL;
    png_drop(png);
    return status;
}

void png_drop(struct png *png)
{
    if (png == NULL)
        return;
    if (png->file != NULL)
        (void)fclose(png->file);
    png->file = NULL;
    if (png->squeezing)
        (void)deflateEnd(&png->squeeze);
    png->squeezing = false;
}

/* --- the look back ---------------------------------------------------------------- */

struct look {
    z_stream open;
    uint64_t bytes; /* of rows, unpacked */
    bool whole;     /* the packed stream has ended */
};

static bool unpack(struct look *look, const unsigned char *bytes, size_t length)
{
    unsigned char out[PART];
    int result;

    look->open.next_in = (Bytef *)(uintptr_t)bytes;
    look->open.avail_in = (uInt)length;
    do {
        look->open.next_out = out;
        look->open.avail_out = sizeof out;
        result = inflate(&look->open, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return false;
        look->bytes += sizeof out - look->open.avail_out;
        look->whole = result == Z_STREAM_END;
    } while (look->open.avail_out == 0 && !look->whole);
    return look->open.avail_in == 0;
}

/* "IHDR", any number of "IDAT", "IEND", and nothing after it. */
static bool chunks_hold(const unsigned char *bytes, size_t length, struct look *look)
{
    size_t at = sizeof mark, number;

    for (number = 0; at + 12 <= length; number++) {
        size_t part = take_number(bytes + at);
        const unsigned char *name = bytes + at + 4;

        if (part > length - at - 12
            || take_number(name + 4 + part) != crc32(0, name, (uInt)(part + 4)))
            return false;
        at += part + 12;
        if (memcmp(name, "IEND", 4) == 0)
            return at == length && number > 1;
        if (number == 0 ? memcmp(name, "IHDR", 4) != 0 || part != HEAD_BYTES
                        : memcmp(name, "IDAT", 4) != 0 || !unpack(look, name + 4, part))
            return false;
    }
    return false;
}

enum status png_check(const char *path, uint32_t *width, uint32_t *height,
                      struct error *err)
{
    struct arena *memory = arena_new();
    struct look look = { .bytes = 0 };
    const unsigned char *bytes;
    size_t length = 0;
    enum status status = file_read(path, PNG_MOST, memory, &bytes, &length, err);
    bool good = status == HY_OK && length > 40 && memcmp(bytes, mark, sizeof mark) == 0
                && inflateInit(&look.open) == Z_OK;

    if (good) {
        *width = take_number(bytes + 16);
        *height = take_number(bytes + 20);
        good = chunks_hold(bytes, length, &look) && look.whole && *height > 0
               && look.bytes == ((uint64_t)*width * 3 + 1) * *height;
        (void)inflateEnd(&look.open);
    }
    if (status == HY_OK && !good)
        status = fail(err, HY_INTERNAL, "图片没有写全：%s (png)", path);
    arena_free(memory);
    return status;
}
