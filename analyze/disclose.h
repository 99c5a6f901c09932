/*
 * disclose.h - what the files of disclosure share: the figures an audience may see
 * and which of them are not printed.
 */
#ifndef HY_DISCLOSE_H
#define HY_DISCLOSE_H

#include "analyze/pass.h"

struct view {
    const struct results *all;
    struct arena *memory;
    const struct figure *const *kept; /* in the order of results: those of all this
                                         audience may see, and fillers between */
    uint8_t *hidden;                  /* per kept figure: enum hiding */
    size_t count;
    int64_t threshold;
    enum audience audience;
};

/* Why a figure is not printed; 0 = it is. */
enum hiding { SHOWN, HIDDEN_WITH_OTHERS, HIDDEN_ITSELF, HIDDEN_BEFORE };

enum disclosure view_class(const struct view *view, size_t figure);
/* What a reader learns the size of: the count itself, or what a share is of. */
int64_t figure_size(const struct figure *figure);
bool figure_counts(const struct metrics *metrics, const struct figure *figure);

/* disclose_kept.c: makes kept, count and hidden (nothing is) of all and the audience.
 */
void view_keep(struct view *view);
/* The kept figure of this metric, part, dimensions, keys and month; count = none. */
size_t view_find(const struct view *view, const struct figure *place);
/* Of one metric, part and dimensions: such figures lie together, key by key and then
 * month by month. */
bool figures_run_on(const struct figure *a, const struct figure *b);
bool months_hold(const int32_t *months, size_t count, int32_t month);
/* Stands for a nought nobody counted, so that it can be hidden; printed it is absent.
 */
bool figure_is_filler(const struct figure *figure);

/* disclose_earlier.c: what readers once found hidden. */
void view_hide_earlier(struct view *view, const struct published *earlier);
/* After everything else: splits of earlier months that now need more hidden than was
 * hidden before (what earlier publications hid, and the committee's pages) are hidden
 * whole. */
void view_hide_splits(struct view *view, const uint8_t *before);
/* disclose_runs.c: hides more until no small cell can be worked out. */
void view_protect(struct view *view);
/* disclose_rest.c: findings, curves and lists, as far as the figures allow. */
void view_copy_rest(const struct view *view, struct results *out);

#endif
