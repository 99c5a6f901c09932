/* look.c - what would be understood of a file, without a store. */
#include <string.h>

#include "ingest/load_parts.h"
#include "ingest/look_map.h"
#include "ingest/mask.h"

enum { EXAMPLE_BYTES = 60 };

/* The first filled cell of the column, shortened. */
static const char *example_of(const struct reading *reading, size_t from,
                              uint32_t column, struct arena *memory)
{
    const struct batch *batch = reading->batch;
    uint32_t i;

    for (i = (uint32_t)from; i < batch->count; i++) {
        struct text text;

        if (column >= batch->rows[i].count)
            continue;
        text = text_trim(batch->rows[i].cells[column].text);
        if (text.length > EXAMPLE_BYTES)
            text.length = (uint32_t)text_valid(text.at, EXAMPLE_BYTES);
        if (text.length > 0)
            return text_copy(memory, text);
    }
    return "";
}

static bool uses_column(const struct bound_rule *rule, int column)
{
    size_t i, k;

    for (i = 0; i < rule->choice_count; i++)
        for (k = 0; k < rule->choices[i].count; k++)
            if (rule->choices[i].pieces[k].column == column)
                return true;
    return false;
}

static const char *field_of(const struct binding *binding, int column,
                            struct arena *memory)
{
    const char *out = NULL;
    size_t i, k;

    for (i = 0; i < binding->rule_count; i++) {
        const struct map_rule *rule = binding->rules[i].rule;

        if (!uses_column(&binding->rules[i], column))
            continue;
        for (k = 0; k < rule->target_count; k++)
            out = out == NULL ? rule->names[k]
                              : arena_printf(memory, "%s, %s", out, rule->names[k]);
    }
    return out;
}

/* Fields that name a person or a front door: known by the words, or these. */
static bool personal_field(const struct map *map, const char *name,
                           const struct vocabulary *words)
{
    static const char *const others[] = { "account",       "caller",  "called",
                                          "recorder",      "handler", "visitor",
                                          "agent",         "staff",   "room",
                                          "reporter_phone" };
    const char *level = words_level(words, map->kind, name);
    size_t i;

    for (i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(name, others[i]) == 0)
            return true;
    return level != NULL && strcmp(level, "pii") == 0;
}

/* A look is read aloud, pasted into mails: the cell itself stays in the file. */
static bool personal(const struct binding *binding, const struct map *map, int column,
                     struct text folded, const struct vocabulary *words)
{
    enum record_kind kind = map == NULL ? KIND_TICKET : map->kind;
    const char *named = folded.length == 0 ? NULL : words_field(words, kind, folded);
    size_t i, k;

    if (named != NULL) {
        const char *level = words_level(words, kind, named);

        if (level != NULL && strcmp(level, "pii") == 0)
            return true;
    }
    for (i = 0; i < binding->rule_count; i++)
        if (uses_column(&binding->rules[i], column))
            for (k = 0; k < binding->rules[i].rule->target_count; k++)
                if (personal_field(map, binding->rules[i].rule->names[k], words))
                    return true;
    return false;
}

/* The first character is enough to tell a number from a name. */
static const char *hidden(const char *example, struct arena *memory)
{
    const char *at = example;

    if (*example == '\0')
        return example;
    (void)text_next(&at, example + strlen(example));
    return arena_printf(memory, "%.*s＊＊＊", (int)(at - example), example);
}

