/* passes.c - the table of passes: one row each. */
#include "analyze/passes.h"

static const struct pass *const passes[] = {
    &pass_volume,      &pass_response,     &pass_resolution, &pass_deadline,
    &pass_resolved,    &pass_satisfaction, &pass_recurrence, &pass_transfer,
    &pass_backlog,     &pass_hotline,      &pass_common,     &pass_signs,
    &pass_hard,        &pass_stages,       &pass_held,       &pass_found,
    &pass_silence,     &pass_cross,        &pass_mix,        &pass_staff,
    &pass_unsatisfied, &pass_audit,        &pass_shortened,  &pass_patrol,
};

const struct pass *const *passes_all(size_t *count)
{
    *count = sizeof passes / sizeof passes[0];
    return passes;
}
