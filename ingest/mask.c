/* mask.c - one pass over the text; numbers by form, names by the words beside. */
#include "ingest/mask.h"

#include <string.h>

enum { SHELVES = 256 };

struct words_of {
    const struct text *words; /* by shelf of the first character */
    uint16_t from[SHELVES + 1];
};

enum { FIRST_SURNAME = 1, FIRST_BEFORE = 2, FIRST_PLATE = 4 };

struct mask {
    struct words_of title, before, after, surname, plate;
    unsigned char first[0x10000]; /* per code point: which lists begin with it */
};

static unsigned shelf_of(const char *at, const char *end)
{
    if (at == end)
        return 0;
    /* of three bytes the last one tells hanzi apart best */
    return (unsigned char)*at < 0xE0 || end - at < 3
               ? (unsigned char)at[0]
               : (unsigned char)((unsigned char)at[2] ^ (unsigned char)at[1] << 2);
}

static void list_of(struct words_of *list, const struct vocabulary *words,
                    const char *pattern, struct mask *mask, unsigned char mark,
                    struct arena *memory)
{
    size_t count, i;
    const struct text *all = words_list(words, pattern, &count);
    struct text *sorted = arena_alloc(memory, (count + 1) * sizeof *sorted);
    unsigned shelf;
    uint16_t used = 0;

    for (shelf = 0; shelf < SHELVES; shelf++) {
        list->from[shelf] = used;
        for (i = 0; i < count && used < UINT16_MAX; i++)
            if (shelf_of(all[i].at, all[i].at + all[i].length) == shelf)
                sorted[used++] = all[i];
    }
    list->from[SHELVES] = used;
    list->words = sorted;
    for (i = 0; i < count; i++) {
        const char *at = all[i].at;
        uint32_t code = text_next(&at, at + all[i].length);

        if (code < 0x10000)
            mask->first[code] |= mark;
    }
}

const struct mask *mask_open(const struct vocabulary *words, struct arena *memory)
{
    struct mask *mask = arena_alloc(memory, sizeof *mask);

    list_of(&mask->title, words, "title", mask, 0, memory);
    list_of(&mask->before, words, "before", mask, FIRST_BEFORE, memory);
    list_of(&mask->after, words, "after", mask, 0, memory);
    list_of(&mask->surname, words, "surname", mask, FIRST_SURNAME, memory);
    list_of(&mask->plate, words, "plate", mask, FIRST_PLATE, memory);
    return mask;
}

