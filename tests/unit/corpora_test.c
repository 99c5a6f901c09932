/*
 * corpora_test.c - every file of the collected corpora, with its expected outcome.
 *
 * tests/golden/corpora.tsv: path, outcome (the reader's name or "refused"), rows,
 * damaged rows.  Made once with `corpora_test --list`, reviewed against what each
 * file is (its own project's tests, other readers), then kept.  Archives are only
 * run: they must be answered in time.  Each answer comes within two seconds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "tests/unit/reader_help.h"

#define CORPORA DATA "corpora"
#define LIST "tests/golden/corpora.tsv"

enum { FILES_MOST = 4096, LINE_LONGEST = 1024 };
static const double SECONDS_MOST = 2.0;

struct paths {
    size_t count;
    char *names[FILES_MOST];
};

static void walk(struct paths *paths, const char *folder)
{
    char path[LINE_LONGEST];
    struct dirent *entry;
    struct stat info;
    DIR *open = opendir(folder);

    if (open == NULL)
        return;
    while ((entry = readdir(open)) != NULL) {
        if (entry->d_name[0] == '.' && strlen(entry->d_name) <= 2)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (stat(path, &info) != 0)
            continue;
        if (S_ISDIR(info.st_mode))
            walk(paths, path);
        else if (paths->count < FILES_MOST)
            paths->names[paths->count++] = strdup(path + strlen(CORPORA) + 1);
    }
    (void)closedir(open);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct paths all_paths(void)
{
    struct paths paths = { 0 };

    walk(&paths, CORPORA);
    qsort(paths.names, paths.count, sizeof *paths.names, by_name);
    return paths;
}

static void paths_free(struct paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->names[i]);
}

static double now(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The line of a file as it should stand in the list. */
static void outcome(const char *name, char *line, size_t room)
{
    char path[LINE_LONGEST];
    struct reading reading;

    (void)snprintf(path, sizeof path, CORPORA "/%s", name);
    reading = read_path(path, false);
    if (strncmp(name, "zip/", 4) == 0
        && (reading.status == HY_OK || reading.status == HY_DATA))
        (void)snprintf(line, room, "%s\tanswered\t-\t-", name);
    else if (reading.status == HY_OK)
        (void)snprintf(line, room, "%s\t%s\t%zu\t%zu", name, reading.format,
                       reading.rows, reading.damaged);
    else if (reading.status == HY_DATA)
        (void)snprintf(line, room, "%s\trefused\t-\t-", name);
    else
        (void)snprintf(line, room, "%s\tstatus %d: %s", name, (int)reading.status,
                       reading.err.text);
    reading_free(&reading);
}

static void print_list(void)
{
    struct paths paths = all_paths();
    char line[LINE_LONGEST];

    for (size_t i = 0; i < paths.count; i++) {
        outcome(paths.names[i], line, sizeof line);
        (void)puts(line);
    }
    paths_free(&paths);
}

static void every_file_has_its_outcome(void **state)
{
    struct paths paths;
    char line[LINE_LONGEST], kept[LINE_LONGEST];
    size_t wrong = 0;
    FILE *list;

    (void)state;
    if (!data_present())
        skip();
    list = fopen(LIST, "r");
    assert_non_null(list);
    paths = all_paths();
    for (size_t i = 0; i < paths.count; i++) {
        double begun = now();

        outcome(paths.names[i], line, sizeof line);
        if (now() - begun > SECONDS_MOST) {
            print_error("%s took %.1f s\n", paths.names[i], now() - begun);
            wrong++;
        }
        if (fgets(kept, sizeof kept, list) == NULL)
            kept[0] = '\0';
        kept[strcspn(kept, "\n")] = '\0';
        if (strcmp(kept, line) != 0) {
            print_error("expected %s\n     got %s\n", kept, line);
            wrong++;
        }
    }
    assert_null(fgets(kept, sizeof kept, list));
    (void)fclose(list);
    paths_free(&paths);
    assert_int_equal(wrong, 0);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_has_its_outcome),
    };

    if (count > 1 && strcmp(arguments[1], "--list") == 0) {
        print_list();
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
