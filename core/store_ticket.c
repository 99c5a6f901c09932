/* store_ticket.c - one ticket row written from canonical fields, and read back. */
#include "core/store_internal.h"

#include <string.h>

/* Fields that are one plain number in `ticket`. */
static const struct {
    int field, column;
} numbers[] = {
    { F_NATURE, T_NATURE },
    { F_CHANNEL, T_CHANNEL },
    { F_STATUS, T_STATUS },
    { F_URGENCY, T_URGENCY },
    { F_REVISIT_OUTCOME, T_REVISIT_OUTCOME },
    { F_RATING_RESIDENT, T_RATING_RESIDENT },
    { F_RATING_STAFF, T_RATING_STAFF },
};

/* Fields that are one word of a dictionary. */
static const struct {
    int field, column, domain;
    enum dictionary dictionary;
    enum query text;
} words[] = {
    { F_CATEGORY1, T_CATEGORY1, TERM_CATEGORY1, DICTIONARY_TERM, Q_TERM_TEXT },
    { F_CATEGORY2, T_CATEGORY2, TERM_CATEGORY2, DICTIONARY_TERM, Q_TERM_TEXT },
    { F_OUTCOME, T_OUTCOME, TERM_OUTCOME, DICTIONARY_TERM, Q_TERM_TEXT },
    { F_DEPARTMENT, T_DEPARTMENT, TERM_DEPARTMENT, DICTIONARY_TERM, Q_TERM_TEXT },
    { F_RECORDER, T_RECORDER, 0, DICTIONARY_STAFF, Q_STAFF_TEXT },
    { F_HANDLER, T_HANDLER, 0, DICTIONARY_STAFF, Q_STAFF_TEXT },
    { F_VISITOR, T_VISITOR, 0, DICTIONARY_STAFF, Q_STAFF_TEXT },
};

/* In the order of the columns of ticket_stated and ticket_text. */
static const int stated[] = { F_TRANSFER_COUNT,   F_RETURN_COUNT, F_REOPEN_COUNT,
                              F_REDISPATCH_COUNT, F_URGE_COUNT,   F_EXTENSION,
                              F_DURATION,         F_MODIFIED,     F_SAT_SPEED,
                              F_SAT_ATTITUDE,     F_SAT_QUALITY };
static const int texts[] = { F_SUBJECT, F_CONTENT, F_RESULT, F_REVISIT_RESULT,
                             F_REMARK,  F_ADDRESS, F_TRAIL,  F_ROOM };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { REF_MERGED = 1, REF_REOPENS = 2 };

static int64_t flags_of(const struct record *record)
{
    int64_t flags = 0;
    int i;

    for (i = F_PUBLIC_AREA; i <= F_DEFAULT_RATING; i++)
        if (!record->value[i].empty)
            flags |= (int64_t)(record->value[i].number ? 3 : 1)
                     << 2 * (i - F_PUBLIC_AREA);
    return flags;
}

static void set_value(struct ticket_values *values, int column, int64_t value)
{
    values->at[column] = value;
    values->known |= UINT64_C(1) << column;
}

static void set_known(struct ticket_values *values, int column, int64_t value)
{
    if (value != HY_NEVER)
        set_value(values, column, value);
}

static void plain_values(struct ticket_values *values, const struct ticket_row *row,
                         const struct record *record)
{
    int64_t date_only = 0;
    size_t i;

    set_value(values, T_ID, row->id);
    set_value(values, T_PART, row->part);
    set_value(values, T_ROW, row->row_no);
    set_value(values, T_VERSIONS, row->versions);
    set_value(values, T_HASH, row->hash);
    if (row->raw != 0) {
        set_value(values, T_RAW, row->raw);
        set_value(values, T_LATEST, row->latest);
    }
    set_value(values, T_FIELDS, (int64_t)record->present);
    for (i = 0; i < TICKET_TIMES; i++) {
        const struct record_value *value = &record->value[F_RECEIVED_AT + i];

        if (value->empty)
            continue;
        set_value(values, T_TIMES + (int)i, value->number);
        if (value->date_only)
            date_only |= INT64_C(1) << i;
    }
    set_value(values, T_DATE_ONLY, date_only);
    set_value(values, T_FLAGS, flags_of(record));
    for (i = 0; i < COUNT(numbers); i++)
        if (!record->value[numbers[i].field].empty)
            set_value(values, numbers[i].column,
                      record->value[numbers[i].field].number);
    if (!record->value[F_CONTACT].empty)
        set_value(values, T_CONTACT, record->value[F_CONTACT].number);
    set_known(values, T_DUE_FIRST, row->due_first);
    set_known(values, T_NATURE_FIRST, row->nature_first);
    set_known(values, T_URGENCY_FIRST, row->urgency_first);
    set_known(values, T_DEPARTMENT_FIRST, row->department_first);
}

enum status ticket_values(struct store *store, const struct ticket_row *row,
                          const struct record *record, struct ticket_values *values,
                          struct error *err)
{
    struct place_ids place;
    int64_t id;
    size_t i;

