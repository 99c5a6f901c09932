/* map_bind.c - titles become column numbers. */
#include <string.h>

#include "core/hash.h"
#include "ingest/map.h"

/* --- binding ---------------------------------------------------------------------- */

struct bind {
    const struct map *map;
    const struct header *header;
    const struct vocabulary *words;
    struct arena *memory;
    bool *used; /* per column */
};

/* The column of a title; -1 none; two of one name are an error. */
static enum status find_title(struct bind *bind, struct text title, struct text folded,
                              int *column, struct error *err)
{
    const struct header *header = bind->header;
    int found = -1, twice = -1;
    uint32_t i;

    for (i = 0; i < header->count; i++)
        if (folded.length > 0 && text_equal(header->columns[i].folded, folded)) {
            twice = found;
            found = (int)i;
            if (twice >= 0)
                break;
        }
    for (i = 0; i < header->count && found < 0; i++)
        if (folded.length > 0 && text_equal(header->columns[i].child, folded)) {
            uint32_t k;

            found = (int)i;
            for (k = i + 1; k < header->count && twice < 0; k++)
                if (text_equal(header->columns[k].child, folded)) {
                    twice = found;
                    found = (int)k;
                }
        }
    *column = found;
    if (twice >= 0 && !bind->map->generic)
        return fail(err, HY_DATA,
                    "第 %d 列和第 %d 列都叫“%.*s”，请在对照表 %s 里写成“上级 / 下级” "
                    "(two columns of one title)",
                    twice + 1, found + 1, (int)title.length, title.at, bind->map->name);
    return HY_OK;
}

/* The column of a title or number; -1 = the file has none. */
static enum status find_piece(struct bind *bind, const struct map_piece *piece,
                              int *column, struct error *err)
{
    if (piece->kind == PIECE_COLUMN) {
        *column = piece->column < (int)bind->header->count ? piece->column : -1;
        return HY_OK;
    }
    return find_title(bind, piece->text, piece->folded, column, err);
}

static enum status bind_choice(struct bind *bind, const struct map_choice *choice,
                               struct bound_choice *out, bool *there, struct error *err)
{
    struct bound_piece *pieces =
        arena_alloc(bind->memory, (choice->count + 1) * sizeof *pieces);
    size_t i;

    *there = false;
    out->is = NULL;
    if (choice->when != NULL) {
        TRY(find_piece(bind, choice->when, &out->when, err));
        if (out->when < 0)
            return HY_OK;
        out->is = &choice->is;
    }
    for (i = 0; i < choice->count; i++) {
        const struct map_piece *piece = &choice->pieces[i];

        pieces[i].column = -1;
        if (piece->kind == PIECE_TEXT) {
            pieces[i].text = piece->text;
            continue;
        }
        TRY(find_piece(bind, piece, &pieces[i].column, err));
        if (pieces[i].column < 0)
            return HY_OK;
    }
    if (out->is != NULL)
        bind->used[out->when] = true;
    for (i = 0; i < choice->count; i++)
        if (pieces[i].column >= 0)
            bind->used[pieces[i].column] = true;
    out->pieces = pieces;
    out->count = choice->count;
    *there = true;
    return HY_OK;
}

static enum status bind_rule(struct bind *bind, const struct map_rule *rule,
                             struct bound_rule *out, struct error *err)
{
    struct bound_choice *choices =
        arena_alloc(bind->memory, (rule->choice_count + 1) * sizeof *choices);
    size_t i;
    bool there;

    out->rule = rule;
    out->choices = choices;
    out->choice_count = 0;
    out->main_column = -1;
    for (i = 0; i < rule->choice_count; i++) {
        TRY(bind_choice(bind, &rule->choices[i], &choices[out->choice_count], &there,
                        err));
        out->choice_count += there;
    }
    for (i = 0; i < out->choice_count && out->main_column < 0; i++)
        if (choices[i].count > 0)
            out->main_column = choices[i].pieces[0].column;
    return HY_OK;
}

static uint64_t group_bit(enum record_kind kind, int field)
{
    size_t count;
    const struct field_spec *fields = record_fields(kind, &count);

    return field >= 0 && (size_t)field < count ? (uint64_t)1 << fields[field].group : 0;
}

