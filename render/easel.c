/* easel.c - the process that draws, and its cage (easel.h). */
#include "render/easel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"

enum { SECONDS_MOST = 30, FILE_BYTES_MOST = 64 << 20 };

/* All it is ever told: what labels say is in no script, and what is to be drawn is in a
 * file, so that writing to it never has to wait. */
static const char orders[] = "load 'script.gp'\nexit\n";

struct easel {
    char *place; /* private directory, gone afterwards */
    struct arena *memory;
    pid_t child; /* 0 = has ended */
    int line;    /* to its standard input; hangs up when it ends.  -1 = none */
};

/* No other process, no network: what a label or a number could ever smuggle in
 * has nothing to start. */
static scmp_filter_ctx make_cage(void)
{
    scmp_filter_ctx cage = seccomp_init(SCMP_ACT_ALLOW);
    const struct scmp_arg_cmp no_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
    uint32_t refuse = SCMP_ACT_ERRNO(EPERM);
    bool whole;

    if (cage == NULL)
        return NULL;
    whole = seccomp_rule_add(cage, refuse, SCMP_SYS(fork), 0) == 0
            && seccomp_rule_add(cage, refuse, SCMP_SYS(vfork), 0) == 0
            && seccomp_rule_add(cage, refuse, SCMP_SYS(socket), 0) == 0
            && seccomp_rule_add(cage, refuse, SCMP_SYS(clone), 1, no_thread) == 0
            && seccomp_rule_add(cage, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
    if (whole)
        return cage;
    seccomp_release(cage);
    return NULL;
}

static void set_limits(void)
{
    struct rlimit time_limit = { SECONDS_MOST, SECONDS_MOST };
    struct rlimit file_limit = { FILE_BYTES_MOST, FILE_BYTES_MOST };

    (void)setrlimit(RLIMIT_CPU, &time_limit);
    (void)setrlimit(RLIMIT_FSIZE, &file_limit);
}

/* In the child; returns only when gnuplot could not be started. */
static void become_gnuplot(const char *place, scmp_filter_ctx cage, int in)
{
    static char program[] = "gnuplot", option[] = "-d", home[] = "HOME=/nonexistent",
                locale[] = "LC_ALL=C.UTF-8";
    char *const arguments[] = { program, option, NULL };
    char *const surroundings[] = { home, locale, NULL };
    int out, errors;

    if (chdir(place) != 0)
        return;
    out = open("/dev/null", O_WRONLY | O_CLOEXEC);
    errors = open("errors.txt", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0 || errors < 0 || dup2(in, STDIN_FILENO) < 0
        || dup2(out, STDOUT_FILENO) < 0 || dup2(errors, STDERR_FILENO) < 0)
        return;
    set_limits();
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || seccomp_load(cage) != 0)
        return;
    (void)execvpe(program, arguments, surroundings);
}

/* A pair of sockets: unlike a pipe it gives no signal when the other end is gone. */
static enum status start(struct easel *easel, scmp_filter_ctx cage, struct error *err)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return fail(err, HY_INTERNAL, "打不开管道 (socketpair)");
    easel->line = ends[0];
    easel->child = fork();
    if (easel->child == 0) {
        become_gnuplot(easel->place, cage, ends[1]);
        _exit(127);
    }
    (void)close(ends[1]);
    if (easel->child > 0)
        return HY_OK;
    easel->child = 0;
    return fail(err, HY_INTERNAL, "起不了新进程");
}

enum status easel_open(struct arena *memory, struct easel **out, struct error *err)
{
    const char *parent = getenv("TMPDIR");
    char *pattern = arena_printf(memory, "%s/huiyin-XXXXXX",
                                 parent != NULL && *parent != '\0' ? parent : "/tmp");
    struct easel *easel = arena_alloc(memory, sizeof *easel);
    scmp_filter_ctx cage = make_cage();
    enum status status;

