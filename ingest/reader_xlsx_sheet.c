/* reader_xlsx_sheet.c - one worksheet as a stream of rows, in flat memory. */
#include "ingest/reader_xlsx.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"

enum {
    PIECE = 64 * 1024,
    COLUMNS_MOST = 4096, /* cells right of it are not kept; the row is damaged */
    ROW_LAST = 1048576,
    BATCH_CELLS = 1 << 18, /* a batch ends early when its rows are very wide */
    CELL_LONGEST = 1 << 20,
    TYPE_LONGEST = 12
};

struct xlsx_stream {
    const struct xlsx_book *book;
    size_t sheet;
    struct arena *memory; /* of the stream: scratch that grows */
    struct xml *xml;
    struct batch *batch;
    size_t batch_cells;
    char piece[PIECE];
    bool paused, ended, in_data;
    /* the row at hand */
    struct cell *cells;
    uint32_t count, room, number;
    bool hidden, filled;
    const char *damage;
    /* the cell at hand */
    struct gather value, run;
    char type[TYPE_LONGEST];
    size_t style;
    uint32_t column;
    unsigned phonetic;
    bool in_cell, in_value, in_text, has_value, preserve;
};

/* --- numbers and dates ----------------------------------------------------- */

static bool is_plain_digits(struct text text)
{
    uint32_t i = text.length > 0 && text.at[0] == '-';

    if (text.length - i == 0 || text.length - i > 15)
        return false;
    if (text.at[i] == '0' && text.length > 1)
        return false;
    for (; i < text.length; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return true;
}

/* The shortest text that reads back as the same number; whole ones without
 * point or exponent, as people see them. */
static struct text number_text(double number, struct arena *memory)
{
    char text[340];

    if (number == floor(number) && fabs(number) < 1e21) {
        (void)snprintf(text, sizeof text, "%.0f", number == 0 ? 0.0 : number);
    } else {
        for (int digits = 15; digits <= 17; digits++) {
            (void)snprintf(text, sizeof text, "%.*g", digits, number);
            if (strtod(text, NULL) == number)
                break;
        }
    }
    return text_of(arena_printf(memory, "%s", text));
}

static struct cell clock_cell(double serial, struct arena *memory)
{
    long long seconds = llround(serial * DAY_SECONDS);

    return (struct cell){
        .text = text_of(arena_printf(memory, "%02lld:%02lld:%02lld", seconds / 3600,
                                     seconds / 60 % 60, seconds % 60)),
        .kind = CELL_TEXT
    };
}

struct cell xlsx_day_time(int64_t time, bool date_only, struct arena *memory)
{
    char out[20];

    time_print(time, date_only, out);
    return (struct cell){ .text = text_of(arena_printf(memory, "%s", out)),
                          .kind = date_only ? CELL_DATE : CELL_DATETIME,
                          .time = time };
}

struct cell xlsx_time(double serial, bool date1904, struct arena *memory)
{
    int64_t time;
    bool date_only;

    if (date_serial(serial, date1904, &time, &date_only) && date_in_range(time))
        return xlsx_day_time(time, false, memory);
    return clock_cell(serial, memory);
}

static struct cell number_cell(const struct xlsx_book *book, enum xlsx_format format,
                               double number, struct text source, struct arena *memory)
{
    int64_t time;
    bool date_only;

    if (format == XLSX_TIME && number >= 0.0 && number < 1e6)
        return xlsx_time(number, book->date1904, memory);
    /* A time without a day, or a length of time: as a clock shows it. */
    if ((format == XLSX_ELAPSED
         || (format != XLSX_PLAIN && format != XLSX_DATE && number < 1.0))
        && number >= 0.0 && number < 1e6)
        return clock_cell(number, memory);
    if (format != XLSX_PLAIN && format != XLSX_ELAPSED
        && date_serial(number, book->date1904, &time, &date_only))
        return xlsx_day_time(time, date_only && format == XLSX_DATE, memory);
    if (is_plain_digits(source))
        return (struct cell){ .text = { arena_copy(memory, source.at, source.length),
                                        source.length },
                              .kind = CELL_NUMBER };
    return (struct cell){ .text = number_text(number, memory), .kind = CELL_NUMBER };
}

static struct cell text_cell(struct text text, enum cell_kind kind,
                             struct arena *memory)
{
    text.at = arena_copy(memory, text.at, text.length);
    return (struct cell){ .text = text, .kind = kind };
}

bool xlsx_moment(struct text text, int64_t *time, bool *date_only)
{
    static const struct date_options options = { .order = DATE_YMD };
    enum { FRACTION = 19 }; /* behind "2026-10-01T08:29:59" */

    if (!date_parse(text, &options, time, date_only))
        return false;
    if (text.length > FRACTION + 1 && text.at[FRACTION] == '.'
        && text.at[FRACTION + 1] >= '5' && text.at[FRACTION + 1] <= '9') {
        *time += 1;
        *date_only = false;
    }
    return true;
}

static struct cell iso_cell(struct text text, struct arena *memory)
{
    int64_t time;
    bool date_only;

    if (xlsx_moment(text, &time, &date_only))
        return xlsx_day_time(time, date_only, memory);
    return text_cell(text, CELL_TEXT, memory);
}

static struct cell shared_cell(const struct xlsx_book *book, const char *digits,
                               const char **damage)
{
    char *end;
    unsigned long long index = strtoull(digits, &end, 10);

    if (end == digits || *end != '\0' || index >= book->strings.count) {
        *damage = "bad_value"; /* points at a string that is not there */
        return (struct cell){ .text = TEXT("#REF!"), .kind = CELL_ERROR };
    }
    return (struct cell){ .text = book->strings.texts[index], .kind = CELL_TEXT };
}

struct cell xlsx_cell(const struct xlsx_book *book, const char *type, size_t style,
                      struct text text, struct arena *memory, const char **damage)
{
    char digits[64];
    char *end;
    double number;

    if (strcmp(type, "str") == 0 || strcmp(type, "inlineStr") == 0)
        return text_cell(xlsx_unescape(text, memory), CELL_TEXT, memory);
    text = xlsx_trim(text, false);
    if (strcmp(type, "e") == 0)
        return text_cell(text, CELL_ERROR, memory);
    if (strcmp(type, "b") == 0)
        return (struct cell){ .text = text_is(text, "0") || text_is(text, "false")
                                          ? TEXT("FALSE")
                                          : TEXT("TRUE"),
                              .kind = CELL_BOOL };
    if (strcmp(type, "d") == 0)
        return iso_cell(text, memory);
    if (text.length == 0)
        return (struct cell){ .kind = CELL_ABSENT };
    if (text.length >= sizeof digits)
        return text_cell(text, CELL_TEXT, memory);
    memcpy(digits, text.at, text.length);
    digits[text.length] = '\0';
    if (strcmp(type, "s") == 0)
        return shared_cell(book, digits, damage);
    number = strtod(digits, &end);
    if (*end != '\0' || !isfinite(number))
        return text_cell(text, CELL_TEXT, memory);
    return number_cell(book,
                       style < book->styles.count
                           ? (enum xlsx_format)book->styles.formats[style]
                           : XLSX_PLAIN,
                       number, text, memory);
}

/* --- rows ------------------------------------------------------------------ */

static void start_row(struct xlsx_stream *stream, const char **attributes)
{
    const char *number = xml_attribute(attributes, "r");
    const char *hidden = xml_attribute(attributes, "hidden");
    unsigned long given = number == NULL ? 0 : strtoul(number, NULL, 10);

    stream->number = given >= 1 && given <= ROW_LAST ? (uint32_t)given
                     : stream->number < UINT32_MAX   ? stream->number + 1
                                                     : stream->number;
    stream->hidden =
        hidden != NULL && (strcmp(hidden, "1") == 0 || strcmp(hidden, "true") == 0);
    stream->count = 0;
    stream->column = UINT32_MAX; /* the first cell without a place is in column A */
    stream->filled = false;
    stream->damage = NULL;
}

static void start_cell(struct xlsx_stream *stream, const char **attributes)
{
    const char *place = xml_attribute(attributes, "r");
    const char *type = xml_attribute(attributes, "t");
    const char *style = xml_attribute(attributes, "s");
    uint32_t row, column;

    if (place != NULL && xlsx_reference(place, strlen(place), &row, &column))
        stream->column = column;
    else
        stream->column++;
    stream->type[0] = '\0';
    if (type != NULL && strlen(type) < sizeof stream->type)
        memcpy(stream->type, type, strlen(type) + 1);
    stream->style = style == NULL ? 0 : strtoul(style, NULL, 10);
    stream->in_cell = true;
    stream->has_value = false;
    gather_clear(&stream->value);
}

static struct cell *place_cell(struct xlsx_stream *stream)
{
    if (stream->column >= COLUMNS_MOST) {
        stream->damage = "column_count";
        return NULL;
    }
    if (stream->column >= stream->room) {
        uint32_t room = stream->room == 0 ? 64 : stream->room;

        while (room <= stream->column)
            room *= 2;
        stream->cells = arena_grow(stream->memory, stream->cells,
                                   stream->count * sizeof *stream->cells,
                                   room * sizeof *stream->cells);
        stream->room = room;
    }
    while (stream->count <= stream->column)
        stream->cells[stream->count++] = (struct cell){ .kind = CELL_ABSENT };
    return &stream->cells[stream->column];
}

static void end_cell(struct xlsx_stream *stream)
{
    struct text text = { stream->value.at, (uint32_t)stream->value.length };
    struct cell cell, *place;

    stream->in_cell = false;
    if (!stream->has_value)
        return;
    cell = xlsx_cell(stream->book, stream->type, stream->style, text,
                     stream->batch->memory, &stream->damage);
    if (cell.kind == CELL_ABSENT || (place = place_cell(stream)) == NULL)
        return;
    if (cell.text.length > CELL_LONGEST) {
        cell.text.length = CELL_LONGEST;
        while (cell.text.length > 0
               && ((unsigned char)cell.text.at[cell.text.length] & 0xC0) == 0x80)
            cell.text.length--;
        stream->damage = "too_long";
    }
    *place = cell;
    stream->filled = stream->filled || text_trim(cell.text).length > 0;
}

/* HY_END when the batch is full: the parser pauses until the next one. */
static enum status end_row(struct xlsx_stream *stream)
{
    struct batch *batch = stream->batch;
    struct row *row = &batch->rows[batch->count];
    size_t size = stream->count * sizeof *stream->cells;

    if (!stream->filled && !stream->book->keep_blank)
        return HY_OK;
    *row = (struct row){ .number = stream->number,
                         .count = stream->count,
                         .cells = arena_grow(batch->memory, stream->cells, size, size),
                         .hidden = stream->hidden,
                         .damage = stream->damage };
    if (stream->book->downs != NULL)
        downs_of(&stream->book->downs[stream->sheet], stream->number - 1, row);
    batch->count++;
    stream->batch_cells += stream->count;
    if (batch->count < BATCH_ROWS && stream->batch_cells < BATCH_CELLS)
        return HY_OK;
    stream->paused = true;
    return HY_END;
}

/* --- events ---------------------------------------------------------------- */

static enum status sheet_start(void *self, const char *name, const char **attributes,
                               struct error *err)
{
    struct xlsx_stream *stream = self;

    (void)err;
    if (strcmp(name, "sheetData") == 0) {
        stream->in_data = true;
    } else if (!stream->in_data) {
        return HY_OK;
    } else if (strcmp(name, "row") == 0) {
        start_row(stream, attributes);
    } else if (strcmp(name, "c") == 0) {
        start_cell(stream, attributes);
    } else if (!stream->in_cell) {
        return HY_OK;
    } else if (strcmp(name, "v") == 0) {
        stream->in_value = strcmp(stream->type, "inlineStr") != 0;
        stream->has_value = stream->has_value || stream->in_value;
    } else if (strcmp(name, "rPh") == 0) {
        stream->phonetic++;
    } else if (strcmp(name, "t") == 0 && stream->phonetic == 0) {
        const char *space = xml_attribute(attributes, "space");

        stream->preserve = space != NULL && strcmp(space, "preserve") == 0;
        stream->in_text = strcmp(stream->type, "inlineStr") == 0;
        stream->has_value = stream->has_value || stream->in_text;
        gather_clear(&stream->run);
    }
    return HY_OK;
}

static enum status sheet_text(void *self, const char *text, size_t length,
                              struct error *err)
{
    struct xlsx_stream *stream = self;

    (void)err;
    if (stream->in_value)
        gather_add(&stream->value, text, length);
    else if (stream->in_text)
        gather_add(&stream->run, text, length);
    return HY_OK;
}

static enum status sheet_end(void *self, const char *name, struct error *err)
{
    struct xlsx_stream *stream = self;

    (void)err;
    if (!stream->in_data)
        return HY_OK;
    if (strcmp(name, "v") == 0) {
        stream->in_value = false;
    } else if (strcmp(name, "t") == 0 && stream->in_text) {
        struct text run = { stream->run.at, (uint32_t)stream->run.length };

        run = xlsx_trim(run, stream->preserve);
        gather_add(&stream->value, run.at, run.length);
        stream->in_text = false;
    } else if (strcmp(name, "rPh") == 0) {
        stream->phonetic -= stream->phonetic > 0;
    } else if (strcmp(name, "c") == 0 && stream->in_cell) {
        end_cell(stream);
    } else if (strcmp(name, "row") == 0) {
        return end_row(stream);
    } else if (strcmp(name, "sheetData") == 0) {
        stream->in_data = false;
    }
    return HY_OK;
}

/* --- the stream ------------------------------------------------------------ */

enum status xlsx_stream_open(struct xlsx_stream **out, const struct xlsx_book *book,
                             size_t sheet, struct error *err)
{
    static const struct xml_events events = { sheet_start, sheet_end, sheet_text };
    struct arena *memory = arena_new();
    struct xlsx_stream *stream = arena_alloc(memory, sizeof *stream);
    enum status status;

    *out = NULL;
    stream->book = book;
    stream->sheet = sheet;
    stream->memory = memory;
    stream->value.memory = memory;
    stream->run.memory = memory;
    status = xml_open(&stream->xml, &events, stream, err);
    if (status == HY_OK)
        status = zip_start(book->zip, (size_t)book->members[sheet], err);
    if (status == HY_OK)
        *out = stream;
    else
        xlsx_stream_close(stream);
    return status;
}

static enum status pump(struct xlsx_stream *stream, struct error *err)
{
    size_t got = 0;

    if (stream->paused) {
        stream->paused = false;
        return xml_feed(stream->xml, NULL, 0, false, err);
    }
    TRY(zip_read(stream->book->zip, stream->piece, sizeof stream->piece, &got, err));
    stream->ended = got == 0;
    return xml_feed(stream->xml, stream->piece, got, got == 0, err);
}

enum status xlsx_stream_next(struct xlsx_stream *stream, struct batch *batch,
                             struct error *err)
{
    enum status status = HY_OK;

    batch->sheet = (uint32_t)stream->sheet;
    batch->count = 0;
    stream->batch = batch;
    stream->batch_cells = 0;
    while (status == HY_OK && (stream->paused || !stream->ended))
        status = pump(stream, err);
    if (status != HY_OK && status != HY_END)
        return fail_in(err, status, stream->book->sheets[stream->sheet].name);
    return batch->count == 0 ? HY_END : HY_OK;
}

void xlsx_stream_close(struct xlsx_stream *stream)
{
    if (stream == NULL)
        return;
    zip_stop(stream->book->zip);
    xml_close(stream->xml);
    arena_free(stream->memory);
}
