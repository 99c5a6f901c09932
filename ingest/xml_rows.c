/* xml_rows.c - feeding, pausing and building rows for sheets written as XML. */
#include "ingest/xml_rows.h"

#include <string.h>

enum {
    SHEETS_MOST = 1000,
    MERGE_ROWS = 20, /* merged areas matter where titles are */
    MERGES_MOST = 4096,
    TEXT_LONGEST = 1024 * 1024,          /* a cell; longer ones are cut */
    DOCUMENT_LARGEST = 256 * 1024 * 1024 /* unpacked; zip.c has the same limit */
};

static enum status restart(struct xml_rows *rows, struct error *err)
{
    xml_close(rows->xml);
    rows->xml = NULL;
    rows->fed = 0;
    rows->table = -1;
    rows->depth = 0;
    rows->suspended = rows->finished = false;
    if (rows->zip != NULL) {
        zip_stop(rows->zip);
        TRY(zip_start(rows->zip, (size_t)rows->member, err));
    }
    return xml_open(&rows->xml, rows->events, rows->self, err);
}

/* One more piece to the parser; HY_END when an event paused it. */
static enum status step(struct xml_rows *rows, struct error *err)
{
    const char *piece = rows->buffer;
    enum status status;
    size_t got = 0;

    if (rows->suspended) {
        status = xml_feed(rows->xml, "", 0, false, err);
        rows->suspended = status == HY_END;
        return status;
    }
    if (rows->zip != NULL) {
        TRY(zip_read(rows->zip, rows->buffer, sizeof rows->buffer, &got, err));
    } else {
        piece = rows->all.at + rows->fed;
        got = rows->all.length - rows->fed;
        got = got < XML_CHUNK ? got : XML_CHUNK;
    }
    rows->fed += got;
    if (rows->fed > DOCUMENT_LARGEST)
        return fail(err, HY_DATA, "展开后超过 %d MB，不予读取：请分成几个文件导出",
                    DOCUMENT_LARGEST >> 20);
    rows->finished = got == 0;
    status = xml_feed(rows->xml, piece, got, got == 0, err);
    rows->suspended = status == HY_END;
    return status;
}

enum status xml_rows_list(struct xml_rows *rows, struct error *err)
{
    TRY(restart(rows, err));
    rows->listing = true;
    while (!rows->finished)
        TRY(step(rows, err));
    rows->listing = false;
    rows->wanted = 0;
    return restart(rows, err);
}

enum status xml_rows_next(struct xml_rows *rows, size_t sheet, struct batch *batch,
                          struct error *err)
{
    rows->batch = batch;
    batch->sheet = (uint32_t)sheet;
    batch->count = 0;
    if (sheet != rows->wanted) {
        rows->wanted = sheet;
        if (rows->table >= (int)sheet) /* sheets are read in order; else anew */
            TRY(restart(rows, err));
    } else if (rows->table == (int)sheet && rows->depth == 0) {
        return HY_END; /* read to its end before */
    }
    while (!rows->finished || rows->suspended) {
        enum status status = step(rows, err);

        if (status == HY_END && rows->depth == 0)
            break; /* the sheet's end */
        if (status != HY_OK && status != HY_END)
            return status;
        if (status == HY_END && batch->count > 0)
            return HY_OK;
    }
    return batch->count > 0 ? HY_OK : HY_END;
}

void xml_rows_close(struct xml_rows *rows)
{
    xml_close(rows->xml);
    zip_close(rows->zip);
    rows->xml = NULL;
    rows->zip = NULL;
}

static enum status list_table(struct xml_rows *rows, const char *name, bool hidden,
                              struct error *err)
{
    if (rows->count == SHEETS_MOST)
        return fail(err, HY_DATA, "工作表超过 %d 张，不予读取", SHEETS_MOST);
    if (rows->count == rows->room) {
        size_t room = rows->room * 2 + 8;

        rows->sheets =
            arena_grow(rows->memory, rows->sheets, rows->count * sizeof *rows->sheets,
                       room * sizeof *rows->sheets);
        rows->room = room;
    }
    if (name == NULL)
        name = "";
    rows->sheets[rows->count++] =
        (struct sheet){ .name = arena_copy(rows->memory, name, strlen(name)),
                        .hidden = hidden };
    rows->merge_room = 0;
    return HY_OK;
}

enum status xml_rows_table(struct xml_rows *rows, const char *name, bool hidden,
                           struct error *err)
{
    if (rows->depth++ > 0) /* a table inside a cell is no sheet */
        return HY_OK;
    rows->table++;
    rows->number = 0;
    rows->columns = 0;
    return rows->listing ? list_table(rows, name, hidden, err) : HY_OK;
}

