/* normalise_open.c - a normaliser made ready for one sheet: what holds for all rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/normalise_parts.h"

enum { SAMPLE_LEAST = 8 /* ratings seen before a two-level scale is believed */ };

bool ticketlike(const struct normaliser *n)
{
    return n->map->kind == KIND_TICKET || n->map->kind == KIND_HISTORY
           || n->map->kind == KIND_PARTIAL;
}

/* "2025年9月登记台账", "2025-09": the year that dates without one belong to. */
static int title_year(const struct header *header)
{
    size_t i;
    uint32_t k;

    for (i = 0; i < header->above_count; i++)
        for (k = 0; k + 4 <= header->above[i].length; k++) {
            const char *at = header->above[i].at + k;
            int year = 0, d;

            for (d = 0; d < 4 && at[d] >= '0' && at[d] <= '9'; d++)
                year = year * 10 + at[d] - '0';
            if (d == 4 && year >= 1990 && year <= 2100
                && (k + 4 == header->above[i].length || at[4] < '0' || at[4] > '9')
                && (k == 0 || at[-1] < '0' || at[-1] > '9'))
                return year;
        }
    return 0;
}

static struct date_options date_options_of(const struct normaliser *n,
                                           const struct map_rule *rule, bool date1904)
{
    const struct map *map = n->map;
    struct date_options dates = { .order = map->order,
                                  .year = map->year,
                                  .shift = map->shift,
                                  .date1904 = date1904 };

    if (map->zoned)
        dates.shift += 8 * 3600 - map->zone;
    if (map->year_title || (map->generic && dates.year == 0))
        dates.year = title_year(n->header);
    if ((rule->options & OPTION_UTC) != 0)
        dates.shift = map->shift + 8 * 3600;
    if ((rule->options & OPTION_MDY) != 0)
        dates.order = DATE_MDY;
    if ((rule->options & OPTION_DMY) != 0)
        dates.order = DATE_DMY;
    if ((rule->options & OPTION_YMD) != 0)
        dates.order = DATE_YMD;
    dates.epoch = (rule->options & OPTION_EPOCH) != 0;
    return dates;
}

static bool title_has(const struct normaliser *n, int column, const char *word)
{
    struct text title;

    if (column < 0 || (uint32_t)column >= n->header->count)
        return false;
    title = n->header->columns[column].title;
    return title.length > 0
           && memmem(title.at, title.length, word, strlen(word)) != NULL;
}

/* Seconds in one of a bare number: the option, the title's unit, the custom. */
static int unit_of(const struct normaliser *n, const struct bound_rule *bound)
{
    unsigned options = bound->rule->options;
    int column = bound->main_column;

    if ((options & OPTION_SECONDS) != 0)
        return 1;
    if ((options & OPTION_MINUTES) != 0)
        return 60;
    if ((options & OPTION_HOURS) != 0)
        return 3600;
    if ((options & OPTION_DAYS) != 0)
        return 86400;
    if (title_has(n, column, "分钟") || title_has(n, column, "(min"))
        return 60;
    if (title_has(n, column, "小时") || title_has(n, column, "(h"))
        return 3600;
    if (title_has(n, column, "天)") || title_has(n, column, "（天"))
        return 86400;
    return n->map->kind == KIND_CALL || title_has(n, column, "秒") ? 1 : 0;
}

static void find_values(struct normaliser *n, struct slot *slot)
{
    int column = slot->bound->main_column;
    size_t i;

    for (i = 0; i < n->map->values_count; i++) {
        const struct map_values *values = &n->map->values[i];

        if (values->field != NULL
            && strcmp(values->field, slot->bound->rule->names[0]) == 0)
            slot->values = values;
        if (values->field == NULL && column >= 0 && (uint32_t)column < n->header->count
            && (text_equal(values->column, n->header->columns[column].folded)
                || text_equal(values->column, n->header->columns[column].child)))
            slot->column_values = values;
    }
}

bool duration_field(const struct normaliser *n, int field)
{
    if (n->map->kind == KIND_CALL)
        return field == C_DURATION || field == C_BILLED || field == C_WAIT;
    return ticketlike(n) && field == F_DURATION;
}

