/* date_fuzz.c - any bytes as a date and as a span: no crash, results in range. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct date_options options = { .order = DATE_YMD };
    struct text text;
    int64_t time, amount;
    bool date_only;
    char out[20];

    if (size < 2 || size > 4096)
        return 0;
    options.order = (enum date_order)(data[0] % 3);
    options.year = (data[0] & 16) != 0 ? 2025 : 0;
    options.epoch = (data[0] & 32) != 0;
    options.date1904 = (data[0] & 64) != 0;
    text = (struct text){ (const char *)data + 1, (uint32_t)size - 1 };
    if (date_parse(text, &options, &time, &date_only)) {
        if (time < 0 || time > (int64_t)day_of(2101, 1, 2) * DAY_SECONDS)
            abort();
        time_print(time, date_only, out);
    }
    if (span_parse(text, &amount) != SPAN_NONE && amount < 0)
        abort();
    return 0;
}
