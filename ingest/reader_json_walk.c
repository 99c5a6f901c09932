/* reader_json_walk.c - JSON as records of flat columns; the only user of yajl. */
#include "ingest/reader_json.h"

#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_parse.h>

enum {
    DEPTH_MOST = 256,
    COLUMNS_MOST = 4096,
    SLOTS = 16384,       /* a power of two, over COLUMNS_MOST */
    NAME_LONGEST = 4096, /* of a joined name */
    CELL_LONGEST = 1 << 20,
    SURVEY_PIECE = 1 << 16
};

/* --- columns ---------------------------------------------------------------- */

void json_columns_open(struct json_columns *columns, struct arena *file)
{
    columns->file = file;
    columns->count = 0;
    columns->doubled = 0;
    columns->names = arena_alloc(file, COLUMNS_MOST * sizeof *columns->names);
    columns->slots = arena_alloc(file, SLOTS * sizeof *columns->slots);
}

int json_columns_find(struct json_columns *columns, struct text name, bool add)
{
    uint32_t hash = 2166136261u;

    for (uint32_t i = 0; i < name.length; i++)
        hash = (hash ^ (unsigned char)name.at[i]) * 16777619u;
    for (hash &= SLOTS - 1; columns->slots[hash] != 0; hash = (hash + 1) & (SLOTS - 1))
        if (text_equal(columns->names[columns->slots[hash] - 1], name))
            return columns->slots[hash] - 1;
    if (!add)
        return -1;
    if (columns->count == COLUMNS_MOST)
        return -2;
    name.at = arena_copy(columns->file, name.at, name.length);
    columns->names[columns->count] = name;
    columns->slots[hash] = (uint16_t)++columns->count;
    return (int)columns->count - 1;
}

/* --- the walk --------------------------------------------------------------- */

struct level {
    uint32_t name_length; /* of the joined name when this level was entered */
    bool is_list, no_lists_above;
    size_t list; /* ordinal, 0 for an object */
    size_t start;
    uint64_t objects, values;
};

/* A value of the record at hand; its text lies in `bytes`. */
struct value {
    enum cell_kind kind;
    size_t at, length;
};

struct json_walk {
    enum json_walk_kind kind;
    struct text text;
    size_t list;
    struct json_columns *columns;
    struct arena *memory;
    yajl_handle parser;
    size_t base; /* offset of the piece being parsed */
    struct level levels[DEPTH_MOST];
    unsigned depth;
    size_t list_count;
    struct json_shape shape;
    struct batch *batch;
    struct error err;
    enum status status;
    bool finished;
    /* the record at hand: depth of its object, 0 = outside */
    unsigned record_depth, joined_depth, element_depth;
    uint64_t records;
    size_t record_start, element_start;
    uint32_t name_length;
    char name[NAME_LONGEST];
    uint64_t *seen;       /* by column: 1 + the record that last named it */
    struct value *values; /* by column */
    size_t value_count;
    char *bytes;
    size_t length, room;
    struct value joined; /* the list inside a record being joined by '|' */
    bool joined_any, too_long;
};

static int refuse(struct json_walk *walk, const char *what)
{
    walk->status =
        fail(&walk->err, HY_DATA, "JSON 第 %llu 行：%s",
             (unsigned long long)json_line(walk->text,
                                           walk->base
                                               + yajl_get_bytes_consumed(walk->parser)),
             what);
    return 0;
}

uint64_t json_line(struct text text, size_t offset)
{
    uint64_t line = 1;

    for (size_t i = 0; i < offset && i < text.length; i++)
        line += text.at[i] == '\n';
    return line;
}

static void bytes_add(struct json_walk *walk, const char *at, size_t length)
{
    if (walk->room - walk->length < length) {
        size_t room = walk->room == 0 ? 4096 : walk->room;

        while (room - walk->length < length)
            room *= 2;
        walk->bytes = arena_grow(walk->memory, walk->bytes, walk->length, room);
        walk->room = room;
    }
    if (length > 0)
        memcpy(walk->bytes + walk->length, at, length);
    walk->length += length;
}

/* Offset in the text just behind the token of this event. */
static size_t offset_now(const struct json_walk *walk)
{
    return walk->base + yajl_get_bytes_consumed(walk->parser);
}

/* The name of the value now met within the record, "" when it has none. */
static struct text value_name(const struct json_walk *walk)
{
    return (struct text){ walk->name, walk->name_length };
}

