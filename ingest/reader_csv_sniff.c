/* reader_csv_sniff.c - which delimiter and which line ends a text has, by content. */
#include "ingest/reader_csv.h"

#include <string.h>

enum {
    SNIFF_BYTES = 256 * 1024,
    SNIFF_RECORDS = 200,
    SNIFF_COLUMNS = 64 /* more count as so many */
};

static const struct csv_form candidates[] = {
    { ",", 1, false }, { "\t", 1, false },           { ";", 1, false },
    { "|", 1, false }, { "\xEF\xBC\x8C", 3, false },
};

/* Line ends outside quotes decide: a stray CR inside a cell is text. */
static bool lone_cr(const char *at, const char *end)
{
    size_t cr = 0, lf = 0;
    bool quoted = false;

    for (; at < end; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (quoted)
            continue;
        else if (*at == '\n')
            lf++;
        else if (*at == '\r' && at + 1 < end && at[1] != '\n')
            cr++;
    }
    return cr > lf;
}

/* How well a form cuts the text: the share of records that have the commonest
 * number of columns, and how many these are. */
static double fitness(const char *at, const char *end, struct csv_form form,
                      struct arena *memory)
{
    struct csv_scan scan = {
        .at = at, .end = end, .form = form, .line = 1, .file = memory
    };
    size_t of_width[SNIFF_COLUMNS + 1] = { 0 }, records = 0, commonest = 1;
    struct row row;
    double share, width;

    while (records < SNIFF_RECORDS && csv_record(&scan, memory, &row)) {
        if (row.count == 1 && row.cells[0].text.length == 0)
            continue;
        of_width[row.count < SNIFF_COLUMNS ? row.count : SNIFF_COLUMNS]++;
        records++;
    }
    for (size_t i = 2; i <= SNIFF_COLUMNS; i++)
        if (of_width[i] > 0 && of_width[i] >= of_width[commonest])
            commonest = i;
    if (records == 0 || commonest == 1)
        return 0.0;
    share = (double)of_width[commonest] / (double)records;
    width = (double)(commonest < 16 ? commonest : 16);
    return share * share * (1.0 + width / 16.0);
}

struct csv_form csv_sniff(const char *at, const char *end)
{
    struct arena *memory = arena_new();
    struct csv_form best = candidates[0];
    double most = 0.0;
    bool cr;

    if (end - at > SNIFF_BYTES)
        end = at + SNIFF_BYTES;
    cr = lone_cr(at, end);
    best.lone_cr = cr;
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        struct csv_form form = candidates[i];
        double fit;

        form.lone_cr = cr;
        fit = fitness(at, end, form, memory);
        if (fit > most) {
            most = fit;
            best = form;
        }
        arena_reset(memory);
    }
    arena_free(memory);
    return best;
}
