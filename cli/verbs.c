/* verbs.c - the table of verbs; one row each. */
#include "cli/verb.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

extern const struct verb verb_form, verb_publish, verb_verify, verb_forget;
extern const struct verb verb_report, verb_ingest, verb_look, verb_rejects, verb_undo,
    verb_show, verb_explain, verb_check, verb_render, verb_status, verb_help;

static const struct verb *const verbs[] = {
    &verb_report, &verb_ingest,  &verb_look,   &verb_rejects, &verb_undo,
    &verb_show,   &verb_explain, &verb_check,  &verb_render,  &verb_publish,
    &verb_verify, &verb_forget,  &verb_status, &verb_form,    &verb_help,
};

const struct verb *const *verbs_all(size_t *count)
{
    *count = COUNT(verbs);
    return verbs;
}
