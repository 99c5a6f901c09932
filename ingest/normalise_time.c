/* normalise_time.c - instants and durations out of cells. */
#include <stdio.h>
#include <string.h>

#include "ingest/normalise_parts.h"

enum {
    FIRST_DAY = 7305 /* 1990-01-01 */,
    LAST_DAY = 47847 /* 2101-01-01 */,
    EXCEL_TIMES_END = -25202 /* 1901-01-01: before it a cell holds a time of day */
};

static bool empty_mark(struct text text)
{
    static const char *const marks[] = { "-",    "--",   "/",    "—",   "——", "无",
                                         "暂无", "null", "NULL", "N/A", "\\N" };
    size_t i;

    if (text.length > strlen("暂无"))
        return false;
    for (i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (text_is(text, marks[i]))
            return true;
    return text.length == 0;
}

bool time_of(const struct slot *slot, struct text text, const struct cell *single,
             int64_t *time, bool *date_only)
{
    if (single != NULL
        && (single->kind == CELL_DATE || single->kind == CELL_DATETIME)) {
        *time = single->time;
        *date_only = single->kind == CELL_DATE;
        if (!*date_only)
            *time += slot->dates.shift;
        return *time >= (int64_t)FIRST_DAY * DAY_SECONDS
               && *time < (int64_t)LAST_DAY * DAY_SECONDS;
    }
    return date_parse(text, &slot->dates, time, date_only);
}

static bool bare_number(struct text text, double *number)
{
    char copy[32];
    double value = 0;
    int used = 0;

    if (text.length == 0 || text.length >= sizeof copy || text.at[0] < '0'
        || text.at[0] > '9')
        return false;
    memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    if (strspn(copy, "0123456789.") != text.length
        || sscanf(copy, "%lf%n", &value, &used) != 1 || (uint32_t)used != text.length)
        return false;
    *number = value;
    return true;
}

bool seconds_of(const struct slot *slot, struct text text, const struct cell *single,
                int64_t *seconds)
{
    double number;

    if (single != NULL && (single->kind == CELL_DATE || single->kind == CELL_DATETIME)
        && single->time < (int64_t)EXCEL_TIMES_END * DAY_SECONDS) {
        *seconds = (single->time % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS;
        return true;
    }
    if (bare_number(text, &number)) {
        if (slot->unit == 0 || number * slot->unit > 1e9)
            return false;
        *seconds = (int64_t)(number * slot->unit + 0.5);
        return true;
    }
    return span_parse(text, seconds) == SPAN_SECONDS;
}

/* "24小时", "3个工作日" in a column of deadlines: counted from the receipt. */
static bool settle(struct passage *p, int field, int64_t received)
{
    struct record_value *value = &p->record->value[field];
    const struct settings *settings = p->n->settings;
    int64_t amount;

    switch (span_parse(p->span[field], &amount)) {
    case SPAN_SECONDS:
        value->number = received + amount;
        break;
    case SPAN_WORKDAYS:
        if (settings == NULL || settings->calendar.first_year == 0
            || !calendar_covers(&settings->calendar, received,
                                received + (amount * 2 + 10) * DAY_SECONDS))
            return false;
        p->n->told++;
        value->number =
            calendar_due(&settings->calendar, CLOCK_WORKDAY, received, amount);
        break;
    case SPAN_NONE:
        return false;
    }
    value->empty = false;
    value->date_only = false;
    return true;
}

void spans_settle(struct passage *p)
{
    const struct record_value *received = &p->record->value[F_RECEIVED_AT];
    uint32_t i;

    if (p->n->map->kind != KIND_TICKET && p->n->map->kind != KIND_HISTORY
        && p->n->map->kind != KIND_PARTIAL)
        return;
    for (i = 0; i < p->n->slot_count; i++) {
        int field = p->n->slots[i].target;

        if (field < 0 || p->span[field].length == 0)
            continue;
        if (received->empty || field == F_RECEIVED_AT || field == F_RECORDED_AT
            || !settle(p, field, received->number))
            strange(p->n, i, p->span[field], p->batch);
        else if (field == F_DUE_AT)
            normaliser_note(p->n,
                            "办结时限是时长，从受理时间起算 (deadline column holds "
                            "durations)");
        else
            normaliser_note(p->n,
                            "有的时间列写的是时长，从受理时间起算 (a column of times "
                            "holds durations)");
    }
}

/* Joined dates and clocks: a date cell gives its day, a clock cell its time. */
static struct text piece_text(const struct cell *cell, bool joined, struct arena *batch)
{
    char out[20];
    double fraction;

    if (!joined)
        return text_trim(cell->text);
    if (cell->kind == CELL_DATE || cell->kind == CELL_DATETIME) {
        time_print(cell->time, cell->time % DAY_SECONDS == 0, out);
        if (cell->time < (int64_t)EXCEL_TIMES_END * DAY_SECONDS) {
            time_print(cell->time, false, out);
            memmove(out, out + 11, 9);
        }
        return text_of(arena_copy(batch, out, strlen(out)));
    }
    if (cell->kind == CELL_NUMBER && cell->text.length > 1 && cell->text.at[0] == '0'
        && bare_number(cell->text, &fraction) && fraction < 1.0) {
        int64_t seconds = (int64_t)(fraction * DAY_SECONDS + 0.5);

        time_print(seconds % DAY_SECONDS, false, out);
        return text_of(arena_copy(batch, out + 11, 8));
    }
    return text_trim(cell->text);
}

static const struct cell no_cell = { { NULL, 0 }, CELL_ABSENT, 0 };

static const struct cell *cell_of(const struct row *row, int column)
{
    return column >= 0 && (uint32_t)column < row->count ? &row->cells[column]
                                                        : &no_cell;
}

static struct text choice_text(struct passage *p, const struct bound_choice *choice)
{
    struct text piece[32];
    size_t i, total = 0, used = 0, count = choice->count < 32 ? choice->count : 32;
    bool any = false, constant = true;
    char *out;

    for (i = 0; i < count; i++) {
        int column = choice->pieces[i].column;

        piece[i] = column < 0 ? choice->pieces[i].text
                              : piece_text(cell_of(p->row, column), true, p->batch);
        if (column >= 0) {
            constant = false;
            if (is_null(p->n, piece[i], p->batch))
                piece[i].length = 0;
            any = any || piece[i].length > 0;
        }
        total += piece[i].length;
    }
    if (!any && !constant)
        return (struct text){ "", 0 };
    out = arena_alloc(p->batch, total + 1);
    for (i = 0; i < count; i++) {
        if (piece[i].length > 0)
            memcpy(out + used, piece[i].at, piece[i].length);
        used += piece[i].length;
    }
    return text_trim((struct text){ out, (uint32_t)total });
}

/* "... when EVENT is ABANDON" */
static bool condition_holds(struct passage *p, const struct bound_choice *choice)
{
    return choice->is == NULL
           || pattern_match(choice->is,
                            text_fold(piece_text(cell_of(p->row, choice->when), false,
                                                 p->batch),
                                      p->batch));
}

/* The first alternative that is not empty; *single is its cell where it is one
 * column alone (a real date cell keeps its time). */
struct text rule_text(struct passage *p, const struct slot *slot,
                      const struct cell **single)
{
    size_t i;

    *single = NULL;
    for (i = 0; i < slot->bound->choice_count; i++) {
        const struct bound_choice *choice = &slot->bound->choices[i];
        struct text text;

        if (!condition_holds(p, choice))
            continue;
        if (choice->count == 1 && choice->pieces[0].column >= 0) {
            const struct cell *cell = cell_of(p->row, choice->pieces[0].column);

            text = piece_text(cell, false, p->batch);
            if (text.length > 0 && !is_null(p->n, text, p->batch)) {
                *single = cell;
                return text;
            }
            continue;
        }
        text = choice->count == 1 ? choice->pieces[0].text : choice_text(p, choice);
        if (text.length > 0)
            return text;
    }
    return (struct text){ "", 0 };
}

bool is_null(const struct normaliser *n, struct text text, struct arena *batch)
{
    size_t i;

    if (text.length == 0 || text.length > n->longest_null
        || !n->null_first[(unsigned char)text.at[0]])
        return false;
    if (empty_mark(text) && n->map->generic)
        return true;
    if (n->map->null_count == 0)
        return false;
    text = text_fold(text, batch);
    for (i = 0; i < n->map->null_count; i++)
        if (pattern_match(&n->map->nulls[i], text))
            return true;
    return false;
}

bool time_blank(struct text text)
{
    return empty_mark(text);
}
