/* load.c - one file into the store, one transaction; every row is accounted for. */
#include "ingest/load.h"

#include <stdio.h>
#include <string.h>

#include "core/calendar.h"
#include "core/file.h"
#include "core/store_link.h"
#include "ingest/load_parts.h"
#include "ingest/mask.h"

enum status loader_open(struct loader **out, const char *templates,
                        const char *user_maps, const struct settings *settings,
                        struct arena *memory, struct error *err)
{
    struct loader *loader = arena_alloc(memory, sizeof *loader);
    struct vocabulary *words;

    *out = NULL;
    loader->memory = memory;
    loader->settings = settings;
    TRY(words_load(&words, arena_printf(memory, "%s/words", templates), memory, err));
    loader->words = words;
    loader->mask = mask_open(words, memory);
    TRY(map_set_load(&loader->maps, arena_printf(memory, "%s/maps", templates),
                     user_maps, words, memory, err));
    *out = loader;
    return HY_OK;
}

void loader_teach(struct loader *loader, const char *domain, const char *word,
                  const char *canonical)
{
    struct hash_stream *stream = hash_start(loader->memory);
    const char *said[3] = { domain, word, canonical };
    size_t i;

    words_teach(loader->words, domain, text_of(word), canonical);
    hash_add(stream, loader->maps.hash, 32);
    for (i = 0; i < 3; i++)
        hash_add(stream, said[i], strlen(said[i]) + 1);
    hash_end(stream, loader->maps.hash);
}

void loader_close(struct loader *loader)
{
    (void)loader; /* everything lies in the arena given to loader_open */
}

/* --- reading -----------------------------------------------------------------------
 */

static enum status check_sheet_wanted(const struct reading *reading, struct error *err)
{
    const char *names = "";
    size_t i;

    for (i = 0; i < reading->sheet_count; i++) {
        if (sheet_wanted(reading, i))
            return HY_OK;
        names = arena_printf(reading->file, "%s%s%s", names, i > 0 ? "、" : "",
                             reading->sheets[i].name);
    }
    if (reading->options->sheet == NULL)
        return HY_OK;
    return fail(err, HY_DATA, "没有叫“%.60s”的工作表；有：%.300s (no such sheet)",
                reading->options->sheet, *names != '\0' ? names : "（不分表）");
}

enum status reading_open(struct reading *reading, struct loader *loader,
                         const char *path, const struct load_options *options,
                         struct error *err)
{
    struct read_options read = { .encoding = options->encoding };

    memset(reading, 0, sizeof *reading);
    reading->loader = loader;
    reading->options = options;
    reading->file = arena_new();
    if (options->map != NULL) {
        reading->named = map_named(&loader->maps, options->map);
        if (reading->named == NULL)
            return fail(err, HY_USAGE, "没有叫“%s”的对照表 (no such map)",
                        options->map);
        if (read.encoding == NULL)
            read.encoding = reading->named->encoding;
        read.delimiter = reading->named->delimiter;
    }
    TRY(source_open(&reading->source, path, err));
    reading->source_open = true;
    TRY(reader_choose(&reading->source, &reading->reader, err));
    TRY(reading->reader->open(&reading->grid, &reading->source, &read, reading->file,
                              err));
    TRY(reading->reader->sheets(reading->grid, &reading->sheets, &reading->sheet_count,
                                err));
    TRY(check_sheet_wanted(reading, err));
    reading->batch = arena_alloc(reading->file, sizeof *reading->batch);
    reading->batch->memory = arena_new();
    return HY_OK;
}

void reading_close(struct reading *reading)
{
    if (reading->grid != NULL)
        reading->reader->close(reading->grid);
    if (reading->source_open)
        source_close(&reading->source);
    if (reading->batch != NULL)
        arena_free(reading->batch->memory);
    arena_free(reading->file);
    reading->file = NULL;
}

bool sheet_wanted(const struct reading *reading, size_t sheet)
{
    return reading->options->sheet == NULL
           || strcmp(reading->options->sheet, reading->sheets[sheet].name) == 0;
}