/* The column of a rule that is one column alone and whose words come again. */
static int quick_column(const struct normaliser *n, const struct slot *slot)
{
    const struct bound_rule *bound = slot->bound;

    if (bound->choice_count != 1 || bound->choices[0].count != 1
        || bound->choices[0].is != NULL || bound->choices[0].pieces[0].column < 0
        || bound->rule->split != NULL)
        return -1;
    if (slot->target != TARGET_SATISFACTION) {
        if (slot->spec == NULL)
            return -1;
        switch (slot->spec->type) {
        case TYPE_KEY:
        case TYPE_TIME:
        case TYPE_CONTACT:
            return -1;
        case TYPE_TEXT:
            if (!ticketlike(n) || slot->target != F_TRAIL)
                return -1;
            break;
        case TYPE_COUNT:
            if (duration_field(n, slot->target))
                return -1;
            break;
        case TYPE_CODE:
        case TYPE_FLAG:
        case TYPE_RATING:
        case TYPE_TERM:
        case TYPE_PLACE:
        case TYPE_STAFF:
            break;
        }
    }
    return bound->choices[0].pieces[0].column;
}

static void prepare_slot(struct normaliser *n, const struct bound_rule *bound,
                         bool date1904)
{
    struct slot *slot = &n->slots[n->slot_count++];

    slot->bound = bound;
    slot->target = bound->rule->targets[0];
    slot->spec = slot->target >= 0 ? &n->fields[slot->target] : NULL;
    slot->dates = date_options_of(n, bound->rule, date1904);
    slot->unit = unit_of(n, bound);
    slot->scale = 5;
    slot->quick = quick_column(n, slot);
    find_values(n, slot);
}

/* Visible ASCII folds to itself in lower case and most hanzi to themselves; of what
 * begins otherwise nothing is known. */
static void prepare_nulls(struct normaliser *n)
{
    static const char *const marks[] = { "-", "/", "—", "无", "暂", "n", "N", "\\" };
    size_t i;
    int byte;

    for (byte = 0; byte < 256; byte++)
        n->null_first[byte] =
            !((byte > ' ' && byte <= '~') || (byte >= 0xE4 && byte <= 0xE9));
    for (i = 0; n->map->generic && i < sizeof marks / sizeof marks[0]; i++)
        n->null_first[(unsigned char)marks[i][0]] = true;
    for (i = 0; i < n->map->null_count; i++) {
        const struct pattern *mark = &n->map->nulls[i];
        unsigned char first =
            mark->text.length > 0 ? (unsigned char)mark->text.at[0] : 0;

        n->null_first[first] = true;
        if (first >= 'a' && first <= 'z')
            n->null_first[first - 'a' + 'A'] = true;
        if (mark->wild)
            memset(n->null_first, true, sizeof n->null_first);
    }
}

static void prepare_rating_by(struct normaliser *n)
{
    size_t i;

    n->rating_by = F_RATING_STAFF;
    for (i = 0; i < n->slot_count; i++) {
        const struct bound_rule *bound = n->slots[i].bound;

        if (n->slots[i].target != TARGET_RATING_BY)
            continue;
        n->rating_by = bound->main_column >= 0 ? 0
                       : text_is(bound->choices[0].pieces[0].text, "resident")
                           ? F_RATING_RESIDENT
                           : F_RATING_STAFF;
    }
}

struct normaliser *normaliser_open(const struct normalise_options *options,
                                   struct arena *file)
{
    struct normaliser *n = arena_alloc(file, sizeof *n);
    const struct binding *binding = options->binding;
    size_t i, k;

    n->map = binding->map;
    n->binding = binding;
    n->header = options->header;
    n->words = options->words;
    n->settings = options->settings;
    n->key = options->key;
    n->file = file;
    n->mask = mask_open(options->words, file);
    n->fields = record_fields(n->map->kind, &n->field_count);
    n->slots = arena_alloc(file, (binding->rule_count + 1) * sizeof *n->slots);
    n->longest_null = n->map->generic ? 8 : 0;
    for (i = 0; i < n->map->null_count; i++)
        if (n->map->nulls[i].text.length * 2 + 8 > n->longest_null)
            n->longest_null = n->map->nulls[i].text.length * 2 + 8;
    for (i = 0; i < binding->rule_count; i++) {
        const struct map_rule *rule = binding->rules[i].rule;

        if (rule->target_count == 0)
            continue;
        prepare_slot(n, &binding->rules[i], options->date1904);
        for (k = 0; k < rule->target_count; k++)
            if (ticketlike(n)
                && (rule->targets[k] == F_BUILDING || rule->targets[k] == F_UNIT))
                n->place_mapped = true;
    }
    prepare_rating_by(n);
    prepare_nulls(n);
    for (i = 0; i < n->map->note_count; i++)
        normaliser_note(n, n->map->notes[i]);
    n->quick = arena_alloc(file, QUICK_SEATS * sizeof *n->quick);
    n->blank.present = binding->fields;
    for (i = 0; i < n->field_count; i++)
        n->blank.value[i].empty = true;
    return n;
}

