/*
 * reader_html.c - HTML tables, the form many systems give an ".xls" export: each
 * table is a sheet, a <tr> a row, <td> and <th> its cells; rowspan and colspan
 * leave the covered places empty; a row tells which of its cells reach down.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ingest/reader.h"

enum {
    MAX_COLUMNS = 4096,
    MAX_SPAN = 1000, /* HTML's own limit of colspan */
    MAX_TABLES = 256,
    PROBE_BYTES = 256 * 1024 /* Excel puts its styles before the table */
};

struct table {
    size_t from, until;
};

struct grid {
    struct arena *memory;
    struct text all;
    const char *note;
    struct sheet *sheets;
    struct table *tables;
    size_t count;
    size_t sheet, at; /* where reading stands */
    uint64_t row_number;
    uint16_t *covered; /* rows still covered by a rowspan, per column */
};

struct tag {
    const char *name, *end;
    size_t name_length;
    bool closing;
};

static bool name_is(const struct tag *tag, const char *name)
{
    return tag->name_length == strlen(name)
           && strncasecmp(tag->name, name, tag->name_length) == 0;
}

/* The next tag at or after at; comments and declarations are passed over. */
static bool next_tag(const char *at, const char *end, struct tag *tag,
                     const char **open)
{
    while (at < end && (at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        const char *close;
        char quote = 0;

        *open = at++;
        if (end - at >= 3 && memcmp(at, "!--", 3) == 0) {
            close = memmem(at, (size_t)(end - at), "-->", 3);
            if (close == NULL)
                return false;
            at = close + 3;
            continue;
        }
        tag->closing = at < end && *at == '/';
        at += tag->closing;
        tag->name = at;
        while (at < end
               && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789:!?",
                         *at)
                      != NULL
               && *at != '\0')
            at++;
        tag->name_length = (size_t)(at - tag->name);
        if (tag->name_length == 0) /* "a < b" */
            continue;
        for (close = at; close < end && (quote != 0 || *close != '>'); close++)
            if (quote != 0)
                quote = *close == quote ? 0 : quote;
            else if (*close == '"' || *close == '\'')
                quote = *close;
        if (close == end)
            return false;
        tag->end = close + 1;
        return true;
    }
    return false;
}

static int span_of(const struct tag *tag, const char *name)
{
    const char *at = tag->name, *end = tag->end;
    size_t length = strlen(name);
    long span;

    for (; at + length + 1 < end; at++)
        if (strncasecmp(at, name, length) == 0 && at[length] == '=')
            break;
    if (at + length + 1 >= end)
        return 1;
    at += length + 1;
    at += *at == '"' || *at == '\'';
    span = strtol(at, NULL, 10);
    return span < 1 ? 1 : span > MAX_SPAN ? MAX_SPAN : (int)span;
}

struct entity {
    const char *name, *text;
};
static const struct entity entities[] = {
    { "amp;", "&" },    { "lt;", "<" },     { "gt;", ">" },    { "quot;", "\"" },
    { "apos;", "'" },   { "nbsp;", " " },   { "yen;", "¥" },   { "middot;", "·" },
    { "ldquo;", "“" },  { "rdquo;", "”" },  { "lsquo;", "‘" }, { "rsquo;", "’" },
    { "hellip;", "…" }, { "mdash;", "—" },  { "ndash;", "–" }, { "times;", "×" },
    { "divide;", "÷" }, { "plusmn;", "±" }, { "deg;", "°" },   { "bull;", "•" },
    { "copy;", "©" },   { "reg;", "®" },    { "ensp;", " " },  { "emsp;", " " },
};

/* One entity after '&'; the bytes used, 0 when it is none. */
static size_t put_entity(const char *at, const char *end, char *out, size_t *used)
{
    size_t i;

    if (at < end && *at == '#') {
        bool hex = at + 1 < end && (at[1] == 'x' || at[1] == 'X');
        char *stop;
        unsigned long code = strtoul(at + 1 + hex, &stop, hex ? 16 : 10);

        if (stop == at + 1 + hex || stop >= end || *stop != ';' || stop - at > 10)
            return 0;
        if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
            code = 0xFFFD;
        *used += text_put((uint32_t)code, out + *used);
        return (size_t)(stop - at) + 1;
    }
    for (i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        size_t length = strlen(entities[i].name);

        if ((size_t)(end - at) >= length && memcmp(at, entities[i].name, length) == 0) {
            memcpy(out + *used, entities[i].text, strlen(entities[i].text));
            *used += strlen(entities[i].text);
            return length;
        }
    }
    return 0;
}

