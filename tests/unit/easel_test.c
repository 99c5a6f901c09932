/* easel_test.c - one gnuplot: it draws what its script says, starts nothing, and
 * nothing of it is left behind. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours, of core/status.h */

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "render/easel.h"

static struct easel *put_up(struct arena *memory)
{
    struct easel *easel;
    struct error err;

    assert_int_equal(easel_open(memory, &easel, &err), HY_OK);
    assert_true(file_is_directory(easel_place(easel)));
    return easel;
}

static void script(struct easel *easel, const char *text)
{
    struct error err;

    assert_int_equal(easel_put(easel, "script.gp", text, strlen(text), &err), HY_OK);
    assert_int_equal(easel_draw(easel, &err), HY_OK);
}

static const char *bytes_of(const struct easel *easel, const char *name,
                            struct arena *memory)
{
    const char *path = arena_printf(memory, "%s/%s", easel_place(easel), name);
    const unsigned char *bytes;
    struct error err;
    size_t length;

    if (file_read(path, 1 << 20, memory, &bytes, &length, &err) != HY_OK)
        return NULL;
    return (const char *)bytes;
}

static void draws_what_it_is_told(void **state)
{
    struct arena *memory = arena_new();
    struct easel *easel = put_up(memory);
    const char *place = arena_printf(memory, "%s", easel_place(easel));
    struct error err;

    (void)state;
    assert_int_equal(easel_put(easel, "d.tsv", "1\t2\n3\t5\n", 8, &err), HY_OK);
    script(easel, "set terminal svg\nset output 'a.svg'\nplot 'd.tsv' with lines\n"
                  "set output\n");
    assert_int_equal(easel_wait(easel, &err), HY_OK);
    assert_non_null(strstr(bytes_of(easel, "a.svg", memory), "</svg>"));
    easel_close(easel);
    assert_false(file_exists(place));
    arena_free(memory);
}

/* The second of two is up while the first still draws; their folders are their own. */
static void two_at_once(void **state)
{
    struct arena *memory = arena_new();
    struct easel *one = put_up(memory), *two = put_up(memory);
    struct error err;

    (void)state;
    assert_string_not_equal(easel_place(one), easel_place(two));
    script(two, "set print 'b.txt'\nprint 'two'\nset print\n");
    script(one, "set print 'b.txt'\nprint 'one'\nset print\n");
    assert_int_equal(easel_wait(one, &err), HY_OK);
    assert_int_equal(easel_wait(two, &err), HY_OK);
    assert_string_equal(bytes_of(one, "b.txt", memory), "one\n");
    assert_string_equal(bytes_of(two, "b.txt", memory), "two\n");
    easel_close(one);
    easel_close(two);
    arena_free(memory);
}

static void given_up_before_it_draws(void **state)
{
    struct arena *memory = arena_new();
    struct easel *easel = put_up(memory);
    const char *place = arena_printf(memory, "%s", easel_place(easel));

    (void)state;
    easel_close(easel);
    easel_close(NULL);
    assert_false(file_exists(place));
    arena_free(memory);
}

static void starts_no_other_process(void **state)
{
    struct arena *memory = arena_new();
    struct easel *easel = put_up(memory);
    struct error err;

    (void)state;
    script(easel, "system('touch out.txt')\nx = system('touch out.txt')\n"
                  "set print '|touch out.txt'\nprint 1\nset print\n");
    assert_int_equal(easel_wait(easel, &err), HY_OK);
    assert_null(bytes_of(easel, "out.txt", memory));
    easel_close(easel);
    arena_free(memory);
}

static void complaints_are_kept(void **state)
{
    struct arena *memory = arena_new();
    struct easel *easel = put_up(memory);
    struct error err;

    (void)state;
    script(easel, "set terminal svg\nplot 'not there.tsv'\n");
    assert_int_equal(easel_wait(easel, &err), HY_OK);
    assert_non_null(strstr(bytes_of(easel, "errors.txt", memory), "line 2"));
    easel_close(easel);
    arena_free(memory);
}

static void never_writes_over_a_file(void **state)
{
    struct arena *memory = arena_new();
    struct easel *easel = put_up(memory);
    struct error err;

    (void)state;
    assert_int_equal(easel_put(easel, "x", "one", 3, &err), HY_OK);
    assert_int_equal(easel_put(easel, "x", "two", 3, &err), HY_CREATE);
    assert_string_equal(bytes_of(easel, "x", memory), "one");
    easel_close(easel);
    arena_free(memory);
}

static void no_room_for_the_folder(void **state)
{
    const char *before = getenv("TMPDIR");
    struct arena *memory = arena_new();
    struct easel *easel;
    struct error err;

    (void)state;
    assert_int_equal(setenv("TMPDIR", "/nonexistent/room", 1), 0);
    assert_int_equal(easel_open(memory, &easel, &err), HY_CREATE);
    assert_null(easel);
    assert_non_null(strstr(err.text, "/nonexistent/room"));
    (void)(before != NULL ? setenv("TMPDIR", before, 1) : unsetenv("TMPDIR"));
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_what_it_is_told),
        cmocka_unit_test(two_at_once),
        cmocka_unit_test(given_up_before_it_draws),
        cmocka_unit_test(starts_no_other_process),
        cmocka_unit_test(complaints_are_kept),
        cmocka_unit_test(never_writes_over_a_file),
        cmocka_unit_test(no_room_for_the_folder),
    };

    return cmocka_run_group_tests_name("easel", tests, NULL, NULL);
}
