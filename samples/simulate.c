/* simulate.c - twenty-six months of tickets, in memory, before any form is written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples/estate.h"

/* How many ordinary tickets each month begins with; 2025-01/02 and 2026-02 lie low. */
static const int intake[MONTHS] = { 418, 424, 415, 428, 372, 396, 421, 430, 418,
                                    411, 414, 428, 426, 422, 417, 425, 421, 330,
                                    424, 419, 411, 408, 413, 424, 421, 421 };

struct ticket *estate_add(struct estate *estate)
{
    struct ticket *ticket;

    if (estate->count == estate->room) {
        estate->room = estate->room * 2 + 4096;
        estate->tickets =
            realloc(estate->tickets, estate->room * sizeof *estate->tickets);
        if (estate->tickets == NULL)
            give_up("out of memory", "tickets");
    }
    ticket = &estate->tickets[estate->count];
    memset(ticket, 0, sizeof *ticket);
    ticket->id = (int)estate->count++;
    ticket->parent = NO_ONE;
    return ticket;
}

/* Ten buildings of 26 floors and two of 25, two units, three flats: 1,860. */
int estate_floors(int building)
{
    return building == 4 || building == 11 ? 25 : 26;
}

int estate_household(const struct ticket *ticket)
{
    int before = 0, i;

    for (i = 1; i < ticket->building; i++)
        before += estate_floors(i) * 6;
    return before + ((ticket->floor - 1) * 2 + ticket->unit - 1) * 3 + ticket->door - 1;
}

void estate_place(struct estate *estate, struct ticket *ticket, int building)
{
    struct random *random = &estate->random;

    ticket->building = building != 0 ? building : chance_between(random, 1, BUILDINGS);
    ticket->unit = chance_between(random, 1, 2);
    ticket->floor = chance_between(random, 1, estate_floors(ticket->building));
    ticket->door = chance_between(random, 1, 3);
    if (strcmp(subjects[ticket->subject].first, "电梯") == 0) {
        /* The planted lift has its own history (planted.c). */
        if (ticket->building == 7)
            ticket->unit = 1;
        ticket->lift = ticket->unit;
    }
}

static int64_t moment(struct random *random, int month)
{
    static const int hours[24] = { 3,  2,  1,  1,  1,  3,  9,  28, 55, 68, 62, 44,
                                   30, 38, 52, 54, 50, 52, 58, 52, 40, 26, 14, 6 };
    int64_t start = clock_month_start(month), day;
    int days = (int)((clock_month_start(month + 1) - start) / DAY), hour;

    for (;;) {
        struct civil civil;
        int share = 100;

        day = start + chance_below(random, days) * (int64_t)DAY;
        civil = clock_civil(day);
        if (civil.weekday == 0 || civil.weekday == 6)
            share = 82;
        if (civil.weekday == 1)
            share = 112;
        if (clock_long_holiday(day))
            share = 66;
        if (clock_spring_festival(day))
            share = 30;
        if (chance_below(random, 112) < share)
            break;
    }
    do {
        hour = chance_below(random, 24);
    } while (chance_below(random, 68) >= hours[hour]);
    return day + hour * HOUR + chance_below(random, HOUR);
}

static int draw_subject(struct random *random, int month)
{
    int total = 0, luck, i;

    for (i = 0; i < subject_count; i++)
        total += catalogue_weight(i, month);
    luck = chance_below(random, total);
    for (i = 0; luck >= catalogue_weight(i, month); i++)
        luck -= catalogue_weight(i, month);
    return i;
}

static enum channel draw_channel(struct random *random, const struct ticket *ticket)
{
    int luck = chance_below(random, 1000);

    if (subjects[ticket->subject].nature == COMPLAINT && chance_permille(random, 80))
        return GOV;
    return luck < 418   ? PHONE
           : luck < 710 ? WECHAT
           : luck < 888 ? APP
           : luck < 994 ? WALKIN
                        : GOV;
}

static struct ticket *ordinary(struct estate *estate, int month)
{
    struct random *random = &estate->random;
    struct ticket *ticket = estate_add(estate);

    ticket->subject = draw_subject(random, month);
    ticket->received = moment(random, month);
    estate_place(estate, ticket, 0);
    ticket->channel = draw_channel(random, ticket);
    ticket->anonymous = subjects[ticket->subject].nature == COMPLAINT
                        && ticket->channel != PHONE && chance_permille(random, 90);
    life_begin(random, ticket);
    return ticket;
}

