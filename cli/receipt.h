/*
 * receipt.h - 签收单: the sheet both sides sign for a published month.
 *
 * It carries on paper what the lists carry as a file: the check code, the SHA-256 of
 * the public list and of every file handed over, what the figures rest on and the list
 * before.  So it is made last: it lies in the committee's edition, whose list names it
 * like any other file, and it says nothing of itself.
 */
#ifndef HY_RECEIPT_H
#define HY_RECEIPT_H

#include "cli/freeze.h"

#define RECEIPT_NAME "签收单-内部"

struct receipt {
    const struct freeze *freeze; /* data and code made; files of the public and the
                                    committee's edition hashed, as they will lie */
    const struct key *key;       /* that signs the lists */
    const unsigned char *list;   /* SHA-256 (32 bytes) of the public list, signed */
};
/* RECEIPT_NAME .pdf and .txt in an existing folder, mode 0600. */
enum status receipt_write(const struct receipt *receipt, const char *folder,
                          struct error *err);

#endif
