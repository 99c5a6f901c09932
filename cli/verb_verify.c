/*
 * verb_verify.c - `huiyin verify DIR`: has anything been changed since it was
 * published?  From the files alone, or against the database too.
 */
#include <stdio.h>
#include <string.h>

#include "cli/freeze.h"
#include "core/calendar.h"
#include "core/file.h"

static const struct option_spec options_of[] = {
    { "against-database", NULL, "同数据库比 / and with the database", NULL, OPTION_FLAG,
      false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

enum { SERIES_MONTHS = 24 };

struct check {
    const struct session *session;
    const char *folder; /* holds one 清单.txt */
    struct manifest manifest;
    unsigned char hash[32]; /* of the list itself */
    enum status status;     /* the worst; every fault is said */
};

static void fault(struct check *check, const char *text)
{
    say_error(text);
    check->status = HY_DATA;
}

static bool listed(const struct manifest *manifest, const char *name)
{
    size_t i;

    for (i = 0; i < manifest->file_count; i++)
        if (strcmp(manifest->files[i].name, name) == 0)
            return true;
    return strcmp(name, MANIFEST_NAME) == 0 || name[0] == '.';
}

static enum status check_files(struct check *check, struct error *err)
{
    const struct manifest *manifest = &check->manifest;
    struct arena *memory = check->session->memory;
    const char *const *names;
    size_t count, i;

    for (i = 0; i < manifest->file_count; i++) {
        const char *path =
            arena_printf(memory, "%s/%s", check->folder, manifest->files[i].name);
        unsigned char hash[32];
        struct error one;
        char hex[65] = "";

        if (!file_exists(path)) {
            fault(check,
                  arena_printf(memory, "%s：清单里有，这里没有 (missing)", path));
            continue;
        }
        if (hash_file(path, hash, &one) == HY_OK)
            hash_hex(hash, hex);
        if (strcmp(hex, manifest->files[i].sha256) != 0)
            fault(check, arena_printf(
                             memory,
                             "%s：内容与公布时不同 (changed)　清单 %.12s…，现在 %.12s…",
                             path, manifest->files[i].sha256, hex));
    }
    TRY(file_list(check->folder, memory, &names, &count, err));
    for (i = 0; i < count; i++)
        if (!listed(manifest, names[i]))
            say_always(wording_say(check->session->wording, memory, "verify.unlisted",
                                   "file", names[i], NULL));
    return HY_OK;
}

/* --- the chain
 * ------------------------------------------------------------------------ */

/* OUT of OUT/2026-10/public */
static const char *upper(const char *path, struct arena *memory)
{
    size_t length = strlen(path);

    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length == 0 ? "." : arena_copy(memory, path, length);
}

static bool follows(const struct check *check, const char *path, struct error *err)
{
    unsigned char hash[32];
    char hex[65];

    if (!file_exists(path) || hash_file(path, hash, err) != HY_OK)
        return false;
    hash_hex(hash, hex);
    return strcmp(hex, check->manifest.previous) == 0;
}

static void check_chain(struct check *check)
{
    const struct wording *wording = check->session->wording;
    struct arena *memory = check->session->memory;
    const char *out = upper(upper(check->folder, memory), memory);
    const char *const *names;
    struct error ignored;
    size_t count = 0, i;

    if (strcmp(check->manifest.previous, "-") == 0) {
        say_line(check->session, wording_get(wording, "verify.first"));
        return;
    }
    if (file_list(out, memory, &names, &count, &ignored) != HY_OK)
        count = 0;
    for (i = 0; i < count; i++) {
        const char *path =
            arena_printf(memory, "%s/%s/public/" MANIFEST_NAME, out, names[i]);
        struct manifest before;

        if (!follows(check, path, &ignored))
            continue;
        if (manifest_read(path, memory, &before, &ignored) != HY_OK
            || memcmp(before.public_key, check->manifest.public_key, 32) != 0)
            fault(check,
                  arena_printf(memory, "%s：签名的钥匙与本期不同 (key changed)", path));
        say_line(check->session,
                 wording_say(wording, memory, "verify.chain", "folder",
                             arena_printf(memory, "%s/%s", out, names[i]), NULL));
        return;
    }
    say_line(check->session, wording_get(wording, "verify.nochain"));
}

static enum status check_folder(struct check *check, struct error *err)
{
    struct arena *memory = check->session->memory;
    const char *path = arena_printf(memory, "%s/" MANIFEST_NAME, check->folder);

    TRY(manifest_read(path, memory, &check->manifest, err));
    TRY(manifest_check(&check->manifest, path, err));
    hash_bytes(check->manifest.text, check->manifest.length, check->hash);
    TRY(check_files(check, err));
    if (check->status == HY_OK)
        say_line(check->session,
                 wording_say(check->session->wording, memory, "verify.good", "folder",
                             check->folder, "n",
                             say_count(memory, (int64_t)check->manifest.file_count),
                             "code", check->manifest.code, NULL));
    check_chain(check);
    return HY_OK;
}

/* --- the database
 * ----------------------------------------------------------------------- */

static enum status compare_figures(struct check *check, struct freeze *freeze,
                                   struct store *store,
                                   const struct published_line *line, int audience,
                                   struct error *err)
{
    const struct difference *differences;
    struct arena *memory = check->session->memory;
    size_t count;

    TRY(freeze_compare(freeze, store, line, audience, &differences, &count, err));
    if (count > 0) {
        const struct shown_row *first =
            differences[0].now != NULL ? differences[0].now : differences[0].was;

        freeze_say(freeze, differences, count, freeze_reason(freeze, line));
        fault(check,
              arena_printf(memory,
                           "%s：数据库现在算出来的与公布的不同，头一个是 %s %s %s "
                           "(database changed)",
                           check->folder, first->metric, first->dimension, first->key));
        return HY_OK;
    }
    say_line(check->session,
             wording_say(check->session->wording, memory, "verify.database", "n",
                         say_count(memory, (int64_t)freeze->what.editions[audience]
                                               .shown_count),
                         NULL));
    return HY_OK;
}

static enum status check_record(struct check *check, struct freeze *freeze,
                                struct store *store, struct error *err)
{
    const struct manifest *manifest = &check->manifest;
    struct arena *memory = check->session->memory;
    int audience = audience_find(manifest->edition);
    unsigned char public_key[32];
    size_t i;

    if (audience < 0)
        return fail(err, HY_DATA, "%s：没有 %s 这种版 (edition)", check->folder,
                    manifest->edition);
    if (store_key(store) != NULL) {
        key_public(store_key(store), public_key);
        if (memcmp(public_key, manifest->public_key, 32) != 0)
            fault(check,
                  arena_printf(memory, "%s：不是用这个数据库的钥匙签的 (foreign key)",
                               check->folder));
    }
    for (i = 0; i < freeze->published_count; i++)
        if (memcmp(freeze->published[i].manifest[audience], check->hash, 32) == 0)
            return compare_figures(check, freeze, store, &freeze->published[i],
                                   audience, err);
    fault(check,
          arena_printf(memory, "%s：数据库里没有这份清单的公布记录 (not on record)",
                       check->folder));
    return HY_OK;
}

static enum status check_database(struct check *checks, size_t count,
                                  struct session *session, struct error *err)
{
    struct figures figures = { 0 };
    struct freeze freeze = { .session = session, .figures = &figures };
    struct store *store = NULL;
    enum status status;
    int32_t month;
    size_t i;

    if (!month_parse(checks[0].manifest.month, &month))
        return fail(err, HY_DATA, "%s：清单里的月份看不懂 (month)", checks[0].folder);
    TRY(figures_facts(&figures, session, 0, err));
    TRY(figures_compute(&figures, session, month, month, SERIES_MONTHS, err));
    status = store_open(&store, session->db, STORE_READ, err);
    if (status == HY_OK)
        status = freeze_gather(&freeze, store, err);
    for (i = 0; i < count && status == HY_OK; i++)
        status = check_record(&checks[i], &freeze, store, err);
    store_close(store);
    return status;
}

/* DIR is one edition, or the month with its editions below. */
static size_t find_folders(const struct session *session, const char *given,
                           struct check checks[EDITIONS])
{
    struct arena *memory = session->memory;
    size_t length = strlen(given), count = 0;
    const char *root;
    int audience;

    while (length > 1 && given[length - 1] == '/')
        length--;
    root = arena_copy(memory, given, length);
    if (file_exists(arena_printf(memory, "%s/" MANIFEST_NAME, root))) {
        checks[0] = (struct check){ .session = session, .folder = root };
        return 1;
    }
    for (audience = 0; audience < EDITIONS; audience++) {
        const char *folder =
            arena_printf(memory, "%s/%s", root, audience_name((enum audience)audience));

        if (file_exists(arena_printf(memory, "%s/" MANIFEST_NAME, folder)))
            checks[count++] = (struct check){ .session = session, .folder = folder };
    }
    return count;
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct check checks[EDITIONS];
    struct session session;
    enum status status = HY_OK, worst = HY_OK;
    size_t count, i;

    TRY(session_open(&session, options, memory, err));
    if (operand_count(options) != 1)
        return fail(
            err, HY_USAGE,
            "核对哪一期？写它的文件夹，如 reports/2026-10 (verify needs a folder)");
    count = find_folders(&session, operand(options, 0), checks);
    if (count == 0)
        return fail(err, HY_NOINPUT,
                    "%s：没有 " MANIFEST_NAME "，不是公布的文件夹 (no list)",
                    operand(options, 0));
    for (i = 0; i < count; i++) {
        struct error one = { .status = HY_OK };

        status = check_folder(&checks[i], &one);
        if (status != HY_OK)
            say_error(one.text);
        worst = worse(worst, worse(status, checks[i].status));
    }
    if (worst == HY_OK && option_flag(options, "against-database")) {
        TRY(check_database(checks, count, &session, err));
        for (i = 0; i < count; i++)
            worst = worse(worst, checks[i].status);
    }
    return worst == HY_OK ? HY_OK : fail(err, worst, "%s", "");
}

const struct verb verb_verify = {
    .name = "verify",
    .operands = "DIR",
    .summary = "核对公布的文件有没有被改 / has a published file been changed",
    .options = options_of,
    .run = run,
};
