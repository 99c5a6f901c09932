#define STUB(n)                                     \
    static void n(struct task *t, struct output *o) \
    {                                               \
        (void)o;                                    \
        complain(t, "not yet");                     \
    }
#include "golden_table.h"
STUB(form_ears)
STUB(form_erlang_a) STUB(form_erlang_c) STUB(form_farrington) STUB(form_interval_score)
    STUB(form_sdc_audit) STUB(form_sdc_optimum) STUB(form_text_minhash)
        STUB(form_text_normalise) STUB(form_text_pairs)
