/*
 * biff.c - walks BIFF8 records; strings that run over into CONTINUE records are
 * put together byte by byte, since each piece may change between one and two
 * bytes a character.
 */
#include "ingest/biff.h"

#include <stdlib.h>
#include <string.h>

enum {
    R_FORMULA = 0x0006,
    R_EOF = 0x000A,
    R_DATEMODE = 0x0022,
    R_FILEPASS = 0x002F,
    R_CONTINUE = 0x003C,
    R_BOUNDSHEET = 0x0085,
    R_MULRK = 0x00BD,
    R_RSTRING = 0x00D6,
    R_XF = 0x00E0,
    R_MERGED = 0x00E5,
    R_SST = 0x00FC,
    R_LABELSST = 0x00FD,
    R_NUMBER = 0x0203,
    R_LABEL = 0x0204,
    R_BOOLERR = 0x0205,
    R_STRING = 0x0207,
    R_ROW = 0x0208,
    R_RK = 0x027E,
    R_FORMAT = 0x041E,
    R_BOF = 0x0809,
    BIFF8 = 0x0600,
    MAX_ROWS = 65536 /* of the format itself */
};

struct record {
    uint16_t type, length;
    const unsigned char *at;
    size_t next;
};

/* A run of bytes over a record and its CONTINUE records. */
struct stream {
    const struct biff *biff;
    struct record record;
    size_t used; /* bytes of the present record consumed */
};

struct gather {
    const struct biff *biff;
    struct arena *memory;
    struct biff_cells *out;
    size_t room, merge_room;
    uint8_t *hidden;
    bool wants_string; /* a formula whose text comes in the next record */
};