    *out = NULL;
    if (cage == NULL)
        return fail(err, HY_INTERNAL, "画图用的隔离（seccomp）建不起来");
    *easel = (struct easel){ .place = mkdtemp(pattern), .memory = memory, .line = -1 };
    status = easel->place == NULL
                 ? fail(err, HY_CREATE, "临时文件夹建不了：%s", pattern)
                 : start(easel, cage, err);
    seccomp_release(cage);
    if (status == HY_OK)
        *out = easel;
    else
        easel_close(easel);
    return status;
}

const char *easel_place(const struct easel *easel)
{
    return easel->place;
}

/* Nobody but this run and gnuplot ever reads it: it need not outlast a power cut. */
enum status easel_put(const struct easel *easel, const char *name, const char *bytes,
                      size_t length, struct error *err)
{
    const char *path = arena_printf(easel->memory, "%s/%s", easel->place, name);
    FILE *file = fopen(path, "wxe");
    bool whole;

    if (file == NULL)
        return fail(err, HY_CREATE, "%s: 不能写 (%s)", path, strerror(errno));
    whole = length == 0 || fwrite(bytes, 1, length, file) == length;
    whole = fclose(file) == 0 && whole;
    return whole ? HY_OK : fail(err, HY_IO, "%s: 写不完 (%s)", path, strerror(errno));
}

/* A gnuplot that has ended already is told of by easel_wait(). */
enum status easel_draw(struct easel *easel, struct error *err)
{
    ssize_t wrote = send(easel->line, orders, sizeof orders - 1, MSG_NOSIGNAL);

    if (wrote < 0 && errno != EPIPE && errno != ECONNRESET)
        return fail(err, HY_INTERNAL, "画图的命令送不出去 (%s)", strerror(errno));
    return HY_OK;
}

static void reap(struct easel *easel, int *state)
{
    while (waitpid(easel->child, state, 0) < 0 && errno == EINTR)
        ;
    easel->child = 0;
}

/* False: not within its seconds. */
static bool has_ended(const struct easel *easel)
{
    struct pollfd wait = { .fd = easel->line, .events = POLLIN };
    struct timespec began, now;
    int64_t left = SECONDS_MOST * 1000;

    (void)clock_gettime(CLOCK_MONOTONIC, &began);
    while (left > 0 && poll(&wait, 1, (int)left) <= 0) { /* or a signal came */
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        left = SECONDS_MOST * 1000 - (now.tv_sec - began.tv_sec) * 1000
               - (now.tv_nsec - began.tv_nsec) / 1000000;
    }
    return left > 0;
}

enum status easel_wait(struct easel *easel, struct error *err)
{
    bool in_time = has_ended(easel);
    int state = 0;

    if (!in_time)
        (void)kill(easel->child, SIGKILL);
    reap(easel, &state);
    if (!in_time)
        return fail(err, HY_INTERNAL, "画图超过 %d 秒没有画完，已停止", SECONDS_MOST);
    if (WIFEXITED(state) && WEXITSTATUS(state) == 127)
        return fail(err, HY_INTERNAL, "gnuplot 起不来：请安装 apt install gnuplot-nox");
    if (WIFSIGNALED(state))
        return fail(err, HY_INTERNAL, "gnuplot 中途出错（信号 %d）", WTERMSIG(state));
    return HY_OK; /* its exit code says little: each picture is looked at */
}

static void clear_away(const char *place, struct arena *memory)
{
    const char *const *names;
    struct error ignored;
    size_t count = 0, i;

    if (file_list(place, memory, &names, &count, &ignored) != HY_OK)
        count = 0;
    for (i = 0; i < count; i++)
        (void)unlink(arena_printf(memory, "%s/%s", place, names[i]));
    (void)rmdir(place);
}

void easel_close(struct easel *easel)
{
    int state;

    if (easel == NULL)
        return;
    if (easel->child > 0) {
        (void)kill(easel->child, SIGKILL);
        reap(easel, &state);
    }
    if (easel->line >= 0)
        (void)close(easel->line);
    if (easel->place != NULL)
        clear_away(easel->place, easel->memory);
}
