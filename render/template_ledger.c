/*
 * template_ledger.c - what the figures were read from: rows and files, corrections by
 * people, corrections of issues already published.
 */
#include "render/template_parts.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"

enum { FILE_COLUMNS = 8, CORRECTION_COLUMNS = 8, MINUTE = 60 };

static const char *word(const struct builder *builder, const char *key)
{
    return wording_get(builder->wording, key);
}

/* --- {ledger}: in a sentence ------------------------------------------------- */

/* A few rows of many are not "0.0%". */
static const char *rejected_share(const struct builder *builder)
{
    const struct ledger *ledger = builder->ledger;
    double share =
        ledger->rows > 0 ? (double)ledger->rejected / (double)ledger->rows : 0;

    if (share > 0 && share < 0.0005)
        return word(builder, "dq.least");
    return say_percent(builder->memory, share);
}

const char *ledger_text(struct builder *builder)
{
    const struct ledger *ledger = builder->ledger;
    struct arena *memory = builder->memory;

    if (ledger == NULL || ledger->files <= 0)
        return word(builder, "dq.none");
    return wording_say(builder->wording, memory,
                       ledger->rejected > 0 ? "dq" : "dq.clean", "files",
                       say_count(memory, ledger->files), "rows",
                       say_count(memory, ledger->rows), "bad",
                       say_count(memory, ledger->rejected), "p",
                       rejected_share(builder), "overseer", builder->settings->overseer,
                       NULL);
}

/* --- {files}: sheet by sheet ----------------------------------------------- */

/* Registers have no time; what speaks of other months is only counted. */
static bool speaks_of(const struct source_part *part, const struct results *results)
{
    return part->from == HY_NEVER
           || (part->from < results->until && part->until >= results->from);
}

static void put_count(struct builder *builder, struct table *table, size_t row,
                      size_t column, int64_t count)
{
    struct table_cell *cell =
        (struct table_cell *)(uintptr_t)&table->cells[row * table->columns + column];

    cell->text = say_count(builder->memory, count);
    cell->value = (struct value){ VALUE_COUNT, NULL, (double)count };
    ((enum align *)(uintptr_t)table->align)[column] = ALIGN_RIGHT;
}

static const char *day_of_time(struct builder *builder, int64_t time)
{
    return time == HY_NEVER ? word(builder, "mark.none")
                            : say_day_cell(builder->wording, builder->memory,
                                           (int32_t)(time / DAY_SECONDS));
}

/* The maps that come with the program have a name in words; another one has its own. */
static const char *source_said(struct builder *builder, const char *name)
{
    bool own = strncmp(name, "auto_", 5) == 0; /* made for a table nobody described */
    const char *key =
        own ? "source.auto" : arena_printf(builder->memory, "source.%s", name);

    return wording_has(builder->wording, key) ? word(builder, key)
                                              : say_clean(builder->memory, name);
}

static void file_row(struct builder *builder, const struct source_part *part,
                     struct table *table, size_t row)
{
    table_put(table, row, 0, source_said(builder, part->source));
    table_put(table, row, 1, part->print);
    table_put(table, row, 2, day_of_time(builder, part->from));
    table_put(table, row, 3, day_of_time(builder, part->until));
    put_count(builder, table, row, 4, part->rows);
    put_count(builder, table, row, 5, part->rows - part->rejected - part->skipped);
    put_count(builder, table, row, 6, part->rejected);
    put_count(builder, table, row, 7, part->skipped);
}

