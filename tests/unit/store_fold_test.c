/* store_fold_test.c - content depends on the set of files alone: 200 random orders
 * with overlaps, repeats and undo; and how legs and logs fold. */
#include "store_help.h"

enum { FILES = 12, SEEDS = 200, MOST_ROWS = 14 };

/* xorshift: the same files on every machine. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 33) % below;
}

static const char *pick(uint64_t *state, const char *const *words, uint32_t count)
{
    return words[draw(state, count)];
}

static int64_t some_time(uint64_t *state)
{
    return draw(state, 3) == 0 ? HY_NEVER : 1000 + (int64_t)draw(state, 6) * 1000;
}

static const char *const departments[] = { "工程部", "客服部", "", "秩序部\t\"夜班\"" };
static const char *const numbers[] = { "WO-001", "WO-002", "WO-003", "7", "A-X", "" };
static const char *const places[] = { "", "1栋", "2栋" };
static const char *const contacts[] = { "", "00112233445566778899aabbccddeeff",
                                        "13800138000" };

static void ticket_row(uint64_t *state, enum record_kind kind, uint32_t shape,
                       struct record *row)
{
    row_text(row, kind, F_TICKET_NO,
             pick(state, numbers, kind == KIND_PARTIAL ? 5 : 6));
    if (kind != KIND_PARTIAL)
        row_number(row, kind, F_RECEIVED_AT, 1000 + 500 * draw(state, 3));
    row_text(row, kind, F_DEPARTMENT, pick(state, departments, 4));
    row_number(row, kind, F_COMPLETED_AT, some_time(state));
    row->value[F_COMPLETED_AT].date_only = draw(state, 4) == 0;
    if (shape & 1) {
        row_number(row, kind, F_DUE_AT, some_time(state));
        row_number(row, kind, F_NATURE, draw(state, 3) + 1);
        row_text(row, kind, F_CONTACT, pick(state, contacts, 3));
        row_text(row, kind, F_BUILDING, pick(state, places, 3));
        row_text(row, kind, F_ROOM, draw(state, 2) ? "101" : "");
        row_text(row, kind, F_GRID, draw(state, 2) ? "东区" : "");
        row_text(row, kind, F_ASSET_NAME, draw(state, 2) ? "1号梯" : "");
        row_text(row, kind, F_MERGED_INTO, draw(state, 4) ? "" : "WO-001");
    }
    if (shape & 2) {
        row_number(row, kind, F_UPDATED_AT, some_time(state));
        row_number(row, kind, F_PUBLIC_AREA, draw(state, 2));
        row_text(row, kind, F_TRAIL, draw(state, 2) ? "客服部>工程部->客服部" : "");
        row_text(row, kind, F_CONTENT, draw(state, 2) ? "漏水" : "漏水\x01\\n");
    }
    if (shape & 4) {
        row_number(row, kind, F_RATING_RESIDENT, 5 << 4 | (draw(state, 5) + 1));
        row_number(row, kind, F_SAT_SPEED, draw(state, 5) + 1);
        row_number(row, kind, F_STATUS, draw(state, 12) + 1);
        row_text(row, kind, F_HANDLER, draw(state, 2) ? "G07" : "");
    }
    if (row->value[F_TICKET_NO].empty && draw(state, 2))
        row->natural = text_of(draw(state, 2) ? "k1" : "k2");
}

static void call_row(uint64_t *state, struct record *row)
{
    static const char *const ids[] = { "1.1", "1.2", "1.3" };

    row_text(row, KIND_CALL, C_CALL_ID, pick(state, ids, 3));
    row_text(row, KIND_CALL, C_LINKED_ID, draw(state, 2) ? "1.1" : "");
    row_number(row, KIND_CALL, C_START_AT, 1000 + draw(state, 3));
    row_number(row, KIND_CALL, C_DURATION, draw(state, 60));
    row_number(row, KIND_CALL, C_BILLED, draw(state, 60));
    row_number(row, KIND_CALL, C_DISPOSITION, draw(state, 6) + 1);
    row_number(row, KIND_CALL, C_ANSWERED_BY, draw(state, 5));
    row_text(row, KIND_CALL, C_CONTACT, pick(state, contacts, 3));
    row_text(row, KIND_CALL, C_AGENT, draw(state, 2) ? "8001" : "");
    row_text(row, KIND_CALL, C_QUEUE, draw(state, 2) ? "报修" : "");
}

static void register_row(uint64_t *state, enum record_kind kind, struct record *row)
{
    if (kind == KIND_ASSET) {
        row_text(row, kind, A_ASSET_ID, draw(state, 2) ? "DT-1" : "");
        row_text(row, kind, A_ASSET_NAME, draw(state, 2) ? "1号梯" : "2号梯");
        row_text(row, kind, A_ASSET_KIND, draw(state, 2) ? "电梯" : "");
        row_text(row, kind, A_BUILDING, pick(state, places, 3));
    } else if (kind == KIND_HOUSEHOLD) {
        row_text(row, kind, H_BUILDING, pick(state, places, 3));
        row_number(row, kind, H_FROM_DAY, 86400 * draw(state, 2));
        row_number(row, kind, H_HOUSEHOLDS, draw(state, 200));
    } else {
        row_text(row, kind, S_MONTH, "2026-10");
        row_text(row, kind, S_SECTION, draw(state, 2) ? "工程" : "安全");
        row_text(row, kind, S_TEXT, draw(state, 2) ? "已更换抱闸" : "已安排");
    }
}

static const enum record_kind kinds[] = { KIND_TICKET,    KIND_TICKET,   KIND_HISTORY,
                                          KIND_PARTIAL,   KIND_CALL,     KIND_ASSET,
                                          KIND_HOUSEHOLD, KIND_STATEMENT };

/* File `number` of this seed: two parts of different kinds, some rows rejected. */
static int64_t load_file(struct store *store, uint64_t seed, int number)
{
    uint64_t state = seed * 1000 + (uint64_t)number + 88172645463325252U;
    struct counts known, counts;
    struct store_file file;
    struct record row;
    struct error error;
    enum outcome outcome;
    int64_t batch;
    char name[32];
    int part_no, i, rows;

    snprintf(name, sizeof name, "%d-%d.csv", (int)seed, number);
    file = file_named(name);
    for (i = 0; i < 20; i++)
        draw(&state, 2);
    if (store_file_begin(store, &file, &batch, &known, &error) == HY_END)
        return batch;
    for (part_no = 0; part_no < 2; part_no++) {
        enum record_kind kind = kinds[draw(&state, 8)];
        struct store_part part = part_of(kind, 0);
        uint32_t shape = draw(&state, 8);

        part.sheet = part_no == 0 ? "一" : "二";
        part.source = kind == KIND_TICKET ? (draw(&state, 2) ? "desk" : "app")
                                          : record_kind_name(kind);
        part.priority = (int)draw(&state, 3) * 10;
        rows = (int)draw(&state, MOST_ROWS);
        RUNS(store_part_begin(store, &part, &error));
        for (i = 0; i < rows; i++) {
            row_clear(&row, (uint64_t)i + 2);
            if (draw(&state, 12) == 0) {
                RUNS(store_reject(store, row.row_no, REJECT_BAD_TIME, "x", TEXT("[]"),
                                  &error));
                continue;
            }
            if (kind == KIND_CALL)
                call_row(&state, &row);
            else if (kind == KIND_ASSET || kind == KIND_HOUSEHOLD
                     || kind == KIND_STATEMENT)
                register_row(&state, kind, &row);
            else
                ticket_row(&state, kind, shape, &row);
            RUNS(store_put(store, &row, &outcome, &error));
        }
        RUNS(store_part_end(store, draw(&state, 3) ? AS_OF_HORIZON : AS_OF_SAID,
                            draw(&state, 3) ? HY_NEVER : 4000, NULL, &error));
    }
    RUNS(store_file_end(store, false, &counts, &error));
    assert_int_equal(counts.rows, counts.loaded + counts.updated + counts.duplicate
                                      + counts.rejected);
    return batch;
}

