/*
 * run.c - a document to a finished file: in a child process, with limits, checked,
 * then renamed.  A crash in a library costs one output and nothing else.
 */
#include "render/renderer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "render/doc_parts.h"

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

struct render_job {
    const struct doc *doc;
    const struct renderer *renderer;
    struct crew *crew;
    const char *scratch, *path;
    size_t number; /* of the child */
};

/* In the child. */
static void render(void *given, struct error *answer)
{
    const struct render_job *job = given;
    enum status status;

    (void)signal(SIGXFSZ, SIG_IGN); /* a write that fails, not a signal */
    limits_set();
    be_quiet();
    status = doc_numbers(job->doc, answer);
    if (status == HY_OK)
        status = job->renderer->write(job->doc, job->scratch, answer);
    if (status == HY_OK)
        status = written_check(job->scratch, answer);
    if (status == HY_OK && job->renderer->verify != NULL)
        status = job->renderer->verify(job->doc, job->scratch, answer);
    answer->status = status;
}

static enum status ended_badly(const char *path, const struct crew_answer *answer,
                               struct error *err)
{
    int how = answer->how;

    if (answer->late)
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

enum status render_start(struct crew *crew, const struct doc *doc,
                         const struct renderer *renderer, const char *directory,
                         struct arena *memory, struct render_job **out,
                         struct error *err)
{
    struct render_job *job = arena_alloc(memory, sizeof *job);
    enum status status;

    *out = NULL;
    *job = (struct render_job){ .doc = doc, .renderer = renderer, .crew = crew };
    job->path = arena_printf(memory, "%s/%s.%s", directory, doc->name, renderer->name);
    job->scratch = file_scratch(job->path, memory);
    TRY(file_make_directory(directory, err));
    TRY(scratch_create(job->scratch, err));
    status = crew_start(crew, render, job, SECONDS_MOST, &job->number, err);
    if (status != HY_OK) {
        (void)unlink(job->scratch);
        return fail_in(err, status, job->path);
    }
    *out = job;
    return HY_OK;
}

enum status render_finish(struct render_job *job, const char **path, struct error *err)
{
    unsigned mode = job->doc->audience == AUDIENCE_PUBLIC ? 0644 : 0600;
    const struct crew_answer *answer = crew_wait(job->crew, job->number);
    enum status status = answer->error.status;

    *path = job->path;
    if (!answer->answered) {
        status = ended_badly(job->path, answer, err);
    } else if (status != HY_OK) {
        *err = answer->error;
        fail_in(err, status, job->path);
    }
    return file_settle(job->scratch, job->path, mode, status, err);
}

enum status render_file(const struct doc *doc, const struct renderer *renderer,
                        const char *directory, struct arena *memory, const char **path,
                        struct error *err)
{
    struct crew *crew = crew_open(1, memory);
    struct render_job *job;

    TRY(render_start(crew, doc, renderer, directory, memory, &job, err));
    return render_finish(job, path, err);
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
