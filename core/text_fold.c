/* text_fold.c - one spelling of a word, so that words and titles can be compared. */
#include "core/text.h"

#include <string.h>

enum {
    FOLD_LONGEST = 40, /* bytes one character may become; the table's longest is 18 */
    HANZI_FIRST = 0x4E00,
    HANZI_LAST = 0x9FFF
};

struct fold {
    uint32_t code;
    const char *to;
};

static const struct fold table[] = {
#include "core/text_fold_table.inc"
};

static const char *table_find(uint32_t code)
{
    size_t low = 0, high = sizeof table / sizeof *table;

    if (code >= HANZI_FIRST && code <= HANZI_LAST) /* none of them: a test asks all */
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (table[middle].code == code)
            return table[middle].to;
        if (table[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static uint32_t lower(uint32_t code)
{
    if ((code >= 'A' && code <= 'Z') || (code >= 0xC0 && code <= 0xDE && code != 0xD7)
        || (code >= 0x391 && code <= 0x3A9 && code != 0x3A2)
        || (code >= 0x410 && code <= 0x42F))
        return code + 0x20;
    if (code >= 0x400 && code <= 0x40F)
        return code + 0x50;
    if ((code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177))
        return code | 1;
    return code;
}

static bool vanishes(uint32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0xA0 || code == 0x85
           || code == 0xAD || (code >= 0x2000 && code <= 0x200F)
           || (code >= 0x2028 && code <= 0x202F) || code == 0x205F
           || (code >= 0x2060 && code <= 0x2064) || code == 0x3000 || code == 0xFEFF
           || (code >= 0xFE00 && code <= 0xFE0F);
}

/* Bytes written; never more than FOLD_LONGEST. */
static size_t fold_one(uint32_t code, char out[FOLD_LONGEST])
{
    const char *to;

    if (vanishes(code))
        return 0;
    if (code >= 0xFF01 && code <= 0xFF5E)
        code -= 0xFEE0; /* full-width forms of ASCII */
    else if (code > 0x9F && (to = table_find(code)) != NULL) {
        size_t length = strlen(to);

        memcpy(out, to, length);
        return length;
    }
    return text_put(lower(code), out);
}

struct text text_fold(struct text text, struct arena *memory)
{
    size_t room = text.length + FOLD_LONGEST, length = 0;
    const char *at, *end;
    char *out;

    if (text.at == NULL)
        return text;
    at = text.at;
    end = at + text.length;
    out = arena_alloc(memory, room);
    while (at < end) {
        if (room - length < FOLD_LONGEST) {
            out = arena_grow(memory, out, length, room * 2);
            room *= 2;
        }
        if (*at > ' ' && *at <= '~') /* most of a number or a code */
            out[length++] = (char)lower((unsigned char)*at++);
        else
            length += fold_one(text_next(&at, end), out + length);
    }
    return (struct text){ out, (uint32_t)length };
}

/* What stands in brackets at the end of a title and says only how to read it. */
static bool is_unit(const char *at, size_t length)
{
    static const char *const units[] = {
        "分钟",  "分",     "小时",     "时",     "秒",       "秒钟",     "天",
        "日",    "工作日", "个工作日", "自然日", "月",       "年",       "元",
        "万元",  "人民币", "件",       "人",     "次",       "户",       "个",
        "台",    "条",     "宗",       "%",      "百分比",   "米",       "m",
        "m2",    "平方米", "平米",     "h",      "hr",       "hrs",      "hour",
        "hours", "min",    "mins",     "minute", "minutes",  "s",        "sec",
        "secs",  "second", "seconds",  "ms",     "d",        "day",      "days",
        "必填",  "选填",   "可选",     "非必填", "required", "optional",
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i]) == length && memcmp(units[i], at, length) == 0)
            return true;
    return false;
}

/* The length without a unit in brackets at the end. */
static size_t without_unit(const char *at, size_t length)
{
    static const struct {
        const char *open, *close;
    } brackets[] = { { "(", ")" }, { "[", "]" }, { "【", "】" }, { "{", "}" } };

    for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++) {
        size_t open = strlen(brackets[i].open), close = strlen(brackets[i].close);
        size_t start;

        if (length <= open + close
            || memcmp(at + length - close, brackets[i].close, close) != 0)
            continue;
        for (start = length - close; start-- > 0;) {
            size_t inner = start + open;

            if (memcmp(at + start, brackets[i].open, open) != 0)
                continue;
            if (start > 0 && is_unit(at + inner, length - close - inner))
                return start;
            break;
        }
    }
    return length;
}

struct text text_fold_title(struct text text, struct arena *memory)
{
    struct text folded = text_fold(text, memory);
    const char *at = folded.at;
    const char *end;
    size_t length, kept = 0;
    char *out;

    if (folded.at == NULL)
        return folded;
    length = folded.length;
    while (length > 0 && at[length - 1] == '*')
        length--; /* the mark of a required field may follow the unit */
    end = at + without_unit(at, length);
    out = arena_alloc(memory, folded.length + 1);
    while (at < end) {
        const char *start = at;
        uint32_t code = text_next(&at, end);

        if (code < 0x80 ? strchr("_-./:()[]*", (int)code) != NULL && code != 0
                        : code == 0x3010 || code == 0x3011)
            continue;
        memcpy(out + kept, start, (size_t)(at - start));
        kept += (size_t)(at - start);
    }
    return (struct text){ out, (uint32_t)kept };
}
