/* store_facts_columns.c - the columns of the tickets: made, put in order, shared. */
#include "core/store_facts.h"

#include <stddef.h>
#include <string.h>

#define AT(name) offsetof(struct tickets, name)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum rest { REST_ZERO, REST_NEVER, REST_ONE, REST_NOT_STATED, RESTS };

enum { MOST_BYTES = 8 }; /* of one cell */

static const struct column {
    size_t offset;
    uint8_t bytes, rest; /* of a cell; what stands in it when nothing is known */
    bool word;
} columns[] = {
    { AT(received), 8, REST_NEVER, false },
    { AT(recorded), 8, REST_NEVER, false },
    { AT(responded), 8, REST_NEVER, false },
    { AT(dispatched), 8, REST_NEVER, false },
    { AT(accepted), 8, REST_NEVER, false },
    { AT(arrived), 8, REST_NEVER, false },
    { AT(due), 8, REST_NEVER, false },
    { AT(due_first), 8, REST_NEVER, false },
    { AT(first_completed), 8, REST_NEVER, false },
    { AT(reopened), 8, REST_NEVER, false },
    { AT(completed), 8, REST_NEVER, false },
    { AT(closed), 8, REST_NEVER, false },
    { AT(revisited), 8, REST_NEVER, false },
    { AT(paused), 8, REST_NEVER, false },
    { AT(resumed), 8, REST_NEVER, false },
    { AT(updated), 8, REST_NEVER, false },
    { AT(voided), 8, REST_NEVER, false },
    { AT(first_seen), 8, REST_NEVER, false },
    { AT(date_only), 4, REST_ZERO, false },
    { AT(nature), 1, REST_ZERO, false },
    { AT(nature_first), 1, REST_ZERO, false },
    { AT(channel), 1, REST_ZERO, false },
    { AT(status), 1, REST_ZERO, false },
    { AT(urgency), 1, REST_ZERO, false },
    { AT(urgency_first), 1, REST_ZERO, false },
    { AT(revisit_outcome), 1, REST_ZERO, false },
    { AT(rating_resident), 1, REST_ZERO, false },
    { AT(rating_staff), 1, REST_ZERO, false },
    { AT(flags), 2, REST_ZERO, false },
    { AT(columns), 1, REST_ZERO, false },
    { AT(category), 4, REST_ZERO, true },
    { AT(category1), 4, REST_ZERO, true },
    { AT(department), 4, REST_ZERO, true },
    { AT(department_first), 4, REST_ZERO, true },
    { AT(outcome), 4, REST_ZERO, true },
    { AT(building), 4, REST_ZERO, true },
    { AT(grid), 4, REST_ZERO, true },
    { AT(spot), 4, REST_ZERO, true },
    { AT(number), 4, REST_ZERO, true },
    { AT(recorder), 4, REST_ZERO, true },
    { AT(handler), 4, REST_ZERO, true },
    { AT(visitor), 4, REST_ZERO, true },
    { AT(serial), 8, REST_ZERO, false },
    { AT(household), 4, REST_ZERO, false },
    { AT(asset), 4, REST_ZERO, false },
    { AT(contact), 4, REST_ZERO, false },
    { AT(merged_into), 4, REST_ZERO, false },
    { AT(contacts), 2, REST_ONE, false },
    { AT(gap_before), 1, REST_ZERO, false },
    { AT(rating_speed), 1, REST_ZERO, false },
    { AT(rating_quality), 1, REST_ZERO, false },
    { AT(transfers_stated), 2, REST_NOT_STATED, false },
    { AT(reopens_stated), 2, REST_NOT_STATED, false },
};

/* Where the first says nothing, what the second says holds. */
static const struct {
    size_t first, second;
} stand_ins[] = {
    { AT(due_first), AT(due) },
    { AT(nature_first), AT(nature) },
    { AT(urgency_first), AT(urgency) },
    { AT(category), AT(category1) },
    { AT(department_first), AT(department) },
};

/* The columns are const to everybody but the one who fills them. */
static void *column_at(const struct tickets *tickets, size_t offset)
{
    void *column;

    memcpy(&column, (const char *)tickets + offset, sizeof column);
    return column;
}

static void set_column(struct gather *gather, size_t offset, const void *column)
{
    memcpy((char *)&gather->facts->tickets + offset, &column, sizeof column);
}

static const struct column *column_of(size_t offset)
{
    const struct column *column = columns;

    while (column->offset != offset)
        column++;
    return column;
}

static void *fresh(struct gather *gather, size_t bytes, enum rest rest)
{
    void *cells = arena_alloc(gather->memory, gather->room * bytes);
    size_t i;

    if (rest == REST_NOT_STATED)
        memset(cells, 0xFF, gather->room * bytes);
    for (i = 0; rest == REST_NEVER && i < gather->room; i++)
        ((int64_t *)cells)[i] = HY_NEVER;
    for (i = 0; rest == REST_ONE && i < gather->room; i++)
        ((uint16_t *)cells)[i] = 1;
    return cells;
}

