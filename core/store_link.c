/* store_link.c - questions and answers: unknown words, answers, tickets to compare. */
#include "core/store_link.h"

#include <stdlib.h>
#include <string.h>

#include "core/store_internal.h"

enum { CODE_VOID = 11, CODE_DUPLICATE = 12 }; /* ticket.status, code table */

static const char keep_word[] =
    "INSERT INTO question_word(file,field,word,rows) VALUES(?1,?2,?3,?4)"
    " ON CONFLICT DO UPDATE SET rows=rows+excluded.rows";
/* Which words did live files hold that were not understood, in how many rows? */
static const char asked_words[] =
    "SELECT q.field,q.word,sum(q.rows) FROM question_word q"
    " JOIN source_file f ON f.id=q.file WHERE f.state=1 GROUP BY 1,2 ORDER BY 1,2";
static const char answers[] =
    "SELECT body FROM register_row WHERE kind=15 ORDER BY number,id";
static const char link_tickets[] =
    "SELECT t.id,t.received_at,t.completed_at,t.room,t.contact,t.place,t.asset,"
    "t.category1,t.nature,t.channel,x.subject,x.content FROM ticket t"
    " LEFT JOIN ticket_text x ON x.id=t.id WHERE t.received_at>=?1"
    " AND t.received_at>=ifnull((SELECT max(before) FROM forgotten),t.received_at)"
    " AND t.voided_at IS NULL AND ifnull(t.status,0) NOT IN (?2,?3)"
    " AND NOT EXISTS(SELECT 1 FROM ticket_ref r WHERE r.ticket=t.id AND r.kind=1)";

/* Half an hour, as in the pass that counts calls with a ticket. */
static const char link_calls[] =
    "SELECT c.number,c.start,t.id,min(t.received_at) FROM call c JOIN ticket t"
    " ON t.contact=c.contact AND t.received_at>=c.start AND t.received_at<=c.start+1800"
    " WHERE c.start>=?1 GROUP BY c.id ORDER BY c.start,c.number";

static enum status prepare(struct store *store, const char *sql, sqlite3_stmt **out,
                           struct error *err)
{
    int code = sqlite3_prepare_v2(store->db, sql, -1, out, NULL);

    return code == SQLITE_OK ? HY_OK : sql_fail(store, code, err);
}

/* A database made before questions were kept has no such table: nothing is asked. */
static enum status has_table(struct store *store, bool *has, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    enum status status =
        prepare(store, "SELECT 1 FROM sqlite_schema WHERE name='question_word'",
                &statement, err);

    *has = false;
    if (status == HY_OK)
        status = sql_row(store, statement, has, err);
    sqlite3_finalize(statement);
    return status;
}

enum status store_keep_word(struct store *store, const char *field, const char *word,
                            int64_t rows, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    enum status status;
    bool has;

    TRY(has_table(store, &has, err));
    if (!has)
        return HY_OK;
    status = prepare(store, keep_word, &statement, err);
    if (status == HY_OK) {
        bind_int(statement, 1, store->load.file);
        bind_text(statement, 2, text_of(field));
        bind_text(statement, 3, text_of(word));
        bind_int(statement, 4, rows);
        status = sql_run(store, statement, err);
    }
    sqlite3_finalize(statement);
    return status;
}

static const char *copied(sqlite3_stmt *statement, int column, struct arena *memory)
{
    return text_copy(memory, column_text(statement, column, memory));
}

enum status store_asked_words(struct store *store, struct arena *memory,
                              const struct asked_word **words, size_t *count,
                              struct error *err)
{
    sqlite3_stmt *statement = NULL;
    void *items = NULL;
    size_t room = 0;
    enum status status;
    bool row;

    *words = NULL;
    *count = 0;
    TRY(has_table(store, &row, err));
    if (!row)
        return HY_OK;
    status = prepare(store, asked_words, &statement, err);
    while (status == HY_OK) {
        struct asked_word *word;

        status = sql_row(store, statement, &row, err);
        if (status != HY_OK || !row)
            break;
        word = arena_more(memory, &items, count, &room, sizeof *word);
        word->field = copied(statement, 0, memory);
        word->word = copied(statement, 1, memory);
        word->rows = sqlite3_column_int64(statement, 2);
    }
    sqlite3_finalize(statement);
    *words = items;
    return status;
}

enum status store_answers(struct store *store, struct arena *memory,
                          const struct answer_line **lines, size_t *count,
                          struct error *err)
{
    sqlite3_stmt *statement = NULL;
    void *items = NULL;
    size_t room = 0;
    enum status status = prepare(store, answers, &statement, err);
    bool row;

