/* load_test.c - whole files into a store: invented ones with every kind of bad
 * row, and the real ones, whose counts were taken by other programs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka takes the name; core/status.h needs it */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "ingest/load.h"

struct fixture {
    struct arena *memory;
    struct settings settings;
    struct loader *loader;
    struct store *store;
    char directory[64];
};

static int setup(void **state)
{
    struct arena *memory = arena_new();
    struct fixture *fixture = arena_alloc(memory, sizeof *fixture);
    struct error err;

    fixture->memory = memory;
    strcpy(fixture->directory, "/tmp/huiyin_load_XXXXXX");
    if (mkdtemp(fixture->directory) == NULL
        || settings_load(NULL, "templates", memory, &fixture->settings, &err) != HY_OK
        || loader_open(&fixture->loader, "templates", NULL, &fixture->settings, memory,
                       &err)
               != HY_OK
        || store_open(&fixture->store,
                      arena_printf(memory, "%s/huiyin.db", fixture->directory),
                      STORE_CREATE, &err)
               != HY_OK) {
        print_error("%s\n", err.text);
        return -1;
    }
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    const char *const *names;
    size_t count, i;
    struct error err;

    store_close(fixture->store);
    loader_close(fixture->loader);
    if (file_list(fixture->directory, fixture->memory, &names, &count, &err) == HY_OK)
        for (i = 0; i < count; i++)
            (void)unlink(
                arena_printf(fixture->memory, "%s/%s", fixture->directory, names[i]));
    (void)rmdir(fixture->directory);
    arena_free(fixture->memory);
    return 0;
}

static enum status load(struct fixture *fixture, const char *path,
                        struct load_report *report, struct error *err)
{
    static const struct load_options options = { .map = NULL };
    enum status status = load_file(fixture->loader, fixture->store, path, &options,
                                   fixture->memory, report, NULL, NULL, err);

    if (status == HY_OK) {
        const struct counts *c = &report->counts;

        assert_int_equal(c->rows, c->loaded + c->updated + c->duplicate + c->rejected
                                      + c->skipped);
    }
    return status;
}

static const char *write_csv(struct fixture *fixture, const char *name,
                             const char *text)
{
    const char *path = arena_printf(fixture->memory, "%s/%s", fixture->directory, name);
    struct error err;

    assert_int_equal(file_write(path, 0600, text, strlen(text), &err), HY_OK);
    return path;
}

static void counts_are(const struct counts *counts, int64_t rows, int64_t loaded,
                       int64_t updated, int64_t duplicate, int64_t rejected,
                       int64_t skipped)
{
    assert_int_equal(counts->rows, rows);
    assert_int_equal(counts->loaded, loaded);
    assert_int_equal(counts->updated, updated);
    assert_int_equal(counts->duplicate, duplicate);
    assert_int_equal(counts->rejected, rejected);
    assert_int_equal(counts->skipped, skipped);
}

static void bad_rows_are_data(void **state)
{
    static const char csv[] =
        "阳光花园十月工单,,,,,,\n"
        "工单编号,报修时间,完成时间,状态,受理渠道,满意度,天气\n"
        "A1,2026-10-01 08:00,2026-10-02 09:00,已完成,微信,满意,晴\n"
        "A2,2026-10-02 08:00,还没有,神秘,飞鸽,5星,晴\n"
        "A3,下周三,,,,,\n"
        ",2026-10-03 08:00,,,,,\n"
        "A4,,,,,,\n"
        "工单编号,报修时间,完成时间,状态,受理渠道,满意度,天气\n"
        "合计,5,,,,,\n"
        "A1,2026-10-01 08:00,2026-10-02 09:00,已完成,微信,满意,晴\n";
    struct fixture *fixture = *state;
    struct load_report report;
    struct error err;
    const struct load_part *part;
    const char *path = write_csv(fixture, "a.csv", csv);

    if (load(fixture, path, &report, &err) != HY_OK) {
        print_error("%s\n", err.text);
        _fail(__FILE__, __LINE__);
    }
    counts_are(&report.counts, 8, 2, 0, 1, 3, 2);
    part = &report.parts[0];
    assert_int_equal(part->reason_count, 3);
    assert_int_equal(part->unknown_count, 1);
    assert_string_equal(part->unknown[0].word, "天气");
    assert_int_equal(part->word_count, 3);
    assert_string_equal(part->words[0].word, "channel: 飞鸽");
    assert_string_equal(part->words[1].word, "completed_at: 还没有");
    assert_string_equal(part->words[2].word, "status: 神秘");
    assert_int_equal(load(fixture, path, &report, &err), HY_OK);
    assert_true(report.known);
}

