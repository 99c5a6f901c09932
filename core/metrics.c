/* metrics.c - the dictionary of figures, read from templates/metrics.tsv. */
#include "core/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The file is ours, but a clerk may open it: limits keep a slip harmless. */
enum { FILE_LIMIT = 1 << 20, METRIC_LIMIT = 1000, PART_LIMIT = 64 };
enum column {
    COL_ID,
    COL_PARTS,
    COL_ZH,
    COL_EN,
    COL_UNIT,
    COL_DIRECTION,
    COL_AUDIENCES,
    COL_DIMENSIONS,
    COL_CLASSES,
    COL_NEEDS,
    COL_DEFINITION_ZH,
    COL_DEFINITION_EN,
    COL_SOURCE,
    COL_COUNT
};

static const char *const column_names[COL_COUNT] = {
    "id",        "parts",      "zh",      "en",    "unit",          "direction",
    "audiences", "dimensions", "classes", "needs", "definition_zh", "definition_en",
    "source",
};

static const char *const unit_names[] = {
    "count", "share", "hours", "number", "days", "households", "times",
};

struct place {
    const char *path;
    int line;
};

const char *unit_name(enum unit unit)
{
    return unit < COUNT(unit_names) ? unit_names[unit] : "?";
}

static bool unit_find(const char *name, enum unit *unit)
{
    size_t i;

    for (i = 0; i < COUNT(unit_names); i++)
        if (strcmp(unit_names[i], name) == 0) {
            *unit = (enum unit)i;
            return true;
        }
    return false;
}

static enum status complain(const struct place *place, const char *what,
                            const char *word, struct error *err)
{
    return fail(err, HY_CONFIG, "%s:%d: 指标表里%s看不懂: %s", place->path, place->line,
                what, word);
}

/* Cuts the next piece off at a mark; NULL when none is left. */
static char *cut(char **rest, char mark)
{
    char *piece = *rest, *end;

    if (piece == NULL || *piece == '\0')
        return NULL;
    end = strchr(piece, mark);
    if (end == NULL) {
        *rest = NULL;
    } else {
        *end = '\0';
        *rest = end + 1;
    }
    return piece;
}

static bool audiences_parse(const char *letters, uint8_t *audiences)
{
    *audiences = 0;
    for (; *letters != '\0'; letters++) {
        if (*letters == 'P')
            *audiences |= 1 << AUDIENCE_PUBLIC;
        else if (*letters == 'C')
            *audiences |= 1 << AUDIENCE_COMMITTEE;
        else if (*letters == 'M')
            *audiences |= 1 << AUDIENCE_MANAGEMENT;
        else
            return false;
    }
    return true;
}

static enum status parse_parts(char *field, struct metric *metric, struct arena *memory,
                               const struct place *place, struct error *err)
{
    struct metric_part *parts = arena_alloc(memory, PART_LIMIT * sizeof *parts);
    char *piece;

    metric->parts = parts;
    while ((piece = cut(&field, '|')) != NULL) {
        char *unit = strchr(piece, ':');
        struct metric_part *part = &parts[metric->part_count];

        if (metric->part_count == PART_LIMIT)
            return complain(place, "parts 太多, ", piece, err);
        part->unit = metric->unit;
        if (unit != NULL) {
            *unit++ = '\0';
            if (!unit_find(unit, &part->unit))
                return complain(place, "单位", unit, err);
        }
        part->name = piece;
        metric->part_count++;
    }
    return HY_OK;
}

static enum status parse_dimensions(char *field, struct metric *metric,
                                    const struct place *place, struct error *err)
{
    char *piece;

    metric->dimension_audiences[DIM_TOTAL] = metric->audiences;
    while ((piece = cut(&field, '|')) != NULL) {
        char *letters = strchr(piece, ':');
        uint8_t audiences = metric->audiences;
        char *plus = strchr(piece, '+');
        int dimension, second = DIM_TOTAL;

        if (letters != NULL)
            *letters++ = '\0';
        if (plus != NULL) {
            *plus++ = '\0';
            second = dimension_find(plus);
        }
        dimension = second < 0 ? -1 : dimension_find(piece);
        if (dimension < 0)
            return complain(place, "dimensions ", piece, err);
        if (letters != NULL && !audiences_parse(letters, &audiences))
            return complain(place, "audiences ", letters, err);
        audiences &= metric->audiences;
        if (plus == NULL)
            metric->dimension_audiences[dimension] = audiences;
        else if (metric->pair_count == METRIC_PAIRS)
            return complain(place, "dimensions 交叉太多, ", piece, err);
        else
            metric->pairs[metric->pair_count++] =
                (struct metric_pair){ (uint8_t)dimension, (uint8_t)second, audiences };
    }
    return HY_OK;
}

