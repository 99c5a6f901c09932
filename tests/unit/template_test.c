/* template_test.c - templates: what they print, and what their mistakes are called. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/calendar.h"
#include "render/doc_parts.h"
#include "render/say.h"
#include "tests/unit/report_fixture.h"

#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), assert_true(false))

#define HEAD "---\ntitle: 月报\nfile: t\naudience: public\n---\n"
#define PATH "/tmp/huiyin_template_test.md"

static void template_put(const char *text)
{
    FILE *file = fopen(PATH, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static int open_fixture(void **state)
{
    struct fixture *fix = malloc(sizeof *fix);

    if (fix == NULL || fixture_open(fix, "zh") != HY_OK) {
        if (fix != NULL)
            fprintf(stderr, "%s\n", fix->err.text);
        return -1;
    }
    *state = fix;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *fix = *state;

    arena_free(fix->memory);
    free(fix);
    (void)unlink(PATH);
    return 0;
}

static struct doc *built(struct fixture *fix, const char *body)
{
    struct doc *doc = NULL;
    char *text = arena_printf(fix->memory, "%s%s", HEAD, body);

    template_put(text);
    if (fixture_build(fix, PATH, &doc) != HY_OK)
        fail_msg("%s", fix->err.text);
    return doc;
}

static const char *first_text(struct fixture *fix, const char *body)
{
    struct doc *doc = built(fix, body);

    assert_true(doc->count > 0);
    return line_text(fix->memory, doc->blocks[0].lines);
}

/* The body starts on line 6. */
static void refused(struct fixture *fix, const char *body, const char *line,
                    const char *words)
{
    struct doc *doc;

    template_put(arena_printf(fix->memory, "%s%s", HEAD, body));
    if (fixture_build(fix, PATH, &doc) != HY_CONFIG)
        fail_msg("not refused: %s", body);
    if (strstr(fix->err.text, arena_printf(fix->memory, PATH ":%s: ", line)) == NULL
        || strstr(fix->err.text, words) == NULL)
        fail_msg("expected line %s and “%s” in:\n%s", line, words, fix->err.text);
}

/* WORDING.md 2: the account, the rates with their bases, the durations. */
static void figures_are_printed_with_their_base(void **state)
{
    struct fixture *fix = *state;

    assert_string_equal(first_text(fix, "{SLA-01}"), "381/421（90.5%）");
    assert_string_equal(first_text(fix, "{SLA-01 kp}"), "381（90.5%）");
    assert_string_equal(first_text(fix, "{SLA-01 n}件"), "421件");
    assert_string_equal(first_text(fix, "{SLA-01 p} {SLA-01 k}"), "90.5% 381");
    assert_string_equal(first_text(fix, "{SLA-01 range}"), "估计范围 87.3%–93.0%");
    assert_string_equal(first_text(fix, "{SLA-01 previous}"), "372/415（89.6%）");
    assert_string_equal(first_text(fix, "{TTR-02.median}"), "20.5 小时");
    assert_string_equal(first_text(fix, "{TTR-02.median range}"),
                        "估计范围 18.6–23.2 小时");
    assert_string_equal(first_text(fix, "{SLA-01 department=秩序部}"), "3/4");
    assert_string_equal(first_text(fix, "{INT-01 department=没有这个部门}"), "—");
    assert_string_equal(first_text(fix, "{INT-09}"), "…");
    assert_string_equal(first_text(fix, "{say SLA-01}"),
                        "按时办结 90.5%（到期该办完的 421 件中，按时办完 381 件）");
    assert_string_equal(first_text(fix, "{account}"),
                        "上月遗留 58 ＋ 本月新增 452 ＋ 重新办理 9 － 本月办结 463 ＝ "
                        "月底在办 56 件，其中超过 30 天 9 件");
    assert_string_equal(first_text(fix, "{estate}{month}第 {issue} 期"),
                        "阳光花园2026 年 10 月第 27 期");
    assert_string_equal(first_text(fix, "{cutoff}"), "10 月 31 日 24 时");
}

static void answers_that_are_no_numbers_are_words(void **state)
{
    struct fixture *fix = *state;
    struct teller teller = { fix->wording, fix->results, &fix->settings, fix->memory };
    struct base few = base_share(17, 20), none = base_share(0, 0);
    struct base hidden = base_none(ANSWER_SUPPRESSED);
    struct base late = base_none(ANSWER_NOT_REACHED);
    struct value value;

    assert_string_equal(say_base(&teller, &few, UNIT_SHARE, SAY_FULL, &value),
                        "17/20（约 85.0%）");
    assert_int_equal(value.kind, VALUE_SHARE);
    assert_string_equal(say_base(&teller, &none, UNIT_SHARE, SAY_FULL, &value), "—");
    assert_int_equal(value.kind, VALUE_NONE);
    assert_string_equal(say_base(&teller, &hidden, UNIT_SHARE, SAY_N, &value), "＊");
    assert_string_equal(say_base(&teller, &late, UNIT_HOURS, SAY_FULL, NULL),
                        "未到时候");
    assert_string_equal(say_base(&teller, NULL, UNIT_COUNT, SAY_FULL, NULL), "…");
}

