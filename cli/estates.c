/* estates.c - the same verb in the folder of each estate, one process per core. */
#include "cli/estates.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/session.h"
#include "core/crew.h"
#include "core/file.h"

enum { OPEN_MOST = 256 }; /* estates whose words are still kept: two files each */

struct estate {
    const struct verb *verb;
    const struct options *options;
    const char *name, *folder;
    int words, complaints; /* what it says, until its turn has come */
    size_t number;
};

struct round_of {
    struct estate *estates;
    size_t count, told;
    struct crew *crew;
    bool quiet;
    enum status status;
};

static enum status refuse_paths(const struct options *options, struct error *err)
{
    static const char *const names[] = { "db", "settings", "out" };
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (option_text(options, names[i]) != NULL)
            return fail(err, HY_USAGE,
                        "--estates 不能与 --%s 同用：每个小区用自己文件夹里的 "
                        "(not together)",
                        names[i]);
    if (operand_count(options) > 0)
        return fail(err, HY_USAGE,
                    "--estates 后面不写文件：每个小区读自己的收件文件夹 (no files)");
    return HY_OK;
}

static enum status find_estates(struct round_of *round, const struct verb *verb,
                                const struct options *options, struct arena *memory,
                                struct error *err)
{
    const char *parent = option_text(options, "estates");
    const char *const *names;
    size_t count, i;

    TRY(file_list(parent, memory, &names, &count, err));
    round->estates = arena_alloc(memory, (count + 1) * sizeof *round->estates);
    for (i = 0; i < count; i++) {
        const char *folder = arena_printf(memory, "%s/%s", parent, names[i]);

        if (names[i][0] == '.'
            || !file_exists(arena_printf(memory, "%s/huiyin.ini", folder)))
            continue;
        round->estates[round->count++] = (struct estate){
            .verb = verb, .options = options, .name = names[i], .folder = folder
        };
    }
    if (round->count == 0)
        return fail(err, HY_NOINPUT,
                    "%s: 下面没有放着 huiyin.ini 的小区文件夹 (no estate)", parent);
    return HY_OK;
}

/* The templates lie where they lay before the child goes to another folder. */
static enum status fix_templates(struct arena *memory, struct error *err)
{
    const char *found;
    char *whole;
    int set;

    TRY(file_templates(memory, &found, err));
    whole = realpath(found, NULL);
    set = whole != NULL ? setenv("HUIYIN_TEMPLATES", whole, 1) : -1;
    free(whole);
    return set == 0 ? HY_OK : fail(err, HY_CONFIG, "%s: %s", found, strerror(errno));
}

/* In the child. */
static void work(void *given, struct error *answer)
{
    const struct estate *estate = given;
    struct arena *memory = arena_new();
    enum status status;

    if (chdir(estate->folder) != 0 || setenv("HUIYIN_JOBS", "1", 1) != 0
        || dup2(estate->words, STDOUT_FILENO) < 0
        || dup2(estate->complaints, STDERR_FILENO) < 0) {
        answer->status = fail(answer, HY_INTERNAL, "%s", strerror(errno));
        return;
    }
    status = estate->verb->run(estate->options, memory, answer);
    if (status != HY_OK && answer->text[0] != '\0')
        say_error(answer->text);
    if (status == HY_OK && (status = say_finish(answer)) != HY_OK)
        say_error(answer->text);
    (void)fflush(stdout);
    answer->status = status;
}

static void copy_words(int from, FILE *to)
{
    char bytes[8192];
    off_t at = 0;
    ssize_t got;

    while ((got = pread(from, bytes, sizeof bytes, at)) > 0) {
        (void)fwrite(bytes, 1, (size_t)got, to);
        at += got;
    }
    (void)close(from);
}

static bool said_something(const struct estate *estate)
{
    return lseek(estate->words, 0, SEEK_END) > 0
           || lseek(estate->complaints, 0, SEEK_END) > 0;
}

static void tell(struct round_of *round, struct estate *estate)
{
    const struct crew_answer *answer = crew_wait(round->crew, estate->number);

    if (!round->quiet || said_something(estate) || !answer->answered)
        say_always(estate->name);
    copy_words(estate->words, stdout);
    (void)fflush(stdout);
    copy_words(estate->complaints, stderr);
    if (answer->answered) {
        round->status = worse(round->status, answer->error.status);
        return;
    }
    say_error("这个小区的进程意外结束了，其他小区不受影响 (ended unexpectedly)");
    round->status = worse(round->status, HY_INTERNAL);
}

static enum status start(struct round_of *round, struct estate *estate,
                         struct error *err)
{
    estate->words = memfd_create("words", MFD_CLOEXEC);
    estate->complaints = memfd_create("complaints", MFD_CLOEXEC);
    if (estate->words < 0 || estate->complaints < 0)
        return fail(err, HY_INTERNAL, "%s: %s", estate->name, strerror(errno));
    return crew_start(round->crew, work, estate, 0, &estate->number, err);
}

static enum status run_all(struct round_of *round, struct error *err)
{
    enum status status = HY_OK;
    size_t i;

    (void)fflush(stdout); /* no child says it again */
    for (i = 0; i < round->count && status == HY_OK; i++) {
        status = start(round, &round->estates[i], err);
        if (status != HY_OK)
            break;
        while (round->told <= i
               && (i - round->told >= OPEN_MOST
                   || crew_ended(round->crew, round->estates[round->told].number)))
            tell(round, &round->estates[round->told++]);
    }
    for (; round->told < i; round->told++)
        tell(round, &round->estates[round->told]);
    return status;
}

enum status estates_run(const struct verb *verb, const struct options *options,
                        struct arena *memory, struct error *err)
{
    struct round_of round = { .quiet = option_flag(options, "quiet") };
    enum status status;

    TRY(refuse_paths(options, err));
    TRY(find_estates(&round, verb, options, memory, err));
    TRY(fix_templates(memory, err));
    round.crew = crew_open(crew_cores(), memory);
    status = run_all(&round, err);
    crew_close(round.crew);
    if (status == HY_OK && round.status != HY_OK)
        status = fail(err, round.status, "%s", ""); /* each has said it */
    return status;
}
