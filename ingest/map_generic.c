/*
 * map_generic.c - the map made of the synonyms, for a sheet no map was written for.
 *
 * Titles that mean two things (DOMAIN 4.1) are decided by what stands under them, and
 * what was decided is noted; a map of one's own decides otherwise.
 */
#include <string.h>

#include "core/calendar.h"
#include "core/hash.h"
#include "ingest/map.h"

enum { NOTES_MOST = 8, SAMPLED = 200 };

struct guess {
    enum record_kind kind;
    const char *field[512]; /* per column, NULL = none */
    int count;
    const char *notes[NOTES_MOST]; /* how what may mean two things was decided */
    size_t note_count;
};

static bool guessed(const struct guess *guess, const struct header *header,
                    const char *field)
{
    uint32_t i;

    for (i = 0; i < header->count && i < 512; i++)
        if (guess->field[i] != NULL && strcmp(guess->field[i], field) == 0)
            return true;
    return false;
}

static void guess_kind(struct guess *guess, enum record_kind kind,
                       const struct header *header, const struct vocabulary *words)
{
    uint32_t i;

    guess->kind = kind;
    guess->count = 0;
    for (i = 0; i < header->count && i < 512; i++) {
        const char *field = words_field(words, kind, header->columns[i].folded);

        if (field == NULL)
            field = words_field(words, kind, header->columns[i].child);
        guess->field[i] = field;
        guess->count += field != NULL;
    }
}

/* --- by content -------------------------------------------------------------- */

struct sample { /* of the filled cells of a column */
    int filled, moments, spans, words, levels;
};

struct deciding {
    struct guess *guess;
    const struct header *header;
    const struct generic_rows *rows;
    const struct vocabulary *words;
    struct arena *scratch;
};

static bool is_level(struct text folded)
{
    return text_is(folded, "一级") || text_is(folded, "二级")
           || text_is(folded, "三级");
}

static bool is_score(struct text folded)
{
    return folded.length > 0 && folded.length <= 2 && folded.at[0] >= '0'
           && folded.at[0] <= '9';
}

static struct sample sample_column(const struct deciding *d, uint32_t column,
                                   const char *domain)
{
    static const struct date_options dates = { .order = DATE_YMD, .year = 2000 };
    struct sample sample = { 0, 0, 0, 0, 0 };
    size_t i;

    for (i = 0; i < d->rows->count && sample.filled < SAMPLED; i++) {
        const struct row *row = &d->rows->items[i];
        struct text text, folded;
        int64_t time;
        bool day;

        if (column >= row->count)
            continue;
        text = text_trim(row->cells[column].text);
        folded = text_fold(text, d->scratch);
        if (text.length == 0)
            continue;
        sample.filled++;
        sample.spans += span_parse(text, &time) != SPAN_NONE;
        sample.moments += row->cells[column].kind == CELL_DATE
                          || row->cells[column].kind == CELL_DATETIME
                          || date_parse(text, &dates, &time, &day);
        sample.levels += is_level(folded);
        sample.words +=
            domain != NULL
            && (words_value(d->words, domain, folded) != NULL || is_score(folded));
    }
    return sample;
}

static void decide(struct deciding *d, uint32_t column, const char *field,
                   const char *note)
{
    struct guess *guess = d->guess;

    guess->count += (field != NULL) - (guess->field[column] != NULL);
    guess->field[column] = field;
    if (note != NULL && guess->note_count < NOTES_MOST)
        guess->notes[guess->note_count++] = note;
}

static bool titled(const struct deciding *d, uint32_t column, const char *title)
{
    return text_is(d->header->columns[column].folded, title);
}

static bool titled_one_of(const struct deciding *d, uint32_t column,
                          const char *const *titles)
{
    while (*titles != NULL && !titled(d, column, *titles))
        titles++;
    return *titles != NULL;
}

/* 时间, 日期, 处理时间: an instant or how long it took. */
static void decide_time(struct deciding *d, uint32_t column)
{
    struct sample sample = sample_column(d, column, NULL);

    if (sample.filled == 0)
        return;
    if ((titled(d, column, "时间") || titled(d, column, "日期"))
        && !guessed(d->guess, d->header, "received_at")
        && 2 * sample.moments > sample.filled)
        decide(d, column, "received_at",
               "只写“时间”的一列按报修时间记 (a bare time column is the receipt)");
    else if (titled(d, column, "处理时间") && sample.spans > sample.moments)
        decide(d, column, "duration_text",
               "“处理时间”写的是用了多久 (handling time holds durations)");
    else if (titled(d, column, "处理时间") && 2 * sample.moments > sample.filled
             && !guessed(d->guess, d->header, "completed_at"))
        decide(d, column, "completed_at",
               "“处理时间”写的是时刻，按完成时间记 (handling time holds instants)");
}

