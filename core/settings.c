/*
 * settings.c - huiyin.ini to struct settings: one table of keys, every mistake
 * named with file, line, the line itself and the nearest known word.
 */
#include "core/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/settings_parts.h"
#include "core/web.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { MAX_LIST = 256 };

enum key_type {
    KEY_TEXT,
    KEY_NUMBER,
    KEY_SHARE,
    KEY_HOURS,
    KEY_WEEKEND,
    KEY_EXEMPT,
    KEY_LIST,
    KEY_MONTH,
    KEY_WEB
};

struct key_spec {
    const char *section, *zh_section, *key, *zh_key;
    enum key_type type;
    size_t offset;
    int low, high; /* of numbers */
};

#define AT(member) offsetof(struct settings, member)

static const struct key_spec keys[] = {
    { "estate", "小区", "name", "名称", KEY_TEXT, AT(estate), 0, 0 },
    { "estate", "小区", "name_en", "英文名", KEY_TEXT, AT(estate_en), 0, 0 },
    { "estate", "小区", "overseer", "监督方", KEY_TEXT, AT(overseer), 0, 0 },
    { "estate", "小区", "centre", "服务中心", KEY_TEXT, AT(centre), 0, 0 },
    { "estate", "小区", "phone", "电话", KEY_TEXT, AT(phone), 0, 0 },
    { "estate", "小区", "mailbox", "信箱", KEY_TEXT, AT(mailbox), 0, 0 },
    { "estate", "小区", "web", "网址", KEY_WEB, AT(web), 0, 0 },
    { "estate", "小区", "first_issue", "第一期", KEY_MONTH, AT(issue_first_month), 0,
      0 },
    { "folders", "文件夹", "inbox", "收件", KEY_TEXT, AT(inbox), 0, 0 },
    { "folders", "文件夹", "out", "输出", KEY_TEXT, AT(out), 0, 0 },
    { "report", "报告", "cutoff_days", "截止天数", KEY_NUMBER, AT(cutoff_days), 0, 60 },
    { "report", "报告", "month_start", "起始日", KEY_NUMBER, AT(month_start), 1, 28 },
    { "report", "报告", "language", "语言", KEY_TEXT, AT(language), 0, 0 },
    { "hours", "工作时间", "weekdays", "平日", KEY_HOURS, 0, 0, 0 },
    { "hours", "工作时间", "weekend", "周末", KEY_WEEKEND, 0, 0, 0 },
    { "revisit", "回访", "exempt", "免访", KEY_EXEMPT, 0, 0, 0 },
    { "windows", "窗口", "repeat", "重复", KEY_NUMBER, AT(window_repeat), 1, 365 },
    { "windows", "窗口", "reopen", "重开", KEY_NUMBER, AT(window_reopen), 1, 365 },
    { "windows", "窗口", "link", "关联", KEY_NUMBER, AT(window_link), 1, 30 },
    { "disclosure", "隐匿", "public", "公开", KEY_NUMBER, AT(threshold_public), 3,
      100 },
    { "disclosure", "隐匿", "committee", "监督", KEY_NUMBER, AT(threshold_committee), 2,
      100 },
    { "calendar", "日历", "file", "文件", KEY_TEXT, AT(calendar_file), 0, 0 },
    { "targets", "目标", "ontime", "按时", KEY_SHARE, AT(target_ontime), 0, 0 },
    { "targets", "目标", "satisfied", "满意", KEY_SHARE, AT(target_satisfied), 0, 0 },
    { "departments", "部门", "order", "顺序", KEY_LIST, 0, 0, 0 },
};

static const struct key_spec *find_key(const char *section, const char *key)
{
    size_t i;

    for (i = 0; i < COUNT(keys); i++)
        if ((strcmp(keys[i].section, section) == 0
             || strcmp(keys[i].zh_section, section) == 0)
            && (strcmp(keys[i].key, key) == 0 || strcmp(keys[i].zh_key, key) == 0))
            return &keys[i];
    return NULL;
}

static bool known_section(const char *section)
{
    size_t i;

    for (i = 0; i < COUNT(keys); i++)
        if (strcmp(keys[i].section, section) == 0
            || strcmp(keys[i].zh_section, section) == 0)
            return true;
    return false;
}