/* The sheet asked for is read: what follows is another's. */
enum status xml_rows_table_end(struct xml_rows *rows)
{
    if (rows->depth > 0)
        rows->depth--;
    return !rows->listing && rows->depth == 0 && (size_t)rows->table == rows->wanted
               ? HY_END
               : HY_OK;
}

bool xml_rows_inside(const struct xml_rows *rows)
{
    return rows->depth == 1 && (rows->listing || (size_t)rows->table == rows->wanted);
}

void xml_rows_begin(struct xml_rows *rows, bool hidden)
{
    rows->columns = rows->down_count = 0;
    rows->filled = false;
    rows->hidden = hidden;
    rows->damage = NULL;
}

void xml_rows_merge(struct xml_rows *rows, long across, long down)
{
    struct merge area = { (uint32_t)rows->number, rows->columns,
                          (uint32_t)rows->number + (uint32_t)down,
                          rows->columns + (uint32_t)across };
    struct sheet *sheet;
    struct merge *merges;

    if (across < 0 || across > XML_COLUMNS_MOST || down < 0 || down > 1 << 20
        || across + down == 0)
        return;
    if (!rows->listing && down > 0 && rows->down_count < XML_COLUMNS_MOST)
        rows->downs[rows->down_count++] = area;
    if (!rows->listing || rows->count == 0 || rows->number >= MERGE_ROWS)
        return;
    sheet = &rows->sheets[rows->count - 1];
    merges = (struct merge *)sheet->merges;
    if (sheet->merge_count == MERGES_MOST)
        return;
    if (sheet->merge_count == rows->merge_room) {
        size_t room = rows->merge_room * 2 + 8;

        merges = arena_grow(rows->memory, merges, sheet->merge_count * sizeof *merges,
                            room * sizeof *merges);
        rows->merge_room = room;
        sheet->merges = merges;
    }
    merges[sheet->merge_count++] = area;
}

void xml_rows_text_clear(struct xml_rows *rows)
{
    rows->text = NULL;
    rows->text_length = rows->text_room = 0;
}

void xml_rows_text(struct xml_rows *rows, const char *text, size_t length)
{
    if (rows->listing)
        return;
    if (rows->text_length + length > TEXT_LONGEST) {
        length = TEXT_LONGEST - rows->text_length;
        length = text_valid(text, length);
        rows->damage = "too_long";
    }
    if (rows->text_length + length > rows->text_room) {
        size_t room = (rows->text_length + length) * 2 + 64;

        rows->text =
            arena_grow(rows->batch->memory, rows->text, rows->text_length, room);
        rows->text_room = room;
    }
    if (length > 0)
        memcpy(rows->text + rows->text_length, text, length);
    rows->text_length += length;
}

void xml_rows_cell(struct xml_rows *rows, struct cell cell, long repeat)
{
    bool filled = cell.text.length > 0;

    if (!filled && repeat > XML_COLUMNS_MOST)
        repeat = XML_COLUMNS_MOST;
    for (; repeat > 0 && rows->columns < XML_COLUMNS_MOST; repeat--)
        rows->cells[rows->columns++] = cell;
    if (filled && repeat > 0)
        rows->damage = "column_count";
    rows->filled |= text_trim(cell.text).length > 0;
}

static void put_row(struct xml_rows *rows)
{
    size_t size = rows->down_count * sizeof *rows->downs;
    struct batch *batch = rows->batch;
    struct cell *cells;

    while (rows->columns > 0 && rows->cells[rows->columns - 1].text.length == 0)
        rows->columns--;
    cells = arena_alloc(batch->memory, (rows->columns + 1) * sizeof *cells);
    memcpy(cells, rows->cells, rows->columns * sizeof *cells);
    batch->rows[batch->count++] =
        (struct row){ .number = rows->number,
                      .count = rows->columns,
                      .cells = cells,
                      .hidden = rows->hidden,
                      .damage = rows->damage,
                      .down_count = rows->down_count,
                      .downs =
                          rows->down_count == 0
                              ? NULL
                              : arena_grow(batch->memory, rows->downs, size, size) };
}

enum status xml_rows_end(struct xml_rows *rows, long repeat, struct error *err)
{
    if (!rows->filled || rows->listing) {
        rows->number += (uint64_t)repeat;
        return HY_OK;
    }
    if (repeat > XML_REPEAT_MOST)
        return fail(err, HY_DATA, "有一行写着重复 %ld 次，超过 %d 次，不予读取", repeat,
                    XML_REPEAT_MOST);
    for (; repeat > 0; repeat--) {
        rows->number++;
        put_row(rows);
    }
    return rows->batch->count + XML_REPEAT_MOST > BATCH_ROWS ? HY_END : HY_OK;
}
