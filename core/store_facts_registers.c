/* store_facts_registers.c - lifts, households and statements as the registers say. */
#include "core/store_facts.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = 86400 };

static int64_t number_of(const struct record *record, int field, int64_t otherwise)
{
    return record->value[field].empty ? otherwise : record->value[field].number;
}

static int32_t day_of_time(const struct record *record, int field)
{
    int64_t time = number_of(record, field, HY_NEVER), day;

    if (time == HY_NEVER)
        return INT32_MIN;
    day = time >= 0 ? time / DAY : -((-time + DAY - 1) / DAY);
    return day < INT32_MIN || day > INT32_MAX ? INT32_MIN : (int32_t)day;
}

static int compare_texts(struct text a, struct text b)
{
    uint32_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);

    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static bool same_text(struct text a, struct text b)
{
    return compare_texts(a, b) == 0;
}

static struct text keep(struct gather *gather, struct text text)
{
    if (text.length == 0)
        return (struct text){ NULL, 0 };
    return (struct text){ arena_copy(gather->scratch, text.at, text.length),
                          text.length };
}

/* --- reading register rows ---------------------------------------------------------
 */
struct line {
    struct text number;
    int64_t row_no;
    struct record record;
};

static int compare_lines(const void *left, const void *right)
{
    const struct line *const *a = left, *const *b = right;
    int order = compare_texts((*a)->number, (*b)->number);

    if (order != 0)
        return order;
    return ((*a)->row_no > (*b)->row_no) - ((*a)->row_no < (*b)->row_no);
}

static enum status read_lines(struct gather *gather, enum record_kind kind,
                              struct line ***out, size_t *count, struct error *err)
{
    struct line **lines = NULL;
    size_t room = 0;
    sqlite3_stmt *statement;
    bool row;

    *count = 0;
    TRY(sql_use(gather->store, Q_FACT_REGISTERS, &statement, err));
    bind_int(statement, 1, kind);
    for (;;) {
        struct line *line;

        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        line = arena_alloc(gather->scratch, sizeof *line);
        line->number = column_text(statement, 0, gather->scratch);
        line->row_no = sqlite3_column_int64(statement, 2);
        TRY(body_read(gather->store, kind, column_text(statement, 1, gather->scratch),
                      gather->scratch, &line->record, err));
        if (*count == room) {
            room = room == 0 ? 64 : room * 2;
            lines = arena_grow(gather->scratch, lines, *count * sizeof *lines,
                               room * sizeof *lines);
        }
        lines[(*count)++] = line;
    }
    sqlite3_reset(statement);
    if (*count > 1)
        qsort(lines, *count, sizeof *lines, compare_lines);
    *out = lines;
    return HY_OK;
}

/* --- assets --------------------------------------------------------------------------
 */
/* Keys of asset_index: 'c' community code, 'n' building name.  Under an empty
 * place stands the one asset of that code or name, or AMBIGUOUS. */
enum { AMBIGUOUS = -1 };

static int64_t *asset_slot(struct gather *gather, char kind, struct text place,
                           struct text name)
{
    struct text key =
        text_of(arena_printf(gather->scratch, "%c%.*s\x1f%.*s", kind, (int)place.length,
                             place.at == NULL ? "" : place.at, (int)name.length,
                             name.at == NULL ? "" : name.at));
    bool made;

    return cache_at(gather->asset_index, key.at, key.length, 0, &made);
}

static void note_asset(struct gather *gather, char kind, struct text place,
                       struct text name, int64_t index)
{
    const struct text nowhere = { NULL, 0 };
    int64_t *slot;

    if (name.length == 0)
        return;
    slot = asset_slot(gather, kind, place, name);
    if (*slot == 0)
        *slot = index;
    if (place.length == 0)
        return;
    slot = asset_slot(gather, kind, nowhere, name);
    *slot = *slot == 0 || *slot == index ? index : AMBIGUOUS;
}

