/* render_pdf_test.c - a whole notice and a long report, printed and looked at. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours, of core/status.h */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "render/doc_parts.h"
#include "render/renderer.h"

extern const struct renderer render_pdf;

enum { MONTHS = 13, ROWS = 60 };

#define GIVE_UP(...)              \
    do {                          \
        print_error(__VA_ARGS__); \
        assert_true(false);       \
    } while (0)
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define WORDS(name, ...)                                                       \
    static const struct run name##_runs[] = { { __VA_ARGS__, false, false } }; \
    static const struct line_of name = { 1, name##_runs }

/* --- the notice of WORDING.md section 2 ----------------------------------- */

static const double ontime[MONTHS] = { .838, .851, .846, .862, .87,  .855, .874,
                                       .868, .881, .88,  .871, .896, .905 };
static const double low[MONTHS] = { .82, .82, .82, .82, .82, .82, .82,
                                    .82, .82, .82, .82, .82, .82 };
static const double high[MONTHS] = { .92, .92, .92, .92, .92, .92, .92,
                                     .92, .92, .92, .92, .92, .92 };
static const double centre[MONTHS] = { .87, .87, .87, .87, .87, .87, .87,
                                       .87, .87, .87, .87, .87, .87 };
static const double fell_due[MONTHS] = { 402, 411, 398, 420, 433, 405, 417,
                                         409, 425, 430, 418, 412, 421 };
static const uint8_t odd[MONTHS] = { [4] = 1 };
static const char *const months[MONTHS] = { "2025-10", "2025-11", "2025-12", "2026-01",
                                            "2026-02", "2026-03", "2026-04", "2026-05",
                                            "2026-06", "2026-07", "2026-08", "2026-09",
                                            "2026-10" };
static const struct series control_series[] = {
    { "按时办结", ontime, low, high, odd }, { "正常水平", centre, NULL, NULL, NULL }
};
static const struct data control_data = {
    MONTHS,     2,     months, NULL, control_series, fell_due, 0.9,
    UNIT_SHARE, false, 0.5,    1,    NULL,           NULL
};

static const char *const problems[] = { "电梯停运", "卫生间、下水堵塞",
                                        "楼道和路灯不亮", "门禁、对讲失灵",
                                        "车辆乱停放" };
static const double now[] = { 47, 43, 38, 33, 27 }, then[] = { 44, 46, 41, 14, 29 };
static const struct series bar_series[] = { { "本月", now, NULL, NULL, NULL },
                                            { "上月", then, NULL, NULL, NULL } };
static const struct data bar_data = { 5,    2,    problems,   NULL, bar_series,
                                      NULL, NAN,  UNIT_COUNT, true, NAN,
                                      NAN,  NULL, NULL };

static const struct tile tiles[] = {
    { "按时办完",
      "90.5",
      "%",
      "到期该办完 421 件，按时办完 381 件",
      VERDICT_SAME,
      "＝ 无明显变化\n上月 89.6%",
      { VALUE_NONE, NULL, 0 } },
    { "多快办完",
      "20.5",
      "小时",
      "一半的事在这个时间内办完；3 天内办完 79%",
      VERDICT_BETTER,
      "▲ 改善\n上月 24.3 小时",
      { VALUE_NONE, NULL, 0 } },
    { "业主确认解决",
      "87.1",
      "%",
      "回访问到的 295 件，业主说解决了 257 件",
      VERDICT_WORSE,
      "▼ 变差\n上月 93.5%",
      { VALUE_NONE, NULL, 0 } },
    { "业主满意",
      "90.2",
      "%",
      "评价的 286 件中满意 258 件；没评价的都算不满意则为 66.5%",
      VERDICT_SMALL,
      "○ 件数少，看不出变化\n上月 90.7%",
      { VALUE_NONE, NULL, 0 } },
};

#define CELL(words)                           \
    {                                         \
        words, { VALUE_NONE, NULL, 0 }, false \
    }
static const struct table_cell department_cells[] = {
    CELL("各部门"),
    CELL("受理"),
    CELL("到期该办完"),
    CELL("按时办完"),
    CELL("一半办完用时"),
    CELL("月底在办"),
    CELL("超过30天"),
    CELL("工程部"),
    CELL("297"),
    CELL("284"),
    CELL("251（88.4%）"),
    CELL("23.4 小时"),
    CELL("43"),
    CELL("9"),
    CELL("秩序部"),
    CELL("63"),
    CELL("60"),
    CELL("56（93.3%）"),
    CELL("12.8 小时"),
    CELL("7"),
    CELL("0"),
    CELL("环境部"),
    CELL("48"),
    CELL("45"),
    CELL("43（95.6%）"),
    CELL("15.1 小时"),
    CELL("4"),
    CELL("0"),
    CELL("客服中心"),
    CELL("44"),
    CELL("32"),
    CELL("31（96.9%）"),
    CELL("3.2 小时"),
    CELL("2"),
    CELL("0"),
    CELL("合计"),
    CELL("452"),
    CELL("421"),
    CELL("381（90.5%）"),
    CELL("20.5 小时"),
    CELL("56"),
    CELL("9"),
};
static const enum align right_aligned[] = { ALIGN_LEFT,  ALIGN_RIGHT, ALIGN_RIGHT,
                                            ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT,
                                            ALIGN_RIGHT };
static const struct table departments = {
    NULL, 7, 6, 1, right_aligned, department_cells, true
};

WORDS(lead_one, "门禁、对讲故障明显增多；老大难还有 11 件，3 件承诺没兑现。");
WORDS(lead_two, "按时办结、办理快慢、业主满意与上月相比无明显变化。");
WORDS(account_line,
      "上月遗留 58 ＋ 本月新增 452 ＋ 重新办理 9 － 本月办结 463 ＝ 月底在办 "
      "56 件，其中超过 30 天 9 件");
WORDS(account_note, "新增平均每天 14.6 件，与上月相当");
WORDS(share_note, "五项共 188 件，占 41.6%。10 月 12 日 5–8 号楼停水，34 户反映，按 1 "
                  "件事计。");
WORDS(fair_note, "各部门任务难易不同，不宜直接比较。");
WORDS(done_head, "做了什么，还欠什么（本栏由物业服务中心撰写，程序未核算）");
WORDS(remind, "11 月提醒　天冷后水管冻裂往年多在 12 月至 1 月。11 月 15 "
              "日起免费检查外露水管，请到前台登记。");
WORDS(how_one, "查进度：凭工单号到前台或小程序。没解决就说没解决，工单重新打开，时间从"
               "头一次反映算起。");
WORDS(how_two, "提疑问：对本公示有疑问，11 月 20 日前投业主委员会信箱（3 "
               "号楼大堂，可不署名）或 0000-0000000。反映问题不公开姓名、房号、电话。");
WORDS(quality,
      "读入 6 份登记共 1,573 行，13 行因缺单号或时间没能计入，清单已交业主委员会。"
      "上期更正 1 处：9 月按时办完由 90.1% 改为 89.6%（2 件完成时间登记有误）。");
static const struct run done_runs[][2] = {
    { { "门禁：", true, true },
      { "查明为 9 月 28 日系统升级所致，已退回旧版；10 月 26 日起每天不到 1 "
        "件。牵头：工程部。",
        false, true } },
    { { "电梯：", true, true },
      { "7 号楼 2 号梯 3 月更换制动器之后 6 个月停运 4 次，之前 6 个月 19 次；同型号 5 "
        "台 "
        "11 月检修。",
        false, true } },
    { { "还欠：", true, true },
      { "屋面渗漏 3 件（待维修资金表决，方案 11 月 20 日前公布，比答应的晚了 20 "
        "天，对不起）；外墙渗水 2 件、商铺排烟 2 件、车库积水 2 件、其他 2 "
        "件，详见月报第 7 页。",
        false, true } },
};
static const struct line_of done_lines[] = { { 2, done_runs[0] },
                                             { 2, done_runs[1] },
                                             { 2, done_runs[2] } };
WORDS(sign_one, "公示日期　2026 年 11 月 5 日（15 天）");
WORDS(sign_two, "物业服务中心（盖章）");
WORDS(sign_three, "业主委员会（已核对）");

static void build_notice(struct doc *doc, struct arena *memory)
{
    static struct chart bars, control;
    static struct block left[2], right[1];
    static struct column columns[2];
    static struct line_of signs[3];
    bars = (struct chart){ CHART_BARS,  "大家反映最多的五件事（件）",
                           "五件事",    NULL,
                           &bar_data,   { NULL, 0 },
                           { NULL, 0 }, { NULL, 0 },
                           { NULL, 0 } };
    control = (struct chart){ CHART_CONTROL, "按时办完的比例（近 13 个月）",
                              "比例",        "纵轴从 50% 起。",
                              &control_data, { NULL, 0 },
                              { NULL, 0 },   { NULL, 0 },
                              { NULL, 0 } };
    left[0] = (struct block){ .kind = BLOCK_CHART, .chart = &bars };
    left[1] =
        (struct block){ .kind = BLOCK_PARAGRAPH, .count = 1, .lines = &share_note };
    right[0] = (struct block){ .kind = BLOCK_CHART, .chart = &control };
    columns[0] = (struct column){ 2, left, 46 };
    columns[1] = (struct column){ 1, right, 54 };
    signs[0] = sign_one;
    signs[1] = sign_two;
    signs[2] = sign_three;
    struct block blocks[] = {
        { .kind = BLOCK_PARAGRAPH, .tone = TONE_LEAD, .count = 1, .lines = &lead_one },
        { .kind = BLOCK_PARAGRAPH, .count = 1, .lines = &lead_two },
        { .kind = BLOCK_PARAGRAPH,
          .tone = TONE_ACCOUNT,
          .count = 1,
          .lines = &account_line },
        { .kind = BLOCK_PARAGRAPH,
          .tone = TONE_ACCOUNT,
          .count = 1,
          .lines = &account_note },
        { .kind = BLOCK_TILES, .count = 4, .tiles = tiles },
        { .kind = BLOCK_COLUMNS, .count = 2, .columns = columns },
        { .kind = BLOCK_TABLE, .table = &departments },
        { .kind = BLOCK_PARAGRAPH, .tone = TONE_NOTE, .count = 1, .lines = &fair_note },
        { .kind = BLOCK_HEADING, .level = 2, .count = 1, .lines = &done_head },
        { .kind = BLOCK_BULLETS, .count = 3, .lines = done_lines },
        { .kind = BLOCK_PARAGRAPH, .count = 1, .lines = &remind },
        { .kind = BLOCK_PARAGRAPH, .tone = TONE_BOX, .count = 1, .lines = &how_one },
        { .kind = BLOCK_PARAGRAPH, .tone = TONE_BOX, .count = 1, .lines = &how_two },
    };
    static struct block kept[COUNT(blocks) + 2];
    memcpy(kept, blocks, sizeof blocks);
    kept[COUNT(blocks)] = (struct block){
        .kind = BLOCK_PARAGRAPH, .tone = TONE_FOOT, .count = 1, .lines = &quality
    };
    kept[COUNT(blocks) + 1] =
        (struct block){ .kind = BLOCK_SIGNATURE, .count = 3, .lines = signs };
    *doc =
        (struct doc){ .name = "公示-A4",
                      .title = "阳光花园　物业服务月度公示",
                      .estate = "阳光花园",
                      .language = "zh",
                      .head_right = "2026 年 10 月　第 27 期",
                      .subhead = "统计期 10 月 1 日至 31 日　数据截至 10 月 31 日 24 "
                                 "时　初步数　　监督：阳光花园业主委员会",
                      .foot = "核对码 3F9A-17C2-B0DE　记号：＊ 件数太少或可倒推，不列　"
                              "— 没有　怎么算的见月报“怎么算”一页",
                      .draft = "预览稿　不得张贴",
                      .paper = PAPER_A4,
                      .single_page = true,
                      .month = 2026 * 12 + 9,
                      .cutoff = 1793491200,
                      .count = COUNT(kept),
                      .blocks = kept,
                      .memory = memory };
}

/* --- a report of several pages -------------------------------------------- */

WORDS(page_head, "多快有人理，多快办完");
WORDS(part_head, "办结曲线");
WORDS(long_words,
      "一半的反映 18 分钟内有人联系，十件里有九件在 2.1 小时内；该在本月响应的 448 "
      "件，按时响应 421 "
      "件（94.0%），与上月（95.3%）相比无明显变化。“已收到”的自动回复不算"
      "响应。急修 46 件，30 分钟内到场 41 件（89.1%，估计范围 77.0%–95.3%）；其中 2 "
      "件没有登记到场时间，按没按时到算。生僻字 𠮷 㙍 鿍 "
      "也要印得出来，负数 "
      "−8.2% "
      "也是。"
      "没有的字 🙂 用别的记号代替。");

static const double stack_values[3][MONTHS] = {
    { 250, 270, 300, 280, 200, 260, 290, 310, 330, 360, 340, 300, 318 },
    { 60, 62, 70, 66, 40, 58, 61, 63, 70, 75, 72, 64, 61 },
    { 40, 41, 45, 48, 39, 41, 44, 47, 52, 50, 49, 43, 73 }
};
static const struct series stack_series[] = {
    { "报修", stack_values[0], NULL, NULL, NULL },
    { "投诉", stack_values[1], NULL, NULL, NULL },
    { "咨询", stack_values[2], NULL, NULL, NULL }
};
static const struct data stack_data = { MONTHS, 3,    months,     NULL, stack_series,
                                        NULL,   NAN,  UNIT_COUNT, true, NAN,
                                        NAN,    NULL, NULL };
static const double median[MONTHS] = { 26, 25, 24, 28, 33,   30,  27,
                                       24, 23, 25, 22, 21.3, 20.5 };
static const double median_low[MONTHS] = { 23, 22, 21, 25, 29,   27,  24,
                                           22, 21, 23, 20, 19.3, 18.6 };
static const double median_high[MONTHS] = { 29, 28, 27, 31, 38, 33,  30,
                                            27, 26, 28, 25, 24, 23.2 };
static const struct series line_series[] = { { "中位", median, median_low, median_high,
                                               NULL } };
static const struct data line_data = { MONTHS, 1,    months,     NULL, line_series,
                                       NULL,   NAN,  UNIT_HOURS, true, NAN,
                                       NAN,    NULL, NULL };
static const char *const ages[] = { "7 天以内", "8–15 天",  "16–30 天",
                                    "31–60 天", "61–90 天", "90 天以上" };
static const double waiting[] = { 20, 15, 12, 5, 3, 1 };
static const struct series age_series[] = { { "件", waiting, NULL, NULL, NULL } };
static const struct data age_data = { 6,    1,    ages,       NULL, age_series,
                                      NULL, NAN,  UNIT_COUNT, true, NAN,
                                      NAN,  NULL, NULL };

enum { STEPS = 169 };
static double hours[STEPS], done_now[STEPS], done_then[STEPS];
static const char *step_label[STEPS];
static const struct series survival_series[] = {
    { "本月", done_now, NULL, NULL, NULL }, { "去年10月", done_then, NULL, NULL, NULL }
};
static const struct data survival_data = {
    STEPS, 2, step_label, hours, survival_series, NULL, NAN, UNIT_SHARE, true,
    0,     1, NULL,       NULL
};

static double heat_values[7][24];
static const char *hour_label[24];
static struct series heat_series[7];
static const struct data heat_data = { 24,   7,    hour_label, NULL, heat_series,
                                       NULL, NAN,  UNIT_COUNT, true, NAN,
                                       NAN,  NULL, NULL };

static void fill_curves(struct arena *memory)
{
    static const char *const days[] = { "周一", "周二", "周三", "周四",
                                        "周五", "周六", "周日" };
    for (int i = 0; i < STEPS; i++) {
        hours[i] = 2 * i;
        step_label[i] = arena_printf(memory, "%d", 2 * i);
        done_now[i] = 0.95 * (1 - exp(-hours[i] / 30));
        done_then[i] = 0.92 * (1 - exp(-hours[i] / 45));
    }
    for (int d = 0; d < 7; d++) {
        for (int h = 0; h < 24; h++) {
            hour_label[h] = arena_printf(memory, "%d", h);
            heat_values[d][h] = h < 7 ? 0 : round(8 + 8 * sin(h / 3.0 + d));
        }
        heat_series[d] = (struct series){ days[d], heat_values[d], NULL, NULL, NULL };
    }
}

static void build_report(struct doc *doc, struct arena *memory)
{
    static const struct {
        enum chart_kind kind;
        const char *title;
        const struct data *data;
    } shown[] = {
        { CHART_STACK, "每月新增（件）", &stack_data },
        { CHART_LINE, "一半的事多久办完", &line_data },
        { CHART_CONTROL, "按时办完的比例", &control_data },
        { CHART_SURVIVAL, "办结曲线", &survival_data },
        { CHART_AGEING, "没办完的等了多久（件）", &age_data },
        { CHART_HEAT, "一周里什么时候来电（次）", &heat_data },
        { CHART_BARS, "常见问题 <b>“a”&`touch x`", &bar_data },
    };
    static struct chart charts[COUNT(shown)];
    static struct block blocks[64];
    static struct table long_table;
    static struct table_cell cells[(ROWS + 1) * 3];
    size_t used = 0;
    fill_curves(memory);
    for (size_t i = 0; i < COUNT(shown); i++) {
        charts[i] = (struct chart){ shown[i].kind,  shown[i].title,
                                    shown[i].title, "怎么读：看最后一点。",
                                    shown[i].data,  { NULL, 0 },
                                    { NULL, 0 },    { NULL, 0 },
                                    { NULL, 0 } };
        blocks[used++] = (struct block){ .kind = BLOCK_HEADING,
                                         .level = i ? 2 : 1,
                                         .count = 1,
                                         .lines = i ? &part_head : &page_head };
        blocks[used++] =
            (struct block){ .kind = BLOCK_PARAGRAPH, .count = 1, .lines = &long_words };
        blocks[used++] = (struct block){ .kind = BLOCK_CHART, .chart = &charts[i] };
    }
    for (size_t i = 0; i < COUNT(cells); i++)
        cells[i].text =
            i < 3 ? "表头"
            : i % 3 == 2
                ? "方案 11 月 20 日前公布，比答应的晚了 20 天，对不起；外墙渗水 "
                  "2 件、商铺排烟 2 件"
                : arena_printf(memory, "第 %zu 格", i);
    long_table = (struct table){ "老大难", 3, ROWS + 1, 1, right_aligned, cells, true };
    blocks[used++] = (struct block){ .kind = BLOCK_TABLE, .table = &long_table };
    blocks[used++] = (struct block){ .kind = BLOCK_PAGE };
    blocks[used++] =
        (struct block){ .kind = BLOCK_BULLETS, .count = 3, .lines = done_lines };
    *doc = (struct doc){ .name = "月报",
                         .title = "阳光花园　物业服务月报",
                         .estate = "阳光花园",
                         .language = "zh",
                         .head_right = "2026 年 10 月",
                         .subhead = "公开版",
                         .foot = "核对码 3F9A-17C2-B0DE",
                         .draft = "预览稿　不得张贴",
                         .month = 2026 * 12 + 9,
                         .cutoff = 1793491200,
                         .count = used,
                         .blocks = blocks,
                         .memory = memory };
}

/* --- looking -------------------------------------------------------------- */

static char place[] = "/tmp/huiyin-pdf-test-XXXXXX";

static const char *path_of(struct arena *memory, const char *name)
{
    return arena_printf(memory, "%s/%s", place, name);
}

/* What a shell line prints; its exit status through *code (may be NULL). */
static const char *output_of(struct arena *memory, int *code, const char *command)
{
    enum { ROOM = 1 << 20 };
    char *all = arena_alloc(memory, ROOM);
    size_t length = 0;
    int ends[2], state = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    for (;;) {
        ssize_t got = read(ends[0], all + length, ROOM - 1 - length);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    close(ends[0]);
    assert_int_equal(waitpid(child, &state, 0), child);
    if (code)
        *code = state;
    return all;
}

static bool has_tool(const char *name)
{
    struct arena *memory = arena_new();
    int code;
    output_of(memory, &code, arena_printf(memory, "command -v %s", name));
    arena_free(memory);
    return code == 0;
}

static void write_both(struct doc *doc, struct arena *memory, const char *name)
{
    struct error err = { HY_OK, "" };
    const char *first = path_of(memory, arena_printf(memory, "%s.pdf", name));
    const char *second = path_of(memory, arena_printf(memory, "%s-again.pdf", name));
    if (charts_draw(doc, "templates", &err) != HY_OK)
        GIVE_UP("%s", err.text);
    if (render_pdf.write(doc, first, &err) != HY_OK)
        GIVE_UP("%s", err.text);
    if (charts_draw(doc, "templates", &err) != HY_OK
        || render_pdf.write(doc, second, &err) != HY_OK)
        GIVE_UP("%s", err.text);
    assert_int_equal(render_pdf.verify(doc, first, &err), HY_OK);
    const unsigned char *a, *b;
    size_t length, again;
    assert_int_equal(file_read(first, 1 << 24, memory, &a, &length, &err), HY_OK);
    assert_int_equal(file_read(second, 1 << 24, memory, &b, &again, &err), HY_OK);
    assert_int_equal(length, again);
    assert_memory_equal(a, b, length);
    print_message("%s: %zu bytes\n", name, length);
}

static void inspect(struct arena *memory, const char *name)
{
    int code;
    const char *file = path_of(memory, arena_printf(memory, "%s.pdf", name));
    if (!has_tool("qpdf") || !has_tool("pdftotext") || !has_tool("pdffonts")) {
        print_message("SKIPPED: qpdf or poppler-utils not installed\n");
        skip();
    }
    const char *said =
        output_of(memory, &code, arena_printf(memory, "qpdf --check %s 2>&1", file));
    assert_int_equal(code, 0);
    assert_null(strstr(said, "WARNING"));
    said = output_of(memory, &code,
                     arena_printf(memory, "pdftotext %s - 2>&1 >/dev/null", file));
    assert_string_equal(said, "");
    said = output_of(memory, &code,
                     arena_printf(memory,
                                  "pdffonts %s | tail -n +3 | grep -vc "
                                  "'yes yes yes'",
                                  file));
    assert_string_equal(said, "0\n"); /* all embedded, subset, with Unicode */
    said = output_of(memory, &code,
                     arena_printf(memory, "pdfimages -list %s | tail -n +3", file));
    assert_string_equal(said, "");
}

static void assert_says(const char *text, const char *words)
{
    if (!strstr(text, words))
        GIVE_UP("the page does not say: %s", words);
}

static void notice_is_one_page(void **state)
{
    struct arena *memory = *state;
    struct doc doc;
    build_notice(&doc, memory);
    write_both(&doc, memory, "notice");
    inspect(memory, "notice");
    const char *file = path_of(memory, "notice.pdf");
    const char *text =
        output_of(memory, NULL,
                  arena_printf(memory,
                               "pdftotext -layout %s - | tr -d '\\n ' | sed s/　//g",
                               file));
    assert_says(text, "阳光花园物业服务月度公示");
    assert_says(text, "门禁、对讲故障明显增多；老大难还有11件，3件承诺没兑现。");
    assert_says(text, "251（88.4%）");
    assert_says(text, "电梯停运");
    assert_says(text, "上月46");
    assert_says(text, "目标90%");
    assert_says(text, "核对码3F9A-17C2-B0DE");
    assert_says(text, "1/1");
    const char *info =
        output_of(memory, NULL, arena_printf(memory, "pdfinfo %s", file));
    assert_says(info, "阳光花园　物业服务月度公示");
    assert_says(info, "Pages:           1");
    const unsigned char *bytes;
    size_t length;
    struct error err;
    assert_int_equal(file_read(file, 1 << 20, memory, &bytes, &length, &err), HY_OK);
    assert_true(length < 100 * 1024);
}

static void draft_mark_extracts_twice(void **state)
{
    struct arena *memory = *state;
    if (!has_tool("pdftotext"))
        skip();
    const char *text =
        output_of(memory, NULL,
                  arena_printf(memory, "pdftotext -raw %s - | tr -d '\\n 　'",
                               path_of(memory, "notice.pdf")));
    const char *found = strstr(text, "预览稿");
    assert_non_null(found); /* across the page, and upright in the foot */
    found = strstr(found + 3, "预览稿");
    assert_non_null(found);
    assert_null(strstr(found + 3, "预览稿"));
}

static void report_flows_over_pages(void **state)
{
    struct arena *memory = *state;
    struct doc doc;
    build_report(&doc, memory);
    write_both(&doc, memory, "report");
    inspect(memory, "report");
    const char *file = path_of(memory, "report.pdf");
    const char *text =
        output_of(memory, NULL,
                  arena_printf(memory,
                               "pdftotext -layout %s - | tr -d '\\n ' | sed s/　//g",
                               file));
    /* In neither required face: only where the optional one is installed. */
    if (access("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", R_OK)
        == 0)
        assert_says(text, "𠮷");
    assert_says(text, "第178格");
    assert_says(text, "<b>“a”&`touchx`");
    assert_says(text, "90天以上");
    const char *heads =
        output_of(memory, NULL,
                  arena_printf(memory, "pdftotext %s - | grep -c '^表头'", file));
    assert_true(strtol(heads, NULL, 10) >= 2); /* repeated on each page of the table */
}

static void every_glyph_has_ink(void **state)
{
    struct arena *memory = *state;
    int code;
    if (!has_tool("pdftoppm") || !has_tool("python3")) {
        print_message("SKIPPED: pdftoppm or python3 not installed\n");
        skip();
    }
    const char *said =
        output_of(memory, &code,
                  arena_printf(memory, "/usr/bin/python3 tests/tools/ink.py %s %s 2>&1",
                               path_of(memory, "notice.pdf"),
                               path_of(memory, "report.pdf")));
    print_message("%s", said);
    if (code != 0 && strstr(said, "SKIPPED"))
        skip();
    assert_int_equal(code, 0);
}

static void too_much_is_refused(void **state)
{
    struct arena *memory = *state;
    struct error err = { HY_OK, "" };
    struct doc doc;
    build_report(&doc, memory);
    doc.single_page = true;
    assert_int_equal(render_pdf.write(&doc, path_of(memory, "never.pdf"), &err),
                     HY_INTERNAL);
    assert_says(err.text, "一页放不下");
    assert_false(file_exists(path_of(memory, "never.pdf")));
}

/* Forty optional lines and sixty optional rows on the notice: they give way, it is
 * said, and what is not optional stays. */
static void a_full_notice_gives_way(void **state)
{
    enum { LINES = 40, FULL = 62 };
    struct arena *memory = *state;
    struct error err = { HY_OK, "" };
    struct doc doc;
    build_notice(&doc, memory);
    struct block *blocks = arena_alloc(memory, (doc.count + 3) * sizeof *blocks);
    struct line_of *lines = arena_alloc(memory, LINES * sizeof *lines);
    struct table_cell *cells = arena_alloc(memory, FULL * sizeof *cells);
    struct table table = {
        .columns = 1, .rows = FULL, .heads = 1, .cells = cells, .total = true
    };
    for (int i = 0; i < LINES; i++)
        lines[i] =
            *line_plain(memory, arena_printf(memory, "第%d条说明", i + 1), false, true);
    for (int i = 0; i < FULL; i++)
        cells[i].text = arena_printf(memory, "行%d。", i);
    memcpy(blocks + 3, doc.blocks, doc.count * sizeof *blocks);
    blocks[0] =
        (struct block){ .kind = BLOCK_PARAGRAPH,
                        .count = 1,
                        .lines = line_plain(memory, "还欠这一句不许少", false, true) };
    blocks[1] = (struct block){
        .kind = BLOCK_BULLETS, .count = LINES, .lines = lines, .yields = 1
    };
    blocks[2] = (struct block){ .kind = BLOCK_TABLE, .table = &table, .yields = 2 };
    doc.blocks = blocks;
    doc.count += 3;
    doc.moved = "其余见月报";
    enum status status = render_pdf.write(&doc, path_of(memory, "full.pdf"), &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, HY_OK);
    if (!has_tool("pdftotext"))
        skip();
    const char *text = output_of(memory, NULL,
                                 arena_printf(memory, "pdftotext %s - | tr -d ' '",
                                              path_of(memory, "full.pdf")));
    assert_says(text, "还欠这一句不许少");
    assert_says(text, "其余见月报");
    assert_says(text, "行61。"); /* the total */
    assert_says(text, "行1。");
    assert_null(strstr(text, "第40条说明"));
    assert_null(strstr(text, "行60。"));
}

static void bad_place_is_an_error(void **state)
{
    struct arena *memory = *state;
    struct error err = { HY_OK, "" };
    struct doc doc;
    build_notice(&doc, memory);
    assert_int_equal(render_pdf.write(&doc, "/nonexistent/x.pdf", &err), HY_IO);
}

static void paper_a3_is_the_same_scaled(void **state)
{
    struct arena *memory = *state;
    struct error err = { HY_OK, "" };
    struct doc doc;
    build_notice(&doc, memory);
    doc.paper = PAPER_A3;
    assert_int_equal(charts_draw(&doc, "templates", &err), HY_OK);
    assert_int_equal(render_pdf.write(&doc, path_of(memory, "a3.pdf"), &err), HY_OK);
    if (!has_tool("pdfinfo"))
        skip();
    const char *info =
        output_of(memory, NULL,
                  arena_printf(memory, "pdfinfo %s", path_of(memory, "a3.pdf")));
    assert_says(info, "(A3)");
}

static int open_all(void **state)
{
    *state = arena_new();
    return mkdtemp(place) ? 0 : -1;
}

static int close_all(void **state)
{
    if (!getenv("HUIYIN_KEEP"))
        output_of(*state, NULL, arena_printf(*state, "rm -r '%s'", place));
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notice_is_one_page),
        cmocka_unit_test(draft_mark_extracts_twice),
        cmocka_unit_test(report_flows_over_pages),
        cmocka_unit_test(every_glyph_has_ink),
        cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(a_full_notice_gives_way),
        cmocka_unit_test(bad_place_is_an_error),
        cmocka_unit_test(paper_a3_is_the_same_scaled),
    };
    return cmocka_run_group_tests_name("render_pdf", tests, open_all, close_all);
}
