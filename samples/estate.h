/*
 * estate.h - the invented estate in memory: a list of tickets with everything that
 * ever happened to them.  simulate.c makes it, form_*.c write what an office would
 * have exported of it at a given moment.
 */
#ifndef SAMPLES_ESTATE_H
#define SAMPLES_ESTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MONTHS = 26,
    FIRST_YEAR = 2024,
    FIRST_MONTH = 9,
    BUILDINGS = 12,
    HOUSEHOLDS = 1860,
    MINUTE = 60,
    HOUR = 3600,
    DAY = 86400
};
enum nature { REPAIR, COMPLAINT, SUGGESTION, ENQUIRY, HELP, PRAISE };
enum channel { PHONE, WECHAT, APP, WALKIN, GOV, CHANNELS };
enum department { ENGINEERING, ORDER, ENVIRONMENT, SERVICE, DEPARTMENTS };
enum outcome { NOT_VISITED, REACHED, NO_ANSWER, DEAD_NUMBER, REFUSED };
enum { DEFAULT_RATING = 6, NO_ONE = -1 };

struct random {
    uint64_t state;
};

/* One thing people report. weight: about how often in an ordinary month. */
struct subject {
    const char *first, *second, *spot, *words[3];
    enum nature nature;
    enum department department;
    int urgency, weight, median_minutes, stuck_permille;
    bool common; /* in a common part, not inside a flat */
};

struct ticket {
    char number[16], master[16];
    int id, parent; /* order of making; ticket it was merged into */
    int subject;
    enum channel channel;
    enum department department;
    int building, unit, floor, door, lift; /* lift 0 = none */
    bool anonymous, rush, first_contact;
    int64_t received, dispatched, responded, arrived, due, first_completed, reopened,
        completed, paused, resumed, voided, merged, revisited, rated;
    int trail[3], trail_count;
    int recorder, handler, visitor;
    enum outcome outcome;
    int resolved; /* -1 not asked, 0 no, 1 yes */
    int staff_rating, resident_rating, speed, quality;
};

struct estate {
    struct random random;
    struct ticket *tickets;
    size_t count, room;
};

/* What a file shows of a ticket when it was exported at `at`. */
struct view {
    int64_t dispatched, responded, arrived, first_completed, reopened, completed,
        paused, resumed, voided, revisited, updated;
    int resident_rating;
    bool merged;
    const char *status;
};

struct civil {
    int year, month, day, hour, minute, second, weekday; /* weekday 0 = Sunday */
};

/* --- chance.c -------------------------------------------------------------- */
uint64_t chance_next(struct random *random);
int chance_below(struct random *random, int limit);           /* 0 .. limit-1 */
int chance_between(struct random *random, int low, int high); /* both included */
bool chance_permille(struct random *random, int permille);
/* Lognormal by its median; sigma in hundredths. */
int64_t chance_span(struct random *random, int64_t median, int sigma);

/* --- clock.c --------------------------------------------------------------- */
int64_t clock_day(int year, int month, int day); /* days since 1970-01-01 */
int64_t clock_at(int year, int month, int day, int hour, int minute);
struct civil clock_civil(int64_t seconds);
int64_t clock_month_start(int index); /* 0 = 2024-09 */
int clock_month_index(int64_t seconds);
int64_t clock_into_day(struct random *random, int64_t seconds);
bool clock_spring_festival(int64_t seconds);
bool clock_long_holiday(int64_t seconds);

/* --- catalogue.c ----------------------------------------------------------- */
extern const struct subject subjects[];
extern const int subject_count;
extern const char *const nature_words[], *const channel_words[], *const grid_words[];
extern const char *const department_words[];
int catalogue_weight(int subject, int month_index);
int catalogue_find(const char *second);

/* --- simulate.c, planted.c, life.c ----------------------------------------- */
void estate_simulate(struct estate *estate);
struct ticket *estate_add(struct estate *estate);
void estate_place(struct estate *estate, struct ticket *ticket, int building);
void estate_planted(struct estate *estate);
void life_begin(struct random *random, struct ticket *ticket);
void life_run(struct random *random, struct ticket *ticket);
void life_answers(struct random *random, struct ticket *ticket);
int estate_floors(int building);
int estate_household(const struct ticket *ticket); /* 0 .. HOUSEHOLDS-1 */
struct view estate_view(const struct ticket *ticket, int64_t at);

/* --- output.c -------------------------------------------------------------- */
struct buffer {
    char *at;
    size_t length, size;
};
void buffer_add(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_csv(struct buffer *buffer, const char *text, char after);
void buffer_write(struct buffer *buffer, const char *folder, const char *name,
                  const char *encoding);
char *path_in(const char *folder, const char *name);
_Noreturn void give_up(const char *what, const char *where);
const char *stamp(int64_t seconds, char *room, size_t size); /* "" for 0 */
void ticket_content(const struct ticket *ticket, char *room, size_t size);
void ticket_trail(const struct ticket *ticket, char *room, size_t size);
void ticket_phone(const struct ticket *ticket, char *room, size_t size);

/* --- form_*.c: one kind of file each ---------------------------------------- */
/* Received in [from, until), or still unsettled at `since`, as it stood at `at`. */
struct export
{
    int64_t from, until, since, at;
};
bool export_has(const struct export *export, const struct ticket *ticket);
void form_wechat(const struct estate *estate, const char *folder);
void form_app(const struct estate *estate, const char *folder);
void form_desk(const struct estate *estate, const char *folder);
void form_revisit(const struct estate *estate, const char *folder);
void form_calls(const struct estate *estate, const char *folder);
void form_registers(const char *folder);

#endif