static void shuffle(int *order, uint64_t *state)
{
    int i;

    for (i = FILES - 1; i > 0; i--) {
        int j = (int)draw(state, (uint32_t)i + 1), held = order[i];

        order[i] = order[j];
        order[j] = held;
    }
}

/* Loads all files in a random order, undoing and reloading on the way; those in
 * `left` are undone at the end. */
static void load_wildly(struct store *store, uint64_t seed, uint64_t *state,
                        const bool *left)
{
    int64_t batch[FILES];
    struct error error;
    int order[FILES], i;

    for (i = 0; i < FILES; i++)
        order[i] = i;
    shuffle(order, state);
    for (i = 0; i < FILES; i++) {
        int again = order[draw(state, (uint32_t)i + 1)];

        batch[order[i]] = load_file(store, seed, order[i]);
        if (draw(state, 3) == 0) { /* one already there goes and comes back */
            RUNS(store_undo(store, batch[again], &error));
            batch[again] = load_file(store, seed, again);
        }
    }
    shuffle(order, state);
    for (i = 0; i < FILES; i++)
        if (left[order[i]])
            RUNS(store_undo(store, batch[order[i]], &error));
}

static void content_ignores_order(void **unused)
{
    struct place_of_test first, second;
    unsigned char expected[32], got[32];
    uint64_t seed;

    (void)unused;
    for (seed = 1; seed <= SEEDS; seed++) {
        uint64_t state = seed * 2654435761U + 99;
        bool left[FILES];
        struct store *store;
        struct error error;
        int i;

        place_make(&first);
        place_make(&second);
        for (i = 0; i < FILES; i++)
            left[i] = draw(&state, 4) == 0;
        RUNS(store_open(&store, first.path, STORE_CREATE, &error));
        for (i = 0; i < FILES; i++)
            if (!left[i])
                load_file(store, seed, i);
        RUNS(store_content(store, expected, &error));
        store_close(store);
        RUNS(store_open(&store, second.path, STORE_CREATE, &error));
        load_wildly(store, seed, &state, left);
        RUNS(store_content(store, got, &error));
        store_close(store);
        if (memcmp(expected, got, 32) != 0)
            print_error("seed %d: kept in %s and %s\n", (int)seed, first.path,
                        second.path);
        assert_memory_equal(expected, got, 32);
        place_gone(&first);
        place_gone(&second);
    }
}

