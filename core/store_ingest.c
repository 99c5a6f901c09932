/* store_ingest.c - one file is one transaction: its parts, rows and ledger. */
#include "core/store_internal.h"

#include <string.h>

/* Loading makes every row before the rows that point at it, in one transaction:
 * asking for each of them again would cost a fifth of the time.  Taking a file away
 * is done with the guard up. */
static void guard(struct store *store, bool up)
{
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_FKEY, up, NULL);
}

void store_file_abort(struct store *store)
{
    sql_rest(store);
    bulk_close(store);
    if (store->db != NULL && sqlite3_get_autocommit(store->db) == 0)
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    if (store->load.unguarded)
        guard(store, true);
    memset(&store->load, 0, sizeof store->load);
    arena_reset(store->file_memory);
    arena_reset(store->word_memory);
}

/* The file these bytes are live as, or 0. */
static enum status find_live(struct store *store, const struct store_file *file,
                             int64_t *batch, bool *same, struct counts *known,
                             struct error *err)
{
    sqlite3_stmt *statement;
    bool row;

    *batch = 0;
    *same = false;
    TRY(sql_use(store, Q_FILE_LIVE, &statement, err));
    sqlite3_bind_blob(statement, 1, file->sha256, 32, SQLITE_STATIC);
    TRY(sql_row(store, statement, &row, err));
    if (row) {
        const void *maps = sqlite3_column_blob(statement, 1);

        *batch = sqlite3_column_int64(statement, 0);
        *same = maps != NULL && memcmp(maps, file->maps, 32) == 0;
        *known = (struct counts){ .rows = sqlite3_column_int64(statement, 2),
                                  .duplicate = sqlite3_column_int64(statement, 3),
                                  .rejected = sqlite3_column_int64(statement, 4),
                                  .skipped = sqlite3_column_int64(statement, 5) };
    }
    sqlite3_reset(statement);
    return HY_OK;
}

static enum status add_file(struct store *store, const struct store_file *file,
                            struct error *err)
{
    sqlite3_stmt *statement;

    TRY(sql_use(store, Q_FILE_ADD, &statement, err));
    sqlite3_bind_blob(statement, 1, file->sha256, 32, SQLITE_STATIC);
    bind_int(statement, 2, (int64_t)file->bytes);
    bind_text(statement, 3, text_of(file->format));
    sqlite3_bind_blob(statement, 4, file->maps, 32, SQLITE_STATIC);
    TRY(sql_run(store, statement, err));
    store->load.file = sqlite3_last_insert_rowid(store->db);
    memcpy(store->load.sha256, file->sha256, 32);
    store->load.later = file->later;
    TRY(sql_use(store, Q_FILE_NAME_ADD, &statement, err));
    bind_int(statement, 1, store->load.file);
    bind_text(statement, 2, text_of(file->name));
    return sql_run(store, statement, err);
}

static const char *place_of_part(struct store *store, const char *within)
{
    char hex[65];

    hash_hex(store->load.sha256, hex);
    return arena_printf(store->file_memory, "%s|%s", hex, within);
}

enum status file_hash_settle(struct store *store, struct error *err)
{
    struct load *load = &store->load;
    sqlite3_stmt *statement;

    if (load->later == NULL)
        return HY_OK;
    memcpy(load->sha256, hash_wait(load->later), 32);
    load->later = NULL;
    if (load->part_open)
        load->place = place_of_part(store, load->within);
    TRY(sql_use(store, Q_FILE_HASH, &statement, err));
    bind_int(statement, 1, load->file);
    sqlite3_bind_blob(statement, 2, load->sha256, 32, SQLITE_STATIC);
    return sql_run(store, statement, err);
}

/* Only a file as long as this one can be the same: for no other need its hash be
 * waited for.  Until then zeros stand for it, and nothing is committed. */
static enum status hash_needed(struct store *store, struct store_file *file,
                               struct error *err)
{
    sqlite3_stmt *statement;
    bool row;

    if (file->later == NULL)
        return HY_OK;
    TRY(sql_use(store, Q_FILE_SIZE, &statement, err));
    bind_int(statement, 1, (int64_t)file->bytes);
    TRY(sql_row(store, statement, &row, err));
    sqlite3_reset(statement);
    if (row) {
        memcpy(file->sha256, hash_wait(file->later), 32);
        file->later = NULL;
    } else {
        memset(file->sha256, 0, 32);
    }
    return HY_OK;
}

