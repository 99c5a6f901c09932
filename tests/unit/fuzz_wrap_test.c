/* fuzz_wrap_test.c - what the fuzzer wraps is read: else it would only try refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include "tests/fuzz/wrap.h"
#include "tests/unit/reader_help.h"

static void reads_as(struct wrapped wrapped, const char *format, const char *text)
{
    struct reading reading = read_bytes(wrapped.bytes, wrapped.length);

    free(wrapped.bytes);
    if (reading.status != HY_OK)
        fail_saying("%s\n", reading.err.text);
    assert_string_equal(reading.format, format);
    assert_string_equal(reading.text, text);
    reading_free(&reading);
}

static void archives_are_read(void **state)
{
    static const uint8_t sheet[] = "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c>"
                                   "</row></sheetData></worksheet>"
                                   "\x1E<sst><si><t>x</t></si></sst>";
    static const uint8_t table[] =
        "<office:document-content"
        " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
        " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""
        " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body>"
        "<office:spreadsheet><table:table table:name=\"s\"><table:table-row>"
        "<table:table-cell office:value-type=\"string\"><text:p>x</text:p>"
        "</table:table-cell></table:table-row></table:table></office:spreadsheet>"
        "</office:body></office:document-content>";

    (void)state;
    reads_as(wrap_archive(wrap_xlsx, sheet, sizeof sheet - 1), "xlsx", "x\n");
    reads_as(wrap_archive(wrap_xlsx, NULL, 0), "xlsx", "a|2023-03-15 12:00:00\n");
    reads_as(wrap_archive(wrap_ods, table, sizeof table - 1), "ods", "x\n");
    reads_as(wrap_archive(wrap_zip, (const uint8_t *)"a,b\n1,2\n\x1E[{\"k\":1}]", 18),
             "zip", "a|b\n1|2\nk\n1\n");
}

/* BOF, BOUNDSHEET at 0x20, EOF; BOF, NUMBER 1.5, EOF. */
static void compound_files_are_read(void **state)
{
    static const uint8_t stream[] = {
        0x09, 0x08, 0x08, 0x00, 0x00, 0x06, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x85,
        0x00, 0x09, 0x00, 0x1D, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 's',  0x0A,
        0x00, 0x00, 0x00, 0x09, 0x08, 0x08, 0x00, 0x00, 0x06, 0x10, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x03, 0x02, 0x0E, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0xF8, 0x3F, 0x0A, 0x00, 0x00, 0x00,
    };

    (void)state;
    reads_as(wrap_compound(stream, sizeof stream), "xls", "1.5\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(archives_are_read),
        cmocka_unit_test(compound_files_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