    values->known = 0;
    values->way_is_trail = false;
    plain_values(values, row, record);
    TRY(place_intern(store, record, &place, err));
    if (!record->value[F_TRAIL].empty) {
        TRY(trail_intern(store, &record->value[F_TRAIL], &id, &values->way_is_trail,
                         err));
        if (id != 0)
            set_value(values, T_WAY, id);
    }
    for (i = 0; i < COUNT(words); i++) {
        const struct record_value *value = &record->value[words[i].field];
        struct word_key word = { .a = words[i].domain, .text = value->text };

        if (value->empty)
            continue;
        TRY(intern_value(store, words[i].dictionary, &word, value->hint, &id, err));
        set_value(values, words[i].column, id);
    }
    if (place.place != 0)
        set_value(values, T_PLACE, place.place);
    if (place.grid != 0)
        set_value(values, T_GRID, place.grid);
    if (place.room != 0)
        set_value(values, T_ROOM, place.room);
    if (place.asset != 0)
        set_value(values, T_ASSET, place.asset);
    return HY_OK;
}

static enum status write_head(struct store *store, const struct ticket_values *values,
                              struct error *err)
{
    sqlite3_stmt *statement;
    uint64_t left;

    TRY(sql_use(store, Q_TICKET_ADD, &statement, err));
    for (left = values->known; left != 0; left &= left - 1) {
        int column = __builtin_ctzll(left);

        bind_int(statement, column + 1, values->at[column]);
    }
    return sql_run(store, statement, err);
}

/* Which texts are to be kept: a trail that its term spells is not kept twice. */
unsigned ticket_texts(const struct record *record, bool way_is_trail)
{
    unsigned bits = 0;
    size_t i;

    for (i = 0; i < COUNT(texts); i++)
        if (!record->value[texts[i]].empty && !(texts[i] == F_TRAIL && way_is_trail))
            bits |= 1u << i;
    return bits;
}

int ticket_text_field(int column)
{
    return texts[column];
}

enum status ticket_text_write(struct store *store, int64_t id,
                              const struct record *record, unsigned bits,
                              struct error *err)
{
    sqlite3_stmt *statement;

    if (bits == 0)
        return HY_OK;
    TRY(sql_use(store, Q_TEXT_ADD, &statement, err));
    bind_int(statement, 1, id);
    for (; bits != 0; bits &= bits - 1) {
        int column = __builtin_ctz(bits);

        bind_text(statement, column + 2, record->value[texts[column]].text);
    }
    return sql_run(store, statement, err);
}

static enum status write_stated(struct store *store, int64_t id,
                                const struct record *record, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    size_t i;

    for (i = 0; i < COUNT(stated); i++) {
        if (record->value[stated[i]].empty)
            continue;
        if (statement == NULL) {
            TRY(sql_use(store, Q_STATED_ADD, &statement, err));
            bind_int(statement, 1, id);
        }
        bind_int(statement, (int)i + 2, record->value[stated[i]].number);
    }
    return statement == NULL ? HY_OK : sql_run(store, statement, err);
}

static enum status write_ref(struct store *store, int64_t id, int kind,
                             const struct record_value *value, struct error *err)
{
    sqlite3_stmt *statement;

    if (value->empty)
        return HY_OK;
    TRY(sql_use(store, Q_REF_ADD, &statement, err));
    bind_int(statement, 1, id);
    bind_int(statement, 2, kind);
    bind_text(statement, 3, value->text);
    return sql_run(store, statement, err);
}

enum status ticket_write_sides(struct store *store, int64_t id,
                               const struct record *record, struct error *err)
{
    TRY(write_stated(store, id, record, err));
    TRY(write_ref(store, id, REF_MERGED, &record->value[F_MERGED_INTO], err));
    return write_ref(store, id, REF_REOPENS, &record->value[F_REOPENS], err);
}

enum status ticket_write(struct store *store, const struct ticket_row *row,
                         const struct record *record, bool *made, struct error *err)
{
    struct ticket_values values;

    TRY(ticket_values(store, row, record, &values, err));
    TRY(write_head(store, &values, err));
    if (made != NULL)
        *made = sqlite3_changes(store->db) > 0;
    if (made != NULL && !*made)
        return HY_OK;
    TRY(ticket_text_write(store, row->id, record,
                          ticket_texts(record, values.way_is_trail), err));
    return ticket_write_sides(store, row->id, record, err);
}

/* whole: the ticket goes for good, with its versions. */
enum status ticket_drop(struct store *store, int64_t id, bool whole, struct error *err)
{
    static const enum query drops[] = { Q_STATED_DROP, Q_TEXT_DROP,    Q_REF_DROP,
                                        Q_EVENT_DROP,  Q_HISTORY_DROP, Q_TICKET_DROP };
    sqlite3_stmt *statement;
    size_t i;

