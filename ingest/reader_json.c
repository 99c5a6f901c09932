/* reader_json.c - JSON: a list of objects, one wrapped in an object, or JSON Lines.
 *
 * One sheet, titled: row 1 holds the names (of nested keys joined by '.'), record k
 * is row k + 1.  Lists inside a record are joined by '|', numbers keep their
 * digits, null is an empty text, a key that is missing an absent cell.  A file is
 * walked three times: for its shape, its columns, its rows; memory stays flat.
 */
#include "ingest/reader_json.h"

#include <string.h>

enum { PROBE_BYTES = 512 };

struct grid {
    struct text text;
    struct sheet sheet;
    struct json_columns columns;
    struct json_walk *walk;
    const char *note;
    const char *line; /* JSON Lines: where the next line begins */
    uint64_t line_records;
    bool lines, nothing, some_bad, titled, keep_blank;
};

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

static int judge(struct text text)
{
    const char *end = text.at + text.length;
    const char *at = skip_blanks(text.at, end);
    const char *next = at < end ? skip_blanks(at + 1, end) : end;

    if (at == end || next == end)
        return at < end && (*at == '{' || *at == '[') ? 60 : 0;
    if (*at == '{')
        return *next == '"' || *next == '}' ? 90 : 0;
    if (*at != '[')
        return 0;
    if (*next == '{')
        return 90;
    return strchr("[]\"-0123456789", *next) != NULL ? 60 : 0;
}

static int json_probe(const struct source *source)
{
    size_t bom, bad, length;
    enum encoding encoding = encoding_detect(source->bytes, source->length, &bom);
    struct arena *memory;
    struct error ignored;
    struct text text;
    int sure = 0;

    if (encoding == ENCODING_UNKNOWN)
        encoding = ENCODING_UTF8;
    length = source->length - bom < PROBE_BYTES ? source->length - bom : PROBE_BYTES;
    memory = arena_new();
    if (encoding_decode(encoding, source->bytes + bom, length, memory, &text, &bad,
                        &ignored)
        == HY_OK)
        sure = judge(text);
    arena_free(memory);
    return sure;
}

/* The line at `at`, without its end; *next is the following one. */
static struct text line_at(const char *at, const char *end, const char **next)
{
    const char *stop = memchr(at, '\n', (size_t)(end - at));

    *next = stop == NULL ? end : stop + 1;
    if (stop == NULL)
        stop = end;
    while (at < stop && is_blank(*at))
        at++;
    while (stop > at && is_blank(stop[-1]))
        stop--;
    return (struct text){ at, (uint32_t)(stop - at) };
}

/* After a first line {...} one JSON could only go on with one of ",}]". */
static bool has_lines(struct text text)
{
    const char *end = text.at + text.length;
    const char *next = text.at;
    struct text first = { NULL, 0 }, second = { NULL, 0 };

    while (first.length == 0 && next < end)
        first = line_at(next, end, &next);
    while (second.length == 0 && next < end)
        second = line_at(next, end, &next);
    return first.length > 0 && second.length > 0 && first.at[0] == '{'
           && first.at[first.length - 1] == '}' && strchr(",}]", second.at[0]) == NULL;
}

static enum status walk_all(struct json_walk *walk, struct error *err)
{
    enum status status;

    do
        status = json_walk_piece(walk, NULL, err);
    while (status == HY_OK);
    return status == HY_END ? HY_OK : status;
}

/* Which list holds the records. */
static enum status survey_shape(struct grid *grid, size_t *list, struct error *err)
{
    struct json_walk *walk = json_walk_open(JSON_SHAPE, grid->text, 0, NULL);
    enum status status = walk_all(walk, err);
    const struct json_shape *shape = json_walk_shape(walk);

