/* crew.c - forks, pipes and deadlines of the children (crew.h). */
#include "core/crew.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CORES_MOST = 256 };

struct member {
    pid_t child; /* 0 = has ended */
    int from;
    int64_t until; /* milliseconds, 0 = no limit */
    struct crew_answer answer;
};

struct crew {
    struct arena *memory;
    struct member **members;
    size_t most, count, room, running;
};

size_t crew_cores(void)
{
    const char *wish = getenv("HUIYIN_JOBS");
    long cores = sysconf(_SC_NPROCESSORS_ONLN), asked;
    cpu_set_t ours;

    if (sched_getaffinity(0, sizeof ours, &ours) == 0)
        cores = CPU_COUNT(&ours); /* what taskset or a container leaves us */
    asked = wish != NULL ? strtol(wish, NULL, 10) : 0;
    if (asked > 0 && asked < cores)
        cores = asked;
    return cores < 1 ? 1 : cores > CORES_MOST ? CORES_MOST : (size_t)cores;
}

struct crew *crew_open(size_t most, struct arena *memory)
{
    struct crew *crew = arena_alloc(memory, sizeof *crew);

    crew->memory = memory;
    crew->most = most < 1 ? 1 : most > CORES_MOST ? CORES_MOST : most;
    return crew;
}

static int64_t now_milliseconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- one of them ends -------------------------------------------------------- */

static void member_end(struct crew *crew, struct member *member, bool late)
{
    member->answer.late = late;
    if (late)
        (void)kill(member->child, SIGKILL);
    while (waitpid(member->child, &member->answer.how, 0) < 0 && errno == EINTR)
        ;
    if (!WIFEXITED(member->answer.how) || WEXITSTATUS(member->answer.how) != 0)
        member->answer.answered = false;
    (void)close(member->from);
    member->child = 0;
    crew->running--;
}

/* The answer is shorter than PIPE_BUF: it comes whole, or the pipe's end does. */
static void member_hear(struct crew *crew, struct member *member)
{
    struct error *error = &member->answer.error;
    ssize_t got = read(member->from, error, sizeof *error);

    if (got < 0 && errno == EINTR)
        return;
    member->answer.answered = got == (ssize_t)sizeof *error;
    error->text[sizeof error->text - 1] = '\0';
    member_end(crew, member, false);
}

/* Waits until at least one of those running says something or is too late. */
static void crew_listen(struct crew *crew)
{
    struct pollfd wait[CORES_MOST];
    struct member *who[CORES_MOST];
    int64_t now = now_milliseconds(), soonest = -1;
    size_t i, count = 0;

    for (i = 0; i < crew->count && count < crew->most; i++) {
        struct member *member = crew->members[i];

        if (member->child == 0)
            continue;
        if (member->until > 0) {
            int64_t left = member->until > now ? member->until - now : 0;

            soonest = soonest < 0 || left < soonest ? left : soonest;
        }
        wait[count] = (struct pollfd){ .fd = member->from, .events = POLLIN };
        who[count++] = member;
    }
    if (poll(wait, count, (int)soonest) < 0)
        return; /* a signal: asked again */
    now = now_milliseconds();
    for (i = 0; i < count; i++) {
        if (wait[i].revents != 0)
            member_hear(crew, who[i]);
        else if (who[i]->until > 0 && now >= who[i]->until)
            member_end(crew, who[i], true);
    }
}

/* --- one of them begins ------------------------------------------------------ */

static void child(void (*work)(void *, struct error *), void *given, pid_t parent,
                  int answer)
{
    struct error error = { HY_OK, "" };
    ssize_t wrote;

    (void)signal(SIGPIPE, SIG_IGN);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(HY_INTERNAL);
    work(given, &error);
    wrote = write(answer, &error, sizeof error);
    _exit(wrote == (ssize_t)sizeof error ? 0 : HY_INTERNAL);
}

static struct member *member_new(struct crew *crew)
{
    if (crew->count == crew->room) {
        size_t room = crew->room * 2 + 16;

        crew->members =
            arena_grow(crew->memory, crew->members, crew->count * sizeof *crew->members,
                       room * sizeof *crew->members);
        crew->room = room;
    }
    return crew->members[crew->count++] =
               arena_alloc(crew->memory, sizeof *crew->members[0]);
}

enum status crew_start(struct crew *crew,
                       void (*work)(void *given, struct error *answer), void *given,
                       int seconds, size_t *number, struct error *err)
{
    pid_t pid, parent = getpid();
    struct member *member;
    int ends[2];

    while (crew->running >= crew->most)
        crew_listen(crew);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(err, HY_INTERNAL, "打不开管道 (pipe)");
    pid = fork();
    if (pid == 0)
        child(work, given, parent, ends[1]);
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return fail(err, HY_INTERNAL, "不能另开进程 (fork)");
    }
    *number = crew->count;
    member = member_new(crew);
    member->child = pid;
    member->from = ends[0];
    member->until = seconds > 0 ? now_milliseconds() + seconds * 1000LL : 0;
    crew->running++;
    return HY_OK;
}

const struct crew_answer *crew_wait(struct crew *crew, size_t number)
{
    while (crew->members[number]->child != 0)
        crew_listen(crew);
    return &crew->members[number]->answer;
}

bool crew_ended(const struct crew *crew, size_t number)
{
    return crew->members[number]->child == 0;
}

void crew_close(struct crew *crew)
{
    size_t i;

    for (i = 0; crew != NULL && i < crew->count; i++)
        if (crew->members[i]->child != 0)
            member_end(crew, crew->members[i], true);
}