static void changes_have_seven_sentences(void **state)
{
    struct fixture *fix = *state;

    assert_string_equal(first_text(fix, "{verdict SLA-01}"),
                        "与上月（89.6%）相比无明显变化");
    assert_string_equal(
        first_text(fix, "{verdict SLA-01 year}"),
        "比去年同月（83.7%）好转 6.7 个百分点（估计在 2.2 到 11.3 之间）");
    assert_string_equal(first_text(fix, "{verdict SAT-01}"),
                        "比上月（90.7%）变差 7.8 个百分点（估计在 3.1 到 12.5 之间）");
    /* 452 in 31 days, 438 in 30 */
    assert_string_equal(first_text(fix, "{verdict INT-01}"),
                        "平均每天 14.6 件，与上月的每天 14.6 件相当");
    assert_string_equal(first_text(fix, "{verdict RES-04 year}"),
                        "没有去年同月的数可比");
    assert_string_equal(first_text(fix, "{verdict INT-01 category=下水堵塞}"),
                        "上月为 46");
}

/* 452 in 31 days against 240 in 30: no change may be claimed, nor that they are alike.
 */
static void apart_is_not_about_the_same(void **state)
{
    struct fixture *fix = *state;
    size_t i;

    for (i = 0; i < fix->results->finding_count; i++)
        if (fix->results->findings[i].then.value == 438) {
            fix->results->findings[i].then.value = 240;
            assert_int_equal(fix->results->findings[i].verdict, VERDICT_SAME);
        }
    assert_string_equal(first_text(fix, "{verdict INT-01}"),
                        "平均每天 14.6 件，上月每天 8.0 件，差别还在平常的起伏之内");
}

/* Worse, then too old, then more; the rest in one sentence. */
/* WORDING 2.1: where it comes from, when one subject alone explains it and is printed.
 */
static void a_change_says_where_it_comes_from(void **state)
{
    struct fixture *fix = *state;
    struct finding finding = { .against = AGAINST_PREVIOUS,
                               .verdict = VERDICT_WORSE,
                               .now = base_share(352, 430),
                               .then = base_share(374, 417),
                               .change = -0.078,
                               .low = -0.125,
                               .high = -0.031,
                               .mainly = FIX_LIFT };
    struct teller teller = { fix->wording, fix->results, &fix->settings, fix->memory };

    finding.metric = (uint16_t)metrics_find(&fix->metrics, "SLA-01");
    assert_null(strstr(say_verdict(&teller, &finding, AGAINST_PREVIOUS), "主要在"));
    fixture_figure(fix, "SLA-01", DIM_CATEGORY, FIX_LIFT, FIX_MONTH,
                   base_share(61, 96));
    results_sort(fix->results);
    assert_non_null(
        strstr(say_verdict(&teller, &finding, AGAINST_PREVIOUS),
               "；主要在电梯停运：96 件里按时办结 61 件，其他各类合起来与上月"
               "相比无明显变化"));
}

static void the_lead_puts_bad_news_first(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc = built(fix, "::: lead\n{lead}\n:::\n");

    assert_int_equal(doc->blocks[0].tone, TONE_LEAD);
    assert_string_equal(line_text(fix->memory, doc->blocks[0].lines),
                        "业主满意比上月（90.7%）变差 7.8 个百分点（估计在 3.1 到 "
                        "12.5 之间）；还有 9 件超过 30 天没办完；电梯停运明显增多。");
    assert_string_equal(line_text(fix->memory, doc->blocks[1].lines),
                        "按时办结、办理快慢、业主确认解决与上月相比无明显变化。");
}

static void each_repeats_the_row_and_adds_a_total(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc =
        built(fix, "| 部门 | 件 | 判断 |\n|:--|--:|---|\n"
                   "| {each department} | {INT-01} | {verdict SLA-01} |\n");
    const struct table *table = doc->blocks[0].table;

    assert_int_equal(table->rows, 4);
    assert_int_equal(table->align[1], ALIGN_RIGHT);
    assert_true(table->total);
    assert_string_equal(table->cells[3].text, "工程部");
    assert_string_equal(table->cells[4].text, "389");
    assert_int_equal(table->cells[4].value.kind, VALUE_COUNT);
    assert_string_equal(table->cells[5].text, "— 没有可比的数");
    assert_string_equal(table->cells[6].text, "秩序部");
    assert_string_equal(table->cells[9].text, "合计");
    assert_string_equal(table->cells[10].text, "452");
    assert_string_equal(table->cells[11].text, "＝ 无明显变化");
}

