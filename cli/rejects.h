/* rejects.h - 退回待补.xlsx: rejected rows handed out, to come back mended. */
#ifndef HY_CLI_REJECTS_H
#define HY_CLI_REJECTS_H

#include "cli/session.h"

/* Every reject not mended yet, a sheet for each sheet they came from: its own titles,
 * behind them number, reason and map (load_mended.c reads it back).  *count rows were
 * written, *left could not (forgotten, or longer than a cell: mended in their file
 * only).  No rejects: an old file of that name goes. */
enum status rejects_export(const struct session *session, struct store *store,
                           const char *path, int64_t *count, int64_t *left,
                           struct error *err);
/* What was written where, and what could not be. */
void rejects_tell(const struct session *session, const char *path, int64_t count,
                  int64_t left);

#endif
