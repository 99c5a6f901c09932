/* freeze.c - gathers what a publication rests on and compares it with the last. */
#include "cli/freeze.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/changes.h"
#include "core/calendar.h"
#include "core/file.h"

enum { SAID_MOST = 12, PART_MOST = 1 << 24 };

/* --- hashes of what lies beside the data ---------------------------------------- */

static enum status add_files(struct hash_stream *stream, const char *folder,
                             const char *ending, struct arena *memory,
                             struct error *err)
{
    const char *const *names;
    size_t count, i, length, tail = strlen(ending);
    const unsigned char *bytes;

    TRY(file_list(folder, memory, &names, &count, err));
    for (i = 0; i < count; i++) {
        size_t name = strlen(names[i]);

        if (names[i][0] == '.' || name < tail
            || strcmp(names[i] + name - tail, ending) != 0)
            continue;
        TRY(file_read(arena_printf(memory, "%s/%s", folder, names[i]), PART_MOST,
                      memory, &bytes, &length, err));
        hash_add(stream, names[i], name + 1);
        hash_add(stream, bytes, length);
    }
    return HY_OK;
}

static enum status hash_templates(struct freeze *freeze, struct error *err)
{
    const struct session *session = freeze->session;
    struct arena *memory = session->memory;
    struct hash_stream *stream = hash_start(memory);

    TRY(add_files(stream, arena_printf(memory, "%s/reports", session->templates), ".md",
                  memory, err));
    TRY(add_files(stream, arena_printf(memory, "%s/wording", session->templates),
                  ".ini", memory, err));
    hash_end(stream, freeze->templates);
    return changes_files(session->templates, memory, &freeze->files,
                         &freeze->file_count, err);
}

enum status freeze_surroundings(struct freeze *freeze, struct error *err)
{
    const struct session *session = freeze->session;
    struct arena *memory = session->memory;
    struct publication *what = &freeze->what;
    const struct calendar *calendar = &session->settings.calendar;
    struct hash_stream *stream = hash_start(memory);
    unsigned char dictionary[32];
    char hex[65];
    size_t i;

    hash_bytes("", 0, what->settings);
    if (session->settings_path != NULL && file_exists(session->settings_path))
        TRY(hash_file(session->settings_path, what->settings, err));
    for (i = 0; i < calendar->exception_count; i++) {
        const struct calendar_day *day = &calendar->exceptions[i];
        const char *line = arena_printf(memory, "%d %d\n", day->day, (int)day->off);

        hash_add(stream, line, strlen(line));
    }
    hash_end(stream, what->calendar);
    TRY(hash_file(arena_printf(memory, "%s/metrics.tsv", session->templates),
                  dictionary, err));
    hash_hex(dictionary, hex);
    what->dictionary = arena_copy(memory, hex, 64);
    return hash_templates(freeze, err);
}

static bool hex_bytes(const char *hex, unsigned char out[32])
{
    size_t i;

    for (i = 0; i < 64; i++) {
        const char *digits = "0123456789abcdef", *at = strchr(digits, hex[i]);

        if (hex[i] == '\0' || at == NULL)
            return false;
        out[i / 2] = (unsigned char)(out[i / 2] << 4 | (at - digits));
    }
    return true;
}

static int compare_inputs(const void *a, const void *b)
{
    return memcmp(((const struct shown_file *)a)->sha256,
                  ((const struct shown_file *)b)->sha256, 32);
}

static enum status gather_inputs(struct freeze *freeze, struct store *store,
                                 struct error *err)
{
    struct arena *memory = freeze->session->memory;
    const struct batch_line *lines;
    struct shown_file *inputs;
    size_t count, i, kept = 0;

    TRY(store_batches(store, memory, &lines, &count, err));
    inputs = arena_alloc(memory, (count + 1) * sizeof *inputs);
    for (i = 0; i < count; i++) {
        if (!lines[i].live || !hex_bytes(lines[i].sha256, inputs[kept].sha256))
            continue;
        inputs[kept].rows = lines[i].counts.rows;
        inputs[kept].rejected = lines[i].counts.rejected;
        kept++;
    }
    if (kept > 1) /* not by the order in which they came */
        qsort(inputs, kept, sizeof *inputs, compare_inputs);
    freeze->what.inputs = inputs;
    freeze->what.input_count = kept;
    return HY_OK;
}

/* --- the whole -------------------------------------------------------------------- */

static enum status gather_tables(struct freeze *freeze, struct error *err)
{
    const struct session *session = freeze->session;
    struct publication *what = &freeze->what;
    struct arena *memory = session->memory;
    struct results *view;
    int audience;

