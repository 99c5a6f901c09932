/* reader_json_test.c - three shapes of JSON, its hostile inputs, and JSONTestSuite. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <dirent.h>
#include <stdio.h>

#include "tests/unit/reader_help.h"

static void reads(const char *input, const char *expected)
{
    struct reading reading = read_bytes(input, strlen(input));

    if (reading.status != HY_OK)
        fail_saying("%s\n", reading.err.text);
    assert_string_equal(reading.text, expected);
    assert_string_equal(reading.format, "json");
    reading_free(&reading);
}

static void refuses(const char *input, const char *word)
{
    struct reading reading = read_bytes(input, strlen(input));

    assert_int_equal(reading.status, HY_DATA);
    if (strstr(reading.err.text, word) == NULL)
        fail_saying("%s\n", reading.err.text);
    reading_free(&reading);
}

static void reads_lists(void **state)
{
    (void)state;
    reads("[{\"a\":1,\"b\":\"x\"},{\"c\":true,\"a\":null}]", "a|b|c\n1|x\n|~|true\n");
    reads("\xEF\xBB\xBF[{\"号\":\"\\u4e2a\"}]", "号\n个\n");
    reads("[]", "");
}

static void reads_wrapped_lists(void **state)
{
    (void)state;
    reads("{\"code\":0,\"tags\":[1,2],\"data\":{\"total\":2,\"list\":[{\"a\":1},{\"a\":"
          "2}]}}",
          "a\n1\n2\n");
    reads("{\"few\":[{\"a\":0}],\"many\":[{\"b\":[{\"c\":1},{\"c\":2}]},{\"b\":[]}]}",
          "b\n{\"c\":1}|{\"c\":2}\n"); /* a wholly blank record is no row */
    reads("[{\"a\":\"\",\"b\":null},{\"a\":\" \",\"b\":\"\xE3\x80\x80\"},{\"b\":2}]",
          "a|b\n~|2\n");
    reads("{\"code\":0,\"data\":[]}", "");
    reads("{\"id\":7}", "id\n7\n");
}

static void reads_lines(void **state)
{
    (void)state;
    reads("{\"a\":1}\n\n{\"b\":2}\n", "a|b\n1\n~|2\n");
    reads("{\"a\":1}\n{\"a\":}\n{\"a\":3}\r\n", "a\n1\n[bad_value]\n3\n");
    reads("{\"a\":1}\nnot JSON\n{\"a\":3}\n", "a\n1\n[bad_value]\n3\n");
    reads("{\"d\":[{\"a\":1}\n,{\"a\":2}]}", "a\n1\n2\n");
    refuses("{\"a\":1}\n{\"a\":2}\n{\"a\":", "截断");
}

static void flattens_and_keeps_digits(void **state)
{
    (void)state;
    reads("[{\"a\":{\"b\":{\"c\":1}},\"l\":[1,\"x\",null,[2]]}]",
          "a.b.c|l\n1|1|x||2\n");
    reads("[{\"n\":123456789012345678901234567890,\"m\":1.10}]",
          "n|m\n123456789012345678901234567890|1.10\n");
    reads("[{\"a\":1,\"a\":2}]", "a\n2\n");
    reads("[{\"a\":1},5,[6],{\"a\":2}]", "a\n1\n[bad_value]\n[bad_value]\n2\n");
}

static void refuses_what_is_broken(void **state)
{
    char deep[2000];

    (void)state;
    refuses("[{\"a\":1},{\"a\":", "JSON");
    refuses("[{\"a\":1}] x", "JSON");
    refuses("[1,2]", "没有记录");
    memset(deep, '[', 300);
    deep[300] = '\0';
    refuses(deep, "256");
}

/* Many short records over many pieces and batches. */
static void reads_many(void **state)
{
    size_t count = 5000, used = 1;
    char *input = malloc(count * 24);
    struct reading reading;

    (void)state;
    input[0] = '[';
    for (size_t i = 0; i < count; i++)
        used += (size_t)sprintf(input + used, "%s{\"a\":%zu}", i == 0 ? "" : ",", i);
    input[used++] = ']';
    reading = read_bytes(input, used);
    assert_int_equal(reading.status, HY_OK);
    assert_int_equal(reading.rows, count + 1);
    assert_int_equal(reading.last, count + 1);
    assert_non_null(strstr(reading.text, "\n4998\n4999\n"));
    reading_free(&reading);
    free(input);
}

/* Files named y_ must be read, n_ refused; a whole that is no list of records is
 * wrapped into one, since only the grammar is in question. */