/* Behind what a page does not show, or the end where it is never closed: notes as
 * LibreOffice writes them, and what is no text at all. */
static const char *skip_unseen(const struct tag *from, const char *end)
{
    static const char *const unseen[] = { "comment", "script", "style" };
    const char *at = from->end, *open;
    struct tag tag;

    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++) {
        if (from->closing || !name_is(from, unseen[i]))
            continue;
        while (next_tag(at, end, &tag, &open)) {
            at = tag.end;
            if (tag.closing && name_is(&tag, unseen[i]))
                return at;
        }
        return end;
    }
    return at;
}

enum breaks { BREAK_NONE, BREAK_LINE, BREAK_BLOCK };

/* What begins with '<' inside a cell: *at moves behind a comment or tag, which
 * may be a line break or the edge of a paragraph.  False: it is text.  Looks ahead no
 * further than its own end, and once to the end of the cell (*more is false when no tag
 * follows). */
static bool skip_markup(const char **at, const char *end, bool *more,
                        enum breaks *breaks)
{
    const char *name = *at + 1, *open;
    struct tag tag;

    *breaks = BREAK_NONE;
    if (end - *at >= 4 && memcmp(*at, "<!--", 4) == 0) {
        const char *close = memmem(*at, (size_t)(end - *at), "-->", 3);

        *at = close == NULL ? end : close + 3;
        return true;
    }
    name += name < end && *name == '/';
    if (!*more || name == end
        || !((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z')
             || *name == '!' || *name == '?'))
        return false;
    *more = next_tag(*at, end, &tag, &open);
    if (!*more || open != *at)
        return false;
    if (name_is(&tag, "br") && !tag.closing) /* <br></br> is one */
        *breaks = BREAK_LINE;
    else if (name_is(&tag, "p") || name_is(&tag, "div"))
        *breaks = BREAK_BLOCK;
    *at = skip_unseen(&tag, end);
    return true;
}

/* Text of a cell: tags dropped, <br> a line break, <p> one where none is, blanks
 * folded. */
static struct text cell_text(const char *from, const char *end, struct arena *memory)
{
    char *out = arena_alloc(memory, (size_t)(end - from) * 3 + 8);
    enum breaks breaks;
    bool more = true;
    const char *at = from;
    size_t used = 0;

