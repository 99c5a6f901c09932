/* wording.c - sentences from the wording files, and numbers as they stand on paper. */
#include "core/wording.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/file.h"
#include "core/settings.h"

enum { MAX_PLACES = 24 };

struct sentence {
    const char *key, *zh, *en;
};

struct wording {
    const char *language;
    size_t count;
    struct sentence *sentences; /* sorted by key */
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct sentence *)a)->key, ((const struct sentence *)b)->key);
}

/* A value in double quotes keeps its blanks; "\n" in a value is a line break. */
static const char *unquoted(const char *value, struct arena *memory)
{
    size_t length = strlen(value), used = 0, i;
    char *out = arena_alloc(memory, length + 1);

    if (length >= 2 && value[0] == '"' && value[length - 1] == '"') {
        value++;
        length -= 2;
    }
    for (i = 0; i < length; i++) {
        if (value[i] == '\\' && i + 1 < length && value[i + 1] == 'n') {
            out[used++] = '\n';
            i++;
        } else {
            out[used++] = value[i];
        }
    }
    return out;
}

static struct sentence *place_for(struct wording *wording, size_t *room,
                                  struct arena *memory, const char *key)
{
    size_t i;

    for (i = 0; i < wording->count; i++)
        if (strcmp(wording->sentences[i].key, key) == 0)
            return &wording->sentences[i];
    if (wording->count == *room) {
        wording->sentences =
            arena_grow(memory, wording->sentences, *room * sizeof *wording->sentences,
                       (*room + 64) * 2 * sizeof *wording->sentences);
        *room = (*room + 64) * 2;
    }
    wording->sentences[wording->count].key = key;
    return &wording->sentences[wording->count++];
}

static enum status load_one(const char *path, struct arena *memory,
                            struct wording *wording, size_t *room, struct error *err)
{
    struct ini ini;
    size_t i, j;

    TRY(ini_load(path, memory, &ini, err));
    for (i = 0; i < ini.count; i++) {
        const struct ini_section *section = &ini.sections[i];
        bool zh = strcmp(section->name, "zh") == 0;

        if (!zh && strcmp(section->name, "en") != 0)
            return ini_complain(&ini, section->line, 0, err,
                                "用语文件只有 [zh] 和 [en] 两节 (unknown section)");
        for (j = 0; j < section->count; j++) {
            struct sentence *sentence =
                place_for(wording, room, memory, section->pairs[j].key);
            const char **slot = zh ? &sentence->zh : &sentence->en;

            if (*slot != NULL)
                return ini_complain(&ini, section->pairs[j].line, 1, err,
                                    "“%s”写了两次 (doubled key)",
                                    section->pairs[j].key);
            *slot = unquoted(section->pairs[j].written, memory);
        }
    }
    return HY_OK;
}

enum status wording_load(const char *directory, const char *language,
                         struct arena *memory, const struct wording **out,
                         struct error *err)
{
    struct wording *wording = arena_alloc(memory, sizeof *wording);
    const char *const *names;
    size_t count, room = 0, i;

    wording->language = language;
    TRY(file_list(directory, memory, &names, &count, err));
    for (i = 0; i < count; i++) {
        size_t length = strlen(names[i]);

        if (length > 4 && strcmp(names[i] + length - 4, ".ini") == 0)
            TRY(load_one(arena_printf(memory, "%s/%s", directory, names[i]), memory,
                         wording, &room, err));
    }
    if (wording->count > 0)
        qsort(wording->sentences, wording->count, sizeof *wording->sentences, by_key);
    *out = wording;
    return HY_OK;
}

static const char *look_up(const struct wording *wording, const char *key)
{
    struct sentence wanted = { .key = key };
    const struct sentence *found;

    if (wording->count == 0)
        return NULL;
    found = bsearch(&wanted, wording->sentences, wording->count,
                    sizeof *wording->sentences, by_key);
    if (found == NULL)
        return NULL;
    if (strcmp(wording->language, "en") == 0 && found->en != NULL)
        return found->en;
    return found->zh != NULL ? found->zh : found->en;
}

const char *wording_get(const struct wording *wording, const char *key)
{
    const char *sentence = look_up(wording, key);

    return sentence != NULL ? sentence : key;
}

bool wording_has(const struct wording *wording, const char *key)
{
    return look_up(wording, key) != NULL;
}

const char *wording_language(const struct wording *wording)
{
    return wording->language;
}

struct place {
    const char *name, *value;
};

static const char *value_of(const struct place *places, size_t count, const char *name,
                            size_t length)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (strlen(places[i].name) == length
            && memcmp(places[i].name, name, length) == 0)
            return places[i].value;
    return NULL;
}