static enum status begin(struct store *store, const struct store_file *told,
                         int64_t *batch, struct counts *known, struct error *err)
{
    struct store_file copy = *told, *file = &copy;
    bool same;

    TRY(sql_do(store, Q_BEGIN, err));
    TRY(sql_do(store, Q_DEFER, err));
    TRY(hash_needed(store, file, err));
    TRY(find_live(store, file, batch, &same, known, err));
    if (*batch != 0 && same)
        return HY_END;
    if (*batch != 0)
        TRY(undo_file(store, *batch, err));
    sql_rest(store);
    guard(store, false);
    store->load.unguarded = true;
    store->load.dictionary = cache_new(store->word_memory);
    store->load.expect_ticket = true;
    TRY(add_file(store, file, err));
    *batch = store->load.file;
    store->load.file_open = true;
    return HY_OK;
}

enum status store_file_begin(struct store *store, const struct store_file *file,
                             int64_t *batch, struct counts *known, struct error *err)
{
    enum status status;

    if (store->load.file_open)
        return fail(err, HY_INTERNAL, "%s：上一个文件还没有收尾", store->path);
    store_file_abort(store);
    status = begin(store, file, batch, known, err);
    if (status != HY_OK)
        store_file_abort(store);
    if (status == HY_END)
        TRY(check_end(store, err));
    return status;
}

enum status store_part_begin(struct store *store, const struct store_part *part,
                             struct error *err)
{
    struct word_key word = { .a = part->kind,
                             .text = text_of(part->source),
                             .more = text_of(part->series) };
    struct load *load = &store->load;
    sqlite3_stmt *statement;
    size_t count;

    if (!load->file_open || load->part_open)
        return fail(err, HY_INTERNAL, "%s：表没有按次序开始", store->path);
    record_fields(part->kind, &count);
    if (count == 0)
        return fail(err, HY_CONFIG, "映射 %s：这类资料（%d）还不能读入", part->source,
                    (int)part->kind);
    TRY(intern(store, DICTIONARY_SOURCE, &word, &load->source, NULL, err));
    TRY(sql_use(store, Q_PART_ADD, &statement, err));
    bind_int(statement, 1, load->file);
    bind_text(statement, 2, text_of(part->member));
    bind_text(statement, 3, text_of(part->sheet));
    bind_int(statement, 4, load->source);
    bind_int(statement, 5,
             part->priority < 0    ? 0
             : part->priority > 99 ? 99
                                   : part->priority);
    bind_int(statement, 6, (int64_t)part->fields);
    TRY(sql_run(store, statement, err));
    load->part = sqlite3_last_insert_rowid(store->db);
    load->kind = part->kind;
    load->fields = part->fields;
    load->within = arena_printf(store->file_memory, "%s|%s|%s", part->member,
                                part->sheet, part->source);
    load->place = place_of_part(store, load->within);
    load->series = arena_copy(store->file_memory, part->series, strlen(part->series));
    load->part_counts = (struct counts){ 0, 0, 0, 0, 0, 0 };
    load->known = NULL;
    load->latest = load->covers_from = load->covers_to = HY_NEVER;
    load->ordinals = cache_new(store->file_memory);
    load->hints = arena_alloc(store->file_memory, HINTS * sizeof *load->hints);
    load->part_open = true;
    return HY_OK;
}

/* --- identity -------------------------------------------------------------------- */
/* text and its ordinal among the equals of this part, "whole row" identity. */
static struct text numbered(struct store *store, struct text text)
{
    bool made;
    int64_t *seen = cache_at(store->load.ordinals, text.at, text.length, 0, &made);

    ++*seen;
    return text_of(arena_printf(store->row_memory, "%.*s\x1f%lld", (int)text.length,
                                text.at, (long long)*seen));
}

static enum status identify_ticket(struct store *store, const struct record *row,
                                   int64_t *id, struct error *err)
{
    struct arena *memory = store->row_memory;
    struct text number = row->value[F_TICKET_NO].text;

    if (row->value[F_TICKET_NO].empty && row->natural.length > 0)
        number = key_natural(row->natural, memory);
    else if (row->value[F_TICKET_NO].empty)
        number = key_natural(numbered(store,
                                      body_write(store, store->load.kind, row, memory)),
                             memory);
    return ticket_identity(store, store->load.series, number, id, err);
}