static int64_t add_asset(struct gather *gather, const struct asset_entry *entry)
{
    if (gather->found_count == gather->found_room) {
        size_t room = gather->found_room == 0 ? 64 : gather->found_room * 2;

        gather->found = arena_grow(gather->scratch, gather->found,
                                   gather->found_room * sizeof *gather->found,
                                   room * sizeof *gather->found);
        gather->found_room = room;
    }
    gather->found[gather->found_count++] = *entry;
    note_asset(gather, 'c', entry->community, entry->code,
               (int64_t)gather->found_count);
    note_asset(gather, 'n', entry->building, entry->name, (int64_t)gather->found_count);
    return (int64_t)gather->found_count;
}

/* The asset of that name there; one without a place of its own counts as there. */
static int64_t find_asset(struct gather *gather, char kind, struct text place,
                          struct text name)
{
    const struct text nowhere = { NULL, 0 };
    const struct asset_entry *entry;
    int64_t found;

    if (name.length == 0)
        return 0;
    found = *asset_slot(gather, kind, place, name);
    if (found > 0 || place.length == 0)
        return found > 0 ? found : 0;
    found = *asset_slot(gather, kind, nowhere, name);
    if (found <= 0)
        return 0;
    entry = &gather->found[found - 1];
    return (kind == 'c' ? entry->community : entry->building).length == 0 ? found : 0;
}

static void entry_words(struct gather *gather, struct asset_entry *entry,
                        struct text kind)
{
    entry->asset.code = word_use(gather, WORD_ASSET,
                                 entry->code.length > 0 ? entry->code : entry->name);
    entry->asset.name = word_use(gather, WORD_ASSET, entry->name);
    entry->asset.kind = word_use(gather, WORD_OTHER, kind);
    entry->asset.building = word_use(gather, WORD_BUILDING, entry->building);
}

static void register_asset(struct gather *gather, const struct record *record)
{
    const struct record_value *value = record->value;
    struct asset_entry entry = { .community = keep(gather, value[A_COMMUNITY].text),
                                 .building = keep(gather, value[A_BUILDING].text),
                                 .code = keep(gather, value[A_ASSET_ID].text),
                                 .name = keep(gather, value[A_ASSET_NAME].text) };
    int64_t known = entry.code.length > 0
                        ? *asset_slot(gather, 'c', entry.community, entry.code)
                        : *asset_slot(gather, 'n', entry.building, entry.name);

    if (known > 0 && same_text(gather->found[known - 1].community, entry.community))
        return; /* two registers name it: the first by number is taken */
    if (entry.code.length == 0 && entry.name.length == 0)
        return;
    entry.asset.registered = true;
    entry.asset.installed = day_of_time(record, A_INSTALLED);
    entry.asset.retired = day_of_time(record, A_RETIRED);
    entry_words(gather, &entry, value[A_ASSET_KIND].text);
    add_asset(gather, &entry);
}

static uint32_t resolve_mention(struct gather *gather, const struct asset_row *row)
{
    const struct text none = { NULL, 0 };
    struct asset_entry entry = { .asset = { .installed = INT32_MIN,
                                            .retired = INT32_MIN } };
    int64_t found;

    entry.community = place_at(gather, row->place, PLACE_COMMUNITY);
    entry.building = place_at(gather, row->place, PLACE_BUILDING);
    entry.code = row->code;
    entry.name = row->name;
    found = find_asset(gather, 'c', entry.community, row->code);
    if (found == 0)
        found = find_asset(gather, 'n', entry.building, row->name);
    if (found == 0)
        found = find_asset(gather, 'c', entry.community, row->name);
    if (found == 0)
        found = find_asset(gather, 'n', entry.building, row->code);
    if (found == 0) {
        entry_words(gather, &entry, none);
        found = add_asset(gather, &entry);
    }
    return (uint32_t)found;
}

static int compare_mentions(const void *left, const void *right, void *context)
{
    const struct gather *gather = context;
    const struct asset_row *a = &gather->assets[*(const uint32_t *)left];
    const struct asset_row *b = &gather->assets[*(const uint32_t *)right];
    static const int levels[] = { PLACE_COMMUNITY, PLACE_BUILDING };
    int order = 0, i;

    for (i = 0; i < 2 && order == 0; i++)
        order = compare_texts(place_at(gather, a->place, levels[i]),
                              place_at(gather, b->place, levels[i]));
    if (order == 0)
        order = compare_texts(a->code, b->code);
    return order == 0 ? compare_texts(a->name, b->name) : order;
}

