/* text_valid.h - between text.c and text_valid.c: the part of a check that is quick. */
#ifndef HY_TEXT_VALID_H
#define HY_TEXT_VALID_H

#include <stddef.h>

/* A length up to which the bytes are certainly strict UTF-8 and which ends between
 * characters; 0 where nothing can be said.  The rest is to be walked. */
size_t text_valid_ahead(const unsigned char *at, size_t length);

#endif
