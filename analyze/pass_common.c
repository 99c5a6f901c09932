/* pass_common.c - one cause, many households: REC-05 by the scan statistic. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/order.h"
#include "analyze/passes.h"
#include "analyze/stats_rate.h"
#include "analyze/stats_recur.h"
#include "analyze/tally.h"
#include "core/store.h"
#include "core/wording.h"

enum {
    HOUSEHOLDS = 5,   /* DOMAIN 2.6: h */
    TESTED = 3,       /* below it there is no scan statistic */
    BURSTS_A_KEY = 8, /* of one subject and area in a month */
    HISTORY_DAYS = 365,
    RECENT_DAYS = 90,
    TIMES_EXPECTED = 3,    /* weekdays and rain alone double a day */
    TABLE_LIMIT = 1 << 22, /* subjects x areas counted at once */
    NAMED_BUILDINGS = 4,
    WINDOWS = 2,
    COLUMNS = 4
};

static const double windows[WINDOWS] = { 1, 7 }; /* days */
static const double psi_least = 0.05;            /* METHODS 2.5 */
static const double false_share = 0.05;          /* Benjamini-Hochberg */

enum level { LEVEL_BUILDING, LEVEL_GRID, LEVEL_ESTATE, LEVELS };

struct report {
    int64_t at;
    uint32_t ticket, home, category; /* category: index in its split */
};

struct burst {
    double p;
    int64_t from, until; /* first and last report */
    uint32_t category, area;
    uint8_t level, window;
    bool enough, kept;
};

struct work {
    const struct lifecycles *lives;
    const struct split *category, *areas[LEVELS];
    struct arena *scratch;
    struct report *reports; /* by time */
    size_t report_count;
    struct burst *bursts;
    size_t burst_count, burst_room;
};

static const struct split *split_of(const struct splits *splits, enum dimension wanted)
{
    size_t s;

    for (s = 0; s < SPLIT_COUNT; s++)
        if (splits->items[s].dimension == wanted)
            return &splits->items[s];
    return &splits->items[0];
}

/* A front door, else a caller; 0 when neither is known: not provably another one. */
static uint32_t home_of(const struct tickets *tickets, uint32_t i)
{
    if (tickets->household != NULL && tickets->household[i] != 0)
        return tickets->household[i];
    if (tickets->contact != NULL && tickets->contact[i] != 0)
        return tickets->contact[i] | (uint32_t)1 << 31;
    return 0;
}

/* Merged children count as households; voids and praise do not. */
static bool tells(const struct work *work, uint32_t i)
{
    const struct history *history = work->lives->history;
    const struct tickets *tickets = &history->facts->tickets;

    if (history->standing[i] == STANDING_VOID
        && history->left[i] < work->lives->period.cutoff)
        return false;
    return tickets->nature == NULL || tickets->nature[i] != NATURE_PRAISE;
}

static void collect(struct work *work)
{
    const struct lifecycles *lives = work->lives;
    const struct tickets *tickets = &lives->history->facts->tickets;
    size_t i;

    work->reports =
        arena_alloc(work->scratch, (lives->count + 1) * sizeof *work->reports);
    for (i = 0; i < lives->count; i++) {
        uint32_t ticket = lives->items[i].ticket, home = home_of(tickets, ticket);
        size_t category = split_index(work->category, ticket);

        if ((lives->items[i].marks & LIFE_RECEIVED) == 0 || home == 0 || category == 0
            || !tells(work, ticket))
            continue;
        work->reports[work->report_count++] =
            (struct report){ tickets->received[ticket], ticket, home,
                             (uint32_t)category };
    }
}

static uint32_t area_of(const struct work *work, enum level level, uint32_t ticket)
{
    return level == LEVEL_ESTATE ? 1
                                 : (uint32_t)split_index(work->areas[level], ticket);
}

static size_t areas_of(const struct work *work, enum level level)
{
    return level == LEVEL_ESTATE ? 2 : work->areas[level]->size;
}

/* --- what is usual ---------------------------------------------------------------- */

struct usual {
    uint32_t *year, *recent; /* subject x area, of the days before the month */
    size_t areas;
    double days; /* of the year, as far as there are data */
};

