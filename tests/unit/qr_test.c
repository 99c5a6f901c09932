/* qr_test.c - the squares, where they come from, and that a draft has none.  That a
 * telephone can read them is tried by tests/tools/check_qr. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <unistd.h>

#include "core/file.h"
#include "render/doc_parts.h"
#include "render/qr.h"
#include "tests/unit/report_fixture.h"

#define PATH "/tmp/huiyin_qr_test.md"
#define OUT "/tmp/huiyin_qr_test"
#define ADDRESS "https://www.example.org/gongshi"
#define CODE "1a2b-3c4d-5e6f"

static struct qr *made(struct arena *memory, const char *text)
{
    struct error err;
    struct qr *qr;

    assert_int_equal(qr_make(text, memory, &qr, &err), HY_OK);
    return qr;
}

/* Dark: the rim of 7 by 7 and the 3 by 3 in the middle (ISO/IEC 18004, 6.3.3). */
static void has_finder(const struct qr *qr, size_t left, size_t top)
{
    size_t x, y;

    for (y = 0; y < 7; y++)
        for (x = 0; x < 7; x++) {
            bool rim = x == 0 || x == 6 || y == 0 || y == 6;
            bool core = x >= 2 && x <= 4 && y >= 2 && y <= 4;

            assert_int_equal(qr->dark[(top + y) * qr->side + left + x], rim || core);
        }
}

/* Table 7: at level M version 3 takes 42 bytes, version 4 takes 62, version 9 takes
 * 180; version v has 17 + 4 v modules. */
static void the_squares_are_those_of_the_standard(void **state)
{
    static const struct {
        size_t bytes, side;
    } tries[] = { { 42, 29 }, { 43, 33 }, { 62, 33 }, { 63, 37 }, { 134, 49 } };
    struct arena *memory = arena_new();
    char text[3001];
    struct error err;
    struct qr *qr;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof tries / sizeof *tries; i++) {
        memset(text, 'a', tries[i].bytes);
        text[tries[i].bytes] = '\0';
        qr = made(memory, text);
        assert_int_equal(qr->side, tries[i].side);
        assert_string_equal(qr->text, text);
        has_finder(qr, 0, 0);
        has_finder(qr, qr->side - 7, 0);
        has_finder(qr, 0, qr->side - 7);
    }
    memset(text, 'a', 3000);
    text[3000] = '\0';
    assert_int_equal(qr_make(text, memory, &qr, &err), HY_INTERNAL);
    assert_null(qr);
    arena_free(memory);
}

static void runs_are_the_dark_modules(void **state)
{
    struct arena *memory = arena_new();
    struct qr *qr = made(memory, ADDRESS "#" CODE);
    uint8_t *seen = arena_alloc(memory, qr->side * qr->side);
    size_t row, from, until, x;

    (void)state;
    for (row = 0; row < qr->side; row++)
        for (from = 0; qr_run(qr, row, &from, &until); from = until)
            for (x = from; x < until; x++)
                seen[row * qr->side + x] = 1;
    assert_memory_equal(seen, qr->dark, qr->side * qr->side);
    arena_free(memory);
}

static struct doc *page(struct fixture *fix, const char *code, const char *address)
{
    static const char text[] = "---\ntitle: x\nfile: x\naudience: committee\n---\n"
                               "::: box\n提疑问\n\n{qr}\n:::\n";
    struct doc *doc;

    assert_int_equal(file_write(PATH, 0600, text, strlen(text), &fix->err), HY_OK);
    fix->settings.web = address;
    fix->code = code;
    assert_int_equal(fixture_build(fix, PATH, &doc), HY_OK);
    (void)unlink(PATH);
    return doc;
}

static void a_draft_or_no_address_has_none(void **state)
{
    struct fixture fix;
    struct doc *doc;

    (void)state;
    assert_int_equal(fixture_open(&fix, "zh"), HY_OK);
    assert_int_equal(page(&fix, NULL, ADDRESS)->count, 1);
    assert_int_equal(page(&fix, CODE, NULL)->count, 1);
    assert_int_equal(page(&fix, CODE, "")->count, 1);
    doc = page(&fix, CODE, ADDRESS);
    assert_int_equal(doc->count, 2);
    assert_int_equal(doc->blocks[1].kind, BLOCK_QR);
    assert_int_equal(doc->blocks[1].tone, TONE_BOX);
    assert_string_equal(doc->blocks[1].qr->text, ADDRESS "#" CODE);
    assert_string_equal(doc->blocks[1].qr->alt, "二维码：" ADDRESS "#" CODE);
    assert_string_equal(
        line_text(fix.memory, doc->blocks[1].lines),
        "看原件：扫码看网上的原件，核对码应与页脚的相同。网址 " ADDRESS);
    arena_free(fix.memory);
}

