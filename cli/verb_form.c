/* verb_form.c - `huiyin form KIND FILE.xlsx`: empty registers to be filled in. */
#include "cli/forms.h"
#include "core/file.h"

#include <string.h>

static const struct option_spec options_of[] = {
    { "all", "DIR", "全部登记表，写进这个文件夹 / every form, into a folder", NULL,
      OPTION_TEXT, false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

/* What is filled in already is never written over. */
static enum status write_one(const struct session *session, const struct forms *forms,
                             size_t first, const char *path, struct error *err)
{
    if (file_exists(path))
        return fail(err, HY_CREATE,
                    "%s：已经有了，没有覆盖；请换个名字 (is there already)", path);
    TRY(forms_write(session, forms, first, path, err));
    say_line(session, wording_say(session->wording, session->memory, "form.wrote",
                                  "file", path, NULL));
    return HY_OK;
}

static enum status write_all(const struct session *session, const struct forms *forms,
                             const char *directory, struct error *err)
{
    size_t i;

    TRY(file_make_directory(directory, err));
    for (i = 0; i < forms->count; i++)
        if (i == 0 || strcmp(forms->columns[i].form, forms->columns[i - 1].form) != 0)
            TRY(write_one(session, forms, i,
                          arena_printf(session->memory, "%s/%s.xlsx", directory,
                                       forms->columns[i].book),
                          err));
    return HY_OK;
}

static const char *names_of(const struct session *session, const struct forms *forms)
{
    const char *names = "";
    size_t i;

    for (i = 0; i < forms->count; i++)
        if (i == 0 || strcmp(forms->columns[i].form, forms->columns[i - 1].form) != 0)
            names =
                arena_printf(session->memory, "%s%s%s（%s）", names, i > 0 ? "、" : "",
                             forms->columns[i].form, forms->columns[i].book);
    return names;
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct session session;
    struct forms forms;
    int first;

    TRY(session_open(&session, options, memory, err));
    TRY(forms_load(&session, &forms, err));
    if (option_text(options, "all") != NULL && operand_count(options) == 0)
        return write_all(&session, &forms, option_text(options, "all"), err);
    if (operand_count(options) != 2)
        return fail(
            err, HY_USAGE,
            "写法：huiyin form 哪张表 文件.xlsx，或 huiyin form --all 文件夹；有：%s",
            names_of(&session, &forms));
    first = forms_find(&forms, operand(options, 0));
    if (first < 0)
        return fail(err, HY_USAGE, "没有叫“%s”的登记表；有：%s (no such form)",
                    operand(options, 0), names_of(&session, &forms));
    return write_one(&session, &forms, (size_t)first, operand(options, 1), err);
}

const struct verb verb_form = {
    .name = "form",
    .operands = "KIND FILE.xlsx",
    .summary = "空白登记表，填好放回收件夹 / empty registers to fill in",
    .options = options_of,
    .run = run,
};
