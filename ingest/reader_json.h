/* reader_json.h - between reader_json.c (the grid) and reader_json_walk.c (events). */
#ifndef HY_READER_JSON_H
#define HY_READER_JSON_H

#include "ingest/reader.h"

/* The columns: names of nested keys joined by '.', in order of first sight. */
struct json_columns {
    struct arena *file;
    size_t count;
    uint64_t doubled;   /* keys met twice in one record: the last wins */
    struct text *names; /* room for the most columns there may be */
    uint16_t *slots;    /* open hash: 1 + column, 0 = free */
};

void json_columns_open(struct json_columns *columns, struct arena *file);
/* The column of that name; added when add, else -1 if not there.  -2 = too many. */
int json_columns_find(struct json_columns *columns, struct text name, bool add);

/* What a walk found about the shape of the whole. */
struct json_shape {
    bool top_object;     /* the top is {...}, else [...] */
    bool nested_lists;   /* [[...],[...]]: rows without names */
    bool empty_list;     /* some list outside lists was empty */
    size_t best_list;    /* ordinal of the list with most records, from 1 */
    uint64_t best_count; /* its records; 0 = no list of objects */
};

/* One walk over JSON: the first survey finds the shape, the second the columns of
 * the chosen list, the third makes rows. */
enum json_walk_kind { JSON_SHAPE, JSON_COLUMNS, JSON_ROWS };

struct json_walk;

/* list: ordinal of the list whose objects are the records; 0 = the top object is
 * the only record.  columns: NULL for JSON_SHAPE. */
struct json_walk *json_walk_open(enum json_walk_kind kind, struct text text,
                                 size_t list, struct json_columns *columns);
/* The next piece of the text.  Rows made are added to batch, never more than a
 * piece can hold: see JSON_PIECE.  HY_END when all was read. */
enum status json_walk_piece(struct json_walk *walk, struct batch *batch,
                            struct error *err);
/* Begins again with another text (the next line of JSON Lines). */
void json_walk_again(struct json_walk *walk, struct text text);
const struct json_shape *json_walk_shape(const struct json_walk *walk);
void json_walk_close(struct json_walk *walk);

/* An element of a list needs two bytes ("1,"), so a piece gives at most this many
 * rows. */
enum { JSON_PIECE = 1024, JSON_PIECE_ROWS = JSON_PIECE / 2 + 1 };

/* Line of a byte in the text, for messages. */
uint64_t json_line(struct text text, size_t offset);

#endif