enum status reading_sheet(struct reading *reading, size_t sheet, const struct map **map,
                          struct header *header, const char **why, struct error *err)
{
    const struct sheet *own = &reading->sheets[sheet];
    struct sheet_view view = {
        .format = own->format != NULL ? own->format : reading->reader->name,
        .sheet = own,
        .sheet_number = own->member != NULL ? own->number : sheet,
        .header_row = reading->options->header_row
    };
    enum status status;

    *map = NULL;
    *why = NULL;
    arena_reset(reading->batch->memory);
    reading->batch->count = 0;
    status = reading->reader->next(reading->grid, sheet, reading->batch, err);
    if (status != HY_OK)
        return status;
    view.rows = reading->batch->rows;
    view.row_count = reading->batch->count;
    if (mended_sheet(reading, sheet, map, header, why))
        return HY_OK;
    return map_match(&reading->loader->maps, &view, reading->named, reading->file, map,
                     header, why, err);
}

bool said_as_of(const char *text, int64_t *time)
{
    struct date_options dates = { .order = DATE_YMD };
    bool date_only;

    return date_parse(text_of(text), &dates, time, &date_only);
}

/* --- when the file speaks
 * --------------------------------------------------------------- */

/* The longest beginning of rest that is a date. */
static bool leading_date(struct text rest, int64_t *time)
{
    struct date_options dates = { .order = DATE_YMD };
    bool date_only;

    rest = text_trim(rest);
    while (rest.length > 0) {
        if (date_parse(rest, &dates, time, &date_only))
            return true;
        do
            rest.length--;
        while (rest.length > 0 && ((unsigned char)rest.at[rest.length] & 0xC0) == 0x80);
    }
    return false;
}

/* The text behind the prefix (folded) in the cell as written. */
static bool as_of_in(const struct as_of_rule *rule, struct text cell,
                     struct arena *memory, int64_t *time)
{
    uint32_t from, until;

    if (cell.length > 400)
        return false;
    for (from = 0; from < cell.length; from++) {
        if (((unsigned char)cell.at[from] & 0xC0) == 0x80)
            continue;
        for (until = from; until <= cell.length; until++) {
            struct text head = { cell.at + from, until - from };

            if (until < cell.length && ((unsigned char)cell.at[until] & 0xC0) == 0x80)
                continue;
            if (text_equal(text_fold(head, memory), rule->prefix))
                return leading_date((struct text){ cell.at + until,
                                                   cell.length - until },
                                    time);
            if (head.length > rule->prefix.length * 3 + 8)
                break;
        }
        if (!rule->anywhere)
            return false;
    }
    return false;
}

static enum as_of_basis as_of_of(const struct part *part, int64_t *time)
{
    const struct reading *reading = part->reading;
    const struct batch *batch = reading->batch;
    size_t i;
    uint32_t k;

    if (reading->options->as_of != NULL && said_as_of(reading->options->as_of, time))
        return AS_OF_SAID;
    for (i = 0; i < part->map->as_of_count; i++) {
        const struct as_of_rule *rule = &part->map->as_of[i];

        if (rule->kind == AS_OF_RULE_HORIZON)
            break;
        for (k = 0; rule->kind == AS_OF_RULE_CELL && k < batch->count; k++) {
            const struct row *row = &batch->rows[k];

            if (row->number == (uint64_t)rule->row + 1
                && (uint32_t)rule->column < row->count
                && as_of_in(rule, text_trim(row->cells[rule->column].text),
                            reading->file, time))
                return AS_OF_WRITTEN;
        }
    }
    *time = HY_NEVER;
    return AS_OF_HORIZON;
}

/* --- one sheet
 * -------------------------------------------------------------------------- */

static const char *kept(struct arena *memory, const char *text)
{
    return text == NULL ? NULL : arena_copy(memory, text, strlen(text));
}