/* Values are put in as they are: a brace inside a value is never a place. */
static const char *fill(const char *sentence, const struct place *places, size_t count,
                        struct arena *memory)
{
    size_t room = strlen(sentence) + 1, used = 0, i;
    char *out;

    for (i = 0; i < count; i++)
        room += strlen(places[i].value) * 4; /* a place may stand several times */
    out = arena_alloc(memory, room);
    while (*sentence != '\0') {
        const char *end = *sentence == '{' ? strchr(sentence, '}') : NULL;
        const char *value = end == NULL ? NULL
                                        : value_of(places, count, sentence + 1,
                                                   (size_t)(end - sentence) - 1);

        if (value == NULL) {
            if (used + 1 < room)
                out[used++] = *sentence;
            sentence++;
            continue;
        }
        if (used + strlen(value) < room) {
            memcpy(out + used, value, strlen(value));
            used += strlen(value);
        }
        sentence = end + 1;
    }
    out[used] = '\0';
    return out;
}

const char *wording_say(const struct wording *wording, struct arena *memory,
                        const char *key, ...)
{
    struct place places[MAX_PLACES] = { { NULL, NULL } };
    size_t count = 0;
    const char *name;
    va_list args;

    va_start(args, key);
    while (count < MAX_PLACES && (name = va_arg(args, const char *)) != NULL) {
        places[count].name = name;
        places[count].value = va_arg(args, const char *);
        if (places[count].value == NULL)
            places[count].value = "";
        count++;
    }
    va_end(args);
    return fill(wording_get(wording, key), places, count, memory);
}

/* --- phrases: key US name US value ..., RS between two ------------------------- */

enum { UNIT_MARK = 0x1f, PHRASE_MARK = 0x1e };

/* What a file says holds no mark of ours. */
static void append(char **out, const char *text)
{
    for (; *text != '\0'; text++)
        *(*out)++ = *text == UNIT_MARK || *text == PHRASE_MARK ? ' ' : *text;
}

const char *phrase(struct arena *memory, const char *key, ...)
{
    size_t room = strlen(key) + 1;
    const char *piece;
    char *out, *at;
    va_list args;

    va_start(args, key);
    while ((piece = va_arg(args, const char *)) != NULL)
        room += strlen(piece) + 1;
    va_end(args);
    at = out = arena_alloc(memory, room);
    append(&at, key);
    va_start(args, key);
    while ((piece = va_arg(args, const char *)) != NULL) {
        *at++ = UNIT_MARK;
        append(&at, piece);
    }
    va_end(args);
    *at = '\0';
    return out;
}

const char *phrase_join(struct arena *memory, const char *first, const char *second)
{
    if (first == NULL || *first == '\0')
        return second;
    return arena_printf(memory, "%s%c%s", first, PHRASE_MARK, second);
}

/* Cuts at a mark in place; the rest, or NULL. */
static char *cut_at(char *text, int mark)
{
    char *end = strchr(text, mark);

    if (end == NULL)
        return NULL;
    *end = '\0';
    return end + 1;
}

static const char *say_one(const struct wording *wording, struct arena *memory,
                           char *text)
{
    struct place places[MAX_PLACES] = { { NULL, NULL } };
    char *rest = cut_at(text, UNIT_MARK);
    size_t count = 0;

    while (rest != NULL && count < MAX_PLACES) {
        char *name = rest, *value = cut_at(name, UNIT_MARK);

        if (value == NULL)
            break;
        rest = cut_at(value, UNIT_MARK);
        places[count].name = name;
        places[count++].value = *value == '@' ? wording_get(wording, value + 1) : value;
    }
    return fill(wording_get(wording, text), places, count, memory);
}

const char *wording_phrase(const struct wording *wording, struct arena *memory,
                           const char *text)
{
    const char *said = "";
    char *rest = arena_copy(memory, text, strlen(text));

    while (rest != NULL) {
        char *one = rest;

        rest = cut_at(one, PHRASE_MARK);
        said = arena_printf(memory, "%s%s%s", said,
                            *said == '\0' ? "" : wording_get(wording, "list.comma"),
                            say_one(wording, memory, one));
    }
    return said;
}

const char *wording_head(const struct wording *wording, struct arena *memory,
                         const char *text)
{
    char *copy;

    if (strcmp(wording->language, "en") != 0 || text[0] < 'a' || text[0] > 'z')
        return text;
    copy = arena_copy(memory, text, strlen(text));
    copy[0] = (char)(copy[0] - 'a' + 'A');
    return copy;
}

