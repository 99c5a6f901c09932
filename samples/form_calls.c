/* form_calls.c - the hotline's Asterisk Master.csv: eighteen columns and no header. */
#include <stdio.h>
#include <stdlib.h>

#include "samples/estate.h"

enum kind {
    QUEUE_ANSWERED,
    QUEUE_LEFT,
    MENU_LEFT,
    VOICEMAIL,
    BUSY_LINE,
    BROKEN,
    CALL_OUT,
    CALL_INSIDE
};

struct call {
    int64_t start;
    enum kind kind;
    int caller, wait, talk, agent, serial;
    bool reached; /* outbound only */
};

struct calls {
    struct call *list;
    size_t count, room;
};

static struct call *add(struct calls *calls, int64_t start, enum kind kind, int caller)
{
    struct call *call;

    if (calls->count == calls->room) {
        calls->room = calls->room * 2 + 4096;
        calls->list = realloc(calls->list, calls->room * sizeof *calls->list);
        if (calls->list == NULL)
            give_up("out of memory", "calls");
    }
    call = &calls->list[calls->count];
    *call = (struct call){
        .start = start, .kind = kind, .caller = caller, .serial = (int)calls->count++
    };
    return call;
}

static void talk(struct random *random, struct call *call)
{
    bool slow = chance_permille(random, 205);

    call->wait = slow ? chance_between(random, 16, 95) : chance_between(random, 3, 14);
    call->talk = (int)chance_span(random, 110, 60) + 12;
    call->agent = chance_between(random, 1, 4);
}

/* The call that a phone ticket was written down from. */
static void of_tickets(const struct estate *estate, struct random *random,
                       struct calls *calls)
{
    size_t i;

    for (i = 0; i < estate->count; i++) {
        const struct ticket *ticket = &estate->tickets[i];
        struct call *call;

        if (ticket->channel != PHONE)
            continue;
        call = add(calls, 0, QUEUE_ANSWERED, estate_household(ticket) * 5);
        talk(random, call);
        call->agent = ticket->recorder;
        call->start = ticket->received - chance_between(random, 60, 260);
    }
}

static int64_t by_day(struct random *random, int month)
{
    int64_t start = clock_month_start(month);
    int days = (int)((clock_month_start(month + 1) - start) / DAY), hour;
    int64_t day;

    do {
        day = chance_below(random, days) * (int64_t)DAY;
    } while (clock_spring_festival(start + day) && chance_permille(random, 650));
    hour = chance_between(random, 7, 21);
    if (chance_permille(random, 60))
        hour = chance_below(random, 24);
    return start + day + hour * HOUR + chance_below(random, HOUR);
}

/* Somebody who did not get through, and often was called back. */
static void missed(struct random *random, struct calls *calls, int month)
{
    int caller = chance_below(random, HOUSEHOLDS) * 5, luck = chance_below(random, 100);
    struct call *call = add(calls, by_day(random, month),
                            luck < 80   ? QUEUE_LEFT
                            : luck < 94 ? BUSY_LINE
                                        : BROKEN,
                            caller);
    int64_t start = call->start;

    call->wait = chance_permille(random, 180) ? chance_between(random, 2, 9)
                                              : chance_between(random, 12, 80);
    if (chance_permille(random, 700)) {
        call = add(calls, start + chance_between(random, 150, 1650), CALL_OUT, caller);
        talk(random, call);
        call->reached = chance_permille(random, 800);
    }
}

static void one_month(struct random *random, struct calls *calls, int month)
{
    int i;

    for (i = chance_between(random, 190, 230); i > 0; i--)
        talk(random, add(calls, by_day(random, month), QUEUE_ANSWERED,
                         chance_below(random, HOUSEHOLDS) * 5));
    for (i = chance_between(random, 26, 38); i > 0; i--)
        missed(random, calls, month);
    for (i = chance_between(random, 28, 42); i > 0; i--)
        add(calls, by_day(random, month), MENU_LEFT,
            chance_below(random, HOUSEHOLDS) * 5)
            ->talk = chance_between(random, 4, 35);
    for (i = chance_between(random, 4, 9); i > 0; i--)
        add(calls, by_day(random, month), VOICEMAIL,
            chance_below(random, HOUSEHOLDS) * 5)
            ->talk = chance_between(random, 15, 60);
    for (i = chance_between(random, 50, 66); i > 0; i--) {
        struct call *call = add(calls, by_day(random, month), CALL_OUT,
                                chance_below(random, HOUSEHOLDS) * 5);

        talk(random, call);
        call->reached = chance_permille(random, 780);
    }
    for (i = chance_between(random, 25, 40); i > 0; i--)
        talk(random, add(calls, by_day(random, month), CALL_INSIDE, 0));
}

static int by_start(const void *left, const void *right)
{
    const struct call *a = left, *b = right;

    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a->serial - b->serial;
}

struct words {
    char from[24], to[24], channel[40], peer[40];
    const char *context, *application, *data, *disposition;
    int ring, billed;
};