static enum status unknown_section(const struct reading *reading,
                                   const struct ini_section *section, struct error *err)
{
    const char *names[2 * COUNT(keys) + 2], *near;
    size_t i;

    for (i = 0; i < COUNT(keys); i++) {
        names[2 * i] = keys[i].section;
        names[2 * i + 1] = keys[i].zh_section;
    }
    names[2 * COUNT(keys)] = "limits.repair.P1";
    names[2 * COUNT(keys) + 1] = "时限.报修.急修";
    near = text_nearest(section->name, names, COUNT(names));
    return ini_complain(reading->ini, section->line, 0, err,
                        "没有 [%s] 这一节%s%s%s (unknown section)", section->name,
                        near != NULL ? "，是不是 [" : "", near != NULL ? near : "",
                        near != NULL ? "]？" : "");
}

static enum status unknown_key(const struct reading *reading,
                               const struct ini_section *section,
                               const struct ini_pair *pair, struct error *err)
{
    const char *names[2 * COUNT(keys)], *near;
    size_t count = 0, i;

    for (i = 0; i < COUNT(keys); i++)
        if (strcmp(keys[i].section, section->name) == 0
            || strcmp(keys[i].zh_section, section->name) == 0) {
            names[count++] = keys[i].key;
            names[count++] = keys[i].zh_key;
        }
    near = text_nearest(pair->key, names, count);
    return ini_complain(reading->ini, pair->line, 1, err,
                        "[%s] 里没有“%s”这一项%s%s%s (unknown key)", section->name,
                        pair->key, near != NULL ? "，是不是“" : "",
                        near != NULL ? near : "", near != NULL ? "”？" : "");
}

static enum status take_number(const struct reading *reading,
                               const struct ini_pair *pair, int low, int high, int *out,
                               struct error *err)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(pair->value, &end, 10);
    if (end == pair->value || *end != '\0' || errno != 0 || number < low
        || number > high)
        return ini_complain(reading->ini, pair->line, 0, err,
                            "“%s”要写 %d 到 %d 之间的整数 (whole number)", pair->key,
                            low, high);
    *out = (int)number;
    return HY_OK;
}

static enum status take_share(const struct reading *reading,
                              const struct ini_pair *pair, double *out,
                              struct error *err)
{
    char *end;
    double number = strtod(pair->value, &end);

    if (end != pair->value && strcmp(end, "%") == 0)
        number /= 100, end++;
    if (end == pair->value || *end != '\0' || !(number > 0 && number <= 1))
        return ini_complain(reading->ini, pair->line, 0, err,
                            "“%s”要写百分数，例如 90%% (a share, e.g. 90%%)",
                            pair->key);
    *out = number;
    return HY_OK;
}

/* "8:30" or "08：30" to seconds of the day; NULL when it is not one. */
static const char *take_clock(const char *at, int32_t *out)
{
    int hour = 0, minute = 0, digits;

    at += strspn(at, " ");
    for (digits = 0; *at >= '0' && *at <= '9' && digits < 2; digits++)
        hour = hour * 10 + (*at++ - '0');
    if (digits == 0)
        return NULL;
    if (*at == ':')
        at++;
    else if (strncmp(at, "：", 3) == 0)
        at += 3;
    else
        return NULL;
    for (digits = 0; *at >= '0' && *at <= '9' && digits < 2; digits++)
        minute = minute * 10 + (*at++ - '0');
    if (digits != 2 || hour > 24 || minute > 59 || (hour == 24 && minute > 0))
        return NULL;
    *out = hour * 3600 + minute * 60;
    return at + strspn(at, " ");
}

/* "08:30-12:00,13:30-17:30" */
static bool take_hours(const char *value, struct hours *hours)
{
    int32_t before = -1;

    *hours = (struct hours){ 0 };
    for (;;) {
        int32_t from, until;

        if (hours->count == 4 || (value = take_clock(value, &from)) == NULL)
            return false;
        if (*value == '-' || *value == '~')
            value++;
        else if (strncmp(value, "到", 3) == 0 || strncmp(value, "至", 3) == 0
                 || strncmp(value, "－", 3) == 0 || strncmp(value, "～", 3) == 0)
            value += 3;
        else
            return false;
        if ((value = take_clock(value, &until)) == NULL || until <= from
            || from < before)
            return false;
        hours->from[hours->count] = from;
        hours->until[hours->count++] = before = until;
        if (*value == '\0')
            return true;
        if (*value == ',')
            value++;
        else if (strncmp(value, "，", 3) == 0 || strncmp(value, "、", 3) == 0)
            value += 3;
        else
            return false;
    }
}

static enum status set_hours(const struct reading *reading, const struct ini_pair *pair,
                             struct error *err)
{
    struct calendar *calendar = &reading->settings->calendar;
    struct hours hours;
    int day;

