/*
 * ini.c - the clerk-proof INI reader behind settings, maps and wording.
 *
 * UTF-8 (BOM allowed), else GB18030; LF, CRLF, CR; full-width punctuation reads
 * as its plain twin outside quotes; a line that starts with blanks continues the
 * value above.  Grammar: design/MAPS.md section 1.
 */
#include "core/settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/file.h"

enum {
    FILE_LIMIT = 256 * 1024, /* a settings file is pages, not megabytes */
    LINE_LIMIT = 4096
};

struct parse {
    struct ini *ini;
    struct arena *memory;
    struct ini_section *sections;
    struct ini_pair *pairs; /* of the newest section */
    size_t section_room, pair_room;
    bool continues; /* the line before was a pair */
};

static struct text whole_text(const unsigned char *bytes, size_t length,
                              struct arena *memory, bool *broken)
{
    struct text out = { (const char *)bytes, (uint32_t)length };
    struct error ignored;
    size_t bad = 0;

    *broken = false;
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        out.at += 3;
        out.length -= 3;
    }
    if (text_valid(out.at, out.length) == out.length)
        return out;
    if (encoding_decode(ENCODING_GB18030, bytes, length, memory, &out, &bad, &ignored)
            != HY_OK
        || bad > 0)
        *broken = true;
    return out;
}

/* Full-width punctuation of MAPS.md and U+3000, as plain ASCII; 0 = keep. */
static char plain_twin(uint32_t code)
{
    switch (code) {
    case 0xFF3B:
        return '[';
    case 0xFF3D:
        return ']';
    case 0xFF1D:
        return '=';
    case 0xFF0C:
        return ',';
    case 0xFF1B:
        return ';';
    case 0xFF5C:
        return '|';
    case 0xFF0B:
        return '+';
    case 0xFF03:
        return '#';
    case 0xFF02:
    case 0x201C:
    case 0x201D:
        return '"';
    case 0x3000:
    case 0x00A0:
        return ' ';
    default:
        return 0;
    }
}

/* A full-width colon stays in values (times are folded where they are read). */
static char *plain_line(struct text line, struct arena *memory)
{
    char *out = arena_alloc(memory, (size_t)line.length + 1);
    const char *at = line.at, *end = line.at + line.length;
    size_t used = 0;
    bool quoted = false;

    while (at < end) {
        const char *from = at;
        char twin = plain_twin(text_next(&at, end));

        if (*from == '"' || twin == '"')
            quoted = !quoted;
        if (twin != 0 && (!quoted || twin == '"')) {
            out[used++] = twin;
        } else {
            memcpy(out + used, from, (size_t)(at - from));
            used += (size_t)(at - from);
        }
    }
    out[used] = '\0';
    return out;
}

