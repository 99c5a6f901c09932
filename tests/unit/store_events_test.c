/* store_events_test.c - event logs: many rows of one ticket, in any order of files. */
#include "store_help.h"

enum { HOUR = 3600, ORDERS = 6, FILES = 3 };

static struct record ticket_row_of(const char *number, int64_t received,
                                   const char *trail)
{
    struct record row;

    row_clear(&row, 2);
    row_text(&row, KIND_TICKET, F_TICKET_NO, number);
    row_number(&row, KIND_TICKET, F_RECEIVED_AT, received);
    row_text(&row, KIND_TICKET, F_TRAIL, trail);
    return row;
}

static struct record event(uint64_t row_no, const char *number, enum event_kind kind,
                           int64_t at, const char *from, const char *to)
{
    struct record row;

    row_clear(&row, row_no);
    row_text(&row, KIND_EVENT, E_TICKET_NO, number);
    row_number(&row, KIND_EVENT, E_EVENT, kind);
    row_number(&row, KIND_EVENT, E_EVENT_AT, at);
    row_text(&row, KIND_EVENT, E_FROM_DEPARTMENT, from);
    row_text(&row, KIND_EVENT, E_TO_DEPARTMENT, to);
    row_text(&row, KIND_EVENT, E_REASON, "");
    return row;
}

/* File 0: two tickets. File 1: five steps. File 2: two of them again, and one more. */
static void load_file_of_test(struct store *store, int file, int64_t *batch)
{
    struct record tickets[2] = { ticket_row_of("W1", 0, "工程>秩序>环境"),
                                 ticket_row_of("W2", 50, "工程>环境") };
    struct record first[5] = {
        event(2, "W1", EVENT_DISPATCH, HOUR, "", "工程"),
        event(3, "W1", EVENT_TRANSFER, 2 * HOUR, "工程", "环境"),
        event(4, "W1", EVENT_PAUSE, 3 * HOUR, "", ""),
        event(5, "W1", EVENT_RESUME, 5 * HOUR, "", ""),
        event(6, "W9", EVENT_URGE, 5 * HOUR, "", ""),
    };
    struct record second[3] = {
        event(2, "W1", EVENT_PAUSE, 3 * HOUR, "", ""),
        event(3, "W1", EVENT_RESUME, 5 * HOUR, "", ""),
        event(4, "W1", EVENT_REOPEN, 9 * HOUR, "", ""),
    };

    if (file == 0)
        load_rows(store, "tickets", KIND_TICKET, tickets, 2, batch);
    else if (file == 1)
        load_rows(store, "first", KIND_EVENT, first, 5, batch);
    else
        load_rows(store, "second", KIND_EVENT, second, 3, batch);
}

static void facts_of(struct store *store, struct arena *memory, struct facts *facts)
{
    struct error error;

    RUNS(store_facts(store, NEED_TICKETS | NEED_EVENTS | NEED_NUMBERS, memory, facts,
                     &error));
}

static void steps_stand_by_their_ticket(void **state)
{
    static const uint8_t kinds[] = { EVENT_DISPATCH, EVENT_TRANSFER, EVENT_PAUSE,
                                     EVENT_RESUME,   EVENT_REOPEN,   EVENT_TRANSFER };
    static const int64_t times[] = { HOUR,     2 * HOUR, 3 * HOUR,
                                     5 * HOUR, 9 * HOUR, HY_NEVER };
    struct place_of_test place;
    struct arena *memory = arena_new();
    struct store *store;
    struct facts facts;
    struct error error;
    size_t i;

    (void)state;
    place_make(&place);
    RUNS(store_open(&store, place.path, STORE_CREATE, &error));
    for (i = 0; i < FILES; i++)
        load_file_of_test(store, (int)i, NULL);
    facts_of(store, memory, &facts);
    /* Of W1 the log tells one transfer, so the two of its trail give way; W2 has
     * only its trail; W9 has no ticket. */
    assert_int_equal(facts.events.count, 6);
    for (i = 0; i < 6; i++) {
        assert_int_equal(facts.events.ticket[i], i == 5 ? 1 : 0);
        assert_int_equal(facts.events.kind[i], kinds[i]);
        assert_int_equal(facts.events.at[i], times[i]);
    }
    assert_string_equal(facts.words->text[facts.events.from_department[1]], "工程");
    assert_string_equal(facts.words->text[facts.events.to_department[1]], "环境");
    assert_int_equal(facts.words->domain[facts.events.to_department[1]],
                     WORD_DEPARTMENT);
    store_close(store);
    arena_free(memory);
    place_gone(&place);
}

static void any_order_is_the_same(void **state)
{
    static const int orders[ORDERS][FILES] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                               { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
    unsigned char first[32], other[32];
    int i, k;

    (void)state;
    for (i = 0; i < ORDERS; i++) {
        struct place_of_test place;
        struct arena *memory = arena_new();
        struct store *store;
        struct facts facts;
        struct error error;

        place_make(&place);
        RUNS(store_open(&store, place.path, STORE_CREATE, &error));
        for (k = 0; k < FILES; k++)
            load_file_of_test(store, orders[i][k], NULL);
        RUNS(store_content(store, i == 0 ? first : other, &error));
        if (i > 0)
            assert_memory_equal(first, other, 32);
        facts_of(store, memory, &facts);
        assert_int_equal(facts.events.count, 6);
        store_close(store);
        arena_free(memory);
        place_gone(&place);
    }
}

static void undone_is_never_loaded(void **state)
{
    unsigned char before[32], after[32];
    struct place_of_test place;
    struct store *store;
    struct error error;
    int64_t batch = 0;

    (void)state;
    place_make(&place);
    RUNS(store_open(&store, place.path, STORE_CREATE, &error));
    load_file_of_test(store, 0, NULL);
    load_file_of_test(store, 2, NULL);
    RUNS(store_content(store, before, &error));
    load_file_of_test(store, 1, &batch);
    RUNS(store_content(store, after, &error));
    assert_memory_not_equal(before, after, 32);
    RUNS(store_undo(store, batch, &error));
    RUNS(store_content(store, after, &error));
    assert_memory_equal(before, after, 32);
    store_close(store);
    place_gone(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_stand_by_their_ticket),
        cmocka_unit_test(any_order_is_the_same),
        cmocka_unit_test(undone_is_never_loaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
