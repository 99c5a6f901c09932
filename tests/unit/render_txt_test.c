/* render_txt_test.c - the whole text of a small report, written down by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <stdio.h>
#include <unistd.h>

#include "core/file.h"
#include "tests/unit/report_fixture.h"

#define PATH "/tmp/huiyin_render_txt_test.md"
#define OUT "/tmp/huiyin_render_txt_test"

static const char template_text[] =
    "---\ntitle: 短报\nfile: 短报\naudience: committee\n---\n"
    "# 本月\n"
    "\n"
    "按时 {SLA-01}，**{verdict SLA-01}**。\n"
    "\n"
    "- 一\n"
    "- 二\n"
    "\n"
    "```tiles\nTTR-02.median\n```\n"
    "\n"
    "| 部门 | 受理 |\n|:--|--:|\n| {each department} | {INT-01} |\n"
    "\n"
    "::: box\n有疑问请投{mailbox}。\n:::\n"
    "```chart 最多的事\nbars INT-01 by category top 2 versus previous\n```\n";

static const char expected[] =
    "阳光花园　短报                                                   2026 年 10 "
    "月　第 27 期\n"
    "统计期 2026 年 10 月 1 日至 10 月 31 日　数据截至 10 月 31 日 24 时　初步数　"
    "监督：阳光花园业主委员会\n"
    "预览稿　不得张贴\n"
    "=================================================================================="
    "======\n"
    "\n"
    "# 本月\n"
    "\n"
    "按时 381/421（90.5%），与上月（89.6%）相比无明显变化。\n"
    "\n"
    "- 一\n"
    "- 二\n"
    "\n"
    "[多快办完] 20.5 小时\n"
    "    一半的事在这个时间内办完；3 天内办完 79.0%\n"
    "    无明显变化　上月 21.3 小时\n"
    "\n"
    "部门    受理\n"
    "------------\n"
    "工程部   389\n"
    "秩序部    63\n"
    "------------\n"
    "合计     452\n"
    "\n"
    "| 有疑问请投3 号楼大堂信箱。\n"
    "\n"
    "最多的事\n"
    "          本月  上月\n"
    "--------------------\n"
    "电梯停运    47    44\n"
    "下水堵塞    43    46\n"
    "=================================================================================="
    "======\n"
    "内部资料，不得外传　＊ 不列　— 没有　0 确实是零　… 没有收集到\n";

static void whole_text_is_as_written_down(void **state)
{
    const struct renderer *renderer = renderer_named("txt");
    const unsigned char *bytes;
    struct fixture fix;
    const char *path;
    struct doc *doc;
    size_t length;

    (void)state;
    assert_int_equal(fixture_open(&fix, "zh"), HY_OK);
    fix.settings.mailbox = "3 号楼大堂信箱";
    assert_int_equal(file_write(PATH, 0600, template_text, strlen(template_text),
                                &fix.err),
                     HY_OK);
    assert_int_equal(fixture_build(&fix, PATH, &doc), HY_OK);
    assert_int_equal(render_file(doc, renderer, OUT, fix.memory, &path, &fix.err),
                     HY_OK);
    assert_string_equal(path, OUT "/短报.txt");
    assert_int_equal(file_read(path, 1 << 20, fix.memory, &bytes, &length, &fix.err),
                     HY_OK);
    assert_string_equal((const char *)bytes, expected);
    (void)unlink(path);
    (void)unlink(PATH);
    (void)rmdir(OUT);
    arena_free(fix.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_text_is_as_written_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
