/* map_keys.c - one key of [map], [recognise], [read] and the small sections of a map.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/map_parts.h"

static int number_read(struct compile *compile, const struct ini_pair *pair, int least,
                       int most)
{
    char *rest;
    long number = strtol(pair->value, &rest, 10);

    if (*pair->value == '\0' || *rest != '\0' || number < least || number > most) {
        map_complain(compile, pair->line, pair->value,
                     "要一个 %d 到 %d 的数 (number expected)", least, most);
        return least;
    }
    return (int)number;
}

static const char *plain(struct compile *compile, const struct ini_pair *pair)
{
    bool quoted;

    return text_copy(compile->memory,
                     unquote(text_of(pair->value), compile->memory, &quoted));
}

void kind_read(struct compile *compile, const struct ini_pair *pair)
{
    static const struct {
        const char *chinese, *kind;
    } names[] = { { "工单", "ticket" },        { "历史", "history" },
                  { "话单", "call" },          { "设备", "asset" },
                  { "户数", "household" },     { "补充", "partial" },
                  { "本月说明", "statement" }, { "巡查", "patrol" } };
    const char *written = plain(compile, pair);
    const char *known[KIND_COUNT];
    int kind, i;
    size_t count = 0;

    for (i = 0; i < (int)(sizeof names / sizeof names[0]); i++)
        if (strcmp(names[i].chinese, written) == 0)
            written = names[i].kind;
    kind = record_kind_find(written);
    if (kind > 0) {
        compile->map->kind = (enum record_kind)kind;
        return;
    }
    for (i = 1; i < KIND_COUNT; i++)
        if (record_kind_name((enum record_kind)i) != NULL)
            known[count++] = record_kind_name((enum record_kind)i);
    written = text_nearest(written, known, count);
    map_complain(compile, pair->line, pair->value,
                 "没有“%s”这一类%s%s%s (unknown kind)", pair->value,
                 written != NULL ? "，是不是“" : "", written != NULL ? written : "",
                 written != NULL ? "”" : "");
}

static void name_read(struct compile *compile, const struct ini_pair *pair)
{
    const char *name = plain(compile, pair);
    size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

    if (*name == '\0' || name[good] != '\0' || good > 64)
        map_complain(compile, pair->line, pair->value,
                     "名称只用小写字母、数字和下划线 (name: a-z 0-9 _)");
    compile->map->name = name;
}

static void like_read(struct compile *compile, const struct ini_pair *pair)
{
    struct map *map = compile->map;
    const char *at = pair->value, *end = at + strlen(at);
    struct like_rule *likes = arena_alloc(compile->memory, 64 * sizeof *likes);
    size_t count = 0;
    bool quoted = false;
    const char *from = at;

    for (; at <= end && count < 64; at++) {
        char *rest;
        long column;

        if (at < end && *at == '"')
            quoted = !quoted;
        if (at < end && (*at != '|' || quoted))
            continue;
        from += strspn(from, " ");
        column = *from == '#' ? strtol(from + 1, &rest, 10) : 0;
        if (column < 1 || column > 16384) {
            map_complain(compile, pair->line, "#",
                         "要写成 #列号 样子，如 #1 \"9999-99-99\" (like)");
            return;
        }
        while (*rest == ' ' || *rest == '=')
            rest++;
        likes[count].column = (int)column - 1;
        likes[count].pattern =
            unquote((struct text){ rest, (uint32_t)(rest < at ? at - rest : 0) },
                    compile->memory, &(bool){ false });
        count++;
        from = at + 1;
    }
    map->likes = likes;
    map->like_count = count;
}

static void zone_read(struct compile *compile, const struct ini_pair *pair)
{
    const char *value = plain(compile, pair);
    int hours, minutes;
    char sign;

    if (strcmp(value, "local") == 0 || strcmp(value, "本地") == 0)
        return;
    if (sscanf(value, "%c%2d:%2d", &sign, &hours, &minutes) != 3
        || (sign != '+' && sign != '-') || hours > 14 || minutes > 59 || hours < 0
        || minutes < 0) {
        map_complain(compile, pair->line, pair->value,
                     "时区写 local 或 +00:00 (zone: local or an offset)");
        return;
    }
    compile->map->zoned = true;
    compile->map->zone = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
}

static void order_read(struct compile *compile, const struct ini_pair *pair)
{
    const char *value = plain(compile, pair);

    if (strcmp(value, "ymd") == 0)
        compile->map->order = DATE_YMD;
    else if (strcmp(value, "mdy") == 0)
        compile->map->order = DATE_MDY;
    else if (strcmp(value, "dmy") == 0)
        compile->map->order = DATE_DMY;
    else
        map_complain(compile, pair->line, pair->value,
                     "日期写 ymd、mdy 或 dmy (dates: ymd, mdy or dmy)");
}

static bool cell_name(const char *text, const char **end, struct as_of_rule *rule)
{
    int column = 0, row = 0;

    for (; *text >= 'A' && *text <= 'Z' && column < 1000; text++)
        column = column * 26 + *text - 'A' + 1;
    for (; *text >= '0' && *text <= '9' && row < 100000; text++)
        row = row * 10 + *text - '0';
    rule->column = column - 1;
    rule->row = row - 1;
    *end = text;
    return column > 0 && row > 0;
}

static bool as_of_cell(struct compile *compile, struct text text,
                       struct as_of_rule *rule)
{
    const char *written = text_copy(compile->memory, text), *at = written + 4, *end;
    struct text pattern;
    bool quoted;

    at += strspn(at, " ");
    if (!cell_name(at, &end, rule))
        return false;
    pattern = unquote(text_of(end), compile->memory, &quoted);
    at = pattern.length == 0 ? NULL : memmem(pattern.at, pattern.length, "{time}", 6);
    if (!quoted || at == NULL)
        return false;
    rule->kind = AS_OF_RULE_CELL;
    rule->suffix =
        text_fold((struct text){ at + 6,
                                 (uint32_t)(pattern.at + pattern.length - at - 6) },
                  compile->memory);
    rule->anywhere = pattern.at[0] == '*';
    if (rule->anywhere)
        pattern.at++;
    rule->prefix = text_fold((struct text){ pattern.at, (uint32_t)(at - pattern.at) },
                             compile->memory);
    return true;
}

/* Items are not plain list items: the quotes stand inside them. */
static void as_of_read(struct compile *compile, const struct ini_pair *pair)
{
    struct as_of_rule *rules = arena_alloc(compile->memory, 8 * sizeof *rules);
    const char *at = pair->value, *from = at;
    size_t count = 0;
    bool quoted = false;

    for (;; at++) {
        struct text item;

        if (*at == '"')
            quoted = !quoted;
        if (*at != '\0' && (*at != '|' || quoted))
            continue;
        item = text_trim((struct text){ from, (uint32_t)(at - from) });
        if (count == 8)
            break;
        if (text_is(item, "horizon")) {
            rules[count++].kind = AS_OF_RULE_HORIZON;
        } else if (item.length >= 8 && memcmp(item.at, "property", 8) == 0) {
            rules[count++].kind = AS_OF_RULE_PROPERTY;
        } else if (item.length > 4 && memcmp(item.at, "cell", 4) == 0
                   && as_of_cell(compile, item, &rules[count])) {
            count++;
        } else {
            map_complain(compile, pair->line, text_copy(compile->memory, item),
                         "要写成 cell A2 \"导出时间：{time}\"、property modified 或 "
                         "horizon (as_of)");
        }
        if (*at == '\0')
            break;
        from = at + 1;
    }
    compile->map->as_of = rules;
    compile->map->as_of_count = count;
}