/* A title may be broken over lines in its cell; a line of a look is one line. */
static const char *one_line(struct text title, struct arena *memory)
{
    char *out = arena_copy(memory, title.at, title.length), *at;

    for (at = out; *at != '\0'; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
    return out;
}

enum { POINTS_MAPPED = 100, POINTS_SYNONYM = 90, POINTS_GUESSED = 70 };

/* What the title alone is worth: see look_column. */
static int title_points(const struct map *map, const struct title_column *column,
                        const char *field, const struct vocabulary *words)
{
    const char *named;

    if (map == NULL || field == NULL)
        return 0;
    if (!map->generic)
        return POINTS_MAPPED;
    named = words_field(words, map->kind, column->folded);
    return named != NULL && strcmp(named, field) == 0 ? POINTS_SYNONYM : POINTS_GUESSED;
}

static enum status look_columns(struct reading *reading, const struct map *map,
                                const struct header *header, struct look_sheet *sheet,
                                struct look_column *columns, struct arena *memory,
                                struct error *err)
{
    const struct vocabulary *words = reading->loader->words;
    const struct mask *mask = reading->loader->mask;
    struct binding binding = { .map = NULL };
    uint32_t i;

    if (map != NULL)
        TRY(map_bind(map, header, words, reading->file, &binding, err));
    for (i = 0; i < header->count; i++) {
        const char *field =
            map == NULL ? words_field(words, KIND_TICKET, header->columns[i].folded)
                        : field_of(&binding, (int)i, memory);

        columns[i].title = header->columns[i].title.length == 0
                               ? arena_printf(memory, "#%u", i + 1)
                               : one_line(header->columns[i].title, memory);
        columns[i].field = field;
        columns[i].example = example_of(reading, header->skip, i, memory);
        if (personal(&binding, map, (int)i, header->columns[i].folded, words))
            columns[i].example = hidden(columns[i].example, memory);
        else
            columns[i].example =
                text_copy(memory, mask_text(mask, text_of(columns[i].example), memory));
        columns[i].confidence = title_points(map, &header->columns[i], field, words);
    }
    sheet->columns = columns;
    sheet->column_count = header->count;
    return HY_OK;
}

/* What a load would say of the rows: reasons, words, how doubts were decided. */
struct trial {
    struct reading *reading;
    struct normaliser *normaliser;
    struct binding binding;
    struct look_sheet *sheet;
    struct look_column *columns;
    struct covers covers;
};

static enum status trial_open(struct trial *trial, const struct map *map,
                              const struct header *header, size_t number,
                              struct error *err)
{
    struct reading *reading = trial->reading;
    struct normalise_options options = {
        .binding = &trial->binding,
        .header = header,
        .words = reading->loader->words,
        .settings = reading->loader->settings,
        .date1904 = reading->sheets[number].date1904,
    };

    trial->covers = (struct covers){ .memory = reading->file };
    TRY(map_bind(map, header, reading->loader->words, reading->file, &trial->binding,
                 err));
    trial->normaliser = normaliser_open(&options, reading->file);
    normaliser_sample(trial->normaliser, reading->batch->rows + header->skip,
                      reading->batch->count - header->skip);
    return HY_OK;
}

/* 合计: the first filled cell of the row. */
static bool is_totals_row(const struct reading *reading, const struct row *row)
{
    struct text first = { NULL, 0 };
    uint32_t i;

    for (i = 0; i < row->count && first.length == 0; i++)
        first = text_trim(row->cells[i].text);
    return first.length > 0 && first.length <= 60
           && words_total(reading->loader->words,
                          text_fold(first, reading->batch->memory));
}

static bool is_record(const struct trial *trial, const struct header *header,
                      const struct row *row)
{
    return row->damage == NULL && !header_repeated(header, row)
           && !is_totals_row(trial->reading, row);
}

static void trial_rows(struct trial *trial, const struct header *header, uint32_t from)
{
    struct batch *batch = trial->reading->batch;
    struct record *record = arena_alloc(trial->reading->file, sizeof *record);
    const char *field;
    uint32_t i;

    for (i = from; i < batch->count; i++) {
        const struct row *said = &batch->rows[i];
        const struct row *row = covers_fill(&trial->covers, said, batch->memory);

        if (is_record(trial, header, said))
            (void)normalise_row(trial->normaliser, row, batch->memory, record, &field);
    }
}

/* What stands under the titles speaks for them or against them. */
static void trial_confidence(struct trial *trial, const struct header *header)
{
    struct batch *batch = trial->reading->batch;
    struct row *rows = arena_alloc(batch->memory, (batch->count + 1) * sizeof *rows);
    size_t count = 0, i;

    for (i = header->skip; i < batch->count; i++)
        if (is_record(trial, header, &batch->rows[i]))
            rows[count++] = batch->rows[i];
    for (i = 0; i < trial->sheet->column_count; i++) {
        struct look_column *column = &trial->columns[i];
        struct agreement found;

        if (column->confidence == 0)
            continue;
        found = normaliser_agreement(trial->normaliser, rows, count, (int)i);
        if (found.filled == 0)
            column->confidence /= 2;
        else if (found.checked > 0)
            column->confidence =
                (int)((column->confidence * found.agreed + found.checked / 2)
                      / found.checked);
    }
}

static void trial_end(struct trial *trial, struct arena *memory)
{
    struct look_sheet *sheet = trial->sheet;
    const struct word_count *found =
        normaliser_words(trial->normaliser, memory, &sheet->word_count);
    const char *const *said = normaliser_notes(trial->normaliser, &sheet->note_count);
    struct tally *words = arena_alloc(memory, (sheet->word_count + 1) * sizeof *words);
    const char **notes = arena_alloc(memory, (sheet->note_count + 1) * sizeof *notes);
    size_t i;

    for (i = 0; i < sheet->word_count; i++)
        words[i] = (struct tally){ found[i].word, found[i].count };
    for (i = 0; i < sheet->note_count; i++)
        notes[i] = text_copy(memory, text_of(said[i]));
    sheet->words = words;
    sheet->notes = notes;
}

static enum status look_rows(struct reading *reading, size_t number,
                             const struct map *map, const struct header *header,
                             struct look_sheet *sheet, struct look_column *columns,
                             struct arena *memory, struct error *err)
{
    struct trial trial = { .reading = reading, .sheet = sheet, .columns = columns };
    uint32_t from = (uint32_t)header->skip;
    enum status status = HY_OK;

    if (map != NULL)
        TRY(trial_open(&trial, map, header, number, err));
    if (map != NULL)
        trial_confidence(&trial, header);
    sheet->rows = -(int64_t)header->skip;
    while (status == HY_OK) {
        sheet->rows += reading->batch->count;
        if (map != NULL)
            trial_rows(&trial, header, from);
        from = 0;
        arena_reset(reading->batch->memory);
        reading->batch->count = 0;
        status = reading->reader->next(reading->grid, number, reading->batch, err);
    }
    if (map != NULL)
        trial_end(&trial, memory);
    return status == HY_END ? HY_OK : status;
}

static enum status look_sheet(struct reading *reading, size_t number,
                              struct look_sheet *sheet, struct arena *memory,
                              struct error *err)
{
    const struct sheet *own = &reading->sheets[number];
    const struct map *map;
    struct header header = { .row = 0 };
    struct look_column *columns;
    const char *why;
    enum status status;

    sheet->name = text_copy(memory, text_of(own->name));
    if (own->member != NULL)
        sheet->name = arena_printf(memory, "%s%s%s", own->member,
                                   *sheet->name != '\0' ? " " : "", sheet->name);
    status = reading_sheet(reading, number, &map, &header, &why, err);
    if (status == HY_END) {
        sheet->note = "没有数据行 (no rows)";
        return HY_OK;
    }
    if (status != HY_OK)
        return status;
    sheet->map = map == NULL ? NULL : text_copy(memory, text_of(map->name));
    sheet->note = map == NULL ? why : NULL;
    sheet->header_row = (int)header.row;
    columns = arena_alloc(memory, (header.count + 1) * sizeof *columns);
    TRY(look_columns(reading, map, &header, sheet, columns, memory, err));
    if (map != NULL && map->generic)
        sheet->map_text =
            look_map_text(map, &header, sheet,
                          own->format != NULL ? own->format : reading->reader->name,
                          reading->options->header_row, memory);
    else if (map != NULL)
        sheet->map_path = text_copy(memory, text_of(map->path));
    else if (header.count > 1)
        sheet->map_text =
            look_draft_text(&header, sheet,
                            own->format != NULL ? own->format : reading->reader->name,
                            reading->options->header_row, memory);
    return look_rows(reading, number, map, &header, sheet, columns, memory, err);
}

enum status look_file(struct loader *loader, const char *path,
                      const struct load_options *options, struct arena *memory,
                      struct look_report *report, struct error *err)
{
    struct reading reading;
    struct look_sheet *sheets;
    const char *encoding = NULL;
    size_t i;
    enum status status = reading_open(&reading, loader, path, options, err);

    *report = (struct look_report){ .format = NULL };
    if (status == HY_OK) {
        report->format = reading.reader->name;
        if (reading.reader->note != NULL)
            encoding = reading.reader->note(reading.grid);
        report->encoding =
            encoding == NULL ? NULL : arena_copy(memory, encoding, strlen(encoding));
        sheets = arena_alloc(memory, (reading.sheet_count + 1) * sizeof *sheets);
        report->sheets = sheets;
        for (i = 0; i < reading.sheet_count && status == HY_OK; i++)
            if (sheet_wanted(&reading, i))
                status = look_sheet(&reading, i, &sheets[report->sheet_count++], memory,
                                    err);
    }
    reading_close(&reading);
    return status == HY_OK ? status : fail_in(err, status, path);
}