static void tiles_carry_base_and_change(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc = built(fix, "```tiles\nSLA-01 TTR-02.median\nSAT-01\n```\n");
    const struct tile *tile = doc->blocks[0].tiles;

    assert_int_equal(doc->blocks[0].count, 3);
    assert_string_equal(tile[0].value, "90.5");
    assert_string_equal(tile[0].unit, "%");
    assert_string_equal(tile[0].base, "到期该办完 421 件，按时办完 381 件");
    assert_string_equal(tile[0].change, "无明显变化\n上月 89.6%");
    assert_string_equal(tile[1].value, "20.5");
    assert_string_equal(tile[1].unit, "小时");
    assert_int_equal(tile[2].verdict, VERDICT_WORSE);
    assert_string_equal(tile[2].base, "评价的 286 件（评价率 73.7%）中满意 258 件；"
                                      "没评价的都算不满意则为 66.5%");
}

static void bars_have_the_month_and_the_one_before(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc = built(fix, "```chart 最多的事\nbars INT-01 by category top 2 "
                                 "versus previous\n```\n");
    const struct data *data = doc->blocks[0].chart->data;

    assert_int_equal(data->points, 2);
    assert_int_equal(data->series_count, 2);
    assert_string_equal(data->label[0], "电梯停运");
    assert_true(data->series[0].value[0] == 47 && data->series[1].value[0] == 44);
    assert_true(data->series[0].value[1] == 43 && data->series[1].value[1] == 46);
}

static void bold_beside_chinese_punctuation_is_bold(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc = built(fix, "**注意：**请业主**“关好”**门窗");
    const struct line_of *line = doc->blocks[0].lines;

    assert_int_equal(line->count, 4);
    assert_true(line->runs[0].bold && !line->runs[1].bold && line->runs[2].bold);
    assert_string_equal(line->runs[0].text, "注意：");
    assert_string_equal(line->runs[2].text, "“关好”");
}

/* What a ticket says is never markup, place or markup in a table. */
static void words_of_tickets_stay_text(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc =
        built(fix, "| 事 | 件 |\n|---|--:|\n| {each category} | {INT-01} |\n");

    assert_string_equal(doc->blocks[0].table->cells[6].text,
                        "=1+1 <script>**x** `touch /tmp/x` {estate}");
}

/* The fixture has INT-01, and nobody has handed in a sheet of call-backs. */
static void a_figure_nobody_handed_in_is_one_sentence(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc = built(fix, "{known INT-01 audit.none objection.none}\n\n"
                                 "{known AUD-02 audit.result audit.none}");

    assert_string_equal(line_text(fix->memory, doc->blocks[0].lines),
                        "没有交来上个月名单的抽查表，所以没有结果。");
    assert_string_equal(line_text(fix->memory, doc->blocks[1].lines),
                        "没有交来上个月名单的抽查表，所以没有结果。");
}

/* Public: counts alone, one sentence; nothing where there was nothing to doubt. */
static void doubts_are_counted_in_one_sentence(void **state)
{
    static const struct listing published = { .name = "revisions", .columns = 1 };
    static const char *const parts[] = { "OBJ-01", "OBJ-01.answered", "OBJ-01.intime",
                                         "OBJ-01.overdue", "OBJ-01.changed" };
    static const int counts[] = { 5, 3, 2, 2, 1 };
    struct fixture *fix = *state;
    struct doc *doc = built(fix, "{objections}");
    size_t omitted = doc->count, i; /* what the page leaves out is said at its foot */
    struct figure *all = NULL;

    assert_true(doc->blocks[0].tone == TONE_FOOT);
    results_add_listing(fix->results, &published);
    doc = built(fix, "{objections}");
    assert_int_equal(doc->count, omitted + 1);
    assert_string_equal(line_text(fix->memory, doc->blocks[0].lines),
                        "没有收集到疑问登记，有没有人对公示提过疑问，说不出来。");
    for (i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct figure *one = fixture_figure(fix, parts[i], DIM_TOTAL, 0, FIX_MONTH,
                                            base_count(counts[i]));

        assert_non_null(one);
    }
    results_sort(fix->results);
    doc = built(fix, "{objections}");
    assert_int_equal(doc->count, omitted + 1);
    assert_string_equal(line_text(fix->memory, doc->blocks[0].lines),
                        "本月收到对公示的疑问 5 条，已答复 3 条（7 天内答复 2 "
                        "条），其中更正了数字的 1 "
                        "条；过了 7 天才答复或还没答复的 2 条。");
    for (i = 0; i < fix->results->figure_count; i++) {
        struct figure *one = &fix->results->figures[i];

        if (strcmp(fix->metrics.items[one->metric].id, "OBJ-01") != 0)
            continue;
        one->base = base_count(0);
        all = one;
    }
    assert_non_null(all);
    doc = built(fix, "{objections}");
    assert_int_equal(doc->count, omitted + 1);
    assert_string_equal(line_text(fix->memory, doc->blocks[0].lines),
                        "本月没有收到对公示的疑问。");
}

