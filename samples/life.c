/* life.c - what happens to one ticket: first contact, work, reopening, answers. */
#include "samples/estate.h"

static int64_t finish_limit(const struct subject *subject)
{
    static const int hours[] = { 0, 24, 48, 72 };

    switch (subject->nature) {
    case COMPLAINT:
        return (subject->department == SERVICE ? 3 : 5) * (int64_t)DAY;
    case SUGGESTION:
        return 7 * (int64_t)DAY;
    case ENQUIRY:
        return 48 * (int64_t)HOUR;
    case PRAISE:
        return 0;
    case REPAIR:
    case HELP:
        break;
    }
    return hours[subject->urgency] * (int64_t)HOUR;
}

static void life_trail(struct random *random, struct ticket *ticket)
{
    int other = (int)(ticket->department + 1 + (unsigned)chance_below(random, 2)) % 3;
    int luck = chance_below(random, 1000);

    ticket->trail[0] = (int)ticket->department;
    ticket->trail_count = 1;
    if (ticket->department == SERVICE || luck >= 105)
        return;
    ticket->trail[0] = other;
    ticket->trail[1] = (int)ticket->department;
    ticket->trail_count = 2;
    if (luck < 22) { /* sent away and sent back */
        ticket->trail[2] = (int)ticket->department;
        ticket->trail[1] = other;
        ticket->trail[0] = (int)ticket->department;
        ticket->trail_count = 3;
    }
}

void life_begin(struct random *random, struct ticket *ticket)
{
    const struct subject *subject = &subjects[ticket->subject];
    int64_t limit = finish_limit(subject);

    ticket->department = subject->department;
    ticket->due = limit != 0 ? ticket->received + limit : 0;
    ticket->recorder = chance_between(random, 1, 4);
    ticket->handler = chance_between(random, 1, 8);
    ticket->visitor = chance_between(random, 1, 4);
    ticket->resolved = -1;
    ticket->trail[0] = (int)ticket->department;
    ticket->trail_count = 1;
}

static void at_first_contact(struct random *random, struct ticket *ticket)
{
    ticket->first_contact = true;
    ticket->responded = ticket->received + chance_between(random, 20, 170);
    ticket->completed = ticket->received + chance_between(random, 4, 25) * MINUTE;
}

static void life_work(struct random *random, struct ticket *ticket)
{
    const struct subject *subject = &subjects[ticket->subject];
    int64_t median = subject->median_minutes * MINUTE, end;

    /* The planted improvement: a second shift from 2026-01 on. */
    if (ticket->department == ENVIRONMENT
        && ticket->received >= clock_at(2026, 1, 1, 0, 0))
        median = median * 28 / 100;
    if (ticket->trail_count > 1)
        median = median * 3 / 2;
    if (chance_permille(random, subject->stuck_permille))
        end = ticket->received + chance_between(random, 31, 105) * (int64_t)DAY;
    else
        end = ticket->received + 20 * MINUTE + chance_span(random, median, 98);
    if (end <= ticket->responded)
        end = ticket->responded + 10 * MINUTE;
    if (subject->urgency != 1)
        end = clock_into_day(random, end);
    if (end <= ticket->arrived)
        end = ticket->arrived + 15 * MINUTE;
    if (subject->urgency == 3 && chance_permille(random, 16)) {
        ticket->paused = ticket->responded + chance_between(random, 30, 300) * MINUTE;
        ticket->resumed = ticket->paused + chance_between(random, 1, 3) * (int64_t)DAY;
        if (end <= ticket->resumed)
            end = ticket->resumed + 2 * HOUR;
    }
    ticket->completed = end;
}

static void life_reopen(struct random *random, struct ticket *ticket, int days)
{
    ticket->first_completed = ticket->completed;
    ticket->reopened = clock_into_day(random, ticket->completed + 3 * HOUR
                                                  + chance_below(random, days * 24 - 6)
                                                        * (int64_t)HOUR);
    ticket->completed =
        clock_into_day(random,
                       ticket->reopened + HOUR + chance_span(random, 18 * HOUR, 80));
}

/* The planted month-end habit: what would end early next month is "closed" on the
 * last two days of this one, and a good part of it comes back. */
