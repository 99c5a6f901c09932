/*
 * reader_ods_test.c - OpenDocument sheets in their flat form: what a cell holds is what
 * LibreOffice shows in it, and the same as the .xlsx of the same sheet.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include "tests/unit/reader_help.h"

#define FLAT                                                               \
    "<office:document xmlns:office=\"urn:oasis:names:tc:opendocument:o\" " \
    "xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>" \
    "<table:table table:name=\"s\">"
#define FLAT_END "</table:table></office:spreadsheet></office:body></office:document>"
#define ROW(cells) "<table:table-row>" cells "</table:table-row>"
#define CELL(attributes, content) \
    "<table:table-cell " attributes ">" content "</table:table-cell>"

static void flat_ods(void **state)
{
    (void)state;
    /* before 1970, where no ticket lies: as the file says, not as the cell shows */
    bytes_read_as(FLAT ROW(CELL("office:value-type=\"date\" "
                                "office:date-value=\"1933-10-18T16:17:36\"",
                                "<text:p>10/18/33</text:p>")) FLAT_END,
                  "ods", "1933-10-18 16:17:36\n");
    bytes_read_as(FLAT ROW(
                      CELL("", "<text:p>a</text:p><text:p>b<text:s text:c=\"2\"/>c"
                               "</text:p>")
                          CELL("table:number-columns-repeated=\"2\"", "")
                              CELL("office:value-type=\"float\" office:value=\"1.50\"",
                                   "<text:p>1,50</text:p>"))
                      ROW(CELL("office:value-type=\"date\" "
                               "office:date-value=\"2026-10-01T08:30:00\"",
                               "") CELL("office:value-type=\"time\" "
                                        "office:time-value=\"PT36H00M05S\"",
                                        "") CELL("office:value-type=\"boolean\" "
                                                 "office:boolean-value=\"true\"",
                                                 "")) FLAT_END,
                  "ods", "a\nb  c|||1.5\n2026-10-01 08:30:00|36:00:05|TRUE\n");
    bytes_read_as(
        FLAT "<table:table-row table:number-rows-repeated=\"3\">" CELL(
            "",
            "<text:p>r</text:p>") "</table:table-row>"
                                  "<table:table-row "
                                  "table:number-rows-repeated=\"1048570\"/>" FLAT_END,
        "ods", "r\nr\nr\n");
}

static void ods_bombs(void **state)
{
    static const char rows[] =
        FLAT "<table:table-row table:number-rows-repeated=\"999999999\">" CELL(
            "", "<text:p>r</text:p>") "</table:table-row>" FLAT_END;
    static const char cells[] = FLAT ROW(
        CELL("table:number-columns-repeated=\"2000000000\"", "<text:p>r</text:p>"))
        FLAT_END;
    struct reading reading;

    (void)state;
    refused_bytes(rows, sizeof rows - 1, "重复");
    reading = read_bytes(cells, sizeof cells - 1);
    assert_int_equal(reading.status, HY_OK);
    assert_int_equal(reading.damaged, 1);
    reading_free(&reading);
}

/* A formula in error: Excel and old LibreOffice store the number 0 beside its words. */
#define FORMULA(shown)                                                             \
    CELL("office:value-type=\"float\" office:value=\"0\" table:formula=\"of:=A\"", \
         "<text:p>" shown "</text:p>")

static void an_error_is_no_zero(void **state)
{
    (void)state;
    bytes_read_as(FLAT ROW(FORMULA("#NAME?") FORMULA("Err:502") FORMULA("#DIV/0!")
                               FORMULA("#N/A") FORMULA("错误:508")) FLAT_END,
                  "ods", "#NAME?|Err:502|#DIV/0!|#N/A|错误:508\n");
    /* as LibreOffice writes it today, and by the letter of the standard */
    bytes_read_as(FLAT ROW(
                      CELL("office:value-type=\"string\" office:string-value=\"\" "
                           "calcext:value-type=\"error\" xmlns:calcext=\"c\"",
                           "<text:p>#VALUE!</text:p>")
                          CELL("office:value-type=\"string\" office:string-value=\"\" "
                               "table:formula=\"of:=A\"",
                               "<text:p>#REF!</text:p>")) FLAT_END,
                  "ods", "#VALUE!|#REF!\n");
    /* a number keeps its value however it is shown: "#"0, "Err:"0, accounting's - */
    bytes_read_as(FLAT ROW(FORMULA("#0") FORMULA("Err:0") FORMULA("-") FORMULA("#N/A 0")
                               FORMULA("#") FORMULA("Err:5x2") FORMULA("")) FLAT_END,
                  "ods", "0|0|0|0|0|0|0\n");
}

