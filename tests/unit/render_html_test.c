/* render_html_test.c - a page that is text, well-formed and needs nothing else. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <stdio.h>
#include <unistd.h>

#include "core/file.h"
#include "render/html.h"
#include "tests/unit/report_fixture.h"

#define PATH "/tmp/huiyin_render_html_test.md"
#define OUT "/tmp/huiyin_render_html_test"

static const char template_text[] =
    "---\ntitle: 短报\nfile: 短报\naudience: committee\n---\n"
    "# 本月\n"
    "\n"
    "按时 {SLA-01}，**{verdict SLA-01}**。\n"
    "\n"
    "```tiles\nTTR-02.median\n```\n"
    "\n"
    "| 部门 | 受理 |\n|:--|--:|\n| {each department} | {INT-01} |\n"
    "\n"
    "| 说明 | 短 | 长 | 数 |\n|:--|:--|:--|--:|\n"
    "| 甲 | 一二三四五六七八九十 | 一二三四五六七八九十1 | 一二三四五六七八九十百 |\n"
    "\n"
    "::: box\n有疑问请投{mailbox}。\n:::\n"
    "```chart 最多的事\nbars INT-01 by category top 2 versus previous\n```\n"
    "\n"
    "```chart 再来一次\nbars INT-01 by category top 2 versus previous\n```\n";

struct made {
    struct fixture fix;
    struct doc *doc;
    const char *path, *text;
};

static void make(struct made *made, const char *mailbox, bool drawn)
{
    struct fixture *fix = &made->fix;
    const unsigned char *bytes;
    size_t length;

    assert_int_equal(fixture_open(fix, "zh"), HY_OK);
    fix->settings.mailbox = mailbox;
    assert_int_equal(file_write(PATH, 0600, template_text, strlen(template_text),
                                &fix->err),
                     HY_OK);
    assert_int_equal(fixture_build(fix, PATH, &made->doc), HY_OK);
    if (drawn)
        assert_int_equal(charts_draw(made->doc, "templates", &fix->err), HY_OK);
    assert_int_equal(render_file(made->doc, renderer_named("html"), OUT, fix->memory,
                                 &made->path, &fix->err),
                     HY_OK);
    assert_string_equal(made->path, OUT "/短报.html");
    assert_int_equal(file_read(made->path, 1 << 22, fix->memory, &bytes, &length,
                               &fix->err),
                     HY_OK);
    made->text = (const char *)bytes;
}

static void unmake(struct made *made)
{
    (void)unlink(made->path);
    (void)unlink(PATH);
    (void)rmdir(OUT);
    arena_free(made->fix.memory);
}

static size_t times(const char *text, const char *what)
{
    size_t count = 0;

    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        count++;
    return count;
}

static void every_part_of_the_document_is_there(void **state)
{
    struct made made;

    (void)state;
    make(&made, "3 号楼大堂信箱", false);
    assert_non_null(strstr(made.text, "<html xmlns=\"http://www.w3.org/1999/xhtml\" "
                                      "lang=\"zh-CN\">"));
    assert_non_null(strstr(made.text, "<h2>本月</h2>"));
    assert_non_null(strstr(made.text, "按时 381/421（90.5%），<b>"));
    assert_non_null(strstr(made.text, "<div class=\"draft\">预览稿　不得张贴</div>"));
    assert_non_null(strstr(made.text, "20.5<span class=\"unit\">小时</span>"));
    assert_non_null(strstr(made.text, "<th scope=\"row\">工程部</th>"
                                      "<td class=\"right\">389</td>"));
    assert_non_null(strstr(made.text, "有疑问请投3 号楼大堂信箱。"));
    assert_null(strstr(made.text, "<script"));
    assert_null(strstr(made.text, "http-equiv=\"refresh\""));
    unmake(&made);
}

static void what_people_write_is_never_markup(void **state)
{
    struct made made;

    (void)state;
    make(&made,
         "<script>alert('x')</script> & \"q\" \xE2\x80\xAE"
         "abc",
         false);
    assert_null(strstr(made.text, "<script"));
    assert_non_null(strstr(made.text, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"
                                      " &amp; &quot;q&quot;"));
    assert_null(strstr(made.text, "\xE2\x80\xAE")); /* U+202E turns the writing round */
    unmake(&made);
}

/* At 390 px: a short cell is told to break at its signs only, a long one gets room. */
static void cells_say_whether_they_are_long(void **state)
{
    struct made made;

    (void)state;
    make(&made, "", true);
    assert_non_null(strstr(made.text, "word-break:keep-all"));
    assert_non_null(strstr(made.text, "<td>一二三四五六七八九十</td>"));
    assert_non_null(strstr(made.text, "<td class=\"long\">一二三四五六七八九十1</td>"));
    assert_non_null(
        strstr(made.text, "<td class=\"right long\">一二三四五六七八九十百</td>"));
    assert_int_equal(times(made.text, "<div class=\"drawing\""), 2); /* bars: names */
    unmake(&made);
}

static void drawings_keep_their_ids_apart(void **state)
{
    struct made made;

    (void)state;
    make(&made, "", true);
    assert_int_equal(times(made.text, "<svg "), 2);
    assert_int_equal(times(made.text, "role=\"img\""), 2);
    assert_int_equal(times(made.text, "<details>"), 2);
    assert_int_equal(times(made.text, "id=\"g0-gnuplot_canvas\""),
                     times(made.text, "id=\"g1-gnuplot_canvas\""));
    assert_int_equal(times(made.text, "id=\"gnuplot_canvas\""), 0);
    assert_int_equal(times(made.text, "<title>"), 1); /* the page's own */
    unmake(&made);
}

static void a_page_cut_short_or_with_a_script_is_refused(void **state)
{
    const char *bad[] = { "<!DOCTYPE html>\n<html><body><p>x</body></html>",
                          "<html></html>",
                          "<!DOCTYPE html>\n<html><script/></html>",
                          "<!DOCTYPE html>\n<html><a href=\"http://x\">y</a></html>",
                          "<!DOCTYPE html>\n<html><p onclick=\"x\">y</p></html>",
                          "<!DOCTYPE html>\n<html><p>only this</p></html>" };
    struct made made;
    size_t i;

    (void)state;
    make(&made, "", false);
    assert_int_equal(html_verify(made.doc, made.path, &made.fix.err), HY_OK);
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(file_write(made.path, 0600, bad[i], strlen(bad[i]),
                                    &made.fix.err),
                         HY_OK);
        assert_int_not_equal(html_verify(made.doc, made.path, &made.fix.err), HY_OK);
    }
    unmake(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_of_the_document_is_there),
        cmocka_unit_test(what_people_write_is_never_markup),
        cmocka_unit_test(cells_say_whether_they_are_long),
        cmocka_unit_test(drawings_keep_their_ids_apart),
        cmocka_unit_test(a_page_cut_short_or_with_a_script_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
