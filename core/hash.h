/*
 * hash.h - SHA-256, keyed pseudonyms, sealed boxes, signatures.  The only user of
 * sodium.
 *
 * The key file (huiyin.key, 32 random bytes as hex, 0600) is made on first use
 * beside the database and never printed.
 */
#ifndef HY_HASH_H
#define HY_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct key {
    unsigned char bytes[32];
    /* Made by key_open() where the processor hashes by itself: the two halves of
     * HMAC after their first block, so that a pseudonym costs two blocks. */
    bool prepared;
    uint32_t inner[8], outer[8];
};

void hash_bytes(const void *bytes, size_t length, unsigned char out[32]);
enum status hash_file(const char *path, unsigned char out[32], struct error *err);
/* 64 lower-case hex digits of 32 bytes, NUL-ended. */
void hash_hex(const unsigned char bytes[32], char out[65]);
uint64_t hash_fast(const void *bytes, size_t length, uint64_t seed); /* not keyed */

/* SHA-256 of bytes that stay where they are, made by a thread of its own. */
struct hash_beside;
struct hash_beside *hash_begin(const void *bytes, size_t length, struct arena *memory);
/* The 32 bytes; waits for the thread.  Must be called before the bytes go. */
const unsigned char *hash_wait(struct hash_beside *beside);

struct hash_stream; /* SHA-256 in pieces */
struct hash_stream *hash_start(struct arena *memory);
void hash_add(struct hash_stream *stream, const void *bytes, size_t length);
void hash_end(struct hash_stream *stream, unsigned char out[32]);

enum status key_open(const char *path, struct key *key, struct error *err);
enum status key_random(struct key *key, struct error *err); /* in memory only */
void key_hmac(const struct key *key, const void *bytes, size_t length,
              unsigned char out[32]); /* HMAC-SHA-256 */
/* The first 63 bits of the HMAC, never 0: what a caller or a front door is called in
 * the store.  Without the key it is a number without meaning. */
int64_t key_pseudonym(const struct key *key, const void *bytes, size_t length);
/* out takes length + KEY_SEAL_EXTRA bytes; the nonce is derived from key and
 * text, so that equal rows seal alike. */
enum { KEY_SEAL_EXTRA = 24 + 16 };
void key_seal(const struct key *key, const void *bytes, size_t length,
              unsigned char *out);
enum status key_unseal(const struct key *key, const unsigned char *sealed,
                       size_t length, unsigned char *out, struct error *err);

/* Ed25519.  The signing key is derived from the key, so that there is one secret to
 * keep; the same text is always signed alike. */
enum { SIGNATURE_BYTES = 64 };
void key_public(const struct key *key, unsigned char out[32]);
void key_sign(const struct key *key, const void *bytes, size_t length,
              unsigned char out[SIGNATURE_BYTES]);
bool signature_holds(const unsigned char public_key[32], const void *bytes,
                     size_t length, const unsigned char signature[SIGNATURE_BYTES]);

#endif
