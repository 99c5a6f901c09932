/* tests/bench/columns FILE.db: bytes of memory a ticket takes in the columns of the
 * facts. */
#include <stdio.h>

#include "core/store.h"

int main(int count, char **words)
{
    struct arena *memory = arena_new();
    struct store *store = NULL;
    struct facts facts;
    struct error err;

    if (count != 2 || store_open(&store, words[1], STORE_FACTS, &err) != HY_OK
        || store_facts(store, ~UINT64_C(0), memory, &facts, &err) != HY_OK) {
        fprintf(stderr, "columns: %s\n", count == 2 ? err.text : "FILE.db");
        return 1;
    }
    printf("columns of the facts: %zu bytes a ticket, %zu tickets (goal <= 128)\n",
           store_facts_bytes(&facts), facts.tickets.count);
    store_close(store);
    arena_free(memory);
    return 0;
}
