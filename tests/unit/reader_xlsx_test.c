/* reader_xlsx_test.c - number formats, escapes, and the real workbooks. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <stdio.h>

#include "ingest/reader_xlsx.h"
#include "tests/unit/reader_help.h"

static void knows_date_formats(void **state)
{
    static const struct {
        const char *code;
        enum xlsx_format format;
    } cases[] = {
        { "General", XLSX_PLAIN },
        { "0.00E+00", XLSX_PLAIN },
        { "#,##0.00;[Red]-0", XLSX_PLAIN },
        { "\"day\" 0", XLSX_PLAIN },
        { "yyyy-mm-dd", XLSX_DATE },
        { "yyyy\"年\"m\"月\"d\"日\"", XLSX_DATE },
        { "m月d日", XLSX_DATE },
        { "[$-804]aaaa", XLSX_DATE },
        { "yyyy/m/d h:mm", XLSX_DATE_TIME },
        { "yyyy/m/d 上午/下午h:mm", XLSX_DATE_TIME },
        { "h:mm AM/PM", XLSX_TIME },
        { "上午/下午h\"时\"", XLSX_TIME },
        { "[h]:mm:ss", XLSX_ELAPSED },
        { "mm:ss", XLSX_TIME },
        { "\\d0", XLSX_PLAIN },
        { "[Red]0", XLSX_PLAIN },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (xlsx_format_code(cases[i].code) != cases[i].format)
            fail_saying("%s\n", cases[i].code);
    assert_int_equal(xlsx_format_builtin(14), XLSX_DATE);
    assert_int_equal(xlsx_format_builtin(22), XLSX_DATE_TIME);
    assert_int_equal(xlsx_format_builtin(31), XLSX_DATE);
    assert_int_equal(xlsx_format_builtin(46), XLSX_ELAPSED);
    assert_int_equal(xlsx_format_builtin(2), XLSX_PLAIN);
}

static void cell_is(const char *type, size_t style, const char *value, const char *text,
                    enum cell_kind kind)
{
    static const unsigned char formats[] = { XLSX_PLAIN, XLSX_DATE, XLSX_DATE_TIME,
                                             XLSX_TIME, XLSX_ELAPSED };
    struct arena *memory = arena_new();
    struct xlsx_book book = { .styles = { 5, formats } };
    const char *damage = NULL;
    struct cell cell = xlsx_cell(&book, type, style, text_of(value), memory, &damage);

    assert_string_equal(text_copy(memory, cell.text), text);
    assert_int_equal(cell.kind, kind);
    arena_free(memory);
}

/* DOMAIN 4.3: 45901 = 2025-09-01 in the 1900 system. */
static void shows_numbers_and_dates(void **state)
{
    (void)state;
    cell_is("", 0, "45901", "45901", CELL_NUMBER);
    cell_is("", 0, "0.1", "0.1", CELL_NUMBER);
    cell_is("", 0, "1.2E+3", "1200", CELL_NUMBER);
    cell_is("", 0, "20250901000012", "20250901000012", CELL_NUMBER);
    cell_is("", 1, "45901", "2025-09-01", CELL_DATE);
    cell_is("", 1, "45901.5", "2025-09-01 12:00:00", CELL_DATETIME);
    cell_is("", 2, "45901", "2025-09-01 00:00:00", CELL_DATETIME);
    cell_is("", 3, "0.5", "12:00:00", CELL_TEXT);
    cell_is("", 4, "1.5", "36:00:00", CELL_TEXT);
    /* hh:mm over 26 hours is no moment of 1900; of a moment it shows the time only */
    cell_is("", 3, "1.0856", "26:03:16", CELL_TEXT);
    cell_is("", 3, "1234.5", "29628:00:00", CELL_TEXT);
    cell_is("", 3, "46296.35416666", "2026-10-01 08:30:00", CELL_DATETIME);
    cell_is("d", 0, "2026-10-01T08:59:59.8", "2026-10-01 09:00:00", CELL_DATETIME);
    cell_is("b", 0, "1", "TRUE", CELL_BOOL);
    cell_is("e", 0, "#N/A", "#N/A", CELL_ERROR);
    cell_is("str", 0, "a_x000D_\nb_x005F_c", "a\r\nb_c", CELL_TEXT);
    cell_is("", 99, "1", "1", CELL_NUMBER);
    cell_is("s", 0, "3", "#REF!", CELL_ERROR);
}

static void reads_references(void **state)
{
    uint32_t row, column;

    (void)state;
    assert_true(xlsx_reference("AB12", 4, &row, &column));
    assert_int_equal(row, 11);
    assert_int_equal(column, 27);
    assert_false(xlsx_reference("A0", 2, &row, &column));
    assert_false(xlsx_reference("12", 2, &row, &column));
    assert_false(xlsx_reference("ZZZZ1", 5, &row, &column));
    assert_false(xlsx_reference("A9999999", 8, &row, &column));
}

static void real_rows(const char *path, size_t rows)
{
    char full[512];
    struct reading reading;

    (void)snprintf(full, sizeof full, DATA "%s", path);
    reading = read_path(full, false);
    if (reading.status != HY_OK || reading.rows != rows || reading.damaged != 0)
        fail_saying("%s: %zu rows: %s\n", path, reading.rows, reading.err.text);
    reading_free(&reading);
}

static void real_books_have_their_rows(void **state)
{
    (void)state;
    if (!data_present())
        skip();
    real_rows("requests/taidi2020_附件4_留言答复.xlsx", 2817);
    real_rows("requests/taidi2020_附件2_空行65202.xlsx", 496); /* not 65,203 */
    real_rows("requests/taidi2020_附件3_留言.xlsx", 4327 + 884);
    real_rows("requests/baltimore311_sample.xlsx", 10001);
}

static void corpus_is(const char *path, const char *text)
{
    char full[512];
    struct reading reading;

    (void)snprintf(full, sizeof full, DATA "corpora/sheets/calamine/%s", path);
    reading = read_path(full, true);
    if (reading.status != HY_OK || strstr(reading.text, text) == NULL)
        fail_saying("%s: %s %s\n", path, reading.text, reading.err.text);
    reading_free(&reading);
}

/* What the files are named for, as their own project's tests expect it. */
static void corpus_regressions(void **state)
{
    struct reading reading;

    (void)state;
    if (!data_present())
        skip();
    corpus_is("has_x000D_.xlsx", "ABC\r\nDEF");
    corpus_is("has_x000D_inline.xlsx", "ABC\r\nDEF");
    corpus_is("date.xlsx", "2021-01-01");
    corpus_is("date_1904.xlsx", "2021-01-01");
    reading = read_path(DATA "corpora/sheets/calamine/pass_protected.xlsx", false);
    assert_int_equal(reading.status, HY_DATA);
    assert_non_null(strstr(reading.err.text, "密码"));
    reading_free(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_date_formats),
        cmocka_unit_test(shows_numbers_and_dates),
        cmocka_unit_test(reads_references),
        cmocka_unit_test(real_books_have_their_rows),
        cmocka_unit_test(corpus_regressions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
