/* hash.c - SHA-256, pseudonyms, sealed boxes, signatures (libsodium) and XXH64. */
#include "core/hash.h"
#include "core/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/hash_blocks.h"

_Static_assert(KEY_SEAL_EXTRA
                   == crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
               "a sealed box is nonce, tag, text");

/* libsodium's own state, whoever drives it. */
struct hash_stream {
    crypto_hash_sha256_state state;
    bool hardware;
};

enum {
    BLOCK = 64,
    HARDWARE_FROM = 4096
}; /* below it asking costs more than it saves */

static void stream_start(struct hash_stream *stream, bool hardware)
{
    crypto_hash_sha256_init(&stream->state);
    stream->hardware = hardware;
}

static void stream_add(struct hash_stream *stream, const unsigned char *at,
                       size_t length)
{
    crypto_hash_sha256_state *state = &stream->state;
    size_t held = (size_t)(state->count >> 3) % BLOCK, whole;

    if (!stream->hardware || length < BLOCK) {
        crypto_hash_sha256_update(state, at, length);
        return;
    }
    if (held > 0) { /* to the next block */
        crypto_hash_sha256_update(state, at, BLOCK - held);
        at += BLOCK - held;
        length -= BLOCK - held;
    }
    whole = length / BLOCK;
    sha_blocks(state->state, at, whole);
    state->count += (uint64_t)whole * BLOCK * 8;
    crypto_hash_sha256_update(state, at + whole * BLOCK, length % BLOCK);
}

void hash_bytes(const void *bytes, size_t length, unsigned char out[32])
{
    struct hash_stream stream;

    stream_start(&stream, length >= HARDWARE_FROM && sha_in_hardware());
    stream_add(&stream, bytes, length);
    crypto_hash_sha256_final(&stream.state, out);
}

struct hash_beside {
    const void *bytes;
    size_t length;
    pthread_t thread;
    bool running;
    unsigned char hash[32];
};

static void *make_beside(void *self)
{
    struct hash_beside *beside = self;

    hash_bytes(beside->bytes, beside->length, beside->hash);
    return NULL;
}

struct hash_beside *hash_begin(const void *bytes, size_t length, struct arena *memory)
{
    struct hash_beside *beside = arena_alloc(memory, sizeof *beside);

    beside->bytes = bytes;
    beside->length = length;
    beside->running = beside_start(&beside->thread, make_beside, beside);
    if (!beside->running)
        make_beside(beside);
    return beside;
}

const unsigned char *hash_wait(struct hash_beside *beside)
{
    if (beside->running)
        pthread_join(beside->thread, NULL);
    beside->running = false;
    return beside->hash;
}