/* Titles that head a code in one export and prose in another. */
static bool may_be_prose(const struct deciding *d, uint32_t column)
{
    static const char *const titles[] = { "处理情况", "完成情况", "处理进度",
                                          "评价",     "业主评价", "客户评价",
                                          "综合评价", "满意情况", NULL };

    return titled_one_of(d, column, titles);
}

/* Under such a title, words that are mostly none of the vocabulary are prose. */
static void decide_words(struct deciding *d, uint32_t column)
{
    const char *field = d->guess->field[column];
    struct sample sample = sample_column(d, column, field);
    bool prose = sample.filled > 0 && 2 * sample.words < sample.filled
                 && may_be_prose(d, column);

    if (strcmp(field, "status") == 0 && prose)
        decide(d, column, guessed(d->guess, d->header, "result") ? NULL : "result",
               "处理情况一栏写的是经过，按处理结果记 (the state column is prose)");
    else if (strcmp(field, "satisfaction") == 0 && prose)
        decide(d, column, NULL,
               "评价一栏写的是话，不当满意度 (the rating column is prose)");
    else if (strcmp(field, "urgency") == 0 && sample.levels > 0)
        decide(d, column, field,
               "紧急程度写的是几级，按一级最急；若相反，请在对照表写 [取值 urgency] "
               "(level one is taken as the most urgent)");
}

/* 诉求类别, 类型: whether a complaint or a repair, or what it is about.  Mostly words
 * that are no natures are matters; beside a column of natures they would hide it. */
static void decide_nature(struct deciding *d, uint32_t column)
{
    static const char *const titles[] = { "类别",     "诉求类别", "诉求类型",
                                          "来电类别", "事项类型", "反映类型",
                                          NULL };
    struct sample sample = sample_column(d, column, "nature");
    const char *field = !guessed(d->guess, d->header, "category1")   ? "category1"
                        : !guessed(d->guess, d->header, "category2") ? "category2"
                                                                     : NULL;

    if (field != NULL && titled_one_of(d, column, titles)
        && 2 * sample.words < sample.filled)
        decide(d, column, field,
               "性质一类的列写的是什么事，按问题分类记 (words of matters, not of "
               "natures)");
}

static void decide_by_content(struct deciding *d)
{
    uint32_t i;

    for (i = 0; i < d->header->count && i < 512; i++) {
        const char *field = d->guess->field[i];

        if (field == NULL)
            decide_time(d, i);
        else if (strcmp(field, "nature") == 0)
            decide_nature(d, i);
        else if (strcmp(field, "status") == 0 || strcmp(field, "satisfaction") == 0
                 || strcmp(field, "urgency") == 0)
            decide_words(d, i);
    }
}

static bool guess_holds(const struct guess *guess, const struct header *header)
{
    switch (guess->kind) {
    case KIND_TICKET:
        return (guessed(guess, header, "ticket_no") && guess->count >= 3
                && (guessed(guess, header, "received_at")
                    || guessed(guess, header, "recorded_at")))
               || (guessed(guess, header, "received_at") && guess->count >= 3);
    case KIND_CALL:
        return guessed(guess, header, "start_at")
               && (guessed(guess, header, "caller") || guessed(guess, header, "called"))
               && (guessed(guess, header, "duration")
                   || guessed(guess, header, "billed")
                   || guessed(guess, header, "disposition"));
    case KIND_HOUSEHOLD:
        return guessed(guess, header, "households")
               && guessed(guess, header, "building");
    case KIND_ASSET:
        return guessed(guess, header, "asset_id") && guess->count >= 3
               && (guessed(guess, header, "asset_name")
                   || guessed(guess, header, "installed"));
    case KIND_STATEMENT:
        return guessed(guess, header, "month") && guessed(guess, header, "section")
               && guessed(guess, header, "text");
    case KIND_HISTORY:
    case KIND_EVENT:
    case KIND_PATROL:
    case KIND_MEASURE:
    case KIND_PARTIAL:
    case KIND_CORRECTION:
    case KIND_HARD:
    case KIND_OBJECTION:
    case KIND_AUDIT:
    case KIND_ANSWER:
    case KIND_DEPARTMENT:
    case KIND_STAFF:
    case KIND_COUNT:
        break;
    }
    return false;
}

/* 发生时间 is no receipt and 振铃时长 not the whole wait, but better than nothing. */
static bool stands_in(struct text folded)
{
    return text_is(folded, "发生时间") || text_is(folded, "振铃时长");
}

/* All columns of one field, in the order of the sheet, as alternatives; the
 * fault's own time and the ringing only where nothing else is filled in. */
