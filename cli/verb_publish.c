/*
 * verb_publish.c - `huiyin publish`: a month frozen, with a list that proves it.
 *
 * Everything is made in a folder aside; only when it is whole do the files take
 * their place, the lists last, and the store records it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/freeze.h"
#include "cli/press.h"
#include "cli/receipt.h"
#include "core/calendar.h"
#include "core/file.h"
#include "core/store.h"

static const struct option_spec options_of[] = {
    { "month", "YYYY-MM", "哪个月 / month", "最后一个完整的月", OPTION_MONTH, false },
    { "why", "L|C|D|M|E",
      "为什么更正：晚到 来源更正 合并重复 口径 我方差错 / reason of a revision",
      "按数据判断", OPTION_TEXT, false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

enum { SERIES_MONTHS = 24 };

struct issue {
    struct freeze freeze;
    struct session *session;
    struct figures *figures;
    struct store *store;
    const char *why, *stage, *folder; /* folder: where it will lie */
};

/* --- may it be published? ----------------------------------------------------------
 */

static enum status check_complete(const struct issue *issue, struct error *err)
{
    const struct ledger *ledger = &issue->figures->facts.ledger;
    int32_t month = issue->figures->last;
    char name[8];

    month_print(month, name);
    if (ledger->first_received == HY_NEVER || ledger->horizon == HY_NEVER
        || ledger->horizon < month_start(month + 1) - DAY_SECONDS)
        return fail(
            err, HY_DATA,
            "%s 的数据还没有到月底，不能公布；收齐后再运行 (month not complete)", name);
    if (month < month_of_time(ledger->first_received))
        return fail(err, HY_DATA, "%s 没有数据，不能公布 (no data)", name);
    return analyze_check(issue->figures->results, err);
}

/* Says what changed since; false: nothing did. */
static enum status compare_last(struct issue *issue, bool *changed, struct error *err)
{
    struct freeze *freeze = &issue->freeze;
    const struct difference *differences;
    size_t count = 0, all = 0;
    int audience, most = 0;

    *changed = freeze->last == NULL;
    for (audience = 0; audience < EDITIONS && freeze->last != NULL; audience++) {
        TRY(freeze_compare(freeze, issue->store, freeze->last, audience, &differences,
                           &count, err));
        if (count > all) {
            all = count;
            most = audience;
        }
    }
    if (all == 0)
        return HY_OK;
    *changed = true;
    TRY(freeze_compare(freeze, issue->store, freeze->last, most, &differences, &count,
                       err));
    freeze->what.reason =
        issue->why != NULL ? issue->why : freeze_reason(freeze, freeze->last);
    freeze_say(freeze, differences, count, freeze->what.reason);
    return HY_OK;
}

/* The next number whose folder holds no list, ours or one the store has lost. */
static void choose_folder(struct issue *issue)
{
    struct freeze *freeze = &issue->freeze;
    struct arena *memory = issue->session->memory;
    const char *out = issue->session->out, *month = freeze->month_name;
    int revision = freeze->last == NULL ? 0 : freeze->last->revision + 1;

    for (;; revision++) {
        issue->folder = revision == 0
                            ? arena_printf(memory, "%s/%s", out, month)
                            : arena_printf(memory, "%s/%sr%d", out, month, revision);
        if (!file_exists(
                arena_printf(memory, "%s/public/" MANIFEST_NAME, issue->folder)))
            break;
    }
    freeze->what.revision = revision;
    issue->stage = arena_printf(memory, "%s/.%s.publish", out, month);
}

/* --- making it aside -----------------------------------------------------------------
 */

static void clear_folder(const char *folder, struct arena *memory)
{
    const char *const *names;
    struct error ignored;
    size_t count, i;

    if (file_list(folder, memory, &names, &count, &ignored) != HY_OK)
        return;
    for (i = 0; i < count; i++)
        (void)unlink(arena_printf(memory, "%s/%s", folder, names[i]));
    (void)rmdir(folder);
}

static void clear_stage(const struct issue *issue)
{
    struct arena *memory = issue->session->memory;
    int audience;

    for (audience = 0; audience < EDITIONS; audience++)
        clear_folder(arena_printf(memory, "%s/%s", issue->stage,
                                  audience_name((enum audience)audience)),
                     memory);
    (void)rmdir(issue->stage);
}

/* The numbers of the public edition as they are hashed, and the page that checks. */
static enum status add_public(struct issue *issue, struct error *err)
{
    const struct session *session = issue->session;
    struct arena *memory = session->memory;
    const char *folder = arena_printf(memory, "%s/public", issue->stage);
    const char *csv = issue->freeze.csv[0];
    const unsigned char *page;
    size_t length;

