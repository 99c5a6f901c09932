/* reader_csv_test.c - delimiters, quotes, line ends and damage by hand and by corpus.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours is core/status.h */

#include <stdio.h>

#include "ingest/reader_csv.h"
#include "tests/unit/reader_help.h"

static void reads(const char *input, const char *expected)
{
    struct reading reading = read_bytes(input, strlen(input));

    if (reading.status != HY_OK)
        fail_saying("%s", reading.err.text);
    assert_string_equal(reading.text, expected);
    assert_string_equal(reading.format, "csv");
    reading_free(&reading);
}

static void finds_the_delimiter(void **state)
{
    (void)state;
    reads("a,b\n1,2\n", "a|b\n1|2\n");
    reads("a;b\n1;2,5\n3;4\n", "a|b\n1|2,5\n3|4\n");
    reads("a\tb\n1\t2\n", "a|b\n1|2\n");
    reads("x|y\n1|2\n", "x|y\n1|2\n");
    reads("工单，内容\n1，漏水\n", "工单|内容\n1|漏水\n");
    reads("sep=;\na;b,c\n", "a|b,c\n");
}

static void ends_lines_in_three_ways(void **state)
{
    (void)state;
    reads("a,b\r\n1,2\r\n", "a|b\n1|2\n");
    reads("a,b\r1,2\r3,4", "a|b\n1|2\n3|4\n");
    reads("a,b\n1,x\ry\n", "a|b\n1|x\ry\n");
    reads("a,b\n1,\n", "a|b\n1|\n");
    reads("a,b\n1,", "a|b\n1|\n");
    reads("a,b\n\n , \n1,2\n", "a|b\n1|2\n");
}

static void keeps_quotes_in_order(void **state)
{
    (void)state;
    reads("a,b\n\"x,\"\"y\"\"\",\"l1\nl2\"\n", "a|b\nx,\"y\"|l1\nl2\n");
    reads("a,b\n\"User 9\" <113>,2\n", "a|b\n\"User 9\" <113>|2\n");
    reads("a,b\n \"x,y\" ,2\n", "a|b\nx,y|2\n");
    reads("a,b\n1,This \"q\" x\n", "a|b\n1|This \"q\" x\n");
}

/* ="007", by which exporters keep Excel from making a number of it: Excel shows 007,
 * and the .xlsx of the same register holds that.  Other formulas stay as they are. */
static void a_formula_of_one_text_is_that_text(void **state)
{
    (void)state;
    reads("a,b\n=\"007\",\"=\"\"00 8\"\"\"\n", "a|b\n007|00 8\n");
    reads("=\"工单\",b\r\n=\"1\",=\"\"\r\n", "工单|b\n1|\n");
    reads("a,b\n=1+2,=\"x\"&\"y\"\n=\",=\"\"\"\n",
          "a|b\n=1+2|=\"x\"&\"y\"\n=\"|=\"\"\"\n");
    reads("a\tb\n=\"1,5\"\t x=\"2\"\n", "a|b\n1,5| x=\"2\"\n");
}

/* A quote that does not close costs its own row, not those after it. */
static void recovers_from_a_bad_quote(void **state)
{
    (void)state;
    reads("a,b\n1,\"oops\n2,ok\n", "a|b\n[column_count]1|\"oops\n2|ok\n");
    reads("a,b\n1,\"oops\n2,\"ok\"\n", "a|b\n[column_count]1|\"oops\n2|ok\n");
    reads("a,b\n1,\"he said \"yes\" x\"\n2,3\n",
          "a|b\n[column_count]1|\"he said \"yes\" x\"\n2|3\n");
}

static void numbers_rows_by_physical_line(void **state)
{
    const char *input = "a,b\n\"1\n\n\",2\n\n5,6\n";
    struct reading reading = read_bytes(input, strlen(input));

    (void)state;
    assert_int_equal(reading.rows, 3);
    assert_int_equal(reading.last, 6);
    reading_free(&reading);
}

static void marks_bad_bytes_and_giant_cells(void **state)
{
    size_t size = (2u << 20) + 16;
    char *giant = malloc(size);
    struct reading reading;

    (void)state;
    reads("报修,投诉时间\n三号楼\xFF,电梯停运请派单处理\n1,2\n",
          "报修|投诉时间\n[bad_encoding]三号楼\xEF\xBF\xBD|电梯停运请派单处理\n1|2\n");
    memset(giant, 'x', size);
    memcpy(giant, "a,b\n1,", 6);
    memcpy(giant + size - 5, "\n3,4\n", 5);
    reading = read_bytes(giant, size);
    assert_int_equal(reading.rows, 3);
    assert_int_equal(reading.damaged, 1);
    reading_free(&reading);
    free(giant);
}

static void refuses_by_name(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *word;
    } cases[] = {
        { "", 0, "空" },
        { " \r\n", 3, "空" },
        { "%PDF-1.4\n", 9, "PDF" },
        { "\x1F\x8B\x08\0", 4, ".gz" },
        { "PK\x03\x04zz", 6, "压缩包" },
        { "<html><p>1</p>", 14, "网页" },
        { "\x01\x02\x00\x03\x04\x05", 6, "看不出" },
        { "caf\xE9,\xE9t\xE9\n", 9, "编码" },
        { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "内部目录" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading = read_bytes(cases[i].bytes, cases[i].length);

        assert_int_equal(reading.status, HY_DATA);
        if (strstr(reading.err.text, cases[i].word) == NULL)
            fail_saying("%zu: %s\n", i, reading.err.text);
        reading_free(&reading);
    }
}