/* In the order of their words: what a vague mention is taken for must not depend
 * on which ticket was read first. */
void facts_mentions(struct gather *gather)
{
    uint32_t *asset = (uint32_t *)(uintptr_t)gather->facts->tickets.asset;
    uint32_t *used =
        arena_alloc(gather->scratch, (gather->asset_count + 1) * sizeof *used);
    size_t count = 0, i;

    for (i = 0; i < gather->count; i++)
        if (asset[i] != 0 && asset[i] < gather->asset_count
            && !gather->assets[asset[i]].used) {
            gather->assets[asset[i]].used = true;
            used[count++] = asset[i];
        }
    if (count > 1)
        qsort_r(used, count, sizeof *used, compare_mentions, gather);
    for (i = 0; i < count; i++)
        gather->assets[used[i]].index =
            resolve_mention(gather, &gather->assets[used[i]]);
    for (i = 0; i < gather->count; i++)
        if (asset[i] != 0) /* where nobody names one, the column is not ours alone */
            asset[i] =
                asset[i] < gather->asset_count ? gather->assets[asset[i]].index : 0;
}

/* --- households
 * ------------------------------------------------------------------------ */
static int compare_exposures(const void *left, const void *right)
{
    const struct exposure *a = left, *b = right;

    if (a->from_day != b->from_day)
        return a->from_day < b->from_day ? -1 : 1;
    return (a->building > b->building) - (a->building < b->building);
}

static int compare_by_building(const void *left, const void *right)
{
    const struct exposure *a = left, *b = right;

    if (a->building != b->building)
        return a->building < b->building ? -1 : 1;
    return (a->from_day > b->from_day) - (a->from_day < b->from_day);
}

static int32_t whole(const struct record *record, int field)
{
    int64_t value = number_of(record, field, -1);

    return value < 0 || value > INT32_MAX ? -1 : (int32_t)value;
}

/* Sum over the buildings as they stand after each day, once every building is
 * known; rows come by day. */
static size_t add_totals(struct gather *gather, struct exposure *rows, size_t count,
                         struct exposure *totals)
{
    struct exposure *now =
        arena_alloc(gather->scratch, (gather->word_count + 1) * sizeof *now);
    size_t buildings = 0, seen = 0, unknown = 0, made = 0, i;
    int64_t households = 0, occupied = 0;

    for (i = 0; i < count; i++)
        if (now[rows[i].building].building == 0) {
            now[rows[i].building].building = rows[i].building;
            buildings++;
        }
    memset(now, 0, (gather->word_count + 1) * sizeof *now);
    for (i = 0; i < count; i++) {
        struct exposure *held = &now[rows[i].building];

        if (held->building == 0) {
            seen++;
        } else {
            households -= held->households;
            occupied -= held->occupied > 0 ? held->occupied : 0;
            unknown -= held->occupied < 0;
        }
        *held = rows[i];
        households += held->households;
        occupied += held->occupied > 0 ? held->occupied : 0;
        unknown += held->occupied < 0;
        if (seen < buildings
            || (i + 1 < count && rows[i + 1].from_day == rows[i].from_day))
            continue;
        totals[made++] =
            (struct exposure){ .from_day = rows[i].from_day,
                               .households =
                                   households > INT32_MAX ? -1 : (int32_t)households,
                               .occupied = unknown > 0 ? -1 : (int32_t)occupied };
    }
    return made;
}

static void take_grid(struct gather *gather, const struct record *record)
{
    struct grid_row *row;

    if (record->value[H_GRID].empty || record->value[H_BUILDING].empty)
        return;
    row = &gather->grids[gather->grid_count++];
    row->building = keep(gather, record->value[H_BUILDING].text);
    row->grid = keep(gather, record->value[H_GRID].text);
    row->from_day = day_of_time(record, H_FROM_DAY);
}

