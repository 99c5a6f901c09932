/* normalise_test.c - rooms, telephones, and a row through the generic map. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka takes the name; core/status.h needs it */

#include <string.h>

#include "core/facts.h"
#include "ingest/normalise.h"

static void places(void **state)
{
    struct arena *memory = arena_new();
    struct text building, unit, room;

    (void)state;
    assert_true(text_is(place_building(TEXT("3号楼"), memory), "3"));
    assert_true(text_is(place_building(TEXT("03栋"), memory), "3"));
    assert_true(text_is(place_building(TEXT("三幢"), memory), "3"));
    assert_true(text_is(place_building(TEXT("十二栋"), memory), "12"));
    assert_true(text_is(place_building(TEXT("a座"), memory), "A"));
    assert_true(text_is(place_building(TEXT("3.0"), memory), "3"));
    assert_true(text_is(place_unit(TEXT("2单元"), memory), "2"));
    assert_true(text_is(place_room(TEXT("１５０３室"), memory), "1503"));
    assert_true(place_split(TEXT("3栋1单元1503室"), memory, &building, &unit, &room));
    assert_true(text_is(building, "3") && text_is(unit, "1") && text_is(room, "1503"));
    assert_true(
        place_split(TEXT("阳光花园12号楼801"), memory, &building, &unit, &room));
    assert_true(text_is(building, "12") && unit.length == 0 && text_is(room, "801"));
    assert_true(place_split(TEXT("3-1-1503"), memory, &building, &unit, &room));
    assert_true(text_is(building, "3") && text_is(unit, "1") && text_is(room, "1503"));
    assert_false(place_split(TEXT("地下车库"), memory, &building, &unit, &room));
    assert_false(place_split(TEXT("2026-10-01"), memory, &building, &unit, &room));
    arena_free(memory);
}

static void phones(void **state)
{
    char out[24];
    size_t length;

    (void)state;
    assert_true(phone_digits(TEXT("+86 138-1234-5678"), 5, out, &length));
    assert_int_equal(length, 11);
    assert_memory_equal(out, "13812345678", 11);
    assert_true(phone_digits(TEXT("１３８１２３４５６７８"), 5, out, &length));
    assert_memory_equal(out, "13812345678", 11);
    assert_false(phone_digits(TEXT("138****5678"), 5, out, &length));
    assert_false(phone_digits(TEXT("105"), 5, out, &length));
    assert_true(phone_digits(TEXT("105"), 3, out, &length));
    assert_false(phone_digits(TEXT("匿名"), 3, out, &length));
}

enum { COLUMNS = 9 };

static struct row row_of(const char *const *cells, uint64_t number,
                         struct arena *memory)
{
    struct cell *out = arena_alloc(memory, COLUMNS * sizeof *out);
    uint32_t i;

    for (i = 0; i < COLUMNS; i++) {
        out[i].text = text_of(cells[i]);
        out[i].kind = CELL_TEXT;
    }
    return (struct row){ .number = number, .count = COLUMNS, .cells = out };
}

static void a_row_by_its_titles(void **state)
{
    static const char *const titles[COLUMNS] = { "工单编号", "报修时间", "办结时限",
                                                 "受理渠道", "满意度",   "房号",
                                                 "联系电话", "处理人",   "报修内容" };
    static const char *const cells[COLUMNS] = {
        "a-001",          "2026/10/1 8:05", "24小时", "小程序",      "4星",
        "3栋1单元1503室", "13812345678",    "张伟",   "张先生说漏水"
    };
    struct arena *memory = arena_new();
    struct vocabulary *words;
    struct error err;
    struct row rows[2];
    struct sheet sheet = { .name = "" };
    struct header_wish wish = { 0, 0, false, NULL, NULL };
    struct header header;
    struct binding binding;
    struct key key = { .bytes = { 7 } };
    struct normalise_options options = { &binding, &header, NULL, NULL, &key, false };
    struct normaliser *normaliser;
    struct record *record = arena_alloc(memory, sizeof *record);
    const char *field;
    const struct map *map;

    (void)state;
    assert_int_equal(words_load(&words, "templates/words", memory, &err), HY_OK);
    rows[0] = row_of(titles, 1, memory);
    rows[1] = row_of(cells, 2, memory);
    assert_true(header_find(rows, 2, &sheet, words, &wish, memory, &header));
    map = map_generic(&header, NULL, words, memory);
    assert_non_null(map);
    assert_int_equal(map->kind, KIND_TICKET);
    assert_int_equal(map_bind(map, &header, words, memory, &binding, &err), HY_OK);
    options.words = words;
    normaliser = normaliser_open(&options, memory);
    assert_int_equal(normalise_row(normaliser, &rows[1], memory, record, &field),
                     REJECT_NONE);
    assert_true(text_is(record->value[F_TICKET_NO].text, "A-001"));
    assert_int_equal(record->value[F_DUE_AT].number
                         - record->value[F_RECEIVED_AT].number,
                     86400);
    assert_int_equal(record->value[F_CHANNEL].number, CHANNEL_WECHAT);
    assert_int_equal(record->value[F_RATING_STAFF].number, 5 << 4 | 4);
    assert_true(record->value[F_RATING_RESIDENT].empty);
    assert_true(text_is(record->value[F_BUILDING].text, "3"));
    assert_true(text_is(record->value[F_UNIT].text, "1"));
    assert_true(text_is(record->value[F_ROOM].text, "1503"));
    assert_int_equal(record->value[F_CONTACT].text.length, 32);
    assert_int_equal(record->value[F_HANDLER].text.length, 11);
    assert_int_equal(record->value[F_HANDLER].text.at[0], 'S');
    assert_true(text_is(record->value[F_CONTENT].text, "[姓名]先生说漏水"));
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places),
        cmocka_unit_test(phones),
        cmocka_unit_test(a_row_by_its_titles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
