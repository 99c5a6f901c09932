/* verb_status.c - `huiyin status`: what is in the database, file by file. */
#include <stdio.h>

#include "cli/session.h"

static const struct option_spec options_of[] = {
    { "content", NULL, "只印内容指纹 / only the content hash", NULL, OPTION_FLAG,
      false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

static enum status print_content(struct store *store, struct error *err)
{
    unsigned char hash[32];
    char hex[65];

    TRY(store_content(store, hash, err));
    hash_hex(hash, hex);
    say_always(hex);
    return HY_OK;
}

static enum status print_batches(const struct session *session, struct store *store,
                                 struct error *err)
{
    const struct batch_line *lines;
    struct arena *memory = session->memory;
    size_t count, i;

    TRY(store_batches(store, memory, &lines, &count, err));
    if (count == 0)
        say_always(wording_get(session->wording, "status.empty"));
    for (i = 0; i < count; i++) {
        const struct counts *counts = &lines[i].counts;

        say_always(wording_say(session->wording, memory,
                               lines[i].live ? "status.line" : "status.undone", "batch",
                               arena_printf(memory, "%lld", (long long)lines[i].batch),
                               "file", lines[i].name, "format", lines[i].format, "sha",
                               arena_printf(memory, "%.12s", lines[i].sha256), "rows",
                               say_count(memory, counts->rows), "loaded",
                               say_count(memory, counts->loaded), "updated",
                               say_count(memory, counts->updated), "duplicate",
                               say_count(memory, counts->duplicate), "rejected",
                               say_count(memory, counts->rejected), "skipped",
                               say_count(memory, counts->skipped), NULL));
    }
    return HY_OK;
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct session session;
    struct store *store = NULL;
    enum status status;

    TRY(session_open(&session, options, memory, err));
    status = store_open(&store, session.db, STORE_READ, err);
    if (status == HY_OK)
        status = option_flag(options, "content") ? print_content(store, err)
                                                 : print_batches(&session, store, err);
    store_close(store);
    return status;
}

const struct verb verb_status = {
    .name = "status",
    .operands = "",
    .summary = "库里有什么 / what is in the database",
    .options = options_of,
    .run = run,
};