    while (at < end) {
        if (*at == '<' && skip_markup(&at, end, &more, &breaks)) {
            if (breaks == BREAK_NONE)
                continue;
            used -= used > 0 && out[used - 1] == ' ';
            if (used > 0 && (breaks == BREAK_LINE || out[used - 1] != '\n'))
                out[used++] = '\n';
        } else if (*at == '&') {
            size_t length = put_entity(at + 1, end, out, &used);

            if (length == 0)
                out[used++] = '&';
            at += 1 + length;
        } else if (strchr(" \t\r\n", *at) != NULL && *at != '\0') {
            if (used > 0 && out[used - 1] != ' ' && out[used - 1] != '\n')
                out[used++] = ' ';
            at++;
        } else {
            out[used++] = *at++;
        }
    }
    return text_trim((struct text){ out, (uint32_t)used });
}

static int probe(const struct source *source)
{
    size_t length = source->length < PROBE_BYTES ? source->length : PROBE_BYTES, i;
    const char *at = (const char *)source->bytes;

    for (i = 0; i < length
                && (at[i] == '\xEF' || at[i] == '\xBB' || at[i] == '\xBF'
                    || strchr(" \t\r\n", at[i]) != NULL);
         i++)
        if (at[i] == '\0')
            return 0;
    if (i == length || at[i] != '<')
        return 0;
    for (; i + 6 < length; i++) {
        if (strncasecmp(at + i, "<table", 6) == 0)
            return 100;
    }
    return 0;
}

/* The charset a page names for itself, or NULL. */
static const char *named_charset(const struct source *source, struct arena *memory)
{
    size_t length = source->length < PROBE_BYTES ? source->length : PROBE_BYTES, i,
           used;
    const char *at = (const char *)source->bytes;

    for (i = 0; i + 8 < length; i++) {
        if (strncasecmp(at + i, "charset=", 8) != 0)
            continue;
        i += 8;
        i += at[i] == '"' || at[i] == '\'';
        for (used = 0; i + used < length && used < 20
                       && strchr("\"'> ;\t\r\n", at[i + used]) == NULL;
             used++)
            ;
        return arena_copy(memory, at + i, used);
    }
    return NULL;
}

static enum status decode(struct grid *grid, const struct source *source,
                          const struct read_options *options, struct error *err)
{
    const char *name = options->encoding;
    enum encoding encoding;
    size_t bom = 0, bad;

    if (name != NULL && encoding_named(name) == ENCODING_UNKNOWN)
        return fail(err, HY_USAGE, "不认识的编码 %.40s", name);
    encoding = encoding_detect(source->bytes, source->length, &bom);
    if (name == NULL && encoding == ENCODING_UNKNOWN)
        name = named_charset(source, grid->memory);
    if (name != NULL)
        encoding = encoding_named(name);
    if (encoding == ENCODING_UNKNOWN)
        return fail(err, HY_DATA, "看不出文字编码：请用 --encoding 指明，例如 gb18030");
    grid->note = encoding_name(encoding);
    return encoding_decode(encoding, source->bytes + bom, source->length - bom,
                           grid->memory, &grid->all, &bad, err);
}

/* Outermost tables only: a table inside a cell is that cell's text. */
static void find_tables(struct grid *grid)
{
    const char *base = grid->all.at, *end = base + grid->all.length, *at = base, *open;
    struct tag tag;
    int depth = 0;

    grid->tables = arena_alloc(grid->memory, MAX_TABLES * sizeof *grid->tables);
    while (next_tag(at, end, &tag, &open)) {
        if (name_is(&tag, "table") && !tag.closing && depth++ == 0
            && grid->count < MAX_TABLES) {
            grid->tables[grid->count].from = (size_t)(tag.end - base);
            grid->tables[grid->count++].until = grid->all.length;
        } else if (name_is(&tag, "table") && tag.closing && depth > 0 && --depth == 0) {
            grid->tables[grid->count - 1].until = (size_t)(open - base);
        }
        at = tag.end;
    }
}

static enum status open_html(struct grid **out, const struct source *source,
                             const struct read_options *options, struct arena *file,
                             struct error *err)
{
    struct grid *grid = arena_alloc(file, sizeof *grid);
    size_t i;

    *out = NULL;
    grid->memory = file;
    TRY(decode(grid, source, options, err));
    find_tables(grid);
    if (grid->count == 0)
        return fail(err, HY_DATA,
                    "这是网页，里面没有表格：请从原系统导出 .xlsx 或 .csv");
    grid->sheets = arena_alloc(file, grid->count * sizeof *grid->sheets);
    for (i = 0; i < grid->count; i++)
        grid->sheets[i].name =
            grid->count == 1 ? "" : arena_printf(file, "表 %zu", i + 1);
    grid->covered = arena_alloc(file, MAX_COLUMNS * sizeof *grid->covered);
    grid->at = grid->tables[0].from;
    *out = grid;
    return HY_OK;
}

static enum status sheets(struct grid *grid, const struct sheet **list, size_t *count,
                          struct error *err)
{
    (void)err;
    *list = grid->sheets;
    *count = grid->count;
    return HY_OK;
}

/* Where the cell that starts at `at` ends: the next td, th, tr or closing tag of
 * this table; inner tables are skipped. */
static const char *cell_end(const char *at, const char *end, const char **next)
{
    const char *open;
    struct tag tag;
    int depth = 0;

    while (next_tag(at, end, &tag, &open)) {
        if (name_is(&tag, "table"))
            depth += tag.closing ? -1 : 1;
        else if (depth == 0 && (name_is(&tag, "td") || name_is(&tag, "th"))) {
            *next = tag.closing ? tag.end : open;
            return open;
        } else if (depth == 0 && name_is(&tag, "tr")) {
            *next = open;
            return open;
        }
        at = tag.end;
    }
    *next = end;
    return end;
}

struct line {
    struct cell *cells;
    uint32_t count, down_count;
    struct merge *downs;
    bool filled;
};

static void step_covered(struct grid *grid, struct line *line)
{
    while (line->count < MAX_COLUMNS && grid->covered[line->count] > 0) {
        grid->covered[line->count]--;
        line->cells[line->count++] = (struct cell){ TEXT(""), CELL_TEXT, 0 };
    }
}

static void put_cell(struct grid *grid, struct line *line, const struct tag *tag,
                     struct text text)
{
    int columns = span_of(tag, "colspan"), rows = span_of(tag, "rowspan"), i;