static struct text spelt(struct store *store, const struct record *row,
                         const int *fields, size_t count)
{
    struct arena *memory = store->row_memory;
    char *joined = arena_copy(memory, "", 0);
    size_t i;

    for (i = 0; i < count; i++) {
        const struct record_value *value = &row->value[fields[i]];

        joined = arena_printf(memory, "%s\x1f%.*s%lld", joined, (int)value->text.length,
                              value->text.at == NULL ? "" : value->text.at,
                              (long long)value->number);
    }
    return text_of(joined);
}

static struct text call_key(struct store *store, const struct record *row)
{
    static const int natural[] = { C_START_AT, C_CONTACT, C_LINE, C_QUEUE, C_DURATION };

    if (!row->value[C_LINKED_ID].empty)
        return row->value[C_LINKED_ID].text;
    if (!row->value[C_CALL_ID].empty)
        return row->value[C_CALL_ID].text;
    return key_natural(row->natural.length > 0 ? row->natural
                                               : spelt(store, row, natural, 5),
                       store->row_memory);
}

static struct text register_key(struct store *store, const struct record *row)
{
    static const int by_code[] = { A_COMMUNITY, A_ASSET_ID };
    static const int by_name[] = { A_COMMUNITY, A_BUILDING, A_ASSET_NAME };
    static const int home[] = { H_COMMUNITY, H_BUILDING, H_FROM_DAY };
    static const int said[] = { S_MONTH, S_SECTION, S_DEPARTMENT };
    static const int todo[] = { M_OPENED, M_TITLE, M_DEPARTMENT };
    static const int walked[] = { P_PLANNED, P_PLACE, P_ASSET, P_STAFF };
    static const int asked[] = { O_RECEIVED, O_ABOUT };
    static const int mended[] = { K_TICKET_NO, K_SOURCE, K_FIELD, K_OLD, K_NEW };
    static const int happened[] = { E_TICKET_NO, E_EVENT, E_EVENT_AT, E_FROM_DEPARTMENT,
                                    E_TO_DEPARTMENT };
    enum record_kind kind = store->load.kind;

    if (kind == KIND_EVENT) /* dates without a time: the second such row is another */
        return row->value[E_EVENT_AT].empty || row->value[E_EVENT_AT].date_only
                   ? key_natural(numbered(store, spelt(store, row, happened, 5)),
                                 store->row_memory)
                   : key_natural(spelt(store, row, happened, 5), store->row_memory);
    if (row->natural.length > 0)
        return key_natural(row->natural, store->row_memory);
    if (kind == KIND_ASSET && !row->value[A_ASSET_ID].empty)
        return spelt(store, row, by_code, 2);
    if (kind == KIND_ASSET)
        return spelt(store, row, by_name, 3);
    if (kind == KIND_HOUSEHOLD)
        return spelt(store, row, home, 3);
    if (kind == KIND_HARD)
        return row->value[L_TICKET_NO].text;
    if (kind == KIND_AUDIT)
        return row->value[U_SAMPLE].text;
    if (kind == KIND_STAFF)
        return row->value[W_CODE].text;
    if (kind == KIND_CORRECTION)
        return key_natural(spelt(store, row, mended, 5), store->row_memory);
    if (kind == KIND_DEPARTMENT)
        return row->value[D_NAME].text;
    if (kind == KIND_MEASURE)
        return row->value[M_NUMBER].empty
                   ? key_natural(spelt(store, row, todo, 3), store->row_memory)
                   : row->value[M_NUMBER].text;
    if (kind == KIND_PATROL && !row->value[P_NUMBER].empty)
        return row->value[P_NUMBER].text;
    if (kind == KIND_PATROL) /* a day without an hour: the second round is another */
        return row->value[P_PLANNED].date_only
                   ? key_natural(numbered(store, spelt(store, row, walked, 4)),
                                 store->row_memory)
                   : key_natural(spelt(store, row, walked, 4), store->row_memory);
    if (kind == KIND_OBJECTION)
        return row->value[O_NUMBER].empty
                   ? key_natural(spelt(store, row, asked, 2), store->row_memory)
                   : row->value[O_NUMBER].text;
    if (kind == KIND_STATEMENT && !row->value[S_NUMBER].empty)
        return row->value[S_NUMBER].text;
    if (kind == KIND_STATEMENT) /* several lines of one section: by their order */
        return numbered(store, spelt(store, row, said, 3));
    return key_natural(numbered(store, body_write(store, kind, row, store->row_memory)),
                       store->row_memory);
}