    if (!take_hours(pair->value, &hours))
        return ini_complain(reading->ini, pair->line, 0, err,
                            "工作时间看不懂。请写成 %s = 8:30-12:00,13:30-17:30",
                            pair->key);
    for (day = 0; day < 7; day++)
        if (day < 5 || calendar->weekday[day].count > 0)
            calendar->weekday[day] = hours;
    calendar->working = hours;
    return HY_OK;
}

static enum status set_weekend(const struct reading *reading,
                               const struct ini_pair *pair, struct error *err)
{
    struct calendar *calendar = &reading->settings->calendar;
    bool works = strcmp(pair->value, "work") == 0 || strcmp(pair->value, "上班") == 0;

    if (!works && strcmp(pair->value, "rest") != 0 && strcmp(pair->value, "休息") != 0)
        return ini_complain(reading->ini, pair->line, 0, err,
                            "周末要写“休息”或“上班” (rest or work)");
    calendar->weekday[5] = calendar->weekday[6] =
        works ? calendar->working : (struct hours){ 0 };
    return HY_OK;
}

/* Splits at , 、 and | into trimmed words. */
static size_t split_list(const char *value, struct arena *memory, const char **out)
{
    struct text rest = text_of(value);
    size_t count = 0;

    while (rest.length > 0 && count < MAX_LIST) {
        uint32_t stop = 0;
        struct text word;

        while (stop < rest.length && strchr(",|", rest.at[stop]) == NULL
               && (rest.length - stop < 3 || memcmp(rest.at + stop, "、", 3) != 0))
            stop++;
        word = text_trim((struct text){ rest.at, stop });
        if (word.length > 0)
            out[count++] = text_copy(memory, word);
        if (stop < rest.length)
            stop += rest.at[stop] == ',' || rest.at[stop] == '|' ? 1 : 3;
        rest.at += stop;
        rest.length -= stop;
    }
    return count;
}

static enum status set_exempt(const struct reading *reading,
                              const struct ini_pair *pair, struct error *err)
{
    const char *words[MAX_LIST];
    size_t count = split_list(pair->value, reading->memory, words), i;

    reading->settings->exempt_channels = reading->settings->exempt_natures = 0;
    for (i = 0; i < count; i++) {
        int nature = settings_nature(words[i]);
        int channel = settings_channel(words[i]);

        if (nature < 0 && channel < 0)
            return ini_complain(reading->ini, pair->line, 0, err,
                                "免访里的“%s”既不是性质也不是渠道 (unknown word)",
                                words[i]);
        if (nature >= 0)
            reading->settings->exempt_natures |= 1u << nature;
        if (channel >= 0)
            reading->settings->exempt_channels |= 1u << channel;
    }
    return HY_OK;
}

static void set_departments(const struct reading *reading, const struct ini_pair *pair)
{
    const char **list = arena_alloc(reading->memory, MAX_LIST * sizeof *list);

    reading->settings->department_count =
        split_list(pair->value, reading->memory, list);
    reading->settings->departments = list;
}

static enum status set_web(const struct ini_pair *pair, const struct reading *reading,
                           const char **out, struct error *err)
{
    const char *fault = *pair->written == '\0' ? NULL : web_fault(pair->written);

    if (fault != NULL)
        return ini_complain(reading->ini, pair->line, 0, err, "“%s”%s", pair->key,
                            fault);
    *out = pair->written;
    return HY_OK;
}

static enum status set_key(const struct reading *reading, const struct key_spec *key,
                           const struct ini_pair *pair, struct error *err)
{
    char *member = (char *)reading->settings + key->offset;
    int32_t month;

    switch (key->type) {
    case KEY_TEXT:
        *(const char **)(void *)member = pair->value;
        return HY_OK;
    case KEY_NUMBER:
        return take_number(reading, pair, key->low, key->high, (int *)(void *)member,
                           err);
    case KEY_SHARE:
        return take_share(reading, pair, (double *)(void *)member, err);
    case KEY_HOURS:
        return set_hours(reading, pair, err);
    case KEY_WEEKEND:
        return set_weekend(reading, pair, err);
    case KEY_EXEMPT:
        return set_exempt(reading, pair, err);
    case KEY_LIST:
        set_departments(reading, pair);
        return HY_OK;
    case KEY_MONTH:
        if (!month_parse(pair->value, &month))
            return ini_complain(reading->ini, pair->line, 0, err,
                                "“%s”要写成 2024-08 这样的月份 (a month)", pair->key);
        *(int *)(void *)member = month;
        return HY_OK;
    case KEY_WEB:
        return set_web(pair, reading, (const char **)(void *)member, err);
    }
    return HY_OK;
}