    TRY(file_make_directory(folder, err));
    TRY(file_write(arena_printf(memory, "%s/" NUMBERS_NAME, folder), 0644, csv,
                   strlen(csv), err));
    TRY(file_read(arena_printf(memory, "%s/verify.html", session->templates), 1 << 20,
                  memory, &page, &length, err));
    return file_write(arena_printf(memory, "%s/" CHECKER_NAME, folder), 0644, page,
                      length, err);
}

static enum status press_all(struct issue *issue, struct error *err)
{
    struct press press = { .session = issue->session,
                           .figures = issue->figures,
                           .code = issue->freeze.code,
                           .why = issue->why,
                           .draw = issue->freeze.what.revision == 0 ? DRAW_NOW
                                                                    : DRAW_BEFORE,
                           .seed = issue->freeze.draw,
                           .folder = issue->stage };
    enum status status;

    clear_stage(issue);
    status = press_run(&press, err);
    if (status != HY_OK && err->text[0] == '\0')
        return fail(err, status, "有一份没有写成，所以都没有公布 (nothing published)");
    if (status == HY_OK && press.draw == DRAW_NOW)
        status = draw_form(issue->session, issue->figures, issue->freeze.draw,
                           arena_printf(issue->session->memory, "%s/%s", issue->stage,
                                        audience_name(AUDIENCE_COMMITTEE)),
                           err);
    return status == HY_OK ? add_public(issue, err) : status;
}

static enum status hash_edition(struct issue *issue, int audience, struct error *err)
{
    struct edition *edition = &issue->freeze.what.editions[audience];
    struct arena *memory = issue->session->memory;
    const char *folder = arena_printf(memory, "%s/%s", issue->stage,
                                      audience_name((enum audience)audience));
    const char *const *names;
    struct shown_file *files;
    struct stat about;
    size_t count, i;

    TRY(file_make_directory(folder, err));
    TRY(file_list(folder, memory, &names, &count, err));
    files = arena_alloc(memory, (count + 1) * sizeof *files);
    for (i = 0; i < count; i++) {
        const char *path = arena_printf(memory, "%s/%s", folder, names[i]);

        files[i].name = names[i];
        if (stat(path, &about) != 0)
            return fail(err, HY_IO, "%s：%s", path, strerror(errno));
        files[i].bytes = about.st_size;
        TRY(hash_file(path, files[i].sha256, err));
    }
    edition->files = files;
    edition->file_count = count;
    return HY_OK;
}

/* --- putting it in its place
 * ------------------------------------------------------------ */

static enum status place_files(const struct issue *issue, int audience,
                               struct error *err)
{
    const struct edition *edition = &issue->freeze.what.editions[audience];
    struct arena *memory = issue->session->memory;
    const char *name = audience_name((enum audience)audience);
    size_t i;

    TRY(file_make_directory(arena_printf(memory, "%s/%s", issue->folder, name), err));
    for (i = 0; i < edition->file_count; i++) {
        const char *file = edition->files[i].name;
        const char *to = arena_printf(memory, "%s/%s/%s", issue->folder, name, file);

        if (rename(arena_printf(memory, "%s/%s/%s", issue->stage, name, file), to) != 0)
            return fail(err, HY_CREATE, "%s：%s (cannot place)", to, strerror(errno));
    }
    return HY_OK;
}

static const char *list_path(const struct issue *issue, int audience)
{
    return arena_printf(issue->session->memory, "%s/%s/" MANIFEST_NAME, issue->folder,
                        audience_name((enum audience)audience));
}

/* The list of an edition as it will lie there: the same files give the same bytes. */
static const char *seal(struct issue *issue, int audience)
{
    struct edition *edition = &issue->freeze.what.editions[audience];
    const char *text =
        manifest_seal(issue->freeze.data, audience_name((enum audience)audience),
                      edition->files, edition->file_count, store_key(issue->store),
                      issue->session->memory, edition->signature);

    hash_bytes(text, strlen(text), edition->manifest);
    return text;
}

/* Once all other files are hashed; then the committee's list names it too. */
static enum status add_receipt(struct issue *issue, struct error *err)
{
    struct receipt receipt = { .freeze = &issue->freeze,
                               .key = store_key(issue->store),
                               .list = issue->freeze.what.editions[0].manifest };
    const char *folder = arena_printf(issue->session->memory, "%s/%s", issue->stage,
                                      audience_name(AUDIENCE_COMMITTEE));

    (void)seal(issue, AUDIENCE_PUBLIC);
    TRY(receipt_write(&receipt, folder, err));
    return hash_edition(issue, AUDIENCE_COMMITTEE, err);
}

static enum status place_list(struct issue *issue, int audience, struct error *err)
{
    const char *text = seal(issue, audience);

