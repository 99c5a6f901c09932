/*
 * mini_facts.h - columns of facts filled by hand, for tests of the analysis.
 *
 * A test writes tickets as rows of `struct mini_ticket`, times as text; the words
 * it uses are few and listed here.  mini_build() sorts and fills every column.
 */
#ifndef HY_MINI_FACTS_H
#define HY_MINI_FACTS_H

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/calendar.h"
#include "core/facts.h"
#include "core/settings.h"

enum { MINI_ROOM = 4096, MINI_EVENTS = 4 * MINI_ROOM };

/* Words by (domain, bytes): ids are positions. */
enum mini_word {
    WORD_NOTHING,
    CATEGORY_LIFT,
    CATEGORY_PIPE,
    DEPARTMENT_DESK,
    DEPARTMENT_ORDER,
    DEPARTMENT_WORKS,
    DEPARTMENT_YARD,
    BUILDING_1,
    BUILDING_2,
    GRID_EAST,
    MINI_WORDS
};

static const char *const mini_texts[MINI_WORDS] = {
    "", "电梯", "管道", "客服", "秩序", "工程", "环境", "1号楼", "2号楼", "东区",
};
static const uint8_t mini_domains[MINI_WORDS] = {
    WORD_NONE,       WORD_CATEGORY,   WORD_CATEGORY, WORD_DEPARTMENT, WORD_DEPARTMENT,
    WORD_DEPARTMENT, WORD_DEPARTMENT, WORD_BUILDING, WORD_BUILDING,   WORD_GRID,
};
static const struct words mini_words = { .count = MINI_WORDS,
                                         .text = mini_texts,
                                         .domain = mini_domains };

struct mini_ticket {
    int nature, urgency;
    const char *received, *responded, *due, *first_completed, *reopened, *completed,
        *revisited;
    int rating; /* 1..5 of 5; 0 none */
    int department, category, building, household, status;
    const char *voided;
    int merged_into; /* 1 + row of the table handed in; sorted tables */
    int hops[4];     /* departments passed after the first */
    int first_department;
    int nature_first;      /* 0: the nature it has */
    const char *due_first; /* NULL: never moved */
    int solved;            /* said at the revisit: 1 yes, -1 no, 0 not asked */
};

struct mini_event {
    uint32_t ticket;
    int kind;
    int64_t at;
    uint32_t from, to;
};

static inline int64_t mini_time(const char *text)
{
    int y, mo, d, h = 0, mi = 0, s = 0;

    if (text == NULL)
        return HY_NEVER;
    y = atoi(text);
    mo = atoi(text + 5);
    d = atoi(text + 8);
    if (strlen(text) > 10) {
        h = atoi(text + 11);
        mi = atoi(text + 14);
    }
    if (strlen(text) > 16)
        s = atoi(text + 17);
    return (int64_t)day_of(y, mo, d) * DAY_SECONDS + h * 3600 + mi * 60 + s;
}

#define MINI_TIME(facts, column, arena, count)                             \
    int64_t *column = arena_alloc(arena, ((count) + 1) * sizeof(int64_t)); \
    (facts)->tickets.column = column
#define MINI_CODE(facts, column, arena, count)         \
    uint8_t *column = arena_alloc(arena, (count) + 1); \
    (facts)->tickets.column = column
#define MINI_WORD(facts, column, arena, count)                               \
    uint32_t *column = arena_alloc(arena, ((count) + 1) * sizeof(uint32_t)); \
    (facts)->tickets.column = column

/* Rows must be in order of receipt. */
static inline void mini_build(const struct mini_ticket *rows, size_t count,
                              struct arena *arena, struct facts *facts)
{
    MINI_TIME(facts, received, arena, count);
    MINI_TIME(facts, responded, arena, count);
    MINI_TIME(facts, due, arena, count);
    MINI_TIME(facts, due_first, arena, count);
    MINI_TIME(facts, first_completed, arena, count);
    MINI_TIME(facts, reopened, arena, count);
    MINI_TIME(facts, completed, arena, count);
    MINI_TIME(facts, revisited, arena, count);
    MINI_TIME(facts, voided, arena, count);
    MINI_TIME(facts, dispatched, arena, count);
    MINI_TIME(facts, closed, arena, count);
    MINI_CODE(facts, nature, arena, count);
    MINI_CODE(facts, nature_first, arena, count);
    MINI_CODE(facts, urgency, arena, count);
    MINI_CODE(facts, channel, arena, count);
    MINI_CODE(facts, status, arena, count);
    MINI_CODE(facts, rating_staff, arena, count);
    MINI_CODE(facts, columns, arena, count);
    MINI_WORD(facts, department, arena, count);
    MINI_WORD(facts, department_first, arena, count);
    MINI_WORD(facts, category, arena, count);
    MINI_WORD(facts, building, arena, count);
    MINI_WORD(facts, grid, arena, count);
    MINI_WORD(facts, household, arena, count);
    MINI_WORD(facts, merged_into, arena, count);
    MINI_WORD(facts, date_only, arena, count);
    uint16_t *flags = arena_alloc(arena, (count + 1) * sizeof *flags);
    uint32_t *ticket = arena_alloc(arena, MINI_EVENTS * sizeof *ticket);
    uint32_t *from = arena_alloc(arena, MINI_EVENTS * sizeof *from);
    uint32_t *to = arena_alloc(arena, MINI_EVENTS * sizeof *to);
    uint8_t *kind = arena_alloc(arena, MINI_EVENTS);
    int64_t *at = arena_alloc(arena, MINI_EVENTS * sizeof *at);
    size_t i, events = 0;

