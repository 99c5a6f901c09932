/* text.c - spans of UTF-8: walking, checking, measuring and comparing them. */
#include "core/text.h"
#include "core/text_valid.h"

#include <string.h>

enum {
    NEAREST_LETTERS = 64 /* a longer word is no slip of the finger */
};

struct text text_of(const char *string)
{
    struct text text = { string, 0 };

    if (string != NULL)
        text.length = (uint32_t)strlen(string);
    return text;
}

bool text_equal(struct text a, struct text b)
{
    if (a.length != b.length)
        return false;
    return a.length == 0 || memcmp(a.at, b.at, a.length) == 0;
}

bool text_ends(struct text text, const char *end)
{
    size_t tail = strlen(end);

    return text.length >= tail
           && (tail == 0 || memcmp(text.at + text.length - tail, end, tail) == 0);
}

bool text_is(struct text text, const char *string)
{
    return text_equal(text, text_of(string));
}

/* Length of the sequence a lead byte announces; 0 = never a lead byte. */
static unsigned sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2)
        return 0;
    if (lead < 0xE0)
        return 2;
    if (lead < 0xF0)
        return 3;
    return lead < 0xF5 ? 4 : 0;
}

/* The length of the strictly valid sequence at `at`, or 0. */
static unsigned sequence_valid(const unsigned char *at, size_t room)
{
    unsigned length = sequence_length(at[0]);
    unsigned low = 0x80, high = 0xBF;

    if (length == 0 || length > room)
        return 0;
    if (length == 1)
        return 1;
    if (at[0] == 0xE0)
        low = 0xA0; /* overlong */
    else if (at[0] == 0xED)
        high = 0x9F; /* surrogates */
    else if (at[0] == 0xF0)
        low = 0x90;
    else if (at[0] == 0xF4)
        high = 0x8F; /* > U+10FFFF, which glibc's iconv lets through */
    if (at[1] < low || at[1] > high)
        return 0;
    for (unsigned i = 2; i < length; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

uint32_t text_next(const char **at, const char *end)
{
    const unsigned char *p = (const unsigned char *)*at;
    unsigned length = sequence_valid(p, (size_t)(end - *at));

    *at += length == 0 ? 1 : length;
    switch (length) {
    case 1:
        return p[0];
    case 2:
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    case 3:
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6
               | (p[2] & 0x3F);
    case 4:
        return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12
               | (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    default:
        return 0xFFFD;
    }
}

size_t text_put(uint32_t code, char out[4])
{
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        code = 0xFFFD;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

size_t text_valid(const char *at, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)at;
    size_t i = text_valid_ahead(bytes, length);

    while (i < length) {
        unsigned step;
        uint64_t eight;

        /* Runs of ASCII are most of a file: eight bytes at a time. */
        while (length - i >= sizeof eight) {
            memcpy(&eight, bytes + i, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) != 0)
                break;
            i += sizeof eight;
        }
        if (i == length)
            break;
        step = sequence_valid(bytes + i, length - i);
        if (step == 0)
            return i;
        i += step;
    }
    return i;
}

static bool is_blank(uint32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0xA0 || code == 0x85
           || code == 0x1680 || (code >= 0x2000 && code <= 0x200F) || code == 0x2028
           || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x2060
           || code == 0x3000 || code == 0xFEFF;
}

/* The first byte of a character that is no blank, as nearly all are: visible ASCII,
 * or three bytes from U+4000 to U+9FFF. */
static bool solid(unsigned char byte)
{
    return (byte > ' ' && byte <= '~') || (byte >= 0xE4 && byte <= 0xE9);
}

struct text text_trim(struct text text)
{
    const char *end;

    if (text.length == 0) /* an absent cell has no bytes to point behind */
        return text;
    end = text.at + text.length;
    if (solid((unsigned char)*text.at)
        && ((end[-1] > ' ' && end[-1] <= '~')
            || (text.length >= 3 && solid((unsigned char)end[-3])
                && ((unsigned char)end[-1] & 0xC0) == 0x80
                && ((unsigned char)end[-2] & 0xC0) == 0x80)))
        return text;
    while (text.at < end) {
        const char *next = text.at;

        if (!is_blank(text_next(&next, end)))
            break;
        text.at = next;
    }
    while (end > text.at) {
        const char *last = end - 1;
        const char *again;

        while (last > text.at && ((unsigned char)*last & 0xC0) == 0x80)
            last--;
        again = last;
        if (!is_blank(text_next(&again, end)) || again != end)
            break;
        end = last;
    }
    text.length = (uint32_t)(end - text.at);
    return text;
}

char *text_copy(struct arena *memory, struct text text)
{
    return arena_copy(memory, text.at, text.length);
}

int text_width(struct text text)
{
    /* East Asian Width W and F, and what takes no room at all (0). */
    static const struct range {
        uint32_t first, last;
        int width;
    } ranges[] = {
        { 0x0000, 0x001F, 0 },   { 0x007F, 0x009F, 0 },   { 0x0300, 0x036F, 0 },
        { 0x1100, 0x115F, 2 },   { 0x200B, 0x200F, 0 },   { 0x2028, 0x202E, 0 },
        { 0x2060, 0x2064, 0 },   { 0x231A, 0x231B, 2 },   { 0x2E80, 0x303E, 2 },
        { 0x3041, 0x4DBF, 2 },   { 0x4E00, 0xA4CF, 2 },   { 0xA960, 0xA97F, 2 },
        { 0xAC00, 0xD7A3, 2 },   { 0xF900, 0xFAFF, 2 },   { 0xFE00, 0xFE0F, 0 },
        { 0xFE10, 0xFE19, 2 },   { 0xFE30, 0xFE6F, 2 },   { 0xFEFF, 0xFEFF, 0 },
        { 0xFF01, 0xFF60, 2 },   { 0xFFE0, 0xFFE6, 2 },   { 0x1F300, 0x1F64F, 2 },
        { 0x1F680, 0x1F6FF, 2 }, { 0x1F900, 0x1F9FF, 2 }, { 0x20000, 0x3FFFD, 2 },
    };
    const char *at = text.at;
    const char *end = at + text.length;
    int width = 0;

    while (text.length > 0 && at < end) {
        uint32_t code = text_next(&at, end);
        int columns = 1;

        for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
            if (code >= ranges[i].first && code <= ranges[i].last)
                columns = ranges[i].width;
        width += columns;
    }
    return width;
}

static size_t letters_of(const char *word, uint32_t letters[NEAREST_LETTERS])
{
    const char *end = word + strlen(word);
    size_t count = 0;

    while (word < end && count < NEAREST_LETTERS)
        letters[count++] = text_next(&word, end);
    return count;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t edits(const uint32_t *a, size_t a_count, const uint32_t *b,
                    size_t b_count)
{
    size_t line[NEAREST_LETTERS + 1];

    for (size_t j = 0; j <= b_count; j++)
        line[j] = j;
    for (size_t i = 1; i <= a_count; i++) {
        size_t corner = line[0];

        line[0] = i;
        for (size_t j = 1; j <= b_count; j++) {
            size_t above = line[j];

            line[j] =
                least(corner + (a[i - 1] != b[j - 1]), least(above, line[j - 1]) + 1);
            corner = above;
        }
    }
    return line[b_count];
}

const char *text_nearest(const char *word, const char *const *names, size_t count)
{
    uint32_t letters[NEAREST_LETTERS], other[NEAREST_LETTERS];
    size_t letter_count = letters_of(word, letters);
    size_t best = 2 + letter_count / 4; /* one slip in a short word, more in a long */
    const char *nearest = NULL;

    for (size_t i = 0; i < count; i++) {
        size_t other_count, distance;

        if (names[i] == NULL)
            continue;
        other_count = letters_of(names[i], other);
        distance = edits(letters, letter_count, other, other_count);
        if (distance < best && distance < other_count) {
            best = distance;
            nearest = names[i];
        }
    }
    return nearest;
}
