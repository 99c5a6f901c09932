/*
 * reader_old_test.c - the readers of old and foreign sheets: .xls by hand-made
 * records, HTML tables and XML 2003, and real siblings.  .ods: reader_ods_test.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <stdio.h>

#include "tests/fuzz/wrap.h"
#include "tests/unit/reader_help.h"

/* --- .xls: records in a stream, the stream in a compound file ------------- */

struct bytes {
    unsigned char at[65536];
    size_t length;
};

static void put(struct bytes *bytes, const void *from, size_t length)
{
    memcpy(bytes->at + bytes->length, from, length);
    bytes->length += length;
}

static void put_number(struct bytes *bytes, uint32_t number, int size)
{
    for (int i = 0; i < size; i++)
        bytes->at[bytes->length++] = (unsigned char)(number >> (8 * i));
}

static void record(struct bytes *bytes, unsigned type, const void *body, size_t length)
{
    put_number(bytes, type, 2);
    put_number(bytes, (uint32_t)length, 2);
    put(bytes, body, length);
}

#define RECORD(bytes, type, body) record(bytes, type, body, sizeof(body) - 1)

static const char begin_book[] = "\x00\x06\x05\x00\x00\x00\x00\x00", end_record[] = "";
static const char begin_sheet[] = "\x00\x06\x10\x00\x00\x00\x00\x00";

