/* status.c - error texts: written at the cause, prefixed on the way up. */
#include "core/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cut text must not end inside a UTF-8 sequence. */
static void cut_clean(char *text, size_t size)
{
    size_t length = strnlen(text, size - 1);
    size_t back = length;

    if (length + 1 < size)
        return;
    while (back > 0 && ((unsigned char)text[back - 1] & 0xC0) == 0x80)
        back--;
    if (back > 0 && (unsigned char)text[back - 1] >= 0xC0)
        text[back - 1] = '\0';
}

enum status fail(struct error *err, enum status status, const char *fmt, ...)
{
    va_list args;

    err->status = status;
    va_start(args, fmt);
    (void)vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    cut_clean(err->text, sizeof err->text);
    return status;
}

enum status fail_in(struct error *err, enum status status, const char *context)
{
    char inner[sizeof err->text];

    memcpy(inner, err->text, sizeof inner);
    return fail(err, status, "%s: %s", context, inner);
}
