/*
 * store_link.h - what is asked of people and what they answered: words not
 * understood, tickets that may be the same case, answers put back.
 */
#ifndef HY_STORE_LINK_H
#define HY_STORE_LINK_H

#include "core/store.h"

/* Of the file being loaded; rows of live files are asked about. */
enum status store_keep_word(struct store *store, const char *field, const char *word,
                            int64_t rows, struct error *err);
struct asked_word {
    const char *field, *word;
    int64_t rows;
};
/* Sorted by field and word; every live file counted. */
enum status store_asked_words(struct store *store, struct arena *memory,
                              const struct asked_word **words, size_t *count,
                              struct error *err);

struct answer_line {
    const char *question, *answer;
};
/* Of live files, sorted by question. */
enum status store_answers(struct store *store, struct arena *memory,
                          const struct answer_line **answers, size_t *count,
                          struct error *err);

struct link_ticket { /* what the rules of linking look at; 0 = not known */
    const char *series, *number, *text;
    int64_t received, completed; /* HY_NEVER = open */
    int64_t room, contact, place, asset, category, nature;
    int channel;
};
/* Received at or after `from`, neither void nor merged; by receipt, then number. */
enum status store_link_tickets(struct store *store, int64_t from, struct arena *memory,
                               const struct link_ticket **tickets, size_t *count,
                               struct error *err);

struct link_call { /* a call and the ticket made of it */
    const char *call, *ticket;
    int64_t start, received;
};
/* Calls from `from` on whose number gave a ticket within half an hour, each with the
 * first such ticket: the same rule as HOT-04's. By start, then number. */
enum status store_link_calls(struct store *store, int64_t from, struct arena *memory,
                             const struct link_call **calls, size_t *count,
                             struct error *err);

#endif