static struct usual count_usual(const struct work *work, enum level level)
{
    const struct tickets *tickets = &work->lives->history->facts->tickets;
    struct usual usual = { .areas = areas_of(work, level) };
    size_t cells = work->category->size * usual.areas, i = tickets->count;
    int64_t until = work->lives->period.from;
    int64_t from = until - (int64_t)HISTORY_DAYS * DAY_SECONDS;
    int64_t recent = until - (int64_t)RECENT_DAYS * DAY_SECONDS;

    usual.year = arena_alloc(work->scratch, cells * sizeof *usual.year);
    usual.recent = arena_alloc(work->scratch, cells * sizeof *usual.recent);
    while (i > 0 && tickets->received[i - 1] >= until)
        i--;
    for (; i > 0 && tickets->received[i - 1] >= from; i--) {
        uint32_t ticket = (uint32_t)i - 1;
        size_t cell = split_index(work->category, ticket) * usual.areas
                      + area_of(work, level, ticket);

        if (!tells(work, ticket))
            continue;
        usual.year[cell]++;
        usual.recent[cell] += tickets->received[ticket] >= recent;
    }
    if (tickets->count > 0 && tickets->received[0] > from)
        from = tickets->received[0];
    usual.days = until > from ? (double)(until - from) / DAY_SECONDS : 0;
    return usual;
}

/* Reports expected in a window: of the year or, where they were more (a season), of
 * the last 90 days; one is added, so that a subject never seen is not impossible.
 * With too short a history the rest of the month stands in. */
static double expected(const struct usual *usual, const struct burst *burst,
                       size_t count, size_t most, double month)
{
    size_t cell = burst->category * usual->areas + burst->area;
    double window = windows[burst->window];
    double year = usual->year[cell] + 1.0, recent = usual->recent[cell] + 1.0, psi;

    if (usual->days < RECENT_DAYS)
        psi = window * (year + (double)(count - most)) / (usual->days + month - window);
    else
        psi = window * fmax(year / usual->days, recent / RECENT_DAYS);
    return psi < psi_least ? psi_least : psi;
}

/* --- bursts ----------------------------------------------------------------------- */

/* Drops a home's report when it spoke already within the window; order is kept. */
static size_t one_a_home(const struct work *work, const struct ordered *rows,
                         size_t count, double window, uint32_t *kept)
{
    struct ordered *homes = arena_alloc(work->scratch, (count + 1) * sizeof *homes);
    uint8_t *again = arena_alloc(work->scratch, count + 1);
    int64_t span = (int64_t)window * DAY_SECONDS, last = 0;
    size_t found = 0, i;

    for (i = 0; i < count; i++)
        homes[i] = (struct ordered){ work->reports[rows[i].with].home, i };
    order_rows(homes, count, work->scratch);
    for (i = 0; i < count; i++) {
        int64_t at = work->reports[rows[homes[i].with].with].at;

        if (i > 0 && homes[i].key == homes[i - 1].key && at - last <= span)
            again[homes[i].with] = 1;
        else
            last = at;
    }
    for (i = 0; i < count; i++)
        if (again[i] == 0)
            kept[found++] = (uint32_t)rows[i].with;
    return found;
}

/* The fullest window: its first place and how many it holds. */
static size_t fullest(const struct work *work, const uint32_t *kept, size_t count,
                      double window, size_t *begin)
{
    int64_t span = (int64_t)window * DAY_SECONDS;
    size_t most = 0, first = 0, last;

    for (last = 0; last < count; last++) {
        while (work->reports[kept[last]].at - work->reports[kept[first]].at > span)
            first++;
        if (last - first + 1 > most) {
            most = last - first + 1;
            *begin = first;
        }
    }
    return most;
}

static void add_burst(struct work *work, const struct burst *burst)
{
    if (work->burst_count == work->burst_room) {
        size_t room = work->burst_room == 0 ? 64 : work->burst_room * 2;

        work->bursts = arena_grow(work->scratch, work->bursts,
                                  work->burst_count * sizeof *work->bursts,
                                  room * sizeof *work->bursts);
        work->burst_room = room;
    }
    work->bursts[work->burst_count++] = *burst;
}

