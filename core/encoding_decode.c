/* encoding_decode.c - a whole file to UTF-8; what cannot be read becomes U+FFFD. */
#include "core/text.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PAIRS = 1 << 16, /* by the two bytes as they lie in memory */
    STEP_ROOM = 8,   /* the most one step writes */
    IN_FILE_FROM = 32 * 1024 * 1024,
    FILE_STEP = 1024 * 1024
};

static const char REPLACEMENT[] = "\xEF\xBF\xBD";

struct output {
    struct arena *memory;
    char *at;
    size_t length, room, bad;
    int file;       /* -1: all of it is in memory */
    size_t written; /* to the file, before what lies at `at` */
    bool failed;    /* the disk is full */
};

/* What is large goes through a file without a name: the text of a whole year is no
 * memory of the process, and the kernel may put it aside. */
static void output_start(struct output *out, struct arena *memory, size_t room)
{
    const char *place = getenv("TMPDIR");

    *out = (struct output){ .memory = memory, .room = room + STEP_ROOM, .file = -1 };
    if (room >= IN_FILE_FROM) {
        out->file = open(place != NULL && *place != '\0' ? place : "/tmp",
                         O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (out->file >= 0) {
            (void)fallocate(out->file, 0, 0, (off_t)room); /* sooner than bit by bit */
            out->room = FILE_STEP;
        }
    }
    out->at = arena_alloc(memory, out->room);
}

static void write_out(struct output *out, const char *bytes, size_t length)
{
    while (length > 0 && !out->failed) {
        ssize_t count = write(out->file, bytes, length);

        if (count < 0 && errno == EINTR)
            continue;
        out->failed = count <= 0;
        if (out->failed)
            break;
        bytes += count;
        length -= (size_t)count;
        out->written += (size_t)count;
    }
}

static void output_room(struct output *out, size_t more)
{
    size_t room = out->room;

    if (room - out->length >= more)
        return;
    if (out->file >= 0) {
        write_out(out, out->at, out->length);
        out->length = 0;
        if (more <= room)
            return;
    }
    while (room - out->length < more)
        room *= 2;
    out->at = arena_grow(out->memory, out->at, out->length, room);
    out->room = room;
}

/* All of it in one piece. */
static enum status output_end(struct output *out, struct text *text, struct error *err)
{
    size_t length = out->written + out->length;
    enum status status = HY_OK;

    *text = (struct text){ out->at, (uint32_t)length };
    if (length > UINT32_MAX)
        status = fail(err, HY_DATA, "解码后超过 4 GB：请分成几个文件");
    if (status == HY_OK && out->file >= 0 && length > 0) {
        write_out(out, out->at, out->length);
        text->at = out->failed ? NULL : arena_map(out->memory, out->file, length);
        if (text->at == NULL)
            status =
                fail(err, HY_IO,
                     "临时文件写不下（要 %zu MB）：请腾出空间，或用 TMPDIR 指到别处"
                     " (no room for a temporary file)",
                     length >> 20);
    }
    if (out->file >= 0)
        close(out->file);
    return status;
}

static void output_put(struct output *out, const char *bytes, size_t length)
{
    if (out->file >= 0 && length > FILE_STEP) {
        write_out(out, out->at, out->length);
        write_out(out, bytes, length);
        out->length = 0;
        return;
    }
    output_room(out, length);
    memcpy(out->at + out->length, bytes, length);
    out->length += length;
}

static void output_bad(struct output *out)
{
    output_put(out, REPLACEMENT, 3);
    out->bad++;
}

static void output_code(struct output *out, uint32_t code)
{
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        output_bad(out);
        return;
    }
    output_room(out, STEP_ROOM);
    out->length += text_put(code, out->at + out->length);
}

/* Valid stretches are copied whole; a NUL is never text. */
static void decode_utf8(const char *bytes, size_t length, struct output *out)
{
    while (length > 0) {
        size_t good = text_valid(bytes, length);
        const char *nul = memchr(bytes, '\0', good);

        if (nul != NULL)
            good = (size_t)(nul - bytes);
        output_put(out, bytes, good);
        bytes += good;
        length -= good;
        if (length > 0) {
            output_bad(out);
            bytes++;
            length--;
        }
    }
}

static void decode_utf16(const unsigned char *bytes, size_t length, bool big,
                         struct output *out)
{
    size_t i = 0;