static const struct doc *callbacks_said(struct fixture *fix)
{
    struct doc *doc;

    template_put("---\ntitle: x\nfile: x\naudience: committee\n---\n{callbacks}\n");
    assert_int_equal(fixture_build(fix, PATH, &doc), HY_OK);
    return doc;
}

static bool says(const struct fixture *fix, const struct doc *doc, const char *text)
{
    return strstr(line_text(fix->memory, doc->blocks[0].lines), text) != NULL;
}

/* A draft has no list, a first issue has one, a revision names the one that stands. */
static void a_list_is_drawn_once(void **state)
{
    static const char *const titles[] = { "callbacks.sample" };
    static const struct value cell = { VALUE_TEXT, "202610-01", NAN };
    static const struct value seed_cell = { VALUE_TEXT, "0a1b", NAN };
    const struct listing seed = { .name = "callbacks.seed",
                                  .columns = 1,
                                  .rows = 1,
                                  .cells = &seed_cell,
                                  .titles = titles };
    struct listing listing = { .name = "callbacks", .columns = 1, .titles = titles };
    struct fixture *fix = *state;
    const struct doc *doc = callbacks_said(fix);

    assert_int_equal(doc->count, 1);
    assert_true(says(fix, doc, "由公布的数字算出种子再抽出"));
    fix->results->listing_count = 0;
    results_add_listing(fix->results, &listing);
    doc = callbacks_said(fix);
    assert_int_equal(doc->count, 1);
    assert_true(says(fix, doc, "本月没有可以抽的件"));
    fix->results->listing_count = 0;
    listing.rows = 1;
    listing.cells = &cell;
    results_add_listing(fix->results, &listing);
    results_add_listing(fix->results, &seed);
    doc = callbacks_said(fix);
    assert_int_equal(doc->count, 3);
    assert_true(says(fix, doc, "SHA-256"));
    assert_non_null(
        strstr(line_text(fix->memory, doc->blocks[1].lines), "本期种子 0a1b（"));
    assert_int_equal(doc->blocks[2].kind, BLOCK_TABLE);
    assert_string_equal(doc->blocks[2].table->cells[0].text, "抽样号");
    assert_string_equal(doc->blocks[2].table->cells[1].text, "202610-01");
    fix->results->listing_count = 0;
    listing.name = "callbacks.before";
    listing.rows = 0;
    results_add_listing(fix->results, &listing);
    doc = callbacks_said(fix);
    assert_int_equal(doc->count, 1);
    assert_true(says(fix, doc, "修订不重抽"));
}

static void what_people_wrote_is_marked(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc =
        built(fix, "{statements 做了什么 还欠什么}\n\n{statements 下月提醒}");
    const struct block *block = &doc->blocks[0];

    assert_int_equal(block->kind, BLOCK_BULLETS);
    assert_int_equal(block->count, 2);
    assert_true(block->lines[0].runs[0].written);
    assert_string_equal(block->lines[0].runs[0].text,
                        "门禁：已退回旧版；**每天**不到 1 件。牵头：工程部。");
    assert_string_equal(block->lines[1].runs[0].text, "还欠：屋面渗漏 3 件，对不起。");
    assert_string_equal(line_text(fix->memory, doc->blocks[1].lines),
                        "物业服务中心本月没有填写「下月提醒」。");
}

/* WORDING 2.1: the office and the committee each under their own name, as written; and
 * not a word where nobody wrote. */
static void each_voice_has_its_name(void **state)
{
    static const struct statement voices[] = {
        { FIX_MONTH, "物业说明", "水泵同时故障，备件 8 天到货。", NULL, "" },
        { FIX_MONTH, "业主委员会意见", "备件合同请一并公示。", NULL, "业主委员会" },
    };
    struct fixture *fix = *state;
    struct doc *doc;

    doc = built(fix, "{statements 物业说明 业主委员会意见}\n\n一句");
    assert_string_equal(line_text(fix->memory, doc->blocks[0].lines), "一句");
    fix->registers.statements = voices;
    fix->registers.statement_count = 2;
    doc = built(fix, "{statements 物业说明 业主委员会意见 致谢}\n");
    assert_int_equal(doc->blocks[0].kind, BLOCK_BULLETS);
    assert_int_equal(doc->blocks[0].count, 2);
    assert_string_equal(line_text(fix->memory, &doc->blocks[0].lines[0]),
                        "物业说明（物业服务中心撰写，程序未核算）：水泵同时故障，"
                        "备件 8 天到货。");
    assert_string_equal(
        line_text(fix->memory, &doc->blocks[0].lines[1]),
        "业主委员会意见（业主委员会撰写，程序未核算）：备件合同请一并公示。");
}