    for (i = 0; i < count; i++) {
        const struct mini_ticket *row = &rows[i];
        uint32_t owner = (uint32_t)row->first_department;

        received[i] = mini_time(row->received);
        responded[i] = mini_time(row->responded);
        due[i] = mini_time(row->due);
        due_first[i] = mini_time(row->due_first != NULL ? row->due_first : row->due);
        first_completed[i] = mini_time(row->first_completed);
        reopened[i] = mini_time(row->reopened);
        completed[i] = mini_time(row->completed);
        revisited[i] = mini_time(row->revisited);
        voided[i] = mini_time(row->voided);
        dispatched[i] = closed[i] = HY_NEVER;
        nature[i] = (uint8_t)row->nature;
        nature_first[i] =
            (uint8_t)(row->nature_first != 0 ? row->nature_first : row->nature);
        flags[i] = (uint16_t)(row->solved == 0  ? 0
                              : row->solved > 0 ? 3u << FLAG_RESOLVED
                                                : 1u << FLAG_RESOLVED);
        urgency[i] = (uint8_t)row->urgency;
        channel[i] = CHANNEL_PHONE;
        status[i] = (uint8_t)row->status;
        rating_staff[i] = (uint8_t)(row->rating == 0 ? 0 : 5 << 4 | row->rating);
        columns[i] = COLUMN_COMPLETED | COLUMN_DUE | COLUMN_RESPONDED | COLUMN_REVISITED
                     | COLUMN_RATING;
        department[i] = (uint32_t)row->department;
        department_first[i] = owner;
        category[i] = (uint32_t)row->category;
        building[i] = (uint32_t)row->building;
        household[i] = (uint32_t)row->household;
        merged_into[i] = (uint32_t)row->merged_into;
        for (size_t hop = 0; hop < 4 && row->hops[hop] != 0; hop++) {
            ticket[events] = (uint32_t)i;
            kind[events] = EVENT_TRANSFER;
            at[events] = received[i] + (int64_t)(hop + 1) * 3600;
            from[events] = owner;
            to[events] = owner = (uint32_t)row->hops[hop];
            events++;
        }
    }
    facts->tickets.count = count;
    facts->tickets.flags = flags;
    facts->events = (struct events){ .count = events,
                                     .ticket = ticket,
                                     .kind = kind,
                                     .at = at,
                                     .from_department = from,
                                     .to_department = to };
    facts->ledger.first_received = count == 0 ? HY_NEVER : received[0];
    facts->ledger.last_received = count == 0 ? HY_NEVER : received[count - 1];
    facts->ledger.horizon = HY_NEVER;
    facts->words = &mini_words;
}