    for (i = 0; i < COUNT(drops); i++) {
        TRY(sql_use(store, drops[i], &statement, err));
        bind_int(statement, 1, id);
        TRY(sql_run(store, statement, err));
    }
    if (!whole)
        return HY_OK;
    TRY(sql_use(store, Q_CONTRIBUTION_DROP, &statement, err));
    bind_int(statement, 1, ENTITY_TICKET);
    bind_int(statement, 2, id);
    return sql_run(store, statement, err);
}

/* --- reading back --------------------------------------------------------------- */
static void set_number(struct record_value *value, sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return;
    value->number = sqlite3_column_int64(statement, column);
    value->empty = false;
}

static void read_plain(sqlite3_stmt *statement, struct arena *memory,
                       struct record *record)
{
    int64_t date_only = sqlite3_column_int64(statement, T_DATE_ONLY);
    int64_t flags = sqlite3_column_int64(statement, T_FLAGS);
    size_t i;

    record->present = (uint64_t)sqlite3_column_int64(statement, T_FIELDS);
    record->row_no = (uint64_t)sqlite3_column_int64(statement, T_ROW);
    for (i = 0; i < TICKET_TIMES; i++) {
        struct record_value *value = &record->value[F_RECEIVED_AT + i];

        set_number(value, statement, T_TIMES + (int)i);
        value->date_only = (date_only >> i & 1) != 0;
    }
    for (i = F_PUBLIC_AREA; i <= F_DEFAULT_RATING; i++)
        if ((flags >> 2 * (i - F_PUBLIC_AREA) & 1) != 0) {
            record->value[i].empty = false;
            record->value[i].number = flags >> (2 * (i - F_PUBLIC_AREA) + 1) & 1;
        }
    for (i = 0; i < COUNT(numbers); i++)
        set_number(&record->value[numbers[i].field], statement, numbers[i].column);
    set_number(&record->value[F_CONTACT], statement, T_CONTACT);
    if (!record->value[F_CONTACT].empty)
        record->value[F_CONTACT].text =
            contact_text(record->value[F_CONTACT].number, memory);
    for (i = 0; i < COUNT(stated); i++)
        set_number(&record->value[stated[i]], statement, TICKET_COLUMNS + (int)i);
    for (i = 0; i < COUNT(texts); i++) {
        struct record_value *value = &record->value[texts[i]];

        value->text =
            column_text(statement, TICKET_COLUMNS + (int)(COUNT(stated) + i), memory);
        value->empty = value->text.length == 0;
    }
}

static enum status read_refs(struct store *store, int64_t id, struct arena *memory,
                             struct record *record, struct error *err)
{
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(store, Q_TICKET_REFS, &statement, err));
    bind_int(statement, 1, id);
    for (;;) {
        int field;

        TRY(sql_row(store, statement, &row, err));
        if (!row)
            break;
        field =
            sqlite3_column_int(statement, 0) == REF_MERGED ? F_MERGED_INTO : F_REOPENS;
        record->value[field].text = column_text(statement, 1, memory);
        record->value[field].empty = false;
    }
    sqlite3_reset(statement);
    return HY_OK;
}

static enum status read_word(struct store *store, enum query query, int64_t id,
                             struct arena *memory, struct record_value *value,
                             struct error *err)
{
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(store, query, &statement, err));
    bind_int(statement, 1, id);
    TRY(sql_row(store, statement, &row, err));
    value->text = column_text(statement, 0, memory);
    value->empty = value->text.length == 0;
    sqlite3_reset(statement);
    return HY_OK;
}

enum status ticket_read(struct store *store, int64_t id, struct arena *memory,
                        struct record *record, struct error *err)
{
    int64_t ids[COUNT(words)], way;
    struct place_ids place;
    sqlite3_stmt *statement;
    size_t i;
    bool row;

    memset(record, 0, sizeof *record);
    for (i = 0; i < RECORD_FIELDS; i++)
        record->value[i].empty = true;
    TRY(sql_use(store, Q_TICKET_READ, &statement, err));
    bind_int(statement, 1, id);
    TRY(sql_row(store, statement, &row, err));
    if (!row)
        return fail(err, HY_DAMAGED, "%s：有一张工单不见了，请从备份恢复", store->path);
    read_plain(statement, memory, record);
    for (i = 0; i < COUNT(words); i++)
        ids[i] = sqlite3_column_int64(statement, words[i].column);
    place = (struct place_ids){ sqlite3_column_int64(statement, T_PLACE),
                                sqlite3_column_int64(statement, T_GRID),
                                sqlite3_column_int64(statement, T_ROOM),
                                sqlite3_column_int64(statement, T_ASSET) };
    way = sqlite3_column_int64(statement, T_WAY);
    sqlite3_reset(statement);
    for (i = 0; i < COUNT(words); i++)
        if (ids[i] != 0)
            TRY(read_word(store, words[i].text, ids[i], memory,
                          &record->value[words[i].field], err));
    if (way != 0 && record->value[F_TRAIL].empty)
        TRY(read_word(store, Q_TERM_TEXT, way, memory, &record->value[F_TRAIL], err));
    TRY(place_spell(store, &place, record, memory, err));
    return read_refs(store, id, memory, record, err);
}