/* The grid the register puts the building in on that day; before its first day
 * the first one known. */
uint32_t grid_of_building(struct gather *gather, struct text building, int64_t received)
{
    const struct grid_row *best = NULL;
    int64_t day = received / DAY;
    size_t i;

    if (building.length == 0)
        return 0;
    for (i = 0; i < gather->grid_count; i++) {
        const struct grid_row *row = &gather->grids[i];

        if (!same_text(row->building, building))
            continue;
        if (best == NULL || (row->from_day <= day && row->from_day >= best->from_day)
            || (best->from_day > day && row->from_day < best->from_day))
            best = row;
    }
    return best == NULL ? 0 : word_use(gather, WORD_GRID, best->grid);
}

static void take_households(struct gather *gather, struct line **lines, size_t count)
{
    struct exposure *rows =
        arena_alloc(gather->scratch, (2 * count + 1) * sizeof *rows);
    struct exposure *all = arena_alloc(gather->memory, (2 * count + 1) * sizeof *all);
    size_t used = 0, stated = 0, made = 0, i;

    gather->grids = arena_alloc(gather->scratch, (count + 1) * sizeof *gather->grids);
    for (i = 0; i < count; i++) {
        const struct record *record = &lines[i]->record;
        struct exposure row = {
            .building = word_use(gather, WORD_BUILDING,
                                 keep(gather, record->value[H_BUILDING].text)),
            .from_day = day_of_time(record, H_FROM_DAY),
            .households = whole(record, H_HOUSEHOLDS),
            .occupied = whole(record, H_OCCUPIED)
        };

        take_grid(gather, record);
        if (row.households < 0)
            continue; /* an empty cell says nothing about how many there are */
        if (row.building == 0)
            all[stated++] = row; /* the register's own line for the estate */
        else
            rows[used++] = row;
    }
    if (used > 1)
        qsort(rows, used, sizeof *rows, compare_exposures);
    if (stated == 0 && used > 0)
        made = add_totals(gather, rows, used, all);
    memcpy(all + stated + made, rows, used * sizeof *rows);
    gather->facts->registers.exposures = all;
    gather->facts->registers.exposure_count = stated + made + used;
}

/* --- statements
 * ---------------------------------------------------------------------------- */
/* "2026-10", "2026年10月", "2026/10/1", "202610"; INT32_MIN: not a month. */
static int32_t month_said(struct text text)
{
    int year = 0, month = 0, digits = 0;
    uint32_t at = 0;

    while (at < text.length && (text.at[at] < '0' || text.at[at] > '9'))
        at++;
    for (; at < text.length && digits < 4 && text.at[at] >= '0' && text.at[at] <= '9';
         at++, digits++)
        year = year * 10 + text.at[at] - '0';
    if (digits < 4)
        return INT32_MIN;
    while (at < text.length && (text.at[at] < '0' || text.at[at] > '9'))
        at++;
    for (digits = 0;
         at < text.length && digits < 2 && text.at[at] >= '0' && text.at[at] <= '9';
         at++, digits++)
        month = month * 10 + text.at[at] - '0';
    return month < 1 || month > 12 ? INT32_MIN : year * 12 + month - 1;
}

static int compare_statements(const void *left, const void *right)
{
    const struct line *const *a = left, *const *b = right;
    int32_t month_a = month_said((*a)->record.value[S_MONTH].text);
    int32_t month_b = month_said((*b)->record.value[S_MONTH].text);
    int order;

    if (month_a != month_b)
        return month_a < month_b ? -1 : 1;
    order = compare_texts((*a)->record.value[S_SECTION].text,
                          (*b)->record.value[S_SECTION].text);
    if (order == 0 && (*a)->row_no != (*b)->row_no)
        order = (*a)->row_no < (*b)->row_no ? -1 : 1;
    return order == 0 ? compare_lines(left, right) : order;
}

static const char *said(struct gather *gather, const struct record *record, int field)
{
    struct text text = record->value[field].text;

    return arena_copy(gather->memory, text.at, text.length);
}

