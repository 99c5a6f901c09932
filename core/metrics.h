/*
 * metrics.h - the dictionary of figures, read from templates/metrics.tsv.
 *
 * Columns of the file (tab, header row, UTF-8): id parts zh en unit direction
 * audiences dimensions classes needs definition_zh definition_en source.  `parts` is
 * a |-list ("median|p90|s24h"), each optionally "part:unit"; direction is
 * up, down or none; audiences a subset of PCM; dimensions a |-list of the names
 * of enum dimension (pairs as a+b), each optionally "name:AUDIENCES" to narrow;
 * classes a |-list dimension=service|place|opinion (default service, place for
 * building and grid); needs is `ends` where the figure is unknown to whoever was never
 * told when a ticket came to an end, else empty.
 */
#ifndef HY_METRICS_H
#define HY_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/results.h"

enum unit {
    UNIT_COUNT,
    UNIT_SHARE,
    UNIT_HOURS,
    UNIT_NUMBER,
    UNIT_DAYS,
    UNIT_HOUSEHOLDS,
    UNIT_TIMES
};
enum direction_of { GOOD_NONE, GOOD_UP, GOOD_DOWN };
enum audience { AUDIENCE_PUBLIC, AUDIENCE_COMMITTEE, AUDIENCE_MANAGEMENT };
enum disclosure { CLASS_SERVICE, CLASS_PLACE, CLASS_OPINION };

struct metric_part {
    const char *name;
    enum unit unit;
};

enum { METRIC_PAIRS = 6 };

struct metric_pair { /* two splits at once: "department+nature" */
    uint8_t first, second, audiences;
};

struct metric {
    const char *id, *zh, *en, *definition_zh, *definition_en, *source;
    enum unit unit;
    enum direction_of good;
    uint8_t audiences; /* bit per enum audience */
    bool needs_ends;
    size_t part_count;
    const struct metric_part *parts;        /* part number p is parts[p - 1] */
    uint8_t dimension_audiences[DIM_COUNT]; /* 0 = not split by it */
    uint8_t dimension_class[DIM_COUNT];     /* enum disclosure */
    size_t pair_count;
    struct metric_pair pairs[METRIC_PAIRS];
};

struct metrics {
    size_t count;
    const struct metric *items;
};

enum status metrics_load(const char *path, struct arena *memory,
                         struct metrics *metrics, struct error *err);
/* Index, or -1.  `metrics_name` also takes "TTR-02.median". */
int metrics_find(const struct metrics *metrics, const char *id);
int metrics_name(const struct metrics *metrics, const char *name, uint16_t *metric,
                 uint16_t *part);
/* Part number from 1, 0 for NULL or "", -1 when the metric has no such part. */
int metrics_part(const struct metric *metric, const char *part);
/* The figure of the whole of a name ("TTR-02.median") in a month of sorted results; the
 * results own it.  NULL: no such name, or it was never made. */
const struct figure *metrics_total(const struct results *results, const char *name,
                                   int32_t month);
enum unit metrics_unit(const struct metrics *metrics, uint16_t metric, uint16_t part);
const char *unit_name(enum unit unit); /* "count", "share", "hours" ... */
bool metric_allows(const struct metric *metric, enum dimension dimension,
                   enum audience audience);
bool metric_allows_pair(const struct metric *metric, enum dimension first,
                        enum dimension second, enum audience audience);

#endif
