/* press.c - builds each report once, draws its charts, writes every format. */
#include "cli/press.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/changes.h"
#include "cli/release.h"
#include "cli/revisions.h"
#include "core/calendar.h"
#include "core/file.h"
#include "render/template.h"

enum { MAX_REPORTS = 64, MAX_FORMATS = 16 };

struct output { /* one report on its way to its files */
    const struct template_head *head;
    const struct renderer *formats[MAX_FORMATS];
    struct render_job *jobs[MAX_FORMATS];
    struct error errors[MAX_FORMATS]; /* of a job that could not be started */
    size_t count;
    struct doc *doc;
    struct studio *studio; /* its charts are being drawn */
    struct error error;
    enum status status;
};

struct pressing { /* one run */
    struct press *press;
    struct crew *crew;
    struct results *views[EDITIONS]; /* what each audience is given, once asked for */
    struct output *outputs;
    size_t count;
};

static enum status read_heads(const struct session *session,
                              struct template_head *heads, size_t *count,
                              struct error *err)
{
    const char *folder =
        arena_printf(session->memory, "%s/reports", session->templates);
    const char *const *names;
    size_t all, i;

    *count = 0;
    TRY(file_list(folder, session->memory, &names, &all, err));
    for (i = 0; i < all; i++) {
        if (!text_ends(text_of(names[i]), ".md") || names[i][0] == '.')
            continue;
        if (*count == MAX_REPORTS)
            return fail(err, HY_CONFIG, "%s: 报告模板超过 %d 个 (too many)", folder,
                        MAX_REPORTS);
        TRY(template_head(arena_printf(session->memory, "%s/%s", folder, names[i]),
                          session->memory, &heads[*count], err));
        (*count)++;
    }
    if (*count == 0)
        return fail(err, HY_CONFIG, "%s: 没有报告模板 (no reports)", folder);
    return HY_OK;
}

enum status press_ready(const struct session *session, struct error *err)
{
    struct template_head heads[MAX_REPORTS];
    size_t count;

    TRY(render_ready(err));
    return read_heads(session, heads, &count, err);
}

/* "bulletin" or the name of its output. */
static bool is_wanted(const struct press *press, const struct template_head *head)
{
    const char *base = file_base(head->path);
    size_t length = strlen(base) - strlen(".md"), i;

    if (press->report_count == 0)
        return true;
    for (i = 0; i < press->report_count; i++)
        if ((strlen(press->reports[i]) == length
             && memcmp(press->reports[i], base, length) == 0)
            || strcmp(press->reports[i], head->file) == 0)
            return true;
    return false;
}

static void keep_path(struct press *press, const char *path)
{
    if (press->path_count == press->path_room) {
        size_t room = (press->path_room + 8) * 2;

        press->paths = arena_grow(press->session->memory, press->paths,
                                  press->path_count * sizeof *press->paths,
                                  room * sizeof *press->paths);
        press->path_room = room;
    }
    press->paths[press->path_count++] = path;
}

/* A published month is never overwritten: its later drafts lie beside it. */
static const char *folder_of(const struct press *press, enum audience audience)
{
    const struct session *session = press->session;
    struct arena *memory = session->memory;
    const char *name = audience_name(audience);
    char month[8];

    if (press->folder != NULL)
        return arena_printf(memory, "%s/%s", press->folder, name);
    month_print(press->figures->last, month);
    if (file_exists(arena_printf(memory, "%s/%s/%s/%s", session->out, month, name,
                                 MANIFEST_NAME)))
        return arena_printf(memory, "%s/%s预览/%s", session->out, month, name);
    return arena_printf(memory, "%s/%s/%s", session->out, month, name);
}

/* One page has room for one line only. */
static void put_code(const struct press *press, struct doc *doc)
{
    const char *key = doc->single_page ? "publish.foot.single" : "publish.foot";

    if (press->code != NULL)
        doc->foot = wording_say(press->session->wording, press->session->memory, key,
                                "code", press->code, "foot", doc->foot, NULL);
}

/* --- what is to be written ------------------------------------------------------ */

static enum status choose_formats(const struct press *press, struct output *output,
                                  struct error *err)
{
    const char *formats =
        press->formats != NULL ? press->formats : output->head->formats;
    size_t i;

    while (*formats != '\0') {
        size_t length = strcspn(formats, ", ");
        const char *name = arena_copy(press->session->memory, formats, length);
        const struct renderer *renderer = renderer_named(name);

        formats += length;
        formats += strspn(formats, ", ");
        if (length == 0)
            continue;
        if (renderer == NULL)
            return fail(err, HY_USAGE,
                        "没有 %s 这种格式，可用 pdf xlsx html png txt (format)", name);
        for (i = 0; i < output->count && output->formats[i] != renderer; i++)
            ;
        if (i == output->count && i < MAX_FORMATS)
            output->formats[output->count++] = renderer;
    }
    return HY_OK;
}

/* The same for every report of an audience. */
static enum status view_of(struct pressing *pressing, enum audience audience,
                           const struct results **out, struct error *err)
{
    struct press *press = pressing->press;
    const struct figures *figures = press->figures;
    struct results **view = &pressing->views[audience];

    if (*view == NULL) {
        TRY(disclose(figures->results, audience, &press->session->settings,
                     figures->earlier, press->session->memory, view, err));
        revisions_add(press->revisions, *view, audience);
        if (audience == AUDIENCE_COMMITTEE) {
            draw_add(press->session, figures, press->draw, press->seed, *view);
            TRY(changes_add(press->session, press->revisions, *view, err));
        }
    }
    *out = *view;
    return HY_OK;
}

