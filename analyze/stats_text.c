/* stats_text.c - character pairs, their overlap and their minima (METHODS 2.6). */
#include "analyze/stats_text.h"

#include <math.h>
#include <stdlib.h>

static const uint32_t alone = UINT32_MAX; /* second of a single character */

static const struct range {
    uint32_t low, high;
} letters[] = {
#include "analyze/stats_text_table.inc"
};

static bool is_letter(uint32_t code)
{
    size_t low = 0, high = sizeof letters / sizeof *letters;

    if (code < 0x80)
        return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z')
               || (code >= 'A' && code <= 'Z');
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (letters[middle].high < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof letters / sizeof *letters && letters[low].low <= code;
}

struct text similar_normalise(struct text text, struct arena *memory)
{
    struct text folded = text_fold(text, memory), out = { "", 0 };
    const char *at, *end;
    char *room;

    if (folded.at == NULL)
        return out;
    at = folded.at;
    end = at + folded.length;
    room = arena_alloc(memory, (size_t)folded.length + 4);
    out.at = room;
    while (at < end) {
        const char *from = at;
        uint32_t code = text_next(&at, end);

        for (; is_letter(code) && from < at; from++)
            room[out.length++] = *from;
    }
    return out;
}

static int by_word(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

struct grams similar_grams(struct text normalised, struct arena *memory)
{
    const char *at = normalised.at, *end = normalised.at + normalised.length;
    uint64_t *items =
        arena_alloc(memory, ((size_t)normalised.length + 1) * sizeof *items);
    uint32_t before = alone;
    size_t count = 0, kept = 0;

    while (at < end) {
        uint32_t code = text_next(&at, end);

        if (before != alone)
            items[count++] = (uint64_t)before << 32 | code;
        before = code;
    }
    if (count == 0 && before != alone)
        items[count++] = (uint64_t)before << 32 | alone;
    if (count > 1)
        qsort(items, count, sizeof *items, by_word);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || items[i] != items[kept - 1])
            items[kept++] = items[i];
    return (struct grams){ kept, items };
}

static double shared(const struct grams *a, const struct grams *b)
{
    size_t i = 0, j = 0, both = 0;

    while (i < a->count && j < b->count) {
        both += a->items[i] == b->items[j];
        if (a->items[i] == b->items[j]) {
            i++;
            j++;
        } else if (a->items[i] < b->items[j]) {
            i++;
        } else {
            j++;
        }
    }
    return (double)both;
}

double similar_jaccard(const struct grams *a, const struct grams *b)
{
    double both = shared(a, b);

    return both / ((double)a->count + (double)b->count - both);
}

double similar_containment(const struct grams *a, const struct grams *b)
{
    return shared(a, b) / fmin((double)a->count, (double)b->count);
}

/* FNV-1a over the UTF-8 bytes of the pair. */
static uint64_t hash_of(uint64_t gram)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    char bytes[8];
    size_t length = text_put((uint32_t)(gram >> 32), bytes);

    if ((uint32_t)gram != alone)
        length += text_put((uint32_t)gram, bytes + length);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

void similar_minima(const struct grams *grams, size_t k, uint64_t *minima)
{
    for (size_t i = 0; i < k; i++)
        minima[i] = UINT64_MAX;
    for (size_t g = 0; g < grams->count; g++) {
        uint64_t hash = hash_of(grams->items[g]);

        for (size_t i = 0; i < k; i++) {
            uint64_t value = chance_mix(hash ^ chance_mix(i));

            if (value < minima[i])
                minima[i] = value;
        }
    }
}

double similar_agreement(const struct grams *a, const struct grams *b, size_t k,
                         struct arena *memory)
{
    uint64_t *left = arena_alloc(memory, (k + 1) * sizeof *left);
    uint64_t *right = arena_alloc(memory, (k + 1) * sizeof *right);
    size_t equal = 0;

    if (a->count == 0 || b->count == 0)
        return NAN;
    similar_minima(a, k, left);
    similar_minima(b, k, right);
    for (size_t i = 0; i < k; i++)
        equal += left[i] == right[i];
    return (double)equal / (double)k;
}