enum status hash_file(const char *path, unsigned char out[32], struct error *err)
{
    enum status status = HY_OK;
    unsigned char buffer[64 * 1024];
    struct hash_stream stream;
    ssize_t got = 1;
    int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return fail(err, errno == ENOENT ? HY_NOINPUT : HY_IO, "%s：打不开（%s）", path,
                    strerror(errno));
    stream_start(&stream, sha_in_hardware());
    while (got > 0) {
        got = read(file, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            stream_add(&stream, buffer, (size_t)got);
    }
    if (got < 0)
        status = fail(err, HY_IO, "%s：读到一半出错（%s）", path, strerror(errno));
    close(file);
    crypto_hash_sha256_final(&stream.state, out);
    return status;
}

void hash_hex(const unsigned char bytes[32], char out[65])
{
    static const char digits[] = "0123456789abcdef";
    int i;

    for (i = 0; i < 32; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[64] = '\0';
}

struct hash_stream *hash_start(struct arena *memory)
{
    struct hash_stream *stream = arena_alloc(memory, sizeof *stream);

    stream_start(stream, false); /* small things, one by one */
    return stream;
}

void hash_add(struct hash_stream *stream, const void *bytes, size_t length)
{
    stream_add(stream, bytes, length);
}

void hash_end(struct hash_stream *stream, unsigned char out[32])
{
    crypto_hash_sha256_final(&stream->state, out);
}

/* --- XXH64: fast, well mixed, its test vectors are public ------------------ */
#define PRIME1 UINT64_C(0x9E3779B185EBCA87)
#define PRIME2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define PRIME3 UINT64_C(0x165667B19E3779F9)
#define PRIME4 UINT64_C(0x85EBCA77C2B2AE63)
#define PRIME5 UINT64_C(0x27D4EB2F165667C5)

static uint64_t rotate(uint64_t value, int by)
{
    return value << by | value >> (64 - by);
}

/* Little-endian whatever the machine: hashes lie in the database. */
static uint64_t load64(const unsigned char *at)
{
    uint64_t value;

    memcpy(&value, at, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

static uint64_t load32(const unsigned char *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16
           | (uint64_t)at[3] << 24;
}

static uint64_t mix(uint64_t sum, uint64_t input)
{
    return rotate(sum + input * PRIME2, 31) * PRIME1;
}

static uint64_t hash_lanes(const unsigned char **at, size_t length, uint64_t seed)
{
    uint64_t lane[4] = { seed + PRIME1 + PRIME2, seed + PRIME2, seed, seed - PRIME1 };
    const unsigned char *end = *at + length - 32;
    uint64_t sum;
    int i;

    do {
        for (i = 0; i < 4; i++, *at += 8)
            lane[i] = mix(lane[i], load64(*at));
    } while (*at <= end);
    sum = rotate(lane[0], 1) + rotate(lane[1], 7) + rotate(lane[2], 12)
          + rotate(lane[3], 18);
    for (i = 0; i < 4; i++)
        sum = (sum ^ mix(0, lane[i])) * PRIME1 + PRIME4;
    return sum;
}

uint64_t hash_fast(const void *bytes, size_t length, uint64_t seed)
{
    const unsigned char *at = bytes, *end = at == NULL ? at : at + length;
    uint64_t sum = length >= 32 ? hash_lanes(&at, length, seed) : seed + PRIME5;

    sum += length;
    for (; end - at >= 8; at += 8)
        sum = rotate(sum ^ mix(0, load64(at)), 27) * PRIME1 + PRIME4;
    if (end - at >= 4) {
        sum = rotate(sum ^ load32(at) * PRIME1, 23) * PRIME2 + PRIME3;
        at += 4;
    }
    for (; at < end; at++)
        sum = rotate(sum ^ *at * PRIME5, 11) * PRIME1;
    sum = (sum ^ sum >> 33) * PRIME2;
    sum = (sum ^ sum >> 29) * PRIME3;
    return sum ^ sum >> 32;
}

/* --- the key --------------------------------------------------------------- */
static enum status key_read(const char *path, int file, struct key *key,
                            struct error *err)
{
    char hex[66];
    size_t length = 0, bytes = 0;
    ssize_t got;

    while (length < sizeof hex
           && (got = read(file, hex + length, sizeof hex - length)) > 0)
        length += (size_t)got;
    while (length > 0 && (hex[length - 1] == '\n' || hex[length - 1] == '\r'))
        length--;
    if (length != 64
        || sodium_hex2bin(key->bytes, sizeof key->bytes, hex, length, NULL, &bytes,
                          NULL)
               != 0
        || bytes != sizeof key->bytes)
        return fail(err, HY_DAMAGED, "%s：不是回音的钥匙文件，请从备份取回", path);
    sodium_memzero(hex, sizeof hex);
    return HY_OK;
}

/* Written whole beside its name and linked there: two first starts at once end
 * with one key, and no half key is ever seen. */
static enum status key_make(const char *path, struct error *err)
{
    enum status status = HY_OK;
    struct key key;
    char hex[66], scratch[4096];
    int file, length;

    length = snprintf(scratch, sizeof scratch, "%s.%ld.new", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof scratch)
        return fail(err, HY_CREATE, "%s：路径太长", path);
    unlink(scratch);
    file = open(scratch, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return fail(err, HY_CREATE, "%s：这里不能新建文件（%s）", path,
                    strerror(errno));
    randombytes_buf(key.bytes, sizeof key.bytes);
    sodium_bin2hex(hex, 65, key.bytes, sizeof key.bytes);
    hex[64] = '\n';
    if (write(file, hex, 65) != 65 || fsync(file) != 0)
        status = fail(err, HY_IO, "%s：写不进去（%s）", path, strerror(errno));
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(&key, sizeof key);
    close(file);
    if (status == HY_OK && link(scratch, path) != 0 && errno != EEXIST
        && (access(path, F_OK) == 0 || rename(scratch, path) != 0))
        status = fail(err, HY_CREATE, "%s：不能新建（%s）", path, strerror(errno));
    unlink(scratch);
    return status;
}

static void key_prepare(struct key *key);

enum status key_random(struct key *key, struct error *err)
{
    if (sodium_init() < 0)
        return fail(err, HY_INTERNAL, "libsodium 不能启动");
    randombytes_buf(key->bytes, sizeof key->bytes);
    key_prepare(key);
    return HY_OK;
}

enum status key_open(const char *path, struct key *key, struct error *err)
{
    enum status status;
    int file;

    if (sodium_init() < 0)
        return fail(err, HY_INTERNAL, "libsodium 不能启动");
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) {
        TRY(key_make(path, err));
        file = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (file < 0)
        return fail(err, HY_IO, "%s：钥匙文件打不开（%s）", path, strerror(errno));
    status = key_read(path, file, key, err);
    close(file);
    if (status == HY_OK)
        key_prepare(key);
    return status;
}

/* RFC 2104 with a key of 32 bytes: SHA-256 of (key ^ opad) and SHA-256 of (key ^
 * ipad) and the text. */
static void key_half(const struct key *key, unsigned char pad, uint32_t half[8])
{
    crypto_hash_sha256_state state;
    unsigned char block[BLOCK];
    size_t i;

    for (i = 0; i < BLOCK; i++)
        block[i] = (unsigned char)((i < sizeof key->bytes ? key->bytes[i] : 0) ^ pad);
    crypto_hash_sha256_init(&state);
    memcpy(half, state.state, sizeof state.state);
    sha_blocks(half, block, 1);
    sodium_memzero(block, sizeof block);
}

static void key_prepare(struct key *key)
{
    key->prepared = sha_in_hardware();
    if (!key->prepared)
        return;
    key_half(key, 0x36, key->inner);
    key_half(key, 0x5C, key->outer);
}

/* The last block: text, a one bit, noughts, the length of all in bits. */
static void last_block(uint32_t state[8], const unsigned char *at, size_t length)
{
    uint64_t bits = (uint64_t)(BLOCK + length) * 8;
    unsigned char block[BLOCK] = { 0 };
    int i;

    memcpy(block, at, length);
    block[length] = 0x80;
    for (i = 0; i < 8; i++)
        block[BLOCK - 1 - i] = (unsigned char)(bits >> 8 * i);
    sha_blocks(state, block, 1);
}

static void put_state(const uint32_t state[8], unsigned char out[32])
{
    int i;

    for (i = 0; i < 32; i++)
        out[i] = (unsigned char)(state[i / 4] >> (24 - i % 4 * 8));
}

void key_hmac(const struct key *key, const void *bytes, size_t length,
              unsigned char out[32])
{
    enum { SHORT_MOST = BLOCK - 9 };
    uint32_t state[8];

    if (!key->prepared || length > SHORT_MOST) {
        crypto_auth_hmacsha256(out, bytes, length, key->bytes);
        return;
    }
    memcpy(state, key->inner, sizeof state);
    last_block(state, bytes, length);
    put_state(state, out);
    memcpy(state, key->outer, sizeof state);
    last_block(state, out, 32);
    put_state(state, out);
}

int64_t key_pseudonym(const struct key *key, const void *bytes, size_t length)
{
    unsigned char digest[32];
    uint64_t value = 0;
    int i;

    key_hmac(key, bytes, length, digest);
    for (i = 0; i < 8; i++)
        value = value << 8 | digest[i];
    value &= INT64_MAX;
    return value == 0 ? 1 : (int64_t)value;
}

/* A nonce made from key and text repeats only for the same text: then the box
 * is the same too, and nothing but that equality is told. */
static void derive_nonce(const struct key *key, const void *bytes, size_t length,
                         unsigned char nonce[crypto_secretbox_NONCEBYTES])
{
    static const unsigned char label[] = "huiyin sealed box";
    crypto_auth_hmacsha256_state state;
    unsigned char digest[32];

    crypto_auth_hmacsha256_init(&state, key->bytes, sizeof key->bytes);
    crypto_auth_hmacsha256_update(&state, label, sizeof label);
    crypto_auth_hmacsha256_update(&state, bytes, length);
    crypto_auth_hmacsha256_final(&state, digest);
    memcpy(nonce, digest, crypto_secretbox_NONCEBYTES);
}

void key_seal(const struct key *key, const void *bytes, size_t length,
              unsigned char *out)
{
    derive_nonce(key, bytes, length, out);
    crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, bytes, length, out,
                          key->bytes);
}

enum status key_unseal(const struct key *key, const unsigned char *sealed,
                       size_t length, unsigned char *out, struct error *err)
{
    size_t head = crypto_secretbox_NONCEBYTES;

    if (length < KEY_SEAL_EXTRA
        || crypto_secretbox_open_easy(out, sealed + head, length - head, sealed,
                                      key->bytes)
               != 0)
        return fail(err, HY_DAMAGED, "封存的原文打不开：钥匙文件换过，或数据库有损坏");
    return HY_OK;
}

/* --- signatures ------------------------------------------------------------- */
static void key_pair(const struct key *key, unsigned char public_key[32],
                     unsigned char secret[crypto_sign_SECRETKEYBYTES])
{
    static const unsigned char label[] = "huiyin publication 1";
    unsigned char seed[crypto_sign_SEEDBYTES];

    _Static_assert(crypto_sign_SEEDBYTES == crypto_auth_hmacsha256_BYTES,
                   "a seed is one digest");
    key_hmac(key, label, sizeof label - 1, seed);
    crypto_sign_seed_keypair(public_key, secret, seed);
    sodium_memzero(seed, sizeof seed);
}

void key_public(const struct key *key, unsigned char out[32])
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES];

    key_pair(key, out, secret);
    sodium_memzero(secret, sizeof secret);
}

void key_sign(const struct key *key, const void *bytes, size_t length,
              unsigned char out[SIGNATURE_BYTES])
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES], public_key[32];

    _Static_assert(SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519");
    key_pair(key, public_key, secret);
    crypto_sign_detached(out, NULL, bytes, length, secret);
    sodium_memzero(secret, sizeof secret);
}

bool signature_holds(const unsigned char public_key[32], const void *bytes,
                     size_t length, const unsigned char signature[SIGNATURE_BYTES])
{
    return sodium_init() >= 0
           && crypto_sign_verify_detached(signature, bytes, length, public_key) == 0;
}
