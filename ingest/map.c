/* map.c - compiles one .map file; every error is listed, not only the first. */
#include "ingest/map.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/hash.h"
#include "ingest/map_parts.h"

enum { FILE_LIMIT = 256 * 1024 };

/* Column (in characters, 1-based) of token in the line as written; 0 = none. */
static int column_of(const struct ini *ini, int line, const char *token)
{
    const char *at, *end, *found = NULL;
    size_t length;
    int column = 1;

    if (token == NULL || *token == '\0' || line < 1 || (size_t)line > ini->line_count)
        return 1;
    at = ini->lines[line - 1].at;
    end = at + ini->lines[line - 1].length;
    length = strlen(token);
    if (length <= (size_t)(end - at))
        found = memmem(at, (size_t)(end - at), token, length);
    if (found == NULL)
        return 1;
    while (at < found) {
        (void)text_next(&at, end);
        column++;
    }
    return column;
}

void map_complain(struct compile *compile, int line, const char *token, const char *fmt,
                  ...)
{
    char what[300];
    struct error error;
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    if (compile->problems->count == MAP_PROBLEMS)
        return;
    (void)ini_complain(compile->ini, line, column_of(compile->ini, line, token), &error,
                       "%s", what);
    compile->problems->text[compile->problems->count++] =
        arena_copy(compile->memory, error.text, strlen(error.text));
}

/* --- fields ------------------------------------------------------------------ */

static const struct {
    const char *name;
    int target;
} virtual_fields[] = {
    { "satisfaction", TARGET_SATISFACTION },
    { "account", TARGET_ACCOUNT },
    { "rating_by", TARGET_RATING_BY },
    { "caller", TARGET_CALLER },
    { "called", TARGET_CALLED },
    { "context", TARGET_UNUSED },
};

int map_target(enum record_kind kind, const char *name, const struct vocabulary *words)
{
    int field = record_field(kind, name);
    size_t i;

    if (field >= 0)
        return field;
    for (i = 0; i < sizeof virtual_fields / sizeof virtual_fields[0]; i++)
        if (strcmp(virtual_fields[i].name, name) == 0
            && (kind == KIND_CALL)
                   == (virtual_fields[i].target == TARGET_CALLER
                       || virtual_fields[i].target == TARGET_CALLED
                       || virtual_fields[i].target == TARGET_UNUSED))
            return virtual_fields[i].target;
    return words_level(words, kind, name) != NULL ? TARGET_UNUSED : TARGET_UNKNOWN;
}

const char *field_name(struct compile *compile, struct text name)
{
    const char *written = text_copy(compile->memory, text_trim(name));

    if (map_target(compile->map->kind, written, compile->words) != TARGET_UNKNOWN)
        return written;
    return words_field(compile->words, compile->map->kind,
                       text_fold_title(name, compile->memory));
}

const char *field_nearest(struct compile *compile, const char *name)
{
    const char *names[RECORD_FIELDS + 8];
    size_t count, i, used = 0;
    const struct field_spec *fields = record_fields(compile->map->kind, &count);

    for (i = 0; i < count; i++)
        names[used++] = fields[i].name;
    for (i = 0; i < sizeof virtual_fields / sizeof virtual_fields[0]; i++)
        names[used++] = virtual_fields[i].name;
    return text_nearest(name, names, used);
}

/* --- [values] ------------------------------------------------------------------ */

static bool canonical_known(const char *field, const struct field_spec *spec,
                            struct text word)
{
    if (strcmp(field, "satisfaction") == 0)
        return (word.length == 1 && word.at[0] >= '1' && word.at[0] <= '5')
               || text_is(word, "default") || text_is(word, "none");
    if (strcmp(field, "rating_by") == 0)
        return text_is(word, "resident") || text_is(word, "staff");
    if (spec == NULL)
        return true;
    if (spec->type == TYPE_FLAG)
        return text_is(word, "yes") || text_is(word, "no");
    return spec->type != TYPE_CODE || code_find(spec->domain, word) >= 0;
}

static const struct field_spec *spec_of(struct compile *compile, const char *field)
{
    size_t count;
    const struct field_spec *fields = record_fields(compile->map->kind, &count);
    int index = record_field(compile->map->kind, field);

    return index < 0 ? NULL : &fields[index];
}

static void value_read(struct compile *compile, const struct ini_pair *pair,
                       struct map_values *values, struct value_rule *rule)
{
    bool quoted;
    struct text word = unquote(text_of(pair->key), compile->memory, &quoted);
    const struct field_spec *spec =
        values->field == NULL ? NULL : spec_of(compile, values->field);

