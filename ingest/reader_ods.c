/*
 * reader_ods.c - OpenDocument sheets (.ods) and their flat form (.fods): rows as
 * events from content.xml, streamed.  Repeat counts are honoured for cells that
 * hold something and bounded; empty repeats cost nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/xml.h"
#include "core/zip.h"
#include "ingest/reader.h"

enum {
    MAX_COLUMNS = 4096,
    MAX_REPEAT_ROWS = 512, /* a filled row said to stand more often is a bomb */
    MAX_SHEETS = 1000,
    TEXT_LIMIT = 1024 * 1024,
    CHUNK = 64 * 1024,
    PART_LIMIT = 256 * 1024 * 1024
};

struct grid {
    struct arena *memory; /* of the file */
    const unsigned char *bytes;
    size_t length, fed; /* flat form: what is fed so far */
    struct zip *zip;
    int content; /* member of content.xml */
    struct xml *xml;
    bool listing, suspended, finished;
    struct sheet *sheets;
    size_t count;
    /* where the events stand */
    int table; /* index of the table being read, -1 before */
    int table_depth, cell_depth, note_depth;
    size_t wanted;
    struct batch *batch;
    uint64_t row_number;
    long row_repeat, cell_repeat;
    bool row_hidden, filled;
    uint32_t columns;
    struct cell cells[MAX_COLUMNS];
    enum cell_kind kind;
    int64_t time;
    const char *value;
    char *text;
    size_t text_length, text_room;
    char buffer[CHUNK];
};

static long repeat_of(const char **attributes, const char *name)
{
    const char *value = xml_attribute(attributes, name);
    long count = value != NULL ? strtol(value, NULL, 10) : 1;

    return count < 1 ? 1 : count;
}

static const char *batch_copy(struct grid *grid, const char *text)
{
    return arena_copy(grid->batch->memory, text, strlen(text));
}

static void take_value(struct grid *grid, const char **attributes)
{
    const char *type = xml_attribute(attributes, "value-type");
    struct date_options plain = { .order = DATE_YMD };
    const char *value;
    bool date_only;

    grid->kind = CELL_TEXT;
    grid->value = NULL;
    if (type == NULL)
        return;
    if (strcmp(type, "float") == 0 || strcmp(type, "percentage") == 0
        || strcmp(type, "currency") == 0) {
        value = xml_attribute(attributes, "value");
        grid->kind = CELL_NUMBER;
        grid->value = value != NULL ? batch_copy(grid, value) : NULL;
    } else if (strcmp(type, "boolean") == 0) {
        value = xml_attribute(attributes, "boolean-value");
        grid->kind = CELL_BOOL;
        grid->value = value != NULL ? batch_copy(grid, value) : NULL;
    } else if (strcmp(type, "date") == 0) {
        value = xml_attribute(attributes, "date-value");
        if (value != NULL
            && date_parse(text_of(value), &plain, &grid->time, &date_only)) {
            char iso[20];

            time_print(grid->time, date_only, iso);
            grid->kind = date_only ? CELL_DATE : CELL_DATETIME;
            grid->value = batch_copy(grid, iso);
        }
    }
}

static void add_text(struct grid *grid, const char *text, size_t length)
{
    if (grid->text_length + length > TEXT_LIMIT)
        length = TEXT_LIMIT - grid->text_length;
    if (grid->text_length + length > grid->text_room) {
        size_t room = (grid->text_length + length) * 2 + 64;

        grid->text =
            arena_grow(grid->batch->memory, grid->text, grid->text_length, room);
        grid->text_room = room;
    }
    if (length > 0)
        memcpy(grid->text + grid->text_length, text, length);
    grid->text_length += length;
}

static void begin_cell(struct grid *grid, const char **attributes)
{
    grid->cell_repeat = repeat_of(attributes, "number-columns-repeated");
    grid->text = NULL;
    grid->text_length = grid->text_room = 0;
    take_value(grid, attributes);
}

static void end_cell(struct grid *grid)
{
    struct text text = { grid->text, (uint32_t)grid->text_length };
    long i;

    if (grid->value != NULL)
        text = text_of(grid->value);
    if (text.length == 0 && grid->cell_repeat > MAX_COLUMNS)
        grid->cell_repeat = MAX_COLUMNS;
    for (i = 0; i < grid->cell_repeat && grid->columns < MAX_COLUMNS; i++)
        grid->cells[grid->columns++] =
            (struct cell){ text.length > 0 ? text : TEXT(""),
                           text.length > 0 ? grid->kind : CELL_TEXT, grid->time };
    grid->filled |= text.length > 0;
}

static void put_row(struct grid *grid)
{
    struct batch *batch = grid->batch;
    struct row *row = &batch->rows[batch->count];
    struct cell *cells =
        arena_alloc(batch->memory, (grid->columns + 1) * sizeof *cells);

    memcpy(cells, grid->cells, grid->columns * sizeof *cells);
    while (grid->columns > 0 && cells[grid->columns - 1].text.length == 0)
        grid->columns--;
    *row = (struct row){ .number = grid->row_number,
                         .count = grid->columns,
                         .cells = cells,
                         .hidden = grid->row_hidden };
    batch->count++;
}