/* The same flat or the same lift again; the repairs of the last two days of a month
 * come back far more often. */
static void come_back(struct estate *estate, int id)
{
    struct random *random = &estate->random;
    struct ticket before = estate->tickets[id], *again;
    int64_t at;

    if (subjects[before.subject].nature != REPAIR || before.completed == 0
        || before.reopened != 0 || !chance_permille(random, before.rush ? 300 : 60))
        return;
    at = before.completed
         + chance_between(random, 18, before.rush ? 9 * 24 : 29 * 24) * (int64_t)HOUR;
    at = clock_into_day(random, at);
    if (at >= clock_month_start(MONTHS))
        return;
    again = estate_add(estate);
    again->subject = before.subject;
    again->received = at;
    again->building = before.building;
    again->unit = before.unit;
    again->floor = before.floor;
    again->door = before.door;
    again->lift = before.lift;
    again->channel = draw_channel(random, again);
    life_begin(random, again);
    life_run(random, again);
}

static void one_month(struct estate *estate, int month)
{
    struct random *random = &estate->random;
    int i;

    for (i = 0; i < intake[month]; i++) {
        int id = ordinary(estate, month)->id;

        life_run(random, &estate->tickets[id]);
        come_back(estate, id);
    }
    for (i = chance_between(random, 9, 13); i > 0; i--) {
        struct ticket *ticket = ordinary(estate, month);

        ticket->dispatched = ticket->received + 9 * MINUTE;
        ticket->voided = ticket->received + chance_between(random, 15, 300) * MINUTE;
    }
    for (i = chance_between(random, 3, 5); i > 0; i--) {
        struct ticket *child = ordinary(estate, month);
        struct ticket *parent;

        do {
            parent = &estate->tickets[chance_below(random, (int)estate->count - 1)];
        } while (clock_month_index(parent->received) != month || parent->voided != 0
                 || parent->parent != NO_ONE || !subjects[parent->subject].common
                 || parent->received + 12 * HOUR >= clock_month_start(month + 1));
        child->subject = parent->subject;
        child->received = parent->received + chance_between(random, 10, 400) * MINUTE;
        child->building = parent->building;
        child->unit = parent->unit;
        child->floor = chance_between(random, 1, estate_floors(child->building));
        child->lift = parent->lift;
        child->parent = parent->id;
        child->anonymous = false;
        life_begin(random, child);
        child->merged = child->received + chance_between(random, 5, 90) * MINUTE;
    }
}

static int by_time(const void *left, const void *right)
{
    const struct ticket *a = left, *b = right;

    if (a->received != b->received)
        return a->received < b->received ? -1 : 1;
    return a->id - b->id;
}

/* QT front desk, WX mini-program, AP app: month and running number. */
static void give_numbers(struct estate *estate)
{
    int running[MONTHS][3] = { { 0 } };
    size_t i, k;

    for (i = 0; i < estate->count; i++) {
        struct ticket *ticket = &estate->tickets[i];
        int month = clock_month_index(ticket->received);
        int book = ticket->channel == WECHAT ? 1 : ticket->channel == APP ? 2 : 0;
        struct civil civil = clock_civil(ticket->received);

        snprintf(ticket->number, sizeof ticket->number, "%.2s%04d%02d%04d",
                 &"QTWXAP"[book * 2], civil.year % 10000, civil.month % 100,
                 ++running[month][book] % 10000);
    }
    for (i = 0; i < estate->count; i++)
        for (k = 0; estate->tickets[i].parent != NO_ONE && k < estate->count; k++)
            if (estate->tickets[k].id == estate->tickets[i].parent)
                memcpy(estate->tickets[i].master, estate->tickets[k].number,
                       sizeof estate->tickets[i].master);
}

void estate_simulate(struct estate *estate)
{
    size_t i;
    int month;

    for (month = 0; month < MONTHS; month++)
        one_month(estate, month);
    estate_planted(estate);
    for (i = 0; i < estate->count; i++) {
        struct ticket *ticket = &estate->tickets[i];

        /* A desk clerk writes minutes; machines write seconds. */
        if (ticket->channel != WECHAT && ticket->channel != APP)
            ticket->received -= ticket->received % MINUTE;
        life_answers(&estate->random, ticket);
    }
    qsort(estate->tickets, estate->count, sizeof *estate->tickets, by_time);
    give_numbers(estate);
}
