/* results_test.c - order, keys and finding of figures; the dictionary as a file. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/facts.h"
#include "core/metrics.h"

static const char *const texts[] = { "", "b", "a", "工程" };
static const uint8_t domains[] = { WORD_NONE, WORD_DEPARTMENT, WORD_DEPARTMENT,
                                   WORD_DEPARTMENT };
static const struct words words = { .count = 4, .text = texts, .domain = domains };

static void keys_have_names(void **state)
{
    struct arena *arena = arena_new();
    struct results *results = results_new(arena, NULL, &words);

    (void)state;
    assert_string_equal(results_key(results, DIM_TOTAL, 0, arena), "-");
    assert_string_equal(results_key(results, DIM_NATURE, NATURE_REPAIR, arena),
                        "repair");
    assert_string_equal(results_key(results, DIM_NATURE, 0, arena), "?");
    assert_string_equal(results_key(results, DIM_CHANNEL, CHANNEL_WALKIN, arena),
                        "walkin");
    assert_string_equal(results_key(results, DIM_URGENCY, URGENCY_P1, arena), "P1");
    assert_string_equal(results_key(results, DIM_DEPARTMENT, 3, arena), "工程");
    assert_string_equal(results_key(results, DIM_DEPARTMENT, 0, arena), "?");
    assert_string_equal(results_key(results, DIM_DEPARTMENT, 99, arena), "?");
    assert_string_equal(results_key(results, DIM_MONTH, 2026 * 12 + 9, arena),
                        "2026-10");
    assert_string_equal(results_key(results, DIM_HOUR, 24 + 9, arena), "2-tue-09");
    assert_string_equal(results_key(results, DIM_AGE, 4, arena), "31-90");
    assert_int_equal(dimension_find("department"), DIM_DEPARTMENT);
    assert_int_equal(dimension_find("nothing"), -1);
    arena_free(arena);
}

static void sorted_by_bytes_and_found(void **state)
{
    struct arena *arena = arena_new();
    struct results *results = results_new(arena, NULL, &words);
    uint32_t key;
    int month;

    (void)state;
    for (month = 12; month > 0; month--)
        for (key = 0; key < 4; key++) {
            struct figure figure = { .metric = 3,
                                     .month = month,
                                     .base = base_count(month * 10 + (int)key) };

            figure.dimension[0] = DIM_DEPARTMENT;
            figure.key[0] = key;
            results_add(results, &figure);
        }
    results_sort(results);
    assert_int_equal(results->figures[0].key[0], 0);  /* ? */
    assert_int_equal(results->figures[12].key[0], 2); /* a */
    assert_int_equal(results->figures[24].key[0], 1); /* b */
    assert_int_equal(results->figures[36].key[0], 3); /* 工程 */
    assert_int_equal(results->figures[36].month, 1);
    for (month = 1; month <= 12; month++)
        for (key = 0; key < 4; key++) {
            const struct figure *found =
                results_find(results, 3, 0, DIM_DEPARTMENT, key, month);

            assert_non_null(found);
            assert_int_equal(found->base.n, month * 10 + (int)key);
        }
    assert_null(results_find(results, 3, 1, DIM_DEPARTMENT, 0, 1));
    assert_null(results_find(results, 3, 0, DIM_DEPARTMENT, 0, 13));
    arena_free(arena);
}

/* Parts of 0 and of 65,535, metrics beside it, one with nothing: each asked has its
 * own. */
static void figures_of_a_part(void **state)
{
    static const uint16_t places[][2] = { { 4, 0 }, { 2, 65535 }, { 2, 0 },
                                          { 3, 1 }, { 2, 1 },     { 2, 0 } };
    struct arena *arena = arena_new();
    struct results *results = results_new(arena, NULL, &words);
    const struct figure *first;
    size_t count, i;

    (void)state;
    for (i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct figure figure = { .metric = places[i][0],
                                 .part = places[i][1],
                                 .month = (int32_t)i };

        results_add(results, &figure);
    }
    results_sort(results);
    first = results_part(results, 2, 0, &count);
    assert_int_equal(count, 2);
    assert_int_equal(first[0].month, 2);
    assert_int_equal(first[1].month, 5);
    first = results_part(results, 2, 65535, &count);
    assert_int_equal(count, 1);
    assert_int_equal(first->month, 1);
    first = results_part(results, 4, 0, &count);
    assert_int_equal(count, 1);
    assert_int_equal(first->month, 0);
    (void)results_part(results, 3, 0, &count);
    assert_int_equal(count, 0);
    (void)results_part(results, 9, 0, &count);
    assert_int_equal(count, 0);
    arena_free(arena);
}

static void empty_share_has_no_value(void **state)
{
    struct base base = base_share(0, 0);

    (void)state;
    assert_int_equal(base.answer, ANSWER_NO_DATA);
    assert_true(isnan(base.value));
}