/* Last wins among equal names. */
static int store_value(struct json_walk *walk, struct value value)
{
    int column =
        json_columns_find(walk->columns, value_name(walk), walk->kind == JSON_COLUMNS);

    if (column == -2)
        return refuse(walk, "字段超过 4096 个，不予读取");
    if (walk->kind == JSON_COLUMNS) {
        walk->columns->doubled += walk->seen[column] == walk->records + 1;
        walk->seen[column] = walk->records + 1;
        return 1;
    }
    if (column < 0)
        return 1;
    while (walk->value_count <= (size_t)column)
        walk->values[walk->value_count++] = (struct value){ .kind = CELL_ABSENT };
    walk->values[column] = value;
    return 1;
}

/* An element of the chosen list that is no object: a row, but not to be trusted. */
static void stray(struct json_walk *walk, size_t start)
{
    struct batch *batch = walk->batch;

    if (walk->kind == JSON_SHAPE || walk->record_depth > 0 || walk->depth == 0
        || walk->list == 0 || walk->levels[walk->depth - 1].list != walk->list)
        return;
    walk->records++;
    if (walk->kind == JSON_ROWS)
        batch->rows[batch->count++] = (struct row){
            .number = walk->records + 1,
            .raw = { walk->text.at + start, (uint32_t)(offset_now(walk) - start) },
            .damage = "bad_value",
        };
}

/* Where the plain value just read begins, as it is written. */
static size_t value_start(const struct json_walk *walk)
{
    const char *text = walk->text.at;
    size_t end = offset_now(walk), at = end - 1;

    if (text[at] != '"') {
        while (at > 0 && strchr(",[ \t\r\n", text[at - 1]) == NULL)
            at--;
        return at;
    }
    while (at > 0) {
        size_t slashes = 0;

        at--;
        while (text[at] == '"' && slashes < at && text[at - 1 - slashes] == '\\')
            slashes++;
        if (text[at] == '"' && slashes % 2 == 0)
            break;
    }
    return at;
}

/* A plain value anywhere. */
static int on_value(struct json_walk *walk, enum cell_kind kind, const char *at,
                    size_t length)
{
    struct value value = { kind, walk->length, length };

    if (walk->depth > 0)
        walk->levels[walk->depth - 1].values++;
    if (walk->record_depth == 0)
        stray(walk, walk->kind == JSON_ROWS ? value_start(walk) : 0);
    if (walk->record_depth == 0 || walk->element_depth > 0)
        return 1;
    if (walk->kind != JSON_ROWS)
        return walk->joined_depth > 0 || walk->kind == JSON_SHAPE
                   ? 1
                   : store_value(walk, value);
    if (walk->joined_depth > 0) {
        if (walk->joined_any)
            bytes_add(walk, "|", 1);
        walk->joined_any = true;
        bytes_add(walk, at, length);
        return 1;
    }
    if (length > CELL_LONGEST) {
        walk->too_long = true;
        value.length = CELL_LONGEST;
        while (value.length > 0 && ((unsigned char)at[value.length] & 0xC0) == 0x80)
            value.length--;
    }
    bytes_add(walk, at, value.length);
    return store_value(walk, value);
}

static int on_null(void *self)
{
    return on_value(self, CELL_TEXT, "", 0);
}

static int on_boolean(void *self, int yes)
{
    return on_value(self, CELL_BOOL, yes ? "true" : "false", yes ? 4 : 5);
}

static int on_number(void *self, const char *at, size_t length)
{
    return on_value(self, CELL_NUMBER, at, length);
}

/* yajl lets half a surrogate pair (\uDC00 alone) and \u0000 through: shown as U+FFFD.
 */
static const char *mended(struct json_walk *walk, const char *at, size_t *length)
{
    const char *end = at + *length;
    char *out;
    size_t used = 0;

    if (text_valid(at, *length) == *length && memchr(at, '\0', *length) == NULL)
        return at;
    out = arena_alloc(walk->memory, 3 * *length + 1);
    while (at < end) {
        uint32_t letter = text_next(&at, end);

        used += text_put(letter == 0 ? 0xFFFD : letter, out + used);
    }
    *length = used;
    return out;
}

static int on_string(void *self, const unsigned char *at, size_t length)
{
    const char *text = mended(self, (const char *)at, &length);

    return on_value(self, CELL_TEXT, text, length);
}

/* --- levels ----------------------------------------------------------------- */

static int enter(struct json_walk *walk, bool is_list)
{
    struct level *level;
    bool clean = true;

    if (walk->depth == DEPTH_MOST)
        return refuse(walk, "嵌套超过 256 层，不予读取");
    if (walk->depth > 0) {
        struct level *parent = &walk->levels[walk->depth - 1];

        parent->values++;
        parent->objects += !is_list;
        if (is_list && parent->is_list && walk->depth == 1)
            walk->shape.nested_lists = true;
        clean = parent->no_lists_above && !parent->is_list;
    } else {
        walk->shape.top_object = !is_list;
    }
    level = &walk->levels[walk->depth++];
    *level = (struct level){ .name_length = walk->name_length,
                             .start = offset_now(walk) - 1,
                             .is_list = is_list,
                             .no_lists_above = clean };
    if (is_list && clean)
        level->list = ++walk->list_count;
    return 1;
}

