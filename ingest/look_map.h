/* look_map.h - the text of a first map, from the one made out of a sheet's titles. */
#ifndef HY_LOOK_MAP_H
#define HY_LOOK_MAP_H

#include "ingest/load.h"

/* Reads the sheet as the map given did; header_row: the clerk's word, 0 = find. */
const char *look_map_text(const struct map *map, const struct header *header,
                          const struct look_sheet *sheet, const char *format,
                          int header_row, struct arena *memory);

/* Where no map fits and the titles do not tell: the same with a question mark before
 * every column that is not known, for a person to finish. */
const char *look_draft_text(const struct header *header, const struct look_sheet *sheet,
                            const char *format, int header_row, struct arena *memory);

#endif
