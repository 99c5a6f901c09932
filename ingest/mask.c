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

static bool wide_digit(const char *at, const char *end)
{
    const unsigned char *byte = (const unsigned char *)at;

    return end - at >= 3 && byte[0] == 0xEF && byte[1] == 0xBC && byte[2] >= 0x90
           && byte[2] <= 0x99;
}

/* The text with full-width digits as plain ones. */
static struct text narrowed(struct text text, struct arena *memory)
{
    const char *at = text.at, *end = text.at + text.length;
    char *out = arena_alloc(memory, (size_t)text.length + 1);
    uint32_t used = 0;

    while (at < end) {
        if (wide_digit(at, end)) {
            out[used++] = (char)('0' + ((unsigned char)at[2] - 0x90));
            at += 3;
        } else {
            out[used++] = *at++;
        }
    }
    return (struct text){ out, used };
}

/* What holds full-width digits is kept as written unless they are such a number. */
static struct text mask_narrowed(const struct mask *mask, struct text text,
                                 struct arena *memory)
{
    struct text narrow = narrowed(text, memory), out = mask_text(mask, narrow, memory);

    return out.at == narrow.at ? text : out;
}

struct text mask_text(const struct mask *mask, struct text text, struct arena *memory)
{
    struct pass pass = { mask,    memory, text, text.at, text.at + text.length,
                         text.at, NULL,   0 };

    if (text.at == NULL)
        return text;
    while (pass.at < pass.end) {
        unsigned char byte = (unsigned char)*pass.at;

        if (byte == 0xEF && wide_digit(pass.at, pass.end))
            return mask_narrowed(mask, text, memory);
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

/* --- words ------------------------------------------------------------------------ */

static int number_of(const char *at, int count)
{
    int number = 0, i;

    for (i = 0; i < count; i++)
        number = number * 10 + at[i] - '0';
    return number;
}

/* Digits 7 to 14 of a card are a day its owner can have been born on. */
static bool has_birth(const char *at)
{
    int year = number_of(at + 6, 4), month = number_of(at + 10, 2),
        day = number_of(at + 12, 2);

    return year >= 1900 && year <= 2100 && month >= 1 && month <= 12 && day >= 1
           && day <= 31;
}

/* Length of the telephone number or card at `at`, 0 = none. */
static size_t private_at(const char *at, const char *end)
{
    const char *plain = at;
    size_t length;

    while (plain < end && digit(*plain))
        plain++;
    if (number_at(at, end, &length) == NULL || (plain - at == 8 && length == 8)
        || (plain - at >= 17 && !has_birth(at)))
        return 0;
    return length;
}

/* Ends with that word? */
static bool ends(struct text text, const char *word)
{
    size_t length = strlen(word);

    return text.length >= length
           && memcmp(text.at + text.length - length, word, length) == 0;
}

static bool starts(struct text text, const char *word)
{
    size_t length = strlen(word);

    return text.length >= length && memcmp(text.at, word, length) == 0;
}

/* Brackets that held nothing but the number go with it. */
static void close_gap(struct text *before, struct text *after)
{
    static const char *const pairs[][2] = {
        { "(", ")" }, { "（", "）" }, { "[", "]" }, { "【", "】" }
    };
    size_t i;

    for (i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (ends(*before, pairs[i][0]) && starts(*after, pairs[i][1])) {
            before->length -= (uint32_t)strlen(pairs[i][0]);
            after->at += strlen(pairs[i][1]);
            after->length -= (uint32_t)strlen(pairs[i][1]);
        }
}

/* Blanks and marks left over at both ends. */
static struct text bare(struct text text)
{
    static const char *const marks[] = { ":",  "：", ",", "，", "、", ";",
                                         "；", "-",  "/", "+",  "|" };
    bool again = true;
    size_t i;

    while (again) {
        again = false;
        text = text_trim(text);
        for (i = 0; i < sizeof marks / sizeof marks[0]; i++) {
            uint32_t length = (uint32_t)strlen(marks[i]);

            if (ends(text, marks[i])) {
                text.length -= length;
                again = true;
            } else if (starts(text, marks[i])) {
                text.at += length;
                text.length -= length;
                again = true;
            }
        }
    }
    return text;
}

/* Has a full-width digit anywhere? */
static bool any_wide(struct text text)
{
    const char *at, *end = text.at + text.length;

    for (at = text.at; at < end; at++)
        if (wide_digit(at, end))
            return true;
    return false;
}

struct text mask_word(struct text text, struct arena *memory)
{
    bool wide = any_wide(text);
    struct text rest = wide ? narrowed(text, memory) : text, done = { NULL, 0 };
    uint32_t from = 0;
    char *out = NULL;

    while (from < rest.length) {
        const char *at = rest.at + from, *end = rest.at + rest.length;
        size_t length = digit(*at) ? private_at(at, end) : 0;

        if (length == 0) {
            do
                from++;
            while (from < rest.length && digit(rest.at[from - 1])
                   && digit(rest.at[from]));
            continue;
        }
        if (out == NULL)
            out = arena_alloc(memory, (size_t)text.length + 1);
        memcpy(out + done.length, rest.at, from);
        done = (struct text){ out, done.length + from };
        rest = (struct text){ at + length, (uint32_t)(end - at - (ptrdiff_t)length) };
        close_gap(&done, &rest);
        from = 0;
    }
    if (out == NULL)
        return text;
    memcpy(out + done.length, rest.at, rest.length);
    return bare((struct text){ out, done.length + rest.length });
}
