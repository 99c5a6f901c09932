/*
 * run.c - a document to a finished file: in a child process, with limits, checked,
 * then renamed.  A crash in a library costs one output and nothing else.
 */
#include "render/renderer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"

enum {
    SECONDS_MOST = 60,       /* a report takes one or two */
    MEMORY_MEGABYTES = 2048, /* far above any report; below what harms a desk PC */
    FILE_MEGABYTES = 512
};

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 }; /* its shadow needs terabytes of addresses */
#else
enum { SANITIZED = 0 };
#endif

static void limit(int what, rlim_t most)
{
    struct rlimit now;

    if (getrlimit(what, &now) != 0)
        return;
    if (now.rlim_max != RLIM_INFINITY && most > now.rlim_max)
        most = now.rlim_max;
    now.rlim_cur = most;
    (void)setrlimit(what, &now);
}

static void limits_set(void)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, SECONDS_MOST);
    limit(RLIMIT_FSIZE, (rlim_t)FILE_MEGABYTES << 20);
    if (!SANITIZED)
        limit(RLIMIT_AS, (rlim_t)MEMORY_MEGABYTES << 20);
}

/* libxlsxwriter writes to stderr by itself: only our own words reach the user. */
static void be_quiet(void)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (nowhere >= 0 && !SANITIZED)
        (void)dup2(nowhere, STDERR_FILENO);
}

static enum status written_check(const char *path, struct error *err)
{
    struct stat about;

    if (stat(path, &about) != 0 || about.st_size == 0)
        return fail(err, HY_IO, "写出来是空的，磁盘可能满了 (empty output)");
    return HY_OK;
}

static void child(const struct doc *doc, const struct renderer *renderer,
                  const char *scratch, int answer)
{
    struct error err = { HY_OK, "" };
    enum status status;
    ssize_t ignored;

    (void)signal(SIGXFSZ, SIG_IGN); /* a write that fails, not a signal */
    (void)signal(SIGPIPE, SIG_IGN);
    limits_set();
    be_quiet();
    status = renderer->write(doc, scratch, &err);
    if (status == HY_OK)
        status = written_check(scratch, &err);
    if (status == HY_OK && renderer->verify != NULL)
        status = renderer->verify(doc, scratch, &err);
    err.status = status;
    ignored = write(answer, &err, sizeof err);
    (void)ignored;
    _exit(0);
}

static int64_t now_milliseconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads the child's answer; false when it ended or ran too long without one. */
static bool answer_read(int from, struct error *answer, bool *late)
{
    int64_t until = now_milliseconds() + SECONDS_MOST * 1000;
    char *bytes = (char *)answer;
    size_t got = 0;

    *late = false;
    while (got < sizeof *answer) {
        int64_t left = until - now_milliseconds();
        struct pollfd wait = { from, POLLIN, 0 };
        ssize_t part;
        int ready;

        if (left <= 0) {
            *late = true;
            return false;
        }
        ready = poll(&wait, 1, (int)left);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) {
            *late = ready == 0;
            return false;
        }
        part = read(from, bytes + got, sizeof *answer - got);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            return false;
        got += (size_t)part;
    }
    answer->text[sizeof answer->text - 1] = '\0';
    return true;
}

static enum status ended_badly(const char *path, bool late, int how, struct error *err)
{
    if (late)
        return fail(err, HY_INTERNAL,
                    "%s 没有写成：超过 %d 秒还没写完；原来的文件没有动 (too slow)",
                    path, SECONDS_MOST);
    if (WIFSIGNALED(how))
        return fail(err, HY_INTERNAL,
                    "%s 没有写成：写文件的程序出了错（信号 %d）；原来的文件没有动 "
                    "(renderer crashed)",
                    path, WTERMSIG(how));
    if (WIFEXITED(how) && WEXITSTATUS(how) == HY_MEMORY)
        return fail(err, HY_MEMORY, "%s 没有写成：内存不足；原来的文件没有动 (memory)",
                    path);
    return fail(err, HY_INTERNAL,
                "%s 没有写成：写文件的程序没有答复；原来的文件没有动 (no answer)",
                path);
}

static enum status write_in_child(const struct doc *doc,
                                  const struct renderer *renderer, const char *scratch,
                                  const char *path, struct error *err)
{
    struct error answer = { HY_INTERNAL, "" };
    int ends[2], how = 0;
    bool late, answered;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(err, HY_INTERNAL, "%s: 打不开管道 (pipe)", path);
    pid = fork();
    if (pid == 0) {
        (void)close(ends[0]);
        child(doc, renderer, scratch, ends[1]);
    }
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return fail(err, HY_INTERNAL, "%s: 不能另开进程 (fork)", path);
    }
    answered = answer_read(ends[0], &answer, &late);
    (void)close(ends[0]);
    if (late)
        (void)kill(pid, SIGKILL);
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        ;
    if (!answered || !WIFEXITED(how) || WEXITSTATUS(how) != 0)
        return ended_badly(path, late, how, err);
    if (answer.status != HY_OK) {
        *err = answer;
        return fail_in(err, answer.status, path);
    }
    return HY_OK;
}

/* Creating the scratch here tells a read-only place or a full disk by its errno,
 * and gives the file its mode before any library writes to it. */
static enum status scratch_create(const char *scratch, struct error *err)
{
    int file;

    (void)unlink(scratch);
    file = open(scratch, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return fail(err,
                    errno == ENOSPC || errno == EIO || errno == EDQUOT ? HY_IO
                                                                       : HY_CREATE,
                    "%s: 不能写：%s (cannot create)", scratch,
                    errno == EROFS || errno == EACCES ? "这个位置没有写的权限"
                                                      : strerror(errno));
    (void)close(file);
    return HY_OK;
}

enum status render_file(const struct doc *doc, const struct renderer *renderer,
                        const char *directory, struct arena *memory, const char **path,
                        struct error *err)
{
    unsigned mode = doc->audience == AUDIENCE_PUBLIC ? 0644 : 0600;
    const char *scratch;
    enum status status;

    *path = arena_printf(memory, "%s/%s.%s", directory, doc->name, renderer->name);
    scratch = file_scratch(*path, memory);
    TRY(file_make_directory(directory, err));
    TRY(scratch_create(scratch, err));
    status = write_in_child(doc, renderer, scratch, *path, err);
    return file_settle(scratch, *path, mode, status, err);
}

/* --- said before any work -------------------------------------------------- */

static bool on_path(const char *program)
{
    const char *path = getenv("PATH");
    char place[4096];

    if (path == NULL || *path == '\0')
        path = "/usr/local/bin:/usr/bin:/bin";
    while (*path != '\0') {
        size_t length = strcspn(path, ":");

        if (length > 0 && length + strlen(program) + 2 < sizeof place) {
            (void)snprintf(place, sizeof place, "%.*s/%s", (int)length, path, program);
            if (access(place, X_OK) == 0)
                return true;
        }
        path += length + (path[length] == ':');
    }
    return false;
}

enum status render_ready(struct error *err)
{
    static const char *const fonts[] = {
        "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    };
    size_t i;

    if (!on_path("gnuplot"))
        return fail(err, HY_INTERNAL,
                    "缺少画图程序 gnuplot，请先安装：apt-get install gnuplot-nox "
                    "(gnuplot not found)");
    for (i = 0; i < sizeof fonts / sizeof fonts[0]; i++)
        if (access(fonts[i], R_OK) == 0)
            return HY_OK;
    return fail(err, HY_INTERNAL,
                "缺少中文字体，请先安装：apt-get install fonts-wqy-microhei "
                "fonts-wqy-zenhei (Chinese font not found)");
}
