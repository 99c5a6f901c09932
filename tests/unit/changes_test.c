/* changes_test.c - which files of the templates are other ones than before. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/changes.h"
#include "core/file.h"

static const struct manifest_file was[] = { { "charts/bars.gp", "1" },
                                            { "reports/a.md", "2" },
                                            { "reports/z.md", "3" } };
static const struct manifest_file now[] = { { "charts/bars.gp", "1" },
                                            { "reports/b.md", "9" },
                                            { "reports/z.md", "4" } };

static void a_file_is_altered_new_or_gone(void **state)
{
    static const struct changed wanted[] = { { "charts/bars.gp", CHANGE_NONE },
                                             { "reports/a.md", CHANGE_GONE },
                                             { "reports/b.md", CHANGE_NEW },
                                             { "reports/z.md", CHANGE_ALTERED } };
    struct changed out[6];
    size_t i;

    (void)state;
    assert_int_equal(changes_merge(was, 3, now, 3, out), 4);
    for (i = 0; i < 4; i++) {
        assert_string_equal(out[i].name, wanted[i].name);
        assert_int_equal(out[i].since, wanted[i].since);
    }
    assert_int_equal(changes_merge(was, 3, was, 3, out), 3);
    for (i = 0; i < 3; i++)
        assert_int_equal(out[i].since, CHANGE_NONE);
    assert_int_equal(changes_merge(NULL, 0, now, 1, out), 1);
    assert_int_equal(out[0].since, CHANGE_NEW);
    assert_int_equal(changes_merge(was, 1, NULL, 0, out), 1);
    assert_int_equal(out[0].since, CHANGE_GONE);
    assert_int_equal(changes_merge(NULL, 0, NULL, 0, out), 0);
}

static void put(const char *folder, const char *name, const char *text)
{
    char path[256];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void make(const char *folder, const char *name)
{
    struct error err;
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(file_make_directory(path, &err), HY_OK);
}

/* SHA-256("abc") = ba7816bf... (FIPS 180-4).  What is no template has no line. */
static void the_files_are_those_a_report_is_made_of(void **state)
{
    static const char *const wanted[] = { "metrics.tsv", "reports/en/monthly.md",
                                          "reports/monthly.md", "wording/common.ini" };
    char folder[] = "/tmp/huiyin_changes_XXXXXX";
    struct arena *memory = arena_new();
    const struct manifest_file *files;
    char command[64];
    struct error err;
    size_t count, i;

    (void)state;
    assert_non_null(mkdtemp(folder));
    make(folder, "reports");
    make(folder, "reports/en");
    make(folder, "wording");
    put(folder, "reports/monthly.md", "abc");
    put(folder, "reports/.monthly.md", "editor");
    put(folder, "reports/monthly.md.bak", "old");
    put(folder, "reports/en/monthly.md", "en");
    put(folder, "wording/common.ini", "[zh]\n");
    put(folder, "huiyin.ini", "settings have a hash of their own");
    assert_int_equal(changes_files(folder, memory, &files, &count, &err), HY_NOINPUT);
    put(folder, "metrics.tsv", "id\n");
    assert_int_equal(changes_files(folder, memory, &files, &count, &err), HY_OK);
    assert_int_equal(count, 4);
    for (i = 0; i < count; i++)
        assert_string_equal(files[i].name, wanted[i]);
    assert_string_equal(
        files[2].sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    arena_free(memory);
}

/* --- what the committee reads ------------------------------------------------------
 */

#define OUT "/tmp/huiyin_changes_out"
#define LIST_BEFORE OUT "/2026-09/public/" MANIFEST_NAME

struct world {
    struct arena *memory;
    struct session session;
    struct published_line line;
    struct revised_month month;
    struct revisions revisions;
    struct results *view;
};

/* The list of September with these lines, published or (lost) another one. */
static void world_open(struct world *world, const char *lines, bool lost)
{
    struct key key = { .bytes = { 1, 2, 3 } };
    unsigned char signature[SIGNATURE_BYTES];
    struct arena *memory = arena_new();
    struct error err;
    const char *text;

    *world = (struct world){ .memory = memory };
    world->session.memory = memory;
    world->session.out = OUT;
    assert_int_equal(file_templates(memory, &world->session.templates, &err), HY_OK);
    assert_int_equal(wording_load(arena_printf(memory, "%s/wording",
                                               world->session.templates),
                                  "zh", memory, &world->session.wording, &err),
                     HY_OK);
    world->view = results_new(memory, NULL, NULL);
    world->view->month = 2026 * 12 + 9; /* October */
    world->revisions.session = &world->session;
    if (lines == NULL)
        return;
    text = manifest_seal(arena_printf(memory, "month = 2026-09\n%s", lines), "public",
                         NULL, 0, &key, memory, signature);
    make("/tmp", "huiyin_changes_out");
    make(OUT, "2026-09");
    make(OUT, "2026-09/public");
    assert_int_equal(file_write(LIST_BEFORE, 0600, text, strlen(text), &err), HY_OK);
    world->line.month = 2026 * 12 + 8;
    hash_bytes(text, strlen(text) - (lost ? 1 : 0), world->line.manifest[0]);
    world->month.line = &world->line;
    world->revisions.months = &world->month;
    world->revisions.count = 1;
}

static void world_close(struct world *world)
{
    (void)unlink(LIST_BEFORE);
    (void)rmdir(OUT "/2026-09/public");
    (void)rmdir(OUT "/2026-09");
    (void)rmdir(OUT);
    arena_free(world->memory);
}

static const char *said(const struct world *world, size_t at)
{
    return results_listing(world->view, "templates.said")->cells[at].text;
}

/* The lines of the templates as they lie, that of one file altered or left out, and one
 * more when asked for. */
static const char *lines_now(struct arena *memory, const char *name, bool leave,
                             const char *more)
{
    const struct manifest_file *files;
    const char *templates, *text = "";
    struct error err;
    size_t count, i;

    assert_int_equal(file_templates(memory, &templates, &err), HY_OK);
    assert_int_equal(changes_files(templates, memory, &files, &count, &err), HY_OK);
    for (i = 0; i < count; i++) {
        bool is = name != NULL && strcmp(files[i].name, name) == 0;

        if (!is)
            text = arena_printf(memory, "%stemplate = %s %s\n", text, files[i].sha256,
                                files[i].name);
        else if (!leave)
            text =
                arena_printf(memory, "%stemplate = %064d %s\n", text, 0, files[i].name);
    }
    return arena_printf(memory, "%s%s", text, more);
}

static void what_cannot_be_told_is_not_guessed(void **state)
{
    static const struct {
        const char *lines;
        bool lost;
        const char *wanted;
    } tries[] = {
        { NULL, false, "此前没有公布过的期次" },
        { "previous = -\n", false, "没有逐份列出报告模板和用语" },
        { "previous = -\n", true, "不在原处或被改过" },
    };
    struct error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct world world;

        world_open(&world, tries[i].lines, tries[i].lost);
        assert_int_equal(changes_add(&world.session, &world.revisions, world.view,
                                     &err),
                         HY_OK);
        assert_non_null(strstr(said(&world, 0), tries[i].wanted));
        assert_string_equal(said(&world, 1), "都与程序自带的一样。");
        assert_int_equal(results_listing(world.view, "templates")->rows, 0);
        world_close(&world);
    }
}

