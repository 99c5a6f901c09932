/* scan.c - a few words of text, code point by code point (scan.h). */
#include "core/scan.h"

#include <string.h>

/* Full-width forms and odd blanks as their plain twins. */
static uint32_t plain(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E)
        return code - 0xFEE0;
    if (code == 0x3000 || code == 0xA0 || code == 0x202F || code == '\t' || code == '\n'
        || code == '\r')
        return ' ';
    return code;
}

bool scan_open(struct scan *scan, struct text text)
{
    const char *at, *end;

    text = text_trim(text);
    at = text.at;
    end = text.at + text.length;
    scan->count = scan->at = 0;
    while (at < end) {
        if (scan->count == SCAN_CODES)
            return false;
        scan->code[scan->count++] = plain(text_next(&at, end));
    }
    return scan->count > 0;
}

uint32_t scan_peek(const struct scan *scan)
{
    return scan->at < scan->count ? scan->code[scan->at] : 0;
}

bool scan_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

void scan_blanks(struct scan *scan)
{
    while (scan_peek(scan) == ' ')
        scan->at++;
}

bool scan_take(struct scan *scan, uint32_t code)
{
    if (scan_peek(scan) != code)
        return false;
    scan->at++;
    return true;
}

bool scan_word(struct scan *scan, const char *word)
{
    const char *end = word + strlen(word);
    int at = scan->at;

    while (word < end) {
        uint32_t want = text_next(&word, end);
        uint32_t have = at < scan->count ? scan->code[at] : 0;

        if (have >= 'A' && have <= 'Z')
            have += 'a' - 'A';
        if (have != want)
            return false;
        at++;
    }
    scan->at = at;
    return true;
}

int scan_number(struct scan *scan, int most, int64_t *number)
{
    int from = scan->at;

    *number = 0;
    while (scan_digit(scan_peek(scan))) {
        if (scan->at - from == most)
            return 0;
        *number = *number * 10 + (int64_t)(scan_peek(scan) - '0');
        scan->at++;
    }
    return scan->at - from;
}