static void useless_files_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct load_report report;
    struct error err;

    assert_int_equal(load(fixture, write_csv(fixture, "b.csv", "甲,乙\n1,2\n"), &report,
                          &err),
                     HY_DATA);
    assert_non_null(strstr(err.text, "b.csv"));
    assert_int_equal(load(fixture,
                          write_csv(fixture, "c.csv",
                                    "工单编号,报修时间,状态\nA1,昨天,完成\n"),
                          &report, &err),
                     HY_DATA);
    assert_non_null(strstr(err.text, "日期"));
    assert_int_equal(load(fixture, "/tmp/huiyin_no_such_file.csv", &report, &err),
                     HY_NOINPUT);
}

static void rows_without_number_keep_their_ordinal(void **state)
{
    static const char csv[] = "calldate,src,dst,duration,billsec,disposition\n"
                              "04/09/17 12:39,114,113,8,6,ANSWERED\n"
                              "04/09/17 12:39,114,113,8,6,ANSWERED\n";
    struct fixture *fixture = *state;
    struct load_report report;
    struct error err;

    assert_int_equal(load(fixture, write_csv(fixture, "d.csv", csv), &report, &err),
                     HY_OK);
    assert_string_equal(report.parts[0].map, "asterisk_short");
    counts_are(&report.counts, 2, 2, 0, 0, 0, 0);
    /* the same rows in other bytes are the same calls */
    assert_int_equal(load(fixture,
                          write_csv(fixture, "e.csv",
                                    arena_printf(fixture->memory, "%s\n", csv)),
                          &report, &err),
                     HY_OK);
    counts_are(&report.counts, 2, 0, 0, 2, 0, 0);
}

static void registers_are_known_by_their_titles(void **state)
{
    struct fixture *fixture = *state;
    struct load_report report;
    struct error err;

    assert_int_equal(load(fixture,
                          write_csv(fixture, "f.csv",
                                    "楼栋,单元数,户数,入住户数\n1栋,2,160,150\n"
                                    "2栋,2,160,140\n合计,4,320,290\n"),
                          &report, &err),
                     HY_OK);
    counts_are(&report.counts, 3, 2, 0, 0, 0, 1);
    assert_int_equal(
        load(fixture,
             write_csv(fixture, "g.csv",
                       "设备编号,名称,楼栋,投用年月\nL01,1号梯,1,2012-06\n"),
             &report, &err),
        HY_OK);
    counts_are(&report.counts, 1, 1, 0, 0, 0, 0);
    assert_int_equal(load(fixture,
                          write_csv(fixture, "h.csv",
                                    "月份,栏目,文字,牵头部门,撰写方\n"
                                    "2026年10月,做了什么,换了闸,工程部,物业\n"),
                          &report, &err),
                     HY_OK);
    counts_are(&report.counts, 1, 1, 0, 0, 0, 0);
}

/* --- real files: ../shared/data ------------------------------------------------ */

/* --- the register exported anew --------------------------------------------------- */
enum { TICKETS = 4000, CHANGED = 100, GONE = 40, NEW = 60, BACK = 10 };

static void ticket_line(FILE *out, int i, const char *status)
{
    fprintf(out, "WO-%05d,2026-10-%02d %02d:%02d,%s,路灯不亮第%d次,%s\n", i, 1 + i % 28,
            i % 24, i % 60, i % 7 == 0 ? "火星来电" : "电话", i, status);
}

