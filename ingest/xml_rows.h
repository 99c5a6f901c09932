/*
 * xml_rows.h - what the sheet formats made of XML share (.ods, XML 2003): the
 * document fed in pieces, twice (once to list the sheets, once for their rows),
 * and a row put together from cells.
 *
 * The events of a format live in its own reader; they ask xml_rows_wanted() and
 * xml_rows_listing() where they stand, and call the rest of the functions here.
 */
#ifndef HY_XML_ROWS_H
#define HY_XML_ROWS_H

#include "core/xml.h"
#include "core/zip.h"
#include "ingest/reader.h"

enum {
    XML_COLUMNS_MOST = 4096, /* cells right of it are not kept; the row is damaged */
    XML_REPEAT_MOST = 512,   /* a filled row said to stand more often is a bomb */
    XML_CHUNK = 64 * 1024
};

struct xml_rows {
    struct arena *memory; /* of the file */
    const struct xml_events *events;
    void *self;      /* handed to the events */
    struct text all; /* the document, or */
    struct zip *zip; /* the archive and its member that is it */
    int member;
    struct xml *xml;
    size_t fed;
    bool listing, suspended, finished;
    struct sheet *sheets;
    size_t count, room, merge_room;
    /* where the events stand */
    int table, depth; /* index of the sheet, -1 before; tables open */
    size_t wanted;
    struct batch *batch;
    uint64_t number; /* of the last row */
    bool hidden, filled;
    const char *damage;
    uint32_t columns;
    struct cell cells[XML_COLUMNS_MOST];
    uint32_t down_count;
    struct merge downs[XML_COLUMNS_MOST];
    char *text;
    size_t text_length, text_room;
    char buffer[XML_CHUNK];
};

/* Reads the whole once for its sheets and their merged areas. */
enum status xml_rows_list(struct xml_rows *rows, struct error *err);
/* The rows of that sheet; HY_END when there are none left. */
enum status xml_rows_next(struct xml_rows *rows, size_t sheet, struct batch *batch,
                          struct error *err);
void xml_rows_close(struct xml_rows *rows);

/* For the events: a table begins (name may be NULL) and ends. */
enum status xml_rows_table(struct xml_rows *rows, const char *name, bool hidden,
                           struct error *err);
enum status xml_rows_table_end(struct xml_rows *rows);
/* Inside the sheet whose rows are read, or any sheet while listing. */
bool xml_rows_inside(const struct xml_rows *rows);

void xml_rows_begin(struct xml_rows *rows, bool hidden);
/* An area joined from the present cell on: of the sheet for its first rows, of the row
 * where it reaches down. */
void xml_rows_merge(struct xml_rows *rows, long across, long down);
void xml_rows_text(struct xml_rows *rows, const char *text, size_t length);
void xml_rows_text_clear(struct xml_rows *rows);
/* repeat times the same cell; more empty ones than fit cost nothing. */
void xml_rows_cell(struct xml_rows *rows, struct cell cell, long repeat);
/* HY_END when the batch has no room for another row: the parser pauses. */
enum status xml_rows_end(struct xml_rows *rows, long repeat, struct error *err);

#endif
