/* verb_rejects.c - `huiyin rejects`: the rows that could not be counted, and why. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/json.h"
#include "cli/rejects.h"

static void print_json(const struct reject_line *lines, size_t count)
{
    size_t i;

    puts("[");
    for (i = 0; i < count; i++) {
        printf("{\"batch\":%" PRId64 ",\"file\":", lines[i].batch);
        json_string(stdout, lines[i].file);
        fputs(",\"sheet\":", stdout);
        json_string(stdout, lines[i].sheet);
        printf(",\"row\":%" PRIu64 ",\"number\":\"%s\",\"reason\":\"%s\",\"field\":",
               lines[i].row_no, lines[i].number, reject_name(lines[i].reason));
        json_string(stdout, lines[i].field);
        puts(i + 1 < count ? "}," : "}");
    }
    puts("]");
}

/* The row itself may name people: it stays sealed here. */
static void print_lines(const struct session *session, const struct reject_line *lines,
                        size_t count)
{
    struct arena *memory = session->memory;
    size_t i;

    if (count == 0)
        say_always(wording_get(session->wording, "rejects.none"));
    for (i = 0; i < count; i++)
        say_always(wording_say(
            session->wording, memory, "rejects.line", "batch",
            arena_printf(memory, "%lld", (long long)lines[i].batch), "file",
            lines[i].file, "sheet", lines[i].sheet != NULL ? lines[i].sheet : "", "row",
            arena_printf(memory, "%llu", (unsigned long long)lines[i].row_no), "reason",
            wording_get(session->wording, arena_printf(memory, "reject.%s",
                                                       reject_name(lines[i].reason))),
            "field", lines[i].field != NULL ? lines[i].field : "", NULL));
}

static enum status export(const struct session *session, struct store *store,
                          const char *path, struct error *err) {
    size_t length = strlen(path); int64_t count, left;

    if (length < 6 || strcmp(path + length - 5, ".xlsx") != 0) return fail(
        err, HY_USAGE, "--export 写出 .xlsx，不能是“%s” (a .xlsx, please)", path);
    TRY(rejects_export(session, store, path, &count, &left, err));
    if (count == 0 && left == 0)
        say_always(wording_get(session->wording, "rejects.none"));
    rejects_tell(session, path, count, left);
    return HY_OK;
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    const struct reject_line *lines;
    struct session session;
    struct store *store = NULL;
    enum status status;
    size_t count;

    TRY(session_open(&session, options, memory, err));
    status = store_open(&store, session.db, STORE_READ, err);
    if (status == HY_OK && option_text(options, "export") != NULL) {
        status = export(&session, store, option_text(options, "export"), err);
        store_close(store);
        return status;
    }
    if (status == HY_OK)
        status = store_rejects(store, memory, &lines, &count, err);
    if (status == HY_OK && session.json)
        print_json(lines, count);
    else if (status == HY_OK)
        print_lines(&session, lines, count);
    store_close(store);
    return status;
}

static const struct option_spec options_of[] = {
    { "export", "FILE.xlsx",
      "写成表格，补好再读入 / as a workbook to be mended and read", NULL, OPTION_TEXT,
      false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

const struct verb verb_rejects = {
    .name = "rejects",
    .operands = "",
    .options = options_of,
    .summary = "退回的行与原因 / rows that could not be counted, and why",
    .run = run,
};