static void tell_reasons(const struct part *part, struct load_part *told)
{
    struct tally *reasons = arena_alloc(part->memory, REJECT_COUNT * sizeof *reasons);
    int i;

    for (i = 1; i < REJECT_COUNT; i++) {
        if (part->reasons[i] == 0)
            continue;
        reasons[told->reason_count].count = part->reasons[i];
        reasons[told->reason_count++].word = reject_name((enum reject_reason)i);
    }
    told->reasons = reasons;
}

static void tell_words(const struct part *part, struct load_part *told)
{
    const struct word_count *found =
        normaliser_words(part->normaliser, part->memory, &told->word_count);
    struct tally *words =
        arena_alloc(part->memory, (told->word_count + 1) * sizeof *words);
    struct tally *unknown =
        arena_alloc(part->memory, (part->binding.unknown_count + 1) * sizeof *unknown);
    size_t i;

    for (i = 0; i < told->word_count; i++)
        words[i] = (struct tally){ found[i].word, found[i].count };
    told->words = words;
    for (i = 0; i < part->binding.unknown_count; i++)
        unknown[i] =
            (struct tally){ text_copy(part->memory, part->binding.unknown[i]), 1 };
    told->unknown = unknown;
    told->unknown_count = part->binding.unknown_count;
}

static void tell_notes(const struct part *part, struct load_part *told)
{
    size_t count, i;
    const char *const *found = normaliser_notes(part->normaliser, &count);
    const char **notes = arena_alloc(part->memory, (count + 4) * sizeof *notes);

    for (i = 0; i < count; i++)
        notes[told->note_count++] = kept(part->memory, found[i]);
    if (part->map->generic)
        notes[told->note_count++] = "没有对照表，按列名自动识别 (read by its titles)";
    told->notes = notes;
}

/* Words of closed vocabularies that were not understood: asked in 待确认. */
static enum status keep_words(const struct part *part, const struct load_part *told,
                              struct error *err)
{
    enum { WORD_LONGEST = 60 }; /* longer is no word but a wrong column */
    enum record_kind kind = part->map->kind;
    size_t count, i;
    const struct field_spec *fields = record_fields(kind, &count);

    for (i = 0; i < told->word_count; i++) {
        const char *colon = strstr(told->words[i].word, ": "), *name;
        int field;

        if (colon == NULL || strlen(colon + 2) > WORD_LONGEST)
            continue;
        name = arena_copy(part->memory, told->words[i].word,
                          (size_t)(colon - told->words[i].word));
        field = record_field(kind, name);
        if (field >= 0 && fields[field].type == TYPE_CODE && colon[2] != '\0')
            TRY(store_keep_word(part->store, name, colon + 2, told->words[i].count,
                                err));
    }
    return HY_OK;
}

static int community_column(const struct binding *binding)
{
    size_t i;

    for (i = 0; i < binding->rule_count; i++)
        if (binding->rules[i].rule->target_count == 1
            && strcmp(binding->rules[i].rule->names[0], "community") == 0)
            return binding->rules[i].main_column;
    return -1;
}

/* A name on its way in: of a file, a sheet, a member.  number > 0 keeps two apart that
 * differed by nothing but what was hidden. */
static const char *name_kept(const struct reading *reading, const char *name,
                             size_t number)
{
    struct text text = text_of(name);
    struct text masked = mask_text(reading->loader->mask, text, reading->file);

    if (masked.at == text.at)
        return name;
    return number == 0 ? text_copy(reading->file, masked)
                       : arena_printf(reading->file, "%.*s#%zu", (int)masked.length,
                                      masked.at, number);
}

static enum status load_sheet(struct part *part, struct load_part *told,
                              struct error *err)
{
    struct reading *reading = part->reading;
    const struct sheet *sheet = &reading->sheets[part->sheet];
    struct store *store = part->store;
    struct normalise_options options = { .binding = &part->binding,
                                         .header = part->header,
                                         .words = reading->loader->words,
                                         .settings = reading->loader->settings,
                                         .key = store_key(store),
                                         .date1904 = sheet->date1904 };
    const char *member = sheet->member != NULL ? sheet->member : "";
    struct store_part head = { .member = name_kept(reading, member, part->sheet + 1),
                               .sheet =
                                   name_kept(reading, sheet->name, part->sheet + 1),
                               .source = part->map->name,
                               .series = part->map->series,
                               .kind = part->map->kind,
                               .priority = part->map->priority };
    enum as_of_basis basis;
    int64_t as_of;