static enum status output_build(struct pressing *pressing, struct output *output,
                                struct error *err)
{
    struct press *press = pressing->press;
    const struct session *session = press->session;
    const struct figures *figures = press->figures;
    const struct template_head *head = output->head;
    const struct results *view;
    struct doc *doc;
    size_t i;

    TRY(choose_formats(press, output, err));
    TRY(charts_prepare(!head->plain, &output->studio, err));
    TRY(view_of(pressing, head->audience, &view, err));
    TRY(template_build(head, view, &session->settings, &figures->facts.registers,
                       &figures->facts.ledger, session->wording, press->code,
                       session->memory, &doc, err));
    put_code(press, doc);
    if (doc->audience == AUDIENCE_PUBLIC)
        TRY(release_check(session, doc, err));
    for (i = 0; i < output->count; i++)
        doc->narrow = doc->narrow || strcmp(output->formats[i]->name, "png") == 0;
    output->doc = doc;
    return charts_start(output->studio, doc, session->templates, err);
}

/* Its charts are there: every format in a process of its own. */
static void output_start(struct pressing *pressing, struct output *output)
{
    const char *folder;
    size_t i;

    if (output->status != HY_OK)
        charts_give_up(output->studio);
    else
        output->status = charts_finish(output->studio, &output->error);
    output->studio = NULL;
    if (output->status != HY_OK)
        return;
    folder = folder_of(pressing->press, output->head->audience);
    for (i = 0; i < output->count; i++)
        (void)render_start(pressing->crew, output->doc, output->formats[i], folder,
                           pressing->press->session->memory, &output->jobs[i],
                           &output->errors[i]);
}

/* What became of it, in the order of its formats. */
static enum status output_end(struct pressing *pressing, struct output *output)
{
    enum status status = output->status;
    const char *path;
    size_t i;

    if (status != HY_OK && output->error.text[0] != '\0')
        say_error(output->error.text);
    for (i = 0; i < output->count && output->status == HY_OK; i++) {
        struct error *error = &output->errors[i];
        enum status wrote = error->status;

        if (output->jobs[i] != NULL)
            wrote = render_finish(output->jobs[i], &path, error);
        if (wrote == HY_OK)
            keep_path(pressing->press, path);
        else
            say_error(error->text);
        status = worse(status, wrote);
    }
    return status;
}

/* While gnuplot draws one report the next is being built, and those drawn are being
 * written; what is said comes in the order of the reports. */
static enum status press_all(struct pressing *pressing)
{
    size_t i, drawn = 0, cores = crew_cores();
    enum status status = HY_OK;

    pressing->crew = crew_open(cores, pressing->press->session->memory);
    for (i = 0; i < pressing->count; i++) {
        struct output *output = &pressing->outputs[i];

        if (i - drawn >= cores)
            output_start(pressing, &pressing->outputs[drawn++]);
        output->status = output_build(pressing, output, &output->error);
    }
    while (drawn < pressing->count)
        output_start(pressing, &pressing->outputs[drawn++]);
    for (i = 0; i < pressing->count; i++)
        status = worse(status, output_end(pressing, &pressing->outputs[i]));
    crew_close(pressing->crew);
    return status;
}

/* Two runs at once would tread on each other's scratch files. */
static enum status lock_out(const struct session *session, int *lock, struct error *err)
{
    const char *path = arena_printf(session->memory, "%s/.huiyin.lock", session->out);

    TRY(file_make_directory(session->out, err));
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*lock < 0)
        return fail(err, HY_CREATE, "%s: 不能写 (cannot create)", path);
    if (flock(*lock, LOCK_EX | LOCK_NB) != 0)
        return fail(err, HY_BUSY, "%s: 另一个回音正在写报告，请稍后再试 (busy)",
                    session->out);
    return HY_OK;
}

/* The reports asked for; public ones only while no identity is broken. */
static enum status choose_outputs(struct pressing *pressing,
                                  const struct template_head *heads, size_t count,
                                  bool sound, struct error *err)
{
    struct press *press = pressing->press;
    size_t i, wanted = 0;

    pressing->outputs =
        arena_alloc(press->session->memory, (count + 1) * sizeof *pressing->outputs);
    for (i = 0; i < count; i++) {
        if (!is_wanted(press, &heads[i]))
            continue;
        wanted++;
        if (sound || heads[i].audience != AUDIENCE_PUBLIC)
            pressing->outputs[pressing->count++].head = &heads[i];
    }
    if (wanted == 0)
        return fail(err, HY_USAGE,
                    "没有这个报告，templates/reports 里有哪些就能出哪些 "
                    "(no such report)");
    return HY_OK;
}

static enum status press_locked(struct press *press, const struct template_head *heads,
                                size_t count, struct error *err)
{
    struct revisions *revisions =
        arena_alloc(press->session->memory, sizeof *revisions);
    struct pressing pressing = { .press = press };
    enum status status, broken;

    TRY(revisions_load(press->session, press->figures->last, press->why, revisions,
                       err));
    press->revisions = revisions;
    broken = analyze_check(press->figures->results, err);
    if (broken != HY_OK)
        say_error(err->text);
    TRY(choose_outputs(&pressing, heads, count, broken == HY_OK, err));
    status = worse(press_all(&pressing), broken);
    return status == HY_OK ? HY_OK : fail(err, status, "%s", "");
}

enum status press_run(struct press *press, struct error *err)
{
    struct template_head heads[MAX_REPORTS];
    enum status status;
    size_t count;
    int lock = -1;

    status = read_heads(press->session, heads, &count, err);
    if (status == HY_OK)
        status = lock_out(press->session, &lock, err);
    if (status == HY_OK)
        status = press_locked(press, heads, count, err);
    if (lock >= 0)
        (void)close(lock);
    return status;
}
