/* store_promises_test.c - registers of hard cases and measures as the facts hold them.
 */
#include "store_help.h"

enum { DAY = 86400 };

static struct record hard_row(const char *number, const char *next, int64_t kept)
{
    struct record row;

    row_clear(&row, 2);
    row_text(&row, KIND_HARD, L_TICKET_NO, number);
    row_text(&row, KIND_HARD, L_REASON, "待备件");
    row_text(&row, KIND_HARD, L_DEPARTMENT, "工程部");
    row_text(&row, KIND_HARD, L_NEXT_STEP, next);
    row_number(&row, KIND_HARD, L_PROMISED, 400 * DAY); /* far ahead: no horizon */
    row_number(&row, KIND_HARD, L_PUBLIC, 1);
    row_number(&row, KIND_HARD, L_KEPT, kept);
    return row;
}

static void load_facts(struct store *store, struct arena *memory, struct facts *facts)
{
    struct error error;

    RUNS(store_facts(store, NEED_TICKETS | NEED_REGISTERS | NEED_NUMBERS, memory, facts,
                     &error));
}

static void promises_meet_their_tickets(void **state)
{
    struct record hard[2] = { hard_row("W2", "订货", HY_NEVER),
                              hard_row("W8", "催厂家", HY_NEVER) };
    struct record kept = hard_row("W2", "已换好", 30 * DAY), measure, ticket;
    struct place_of_test place;
    struct arena *memory = arena_new();
    struct store *store;
    struct facts facts;
    struct error error;
    int64_t batch;

    (void)state;
    place_make(&place);
    RUNS(store_open(&store, place.path, STORE_CREATE, &error));
    load_rows(store, "hard", KIND_HARD, hard, 2, NULL);
    row_clear(&ticket, 2);
    row_text(&ticket, KIND_TICKET, F_TICKET_NO, "W2");
    row_number(&ticket, KIND_TICKET, F_RECEIVED_AT, 10 * DAY);
    load_rows(store, "tickets", KIND_TICKET, &ticket, 1, NULL);
    load_rows(store, "hard later", KIND_HARD, &kept, 1, &batch);
    row_clear(&measure, 2);
    row_text(&measure, KIND_MEASURE, M_NUMBER, "Z1");
    row_number(&measure, KIND_MEASURE, M_OPENED, 5 * DAY);
    row_text(&measure, KIND_MEASURE, M_TITLE, "更换三号梯钢丝绳");
    row_number(&measure, KIND_MEASURE, M_DUE, 500 * DAY);
    load_rows(store, "measures", KIND_MEASURE, &measure, 1, NULL);
    load_facts(store, memory, &facts);
    assert_int_equal(facts.registers.promise_count, 2);
    assert_string_equal(facts.registers.promises[0].number, "W2");
    assert_int_equal(facts.registers.promises[0].ticket, 1);
    assert_string_equal(facts.registers.promises[0].next_step, "已换好");
    assert_int_equal(facts.registers.promises[0].promised, 400);
    assert_int_equal(facts.registers.promises[0].kept, 30);
    assert_true(facts.registers.promises[0].shown);
    assert_int_equal(facts.registers.promises[1].ticket, 0);
    assert_int_equal(facts.registers.promises[1].kept, INT32_MIN);
    assert_int_equal(facts.registers.measure_count, 1);
    assert_string_equal(facts.registers.measures[0].title, "更换三号梯钢丝绳");
    assert_int_equal(facts.registers.measures[0].due, 500);
    assert_int_equal(facts.registers.measures[0].done, INT32_MIN);
    /* neither a promised day nor a deadline says how far the data reach */
    assert_int_equal(facts.ledger.horizon, 30 * DAY);
    RUNS(store_undo(store, batch, &error));
    load_facts(store, memory, &facts);
    assert_string_equal(facts.registers.promises[0].next_step, "订货");
    assert_int_equal(facts.registers.promises[0].kept, INT32_MIN);
    store_close(store);
    arena_free(memory);
    place_gone(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promises_meet_their_tickets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
