/* hash_blocks.h - SHA-256 by the processor's own instructions, where it has them. */
#ifndef HY_HASH_BLOCKS_H
#define HY_HASH_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Asks the processor, which may take a microsecond: keep the answer. */
bool sha_in_hardware(void);
/* FIPS 180-4, 6.2.2 for `blocks` times 64 bytes; only where sha_in_hardware(). */
void sha_blocks(uint32_t state[8], const unsigned char *at, size_t blocks);

#endif
