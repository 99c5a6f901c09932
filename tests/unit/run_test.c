/* run_test.c - a renderer that crashes, hangs or fails costs one output only. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "render/renderer.h"

#define OUT "/tmp/huiyin_run_test"

static enum status put(const char *path, const char *text, struct error *err)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL)
        return fail(err, HY_CREATE, "cannot open");
    (void)fputs(text, file);
    return fclose(file) == 0 ? HY_OK : fail(err, HY_IO, "cannot close");
}

static enum status write_good(const struct doc *doc, const char *path,
                              struct error *err)
{
    (void)doc;
    return put(path, "good", err);
}

static enum status write_crash(const struct doc *doc, const char *path,
                               struct error *err)
{
    (void)doc;
    (void)put(path, "half", err);
    (void)signal(SIGABRT, SIG_DFL);
    abort();
}

static enum status write_refused(const struct doc *doc, const char *path,
                                 struct error *err)
{
    (void)doc;
    (void)put(path, "half", err);
    return fail(err, HY_IO, "磁盘满了");
}

static enum status write_empty(const struct doc *doc, const char *path,
                               struct error *err)
{
    (void)doc;
    return put(path, "", err);
}

static enum status write_quits(const struct doc *doc, const char *path,
                               struct error *err)
{
    (void)doc;
    (void)path;
    (void)err;
    _exit(3);
}

static enum status verify_never(const struct doc *doc, const char *path,
                                struct error *err)
{
    (void)doc;
    (void)path;
    return fail(err, HY_INTERNAL, "读回来不对");
}

static const struct doc doc = { .name = "公示-A4", .audience = AUDIENCE_PUBLIC };

static enum status run(enum status (*write)(const struct doc *, const char *,
                                            struct error *),
                       bool verified, const struct doc *page, struct error *err)
{
    struct renderer renderer = { "out", "", write, verified ? NULL : verify_never };
    struct arena *memory = arena_new();
    const char *path;
    enum status status = render_file(page, &renderer, OUT, memory, &path, err);

    arena_free(memory);
    return status;
}

static void content_is(const char *text)
{
    struct arena *memory = arena_new();
    const unsigned char *bytes;
    struct error err;
    size_t length;

    assert_int_equal(file_read(OUT "/公示-A4.out", 100, memory, &bytes, &length, &err),
                     HY_OK);
    assert_string_equal((const char *)bytes, text);
    assert_false(file_exists(OUT "/.公示-A4.out.tmp"));
    arena_free(memory);
}

static int tidy(void **state)
{
    (void)state;
    (void)unlink(OUT "/公示-A4.out");
    (void)rmdir(OUT);
    return 0;
}

static void failures_leave_the_earlier_file(void **state)
{
    struct error err = { HY_OK, "" };

    (void)state;
    assert_int_equal(run(write_good, true, &doc, &err), HY_OK);
    content_is("good");
    assert_int_equal(run(write_crash, true, &doc, &err), HY_INTERNAL);
    assert_non_null(strstr(err.text, "原来的文件没有动"));
    content_is("good");
    assert_int_equal(run(write_quits, true, &doc, &err), HY_INTERNAL);
    content_is("good");
    assert_int_equal(run(write_refused, true, &doc, &err), HY_IO);
    assert_non_null(strstr(err.text, "公示-A4.out: 磁盘满了"));
    content_is("good");
    assert_int_equal(run(write_empty, true, &doc, &err), HY_IO);
    content_is("good");
    assert_int_equal(run(write_good, false, &doc, &err), HY_INTERNAL);
    assert_non_null(strstr(err.text, "读回来不对"));
    content_is("good");
}

static void only_public_files_are_for_all(void **state)
{
    struct doc inner = doc;
    struct error err = { HY_OK, "" };
    struct stat about;

    (void)state;
    assert_int_equal(run(write_good, true, &doc, &err), HY_OK);
    assert_int_equal(stat(OUT "/公示-A4.out", &about), 0);
    assert_int_equal(about.st_mode & 0777, 0644);
    inner.audience = AUDIENCE_MANAGEMENT;
    assert_int_equal(run(write_good, true, &inner, &err), HY_OK);
    assert_int_equal(stat(OUT "/公示-A4.out", &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

static void missing_tools_are_said_first(void **state)
{
    char *path = strdup(getenv("PATH"));
    struct error err = { HY_OK, "" };

    (void)state;
    assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
    assert_int_equal(render_ready(&err), HY_INTERNAL);
    assert_non_null(strstr(err.text, "apt-get install gnuplot-nox"));
    assert_int_equal(setenv("PATH", path, 1), 0);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(failures_leave_the_earlier_file, tidy),
        cmocka_unit_test_teardown(only_public_files_are_for_all, tidy),
        cmocka_unit_test(missing_tools_are_said_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