static bool digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool alnum(char byte)
{
    return digit(byte) || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* Length of the word of the list that stands at `at`, 0 = none; longest wins. */
static size_t word_at(const struct words_of *list, const char *at, const char *end)
{
    unsigned shelf = shelf_of(at, end);
    size_t best = 0, i;

    for (i = list->from[shelf]; i < list->from[shelf + 1]; i++)
        if (list->words[i].length > best && list->words[i].length <= (size_t)(end - at)
            && memcmp(at, list->words[i].at, list->words[i].length) == 0)
            best = list->words[i].length;
    return best;
}

/* --- numbers ------------------------------------------------------------------- */

/* Digits with single blanks or dashes between; their count and the end. */
static int digits_run(const char *at, const char *end, const char **stop, char *out,
                      int most)
{
    int count = 0;

    *stop = at;
    while (at < end && count < most) {
        if (digit(*at)) {
            out[count++] = *at++;
            *stop = at;
        } else if ((*at == '-' || *at == ' ') && at + 1 < end && digit(at[1])) {
            at++;
        } else {
            break;
        }
    }
    return count;
}

/* A number of personal kind at `at`: its mask and length, or NULL. */
static const char *number_at(const char *at, const char *end, size_t *length)
{
    char run[40];
    const char *stop, *plain = at;
    int count, solid = 0;

    while (plain < end && digit(*plain)) {
        plain++;
        solid++;
    }
    if (solid == 17 && plain < end && (*plain == 'X' || *plain == 'x')) {
        *length = 18;
        return "[证件]";
    }
    *length = (size_t)solid;
    if (solid == 18)
        return "[证件]";
    if (solid >= 14)
        return NULL; /* an order number */
    count = digits_run(at, end, &stop, run, 40);
    if (count == 13 && memcmp(run, "86", 2) == 0 && run[2] == '1') {
        *length = (size_t)(stop - at);
        return "[电话]";
    }
    if (solid == 11 && run[0] == '1' && run[1] >= '3')
        return "[电话]";
    if (count == 11 && solid == 3 && run[0] == '1' && run[1] >= '3') {
        *length = (size_t)(stop - at);
        return "[电话]";
    }
    if (count >= 10 && count <= 12 && run[0] == '0' && (solid >= 10 || solid <= 4)) {
        *length = (size_t)(stop - at);
        return "[电话]";
    }
    if (solid == 8 && run[0] >= '2' && run[0] <= '8'
        && memcmp(run, "20", 2) != 0) { /* not a date such as 20250901 */
        return "[电话]";
    }
    return NULL;
}

static bool mail_byte(char byte)
{
    return alnum(byte) || byte == '.' || byte == '_' || byte == '-' || byte == '+';
}

/* --- plates and names ------------------------------------------------------------ */

static size_t plate_at(const struct mask *mask, const char *at, const char *end)
{
    size_t length = word_at(&mask->plate, at, end), i = length, count = 0;
    size_t left = (size_t)(end - at);

    if (length == 0 || i >= left || at[i] < 'A' || at[i] > 'Z')
        return 0;
    i++;
    if (left - i >= 2 && memcmp(at + i, "\xC2\xB7", 2) == 0)
        i += 2; /* · */
    while (i < left && alnum(at[i]) && count < 7) {
        i++;
        count++;
    }
    return count >= 5 && count <= 6 ? i : 0;
}

static bool hanzi(const char *at, const char *end)
{
    uint32_t code = text_next(&at, end);

    return code >= 0x4E00 && code <= 0x9FFF;
}

/* Surname, then up to two characters, then a form of address. */
static size_t titled_name(const struct mask *mask, const char *at, const char *end)
{
    size_t name = word_at(&mask->surname, at, end);
    int given;

    if (name == 0)
        return 0;
    for (given = 0; given <= 2; given++) {
        if (word_at(&mask->title, at + name, end) > 0)
            return name;
        if (at + name + 3 > end || !hanzi(at + name, end))
            return 0;
        name += 3;
    }
    return 0;
}

/* After 业主 and the like: surname, one or two characters, then a boundary. */
static size_t told_name(const struct mask *mask, const char *at, const char *end)
{
    size_t name = word_at(&mask->surname, at, end);
    int given;

    if (name == 0)
        return 0;
    for (given = 1; given <= 2; given++) {
        if (at + name + 3 > end || !hanzi(at + name, end))
            return 0;
        name += 3;
        if (at + name == end || word_at(&mask->after, at + name, end) > 0
            || word_at(&mask->title, at + name, end) > 0)
            return name;
    }
    return 0;
}

/* --- the pass --------------------------------------------------------------------- */

struct pass {
    const struct mask *mask;
    struct arena *memory;
    struct text text;
    const char *at, *end, *kept; /* kept: up to here it is copied */
    char *out;
    size_t used;
};

static void replace(struct pass *pass, const char *from, const char *until,
                    const char *with)
{
    size_t length = strlen(with);

    if (pass->out == NULL) /* the shortest thing masked has 3 bytes, masks have 8 */
        pass->out = arena_alloc(pass->memory, (size_t)pass->text.length * 3 + 16);
    memcpy(pass->out + pass->used, pass->kept, (size_t)(from - pass->kept));
    pass->used += (size_t)(from - pass->kept);
    memcpy(pass->out + pass->used, with, length);
    pass->used += length;
    pass->kept = pass->at = until;
}

static bool take_number(struct pass *pass)
{
    size_t length;
    const char *with = number_at(pass->at, pass->end, &length);

    if (with != NULL)
        replace(pass, pass->at, pass->at + length, with);
    else
        pass->at += length > 0 ? length : 1;
    return true;
}

static bool take_mail(struct pass *pass)
{
    const char *from = pass->at, *until = pass->at + 1;

    while (from > pass->kept && mail_byte(from[-1]))
        from--;
    while (until < pass->end && mail_byte(*until))
        until++;
    if (from == pass->at || memchr(pass->at, '.', (size_t)(until - pass->at)) == NULL)
        return false;
    replace(pass, from, until, "[邮箱]");
    return true;
}

static bool take_wide(struct pass *pass)
{
    const struct mask *mask = pass->mask;
    const unsigned char *at = (const unsigned char *)pass->at;
    unsigned char first = 0;
    size_t length;

    if (*at < 0xF0 && pass->end - pass->at >= 3) /* valid UTF-8: three bytes */
        first =
            mask->first[(at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu)];

    if (first == 0)
        return false;

    if ((first & FIRST_PLATE) != 0
        && (length = plate_at(mask, pass->at, pass->end)) > 0) {
        replace(pass, pass->at, pass->at + length, "[车牌]");
        return true;
    }
    if ((first & FIRST_SURNAME) != 0
        && (length = titled_name(mask, pass->at, pass->end)) > 0) {
        replace(pass, pass->at, pass->at + length, "[姓名]");
        return true;
    }
    if ((first & FIRST_BEFORE) == 0
        || (length = word_at(&mask->before, pass->at, pass->end)) == 0)
        return false;
    pass->at += length;
    if (pass->at < pass->end && (*pass->at == ':' || *pass->at == ' '))
        pass->at++;
    else if (pass->end - pass->at >= 3 && memcmp(pass->at, "：", 3) == 0)
        pass->at += 3;
    length = told_name(mask, pass->at, pass->end);
    if (length > 0)
        replace(pass, pass->at, pass->at + length, "[姓名]");
    return true;
}

struct text mask_text(const struct mask *mask, struct text text, struct arena *memory)
{
    struct pass pass = { mask,    memory, text, text.at, text.at + text.length,
                         text.at, NULL,   0 };

    if (text.at == NULL)
        return text;
    while (pass.at < pass.end) {
        unsigned char byte = (unsigned char)*pass.at;

        if (digit(*pass.at) ? take_number(&pass)
            : byte == '@'   ? take_mail(&pass)
            : byte >= 0xE0  ? take_wide(&pass)
                            : false)
            continue;
        pass.at += byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 1;
        if (pass.at > pass.end)
            pass.at = pass.end;
    }
    if (pass.out == NULL)
        return text;
    memcpy(pass.out + pass.used, pass.kept, (size_t)(pass.end - pass.kept));
    pass.used += (size_t)(pass.end - pass.kept);
    return (struct text){ pass.out, (uint32_t)pass.used };
}
