/* normalise_place.c - buildings, units and rooms as one way of writing. */
#include <string.h>

#include "ingest/normalise.h"

static bool ends_with(struct text text, const char *tail)
{
    size_t length = strlen(tail);

    return text.length > length
           && memcmp(text.at + text.length - length, tail, length) == 0;
}

static struct text without_tails(struct text text, const char *const *tails)
{
    bool cut = true;

    while (cut) {
        size_t i;

        cut = false;
        for (i = 0; tails[i] != NULL; i++)
            if (ends_with(text, tails[i])) {
                text.length -= (uint32_t)strlen(tails[i]);
                cut = true;
            }
    }
    return text;
}

/* 一 .. 九十九; -1 otherwise. */
static int hanzi_number(struct text text)
{
    static const char digits[] = "零一二三四五六七八九十";
    const char *at = text.at, *end = text.at + text.length;
    int value = 0, last = -1;

    if (text.length == 0 || text.length > 9)
        return -1;
    while (at < end) {
        const char *found;

        if (end - at < 3)
            return -1;
        found = memmem(digits, sizeof digits - 1, at, 3);
        if (found == NULL || (found - digits) % 3 != 0)
            return -1;
        if (found - digits == 30) {
            value += (last < 0 ? 1 : last) * 10;
            last = 0;
        } else {
            if (last > 0)
                return -1;
            last = (int)(found - digits) / 3;
        }
        at += 3;
    }
    return value + (last > 0 ? last : 0);
}

static struct text numbered(struct text text, struct arena *memory)
{
    int number = hanzi_number(text);
    uint32_t i;

    if (number > 0)
        return text_of(arena_printf(memory, "%d", number));
    while (text.length > 1 && text.at[0] == '0' && text.at[1] >= '0'
           && text.at[1] <= '9') {
        text.at++;
        text.length--;
    }
    if (ends_with(text, ".0"))
        text.length -= 2; /* a numeric cell */
    for (i = 0; i < text.length; i++)
        if (text.at[i] >= 'a' && text.at[i] <= 'z') {
            char *out = arena_copy(memory, text.at, text.length);

            for (; i < text.length; i++)
                if (out[i] >= 'a' && out[i] <= 'z')
                    out[i] = (char)(out[i] - 'a' + 'A');
            return (struct text){ out, text.length };
        }
    return text;
}

struct text place_building(struct text text, struct arena *memory)
{
    static const char *const tails[] = { "号楼", "栋楼", "栋", "幢", "座",
                                         "号",   "楼",   "#",  NULL };

    return numbered(without_tails(text_fold(text, memory), tails), memory);
}

struct text place_unit(struct text text, struct arena *memory)
{
    static const char *const tails[] = { "单元", "门", "梯", "#", NULL };

    return numbered(without_tails(text_fold(text, memory), tails), memory);
}

struct text place_room(struct text text, struct arena *memory)
{
    static const char *const tails[] = { "室", "号房", "房间", "房", "号", "户", NULL };

    return numbered(without_tails(text_fold(text, memory), tails), memory);
}

/* --- addresses ------------------------------------------------------------------ */

static bool name_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
}

/* Letters and digits that end at `until`. */
static struct text before(struct text text, uint32_t until)
{
    uint32_t from = until;

    while (from > 0 && name_byte(text.at[from - 1]) && until - from < 4)
        from--;
    if (from == until) { /* 三栋 */
        while (from >= 3 && until - from < 9
               && hanzi_number((struct text){ text.at + from - 3, 3 }) >= 0)
            from -= 3;
    }
    return (struct text){ text.at + from, until - from };
}

static struct text after(struct text text, uint32_t from)
{
    uint32_t until = from;

    while (until < text.length && name_byte(text.at[until]) && until - from < 6)
        until++;
    return (struct text){ text.at + from, until - from };
}