/* Which levels a column of ratings uses: 满意 and 不满意 alone are two levels. */
static int scale_of(struct normaliser *n, struct slot *slot, const struct row *rows,
                    size_t count, struct arena *scratch)
{
    int seen = 0, two = 0, most = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        struct passage p = { .n = n, .row = &rows[i], .batch = scratch };
        const struct cell *single;
        struct text text = rule_text(&p, slot, &single), folded;
        int64_t score;
        bool none;

        if (text.length == 0 || text.length > 60
            || !rating_word(n, slot, text, scratch, &score, &none) || none || score == 0
            || score > 10)
            continue;
        folded = text_fold(text, scratch);
        seen++;
        two += text_is(folded, "满意") || text_is(folded, "不满意");
        most = score > most ? (int)score : most;
    }
    if (most > 5)
        return 10;
    return seen >= SAMPLE_LEAST && two == seen ? 2 : 5;
}

void normaliser_sample(struct normaliser *n, const struct row *rows, size_t count)
{
    struct arena *scratch = arena_new();
    size_t i;

    for (i = 0; i < n->slot_count; i++) {
        struct slot *slot = &n->slots[i];

        if (slot->target != TARGET_SATISFACTION
            && (slot->spec == NULL || slot->spec->type != TYPE_RATING))
            continue;
        slot->scale = scale_of(n, slot, rows, count, scratch);
        if (slot->scale == 2)
            normaliser_note(n, "评价一列只有“满意”和“不满意”，按两级记 (two-level "
                               "rating)");
        if (slot->scale == 10)
            normaliser_note(n, "评价一列有 6 分以上，按十分制记 (ten-point rating)");
    }
    arena_free(scratch);
}

/* Everything but the bytes of a row that decides what it means, keyed: nobody can make
 * two rows look alike on purpose. */
void normaliser_reading(struct normaliser *n, const unsigned char maps[32])
{
    struct hash_stream *stream = hash_start(n->file);
    const char *words[] = { n->map->name,
                            n->settings != NULL ? n->settings->estate : NULL };
    unsigned char digest[32];
    size_t i;
    uint32_t k;

    hash_add(stream, maps, 32);
    for (i = 0; i < 2; i++)
        hash_add(stream, words[i] != NULL ? words[i] : "",
                 words[i] != NULL ? strlen(words[i]) + 1 : 1);
    for (k = 0; k < n->header->count; k++) {
        hash_add(stream, n->header->columns[k].folded.at,
                 n->header->columns[k].folded.length);
        hash_add(stream, "\x1f", 1);
    }
    for (i = 0; i < n->slot_count; i++) {
        const struct date_options *dates = &n->slots[i].dates;
        int64_t facts[] = { n->slots[i].scale, n->slots[i].unit, dates->order,
                            dates->year,       dates->shift,     dates->epoch,
                            dates->date1904 };

        hash_add(stream, facts, sizeof facts);
        hash_add(stream, n->slots[i].bound->rule->names[0],
                 strlen(n->slots[i].bound->rule->names[0]) + 1);
    }
    hash_end(stream, digest);
    /* of equal rows without a number the second is another: each must be counted */
    n->reading = n->key == NULL || numberless(n)
                     ? 0
                     : (uint64_t)key_pseudonym(n->key, digest, 32);
}

/* Of the bytes of a row, or of its cells where it has none of its own; 0 = unknown. */
int64_t row_hash(const struct row *row, uint64_t reading)
{
    uint64_t sum = reading;
    uint32_t i;

    if (reading == 0 || row->damage != NULL)
        return 0;
    if (row->raw.at != NULL)
        return (int64_t)(hash_fast(row->raw.at, row->raw.length, sum) | 1);
    for (i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];

        sum = hash_fast(&cell->time, sizeof cell->time, sum + cell->kind);
        sum = hash_fast(cell->text.at, cell->text.length, sum + cell->text.length);
    }
    return (int64_t)(sum | 1);
}