/* One FAT sector, one of directory, the stream from sector 2 on. */
static void compound(struct bytes *file, const char *name, const struct bytes *stream)
{
    uint32_t sectors = (uint32_t)((stream->length + 511) / 512);
    size_t begin;

    memset(file, 0, sizeof *file);
    put(file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    file->length = 24;
    put(file, "\x3E\0\x03\0\xFE\xFF\x09\0\x06\0", 10);
    file->length = 44;
    put_number(file, 1, 4); /* FAT sectors */
    put_number(file, 1, 4); /* the directory's first */
    file->length = 56;
    put_number(file, 0, 4); /* no stream is a small one */
    put_number(file, 0xFFFFFFFE, 4);
    put_number(file, 0, 4);
    put_number(file, 0xFFFFFFFE, 4);
    put_number(file, 0, 4);
    put_number(file, 0, 4); /* the FAT is sector 0 */
    memset(file->at + file->length, 0xFF, 512 - file->length);
    file->length = 512;
    put_number(file, 0xFFFFFFFD, 4);
    put_number(file, 0xFFFFFFFE, 4);
    for (uint32_t i = 0; i < sectors; i++)
        put_number(file, i + 1 < sectors ? i + 3 : 0xFFFFFFFE, 4);
    memset(file->at + file->length, 0xFF, 1024 - file->length);
    file->length = begin = 1024;
    for (size_t i = 0; i < strlen(name); i++)
        file->at[begin + 128 + 2 * i] = (unsigned char)name[i];
    file->at[begin + 66] = 5;
    file->at[begin + 128 + 64] = (unsigned char)(2 * strlen(name) + 2);
    file->at[begin + 128 + 66] = 2;
    file->length = begin + 128 + 116;
    put_number(file, 2, 4);
    put_number(file, (uint32_t)stream->length, 4);
    file->length = begin + 512;
    put(file, stream->at, stream->length);
    file->length = 1536 + (size_t)sectors * 512;
}

/* The globals of a book of one sheet; the place of the sheet is mended after. */
static size_t globals(struct bytes *stream)
{
    size_t place;

    RECORD(stream, 0x0809, begin_book);
    /* format 164 = yyyy-mm-dd hh:mm, two XF: General and that */
    RECORD(stream, 0x041E, "\xA4\0\x10\0\0yyyy-mm-dd hh:mm");
    RECORD(stream, 0x00E0, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    RECORD(stream, 0x00E0, "\0\0\xA4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    place = stream->length + 4;
    RECORD(stream, 0x0085, "\0\0\0\0\0\0\x02\x01\x68\x88\x55\x53"); /* 表单 */
    return place;
}

static void mend(struct bytes *stream, size_t place)
{
    size_t length = stream->length;

    stream->length = place;
    put_number(stream, (uint32_t)length, 4);
    stream->length = length;
}

static void xls_cells_of_every_kind(void **state)
{
    static struct bytes stream, file;
    struct reading reading;
    size_t place;

    (void)state;
    memset(&stream, 0, sizeof stream);
    place = globals(&stream);
    /* "ab" and 楼道 whose second character lies in the CONTINUE, now wide */
    RECORD(&stream, 0x00FC, "\2\0\0\0\2\0\0\0\2\0\0ab\2\0\1\x7C\x69");
    RECORD(&stream, 0x003C, "\1\x53\x90");
    RECORD(&stream, 0x000A, end_record);
    mend(&stream, place);
    RECORD(&stream, 0x0809, begin_sheet);
    /* rows out of order: the second first */
    RECORD(&stream, 0x0203, "\1\0\0\0\0\0\0\0\0\0\0\0\xF8\x3F");         /* 1.5 */
    RECORD(&stream, 0x00BD, "\1\0\1\0\0\0\x1E\0\0\0\0\0\x1F\0\0\0\2\0"); /* 7, 0.07 */
    RECORD(&stream, 0x0205, "\1\0\3\0\0\0\1\0");                         /* TRUE */
    RECORD(&stream, 0x0205, "\1\0\4\0\0\0\x07\1");                       /* #DIV/0! */
    RECORD(&stream, 0x00FD, "\0\0\0\0\0\0\0\0\0\0");
    RECORD(&stream, 0x00FD, "\0\0\1\0\0\0\1\0\0\0");
    /* a formula with a text of its own */
    RECORD(&stream, 0x0006, "\0\0\3\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0\0\0\0\0\0\0");
    RECORD(&stream, 0x0207, "\2\0\0xy");
    /* 45901.5 = 2025-09-01 12:00 in the second XF */
    RECORD(&stream, 0x0203, "\2\0\0\0\1\0\0\0\0\0\xB0\x69\xE6\x40");
    RECORD(&stream, 0x000A, end_record);
    compound(&file, "Workbook", &stream);
    reading = read_bytes(file.at, file.length);
    if (reading.status != HY_OK)
        fail_saying("%s\n", reading.err.text);
    assert_string_equal(reading.format, "xls");
    assert_string_equal(reading.text, "ab|楼道|~|xy\n"
                                      "1.5|7|0.07|TRUE|#DIV/0!\n"
                                      "2025-09-01 12:00:00\n");
    reading_free(&reading);
}

static void xls_refusals(void **state)
{
    static struct bytes stream, file;

    (void)state;
    memset(&stream, 0, sizeof stream);
    RECORD(&stream, 0x0809, "\x00\x05\x05\x00\x00\x00\x00\x00");
    compound(&file, "Workbook", &stream);
    refused_bytes(file.at, file.length, "Excel 95");
    compound(&file, "Book", &stream);
    refused_bytes(file.at, file.length, "Excel 95");
    compound(&file, "EncryptedPackage", &stream);
    refused_bytes(file.at, file.length, "密码");
    compound(&file, "WordDocument", &stream);
    refused_bytes(file.at, file.length, "Word");
    compound(&file, "Contents", &stream);
    refused_bytes(file.at, file.length, ".et");
    memset(&stream, 0, sizeof stream);
    (void)globals(&stream);
    RECORD(&stream, 0x002F, "\0\0\0\0\0\0");
    compound(&file, "Workbook", &stream);
    refused_bytes(file.at, file.length, "密码");
}

/* A chain of sectors in a ring; the stream said to be longer than it is. */
static void xls_circles_and_lies(void **state)
{
    static struct bytes stream, file;

    (void)state;
    memset(&stream, 0, sizeof stream);
    (void)globals(&stream);
    stream.length = 1000;
    compound(&file, "Workbook", &stream);
    file.at[512 + 4 * 3] = 2; /* sector 3 goes back to 2 */
    memset(file.at + 512 + 4 * 3 + 1, 0, 3);
    refused_bytes(file.at, file.length, "内部目录");
    compound(&file, "Workbook", &stream);
    file.at[1024 + 128 + 121] = 0x40; /* 16 KB in 1 KB */
    refused_bytes(file.at, file.length, "内部目录");
    compound(&file, "Workbook", &stream);
    refused_bytes(file.at, file.length - 600, "内部目录");
}

/* --- HTML ----------------------------------------------------------------- */

static void html_tables(void **state)
{
    (void)state;
    bytes_read_as(
        "<table><tr><th>a<th>b<tr><td>1</td><td>2 &amp; 3<br>4</td></tr></table>",
        "html", "a|b\n1|2 & 3\n4\n");
    bytes_read_as(
        "<html><body><TABLE><TR><TD rowspan=2>x</TD><TD colspan='2'>y</TD></TR>"
        "<TR><TD>z</TD><TD>&#27004;&#x9053;</TD></TR></TABLE>",
        "html", "x|y|\n|z|楼道\n");
    bytes_read_as(
        "<!DOCTYPE html><!-- <table> --><table><tr><td>a > b</td></tr></table>"
        "<table><tr><td>2</td></tr></table>",
        "html", "a > b\n2\n");
    /* a table in a cell is that cell's text */
    bytes_read_as(
        "<table><tr><td><table><tr><td>in</td></tr></table></td><td>o</td></tr>"
        "</table>",
        "html", "in|o\n");
    bytes_read_as("<table><tr><td>a < b<!-- c > --> d <i>e</i></td></tr></table>",
                  "html", "a < b d e\n");
    /* an empty line stays one; blanks beside a line end are none; a paragraph that ends
     * in <br> has one end */
    bytes_read_as("<table><tr><td>a<br><br>b <br></br> c</td><td><p>d<br></p>"
                  "<p>e</p></td></tr></table>",
                  "html", "a\n\nb\nc|d\ne\n");
    /* a formula of one text, as in a CSV */
    bytes_read_as("<table><tr><td>=&quot;007&quot;</td><td>=\"8\"</td></tr></table>",
                  "html", "007|8\n");
    /* a note as LibreOffice writes it, and what no reader of a page sees */
    bytes_read_as(
        "<table><tr><td><a class=\"comment-indicator\"></a>\n<comment>note <b>x"
        "</b></comment>\n<font>a</font></td><td><style>b{}</style>c<script>d<e"
        "</script></td><td>f<comment>g</td></tr><tr><td>h</td></tr></table>",
        "html", "a|c|f\nh\n");
    /* the names PHP's htmlentities() writes */
    bytes_read_as(
        "<table><tr><td>3&times;4&deg;&ndash;&lsquo;a&rsquo;&plusmn;&bull;&copy;"
        "&unknown;</td></tr></table>",
        "html", "3×4°–‘a’±•©&unknown;\n");
    /* a row of blanks only is no row, as in a CSV */
    bytes_read_as("<table><tr><td>a</td></tr><tr><td>&#12288;</td></tr></table>",
                  "html", "a\n");
    /* GBK, named by itself: 单号 */
    bytes_read_as(
        "<meta charset=gb2312><table><tr><td>\xB5\xA5\xBA\xC5</td></tr></table>",
        "html", "单号\n");
}

/* --- XML 2003 ------------------------------------------------------------- */

#define BOOK                                                                  \
    "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" "       \
    "xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Styles>"      \
    "<Style ss:ID=\"d\"><NumberFormat ss:Format=\"yyyy\\-mm\\-dd\"/></Style>" \
    "<Style ss:ID=\"t\"><NumberFormat ss:Format=\"Short Time\"/></Style>"     \
    "<Style ss:ID=\"e\"><NumberFormat ss:Format=\"[h]:mm:ss\"/></Style></Styles>"
#define SHEET "<Worksheet ss:Name=\"s\"><Table>"
#define END "</Table></Worksheet></Workbook>"
#define TEXT_CELL(t) "<Cell><Data ss:Type=\"String\">" t "</Data></Cell>"

static void xml2003_sheets(void **state)
{
    (void)state;
    bytes_read_as("<?xml version=\"1.0\"?>\n" BOOK SHEET
                  "<Row>" TEXT_CELL("a") TEXT_CELL(
                      "b") "</Row><Row ss:Index=\"4\">"
                           "<Cell ss:Index=\"3\"><Data "
                           "ss:Type=\"Number\">1.50</Data></Cell></Row>"
                           "<Row><Cell ss:MergeAcross=\"1\"><Data "
                           "ss:Type=\"Boolean\">1</Data></Cell>"
                           "<Cell><Data ss:Type=\"Error\">#N/A</Data></Cell></Row>" END,
                  "xml2003", "a|b\n||1.5\nTRUE||#N/A\n");
    bytes_read_as(
        BOOK SHEET
        "<Row><Cell><Data ss:Type=\"DateTime\">2026-10-01T08:30:00.000</Data></Cell>"
        "<Cell ss:StyleID=\"d\"><Data ss:Type=\"DateTime\">2026-10-01T00:00:00.000"
        "</Data></Cell><Cell><Data ss:Type=\"DateTime\">1899-12-31T08:30:00.000"
        "</Data><Comment><Data>note</Data></Comment></Cell></Row>" END,
        "xml2003", "2026-10-01 08:30:00|2026-10-01|08:30:00\n");
    /* a fraction of a second is rounded, as in .xlsx */
    bytes_read_as(
        BOOK SHEET
        "<Row><Cell><Data ss:Type=\"DateTime\">2026-10-01T08:59:59.997</Data></Cell>"
        "<Cell><Data "
        "ss:Type=\"DateTime\">1899-12-31T08:29:59.600</Data></Cell></Row>" END,
        "xml2003", "2026-10-01 09:00:00|08:30:00\n");
    /* hh:mm of a moment, of 26 hours, and [h]:mm:ss of 1500 hours: as .xlsx has them */
    bytes_read_as(
        BOOK SHEET
        "<Row><Cell ss:StyleID=\"t\"><Data ss:Type=\"DateTime\">2026-10-01T08:30:00.000"
        "</Data></Cell><Cell ss:StyleID=\"t\"><Data ss:Type=\"DateTime\">"
        "1900-01-01T02:03:04.000</Data></Cell><Cell ss:StyleID=\"e\"><Data "
        "ss:Type=\"DateTime\">1900-03-02T12:00:00.000</Data></Cell></Row>" END,
        "xml2003", "2026-10-01 08:30:00|26:03:04|1500:00:00\n");
    /* LibreOffice counts the hours on from one day; a birthday before all tickets */
    bytes_read_as(
        BOOK SHEET
        "<Row><Cell ss:StyleID=\"t\"><Data ss:Type=\"DateTime\">"
        "1899-12-31T1111112:29:59.999999162.000</Data></Cell><Cell ss:StyleID=\"d\">"
        "<Data ss:Type=\"DateTime\">1965-03-04T00:00:00.000</Data></Cell><Cell><Data "
        "ss:Type=\"DateTime\">1965-03-04T05:06:07.000</Data></Cell></Row>" END,
        "xml2003", "2026-10-01 08:30:00|1965-03-04|1965-03-04 05:06:07\n");
    bytes_read_as(BOOK SHEET
                  "<Row>" TEXT_CELL("a") "</Row><Row>" TEXT_CELL("&#160;") "</Row>" END,
                  "xml2003", "a\n"); /* a row of blanks only is no row */
    bytes_read_as(BOOK SHEET "<Row>" TEXT_CELL("1") "</Row></Table></Worksheet>" SHEET
                                                    "<Row>" TEXT_CELL("2") "</Row>" END,
                  "xml2003", "1\n2\n");
    /* GBK, as its declaration says: 单号 */
    bytes_read_as("<?xml version=\"1.0\" encoding=\"GBK\"?>" BOOK SHEET
                  "<Row>" TEXT_CELL("\xB5\xA5\xBA\xC5") "</Row>" END,
                  "xml2003", "单号\n");
}

static void xml_lies(void **state)
{
    static const char far[] = BOOK SHEET "<Row ss:Index=\"99999999\"/>" END;
    static const char cut[] = BOOK SHEET "<Row>" TEXT_CELL("a");
    static const char laughs[] =
        "<!DOCTYPE x [<!ENTITY a \"aaaa\">"
        "<!ENTITY b \"&a;&a;&a;\">]>" BOOK SHEET "<Row>" TEXT_CELL("&b;") "</Row>" END;

    (void)state;
    refused_bytes(far, sizeof far - 1, "行号");
    refused_bytes(cut, sizeof cut - 1, "XML");
    refused_bytes(laughs, sizeof laughs - 1, "DOCTYPE");
}

/* BIFF8 in a stream called "Book", as some writers put it; Excel 95 is refused. */
static void book_is_judged_by_its_version(void **state)
{
    static const uint8_t stream[] = {
        0x09, 0x08, 0x08, 0x00, 0x00, 0x06, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x85,
        0x00, 0x09, 0x00, 0x1D, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 's',  0x0A,
        0x00, 0x00, 0x00, 0x09, 0x08, 0x08, 0x00, 0x00, 0x06, 0x10, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x03, 0x02, 0x0E, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0xF8, 0x3F, 0x0A, 0x00, 0x00, 0x00,
    };
    struct wrapped file = wrap_compound(stream, sizeof stream);
    unsigned char *name = memmem(file.bytes, file.length, "W\0o\0r\0k\0", 8);
    struct reading reading;

    (void)state;
    assert_non_null(name);
    memset(name, 0, 64);
    memcpy(name, "B\0O\0O\0K\0", 8);
    name[64] = 10; /* bytes of the name with its end */
    reading = read_bytes(file.bytes, file.length);
    if (reading.status != HY_OK)
        fail_saying("%s\n", reading.err.text);
    assert_string_equal(reading.text, "1.5\n");
    reading_free(&reading);
    file.bytes[3 * SECTOR + 5] = 5; /* BIFF5 */
    reading = read_bytes(file.bytes, file.length);
    assert_int_equal(reading.status, HY_DATA);
    assert_non_null(strstr(reading.err.text, "Excel 95"));
    reading_free(&reading);
    free(file.bytes);
}

/* A DOCTYPE longer than what is probed must not make it a page. */
static void a_long_doctype_hides_nothing(void **state)
{
    char text[8192];
    struct reading reading;

    (void)state;
    (void)snprintf(text, sizeof text,
                   "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a '%05000d'>]>"
                   "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">"
                   "<Table/></Workbook>",
                   0);
    reading = read_bytes(text, strlen(text));
    assert_int_equal(reading.status, HY_DATA);
    assert_non_null(strstr(reading.err.text, "DOCTYPE"));
    reading_free(&reading);
}

/* --- real siblings: the same sheet saved three ways ------------------------ */

static void siblings_are_equal(void **state)
{
    static const char *const names[] = { "sheetjs/AutoFilter", "sheetjs/merge_cells",
                                         "sheetjs/cell_style_simple" };
    static const char *const ends[] = { "xls", "ods" };
    char path[256];

    (void)state;
    if (!data_present())
        skip();
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 2; k++) {
            struct reading one, other;

            (void)snprintf(path, sizeof path, DATA "corpora/sheets/%s.xlsx", names[i]);
            one = read_path(path, true);
            (void)snprintf(path, sizeof path, DATA "corpora/sheets/%s.%s", names[i],
                           ends[k]);
            other = read_path(path, true);
            if (one.rows == 0 || one.rows != other.rows)
                fail_saying("%s: %zu %zu\n", path, one.rows, other.rows);
            reading_free(&one);
            reading_free(&other);
        }
}

/* 2,816 messages and their titles, as .xlsx by their publisher has them. */
static void a_register_saved_anew_keeps_its_rows(void **state)
{
    static const char *const paths[] = { DATA "requests/derived/taidi_附件4_lo.xls",
                                         DATA "requests/derived/taidi_附件4_lo.ods" };

    (void)state;
    if (!data_present())
        skip();
    for (size_t i = 0; i < 2; i++) {
        struct reading reading = read_path(paths[i], false);

        assert_int_equal(reading.rows, 2817);
        assert_int_equal(reading.damaged, 0);
        reading_free(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xls_cells_of_every_kind),
        cmocka_unit_test(xls_refusals),
        cmocka_unit_test(xls_circles_and_lies),
        cmocka_unit_test(html_tables),
        cmocka_unit_test(xml2003_sheets),
        cmocka_unit_test(xml_lies),
        cmocka_unit_test(book_is_judged_by_its_version),
        cmocka_unit_test(a_long_doctype_hides_nothing),
        cmocka_unit_test(siblings_are_equal),
        cmocka_unit_test(a_register_saved_anew_keeps_its_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
