/* verb_look.c - `huiyin look FILE`: what would be understood, or the rows as read. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/session.h"
#include "core/file.h"
#include "ingest/load.h"

static const struct option_spec options_of[] = {
    { "raw", NULL, "只印读到的行 / the rows as read", NULL, OPTION_FLAG, false },
    { "sheet", "NAME", "只看这张工作表 / only this sheet", NULL, OPTION_TEXT, false },
    { "header-row", "N", "表头在第几行 / the header's row", NULL, OPTION_NUMBER,
      false },
    { "encoding", "NAME", "文字编码 / encoding", NULL, OPTION_TEXT, false },
    { "write-map", "FILE", "写出来源说明的初稿 / write a first map", NULL, OPTION_TEXT,
      false },
    { "format", "csv|jsonl", "--raw 写成什么 / how --raw writes", "csv", OPTION_TEXT,
      false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

static void csv_cell(struct text text)
{
    uint32_t i;
    bool quote = text.length > 0 && memchr(text.at, '"', text.length) != NULL;

    for (i = 0; i < text.length && !quote; i++)
        quote = strchr(",\r\n", text.at[i]) != NULL;
    if (!quote) {
        fwrite(text.at, 1, text.length, stdout);
        return;
    }
    putchar('"');
    for (i = 0; i < text.length; i++) {
        if (text.at[i] == '"')
            putchar('"');
        putchar(text.at[i]);
    }
    putchar('"');
}

static void print_row(const struct row *row, bool jsonl, struct arena *memory)
{
    uint32_t i;

    if (jsonl)
        putchar('[');
    if (row->count == 0
        && row->raw.length > 0) { /* damaged: as it stands in the file */
        if (jsonl)
            json_string(stdout, text_copy(memory, row->raw));
        else
            csv_cell(row->raw);
    }
    for (i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        struct text text = cell->text.at != NULL ? cell->text : TEXT("");

        if (i > 0)
            putchar(',');
        if (!jsonl)
            csv_cell(text);
        else
            json_string(stdout,
                        cell->kind == CELL_ABSENT ? NULL : text_copy(memory, text));
    }
    puts(jsonl ? "]" : "");
}

static enum status print_sheet(const struct reader *reader, struct grid *grid,
                               size_t sheet, bool jsonl, struct error *err)
{
    struct batch *batch = calloc(1, sizeof *batch);
    struct arena *memory = arena_new();
    enum status status = HY_OK;
    uint32_t i;

    if (batch == NULL) {
        status = fail(err, HY_MEMORY, "内存不足 (out of memory)");
        goto done;
    }
    batch->memory = arena_new();
    for (;;) {
        arena_reset(batch->memory);
        arena_reset(memory);
        batch->count = 0;
        status = reader->next(grid, sheet, batch, err);
        if (status != HY_OK)
            break;
        for (i = 0; i < batch->count; i++)
            print_row(&batch->rows[i], jsonl, memory);
    }
    arena_free(batch->memory);
done:
    free(batch);
    arena_free(memory);
    return status == HY_END ? HY_OK : status;
}

static enum status print_raw(const struct options *options, const char *path,
                             struct arena *memory, struct error *err)
{
    const char *format = option_text(options, "format");
    const char *only = option_text(options, "sheet");
    bool jsonl = format != NULL && strcmp(format, "jsonl") == 0;
    struct read_options how = { .encoding = option_text(options, "encoding"),
                                .keep_blank = true };
    const struct reader *reader;
    const struct sheet *sheets;
    struct source source = { 0 };
    struct grid *grid = NULL;
    enum status status;
    size_t count, i;

    if (format != NULL && !jsonl && strcmp(format, "csv") != 0)
        return fail(err, HY_USAGE, "--format 只有 csv jsonl，没有“%s”", format);
    status = source_open(&source, path, err);
    if (status != HY_OK)
        return fail_in(err, status, path);
    status = reader_choose(&source, &reader, err);
    if (status != HY_OK)
        goto done;
    status = reader->open(&grid, &source, &how, memory, err);
    if (status == HY_OK)
        status = reader->sheets(grid, &sheets, &count, err);
    for (i = 0; status == HY_OK && i < count; i++)
        if (only == NULL || strcmp(only, sheets[i].name) == 0)
            status = print_sheet(reader, grid, i, jsonl, err);
    reader->close(grid);
done:
    source_close(&source);
    return status == HY_OK ? HY_OK : fail_in(err, status, path);
}

