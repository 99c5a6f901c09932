/* changes.c - templates and words compared with the month before and the program's. */
#include "cli/changes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"

enum { COLUMNS = 3, SENTENCES = 2, FILES_MOST = 1024 };

/* Made by the Makefile: what lay in templates/ when the program was built. */
static const struct manifest_file shipped[] = {
#include "shipped.inc"
};
enum { SHIPPED = sizeof shipped / sizeof shipped[0] };

/* --- the files as they lie ------------------------------------------------------ */

struct gathered {
    struct arena *memory;
    const char *templates;
    struct manifest_file *files;
    size_t count;
};

static enum status gather_file(struct gathered *to, const char *name, struct error *err)
{
    struct manifest_file *file = &to->files[to->count];
    unsigned char hash[32];

    if (to->count == FILES_MOST)
        return fail(err, HY_CONFIG, "%s：文件超过 %d 个 (too many)", to->templates,
                    FILES_MOST);
    if (strpbrk(name, "\r\n") != NULL) /* the list has a line for each */
        return fail(err, HY_CONFIG, "%s：文件名里有换行 (name)", to->templates);
    TRY(hash_file(arena_printf(to->memory, "%s/%s", to->templates, name), hash, err));
    hash_hex(hash, file->sha256);
    file->name = name;
    to->count++;
    return HY_OK;
}

static enum status gather_folder(struct gathered *to, const char *folder,
                                 const char *ending, struct error *err)
{
    const char *path = arena_printf(to->memory, "%s/%s", to->templates, folder);
    const char *const *names;
    size_t count, i;

    if (!file_is_directory(path))
        return HY_OK;
    TRY(file_list(path, to->memory, &names, &count, err));
    for (i = 0; i < count; i++) {
        const char *name = arena_printf(to->memory, "%s/%s", folder, names[i]);

        if (names[i][0] == '.')
            continue;
        if (text_ends(text_of(names[i]), ending))
            TRY(gather_file(to, name, err));
        else if (strchr(folder, '/') == NULL) /* another language: reports/en */
            TRY(gather_folder(to, name, ending, err));
    }
    return HY_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct manifest_file *)a)->name,
                  ((const struct manifest_file *)b)->name);
}

enum status changes_files(const char *templates, struct arena *memory,
                          const struct manifest_file **files, size_t *count,
                          struct error *err)
{
    static const struct {
        const char *folder, *ending;
    } kinds[] = { { "charts", ".gp" },
                  { "maps", ".map" },
                  { "reports", ".md" },
                  { "wording", ".ini" },
                  { "words", ".tsv" } };
    struct gathered to = { .memory = memory, .templates = templates };
    size_t i;

    to.files = arena_alloc(memory, FILES_MOST * sizeof *to.files);
    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        TRY(gather_folder(&to, kinds[i].folder, kinds[i].ending, err));
    TRY(gather_file(&to, "metrics.tsv", err));
    qsort(to.files, to.count, sizeof *to.files, by_name);
    *files = to.files;
    *count = to.count;
    return HY_OK;
}

/* --- before and now -------------------------------------------------------------- */

size_t changes_merge(const struct manifest_file *was, size_t were,
                     const struct manifest_file *now, size_t count, struct changed *out)
{
    size_t i = 0, j = 0, used = 0;

    while (i < were || j < count) {
        int by = i == were ? 1 : j == count ? -1 : strcmp(was[i].name, now[j].name);
        enum change since = by < 0                                      ? CHANGE_GONE
                            : by > 0                                    ? CHANGE_NEW
                            : strcmp(was[i].sha256, now[j].sha256) != 0 ? CHANGE_ALTERED
                                                                        : CHANGE_NONE;

        out[used++] = (struct changed){ by <= 0 ? was[i].name : now[j].name, since };
        i += by <= 0;
        j += by >= 0;
    }
    return used;
}

static size_t count_of(const struct changed *list, size_t count, enum change since)
{
    size_t i, found = 0;

    for (i = 0; i < count; i++)
        found += list[i].since == since;
    return found;
}

/* --- for the committee ------------------------------------------------------------ */

struct comparing {
    const struct session *session;
    const struct published_line *line; /* of the month before; NULL = none */
    const char *said[SENTENCES];
    struct changed *since, *own; /* against the month before, the program's own */
    size_t since_count, own_count;
    bool known; /* since means something */
};

static const struct published_line *month_before(const struct revisions *revisions,
                                                 int32_t month)
{
    const struct published_line *line = NULL;
    size_t i;

    for (i = 0; i < revisions->count; i++) {
        const struct published_line *one = revisions->months[i].line;

        if (one->month < month && (line == NULL || one->month > line->month))
            line = one;
    }
    return line;
}

static const char *count_words(struct arena *memory, const struct changed *list,
                               size_t count, enum change since)
{
    return say_count(memory, (int64_t)count_of(list, count, since));
}

