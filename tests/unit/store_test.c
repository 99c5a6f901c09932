/* store_test.c - opening, identity, versions, ledger, rejects, undo. */
#include "store_help.h"

#include <sqlite3.h>

#define T KIND_TICKET

static void ticket(struct record *row, uint64_t row_no, const char *number,
                   int64_t received, int64_t completed, const char *department)
{
    row_clear(row, row_no);
    row_text(row, T, F_TICKET_NO, number);
    row_number(row, T, F_RECEIVED_AT, received);
    row_number(row, T, F_COMPLETED_AT, completed);
    row_text(row, T, F_DEPARTMENT, department);
    row_text(row, T, F_BUILDING, "3栋");
    row_text(row, T, F_ROOM, "1503");
    row_text(row, T, F_ASSET_ID, "DT-03");
    row_text(row, T, F_CONTENT, "电梯\"异响\"\n第二行");
    row_text(row, T, F_CONTACT, "00112233445566778899aabbccddeeff");
}

struct world {
    struct place_of_test place;
    struct store *store;
    struct arena *memory;
};

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    struct error error;

    place_make(&world->place);
    world->memory = arena_new();
    if (store_open(&world->store, world->place.path, STORE_CREATE, &error) != HY_OK)
        return -1;
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    store_close(world->store);
    arena_free(world->memory);
    place_gone(&world->place);
    free(world);
    return 0;
}

static void assert_counts(struct counts counts, int64_t loaded, int64_t updated,
                          int64_t duplicate)
{
    assert_int_equal(counts.loaded, loaded);
    assert_int_equal(counts.updated, updated);
    assert_int_equal(counts.duplicate, duplicate);
}