    rule->canonical =
        !quoted && text_is(word, "-") ? "" : text_copy(compile->memory, word);
    if (!quoted && text_is(word, "*")) {
        struct text rest = unquote(text_of(pair->value), compile->memory, &quoted);

        values->rest =
            !quoted && text_is(rest, "-") ? "" : text_copy(compile->memory, rest);
        word = rest;
        rule->canonical = values->rest;
    } else {
        rule->words = patterns_read(compile, pair->line, pair->value, &rule->count);
    }
    if (values->field != NULL && rule->canonical[0] != '\0'
        && !canonical_known(values->field, spec, word)) {
        const char *written = text_copy(compile->memory, word), *near = NULL;
        const char *const *names =
            spec != NULL && spec->type == TYPE_CODE ? code_words(spec->domain) : NULL;
        size_t count = 0;

        while (names != NULL && names[count] != NULL)
            count++;
        if (names != NULL)
            near = text_nearest(written, names, count);
        map_complain(compile, pair->line, written,
                     "“%s”里没有“%s”这个词%s%s%s (unknown word)", values->field,
                     written, near != NULL ? "，是不是“" : "", near != NULL ? near : "",
                     near != NULL ? "”" : "");
    }
}

void values_read(struct compile *compile, const struct ini_section *section,
                 struct map_values *values)
{
    struct value_rule *rules =
        arena_alloc(compile->memory, (section->count + 1) * sizeof *rules);
    size_t i;

    if (section->argument[0] == '\0')
        map_complain(compile, section->line, NULL,
                     "要写明哪个字段，如 [values nature] (values needs a field)");
    values->field = field_name(compile, text_of(section->argument));
    values->column = text_fold_title(text_of(section->argument), compile->memory);
    for (i = 0; i < section->count; i++) {
        struct value_rule *rule = &rules[values->count];

        value_read(compile, &section->pairs[i], values, rule);
        if (rule->words != NULL)
            values->count++;
    }
    values->rules = rules;
}

/* --- [map], [recognise], [read] -------------------------------------------------- */

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

static void kind_read(struct compile *compile, const struct ini_pair *pair)
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

static void pair_read(struct compile *compile, enum map_key key,
                      const struct ini_pair *pair)
{
    if (readers[key] != NULL)
        readers[key](compile, pair);
    else
        list_key_read(compile, key, pair);
}

/* --- sections ----------------------------------------------------------------------
 */

static bool field_given(const struct map *map, size_t before, const char *name)
{
    size_t i, k;

    for (i = 0; i < before; i++)
        for (k = 0; k < map->rules[i].target_count; k++)
            if (strcmp(map->rules[i].names[k], name) == 0)
                return true;
    return false;
}

/* A map may have [fields] twice: the second adds to the first. */
static void fields_read(struct compile *compile, const struct ini_section *section)
{
    struct map *map = compile->map;
    struct map_rule *rules =
        arena_grow(compile->memory, map->rules, map->rule_count * sizeof *rules,
                   (map->rule_count + section->count + 1) * sizeof *rules);
    size_t i, k;

    map->rules = rules;
    for (i = 0; i < section->count; i++) {
        struct map_rule *rule = &rules[map->rule_count];

        rule_read(compile, &section->pairs[i], rule);
        for (k = 0; k < rule->target_count; k++)
            if (field_given(map, map->rule_count, rule->names[k]))
                map_complain(compile, rule->line, section->pairs[i].key,
                             "“%s”写了两次 (field given twice)", rule->names[k]);
        map->rule_count++;
    }
}

/* "第2列" or "column 2" = 2 ("#2" would begin a comment); 0 = a title. */
static int column_number(const char *text)
{
    static const char *const before[] = { "第", "column " };
    size_t i;
    char *rest;

    for (i = 0; i < 2; i++) {
        size_t length = strlen(before[i]);
        long number;

        if (strncmp(text, before[i], length) != 0)
            continue;
        number = strtol(text + length, &rest, 10);
        if (number >= 1 && number <= 16384 && strcmp(rest, i == 0 ? "列" : "") == 0)
            return (int)number;
    }
    return 0;
}

static void skips_read(struct compile *compile, const struct ini_section *section)
{
    struct skip_rule *skips =
        arena_alloc(compile->memory, (section->count + 1) * sizeof *skips);
    size_t i;
    bool quoted;

    for (i = 0; i < section->count; i++) {
        const struct ini_pair *pair = &section->pairs[i];
        struct text title = unquote(text_of(pair->key), compile->memory, &quoted);

        skips[i].number = -1;
        if (!quoted)
            skips[i].number = column_number(text_copy(compile->memory, title)) - 1;
        skips[i].column = text_fold_title(title, compile->memory);
        skips[i].words =
            patterns_read(compile, pair->line, pair->value, &skips[i].count);
    }
    compile->map->skips = skips;
    compile->map->skip_count = section->count;
}

static void keys_read(struct compile *compile, enum map_section id,
                      const struct ini_section *section)
{
    int lines[KEY_COUNT] = { 0 };
    size_t i;

    for (i = 0; i < section->count; i++) {
        const struct ini_pair *pair = &section->pairs[i];
        int key = key_find(id, pair->key);

        if (key < 0) {
            const char *near = key_nearest(id, pair->key);

            map_complain(compile, pair->line, pair->key,
                         "[%s] 里没有“%s”%s%s%s (unknown key)", section->name,
                         pair->key, near != NULL ? "，是不是“" : "",
                         near != NULL ? near : "", near != NULL ? "”" : "");
            continue;
        }
        if (lines[key] != 0)
            map_complain(compile, pair->line, pair->key,
                         "“%s”在第 %d 行已写过 (key given twice)", pair->key,
                         lines[key]);
        lines[key] = pair->line;
        pair_read(compile, (enum map_key)key, pair);
    }
}

