/*
 * questions.h - what is open and only a person can say: words not understood, new
 * departments, doubtful pairs, silent sources.  One workbook asks; put back filled
 * in it is a file like any other (kind answer), so it is listed and can be undone.
 */
#ifndef HY_QUESTIONS_H
#define HY_QUESTIONS_H

#include "cli/session.h"
#include "ingest/load.h"

enum { QUESTION_OPTIONS = 16 };
struct question {
    const char *key, *text;
    const char *options[QUESTION_OPTIONS]; /* ends with NULL */
};
struct questions {
    size_t count, words, departments, pairs, silences;
    const struct question *list;
    int64_t until; /* receipt of the newest ticket: what the questions speak of */
};

/* Those without an answer yet. */
enum status questions_collect(const struct session *session, struct store *store,
                              struct questions *questions, struct error *err);
/* 待确认.xlsx in that folder; *path NULL when there is nothing to ask (an old one is
 * removed). */
enum status questions_export(const struct session *session, struct store *store,
                             const char *folder, struct questions *questions,
                             const char **path, struct error *err);
/* The silences of which a person answered that nothing came in; in memory. */
enum status questions_quiets(const struct session *session, struct store *store,
                             struct arena *memory, const struct quiet **quiets,
                             size_t *count, struct error *err);
/* The words answered so far, taught to the loader. *hash: of all answers that change a
 * reading. */
enum status questions_teach(const struct session *session, struct store *store,
                            struct loader *loader, unsigned char hash[32],
                            struct error *err);

#endif
