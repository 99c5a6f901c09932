/* render_xlsx_test.c - workbooks open elsewhere, hold numbers and no formula. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "tests/unit/report_fixture.h"

#define OUT "/tmp/huiyin_render_xlsx_test"

static const char *rendered(struct fixture *fix, const char *directory)
{
    const char *path;
    struct doc *doc;

    if (fixture_build(fix, "templates/reports/bulletin.md", &doc) != HY_OK
        || render_file(doc, renderer_named("xlsx"), directory, fix->memory, &path,
                       &fix->err)
               != HY_OK) {
        print_error("%s\n", fix->err.text);
        return NULL;
    }
    return path;
}

/* Another program reads it: cells are numbers, texts stay texts, charts are native.
 * Expected values are those of the fixture, worked out by hand. */
static const char script[] =
    "import openpyxl, sys\n"
    "book = openpyxl.load_workbook(sys.argv[1])\n"
    "cells = {s.title: s for s in book}\n"
    "table = cells['各部门']\n"
    "rows = [[c.value for c in r] for r in table.iter_rows(min_row=2)]\n"
    "assert rows[0][:3] == ['部门', '受理', '到期该办完'], rows[0]\n"
    "assert rows[1][:3] == ['工程部', 389, 361], rows[1]\n"
    "assert abs(rows[1][3] - 325 / 361) < 1e-12, rows[1]\n"
    "assert table.cell(3, 4).number_format == '\"325（\"0.0%\"）\"'\n"
    "assert rows[2][:4] == ['秩序部', 63, 4, 3], rows[2]\n"
    "assert rows[3][0] == '合计' and rows[3][1] == 452 and rows[3][4] == 20.5\n"
    "assert table.print_title_rows == '$2:$2' and table.freeze_panes == 'B3'\n"
    "assert table.page_setup.paperSize == 9 and "
    "table.sheet_properties.pageSetUpPr.fitToPage\n"
    "front = cells['公示-A4']\n"
    "assert len(front._charts) == 2\n"
    "everything = [c for s in book for r in s.iter_rows() for c in r]\n"
    "assert not [c for c in everything if c.data_type == 'f']\n"
    "evil = [c for c in everything if str(c.value).startswith('=1+1')]\n"
    "assert evil and all(c.data_type == 's' for c in evil)\n"
    "assert '预览稿' in front.oddHeader.right.text\n"
    "assert str(book.properties.created) == '2026-11-01 00:00:00'\n";

static void another_program_reads_it(void **state)
{
    struct fixture fix;
    const char *path, *command;
    int status;

    (void)state;
    if (system("/usr/bin/python3 -c 'import openpyxl' 2>/dev/null") != 0) {
        print_message("skipped: python3 openpyxl is not installed\n");
        skip();
    }
    assert_int_equal(fixture_open(&fix, "zh"), HY_OK);
    path = rendered(&fix, OUT);
    assert_non_null(path);
    assert_int_equal(file_write(OUT "/check.py", 0600, script, strlen(script),
                                &fix.err),
                     HY_OK);
    command = arena_printf(fix.memory, "/usr/bin/python3 %s/check.py %s", OUT, path);
    status = system(command);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    (void)unlink(path);
    (void)unlink(OUT "/check.py");
    (void)rmdir(OUT);
    arena_free(fix.memory);
}

static void same_month_same_bytes(void **state)
{
    const unsigned char *one, *two;
    size_t length_one, length_two;
    const char *first, *second;
    struct fixture fix;

    (void)state;
    assert_int_equal(fixture_open(&fix, "zh"), HY_OK);
    first = rendered(&fix, OUT "/1");
    assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
    (void)sleep(2); /* the clock of a zip has steps of two seconds */
    second = rendered(&fix, OUT "/2");
    assert_int_equal(unsetenv("TZ"), 0);
    assert_true(first != NULL && second != NULL);
    assert_int_equal(file_read(first, 1 << 24, fix.memory, &one, &length_one, &fix.err),
                     HY_OK);
    assert_int_equal(file_read(second, 1 << 24, fix.memory, &two, &length_two,
                               &fix.err),
                     HY_OK);
    assert_int_equal(length_one, length_two);
    assert_memory_equal(one, two, length_one);
    (void)unlink(first);
    (void)unlink(second);
    (void)rmdir(OUT "/1");
    (void)rmdir(OUT "/2");
    (void)rmdir(OUT);
    arena_free(fix.memory);
}

/* A workbook of another document is found out by reading it back. */
static void lost_cells_are_found(void **state)
{
    const struct renderer *renderer = renderer_named("xlsx");
    struct fixture fix;
    const char *path;
    struct doc *doc;

    (void)state;
    assert_int_equal(fixture_open(&fix, "zh"), HY_OK);
    path = rendered(&fix, OUT);
    assert_non_null(path);
    assert_int_equal(fixture_build(&fix, "templates/reports/bulletin.md", &doc), HY_OK);
    assert_int_equal(renderer->verify(doc, path, &fix.err), HY_OK);
    assert_int_equal(fixture_build(&fix, "templates/reports/monthly.md", &doc), HY_OK);
    assert_int_equal(renderer->verify(doc, path, &fix.err), HY_INTERNAL);
    assert_int_equal(truncate(path, 5000), 0);
    assert_int_equal(renderer->verify(doc, path, &fix.err), HY_INTERNAL);
    (void)unlink(path);
    (void)rmdir(OUT);
    arena_free(fix.memory);
}

/* Names of sheets come from headings, which may hold anything. */
static void any_heading_makes_a_sheet(void **state)
{
    static const char text[] =
        "---\ntitle: x\nfile: x\naudience: management\n---\n"
        "# a[b]:*?/\\\\c'\n\n1\n\n# a[b]:*?/\\\\c'\n\n2\n\n# History\n\n3\n\n"
        "# "
        "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五\n\n4\n";
    struct fixture fix;
    const char *path;
    struct doc *doc;

    (void)state;
    assert_int_equal(fixture_open(&fix, "zh"), HY_OK);
    assert_int_equal(file_write("/tmp/huiyin_sheets_test.md", 0600, text, strlen(text),
                                &fix.err),
                     HY_OK);
    assert_int_equal(fixture_build(&fix, "/tmp/huiyin_sheets_test.md", &doc), HY_OK);
    assert_int_equal(render_file(doc, renderer_named("xlsx"), OUT, fix.memory, &path,
                                 &fix.err),
                     HY_OK);
    (void)unlink(path);
    (void)unlink("/tmp/huiyin_sheets_test.md");
    (void)rmdir(OUT);
    arena_free(fix.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_program_reads_it),
        cmocka_unit_test(same_month_same_bytes),
        cmocka_unit_test(lost_cells_are_found),
        cmocka_unit_test(any_heading_makes_a_sheet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