/* --- calls and logs ------------------------------------------------------------------
 */
static void leg(struct record *row, uint64_t row_no, const char *id, int64_t start,
                int64_t duration, int64_t billed, int disposition, int answered_by,
                const char *agent)
{
    row_clear(row, row_no);
    row_text(row, KIND_CALL, C_CALL_ID, id);
    row_text(row, KIND_CALL, C_LINKED_ID, "100.1");
    row_number(row, KIND_CALL, C_START_AT, start);
    row_number(row, KIND_CALL, C_DURATION, duration);
    row_number(row, KIND_CALL, C_BILLED, billed);
    row_number(row, KIND_CALL, C_DISPOSITION, disposition);
    row_number(row, KIND_CALL, C_ANSWERED_BY, answered_by);
    row_number(row, KIND_CALL, C_DIRECTION, DIRECTION_IN);
    row_text(row, KIND_CALL, C_AGENT, agent);
}

/* Menu answers at 1000; 8001 does not take it; 8002 does after 5 s, talks 60 s. */
static void legs_are_one_call(void **unused)
{
    struct place_of_test place;
    struct arena *memory = arena_new();
    struct store *store;
    struct record rows[3];
    struct counts counts;
    struct facts facts;
    struct error error;

    (void)unused;
    place_make(&place);
    RUNS(store_open(&store, place.path, STORE_CREATE, &error));
    leg(&rows[0], 1, "100.3", 1025, 65, 60, DISPOSITION_ANSWERED, ANSWERED_HUMAN,
        "8002");
    leg(&rows[1], 2, "100.1", 1000, 10, 10, DISPOSITION_ANSWERED, ANSWERED_IVR, "");
    leg(&rows[2], 3, "100.2", 1010, 15, 0, DISPOSITION_NO_ANSWER, ANSWERED_NOBODY,
        "8001");
    row_number(&rows[2], KIND_CALL, C_QUEUED_AT, 1010);
    counts = load_rows(store, "calls", KIND_CALL, rows, 3, NULL);
    assert_int_equal(counts.loaded, 1);
    assert_int_equal(counts.updated, 2);
    RUNS(store_facts(store, NEED_CALLS, memory, &facts, &error));
    assert_int_equal(facts.calls.count, 1);
    assert_int_equal(facts.calls.start[0], 1000);
    assert_int_equal(facts.calls.answer[0], 1030);
    assert_int_equal(facts.calls.finish[0], 1090);
    assert_int_equal(facts.calls.queued[0], 1010);
    assert_int_equal(facts.calls.wait[0], 20);
    assert_int_equal(facts.calls.talk[0], 60);
    assert_int_equal(facts.calls.duration[0], 90);
    assert_int_equal(facts.calls.disposition[0], DISPOSITION_ANSWERED);
    assert_int_equal(facts.calls.answered_by[0], ANSWERED_HUMAN);
    assert_string_equal(facts.words->text[facts.calls.agent[0]], "8002");
    store_close(store);
    arena_free(memory);
    place_gone(&place);
}