/* --- one row ------------------------------------------------------------------------
 */
struct head {
    int64_t versions, hash, part, row_no; /* versions 0 = no such ticket */
};

static enum status read_head(struct store *store, int64_t id, struct head *head,
                             struct error *err)
{
    sqlite3_stmt *statement;
    bool row;

    *head = (struct head){ 0, 0, 0, 0 };
    TRY(sql_use(store, Q_TICKET_HEAD, &statement, err));
    bind_int(statement, 1, id);
    TRY(sql_row(store, statement, &row, err));
    if (row)
        *head = (struct head){ sqlite3_column_int64(statement, 0),
                               sqlite3_column_int64(statement, 1),
                               sqlite3_column_int64(statement, 2),
                               sqlite3_column_int64(statement, 3) };
    sqlite3_reset(statement);
    return HY_OK;
}

/* The second distinct row: the first one moves from the ticket row to the versions. */
static enum status spread(struct store *store, int64_t id, const struct head *head,
                          struct error *err)
{
    struct record old;
    bool made;

    TRY(ticket_read(store, id, store->row_memory, &old, err));
    TRY(contribution_add(store, ENTITY_TICKET, id, head->hash,
                         body_write(store, KIND_TICKET, &old, store->row_memory), &made,
                         err));
    return sighting_add(store, ENTITY_TICKET, id, head->hash, head->part, head->row_no,
                        err);
}

static enum status add_version(struct store *store, int64_t id, const struct head *head,
                               const struct record *row, int64_t hash,
                               enum outcome *outcome, struct error *err)
{
    sqlite3_stmt *statement;
    bool made;

    if (head->versions == 1)
        TRY(spread(store, id, head, err));
    TRY(contribution_add(store, ENTITY_TICKET, id, hash,
                         body_write(store, KIND_TICKET, row, store->row_memory), &made,
                         err));
    *outcome = made ? OUTCOME_UPDATED : OUTCOME_DUPLICATE;
    if (!made)
        return HY_OK;
    TRY(sql_use(store, Q_TICKET_VERSIONS, &statement, err));
    bind_int(statement, 1, id);
    bind_int(statement, 2, head->versions + 1);
    return sql_run(store, statement, err);
}

/* As the last ticket was, so the next is taken to be: new (insert, and look only
 * when it was there) or known. */
static enum status put_ticket(struct store *store, const struct record *row, int64_t id,
                              enum outcome *outcome, struct error *err)
{
    struct load *load = &store->load;
    struct ticket_row first = { .part = load->part,
                                .row_no = (int64_t)row->row_no,
                                .versions = 1,
                                .hash = row->hash,
                                .raw = row->raw_hash,
                                .latest = row->latest,
                                .due_first = HY_NEVER,
                                .nature_first = HY_NEVER,
                                .urgency_first = HY_NEVER,
                                .department_first = HY_NEVER };
    struct head head = { 0, 0, 0, 0 };
    bool made = false;

    first.id = id;
    if (load->known != NULL && known_holds(load->known, id, row->hash)) {
        load->expect_ticket = false;
        *outcome = OUTCOME_DUPLICATE;
        return sighting_wait(store, id, row->hash, (int64_t)row->row_no, err);
    }
    if (load->expect_ticket)
        TRY(ticket_write(store, &first, row, &made, err));
    if (!made)
        TRY(read_head(store, id, &head, err));
    if (!made && head.versions == 0)
        TRY(ticket_write(store, &first, row, &made, err));
    load->expect_ticket = made;
    *outcome = made ? OUTCOME_LOADED : OUTCOME_DUPLICATE;
    if (made)
        return HY_OK;
    if (head.versions > 1 || head.hash != row->hash) {
        TRY(add_version(store, id, &head, row, row->hash, outcome, err));
        ids_add(&load->tickets, store->file_memory, id);
    }
    return sighting_wait(store, id, row->hash, (int64_t)row->row_no, err);
}