    TRY(map_bind(part->map, part->header, reading->loader->words, reading->file,
                 &part->binding, err));
    part->normaliser = normaliser_open(&options, reading->file);
    normaliser_sample(part->normaliser, reading->batch->rows + part->header->skip,
                      reading->batch->count - part->header->skip);
    normaliser_reading(part->normaliser, reading->loader->maps.hash);
    part->community_slot = community_column(&part->binding);
    basis = as_of_of(part, &as_of);
    head.fields = part->binding.fields;
    TRY(store_part_begin(store, &head, err));
    TRY(part_rows(part, err));
    TRY(store_reject_titles(store,
                            mask_text(reading->loader->mask,
                                      mended_titles(part->header, part->memory),
                                      part->memory),
                            err));
    TRY(store_part_end(store, basis, as_of, &told->counts, err));
    told->sheet = kept(part->memory, sheet->name);
    told->map = kept(part->memory, part->map->name);
    told->member = kept(part->memory, sheet->member);
    told->hidden_rows = part->hidden;
    told->covered_cells = part->covers.filled;
    told->foreign_rows = part->foreign;
    tell_reasons(part, told);
    tell_words(part, told);
    tell_notes(part, told);
    return keep_words(part, told, err);
}

/* --- the file
 * ------------------------------------------------------------------------------ */

struct work {
    struct reading reading;
    struct store *store;
    struct arena *memory;
    struct load_report *report;
    struct load_part *parts;
    void (*progress)(void *self, int64_t rows, double share);
    void *self;
    const char *why; /* of the first sheet no map fits */
    char example[200];
};

static void remember_example(struct work *work, const struct part *part)
{
    if (part->example_row == 0 || work->example[0] != '\0')
        return;
    (void)snprintf(work->example, sizeof work->example, "第 %llu 行%s%s：%s",
                   (unsigned long long)part->example_row,
                   part->example_field != NULL ? " " : "",
                   part->example_field != NULL ? part->example_field : "",
                   reject_words(part->example));
}

/* A file of an archive that is one table: not understood, it refuses the whole. */
static bool stands_alone(const struct reading *reading, size_t sheet)
{
    const char *member = reading->sheets[sheet].member;

    return member != NULL && (sheet == 0 || reading->sheets[sheet - 1].member != member)
           && (sheet + 1 == reading->sheet_count
               || reading->sheets[sheet + 1].member != member);
}

static enum status load_sheets(struct work *work, struct error *err)
{
    struct reading *reading = &work->reading;
    size_t i;

    for (i = 0; i < reading->sheet_count; i++) {
        struct part part = { .reading = reading,
                             .store = work->store,
                             .sheet = i,
                             .memory = work->memory,
                             .covers = { .memory = reading->file },
                             .progress = work->progress,
                             .self = work->self };
        struct header header;
        const char *why;
        enum status status;

        if (!sheet_wanted(reading, i) || work->report->part_count == PARTS_LIMIT)
            continue;
        status = reading_sheet(reading, i, &part.map, &header, &why, err);
        if (status == HY_END)
            continue;
        if (status == HY_OK && part.map == NULL && stands_alone(reading, i))
            return fail(err, HY_DATA, "%s: %s", reading->sheets[i].member, why);
        if (status == HY_OK && part.map == NULL) {
            if (work->why == NULL)
                work->why = why;
            continue;
        }
        part.header = &header;
        if (status == HY_OK)
            status = load_sheet(&part, &work->parts[work->report->part_count], err);
        if (status != HY_OK)
            return reading->sheets[i].name[0] == '\0'
                       ? status
                       : fail_in(err, status,
                                 arena_printf(work->memory, "表“%s”",
                                              reading->sheets[i].name));
        remember_example(work, &part);
        work->report->part_count++;
    }
    return HY_OK;
}