/* LibreOffice stores =TRUE(), as it reads the booleans of others, as the number 1. */
static void a_true_that_is_a_number(void **state)
{
    (void)state;
    bytes_read_as(FLAT ROW(
                      CELL("office:value-type=\"float\" office:value=\"1\"",
                           "<text:p>TRUE</text:p>")
                          CELL("office:value-type=\"float\" office:value=\"0\"",
                               "<text:p>FALSE</text:p>")
                              CELL("office:value-type=\"float\" office:value=\"5\"",
                                   "<text:p>TRUE</text:p>")
                                  CELL("office:value-type=\"float\" office:value=\"1\"",
                                       "<text:p>FALSE</text:p>")) FLAT_END,
                  "ods", "TRUE|FALSE|5|1\n");
}

/* The flat form is written with line ends between the elements: they are no text, nor
 * is what stands in a drawing or a note. */
static void only_paragraphs_are_text(void **state)
{
    (void)state;
    bytes_read_as(FLAT ROW(CELL("", "\n  <text:p>a</text:p>\n  <text:p>b</text:p>\n ")
                               CELL("", "\n  ") CELL("", "<text:p/><text:p>c</text:p>"))
                      FLAT_END,
                  "ods", "a\nb||\nc\n");
    bytes_read_as(FLAT ROW(
                      CELL("", "<draw:frame xmlns:draw=\"d\"><draw:text-box><text:p>box"
                               "</text:p></draw:text-box></draw:frame>"
                               "<office:annotation><text:p>note</text:p>"
                               "</office:annotation><text:p>a<text:span>b</text:span>"
                               "<text:line-break/>c</text:p>")) FLAT_END,
                  "ods", "ab\nc\n");
}

#define TIMED(value) \
    CELL("office:value-type=\"time\" office:time-value=\"" value "\"", "")
#define DATED(value) \
    CELL("office:value-type=\"date\" office:date-value=\"" value "\"", "")

/* A moment shown as hh:mm is stored as hours since the first day (46296 days are
 * 2026-10-01), and fractions of a second come from a number rounded elsewhere. */
static void times_equal_those_of_xlsx(void **state)
{
    (void)state;
    bytes_read_as(FLAT ROW(TIMED("PT1111112H29M59.999999162S") TIMED("PT1111104H00M00S")
                               TIMED("PT26H03M15.84S") TIMED("PT02H57M46.65888S")
                                   TIMED("PT00H00M00.4S") TIMED("PT29628H00M00S"))
                      FLAT_END,
                  "ods",
                  "2026-10-01 08:30:00|2026-10-01 00:00:00|26:03:16|02:57:47|00:00:00|"
                  "29628:00:00\n");
    bytes_read_as(FLAT ROW(
                      DATED("2026-10-01T08:30:15.7") DATED("2026-10-01T08:59:59.99")
                          DATED("2026-10-01T08:30:15.4") DATED("2026-12-31T23:59:59.6")
                              DATED("1899-12-30T12:00:00")) FLAT_END,
                  "ods",
                  "2026-10-01 08:30:16|2026-10-01 09:00:00|2026-10-01 08:30:15|"
                  "2027-01-01 00:00:00|12:00:00\n");
    /* a time in the format of a date; lengths as others write them */
    bytes_read_as(FLAT ROW(DATED("1899-12-30T08:29:59.9999712") TIMED("PT8H30M") TIMED(
                      "PT90M") TIMED("P1DT2H") TIMED("PT0.6S") TIMED("P1Y")) FLAT_END,
                  "ods", "08:30:00|08:30:00|01:30:00|26:00:00|00:00:01\n");
    /* the first day of a sheet from a Mac: 44834 days on */
    bytes_read_as("<office:document xmlns:office=\"urn:oasis:names:tc:opendocument:o\" "
                  "xmlns:table=\"t\"><office:body><office:spreadsheet>"
                  "<table:calculation-settings><table:null-date "
                  "table:date-value=\"1904-01-01\"/></table:calculation-settings>"
                  "<table:table>" ROW(TIMED("PT1076024H30M00S")) FLAT_END,
                  "ods", "2026-10-01 08:30:00\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_ods),
        cmocka_unit_test(ods_bombs),
        cmocka_unit_test(an_error_is_no_zero),
        cmocka_unit_test(a_true_that_is_a_number),
        cmocka_unit_test(only_paragraphs_are_text),
        cmocka_unit_test(times_equal_those_of_xlsx),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