static enum status parse_classes(char *field, struct metric *metric,
                                 const struct place *place, struct error *err)
{
    char *piece;

    metric->dimension_class[DIM_BUILDING] = CLASS_PLACE;
    metric->dimension_class[DIM_GRID] = CLASS_PLACE;
    while ((piece = cut(&field, '|')) != NULL) {
        char *name = strchr(piece, '=');
        int dimension = -1, i;
        uint8_t kind;

        if (name != NULL) {
            *name++ = '\0';
            dimension = strcmp(piece, "*") == 0 ? DIM_COUNT : dimension_find(piece);
        }
        if (name == NULL || dimension < 0)
            return complain(place, "classes ", piece, err);
        if (strcmp(name, "service") == 0)
            kind = CLASS_SERVICE;
        else if (strcmp(name, "place") == 0)
            kind = CLASS_PLACE;
        else if (strcmp(name, "opinion") == 0)
            kind = CLASS_OPINION;
        else
            return complain(place, "classes ", name, err);
        for (i = 0; i < DIM_COUNT; i++)
            if (i == dimension || dimension == DIM_COUNT)
                metric->dimension_class[i] = kind;
    }
    return HY_OK;
}

static enum status parse_metric(char *const fields[COL_COUNT], struct metric *metric,
                                struct arena *memory, const struct place *place,
                                struct error *err)
{
    const char *direction = fields[COL_DIRECTION];

    metric->id = fields[COL_ID];
    metric->zh = fields[COL_ZH];
    metric->en = fields[COL_EN];
    metric->definition_zh = fields[COL_DEFINITION_ZH];
    metric->definition_en = fields[COL_DEFINITION_EN];
    metric->source = fields[COL_SOURCE];
    if (!unit_find(fields[COL_UNIT], &metric->unit))
        return complain(place, "单位", fields[COL_UNIT], err);
    if (strcmp(direction, "up") == 0)
        metric->good = GOOD_UP;
    else if (strcmp(direction, "down") == 0)
        metric->good = GOOD_DOWN;
    else if (strcmp(direction, "none") == 0)
        metric->good = GOOD_NONE;
    else
        return complain(place, "direction ", direction, err);
    metric->needs_ends = strcmp(fields[COL_NEEDS], "ends") == 0;
    if (!metric->needs_ends && fields[COL_NEEDS][0] != '\0')
        return complain(place, "needs ", fields[COL_NEEDS], err);
    if (!audiences_parse(fields[COL_AUDIENCES], &metric->audiences))
        return complain(place, "audiences ", fields[COL_AUDIENCES], err);
    TRY(parse_parts(fields[COL_PARTS], metric, memory, place, err));
    TRY(parse_dimensions(fields[COL_DIMENSIONS], metric, place, err));
    return parse_classes(fields[COL_CLASSES], metric, place, err);
}

static enum status split_line(char *line, char *fields[COL_COUNT],
                              const struct place *place, struct error *err)
{
    int count = 0;

    for (;;) {
        char *tab = strchr(line, '\t');

        if (count == COL_COUNT)
            return fail(err, HY_CONFIG, "%s:%d: 列太多, 应为 %d 列", place->path,
                        place->line, COL_COUNT);
        fields[count++] = line;
        if (tab == NULL)
            break;
        *tab = '\0';
        line = tab + 1;
    }
    if (count != COL_COUNT)
        return fail(err, HY_CONFIG, "%s:%d: 只有 %d 列, 应为 %d 列", place->path,
                    place->line, count, COL_COUNT);
    return HY_OK;
}