/* The second export has other states first, then what the first one said of ten of
 * them, lacks the last forty and has sixty more. */
static const char *write_register(struct fixture *fixture, bool second)
{
    const char *path = arena_printf(fixture->memory, "%s/%s.csv", fixture->directory,
                                    second ? "second" : "first");
    FILE *out = fopen(path, "w");
    int i;

    fputs("工单编号,受理时间,受理渠道,问题描述,工单状态\n", out);
    for (i = second ? CHANGED : 0; i < (second ? TICKETS - GONE : TICKETS); i++)
        ticket_line(out, i, "处理中");
    for (i = 0; second && i < CHANGED; i++)
        ticket_line(out, i, "已关闭");
    for (i = 0; second && i < BACK; i++)
        ticket_line(out, i, "处理中");
    for (i = TICKETS; second && i < TICKETS + NEW; i++)
        ticket_line(out, i, "处理中");
    fclose(out);
    return path;
}

static void content_of(struct fixture *fixture, unsigned char out[32])
{
    struct error err;

    assert_int_equal(store_content(fixture->store, out, &err), HY_OK);
}

static void known_rows_change_nothing(void **state)
{
    struct fixture *fixture = *state;
    const char *first = write_register(fixture, false);
    const char *second = write_register(fixture, true);
    unsigned char one[32], both[32], other[32];
    struct load_report report;
    struct error err;

    assert_int_equal(load(fixture, first, &report, &err), HY_OK);
    counts_are(&report.counts, TICKETS, TICKETS, 0, 0, 0, 0);
    content_of(fixture, one);
    assert_int_equal(load(fixture, second, &report, &err), HY_OK);
    counts_are(&report.counts, TICKETS - GONE + NEW + BACK, NEW, CHANGED,
               TICKETS - GONE - CHANGED + BACK, 0, 0);
    assert_int_equal(report.parts[0].words[0].count, (TICKETS - GONE + 6) / 7 + BACK / 7
                                                         + 1 + (TICKETS + NEW + 6) / 7
                                                         - (TICKETS + 6) / 7);
    content_of(fixture, both);
    assert_int_equal(store_undo(fixture->store, report.batch, &err), HY_OK);
    content_of(fixture, other);
    assert_memory_equal(one, other, 32);
    store_close(fixture->store); /* the other way round */
    assert_int_equal(store_open(&fixture->store,
                                arena_printf(fixture->memory, "%s/other.db",
                                             fixture->directory),
                                STORE_CREATE, &err),
                     HY_OK);
    assert_int_equal(load(fixture, second, &report, &err), HY_OK);
    assert_int_equal(load(fixture, first, &report, &err), HY_OK);
    counts_are(&report.counts, TICKETS, GONE, CHANGED - BACK,
               TICKETS - GONE - CHANGED + BACK, 0, 0);
    content_of(fixture, other);
    assert_memory_equal(both, other, 32);
}

/* The first export with a row more, every so many rows on and round again. */
static const char *write_strided(struct fixture *fixture, int stride)
{
    const char *path =
        arena_printf(fixture->memory, "%s/strided%d.csv", fixture->directory, stride);
    FILE *out = fopen(path, "w");
    int i;

    fputs("工单编号,受理时间,受理渠道,问题描述,工单状态\n", out);
    for (i = 0; i < TICKETS; i++)
        ticket_line(out, (int)((int64_t)i * stride % TICKETS), "处理中");
    ticket_line(out, TICKETS, "处理中");
    fclose(out);
    return path;
}

/* Forwards, backwards and all over the place: what the order of loading must not tell
 * is where each row was seen. */