    *list = shape->best_list;
    if (status == HY_OK && shape->best_count == 0) {
        grid->nothing = shape->empty_list || (grid->keep_blank && !shape->top_object);
        if (!grid->nothing && shape->nested_lists)
            status = fail(err, HY_DATA,
                          "JSON 里是数组套数组 [[…],[…]]，没有字段名：请导出成 "
                          "[{…},{…}]，或改导 .csv、.xlsx (rows without names)");
        else if (!grid->nothing && !shape->top_object)
            status =
                fail(err, HY_DATA,
                     "JSON 里没有记录：要的是 [{…},{…}] 或每行一个 {…}，请重新导出");
    }
    json_walk_close(walk);
    return status;
}

static enum status survey_columns(struct grid *grid, size_t list, struct error *err)
{
    struct json_walk *walk =
        json_walk_open(JSON_COLUMNS, grid->text, list, &grid->columns);
    enum status status = walk_all(walk, err);

    json_walk_close(walk);
    return status;
}

/* A line that cannot be read is a bad row, but a last line cut short is a file
 * cut short. */
static enum status survey_lines(struct grid *grid, struct error *err)
{
    static const struct text none = { "", 0 };
    struct json_walk *walk = json_walk_open(JSON_COLUMNS, none, 0, &grid->columns);
    const char *end = grid->text.at + grid->text.length;
    const char *at = grid->text.at;
    enum status status = HY_OK;

    while (at < end && status != HY_MEMORY) {
        struct text line = line_at(at, end, &at);

        if (line.length == 0)
            continue;
        json_walk_again(walk, line);
        status = walk_all(walk, err);
    }
    if (status == HY_DATA && end[-1] != '\n')
        status = fail(err, HY_DATA, "最后一行不完整，文件像是被截断了：请重新导出");
    else if (status == HY_DATA)
        status = HY_OK;
    json_walk_close(walk);
    return status;
}

static enum status decode(struct grid *grid, const struct source *source,
                          const struct read_options *options, struct arena *file,
                          struct error *err)
{
    size_t bom = 0, bad = 0;
    enum encoding encoding = encoding_detect(source->bytes, source->length, &bom);

    if (options->encoding != NULL) {
        enum encoding asked = encoding_named(options->encoding);

        if (asked == ENCODING_UNKNOWN)
            return fail(err, HY_USAGE,
                        "不认识的编码 %.40s：可用 utf-8、gbk、gb18030、big5、utf-16le、"
                        "utf-16be",
                        options->encoding);
        bom = asked == encoding ? bom : 0;
        encoding = asked;
    }
    if (encoding == ENCODING_UNKNOWN)
        return fail(err, HY_DATA,
                    "看不出文字编码：请用 --encoding 指明，或另存为 UTF-8");
    TRY(encoding_decode(encoding, source->bytes + bom, source->length - bom, file,
                        &grid->text, &bad, err));
    if (encoding == ENCODING_UTF8 && bad > 0
        && memchr(source->bytes, '\0', source->length) != NULL)
        return fail(err, HY_DATA, "JSON 里有 NUL 字节：文件已损坏，请重新导出");
    grid->some_bad = bad > 0;
    grid->note = encoding_name(encoding);
    return HY_OK;
}

static void json_close(struct grid *grid)
{
    if (grid == NULL)
        return;
    json_walk_close(grid->walk);
    grid->walk = NULL;
}

static enum status json_open(struct grid **out, const struct source *source,
                             const struct read_options *options, struct arena *file,
                             struct error *err)
{
    struct grid *grid = arena_alloc(file, sizeof *grid);
    struct text start;
    size_t list = 0;

    *out = NULL;
    grid->keep_blank = options->keep_blank;
    TRY(decode(grid, source, options, file, err));
    json_columns_open(&grid->columns, file);
    grid->lines = has_lines(grid->text);
    if (grid->lines) {
        TRY(survey_lines(grid, err));
    } else {
        TRY(survey_shape(grid, &list, err));
        if (!grid->nothing)
            TRY(survey_columns(grid, list, err));
    }
    if (grid->columns.doubled > 0)
        grid->note =
            arena_printf(file, "%s，有 %llu 个字段在同一条记录里写了两次，取后一次",
                         grid->note, (unsigned long long)grid->columns.doubled);
    grid->sheet.name = "";
    grid->sheet.titled = true;
    grid->line = grid->text.at;
    start = grid->lines ? (struct text){ "", 0 } : grid->text;
    if (!grid->nothing)
        grid->walk = json_walk_open(JSON_ROWS, start, list, &grid->columns);
    *out = grid;
    return HY_OK;
}