static void scan_key(struct work *work, const struct usual *usual, struct burst burst,
                     const struct ordered *rows, size_t rows_count)
{
    double window = windows[burst.window];
    const struct period *period = &work->lives->period;
    double month = (double)(period->until - period->from) / DAY_SECONDS;
    uint32_t *kept = arena_alloc(work->scratch, (rows_count + 1) * sizeof *kept);
    size_t count = one_a_home(work, rows, rows_count, window, kept), round;

    for (round = 0; round < BURSTS_A_KEY && count >= TESTED; round++) {
        size_t begin = 0, most = fullest(work, kept, count, window, &begin), i;
        double psi = expected(usual, &burst, count, most, month);

        if (most < TESTED || (round > 0 && most < HOUSEHOLDS))
            return;
        burst.p = naus_scan((int)most, psi, month / window);
        burst.from = work->reports[kept[begin]].at;
        burst.until = work->reports[kept[begin + most - 1]].at;
        burst.enough = most >= HOUSEHOLDS && (double)most >= TIMES_EXPECTED * psi;
        add_burst(work, &burst);
        for (i = begin + most; i < count; i++)
            kept[i - most] = kept[i];
        count -= most;
    }
}

static void scan_level(struct work *work, enum level level)
{
    struct ordered *rows =
        arena_alloc(work->scratch, (work->report_count + 1) * sizeof *rows);
    struct usual usual;
    size_t count = 0, first, next, w, i;

    if (work->category->size * areas_of(work, level) > TABLE_LIMIT)
        return;
    usual = count_usual(work, level);
    for (i = 0; i < work->report_count; i++) {
        uint32_t area = area_of(work, level, work->reports[i].ticket);

        if (area != 0)
            rows[count++] =
                (struct ordered){ (uint64_t)work->reports[i].category << 32 | area, i };
    }
    order_rows(rows, count, work->scratch);
    for (first = 0; first < count; first = next) {
        struct burst burst = { .category = (uint32_t)(rows[first].key >> 32),
                               .area = (uint32_t)rows[first].key,
                               .level = (uint8_t)level };

        for (next = first; next < count && rows[next].key == rows[first].key;)
            next++;
        for (w = 0; w < WINDOWS && next - first >= TESTED; w++) {
            burst.window = (uint8_t)w;
            if (w == 0 || usual.days >= RECENT_DAYS)
                scan_key(work, &usual, burst, rows + first, next - first);
        }
    }
}

/* Benjamini-Hochberg over all that were tested. */
static void judge(struct work *work)
{
    double *p = arena_alloc(work->scratch, (work->burst_count + 1) * sizeof *p);
    double limit = 0;
    size_t tested = 0, i;

    for (i = 0; i < work->burst_count; i++)
        if (!isnan(work->bursts[i].p))
            p[tested++] = work->bursts[i].p;
    stats_sort(p, tested);
    for (i = 0; i < tested; i++)
        if (p[i] <= false_share * (double)(i + 1) / (double)tested)
            limit = p[i];
    for (i = 0; i < work->burst_count; i++)
        work->bursts[i].kept = work->bursts[i].enough && work->bursts[i].p <= limit;
}

/* --- events: bursts of a subject that overlap are one ------------------------------
 */

static int compare_bursts(const void *left, const void *right)
{
    const struct burst *a = left, *b = right;

    if (a->category != b->category)
        return a->category < b->category ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->until != b->until)
        return a->until < b->until ? -1 : 1;
    if (a->level != b->level)
        return a->level < b->level ? -1 : 1;
    return (a->area > b->area) - (a->area < b->area);
}

struct event {
    int64_t from, until;
    uint32_t category;
    size_t first, next; /* its bursts */
    bool local;         /* seen in a building or area: the estate's is left out */
    bool day;           /* seen in 24 hours: the week's is left out */
    size_t homes, building_count;
    uint32_t buildings[NAMED_BUILDINGS + 1], grid;
};

static bool of_event(const struct work *work, const struct event *event,
                     const struct report *report)
{
    size_t b;

    if (report->category != event->category || report->at < event->from
        || report->at > event->until)
        return false;
    for (b = event->first; b < event->next; b++) {
        const struct burst *burst = &work->bursts[b];
        enum level level = (enum level)burst->level;

        if ((level != LEVEL_ESTATE || !event->local)
            && (burst->window == 0 || !event->day) && report->at >= burst->from
            && report->at <= burst->until
            && area_of(work, level, report->ticket) == burst->area)
            return true;
    }
    return false;
}

