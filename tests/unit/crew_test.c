/* crew_test.c - children at once, answers by number, limits kept. */
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
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/crew.h"

static double seconds_now(void)
{
    struct timespec now;

    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void nap(int milliseconds)
{
    struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000L };

    (void)nanosleep(&time, NULL);
}

/* Says its number; the earlier ones take longer. */
static void slow_first(void *given, struct error *answer)
{
    int number = *(int *)given;

    nap(120 - 20 * number);
    fail(answer, HY_DATA, "number %d", number);
}

static void answers_come_by_number(void **state)
{
    struct arena *memory = arena_new();
    struct crew *crew = crew_open(6, memory);
    int numbers[6];
    struct error err;
    size_t which;

    (void)state;
    for (int i = 0; i < 6; i++) {
        numbers[i] = i;
        assert_int_equal(crew_start(crew, slow_first, &numbers[i], 10, &which, &err),
                         HY_OK);
        assert_int_equal(which, i);
    }
    for (size_t i = 6; i-- > 0;) {
        const struct crew_answer *answer = crew_wait(crew, i);
        char wanted[32];

        (void)snprintf(wanted, sizeof wanted, "number %zu", i);
        assert_true(answer->answered);
        assert_int_equal(answer->error.status, HY_DATA);
        assert_string_equal(answer->error.text, wanted);
    }
    crew_close(crew);
    arena_free(memory);
}

struct board { /* shared by all of them */
    int now, most;
};

static void counted(void *given, struct error *answer)
{
    struct board *board = given;
    int now = __atomic_add_fetch(&board->now, 1, __ATOMIC_SEQ_CST), most;

    (void)answer;
    most = __atomic_load_n(&board->most, __ATOMIC_SEQ_CST);
    while (now > most
           && !__atomic_compare_exchange_n(&board->most, &most, now, false,
                                           __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        ;
    nap(40);
    (void)__atomic_sub_fetch(&board->now, 1, __ATOMIC_SEQ_CST);
}

static int most_at_once(size_t allowed, int count)
{
    struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct arena *memory = arena_new();
    struct crew *crew = crew_open(allowed, memory);
    struct error err;
    size_t which;
    int most;

    assert_ptr_not_equal(board, MAP_FAILED);
    for (int i = 0; i < count; i++)
        assert_int_equal(crew_start(crew, counted, board, 10, &which, &err), HY_OK);
    for (int i = 0; i < count; i++)
        assert_true(crew_wait(crew, (size_t)i)->answered);
    most = board->most;
    crew_close(crew);
    arena_free(memory);
    (void)munmap(board, sizeof *board);
    return most;
}

static void never_more_than_allowed(void **state)
{
    (void)state;
    assert_int_equal(most_at_once(1, 4), 1);
    assert_int_equal(most_at_once(3, 9), 3);
}

static void hangs(void *given, struct error *answer)
{
    (void)given;
    (void)answer;
    nap(60000);
}

static void crashes(void *given, struct error *answer)
{
    (void)given;
    (void)answer;
    (void)signal(SIGABRT, SIG_DFL);
    abort();
}

static void leaves(void *given, struct error *answer)
{
    (void)given;
    (void)answer;
    _exit(0); /* without a word */
}

static void answers_well(void *given, struct error *answer)
{
    (void)given;
    (void)answer;
}

static void bad_ends_are_told_apart(void **state)
{
    struct arena *memory = arena_new();
    struct crew *crew = crew_open(4, memory);
    double begun = seconds_now();
    const struct crew_answer *answer;
    struct error err;
    size_t which;

    (void)state;
    assert_int_equal(crew_start(crew, hangs, NULL, 1, &which, &err), HY_OK);
    assert_int_equal(crew_start(crew, crashes, NULL, 20, &which, &err), HY_OK);
    assert_int_equal(crew_start(crew, leaves, NULL, 20, &which, &err), HY_OK);
    assert_int_equal(crew_start(crew, answers_well, NULL, 20, &which, &err), HY_OK);
    answer = crew_wait(crew, 3);
    assert_true(answer->answered && answer->error.status == HY_OK);
    answer = crew_wait(crew, 0);
    assert_true(!answer->answered && answer->late);
    assert_true(seconds_now() - begun < 20);
    answer = crew_wait(crew, 1);
    assert_true(!answer->answered && !answer->late && WIFSIGNALED(answer->how));
    answer = crew_wait(crew, 2);
    assert_true(!answer->answered && !answer->late && WIFEXITED(answer->how));
    crew_close(crew);
    arena_free(memory);
}

static void closing_stops_what_runs(void **state)
{
    struct arena *memory = arena_new();
    struct crew *crew = crew_open(2, memory);
    double begun = seconds_now();
    struct error err;
    size_t which;

    (void)state;
    assert_int_equal(crew_start(crew, hangs, NULL, 0, &which, &err), HY_OK);
    crew_close(crew);
    assert_true(seconds_now() - begun < 20);
    assert_true(waitpid(-1, NULL, WNOHANG) < 0); /* nobody is left */
    arena_free(memory);
}

static void fewer_may_be_wished(void **state)
{
    size_t all;

    (void)state;
    assert_int_equal(unsetenv("HUIYIN_JOBS"), 0);
    all = crew_cores();
    assert_true(all >= 1);
    assert_int_equal(setenv("HUIYIN_JOBS", "1", 1), 0);
    assert_int_equal(crew_cores(), 1);
    assert_int_equal(setenv("HUIYIN_JOBS", "100000", 1), 0);
    assert_int_equal(crew_cores(), all); /* never more than there are */
    assert_int_equal(setenv("HUIYIN_JOBS", "-3x", 1), 0);
    assert_int_equal(crew_cores(), all);
    assert_int_equal(unsetenv("HUIYIN_JOBS"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_by_number),
        cmocka_unit_test(never_more_than_allowed),
        cmocka_unit_test(bad_ends_are_told_apart),
        cmocka_unit_test(closing_stops_what_runs),
        cmocka_unit_test(fewer_may_be_wished),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
