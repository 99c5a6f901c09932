/*
 * zip.h - archives, hostile ones included: sizes that lie, doubled names,
 * bombs.  The only user of minizip.  Limits are named constants in zip.c and
 * appear in the message.
 */
#ifndef HY_ZIP_H
#define HY_ZIP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"

struct zip;

struct zip_member {
    const char *name;
    uint64_t size;
};

/* bytes must stay valid until zip_close(). */
enum status zip_open(struct zip **out, const unsigned char *bytes, size_t length,
                     struct error *err);
void zip_close(struct zip *zip);
size_t zip_count(const struct zip *zip);
const struct zip_member *zip_member(const struct zip *zip, size_t index);
int zip_find(const struct zip *zip, const char *name); /* -1 = not there */

/* Streaming: one member at a time.  read gives 0 at the end, after the check
 * sum was found right. */
enum status zip_start(struct zip *zip, size_t index, struct error *err);
enum status zip_read(struct zip *zip, void *buffer, size_t room, size_t *got,
                     struct error *err);
void zip_stop(struct zip *zip);
/* A whole small member (at most limit bytes). */
enum status zip_whole(struct zip *zip, size_t index, size_t limit, struct arena *memory,
                      const unsigned char **bytes, size_t *length, struct error *err);

#endif
