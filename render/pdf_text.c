/* pdf_text.c - measures text and breaks it into lines by the Chinese rules. */
#include "render/pdf_text.h"

#include <assert.h>
#include <string.h>

static bool one_of(uint32_t code, const char *set)
{
    const char *end = set + strlen(set);
    while (set < end)
        if (text_next(&set, end) == code)
            return true;
    return false;
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

static bool is_blank(uint32_t code)
{
    return code == ' ' || code == 0x3000;
}

/* Stands for itself: a line may end before and after it. */
static bool is_wide(uint32_t code)
{
    return (code >= 0x2E80 && code <= 0x9FFF) || (code >= 0xAC00 && code <= 0xD7AF)
           || (code >= 0xF900 && code <= 0xFAFF) || (code >= 0xFE30 && code <= 0xFE4F)
           || (code >= 0xFF00 && code <= 0xFFEF) || code >= 0x20000
           || (code >= 0x2460 && code <= 0x27BF);
}

/* Most characters: of none of the signs below. */
static bool is_ideograph(uint32_t code)
{
    return code >= 0x4E00 && code <= 0x9FFF;
}

static bool never_starts(uint32_t code)
{
    return !is_ideograph(code)
           && one_of(code, "，。、；：？！…—·’”）】》〉」』〕］｝〗％‰℃°㎡～ー々＊"
                           ",.;:?!)]}%”’");
}

static bool never_ends(uint32_t code)
{
    return !is_ideograph(code)
           && one_of(code, "“‘（【《〈「『〔［｛〖([{￥¥$№＃#＋±≤≥≈");
}

/* Units that stay with the number before them. */
static bool is_unit(uint32_t code)
{
    return one_of(code,
                  "%％‰℃°㎡元件次户分时天小个人月日号栋单元平米秒周年页倍名台套条处"
                  "层期份行项岁万亿");
}

/* Parts of one number: 1,573  20.5  3–5  10:30 */
static bool inside_number(const uint32_t *codes, size_t count, size_t at)
{
    uint32_t before = codes[at - 1], after = codes[at];
    if (is_digit(after) && at >= 2 && is_digit(codes[at - 2]))
        return one_of(before, ".,:/–~～-−");
    if (is_digit(before) && at + 1 < count && is_digit(codes[at + 1]))
        return one_of(after, ".,:/–~～-−");
    return is_digit(after) && one_of(before, "+-−＋－±<>≤≥");
}

/* TTR-02 / .confirmed: the name of a figure and which of its values it is.  In one
 * piece the longest of them would take the room of a column of sentences. */
static bool inside_code(const uint32_t *codes, size_t count, size_t at)
{
    return codes[at] == '.' && is_digit(codes[at - 1]) && at + 1 < count
           && codes[at + 1] >= 'a' && codes[at + 1] <= 'z';
}

bool text_may_break(const uint32_t *codes, size_t count, size_t at)
{
    assert(at > 0 && at < count);
    uint32_t before = codes[at - 1], after = codes[at];
    if (inside_code(codes, count, at))
        return true;
    if (after == ' ' || never_starts(after) || never_ends(before))
        return false;
    if (before == 0x200B)
        return true;
    if (before == 0xA0 || after == 0xA0 || inside_number(codes, count, at))
        return false;
    if (is_digit(before) && is_unit(after))
        return false;
    if ((before == 0x5C0F && after == 0x65F6) || (before == 0x5206 && after == 0x949F))
        return false; /* 小时, 分钟: the unit itself */
    if (before == ' ' && at >= 2 && is_digit(codes[at - 2]) && is_unit(after))
        return false;
    if (before == ' ' && is_digit(after) && at >= 2 && one_of(codes[at - 2], "第近约"))
        return false;
    if (is_digit(after) && one_of(before, "第近约"))
        return false;
    if (before == ' ' || is_wide(before) || is_wide(after))
        return true;
    return (before == '-' || before == '/') && !is_digit(after);
}

struct breaker {
    const struct unit_of_text *units;
    const uint32_t *codes;
    size_t count;
    struct laid_line *lines;
    size_t line_count, line_room;
    struct arena *memory;
};

static void add_line(struct breaker *breaker, size_t first, size_t until)
{
    if (breaker->line_count == breaker->line_room) {
        size_t room = breaker->line_room ? breaker->line_room * 2 : 8;
        breaker->lines = arena_grow(breaker->memory, breaker->lines,
                                    breaker->line_count * sizeof *breaker->lines,
                                    room * sizeof *breaker->lines);
        breaker->line_room = room;
    }
    while (until > first && is_blank(breaker->codes[until - 1]))
        until--;
    double width = 0;
    for (size_t i = first; i < until; i++)
        width += breaker->units[i].width;
    breaker->lines[breaker->line_count++] =
        (struct laid_line){ first, until - first, width };
}

/* Where the line that starts at first ends; *next is where the following one
 * starts. */
static size_t find_end(const struct breaker *breaker, size_t first, double width,
                       size_t *next)
{
    double used = 0;
    for (size_t i = first; i < breaker->count; i++) {
        if (breaker->codes[i] == '\n') {
            *next = i + 1;
            return i;
        }
        used += breaker->units[i].width;
        if (used <= width + 0.01 || is_blank(breaker->codes[i]) || i == first)
            continue;
        size_t end = i;
        while (end > first && !text_may_break(breaker->codes, breaker->count, end))
            end--;
        if (end == first)
            end = i; /* nowhere: it is torn */
        *next = end;
        while (*next < breaker->count && is_blank(breaker->codes[*next]))
            ++*next;
        return end;
    }
    *next = breaker->count;
    return breaker->count;
}

static struct unit_of_text *collect(const struct fonts *fonts, const struct run *runs,
                                    size_t count, double size, struct arena *memory,
                                    uint32_t **codes, size_t *unit_count)
{
    size_t room = 0, used = 0;
    for (size_t i = 0; i < count; i++)
        room += runs[i].text ? strlen(runs[i].text) : 0;
    struct unit_of_text *units = arena_alloc(memory, (room + 1) * sizeof *units);
    *codes = arena_alloc(memory, (room + 1) * sizeof **codes);
    for (size_t i = 0; i < count; i++) {
        const char *at = runs[i].text ? runs[i].text : "";
        const char *end = at + strlen(at);
        while (at < end) {
            uint32_t code = text_next(&at, end);
            struct glyph glyph = fonts_glyph(fonts, code == '\t' ? ' ' : code);
            if (glyph.face == FACE_NONE && code != '\n' && code != 0x200B)
                continue;
            units[used] =
                (struct unit_of_text){ code, glyph.code, glyph.face,
                                       glyph.advance * size / 1000, runs[i].bold };
            (*codes)[used++] = code;
        }
    }
    *unit_count = used;
    return units;
}

void text_lay(const struct fonts *fonts, const struct run *runs, size_t count,
              double size, double width, struct arena *memory, struct laid *out)
{
    struct breaker breaker = { .memory = memory };
    uint32_t *codes;
    breaker.units = collect(fonts, runs, count, size, memory, &codes, &breaker.count);
    breaker.codes = codes;
    size_t first = 0;
    while (first < breaker.count) {
        size_t next = first, end = find_end(&breaker, first, width, &next);
        add_line(&breaker, first, end);
        first = next;
    }
    *out = (struct laid){ breaker.units, breaker.count, breaker.line_count,
                          breaker.lines, 0 };
    for (size_t i = 0; i < out->line_count; i++)
        if (out->lines[i].width > out->width)
            out->width = out->lines[i].width;
}

void text_lay_plain(const struct fonts *fonts, const char *text, bool bold, double size,
                    double width, struct arena *memory, struct laid *out)
{
    struct run run = { text, bold, false };
    text_lay(fonts, &run, 1, size, width, memory, out);
}

double text_widest_piece(const struct laid *laid, struct arena *memory)
{
    uint32_t *codes = arena_alloc(memory, (laid->unit_count + 1) * sizeof *codes);
    double widest = 0, piece = 0, blanks = 0;
    for (size_t i = 0; i < laid->unit_count; i++)
        codes[i] = laid->units[i].code;
    for (size_t i = 0; i < laid->unit_count; i++) {
        bool may =
            i > 0 && (codes[i] == '\n' || text_may_break(codes, laid->unit_count, i));
        if (may)
            piece = blanks = 0;
        blanks += laid->units[i].width;
        if (is_blank(codes[i]))
            continue; /* one at the end of a line takes no room */
        piece += blanks;
        blanks = 0;
        widest = piece > widest ? piece : widest;
    }
    return widest;
}
