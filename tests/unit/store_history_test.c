/* store_history_test.c - edits between exports, and tickets that a later export lacks.
 */
#include "store_help.h"

enum { DAY = 86400, TICKETS = 30, GONE = 12 };

static struct record ticket_of(int i, int64_t due, int64_t updated)
{
    static char numbers[TICKETS][8];
    struct record row;

    snprintf(numbers[i], sizeof numbers[i], "W%03d", i);
    row_clear(&row, (uint64_t)i + 2);
    row_text(&row, KIND_TICKET, F_TICKET_NO, numbers[i]);
    row_number(&row, KIND_TICKET, F_RECEIVED_AT, (int64_t)i * DAY);
    row_number(&row, KIND_TICKET, F_DUE_AT, due);
    row_number(&row, KIND_TICKET, F_UPDATED_AT, updated);
    return row;
}

/* An export of the tickets from..until-1 but one, as of a day. */
static void export_of(struct store *store, const char *name, int from, int until,
                      int without, int64_t as_of, int64_t *batch)
{
    struct record rows[TICKETS];
    size_t count = 0;
    int i;

    for (i = from; i < until; i++)
        if (i != without)
            rows[count++] = ticket_of(i, (i + 2) * (int64_t)DAY, as_of);
    load_rows(store, name, KIND_TICKET, rows, count, batch);
}

static void facts_of(struct store *store, struct arena *memory, struct facts *facts)
{
    struct error error;

    RUNS(store_facts(store, NEED_TICKETS | NEED_EVENTS, memory, facts, &error));
}

static void gone_and_back(void **state)
{
    struct place_of_test place;
    struct arena *memory = arena_new();
    struct store *store;
    struct facts facts;
    struct error error;
    int64_t batch;

    (void)state;
    place_make(&place);
    RUNS(store_open(&store, place.path, STORE_CREATE, &error));
    /* in this order of loading, not of time: order must not matter */
    export_of(store, "second", 0, TICKETS, GONE, 50 * DAY, NULL);
    export_of(store, "first", 0, TICKETS, -1, 40 * DAY, NULL);
    facts_of(store, memory, &facts);
    assert_int_equal(facts.vanished.count, 1);
    assert_int_equal(facts.vanished.ticket[0], GONE);
    assert_int_equal(facts.vanished.seen[0], 50 * DAY);
    /* an export of other days, or of a few, misses nobody */
    export_of(store, "end", 26, TICKETS, -1, 60 * DAY, NULL);
    facts_of(store, memory, &facts);
    assert_int_equal(facts.vanished.count, 1);
    /* it comes back: it had not gone */
    export_of(store, "third", 0, TICKETS, -1, 70 * DAY, &batch);
    facts_of(store, memory, &facts);
    assert_int_equal(facts.vanished.count, 0);
    RUNS(store_undo(store, batch, &error));
    facts_of(store, memory, &facts);
    assert_int_equal(facts.vanished.count, 1);
    store_close(store);
    arena_free(memory);
    place_gone(&place);
}

static void a_deadline_was_moved(void **state)
{
    struct place_of_test place;
    struct arena *memory = arena_new();
    struct record before = ticket_of(3, 5 * DAY, 6 * DAY);
    struct record after = ticket_of(3, 9 * DAY, 8 * DAY);
    struct store *store;
    struct facts facts;
    struct error error;

    (void)state;
    place_make(&place);
    RUNS(store_open(&store, place.path, STORE_CREATE, &error));
    load_rows(store, "before", KIND_TICKET, &before, 1, NULL);
    load_rows(store, "after", KIND_TICKET, &after, 1, NULL);
    facts_of(store, memory, &facts);
    assert_int_equal(facts.changes.count, 1);
    assert_int_equal(facts.changes.ticket[0], 0);
    assert_int_equal(facts.changes.what[0], CHANGE_DUE);
    assert_int_equal(facts.changes.was[0], 5 * DAY);
    assert_int_equal(facts.changes.now[0], 9 * DAY);
    assert_int_equal(facts.changes.before[0], 6 * DAY);
    assert_int_equal(facts.changes.seen[0], 8 * DAY);
    store_close(store);
    arena_free(memory);
    place_gone(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gone_and_back),
        cmocka_unit_test(a_deadline_was_moved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
