/* feed.c - walks folders, loads files, says in one line what became of each. */
#include "cli/feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/json.h"
#include "cli/questions.h"
#include "core/file.h"
#include "ingest/bystander.h"

enum { FOLDER_DEPTH = 8 };

static enum status open_loader(struct feed *feed, struct error *err)
{
    const struct session *session = feed->session;
    const char *maps = arena_printf(session->memory, "%s/maps", session->inbox);

    TRY(loader_open(&feed->loader, session->templates,
                    file_is_directory(maps) ? maps : NULL, &session->settings,
                    session->memory, err));
    return questions_teach(session, feed->store, feed->loader, feed->taught, err);
}

enum status feed_open(struct feed *feed, const struct session *session,
                      struct error *err)
{
    feed->session = session;
    feed->status = HY_OK;
    TRY(store_open(&feed->store, session->db, STORE_CREATE, err));
    return open_loader(feed, err);
}

void feed_close(struct feed *feed)
{
    loader_close(feed->loader);
    store_close(feed->store);
    feed->loader = NULL;
    feed->store = NULL;
}

static void keep_report(struct feed *feed, const struct load_report *report)
{
    if (feed->report_count == feed->report_room) {
        size_t room = (feed->report_room + 8) * 2;

        feed->reports = arena_grow(feed->session->memory, feed->reports,
                                   feed->report_count * sizeof *feed->reports,
                                   room * sizeof *feed->reports);
        feed->report_room = room;
    }
    feed->reports[feed->report_count++] = report;
}

/* "计入 618，更新 12，重复 6，退回 13（缺单号 9，日期看不懂 4），跳过 2" */
static const char *counts_words(const struct session *session,
                                const struct counts *counts)
{
    static const struct {
        const char *key;
        size_t offset;
    } kinds[] = {
        { "ingest.loaded", offsetof(struct counts, loaded) },
        { "ingest.updated", offsetof(struct counts, updated) },
        { "ingest.duplicate", offsetof(struct counts, duplicate) },
        { "ingest.rejected", offsetof(struct counts, rejected) },
        { "ingest.skipped", offsetof(struct counts, skipped) },
    };
    struct arena *memory = session->memory;
    const char *comma = wording_get(session->wording, "comma"), *words = "";
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        int64_t count =
            *(const int64_t *)(const void *)((const char *)counts + kinds[i].offset);

        if (count == 0 && !(i == 0 && counts->rows == 0))
            continue;
        words = arena_printf(memory, "%s%s%s", words, *words != '\0' ? comma : "",
                             wording_say(session->wording, memory, kinds[i].key, "n",
                                         say_count(memory, count), NULL));
    }
    return words;
}

static void say_tallies(const struct session *session, const char *key,
                        const struct tally *tallies, size_t count)
{
    struct arena *memory = session->memory;
    const char *comma = wording_get(session->wording, "comma"), *list = "";
    size_t i;

    if (count == 0)
        return;
    for (i = 0; i < count && i < 12; i++)
        list = arena_printf(memory, "%s%s%s %s", list, *list != '\0' ? comma : "",
                            tallies[i].word, say_count(memory, tallies[i].count));
    if (count > 12)
        list = arena_printf(memory, "%s …", list);
    say_line(session, wording_say(session->wording, memory, key, "list", list, NULL));
}

static void say_reasons(const struct session *session, const struct load_part *part)
{
    struct tally *named;
    size_t i;

    if (part->reason_count == 0)
        return;
    named = arena_alloc(session->memory, part->reason_count * sizeof *named);
    for (i = 0; i < part->reason_count; i++) {
        named[i] = part->reasons[i];
        named[i].word =
            wording_get(session->wording, arena_printf(session->memory, "reject.%s",
                                                       part->reasons[i].word));
    }
    say_tallies(session, "ingest.reasons", named, part->reason_count);
}

