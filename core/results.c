/* results.c - figures, curves, listings and findings: kept, ordered and found. */
#include "core/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/facts.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *const dimension_names[DIM_COUNT] = {
    "total",   "nature", "channel", "department", "category", "building", "grid",
    "urgency", "clerk",  "asset",   "hour",       "month",    "age",
};

static const char *const nature_names[] = {
    "?",    "repair", "complaint", "suggestion", "enquiry",
    "help", "praise", "patrol",    "other",
};

static const char *const channel_names[] = {
    "?",   "phone",     "wechat", "app", "walkin", "patrol",
    "gov", "committee", "iot",    "web", "other",
};

static const char *const urgency_names[] = { "?", "P1", "P2", "P3", "P4" };

/* Bands of DOMAIN 2.8, in whole days; they sort by bytes as they sort by age. */
static const char *const age_names[] = {
    "00-03", "04-07", "08-15", "16-30", "31-90", "91+",
};

static const char *const weekday_names[] = {
    "1-mon", "2-tue", "3-wed", "4-thu", "5-fri", "6-sat", "7-sun",
};

static const char *const answer_names[] = {
    "OK", "NO_DATA", "NOT_REACHED", "NOT_IDENTIFIED", "SMALL_N", "SUPPRESSED",
};

enum { KEY_ROOM = 16, FIRST_ROOM = 64 };

struct results *results_new(struct arena *memory, const struct metrics *metrics,
                            const struct words *words)
{
    struct results *results = arena_alloc(memory, sizeof *results);

    results->memory = memory;
    results->metrics = metrics;
    results->words = words;
    results->cutoff = HY_NEVER;
    return results;
}

/* Room for one more; the waste is bounded because rooms double. */
static void *more(struct arena *memory, void *items, size_t count, size_t *room,
                  size_t size)
{
    size_t bigger;

    if (count < *room)
        return items;
    bigger = *room == 0 ? FIRST_ROOM : *room * 2;
    *room = bigger;
    return arena_grow(memory, items, count * size, bigger * size);
}

void results_reserve(struct results *results, size_t figures)
{
    if (figures <= results->figure_room)
        return;
    results->figures = arena_grow(results->memory, results->figures,
                                  results->figure_count * sizeof *results->figures,
                                  figures * sizeof *results->figures);
    results->figure_room = figures;
}

void results_add(struct results *results, const struct figure *figure)
{
    if (results->only != NULL && !results->only[figure->metric])
        return;
    results->figures = more(results->memory, results->figures, results->figure_count,
                            &results->figure_room, sizeof *figure);
    results->figures[results->figure_count++] = *figure;
}

void results_add_curve(struct results *results, const struct curve *curve)
{
    results->curves = more(results->memory, results->curves, results->curve_count,
                           &results->curve_room, sizeof *curve);
    results->curves[results->curve_count++] = *curve;
}

void results_add_listing(struct results *results, const struct listing *listing)
{
    results->listings = more(results->memory, results->listings, results->listing_count,
                             &results->listing_room, sizeof *listing);
    results->listings[results->listing_count++] = *listing;
}

void results_add_finding(struct results *results, const struct finding *finding)
{
    results->findings = more(results->memory, results->findings, results->finding_count,
                             &results->finding_room, sizeof *finding);
    results->findings[results->finding_count++] = *finding;
}

void results_join(struct results *results, const struct results *found)
{
    size_t i;

    for (i = 0; i < found->figure_count; i++)
        results_add(results, &found->figures[i]);
    for (i = 0; i < found->curve_count; i++)
        results_add_curve(results, &found->curves[i]);
    for (i = 0; i < found->listing_count; i++)
        results_add_listing(results, &found->listings[i]);
    for (i = 0; i < found->finding_count; i++)
        results_add_finding(results, &found->findings[i]);
}

const char *code_name(enum dimension dimension, uint32_t code)
{
    const char *const *names = NULL;
    size_t count = 0;

    if (dimension == DIM_NATURE) {
        names = nature_names;
        count = COUNT(nature_names);
    } else if (dimension == DIM_CHANNEL) {
        names = channel_names;
        count = COUNT(channel_names);
    } else if (dimension == DIM_URGENCY) {
        names = urgency_names;
        count = COUNT(urgency_names);
    } else if (dimension == DIM_AGE) {
        names = age_names;
        count = COUNT(age_names);
    }
    return code < count ? names[code] : "?";
}

