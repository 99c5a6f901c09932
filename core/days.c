/* days.c - civil days and months, and the serial days of Excel: numbers to numbers. */
#include "core/calendar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SHIFT_1904 = 1462 /* days between the two Excel systems */ };

int32_t day_of(int year, int month, int day)
{
    int shifted = month <= 2 ? year - 1 : year;
    int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    int of_era = shifted - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void day_split(int32_t day, int *year, int *month, int *day_of_month)
{
    int32_t shifted = day + 719468;
    int32_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int32_t of_era = shifted - era * 146097;
    int32_t year_of_era =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int32_t of_year =
        of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t counted = (5 * of_year + 2) / 153; /* 0 = March */

    *day_of_month = of_year - (153 * counted + 2) / 5 + 1;
    *month = counted < 10 ? counted + 3 : counted - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

bool day_valid(int year, int month, int day)
{
    static const int lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    if (month < 1 || month > 12 || day < 1)
        return false;
    return day <= lengths[month - 1] + (month == 2 && leap ? 1 : 0);
}

int day_weekday(int32_t day)
{
    return (int)(((int64_t)day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
}

int32_t month_of_day(int32_t day)
{
    int year, month, of_month;

    day_split(day, &year, &month, &of_month);
    return year * 12 + month - 1;
}

static int32_t day_of_time(int64_t time)
{
    return (int32_t)(time >= 0 ? time / DAY_SECONDS : -((-time - 1) / DAY_SECONDS) - 1);
}

int32_t month_of_time(int64_t time)
{
    return month_of_day(day_of_time(time));
}

int64_t month_start(int32_t month)
{
    int year = month >= 0 ? month / 12 : -((-month + 11) / 12);

    return (int64_t)day_of(year, month - year * 12 + 1, 1) * DAY_SECONDS;
}

bool month_parse(const char *text, int32_t *month)
{
    int year, number;
    size_t i;

    for (i = 0; i < 7; i++)
        if (i == 4 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    if (text[7] != '\0')
        return false;
    year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10
           + text[3] - '0';
    number = (text[5] - '0') * 10 + text[6] - '0';
    if (number < 1 || number > 12)
        return false;
    *month = year * 12 + number - 1;
    return true;
}

void month_print(int32_t month, char out[8])
{
    int year = month / 12, number = month % 12 + 1;

    if (month < 0 || year > 9999)
        year = 0;
    if (number < 1)
        number = 1;
    (void)snprintf(out, 8, "%04d-%02d", year % 10000, number % 100);
}

void time_print(int64_t time, bool date_only, char out[20])
{
    int year, month, day;
    unsigned second, years;
    int32_t whole = day_of_time(time);

    day_split(whole, &year, &month, &day);
    second = (unsigned)(time - (int64_t)whole * DAY_SECONDS);
    years = year < 0 || year > 9999 ? 0 : (unsigned)year;
    if (date_only)
        (void)snprintf(out, 20, "%04u-%02u-%02u", years % 10000, (unsigned)month % 100,
                       (unsigned)day % 100);
    else
        (void)snprintf(out, 20, "%04u-%02u-%02u %02u:%02u:%02u", years % 10000,
                       (unsigned)month % 100, (unsigned)day % 100, second / 3600 % 24,
                       second / 60 % 60, second % 60);
}

bool date_serial(double serial, bool date1904, int64_t *time, bool *date_only)
{
    double whole, limit = 2958466.0; /* 10000-01-01 in the 1900 system */
    int64_t seconds;
    int32_t day;

    if (date1904)
        serial += SHIFT_1904;
    if (!(serial >= 1.0) || serial >= limit)
        return false;
    whole = floor(serial);
    if (whole == 60.0 && !date1904)
        return false; /* 1900-02-29 never was */
    day = day_of(1899, 12, whole < 60.0 ? 31 : 30) + (int32_t)whole;
    seconds = (int64_t)floor((serial - whole) * DAY_SECONDS + 0.5);
    *date_only = seconds == 0;
    *time = (int64_t)day * DAY_SECONDS + seconds;
    return true;
}