static void section_read(struct compile *compile, const struct ini_section *section,
                         struct map_values *values)
{
    int id = section_find(section->name);
    const char *near;

    switch (id) {
    case SECTION_FIELDS:
        fields_read(compile, section);
        return;
    case SECTION_VALUES:
        values_read(compile, section, &values[compile->map->values_count++]);
        return;
    case SECTION_SKIP:
        skips_read(compile, section);
        return;
    case -1:
        near = section_nearest(section->name);
        map_complain(compile, section->line, section->name,
                     "没有 [%s] 这一节%s%s%s (unknown section)", section->name,
                     near != NULL ? "，是不是 [" : "", near != NULL ? near : "",
                     near != NULL ? "]" : "");
        return;
    default:
        keys_read(compile, (enum map_section)id, section);
    }
}

/* The kind decides what the fields mean: it is read before everything else. */
static void kind_first(struct compile *compile)
{
    size_t i, k;

    for (i = 0; i < compile->ini->count; i++) {
        const struct ini_section *section = &compile->ini->sections[i];

        if (section_find(section->name) != SECTION_MAP)
            continue;
        for (k = 0; k < section->count; k++)
            if (key_find(SECTION_MAP, section->pairs[k].key) == KEY_KIND)
                kind_read(compile, &section->pairs[k]);
    }
}

static void check_whole(struct compile *compile, bool kinded)
{
    struct map *map = compile->map;
    int last = (int)compile->ini->line_count;

    if (map->name == NULL)
        map_complain(compile, last > 0 ? 1 : 0, NULL,
                     "缺 [map] name (no name in [map])");
    if (!kinded)
        map_complain(compile, last > 0 ? 1 : 0, NULL,
                     "缺 [map] kind (no kind in [map])");
    if (map->rule_count == 0 && map->refuse == NULL)
        map_complain(compile, last, NULL, "缺 [fields] (no fields)");
    if (map->title_count == 0 && map->like_count == 0 && map->columns == 0
        && map->sheet_count == 0)
        map_complain(compile, last, NULL,
                     "缺 [recognise]：写 titles，或 columns 和 like (nothing to "
                     "recognise by)");
    if (map->title == NULL)
        map->title = map->name;
    if (map->series == NULL)
        map->series = map->name;
}

static void map_hash(struct compile *compile)
{
    struct hash_stream *stream = hash_start(compile->memory);
    size_t i;

    for (i = 0; i < compile->ini->line_count; i++) {
        struct text folded = text_fold(compile->ini->lines[i], compile->memory);

        hash_add(stream, folded.at, folded.length);
        hash_add(stream, "\n", 1);
    }
    hash_end(stream, compile->map->hash);
}

static enum status report(const struct map_problems *problems, struct error *err)
{
    size_t i, used = 0;

    if (problems->count == 0)
        return HY_OK;
    err->text[0] = '\0';
    err->status = HY_CONFIG;
    for (i = 0; i < problems->count; i++) {
        size_t length = strlen(problems->text[i]);

        if (i > 0 && used + length + 60 > sizeof err->text) {
            (void)snprintf(err->text + used, sizeof err->text - used,
                           "\n……另有 %zu 处 (%zu more)", problems->count - i,
                           problems->count - i);
            break;
        }
        (void)snprintf(err->text + used, sizeof err->text - used, "%s%s",
                       i > 0 ? "\n" : "", problems->text[i]);
        used = strlen(err->text);
    }
    return HY_CONFIG;
}

enum status map_compile(const char *path, const unsigned char *bytes, size_t length,
                        const struct vocabulary *words, struct arena *memory,
                        struct map *map, struct map_problems *problems,
                        struct error *err)
{
    struct ini ini;
    struct map_problems own;
    struct compile compile = { &ini, words, memory, map,
                               problems != NULL ? problems : &own };
    struct map_values *values;
    size_t i;

    own.count = 0;
    compile.problems->count = 0;
    *map = (struct map){ .path = path, .priority = 50, .order = DATE_YMD };
    if (length > FILE_LIMIT)
        return fail(err, HY_CONFIG, "%s: 超过 256 KiB (map too large)", path);
    TRY(ini_parse(path, bytes, length, memory, &ini, err));
    kind_first(&compile);
    if (map->kind == KIND_PARTIAL)
        map->empty_unknown = true;
    i = (size_t)map->kind;
    if (map->kind == 0)
        map->kind = KIND_TICKET;
    values = arena_alloc(memory, (ini.count + 1) * sizeof *values);
    map->values = values;
    for (size_t k = 0; k < ini.count; k++)
        section_read(&compile, &ini.sections[k], values);
    check_whole(&compile, i != 0 || compile.problems->count > 0);
    map_hash(&compile);
    return report(compile.problems, err);
}