static void delimiter_read(struct compile *compile, const struct ini_pair *pair)
{
    static const struct {
        const char *name;
        char delimiter;
    } names[] = { { ",", ',' },    { ";", ';' },     { "|", '|' },
                  { "tab", '\t' }, { "comma", ',' }, { "semicolon", ';' },
                  { "逗号", ',' }, { "分号", ';' },  { "制表符", '\t' } };
    const char *value = plain(compile, pair);
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].name, value) == 0) {
            compile->map->delimiter = names[i].delimiter;
            return;
        }
    map_complain(compile, pair->line, pair->value,
                 "分隔符写 , ; \"|\" 或 tab (delimiter)");
}

static void sheets_read(struct compile *compile, const struct ini_pair *pair)
{
    const char *value = plain(compile, pair);

    if (strcmp(value, "first") == 0 || strcmp(value, "第一张") == 0)
        compile->map->first_sheet = true;
    else if (strcmp(value, "all") != 0 && strcmp(value, "全部") != 0)
        compile->map->only_sheets = patterns_read(compile, pair->line, pair->value,
                                                  &compile->map->only_sheet_count);
}

static void header_read(struct compile *compile, const struct ini_pair *pair)
{
    const char *value = plain(compile, pair);

    if (strcmp(value, "none") == 0 || strcmp(value, "无") == 0)
        compile->map->header_none = true;
    else if (strcmp(value, "auto") != 0 && strcmp(value, "自动") != 0)
        compile->map->header_row = number_read(compile, pair, 1, HEADER_SEARCH);
}

static void natural_read(struct compile *compile, const struct ini_pair *pair)
{
    struct list_item *items;
    size_t count = list_read(compile, pair->line, pair->value, ',', &items), i;
    int *natural = arena_alloc(compile->memory, (count + 1) * sizeof *natural);

    for (i = 0; i < count; i++) {
        const char *name = field_name(compile, items[i].text);
        int target = name == NULL
                         ? TARGET_UNKNOWN
                         : map_target(compile->map->kind, name, compile->words);

        if (target < 0) {
            const char *written = text_copy(compile->memory, items[i].text);

            map_complain(compile, pair->line, written,
                         "没有“%s”这个字段 (unknown field in natural)", written);
            continue;
        }
        natural[compile->map->natural_count++] = target;
    }
    compile->map->natural = natural;
}