    *count = 0;
    while (status == HY_OK) {
        struct answer_line *line;
        struct record record;

        status = sql_row(store, statement, &row, err);
        if (status != HY_OK || !row)
            break;
        status = body_read(store, KIND_ANSWER, column_text(statement, 0, memory),
                           memory, &record, err);
        if (status != HY_OK || record.value[Q_QUESTION].text.length == 0
            || record.value[Q_ANSWER].text.length == 0)
            continue;
        line = arena_more(memory, &items, count, &room, sizeof *line);
        line->question = text_copy(memory, record.value[Q_QUESTION].text);
        line->answer = text_copy(memory, record.value[Q_ANSWER].text);
    }
    sqlite3_finalize(statement);
    *lines = items;
    return status;
}

static int by_receipt(const void *a, const void *b)
{
    const struct link_ticket *first = a, *second = b;
    int series;

    if (first->received != second->received)
        return first->received < second->received ? -1 : 1;
    series = strcmp(first->series, second->series);
    return series != 0 ? series : strcmp(first->number, second->number);
}

static enum status read_ticket(struct store *store, sqlite3_stmt *statement,
                               struct link_ticket *ticket, struct arena *memory,
                               struct error *err)
{
    struct text series, number;

    TRY(ticket_number(store, sqlite3_column_int64(statement, 0), memory, &series,
                      &number, err));
    *ticket = (struct link_ticket){
        .series = text_copy(memory, series),
        .number = text_copy(memory, number),
        .received = sqlite3_column_int64(statement, 1),
        .completed = sqlite3_column_type(statement, 2) == SQLITE_NULL
                         ? HY_NEVER
                         : sqlite3_column_int64(statement, 2),
        .room = sqlite3_column_int64(statement, 3),
        .contact = sqlite3_column_int64(statement, 4),
        .place = sqlite3_column_int64(statement, 5),
        .asset = sqlite3_column_int64(statement, 6),
        .category = sqlite3_column_int64(statement, 7),
        .nature = sqlite3_column_int64(statement, 8),
        .channel = sqlite3_column_int(statement, 9),
        .text = arena_printf(memory, "%s %s", copied(statement, 10, memory),
                             copied(statement, 11, memory)),
    };
    return HY_OK;
}

enum status store_link_tickets(struct store *store, int64_t from, struct arena *memory,
                               const struct link_ticket **tickets, size_t *count,
                               struct error *err)
{
    sqlite3_stmt *statement = NULL;
    void *items = NULL;
    size_t room = 0;
    enum status status = prepare(store, link_tickets, &statement, err);
    bool row;

    *count = 0;
    if (status == HY_OK) {
        bind_int(statement, 1, from);
        bind_int(statement, 2, CODE_VOID);
        bind_int(statement, 3, CODE_DUPLICATE);
    }
    while (status == HY_OK) {
        status = sql_row(store, statement, &row, err);
        if (status != HY_OK || !row)
            break;
        status = read_ticket(store, statement,
                             arena_more(memory, &items, count, &room,
                                        sizeof(struct link_ticket)),
                             memory, err);
    }
    sqlite3_finalize(statement);
    if (*count > 0)
        qsort(items, *count, sizeof(struct link_ticket), by_receipt);
    *tickets = items;
    return status;
}

enum status store_link_calls(struct store *store, int64_t from, struct arena *memory,
                             const struct link_call **calls, size_t *count,
                             struct error *err)
{
    sqlite3_stmt *statement = NULL;
    void *items = NULL;
    size_t room = 0;
    enum status status = prepare(store, link_calls, &statement, err);
    bool row;

    *count = 0;
    if (status == HY_OK)
        bind_int(statement, 1, from);
    while (status == HY_OK) {
        struct text series, number;
        struct link_call *call;

        status = sql_row(store, statement, &row, err);
        if (status != HY_OK || !row)
            break;
        call = arena_more(memory, &items, count, &room, sizeof *call);
        call->call = copied(statement, 0, memory);
        call->start = sqlite3_column_int64(statement, 1);
        call->received = sqlite3_column_int64(statement, 3);
        status = ticket_number(store, sqlite3_column_int64(statement, 2), memory,
                               &series, &number, err);
        if (status == HY_OK)
            call->ticket = text_copy(memory, number);
    }
    sqlite3_finalize(statement);
    *calls = items;
    return status;
}