static void say_part(const struct session *session, const struct load_part *part)
{
    struct arena *memory = session->memory;
    size_t i;

    if (part->member != NULL)
        say_line(session,
                 wording_say(session->wording, memory, "ingest.member", "file",
                             *part->sheet == '\0'
                                 ? part->member
                                 : arena_printf(memory, "%s %s", part->member,
                                                part->sheet),
                             "rows", say_count(memory, part->counts.rows), "words",
                             counts_words(session, &part->counts), NULL));
    say_reasons(session, part);
    say_tallies(session, "ingest.words", part->words, part->word_count);
    if (part->hidden_rows > 0)
        say_line(session, wording_say(session->wording, memory, "ingest.hidden", "n",
                                      say_count(memory, part->hidden_rows), NULL));
    if (part->covered_cells > 0)
        say_line(session, wording_say(session->wording, memory, "ingest.covered", "n",
                                      say_count(memory, part->covered_cells), NULL));
    if (part->foreign_rows > 0)
        say_line(session, wording_say(session->wording, memory, "ingest.foreign", "n",
                                      say_count(memory, part->foreign_rows), "estate",
                                      session->settings.estate, NULL));
    if (!session->verbose)
        return;
    say_tallies(session, "ingest.unknown", part->unknown, part->unknown_count);
    for (i = 0; i < part->note_count; i++)
        say_line(session, wording_say(session->wording, session->memory, "ingest.note",
                                      "note", part->notes[i], NULL));
}

static void say_report(const struct feed *feed, const struct load_report *report)
{
    const struct session *session = feed->session;
    const char *key = report->known              ? "ingest.known"
                      : feed->load.dry_run       ? "ingest.dry"
                      : report->encoding != NULL ? "ingest.file.encoding"
                                                 : "ingest.file";
    size_t i;

    if (session->json)
        return;
    say_line(session,
             wording_say(session->wording, session->memory, key, "file", report->path,
                         "encoding", report->encoding != NULL ? report->encoding : "",
                         "rows", say_count(session->memory, report->counts.rows),
                         "words", counts_words(session, &report->counts), NULL));
    for (i = 0; !report->known && i < report->part_count; i++)
        say_part(session, &report->parts[i]);
}

static void add_counts(struct counts *total, const struct counts *counts)
{
    total->rows += counts->rows;
    total->loaded += counts->loaded;
    total->updated += counts->updated;
    total->duplicate += counts->duplicate;
    total->rejected += counts->rejected;
    total->skipped += counts->skipped;
}