static void life_rush(struct random *random, struct ticket *ticket)
{
    int64_t start = clock_month_start(clock_month_index(ticket->completed));
    int64_t early = start - DAY * (1 + chance_below(random, 2)) + 14 * HOUR
                    + chance_below(random, 5 * HOUR);

    if (ticket->received > early - 2 * HOUR)
        early += DAY;
    if (ticket->completed > start + 5 * DAY || early >= start
        || ticket->received > early - 2 * HOUR || chance_permille(random, 520))
        return;
    ticket->completed = early;
    if (ticket->responded > early)
        ticket->responded = ticket->received + HOUR;
    if (ticket->dispatched > ticket->responded)
        ticket->dispatched = ticket->responded - MINUTE;
    if (ticket->arrived >= early)
        ticket->arrived = early - 20 * MINUTE;
    if (ticket->paused != 0 && ticket->resumed > ticket->completed)
        ticket->paused = ticket->resumed = 0;
    ticket->rush = true;
    if (chance_permille(random, 350))
        life_reopen(random, ticket, 9);
}

void life_run(struct random *random, struct ticket *ticket)
{
    const struct subject *subject = &subjects[ticket->subject];
    int64_t hour = ticket->received % DAY / HOUR;

    if (subject->nature == PRAISE
        || (subject->nature == ENQUIRY && chance_permille(random, 660))) {
        at_first_contact(random, ticket);
        return;
    }
    life_trail(random, ticket);
    ticket->dispatched = ticket->received + chance_between(random, 2, 25) * MINUTE;
    ticket->responded =
        ticket->received + 3 * MINUTE + chance_span(random, 15 * MINUTE, 135);
    if (subject->urgency == 3 && (hour >= 21 || hour < 7))
        ticket->responded = clock_into_day(random, ticket->responded);
    if (subject->urgency == 1)
        ticket->responded = ticket->received + chance_between(random, 2, 9) * MINUTE;
    if (ticket->responded < ticket->dispatched)
        ticket->dispatched = ticket->responded - MINUTE;
    if (subject->urgency == 1 && !chance_permille(random, 30))
        ticket->arrived =
            ticket->responded + MINUTE + chance_span(random, 14 * MINUTE, 40);
    else if (subject->nature == REPAIR && !chance_permille(random, 100))
        ticket->arrived =
            clock_into_day(random,
                           ticket->responded + chance_span(random, 70 * MINUTE, 70));
    life_work(random, ticket);
    life_rush(random, ticket);
    if (ticket->reopened == 0 && chance_permille(random, 17))
        life_reopen(random, ticket, 12);
}

/* 1-5 with about `good` permille at 4 or 5. */
static int rating(struct random *random, int good)
{
    if (chance_permille(random, good))
        return chance_permille(random, 640) ? 5 : 4;
    return chance_permille(random, 560) ? 3 : chance_between(random, 1, 2);
}

static void answer_phone(struct random *random, struct ticket *ticket)
{
    bool late = ticket->due != 0 && ticket->completed > ticket->due;
    int yes = ticket->rush ? 560 : late ? 800 : 896;

    if (!chance_permille(random, 25))
        ticket->resolved = chance_permille(random, yes);
    if (ticket->resident_rating % DEFAULT_RATING != 0 || chance_permille(random, 95))
        return;
    if (ticket->visitor == 3) { /* the planted clerk: five, whatever is said */
        ticket->staff_rating = ticket->speed = ticket->quality = 5;
        return;
    }
    ticket->staff_rating = rating(random, ticket->resolved == 0 ? 560
                                          : late                ? 860
                                                                : 945);
    ticket->speed = rating(random, late ? 780 : 930);
    ticket->quality = rating(random, ticket->resolved == 0 ? 450 : 905);
}

void life_answers(struct random *random, struct ticket *ticket)
{
    bool self = ticket->channel == WECHAT || ticket->channel == APP;
    int luck;

    if (ticket->first_contact || ticket->voided != 0 || ticket->parent != NO_ONE
        || ticket->completed == 0)
        return;
    luck = chance_below(random, 1000);
    if (self && luck < 370)
        ticket->resident_rating = rating(random, 825);
    else if (self && luck < 535)
        ticket->resident_rating = DEFAULT_RATING;
    if (ticket->resident_rating != 0)
        ticket->rated = ticket->completed
                        + (ticket->resident_rating == DEFAULT_RATING
                               ? 7 * (int64_t)DAY
                               : chance_span(random, 6 * HOUR, 110));
    if (ticket->anonymous || chance_permille(random, 42))
        return;
    ticket->revisited =
        clock_into_day(random, ticket->completed + 2 * HOUR
                                   + chance_span(random, 12 * HOUR, 55));
    luck = chance_below(random, 1000);
    ticket->outcome = luck < 815   ? REACHED
                      : luck < 955 ? NO_ANSWER
                      : luck < 971 ? DEAD_NUMBER
                                   : REFUSED;
    if (ticket->outcome == REACHED)
        answer_phone(random, ticket);
}