static void known_rows_come_in_any_order(void **state)
{
    static const int strides[] = { 1, TICKETS - 1, 2711 };
    struct fixture *fixture = *state;
    const char *first = write_register(fixture, false);
    unsigned char after[32], before[32];
    struct load_report report;
    struct error err;
    size_t i;

    for (i = 0; i < 3; i++) {
        const char *strided = write_strided(fixture, strides[i]);
        int64_t batch;

        assert_int_equal(load(fixture, first, &report, &err), HY_OK);
        batch = report.batch;
        assert_int_equal(load(fixture, strided, &report, &err), HY_OK);
        counts_are(&report.counts, TICKETS + 1, 1, 0, TICKETS, 0, 0);
        content_of(fixture, after);
        assert_int_equal(store_undo(fixture->store, batch, &err), HY_OK);
        assert_int_equal(load(fixture, first, &report, &err), HY_OK);
        counts_are(&report.counts, TICKETS, 0, 0, TICKETS, 0, 0);
        content_of(fixture, before);
        assert_memory_equal(after, before, 32);
        assert_int_equal(store_undo(fixture->store, report.batch, &err), HY_OK);
        assert_int_equal(store_undo(fixture->store, batch + 1, &err), HY_OK);
    }
}

/* --- a register without numbers ------------------------------------------------- */
enum { PLAIN = 3000 };
static const char plain_map[] = "[map]\nname = plain\nkind = ticket\ntitle = 无号登记\n"
                                "[recognise]\ntitles = 受理时间 | 诉求内容\n"
                                "[fields]\nreceived_at = 受理时间\n"
                                "content = 诉求内容\n";

/* Every row is said once; in the second export the last one twice. */
static const char *write_plain(struct fixture *fixture, bool second)
{
    const char *path = arena_printf(fixture->memory, "%s/%s.csv", fixture->directory,
                                    second ? "twice" : "once");
    FILE *out = fopen(path, "w");
    int i;

    fputs("受理时间,诉求内容\n", out);
    for (i = 0; i < PLAIN + second; i++)
        fprintf(out, "2026-10-%02d %02d:%02d,路灯不亮第%d次\n",
                1 + (i < PLAIN ? i : PLAIN - 1) % 28, 8, 30, i < PLAIN ? i : PLAIN - 1);
    fclose(out);
    return path;
}

/* Known by its bytes alone the second of two equal rows would be the first. */
static void known_rows_without_number_keep_their_ordinal(void **state)
{
    struct fixture *fixture = *state;
    const char *once = write_plain(fixture, false);
    const char *twice = write_plain(fixture, true);
    struct load_report report;
    struct error err;

    (void)write_csv(fixture, "plain.map", plain_map);
    assert_int_equal(loader_open(&fixture->loader, "templates", fixture->directory,
                                 &fixture->settings, fixture->memory, &err),
                     HY_OK);
    assert_int_equal(load(fixture, once, &report, &err), HY_OK);
    assert_string_equal(report.parts[0].map, "plain");
    counts_are(&report.counts, PLAIN, PLAIN, 0, 0, 0, 0);
    assert_int_equal(load(fixture, twice, &report, &err), HY_OK);
    counts_are(&report.counts, PLAIN + 1, 1, 0, PLAIN, 0, 0);
}

static const char data[] = "../shared/data";

static void real(struct fixture *fixture, const char *name, const char *map,
                 const int64_t expected[6])
{
    struct load_report report;
    struct error err;

    if (load(fixture, arena_printf(fixture->memory, "%s/%s", data, name), &report, &err)
        != HY_OK) {
        print_error("%s\n", err.text);
        _fail(__FILE__, __LINE__);
    }
    assert_string_equal(report.parts[0].map, map);
    counts_are(&report.counts, expected[0], expected[1], expected[2], expected[3],
               expected[4], expected[5]);
}

#define REAL(name, map, ...) real(*state, name, map, (const int64_t[6]){ __VA_ARGS__ })