static void obeys_the_suite(void **state)
{
    struct dirent *entry;
    size_t yes = 0, no = 0, either = 0;
    DIR *folder;

    (void)state;
    if (!data_present())
        skip();
    folder = opendir(DATA "corpora/json/JSONTestSuite/test_parsing");
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        static const struct read_options plain = { 0 };
        const struct reader *json = reader_named("json");
        char path[512];
        struct source source, wrapped;
        struct error err;
        struct grid *grid = NULL;
        struct arena *file;
        char *bytes;
        bool read;

        (void)snprintf(path, sizeof path,
                       DATA "corpora/json/JSONTestSuite/test_parsing/%s",
                       entry->d_name);
        if (strchr("yni", entry->d_name[0]) == NULL
            || source_open(&source, path, &err) != HY_OK)
            continue;
        file = arena_new();
        bytes = arena_alloc(file, source.length + 16);
        wrapped = (struct source){ "test", (unsigned char *)bytes, source.length + 11 };
        memcpy(bytes, "[{},{\"a\":", 9);
        memcpy(bytes + 9, source.bytes, source.length);
        memcpy(bytes + 9 + source.length, "}]", 2);
        read = json->open(&grid, &wrapped, &plain, file, &err) == HY_OK;
        json->close(grid);
        if ((entry->d_name[0] == 'y' && !read) || (entry->d_name[0] == 'n' && read))
            fail_saying("%s: %s\n", entry->d_name, read ? "read" : err.text);
        yes += entry->d_name[0] == 'y';
        no += entry->d_name[0] == 'n';
        either += entry->d_name[0] == 'i';
        arena_free(file);
        source_close(&source);
    }
    closedir(folder);
    print_message("JSONTestSuite: %zu read, %zu refused, %zu either\n", yes, no,
                  either);
    assert_true(yes == 95 && no >= 187);
}

/* The same files as they are, by what their names say, as `look --raw` reads them. */
static void answers_the_suite_as_it_is(void **state)
{
    static const struct read_options raw = { .keep_blank = true };
    struct dirent *entry;
    size_t yes = 0, no = 0;
    DIR *folder;

    (void)state;
    if (!data_present())
        skip();
    folder = opendir(DATA "corpora/json/JSONTestSuite/test_parsing");
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        struct source source;
        struct reading reading;
        struct error err;
        char path[512];
        enum status status;

        (void)snprintf(path, sizeof path,
                       DATA "corpora/json/JSONTestSuite/test_parsing/%s",
                       entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        status = source_open(&source, path, &err); /* one is empty */
        if (status == HY_OK) {
            reading = read_source(&source, &raw, true);
            status = reading.status;
            err = reading.err;
            reading_free(&reading);
            source_close(&source);
        }
        if ((entry->d_name[0] == 'y' && status != HY_OK)
            || (entry->d_name[0] == 'n' && status != HY_DATA))
            fail_saying("%s: %d %s\n", entry->d_name, (int)status, err.text);
        yes += entry->d_name[0] == 'y';
        no += entry->d_name[0] == 'n';
    }
    closedir(folder);
    assert_true(yes == 95 && no == 188);
}

static void odd_elements_keep_their_text(void **state)
{
    static const char list[] =
        "[null, \"1\", {\"a\":2}, \"x\\\"\\\\\", [\"p\",[1]] ,-1.5e3]";
    static const char *const raw[] = { "null",          "\"1\"",       "{\"a\":2}",
                                       "\"x\\\"\\\\\"", "[\"p\",[1]]", "-1.5e3" };
    static const struct read_options plain = { 0 };
    struct source source = { "test", (const unsigned char *)list, sizeof list - 1 };
    const struct reader *json = reader_named("json");
    struct batch *batch = calloc(1, sizeof *batch);
    struct arena *file = arena_new();
    struct grid *grid = NULL;
    struct error err;

    (void)state;
    batch->memory = arena_new();
    assert_int_equal(json->open(&grid, &source, &plain, file, &err), HY_OK);
    assert_int_equal(json->next(grid, 0, batch, &err), HY_OK);
    assert_int_equal(batch->count, 7);
    for (size_t i = 0; i < 6; i++) {
        const struct row *row = &batch->rows[i + 1];

        assert_int_equal(row->raw.length, strlen(raw[i]));
        assert_memory_equal(row->raw.at, raw[i], row->raw.length);
        assert_true((row->damage == NULL) == (i == 2));
    }
    json->close(grid);
    arena_free(batch->memory);
    arena_free(file);
    free(batch);
}

static void doubled_keys_are_counted(void **state)
{
    static const char list[] = "[{\"a\":1,\"a\":2,\"b\":{\"c\":1,\"c\":2}},{\"a\":1}]";
    static const struct read_options plain = { 0 };
    struct source source = { "test", (const unsigned char *)list, sizeof list - 1 };
    const struct reader *json = reader_named("json");
    struct arena *file = arena_new();
    struct grid *grid = NULL;
    struct error err;

    (void)state;
    reads(list, "a|b.c\n2|2\n1\n");
    assert_int_equal(json->open(&grid, &source, &plain, file, &err), HY_OK);
    assert_non_null(strstr(json->note(grid), "有 2 个字段"));
    json->close(grid);
    arena_free(file);
    reads("[{\"a\\u0000b\":\"\\u0000\"}]", "a\xEF\xBF\xBD"
                                           "b\n\xEF\xBF\xBD\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_lists),
        cmocka_unit_test(reads_wrapped_lists),
        cmocka_unit_test(reads_lines),
        cmocka_unit_test(flattens_and_keeps_digits),
        cmocka_unit_test(refuses_what_is_broken),
        cmocka_unit_test(reads_many),
        cmocka_unit_test(obeys_the_suite),
        cmocka_unit_test(answers_the_suite_as_it_is),
        cmocka_unit_test(odd_elements_keep_their_text),
        cmocka_unit_test(doubled_keys_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
