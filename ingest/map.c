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
    { "revisit_rule", TARGET_REVISIT_RULE },
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