static void say_files(struct builder *builder, enum tone tone, struct blocks *blocks)
{
    static const char *const keys[FILE_COLUMNS] = { "files.source",   "files.print",
                                                    "files.from",     "files.until",
                                                    "files.rows",     "files.read",
                                                    "files.rejected", "files.skipped" };
    const struct ledger *ledger = builder->ledger;
    size_t all = ledger == NULL ? 0 : ledger->part_count, count = 0, i;
    struct table *table;

    for (i = 0; i < all; i++)
        count += speaks_of(&ledger->parts[i], builder->results);
    if (count == 0) {
        blocks_say(blocks, builder->memory, tone, word(builder, "list.none"));
        return;
    }
    table = table_new(builder->memory, FILE_COLUMNS, count + 1);
    table_heads(builder, table, keys);
    for (i = 0, count = 0; i < all; i++)
        if (speaks_of(&ledger->parts[i], builder->results))
            file_row(builder, &ledger->parts[i], table, ++count);
    blocks_add(blocks, builder->memory, BLOCK_TABLE, tone)->table = table;
    if (count < all)
        blocks_say(blocks, builder->memory, TONE_NOTE,
                   wording_say(builder->wording, builder->memory, "files.others", "n",
                               say_count(builder->memory, (int64_t)(all - count)),
                               NULL));
}

/* --- {corrections}: a human's word against a source's -------------------------- */

static const char *state_key(enum correction_state state)
{
    switch (state) {
    case CORRECTION_APPLIED:
        return "corrections.applied";
    case CORRECTION_AGREED:
        return "corrections.agreed";
    case CORRECTION_OTHER:
        return "corrections.other";
    case CORRECTION_NO_TICKET:
        break;
    }
    return "corrections.missing";
}

/* Made in the month, or of a day nobody wrote down. */
static bool made_in_month(const struct correction *one, const struct results *results)
{
    int64_t at = (int64_t)one->day * DAY_SECONDS;

    return one->day == INT32_MIN || (at >= results->from && at < results->until);
}

static void correction_row(struct builder *builder, const struct correction *one,
                           struct table *table, size_t row)
{
    const struct teller *teller = &builder->teller;
    struct arena *memory = builder->memory;

    table_put(table, row, 0,
              builder->head->audience == AUDIENCE_MANAGEMENT
                  ? say_clean(memory, one->number)
                  : arena_printf(memory, "#%zu", row));
    table_put(table, row, 1, say_field(teller, one->field));
    table_put(table, row, 2, say_field_value(teller, one->field, one->old));
    table_put(table, row, 3, say_field_value(teller, one->field, one->new));
    table_put(table, row, 4, say_clean(memory, one->reason));
    table_put(table, row, 5, say_clean(memory, one->staff));
    table_put(table, row, 6,
              one->day == INT32_MIN ? word(builder, "mark.none")
                                    : say_day_cell(builder->wording, memory, one->day));
    table_put(table, row, 7, word(builder, state_key(one->state)));
}

static void say_corrections(struct builder *builder, enum tone tone,
                            struct blocks *blocks)
{
    static const char *const keys[CORRECTION_COLUMNS] = {
        "correction.number", "correction.field", "correction.old", "correction.new",
        "correction.reason", "correction.staff", "correction.day", "correction.state"
    };
    const struct registers *registers = builder->registers;
    size_t all = registers == NULL ? 0 : registers->correction_count, count = 0, i;
    struct table *table;

    for (i = 0; i < all; i++)
        count += made_in_month(&registers->corrections[i], builder->results);
    blocks_say(blocks, builder->memory, tone,
               count == 0
                   ? word(builder, "corrections.nothing")
                   : wording_say(builder->wording, builder->memory, "corrections.some",
                                 "n", say_count(builder->memory, (int64_t)count),
                                 NULL));
    if (count == 0)
        return;
    table = table_new(builder->memory, CORRECTION_COLUMNS, count + 1);
    table_heads(builder, table, keys);
    for (i = 0, count = 0; i < all; i++)
        if (made_in_month(&registers->corrections[i], builder->results))
            correction_row(builder, &registers->corrections[i], table, ++count);
    blocks_add(blocks, builder->memory, BLOCK_TABLE, tone)->table = table;
}

/* --- {revisions}: published figures that read otherwise now ---------------------- */