static enum status json_sheets(struct grid *grid, const struct sheet **sheets,
                               size_t *count, struct error *err)
{
    (void)err;
    *sheets = &grid->sheet;
    *count = 1;
    return HY_OK;
}

static void add_titles(struct grid *grid, struct batch *batch)
{
    size_t count = grid->columns.count;
    struct cell *cells = arena_alloc(batch->memory, (count + 1) * sizeof *cells);

    grid->titled = true;
    for (size_t i = 0; i < count; i++)
        cells[i] = (struct cell){ .text = grid->columns.names[i], .kind = CELL_TEXT };
    batch->rows[batch->count++] =
        (struct row){ .number = 1, .count = (uint32_t)count, .cells = cells };
}

/* One line of JSON Lines; one that cannot be read becomes a damaged row. */
static enum status next_line(struct grid *grid, struct batch *batch, struct error *err)
{
    const char *end = grid->text.at + grid->text.length;
    uint32_t before = batch->count;
    struct text line;
    enum status status;

    if (grid->line == end)
        return HY_END;
    line = line_at(grid->line, end, &grid->line);
    if (line.length == 0)
        return HY_OK;
    json_walk_again(grid->walk, line);
    do
        status = json_walk_piece(grid->walk, batch, err);
    while (status == HY_OK);
    if (status == HY_MEMORY)
        return status;
    grid->line_records++;
    if (status == HY_END && batch->count == before + 1) {
        batch->rows[before].number = grid->line_records + 1;
        return HY_OK;
    }
    batch->count = before;
    batch->rows[batch->count++] = (struct row){ .number = grid->line_records + 1,
                                                .raw = line,
                                                .damage = "bad_value" };
    return HY_OK;
}

static bool says_nothing(const struct row *row)
{
    for (uint32_t i = 0; i < row->count; i++)
        if (text_trim(row->cells[i].text).length > 0)
            return false;
    return row->damage == NULL;
}

/* Marks what was decoded with a hole, leaves out what is wholly blank. */
static void sift(const struct grid *grid, struct batch *batch)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < batch->count; i++) {
        struct row *row = &batch->rows[i];

        if (grid->some_bad && row->damage == NULL && row->raw.length > 0
            && memmem(row->raw.at, row->raw.length, "\xEF\xBF\xBD", 3) != NULL)
            row->damage = "bad_encoding";
        if (row->number == 1 || grid->keep_blank || !says_nothing(row))
            batch->rows[kept++] = *row;
    }
    batch->count = kept;
}

static enum status json_next(struct grid *grid, size_t sheet, struct batch *batch,
                             struct error *err)
{
    uint32_t most = grid->lines ? 1 : JSON_PIECE_ROWS;
    enum status status = HY_OK;

    batch->sheet = (uint32_t)sheet;
    batch->count = 0;
    if (grid->nothing)
        return HY_END;
    if (!grid->titled)
        add_titles(grid, batch);
    do {
        while (status == HY_OK && batch->count + most <= BATCH_ROWS)
            status = grid->lines ? next_line(grid, batch, err)
                                 : json_walk_piece(grid->walk, batch, err);
        sift(grid, batch);
        if (batch->count == 0) /* a file of blanks must not fill the memory */
            arena_reset(batch->memory);
    } while (status == HY_OK && batch->count == 0);
    if (status != HY_OK && status != HY_END)
        return status;
    return batch->count == 0 ? HY_END : HY_OK;
}

static const char *json_note(const struct grid *grid)
{
    return grid->note;
}

const struct reader reader_json = {
    .name = "json",
    .summary = "JSON：对象的列表，或每行一个对象",
    .probe = json_probe,
    .open = json_open,
    .sheets = json_sheets,
    .next = json_next,
    .close = json_close,
    .note = json_note,
};
