/* file_test.c - nothing half-written is ever left, and causes are named. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* the house has its own */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"

static int make(void **state)
{
    char name[] = "/tmp/huiyin-file-XXXXXX";

    *state = mkdtemp(name) != NULL ? strdup(name) : NULL;
    return *state != NULL ? 0 : -1;
}

static int unmake(void **state)
{
    char command[256];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    free(*state);
    return system(command); /* test only */
}

static void written_whole_with_its_mode(void **state)
{
    struct arena *memory = arena_new();
    const char *path = arena_printf(memory, "%s/a.txt", (char *)*state);
    const unsigned char *bytes;
    const char *const *names;
    struct error err;
    struct stat about;
    size_t length, count;

    assert_int_equal(file_write(path, 0600, "hello", 5, &err), HY_OK);
    assert_int_equal(file_write(path, 0644, "again!", 6, &err), HY_OK);
    assert_int_equal(file_read(path, 100, memory, &bytes, &length, &err), HY_OK);
    assert_int_equal(length, 6);
    assert_memory_equal(bytes, "again!", 7);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0644);
    assert_int_equal(file_list(*state, memory, &names, &count, &err), HY_OK);
    assert_int_equal(count, 1);
    arena_free(memory);
}

static void a_failed_write_leaves_the_old_file(void **state)
{
    struct arena *memory = arena_new();
    const char *path = arena_printf(memory, "%s/b.txt", (char *)*state);
    const unsigned char *bytes;
    struct error err;
    size_t length;

    assert_int_equal(file_write(path, 0644, "old", 3, &err), HY_OK);
    assert_int_equal(file_settle(file_scratch(path, memory), path, 0644,
                                 fail(&err, HY_IO, "disk"), &err),
                     HY_IO);
    assert_int_equal(file_read(path, 100, memory, &bytes, &length, &err), HY_OK);
    assert_memory_equal(bytes, "old", 3);
    arena_free(memory);
}

static void a_link_is_replaced_never_followed(void **state)
{
    struct arena *memory = arena_new();
    const char *target = arena_printf(memory, "%s/target", (char *)*state);
    const char *link_path = arena_printf(memory, "%s/link", (char *)*state);
    const unsigned char *bytes;
    struct error err;
    size_t length;

    assert_int_equal(file_write(target, 0644, "kept", 4, &err), HY_OK);
    assert_int_equal(symlink(target, link_path), 0);
    assert_int_equal(symlink(target, file_scratch(link_path, memory)), 0);
    assert_int_equal(file_write(link_path, 0644, "new", 3, &err), HY_OK);
    assert_int_equal(file_read(target, 100, memory, &bytes, &length, &err), HY_OK);
    assert_memory_equal(bytes, "kept", 4);
    arena_free(memory);
}

static void causes_have_their_status(void **state)
{
    struct arena *memory = arena_new();
    const unsigned char *bytes;
    struct error err;
    size_t length;

    assert_int_equal(file_read("/nonexistent", 10, memory, &bytes, &length, &err),
                     HY_NOINPUT);
    assert_int_equal(file_read(*state, 10, memory, &bytes, &length, &err), HY_NOINPUT);
    assert_int_equal(file_write("/nonexistent/x", 0644, "a", 1, &err), HY_CREATE);
    assert_int_equal(file_make_directory("/proc/huiyin/x", &err), HY_CREATE);
    assert_int_equal(file_read("/proc/self/status", 0, memory, &bytes, &length, &err),
                     HY_OK);
    assert_int_equal(file_write("/dev/full/x", 0644, "a", 1, &err), HY_CREATE);
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_whole_with_its_mode),
        cmocka_unit_test(a_failed_write_leaves_the_old_file),
        cmocka_unit_test(a_link_is_replaced_never_followed),
        cmocka_unit_test(causes_have_their_status),
    };

    return cmocka_run_group_tests(tests, make, unmake);
}