/* The key's bytes; built in room only where no table or word has them. */
static const char *key_text(const struct words *words, enum dimension dimension,
                            uint32_t key, char room[KEY_ROOM])
{
    size_t length;

    switch (dimension) {
    case DIM_TOTAL:
    case DIM_COUNT:
        return "-";
    case DIM_NATURE:
    case DIM_CHANNEL:
    case DIM_URGENCY:
    case DIM_AGE:
        return code_name(dimension, key);
    case DIM_MONTH:
        month_print((int32_t)key, room);
        return room;
    case DIM_HOUR:
        if (key >= 7 * 24)
            return "?";
        length = strlen(weekday_names[key / 24]);
        memcpy(room, weekday_names[key / 24], length);
        room[length] = '-';
        room[length + 1] = (char)('0' + key % 24 / 10);
        room[length + 2] = (char)('0' + key % 24 % 10);
        room[length + 3] = '\0';
        return room;
    case DIM_DEPARTMENT:
    case DIM_CATEGORY:
    case DIM_BUILDING:
    case DIM_GRID:
    case DIM_CLERK:
    case DIM_ASSET:
        break;
    }
    if (key == 0 || words == NULL || key >= words->count)
        return "?";
    return words->text[key];
}

const char *results_key(const struct results *results, enum dimension dimension,
                        uint32_t key, struct arena *memory)
{
    char room[KEY_ROOM];
    const char *text = key_text(results->words, dimension, key, room);

    return text == room ? arena_copy(memory, room, strlen(room)) : text;
}

const char *dimension_name(enum dimension dimension)
{
    return dimension < DIM_COUNT ? dimension_names[dimension] : "?";
}

int dimension_find(const char *name)
{
    int i;

    for (i = 0; i < DIM_COUNT; i++)
        if (strcmp(dimension_names[i], name) == 0)
            return i;
    return -1;
}

const char *answer_name(enum answer answer)
{
    return answer < COUNT(answer_names) ? answer_names[answer] : "?";
}

