/* store_facts_test.c - the columns of a handful of tickets, worked out by hand. */
#include "store_help.h"

#include <sqlite3.h>

#define T KIND_TICKET
#define CALLER_A "00112233445566778899aabbccddeeff"
#define CALLER_B "ffeeddccbbaa99887766554433221100"

enum { DAY = 86400 };

struct world {
    struct place_of_test place;
    struct store *store;
    struct arena *memory;
    struct facts facts;
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

static void load_facts(struct world *world)
{
    struct error error;

    RUNS(store_facts(world->store,
                     NEED_TICKETS | NEED_EVENTS | NEED_CALLS | NEED_REGISTERS
                         | NEED_NUMBERS,
                     world->memory, &world->facts, &error));
}

static const char *word(const struct world *world, uint32_t id)
{
    return world->facts.words->text[id];
}

static void base(struct record *row, uint64_t row_no, const char *number,
                 int64_t received)
{
    row_clear(row, row_no);
    row_text(row, T, F_TICKET_NO, number);
    row_number(row, T, F_RECEIVED_AT, received);
    row_number(row, T, F_COMPLETED_AT, HY_NEVER);
    row_text(row, T, F_CATEGORY1, "");
    row_text(row, T, F_CATEGORY2, "");
    row_text(row, T, F_DEPARTMENT, "");
    row_text(row, T, F_COMMUNITY, "");
    row_text(row, T, F_GRID, "");
    row_text(row, T, F_CONTACT, "");
    row_text(row, T, F_TRAIL, "");
    row_text(row, T, F_MERGED_INTO, "");
    row_number(row, T, F_URGENCY, HY_NEVER);
    row_number(row, T, F_RESOLVED_FLAG, HY_NEVER);
    row_number(row, T, F_TRANSFER_COUNT, HY_NEVER);
}

static void columns_by_hand(void **state)
{
    struct world *world = *state;
    const struct tickets *tickets = &world->facts.tickets;
    struct record rows[4];

    base(&rows[0], 2, "W10", 500); /* same second as W2: "W10" < "W2" by bytes */
    base(&rows[1], 3, "W2", 500);
    base(&rows[2], 4, "X-A", 100); /* first, though its number has another shape */
    base(&rows[3], 5, "W3", 900);
    row_text(&rows[0], T, F_CATEGORY1, "电梯");
    row_text(&rows[0], T, F_CATEGORY2, "异响");
    row_text(&rows[1], T, F_CATEGORY1, "电梯");
    row_text(&rows[0], T, F_BUILDING, "3栋");
    row_text(&rows[0], T, F_UNIT, "2单元");
    row_text(&rows[0], T, F_ROOM, "1503");
    row_text(&rows[3], T, F_BUILDING, "3栋");
    row_text(&rows[3], T, F_UNIT, "2单元");
    row_text(&rows[3], T, F_ROOM, "1503");
    row_text(&rows[2], T, F_SPOT, "大堂");
    row_text(&rows[2], T, F_GRID, "东区");
    row_number(&rows[1], T, F_COMPLETED_AT, 2 * DAY);
    rows[1].value[F_COMPLETED_AT].date_only = true;
    row_number(&rows[1], T, F_RESOLVED_FLAG, 1);
    row_number(&rows[0], T, F_RESOLVED_FLAG, 0);
    row_number(&rows[0], T, F_TRANSFER_COUNT, 3);
    row_number(&rows[0], T, F_URGENCY, 99); /* no such code: unknown, not wrapped */
    row_text(&rows[1], T, F_MERGED_INTO, "W10");
    row_text(&rows[3], T, F_MERGED_INTO, "W10");
    load_rows(world->store, "a", T, rows, 4, NULL);
    load_facts(world);
    assert_int_equal(tickets->count, 4);
    assert_string_equal(word(world, tickets->number[0]), "X-A");
    assert_string_equal(word(world, tickets->number[1]), "W10");
    assert_string_equal(word(world, tickets->number[2]), "W2");
    assert_string_equal(word(world, tickets->number[3]), "W3");
    assert_true(tickets->serial[0] == 0); /* ends in a letter */
    assert_true(tickets->serial[3] - tickets->serial[2] == 1);
    assert_true(tickets->serial[3] >> SERIAL_BITS == tickets->serial[2] >> SERIAL_BITS);
    assert_true(tickets->serial[1] >> SERIAL_BITS != tickets->serial[2] >> SERIAL_BITS);
    assert_string_equal(word(world, tickets->category[1]), "异响");
    assert_string_equal(word(world, tickets->category[2]), "电梯");
    assert_int_equal(tickets->category[3], 0);
    assert_string_equal(word(world, tickets->building[1]), "3栋");
    assert_string_equal(word(world, tickets->spot[0]), "大堂");
    assert_string_equal(word(world, tickets->grid[0]), "东区");
    assert_int_equal(tickets->household[1], 1);
    assert_int_equal(tickets->household[3], 1);
    assert_int_equal(tickets->household[0], 0);
    assert_true(tickets->completed[1] == HY_NEVER);
    assert_int_equal(tickets->completed[2], 2 * DAY);
    assert_int_equal(tickets->date_only[2], DATE_ONLY_COMPLETED);
    assert_true(flag_yes(tickets->flags[2], FLAG_RESOLVED));
    assert_true(flag_known(tickets->flags[1], FLAG_RESOLVED));
    assert_false(flag_yes(tickets->flags[1], FLAG_RESOLVED));
    assert_false(flag_known(tickets->flags[0], FLAG_RESOLVED));
    assert_int_equal(tickets->transfers_stated[1], 3);
    assert_int_equal(tickets->transfers_stated[0], 0xFFFF);
    assert_int_equal(tickets->urgency[1], 0);
    assert_int_equal(tickets->merged_into[2], 2); /* 1 + index of W10 */
    assert_int_equal(tickets->merged_into[1], 0);
    assert_int_equal(tickets->contacts[1], 3);
    assert_int_equal(tickets->contacts[0], 1);
    assert_int_equal(tickets->columns[0], COLUMN_COMPLETED);
    assert_int_equal(world->facts.ledger.rows, 4);
    assert_int_equal(world->facts.ledger.first_received, 100);
    assert_int_equal(world->facts.ledger.last_received, 900);
    assert_int_equal(world->facts.ledger.horizon, 2 * DAY);
}

/* A sub-score is of the scale of the rating beside it, the owner's first, else of five;
 * one beyond its scale is none.  Not rated: 0. */
static void sub_scores_by_hand(void **state)
{
    struct world *world = *state;
    const struct tickets *tickets = &world->facts.tickets;
    struct record rows[5];
    int i;

    for (i = 0; i < 5; i++) {
        base(&rows[i], (uint64_t)i + 2,
             (const char *[]){ "W1", "W2", "W3", "W4", "W5" }[i], 100 + i);
        row_number(&rows[i], T, F_SAT_SPEED, (int64_t[]){ 4, 2, 9, 7, HY_NEVER }[i]);
        row_number(&rows[i], T, F_SAT_QUALITY, HY_NEVER);
        row_number(&rows[i], T, F_RATING_RESIDENT, HY_NEVER);
        row_number(&rows[i], T, F_RATING_STAFF, HY_NEVER);
    }
    row_number(&rows[0], T, F_SAT_QUALITY, 1);
    row_number(&rows[1], T, F_RATING_RESIDENT, 2 << 4 | 2);
    row_number(&rows[1], T, F_RATING_STAFF, 5 << 4 | 4);
    row_number(&rows[2], T, F_RATING_STAFF, 10 << 4 | 8);
    load_rows(world->store, "a", T, rows, 5, NULL);
    load_facts(world);
    assert_int_equal(tickets->rating_speed[0], 5 << 4 | 4);
    assert_int_equal(tickets->rating_quality[0], 5 << 4 | 1);
    assert_int_equal(tickets->rating_speed[1], 2 << 4 | 2);
    assert_int_equal(tickets->rating_speed[2], 10 << 4 | 9);
    assert_int_equal(tickets->rating_speed[3], 0);
    assert_int_equal(tickets->rating_speed[4], 0);
    assert_int_equal(tickets->rating_quality[1], 0);
}

static void correction(struct record *row, const char *field, const char *old,
                       const char *now)
{
    row_clear(row, 2);
    row_text(row, KIND_CORRECTION, K_TICKET_NO, "W1");
    row_text(row, KIND_CORRECTION, K_SOURCE, "desk");
    row_text(row, KIND_CORRECTION, K_FIELD, field);
    row_text(row, KIND_CORRECTION, K_OLD, old);
    row_text(row, KIND_CORRECTION, K_NEW, now);
}

/* No ticket says when it was closed, where its first nature was another, or what its
 * narrower category is: those columns are one with others, until a person's word
 * goes into one of them and into no other. */
static void columns_shared_and_own(void **state)
{
    struct world *world = *state;
    const struct tickets *tickets = &world->facts.tickets;
    struct record rows[2], said[3];

    base(&rows[0], 2, "W1", 100);
    base(&rows[1], 3, "W2", 200);
    row_number(&rows[0], T, F_NATURE, NATURE_REPAIR);
    row_number(&rows[1], T, F_NATURE, NATURE_HELP);
    row_text(&rows[0], T, F_CATEGORY1, "电梯");
    load_rows(world->store, "a", T, rows, 2, NULL);
    load_facts(world);
    assert_ptr_equal(tickets->closed, tickets->arrived);
    assert_ptr_equal(tickets->nature_first, tickets->nature);
    assert_true(tickets->closed[0] == HY_NEVER && tickets->closed[1] == HY_NEVER);
    assert_int_equal(tickets->transfers_stated[1], 0xFFFF);
    assert_int_equal(tickets->contacts[1], 1);
    correction(&said[0], "closed_at", "-", "700");
    correction(&said[1], "nature", "1", "2");
    correction(&said[2], "category1", "电梯", "水管");
    load_rows(world->store, "b", KIND_CORRECTION, said, 3, NULL);
    load_facts(world);
    assert_int_equal(tickets->closed[0], 700);
    assert_true(tickets->closed[1] == HY_NEVER && tickets->arrived[0] == HY_NEVER);
    assert_int_equal(tickets->nature[0], NATURE_COMPLAINT);
    assert_int_equal(tickets->nature_first[0], NATURE_REPAIR);
    assert_int_equal(tickets->nature[1], NATURE_HELP);
    assert_string_equal(word(world, tickets->category1[0]), "水管");
    assert_string_equal(word(world, tickets->category[0]), "水管");
    assert_int_equal(tickets->category[1], 0);
    assert_int_equal(tickets->merged_into[0], 0);
}

static void trails_become_transfers(void **state)
{
    struct world *world = *state;
    const struct events *events = &world->facts.events;
    struct record row;

    base(&row, 2, "1", 100);
    row_text(&row, T, F_TRAIL, "客服部 > 工程部→工程部＞客服部->秩序部");
    load_rows(world->store, "a", T, &row, 1, NULL);
    load_facts(world);
    assert_int_equal(events->count, 3);
    assert_int_equal(events->kind[0], EVENT_TRANSFER);
    assert_true(events->at[0] == HY_NEVER);
    assert_string_equal(word(world, events->from_department[0]), "客服部");
    assert_string_equal(word(world, events->to_department[0]), "工程部");
    assert_string_equal(word(world, events->to_department[1]), "客服部");
    assert_string_equal(word(world, events->to_department[2]), "秩序部");
}

static void call(struct record *row, uint64_t row_no, const char *id, int64_t start,
                 int64_t duration, const char *contact, int direction)
{
    row_clear(row, row_no);
    row_text(row, KIND_CALL, C_CALL_ID, id);
    row_number(row, KIND_CALL, C_START_AT, start);
    row_number(row, KIND_CALL, C_DURATION, duration);
    row_number(row, KIND_CALL, C_DISPOSITION, DISPOSITION_ANSWERED);
    row_number(row, KIND_CALL, C_DIRECTION, direction);
    row_text(row, KIND_CALL, C_CONTACT, contact);
}

static void calls_find_their_ticket(void **state)
{
    struct world *world = *state;
    const struct calls *calls = &world->facts.calls;
    struct record rows[4], tickets[4];

    call(&rows[0], 1, "1", 1000, 60, CALLER_A, DIRECTION_IN);
    call(&rows[1], 2, "2", 2000, 60, CALLER_A, DIRECTION_IN);
    call(&rows[2], 3, "3", 2500, 60, CALLER_A, DIRECTION_OUT);
    call(&rows[3], 4, "4", 9000, 60, CALLER_B, DIRECTION_IN);
    load_rows(world->store, "calls", KIND_CALL, rows, 4, NULL);
    base(&tickets[0], 2, "1", 2100);        /* of call 2, the last before it */
    base(&tickets[1], 3, "2", 2200);        /* call 2 has its ticket already */
    base(&tickets[2], 4, "3", 9060 + 1800); /* 30 minutes after call 4, to the second */
    base(&tickets[3], 5, "4", 900);         /* before any call */
    row_text(&tickets[0], T, F_CONTACT, CALLER_A);
    row_text(&tickets[1], T, F_CONTACT, CALLER_A);
    row_text(&tickets[2], T, F_CONTACT, CALLER_B);
    row_text(&tickets[3], T, F_CONTACT, CALLER_A);
    load_rows(world->store, "tickets", T, tickets, 4, NULL);
    load_facts(world);
    assert_int_equal(calls->count, 4);
    assert_int_equal(calls->ticket[0], 0);
    assert_int_equal(calls->ticket[1], 2); /* tickets by time: 900, 2100, 2200, ... */
    assert_int_equal(calls->ticket[2], 0);
    assert_int_equal(calls->ticket[3], 4);
    assert_int_equal(calls->contact[0], world->facts.tickets.contact[0]);
    assert_int_not_equal(calls->contact[3], calls->contact[0]);
    assert_int_equal(calls->wait[0], -1);
}

static void asset(struct record *row, uint64_t row_no, const char *code,
                  const char *name, const char *building, const char *kind)
{
    row_clear(row, row_no);
    row_text(row, KIND_ASSET, A_ASSET_ID, code);
    row_text(row, KIND_ASSET, A_ASSET_NAME, name);
    row_text(row, KIND_ASSET, A_BUILDING, building);
    row_text(row, KIND_ASSET, A_ASSET_KIND, kind);
    row_number(row, KIND_ASSET, A_INSTALLED, 100 * DAY);
}

static void assets_join_their_register(void **state)
{
    struct world *world = *state;
    const struct registers *registers = &world->facts.registers;
    struct record rows[2], tickets[4];
    const uint32_t *of;

    base(&tickets[0], 2, "1", 100);
    base(&tickets[1], 3, "2", 200);
    base(&tickets[2], 4, "3", 300);
    base(&tickets[3], 5, "4", 400);
    row_text(&tickets[0], T, F_ASSET_ID, "DT-1");
    row_text(&tickets[1], T, F_BUILDING, "1栋");
    row_text(&tickets[1], T, F_ASSET_NAME, "东梯"); /* same lift by its name */
    row_text(&tickets[2], T, F_BUILDING, "2栋");
    row_text(&tickets[2], T, F_ASSET_NAME, "东梯");          /* the one of building 2 */
    row_text(&tickets[3], T, F_ASSET_NAME, "水泵");          /* in no register */
    load_rows(world->store, "tickets", T, tickets, 4, NULL); /* before the register */
    asset(&rows[0], 2, "DT-2", "东梯", "2栋", "电梯");
    asset(&rows[1], 3, "DT-1", "东梯", "1栋", "电梯");
    load_rows(world->store, "lifts", KIND_ASSET, rows, 2, NULL);
    load_facts(world);
    of = world->facts.tickets.asset;
    assert_int_equal(registers->asset_count, 3);
    assert_string_equal(word(world, registers->assets[of[0] - 1].code), "DT-1");
    assert_int_equal(of[1], of[0]);
    assert_string_equal(word(world, registers->assets[of[2] - 1].code), "DT-2");
    assert_true(registers->assets[of[2] - 1].registered);
    assert_int_equal(registers->assets[of[2] - 1].installed, 100);
    assert_int_equal(registers->assets[of[2] - 1].retired, INT32_MIN);
    assert_string_equal(word(world, registers->assets[of[3] - 1].code), "水泵");
    assert_false(registers->assets[of[3] - 1].registered);
}

static void home(struct record *row, uint64_t row_no, const char *building, int64_t day,
                 int64_t households, int64_t occupied)
{
    row_clear(row, row_no);
    row_text(row, KIND_HOUSEHOLD, H_BUILDING, building);
    row_number(row, KIND_HOUSEHOLD, H_FROM_DAY, day * DAY);
    row_number(row, KIND_HOUSEHOLD, H_HOUSEHOLDS, households);
    row_number(row, KIND_HOUSEHOLD, H_OCCUPIED, occupied);
    row_text(row, KIND_HOUSEHOLD, H_GRID, "东区");
}

static void households_and_statements(void **state)
{
    struct world *world = *state;
    const struct registers *registers = &world->facts.registers;
    const struct exposure *rows;
    struct record homes[3], said[2], ticket;

    home(&homes[0], 2, "1栋", 0, 100, 80);
    home(&homes[1], 3, "2栋", 10, 60, 50);
    home(&homes[2], 4, "1栋", 20, 110, HY_NEVER);
    load_rows(world->store, "homes", KIND_HOUSEHOLD, homes, 3, NULL);
    row_clear(&said[0], 2);
    row_text(&said[0], KIND_STATEMENT, S_MONTH, "2026年10月");
    row_text(&said[0], KIND_STATEMENT, S_SECTION, "工程");
    row_text(&said[0], KIND_STATEMENT, S_TEXT, "已更换抱闸");
    said[1] = said[0];
    said[1].row_no = 3;
    row_text(&said[1], KIND_STATEMENT, S_MONTH, "2026-09");
    load_rows(world->store, "said", KIND_STATEMENT, said, 2, NULL);
    base(&ticket, 2, "1", 5 * DAY);
    row_text(&ticket, T, F_BUILDING, "2栋");
    load_rows(world->store, "tickets", T, &ticket, 1, NULL);
    load_facts(world);
    rows = registers->exposures;
    /* estate: known from day 10 (160, 130), from day 20 (170, occupancy unknown) */
    assert_int_equal(registers->exposure_count, 5);
    assert_int_equal(rows[0].building, 0);
    assert_int_equal(rows[0].from_day, 10);
    assert_int_equal(rows[0].households, 160);
    assert_int_equal(rows[0].occupied, 130);
    assert_int_equal(rows[1].from_day, 20);
    assert_int_equal(rows[1].households, 170);
    assert_int_equal(rows[1].occupied, -1);
    assert_string_equal(word(world, rows[2].building), "1栋");
    assert_int_equal(rows[2].from_day, 0);
    assert_int_equal(rows[3].households, 110);
    assert_string_equal(word(world, rows[4].building), "2栋");
    assert_string_equal(word(world, world->facts.tickets.grid[0]), "东区");
    assert_int_equal(registers->statement_count, 2);
    assert_int_equal(registers->statements[0].month, 2026 * 12 + 8);
    assert_int_equal(registers->statements[1].month, 2026 * 12 + 9);
    assert_string_equal(registers->statements[1].text, "已更换抱闸");
    assert_string_equal(registers->statements[1].author, "");
}

/* Columns are chosen by what the files say they have: a ticket that tells more is read
 * in full all the same. */
static void more_than_the_file_says(void **state)
{
    struct world *world = *state;
    struct record rows[2];
    sqlite3 *db;

    base(&rows[0], 2, "A-001", 1000);
    base(&rows[1], 3, "A-002", 2000);
    row_number(&rows[1], T, F_COMPLETED_AT, 5000);
    row_text(&rows[1], T, F_DEPARTMENT, "工程部");
    load_rows(world->store, "a", T, rows, 2, NULL);
    assert_int_equal(sqlite3_open(world->place.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE part SET fields=0", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    load_facts(world);
    assert_int_equal(world->facts.tickets.count, 2);
    assert_true(world->facts.tickets.completed[0] == HY_NEVER);
    assert_true(world->facts.tickets.completed[1] == 5000);
    assert_string_equal(word(world, world->facts.tickets.department[1]), "工程部");
}

static void empty_store(void **state)
{
    struct world *world = *state;

    load_facts(world);
    assert_int_equal(world->facts.tickets.count, 0);
    assert_int_equal(world->facts.words->count, 1);
    assert_true(world->facts.ledger.horizon == HY_NEVER);
    assert_int_equal(world->facts.ledger.files, 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(columns_by_hand),
        CASE(sub_scores_by_hand),
        CASE(columns_shared_and_own),
        CASE(trails_become_transfers),
        CASE(calls_find_their_ticket),
        CASE(assets_join_their_register),
        CASE(households_and_statements),
        CASE(more_than_the_file_says),
        CASE(empty_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
