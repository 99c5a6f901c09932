/* verb_help.c - `huiyin help [VERB]`. */
#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "cli/options.h"

void help_overview(void)
{
    size_t count, i;
    const struct verb *const *verbs = verbs_all(&count);

    puts(
        "huiyin 回音：物业反馈中心的月度报告 / monthly reports of a feedback centre\n");
    for (i = 0; i < count; i++)
        printf("  huiyin %-8s %-22s %s\n", verbs[i]->name, verbs[i]->operands,
               verbs[i]->summary);
    puts("\n每个命令的选项：huiyin help 命令 / options: huiyin help VERB");
}

static void print_options(const struct option_spec *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        char left[64];

        (void)snprintf(left, sizeof left, "--%s%s%s", options->name,
                       options->value != NULL ? " " : "",
                       options->value != NULL ? options->value : "");
        printf("  %-24s %s%s%s%s\n", left, options->summary,
               options->preset != NULL ? " [" : "",
               options->preset != NULL ? options->preset : "",
               options->preset != NULL ? "]" : "");
    }
}

void help_verb(const struct verb *verb)
{
    printf("huiyin %s %s\n  %s\n\n", verb->name, verb->operands, verb->summary);
    if (verb->options != NULL && verb->options[0].name != NULL) {
        print_options(verb->options);
        puts("");
    }
    print_options(common_options);
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    size_t count, i;
    const struct verb *const *verbs = verbs_all(&count);

    (void)memory;
    if (operand_count(options) == 0) {
        help_overview();
        return HY_OK;
    }
    for (i = 0; i < count; i++)
        if (strcmp(verbs[i]->name, operand(options, 0)) == 0) {
            help_verb(verbs[i]);
            return HY_OK;
        }
    return fail(err, HY_USAGE, "没有 %s 这个命令 (unknown command)",
                operand(options, 0));
}

const struct verb verb_help = {
    .name = "help",
    .operands = "[VERB]",
    .summary = "命令与选项 / commands and their options",
    .run = run,
};