/* Is the object just entered a record? */
static bool is_record(const struct json_walk *walk)
{
    if (walk->kind == JSON_SHAPE || walk->record_depth > 0)
        return false;
    if (walk->list == 0)
        return walk->depth == 1;
    return walk->depth > 1 && walk->levels[walk->depth - 2].list == walk->list;
}

static int on_start_map(void *self)
{
    struct json_walk *walk = self;

    if (!enter(walk, false))
        return 0;
    if (is_record(walk)) {
        walk->record_depth = walk->depth;
        walk->record_start = offset_now(walk) - 1;
        walk->name_length = walk->levels[walk->depth - 1].name_length = 0;
        walk->value_count = 0;
        walk->length = 0;
        walk->too_long = false;
    } else if (walk->joined_depth > 0 && walk->element_depth == 0) {
        walk->element_depth = walk->depth;
        walk->element_start = offset_now(walk) - 1;
    }
    return 1;
}

static int on_key(void *self, const unsigned char *bytes, size_t length)
{
    struct json_walk *walk = self;
    struct level *level = &walk->levels[walk->depth - 1];
    size_t start = level->name_length;
    const char *key = mended(walk, (const char *)bytes, &length);

    if (walk->record_depth == 0 || walk->element_depth > 0)
        return 1;
    if (start + 1 + length > NAME_LONGEST)
        return refuse(walk, "字段名超过 4096 字节，不予读取");
    if (start > 0)
        walk->name[start++] = '.';
    memcpy(walk->name + start, key, length);
    walk->name_length = (uint32_t)(start + length);
    return 1;
}

static void end_record(struct json_walk *walk)
{
    struct batch *batch = walk->batch;
    struct cell *cells;
    const char *bytes;

    walk->records++;
    walk->record_depth = 0;
    if (walk->kind != JSON_ROWS)
        return;
    cells = arena_alloc(batch->memory, (walk->value_count + 1) * sizeof *cells);
    bytes = arena_copy(batch->memory, walk->bytes, walk->length);
    for (size_t i = 0; i < walk->value_count; i++)
        if (walk->values[i].kind != CELL_ABSENT)
            cells[i] = (struct cell){ .text = { bytes + walk->values[i].at,
                                                (uint32_t)walk->values[i].length },
                                      .kind = walk->values[i].kind };
    batch->rows[batch->count++] = (struct row){
        .number = walk->records + 1,
        .raw = { walk->text.at + walk->record_start,
                 (uint32_t)(offset_now(walk) - walk->record_start) },
        .count = (uint32_t)walk->value_count,
        .cells = cells,
        .damage = walk->too_long ? "too_long" : NULL,
    };
}

static int on_end_map(void *self)
{
    struct json_walk *walk = self;
    struct level *level = &walk->levels[walk->depth - 1];

    if (walk->record_depth == walk->depth)
        end_record(walk);
    walk->depth--;
    walk->name_length = level->name_length;
    if (walk->element_depth == walk->depth + 1) {
        size_t start = walk->element_start;

        walk->element_depth = 0;
        if (walk->kind == JSON_ROWS) {
            if (walk->joined_any)
                bytes_add(walk, "|", 1);
            walk->joined_any = true;
            bytes_add(walk, walk->text.at + start, offset_now(walk) - start);
        }
    }
    return 1;
}

static int on_start_array(void *self)
{
    struct json_walk *walk = self;

    if (!enter(walk, true))
        return 0;
    if (walk->record_depth > 0 && walk->joined_depth == 0) {
        walk->joined_depth = walk->depth;
        walk->joined_any = false;
        walk->joined = (struct value){ .kind = CELL_TEXT, .at = walk->length };
    }
    return 1;
}

static int end_joined(struct json_walk *walk)
{
    walk->joined_depth = 0;
    walk->joined.length = walk->length - walk->joined.at;
    if (walk->joined.length > CELL_LONGEST) {
        walk->too_long = true;
        walk->joined.length = CELL_LONGEST;
        while (walk->joined.length > 0
               && ((unsigned char)walk->bytes[walk->joined.at + walk->joined.length]
                   & 0xC0)
                      == 0x80)
            walk->joined.length--;
    }
    return store_value(walk, walk->joined);
}