/* Calls and register rows: every row is kept as a version, the rest is folding. */
static enum status put_entity(struct store *store, enum entity_kind entity,
                              const struct record *row, enum outcome *outcome,
                              struct error *err)
{
    struct load *load = &store->load;
    struct word_key word = { .a = load->source };
    int64_t id;
    bool fresh, made;

    word.b = entity == ENTITY_CALL ? 0 : load->kind;
    word.text = entity == ENTITY_CALL ? call_key(store, row) : register_key(store, row);
    TRY(intern(store, entity == ENTITY_CALL ? DICTIONARY_CALL : DICTIONARY_REGISTER,
               &word, &id, &fresh, err));
    TRY(contribution_add(store, entity, id, row->hash,
                         body_write(store, load->kind, row, store->row_memory), &made,
                         err));
    ids_add(entity == ENTITY_CALL ? &load->calls : &load->registers, store->file_memory,
            id);
    *outcome = fresh ? OUTCOME_LOADED : made ? OUTCOME_UPDATED : OUTCOME_DUPLICATE;
    return sighting_add(store, entity, id, row->hash, load->part, (int64_t)row->row_no,
                        err);
}

static void cover(struct load *load, const struct record *record)
{
    const struct record_value *received = &record->value[F_RECEIVED_AT];

    if (record->latest > load->latest)
        load->latest = record->latest;
    if (load->kind == KIND_CALL)
        received = &record->value[C_START_AT];
    else if (load->kind != KIND_TICKET && load->kind != KIND_HISTORY)
        return;
    if (received->empty)
        return;
    if (load->covers_from == HY_NEVER || received->number < load->covers_from)
        load->covers_from = received->number;
    if (received->number > load->covers_to)
        load->covers_to = received->number;
}

bool of_tickets(const struct load *load)
{
    return load->kind == KIND_TICKET || load->kind == KIND_HISTORY
           || load->kind == KIND_PARTIAL;
}

static void count(struct load *load, enum outcome outcome)
{
    struct counts *counts = &load->part_counts;

    counts->rows++;
    counts->loaded += outcome == OUTCOME_LOADED;
    counts->updated += outcome == OUTCOME_UPDATED;
    counts->duplicate += outcome == OUTCOME_DUPLICATE;
}

static enum status put(struct store *store, const struct record *record,
                       enum outcome *outcome, struct error *err)
{
    struct load *load = &store->load;
    enum entity_kind entity = load->kind == KIND_CALL ? ENTITY_CALL : ENTITY_REGISTER;
    int64_t id;

    cover(load, record);
    if (of_tickets(load)) {
        TRY(identify_ticket(store, record, &id, err));
        TRY(put_ticket(store, record, id, outcome, err));
    } else {
        TRY(put_entity(store, entity, record, outcome, err));
    }
    count(load, *outcome);
    return HY_OK;
}

enum status store_put(struct store *store, const struct record *record,
                      enum outcome *outcome, struct error *err)
{
    struct load *load = &store->load;
    struct record copy;

    if (!load->part_open)
        return fail(err, HY_INTERNAL, "%s：没有打开的表", store->path);
    TRY(store_flush(store, err));
    arena_reset(store->row_memory);
    if (!record->settled) {
        copy = *record;
        store_settle(store, load->kind, &copy, store->row_memory);
        record = &copy;
    }
    return put(store, record, outcome, err);
}

/* Writes what waits; rows that were no new tickets go the long way. */
static enum status put_waiting(struct store *store, struct error *err)
{
    struct load *load = &store->load;
    size_t i, waiting = load->bulk.waiting;
    bool made[BULK_ROWS];
    enum outcome outcome;

    TRY(bulk_write(store, made, err));
    load->bulk.waiting = 0;
    for (i = 0; i < waiting; i++) {
        if (made[i]) {
            count(load, OUTCOME_LOADED);
            continue;
        }
        arena_reset(store->row_memory);
        TRY(put_ticket(store, load->bulk.rows[i].record, load->bulk.rows[i].id,
                       &outcome, err));
        count(load, outcome);
    }
    return HY_OK;
}

