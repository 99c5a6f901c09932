/* store_facts_callbacks.c - what was asked about notices, and what owners told the
 * committee.
 *
 * Call-backs are written down by people on paper first, so their answers are words.
 * They are understood here, where the columns are: nothing behind it sees a word, and
 * what is not understood is SAID_NOTHING, which speaks neither for nor against.
 */
#include "core/store_facts.h"

#include <string.h>

struct meaning {
    const char *begins; /* of the answer, blanks taken away */
    uint8_t means;
};

/* The first that fits; "不清楚" stands before "不". */
static const struct meaning answers[] = {
    { "记不", SAID_NOTHING },   { "不清", SAID_NOTHING },
    { "不记", SAID_NOTHING },   { "不知", SAID_NOTHING },
    { "说不", SAID_NOTHING },   { "部分", SAID_PARTLY },
    { "没有登", SAID_NOTHING }, { "没登", SAID_NOTHING },
    { "没", SAID_NO },          { "未", SAID_NO },
    { "无", SAID_NO },          { "否", SAID_NO },
    { "不", SAID_NO },          { "解决了一部", SAID_PARTLY },
    { "解决", SAID_YES },       { "已", SAID_YES },
    { "是", SAID_YES },         { "有", SAID_YES },
    { "回访过", SAID_YES },     { "not sure", SAID_NOTHING },
    { "no", SAID_NO },          { "yes", SAID_YES },
    { "solved", SAID_YES },     { "part", SAID_PARTLY },
};
static const struct meaning contacts[] = {
    { "接通", CONTACT_REACHED },    { "联系上", CONTACT_REACHED },
    { "通了", CONTACT_REACHED },    { "不愿", CONTACT_REFUSED },
    { "拒", CONTACT_REFUSED },      { "不想", CONTACT_REFUSED },
    { "reached", CONTACT_REACHED }, { "refused", CONTACT_REFUSED },
};

static uint8_t meaning_of(const struct meaning *list, size_t count, const char *text,
                          uint8_t otherwise)
{
    size_t i;

    text += strspn(text, " \t");
    for (i = 0; i < count; i++)
        if (strncmp(text, list[i].begins, strlen(list[i].begins)) == 0)
            return list[i].means;
    return otherwise;
}

static uint8_t answer_said(const char *text)
{
    return meaning_of(answers, sizeof answers / sizeof *answers, text, SAID_NOTHING);
}

static uint8_t contact_said(const char *text)
{
    if (text[strspn(text, " \t")] == '\0')
        return CONTACT_NOT_TRIED;
    return meaning_of(contacts, sizeof contacts / sizeof *contacts, text,
                      CONTACT_SILENT);
}

/* "是，5 分", "是（3分）": one digit by itself, 1 to 5. */
static uint8_t score_said(const char *text)
{
    const char *digit = text + strcspn(text, "0123456789");

    if (*digit < '1' || *digit > '5' || (digit[1] >= '0' && digit[1] <= '9'))
        return 0;
    return (uint8_t)(*digit - '0');
}

/* "202610-03": a year and a month, then a line. */
static int32_t month_of_sample(const char *sample)
{
    size_t digits = strspn(sample, "0123456789"), i;
    int number = 0;

    if (digits != 6 || sample[6] != '-')
        return INT32_MIN;
    for (i = 0; i < 6; i++)
        number = number * 10 + sample[i] - '0';
    if (number % 100 < 1 || number % 100 > 12)
        return INT32_MIN;
    return number / 100 * 12 + number % 100 - 1;
}

static uint8_t flag_said(const struct record_value *value)
{
    if (value->empty)
        return SAID_NOTHING;
    return value->number == 1 ? SAID_YES : SAID_NO;
}

static void take_callback(struct gather *gather, const struct record *record,
                          struct callback *callback)
{
    const char *visited = told_words(gather, record, U_REVISITED);
    const char *heard = told_words(gather, record, U_CALLED_BACK);

    *callback = (struct callback){
        .sample = told_words(gather, record, U_SAMPLE),
        .contact = contact_said(told_words(gather, record, U_REACHED)),
        .own = answer_said(told_words(gather, record, U_OWN)),
        .recorded_solved = answer_said(told_words(gather, record, U_RESOLVED)),
        .told_solved = answer_said(told_words(gather, record, U_SOLVED)),
        .recorded_visited = answer_said(visited),
        .told_visited = answer_said(heard),
        .recorded_score = score_said(visited),
        .told_score = score_said(heard),
        .reopen = flag_said(&record->value[U_REOPEN]) == SAID_YES
    };
    callback->month = month_of_sample(callback->sample);
    callback->spare = strstr(callback->sample, "备") != NULL;
}

static void take_objection(struct gather *gather, const struct record *record,
                           struct objection *objection)
{
    *objection =
        (struct objection){ .number = told_words(gather, record, O_NUMBER),
                            .about = told_words(gather, record, O_ABOUT),
                            .answer = told_words(gather, record, O_ANSWER),
                            .received = told_day(record, O_RECEIVED),
                            .answered = told_day(record, O_ANSWERED),
                            .changed = flag_said(&record->value[O_CORRECTED]) };
}

enum status facts_callbacks(struct gather *gather, struct error *err)
{
    struct registers *registers = &gather->facts->registers;
    struct objection *objections;
    struct callback *callbacks;
    struct told *told;
    size_t count, i;

    TRY(told_read(gather, KIND_OBJECTION, &told, &count, err));
    objections = arena_alloc(gather->memory, (count + 1) * sizeof *objections);
    for (i = 0; i < count; i++)
        take_objection(gather, &told[i].record, &objections[i]);
    registers->objections = objections;
    registers->objection_count = count;
    TRY(told_read(gather, KIND_AUDIT, &told, &count, err));
    callbacks = arena_alloc(gather->memory, (count + 1) * sizeof *callbacks);
    for (i = 0; i < count; i++)
        take_callback(gather, &told[i].record, &callbacks[i]);
    registers->callbacks = callbacks;
    registers->callback_count = count;
    return HY_OK;
}
