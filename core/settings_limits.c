/* settings_limits.c - deadlines: [limits.NATURE.URGENCY.CATEGORY] and which one holds.
 */
#include <stdlib.h>
#include <string.h>

#include "core/settings_parts.h"

/* "limits.repair.P1.电梯困人" in three words after the first. */
static enum status name_limit(const struct reading *reading,
                              const struct ini_section *section, struct limit *limit,
                              struct error *err)
{
    char *copy = arena_copy(reading->memory, section->name, strlen(section->name));
    char *nature = strchr(copy, '.'), *urgency, *category;
    int code;

    *nature++ = '\0';
    urgency = strchr(nature, '.');
    if (urgency == NULL)
        return ini_complain(
            reading->ini, section->line, 0, err,
            "时限要写成 [limits.性质.紧急程度]，例如 [limits.repair.P1]");
    *urgency++ = '\0';
    category = strchr(urgency, '.');
    if (category != NULL)
        *category++ = '\0';
    code = settings_nature(nature);
    if (code < 0)
        return ini_complain(reading->ini, section->line, 0, err,
                            "不认识的性质“%s”，可用 repair 报修、complaint 投诉 ……",
                            nature);
    limit->nature = (uint8_t)code;
    code = settings_urgency(urgency);
    if (code < 0)
        return ini_complain(reading->ini, section->line, 0, err,
                            "不认识的紧急程度“%s”，可用 P1 P2 P3 P4 any", urgency);
    limit->urgency = (uint8_t)code;
    limit->category = category;
    return HY_OK;
}

static bool is_key(const struct ini_pair *pair, const char *key, const char *zh)
{
    return strcmp(pair->key, key) == 0 || strcmp(pair->key, zh) == 0;
}

static enum status set_clock(const struct reading *reading, const struct ini_pair *pair,
                             struct limit *limit, struct error *err)
{
    if (is_key(&(struct ini_pair){ .key = pair->value }, "natural", "自然"))
        limit->clock = CLOCK_NATURAL;
    else if (is_key(&(struct ini_pair){ .key = pair->value }, "workhour", "工作小时"))
        limit->clock = CLOCK_WORKHOUR;
    else if (is_key(&(struct ini_pair){ .key = pair->value }, "workday", "工作日"))
        limit->clock = CLOCK_WORKDAY;
    else
        return ini_complain(
            reading->ini, pair->line, 0, err,
            "时钟要写 natural 自然、workhour 工作小时 或 workday 工作日");
    return HY_OK;
}

static enum status set_span(const struct reading *reading, const struct ini_pair *pair,
                            const struct limit *limit, int64_t *out, struct error *err)
{
    enum span_kind kind = span_parse(text_of(pair->value), out);
    char *end;
    long days = strtol(pair->value, &end, 10);

    if (limit->clock == CLOCK_WORKDAY && end != pair->value && days > 0
        && (*end == '\0' || kind == SPAN_WORKDAYS || strcmp(end, "天") == 0)) {
        *out = days;
        return HY_OK;
    }
    if (kind != SPAN_SECONDS || *out <= 0 || limit->clock == CLOCK_WORKDAY)
        return ini_complain(
            reading->ini, pair->line, 0, err,
            "“%s”看不懂。请写成 30分钟、24小时、3天；工作日的写 3 (a span)", pair->key);
    return HY_OK;
}

enum status limits_take(const struct reading *reading,
                        const struct ini_section *section, struct error *err)
{
    struct limit *limit = &reading->limits[reading->settings->limit_count];
    size_t i;

    TRY(name_limit(reading, section, limit, err));
    for (i = 0; i < section->count; i++)
        if (is_key(&section->pairs[i], "clock", "时钟"))
            TRY(set_clock(reading, &section->pairs[i], limit, err));
    for (i = 0; i < section->count; i++) {
        const struct ini_pair *pair = &section->pairs[i];

        if (is_key(pair, "clock", "时钟"))
            continue;
        if (is_key(pair, "respond", "响应"))
            TRY(set_span(reading, pair, limit, &limit->respond, err));
        else if (is_key(pair, "arrive", "到场"))
            TRY(set_span(reading, pair, limit, &limit->arrive, err));
        else if (is_key(pair, "finish", "办结"))
            TRY(set_span(reading, pair, limit, &limit->finish, err));
        else
            return ini_complain(reading->ini, pair->line, 1, err,
                                "时限里只有 clock respond arrive finish"
                                "（时钟 响应 到场 办结） (unknown key)");
    }
    reading->settings->limit_count++;
    return HY_OK;
}

static int specific(const struct limit *limit)
{
    return (limit->category != NULL) * 4 + (limit->nature != 0) * 2
           + (limit->urgency != 0);
}

void limits_sort(struct limit *limits, size_t count)
{
    size_t i, j;

    for (i = 1; i < count; i++) {
        struct limit moving = limits[i];

        for (j = i; j > 0 && specific(&limits[j - 1]) < specific(&moving); j--)
            limits[j] = limits[j - 1];
        limits[j] = moving;
    }
}

const struct limit *settings_limit(const struct settings *settings, uint8_t nature,
                                   uint8_t urgency, const char *category)
{
    size_t i;

    for (i = 0; i < settings->limit_count; i++) {
        const struct limit *limit = &settings->limits[i];

        if ((limit->nature == 0 || limit->nature == nature)
            && (limit->urgency == 0 || limit->urgency == urgency)
            && (limit->category == NULL
                || (category != NULL && strcmp(limit->category, category) == 0)))
            return limit;
    }
    return NULL;
}
