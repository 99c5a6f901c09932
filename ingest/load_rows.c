/* load_rows.c - the rows of one sheet: skip, refuse, or normalise and put. */
#include <string.h>

#include "ingest/load_parts.h"

const char *reject_words(enum reject_reason reason)
{
    static const char *const words[REJECT_COUNT] = {
        "",
        "没有工单号 (no number)",
        "没有受理时间 (no time of receipt)",
        "日期看不懂 (date not understood)",
        "内容不合要求 (bad value)",
        "单号太长 (too long)",
        "文字编码坏了 (bad encoding)",
        "栏数不对 (column count)",
        "没有开始时间 (no start time)"
    };

    return reason < REJECT_COUNT ? words[reason] : "";
}

static enum reject_reason damage_reason(const char *damage)
{
    int i;

    for (i = 1; i < REJECT_COUNT; i++)
        if (strcmp(reject_name((enum reject_reason)i), damage) == 0)
            return (enum reject_reason)i;
    return REJECT_BAD_VALUE;
}

/* 合计, 小计: the first filled cell of a totals row. */
static bool is_total(const struct part *part, const struct row *row,
                     struct arena *batch)
{
    const struct map *map = part->map;
    struct text first = { NULL, 0 };
    size_t i;
    uint32_t k;

    for (k = 0; k < row->count && first.length == 0; k++)
        first = text_trim(row->cells[k].text);
    if (first.length == 0 || first.length > 60)
        return false;
    if (map->skip_word_count == 0 && (unsigned char)first.at[0] < 0x80)
        return false;
    first = text_fold(first, batch);
    for (i = 0; i < map->skip_word_count; i++)
        if (pattern_match(&map->skip_words[i], first))
            return true;
    return map->skip_word_count == 0
           && words_total(part->reading->loader->words, first);
}

static bool map_skips(const struct part *part, const struct row *row,
                      struct arena *batch)
{
    size_t i, k;

    for (i = 0; i < part->binding.skip_count; i++) {
        const struct bound_skip *skip = &part->binding.skips[i];
        struct text text = { "", 0 };

        if ((uint32_t)skip->column < row->count)
            text = text_trim(row->cells[skip->column].text);
        if (text.length > 1024)
            continue;
        text = text_fold(text, batch);
        for (k = 0; k < skip->rule->count; k++)
            if (pattern_match(&skip->rule->words[k], text))
                return true;
    }
    return false;
}

static bool within(struct text all, struct text piece)
{
    return piece.length > 0
           && memmem(all.at, all.length, piece.at, piece.length) != NULL;
}

/* The row speaks of another estate than the settings. */
static bool is_foreign(struct part *part, const struct record *record,
                       struct arena *batch)
{
    const struct settings *settings = part->reading->loader->settings;
    struct text own, said;
    int field = part->map->kind == KIND_ASSET       ? (int)A_COMMUNITY
                : part->map->kind == KIND_HOUSEHOLD ? (int)H_COMMUNITY
                                                    : (int)F_COMMUNITY;

    if (part->community_slot < 0 || settings == NULL || settings->estate == NULL
        || settings->estate[0] == '\0' || strcmp(settings->estate, "本小区") == 0
        || record->value[field].empty)
        return false;
    own = text_fold(text_of(settings->estate), batch);
    said = text_fold(record->value[field].text, batch);
    return !within(own, said) && !within(said, own);
}

/* A correction may name its source by the map's title; the store knows names. */
static void name_source(const struct part *part, struct record *record)
{
    const struct map_set *set = &part->reading->loader->maps;
    struct text *said = &record->value[K_SOURCE].text;
    size_t i;

    if (text_is(*said, "按列名自动识别"))
        *said = TEXT("auto");
    for (i = 0; i < set->count; i++)
        if (set->maps[i]->title != NULL && text_is(*said, set->maps[i]->title))
            *said = text_of(set->maps[i]->name);
}

static void refuse(struct part *part, struct batch *batch, const struct row *row,
                   struct verdict *verdict)
{
    if (part->example_row == 0) {
        part->example_row = row->number;
        part->example = verdict->reason;
        part->example_field = verdict->field;
    }
    part->reasons[verdict->reason]++;
    if (part->reason_field[verdict->reason] == NULL)
        part->reason_field[verdict->reason] = verdict->field;
    verdict->kind = VERDICT_REFUSE;
    verdict->raw = row_json(row, batch->memory);
}

