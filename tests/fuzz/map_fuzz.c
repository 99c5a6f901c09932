/* map_fuzz.c - any bytes as a map: compiled or refused with a message. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ingest/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct vocabulary *words; /* read once: the maps are what is tried */
    static struct arena *kept;
    struct arena *memory = arena_new();
    struct map_problems problems = { .count = 0 };
    struct map map;
    struct error err;

    if (kept == NULL) {
        kept = arena_new();
        if (words_load(&words, "templates/words", kept, &err) != HY_OK)
            abort();
    }
    if (map_compile("fuzz.map", data, size, words, memory, &map, &problems, &err)
            == HY_OK
        && (map.name == NULL || (map.rule_count == 0 && map.refuse == NULL)))
        abort();
    arena_free(memory);
    return 0;
}