static void messages_with_answers(void **state)
{
    if (!file_is_directory(data))
        skip();
    REAL("requests/taidi2020_附件4_留言答复.xlsx", "taidi4", 2816, 2816, 0, 0, 0, 0);
    REAL("requests/derived/taidi_附件4_gb18030_crlf.csv", "taidi4", 2816, 0, 0, 2816, 0,
         0);
    REAL("requests/derived/taidi_附件4_前600行_utf16le_bom_tab.txt", "taidi4", 600, 0,
         0, 600, 0, 0);
    REAL("requests/taidi2020_附件2_空行65202.xlsx", "taidi2", 495, 494, 1, 0, 0, 0);
    REAL("requests/taidi2020_附件3_留言.xlsx", "taidi3", 5209, 4326, 0, 883, 0, 0);
    REAL("requests/derived/taidi_附件3_前1000行_utf8bom.csv", "taidi3", 1000, 0, 0,
         1000, 0, 0);
}

static void city_requests(void **state)
{
    struct fixture *fixture = *state;
    const char *const *names;
    size_t count, i;
    int64_t rows = 0, loaded = 0;
    struct load_report report;
    struct error err;

    if (!file_is_directory(data))
        skip();
    REAL("requests/baltimore311_sample.csv", "baltimore311", 10000, 10000, 0, 0, 0, 0);
    REAL("requests/baltimore311_sample.xlsx", "baltimore311", 10000, 0, 0, 10000, 0, 0);
    REAL("requests/nyc311_socrata_sample.json", "nyc311", 1000, 1000, 0, 0, 0, 0);
    REAL("requests/nyc311_socrata_sample.csv", "nyc311", 1000, 0, 0, 1000, 0, 0);
    REAL("requests/open311_georeport_helsinki.json", "open311", 2, 2, 0, 0, 0, 0);
    REAL("requests/uci_incident_event_log_6k.csv", "uci_incident", 5998, 890, 5108, 0,
         0, 0);
    assert_int_equal(file_list("../shared/data/requests/boston311_2015",
                               fixture->memory, &names, &count, &err),
                     HY_OK);
    assert_int_equal(count, 19);
    for (i = 0; i < count; i++) {
        assert_int_equal(load(fixture,
                              arena_printf(fixture->memory,
                                           "%s/requests/boston311_2015/%s", data,
                                           names[i]),
                              &report, &err),
                         HY_OK);
        assert_string_equal(report.parts[0].map, "boston311");
        rows += report.counts.rows;
        loaded += report.counts.loaded;
    }
    assert_int_equal(rows, 29653); /* reference/real/boston311_2015.json */
    assert_int_equal(loaded, 29653);
}

static void call_logs(void **state)
{
    struct fixture *fixture = *state;
    struct load_report report;
    struct error err;

    if (!file_is_directory(data))
        skip();
    REAL("cdr/g9_asterisk_master_25col.csv", "g9_calls", 856, 856, 0, 0, 0, 0);
    REAL("cdr/freepbx_cdr_report_export.csv", "freepbx_report", 100, 100, 0, 0, 0, 0);
    REAL("cdr/cdr_cr_line_endings.csv", "asterisk_short", 100, 100, 0, 0, 0, 0);
    REAL("cdr/callcenter_pwc_5000.xlsx", "callcenter_pwc", 5000, 5000, 0, 0, 0, 0);
    REAL("cdr/asterisk_cdr_custom_19col.csv", "asterisk_cdr_custom", 14, 14, 0, 0, 0,
         0);
    REAL("cdr/freeswitch_mod_cdr_csv.csv", "freeswitch_csv", 10, 8, 1, 1, 0, 0);
    assert_int_equal(load(fixture, "../shared/data/cdr/callcenter_daily_semicolon.csv",
                          &report, &err),
                     HY_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bad_rows_are_data, setup, teardown),
        cmocka_unit_test_setup_teardown(useless_files_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_without_number_keep_their_ordinal, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(registers_are_known_by_their_titles, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(known_rows_change_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(known_rows_come_in_any_order, setup, teardown),
        cmocka_unit_test_setup_teardown(known_rows_without_number_keep_their_ordinal,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(messages_with_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(city_requests, setup, teardown),
        cmocka_unit_test_setup_teardown(call_logs, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