    while (i + 1 < length) {
        uint32_t unit = (uint32_t)bytes[i + !big] << 8 | bytes[i + big];

        i += 2;
        if (unit >= 0xD800 && unit <= 0xDBFF && i + 1 < length) {
            uint32_t low = (uint32_t)bytes[i + !big] << 8 | bytes[i + big];

            if (low >= 0xDC00 && low <= 0xDFFF) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        output_code(out, unit);
    }
    if (i < length)
        output_bad(out);
}

static void decode_utf32(const unsigned char *bytes, size_t length, bool big,
                         struct output *out)
{
    size_t i = 0;

    for (; i + 3 < length; i += 4) {
        uint32_t code = 0;

        for (size_t k = 0; k < 4; k++)
            code = code << 8 | bytes[i + (big ? k : 3 - k)];
        output_code(out, code);
    }
    if (i < length)
        output_bad(out);
}

/* One character through iconv; bytes written, 0 when there is none. */
static size_t convert_one(iconv_t handle, const unsigned char *bytes, size_t length,
                          char out[STEP_ROOM])
{
    char from[4];
    char *in_at = from, *out_at = out;
    size_t in_left = length, out_left = STEP_ROOM;

    memcpy(from, bytes, length);
    (void)iconv(handle, NULL, NULL, NULL, NULL);
    if (iconv(handle, &in_at, &in_left, &out_at, &out_left) == (size_t)-1)
        return 0;
    return STEP_ROOM - out_left;
}

struct pair { /* of two bytes; length 0 = none */
    char bytes[3];
    uint8_t length;
};

/* Every two-byte sequence once; all of them lie below U+10000. */
static struct pair *pair_table(iconv_t handle, struct arena *memory)
{
    struct pair *table = arena_alloc(memory, sizeof *table * PAIRS);