    tables_rows(freeze->figures->results, what->month, memory, &what->figures,
                &what->figure_count);
    for (audience = 0; audience < EDITIONS; audience++) {
        struct edition *edition = &what->editions[audience];

        TRY(disclose(freeze->figures->results, (enum audience)audience,
                     &session->settings, freeze->figures->earlier, memory, &view, err));
        tables_rows(view, what->month, memory, &edition->shown, &edition->shown_count);
        freeze->csv[audience] =
            tables_csv(edition->shown, edition->shown_count, what->month, memory,
                       audience == 0 ? &freeze->starts : NULL);
    }
    return HY_OK;
}

static enum status gather_published(struct freeze *freeze, struct store *store,
                                    struct error *err)
{
    struct publication *what = &freeze->what;
    size_t i;

    TRY(store_published(store, freeze->session->memory, &freeze->published,
                        &freeze->published_count, err));
    for (i = 0; i < freeze->published_count; i++)
        if (freeze->published[i].month == what->month)
            freeze->last = &freeze->published[i];
    if (freeze->published_count > 0) {
        what->follows = true;
        memcpy(what->previous,
               freeze->published[freeze->published_count - 1].manifest[0], 32);
    }
    return HY_OK;
}

enum status freeze_gather(struct freeze *freeze, struct store *store, struct error *err)
{
    struct publication *what = &freeze->what;
    char month[8];

    what->month = freeze->figures->last;
    what->cutoff = freeze->figures->results->cutoff;
    what->program = "huiyin 0.1";
    what->reason = "";
    month_print(what->month, month);
    freeze->month_name = arena_copy(freeze->session->memory, month, strlen(month));
    TRY(freeze_surroundings(freeze, err));
    TRY(store_content(store, what->content, err));
    TRY(gather_inputs(freeze, store, err));
    TRY(gather_published(freeze, store, err));
    return gather_tables(freeze, err);
}

/* --- part 1 of the manifest ---------------------------------------------------------
 */

static const char *hex_line(struct arena *memory, const char *text, const char *name,
                            const unsigned char hash[32], const char *more)
{
    char hex[65];

    hash_hex(hash, hex);
    return arena_printf(memory, "%s%s = %s%s\n", text, name, hex, more);
}

static const char *add_tables(struct freeze *freeze, const struct key *key,
                              const char *text)
{
    const struct edition *public = &freeze->what.editions[0];
    struct arena *memory = freeze->session->memory;
    unsigned char hash[32];
    size_t first, next;

    for (first = 0; first < public->shown_count; first = next) {
        const char *metric = public->shown[first].metric;
        size_t length = tables_metric_length(metric);

        for (next = first; next < public->shown_count
                           && tables_metric_length(public->shown[next].metric) == length
                           && memcmp(public->shown[next].metric, metric, length) == 0;)
            next++;
        hash_bytes(freeze->csv[0] + freeze->starts[first],
                   freeze->starts[next] - freeze->starts[first], hash);
        text =
            hex_line(memory, text,
                     arena_printf(memory, "table.%.*s", (int)length, metric), hash, "");
    }
    hash_bytes(freeze->csv[0], strlen(freeze->csv[0]), hash);
    hash_hex(hash, freeze->tables);
    text = hex_line(memory, text, "tables.public", hash, "");
    /* Keyed: a hidden cell must not be guessed from a plain hash. */
    key_hmac(key, freeze->csv[1], strlen(freeze->csv[1]), hash);
    text = hex_line(memory, text, "tables.committee", hash, "");
    key_hmac(key, freeze->csv[2], strlen(freeze->csv[2]), hash);
    return hex_line(memory, text, "tables.management", hash, "");
}

/* The list of the first issue stands: a revision that drew again could be made until
 * the list suits. */
static void choose_seed(struct freeze *freeze)
{
    char previous[65] = "-";

    if (freeze->what.follows)
        hash_hex(freeze->what.previous, previous);
    if (freeze->what.revision == 0)
        manifest_seed(freeze->tables, previous, freeze->draw);
    else
        memcpy(freeze->draw, "-", sizeof "-");
}