static void print_doubts(const struct session *session, const struct look_sheet *sheet)
{
    struct arena *memory = session->memory;
    size_t i;

    for (i = 0; i < sheet->word_count; i++)
        say_always(wording_say(session->wording, memory, "look.word", "word",
                               sheet->words[i].word, "n",
                               say_count(memory, sheet->words[i].count), NULL));
    for (i = 0; i < sheet->note_count; i++)
        say_always(wording_say(session->wording, memory, "ingest.note", "note",
                               sheet->notes[i], NULL));
}

static void print_look(const struct session *session, const struct look_sheet *sheet)
{
    struct arena *memory = session->memory;
    size_t i;

    say_always(wording_say(session->wording, memory, "look.sheet", "sheet",
                           sheet->name[0] != '\0' ? sheet->name : "-", "row",
                           arena_printf(memory, "%d", sheet->header_row), "rows",
                           say_count(memory, sheet->rows), "map",
                           sheet->map != NULL ? sheet->map : "-", NULL));
    if (sheet->note != NULL && *sheet->note != '\0')
        printf("  %s\n", sheet->note);
    for (i = 0; i < sheet->column_count; i++) {
        const struct look_column *column = &sheet->columns[i];

        printf("  %s -> %s", column->title,
               column->field != NULL ? column->field
                                     : wording_get(session->wording, "look.unknown"));
        if (column->confidence > 0)
            printf("  %d%%", column->confidence);
        if (column->example != NULL && *column->example != '\0')
            printf("  “%s”", column->example);
        putchar('\n');
    }
    print_doubts(session, sheet);
}

enum { MAP_BYTES = 256 * 1024 }; /* MAPS.md 1 */

/* The first sheet that was understood; where a map fits, that map to be changed. */
static enum status write_map(const struct session *session,
                             const struct look_report *report, const char *path,
                             struct error *err)
{
    const unsigned char *bytes = NULL;
    size_t length = 0, i;

    for (i = 0; i < report->sheet_count && bytes == NULL; i++) {
        const struct look_sheet *sheet = &report->sheets[i];

        if (sheet->map_text != NULL) {
            bytes = (const unsigned char *)sheet->map_text;
            length = strlen(sheet->map_text);
        } else if (sheet->map_path != NULL) {
            TRY(file_read(sheet->map_path, MAP_BYTES, session->memory, &bytes, &length,
                          err));
        }
    }
    if (bytes == NULL)
        return fail(err, HY_DATA,
                    "没有一张表看得懂，写不出初稿：请按 templates/maps 里的例子写 "
                    "(nothing understood)");
    if (file_exists(path))
        return fail(err, HY_CREATE, "%s 已经有了，不覆盖：请换个名字 (exists)", path);
    TRY(file_write(path, 0644, bytes, length, err));
    say_always(wording_say(session->wording, session->memory, "look.wrote", "file",
                           path, NULL));
    return HY_OK;
}

static enum status understand(const struct options *options,
                              const struct session *session, const char *path,
                              struct error *err)
{
    struct load_options how = { .sheet = option_text(options, "sheet"),
                                .encoding = option_text(options, "encoding") };
    const char *header_row = option_text(options, "header-row");
    const char *maps = arena_printf(session->memory, "%s/maps", session->inbox);
    struct loader *loader = NULL;
    struct look_report report;
    enum status status;
    size_t i;

    if (header_row != NULL)
        how.header_row = (int)strtol(header_row, NULL, 10);
    status =
        loader_open(&loader, session->templates, file_is_directory(maps) ? maps : NULL,
                    &session->settings, session->memory, err);
    if (status == HY_OK)
        status = look_file(loader, path, &how, session->memory, &report, err);
    if (status == HY_OK) {
        say_always(wording_say(session->wording, session->memory, "look.file", "file",
                               path, "format", report.format, "encoding",
                               report.encoding != NULL ? report.encoding : "-", NULL));
        for (i = 0; i < report.sheet_count; i++)
            print_look(session, &report.sheets[i]);
        if (option_text(options, "write-map") != NULL)
            status =
                write_map(session, &report, option_text(options, "write-map"), err);
    }
    loader_close(loader);
    return status;
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct session session;

    if (operand_count(options) != 1)
        return fail(err, HY_USAGE, "看哪个文件？写法：huiyin look 文件 (one file)");
    if (option_flag(options, "raw"))
        return print_raw(options, operand(options, 0), memory, err);
    TRY(session_open(&session, options, memory, err));
    return understand(options, &session, operand(options, 0), err);
}

const struct verb verb_look = {
    .name = "look",
    .operands = "FILE",
    .summary = "看一看能读懂多少 / what would be understood of a file",
    .options = options_of,
    .run = run,
};
