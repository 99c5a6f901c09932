/* map_fuzz.c - any bytes as a map: compiled or refused with a message. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ingest/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *memory = arena_new();
    struct vocabulary *words;
    struct map_problems problems = { .count = 0 };
    struct map map;
    struct error err;

    if (words_load(&words, "templates/words", memory, &err) == HY_OK
        && map_compile("fuzz.map", data, size, words, memory, &map, &problems, &err)
               == HY_OK
        && (map.name == NULL || map.rule_count == 0))
        abort();
    arena_free(memory);
    return 0;
}
