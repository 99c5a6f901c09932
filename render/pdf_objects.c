/* pdf_objects.c - finds values in a PDF file and inflates its streams. */
#include "render/pdf_objects.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { PLACE = 20, DEPTH_MOST = 32, HOPS_MOST = 8, STREAM_MOST = 64 << 20, TAIL = 64 };

/* 1: between words, 2: begins something else. */
static const unsigned char kind_of[256] = {
    [0] = 1,   ['\t'] = 1, ['\n'] = 1, ['\f'] = 1, ['\r'] = 1, [' '] = 1, ['/'] = 2,
    ['<'] = 2, ['>'] = 2,  ['['] = 2,  [']'] = 2,  ['('] = 2,  [')'] = 2
};

static bool is_blank(char c)
{
    return kind_of[(unsigned char)c] == 1;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

static const char *word_end(const char *at, const char *end)
{
    while (at < end && kind_of[(unsigned char)*at] == 0)
        at++;
    return at;
}

static const char *text_end(const char *at, const char *end)
{
    int depth = 0;

    for (; at < end; at++) {
        if (*at == '\\')
            at++;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && --depth == 0)
            return at + 1;
    }
    return NULL;
}

/* "12 0 R": the number itself where no reference follows. */
static const char *reference_end(const char *at, const char *end)
{
    const char *first = word_end(at, end), *second = blanks(first, end), *third;

    if (!is_digit(*at) || second == end || !is_digit(*second))
        return first;
    third = blanks(word_end(second, end), end);
    if (third < end && *third == 'R' && word_end(third, end) == third + 1)
        return third + 1;
    return first;
}

static const char *value_end(const char *at, const char *end, int depth);

static const char *list_end(const char *at, const char *end, const char *close,
                            int depth)
{
    size_t length = strlen(close);

    at = blanks(at, end);
    while (at != NULL && at < end) {
        if ((size_t)(end - at) >= length && memcmp(at, close, length) == 0)
            return at + length;
        at = value_end(at, end, depth + 1);
        at = at == NULL ? NULL : blanks(at, end);
    }
    return NULL;
}

/* Behind the value that starts here; NULL: it is not whole. */
static const char *value_end(const char *at, const char *end, int depth)
{
    const char *behind;

    if (at >= end || depth > DEPTH_MOST)
        return NULL;
    if (*at == '<' && end - at > 1 && at[1] == '<')
        return list_end(at + 2, end, ">>", depth);
    if (*at == '<') {
        behind = memchr(at, '>', (size_t)(end - at));
        return behind == NULL ? NULL : behind + 1;
    }
    if (*at == '[')
        return list_end(at + 1, end, "]", depth);
    if (*at == '(')
        return text_end(at, end);
    if (*at == '/')
        return word_end(at + 1, end);
    behind = depth == 0 ? word_end(at, end) : reference_end(at, end);
    return behind == at ? NULL : behind;
}

bool pdf_token(struct pdf_span *rest, struct pdf_span *out)
{
    const char *at = blanks(rest->at, rest->end);
    const char *behind = value_end(at, rest->end, 0);

    if (behind == NULL)
        return false;
    *out = (struct pdf_span){ at, behind };
    rest->at = behind;
    return true;
}

bool pdf_number(struct pdf_span value, long *out)
{
    char digits[24], *stop;
    size_t length = (size_t)(value.end - value.at);

    if (length == 0 || length >= sizeof digits)
        return false;
    memcpy(digits, value.at, length);
    digits[length] = '\0';
    *out = strtol(digits, &stop, 10);
    return *stop == '\0';
}

/* "NNNNNNNNNN GGGGG n" of the table to the value behind "N G obj". */
static bool object_at(const struct pdf_file *file, long number, struct pdf_span *out)
{
    const char *place, *at;
    long offset = 0, found;
    struct pdf_span word;
    int i;

    if (number < 1 || (size_t)number >= file->objects)
        return false;
    place = file->table + PLACE * (size_t)number;
    for (i = 0; i < 10; i++) {
        if (!is_digit(place[i]))
            return false;
        offset = offset * 10 + (place[i] - '0');
    }
    if (place[17] != 'n' || offset >= file->end - file->bytes)
        return false;
    at = file->bytes + offset;
    word = (struct pdf_span){ at, word_end(at, file->end) };
    if (!pdf_number(word, &found) || found != number)
        return false;
    at = blanks(word.end, file->end);
    at = blanks(word_end(at, file->end), file->end);
    if (file->end - at < 3 || memcmp(at, "obj", 3) != 0)
        return false;
    at = blanks(at + 3, file->end);
    *out = (struct pdf_span){ at, value_end(at, file->end, 1) };
    return out->end != NULL;
}

static bool follow(const struct pdf_file *file, struct pdf_span *value)
{
    int hops;

    for (hops = 0; hops < HOPS_MOST; hops++) {
        struct pdf_span word = { value->at, word_end(value->at, value->end) };
        long number;

        if (value->end - value->at < 5 || value->end[-1] != 'R'
            || !pdf_number(word, &number))
            return true;
        if (!object_at(file, number, value))
            return false;
    }
    return false;
}

bool pdf_entry(const struct pdf_file *file, struct pdf_span dictionary, size_t number,
               struct pdf_span *key, struct pdf_span *out)
{
    const char *at, *end = dictionary.end;

    if (end - dictionary.at < 4 || memcmp(dictionary.at, "<<", 2) != 0)
        return false;
    at = blanks(dictionary.at + 2, end);
    while (at < end && *at == '/') {
        const char *value = blanks(word_end(at + 1, end), end);
        const char *behind = value_end(value, end, 1);

        if (behind == NULL)
            return false;
        if (number-- == 0) {
            *key = (struct pdf_span){ at + 1, word_end(at + 1, end) };
            *out = (struct pdf_span){ value, behind };
            return follow(file, out);
        }
        at = blanks(behind, end);
    }
    return false;
}