const char *revisions_text(struct builder *builder)
{
    const struct listing *listing = results_listing(builder->results, "revisions");

    if (listing == NULL)
        return word(builder, "revisions.none");
    if (listing->rows == 0)
        return word(builder, "revisions.same");
    return wording_say(builder->wording, builder->memory, "revisions.some", "n",
                       say_count(builder->memory, (int64_t)listing->rows), NULL);
}

static void say_revisions(struct builder *builder, enum tone tone,
                          struct blocks *blocks)
{
    const struct listing *listing = results_listing(builder->results, "revisions");

    blocks_say(blocks, builder->memory, tone, revisions_text(builder));
    if (listing != NULL && listing->rows > 0)
        listing_table(builder, listing, SIZE_MAX, tone, blocks);
}

/* --- {objections}: how many doubted what was published, no word of theirs -------- */

/* Silent while there was nothing to doubt: no month published, no register kept. */
static enum status say_objections(struct builder *builder, const struct place *place,
                                  enum tone tone, struct blocks *blocks,
                                  struct error *err)
{
    struct figure_wanted wanted = { .month = builder->results->month };
    const struct base *base;
    const char *text, *key;
    bool kept;

    TRY(metric_wanted(builder, place->line, "OBJ-01", &wanted.metric, &wanted.part,
                      err));
    base = figure_base(builder, &wanted, wanted.month);
    kept = base != NULL && base->answer != ANSWER_NO_DATA;
    builder->used[wanted.metric] = kept;
    if (!kept && results_listing(builder->results, "revisions") == NULL)
        return HY_OK;
    key = !kept                ? "questions.none"
          : base->value == 0.0 ? "questions.zero"
                               : "questions.some";
    TRY(place_expand(builder, word(builder, key), place->line, &text, err));
    blocks_say(blocks, builder->memory, tone, text);
    return HY_OK;
}

/* --- {templates}: files reports are made of that are not as before --------------- */

static enum status say_templates(struct builder *builder, const struct place *place,
                                 enum tone tone, struct blocks *blocks,
                                 struct error *err)
{
    const struct listing *said = results_listing(builder->results, "templates.said");
    const struct listing *listing = results_listing(builder->results, "templates");
    const char *text = "";
    size_t i;

    if (builder->head->audience != AUDIENCE_COMMITTEE)
        return template_complain(builder, place->line, err,
                                 "{templates} 只能用在监督版 (for the committee only)");
    for (i = 0; said != NULL && i < said->rows; i++)
        text = arena_printf(builder->memory, "%s%s", text, said->cells[i].text);
    blocks_say(blocks, builder->memory, tone,
               said == NULL ? word(builder, "templates.first") : text);
    if (listing != NULL && listing->rows > 0)
        listing_table(builder, listing, SIZE_MAX, tone, blocks);
    return HY_OK;
}

/* --- the places ------------------------------------------------------------------ */

bool place_is_ledger(const struct place *place)
{
    return place_is(place, "ledger") || place_is(place, "files")
           || place_is(place, "corrections") || place_is(place, "revisions")
           || place_is(place, "templates") || place_is(place, "objections");
}

enum status ledger_blocks(struct builder *builder, const struct place *place,
                          enum tone tone, struct blocks *blocks, struct error *err)
{
    bool internal = place_is(place, "files") || place_is(place, "corrections");

    if (internal && builder->head->audience == AUDIENCE_PUBLIC)
        return template_complain(builder, place->line, err,
                                 "{%s} 不能用在公开的报告里 (not for this audience)",
                                 place->text);
    if (place_is(place, "objections"))
        return say_objections(builder, place, tone, blocks, err);
    if (place_is(place, "templates"))
        return say_templates(builder, place, tone, blocks, err);
    if (place_is(place, "ledger"))
        blocks_say(blocks, builder->memory, tone, ledger_text(builder));
    else if (place_is(place, "files"))
        say_files(builder, tone, blocks);
    else if (place_is(place, "corrections"))
        say_corrections(builder, tone, blocks);
    else
        say_revisions(builder, tone, blocks);
    return HY_OK;
}
