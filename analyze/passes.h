/* passes.h - every pass there is; passes.c lists them. */
#ifndef HY_PASSES_H
#define HY_PASSES_H

#include "analyze/pass.h"

extern const struct pass pass_volume, pass_response, pass_resolution, pass_deadline,
    pass_resolved, pass_satisfaction, pass_recurrence, pass_transfer, pass_backlog,
    pass_hotline, pass_common, pass_signs, pass_hard, pass_stages, pass_held,
    pass_found, pass_silence, pass_cross, pass_mix, pass_staff, pass_unsatisfied,
    pass_patrol, pass_audit, pass_shortened;

/* Every pass once; what they found stands in the order of the table, whichever was
 * done first.  On failure the message of the first in the table. */
enum status passes_run(const struct facts *facts, const struct context *context,
                       struct arena *working, struct results *results,
                       struct error *err);

#endif