    return file_write(list_path(issue, audience), audience == 0 ? 0644 : 0600, text,
                      strlen(text), err);
}

static enum status settle(struct issue *issue, struct error *err)
{
    unsigned char content[32];
    enum status status = HY_OK;
    int audience;

    TRY(store_content(issue->store, content, err));
    if (memcmp(content, issue->freeze.what.content, 32) != 0)
        return fail(err, HY_BUSY, "公布时数据库又读入了文件，请再运行一次 (changed)");
    for (audience = 0; audience < EDITIONS; audience++)
        TRY(hash_edition(issue, audience, err));
    TRY(add_receipt(issue, err));
    for (audience = 0; audience < EDITIONS; audience++)
        TRY(place_files(issue, audience, err));
    for (audience = EDITIONS - 1; audience >= 0 && status == HY_OK; audience--)
        status = place_list(issue, audience, err);
    if (status == HY_OK)
        status = store_publish(issue->store, &issue->freeze.what, err);
    for (audience = 0; audience < EDITIONS && status != HY_OK; audience++)
        (void)unlink(list_path(issue, audience)); /* then it is not published */
    return status;
}

static void say_done(const struct issue *issue)
{
    const struct session *session = issue->session;
    const struct freeze *freeze = &issue->freeze;
    struct arena *memory = session->memory;
    int revision = freeze->what.revision;
    unsigned char public_key[32];
    char hex[65];

    key_public(store_key(issue->store), public_key);
    hash_hex(public_key, hex);
    say_line(session,
             wording_say(session->wording, memory,
                         revision == 0 ? "publish.done" : "publish.revised", "month",
                         say_month(session->wording, memory, freeze->what.month),
                         "code", freeze->code, "revision",
                         arena_printf(memory, "%d", revision), NULL));
    say_line(session, wording_say(session->wording, memory, "publish.folder", "folder",
                                  issue->folder, NULL));
    say_line(session,
             wording_say(session->wording, memory, "publish.key", "key", hex, NULL));
}

/* The code of an issue is the one its list carries. */
static enum status say_same(const struct issue *issue)
{
    const struct session *session = issue->session;
    const struct freeze *freeze = &issue->freeze;
    struct arena *memory = session->memory;
    int revision = freeze->last->revision;
    const char *suffix = revision == 0 ? "" : arena_printf(memory, "r%d", revision);
    struct manifest manifest;
    struct error ignored;
    enum status read =
        manifest_read(arena_printf(memory, "%s/%s%s/public/" MANIFEST_NAME,
                                   session->out, freeze->month_name, suffix),
                      memory, &manifest, &ignored);

    say_line(session,
             wording_say(session->wording, memory, "publish.same", "month",
                         say_month(session->wording, memory, freeze->what.month),
                         "code", read == HY_OK ? manifest.code : "—", NULL));
    return HY_OK;
}

static enum status publish(struct issue *issue, struct error *err)
{
    enum status status;
    bool changed;

    TRY(freeze_gather(&issue->freeze, issue->store, err));
    TRY(compare_last(issue, &changed, err));
    if (!changed)
        return say_same(issue);
    choose_folder(issue);
    freeze_data(&issue->freeze, store_key(issue->store));
    status = press_all(issue, err);
    if (status == HY_OK)
        status = settle(issue, err);
    clear_stage(issue);
    if (status == HY_OK)
        say_done(issue);
    return status;
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct figures figures = { 0 };
    struct session session;
    struct issue issue = { .session = &session, .figures = &figures };
    enum status status;
    bool chosen;
    int32_t month;

    issue.freeze = (struct freeze){ .session = &session, .figures = &figures };
    TRY(session_open(&session, options, memory, err));
    issue.why = option_text(options, "why");
    if (issue.why != NULL
        && (strlen(issue.why) != 1 || strchr("LCDME", issue.why[0]) == NULL))
        return fail(err, HY_USAGE, "--why 只有 L C D M E，没有“%s” (reason)",
                    issue.why);
    TRY(press_ready(&session, err));
    TRY(figures_facts(&figures, &session, NEED_NUMBERS, err));
    TRY(choose_month(options, &figures.facts.ledger, &month, &chosen, err));
    TRY(figures_compute(&figures, &session, month, month, SERIES_MONTHS, err));
    TRY(check_complete(&issue, err));
    status = store_open(&issue.store, session.db, STORE_WRITE, err);
    if (status == HY_OK)
        status = publish(&issue, err);
    store_close(issue.store);
    return status;
}

const struct verb verb_publish = {
    .name = "publish",
    .operands = "",
    .summary = "公布一个月，从此不变 / freeze a month and sign its list",
    .options = options_of,
    .run = run,
};
