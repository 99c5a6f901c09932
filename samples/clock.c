/* clock.c - civil time without libc: days, months, holidays, hours people work. */
#include "samples/estate.h"

int64_t clock_day(int year, int month, int day)
{
    int64_t y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t clock_at(int year, int month, int day, int hour, int minute)
{
    return clock_day(year, month, day) * DAY + hour * HOUR + minute * MINUTE;
}

struct civil clock_civil(int64_t seconds)
{
    int64_t days = seconds / DAY + 719468, era = days / 146097, of_era = days % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    struct civil civil;

    civil.day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
    civil.month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    civil.year = (int)(year + era * 400 + (civil.month <= 2));
    civil.hour = (int)(seconds % DAY / HOUR);
    civil.minute = (int)(seconds % HOUR / MINUTE);
    civil.second = (int)(seconds % MINUTE);
    civil.weekday = (int)((seconds / DAY + 4) % 7);
    return civil;
}

int64_t clock_month_start(int index)
{
    int month = FIRST_MONTH - 1 + index;

    return clock_at(FIRST_YEAR + month / 12, month % 12 + 1, 1, 0, 0);
}

int clock_month_index(int64_t seconds)
{
    struct civil civil = clock_civil(seconds);

    return (civil.year - FIRST_YEAR) * 12 + civil.month - FIRST_MONTH;
}

/* Work is finished by day: what would end at night ends the next morning. */
int64_t clock_into_day(struct random *random, int64_t seconds)
{
    int64_t hour = seconds % DAY / HOUR;

    if (hour >= 8 && hour < 20)
        return seconds;
    if (hour >= 20)
        seconds += DAY;
    return seconds - seconds % DAY + 8 * HOUR + chance_below(random, 150 * MINUTE);
}

bool clock_spring_festival(int64_t seconds)
{
    int64_t day = seconds / DAY;

    return (day >= clock_day(2025, 1, 28) && day <= clock_day(2025, 2, 4))
           || (day >= clock_day(2026, 2, 15) && day <= clock_day(2026, 2, 23));
}

bool clock_long_holiday(int64_t seconds)
{
    struct civil civil = clock_civil(seconds);

    return (civil.month == 10 && civil.day <= 7)
           || (civil.month == 5 && civil.day <= 5);
}