static void leaving_out_a_required_figure_is_said(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc = built(fix, "{account} {SLA-01} {TTR-02.median} {RES-04} {SAT-01} "
                                 "{SAT-03} {SAT-05}");
    const struct block *last = &doc->blocks[doc->count - 1];

    assert_int_equal(doc->count, 2);
    assert_int_equal(last->tone, TONE_FOOT);
    assert_string_equal(line_text(fix->memory, last->lines),
                        "本期没有公布：疑难问题。原因：报告模板里没有列出。");
}

static void columns_and_pages(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc = built(fix, "::: left 40\n甲\n:::\n\n::: right 60\n乙\n:::\n"
                                 "::: page\n::: signature\n盖章\n- 签字\n:::\n---\n");

    assert_int_equal(doc->blocks[0].kind, BLOCK_COLUMNS);
    assert_true(fabs(doc->blocks[0].columns[0].share - 0.4) < 1e-12);
    assert_int_equal(doc->blocks[1].kind, BLOCK_PAGE);
    assert_int_equal(doc->blocks[2].kind, BLOCK_SIGNATURE);
    assert_int_equal(doc->blocks[2].count, 2);
    assert_string_equal(doc->blocks[2].lines[1].runs[0].text, "签字");
    assert_int_equal(doc->blocks[3].kind, BLOCK_RULE);
}

static void mistakes_name_line_and_what_was_meant(void **state)
{
    struct fixture *fix = *state;

    refused(fix, "好\n\n{SLA-1}", "8", "是不是要写 {SLA-01}");
    refused(fix, "{SLA-1}", "6", "\n    {SLA-1}");
    refused(fix, "{estat}", "6", "{estate}");
    refused(fix, "{SLA-01.medain}", "6", "没有“medain”这一部分");
    refused(fix, "{SLA-01 last}", "6", "“last”看不懂");
    refused(fix, "{SLA-01 departmnt=工程部}", "6", "是不是 department");
    refused(fix, "{INT-01 building=1号楼}", "6", "不能按 building 分");
    refused(fix, "{TTR-04.median}", "6", "不能用在这种读者的报告里");
    refused(fix, "{SLA-01", "6", "没有配上");
    refused(fix, "好 {list DIF-01}", "6", "单独占一段");
    refused(fix, "好 {each category}", "6", "第一格");
    refused(fix, "| a | b |\n|---|---|\n| {each colour} | {INT-01} |", "8",
            "each 后面");
    refused(fix, "| a | b |\n|---|---|\n| {each category} | x |", "8",
            "没有写任何指标");
    refused(fix, "```pie 图\nSLA-01\n```", "6", "只能是 tiles 或 chart");
    refused(fix, "```chart 图\nbar INT-01 by category\n```", "7", "是不是 bars");
    refused(fix, "```chart 图\nbars INT-01\n```", "7", "by category");
    refused(fix, "```tiles\nSLA-01", "6", "没有结束");
    refused(fix, "::: lead\n好", "6", "没有结束");
    refused(fix, "好\n:::", "7", "多了一行 :::");
    refused(fix, "::: middle\n:::", "6", "::: 后面只能是");
    refused(fix, "::: left\n好\n:::\n好", "6", "::: right");
    refused(fix, "{words no.such}", "6", "没有“no.such”这一句");
    refused(fix, "{callbacks}", "6", "不能用在公开的报告里");
    refused(fix, "{known INT-01 list.none}", "6", "没有数时的一句");
    refused(fix, "{known INT-01 no.such list.none}", "6", "没有“no.such”这一句");
    refused(fix, "{known INT-99 list.none list.none}", "6", "没有这个指标");
}

static void heads_are_checked(void **state)
{
    struct fixture *fix = *state;
    struct template_head head;

    template_put("---\n标题：公示\n文件：公示-"
                 "A3\n读者：监督\n纸张：A3\n单页：是\n月数：13\n---\n");
    assert_int_equal(template_head(PATH, fix->memory, &head, &fix->err), HY_OK);
    assert_string_equal(head.file, "公示-A3");
    assert_int_equal(head.audience, AUDIENCE_COMMITTEE);
    assert_int_equal(head.paper, PAPER_A3);
    assert_true(head.single_page);
    assert_int_equal(head.months, 13);
    template_put("---\ntitel: x\n---\n");
    assert_int_equal(template_head(PATH, fix->memory, &head, &fix->err), HY_CONFIG);
    assert_non_null(strstr(fix->err.text, ":2: "));
    assert_non_null(strstr(fix->err.text, "是不是 title"));
    template_put("---\ntitle: x\nfile: ../x\n---\n");
    assert_int_equal(template_head(PATH, fix->memory, &head, &fix->err), HY_CONFIG);
    template_put("# 没有头\n");
    assert_int_equal(template_head(PATH, fix->memory, &head, &fix->err), HY_CONFIG);
    template_put("");
    assert_int_equal(template_head(PATH, fix->memory, &head, &fix->err), HY_CONFIG);
}