/* Each file is read back by its renderer before it has its name. */
static void every_format_has_the_address(void **state)
{
    static const struct {
        const char *format, *said; /* NULL: not to be read as text */
    } tries[] = { { "txt", "网址 " ADDRESS },
                  { "html",
                    "role=\"img\" aria-label=\"二维码：" ADDRESS "#" CODE "\"" },
                  { "pdf", NULL },
                  { "xlsx", NULL } };
    struct fixture fix;
    struct doc *doc;
    size_t i, length;

    (void)state;
    assert_int_equal(fixture_open(&fix, "zh"), HY_OK);
    doc = page(&fix, CODE, ADDRESS);
    for (i = 0; i < sizeof tries / sizeof *tries; i++) {
        const unsigned char *bytes;
        const char *path;

        assert_int_equal(render_file(doc, renderer_named(tries[i].format), OUT,
                                     fix.memory, &path, &fix.err),
                         HY_OK);
        assert_int_equal(file_read(path, 1 << 22, fix.memory, &bytes, &length,
                                   &fix.err),
                         HY_OK);
        if (tries[i].said != NULL)
            assert_non_null(strstr((const char *)bytes, tries[i].said));
        (void)unlink(path);
    }
    (void)rmdir(OUT);
    arena_free(fix.memory);
}

/* One page of so many paragraphs, with a place for the code. */
static enum status notice(struct fixture *fix, int paragraphs, const char *code,
                          size_t *bytes)
{
    const char *text =
        "---\ntitle: x\nfile: x\naudience: committee\nsingle: yes\n---\n";
    const unsigned char *read;
    enum status status;
    struct doc *doc;
    const char *path;

    while (paragraphs-- > 0)
        text = arena_printf(fix->memory, "%s一句话\n\n", text);
    text = arena_printf(fix->memory, "%s::: box\n提疑问\n\n{qr}\n:::\n", text);
    assert_int_equal(file_write(PATH, 0600, text, strlen(text), &fix->err), HY_OK);
    fix->settings.web = ADDRESS;
    fix->code = code;
    assert_int_equal(fixture_build(fix, PATH, &doc), HY_OK);
    (void)unlink(PATH);
    doc->draft = NULL;
    status =
        render_file(doc, renderer_named("pdf"), OUT, fix->memory, &path, &fix->err);
    if (status != HY_OK)
        return status;
    assert_int_equal(file_read(path, 1 << 22, fix->memory, &read, bytes, &fix->err),
                     HY_OK);
    (void)unlink(path);
    return HY_OK;
}

/* Where there is room it is on the page; where there is not the page is the one without
 * it, and it never makes a notice fail that would have been printed. */
static void a_full_notice_goes_without(void **state)
{
    int paragraphs, printed = 0, dropped = 0, failed = 0;

    (void)state;
    for (paragraphs = 30; paragraphs <= 54; paragraphs += 2) {
        struct fixture fix;
        size_t with, without;

        assert_int_equal(fixture_open(&fix, "zh"), HY_OK);
        if (notice(&fix, paragraphs, NULL, &without) != HY_OK) {
            failed++;
        } else {
            assert_int_equal(notice(&fix, paragraphs, CODE, &with), HY_OK);
            printed += with > without + 1000; /* a thousand rectangles or so */
            dropped += with == without;
            assert_true(with == without || with > without + 1000);
        }
        arena_free(fix.memory);
    }
    (void)rmdir(OUT);
    assert_true(printed > 0 && dropped > 0 && failed > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_squares_are_those_of_the_standard),
        cmocka_unit_test(runs_are_the_dark_modules),
        cmocka_unit_test(a_draft_or_no_address_has_none),
        cmocka_unit_test(every_format_has_the_address),
        cmocka_unit_test(a_full_notice_goes_without),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