static struct words inbound(const struct call *call)
{
    struct words words = { .context = "from-trunk",
                           .application = "Queue",
                           .data = "kefu,t,,,90",
                           .disposition = "ANSWERED",
                           .ring = call->wait,
                           .billed = call->talk,
                           .to = "600" };

    snprintf(words.from, sizeof words.from, "1990000%04d", call->caller);
    snprintf(words.channel, sizeof words.channel, "PJSIP/trunk-%08x",
             (unsigned)call->serial);
    switch (call->kind) {
    case QUEUE_ANSWERED:
        snprintf(words.peer, sizeof words.peer, "PJSIP/800%d-%08x", call->agent,
                 (unsigned)call->serial);
        break;
    case MENU_LEFT:
        words.application = "BackGround";
        words.data = "huanying";
        snprintf(words.to, sizeof words.to, "s");
        break;
    case VOICEMAIL:
        words.application = "VoiceMail";
        words.data = "600@default,u";
        break;
    case BUSY_LINE:
        words.disposition = "BUSY";
        words.application = "Busy";
        words.data = "5";
        words.billed = 0;
        break;
    case BROKEN:
        words.disposition = "FAILED";
        words.billed = 0;
        break;
    case QUEUE_LEFT:
    case CALL_OUT:
    case CALL_INSIDE:
        words.disposition = "NO ANSWER";
        words.billed = 0;
    }
    return words;
}

static struct words outbound(const struct call *call)
{
    bool inside = call->kind == CALL_INSIDE, reached = inside || call->reached;
    struct words words = { .context = inside ? "ext-local" : "from-internal",
                           .application = "Dial",
                           .disposition = reached ? "ANSWERED" : "NO ANSWER",
                           .ring = reached ? call->wait : 40,
                           .billed = reached ? call->talk : 0 };

    words.data = inside ? "PJSIP/8009,30" : "PJSIP/trunk,60";
    snprintf(words.from, sizeof words.from, "800%d", call->agent);
    if (inside)
        snprintf(words.to, sizeof words.to, "8009");
    else
        snprintf(words.to, sizeof words.to, "1990000%04d", call->caller);
    snprintf(words.channel, sizeof words.channel, "PJSIP/800%d-%08x", call->agent,
             (unsigned)call->serial);
    snprintf(words.peer, sizeof words.peer, "PJSIP/%s-%08x", inside ? "8009" : "trunk",
             (unsigned)call->serial);
    return words;
}

static void one_row(struct buffer *out, const struct call *call)
{
    bool out_going = call->kind == CALL_OUT || call->kind == CALL_INSIDE;
    struct words words = out_going ? outbound(call) : inbound(call);
    int64_t answer = call->start + words.ring, end = answer + words.billed;
    char text[32];

    buffer_add(out, "\"\",\"%s\",\"%s\",\"%s\",", words.from, words.to, words.context);
    buffer_add(out, "\"\"\"\"\" <%s>\",\"%s\",\"%s\",", words.from, words.channel,
               words.peer);
    buffer_add(out, "\"%s\",\"%s\",\"%s\",", words.application, words.data,
               stamp(call->start, text, sizeof text));
    if (words.billed > 0)
        buffer_add(out, "\"%s\",", stamp(answer, text, sizeof text));
    else
        buffer_add(out, ",");
    buffer_add(out, "\"%s\",%d,%d,\"%s\",\"DOCUMENTATION\",\"%lld.%d\",\"\"\n",
               stamp(end, text, sizeof text), words.ring + words.billed, words.billed,
               words.disposition, (long long)(call->start - 8 * HOUR), call->serial);
}

static void one_file(const struct calls *calls, const char *folder, const char *name,
                     int64_t from, int64_t until, bool bad)
{
    struct buffer out = { 0 };
    size_t i;

    for (i = 0; i < calls->count; i++)
        if (calls->list[i].start >= from && calls->list[i].start < until)
            one_row(&out, &calls->list[i]);
    if (bad)
        buffer_add(&out, "\"\",\"19900000005\",\"600\",\"from-trunk\",\"\"\"\"\"\","
                         "\"PJSIP/trunk-0\",\"\",\"Queue\",\"kefu\",\"0000-00-00 "
                         "00:00:00\",,\"0000-00-00 00:00:00\",0,0,\"FAILED\","
                         "\"DOCUMENTATION\",\"0.0\",\"\"\n");
    buffer_write(&out, folder, name, NULL);
}

void form_calls(const struct estate *estate, const char *folder)
{
    struct random random = { UINT64_C(0x726563616c6c) };
    struct calls calls = { 0 };
    int64_t change = clock_at(2026, 10, 1, 0, 0);
    int month;

    of_tickets(estate, &random, &calls);
    for (month = 0; month < MONTHS; month++)
        one_month(&random, &calls, month);
    qsort(calls.list, calls.count, sizeof *calls.list, by_start);
    one_file(&calls, folder, "热线话单Master_至2026年9月.csv", 0, change, false);
    one_file(&calls, folder, "热线话单Master_2026年10月.csv", change,
             clock_at(2026, 11, 1, 0, 0), true);
    free(calls.list);
}