/* Which facts a target fills, beyond the field of its own name. */
static uint64_t target_bits(enum record_kind kind, int target, const struct map *map)
{
    bool call = kind == KIND_CALL;

    switch (target) {
    case TARGET_SATISFACTION:
        return group_bit(kind, F_RATING_RESIDENT) | group_bit(kind, F_RATING_STAFF);
    case TARGET_ACCOUNT:
        return call ? 0 : group_bit(kind, F_CONTACT);
    case TARGET_CALLER:
    case TARGET_CALLED:
        return group_bit(kind, C_CONTACT);
    default:
        break;
    }
    if (target < 0)
        return 0;
    if (kind == KIND_TICKET || kind == KIND_HISTORY || kind == KIND_PARTIAL) {
        if (target == F_RECORDED_AT && kind != KIND_PARTIAL)
            return group_bit(kind, F_RECORDED_AT) | group_bit(kind, F_RECEIVED_AT);
        if (target == F_ADDRESS)
            return group_bit(kind, F_ADDRESS) | group_bit(kind, F_ROOM);
    }
    (void)map;
    return group_bit(kind, target);
}

/* `rating_by` says which of the two ratings the file speaks of. */
static uint64_t rating_bits(const struct binding *binding, uint64_t fields)
{
    enum record_kind kind = binding->map->kind;
    uint64_t resident = group_bit(kind, F_RATING_RESIDENT),
             staff = group_bit(kind, F_RATING_STAFF);
    bool satisfied = false, column = false, by_resident = false;
    size_t i;

    if (kind == KIND_CALL)
        return fields;
    for (i = 0; i < binding->rule_count; i++) {
        const struct bound_rule *rule = &binding->rules[i];

        if (rule->rule->targets[0] == TARGET_SATISFACTION)
            satisfied = true;
        if (rule->rule->targets[0] != TARGET_RATING_BY)
            continue;
        column = rule->main_column >= 0;
        by_resident = !column && rule->choice_count > 0
                      && text_is(rule->choices[0].pieces[0].text, "resident");
    }
    if (!satisfied)
        return fields;
    fields |= group_bit(kind, F_DEFAULT_RATING);
    if (!column)
        fields &= ~(by_resident ? staff : resident);
    return fields;
}

static bool ignored(const struct bind *bind, uint32_t column)
{
    const struct title_column *title = &bind->header->columns[column];
    const char *field, *level;
    size_t i;

    for (i = 0; i < bind->map->ignore_count; i++)
        if (text_equal(bind->map->ignores[i].folded, title->folded)
            || text_equal(bind->map->ignores[i].folded, title->child))
            return true;
    if (!bind->map->generic)
        return false;
    field = words_field(bind->words, bind->map->kind, title->folded);
    level = field == NULL ? NULL : words_level(bind->words, bind->map->kind, field);
    return level != NULL && (strcmp(level, "skip") == 0 || strcmp(level, "pii") == 0);
}

static void bind_unknown(struct bind *bind, struct binding *binding)
{
    struct text *unknown =
        arena_alloc(bind->memory, (bind->header->count + 1) * sizeof *unknown);
    uint32_t i;

    for (i = 0; i < bind->header->count; i++)
        if (!bind->used[i] && bind->header->columns[i].title.length > 0
            && !ignored(bind, i))
            unknown[binding->unknown_count++] = bind->header->columns[i].title;
    binding->unknown = unknown;
}

static enum status bind_skips(struct bind *bind, struct binding *binding,
                              struct error *err)
{
    const struct map *map = bind->map;
    struct bound_skip *skips =
        arena_alloc(bind->memory, (map->skip_count + 1) * sizeof *skips);
    size_t i;

    for (i = 0; i < map->skip_count; i++) {
        int column = map->skips[i].number;

        if (column < 0)
            TRY(find_title(bind, map->skips[i].column, map->skips[i].column, &column,
                           err));
        if (column < 0)
            continue;
        if (column < (int)bind->header->count)
            bind->used[column] = true;
        skips[binding->skip_count].column = column;
        skips[binding->skip_count++].rule = &map->skips[i];
    }
    binding->skips = skips;
    return HY_OK;
}

enum status map_bind(const struct map *map, const struct header *header,
                     const struct vocabulary *words, struct arena *memory,
                     struct binding *binding, struct error *err)
{
    struct bind bind = { map, header, words, memory, NULL };
    struct bound_rule *rules =
        arena_alloc(memory, (map->rule_count + 1) * sizeof *rules);
    size_t i, k;

    *binding = (struct binding){ .map = map, .rules = rules };
    bind.used = arena_alloc(memory, header->count + 1);
    for (i = 0; i < map->rule_count; i++) {
        struct bound_rule *rule = &rules[binding->rule_count];

        TRY(bind_rule(&bind, &map->rules[i], rule, err));
        if (rule->choice_count == 0)
            continue;
        for (k = 0; k < rule->rule->target_count; k++)
            binding->fields |= target_bits(map->kind, rule->rule->targets[k], map);
        binding->rule_count++;
    }
    binding->fields = rating_bits(binding, binding->fields);
    TRY(bind_skips(&bind, binding, err));
    bind_unknown(&bind, binding);
    return HY_OK;
}