    step_covered(grid, line);
    if (rows > 1 && line->count < MAX_COLUMNS) {
        uint32_t row = (uint32_t)grid->row_number; /* of the rows before this one */

        line->downs[line->down_count++] =
            (struct merge){ row, line->count, row + (uint32_t)rows - 1, line->count };
    }
    for (i = 0; i < columns && line->count < MAX_COLUMNS; i++) {
        grid->covered[line->count] = (uint16_t)(rows - 1);
        line->cells[line->count++] =
            (struct cell){ i == 0 ? text : TEXT(""), CELL_TEXT, 0 };
    }
    line->filled |= text_trim(text).length > 0;
}

/* One <tr>; false at the end of the table. */
static bool read_row(struct grid *grid, struct line *line, struct arena *memory)
{
    const char *base = grid->all.at, *end = base + grid->tables[grid->sheet].until;
    const char *at = base + grid->at, *open;
    bool inside = false;
    struct tag tag;

    line->count = line->down_count = 0;
    line->filled = false;
    while (next_tag(at, end, &tag, &open)) {
        if (name_is(&tag, "tr")) {
            if (inside) {
                grid->at = (size_t)((tag.closing ? tag.end : open) - base);
                step_covered(grid, line);
                return true;
            }
            inside = !tag.closing;
            at = tag.end;
        } else if (!tag.closing && (name_is(&tag, "td") || name_is(&tag, "th"))) {
            const char *next, *stop = cell_end(tag.end, end, &next);

            inside = true;
            put_cell(grid, line, &tag, cell_shown(cell_text(tag.end, stop, memory)));
            at = next;
        } else {
            at = tag.end;
        }
    }
    grid->at = (size_t)(end - base);
    return inside;
}

static enum status next_rows(struct grid *grid, size_t sheet, struct batch *batch,
                             struct error *err)
{
    struct line line;

    (void)err;
    if (sheet != grid->sheet) {
        grid->sheet = sheet;
        grid->at = grid->tables[sheet].from;
        grid->row_number = 0;
        memset(grid->covered, 0, MAX_COLUMNS * sizeof *grid->covered);
    }
    batch->sheet = (uint32_t)sheet;
    batch->count = 0;
    line.cells = arena_alloc(batch->memory, MAX_COLUMNS * sizeof(struct cell));
    line.downs = arena_alloc(batch->memory, MAX_COLUMNS * sizeof(struct merge));
    while (batch->count < BATCH_ROWS && read_row(grid, &line, batch->memory)) {
        struct row *row = &batch->rows[batch->count];
        struct cell *cells;

        grid->row_number++;
        if (!line.filled)
            continue;
        cells = arena_alloc(batch->memory, line.count * sizeof *cells);
        memcpy(cells, line.cells, line.count * sizeof *cells);
        *row = (struct row){ .number = grid->row_number,
                             .count = line.count,
                             .cells = cells };
        if (line.down_count > 0) {
            size_t size = line.down_count * sizeof *row->downs;

            row->down_count = line.down_count;
            row->downs = arena_grow(batch->memory, line.downs, size, size);
        }
        batch->count++;
    }
    return batch->count > 0 ? HY_OK : HY_END;
}

static void close_html(struct grid *grid)
{
    (void)grid; /* everything lies in the file's arena */
}

static const char *note(const struct grid *grid)
{
    return grid->note;
}

const struct reader reader_html = {
    .name = "html",
    .summary = "网页表格（常见于 .xls 导出）",
    .probe = probe,
    .open = open_html,
    .sheets = sheets,
    .next = next_rows,
    .close = close_html,
    .note = note,
};