static bool find_mark(struct text text, uint32_t from, const char *const *marks,
                      uint32_t *at, uint32_t *length)
{
    uint32_t i;
    size_t k;

    for (i = from; i < text.length; i++)
        for (k = 0; marks[k] != NULL; k++) {
            size_t size = strlen(marks[k]);

            if (size <= text.length - i && memcmp(text.at + i, marks[k], size) == 0) {
                *at = i;
                *length = (uint32_t)size;
                return true;
            }
        }
    return false;
}

static bool all_digits(struct text text, uint32_t least, uint32_t most)
{
    uint32_t i;

    for (i = 0; i < text.length; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.length >= least && text.length <= most;
}

/* 3-1-1503, 3-1503. */
static bool split_dashes(struct text text, struct arena *memory, struct text *building,
                         struct text *unit, struct text *room)
{
    struct text part[3];
    int count = 0;
    uint32_t i, from = 0;

    for (i = 0; i <= text.length; i++) {
        if (i < text.length && text.at[i] != '-')
            continue;
        if (count == 3)
            return false;
        part[count++] = (struct text){ text.at + from, i - from };
        from = i + 1;
    }
    if (count < 2 || part[0].length == 0 || part[0].length > 3)
        return false;
    for (i = 0; i < part[0].length; i++)
        if (!name_byte(part[0].at[i]))
            return false;
    part[count - 1] = place_room(part[count - 1], memory);
    if (!all_digits(part[count - 1], 3, 4)
        || (count == 3 && !all_digits(part[1], 1, 2)))
        return false;
    *building = place_building(part[0], memory);
    *unit = count == 3 ? place_unit(part[1], memory) : (struct text){ NULL, 0 };
    *room = part[count - 1];
    return true;
}

bool place_split(struct text text, struct arena *memory, struct text *building,
                 struct text *unit, struct text *room)
{
    static const char *const building_marks[] = { "号楼", "栋", "幢", "座",
                                                  "#楼",  "#",  NULL };
    static const char *const unit_marks[] = { "单元", NULL };
    struct text folded = text_fold(text, memory), number;
    uint32_t at, length, next;

    *building = *unit = *room = (struct text){ NULL, 0 };
    if (folded.length > 300)
        return false;
    if (split_dashes(folded, memory, building, unit, room))
        return true;
    if (!find_mark(folded, 0, building_marks, &at, &length))
        return false;
    number = before(folded, at);
    if (number.length == 0)
        return false;
    *building = place_building(number, memory);
    next = at + length;
    if (find_mark(folded, next, unit_marks, &at, &length) && at - next <= 6) {
        number = before(folded, at);
        if (number.length > 0 && number.at >= folded.at + next)
            *unit = place_unit(number, memory);
        next = at + length;
    }
    if (next < folded.length && folded.at[next] == '-')
        next++;
    number = after(folded, next);
    if (all_digits(number, 3, 4))
        *room = place_room(number, memory);
    return true;
}

bool phone_digits(struct text text, int least, char out[24], size_t *length)
{
    const char *at = text.at, *end = text.at + text.length;
    size_t count = 0, skip = 0;

    while (at < end) {
        uint32_t code =
            (unsigned char)*at < 0x80 ? (unsigned char)*at++ : text_next(&at, end);

        if (code >= 0xFF10 && code <= 0xFF19)
            code = code - 0xFF10 + '0';
        if (code >= '0' && code <= '9') {
            if (count == 20)
                return false;
            out[count++] = (char)code;
        } else if (code == '/' || code == ',' || code == ';' || code == 0x3001) {
            break; /* the first of several */
        } else if (code != ' ' && code != '-' && code != '+' && code != '('
                   && code != ')' && code != 0x3000 && code != 0xA0 && code != 0xFF08
                   && code != 0xFF09 && code != '.') {
            return false; /* 138****1234, names */
        }
    }
    if (count == 15 && memcmp(out, "0086", 4) == 0)
        skip = 4;
    else if (count == 13 && memcmp(out, "861", 3) == 0)
        skip = 2;
    memmove(out, out + skip, count - skip);
    *length = count - skip;
    return (int)*length >= least;
}
