/* manual.c - prints the man page and the shell completions of the verb tables. */
#include "cli/manual.h"

#include <stdio.h>
#include <string.h>

#include "cli/options.h"

/* A dash or a backslash would be read by man as its own. */
static void put(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == '\\')
            putchar('\\');
        if (*text == '\\')
            putchar('e');
        else
            putchar(*text);
    }
}

static void manual_options(const struct option_spec *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        fputs(".TP\n\\fB\\-\\-", stdout);
        put(options->name);
        fputs("\\fR", stdout);
        if (options->value != NULL) {
            fputs(" \\fI", stdout);
            put(options->value);
            fputs("\\fR", stdout);
        }
        fputs("\n", stdout);
        put(options->summary);
        if (options->preset != NULL) {
            fputs(" [", stdout);
            put(options->preset);
            fputs("]", stdout);
        }
        fputs("\n", stdout);
    }
}

static const char manual_end[] =
    ".SH FILES\n.TP\nhuiyin.ini\nsettings, commented in templates/huiyin.ini\n"
    ".TP\nhuiyin.db, huiyin.key\nthe database and its key, mode 0600\n"
    ".TP\nreports/YYYY\\-MM/{public,committee,management}/\nwhat was written\n"
    ".SH ENVIRONMENT\n.TP\nHUIYIN_TEMPLATES\nthe folder of reports, maps and words\n"
    ".SH EXIT STATUS\n0 done, 64 usage, 65 an input is not what it claims, the figures "
    "disagree, or verify found a change, 66 no such input, 70 a renderer or library "
    "failed, 71 memory, 73 cannot create, 74 I/O or full disk, 75 busy, 76 database "
    "damaged or newer, 78 settings, map or template.\n"
    ".SH LICENCE\nGPL\\-3.0\\-or\\-later\n";

void manual_print(void)
{
    size_t count, i;
    const struct verb *const *verbs = verbs_all(&count);

    puts(".TH HUIYIN 1 \"\" \"huiyin 0.1\" \"huiyin\"\n.SH NAME\n"
         "huiyin \\- 回音：物业反馈中心的月度报告 / monthly reports of a feedback "
         "centre\n.SH SYNOPSIS\n\\fBhuiyin\\fR \\fIVERB\\fR [\\fIOPTION\\fR]... "
         "[\\fIFILE\\fR]...\n.SH VERBS");
    for (i = 0; i < count; i++) {
        fputs(".SS ", stdout);
        put(verbs[i]->name);
        putchar(' ');
        put(verbs[i]->operands);
        puts("");
        put(verbs[i]->summary);
        puts("");
        manual_options(verbs[i]->options);
    }
    puts(".SH COMMON OPTIONS");
    manual_options(common_options);
    fputs(manual_end, stdout);
}

/* --- completion ------------------------------------------------------------------ */

static void names_of(const struct option_spec *options)
{
    for (; options != NULL && options->name != NULL; options++)
        printf(" --%s", options->name);
}

void completion_bash(void)
{
    size_t count, i;
    const struct verb *const *verbs = verbs_all(&count);

    puts("# bash completion of huiyin; made from its verb table\n_huiyin()\n{\n"
         "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} "
         "words\n"
         "    COMPREPLY=()\n    if [ \"$COMP_CWORD\" = 1 ]; then");
    fputs("        words=\"", stdout);
    for (i = 0; i < count; i++)
        printf("%s%s", i == 0 ? "" : " ", verbs[i]->name);
    puts("\"\n        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "        return\n    fi\n    case $before in");
    puts("    --lang) words='zh en' ;;\n"
         "    --audience) words='public committee management' ;;\n"
         "    *) words= ;;\n    esac\n"
         "    if [ -n \"$words\" ]; then\n"
         "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "        return\n    fi\n"
         "    case ${COMP_WORDS[1]} in");
    for (i = 0; i < count; i++) {
        printf("    %s) words=\"", verbs[i]->name);
        names_of(verbs[i]->options);
        names_of(common_options);
        puts("\" ;;");
    }
    puts("    esac\n    case $word in\n"
         "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n"
         "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n    esac\n}\n"
         "complete -o filenames -F _huiyin huiyin");
}

/* zsh reads brackets and colons as its own. */
static void put_zsh(const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("[]:\\", *text) != NULL)
            putchar('\\');
        if (*text == '\'')
            fputs("'\\'", stdout);
        putchar(*text);
    }
}

static void zsh_options(const struct option_spec *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        printf("            '%s--%s[", options->repeats ? "*" : "", options->name);
        put_zsh(options->summary);
        putchar(']');
        if (options->value != NULL) {
            putchar(':');
            put_zsh(options->value);
            fputs(":_files", stdout);
        }
        puts("' \\");
    }
}

void completion_zsh(void)
{
    size_t count, i;
    const struct verb *const *verbs = verbs_all(&count);

    puts("#compdef huiyin\n# zsh completion of huiyin; made from its verb table\n"
         "local -a verbs\nverbs=(");
    for (i = 0; i < count; i++) {
        printf("    '%s:", verbs[i]->name);
        put_zsh(verbs[i]->summary);
        puts("'");
    }
    puts(")\nif (( CURRENT == 2 )); then\n    _describe verb verbs\n    return\nfi\n"
         "case $words[2] in");
    for (i = 0; i < count; i++) {
        printf("    %s)\n        _arguments \\\n", verbs[i]->name);
        zsh_options(verbs[i]->options);
        zsh_options(common_options);
        puts("            '*:file:_files' ;;");
    }
    puts("esac");
}
