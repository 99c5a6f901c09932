/* golden_table.h - the tables of the golden runner: what is read, what is made.
 * Part of one program (golden.c), hence static. */
#ifndef HY_GOLDEN_TABLE_H
#define HY_GOLDEN_TABLE_H

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats.h"
#include "core/arena.h"

enum { MOST_COLUMNS = 64, MOST_INPUTS = 8, MOST_FILE = 1 << 26 };

struct table {
    size_t columns, rows, room;
    const char *names[MOST_COLUMNS];
    const char **cells; /* rows * columns */
};

struct pair {
    const char *name, *value;
};
struct pairs {
    size_t count;
    struct pair items[MOST_COLUMNS];
};

struct cell {
    const char *words; /* NULL: a number */
    double number;
};
struct output {
    struct arena *memory;
    size_t columns, rows, room;
    const char *names[MOST_COLUMNS];
    struct cell *cells; /* room * MOST_COLUMNS */
};

struct task {
    struct arena *memory;
    const struct table *want;
    const struct pairs *how; /* compare, for the key columns */
    struct table inputs[MOST_INPUTS];
    size_t input_count;
    struct pairs params;
    char trouble[256]; /* empty = none */
};

static void complain(struct task *task, const char *fmt, ...)
{
    va_list args;

    if (task->trouble[0] != '\0')
        return; /* the first cause is the one to read */
    va_start(args, fmt);
    (void)vsnprintf(task->trouble, sizeof task->trouble, fmt, args);
    va_end(args);
}

/* --- reading --------------------------------------------------------------- */

static char *read_whole(const char *path, struct arena *memory)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long size;

    if (file == NULL)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && size < MOST_FILE
        && fseek(file, 0, SEEK_SET) == 0) {
        text = arena_alloc(memory, (size_t)size + 1);
        if (fread(text, 1, (size_t)size, file) != (size_t)size)
            text = NULL;
    }
    fclose(file);
    return text;
}

/* One field from *at on, in place; *end gets the character that ended it. */
static const char *read_field(char **at, char separator, char *end)
{
    char *from = *at, *to = *at, *start = *at;

    if (*from == '"' && separator == ',') {
        for (from++; *from != '\0'; from++) {
            if (*from == '"' && *++from != '"')
                break;
            *to++ = *from;
        }
    }
    while (*from != '\0' && *from != separator && *from != '\n') {
        if (*from != '\r')
            *to++ = *from;
        from++;
    }
    *end = *from;
    *at = *from == '\0' ? from : from + 1;
    *to = '\0';
    return start;
}

static void table_row(struct table *table, const char **fields, struct arena *memory)
{
    size_t width = table->columns * sizeof *table->cells;

    if (table->rows == table->room) {
        size_t room = table->room == 0 ? 64 : table->room * 2;

        table->cells =
            arena_grow(memory, table->cells, table->rows * width, room * width);
        table->room = room;
    }
    memcpy(table->cells + table->rows++ * table->columns, fields, width);
}

static bool table_read(const char *path, char separator, struct arena *memory,
                       struct table *out)
{
    char *at = read_whole(path, memory), end = '\n';

    *out = (struct table){ 0 };
    if (at == NULL)
        return false;
    while (*at == '#') {
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    while (*at != '\0') {
        const char *fields[MOST_COLUMNS];
        size_t count = 0;

        do {
            const char *field = read_field(&at, separator, &end);

            if (count < MOST_COLUMNS)
                fields[count++] = field;
        } while (end == separator);
        if (count == 1 && fields[0][0] == '\0')
            continue;
        if (out->columns == 0) {
            out->columns = count;
            memcpy(out->names, fields, count * sizeof *fields);
            continue;
        }
        if (count != out->columns)
            return false; /* a row that is not like its header */
        table_row(out, fields, memory);
    }
    return out->columns > 0;
}

/* "a=b;c=d", split at the first '='; "-" is empty. */
static void pairs_read(const char *text, struct arena *memory, struct pairs *out)
{
    char *at = arena_copy(memory, text, strlen(text)), end = ';';

    out->count = 0;
    if (strcmp(text, "-") == 0)
        return;
    while (end == ';' && out->count < MOST_COLUMNS) {
        char *item = (char *)(uintptr_t)read_field(&at, ';', &end);
        char *equals = strchr(item, '=');

        if (equals == NULL)
            continue;
        *equals = '\0';
        out->items[out->count++] = (struct pair){ item, equals + 1 };
    }
}

static const char *pairs_get(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            return pairs->items[i].value;
    return NULL;
}

/* --- values ---------------------------------------------------------------- */

/* A number as R prints it, or a fraction like 2/3; false for other text. */
static bool read_number(const char *text, double *value)
{
    char *end;

    *value = NAN;
    if (strcmp(text, "NA") == 0 || strcmp(text, "NaN") == 0)
        return true;
    if (text[0] == '\0' || strpbrk(text, "xX") != NULL)
        return false;
    *value = strtod(text, &end);
    if (*end == '/' && end != text)
        *value /= strtod(end + 1, &end);
    return *end == '\0' && end != text;
}

static double number_of(const char *text)
{
    double value;

    return read_number(text, &value) ? value : NAN;
}

static int column_of(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(table->names[i], name) == 0)
            return (int)i;
    return -1;
}