static void house_templates_build_in_both_languages(void **state)
{
    static const char *const languages[] = { "zh", "en" };
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        struct fixture fix;
        struct doc *doc;

        assert_int_equal(fixture_open(&fix, languages[i]), HY_OK);
        if (fixture_build(&fix, "templates/reports/bulletin.md", &doc) != HY_OK
            || fixture_build(&fix, "templates/reports/monthly.md", &doc) != HY_OK)
            fail_msg("%s", fix.err.text);
        arena_free(fix.memory);
    }
}

/* After a full stop and at the head of a paragraph, not after a semicolon. */
static void english_sentences_begin_with_a_capital(void **state)
{
    struct fixture fix;
    struct doc *doc;
    const char *text;

    (void)state;
    assert_int_equal(fixture_open(&fix, "en"), HY_OK);
    doc = built(&fix, "{say SLA-01}; {verdict SLA-01}. {say SAT-01}.\n");
    text = line_text(fix.memory, doc->blocks[0].lines);
    assert_string_equal(text,
                        "Done on time 90.5% (381 of 421); no clear change from last "
                        "month (89.6%). Satisfaction 90.2% (258 of 286).");
    arena_free(fix.memory);
    (void)unlink(PATH);
}

static void house_editions_build_for_their_readers(void **state)
{
    static const char *const paths[] = { "templates/reports/brief.md",
                                         "templates/reports/bulletin-a3.md",
                                         "templates/reports/committee.md",
                                         "templates/reports/management.md" };
    struct fixture *fix = *state;
    struct doc *notice, *doc;
    size_t i;

    for (i = 0; i < sizeof paths / sizeof *paths; i++)
        if (fixture_build(fix, paths[i], &doc) != HY_OK)
            fail_msg("%s", fix->err.text);
    assert_int_equal(fixture_build(fix, "templates/reports/bulletin.md", &notice),
                     HY_OK);
    assert_int_equal(fixture_build(fix, paths[1], &doc), HY_OK);
    assert_int_equal(doc->paper, PAPER_A3);
    assert_int_equal(doc->count, notice->count); /* the same page, only larger */
    assert_string_equal(doc->title, notice->title);
}

#define PLAIN \
    "---\ntitle: x\nfile: t\naudience: public\nplain: yes\ncharacters: 50\n---\n"

/* Sixty characters with the first optional sentence, forty without: it gives way. */
static void a_brief_gives_way_or_is_refused(void **state)
{
    static const char twenty[] = "一二三四五六七八九十一二三四五六七八九十";
    struct fixture *fix = *state;
    struct doc *doc;

    template_put(arena_printf(fix->memory,
                              PLAIN "%s\n\n::: optional 1\n%s\n:::\n\n%s\n", twenty,
                              twenty, twenty));
    if (fixture_build(fix, PATH, &doc) != HY_OK)
        fail_msg("%s", fix->err.text);
    assert_int_equal(doc->count, 1);
    assert_string_equal(line_text(fix->memory, doc->blocks[0].lines),
                        arena_printf(fix->memory, "%s%s", twenty, twenty));
    template_put(arena_printf(fix->memory, PLAIN "%s%s%s\n", twenty, twenty, twenty));
    assert_int_equal(fixture_build(fix, PATH, &doc), HY_CONFIG);
    assert_non_null(strstr(fix->err.text, "有 60 个字，最多 50 个"));
}

/* 58 + 452 + 9 - 463 = 56 stands in the fixture. */
static void a_row_says_whether_its_account_adds_up(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc = built(fix, "| a | b | c |\n|:--|--:|:--|\n"
                                 "| x | {INT-14} | {balance} |\n");
    const struct table *table = doc->blocks[0].table;
    size_t i;

    assert_string_equal(table->cells[4].text, "56");
    assert_string_equal(table->cells[5].text, "平");
    for (i = 0; i < fix->results->figure_count; i++) {
        struct figure *figure = &fix->results->figures[i];

        if (strcmp(fix->results->metrics->items[figure->metric].id, "INT-16") == 0
            && figure->dimension[0] == DIM_TOTAL && figure->month == FIX_MONTH)
            figure->base.value += 2;
    }
    doc = built(fix, "| a | b |\n|:--|:--|\n| x | {balance} |\n");
    assert_string_equal(doc->blocks[0].table->cells[3].text, "差 -2");
}

