/* store_kill_test.c - SIGKILL at random moments, and four writers at once: the
 * database is always that of a set of whole files, and a re-run completes it.
 * HUIYIN_KILLS sets how many kills (20 without it). */
#include "store_help.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <time.h>

enum { FILES = 4, ROWS = 400, KILLS = 20, WRITERS = 4 };

static enum status load_one(struct store *store, int number, struct error *error)
{
    struct store_file file;
    struct store_part part;
    struct counts known;
    struct record row;
    enum outcome outcome;
    enum status status;
    int64_t batch;
    char name[32], ticket[32];
    int i;

    snprintf(name, sizeof name, "kill-%d", number);
    file = file_named(name);
    status = store_file_begin(store, &file, &batch, &known, error);
    if (status != HY_OK)
        return status == HY_END ? HY_OK : status;
    part = part_of(KIND_TICKET, 3);
    TRY(store_part_begin(store, &part, error));
    for (i = 0; i < ROWS; i++) { /* half of each file changes the one before */
        row_clear(&row, (uint64_t)i + 2);
        snprintf(ticket, sizeof ticket, "WO-%06d", number * ROWS / 2 + i);
        row_text(&row, KIND_TICKET, F_TICKET_NO, ticket);
        row_number(&row, KIND_TICKET, F_RECEIVED_AT, 1000 + i);
        row_number(&row, KIND_TICKET, F_COMPLETED_AT, 5000 + number);
        row_text(&row, KIND_TICKET, F_DEPARTMENT, number % 2 ? "工程部" : "客服部");
        row_text(&row, KIND_TICKET, F_CONTENT, "电梯异响，业主要求尽快处理");
        TRY(store_put(store, &row, &outcome, error));
    }
    TRY(store_reject(store, ROWS + 2, REJECT_BAD_TIME, "received_at", TEXT("[]"),
                     error));
    TRY(store_part_end(store, AS_OF_HORIZON, HY_NEVER, NULL, error));
    return store_file_end(store, false, NULL, error);
}

/* content: after each of the files, when not NULL. */
static enum status load_all(const char *path, unsigned char (*content)[32],
                            struct error *error)
{
    struct store *store;
    enum status status = store_open(&store, path, STORE_CREATE, error);
    int i;

    if (status == HY_OK && content != NULL)
        status = store_content(store, content[0], error);
    for (i = 0; i < FILES && status == HY_OK; i++) {
        status = load_one(store, i, error);
        if (status == HY_OK && content != NULL)
            status = store_content(store, content[i + 1], error);
    }
    store_close(store);
    return status;
}

static pid_t start(const char *path)
{
    pid_t child = fork();
    struct error error;

    if (child == 0)
        _exit((int)load_all(path, NULL, &error));
    assert_true(child > 0);
    return child;
}

static void assert_keys_hold(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA foreign_key_check", -1, &statement,
                                        NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement,
                                        NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void is_a_set_of_whole_files(const char *path, unsigned char (*content)[32])
{
    struct store *store;
    struct error error;
    unsigned char now[32];
    bool found = false;
    int i;

    RUNS(store_open(&store, path, STORE_CREATE, &error));
    RUNS(store_content(store, now, &error));
    store_close(store);
    for (i = 0; i <= FILES; i++)
        found = found || memcmp(now, content[i], 32) == 0;
    assert_true(found);
    assert_keys_hold(path);
}

static long nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

static void killed_at_any_moment(void **state)
{
    const char *wanted = getenv("HUIYIN_KILLS");
    int kills = wanted != NULL ? atoi(wanted) : KILLS, i;
    unsigned char content[FILES + 1][32], now[FILES + 1][32];
    struct place_of_test place;
    struct error error;
    long whole;
    pid_t child;

    (void)state;
    place_make(&place);
    RUNS(load_all(place.path, content, &error));
    place_gone(&place);
    place_make(&place);
    whole = nanoseconds();
    waitpid(start(place.path), NULL, 0);
    whole = nanoseconds() - whole;
    place_gone(&place);
    for (i = 0; i < kills; i++) {
        struct timespec rest = { 0, whole / kills * i + whole / kills / 2 };

        rest.tv_sec = rest.tv_nsec / 1000000000L;
        rest.tv_nsec %= 1000000000L;
        place_make(&place);
        child = start(place.path);
        nanosleep(&rest, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        is_a_set_of_whole_files(place.path, content);
        RUNS(load_all(place.path, now, &error));
        assert_memory_equal(now[FILES], content[FILES], 32);
        place_gone(&place);
    }
}

static void four_writers_agree(void **state)
{
    unsigned char content[FILES + 1][32], now[FILES + 1][32];
    struct place_of_test place;
    struct error error;
    pid_t children[WRITERS];
    int i, result;

    (void)state;
    place_make(&place);
    RUNS(load_all(place.path, content, &error));
    place_gone(&place);
    place_make(&place);
    for (i = 0; i < WRITERS; i++)
        children[i] = start(place.path);
    for (i = 0; i < WRITERS; i++) {
        assert_int_equal(waitpid(children[i], &result, 0), children[i]);
        assert_true(WIFEXITED(result));
        assert_true(WEXITSTATUS(result) == HY_OK || WEXITSTATUS(result) == HY_BUSY);
    }
    RUNS(load_all(place.path, now, &error));
    assert_memory_equal(now[FILES], content[FILES], 32);
    assert_keys_hold(place.path);
    place_gone(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_any_moment),
        cmocka_unit_test(four_writers_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