void freeze_data(struct freeze *freeze, const struct key *key)
{
    const struct publication *what = &freeze->what;
    struct arena *memory = freeze->session->memory;
    const char *text;
    char cutoff[20];
    size_t i;

    time_print(what->cutoff, false, cutoff);
    text = arena_printf(
        memory,
        "# 回音公布清单　核对：打开 核对.html，或运行 sha256sum -c 清单.txt\n"
        "format = huiyin manifest 1\nmonth = %s\nrevision = %d\n"
        "reason = %s\ncutoff = %s\nprogram = %s\ndictionary = %s\n",
        freeze->month_name, what->revision, *what->reason != '\0' ? what->reason : "-",
        cutoff, what->program, what->dictionary);
    text = hex_line(memory, text, "settings", what->settings, "");
    text = hex_line(memory, text, "calendar", what->calendar, "");
    text = hex_line(memory, text, "templates", freeze->templates, "");
    for (i = 0; i < freeze->file_count; i++)
        text = arena_printf(memory, "%stemplate = %s %s\n", text,
                            freeze->files[i].sha256, freeze->files[i].name);
    text = hex_line(memory, text, "content", what->content, "");
    for (i = 0; i < what->input_count; i++)
        text = hex_line(memory, text, "input", what->inputs[i].sha256,
                        arena_printf(memory, " %" PRId64 " %" PRId64,
                                     what->inputs[i].rows, what->inputs[i].rejected));
    text = add_tables(freeze, key, text);
    text = what->follows ? hex_line(memory, text, "previous", what->previous, "")
                         : arena_printf(memory, "%sprevious = -\n", text);
    choose_seed(freeze);
    freeze->data = arena_printf(memory, "%sdraw = %s\n", text, freeze->draw);
    manifest_code(freeze->data, strlen(freeze->data), freeze->code);
}

bool freeze_list_of(const struct session *session, const struct published_line *line,
                    struct manifest *manifest)
{
    struct arena *memory = session->memory;
    unsigned char hash[32];
    struct error ignored;
    const char *path;
    char month[8];

    month_print(line->month, month);
    path =
        arena_printf(memory, "%s/%s%s/public/" MANIFEST_NAME, session->out, month,
                     line->revision == 0 ? ""
                                         : arena_printf(memory, "r%d", line->revision));
    return file_exists(path) && hash_file(path, hash, &ignored) == HY_OK
           && memcmp(hash, line->manifest[0], 32) == 0
           && manifest_read(path, memory, manifest, &ignored) == HY_OK;
}

/* --- was and is
 * ----------------------------------------------------------------------- */

enum status freeze_compare(const struct freeze *freeze, struct store *store,
                           const struct published_line *line, int audience,
                           const struct difference **differences, size_t *count,
                           struct error *err)
{
    const struct edition *edition = &freeze->what.editions[audience];
    struct arena *memory = freeze->session->memory;
    const struct shown_row *was;
    struct difference *list;
    size_t were, i = 0, j = 0;

    TRY(store_shown(store, line->id[audience], memory, &was, &were, err));
    list = arena_alloc(memory, (were + edition->shown_count + 1) * sizeof *list);
    *count = 0;
    while (i < were || j < edition->shown_count) {
        const struct shown_row *old = i < were ? &was[i] : NULL;
        const struct shown_row *now =
            j < edition->shown_count ? &edition->shown[j] : NULL;
        int by = old == NULL ? 1 : now == NULL ? -1 : tables_order(old, now);

        i += by <= 0;
        j += by >= 0;
        if (by == 0 && tables_same(old, now))
            continue;
        list[(*count)++] =
            (struct difference){ by <= 0 ? old : NULL, by >= 0 ? now : NULL };
    }
    *differences = list;
    return HY_OK;
}

const char *freeze_reason(const struct freeze *freeze,
                          const struct published_line *line)
{
    bool method = memcmp(line->settings, freeze->what.settings, 32) != 0
                  || strcmp(line->dictionary, freeze->what.dictionary) != 0;

    return method && memcmp(line->content, freeze->what.content, 32) == 0 ? "M" : "L";
}

static const char *value_text(struct arena *memory, const struct shown_row *row)
{
    if (row == NULL)
        return "—";
    if (row->mark != 0)
        return "＊";
    if (row->denominator >= 0 && row->numerator >= 0)
        return arena_printf(memory, "%" PRId64 "/%" PRId64, row->numerator,
                            row->denominator);
    return isfinite(row->value) ? arena_printf(memory, "%.6g", row->value) : "—";
}

void freeze_say(const struct freeze *freeze, const struct difference *differences,
                size_t count, const char *reason)
{
    const struct session *session = freeze->session;
    struct arena *memory = session->memory;
    const char *why =
        wording_get(session->wording, arena_printf(memory, "reason.%s", reason));
    size_t i;

    say_always(wording_say(session->wording, memory, "publish.changed", "n",
                           say_count(memory, (int64_t)count), NULL));
    for (i = 0; i < count && i < SAID_MOST; i++) {
        const struct shown_row *row =
            differences[i].now != NULL ? differences[i].now : differences[i].was;

        say_always(wording_say(session->wording, memory, "publish.row", "metric",
                               row->metric, "dimension", row->dimension, "key",
                               row->key, "was", value_text(memory, differences[i].was),
                               "now", value_text(memory, differences[i].now), "why",
                               why, NULL));
    }
    if (count > SAID_MOST)
        say_always(wording_say(session->wording, memory, "publish.more", "n",
                               say_count(memory, (int64_t)(count - SAID_MOST)), NULL));
}