static double steady_seconds(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static const char *progress_words(const struct feed *feed, const char *name,
                                  int64_t rows, double share, double seconds,
                                  struct arena *memory)
{
    const struct wording *wording = feed->session->wording;
    const char *percent = "", *left = "";

    if (share > 0)
        percent = wording_say(wording, memory, "ingest.percent", "n",
                              arena_printf(memory, "%.0f", share * 100), NULL);
    if (share > 0.02) {
        double rest = seconds * (1 - share) / share;
        bool long_rest = rest >= 120;

        left = wording_say(wording, memory,
                           long_rest ? "ingest.left_minutes" : "ingest.left", "n",
                           arena_printf(memory, "%.0f", long_rest ? rest / 60 : rest),
                           NULL);
    }
    return wording_say(wording, memory, "ingest.progress", "file", name, "percent",
                       percent, "rows", say_count(memory, rows), "speed",
                       say_count(memory, (int64_t)((double)rows / seconds)), "left",
                       left, NULL);
}

/* The name of the file cut so far that the line fits the terminal: a longer one could
 * not be rewritten in place. */
static const char *short_name(const char *name, const char *line, struct arena *memory)
{
    struct text text = text_of(name);
    struct winsize window = { .ws_col = 0 };
    int most;

    (void)ioctl(STDERR_FILENO, TIOCGWINSZ, &window);
    most = window.ws_col > 0 ? window.ws_col - 1 : 79;
    most += text_width(text) - text_width(text_of(line));
    if (text_width(text) <= most)
        return name;
    while (text.length > 0 && text_width(text) > most - 2)
        do
            text.length--;
        while (text.length > 0 && ((unsigned char)text.at[text.length] & 0xC0) == 0x80);
    return arena_printf(memory, "%.*s…", (int)text.length, text.at);
}

/* Only on a terminal, and rewritten in place (DESIGN section 5). */
static void show_progress(void *self, int64_t rows, double share)
{
    enum { FIRST = 1, EVERY = 5 }; /* after a second, then five times a second */
    struct feed *feed = self;
    double now = steady_seconds();
    struct arena *memory;
    const char *name = feed->showing, *line;

    if (feed->session->quiet || !isatty(STDERR_FILENO) || now - feed->begun < FIRST
        || (now - feed->shown) * EVERY < 1)
        return;
    feed->shown = now;
    memory = arena_new();
    line = progress_words(feed, name, rows, share, now - feed->begun, memory);
    name = short_name(name, line, memory);
    line = progress_words(feed, name, rows, share, now - feed->begun, memory);
    fprintf(stderr, "\r%s\033[K", line);
    arena_free(memory);
}

static void clear_progress(const struct feed *feed)
{
    if (feed->shown > 0)
        fputs("\r\033[K", stderr);
}

static void say_bystander(const struct feed *feed, enum bystander kind,
                          const char *path)
{
    const char *key = kind == BYSTANDER_LOCK      ? "ingest.lock"
                      : kind == BYSTANDER_OWN     ? "ingest.own"
                      : kind == BYSTANDER_PICTURE ? "ingest.picture"
                                                  : NULL;

    if (key != NULL && !feed->session->json)
        say_line(feed->session,
                 wording_say(feed->session->wording, feed->session->memory, key, "file",
                             path, NULL));
}

/* What stands beside the exports is named and passed over: our own reports always,
 * pictures where a folder was given, not where one was asked for by name. */
static bool passed_over(const struct feed *feed, const char *path, bool asked)
{
    struct source source = { 0 };
    struct error ignored;
    enum bystander kind = bystander_name(file_base(path));

    if (kind == BYSTANDER_LOCK) {
        say_bystander(feed, kind, path);
        return true;
    }
    if (source_open(&source, path, &ignored) != HY_OK)
        return false; /* load_file says why */
    kind = bystander_bytes(&source);
    source_close(&source);
    if (kind == BYSTANDER_NONE || (asked && kind != BYSTANDER_OWN))
        return false;
    say_bystander(feed, kind, path);
    return true;
}

static void load_one(struct feed *feed, const char *path, bool asked)
{
    struct load_report *report = arena_alloc(feed->session->memory, sizeof *report);
    struct error err = { .status = HY_OK };
    enum status status;

    if (passed_over(feed, path, asked))
        return;
    feed->showing = file_base(path);
    feed->begun = steady_seconds();
    feed->shown = 0;
    status = load_file(feed->loader, feed->store, path, &feed->load,
                       feed->session->memory, report, show_progress, feed, &err);
    clear_progress(feed);
    feed->files++;
    if (status != HY_OK && status != HY_END) {
        say_error(err.text);
        if (feed->status == HY_OK)
            feed->first = err;
        feed->status = worse(feed->status, status);
        return;
    }
    report->path = path;
    keep_report(feed, report);
    add_counts(&feed->total, &report->counts);
    say_report(feed, report);
}

static void feed_folder(struct feed *feed, const char *path, int depth);

static void feed_entry(struct feed *feed, const char *folder, const char *name,
                       int depth)
{
    struct arena *memory = feed->session->memory;
    const char *path = arena_printf(memory, "%s/%s", folder, name);
    enum bystander kind = bystander_name(name);

    if (kind != BYSTANDER_NONE) {
        say_bystander(feed, kind, path);
    } else if (file_is_directory(path)) {
        if (strcmp(name, "maps") != 0)
            feed_folder(feed, path, depth + 1);
    } else {
        load_one(feed, path, false);
    }
}

static void feed_folder(struct feed *feed, const char *path, int depth)
{
    const char *const *names;
    struct error err;
    size_t count, i;
    enum status status;

    if (depth > FOLDER_DEPTH)
        return;
    status = file_list(path, feed->session->memory, &names, &count, &err);
    if (status != HY_OK) {
        say_error(err.text);
        if (feed->status == HY_OK)
            feed->first = err;
        feed->status = worse(feed->status, status);
        return;
    }
    for (i = 0; i < count; i++)
        feed_entry(feed, path, names[i], depth);
}

static void walk(struct feed *feed, const char *path)
{
    if (file_is_directory(path))
        feed_folder(feed, path, 0);
    else
        load_one(feed, path, true);
}

static void remember(struct feed *feed, const char *path)
{
    if (feed->fed_count == feed->fed_room) {
        size_t room = feed->fed_room * 2 + 8;

        feed->fed =
            arena_grow(feed->session->memory, feed->fed,
                       feed->fed_count * sizeof *feed->fed, room * sizeof *feed->fed);
        feed->fed_room = room;
    }
    feed->fed[feed->fed_count++] = path;
}

/* Answers came with the files: what was read before them is read once more, so that
 * the order of files does not matter. */
static void read_again(struct feed *feed)
{
    unsigned char before[32];
    struct error err = { .status = HY_OK };
    size_t i;

    memcpy(before, feed->taught, sizeof before);
    if (feed->load.dry_run || open_loader(feed, &err) != HY_OK
        || memcmp(before, feed->taught, sizeof before) == 0)
        return;
    if (!feed->session->json)
        say_line(feed->session, wording_get(feed->session->wording, "ask.again"));
    feed->total = (struct counts){ 0 };
    feed->report_count = 0;
    feed->files = 0;
    feed->status = HY_OK;
    for (i = 0; i < feed->fed_count; i++)
        walk(feed, feed->fed[i]);
}

void feed_path(struct feed *feed, const char *path)
{
    remember(feed, path);
    walk(feed, path);
    for (size_t i = 0; i < feed->report_count; i++)
        for (size_t k = 0; k < feed->reports[i]->part_count; k++)
            if (strcmp(feed->reports[i]->parts[k].map, "answers") == 0) {
                read_again(feed);
                return;
            }
}

static void print_counts(const struct counts *counts)
{
    printf("\"rows\":%" PRId64 ",\"loaded\":%" PRId64 ",\"updated\":%" PRId64
           ",\"duplicate\":%" PRId64 ",\"rejected\":%" PRId64 ",\"skipped\":%" PRId64,
           counts->rows, counts->loaded, counts->updated, counts->duplicate,
           counts->rejected, counts->skipped);
}

static int64_t reason_total(const struct load_report *report, const char *word)
{
    int64_t total = 0;
    size_t i, j;

    for (i = 0; i < report->part_count; i++)
        for (j = 0; j < report->parts[i].reason_count; j++)
            if (strcmp(report->parts[i].reasons[j].word, word) == 0)
                total += report->parts[i].reasons[j].count;
    return total;
}

static void print_reasons(const struct load_report *report)
{
    bool first = true;
    int reason;

    fputs(",\"reasons\":{", stdout);
    for (reason = REJECT_NONE + 1; reason < REJECT_COUNT; reason++) {
        const char *word = reject_name((enum reject_reason)reason);
        int64_t count = reason_total(report, word);

        if (count == 0)
            continue;
        printf("%s\"%s\":%" PRId64, first ? "" : ",", word, count);
        first = false;
    }
    fputs("}", stdout);
}

/* Why rows were skipped, where it is not the map or a totals row. */
static void print_foreign(const struct load_report *report)
{
    int64_t total = 0;
    size_t i;

    for (i = 0; i < report->part_count; i++)
        total += report->parts[i].foreign_rows;
    if (total > 0)
        printf(",\"other_estate\":%" PRId64, total);
}

void feed_print_json(const struct feed *feed)
{
    size_t i;

    fputs("{\"files\":[", stdout);
    for (i = 0; i < feed->report_count; i++) {
        const struct load_report *report = feed->reports[i];

        fputs(i > 0 ? ",\n{\"path\":" : "\n{\"path\":", stdout);
        json_string(stdout, report->path);
        printf(",\"batch\":%" PRId64 ",\"format\":", report->batch);
        json_string(stdout, report->format);
        fputs(",\"map\":", stdout);
        json_string(stdout, report->part_count > 0 ? report->parts[0].map : NULL);
        fputs(",\"sha256\":", stdout);
        json_string(stdout, report->sha256);
        fputs(",", stdout);
        print_counts(&report->counts);
        print_reasons(report);
        print_foreign(report);
        fputs("}", stdout);
    }
    puts("\n]}");
}

enum status feed_outcome(const struct feed *feed, struct error *err)
{
    if (feed->status != HY_OK) {
        *err = feed->first;
        err->text[0] = '\0'; /* said already, when it happened */
        return feed->status;
    }
    if (feed->session->strict && feed->total.rejected > 0)
        return fail(err, HY_DATA,
                    "--strict：有 %" PRId64 " 行退回 (rows were rejected)",
                    feed->total.rejected);
    return HY_OK;
}
