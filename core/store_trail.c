/* store_trail.c - the way of a ticket through the departments: one cell, one word. */
#include "core/store_internal.h"

#include <string.h>

enum { STATIONS_MOST = 65, NOWHERE = -1 };

struct text trail_next(struct text *rest)
{
    static const char *const arrows[] = { ">", "＞", "→" };
    struct text station;
    uint32_t at;
    size_t i;

    for (at = 0; at < rest->length; at++)
        for (i = 0; i < sizeof arrows / sizeof arrows[0]; i++) {
            uint32_t width = (uint32_t)strlen(arrows[i]);

            if (rest->length - at < width
                || memcmp(rest->at + at, arrows[i], width) != 0)
                continue;
            station = (struct text){ rest->at, at };
            rest->at += at + width;
            rest->length -= at + width;
            while (station.length > 0 && strchr("-=", station.at[station.length - 1]))
                station.length--;
            return text_trim(station);
        }
    station = *rest;
    rest->length = 0;
    return text_trim(station);
}

/* Stations that follow themselves are one; each is a department of its own. */
static enum status trail_write(struct store *store, struct text trail, int64_t *id,
                               bool *same, struct error *err)
{
    struct text whole = trail;
    char *way = arena_alloc(store->row_memory, (size_t)trail.length + 1);
    struct text last = { NULL, 0 };
    uint32_t used = 0;
    int stations = 0;

    while (trail.length > 0 && stations < STATIONS_MOST) {
        struct text station = trail_next(&trail);
        int64_t ignored;

        if (station.length == 0 || (stations > 0 && text_equal(station, last)))
            continue;
        TRY(intern_term(store, TERM_DEPARTMENT, station, &ignored, err));
        if (stations++ > 0)
            way[used++] = '>';
        memcpy(way + used, station.at, station.length);
        used += station.length;
        last = station;
    }
    *id = 0;
    *same = false;
    if (stations < 2)
        return HY_OK;
    *same = text_equal(whole, (struct text){ way, used });
    return intern_term(store, TERM_TRAIL, (struct text){ way, used }, id, err);
}

enum status trail_intern(struct store *store, const struct record_value *trail,
                         int64_t *id, bool *same, struct error *err)
{
    struct word_key word = { .text = trail->text };
    struct hinted *seat = hint_seat(store, TAG_TRAIL, trail->hint);
    int64_t *known, found = 0; /* id and same in one number */

    if (seat != NULL && seat->hint == trail->hint && seat->a == TAG_TRAIL)
        found = seat->id;
    if (found == 0 && (known = word_slot(store, TAG_TRAIL, &word)) != NULL)
        found = *known;
    if (found == 0) {
        TRY(trail_write(store, trail->text, id, same, err));
        found = *id == 0 ? NOWHERE : *id << 1 | *same;
        known = word_slot(store, TAG_TRAIL, &word); /* it may have moved */
        if (known != NULL)
            *known = found;
    }
    if (seat != NULL)
        *seat = (struct hinted){ TAG_TRAIL, found, trail->hint };
    *id = found == NOWHERE ? 0 : found >> 1;
    *same = found != NOWHERE && (found & 1) != 0;
    return HY_OK;
}