static uint32_t u16(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t u32(const unsigned char *at)
{
    return u16(at) | u16(at + 2) << 16;
}

static double f64(const unsigned char *at)
{
    uint64_t bits = (uint64_t)u32(at) | (uint64_t)u32(at + 4) << 32;
    double number;

    memcpy(&number, &bits, sizeof number);
    return number;
}

static enum status cut_short(struct error *err)
{
    return fail(err, HY_DATA,
                "文件不完整（.xls 的记录断在半路）：请重新导出或重新拷贝一次");
}

static bool next_record(const struct biff *biff, size_t offset, struct record *record)
{
    if (offset + 4 > biff->length)
        return false;
    record->type = (uint16_t)u16(biff->bytes + offset);
    record->length = (uint16_t)u16(biff->bytes + offset + 2);
    record->at = biff->bytes + offset + 4;
    record->next = offset + 4 + record->length;
    return record->next <= biff->length;
}

/* Steps into a CONTINUE record when the present one is used up. */
static bool refill(struct stream *stream)
{
    struct record next;

    if (stream->used < stream->record.length)
        return true;
    do {
        if (!next_record(stream->biff, stream->record.next, &next)
            || next.type != R_CONTINUE)
            return false;
        stream->record = next;
        stream->used = 0;
    } while (next.length == 0);
    return true;
}

static bool take_bytes(struct stream *stream, unsigned char *out, size_t count)
{
    while (count-- > 0) {
        if (!refill(stream))
            return false;
        *out++ = stream->record.at[stream->used++];
    }
    return true;
}

static bool skip_bytes(struct stream *stream, uint32_t count)
{
    while (count > 0) {
        uint32_t here;

        if (!refill(stream))
            return false;
        here = (uint32_t)(stream->record.length - stream->used);
        if (here > count)
            here = count;
        stream->used += here;
        count -= here;
    }
    return true;
}

/* count characters; after a CONTINUE a new flag byte says how wide they are. */
static bool take_characters(struct stream *stream, uint32_t count, bool wide, char *out,
                            size_t *length)
{
    uint32_t high = 0;

    *length = 0;
    while (count-- > 0) {
        unsigned char bytes[2] = { 0, 0 }, flag;
        uint32_t code;

        if (stream->used >= stream->record.length) {
            if (!take_bytes(stream, &flag, 1))
                return false;
            wide = (flag & 1) != 0;
        }
        if (!take_bytes(stream, bytes, wide ? 2 : 1))
            return false;
        code = u16(bytes);
        if (code >= 0xD800 && code < 0xDC00) {
            high = code;
            continue;
        }
        if (code >= 0xDC00 && code < 0xE000)
            code = high != 0 ? 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
                             : 0xFFFD;
        high = 0;
        *length += text_put(code == 0 ? 0xFFFD : code, out + *length);
    }
    return true;
}

/* XLUnicodeRichExtendedString: flags say width, rich runs and phonetics. */
static bool take_string(struct stream *stream, uint32_t count, struct arena *memory,
                        struct text *text)
{
    unsigned char flags, number[4];
    uint32_t runs = 0, phonetic = 0;
    size_t length;
    char *out;

    if (!take_bytes(stream, &flags, 1))
        return false;
    if ((flags & 8) != 0) {
        if (!take_bytes(stream, number, 2))
            return false;
        runs = u16(number);
    }
    if ((flags & 4) != 0) {
        if (!take_bytes(stream, number, 4))
            return false;
        phonetic = u32(number);
    }
    out = arena_alloc(memory, (size_t)count * 3 + 4);
    if (!take_characters(stream, count, (flags & 1) != 0, out, &length))
        return false;
    *text = (struct text){ out, (uint32_t)length };
    return skip_bytes(stream, runs * 4) && skip_bytes(stream, phonetic);
}

static enum status read_strings(struct biff *biff, const struct record *record,
                                size_t *next, struct error *err)
{
    struct stream stream = { biff, *record, 8 };
    uint32_t count, i;

    if (record->length < 8)
        return cut_short(err);
    count = u32(record->at + 4);
    if (count > biff->length / 3) /* each takes three bytes at least */
        count = (uint32_t)(biff->length / 3);
    biff->strings =
        arena_alloc(biff->memory, ((size_t)count + 1) * sizeof(struct text));
    for (i = 0; i < count; i++) {
        unsigned char size[2];

        if (!take_bytes(&stream, size, 2)
            || !take_string(&stream, u16(size), biff->memory, &biff->strings[i]))
            break; /* some writers count more than they wrote; a cell that names a
                      missing one is refused */
    }
    biff->string_count = i;
    *next = stream.record.next;
    return HY_OK;
}

static enum status read_bound_sheet(struct biff *biff, const struct record *record,
                                    struct error *err)
{
    struct stream stream = { biff, *record, 7 };
    struct biff_sheet *sheet;
    struct text name;

    if (record->length < 8)
        return cut_short(err);
    biff->sheets = arena_grow(biff->memory, biff->sheets,
                              biff->sheet_count * sizeof(struct biff_sheet),
                              (biff->sheet_count + 1) * sizeof(struct biff_sheet));
    sheet = &biff->sheets[biff->sheet_count++];
    sheet->offset = u32(record->at);
    sheet->hidden = (record->at[4] & 3) != 0;
    sheet->is_worksheet = record->at[5] == 0;
    if (!take_string(&stream, record->at[6], biff->memory, &name))
        return cut_short(err);
    sheet->name = text_copy(biff->memory, name);
    return HY_OK;
}

static enum status read_format(struct biff *biff, const struct record *record,
                               struct error *err)
{
    struct stream stream = { biff, *record, 4 };
    struct text code;

    if (record->length < 5 || biff->format_count >= 4096)
        return cut_short(err);
    if (!take_string(&stream, u16(record->at + 2), biff->memory, &code))
        return cut_short(err);
    biff->formats = arena_grow(biff->memory, biff->formats,
                               biff->format_count * sizeof(struct biff_format),
                               (biff->format_count + 1) * sizeof(struct biff_format));
    biff->formats[biff->format_count++] =
        (struct biff_format){ (uint16_t)u16(record->at),
                              text_copy(biff->memory, code) };
    return HY_OK;
}

static enum status read_global(struct biff *biff, const struct record *record,
                               size_t *next, struct error *err)
{
    switch (record->type) {
    case R_FILEPASS:
        return fail(err, HY_DATA,
                    "表格加了打开密码：请在 WPS/Excel 里去掉密码，另存为 .xlsx");
    case R_DATEMODE:
        biff->date1904 = record->length >= 2 && u16(record->at) == 1;
        return HY_OK;
    case R_BOUNDSHEET:
        return read_bound_sheet(biff, record, err);
    case R_FORMAT:
        return read_format(biff, record, err);
    case R_XF:
        if (record->length < 4 || biff->xf_count >= 65536)
            return cut_short(err);
        biff->xf_format[biff->xf_count++] = (uint16_t)u16(record->at + 2);
        return HY_OK;
    case R_SST:
        return read_strings(biff, record, next, err);
    default:
        return HY_OK;
    }
}

enum status biff_open(struct biff *biff, const unsigned char *stream, size_t length,
                      struct arena *memory, struct error *err)
{
    struct record record;
    size_t offset = 0;

    *biff = (struct biff){ .bytes = stream, .length = length, .memory = memory };
    biff->xf_format = arena_alloc(memory, 65536 * sizeof(uint16_t));
    if (!next_record(biff, 0, &record) || record.type != R_BOF || record.length < 4)
        return cut_short(err);
    if (u16(record.at) != BIFF8)
        return fail(err, HY_DATA,
                    "这是 Excel 95 或更早的 .xls：请在 WPS/Excel 里另存为 .xlsx");
    while (next_record(biff, offset, &record)) {
        size_t next = record.next;

        if (record.type == R_EOF)
            return HY_OK;
        TRY(read_global(biff, &record, &next, err));
        offset = next;
    }
    return cut_short(err);
}

static struct biff_cell *add_cell(struct gather *gather, uint32_t row, uint32_t column,
                                  uint32_t xf)
{
    struct biff_cells *out = gather->out;
    struct biff_cell *cell;

    if (out->count == gather->room) {
        size_t room = (gather->room + 512) * 2;

        out->cells = arena_grow(gather->memory, out->cells,
                                out->count * sizeof(struct biff_cell),
                                room * sizeof(struct biff_cell));
        gather->room = room;
    }
    cell = &out->cells[out->count];
    cell->row = row;
    cell->column = column;
    cell->order = (uint32_t)out->count++;
    cell->style = (uint16_t)(xf < gather->biff->xf_count ? xf : 0);
    return cell;
}

static void add_number(struct gather *gather, uint32_t row, uint32_t column,
                       uint32_t xf, double number)
{
    struct biff_cell *cell = add_cell(gather, row, column, xf);

    cell->kind = BIFF_NUMBER;
    cell->number = number;
}

/* RK: 30 bits of an integer or of a double's top, perhaps times 100. */
static double rk_number(uint32_t rk)
{
    double number;

    if ((rk & 2) != 0) {
        number = (double)((int32_t)rk >> 2);
    } else {
        uint64_t bits = (uint64_t)(rk & ~3u) << 32;

        memcpy(&number, &bits, sizeof number);
    }
    return (rk & 1) != 0 ? number / 100 : number;
}

static enum status take_multiple(struct gather *gather, const struct record *record,
                                 struct error *err)
{
    uint32_t row, first, i, count;

    if (record->length < 12)
        return cut_short(err);
    row = u16(record->at);
    first = u16(record->at + 2);
    count = (uint32_t)(record->length - 6) / 6;
    for (i = 0; i < count; i++) {
        const unsigned char *at = record->at + 4 + (size_t)i * 6;

        add_number(gather, row, first + i, u16(at), rk_number(u32(at + 2)));
    }
    return HY_OK;
}

static enum status take_formula(struct gather *gather, const struct record *record,
                                struct error *err)
{
    const unsigned char *at = record->at;
    struct biff_cell *cell;

    if (record->length < 14)
        return cut_short(err);
    if (u16(at + 12) != 0xFFFF) {
        add_number(gather, u16(at), u16(at + 2), u16(at + 4), f64(at + 6));
        return HY_OK;
    }
    cell = add_cell(gather, u16(at), u16(at + 2), u16(at + 4));
    cell->kind = at[6] == 1 ? BIFF_BOOL : at[6] == 2 ? BIFF_ERROR : BIFF_TEXT;
    cell->number = at[8];
    cell->text = TEXT("");
    gather->wants_string = at[6] == 0;
    return HY_OK;
}

static enum status take_label(struct gather *gather, const struct record *record,
                              size_t *next, struct error *err)
{
    struct stream stream = { gather->biff, *record, 8 };
    struct biff_cell *cell;

    if (record->length < 9)
        return cut_short(err);
    cell = add_cell(gather, u16(record->at), u16(record->at + 2), u16(record->at + 4));
    cell->kind = BIFF_TEXT;
    if (!take_string(&stream, u16(record->at + 6), gather->memory, &cell->text))
        return cut_short(err);
    *next = stream.record.next;
    return HY_OK;
}

static enum status take_cached_string(struct gather *gather,
                                      const struct record *record, size_t *next,
                                      struct error *err)
{
    struct stream stream = { gather->biff, *record, 2 };

    if (record->length < 3 || !gather->wants_string || gather->out->count == 0)
        return HY_OK;
    gather->wants_string = false;
    if (!take_string(&stream, u16(record->at), gather->memory,
                     &gather->out->cells[gather->out->count - 1].text))
        return cut_short(err);
    *next = stream.record.next;
    return HY_OK;
}

static enum status take_shared(struct gather *gather, const struct record *record,
                               struct error *err)
{
    struct biff_cell *cell;
    uint32_t index;

    if (record->length < 10)
        return cut_short(err);
    index = u32(record->at + 6);
    if (index >= gather->biff->string_count)
        return fail(err, HY_DATA,
                    "文件坏了（指向没有的文字）：请重新导出或重新拷贝一次");
    cell = add_cell(gather, u16(record->at), u16(record->at + 2), u16(record->at + 4));
    cell->kind = BIFF_TEXT;
    cell->text = gather->biff->strings[index];
    return HY_OK;
}

static void take_row(struct gather *gather, const struct record *record)
{
    uint32_t row;

    if (record->length < 16)
        return;
    row = u16(record->at);
    if ((record->at[12] & 0x20) == 0)
        return;
    gather->hidden[row] = 1;
    if (row >= gather->out->hidden_count)
        gather->out->hidden_count = row + 1;
}

static void take_merges(struct gather *gather, const struct record *record)
{
    uint32_t count = record->length >= 2 ? u16(record->at) : 0, i;

    for (i = 0; i < count && 2 + (i + 1) * 8 <= record->length; i++) {
        const unsigned char *at = record->at + 2 + (size_t)i * 8;
        struct biff_cells *out = gather->out;

        if (out->merge_count == gather->merge_room) {
            size_t room = (gather->merge_room + 16) * 2;

            out->merges = arena_grow(gather->memory, out->merges,
                                     out->merge_count * sizeof(struct biff_merge),
                                     room * sizeof(struct biff_merge));
            gather->merge_room = room;
        }
        out->merges[out->merge_count++] =
            (struct biff_merge){ u16(at), u16(at + 2), u16(at + 4), u16(at + 6) };
    }
}

static enum status take_record(struct gather *gather, const struct record *record,
                               size_t *next, struct error *err)
{
    const unsigned char *at = record->at;
    struct biff_cell *cell;

    switch (record->type) {
    case R_LABELSST:
        return take_shared(gather, record, err);
    case R_LABEL:
    case R_RSTRING:
        return take_label(gather, record, next, err);
    case R_NUMBER:
        if (record->length < 14)
            return cut_short(err);
        add_number(gather, u16(at), u16(at + 2), u16(at + 4), f64(at + 6));
        return HY_OK;
    case R_RK:
        if (record->length < 10)
            return cut_short(err);
        add_number(gather, u16(at), u16(at + 2), u16(at + 4), rk_number(u32(at + 6)));
        return HY_OK;
    case R_MULRK:
        return take_multiple(gather, record, err);
    case R_FORMULA:
        return take_formula(gather, record, err);
    case R_STRING:
        return take_cached_string(gather, record, next, err);
    case R_BOOLERR:
        if (record->length < 8)
            return cut_short(err);
        cell = add_cell(gather, u16(at), u16(at + 2), u16(at + 4));
        cell->kind = at[7] == 0 ? BIFF_BOOL : BIFF_ERROR;
        cell->number = at[6];
        return HY_OK;
    case R_ROW:
        take_row(gather, record);
        return HY_OK;
    case R_MERGED:
        take_merges(gather, record);
        return HY_OK;
    default:
        return HY_OK;
    }
}

static int by_place(const void *a, const void *b)
{
    const struct biff_cell *one = a, *other = b;

    if (one->row != other->row)
        return one->row < other->row ? -1 : 1;
    if (one->column != other->column)
        return one->column < other->column ? -1 : 1;
    return one->order < other->order ? -1 : 1;
}

/* Writers may give rows in any order and a cell twice; the last one holds. */
static void put_in_order(struct biff_cells *cells)
{
    size_t kept = 0, i;

    if (cells->count > 1)
        qsort(cells->cells, cells->count, sizeof *cells->cells, by_place);
    for (i = 0; i < cells->count; i++) {
        if (kept > 0 && cells->cells[kept - 1].row == cells->cells[i].row
            && cells->cells[kept - 1].column == cells->cells[i].column)
            kept--;
        cells->cells[kept++] = cells->cells[i];
    }
    cells->count = kept;
}

enum status biff_read_sheet(const struct biff *biff, size_t sheet, struct arena *memory,
                            struct biff_cells *cells, struct error *err)
{
    struct gather gather = { .biff = biff, .memory = memory, .out = cells };
    size_t offset = biff->sheets[sheet].offset;
    struct record record;
    int depth = 0;

    *cells = (struct biff_cells){ 0 };
    gather.hidden = arena_alloc(memory, MAX_ROWS);
    cells->hidden = gather.hidden;
    if (!next_record(biff, offset, &record) || record.type != R_BOF)
        return cut_short(err);
    while (next_record(biff, offset, &record)) {
        size_t next = record.next;

        if (record.type == R_BOF)
            depth++; /* a chart inside the sheet has its own BOF .. EOF */
        else if (record.type == R_EOF && --depth == 0) {
            put_in_order(cells);
            return HY_OK;
        } else if (depth == 1)
            TRY(take_record(&gather, &record, &next, err));
        offset = next;
    }
    return cut_short(err);
}

const char *biff_format_code(const struct biff *biff, uint16_t index)
{
    size_t i;

    for (i = 0; i < biff->format_count; i++)
        if (biff->formats[i].index == index)
            return biff->formats[i].code;
    return NULL;
}