/* [changes] 2026-10 = 限时改为按合同: months before it are not compared with it. */
static enum status take_changes(const struct reading *reading,
                                const struct ini_section *section, struct error *err)
{
    struct redefinition *changes =
        arena_alloc(reading->memory, (section->count + 1) * sizeof *changes);
    size_t i;

    for (i = 0; i < section->count; i++) {
        const struct ini_pair *pair = &section->pairs[i];

        if (!month_parse(pair->key, &changes[i].month))
            return ini_complain(reading->ini, pair->line, 1, err,
                                "口径变更要写成 2026-10 = 改了什么 (month = what)");
        changes[i].what = pair->written;
    }
    reading->settings->changes = changes;
    reading->settings->change_count = section->count;
    return HY_OK;
}

static enum status take_section(const struct reading *reading,
                                const struct ini_section *section, struct error *err)
{
    size_t i, j;

    if (strncmp(section->name, "limits.", 7) == 0
        || strncmp(section->name, "时限.", strlen("时限.")) == 0)
        return limits_take(reading, section, err);
    if (strcmp(section->name, "changes") == 0 || strcmp(section->name, "口径变更") == 0)
        return take_changes(reading, section, err);
    if (!known_section(section->name))
        return unknown_section(reading, section, err);
    for (i = 0; i < section->count; i++) {
        const struct key_spec *key = find_key(section->name, section->pairs[i].key);

        if (key == NULL)
            return unknown_key(reading, section, &section->pairs[i], err);
        for (j = 0; j < i; j++)
            if (find_key(section->name, section->pairs[j].key) == key)
                return ini_complain(reading->ini, section->pairs[i].line, 1, err,
                                    "“%s”写了两次，请留一个 (doubled key)",
                                    section->pairs[i].key);
        TRY(set_key(reading, key, &section->pairs[i], err));
    }
    return HY_OK;
}

static void defaults(struct settings *settings)
{
    struct hours day = { 2, { 30600, 48600 }, { 43200, 63000 } };
    int weekday;

    *settings = (struct settings){
        .estate = "本小区",
        .estate_en = "The estate",
        .overseer = "业主委员会",
        .centre = "物业服务中心",
        .inbox = "收件",
        .out = "reports",
        .language = "zh",
        .month_start = 1,
        .window_repeat = 30,
        .window_reopen = 30,
        .window_link = 3,
        .threshold_public = 5,
        .threshold_committee = 3,
        .exempt_channels = 1u << CHANNEL_PATROL | 1u << CHANNEL_IOT,
        .exempt_natures =
            1u << NATURE_ENQUIRY | 1u << NATURE_PRAISE | 1u << NATURE_PATROL,
    };
    for (weekday = 0; weekday < 5; weekday++)
        settings->calendar.weekday[weekday] = day;
    settings->calendar.working = day;
}

/* `file` of [calendar] is relative to the settings file. */
static const char *calendar_path(const struct settings *settings, const char *path,
                                 const char *templates, struct arena *memory)
{
    if (settings->calendar_file == NULL || *settings->calendar_file == '\0')
        return arena_printf(memory, "%s/calendar/cn.csv", templates);
    if (*settings->calendar_file == '/' || path == NULL)
        return settings->calendar_file;
    return arena_printf(memory, "%.*s%s", (int)(file_base(path) - path), path,
                        settings->calendar_file);
}

static enum status read_file(struct reading *reading, const char *path,
                             struct error *err)
{
    struct ini *ini = arena_alloc(reading->memory, sizeof *ini);
    enum status status = ini_load(path, reading->memory, ini, err);
    size_t i;

    if (status == HY_NOINPUT)
        return fail(err, HY_CONFIG, "%s: 没有这个设置文件 (settings not found)", path);
    TRY(status);
    reading->ini = ini;
    reading->limits =
        arena_alloc(reading->memory, (ini->count + 1) * sizeof(struct limit));
    reading->settings->limits = reading->limits;
    for (i = 0; i < ini->count; i++)
        TRY(take_section(reading, &ini->sections[i], err));
    limits_sort(reading->limits, reading->settings->limit_count);
    return HY_OK;
}

enum status settings_load(const char *path, const char *templates, struct arena *memory,
                          struct settings *settings, struct error *err)
{
    struct reading reading = { .settings = settings, .memory = memory };

    defaults(settings);
    if (path != NULL)
        TRY(read_file(&reading, path, err));
    if (strcmp(settings->language, "zh") != 0 && strcmp(settings->language, "en") != 0)
        return fail(err, HY_CONFIG, "%s: 语言只有 zh 和 en (language is zh or en)",
                    path != NULL ? path : "--lang");
    return calendar_load(calendar_path(settings, path, templates, memory), memory,
                         &settings->calendar, err);
}