enum status store_flush(struct store *store, struct error *err)
{
    return store->load.bulk.waiting == 0 ? HY_OK : put_waiting(store, err);
}

enum status store_queue(struct store *store, const struct record *record,
                        struct error *err)
{
    struct load *load = &store->load;
    bool taken = false;
    enum outcome outcome;
    int64_t id;

    if (!load->part_open || !load->expect_ticket || !record->settled
        || !of_tickets(load))
        return store_put(store, record, &outcome, err);
    arena_reset(store->row_memory);
    if (load->bulk.tickets == NULL)
        TRY(bulk_open(store, err));
    TRY(identify_ticket(store, record, &id, err));
    cover(load, record);
    TRY(bulk_add(store, record, id, &taken, err));
    if (!taken) { /* what waits came before */
        TRY(store_flush(store, err));
        arena_reset(store->row_memory);
        TRY(put_ticket(store, record, id, &outcome, err));
        count(load, outcome);
        return HY_OK;
    }
    return load->bulk.waiting < BULK_ROWS ? HY_OK : put_waiting(store, err);
}

void store_skip(struct store *store)
{
    store->load.part_counts.rows++;
    store->load.part_counts.skipped++;
}

/* --- ends
 * ------------------------------------------------------------------------------ */
static void bind_counts(sqlite3_stmt *statement, int index, const struct counts *counts)
{
    bind_int(statement, index, counts->rows);
    bind_int(statement, index + 1, counts->loaded);
    bind_int(statement, index + 2, counts->updated);
    bind_int(statement, index + 3, counts->duplicate);
    bind_int(statement, index + 4, counts->rejected);
    bind_int(statement, index + 5, counts->skipped);
}

enum status store_part_end(struct store *store, enum as_of_basis basis, int64_t as_of,
                           struct counts *counts, struct error *err)
{
    struct load *load = &store->load;
    const struct counts *part = &load->part_counts;
    sqlite3_stmt *statement;

    if (!load->part_open)
        return fail(err, HY_INTERNAL, "%s：没有打开的表", store->path);
    TRY(store_flush(store, err));
    TRY(sightings_write(store, err));
    bulk_close(store);
    if (as_of == HY_NEVER) {
        as_of = load->latest;
        basis = AS_OF_HORIZON;
    }
    TRY(sql_use(store, Q_PART_END, &statement, err));
    bind_int(statement, 1, load->part);
    if (as_of != HY_NEVER)
        bind_int(statement, 2, as_of);
    bind_int(statement, 3, basis);
    if (load->covers_from != HY_NEVER) {
        bind_int(statement, 4, load->covers_from);
        bind_int(statement, 5, load->covers_to);
    }
    bind_counts(statement, 6, part);
    TRY(sql_run(store, statement, err));
    load->counts.rows += part->rows;
    load->counts.loaded += part->loaded;
    load->counts.updated += part->updated;
    load->counts.duplicate += part->duplicate;
    load->counts.rejected += part->rejected;
    load->counts.skipped += part->skipped;
    if (counts != NULL)
        *counts = *part;
    load->part_open = false;
    return HY_OK;
}

static enum status finish(struct store *store, struct error *err)
{
    struct load *load = &store->load;
    sqlite3_stmt *statement;

    if (!load->file_open || load->part_open)
        return fail(err, HY_INTERNAL, "%s：文件没有按次序收尾", store->path);
    TRY(file_hash_settle(store, err));
    TRY(fold_all(store, &load->tickets, &load->calls, &load->registers, err));
    TRY(forget_late(store, err));
    TRY(sql_use(store, Q_FILE_COUNTS, &statement, err));
    bind_int(statement, 1, load->file);
    bind_counts(statement, 2, &load->counts);
    TRY(sql_run(store, statement, err));
    sql_rest(store);
    return sql_do(store, Q_COMMIT, err);
}

enum status store_file_end(struct store *store, bool dry, struct counts *counts,
                           struct error *err)
{
    enum status status = HY_OK;

    if (counts != NULL)
        *counts = store->load.counts;
    status = dry ? check_end(store, err) : finish(store, err);
    store_file_abort(store); /* after COMMIT nothing is left to roll back */
    return status;
}
