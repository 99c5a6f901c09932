/*
 * png.h - writes and checks PNG files: RGB, eight bits, no other chunk than the
 * picture, so nothing of the machine, the clock or the programs gets in.
 */
#ifndef HY_PNG_H
#define HY_PNG_H

#include <stdint.h>

#include "core/arena.h"
#include "core/status.h"

struct png;

/* Rows are given from the top, width * 3 bytes each; the height is what was given.
 * path: an existing scratch file, written over. */
enum status png_open(const char *path, uint32_t width, struct arena *memory,
                     struct png **out, struct error *err);
enum status png_row(struct png *png, const unsigned char *row, struct error *err);
/* Ends and closes; png_drop() instead after a failure (NULL is allowed). */
enum status png_close(struct png *png, struct error *err);
void png_drop(struct png *png);

/* Every chunk by its CRC, the end mark last, the rows as many as the head says:
 * HY_INTERNAL otherwise. */
enum status png_check(const char *path, uint32_t *width, uint32_t *height,
                      struct error *err);

#endif
