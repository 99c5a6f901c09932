/* store_reject.c - rows that could not be used: sealed, handed out, mended. */
#include <string.h>

#include "core/store_internal.h"

enum {
    RAW_LIMIT = 64 * 1024, /* bytes kept of a rejected row */
    NUMBER_BYTES = 6       /* of the hash: 2^48 numbers, written as 12 digits */
};

/* From the place alone, so that the same row of the same file is always called so. */
static struct text reject_number(struct store *store, uint64_t row_no)
{
    unsigned char hash[32];
    const char *place = arena_printf(store->row_memory, "%s|%llu", store->load.place,
                                     (unsigned long long)row_no);
    char *out;

    hash_bytes(place, strlen(place), hash);
    out = arena_printf(store->row_memory, "%02X%02X-%02X%02X-%02X%02X", hash[0],
                       hash[1], hash[2], hash[3], hash[4], hash[NUMBER_BYTES - 1]);
    return text_of(out);
}

enum status store_reject(struct store *store, uint64_t row_no,
                         enum reject_reason reason, const char *field, struct text raw,
                         struct error *err)
{
    uint32_t length = raw.length < RAW_LIMIT ? raw.length : RAW_LIMIT;
    unsigned char *sealed;
    sqlite3_stmt *statement;

    if (!store->load.part_open)
        return fail(err, HY_INTERNAL, "%s：没有打开的表", store->path);
    TRY(file_hash_settle(store, err)); /* the number rests on it */
    arena_reset(store->row_memory);
    while (length < raw.length && length > 0 && (raw.at[length] & 0xC0) == 0x80)
        length--; /* not inside a character */
    sealed = arena_alloc(store->row_memory, (size_t)length + KEY_SEAL_EXTRA);
    key_seal(&store->key, raw.at, length, sealed);
    TRY(sql_use(store, Q_REJECT_ADD, &statement, err));
    bind_int(statement, 1, store->load.part);
    bind_int(statement, 2, (int64_t)row_no);
    bind_int(statement, 3, reason);
    if (field != NULL)
        bind_text(statement, 4, text_of(field));
    sqlite3_bind_blob64(statement, 5, sealed, length + KEY_SEAL_EXTRA, SQLITE_STATIC);
    TRY(sql_run(store, statement, err));
    TRY(sql_use(store, Q_REJECT_NUMBER, &statement, err));
    bind_int(statement, 1, store->load.part);
    bind_int(statement, 2, (int64_t)row_no);
    bind_text(statement, 3, reject_number(store, row_no));
    TRY(sql_run(store, statement, err));
    store->load.part_counts.rows++;
    store->load.part_counts.rejected++;
    return HY_OK;
}

enum status store_reject_titles(struct store *store, struct text titles,
                                struct error *err)
{
    sqlite3_stmt *statement;

    if (!store->load.part_open || store->load.part_counts.rejected == 0)
        return HY_OK;
    TRY(sql_use(store, Q_REJECT_TITLES, &statement, err));
    bind_int(statement, 1, store->load.part);
    bind_text(statement, 2, titles);
    return sql_run(store, statement, err);
}

enum status store_reject_mended(struct store *store, uint64_t row_no,
                                struct text number, struct error *err)
{
    sqlite3_stmt *statement;

    if (number.length == 0)
        return HY_OK;
    TRY(sql_use(store, Q_REJECT_FIXED, &statement, err));
    bind_text(statement, 1, number);
    bind_int(statement, 2, store->load.part);
    bind_int(statement, 3, (int64_t)row_no);
    return sql_run(store, statement, err);
}

/* --- what is there -------------------------------------------------------------- */
static enum status unseal(struct store *store, sqlite3_stmt *statement, int column,
                          struct arena *memory, struct text *raw, struct error *err)
{
    const unsigned char *sealed = sqlite3_column_blob(statement, column);
    int length = sqlite3_column_bytes(statement, column);
    unsigned char *out;

    *raw = text_of("[]");
    if (length == 0) /* forgotten */
        return HY_OK;
    if (!store->has_key)
        return fail(err, HY_NOINPUT, "%s：旁边没有钥匙文件，退回行的原文打不开",
                    store->path);
    if (length < KEY_SEAL_EXTRA)
        return fail(err, HY_DAMAGED, "%s：一条退回行的封存坏了", store->path);
    out = arena_alloc(memory, (size_t)length - KEY_SEAL_EXTRA + 1);
    TRY(key_unseal(&store->key, sealed, (size_t)length, out, err));
    *raw = (struct text){ (char *)out, (uint32_t)(length - KEY_SEAL_EXTRA) };
    return HY_OK;
}

enum status store_rejects(struct store *store, struct arena *memory,
                          const struct reject_line **lines, size_t *count,
                          struct error *err)
{
    void *list = NULL;
    size_t room = 0;
    sqlite3_stmt *statement;
    bool row;

    *count = 0;
    TRY(sql_use(store, Q_REJECTS, &statement, err));
    for (;;) {
        struct reject_line *line;
        struct text raw;

        TRY(sql_row(store, statement, &row, err));
        if (!row)
            break;
        line = arena_more(memory, &list, count, &room, sizeof *line);
        line->batch = sqlite3_column_int64(statement, 0);
        line->file = column_text(statement, 1, memory).at;
        line->sheet = column_text(statement, 2, memory).at;
        line->row_no = (uint64_t)sqlite3_column_int64(statement, 3);
        line->reason = (enum reject_reason)sqlite3_column_int(statement, 4);
        line->field = column_text(statement, 5, memory).at;
        line->number = column_text(statement, 7, memory).at;
        line->map = column_text(statement, 8, memory).at;
        line->part = sqlite3_column_int64(statement, 9);
        TRY(unseal(store, statement, 6, memory, &raw, err));
        line->cut = !body_texts(raw, memory, &line->cells, &line->cell_count);
        (void)body_texts(column_text(statement, 10, memory), memory, &line->titles,
                         &line->title_count);
    }
    sqlite3_reset(statement);
    *lines = list;
    return HY_OK;
}