static const char *cell_at(const struct table *table, size_t row, int column)
{
    return table->cells[row * table->columns + (size_t)column];
}

/* Column of words; a missing one is a complaint and gives empty words. */
static const char **words_of(struct task *task, const struct table *table,
                             const char *name)
{
    const char **out = arena_alloc(task->memory, (table->rows + 1) * sizeof *out);
    int column = column_of(table, name);

    if (column < 0)
        complain(task, "no column %s", name);
    for (size_t i = 0; i < table->rows; i++)
        out[i] = column < 0 ? "" : cell_at(table, i, column);
    return out;
}

static double *numbers_of(struct task *task, const struct table *table,
                          const char *name)
{
    const char **words = words_of(task, table, name);
    double *out = arena_alloc(task->memory, (table->rows + 1) * sizeof *out);

    for (size_t i = 0; i < table->rows; i++)
        out[i] = number_of(words[i]);
    return out;
}

static const char *param(struct task *task, const char *name)
{
    const char *value = pairs_get(&task->params, name);

    if (value == NULL)
        complain(task, "no parameter %s", name);
    return value == NULL ? "" : value;
}

static double param_number(struct task *task, const char *name)
{
    return number_of(param(task, name));
}

/* Column named by a parameter, else of the parameter's own name. */
static double *param_column(struct task *task, const struct table *table,
                            const char *name)
{
    const char *column = pairs_get(&task->params, name);

    return numbers_of(task, table, column == NULL ? name : column);
}

struct groups {
    size_t count;
    const char **names; /* in order of appearance */
    uint32_t *of;       /* per row */
};

static void group_words(struct arena *memory, const char **words, size_t count,
                        struct groups *out)
{
    out->names = arena_alloc(memory, (count + 1) * sizeof *out->names);
    out->of = arena_alloc(memory, (count + 1) * sizeof *out->of);
    out->count = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t at = 0;

        while (at < out->count && strcmp(out->names[at], words[i]) != 0)
            at++;
        if (at == out->count)
            out->names[out->count++] = words[i];
        out->of[i] = at;
    }
}

/* By the column a parameter names; "-" = one group called all. */
static void group_by(struct task *task, const struct table *table, struct groups *out)
{
    const char *by = param(task, "by");
    const char **words;

    if (strcmp(by, "-") == 0) {
        words = arena_alloc(task->memory, (table->rows + 1) * sizeof *words);
        for (size_t i = 0; i < table->rows; i++)
            words[i] = "all";
    } else {
        words = words_of(task, table, by);
    }
    group_words(task->memory, words, table->rows, out);
}

/* Distinct values of a column of the expected file. */
static void distinct_of(struct task *task, const char *name, struct groups *out)
{
    group_words(task->memory, words_of(task, task->want, name), task->want->rows, out);
}

/* The rows of one group, packed. */
static size_t pick(struct task *task, const struct groups *groups, size_t rows,
                   uint32_t group, const double *from, double **to)
{
    size_t count = 0;

    *to = arena_alloc(task->memory, (rows + 1) * sizeof **to);
    for (size_t i = 0; i < rows; i++)
        if (groups->of[i] == group)
            (*to)[count++] = from[i];
    return count;
}

/* --- making ---------------------------------------------------------------- */

static void out_row(struct output *out)
{
    size_t width = MOST_COLUMNS * sizeof *out->cells;

    if (out->rows == out->room) {
        size_t room = out->room == 0 ? 64 : out->room * 2;

        out->cells =
            arena_grow(out->memory, out->cells, out->rows * width, room * width);
        out->room = room;
    }
    out->rows++;
}

static int out_column(const struct output *out, const char *name)
{
    for (size_t i = 0; i < out->columns; i++)
        if (strcmp(out->names[i], name) == 0)
            return (int)i;
    return -1;
}

static struct cell *out_cell(struct output *out, const char *name)
{
    int column = out_column(out, name);

    if (column < 0) {
        column = (int)out->columns++;
        out->names[column] = name;
    }
    return &out->cells[(out->rows - 1) * MOST_COLUMNS + (size_t)column];
}

static void put(struct output *out, const char *name, double value)
{
    *out_cell(out, name) = (struct cell){ NULL, value };
}

static void put_words(struct output *out, const char *name, const char *words)
{
    *out_cell(out, name) = (struct cell){ words, NAN };
}

/* One row of a name,value file. */
static void put_named(struct output *out, const char *name, double value)
{
    out_row(out);
    put_words(out, "name", name);
    put(out, "value", value);
}

#endif
