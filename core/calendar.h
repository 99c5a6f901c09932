/*
 * calendar.h - days, months, dates as people write them, and working time.
 *
 * Time zone is fixed at UTC+8, no DST.  A month is year * 12 + month - 1.
 * Working time follows DOMAIN.md section 3: exceptions from
 * templates/calendar (*.csv) (date,kind,name; kind off|work), other days follow
 * the settings.  A deadline exactly at closing time stays there; intake outside
 * hours starts at the next opening; "n working days" ends at closing time of
 * the n-th working day after the start day.
 */
#ifndef HY_CALENDAR_H
#define HY_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/text.h"

enum { DAY_SECONDS = 86400 };

int32_t day_of(int year, int month, int day); /* proleptic Gregorian */
void day_split(int32_t day, int *year, int *month, int *day_of_month);
bool day_valid(int year, int month, int day);
int day_weekday(int32_t day); /* 0 = Monday */
int32_t month_of_day(int32_t day);
int32_t month_of_time(int64_t time);
int64_t month_start(int32_t month);                          /* first second */
bool month_parse(const char *text, int32_t *month);          /* "2026-10" */
void month_print(int32_t month, char out[8]);                /* "2026-10" */
void time_print(int64_t time, bool date_only, char out[20]); /* ISO, blank between */

/* --- dates as people write them (DOMAIN.md 4.3) -------------------------- */
enum date_order { DATE_YMD, DATE_MDY, DATE_DMY };
struct date_options {
    enum date_order order;
    int year;      /* of dates without a year; 0 = none known */
    int32_t shift; /* seconds added to a local time (zone, clock) */
    bool date1904; /* Excel serials of the 1904 system */
    bool epoch;    /* digits are a Unix epoch even where ambiguous */
};
/* true and *time (civil seconds UTC+8), *date_only; false: not a date. */
bool date_parse(struct text text, const struct date_options *options, int64_t *time,
                bool *date_only);
/* Civil seconds of 1990 to 2100, the years tickets lie in: others are typing errors. */
bool date_in_range(int64_t time);
/* An Excel serial; false outside 1900-01-01 .. 9999-12-31. */
bool date_serial(double serial, bool date1904, int64_t *time, bool *date_only);
/* "2小时", "90分钟", "1天3小时", "01:30:00", "3个工作日" -> seconds or days. */
enum span_kind { SPAN_NONE, SPAN_SECONDS, SPAN_WORKDAYS };
enum span_kind span_parse(struct text text, int64_t *amount);

/* --- working time -------------------------------------------------------- */
struct hours {
    int count;
    int32_t from[4], until[4];
}; /* seconds of the day */
struct calendar {
    struct hours weekday[7]; /* 0 = Monday; count 0 = closed */
    struct hours working;    /* of a make-up working day */
    size_t exception_count;
    const struct calendar_day {
        int32_t day;
        bool off;
        const char *name;
    } * exceptions;            /* sorted by day */
    int first_year, last_year; /* covered by a notice; 0 = none */
};

enum status calendar_load(const char *path, struct arena *memory,
                          struct calendar *calendar, struct error *err);
bool calendar_works(const struct calendar *calendar, int32_t day);
bool calendar_covers(const struct calendar *calendar, int64_t from, int64_t until);
/* Working seconds of [from, until); 0 when until <= from. */
int64_t calendar_elapsed(const struct calendar *calendar, int64_t from, int64_t until);
enum clock { CLOCK_NATURAL, CLOCK_WORKHOUR, CLOCK_WORKDAY };
/* amount: seconds for natural and workhour, days for workday. */
int64_t calendar_due(const struct calendar *calendar, enum clock clock, int64_t from,
                     int64_t amount);

#endif
