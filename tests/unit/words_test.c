/* words_test.c - titles to fields, words to canonical words, codes to numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka takes the name; core/status.h needs it */

#include <string.h>

#include "core/facts.h"
#include "ingest/words.h"

static void codes_are_those_of_facts(void **state)
{
    (void)state;
    assert_int_equal(code_find("nature", TEXT("other")), NATURE_OTHER);
    assert_int_equal(code_find("channel", TEXT("web")), CHANNEL_WEB);
    assert_int_equal(code_find("channel", TEXT("iot")), CHANNEL_IOT);
    assert_int_equal(code_find("status", TEXT("duplicate")), STATUS_DUPLICATE);
    assert_int_equal(code_find("status", TEXT("await_feedback")),
                     STATUS_AWAIT_FEEDBACK);
    assert_int_equal(code_find("urgency", TEXT("p1")), URGENCY_P1);
    assert_int_equal(code_find("revisit_outcome", TEXT("exempt")), REVISIT_EXEMPT);
    assert_int_equal(code_find("direction", TEXT("unknown")), DIRECTION_UNKNOWN);
    assert_int_equal(code_find("disposition", TEXT("failed")), DISPOSITION_FAILED);
    assert_int_equal(code_find("answered_by", TEXT("human")), ANSWERED_HUMAN);
    assert_int_equal(code_find("nature", TEXT("")), -1);
    assert_int_equal(code_find("nothing", TEXT("x")), -1);
    assert_string_equal(word_code_name("status", STATUS_CLOSED), "closed");
    assert_null(word_code_name("status", 0));
    assert_null(word_code_name("status", 99));
}

static void titles_and_words(void **state)
{
    struct arena *memory = arena_new();
    struct vocabulary *words;
    struct error err;

    (void)state;
    assert_int_equal(words_load(&words, "templates/words", memory, &err), HY_OK);
#define FIELD(kind, title) \
    words_field(words, kind, text_fold_title(TEXT(title), memory))
    assert_string_equal(FIELD(KIND_TICKET, "工单编号"), "ticket_no");
    assert_string_equal(FIELD(KIND_PARTIAL, "回访时间*"), "revisited_at");
    assert_string_equal(FIELD(KIND_TICKET, "处理时长（分钟）"), "duration_text");
    assert_string_equal(FIELD(KIND_CALL, "主叫号码"), "caller");
    assert_string_equal(FIELD(KIND_HOUSEHOLD, "入住户数"), "occupied");
    assert_string_equal(FIELD(KIND_ASSET, "投用年月"), "installed");
    assert_string_equal(FIELD(KIND_STATEMENT, "栏目"), "section");
    assert_null(FIELD(KIND_TICKET, "天气"));
    assert_string_equal(words_value(words, "channel", TEXT("微信小程序")), "wechat");
    assert_string_equal(words_value(words, "channel", TEXT("前台来访")), "walkin");
    assert_string_equal(words_value(words, "channel", TEXT("12345转办")), "gov");
    assert_string_equal(words_value(words, "satisfaction", TEXT("非常满意")), "5");
    assert_string_equal(words_value(words, "bool", TEXT("是")), "yes");
    assert_null(words_value(words, "channel", TEXT("飞鸽")));
    assert_string_equal(words_level(words, KIND_TICKET, "reporter_name"), "pii");
    assert_true(words_total(words, TEXT("合计")));
    assert_false(words_total(words, TEXT("合格")));
    arena_free(memory);
}

static void missing_table_says_so(void **state)
{
    struct arena *memory = arena_new();
    struct vocabulary *words;
    struct error err;

    (void)state;
    assert_int_not_equal(words_load(&words, "tests/nowhere", memory, &err), HY_OK);
    assert_null(words);
    assert_non_null(strstr(err.text, "header_synonyms.tsv"));
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_facts),
        cmocka_unit_test(titles_and_words),
        cmocka_unit_test(missing_table_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
