/* planted.c - the truths that samples/README.md names, for analysis to find. */
#include "samples/estate.h"

static struct ticket *plant(struct estate *estate, const char *second, int64_t at,
                            int building)
{
    struct ticket *ticket = estate_add(estate);
    static const enum channel channels[] = { PHONE, PHONE,  WECHAT, APP,
                                             PHONE, WECHAT, WALKIN };

    ticket->subject = catalogue_find(second);
    ticket->received = at;
    estate_place(estate, ticket, building);
    ticket->channel = channels[chance_below(&estate->random, 7)];
    return ticket;
}

/* 7 号楼 2 号梯: worse and worse until its brake is replaced on 2026-03-12. */
static void bad_lift(struct estate *estate)
{
    static const int failures[MONTHS] = { 1, 1, 2, 1, 1, 2, 2, 1, 2, 2, 2, 3, 5,
                                          5, 6, 6, 7, 6, 2, 1, 1, 0, 1, 0, 1, 1 };
    struct random *random = &estate->random;
    int month, i;

    for (month = 0; month < MONTHS; month++)
        for (i = 0; i < failures[month]; i++) {
            int day = month == 18 ? 2 + i * 6 : 1 + i * 4 + chance_below(random, 3);
            int64_t at = clock_month_start(month) + day * (int64_t)DAY
                         + chance_between(random, 7 * 60, 20 * 60) * MINUTE;
            struct ticket *ticket = plant(estate, "电梯停运", at, 7);

            ticket->unit = ticket->lift = 2;
            life_begin(random, ticket);
            life_run(random, ticket);
        }
}

/* Roofs leak from May to July, under the top floor; some wait for the fund. */
static void roof_leaks(struct estate *estate)
{
    static const int leaks[][3] = { { 2025, 5, 9 },  { 2025, 6, 17 }, { 2025, 7, 13 },
                                    { 2026, 5, 10 }, { 2026, 6, 18 }, { 2026, 7, 15 } };
    struct random *random = &estate->random;
    size_t m;
    int i;

    for (m = 0; m < sizeof leaks / sizeof leaks[0]; m++)
        for (i = 0; i < leaks[m][2]; i++) {
            int64_t at =
                clock_at(leaks[m][0], leaks[m][1], 1 + chance_below(random, 30),
                         chance_between(random, 7, 20), 0)
                + chance_below(random, HOUR);
            struct ticket *ticket = plant(estate, "屋面渗漏", at, 0);

            ticket->floor = estate_floors(ticket->building);
            life_begin(random, ticket);
            life_run(random, ticket);
            /* Only the three below are still open when October is reported. */
            if (ticket->completed > clock_at(2026, 10, 20, 18, 0))
                ticket->completed = clock_at(2026, 10, 20, 9 + i % 8, 30);
            if (leaks[m][0] == 2026 && leaks[m][1] == 7 && i < 3) {
                /* Three of 1-4 号楼 still wait in November 2026. */
                ticket->building = i + 1;
                ticket->floor = estate_floors(ticket->building);
                ticket->completed = ticket->first_completed = ticket->reopened = 0;
                ticket->paused = ticket->resumed = 0;
                ticket->rush = false;
            }
        }
}

/* 2026-10-12 07:06: no water in 5-8 号楼. One cause, 34 households, all channels. */
static void burst(struct estate *estate)
{
    struct random *random = &estate->random;
    int64_t start = clock_at(2026, 10, 12, 7, 6), repaired = start + 214 * MINUTE;
    int first = NO_ONE, i;

    for (i = 0; i < 34; i++) {
        struct ticket *ticket =
            plant(estate, "停水",
                  start + (i == 0 ? 0 : chance_below(random, 150 * MINUTE)), 5 + i % 4);
        static const enum channel channels[] = { PHONE, WECHAT, APP, PHONE, WECHAT };

        /* 34 different flats: two to four floors apart in each building. */
        ticket->floor = 2 + i / 4 * 2;
        ticket->channel = channels[i % 5];
        life_begin(random, ticket);
        ticket->responded = ticket->received + chance_between(random, 2, 14) * MINUTE;
        if (i == 0)
            first = ticket->id;
        if (i > 0 && i % 8 != 0) {
            ticket->parent = first;
            ticket->merged = ticket->received + chance_between(random, 10, 60) * MINUTE;
            continue;
        }
        ticket->dispatched = ticket->responded;
        ticket->arrived = start + 25 * MINUTE > ticket->responded
                              ? start + 25 * MINUTE
                              : ticket->responded + 5 * MINUTE;
        ticket->completed = repaired + i * MINUTE;
    }
}

void estate_planted(struct estate *estate)
{
    bad_lift(estate);
    roof_leaks(estate);
    burst(estate);
}