/* Every id of DOMAIN section 2, and the public ones of DESIGN section 6. */
/* DESIGN 7, and OBJ-01: how many doubted a notice is told to those who may doubt it. */
static void dictionary_is_whole(void **state)
{
    static const char *const public_ids[] = {
        "INT-00", "INT-01", "INT-09", "INT-10", "INT-12", "INT-13", "INT-14", "INT-15",
        "INT-16", "INT-17", "RSP-01", "RSP-02", "RSP-03", "TTR-01", "TTR-02", "SLA-01",
        "SLA-03", "SLA-04", "SLA-05", "RES-01", "RES-02", "RES-03", "RES-04", "RES-07",
        "REV-01", "REV-02", "SAT-01", "SAT-03", "SAT-04", "SAT-05", "SAT-06", "REC-01",
        "REC-02", "REC-03", "REC-04", "REC-05", "REC-06", "BKL-01", "DIF-01", "DIF-02",
        "PRO-01", "HOT-01", "HOT-02", "HOT-04", "HOT-06", "OBJ-01",
    };
    struct arena *arena = arena_new();
    struct metrics metrics;
    struct error err;
    size_t i, open = 0;

    (void)state;
    assert_int_equal(metrics_load("templates/metrics.tsv", arena, &metrics, &err),
                     HY_OK);
    for (i = 0; i < metrics.count; i++) {
        const struct metric *metric = &metrics.items[i];

        open += metric_allows(metric, DIM_TOTAL, AUDIENCE_PUBLIC);
        assert_true(metric_allows(metric, DIM_TOTAL, AUDIENCE_MANAGEMENT));
        assert_false(metric_allows(metric, DIM_BUILDING, AUDIENCE_PUBLIC));
        assert_true(*metric->zh != '\0' && *metric->en != '\0');
        assert_true(*metric->definition_zh != '\0' && *metric->definition_en != '\0');
    }
    for (i = 0; i < sizeof public_ids / sizeof public_ids[0]; i++) {
        int found = metrics_find(&metrics, public_ids[i]);

        assert_true(found >= 0);
        assert_true(metric_allows(&metrics.items[found], DIM_TOTAL, AUDIENCE_PUBLIC));
    }
    assert_int_equal(open, sizeof public_ids / sizeof public_ids[0]);
    arena_free(arena);
}

static void names_and_parts(void **state)
{
    struct arena *arena = arena_new();
    struct metrics metrics;
    struct error err;
    uint16_t metric, part;

    (void)state;
    assert_int_equal(metrics_load("templates/metrics.tsv", arena, &metrics, &err),
                     HY_OK);
    assert_true(metrics_name(&metrics, "TTR-02.s72h", &metric, &part) >= 0);
    assert_string_equal(metrics.items[metric].id, "TTR-02");
    assert_int_equal(metrics_unit(&metrics, metric, part), UNIT_SHARE);
    assert_int_equal(metrics_unit(&metrics, metric, 0), UNIT_HOURS);
    assert_int_equal(metrics_name(&metrics, "TTR-02.s73h", &metric, &part), -1);
    assert_int_equal(metrics_name(&metrics, "TTR-99", &metric, &part), -1);
    arena_free(arena);
}

static enum status load_text(const char *text, struct error *err)
{
    char path[] = "/tmp/huiyin-metrics-XXXXXX";
    struct arena *arena = arena_new();
    struct metrics metrics;
    enum status status;
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    status = metrics_load(path, arena, &metrics, err);
    unlink(path);
    arena_free(arena);
    return status;
}

#define HEAD                                                             \
    "id\tparts\tzh\ten\tunit\tdirection\taudiences\tdimensions\tclasses" \
    "\tneeds\tdefinition_zh\tdefinition_en\tsource\n"

static void bad_dictionary_names_its_line(void **state)
{
    static const char *const bad[] = {
        "",
        "id\n",
        HEAD,
        HEAD "A\t\t甲\ta\tcount\tup\tPCM\n",
        HEAD "A\t\t甲\ta\tstones\tup\tPCM\t\t\t\tx\tx\tx\n",
        HEAD "A\t\t甲\ta\tcount\tsideways\tPCM\t\t\t\tx\tx\tx\n",
        HEAD "A\t\t甲\ta\tcount\tup\tPCX\t\t\t\tx\tx\tx\n",
        HEAD "A\t\t甲\ta\tcount\tup\tPCM\tplanet\t\t\tx\tx\tx\n",
        HEAD "A\t\t甲\ta\tcount\tup\tPCM\t\ttotal=secret\t\tx\tx\tx\n",
        HEAD "A\t\t甲\ta\tcount\tup\tPCM\t\t\tstarts\tx\tx\tx\n",
        HEAD "A\t\t甲\ta\tcount\tup\tPCM\t\t\t\tx\tx\tx\n"
             "A\t\t甲\ta\tcount\tup\tPCM\t\t\t\tx\tx\tx\n",
    };
    struct error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(load_text(bad[i], &err), HY_CONFIG);
    assert_non_null(strstr(err.text, ":3:"));
    assert_int_equal(
        load_text(HEAD "A\tx:hours\t甲\ta\tcount\tup\tPCM\tgrid:M\t\t\tx\tx\tx\r\n",
                  &err),
        HY_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_have_names),
        cmocka_unit_test(sorted_by_bytes_and_found),
        cmocka_unit_test(figures_of_a_part),
        cmocka_unit_test(empty_share_has_no_value),
        cmocka_unit_test(dictionary_is_whole),
        cmocka_unit_test(names_and_parts),
        cmocka_unit_test(bad_dictionary_names_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
