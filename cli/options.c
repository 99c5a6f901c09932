/* options.c - long options with "=value" or a following word, -q -v -h, operands. */
#include "cli/options.h"

#include <string.h>

#include "core/calendar.h"
#include "core/text.h"

enum { MAX_SPECS = 64 };

struct given {
    const struct option_spec *spec;
    const char *value;
};

struct options {
    const struct verb *verb;
    size_t count, operand_count;
    struct given *given;
    const char **operands;
};

const struct option_spec common_options[] = {
    { "db", "FILE", "数据库 / the database", "huiyin.db", OPTION_TEXT, false },
    { "settings", "FILE", "设置文件 / settings", "huiyin.ini", OPTION_TEXT, false },
    { "out", "DIR", "报告放在哪里 / where reports go", "reports", OPTION_TEXT, false },
    { "lang", "zh|en", "语言 / language", "zh", OPTION_TEXT, false },
    { "audience", "WHO", "给谁看：public committee management", "management",
      OPTION_TEXT, false },
    { "cutoff", "DATE", "截至时间 / cut-off instead of the month's end", NULL,
      OPTION_TEXT, false },
    { "strict", NULL, "有退回的行也算失败 / rejected rows make it 65", NULL,
      OPTION_FLAG, false },
    { "json", NULL, "结果写成 JSON / answers as JSON", NULL, OPTION_FLAG, false },
    { "quiet", NULL, "-q，没有问题就不出声 / silent unless something is wrong", NULL,
      OPTION_FLAG, false },
    { "verbose", NULL, "-v，多说一些 / say more", NULL, OPTION_FLAG, false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

static size_t all_specs(const struct verb *verb, const struct option_spec **specs)
{
    const struct option_spec *spec;
    size_t count = 0;

    for (spec = verb->options; spec != NULL && spec->name != NULL; spec++)
        specs[count++] = spec;
    for (spec = common_options; spec->name != NULL; spec++)
        specs[count++] = spec;
    return count;
}

static const struct option_spec *find_spec(const struct verb *verb, const char *name,
                                           size_t length)
{
    const struct option_spec *specs[MAX_SPECS];
    size_t count = all_specs(verb, specs), i;

    for (i = 0; i < count; i++)
        if (strlen(specs[i]->name) == length
            && memcmp(specs[i]->name, name, length) == 0)
            return specs[i];
    return NULL;
}

static enum status unknown_option(const struct verb *verb, const char *word,
                                  struct error *err)
{
    const struct option_spec *specs[MAX_SPECS];
    const char *names[MAX_SPECS], *near;
    size_t count = all_specs(verb, specs), i;

    for (i = 0; i < count; i++)
        names[i] = specs[i]->name;
    near = text_nearest(word + strspn(word, "-"), names, count);
    if (near != NULL)
        return fail(err, HY_USAGE, "没有 %s 这个选项，是不是 --%s？ (unknown option)",
                    word, near);
    return fail(err, HY_USAGE,
                "没有 %s 这个选项，可用的见 huiyin help %s (unknown option)", word,
                verb->name);
}

static enum status check_value(const struct option_spec *spec, const char *value,
                               struct error *err)
{
    int32_t month;
    size_t digits;

    switch (spec->type) {
    case OPTION_MONTH:
        if (!month_parse(value, &month))
            return fail(err, HY_USAGE,
                        "--%s 要写成 2026-10 这样的月份，不能是“%s” (a month)",
                        spec->name, value);
        return HY_OK;
    case OPTION_NUMBER:
        digits = strspn(value, "0123456789");
        if (digits == 0 || digits > 9 || value[digits] != '\0')
            return fail(err, HY_USAGE, "--%s 要写整数，不能是“%s” (a number)",
                        spec->name, value);
        return HY_OK;
    case OPTION_FLAG:
    case OPTION_TEXT:
        return HY_OK;
    }
    return HY_OK;
}

static const char *long_name(const char *word)
{
    if (strcmp(word, "-q") == 0)
        return "--quiet";
    if (strcmp(word, "-v") == 0)
        return "--verbose";
    return word;
}

/* Takes one option; *used is how many words it needed. */
static enum status take_option(struct options *options, int left, char **words,
                               int *used, struct error *err)
{
    const char *word = long_name(words[0]);
    size_t length = strcspn(word, "=");
    const struct option_spec *spec =
        strncmp(word, "--", 2) == 0 ? find_spec(options->verb, word + 2, length - 2)
                                    : NULL;
    const char *value = word[length] == '=' ? word + length + 1 : NULL;

    *used = 1;
    if (spec == NULL)
        return unknown_option(options->verb, words[0], err);
    if (spec->type == OPTION_FLAG && value != NULL)
        return fail(err, HY_USAGE, "--%s 后面不写值 (takes no value)", spec->name);
    if (spec->type != OPTION_FLAG && value == NULL) {
        if (left < 2)
            return fail(err, HY_USAGE, "--%s 后面要写 %s (value missing)", spec->name,
                        spec->value);
        value = words[1];
        *used = 2;
    }
    if (spec->type != OPTION_FLAG)
        TRY(check_value(spec, value, err));
    if (!spec->repeats && spec->type != OPTION_FLAG
        && option_count(options, spec->name) > 0)
        return fail(err, HY_USAGE, "--%s 写了两次 (given twice)", spec->name);
    options->given[options->count++] = (struct given){ spec, value };
    return HY_OK;
}

enum status options_read(const struct verb *verb, int count, char **arguments,
                         struct arena *memory, const struct options **out, bool *help,
                         struct error *err)
{
    struct options *options = arena_alloc(memory, sizeof *options);
    bool only_operands = false;
    int i = 0, used;

    *help = false;
    options->verb = verb;
    options->given = arena_alloc(memory, ((size_t)count + 1) * sizeof *options->given);
    options->operands = arena_alloc(memory, ((size_t)count + 1) * sizeof(char *));
    while (i < count) {
        const char *word = arguments[i];

        if (!only_operands && strcmp(word, "--") == 0) {
            only_operands = true;
            i++;
        } else if (!only_operands
                   && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
            *help = true;
            i++;
        } else if (!only_operands && word[0] == '-' && word[1] != '\0') {
            TRY(take_option(options, count - i, arguments + i, &used, err));
            i += used;
        } else {
            options->operands[options->operand_count++] = word;
            i++;
        }
    }
    *out = options;
    return HY_OK;
}

bool option_flag(const struct options *options, const char *name)
{
    return option_count(options, name) > 0;
}

size_t option_count(const struct options *options, const char *name)
{
    size_t count = 0, i;

    for (i = 0; i < options->count; i++)
        count += strcmp(options->given[i].spec->name, name) == 0;
    return count;
}

const char *option_nth(const struct options *options, const char *name, size_t nth)
{
    size_t i;

    for (i = 0; i < options->count; i++)
        if (strcmp(options->given[i].spec->name, name) == 0 && nth-- == 0)
            return options->given[i].value;
    return NULL;
}

const char *option_text(const struct options *options, const char *name)
{
    return option_nth(options, name, 0);
}

size_t operand_count(const struct options *options)
{
    return options->operand_count;
}

const char *operand(const struct options *options, size_t nth)
{
    return options->operands[nth];
}
