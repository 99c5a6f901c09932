/* settings_words.c - natures, urgencies and channels as settings name them. */
#include <strings.h>

#include "core/settings_parts.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct word_code {
    const char *word;
    uint8_t code;
};

static const struct word_code natures[] = {
    { "repair", NATURE_REPAIR },
    { "报修", NATURE_REPAIR },
    { "complaint", NATURE_COMPLAINT },
    { "投诉", NATURE_COMPLAINT },
    { "suggestion", NATURE_SUGGESTION },
    { "建议", NATURE_SUGGESTION },
    { "enquiry", NATURE_ENQUIRY },
    { "咨询", NATURE_ENQUIRY },
    { "help", NATURE_HELP },
    { "求助", NATURE_HELP },
    { "praise", NATURE_PRAISE },
    { "表扬", NATURE_PRAISE },
    { "patrol", NATURE_PATROL },
    { "巡查", NATURE_PATROL },
    { "other", NATURE_OTHER },
    { "其他", NATURE_OTHER },
    { "any", 0 },
    { "任意", 0 },
};
static const struct word_code urgencies[] = {
    { "P1", URGENCY_P1 },   { "P2", URGENCY_P2 },   { "P3", URGENCY_P3 },
    { "P4", URGENCY_P4 },   { "急修", URGENCY_P1 }, { "紧急", URGENCY_P1 },
    { "较急", URGENCY_P2 }, { "一般", URGENCY_P3 }, { "低", URGENCY_P4 },
    { "any", 0 },           { "任意", 0 },
};
static const struct word_code channels[] = {
    { "phone", CHANNEL_PHONE },
    { "电话", CHANNEL_PHONE },
    { "wechat", CHANNEL_WECHAT },
    { "微信", CHANNEL_WECHAT },
    { "app", CHANNEL_APP },
    { "walkin", CHANNEL_WALKIN },
    { "前台", CHANNEL_WALKIN },
    { "patrol", CHANNEL_PATROL },
    { "巡查", CHANNEL_PATROL },
    { "gov", CHANNEL_GOV },
    { "committee", CHANNEL_COMMITTEE },
    { "iot", CHANNEL_IOT },
    { "设备报警", CHANNEL_IOT },
    { "web", CHANNEL_WEB },
};

static int code_of(const struct word_code *list, size_t count, const char *word)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (strcasecmp(list[i].word, word) == 0)
            return list[i].code;
    return -1;
}

int settings_nature(const char *word)
{
    return code_of(natures, COUNT(natures), word);
}

int settings_urgency(const char *word)
{
    return code_of(urgencies, COUNT(urgencies), word);
}

int settings_channel(const char *word)
{
    return code_of(channels, COUNT(channels), word);
}
