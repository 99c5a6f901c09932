/* draw.c - times pages alone: ROUNDS and then the options of `huiyin render`.  The
 * figures are computed once; each round makes the reports of them, from template to
 * checked files. Prints the medians: wall seconds, CPU seconds of all processes. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "cli/options.h"
#include "cli/press.h"

extern const struct verb verb_render;

enum { ROUNDS_MOST = 1000, SERIES_MONTHS = 24 };

static double wall_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double used(int who)
{
    struct rusage usage;

    (void)getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

/* The reports of one round; what they needed is added to the lists. */
static enum status draw(struct session *session, const struct options *options,
                        struct figures *figures, double *wall, double *cpu,
                        struct error *err)
{
    size_t count = option_count(options, "report"), i;
    const char **names = arena_alloc(session->memory, (count + 1) * sizeof *names);
    struct press press = { .session = session,
                           .figures = figures,
                           .reports = names,
                           .report_count = count,
                           .formats = option_text(options, "format") };
    double from = wall_now(), before = used(RUSAGE_SELF) + used(RUSAGE_CHILDREN);
    enum status status;

    for (i = 0; i < count; i++)
        names[i] = option_nth(options, "report", i);
    status = press_run(&press, err);
    *wall = wall_now() - from;
    *cpu = used(RUSAGE_SELF) + used(RUSAGE_CHILDREN) - before;
    return status;
}

static enum status run(size_t rounds, int count, char **words, struct arena *memory,
                       struct error *err)
{
    const struct options *options;
    double wall[ROUNDS_MOST], cpu[ROUNDS_MOST];
    struct figures figures = { 0 };
    struct session session;
    int32_t month;
    bool help;
    size_t i;

    TRY(options_read(&verb_render, count, words, memory, &options, &help, err));
    TRY(session_open(&session, options, memory, err));
    TRY(figures_facts(&figures, &session, NEED_NUMBERS, err));
    TRY(choose_month(options, &figures.facts.ledger, &month, &help, err));
    TRY(figures_compute(&figures, &session, month, month, SERIES_MONTHS, err));
    for (i = 0; i < rounds; i++)
        TRY(draw(&session, options, &figures, &wall[i], &cpu[i], err));
    printf("%.4f %.4f\n", median(wall, rounds), median(cpu, rounds));
    return HY_OK;
}

int main(int count, char **words)
{
    long rounds = count > 1 ? strtol(words[1], NULL, 10) : 0;
    struct arena *memory = arena_new();
    struct error err = { HY_OK, "" };
    enum status status;

    if (rounds < 1 || rounds > ROUNDS_MOST)
        return HY_USAGE;
    status = run((size_t)rounds, count - 2, words + 2, memory, &err);
    if (status != HY_OK)
        fprintf(stderr, "draw: %s\n", err.text);
    arena_free(memory);
    return (int)status;
}