static void empty_read(struct compile *compile, const struct ini_pair *pair)
{
    const char *value = plain(compile, pair);

    if (strcmp(value, "unknown") == 0 || strcmp(value, "不明") == 0)
        compile->map->empty_unknown = true;
    else if (strcmp(value, "value") == 0 || strcmp(value, "空") == 0)
        compile->map->empty_unknown = false;
    else
        map_complain(compile, pair->line, pair->value,
                     "空格写 value 或 unknown (empty)");
}

static void year_read(struct compile *compile, const struct ini_pair *pair)
{
    const char *value = plain(compile, pair);

    if (strcmp(value, "title") == 0 || strcmp(value, "标题") == 0)
        compile->map->year_title = true;
    else
        compile->map->year = number_read(compile, pair, 1990, 2100);
}

static void title_read(struct compile *compile, const struct ini_pair *pair)
{
    compile->map->title = plain(compile, pair);
}

static void refuse_read(struct compile *compile, const struct ini_pair *pair)
{
    compile->map->refuse = plain(compile, pair);
}

static void series_read(struct compile *compile, const struct ini_pair *pair)
{
    compile->map->series = plain(compile, pair);
}

static void trail_read(struct compile *compile, const struct ini_pair *pair)
{
    compile->map->trail = plain(compile, pair);
}

static void priority_read(struct compile *compile, const struct ini_pair *pair)
{
    compile->map->priority = number_read(compile, pair, 0, 99);
}

static void columns_read(struct compile *compile, const struct ini_pair *pair)
{
    compile->map->columns = number_read(compile, pair, 1, 16384);
}

static void header_rows_read(struct compile *compile, const struct ini_pair *pair)
{
    compile->map->header_rows = number_read(compile, pair, 1, 3);
}

static void shift_read(struct compile *compile, const struct ini_pair *pair)
{
    compile->map->shift = number_read(compile, pair, -86400 * 400, 86400 * 400);
}

static void encoding_read(struct compile *compile, const struct ini_pair *pair)
{
    compile->map->encoding = plain(compile, pair);
    if (encoding_named(compile->map->encoding) == ENCODING_UNKNOWN)
        map_complain(compile, pair->line, pair->value,
                     "没有这种编码 (unknown encoding)");
}

/* The lists of words and of titles, by key. */
static void list_key_read(struct compile *compile, enum map_key key,
                          const struct ini_pair *pair)
{
    struct map *map = compile->map;
    const char *value = pair->value;
    int line = pair->line;

    if (key == KEY_FORMAT)
        map->formats = patterns_read(compile, line, value, &map->format_count);
    else if (key == KEY_SHEET)
        map->sheets = patterns_read(compile, line, value, &map->sheet_count);
    else if (key == KEY_NULL)
        map->nulls = patterns_read(compile, line, value, &map->null_count);
    else if (key == KEY_SKIP)
        map->skip_words = patterns_read(compile, line, value, &map->skip_word_count);
    else if (key == KEY_TITLES)
        map->titles = titles_read(compile, line, value, &map->title_count);
    else if (key == KEY_IGNORED)
        map->ignores = titles_read(compile, line, value, &map->ignore_count);
}

/* [map] kind has no reader: it was read before all others. */
static void (*const readers[KEY_COUNT])(struct compile *, const struct ini_pair *) = {
    [KEY_NAME] = name_read,           [KEY_TITLE] = title_read,
    [KEY_REFUSE] = refuse_read,       [KEY_SERIES] = series_read,
    [KEY_PRIORITY] = priority_read,   [KEY_EMPTY] = empty_read,
    [KEY_COLUMNS] = columns_read,     [KEY_LIKE] = like_read,
    [KEY_HEADER] = header_read,       [KEY_HEADER_ROWS] = header_rows_read,
    [KEY_SHEETS] = sheets_read,       [KEY_ENCODING] = encoding_read,
    [KEY_DELIMITER] = delimiter_read, [KEY_DATES] = order_read,
    [KEY_ZONE] = zone_read,           [KEY_SHIFT] = shift_read,
    [KEY_YEAR] = year_read,           [KEY_AS_OF] = as_of_read,
    [KEY_NATURAL] = natural_read,     [KEY_SEPARATOR] = trail_read,
};

void pair_read(struct compile *compile, enum map_key key, const struct ini_pair *pair)
{
    if (readers[key] != NULL)
        readers[key](compile, pair);
    else
        list_key_read(compile, key, pair);
}