/* A full batch suspends the parser; a repeated row may stand in the next one. */
static enum status end_row(struct grid *grid, struct error *err)
{
    long i, repeat = grid->row_repeat;

    if (!grid->filled || (size_t)grid->table != grid->wanted) {
        grid->row_number += (uint64_t)repeat;
        return HY_OK;
    }
    if (repeat > MAX_REPEAT_ROWS)
        return fail(err, HY_DATA,
                    "有一行写着重复 %ld 次，超过 %d 次，不予读取 (repeat)", repeat,
                    MAX_REPEAT_ROWS);
    for (i = 0; i < repeat; i++) {
        grid->row_number++;
        if (grid->batch->count < BATCH_ROWS)
            put_row(grid);
    }
    return grid->batch->count + MAX_REPEAT_ROWS > BATCH_ROWS ? HY_END : HY_OK;
}

static enum status list_table(struct grid *grid, const char **attributes,
                              struct error *err)
{
    const char *name = xml_attribute(attributes, "name");

    if (grid->count == MAX_SHEETS)
        return fail(err, HY_DATA, "工作表超过 %d 张 (too many sheets)", MAX_SHEETS);
    grid->sheets =
        arena_grow(grid->memory, grid->sheets, grid->count * sizeof(struct sheet),
                   (grid->count + 1) * sizeof(struct sheet));
    grid->sheets[grid->count++].name =
        arena_copy(grid->memory, name != NULL ? name : "",
                   name != NULL ? strlen(name) : 0);
    return HY_OK;
}

static bool is_cell(const char *name)
{
    return strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0;
}

static void inside_cell(struct grid *grid, const char *name, const char **attributes)
{
    if (strcmp(name, "annotation") == 0)
        grid->note_depth++;
    else if (grid->note_depth > 0)
        return;
    else if (strcmp(name, "p") == 0 && grid->text_length > 0)
        add_text(grid, "\n", 1);
    else if (strcmp(name, "line-break") == 0)
        add_text(grid, "\n", 1);
    else if (strcmp(name, "tab") == 0)
        add_text(grid, "\t", 1);
    else if (strcmp(name, "s") == 0) {
        long blanks = repeat_of(attributes, "c");

        for (; blanks > 0 && blanks < 1000; blanks--)
            add_text(grid, " ", 1);
    }
}

static enum status on_start(void *self, const char *name, const char **attributes,
                            struct error *err)
{
    struct grid *grid = self;

    if (strcmp(name, "encryption-data") == 0)
        return fail(err, HY_DATA, "文件加了密码，请另存为不带密码的 xlsx (password)");
    if (strcmp(name, "table") == 0 && grid->table_depth++ == 0) {
        grid->table++;
        grid->row_number = 0;
        return grid->listing ? list_table(grid, attributes, err) : HY_OK;
    }
    if (grid->listing || grid->table_depth != 1 || (size_t)grid->table != grid->wanted)
        return HY_OK;
    if (strcmp(name, "table-row") == 0) {
        const char *visible = xml_attribute(attributes, "visibility");

        grid->row_repeat = repeat_of(attributes, "number-rows-repeated");
        grid->row_hidden = visible != NULL && strcmp(visible, "visible") != 0;
        grid->columns = 0;
        grid->filled = false;
    } else if (is_cell(name)) {
        if (grid->cell_depth++ == 0)
            begin_cell(grid, attributes);
    } else if (grid->cell_depth > 0) {
        inside_cell(grid, name, attributes);
    }
    return HY_OK;
}

static enum status on_end(void *self, const char *name, struct error *err)
{
    struct grid *grid = self;

    if (strcmp(name, "table") == 0) {
        grid->table_depth--;
        /* The sheet asked for is read: what follows is another's. */
        return !grid->listing && grid->table_depth == 0
                       && (size_t)grid->table == grid->wanted
                   ? HY_END
                   : HY_OK;
    }
    if (grid->listing || grid->table_depth != 1 || (size_t)grid->table != grid->wanted)
        return HY_OK;
    if (strcmp(name, "annotation") == 0 && grid->note_depth > 0)
        grid->note_depth--;
    else if (is_cell(name) && grid->cell_depth > 0 && --grid->cell_depth == 0)
        end_cell(grid);
    else if (strcmp(name, "table-row") == 0)
        return end_row(grid, err);
    return HY_OK;
}

static enum status on_text(void *self, const char *text, size_t length,
                           struct error *err)
{
    struct grid *grid = self;

    (void)err;
    if (!grid->listing && grid->cell_depth > 0 && grid->note_depth == 0
        && grid->table_depth == 1 && (size_t)grid->table == grid->wanted)
        add_text(grid, text, length);
    return HY_OK;
}

static const struct xml_events events = { on_start, on_end, on_text };

