/* verb_ingest.c - `huiyin ingest FILE...`: files into the database. */
#include <stdlib.h>

#include "cli/feed.h"

static const struct option_spec options_of[] = {
    { "map", "NAME", "用这个来源说明 / read by this map", NULL, OPTION_TEXT, false },
    { "as-of", "TIME", "文件说的是哪个时刻 / the time the rows speak of", NULL,
      OPTION_TEXT, false },
    { "sheet", "NAME", "只读这张工作表 / only this sheet", NULL, OPTION_TEXT, false },
    { "header-row", "N", "表头在第几行 / the header's row", NULL, OPTION_NUMBER,
      false },
    { "encoding", "NAME", "文字编码 / encoding", NULL, OPTION_TEXT, false },
    { "dry-run", NULL, "试读，不写入 / load, print, take back", NULL, OPTION_FLAG,
      false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

/* What to do about rejected rows.  Those of a file held already were told of before,
 * and may have been mended since. */
static void say_remedy(const struct feed *feed)
{
    const struct session *session = feed->session;
    int64_t rejected = 0;
    size_t i;

    for (i = 0; i < feed->report_count; i++)
        if (!feed->reports[i]->known)
            rejected += feed->reports[i]->counts.rejected;
    if (rejected > 0 && !feed->load.dry_run)
        say_line(session, wording_say(session->wording, session->memory, "ingest.mend",
                                      "n", say_count(session->memory, rejected), NULL));
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct session session;
    struct feed feed = { 0 };
    enum status status;
    size_t i;

    TRY(session_open(&session, options, memory, err));
    if (operand_count(options) == 0)
        return fail(err, HY_USAGE, "要读哪个文件？写法：huiyin ingest 文件或文件夹");
    status = feed_open(&feed, &session, err);
    if (status != HY_OK)
        goto done;
    feed.load.map = option_text(options, "map");
    feed.load.as_of = option_text(options, "as-of");
    feed.load.sheet = option_text(options, "sheet");
    feed.load.encoding = option_text(options, "encoding");
    feed.load.dry_run = option_flag(options, "dry-run");
    if (option_text(options, "header-row") != NULL)
        feed.load.header_row =
            (int)strtol(option_text(options, "header-row"), NULL, 10);
    for (i = 0; i < operand_count(options); i++)
        feed_path(&feed, operand(options, i));
    if (session.json)
        feed_print_json(&feed);
    else
        say_remedy(&feed);
    status = feed_outcome(&feed, err);
done:
    feed_close(&feed);
    return status;
}

const struct verb verb_ingest = {
    .name = "ingest",
    .operands = "FILE...",
    .summary = "读入文件或文件夹 / read files into the database",
    .options = options_of,
    .run = run,
};