static char *trimmed(char *text)
{
    size_t length;

    text += strspn(text, " \t");
    length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

static void split_lines(struct parse *parse, struct text all)
{
    const char *at = all.at, *end = all.at + all.length;
    struct text *lines = arena_alloc(parse->memory, (LINE_LIMIT + 1) * sizeof *lines);
    size_t count = 0;

    while (at < end && count <= LINE_LIMIT) {
        const char *stop = at;

        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        lines[count++] = (struct text){ at, (uint32_t)(stop - at) };
        if (stop < end && *stop == '\r' && stop + 1 < end && stop[1] == '\n')
            stop++;
        at = stop < end ? stop + 1 : end;
    }
    parse->ini->lines = lines;
    parse->ini->line_count = count;
}

enum status ini_complain(const struct ini *ini, int line, int column, struct error *err,
                         const char *fmt, ...)
{
    char what[256], quoted[161] = "", caret[200] = "";
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    if (line >= 1 && (size_t)line <= ini->line_count) {
        struct text text = ini->lines[line - 1];
        const char *at = text.at, *end = text.at + text.length;
        size_t used = 0;
        int wide = 0, seen = 1;

        while (at < end && used < sizeof quoted - 5) {
            const char *from = at;
            uint32_t code = text_next(&at, end);

            if (column > 0 && seen++ < column)
                wide += text_width((struct text){ from, (uint32_t)(at - from) });
            used += text_put(code < 32 ? ' ' : code, quoted + used);
        }
        quoted[used] = '\0';
        if (column > 0 && wide < 150)
            (void)snprintf(caret, sizeof caret, "\n    %*s^", wide, "");
    }
    if (column > 0)
        return fail(err, HY_CONFIG, "%s:%d:%d: %s\n    %s%s", ini->path, line, column,
                    what, quoted, caret);
    return fail(err, HY_CONFIG, "%s:%d: %s\n    %s", ini->path, line, what, quoted);
}

static struct ini_section *add_section(struct parse *parse, const char *name,
                                       const char *argument, int line)
{
    struct ini *ini = parse->ini;
    struct ini_section *section;

    if (ini->count == parse->section_room) {
        size_t room = (parse->section_room + 8) * 2;

        parse->sections = arena_grow(parse->memory, parse->sections,
                                     ini->count * sizeof *parse->sections,
                                     room * sizeof *parse->sections);
        parse->section_room = room;
    }
    section = &parse->sections[ini->count++];
    section->name = name;
    section->argument = argument;
    section->line = line;
    ini->sections = parse->sections;
    parse->pairs = NULL;
    parse->pair_room = 0;
    return section;
}

static void add_pair(struct parse *parse, const char *key, const char *value,
                     const char *written, int line)
{
    struct ini_section *section = &parse->sections[parse->ini->count - 1];

    if (section->count == parse->pair_room) {
        size_t room = (parse->pair_room + 8) * 2;

        parse->pairs = arena_grow(parse->memory, parse->pairs,
                                  section->count * sizeof *parse->pairs,
                                  room * sizeof *parse->pairs);
        parse->pair_room = room;
    }
    parse->pairs[section->count++] = (struct ini_pair){ key, value, written, line };
    section->pairs = parse->pairs;
}

static enum status take_section(struct parse *parse, char *line, int number,
                                struct error *err)
{
    char *close_bracket = strrchr(line, ']'), *name, *argument;

    if (close_bracket == NULL || trimmed(close_bracket + 1)[0] != '\0')
        return ini_complain(parse->ini, number, 0, err,
                            "“[”没有配上“]”，请写成 [名称] (unclosed section)");
    *close_bracket = '\0';
    name = trimmed(line + 1);
    argument = name + strcspn(name, " \t");
    if (*argument != '\0') {
        *argument = '\0';
        argument = trimmed(argument + 1);
    }
    if (argument[0] == '"' && argument[strlen(argument) - 1] == '"'
        && strlen(argument) >= 2) {
        argument[strlen(argument) - 1] = '\0';
        argument++;
    }
    if (*name == '\0')
        return ini_complain(parse->ini, number, 0, err,
                            "空的 [ ] (empty section name)");
    (void)add_section(parse, name, argument, number);
    return HY_OK;
}

/* The first '=' outside quotes. */
static char *find_equals(char *line)
{
    bool quoted = false;

    for (; *line != '\0'; line++) {
        if (*line == '"')
            quoted = !quoted;
        else if (*line == '=' && !quoted)
            return line;
    }
    return NULL;
}

static const char *joined(struct parse *parse, const char *first, const char *more)
{
    return *first == '\0' ? more : arena_printf(parse->memory, "%s %s", first, more);
}

static enum status take_more(struct parse *parse, const char *line, const char *written)
{
    struct ini_section *section = &parse->sections[parse->ini->count - 1];
    struct ini_pair *pair = &parse->pairs[section->count - 1];

    pair->value = joined(parse, pair->value, line);
    pair->written = joined(parse, pair->written, written);
    return HY_OK;
}

/* What stands right of the first '=' or '＝' outside quotes, as typed. */
static const char *as_written(struct parse *parse, struct text raw)
{
    const char *at = raw.at, *end = raw.at + raw.length;
    bool quoted = false;

    while (at < end) {
        uint32_t code = text_next(&at, end);

        if (code == '"' || plain_twin(code) == '"')
            quoted = !quoted;
        else if (!quoted && (code == '=' || plain_twin(code) == '='))
            break;
    }
    return text_copy(parse->memory,
                     text_trim((struct text){ at, (uint32_t)(end - at) }));
}

static enum status take_line(struct parse *parse, struct text raw, int number,
                             struct error *err)
{
    char *line = plain_line(raw, parse->memory);
    bool indented = *line == ' ' || *line == '\t';
    char *equals;

    line = trimmed(line);
    if (*line == '\0' || *line == ';' || *line == '#')
        return HY_OK;
    if (indented && parse->continues)
        return take_more(parse, line, text_copy(parse->memory, text_trim(raw)));
    parse->continues = false;
    if (*line == '[')
        return take_section(parse, line, number, err);
    equals = find_equals(line);
    if (equals == NULL)
        return ini_complain(parse->ini, number, 0, err,
                            "看不懂这一行，请写成“名称 = 内容” (expected key = value)");
    *equals = '\0';
    if (*trimmed(line) == '\0')
        return ini_complain(parse->ini, number, 0, err, "“=”左边是空的 (no key)");
    if (parse->ini->count == 0)
        (void)add_section(parse, "", "", number);
    add_pair(parse, trimmed(line), trimmed(equals + 1), as_written(parse, raw), number);
    parse->continues = true;
    return HY_OK;
}

enum status ini_parse(const char *path, const unsigned char *bytes, size_t length,
                      struct arena *memory, struct ini *ini, struct error *err)
{
    struct parse parse = { .ini = ini, .memory = memory };
    bool broken;
    struct text all;
    size_t i;

    *ini = (struct ini){ .path = path };
    all = whole_text(bytes, length, memory, &broken);
    split_lines(&parse, all);
    if (broken)
        return fail(err, HY_CONFIG,
                    "%s: 文字编码看不懂，请用记事本另存为 UTF-8 (not UTF-8 or GB18030)",
                    path);
    if (memchr(bytes, 0, length) != NULL)
        return fail(err, HY_CONFIG, "%s: 不是文本文件 (not a text file)", path);
    if (ini->line_count > LINE_LIMIT)
        return fail(err, HY_CONFIG, "%s: 超过 %d 行 (too many lines)", path,
                    LINE_LIMIT);
    for (i = 0; i < ini->line_count; i++)
        TRY(take_line(&parse, ini->lines[i], (int)i + 1, err));
    return HY_OK;
}

enum status ini_load(const char *path, struct arena *memory, struct ini *ini,
                     struct error *err)
{
    const unsigned char *bytes;
    size_t length;

    *ini = (struct ini){ .path = path };
    TRY(file_read(path, FILE_LIMIT, memory, &bytes, &length, err));
    return ini_parse(path, bytes, length, memory, ini, err);
}