const char *say_count(struct arena *memory, int64_t count)
{
    char digits[24], out[32];
    int length = snprintf(digits, sizeof digits, "%lld",
                          (long long)(count < 0 ? -count : count));
    size_t used = 0;
    int i;

    if (count < 0)
        out[used++] = '-';
    for (i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    return arena_copy(memory, out, used);
}

/* Half away from zero on the decimal the reader would compute by hand: 0.8845 is
 * 88.5 %, although the nearest double lies a hair below it. */
static double rounded_to(double number, int places)
{
    double scale = pow(10, places), size = floor(fabs(number) * scale + 0.5 + 1e-9);

    return size == 0 ? 0 : size / scale * (number < 0 ? -1 : 1);
}

static double rounded(double number)
{
    return rounded_to(number, 1);
}

const char *say_decimal(struct arena *memory, double number, int places)
{
    return arena_printf(memory, "%.*f", places, rounded_to(number, places));
}

const char *say_percent(struct arena *memory, double fraction)
{
    return isfinite(fraction) ? arena_printf(memory, "%.1f%%", rounded(fraction * 100))
                              : "—";
}

const char *say_points(const struct wording *wording, struct arena *memory,
                       double fraction)
{
    char number[32];

    if (!isfinite(fraction))
        return "—";
    (void)snprintf(number, sizeof number, "%.1f", rounded(fraction * 100));
    return wording_say(wording, memory, "unit.points", "x", number, NULL);
}

const char *say_hours(const struct wording *wording, struct arena *memory, double hours)
{
    const char *key = "unit.hours";
    char number[32];
    double size = fabs(hours);

    if (!isfinite(hours))
        return "—";
    if (size < 2) {
        key = "unit.minutes";
        (void)snprintf(number, sizeof number, "%.0f", floor(size * 60 + 0.5 + 1e-9));
    } else if (size <= 48) {
        (void)snprintf(number, sizeof number, "%.1f", rounded(size));
    } else {
        key = "unit.days";
        (void)snprintf(number, sizeof number, "%.1f", rounded(size / 24));
    }
    return wording_say(wording, memory, key, "x", number, NULL);
}

/* The parts a date is written from; which of them stand, and in what order, is the
 * wording's: English names its months, Chinese counts them. */
struct date_words {
    char year[16], month[16], day[16], iso[40];
    const char *name;
};

static struct date_words date_split(const struct wording *wording, struct arena *memory,
                                    int year, int month, int day)
{
    struct date_words words;

    (void)snprintf(words.year, sizeof words.year, "%d", year);
    (void)snprintf(words.month, sizeof words.month, "%d", month);
    (void)snprintf(words.day, sizeof words.day, "%d", day);
    (void)snprintf(words.iso, sizeof words.iso, "%04d-%02d-%02d", year, month, day);
    words.name = wording_get(wording, arena_printf(memory, "month.%d", month));
    return words;
}

static struct date_words day_words(const struct wording *wording, struct arena *memory,
                                   int32_t day)
{
    int year, month, day_of_month;

    day_split(day, &year, &month, &day_of_month);
    return date_split(wording, memory, year, month, day_of_month);
}

static const char *date_said(const struct wording *wording, struct arena *memory,
                             const char *key, const struct date_words *words)
{
    return wording_say(wording, memory, key, "year", words->year, "month", words->month,
                       "name", words->name, "day", words->day, "iso", words->iso, NULL);
}

const char *say_month(const struct wording *wording, struct arena *memory,
                      int32_t month)
{
    struct date_words words =
        date_split(wording, memory, month / 12, month % 12 + 1, 1);

    return date_said(wording, memory, "date.month", &words);
}

const char *say_month_beside(const struct wording *wording, struct arena *memory,
                             int32_t month, int32_t beside)
{
    struct date_words words =
        date_split(wording, memory, month / 12, month % 12 + 1, 1);

    return date_said(wording, memory,
                     month / 12 == beside / 12 ? "date.month.short"
                                               : "date.month.other",
                     &words);
}

const char *say_day(const struct wording *wording, struct arena *memory, int32_t day,
                    bool with_year)
{
    struct date_words words = day_words(wording, memory, day);

    return date_said(wording, memory, with_year ? "date.day.year" : "date.day", &words);
}

const char *say_day_cell(const struct wording *wording, struct arena *memory,
                         int32_t day)
{
    struct date_words words = day_words(wording, memory, day);

    return date_said(wording, memory, "date.day.cell", &words);
}

const char *say_days(const struct wording *wording, struct arena *memory, int32_t first,
                     int32_t last)
{
    struct date_words from = day_words(wording, memory, first);
    struct date_words until = day_words(wording, memory, last);
    const char *key = "date.days";

    if (strcmp(from.year, until.year) == 0)
        key =
            strcmp(from.month, until.month) == 0 ? "date.days.month" : "date.days.year";
    return wording_say(wording, memory, key, "year", from.year, "month", from.month,
                       "name", from.name, "day", from.day, "last.year", until.year,
                       "last.month", until.month, "last.name", until.name, "last.day",
                       until.day, NULL);
}
