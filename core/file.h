/*
 * file.h - whole files in, whole files out; nothing half-written is ever left.
 *
 * Writing: file_scratch() gives a name beside the final one (same directory,
 * so that the rename is one step); write there; file_settle() syncs, renames
 * and syncs the directory, or removes the scratch when writing failed.
 */
#ifndef HY_FILE_H
#define HY_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"

/* The whole file, NUL after its last byte; more than limit bytes is refused.
 * HY_NOINPUT when it is not there, HY_IO when it cannot be read. */
enum status file_read(const char *path, size_t limit, struct arena *memory,
                      const unsigned char **bytes, size_t *length, struct error *err);

const char *file_scratch(const char *path, struct arena *memory);
/* mode: 0644 for public outputs, 0600 for all others. */
enum status file_settle(const char *scratch, const char *path, unsigned mode,
                        enum status written, struct error *err);
/* Bytes to path in the same safe way. */
enum status file_write(const char *path, unsigned mode, const void *bytes,
                       size_t length, struct error *err);
/* Creates the directory and its parents; HY_CREATE when it cannot. */
enum status file_make_directory(const char *path, struct error *err);

/* Names in a directory, sorted by bytes, without "." and ".."; count may be 0. */
enum status file_list(const char *directory, struct arena *memory,
                      const char *const **names, size_t *count, struct error *err);
bool file_is_directory(const char *path);
bool file_exists(const char *path);
const char *file_base(const char *path); /* after the last '/' */

/* Where templates/ lies: $HUIYIN_TEMPLATES, ./templates, beside the program, or
 * its share/huiyin/templates.  HY_CONFIG with the places tried when nowhere. */
enum status file_templates(struct arena *memory, const char **directory,
                           struct error *err);

#endif