static void generic_rule(struct map *map, struct map_rule *rule,
                         const struct guess *guess, uint32_t first,
                         const struct header *header, const struct vocabulary *words,
                         struct arena *memory)
{
    const char *field = guess->field[first];
    struct map_choice *choices =
        arena_alloc(memory, (header->count + 1) * sizeof *choices);
    int *target = arena_alloc(memory, sizeof *target);
    const char **name = arena_alloc(memory, sizeof *name);
    int pass;
    uint32_t i;

    for (pass = 0; pass < 2; pass++)
        for (i = first; i < header->count && i < 512; i++) {
            struct map_piece *piece;
            bool late = stands_in(header->columns[i].folded);

            if (guess->field[i] == NULL || strcmp(guess->field[i], field) != 0
                || late != (pass == 1))
                continue;
            piece = arena_alloc(memory, sizeof *piece);
            piece->kind = PIECE_COLUMN;
            piece->column = (int)i;
            piece->text = header->columns[i].title;
            choices[rule->choice_count].count = 1;
            choices[rule->choice_count++].pieces = piece;
        }
    *target = map_target(map->kind, field, words);
    *name = field;
    rule->targets = target;
    rule->names = name;
    rule->target_count = 1;
    rule->choices = choices;
}

/* The titles that identify a record also name its number space: two systems
 * that both count from 1 must not meet. */
static const char *generic_series(const struct guess *guess,
                                  const struct header *header, struct arena *memory)
{
    struct hash_stream *stream = hash_start(memory);
    unsigned char hash[32];
    char hex[65];
    uint32_t i;

    hash_add(stream, record_kind_name(guess->kind),
             strlen(record_kind_name(guess->kind)));
    for (i = 0; i < header->count && i < 512; i++)
        if (guess->field[i] != NULL
            && (strcmp(guess->field[i], "ticket_no") == 0
                || strcmp(guess->field[i], "received_at") == 0
                || strcmp(guess->field[i], "start_at") == 0)) {
            hash_add(stream, header->columns[i].folded.at,
                     header->columns[i].folded.length);
            hash_add(stream, "\n", 1);
        }
    hash_end(stream, hash);
    hash_hex(hash, hex);
    hex[8] = '\0';
    return arena_printf(memory, "auto_%s_%s", record_kind_name(guess->kind), hex);
}

static struct map *generic_build(const struct guess *guess, const struct header *header,
                                 const struct vocabulary *words, struct arena *memory)
{
    static const char *const blank_words[] = { "-",    "--",  "/",   "无", "暂无",
                                               "null", "\\n", "n/a", "—" };
    struct map *map = arena_alloc(memory, sizeof *map);
    struct map_rule *rules = arena_alloc(memory, (header->count + 1) * sizeof *rules);
    struct pattern *nulls = arena_alloc(memory, sizeof blank_words);
    uint32_t i, k;

    *map = (struct map){ .path = "",
                         .name = generic_series(guess, header, memory),
                         .title = "按列名自动识别",
                         .kind = guess->kind,
                         .priority = 50,
                         .order = DATE_YMD,
                         .generic = true,
                         .notes = guess->notes,
                         .note_count = guess->note_count,
                         .rules = rules };
    map->series = map->name;
    nulls = arena_alloc(memory, sizeof *nulls * 16);
    for (i = 0; i < sizeof blank_words / sizeof blank_words[0]; i++)
        nulls[i].text = text_of(blank_words[i]);
    map->nulls = nulls;
    map->null_count = i;
    for (i = 0; i < header->count && i < 512; i++) {
        const char *level;

        if (guess->field[i] == NULL)
            continue;
        for (k = 0; k < i; k++)
            if (guess->field[k] != NULL
                && strcmp(guess->field[k], guess->field[i]) == 0)
                break;
        level = words_level(words, guess->kind, guess->field[i]);
        if (k == i && (level == NULL || strcmp(level, "skip") != 0))
            generic_rule(map, &rules[map->rule_count++], guess, i, header, words,
                         memory);
    }
    return map;
}

const struct map *map_generic(const struct header *header,
                              const struct generic_rows *rows,
                              const struct vocabulary *words, struct arena *memory)
{
    struct arena *scratch = arena_new();
    static const enum record_kind kinds[] = { KIND_STATEMENT, KIND_HOUSEHOLD,
                                              KIND_TICKET, KIND_CALL, KIND_ASSET };
    struct guess *best = NULL;
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct guess *guess = arena_alloc(memory, sizeof *guess);

        guess_kind(guess, kinds[i], header, words);
        if (kinds[i] == KIND_TICKET && rows != NULL)
            decide_by_content(
                &(struct deciding){ guess, header, rows, words, scratch });
        if (guess_holds(guess, header) && (best == NULL || guess->count > best->count))
            best = guess;
    }
    arena_free(scratch);
    return best == NULL ? NULL : generic_build(best, header, words, memory);
}