static int three_way(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_keys(const struct words *words, enum dimension dimension, uint32_t a,
                        uint32_t b)
{
    char room_a[KEY_ROOM], room_b[KEY_ROOM];
    int order;

    if (a == b)
        return 0;
    order = strcmp(key_text(words, dimension, a, room_a),
                   key_text(words, dimension, b, room_b));
    return order != 0 ? order : three_way(a, b); /* equal words of two domains */
}

static int compare_figures(const void *left, const void *right, void *context)
{
    const struct figure *a = left, *b = right;
    const struct words *words = context;
    int order, side;

    if ((order = three_way(a->metric, b->metric)) != 0)
        return order;
    if ((order = three_way(a->part, b->part)) != 0)
        return order;
    for (side = 0; side < 2; side++)
        if ((order = three_way(a->dimension[side], b->dimension[side])) != 0)
            return order;
    for (side = 0; side < 2; side++) {
        order = compare_keys(words, (enum dimension)a->dimension[side], a->key[side],
                             b->key[side]);
        if (order != 0)
            return order;
    }
    return three_way(a->month, b->month);
}

int results_order(const struct results *results, const struct figure *a,
                  const struct figure *b)
{
    return compare_figures(a, b, (void *)(uintptr_t)results->words);
}

static int compare_curves(const void *left, const void *right, void *context)
{
    const struct curve *a = left, *b = right;
    int order;

    if ((order = three_way(a->metric, b->metric)) != 0)
        return order;
    if ((order = three_way(a->kind, b->kind)) != 0)
        return order;
    if ((order = three_way(a->dimension, b->dimension)) != 0)
        return order;
    order = compare_keys(context, (enum dimension)a->dimension, a->key, b->key);
    return order != 0 ? order : three_way(a->month, b->month);
}

static int compare_listings(const void *left, const void *right, void *context)
{
    const struct listing *a = left, *b = right;

    (void)context;
    return strcmp(a->name, b->name);
}

static int compare_findings(const void *left, const void *right, void *context)
{
    const struct finding *a = left, *b = right;
    int order;

    if ((order = three_way(a->metric, b->metric)) != 0)
        return order;
    if ((order = three_way(a->part, b->part)) != 0)
        return order;
    if ((order = three_way(a->dimension, b->dimension)) != 0)
        return order;
    order = compare_keys(context, (enum dimension)a->dimension, a->key, b->key);
    return order != 0 ? order : three_way(a->against, b->against);
}

static void sort(void *items, size_t count, size_t size, const struct words *words,
                 int (*compare)(const void *, const void *, void *))
{
    void *context = (void *)(uintptr_t)words;
    const char *at = items;
    size_t sorted = 1;

    /* What comes out of sorted results in their order is sorted already. */
    while (sorted < count
           && compare(at + (sorted - 1) * size, at + sorted * size, context) <= 0)
        sorted++;
    if (sorted < count)
        qsort_r(items, count, size, compare, context);
}

void results_sort(struct results *results)
{
    const struct words *words = results->words;

    sort(results->figures, results->figure_count, sizeof *results->figures, words,
         compare_figures);
    sort(results->curves, results->curve_count, sizeof *results->curves, words,
         compare_curves);
    sort(results->listings, results->listing_count, sizeof *results->listings, words,
         compare_listings);
    sort(results->findings, results->finding_count, sizeof *results->findings, words,
         compare_findings);
}

const struct figure *results_find(const struct results *results, uint16_t metric,
                                  uint16_t part, enum dimension dimension, uint32_t key,
                                  int32_t month)
{
    struct figure probe = { .metric = metric, .part = part, .month = month };
    size_t low = 0, high = results->figure_count;

    probe.dimension[0] = (uint8_t)dimension;
    probe.key[0] = key;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = results_order(results, &results->figures[middle], &probe);

        if (order == 0)
            return &results->figures[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The first figure of this metric and part, or of what comes after it. */
static size_t first_of(const struct results *results, uint16_t metric, uint32_t part)
{
    size_t low = 0, high = results->figure_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct figure *figure = &results->figures[middle];

        if (figure->metric < metric
            || (figure->metric == metric && figure->part < part))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct figure *results_part(const struct results *results, uint16_t metric,
                                  uint16_t part, size_t *count)
{
    size_t first = first_of(results, metric, part);

    *count = first_of(results, metric, part + 1U) - first;
    return results->figures + first;
}

const struct finding *results_finding(const struct results *results, uint16_t metric,
                                      uint16_t part, enum dimension dimension,
                                      uint32_t key, enum against against)
{
    size_t i;

    for (i = 0; i < results->finding_count; i++) {
        const struct finding *finding = &results->findings[i];

        if (finding->metric == metric && finding->part == part
            && finding->dimension == dimension && finding->key == key
            && finding->against == against)
            return finding;
    }
    return NULL;
}

const struct listing *results_listing(const struct results *results, const char *name)
{
    size_t i;

    for (i = 0; i < results->listing_count; i++)
        if (strcmp(results->listings[i].name, name) == 0)
            return &results->listings[i];
    return NULL;
}

const struct curve *results_curve(const struct results *results, uint16_t metric,
                                  enum curve_kind kind, enum dimension dimension,
                                  uint32_t key, int32_t month)
{
    size_t i;

    for (i = 0; i < results->curve_count; i++) {
        const struct curve *curve = &results->curves[i];

        if (curve->metric == metric && curve->kind == kind
            && curve->dimension == dimension && curve->key == key
            && curve->month == month)
            return curve;
    }
    return NULL;
}

struct base base_none(enum answer answer)
{
    struct base base = { .value = NAN,
                         .low = NAN,
                         .high = NAN,
                         .numerator = -1,
                         .denominator = -1,
                         .n = -1,
                         .answer = answer };

    return base;
}

struct base base_count(int64_t count)
{
    struct base base = base_none(ANSWER_OK);

    base.value = (double)count;
    base.n = count;
    return base;
}

struct base base_share(int64_t numerator, int64_t denominator)
{
    struct base base = base_none(denominator > 0 ? ANSWER_OK : ANSWER_NO_DATA);

    base.numerator = numerator;
    base.denominator = denominator;
    base.n = denominator;
    if (denominator > 0)
        base.value = (double)numerator / (double)denominator;
    return base;
}