static int compare_ids(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static size_t distinct(uint32_t *ids, size_t count)
{
    size_t found = 0, i;

    if (count > 1)
        qsort(ids, count, sizeof *ids, compare_ids);
    for (i = 0; i < count; i++)
        if (i == 0 || ids[i] != ids[found - 1])
            ids[found++] = ids[i];
    return found;
}

/* 9 before 10: the shorter word first, else as the words stand. */
static void name_buildings(const struct work *work, struct event *event,
                           const uint32_t *buildings)
{
    const struct words *words = work->lives->history->facts->words;
    size_t i, j;

    for (i = 0; i < event->building_count; i++) {
        size_t length = strlen(words->text[buildings[i]]);

        for (j = i; j > 0 && strlen(words->text[event->buildings[j - 1]]) > length; j--)
            event->buildings[j] = event->buildings[j - 1];
        event->buildings[j] = buildings[i];
    }
}

static void measure(const struct work *work, const struct sink *sink,
                    struct event *event)
{
    const struct tickets *tickets = &work->lives->history->facts->tickets;
    uint32_t *homes =
        arena_alloc(work->scratch, (work->report_count + 1) * sizeof *homes);
    uint32_t *buildings =
        arena_alloc(work->scratch, (work->report_count + 1) * sizeof *buildings);
    int64_t first = INT64_MAX;
    size_t count = 0, placed = 0, i;

    for (i = 0; i < work->report_count; i++) {
        uint32_t ticket = work->reports[i].ticket;

        if (!of_event(work, event, &work->reports[i]))
            continue;
        first = work->reports[i].at < first ? work->reports[i].at : first;
        homes[count++] = work->reports[i].home;
        sink_case(sink, "REC-05", ticket);
        sink_case(sink, "REC-05.households", ticket);
        if (tickets->building != NULL && tickets->building[ticket] != 0)
            buildings[placed++] = tickets->building[ticket];
        if (tickets->grid != NULL && event->grid == 0)
            event->grid = tickets->grid[ticket];
    }
    event->from = first;
    event->homes = distinct(homes, count);
    event->building_count = distinct(buildings, placed);
    if (event->building_count <= NAMED_BUILDINGS)
        name_buildings(work, event, buildings);
}

static int compare_events(const void *left, const void *right)
{
    const struct event *a = left, *b = right;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->category > b->category) - (a->category < b->category);
}

static struct event *find_events(struct work *work, const struct sink *sink,
                                 size_t *count)
{
    struct event *events;
    size_t used = 0, i;

    for (i = 0; i < work->burst_count; i++)
        if (work->bursts[i].kept)
            work->bursts[used++] = work->bursts[i];
    work->burst_count = used;
    if (used > 1)
        qsort(work->bursts, used, sizeof *work->bursts, compare_bursts);
    events = arena_alloc(work->scratch, (used + 1) * sizeof *events);
    *count = 0;
    for (i = 0; i < used; i++) {
        const struct burst *burst = &work->bursts[i];
        struct event *event = *count > 0 ? &events[*count - 1] : NULL;

        if (event == NULL || event->category != burst->category
            || burst->from > event->until) {
            event = &events[(*count)++];
            *event = (struct event){ .from = burst->from,
                                     .until = burst->until,
                                     .category = burst->category,
                                     .first = i };
        }
        event->next = i + 1;
        event->local = event->local || burst->level != LEVEL_ESTATE;
        event->day = event->day || burst->window == 0;
        if (burst->until > event->until)
            event->until = burst->until;
    }
    for (i = 0; i < *count; i++)
        measure(work, sink, &events[i]);
    if (*count > 1)
        qsort(events, *count, sizeof *events, compare_events);
    return events;
}

/* --- figures ---------------------------------------------------------------------- */

/* As key and names, in both ways of joining: the report knows its language. */
static const char *range_text(const struct work *work, const struct event *event,
                              struct arena *memory)
{
    const struct words *words = work->lives->history->facts->words;
    bool numbers = true;
    const char *text = "", *plain = "";
    size_t i;

