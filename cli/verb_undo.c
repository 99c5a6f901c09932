/* verb_undo.c - `huiyin undo BATCH`: as if that file had never come. */
#include <stdlib.h>

#include "cli/session.h"

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct session session;
    struct store *store = NULL;
    enum status status;
    char *end;
    long batch;

    TRY(session_open(&session, options, memory, err));
    if (operand_count(options) != 1)
        return fail(err, HY_USAGE,
                    "撤销哪一批？批号见 huiyin status (undo needs a batch)");
    batch = strtol(operand(options, 0), &end, 10);
    if (end == operand(options, 0) || *end != '\0' || batch <= 0)
        return fail(err, HY_USAGE, "批号是整数，见 huiyin status，不能是“%s”",
                    operand(options, 0));
    status = store_open(&store, session.db, STORE_WRITE, err);
    if (status == HY_OK)
        status = store_undo(store, batch, err);
    if (status == HY_OK)
        say_line(&session, wording_say(session.wording, memory, "undo.done", "batch",
                                       operand(options, 0), NULL));
    store_close(store);
    return status;
}

const struct verb verb_undo = {
    .name = "undo",
    .operands = "BATCH",
    .summary = "撤销一批，如同从未读入 / as if a file had never come",
    .run = run,
};