bool pdf_get(const struct pdf_file *file, struct pdf_span dictionary, const char *key,
             struct pdf_span *out)
{
    struct pdf_span name;
    size_t i;

    for (i = 0; pdf_entry(file, dictionary, i, &name, out); i++)
        if ((size_t)(name.end - name.at) == strlen(key)
            && memcmp(name.at, key, strlen(key)) == 0)
            return true;
    return false;
}

bool pdf_item(const struct pdf_file *file, struct pdf_span array, size_t number,
              struct pdf_span *out)
{
    const char *at, *end = array.end;

    if (end - array.at < 2 || *array.at != '[')
        return false;
    for (at = blanks(array.at + 1, end); at < end && *at != ']';) {
        const char *behind = value_end(at, end, 1);

        if (behind == NULL)
            return false;
        if (number-- == 0) {
            *out = (struct pdf_span){ at, behind };
            return follow(file, out);
        }
        at = blanks(behind, end);
    }
    return false;
}

/* --- streams ----------------------------------------------------------------- */

static bool unpack(struct pdf_span packed, struct arena *memory, struct pdf_span *out)
{
    z_stream stream = { 0 };
    size_t room = (size_t)(packed.end - packed.at) * 4 + 1024;
    char *bytes = arena_alloc(memory, room);
    int result = Z_OK;

    stream.next_in = (Bytef *)(uintptr_t)packed.at;
    stream.avail_in = (uInt)(packed.end - packed.at);
    if (inflateInit(&stream) != Z_OK)
        return false;
    while (result == Z_OK && room < STREAM_MOST) {
        if (stream.total_out == room) {
            bytes = arena_grow(memory, bytes, room, room * 2);
            room *= 2;
        }
        stream.next_out = (Bytef *)bytes + stream.total_out;
        stream.avail_out = (uInt)(room - stream.total_out);
        result = inflate(&stream, Z_NO_FLUSH);
        if (result == Z_BUF_ERROR && stream.avail_out == 0)
            result = Z_OK;
    }
    *out = (struct pdf_span){ bytes, bytes + stream.total_out };
    (void)inflateEnd(&stream);
    return result == Z_STREAM_END;
}

bool pdf_stream(const struct pdf_file *file, struct pdf_span dictionary,
                struct arena *memory, struct pdf_span *out)
{
    const char *at = blanks(dictionary.end, file->end);
    struct pdf_span value;
    long length;

    if (dictionary.at < file->bytes || dictionary.end > file->end
        || !pdf_get(file, dictionary, "Length", &value) || !pdf_number(value, &length)
        || file->end - at < 8 || memcmp(at, "stream", 6) != 0)
        return false;
    at += 6;
    at += *at == '\r';
    at += *at == '\n';
    if (length < 0 || length > file->end - at)
        return false;
    *out = (struct pdf_span){ at, at + length };
    at = blanks(out->end, file->end);
    if (file->end - at < 9 || memcmp(at, "endstream", 9) != 0)
        return false;
    if (length == 0 || !pdf_get(file, dictionary, "Filter", &value))
        return true; /* an empty page is written as nothing */
    if (*value.at == '[' && !pdf_item(file, value, 0, &value))
        return true; /* an empty list of filters */
    return value.end - value.at == 12 && memcmp(value.at, "/FlateDecode", 12) == 0
           && unpack(*out, memory, out);
}

/* --- the whole --------------------------------------------------------------- */

static const char *last_word(const struct pdf_file *file, const char *word)
{
    size_t length = strlen(word);
    const char *least = file->end - file->bytes > TAIL ? file->end - TAIL : file->bytes;
    const char *at = file->end - length;

    for (; at >= least; at--)
        if (memcmp(at, word, length) == 0)
            return at;
    return NULL;
}

static bool find_table(struct pdf_file *file)
{
    const char *start = last_word(file, "startxref"), *at;
    struct pdf_span word;
    long place, count;

    if (start == NULL || last_word(file, "%%EOF") == NULL)
        return false;
    word.at = blanks(start + 9, file->end);
    word.end = word_end(word.at, file->end);
    if (!pdf_number(word, &place) || place < 0 || place >= start - file->bytes - 16
        || memcmp(file->bytes + place, "xref", 4) != 0)
        return false;
    at = blanks(file->bytes + place + 4, file->end);
    at = blanks(word_end(at, file->end), file->end); /* "0" */
    word = (struct pdf_span){ at, word_end(at, file->end) };
    if (!pdf_number(word, &count) || count < 1)
        return false;
    file->table = blanks(word.end, file->end);
    if (count > (start - file->table) / PLACE)
        return false;
    file->objects = (size_t)count;
    at = blanks(file->table + PLACE * (size_t)count, file->end);
    if (file->end - at < 7 || memcmp(at, "trailer", 7) != 0)
        return false;
    file->trailer.at = blanks(at + 7, file->end);
    file->trailer.end = value_end(file->trailer.at, file->end, 1);
    return file->trailer.end != NULL;
}

enum status pdf_open(const void *bytes, size_t length, struct pdf_file *file,
                     struct error *err)
{
    *file = (struct pdf_file){ .bytes = bytes, .end = (const char *)bytes + length };
    if (length < 64 || memcmp(bytes, "%PDF-", 5) != 0 || !find_table(file))
        return fail(err, HY_INTERNAL, "PDF 没有写全 (incomplete PDF)");
    return HY_OK;
}