/* --- opening -------------------------------------------------------------------- */
static void modes_and_absence(void **state)
{
    struct world *world = *state;
    struct store *other;
    struct error error;
    struct stat info;
    char path[128];

    assert_int_equal(stat(world->place.path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    snprintf(path, sizeof path, "%s/huiyin.key", world->place.directory);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    snprintf(path, sizeof path, "%s/none.db", world->place.directory);
    assert_int_equal(store_open(&other, path, STORE_WRITE, &error), HY_NOINPUT);
    assert_null(other);
    assert_int_equal(store_open(&other, path, STORE_READ, &error), HY_NOINPUT);
    snprintf(path, sizeof path, "%s/none/x.db", world->place.directory);
    assert_int_equal(store_open(&other, path, STORE_CREATE, &error), HY_CREATE);
    RUNS(store_open(&other, world->place.path, STORE_READ, &error));
    store_close(other);
    store_close(NULL);
}

static void a_lost_key_is_asked_for(void **state)
{
    struct world *world = *state;
    struct record row;
    struct store *other;
    struct error error;
    char path[128];

    snprintf(path, sizeof path, "%s/huiyin.key", world->place.directory);
    assert_int_equal(unlink(path), 0);
    RUNS(store_open(&other, world->place.path, STORE_WRITE, &error)); /* nothing lost */
    store_close(other);
    ticket(&row, 2, "7", 1000, HY_NEVER, "工程部");
    load_rows(world->store, "a", T, &row, 1, NULL);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(store_open(&other, world->place.path, STORE_WRITE, &error),
                     HY_NOINPUT);
    RUNS(store_open(&other, world->place.path, STORE_READ, &error));
    assert_null(store_key(other));
    store_close(other);
}

static void write_bytes(const char *path, long at, const void *bytes, size_t length)
{
    FILE *file = fopen(path, access(path, F_OK) == 0 ? "r+" : "w");

    assert_non_null(file);
    fseek(file, at, SEEK_SET);
    fwrite(bytes, 1, length, file);
    fclose(file);
}

static void refused(const char *path, enum store_mode mode)
{
    unsigned char before[32], after[32];
    struct store *store;
    struct error error;

    RUNS(hash_file(path, before, &error));
    assert_int_equal(store_open(&store, path, mode, &error), HY_DAMAGED);
    assert_null(store);
    RUNS(hash_file(path, after, &error));
    assert_memory_equal(before, after, 32);
}

static void refusals_leave_the_file(void **state)
{
    struct world *world = *state;
    const char *path = world->place.path;
    unsigned char junk[4096];
    struct error error;
    size_t i;

    store_close(world->store);
    world->store = NULL;
    write_bytes(path, 60, "\0\0\0\3", 4); /* user_version 3 */
    refused(path, STORE_CREATE);
    write_bytes(path, 60, "\0\0\0\1", 4);
    refused(path, STORE_WRITE);
    assert_int_equal(store_open(&world->store, path, STORE_WRITE, &error), HY_DAMAGED);
    assert_non_null(strstr(error.text, "旧版本"));
    assert_non_null(strstr(error.text, "huiyin ingest")); /* what to do */
    write_bytes(path, 60, "\0\0\0\2", 4);
    write_bytes(path, 68, "\1\2\3\4", 4); /* another application */
    refused(path, STORE_WRITE);
    write_bytes(path, 68, "HYN1", 4);
    for (i = 0; i < sizeof junk; i++)
        junk[i] = (unsigned char)(i * 7 + 1);
    write_bytes(path, 4096 * 3, junk, sizeof junk); /* a page overwritten */
    refused(path, STORE_WRITE);
    assert_int_equal(truncate(path, 5000), 0);
    refused(path, STORE_READ);
    assert_int_equal(truncate(path, 50), 0);
    refused(path, STORE_CREATE);
    assert_int_equal(truncate(path, 0), 0);
    refused(path, STORE_WRITE);
    write_bytes(path, 0, junk, sizeof junk);
    refused(path, STORE_CREATE);
}

/* A hundred times a stretch of the file is overwritten: it is refused and left as it
 * is, or (unused bytes, a plain value) it opens and can be read without a crash. */
static void damage_never_crashes(void **state)
{
    struct world *world = *state;
    const char *path = world->place.path;
    struct record rows[60];
    unsigned char *whole, before[32], after[32];
    struct store *store;
    struct facts facts;
    struct error error;
    struct stat info;
    uint64_t draw = 7;
    char numbers[60][16];
    int i, j, refused_count = 0;
    FILE *file;

    for (i = 0; i < 60; i++) {
        snprintf(numbers[i], sizeof numbers[i], "W%d", i % 40);
        ticket(&rows[i], (uint64_t)i + 2, numbers[i], 1000 + i, 5000 + i, "工程部");
    }
    load_rows(world->store, "a", T, rows, 60, NULL);
    store_close(world->store);
    world->store = NULL;
    assert_int_equal(stat(path, &info), 0);
    whole = malloc((size_t)info.st_size);
    file = fopen(path, "r");
    assert_int_equal(fread(whole, 1, (size_t)info.st_size, file), info.st_size);
    fclose(file);
    for (i = 0; i < 100; i++) {
        unsigned char junk[64];
        enum status status;
        long at;

        for (j = 0; j < 64; j++) {
            draw = draw * 6364136223846793005U + 1442695040888963407U;
            junk[j] = (unsigned char)(draw >> 56);
        }
        at = (long)((draw >> 20) % (uint64_t)(info.st_size - 64));
        write_bytes(path, 0, whole, (size_t)info.st_size);
        write_bytes(path, at, junk, sizeof junk);
        RUNS(hash_file(path, before, &error));
        status = store_open(&store, path, STORE_READ, &error);
        refused_count += status != HY_OK;
        assert_true(status == HY_OK || status == HY_DAMAGED);
        if (status == HY_OK) {
            (void)store_facts(store, 31, world->memory, &facts, &error);
            (void)store_content(store, after, &error);
        }
        store_close(store);
        RUNS(hash_file(path, after, &error));
        assert_memory_equal(before, after, 32);
    }
    assert_true(refused_count > 10);
    free(whole);
}

/* A large database is looked through while a file loads; found damaged, nothing of the
 * file is kept and the bytes are as before. */
static void large_damage_keeps_nothing(void **state)
{
    enum { ROWS = 400, LETTERS = 60000, PAGE = 4096 };
    static char text[LETTERS + 1], numbers[ROWS][16];
    struct world *world = *state;
    const char *path = world->place.path;
    struct record *rows = arena_alloc(world->memory, ROWS * sizeof *rows);
    struct store_file file = file_named("b");
    struct store_part part = part_of(T, 0);
    unsigned char before[32], after[32], junk[PAGE];
    enum outcome outcome;
    struct counts known;
    struct error error;
    struct facts facts;
    struct stat info;
    int64_t batch;
    int i;

    memset(text, 'x', LETTERS);
    memset(junk, 0xA5, sizeof junk);
    for (i = 0; i < ROWS; i++) {
        snprintf(numbers[i], sizeof numbers[i], "W%d", i);
        ticket(&rows[i], (uint64_t)i + 2, numbers[i], 1000 + i, 5000 + i, "工程部");
        row_text(&rows[i], T, F_CONTENT, text);
    }
    load_rows(world->store, "a", T, rows, ROWS, NULL);
    store_close(world->store);
    world->store = NULL;
    assert_int_equal(stat(path, &info), 0);
    assert_true(info.st_size > 16 << 20);
    write_bytes(path, PAGE * 2000, junk, sizeof junk);
    RUNS(hash_file(path, before, &error));
    RUNS(store_open(&world->store, path, STORE_CREATE, &error));
    RUNS(store_file_begin(world->store, &file, &batch, &known, &error));
    part.fields = rows[0].present;
    RUNS(store_part_begin(world->store, &part, &error));
    ticket(&rows[0], 2, "NEW-1", 1000, 5000, "工程部");
    RUNS(store_put(world->store, &rows[0], &outcome, &error));
    RUNS(store_part_end(world->store, AS_OF_HORIZON, HY_NEVER, NULL, &error));
    assert_int_equal(store_file_end(world->store, false, &known, &error), HY_DAMAGED);
    store_close(world->store);
    world->store = NULL;
    RUNS(hash_file(path, after, &error));
    assert_memory_equal(before, after, 32);
    assert_int_equal(store_open(&world->store, path, STORE_READ, &error), HY_DAMAGED);
    /* page 2000 holds a text, which the facts never look at */
    RUNS(store_open(&world->store, path, STORE_FACTS, &error));
    assert_int_equal(store_facts(world->store, NEED_TICKETS, world->memory, &facts,
                                 &error),
                     HY_DAMAGED);
}

static void second_writer_is_told(void **state)
{
    struct world *world = *state;
    struct store_file file = file_named("a"), next = file_named("b");
    struct store *other;
    struct counts known;
    struct error error;
    int64_t batch;

    RUNS(store_file_begin(world->store, &file, &batch, &known, &error));
    RUNS(store_open(&other, world->place.path, STORE_WRITE, &error));
    assert_int_equal(store_file_begin(other, &next, &batch, &known, &error), HY_BUSY);
    store_close(other);
    store_file_abort(world->store);
}

static void every_table_has_a_class(void **state)
{
    struct world *world = *state;
    sqlite3 *db;
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_open(world->place.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(
                         db,
                         "SELECT count(*) FROM (SELECT name FROM sqlite_schema WHERE"
                         " type='table' AND name NOT LIKE 'sqlite_%') a FULL OUTER JOIN"
                         " table_class b USING(name) WHERE a.name IS NULL OR b.class"
                         " IS NULL",
                         -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

/* --- identity and versions ----------------------------------------------------------
 */
static void rows_find_their_ticket(void **state)
{
    struct world *world = *state;
    struct record rows[4];

    ticket(&rows[0], 2, "WO-0001", 1000, HY_NEVER, "工程部");
    ticket(&rows[1], 3, "WO-1", 1000, HY_NEVER, "工程部"); /* zeros are part of it */
    ticket(&rows[2], 4, "WO-0001X", 1000, HY_NEVER, "工程部");
    ticket(&rows[3], 5, "WO-0001", 1000, HY_NEVER, "工程部");
    assert_counts(load_rows(world->store, "a", T, rows, 4, NULL), 3, 0, 1);
    rows[0].value[F_COMPLETED_AT].empty = false;
    rows[0].value[F_COMPLETED_AT].number = 5000;
    assert_counts(load_rows(world->store, "b", T, rows, 3, NULL), 0, 1, 2);
    /* the older state again: known already */
    ticket(&rows[0], 9, "WO-0001", 1000, HY_NEVER, "工程部");
    assert_counts(load_rows(world->store, "c", T, rows, 1, NULL), 0, 0, 1);
}

static void natural_keys_and_whole_rows(void **state)
{
    struct world *world = *state;
    struct record rows[4];
    int i;

    for (i = 0; i < 4; i++) {
        ticket(&rows[i], (uint64_t)i + 2, "", 1000, HY_NEVER, "工程部");
        rows[i].natural = text_of(i < 2 ? "1000\x1f"
                                          "3-1503"
                                        : "2000\x1f"
                                          "3-1503");
    }
    assert_counts(load_rows(world->store, "a", T, rows, 4, NULL), 2, 0, 2);
    for (i = 0; i < 4; i++)
        rows[i].natural = text_of(NULL);
    /* equal rows without any key are told apart by their ordinal in the part */
    assert_counts(load_rows(world->store, "b", T, rows, 3, NULL), 3, 0, 0);
    assert_counts(load_rows(world->store, "c", T, rows, 4, NULL), 1, 0, 3);
}

static void latest_file_wins_in_any_order(void **state)
{
    struct world *world = *state;
    struct record early, late;
    struct facts facts;
    struct error error;

    ticket(&early, 2, "7", 1000, HY_NEVER, "客服部");
    row_number(&early, T, F_DUE_AT, 9000);
    ticket(&late, 2, "7", 1000, 5000, "工程部"); /* as of 5000, without deadline */
    row_number(&late, T, F_RATING_RESIDENT, HY_NEVER);
    load_rows(world->store, "late", T, &late, 1, NULL);
    load_rows(world->store, "early", T, &early, 1, NULL);
    RUNS(store_facts(world->store, NEED_TICKETS | NEED_NUMBERS, world->memory, &facts,
                     &error));
    assert_int_equal(facts.tickets.count, 1);
    assert_int_equal(facts.tickets.completed[0], 5000);
    assert_int_equal(facts.tickets.due[0], 9000);
    assert_string_equal(facts.words->text[facts.tickets.department[0]], "工程部");
    assert_string_equal(facts.words->text[facts.tickets.department_first[0]], "客服部");
    assert_string_equal(facts.words->text[facts.tickets.number[0]], "7");
    assert_int_equal(facts.tickets.columns[0],
                     COLUMN_COMPLETED | COLUMN_DUE | COLUMN_RATING);
}

static void partial_rows_come_first(void **state)
{
    struct world *world = *state;
    struct record partial, full;
    struct facts facts;
    struct error error;

    row_clear(&partial, 2);
    row_text(&partial, KIND_PARTIAL, F_TICKET_NO, "7");
    row_number(&partial, KIND_PARTIAL, F_REVISITED_AT, 8000);
    row_number(&partial, KIND_PARTIAL, F_RATING_RESIDENT, 5 << 4 | 4);
    row_text(&partial, KIND_PARTIAL, F_DEPARTMENT, ""); /* says nothing */
    assert_counts(load_rows(world->store, "sheet", KIND_PARTIAL, &partial, 1, NULL), 1,
                  0, 0);
    RUNS(store_facts(world->store, NEED_TICKETS, world->memory, &facts, &error));
    assert_int_equal(facts.tickets.count, 0); /* received is not known */
    ticket(&full, 2, "7", 1000, 5000, "工程部");
    assert_counts(load_rows(world->store, "full", T, &full, 1, NULL), 0, 1, 0);
    RUNS(store_facts(world->store, NEED_TICKETS, world->memory, &facts, &error));
    assert_int_equal(facts.tickets.count, 1);
    assert_int_equal(facts.tickets.revisited[0], 8000);
    assert_int_equal(RATING_SCORE(facts.tickets.rating_resident[0]), 4);
    assert_string_equal(facts.words->text[facts.tickets.department[0]], "工程部");
}

static void empty_cell_of_a_full_sheet_says_empty(void **state)
{
    struct world *world = *state;
    struct record row;
    struct facts facts;
    struct error error;

    ticket(&row, 2, "7", 1000, 5000, "工程部");
    row_number(&row, T, F_RECORDED_AT, 1000);
    load_rows(world->store, "a", T, &row, 1, NULL);
    ticket(&row, 2, "7", 1000, HY_NEVER, "工程部"); /* reopened: completion withdrawn */
    row_number(&row, T, F_RECORDED_AT, 6000);
    load_rows(world->store, "b", T, &row, 1, NULL);
    RUNS(store_facts(world->store, NEED_TICKETS, world->memory, &facts, &error));
    assert_true(facts.tickets.completed[0] == HY_NEVER);
}

/* --- ledger, rejects, undo
 * -------------------------------------------------------------- */
static void ledger_and_rejects(void **state)
{
    struct world *world = *state;
    struct store_file file = file_named("r");
    struct store_part part = part_of(T, 3);
    const struct reject_line *lines;
    const struct batch_line *batches;
    struct counts counts, known;
    struct error error;
    enum outcome outcome;
    struct record row;
    int64_t batch, again;
    size_t count;

    ticket(&row, 4, "7", 1000, 5000, "工程部");
    RUNS(store_file_begin(world->store, &file, &batch, &known, &error));
    RUNS(store_part_begin(world->store, &part, &error));
    RUNS(store_put(world->store, &row, &outcome, &error));
    assert_int_equal(outcome, OUTCOME_LOADED);
    RUNS(store_reject(world->store, 5, REJECT_BAD_TIME, "received_at",
                      TEXT("[\"8\",\"明天13812345678\"]"), &error));
    store_skip(world->store);
    RUNS(store_part_end(world->store, AS_OF_HORIZON, HY_NEVER, &counts, &error));
    assert_int_equal(counts.rows, 3);
    RUNS(store_file_end(world->store, false, &counts, &error));
    assert_int_equal(counts.rejected, 1);
    assert_int_equal(counts.skipped, 1);
    RUNS(store_rejects(world->store, world->memory, &lines, &count, &error));
    assert_int_equal(count, 1);
    assert_int_equal(lines[0].batch, batch);
    assert_int_equal(lines[0].row_no, 5);
    assert_int_equal(lines[0].reason, REJECT_BAD_TIME);
    assert_string_equal(lines[0].field, "received_at");
    assert_int_equal(lines[0].cell_count, 2);
    assert_string_equal(text_copy(world->memory, lines[0].cells[0]), "8");
    assert_string_equal(text_copy(world->memory, lines[0].cells[1]), "明天13812345678");
    assert_false(lines[0].cut);
    assert_string_equal(lines[0].file, "r");
    /* the same bytes again: nothing begins, everything is a duplicate */
    assert_int_equal(store_file_begin(world->store, &file, &again, &known, &error),
                     HY_END);
    assert_int_equal(again, batch);
    assert_int_equal(known.rows, 3);
    assert_int_equal(known.duplicate, 1);
    assert_int_equal(known.rejected, 1);
    RUNS(store_batches(world->store, world->memory, &batches, &count, &error));
    assert_int_equal(count, 1);
    assert_true(batches[0].live);
    assert_int_equal(batches[0].counts.loaded, 1);
}

static bool file_holds(const char *path, const char *needle)
{
    struct stat info;
    FILE *file = fopen(path, "r");
    char *bytes;
    bool found;

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &info), 0);
    bytes = malloc((size_t)info.st_size);
    assert_int_equal(fread(bytes, 1, (size_t)info.st_size, file), info.st_size);
    found = memmem(bytes, (size_t)info.st_size, needle, strlen(needle)) != NULL;
    free(bytes);
    fclose(file);
    return found;
}

static void rejects_lie_sealed(void **state)
{
    struct world *world = *state;

    ledger_and_rejects(state);
    assert_false(file_holds(world->place.path, "13812345678"));
    assert_true(file_holds(world->place.path, "工程部")); /* the search works */
}

static void content_of(struct store *store, unsigned char out[32])
{
    struct error error;

    RUNS(store_content(store, out, &error));
}

static void undo_is_as_if_never(void **state)
{
    struct world *world = *state;
    unsigned char empty[32], one[32], two[32], now[32];
    struct record rows[2];
    struct error error;
    int64_t first, second;

    content_of(world->store, empty);
    ticket(&rows[0], 2, "7", 1000, HY_NEVER, "客服部");
    ticket(&rows[1], 3, "8", 1500, HY_NEVER, "客服部");
    load_rows(world->store, "a", T, rows, 2, &first);
    content_of(world->store, one);
    ticket(&rows[0], 2, "7", 1000, 5000, "工程部");
    load_rows(world->store, "b", T, rows, 2, &second);
    content_of(world->store, two);
    assert_memory_not_equal(one, two, 32);
    RUNS(store_undo(world->store, second, &error));
    content_of(world->store, now);
    assert_memory_equal(now, one, 32);
    load_rows(world->store, "b", T, rows, 2, &second);
    content_of(world->store, now);
    assert_memory_equal(now, two, 32);
    RUNS(store_undo(world->store, first, &error));
    assert_int_equal(store_undo(world->store, first, &error), HY_USAGE);
    assert_int_equal(store_undo(world->store, 999, &error), HY_USAGE);
    RUNS(store_undo(world->store, second, &error));
    content_of(world->store, now);
    assert_memory_equal(now, empty, 32);
}

static void dry_and_abort_change_nothing(void **state)
{
    struct world *world = *state;
    unsigned char before[32], after[32];
    struct store_file file = file_named("dry");
    struct store_part part = part_of(T, 3);
    struct counts counts, known;
    enum outcome outcome;
    struct error error;
    struct record row;
    int64_t batch;

    content_of(world->store, before);
    ticket(&row, 2, "7", 1000, 5000, "工程部");
    RUNS(store_file_begin(world->store, &file, &batch, &known, &error));
    RUNS(store_part_begin(world->store, &part, &error));
    RUNS(store_put(world->store, &row, &outcome, &error));
    RUNS(store_part_end(world->store, AS_OF_HORIZON, HY_NEVER, NULL, &error));
    RUNS(store_file_end(world->store, true, &counts, &error));
    assert_int_equal(counts.loaded, 1);
    content_of(world->store, after);
    assert_memory_equal(before, after, 32);
    RUNS(store_file_begin(world->store, &file, &batch, &known, &error));
    RUNS(store_part_begin(world->store, &part, &error));
    RUNS(store_put(world->store, &row, &outcome, &error));
    store_file_abort(world->store);
    content_of(world->store, after);
    assert_memory_equal(before, after, 32);
}

static void another_reading_replaces_the_old(void **state)
{
    struct world *world = *state;
    struct store_file file = file_named("a");
    struct store_part part = part_of(T, 3);
    unsigned char alone[32], replaced[32];
    const struct batch_line *lines;
    struct counts known;
    enum outcome outcome;
    struct record row;
    struct error error;
    int64_t batch;
    size_t count;
    int round;

    for (round = 0; round < 2; round++) {
        file.maps[0] = 0;
        ticket(&row, 2, "7", 1000, 5000, "工程部");
        if (round == 1)
            load_rows(world->store, "a", T, &row, 1, NULL);
        row.value[F_DEPARTMENT].text = text_of("客服部"); /* the new map reads so */
        file.maps[0] = 1;
        RUNS(store_file_begin(world->store, &file, &batch, &known, &error));
        RUNS(store_part_begin(world->store, &part, &error));
        RUNS(store_put(world->store, &row, &outcome, &error));
        assert_int_equal(outcome, OUTCOME_LOADED);
        RUNS(store_part_end(world->store, AS_OF_HORIZON, HY_NEVER, NULL, &error));
        RUNS(store_file_end(world->store, false, NULL, &error));
        content_of(world->store, round == 0 ? alone : replaced);
        if (round == 0)
            RUNS(store_undo(world->store, batch, &error));
    }
    assert_memory_equal(alone, replaced, 32);
    RUNS(store_batches(world->store, world->memory, &lines, &count, &error));
    assert_int_equal(count, 3);
    assert_false(lines[1].live);
    assert_true(lines[2].live);
}

static void reports_cannot_read_people(void **state)
{
    struct world *world = *state;
    const struct reject_line *lines;
    struct record row;
    struct facts facts;
    struct error error;
    struct store *other;
    size_t count;

    ticket(&row, 2, "7", 1000, 5000, "工程部");
    load_rows(world->store, "a", T, &row, 1, NULL);
    RUNS(store_open(&other, world->place.path, STORE_READ, &error));
    RUNS(store_restrict(other, 2, &error));
    RUNS(store_facts(other,
                     NEED_TICKETS | NEED_EVENTS | NEED_CALLS | NEED_REGISTERS
                         | NEED_NUMBERS,
                     world->memory, &facts, &error));
    assert_int_equal(facts.tickets.count, 1);
    assert_int_not_equal(store_rejects(other, world->memory, &lines, &count, &error),
                         HY_OK);
    store_close(other);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(modes_and_absence),
        CASE(a_lost_key_is_asked_for),
        CASE(refusals_leave_the_file),
        CASE(damage_never_crashes),
        CASE(large_damage_keeps_nothing),
        CASE(second_writer_is_told),
        CASE(every_table_has_a_class),
        CASE(rows_find_their_ticket),
        CASE(natural_keys_and_whole_rows),
        CASE(latest_file_wins_in_any_order),
        CASE(partial_rows_come_first),
        CASE(empty_cell_of_a_full_sheet_says_empty),
        CASE(ledger_and_rejects),
        CASE(rejects_lie_sealed),
        CASE(undo_is_as_if_never),
        CASE(dry_and_abort_change_nothing),
        CASE(another_reading_replaces_the_old),
        CASE(reports_cannot_read_people),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