static enum status restart(struct grid *grid, struct error *err)
{
    xml_close(grid->xml);
    grid->xml = NULL;
    grid->fed = 0;
    grid->table = -1;
    grid->table_depth = grid->cell_depth = grid->note_depth = 0;
    grid->suspended = grid->finished = false;
    if (grid->zip != NULL) {
        zip_stop(grid->zip);
        TRY(zip_start(grid->zip, (size_t)grid->content, err));
    }
    return xml_open(&grid->xml, &events, grid, err);
}

/* One more piece to the parser; HY_END when an event paused it. */
static enum status step(struct grid *grid, struct error *err)
{
    const char *piece = grid->buffer;
    size_t got;

    if (grid->suspended) {
        enum status status = xml_feed(grid->xml, "", 0, false, err);

        grid->suspended = status == HY_END;
        return status;
    }
    if (grid->zip != NULL) {
        TRY(zip_read(grid->zip, grid->buffer, sizeof grid->buffer, &got, err));
    } else {
        piece = (const char *)grid->bytes + grid->fed;
        got = grid->length - grid->fed < CHUNK ? grid->length - grid->fed : CHUNK;
    }
    grid->fed += got;
    if (grid->fed > PART_LIMIT)
        return fail(err, HY_DATA, "content.xml 超过 256 MB (too large)");
    if (got == 0)
        grid->finished = true;
    {
        enum status status = xml_feed(grid->xml, piece, got, got == 0, err);

        grid->suspended = status == HY_END;
        return status;
    }
}

static bool holds(const struct source *source, const char *words)
{
    size_t length = source->length < 4096 ? source->length : 4096;

    return memmem(source->bytes, length, words, strlen(words)) != NULL;
}

static int probe(const struct source *source)
{
    if (source->length > 4 && memcmp(source->bytes, "PK\3\4", 4) == 0)
        return holds(source, "mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
                   ? 100
                   : 0;
    return holds(source, "urn:oasis:names:tc:opendocument") && source->bytes[0] == '<'
               ? 100
               : 0;
}

static void close_ods(struct grid *grid)
{
    if (grid == NULL)
        return;
    xml_close(grid->xml);
    zip_close(grid->zip);
    grid->xml = NULL;
    grid->zip = NULL;
}

static enum status find_content(struct grid *grid, const struct source *source,
                                struct error *err)
{
    int manifest;
    const unsigned char *bytes;
    size_t length;

    if (memcmp(source->bytes, "PK", 2) != 0)
        return HY_OK;
    TRY(zip_open(&grid->zip, source->bytes, source->length, err));
    grid->content = zip_find(grid->zip, "content.xml");
    if (grid->content < 0)
        return fail(err, HY_DATA,
                    "文件里没有 content.xml，不是完整的 .ods (damaged .ods)");
    manifest = zip_find(grid->zip, "META-INF/manifest.xml");
    if (manifest >= 0) {
        TRY(zip_whole(grid->zip, (size_t)manifest, 1 << 20, grid->memory, &bytes,
                      &length, err));
        if (memmem(bytes, length, "encryption-data", 15) != NULL)
            return fail(err, HY_DATA,
                        "文件加了密码，请另存为不带密码的 xlsx (password)");
    }
    return HY_OK;
}

static enum status list_sheets(struct grid *grid, struct error *err)
{
    TRY(restart(grid, err));
    grid->listing = true;
    while (!grid->finished)
        TRY(step(grid, err));
    grid->listing = false;
    grid->wanted = 0;
    return restart(grid, err);
}

static enum status open_ods(struct grid **out, const struct source *source,
                            const struct read_options *options, struct arena *file,
                            struct error *err)
{
    struct grid *grid = arena_alloc(file, sizeof *grid);
    enum status status;

    (void)options;
    *out = NULL;
    grid->memory = file;
    grid->bytes = source->bytes;
    grid->length = source->length;
    status = find_content(grid, source, err);
    if (status == HY_OK)
        status = list_sheets(grid, err);
    if (status != HY_OK) {
        close_ods(grid);
        return status;
    }
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

static enum status next_rows(struct grid *grid, size_t sheet, struct batch *batch,
                             struct error *err)
{
    grid->batch = batch;
    batch->sheet = (uint32_t)sheet;
    batch->count = 0;
    if (sheet != grid->wanted) {
        grid->wanted = sheet;
        if (grid->table >= (int)sheet) /* sheets are read in order; else start anew */
            TRY(restart(grid, err));
    }
    while (!grid->finished) {
        enum status status = step(grid, err);

        if (status == HY_END && grid->table_depth == 0)
            break; /* the sheet's end */
        if (status != HY_OK && status != HY_END)
            return status;
        if (status == HY_END && batch->count > 0)
            return HY_OK;
    }
    return batch->count > 0 ? HY_OK : HY_END;
}

const struct reader reader_ods = {
    .name = "ods",
    .summary = "OpenDocument 表格 / .ods and .fods",
    .probe = probe,
    .open = open_ods,
    .sheets = sheets,
    .next = next_rows,
    .close = close_ods,
};