/* The thirteen tickets of DOMAIN 2.12, sorted by receipt. */
static inline size_t mini_month(struct mini_ticket rows[16])
{
    static const struct mini_ticket table[] = {
        { .nature = NATURE_REPAIR,
          .urgency = URGENCY_P3,
          .received = "2025-08-28 09:00",
          .responded = "2025-08-28 09:10",
          .due = "2025-08-29 09:00",
          .department = DEPARTMENT_WORKS,
          .first_department = DEPARTMENT_WORKS },
        { .nature = NATURE_REPAIR,
          .urgency = URGENCY_P3,
          .received = "2025-08-30 10:00",
          .responded = "2025-08-30 10:30",
          .due = "2025-08-31 10:00",
          .completed = "2025-09-02 10:00",
          .revisited = "2025-09-03 09:00",
          .rating = 4,
          .department = DEPARTMENT_WORKS,
          .first_department = DEPARTMENT_WORKS },
        { .nature = NATURE_REPAIR,
          .urgency = URGENCY_P1,
          .received = "2025-09-01 08:00",
          .responded = "2025-09-01 08:05",
          .due = "2025-09-01 12:00",
          .completed = "2025-09-01 10:00",
          .revisited = "2025-09-01 18:00",
          .rating = 5,
          .department = DEPARTMENT_WORKS,
          .first_department = DEPARTMENT_WORKS },
        { .nature = NATURE_REPAIR,
          .urgency = URGENCY_P3,
          .received = "2025-09-03 14:00",
          .responded = "2025-09-03 14:20",
          .due = "2025-09-04 14:00",
          .completed = "2025-09-04 13:59",
          .revisited = "2025-09-05 10:00",
          .rating = 5,
          .department = DEPARTMENT_WORKS,
          .first_department = DEPARTMENT_WORKS },
        { .nature = NATURE_COMPLAINT,
          .urgency = URGENCY_P3,
          .received = "2025-09-05 09:00",
          .responded = "2025-09-05 20:00",
          .due = "2025-09-08 09:00",
          .completed = "2025-09-10 09:00",
          .revisited = "2025-09-11 09:00",
          .rating = 2,
          .department = DEPARTMENT_ORDER,
          .first_department = DEPARTMENT_ORDER,
          .hops = { DEPARTMENT_YARD, DEPARTMENT_ORDER } },
        { .nature = NATURE_REPAIR,
          .urgency = URGENCY_P3,
          .received = "2025-09-08 16:00",
          .responded = "2025-09-08 16:10",
          .due = "2025-09-09 16:00",
          .completed = "2025-09-09 16:00",
          .department = DEPARTMENT_WORKS,
          .first_department = DEPARTMENT_WORKS },
        { .nature = NATURE_REPAIR,
          .urgency = URGENCY_P3,
          .received = "2025-09-10 11:00",
          .responded = "2025-09-10 11:30",
          .due = "2025-09-11 11:00",
          .first_completed = "2025-09-11 09:00",
          .reopened = "2025-09-14 09:00",
          .completed = "2025-09-15 09:00",
          .revisited = "2025-09-16 09:00",
          .rating = 3,
          .department = DEPARTMENT_WORKS,
          .first_department = DEPARTMENT_WORKS },
        { .nature = NATURE_COMPLAINT,
          .urgency = URGENCY_P3,
          .received = "2025-09-12 10:00",
          .responded = "2025-09-12 10:30",
          .due = "2025-09-15 10:00",
          .department = DEPARTMENT_WORKS,
          .first_department = DEPARTMENT_WORKS,
          .hops = { DEPARTMENT_ORDER, DEPARTMENT_WORKS } },
        { .nature = NATURE_ENQUIRY,
          .urgency = URGENCY_P4,
          .received = "2025-09-15 15:00",
          .responded = "2025-09-15 15:00",
          .due = "2025-09-16 15:00",
          .completed = "2025-09-15 15:05",
          .department = DEPARTMENT_DESK,
          .first_department = DEPARTMENT_DESK },
        { .nature = NATURE_REPAIR,
          .urgency = URGENCY_P3,
          .received = "2025-09-20 10:00",
          .responded = "2025-09-20 10:20",
          .due = "2025-09-21 10:00",
          .completed = "2025-09-20 18:00",
          .revisited = "2025-09-21 09:00",
          .department = DEPARTMENT_WORKS,
          .first_department = DEPARTMENT_WORKS },
        { .nature = NATURE_REPAIR,
          .urgency = URGENCY_P3,
          .received = "2025-09-25 10:00",
          .responded = "2025-09-25 10:15",
          .due = "2025-09-26 10:00",
          .completed = "2025-10-02 10:00",
          .department = DEPARTMENT_WORKS,
          .first_department = DEPARTMENT_WORKS },
        { .nature = NATURE_REPAIR,
          .urgency = URGENCY_P3,
          .received = "2025-09-28 10:00",
          .responded = "2025-09-28 11:00",
          .due = "2025-10-05 10:00",
          .department = DEPARTMENT_WORKS,
          .first_department = DEPARTMENT_WORKS },
        { .nature = NATURE_REPAIR,
          .urgency = URGENCY_P3,
          .received = "2025-09-30 17:00",
          .due = "2025-10-01 17:00",
          .department = DEPARTMENT_WORKS,
          .first_department = DEPARTMENT_WORKS },
    };
    size_t i;

    for (i = 0; i < sizeof table / sizeof table[0]; i++)
        rows[i] = table[i];
    return sizeof table / sizeof table[0];
}

static inline struct settings mini_settings(void)
{
    struct settings settings = {
        .window_repeat = 30,
        .window_reopen = 30,
        .window_link = 3,
        .threshold_public = 5,
        .threshold_committee = 3,
        .target_ontime = 0.9,
        .target_satisfied = 0.85,
        .month_start = 1,
        .exempt_natures = 1u << NATURE_ENQUIRY | 1u << NATURE_PATROL,
        .exempt_channels = 1u << CHANNEL_PATROL | 1u << CHANNEL_IOT,
    };

    return settings;
}

#endif
