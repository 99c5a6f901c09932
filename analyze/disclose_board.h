/*
 * disclose_board.h - one split of one month as an attacker reads it: keys down,
 * counts across, and which counts make up which others.
 */
#ifndef HY_DISCLOSE_BOARD_H
#define HY_DISCLOSE_BOARD_H

#include "analyze/disclose.h"
#include "analyze/stats_disclose.h"

/* Every figure tells up to three counts: how many it is of, how many of them are
 * in its numerator, and how many are not. */
enum field { FIELD_WHOLE, FIELD_PART, FIELD_REST, FIELD_COUNT };

struct carrier { /* a figure that tells a count */
    size_t figure;
    uint32_t column, row;
    enum field field;
};

struct source { /* where a column is found: metric, part and field */
    uint16_t metric, part;
    enum field field;
    uint32_t column;
};

enum { PARTS_MOST = 4 };

struct relation { /* whole = the parts (and what is left) */
    uint32_t whole, parts[PARTS_MOST];
    size_t count;
    bool rest_counts; /* what is left is a count of something: guarded as well */
};

struct board {
    struct view *view;
    struct arena *memory;
    const size_t *figures; /* of one dimension and month, in order of the view */
    size_t figure_count;
    uint32_t *keys;
    size_t rows, columns;
    int64_t *values; /* column by column, rows each */
    int64_t *need;   /* same; 0 = not asked */
    uint32_t *shown; /* same: how many printed figures tell it */
    uint32_t *told;  /* same: how many figures, printed or not */
    uint8_t *fixed;  /* same: told by a figure that is always printed */
    struct carrier *carriers;
    size_t carrier_count;
    struct source *sources;
    size_t source_count;
    struct relation *relations;
    size_t relation_count;
};

void board_build(struct board *board, struct view *view, const size_t *figures,
                 size_t count, struct arena *memory);
/* Counts anew what is printed, after figures were hidden or shown. */
void board_refresh(struct board *board);
/* disclose_union.c: every need met by all tables together.  False, with the column
 * that is told too closely, or `columns` when the system has more than `most`
 * unknowns and is not solved. */
bool board_union_safe(const struct board *board, size_t most, size_t *column);
/* disclose_cells.c: memory for one board after another. */
struct bench {
    struct arena *board, *tables, *scratch;
};
/* Hides more of these figures, of one dimension and month, until none of their small
 * cells can be worked out.  Reads and hides no others: boards of one view may be
 * protected at once, each with a bench of its own. */
void board_protect(struct view *view, const size_t *figures, size_t count,
                   enum disclosure class, struct bench *bench);
/* What of the whole the parts leave at one key. */
int64_t board_rest(const struct board *board, const struct relation *relation,
                   size_t row);
size_t board_row(const struct board *board, const struct figure *figure);

#endif