static void what_changed_is_named_and_nothing_else(void **state)
{
    static const struct {
        const char *name;
        bool leave;
        const char *more, *wanted, *file, *since, *own;
    } tries[] = {
        { NULL, false, "", "一份也没有改", NULL, NULL, NULL },
        { "reports/monthly.md", false, "", "改过 1 份，新增 0 份，没有了 0 份",
          "reports/monthly.md", "改过", "一样" },
        { "wording/hard.ini", true, "", "改过 0 份，新增 1 份，没有了 0 份",
          "wording/hard.ini", "新增", "一样" },
        { NULL, false,
          "template = ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad "
          "zzz/old.md\n",
          "改过 0 份，新增 0 份，没有了 1 份", "zzz/old.md", "没有了", "一样" },
    };
    struct error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct arena *memory = arena_new();
        const struct listing *listing;
        struct world world;

        world_open(&world,
                   lines_now(memory, tries[i].name, tries[i].leave, tries[i].more),
                   false);
        assert_int_equal(changes_add(&world.session, &world.revisions, world.view,
                                     &err),
                         HY_OK);
        assert_non_null(strstr(said(&world, 0), tries[i].wanted));
        assert_non_null(strstr(said(&world, 0), "2026 年 9 月"));
        listing = results_listing(world.view, "templates");
        assert_int_equal(listing->rows, tries[i].file != NULL);
        if (tries[i].file != NULL) {
            assert_string_equal(listing->cells[0].text, tries[i].file);
            assert_string_equal(listing->cells[1].text, tries[i].since);
            assert_string_equal(listing->cells[2].text, tries[i].own);
        }
        world_close(&world);
        arena_free(memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_altered_new_or_gone),
        cmocka_unit_test(the_files_are_those_a_report_is_made_of),
        cmocka_unit_test(what_cannot_be_told_is_not_guessed),
        cmocka_unit_test(what_changed_is_named_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