void *column_made(struct gather *gather, size_t offset)
{
    const struct column *column;
    void *cells = column_at(&gather->facts->tickets, offset);

    if (cells != NULL)
        return cells;
    column = column_of(offset);
    cells = fresh(gather, column->bytes, (enum rest)column->rest);
    set_column(gather, offset, cells);
    return cells;
}

/* --- order ------------------------------------------------------------------------ */
#define MOVE(type)              \
    for (i = 0; i < count; i++) \
    ((type *)room)[position[i]] = ((type *)cells)[i]

static void move(void *cells, void *room, size_t bytes, const uint32_t *position,
                 size_t count)
{
    size_t i;

    switch (bytes) {
    case 1:
        MOVE(uint8_t);
        break;
    case 2:
        MOVE(uint16_t);
        break;
    case 4:
        MOVE(uint32_t);
        break;
    default:
        MOVE(uint64_t);
        break;
    }
    memcpy(cells, room, count * bytes);
}

void columns_move(struct gather *gather, const uint32_t *position)
{
    struct arena *memory = arena_new();
    void *room = arena_alloc(memory, gather->room * MOST_BYTES);
    size_t c;

    for (c = 0; c < COUNT(columns); c++) {
        void *cells = column_at(&gather->facts->tickets, columns[c].offset);

        if (cells != NULL)
            move(cells, room, columns[c].bytes, position, gather->count);
    }
    arena_free(memory);
}

/* --- sharing ---------------------------------------------------------------------- */
static bool says_nothing(const void *cells, const struct column *column, size_t i)
{
    if (column->bytes == 8)
        return ((const int64_t *)cells)[i] == HY_NEVER;
    return column->bytes == 4 ? ((const uint32_t *)cells)[i] == 0
                              : ((const uint8_t *)cells)[i] == 0;
}

static void stand_in(struct gather *gather, const struct column *column,
                     const void *second)
{
    char *first = column_at(&gather->facts->tickets, column->offset);
    size_t i;

    for (i = 0; i < gather->count; i++)
        if (says_nothing(first, column, i))
            memcpy(first + i * column->bytes, (const char *)second + i * column->bytes,
                   column->bytes);
}

void columns_share(struct gather *gather)
{
    static const uint8_t most_bytes[RESTS] = { MOST_BYTES, 8, 2, 2 };
    struct tickets *tickets = &gather->facts->tickets;
    void *empty[RESTS] = { NULL };
    size_t c, i;

    for (i = 0; i < COUNT(stand_ins); i++)
        if (column_at(tickets, stand_ins[i].first) != NULL
            && column_at(tickets, stand_ins[i].second) != NULL)
            stand_in(gather, column_of(stand_ins[i].first),
                     column_at(tickets, stand_ins[i].second));
    for (i = 0; i < COUNT(stand_ins); i++)
        if (column_at(tickets, stand_ins[i].first) == NULL)
            set_column(gather, stand_ins[i].first,
                       column_at(tickets, stand_ins[i].second));
    for (c = 0; c < COUNT(columns); c++) {
        uint8_t rest = columns[c].rest;

        if (column_at(tickets, columns[c].offset) != NULL
            || (columns[c].offset == AT(number) && (gather->needs & NEED_NUMBERS) == 0))
            continue;
        if (empty[rest] == NULL)
            empty[rest] = fresh(gather, most_bytes[rest], (enum rest)rest);
        set_column(gather, columns[c].offset, empty[rest]);
    }
}

void *column_own(struct gather *gather, size_t offset)
{
    const struct tickets *tickets = &gather->facts->tickets;
    const struct column *column = column_of(offset);
    void *cells = column_at(tickets, offset), *own;
    size_t c;

    for (c = 0; c < COUNT(columns); c++)
        if (columns[c].offset != offset
            && column_at(tickets, columns[c].offset) == cells)
            break;
    if (c == COUNT(columns))
        return cells;
    own = arena_alloc(gather->memory, gather->room * column->bytes);
    memcpy(own, cells, gather->count * column->bytes);
    set_column(gather, offset, own);
    return own;
}

/* Whether a column before this one is the same. */
static bool seen_before(const struct tickets *tickets, size_t c)
{
    size_t i;

    for (i = 0; i < c; i++)
        if (column_at(tickets, columns[i].offset)
            == column_at(tickets, columns[c].offset))
            return true;
    return false;
}

void columns_renumber(struct gather *gather)
{
    const struct tickets *tickets = &gather->facts->tickets;
    size_t c;

    for (c = 0; c < COUNT(columns); c++)
        if (columns[c].word && !seen_before(tickets, c))
            words_renumber(gather, column_at(tickets, columns[c].offset),
                           gather->count);
}

size_t store_facts_bytes(const struct facts *facts)
{
    size_t bytes = 0, c;

    for (c = 0; c < COUNT(columns); c++)
        if (column_at(&facts->tickets, columns[c].offset) != NULL
            && !seen_before(&facts->tickets, c))
            bytes += columns[c].bytes;
    return bytes;
}
