/* press.c - builds each report once, draws its charts, writes every format. */
#include "cli/press.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/release.h"
#include "cli/revisions.h"
#include "core/calendar.h"
#include "core/file.h"
#include "render/template.h"

enum { MAX_REPORTS = 64 };

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

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
        if (!ends_with(names[i], ".md") || names[i][0] == '.')
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

static enum status write_formats(struct press *press, const struct doc *doc,
                                 const char *formats, const char *folder,
                                 struct error *err)
{
    struct arena *memory = press->session->memory;
    enum status status = HY_OK;

    while (*formats != '\0') {
        size_t length = strcspn(formats, ", ");
        const char *name = arena_copy(memory, formats, length), *path;
        const struct renderer *renderer = renderer_named(name);
        struct error one = { .status = HY_OK };
        enum status wrote;

        formats += length;
        formats += strspn(formats, ", ");
        if (length == 0)
            continue;
        if (renderer == NULL)
            return fail(err, HY_USAGE,
                        "没有 %s 这种格式，可用 pdf xlsx html png txt (format)", name);
        wrote = render_file(doc, renderer, folder, memory, &path, &one);
        if (wrote == HY_OK) {
            keep_path(press, path);
        } else {
            say_error(one.text);
            status = worse(status, wrote);
            fail(err, status, "%s", "");
        }
    }
    return status;
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

static enum status press_one(struct press *press, const struct template_head *head,
                             struct error *err)
{
    const struct session *session = press->session;
    const struct figures *figures = press->figures;
    struct arena *memory = session->memory;
    struct results *view;
    const char *formats = press->formats != NULL ? press->formats : head->formats;
    struct doc *doc;
    const char *folder;

    TRY(disclose(figures->results, head->audience, &session->settings,
                 &figures->earlier[head->audience], memory, &view, err));
    revisions_add(press->revisions, view, head->audience);
    TRY(template_build(head, view, &session->settings, &figures->facts.registers,
                       &figures->facts.ledger, session->wording, press->code == NULL,
                       memory, &doc, err));
    put_code(press, doc);
    if (doc->audience == AUDIENCE_PUBLIC)
        TRY(release_check(session, doc, err));
    doc->narrow = strstr(formats, "png") != NULL;
    TRY(charts_draw(doc, session->templates, err));
    folder = folder_of(press, head->audience);
    TRY(file_make_directory(folder, err));
    return write_formats(press, doc, formats, folder, err);
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

enum status press_run(struct press *press, struct error *err)
{
    struct template_head heads[MAX_REPORTS];
    struct revisions *revisions =
        arena_alloc(press->session->memory, sizeof *revisions);
    enum status status, broken;
    size_t count, wanted = 0, i;
    int lock = -1;

    status = read_heads(press->session, heads, &count, err);
    if (status != HY_OK || (status = lock_out(press->session, &lock, err)) != HY_OK)
        goto done;
    status = revisions_load(press->session, press->figures->last, press->why, revisions,
                            err);
    if (status != HY_OK)
        goto done;
    press->revisions = revisions;
    broken = analyze_check(press->figures->results, err);
    if (broken != HY_OK)
        say_error(err->text);
    for (i = 0; i < count; i++) {
        struct error one = { .status = HY_OK };
        enum status pressed;

        if (!is_wanted(press, &heads[i]))
            continue;
        wanted++;
        if (broken != HY_OK && heads[i].audience == AUDIENCE_PUBLIC)
            continue;
        pressed = press_one(press, &heads[i], &one);
        if (pressed != HY_OK && one.text[0] != '\0')
            say_error(one.text);
        status = worse(status, pressed);
    }
    if (wanted == 0)
        status = fail(err, HY_USAGE,
                      "没有这个报告，templates/reports 里有哪些就能出哪些 "
                      "(no such report)");
    else if (worse(status, broken) != HY_OK)
        status = fail(err, worse(status, broken), "%s", "");
done:
    if (lock >= 0)
        (void)close(lock);
    return status;
}