static void take_statements(struct gather *gather, struct line **lines, size_t count)
{
    struct statement *list = arena_alloc(gather->memory, (count + 1) * sizeof *list);
    size_t i;

    if (count > 1)
        qsort(lines, count, sizeof *lines, compare_statements);
    for (i = 0; i < count; i++) {
        const struct record *record = &lines[i]->record;

        list[i] = (struct statement){ .month = month_said(record->value[S_MONTH].text),
                                      .section = said(gather, record, S_SECTION),
                                      .text = said(gather, record, S_TEXT),
                                      .department = said(gather, record, S_DEPARTMENT),
                                      .author = said(gather, record, S_AUTHOR) };
    }
    gather->facts->registers.statements = list;
    gather->facts->registers.statement_count = count;
}

/* What a code does: beside it in management's figures, and nowhere else. */
static void register_staff(struct gather *gather, const struct record *record)
{
    uint32_t word =
        word_use(gather, WORD_STAFF, keep(gather, record->value[W_CODE].text));

    if (word != 0)
        gather->words[word].role = keep(gather, record->value[W_ROLE].text);
}

enum status facts_registers(struct gather *gather, struct error *err)
{
    struct line **lines;
    size_t count, i;

    TRY(read_lines(gather, KIND_ASSET, &lines, &count, err));
    for (i = 0; i < count; i++)
        register_asset(gather, &lines[i]->record);
    TRY(read_lines(gather, KIND_HOUSEHOLD, &lines, &count, err));
    take_households(gather, lines, count);
    TRY(read_lines(gather, KIND_STATEMENT, &lines, &count, err));
    take_statements(gather, lines, count);
    TRY(read_lines(gather, KIND_STAFF, &lines, &count, err));
    for (i = 0; i < count; i++)
        register_staff(gather, &lines[i]->record);
    return HY_OK;
}

/* --- final order
 * ---------------------------------------------------------------------------- */
static int compare_assets(const void *left, const void *right)
{
    const struct asset_entry *a = left, *b = right;

    if (a->asset.kind != b->asset.kind)
        return a->asset.kind < b->asset.kind ? -1 : 1;
    if (a->asset.code != b->asset.code)
        return a->asset.code < b->asset.code ? -1 : 1;
    if (a->asset.building != b->asset.building)
        return a->asset.building < b->asset.building ? -1 : 1;
    return compare_texts(a->community, b->community);
}

void facts_registers_settle(struct gather *gather)
{
    struct registers *registers = &gather->facts->registers;
    struct exposure *exposures = (struct exposure *)(uintptr_t)registers->exposures;
    uint32_t *mentioned = (uint32_t *)(uintptr_t)gather->facts->tickets.asset;
    size_t count = gather->found_count, i;
    struct asset *assets = arena_alloc(gather->memory, (count + 1) * sizeof *assets);
    uint32_t *place = arena_alloc(gather->scratch, (count + 1) * sizeof *place);

    for (i = 0; i < count; i++) {
        struct asset *asset = &gather->found[i].asset;

        words_renumber(gather, &asset->code, 1);
        words_renumber(gather, &asset->name, 1);
        words_renumber(gather, &asset->kind, 1);
        words_renumber(gather, &asset->building, 1);
        gather->found[i].order = (uint32_t)i + 1;
    }
    if (count > 1)
        qsort(gather->found, count, sizeof *gather->found, compare_assets);
    for (i = 0; i < count; i++) {
        assets[i] = gather->found[i].asset;
        place[gather->found[i].order] = (uint32_t)i + 1;
    }
    registers->assets = assets;
    registers->asset_count = count;
    for (i = 0; mentioned != NULL && i < gather->count; i++)
        if (mentioned[i] != 0)
            mentioned[i] = place[mentioned[i]];
    for (i = 0; i < registers->exposure_count; i++)
        words_renumber(gather, &exposures[i].building, 1);
    if (registers->exposure_count > 1)
        qsort(exposures, registers->exposure_count, sizeof *exposures,
              compare_by_building);
}