static void compare_before(struct comparing *comparing, const struct manifest_file *now,
                           size_t count)
{
    const struct session *session = comparing->session;
    struct arena *memory = session->memory;
    struct manifest before = { .template_count = 0 };
    const char *key = "templates.first", *month = "";
    size_t same;

    if (comparing->line != NULL) {
        month = say_month(session->wording, memory, comparing->line->month);
        key = "templates.lost";
        if (freeze_list_of(session, comparing->line, &before))
            key = before.template_count == 0 ? "templates.unlisted" : "templates.some";
        comparing->known = strcmp(key, "templates.some") == 0;
    }
    comparing->since =
        arena_alloc(memory, ((comparing->known ? before.template_count : 0) + count + 1)
                                * sizeof *comparing->since);
    if (comparing->known) {
        comparing->since_count = changes_merge(before.templates, before.template_count,
                                               now, count, comparing->since);
        same = count_of(comparing->since, comparing->since_count, CHANGE_NONE);
        key = same == comparing->since_count ? "templates.same" : key;
    }
    comparing->said[0] = wording_say(
        session->wording, memory, key, "month", month, "altered",
        count_words(memory, comparing->since, comparing->since_count, CHANGE_ALTERED),
        "new",
        count_words(memory, comparing->since, comparing->since_count, CHANGE_NEW),
        "gone",
        count_words(memory, comparing->since, comparing->since_count, CHANGE_GONE),
        NULL);
}

static void compare_own(struct comparing *comparing, const struct manifest_file *now,
                        size_t count)
{
    const struct session *session = comparing->session;
    struct arena *memory = session->memory;
    size_t other;

    comparing->own = arena_alloc(memory, (SHIPPED + count) * sizeof *comparing->own);
    comparing->own_count = changes_merge(shipped, SHIPPED, now, count, comparing->own);
    other = comparing->own_count
            - count_of(comparing->own, comparing->own_count, CHANGE_NONE);
    comparing->said[1] =
        wording_say(session->wording, memory,
                    other == 0 ? "templates.shipped.same" : "templates.shipped.some",
                    "n", say_count(memory, (int64_t)other), NULL);
}

static void add_sentences(const struct comparing *comparing, struct results *view)
{
    static const char *const title[] = { "templates.said" };
    struct value *cells =
        arena_alloc(comparing->session->memory, SENTENCES * sizeof *cells);
    struct listing listing = { .name = "templates.said",
                               .columns = 1,
                               .rows = SENTENCES,
                               .cells = cells,
                               .titles = title };
    size_t i;

    for (i = 0; i < SENTENCES; i++)
        cells[i] = (struct value){ VALUE_TEXT, comparing->said[i], NAN };
    results_add_listing(view, &listing);
}

static const char *change_words(const struct session *session, const char *against,
                                enum change change)
{
    static const char *const names[] = { "same", "altered", "new", "gone" };

    return wording_get(session->wording,
                       arena_printf(session->memory, "templates.%s.%s", against,
                                    names[change]));
}

/* A file of either comparison that is not the same; each once, by name. */
static void add_rows(const struct comparing *comparing, struct results *view)
{
    static const char *const titles[COLUMNS] = { "templates.file", "templates.since",
                                                 "templates.own" };
    const struct session *session = comparing->session;
    size_t most = comparing->since_count + comparing->own_count, i = 0, j = 0;
    struct value *cells =
        arena_alloc(session->memory, (most + 1) * COLUMNS * sizeof *cells);
    struct listing listing = {
        .name = "templates", .columns = COLUMNS, .cells = cells, .titles = titles
    };

    while (i < comparing->since_count || j < comparing->own_count) {
        struct value *row = &cells[listing.rows * COLUMNS];
        const struct changed *since = &comparing->since[i], *own = &comparing->own[j];
        int by = i == comparing->since_count ? 1
                 : j == comparing->own_count ? -1
                                             : strcmp(since->name, own->name);
        enum change before = by <= 0 ? since->since : CHANGE_NONE;
        enum change other = by >= 0 ? own->since : CHANGE_NONE;

        i += by <= 0;
        j += by >= 0;
        if (before == CHANGE_NONE && other == CHANGE_NONE)
            continue;
        row[0] = (struct value){ VALUE_TEXT, by <= 0 ? since->name : own->name, NAN };
        row[1] =
            (struct value){ VALUE_TEXT,
                            comparing->known ? change_words(session, "since", before)
                                             : wording_get(session->wording,
                                                           "templates.since.unknown"),
                            NAN };
        row[2] = (struct value){ VALUE_TEXT, change_words(session, "own", other), NAN };
        listing.rows++;
    }
    results_add_listing(view, &listing);
}

enum status changes_add(const struct session *session,
                        const struct revisions *revisions, struct results *view,
                        struct error *err)
{
    struct comparing comparing = { .session = session,
                                   .line = month_before(revisions, view->month) };
    const struct manifest_file *now;
    size_t count;

    TRY(changes_files(session->templates, session->memory, &now, &count, err));
    compare_before(&comparing, now, count);
    compare_own(&comparing, now, count);
    add_sentences(&comparing, view);
    add_rows(&comparing, view);
    return HY_OK;
}
