/*
 * compound.h - the compound file (OLE2) around old .xls workbooks: named streams
 * in chains of sectors.  Source: [MS-CFB].  Chains that run in circles, point
 * outside or claim more than the file holds are refused.
 */
#ifndef HY_COMPOUND_H
#define HY_COMPOUND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"

struct compound;

bool compound_magic(const unsigned char *bytes, size_t length);
/* bytes must stay valid; everything else lives in memory. */
enum status compound_open(struct compound **out, const unsigned char *bytes,
                          size_t length, struct arena *memory, struct error *err);
bool compound_has(const struct compound *compound, const char *name);
/* The whole stream, in memory.  HY_DATA when there is none of that name. */
enum status compound_stream(const struct compound *compound, const char *name,
                            struct arena *memory, const unsigned char **bytes,
                            size_t *length, struct error *err);

#endif
