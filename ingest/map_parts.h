/* map_parts.h - what the files of the map compiler share; nobody else's. */
#ifndef HY_MAP_PARTS_H
#define HY_MAP_PARTS_H

#include "core/settings.h"
#include "ingest/map.h"

struct compile {
    const struct ini *ini;
    const struct vocabulary *words;
    struct arena *memory;
    struct map *map;
    struct map_problems *problems;
};

/* Notes one error; token (may be NULL) is looked for in the line for the caret. */
void map_complain(struct compile *compile, int line, const char *token, const char *fmt,
                  ...) HY_PRINTF(4, 5);

/* Bytes of quoted parts count as one; *at moves behind the piece. */
struct list_item {
    struct text text;
    bool quoted;
};
enum { LIST_LIMIT = 8192, TITLE_LIMIT = 1024 };
size_t list_read(struct compile *compile, int line, const char *value, char separator,
                 struct list_item **items);
struct text unquote(struct text text, struct arena *memory, bool *quoted);
struct pattern pattern_of(struct list_item item, struct arena *memory);
const struct pattern *patterns_read(struct compile *compile, int line,
                                    const char *value, size_t *count);
const struct title_pattern *titles_read(struct compile *compile, int line,
                                        const char *value, size_t *count);

/* Left side and right side of a [fields] line. */
void rule_read(struct compile *compile, const struct ini_pair *pair,
               struct map_rule *rule);
void values_read(struct compile *compile, const struct ini_section *section,
                 struct map_values *values);
/* The canonical name for a name as written (English, or a Chinese title). */
const char *field_name(struct compile *compile, struct text name);
const char *field_nearest(struct compile *compile, const char *name);

/* Sections and keys, English or Chinese, to an id. */
enum map_section {
    SECTION_MAP,
    SECTION_RECOGNISE,
    SECTION_READ,
    SECTION_FIELDS,
    SECTION_VALUES,
    SECTION_KEY,
    SECTION_TRAIL,
    SECTION_SKIP,
    SECTION_IGNORE,
    SECTION_COUNT
};
enum map_key {
    KEY_NAME,
    KEY_KIND,
    KEY_TITLE,
    KEY_REFUSE,
    KEY_SERIES,
    KEY_PRIORITY,
    KEY_EMPTY,
    KEY_FORMAT,
    KEY_SHEET,
    KEY_TITLES,
    KEY_COLUMNS,
    KEY_LIKE,
    KEY_HEADER,
    KEY_HEADER_ROWS,
    KEY_SHEETS,
    KEY_ENCODING,
    KEY_DELIMITER,
    KEY_NULL,
    KEY_DATES,
    KEY_ZONE,
    KEY_SHIFT,
    KEY_YEAR,
    KEY_AS_OF,
    KEY_SKIP,
    KEY_NATURAL,
    KEY_SEPARATOR,
    KEY_IGNORED,
    KEY_COUNT
};
/* Of [map] kind, which decides what the fields mean; and of every other key. */
void kind_read(struct compile *compile, const struct ini_pair *pair);
void pair_read(struct compile *compile, enum map_key key, const struct ini_pair *pair);
int section_find(const char *name); /* -1 = unknown */
int key_find(enum map_section section, const char *name);
const char *section_nearest(const char *name);
const char *key_nearest(enum map_section section, const char *name);

#endif