static enum status check_header(char *const fields[COL_COUNT],
                                const struct place *place, struct error *err)
{
    int i;

    for (i = 0; i < COL_COUNT; i++)
        if (strcmp(fields[i], column_names[i]) != 0)
            return fail(err, HY_CONFIG, "%s:%d: 第 %d 列标题是 %s, 应为 %s",
                        place->path, place->line, i + 1, fields[i], column_names[i]);
    return HY_OK;
}

enum status metrics_load(const char *path, struct arena *memory,
                         struct metrics *metrics, struct error *err)
{
    const unsigned char *bytes;
    size_t length;
    char *rest, *line;
    struct metric *items;
    struct place place = { path, 0 };

    TRY(file_read(path, FILE_LIMIT, memory, &bytes, &length, err));
    rest = arena_copy(memory, (const char *)bytes, length);
    if (strncmp(rest, "\xEF\xBB\xBF", 3) == 0)
        rest += 3;
    items = arena_alloc(memory, METRIC_LIMIT * sizeof *items);
    metrics->items = items;
    metrics->count = 0;
    while ((line = cut(&rest, '\n')) != NULL) {
        char *fields[COL_COUNT];
        size_t end = strlen(line);

        place.line++;
        if (end > 0 && line[end - 1] == '\r')
            line[end - 1] = '\0';
        TRY(split_line(line, fields, &place, err));
        if (place.line == 1) {
            TRY(check_header(fields, &place, err));
            continue;
        }
        if (metrics->count == METRIC_LIMIT)
            return fail(err, HY_CONFIG, "%s:%d: 指标超过 %d 个", path, place.line,
                        METRIC_LIMIT);
        if (metrics_find(metrics, fields[COL_ID]) >= 0)
            return complain(&place, "编号重复, ", fields[COL_ID], err);
        TRY(parse_metric(fields, &items[metrics->count], memory, &place, err));
        metrics->count++;
    }
    if (metrics->count == 0)
        return fail(err, HY_CONFIG, "%s: 指标表是空的", path);
    return HY_OK;
}

int metrics_find(const struct metrics *metrics, const char *id)
{
    size_t i;

    for (i = 0; i < metrics->count; i++)
        if (strcmp(metrics->items[i].id, id) == 0)
            return (int)i;
    return -1;
}

int metrics_part(const struct metric *metric, const char *part)
{
    size_t i;

    if (part == NULL || *part == '\0')
        return 0;
    for (i = 0; i < metric->part_count; i++)
        if (strcmp(metric->parts[i].name, part) == 0)
            return (int)i + 1;
    return -1;
}

int metrics_name(const struct metrics *metrics, const char *name, uint16_t *metric,
                 uint16_t *part)
{
    char id[32];
    const char *dot = strchr(name, '.');
    size_t length = dot == NULL ? strlen(name) : (size_t)(dot - name);
    int found, number;

    if (length >= sizeof id)
        return -1;
    memcpy(id, name, length);
    id[length] = '\0';
    found = metrics_find(metrics, id);
    if (found < 0)
        return -1;
    number = metrics_part(&metrics->items[found], dot == NULL ? NULL : dot + 1);
    if (number < 0)
        return -1;
    *metric = (uint16_t)found;
    *part = (uint16_t)number;
    return found;
}

const struct figure *metrics_total(const struct results *results, const char *name,
                                   int32_t month)
{
    uint16_t metric, part;

    if (metrics_name(results->metrics, name, &metric, &part) < 0)
        return NULL;
    return results_find(results, metric, part, DIM_TOTAL, 0, month);
}

enum unit metrics_unit(const struct metrics *metrics, uint16_t metric, uint16_t part)
{
    const struct metric *item = &metrics->items[metric];

    return part > 0 && part <= item->part_count ? item->parts[part - 1].unit
                                                : item->unit;
}

bool metric_allows(const struct metric *metric, enum dimension dimension,
                   enum audience audience)
{
    return dimension < DIM_COUNT
           && (metric->dimension_audiences[dimension] >> audience & 1) != 0;
}

bool metric_allows_pair(const struct metric *metric, enum dimension first,
                        enum dimension second, enum audience audience)
{
    size_t i;

    for (i = 0; i < metric->pair_count; i++)
        if (metric->pairs[i].first == first && metric->pairs[i].second == second)
            return (metric->pairs[i].audiences >> audience & 1) != 0;
    return false;
}
