/* verb_help.c - `huiyin help [VERB]`. */
#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "cli/manual.h"
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

static const struct option_spec options_of[] = {
    { "man", NULL, "手册页 / the man page", NULL, OPTION_FLAG, false },
    { "completion", "bash|zsh", "命令补全 / shell completion", NULL, OPTION_TEXT,
      false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

static enum status print_completion(const char *shell, struct error *err)
{
    if (strcmp(shell, "bash") == 0)
        completion_bash();
    else if (strcmp(shell, "zsh") == 0)
        completion_zsh();
    else
        return fail(err, HY_USAGE, "补全只有 bash 和 zsh，没有“%s” (shell)", shell);
    return HY_OK;
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    size_t count, i;
    const struct verb *const *verbs = verbs_all(&count);

    (void)memory;
    if (option_flag(options, "man")) {
        manual_print();
        return HY_OK;
    }
    if (option_text(options, "completion") != NULL)
        return print_completion(option_text(options, "completion"), err);
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
    .options = options_of,
    .run = run,
};
