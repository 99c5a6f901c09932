/* map_bind.c - titles become column numbers; and the map made of the synonyms. */
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

/* --- the map made from the synonyms --------------------------------------------------
 */

struct guess {
    enum record_kind kind;
    const char *field[512]; /* per column, NULL = none */
    int count;
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

/* All columns of one field, in the order of the sheet, as alternatives; the
 * fault's own time (发生时间) only where nothing else is filled in. */
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
            bool late = text_is(header->columns[i].folded, "发生时间");

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
                              const struct vocabulary *words, struct arena *memory)
{
    static const enum record_kind kinds[] = { KIND_STATEMENT, KIND_HOUSEHOLD,
                                              KIND_TICKET, KIND_CALL, KIND_ASSET };
    struct guess *best = NULL;
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct guess *guess = arena_alloc(memory, sizeof *guess);

        guess_kind(guess, kinds[i], header, words);
        if (guess_holds(guess, header) && (best == NULL || guess->count > best->count))
            best = guess;
    }
    return best == NULL ? NULL : generic_build(best, header, words, memory);
}