static int on_end_array(void *self)
{
    struct json_walk *walk = self;
    struct level *level = &walk->levels[walk->depth - 1];
    bool joined = walk->joined_depth == walk->depth;

    if (level->list > 0 && level->objects > walk->shape.best_count) {
        walk->shape.best_count = level->objects;
        walk->shape.best_list = level->list;
    }
    if (level->list > 0 && level->values == 0)
        walk->shape.empty_list = true;
    walk->depth--;
    stray(walk, level->start);
    return joined ? end_joined(walk) : 1;
}

/* --- pieces ----------------------------------------------------------------- */

/* yajl does not look whether it got memory. */
static void *parser_alloc(void *context, size_t size)
{
    (void)context;
    return arena_or_end(malloc(size));
}

static void *parser_grow(void *context, void *old, size_t size)
{
    (void)context;
    return arena_or_end(realloc(old, size));
}

static void parser_free(void *context, void *old)
{
    (void)context;
    free(old);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end_map,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end_array,
};

static yajl_handle parser_open(struct json_walk *walk)
{
    yajl_alloc_funcs memory = { parser_alloc, parser_grow, parser_free, NULL };

    return yajl_alloc(&callbacks, &memory, walk); /* copies it */
}

struct json_walk *json_walk_open(enum json_walk_kind kind, struct text text,
                                 size_t list, struct json_columns *columns)
{
    struct arena *memory = arena_new();
    struct json_walk *walk = arena_alloc(memory, sizeof *walk);

    walk->kind = kind;
    walk->text = text;
    walk->list = list;
    walk->columns = columns;
    walk->memory = memory;
    if (kind == JSON_ROWS)
        walk->values = arena_alloc(memory, (columns->count + 1) * sizeof *walk->values);
    if (kind == JSON_COLUMNS)
        walk->seen = arena_alloc(memory, COLUMNS_MOST * sizeof *walk->seen);
    walk->parser = parser_open(walk);
    return walk;
}

void json_walk_again(struct json_walk *walk, struct text text)
{
    if (walk->parser != NULL)
        yajl_free(walk->parser);
    walk->parser = parser_open(walk);
    walk->text = text;
    walk->base = 0;
    walk->depth = walk->record_depth = walk->joined_depth = walk->element_depth = 0;
    walk->name_length = 0;
    walk->list_count = 0;
    walk->finished = false;
    walk->status = HY_OK;
}

/* yajl's own words, one line of them. */
static enum status say_error(struct json_walk *walk, const char *piece, size_t length,
                             struct error *err)
{
    unsigned char *words;
    char *end;

    if (walk->status != HY_OK) {
        *err = walk->err;
        return walk->status;
    }
    words = yajl_get_error(walk->parser, 0, (const unsigned char *)piece, length);
    if (words == NULL)
        return fail(err, HY_DATA, "JSON 读不下去：请重新导出");
    end = strchr((char *)words, '\n');
    if (end != NULL)
        *end = '\0';
    (void)fail(err, HY_DATA,
               "JSON 第 %llu 行读不下去（%.120s）：文件不完整或已损坏，请重新导出",
               (unsigned long long)json_line(walk->text, offset_now(walk)),
               (const char *)words);
    yajl_free_error(walk->parser, words);
    return HY_DATA;
}

enum status json_walk_piece(struct json_walk *walk, struct batch *batch,
                            struct error *err)
{
    size_t most = walk->kind == JSON_ROWS ? JSON_PIECE : SURVEY_PIECE;
    size_t left = walk->text.length - walk->base;
    size_t length = left < most ? left : most;
    const char *piece = walk->text.at + walk->base;
    yajl_status result;

    if (walk->parser == NULL)
        return fail(err, HY_MEMORY, "内存不足");
    if (walk->finished)
        return HY_END;
    walk->batch = batch;
    if (length > 0) {
        /* yajl takes these two for blanks, JSON does not know them anywhere. */
        if (memchr(piece, '\f', length) != NULL || memchr(piece, '\v', length) != NULL)
            return fail(err, HY_DATA, "JSON 第 %llu 行附近有不允许的控制字符",
                        (unsigned long long)json_line(walk->text, walk->base));
        result = yajl_parse(walk->parser, (const unsigned char *)piece, length);
    } else {
        walk->finished = true;
        result = yajl_complete_parse(walk->parser);
    }
    if (result != yajl_status_ok)
        return say_error(walk, piece, length, err);
    walk->base += length;
    return walk->finished ? HY_END : HY_OK;
}

const struct json_shape *json_walk_shape(const struct json_walk *walk)
{
    return &walk->shape;
}

void json_walk_close(struct json_walk *walk)
{
    if (walk == NULL)
        return;
    if (walk->parser != NULL)
        yajl_free(walk->parser);
    arena_free(walk->memory);
}