static void chopped_anywhere_never_crashes(void **state)
{
    static const char input[] =
        "sep=,\na,\"b\"\"\nc\",\xE6\xA5\xBC\r\n\"\r\r\n,,\"x\"y\"\n"
        "\xCE\xEF\xD2\xB5;\0|\t\n{\"a\":[1,{}]}\n";

    (void)state;
    for (size_t from = 0; from < sizeof input; from++)
        for (size_t to = from; to <= sizeof input; to++) {
            struct reading reading = read_bytes(input + from, to - from);

            reading_free(&reading);
        }
}

/* Rows of a real file: the header and the known number of data rows. */
static void real_rows(const char *path, size_t rows)
{
    char full[512];
    struct reading reading;

    (void)snprintf(full, sizeof full, DATA "%s", path);
    reading = read_path(full, false);
    if (reading.status != HY_OK || reading.rows != rows || reading.damaged != 0)
        fail_saying("%s: %zu rows, %zu damaged: %s", path, reading.rows,
                    reading.damaged, reading.err.text);
    reading_free(&reading);
}

static void real_files_have_their_rows(void **state)
{
    (void)state;
    if (!data_present())
        skip();
    real_rows("requests/derived/taidi_附件4_gb18030_crlf.csv", 2817);
    real_rows("requests/derived/taidi_附件3_前1000行_utf8bom.csv", 1001);
    real_rows("requests/derived/taidi_附件4_前600行_utf16le_bom_tab.txt", 601);
    real_rows("requests/baltimore311_sample.csv", 10001);
    real_rows("requests/boston311_2015/Street_Light_Outages.csv", 7957);
    real_rows("cdr/callcenter_daily_semicolon.csv", 1252);
    real_rows("cdr/cdr_cr_line_endings.csv", 101);
}

/* --- the vectors against the plain scanner, which is the rule ------------------- */
static size_t below(uint64_t *seed, size_t most)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(*seed >> 33) % most;
}

/* Tidy files, and files with every disorder, at any place of a block. */
static size_t disorder(uint64_t *seed, char *out, size_t room, bool tidy)
{
    static const char *const pieces[] = { "a", "漏水", ",", ",", ",", "\n", "\r\n",
                                          "\"x\"", ",\"a,b\",", "12345678901234567",
                                          ",\"say \"\"no\"\"\",", ",\"two\nlines\"\n",
                                          ",\"\",", "\n\n", ",\"\"\"q\"\"\"\r\n",
                                          /* from here on untidy */
                                          "\"", "\"\"", " \"a\"", "\"a\" ,", "\r",
                                          "\"User 9\" <113>", "\"open", "a\"b" };
    size_t length = 0, most = 64 + below(seed, room - 100);

    while (length < most) {
        const char *piece = pieces[below(seed, tidy ? 15 : 23)];

        if (tidy && *piece == '"' && length > 0 && out[length - 1] != ','
            && out[length - 1] != '\n')
            continue;
        if (length + strlen(piece) >= room)
            break;
        memcpy(out + length, piece, strlen(piece));
        length += strlen(piece);
    }
    return length;
}

static struct csv_scan scan_of(const char *text, size_t length,
                               enum csv_vectors vectors, struct arena *memory)
{
    struct csv_scan scan = {
        .at = text, .end = text + length, .line = 1, .file = memory
    };

    scan.form = (struct csv_form){ .delimiter = ",", .delimiter_length = 1 };
    csv_look_ahead(&scan, vectors);
    return scan;
}

static void same_record(const struct row *a, const struct row *b)
{
    uint32_t i;

    assert_int_equal(a->number, b->number);
    assert_ptr_equal(a->raw.at, b->raw.at);
    assert_int_equal(a->raw.length, b->raw.length);
    assert_ptr_equal(a->damage, b->damage);
    assert_int_equal(a->count, b->count);
    for (i = 0; i < a->count; i++) {
        assert_int_equal(a->cells[i].kind, b->cells[i].kind);
        assert_true(text_equal(a->cells[i].text, b->cells[i].text));
    }
}

static void vectors_agree_with_the_rule(void **state)
{
    static const enum csv_vectors widths[] = { CSV_SSE2, CSV_AVX2, CSV_AVX512 };
    static char text[40000];
    struct arena *memory = arena_new();
    uint64_t seed = 7;
    size_t turn, w, length;

    (void)state;
    for (turn = 0; turn < 1500; turn++) {
        length =
            disorder(&seed, text, turn % 100 == 0 ? sizeof text : 2000, turn % 2 == 0);
        for (w = 0; w < 3; w++) {
            struct csv_scan rule = scan_of(text, length, CSV_PLAIN, memory);
            struct csv_scan quick = scan_of(text, length, widths[w], memory);
            struct row a, b;
            bool more = true;

            while (more) {
                more = csv_record(&rule, memory, &a);
                assert_int_equal(csv_record(&quick, memory, &b), more);
                if (more)
                    same_record(&a, &b);
                quick.ahead.rest = 0; /* no rest after a surprise: look each time */
            }
            assert_int_equal(rule.line, quick.line);
        }
        arena_reset(memory);
    }
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_delimiter),
        cmocka_unit_test(ends_lines_in_three_ways),
        cmocka_unit_test(keeps_quotes_in_order),
        cmocka_unit_test(a_formula_of_one_text_is_that_text),
        cmocka_unit_test(recovers_from_a_bad_quote),
        cmocka_unit_test(numbers_rows_by_physical_line),
        cmocka_unit_test(marks_bad_bytes_and_giant_cells),
        cmocka_unit_test(refuses_by_name),
        cmocka_unit_test(chopped_anywhere_never_crashes),
        cmocka_unit_test(vectors_agree_with_the_rule),
        cmocka_unit_test(real_files_have_their_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
