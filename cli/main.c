/* main.c - finds the verb, reads its options, runs it, says what went wrong. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/estates.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/session.h"
#include "core/text.h"

static const struct verb *find_verb(const char *name)
{
    size_t count, i;
    const struct verb *const *verbs = verbs_all(&count);

    for (i = 0; i < count; i++)
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    return NULL;
}

static enum status unknown_verb(const char *name, struct error *err)
{
    const char *names[32], *near;
    size_t count, i;
    const struct verb *const *verbs = verbs_all(&count);

    for (i = 0; i < count; i++)
        names[i] = verbs[i]->name;
    near = text_nearest(name, names, count);
    if (near != NULL)
        return fail(err, HY_USAGE, "没有 %s 这个命令，是不是 %s？ (unknown command)",
                    name, near);
    return fail(err, HY_USAGE,
                "没有 %s 这个命令，可用的见 huiyin help (unknown command)", name);
}

static enum status run(int count, char **arguments, struct arena *memory,
                       struct error *err)
{
    const struct options *options;
    const struct verb *verb;
    bool help;

    if (count < 2) {
        help_overview();
        return HY_USAGE;
    }
    if (strcmp(arguments[1], "--version") == 0) {
        say_always("huiyin 0.1");
        return HY_OK;
    }
    if (strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0) {
        help_overview();
        return HY_OK;
    }
    verb = find_verb(arguments[1]);
    if (verb == NULL)
        return unknown_verb(arguments[1], err);
    TRY(options_read(verb, count - 2, arguments + 2, memory, &options, &help, err));
    if (help) {
        help_verb(verb);
        return HY_OK;
    }
    if (option_text(options, "estates") != NULL)
        return estates_run(verb, options, memory, err);
    return verb->run(options, memory, err);
}

int main(int count, char **arguments)
{
    struct arena *memory = arena_new();
    struct error err = { .status = HY_OK };
    enum status status;

    (void)signal(SIGPIPE,
                 SIG_IGN); /* a closed pipe or a quota is an error to report, */
    (void)signal(SIGXFSZ, SIG_IGN); /* not a reason to die half-way */
    status = run(count, arguments, memory, &err);
    if (status != HY_OK && err.text[0] != '\0')
        say_error(err.text);
    if (status == HY_OK && (status = say_finish(&err)) != HY_OK)
        say_error(err.text);
    arena_free(memory);
    return status == HY_END ? HY_OK : (int)status;
}
