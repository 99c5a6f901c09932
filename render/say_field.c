/* say_field.c - a field of a register and what stands in it, as clerks call them. */
#include "render/say.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/record.h"

const char *say_field(const struct teller *teller, const char *field)
{
    const char *key = arena_printf(teller->memory, "field.%s", field);

    return wording_has(teller->wording, key) ? wording_get(teller->wording, key)
                                             : say_clean(teller->memory, field);
}

static const char *code_said(const struct teller *teller, const char *domain, long code,
                             const char *text)
{
    int dimension = dimension_find(domain);
    const char *name = dimension >= 0 && code >= 0
                           ? code_name((enum dimension)dimension, (uint32_t)code)
                           : NULL;
    const char *key = name != NULL
                          ? arena_printf(teller->memory, "%s.%s", domain, name)
                          : arena_printf(teller->memory, "%s.code.%ld", domain, code);

    return wording_has(teller->wording, key) ? wording_get(teller->wording, key) : text;
}

const char *say_field_value(const struct teller *teller, const char *field,
                            const char *text)
{
    int at = record_field(KIND_TICKET, field);
    const struct field_spec *spec;
    size_t count;

    if (strcmp(text, "-") == 0)
        return wording_get(teller->wording, "mark.none");
    text = say_clean(teller->memory, text);
    if (at < 0)
        return text;
    spec = &record_fields(KIND_TICKET, &count)[at];
    if (spec->type == TYPE_TIME) {
        char *rest, out[20];
        long long time = strtoll(text, &rest, 10);

        time_print(time, *rest == 'd', out);
        return arena_copy(teller->memory, out, strlen(out));
    }
    return spec->type == TYPE_CODE
               ? code_said(teller, spec->domain, strtol(text, NULL, 10), text)
               : text;
}