void judge_row(struct part *part, struct batch *batch, const struct row *row,
               struct verdict *verdict)
{
    struct arena *memory = batch->memory;
    struct row own = *row;
    const struct row *said = &own; /* without what is merged down from above */
    int64_t filled = part->covers.filled;

    if (part->reading->mended_column >= 0 && own.count > part->header->count)
        own.count = part->header->count; /* without what was put beside it */
    row = covers_fill(&part->covers, &own, memory);
    part->hidden += row->hidden;
    verdict->kind = VERDICT_PUT;
    verdict->field = NULL;
    if (row->damage != NULL) {
        verdict->reason = damage_reason(row->damage);
        refuse(part, batch, row, verdict);
        return;
    }
    if (part->known != NULL) {
        verdict->known =
            known_find(part->known, row_hash(row, normaliser_key(part->normaliser)));
        if (verdict->known != NULL) {
            verdict->kind = VERDICT_KNOWN;
            return;
        }
    }
    if (header_repeated(part->header, said) || is_total(part, said, memory)
        || map_skips(part, row, memory)) {
        verdict->kind = VERDICT_SKIP;
        part->covers.filled = filled; /* of records alone */
        return;
    }
    verdict->reason =
        normalise_row(part->normaliser, row, memory, &verdict->record, &verdict->field);
    if (part->map->kind == KIND_CORRECTION)
        name_source(part, &verdict->record);
    if (is_foreign(part, &verdict->record, memory)) {
        part->foreign++;
        verdict->kind = VERDICT_SKIP;
    } else if (verdict->reason != REJECT_NONE) {
        refuse(part, batch, row, verdict);
    } else {
        store_settle(part->store, part->map->kind, &verdict->record, memory);
    }
}

enum status put_row(struct part *part, const struct row *row,
                    const struct verdict *verdict, struct error *err)
{
    int mended = part->reading->mended_column;

    part->rows++;
    if (mended >= 0 && (uint32_t)mended < row->count && verdict->kind != VERDICT_SKIP)
        TRY(store_reject_mended(part->store, row->number,
                                text_trim(row->cells[mended].text), err));
    switch (verdict->kind) {
    case VERDICT_SKIP:
        store_skip(part->store);
        return HY_OK;
    case VERDICT_REFUSE:
        return store_reject(part->store, row->number, verdict->reason, verdict->field,
                            verdict->raw, err);
    case VERDICT_KNOWN:
        return store_put_known(part->store, verdict->known, row->number, err);
    case VERDICT_PUT:
        break;
    }
    return store_queue(part->store, &verdict->record, err);
}

/* How much of the file is behind us; -1 where rows do not lie in it as they are. */
static double share_read(const struct reading *reading, const struct batch *batch)
{
    const unsigned char *bytes = reading->source.bytes, *at;

    if (batch->count == 0)
        return -1;
    at = (const unsigned char *)batch->rows[batch->count - 1].raw.at;
    if (at == NULL || at < bytes || at >= bytes + reading->source.length)
        return -1;
    return (double)(at - bytes) / (double)reading->source.length;
}

void part_progress(const struct part *part, const struct batch *batch)
{
    if (part->progress != NULL)
        part->progress(part->self, part->rows, share_read(part->reading, batch));
}

enum status part_rows(struct part *part, struct error *err)
{
    struct reading *reading = part->reading;
    struct batch *batch = reading->batch;
    struct verdict *verdict = arena_alloc(reading->file, sizeof *verdict);
    uint32_t i;
    enum status status = HY_OK;

    for (i = (uint32_t)part->header->skip; i < batch->count; i++) {
        judge_row(part, batch, &batch->rows[i], verdict);
        TRY(put_row(part, &batch->rows[i], verdict, err));
        TRY(store_flush(part->store, err)); /* there is but one verdict */
    }
    part_progress(part, batch);
    status = part_pipe(part, err); /* most files end with the rows in hand */
    return status == HY_END ? HY_OK : status;
}