/* Nothing in the file could be used: it is not what it claims. */
static enum status check_loaded(const struct work *work, struct error *err)
{
    int64_t rows = 0, good = 0, rejected = 0;
    size_t i;

    if (work->report->part_count == 0)
        return fail(err, HY_DATA, "%s",
                    work->why != NULL ? work->why : "里面没有数据行 (no rows)");
    for (i = 0; i < work->report->part_count; i++) {
        const struct counts *counts = &work->parts[i].counts;

        rows += counts->rows;
        rejected += counts->rejected;
        good += counts->loaded + counts->updated + counts->duplicate;
    }
    if (rows > 0 && good == 0 && rejected > 0)
        return fail(
            err, HY_DATA,
            "%lld 行里没有一行能用，例如%s。请核对列名，或写对照表 (no row can be "
            "used)",
            (long long)rows, work->example);
    return HY_OK;
}

/* Everything outside the bytes that decides how they are read. */
static void fingerprint(const struct reading *reading, unsigned char out[32])
{
    const struct load_options *options = reading->options;
    struct hash_stream *stream = hash_start(reading->file);
    const char *words[5] = { options->map, options->as_of, options->sheet,
                             options->encoding, NULL };
    char row[16];
    size_t i;

    (void)snprintf(row, sizeof row, "%d", options->header_row);
    words[4] = row;
    hash_add(stream, reading->loader->maps.hash, 32);
    for (i = 0; i < 5; i++) {
        if (words[i] != NULL)
            hash_add(stream, words[i], strlen(words[i]));
        hash_add(stream, "\x1f", 1);
    }
    hash_end(stream, out);
}

static enum status work_through(struct work *work, struct hash_beside *hash,
                                struct error *err)
{
    struct reading *reading = &work->reading;
    struct load_report *report = work->report;
    struct store_file head = { .later = hash,
                               .bytes = reading->source.length,
                               .name = name_kept(reading, file_base(report->path), 0),
                               .format = reading->reader->name };
    enum status status;

    fingerprint(reading, head.maps);
    status = store_file_begin(work->store, &head, &report->batch, &report->counts, err);
    if (status == HY_END) {
        report->known = true;
        return HY_OK;
    }
    if (status != HY_OK)
        return status;
    work->parts =
        arena_alloc(work->memory, (reading->sheet_count + 1) * sizeof *work->parts);
    report->parts = work->parts;
    status = load_sheets(work, err);
    if (status == HY_OK)
        status = check_loaded(work, err);
    if (status == HY_OK)
        status = store_file_end(work->store, reading->options->dry_run, &report->counts,
                                err);
    else
        store_file_abort(work->store);
    return status;
}

enum status load_file(struct loader *loader, struct store *store, const char *path,
                      const struct load_options *options, struct arena *memory,
                      struct load_report *report,
                      void (*progress)(void *self, int64_t rows, double share),
                      void *self, struct error *err)
{
    struct work work = { .store = store,
                         .memory = memory,
                         .report = report,
                         .progress = progress,
                         .self = self };
    const char *encoding = NULL;
    struct hash_beside *hash;
    enum status status;
    int64_t ignored;

    *report = (struct load_report){ .path = path };
    if (options->as_of != NULL && !said_as_of(options->as_of, &ignored))
        return fail(err, HY_USAGE,
                    "--as-of %s 不是日期，请写 2026-11-01 08:00 (not a time)",
                    options->as_of);
    status = reading_open(&work.reading, loader, path, options, err);
    if (status == HY_OK) {
        report->format = work.reading.reader->name;
        if (work.reading.reader->note != NULL)
            encoding = work.reading.reader->note(work.reading.grid);
        report->encoding = kept(memory, encoding);
        hash = hash_begin(work.reading.source.bytes, work.reading.source.length,
                          work.reading.file);
        status = work_through(&work, hash, err);
        hash_hex(hash_wait(hash), report->sha256);
    }
    reading_close(&work.reading);
    return status == HY_OK ? status : fail_in(err, status, path);
}