static void checks_are_not_for_the_public(void **state)
{
    struct fixture *fix = *state;

    refused(fix, "{checks}", "6", "{checks} 不能用在公开的报告里");
    refused(fix, "{TRF-02}", "6", "不能用在这种读者的报告里");
    refused(fix, "{board}", "6", "请写指标");
}

/* What is overdue at the cut-off stands first, what ended before the month nowhere. */
static void overdue_measures_come_first(void **state)
{
    struct fixture *fix = *state;
    int32_t until = (int32_t)(fix->results->cutoff / DAY_SECONDS);
    int32_t from = (int32_t)(fix->results->from / DAY_SECONDS);
    const struct measure measures[] = {
        { .number = "1",
          .title = "完成的",
          .opened = from,
          .due = until - 3,
          .done = until - 4 },
        { .number = "2",
          .title = "没到期的",
          .opened = from,
          .due = until + 5,
          .done = INT32_MIN },
        { .number = "3",
          .title = "逾期的",
          .opened = from,
          .due = until - 3,
          .done = INT32_MIN },
        { .number = "4",
          .title = "早就完成的",
          .opened = from - 90,
          .due = from - 30,
          .done = from - 40 },
    };
    const struct table *table;

    fix->registers.measures = measures;
    fix->registers.measure_count = 4;
    table = built(fix, "{measures}")->blocks[0].table;
    assert_int_equal(table->rows, 4);
    assert_string_equal(table->cells[8].text, "3");
    assert_string_equal(table->cells[15].text, "逾期没完成");
    assert_string_equal(table->cells[16].text, "2");
    assert_string_equal(table->cells[24].text, "1");
}

/* An estate's first month, with nothing in it at all. */
/* An edition of the house built for its readers, of the fixture's month. */
static struct doc *internal(struct fixture *fix, const char *body)
{
    struct doc *doc = NULL;

    template_put(
        arena_printf(fix->memory,
                     "---\ntitle: 内部\nfile: t\naudience: management\n---\n%s", body));
    if (fixture_build(fix, PATH, &doc) != HY_OK)
        fail_msg("%s", fix->err.text);
    return doc;
}

static const char *cell_of(const struct table *table, size_t row, size_t column)
{
    return table->cells[row * table->columns + column].text;
}

/* WORDING 4.1: worse first, then what grew, then promises, assets, unclaimed. */
static void the_agenda_is_picked_by_rule(void **state)
{
    static const struct value failing[] = {
        { VALUE_TEXT, "7号楼1号梯", 0 },
        { VALUE_COUNT, NULL, 14 },
        { VALUE_TEXT, "1号楼1号梯", 0 },
        { VALUE_COUNT, NULL, 12 },
    };
    static const char *const titles[] = { "设备", "次数" };
    struct listing listing = {
        .name = "REC-03", .columns = 2, .rows = 2, .cells = failing, .titles = titles
    };
    struct fixture *fix = *state;
    const struct table *table;
    struct doc *doc;

    listing.metric = (uint16_t)metrics_find(&fix->metrics, "REC-03");
    results_add_listing(fix->results, &listing);
    fixture_figure(fix, "DIF-01.broken", DIM_TOTAL, 0, FIX_MONTH, base_count(2));
    fixture_figure(fix, "TRF-05", DIM_TOTAL, 0, FIX_MONTH, base_count(0));
    results_sort(fix->results);
    doc = internal(fix, "{agenda}\n");
    assert_int_equal(doc->blocks[0].kind, BLOCK_TABLE);
    table = doc->blocks[0].table;
    assert_int_equal(table->columns, 5);
    assert_int_equal(table->rows, 1 + 4);
    assert_string_equal(cell_of(table, 1, 0), "业主满意"); /* the one finding worse */
    assert_non_null(strstr(cell_of(table, 2, 1), "47 件（上月 44 件）"));
    assert_string_equal(cell_of(table, 3, 0), "到期没兑现的承诺");
    assert_string_equal(cell_of(table, 3, 1), "2 件");
    assert_string_equal(cell_of(table, 4, 1), "7号楼1号梯 14 次、1号楼1号梯 12 次");
    table = internal(fix, "{agenda 2}\n")->blocks[0].table;
    assert_int_equal(table->rows, 1 + 2);
    refused(fix, "{agenda}", "6", "不能用在公开的报告里");
}