static void log_row(struct record *row, uint64_t row_no, int64_t updated, int status,
                    const char *department)
{
    row_clear(row, row_no);
    row_text(row, KIND_HISTORY, F_TICKET_NO, "INC0001");
    row_number(row, KIND_HISTORY, F_RECEIVED_AT, 1000);
    row_number(row, KIND_HISTORY, F_UPDATED_AT, updated);
    row_number(row, KIND_HISTORY, F_STATUS, status);
    row_text(row, KIND_HISTORY, F_DEPARTMENT, department);
}

static void a_log_tells_transfers(void **unused)
{
    struct place_of_test place;
    struct arena *memory = arena_new();
    struct store *store;
    struct record rows[3];
    struct facts facts;
    struct error error;

    (void)unused;
    place_make(&place);
    RUNS(store_open(&store, place.path, STORE_CREATE, &error));
    log_row(&rows[0], 4, 3000, STATUS_REOPENED, "工程部");
    log_row(&rows[1], 2, 1000, STATUS_NEW, "客服部");
    log_row(&rows[2], 3, 2000, STATUS_IN_PROGRESS, "工程部");
    load_rows(store, "log", KIND_HISTORY, rows, 3, NULL);
    RUNS(store_facts(store, NEED_TICKETS | NEED_EVENTS, memory, &facts, &error));
    assert_int_equal(facts.tickets.count, 1);
    assert_int_equal(facts.tickets.status[0], STATUS_REOPENED);
    assert_string_equal(facts.words->text[facts.tickets.department_first[0]], "客服部");
    assert_int_equal(facts.events.count, 2);
    assert_int_equal(facts.events.kind[0], EVENT_TRANSFER);
    assert_int_equal(facts.events.at[0], 2000);
    assert_string_equal(facts.words->text[facts.events.from_department[0]], "客服部");
    assert_string_equal(facts.words->text[facts.events.to_department[0]], "工程部");
    assert_int_equal(facts.events.kind[1], EVENT_REOPEN);
    assert_int_equal(facts.events.at[1], 3000);
    store_close(store);
    arena_free(memory);
    place_gone(&place);
}

/* Done, closed, worked on, done, worked on: what a reopening undid was done where the
 * log turned to done, not where it was closed; and a log that begins with done does
 * not say when. */
static void a_log_tells_what_was_undone(void **unused)
{
    static const int states[] = { STATUS_IN_PROGRESS, STATUS_AWAIT_FEEDBACK,
                                  STATUS_CLOSED,      STATUS_IN_PROGRESS,
                                  STATUS_CLOSED,      STATUS_REOPENED };
    static const int want[][2] = { { EVENT_COMPLETE, 2000 },
                                   { EVENT_REOPEN, 4000 },
                                   { EVENT_COMPLETE, 5000 },
                                   { EVENT_REOPEN, 6000 } };
    struct place_of_test place;
    struct arena *memory = arena_new();
    struct store *store;
    struct record rows[6];
    struct facts facts;
    struct error error;
    size_t begin, i;

    (void)unused;
    for (begin = 0; begin < 2; begin++) { /* the second time without its first row */
        place_make(&place);
        RUNS(store_open(&store, place.path, STORE_CREATE, &error));
        for (i = begin; i < 6; i++)
            log_row(&rows[i], i + 2, (int64_t)(i + 1) * 1000, states[i], "工程部");
        load_rows(store, "log", KIND_HISTORY, rows + begin, 6 - begin, NULL);
        RUNS(store_facts(store, NEED_TICKETS | NEED_EVENTS, memory, &facts, &error));
        assert_int_equal(facts.events.count, 4 - begin);
        for (i = begin; i < 4; i++) {
            assert_int_equal(facts.events.kind[i - begin], want[i][0]);
            assert_int_equal(facts.events.at[i - begin], want[i][1]);
        }
        store_close(store);
        place_gone(&place);
    }
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legs_are_one_call),
        cmocka_unit_test(a_log_tells_transfers),
        cmocka_unit_test(a_log_tells_what_was_undone),
        cmocka_unit_test(content_ignores_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