    for (unsigned code = 0x8140; code < 0xFF00; code++) {
        unsigned char from[2] = { (unsigned char)(code >> 8), (unsigned char)code };
        char to[STEP_ROOM];
        uint16_t both;
        size_t length;

        if (from[1] < 0x40 || from[1] == 0x7F || from[1] == 0xFF)
            continue;
        length = convert_one(handle, from, 2, to);
        if (length == 0 || length > sizeof table->bytes)
            continue;
        memcpy(&both, from, sizeof both);
        memcpy(table[both].bytes, to, length);
        table[both].length = (uint8_t)length;
    }
    return table;
}

static const struct pair *pair_of(const struct pair *table, const unsigned char *at)
{
    uint16_t both;

    memcpy(&both, at, sizeof both);
    return &table[both];
}

static bool is_four(const unsigned char *at, size_t left)
{
    return left >= 4 && at[1] >= 0x30 && at[1] <= 0x39 && at[2] >= 0x81 && at[2] <= 0xFE
           && at[3] >= 0x30 && at[3] <= 0x39;
}

/* How many of the first eight bytes are ASCII and not NUL. */
static unsigned plain_bytes(uint64_t eight)
{
    const uint64_t high = UINT64_C(0x8080808080808080), ones = high >> 7;
    uint64_t stop = (eight | (eight - ones)) & high; /* NUL borrows */

    return stop == 0 ? 8 : (unsigned)__builtin_ctzll(stop) / 8;
}

/* Two pairs at once, as hanzi mostly come; false: one of them is none. */
static bool two_pairs(const struct pair *table, const unsigned char *at, char **to)
{
    const struct pair *first = pair_of(table, at), *second = pair_of(table, at + 2);

    if (at[0] < 0x80 || at[2] < 0x80 || first->length == 0 || second->length == 0)
        return false;
    memcpy(*to, first, sizeof *first); /* its fourth byte is written over */
    *to += first->length;
    memcpy(*to, second, sizeof *second);
    *to += second->length;
    return true;
}

/* ASCII and pairs the table knows, from bytes[i] on; where they end.  All it uses is
 * in locals: a char written may alias anything else. */
static size_t decode_run(const struct pair *table, const unsigned char *bytes, size_t i,
                         size_t length, struct output *out)
{
    char *to = out->at + out->length;
    const char *most = out->at + out->room - STEP_ROOM;

    while (i + STEP_ROOM <= length && to <= most) {
        const struct pair *pair;

        if (bytes[i] < 0x80) {
            uint64_t eight;
            unsigned plain;

            memcpy(&eight, bytes + i, sizeof eight);
            memcpy(to, &eight, sizeof eight);
            plain = plain_bytes(le64toh(eight));
            if (plain == 0)
                break;
            to += plain;
            i += plain;
            continue;
        }
        if (two_pairs(table, bytes + i, &to)) {
            i += 4;
            continue;
        }
        pair = pair_of(table, bytes + i);
        if (pair->length == 0)
            break;
        memcpy(to, pair, sizeof *pair);
        to += pair->length;
        i += 2;
    }
    out->length = (size_t)(to - out->at);
    return i;
}

/* After a lead byte without its trail only the lead is bad: a comma or quote
 * behind it must still part the cells. */
static void decode_pairs(iconv_t handle, const struct pair *table, bool four,
                         const unsigned char *bytes, size_t length, struct output *out)
{
    size_t i = 0;

    while (i < length) {
        unsigned char lead = bytes[i];
        const struct pair *pair = NULL;
        char to[STEP_ROOM];
        size_t got = 0;

        output_room(out, STEP_ROOM);
        i = decode_run(table, bytes, i, length, out);
        if (i == length)
            break;
        output_room(out, STEP_ROOM);
        lead = bytes[i];
        if (lead < 0x80 && lead != 0) {
            out->at[out->length++] = (char)lead;
            i++;
            continue;
        }
        if (i + 1 < length) {
            pair = pair_of(table, bytes + i);
            got = pair->length;
        }
        if (got > 0) {
            memcpy(out->at + out->length, pair->bytes, got);
            out->length += got;
            i += 2;
        } else if (four && lead > 0x80 && is_four(bytes + i, length - i)
                   && (got = convert_one(handle, bytes + i, 4, to)) > 0) {
            output_put(out, to, got);
            i += 4;
        } else if (four && lead == 0x80) {
            output_code(out, 0x20AC); /* the euro sign of Windows (CP936) */
            i++;
        } else {
            output_bad(out);
            i++;
        }
    }
}

static enum status decode_legacy(enum encoding encoding, const unsigned char *bytes,
                                 size_t length, struct output *out, struct error *err)
{
    bool four = encoding == ENCODING_GB18030;
    iconv_t handle = iconv_open("UTF-8", four ? "GB18030" : "CP950");

    if (handle == (iconv_t)-1)
        return fail(err, HY_INTERNAL,
                    "系统缺少 %s 编码转换（iconv）：请安装 libc 的字符集",
                    encoding_name(encoding));
    decode_pairs(handle, pair_table(handle, out->memory), four, bytes, length, out);
    (void)iconv_close(handle);
    return HY_OK;
}

enum status encoding_decode(enum encoding encoding, const unsigned char *bytes,
                            size_t length, struct arena *memory, struct text *out,
                            size_t *bad, struct error *err)
{
    struct output output = { .file = -1 };
    enum status status;

    switch (encoding) {
    case ENCODING_UNKNOWN:
        return fail(err, HY_DATA,
                    "文字编码不明：请用 --encoding 指明（如 gbk、utf-8）");
    case ENCODING_UTF8:
        if (length <= UINT32_MAX && text_valid((const char *)bytes, length) == length
            && (length == 0 || memchr(bytes, '\0', length) == NULL)) {
            *out = (struct text){ (const char *)bytes, (uint32_t)length };
            *bad = 0; /* as it stands: no copy */
            return HY_OK;
        }
        output_start(&output, memory, length + length / 64);
        decode_utf8((const char *)bytes, length, &output);
        break;
    case ENCODING_GB18030:
    case ENCODING_BIG5:
        output_start(&output, memory, length + length / 2);
        status = decode_legacy(encoding, bytes, length, &output, err);
        if (status != HY_OK && output.file >= 0)
            close(output.file);
        if (status != HY_OK)
            return status;
        break;
    case ENCODING_UTF16LE:
    case ENCODING_UTF16BE:
        output_start(&output, memory, length + length / 2);
        decode_utf16(bytes, length, encoding == ENCODING_UTF16BE, &output);
        break;
    case ENCODING_UTF32LE:
    case ENCODING_UTF32BE:
        output_start(&output, memory, length);
        decode_utf32(bytes, length, encoding == ENCODING_UTF32BE, &output);
        break;
    }
    *bad = output.bad;
    return output_end(&output, out, err);
}