static void every_file_has_its_line(void **state)
{
    static const struct source_part parts[] = {
        { "app", "0011aabb", (int64_t)1, (int64_t)2, 10, 0, 0 }, /* of 1970 */
        { "frontdesk", "22334455", 0, INT64_MAX / 2, 271, 3, 1 },
        { "我的表", "66778899", HY_NEVER, HY_NEVER, 12, 0, 0 },
    };
    struct fixture *fix = *state;
    const struct table *table;
    struct doc *doc;

    fix->ledger.parts = parts;
    fix->ledger.part_count = 3;
    doc = internal(fix, "{files}\n");
    table = doc->blocks[0].table;
    assert_int_equal(table->rows, 1 + 2);
    assert_string_equal(cell_of(table, 1, 0), "前台台账");
    assert_string_equal(cell_of(table, 1, 4), "271");
    assert_string_equal(cell_of(table, 1, 5), "267"); /* 271 - 3 - 1 */
    assert_string_equal(cell_of(table, 1, 6), "3");
    assert_string_equal(cell_of(table, 1, 7), "1");
    assert_string_equal(cell_of(table, 2, 0), "我的表");
    assert_non_null(strstr(line_text(fix->memory, doc->blocks[1].lines), "另有 1 份"));
    refused(fix, "{files}", "6", "不能用在公开的报告里");
}

static void corrections_are_listed_in_words(void **state)
{
    struct fixture *fix = *state;
    int32_t day = (int32_t)(month_start(FIX_MONTH) / DAY_SECONDS) + 13;
    const struct correction list[] = {
        { "A-1", "frontdesk", "completed_at", "-", "1759276800d", "漏填", "", "K01",
          day, CORRECTION_APPLIED },
        { "A-2", "frontdesk", "urgency", "1", "3", "误选", "", "K02", day - 40,
          CORRECTION_APPLIED }, /* of another month */
        { "A-3", "app", "urgency", "1", "3", "误选", "", "K02", INT32_MIN,
          CORRECTION_OTHER },
    };
    const struct table *table;
    struct doc *doc;

    fix->registers.corrections = list;
    fix->registers.correction_count = 3;
    doc = internal(fix, "{corrections}\n");
    assert_non_null(strstr(line_text(fix->memory, doc->blocks[0].lines), "更正 2 处"));
    table = doc->blocks[1].table;
    assert_int_equal(table->rows, 1 + 2);
    assert_string_equal(cell_of(table, 1, 1), "办结时间");
    assert_string_equal(cell_of(table, 1, 2), "—");
    assert_string_equal(cell_of(table, 1, 3), "2025-10-01"); /* 20362 days */
    assert_string_equal(cell_of(table, 2, 2), "急修");
    assert_string_equal(cell_of(table, 2, 3), "一般");
    assert_string_equal(cell_of(table, 2, 7), "没有生效（原值不符）");
    fix->registers.correction_count = 0;
    refused(fix, "{corrections}", "6", "不能用在公开的报告里");
}

static void nothing_at_all_still_builds(void **state)
{
    struct fixture *fix = *state;
    struct doc *doc;

    fix->results->figure_count = fix->results->finding_count = 0;
    fix->registers.statement_count = 0;
    if (fixture_build(fix, "templates/reports/bulletin.md", &doc) != HY_OK
        || fixture_build(fix, "templates/reports/monthly.md", &doc) != HY_OK)
        fail_msg("%s", fix->err.text);
    assert_string_equal(first_text(fix, "{lead}"), "这是第一期，没有以前的数可比。");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(apart_is_not_about_the_same),
        CASE(figures_are_printed_with_their_base),
        CASE(answers_that_are_no_numbers_are_words),
        CASE(changes_have_seven_sentences),
        CASE(a_change_says_where_it_comes_from),
        CASE(the_lead_puts_bad_news_first),
        CASE(each_repeats_the_row_and_adds_a_total),
        CASE(tiles_carry_base_and_change),
        CASE(bars_have_the_month_and_the_one_before),
        CASE(bold_beside_chinese_punctuation_is_bold),
        CASE(words_of_tickets_stay_text),
        CASE(a_figure_nobody_handed_in_is_one_sentence),
        CASE(doubts_are_counted_in_one_sentence),
        CASE(a_list_is_drawn_once),
        CASE(what_people_wrote_is_marked),
        CASE(each_voice_has_its_name),
        CASE(leaving_out_a_required_figure_is_said),
        CASE(columns_and_pages),
        CASE(mistakes_name_line_and_what_was_meant),
        CASE(heads_are_checked),
        cmocka_unit_test(house_templates_build_in_both_languages),
        cmocka_unit_test(english_sentences_begin_with_a_capital),
        CASE(house_editions_build_for_their_readers),
        CASE(a_brief_gives_way_or_is_refused),
        CASE(a_row_says_whether_its_account_adds_up),
        CASE(checks_are_not_for_the_public),
        CASE(overdue_measures_come_first),
        CASE(the_agenda_is_picked_by_rule),
        CASE(every_file_has_its_line),
        CASE(corrections_are_listed_in_words),
        CASE(nothing_at_all_still_builds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