    if (event->building_count > NAMED_BUILDINGS)
        return phrase(memory, "listed.buildings.many", "n",
                      arena_printf(memory, "%zu", event->building_count), NULL);
    if (event->building_count == 0)
        return phrase(memory, "listed.place", "name",
                      event->grid != 0 ? words->text[event->grid] : "—", NULL);
    for (i = 0; i < event->building_count; i++) {
        const char *word = words->text[event->buildings[i]];

        numbers = numbers && strspn(word, "0123456789") == strlen(word);
        text = arena_printf(memory, "%s%s%s", text, i == 0 ? "" : "、", word);
        plain = arena_printf(memory, "%s%s%s", plain, i == 0 ? "" : ", ", word);
    }
    return phrase(memory,
                  !numbers                     ? "listed.buildings.named"
                  : event->building_count == 1 ? "listed.building"
                                               : "listed.buildings",
                  "names", text, "plain", plain, NULL);
}

static void list_events(const struct work *work, struct sink *sink,
                        const struct event *events, size_t count)
{
    static const char *const titles[COLUMNS] = { "日期", "事", "范围", "户数" };
    const struct words *words = work->lives->history->facts->words;
    struct arena *memory = sink->results->memory;
    struct value *cells = arena_alloc(memory, (count + 1) * COLUMNS * sizeof *cells);
    struct listing listing = { .name = "REC-05",
                               .columns = COLUMNS,
                               .rows = count,
                               .cells = cells,
                               .titles = titles };
    uint16_t part;
    size_t i;

    if (metrics_name(sink->metrics, "REC-05", &listing.metric, &part) < 0)
        return;
    for (i = 0; i < count; i++) {
        struct value *row = cells + i * COLUMNS;

        row[0] =
            (struct value){ VALUE_DAY, NULL, (double)(events[i].from / DAY_SECONDS) };
        row[1] = (struct value){
            VALUE_TEXT, words->text[split_key(work->category, events[i].category)], NAN
        };
        row[2] =
            (struct value){ VALUE_WORDS, range_text(work, &events[i], memory), NAN };
        row[3] = (struct value){ VALUE_COUNT, NULL, (double)events[i].homes };
    }
    results_add_listing(sink->results, &listing);
}

/* Without a room or a caller anywhere nobody can say how many households it was. */
static bool known_homes(const struct tickets *tickets)
{
    uint32_t i;

    for (i = 0; i < tickets->count; i++)
        if (home_of(tickets, i) != 0)
            return true;
    return false;
}

static void run_period(struct work *work, struct sink *sink, bool listed)
{
    struct event *events;
    size_t count, i;
    int64_t homes = 0;
    int level;

    collect(work);
    for (level = LEVEL_BUILDING; level < LEVELS; level++)
        scan_level(work, (enum level)level);
    judge(work);
    events = find_events(work, sink, &count);
    for (i = 0; i < count; i++)
        homes += (int64_t)events[i].homes;
    sink_total(sink, "REC-05", base_count((int64_t)count));
    sink_total(sink, "REC-05.households", base_count(homes));
    if (listed && !sink->empty)
        list_events(work, sink, events, count);
}

static enum status run_common(const struct facts *facts, const struct context *context,
                              struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    bool known = facts->tickets.category != NULL && known_homes(&facts->tickets);
    enum status status = HY_OK;
    size_t p;

    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct splits *splits = context->lives[p].splits;
        struct work work = {
            .lives = &context->lives[p],
            .category = split_of(splits, DIM_CATEGORY),
            .areas = { split_of(splits, DIM_BUILDING), split_of(splits, DIM_GRID),
                       NULL },
            .scratch = scratch,
        };
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        if (known) {
            run_period(&work, &sink, p + 1 == context->count);
        } else {
            sink_total(&sink, "REC-05", base_none(ANSWER_NO_DATA));
            sink_total(&sink, "REC-05.households", base_none(ANSWER_NO_DATA));
        }
        status = sink_status(&sink, "common", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_common = {
    .name = "common",
    .summary = "同一起因、多户反映的事",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "REC-05",
    .run = run_common,
};
