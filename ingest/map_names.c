/* map_names.c - the words of the map grammar, English and Chinese. */
#include <string.h>

#include "ingest/map_parts.h"

static const struct {
    const char *english, *chinese;
} sections[SECTION_COUNT] = {
    [SECTION_MAP] = { "map", "来源" },
    [SECTION_RECOGNISE] = { "recognise", "识别" },
    [SECTION_READ] = { "read", "读取" },
    [SECTION_FIELDS] = { "fields", "字段" },
    [SECTION_VALUES] = { "values", "取值" },
    [SECTION_KEY] = { "key", "键" },
    [SECTION_TRAIL] = { "trail", "流转" },
    [SECTION_SKIP] = { "skip", "剔除" },
    [SECTION_IGNORE] = { "ignore", "忽略" },
};

static const struct key_word {
    enum map_section section;
    const char *english, *chinese;
} keys[KEY_COUNT] = {
    [KEY_NAME] = { SECTION_MAP, "name", "名称" },
    [KEY_KIND] = { SECTION_MAP, "kind", "类型" },
    [KEY_TITLE] = { SECTION_MAP, "title", "标题" },
    [KEY_REFUSE] = { SECTION_MAP, "refuse", "拒收" },
    [KEY_SERIES] = { SECTION_MAP, "series", "号段" },
    [KEY_PRIORITY] = { SECTION_MAP, "priority", "优先" },
    [KEY_EMPTY] = { SECTION_MAP, "empty", "空格" },
    [KEY_FORMAT] = { SECTION_RECOGNISE, "format", "格式" },
    [KEY_SHEET] = { SECTION_RECOGNISE, "sheet", "工作表" },
    [KEY_TITLES] = { SECTION_RECOGNISE, "titles", "列名" },
    [KEY_COLUMNS] = { SECTION_RECOGNISE, "columns", "列数" },
    [KEY_LIKE] = { SECTION_RECOGNISE, "like", "样子" },
    [KEY_HEADER] = { SECTION_READ, "header", "表头" },
    [KEY_HEADER_ROWS] = { SECTION_READ, "header_rows", "表头行数" },
    [KEY_SHEETS] = { SECTION_READ, "sheets", "工作表" },
    [KEY_ENCODING] = { SECTION_READ, "encoding", "编码" },
    [KEY_DELIMITER] = { SECTION_READ, "delimiter", "分隔符" },
    [KEY_NULL] = { SECTION_READ, "null", "空值" },
    [KEY_DATES] = { SECTION_READ, "dates", "日期" },
    [KEY_ZONE] = { SECTION_READ, "zone", "时区" },
    [KEY_SHIFT] = { SECTION_READ, "shift", "校时" },
    [KEY_YEAR] = { SECTION_READ, "year", "年份" },
    [KEY_AS_OF] = { SECTION_READ, "as_of", "截至" },
    [KEY_SKIP] = { SECTION_READ, "skip", "跳过" },
    [KEY_NATURAL] = { SECTION_KEY, "natural", "自然键" },
    [KEY_SEPARATOR] = { SECTION_TRAIL, "separator", "分隔" },
    [KEY_IGNORED] = { SECTION_IGNORE, "columns", "列" },
};

int section_find(const char *name)
{
    int i;

    for (i = 0; i < SECTION_COUNT; i++)
        if (strcmp(sections[i].english, name) == 0
            || strcmp(sections[i].chinese, name) == 0)
            return i;
    return -1;
}

int key_find(enum map_section section, const char *name)
{
    int i;

    for (i = 0; i < KEY_COUNT; i++)
        if (keys[i].section == section
            && (strcmp(keys[i].english, name) == 0
                || strcmp(keys[i].chinese, name) == 0))
            return i;
    return -1;
}

const char *section_nearest(const char *name)
{
    const char *names[2 * SECTION_COUNT];
    size_t i;

    for (i = 0; i < SECTION_COUNT; i++) {
        names[2 * i] = sections[i].english;
        names[2 * i + 1] = sections[i].chinese;
    }
    return text_nearest(name, names, 2 * SECTION_COUNT);
}

const char *key_nearest(enum map_section section, const char *name)
{
    const char *names[2 * KEY_COUNT];
    size_t i, count = 0;

    for (i = 0; i < KEY_COUNT; i++)
        if (keys[i].section == section) {
            names[count++] = keys[i].english;
            names[count++] = keys[i].chinese;
        }
    return count == 0 ? NULL : text_nearest(name, names, count);
}
