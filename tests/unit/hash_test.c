/* hash_test.c - hashes against published vectors; the key file; sealed boxes. */
#include "store_help.h"

static void sha256_vectors(void **state)
{
    unsigned char out[32];
    char hex[65];
    struct arena *memory = arena_new();
    struct hash_stream *stream = hash_start(memory);

    (void)state;
    hash_bytes("abc", 3, out); /* FIPS 180-2 B.1 */
    hash_hex(out, hex);
    assert_string_equal(
        hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_add(stream, "a", 1);
    hash_add(stream, "bc", 2);
    hash_end(stream, out);
    hash_hex(out, hex);
    assert_string_equal(
        hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    arena_free(memory);
}

static void xxh64_vectors(void **state)
{
    (void)state; /* from the specification of xxHash */
    assert_true(hash_fast("", 0, 0) == UINT64_C(0xEF46DB3751D8E999));
    assert_true(hash_fast("a", 1, 0) == UINT64_C(0xD24EC4F1A98C6E5B));
    assert_true(hash_fast("abc", 3, 0) == UINT64_C(0x44BC2CF5AD770999));
    assert_true(hash_fast("Nobody inspects the spammish repetition", 39, 0)
                == UINT64_C(0xFBCEA83C8A378BF1));
}

static void hmac_vector(void **state)
{
    struct key key = { .prepared = false };
    unsigned char out[32];
    char hex[65];

    (void)state; /* computed with python3 hmac: key 32 times 0x0b, "Hi There" */
    memset(key.bytes, 0x0b, sizeof key.bytes);
    key_hmac(&key, "Hi There", 8, out);
    hash_hex(out, hex);
    assert_string_equal(
        hex, "198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7");
}

static void file_hash(void **state)
{
    struct place_of_test place;
    struct error error;
    unsigned char out[32], same[32];
    FILE *file;

    (void)state;
    place_make(&place);
    assert_int_equal(hash_file(place.path, out, &error), HY_NOINPUT);
    file = fopen(place.path, "w");
    fputs("回音", file);
    fclose(file);
    RUNS(hash_file(place.path, out, &error));
    hash_bytes("回音", strlen("回音"), same);
    assert_memory_equal(out, same, 32);
    place_gone(&place);
}

static void key_and_seal(void **state)
{
    struct place_of_test place;
    struct key key, again;
    struct error error;
    struct stat info;
    unsigned char sealed[5 + KEY_SEAL_EXTRA], twin[5 + KEY_SEAL_EXTRA], out[5];
    FILE *file;

    (void)state;
    place_make(&place);
    RUNS(key_open(place.path, &key, &error));
    RUNS(key_open(place.path, &again, &error));
    assert_memory_equal(key.bytes, again.bytes, 32);
    assert_int_equal(stat(place.path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    key_seal(&key, "hello", 5, sealed);
    key_seal(&key, "hello", 5, twin);
    assert_memory_equal(sealed, twin, sizeof sealed);
    RUNS(key_unseal(&key, sealed, sizeof sealed, out, &error));
    assert_memory_equal(out, "hello", 5);
    sealed[30] ^= 1;
    assert_int_equal(key_unseal(&key, sealed, sizeof sealed, out, &error), HY_DAMAGED);
    assert_int_equal(key_unseal(&key, sealed, 3, out, &error), HY_DAMAGED);
    file = fopen(place.path, "w");
    fputs("not a key\n", file);
    fclose(file);
    assert_int_equal(key_open(place.path, &key, &error), HY_DAMAGED);
    place_gone(&place);
}

/* What the processor does by itself is what libsodium does: in one go (from 4 KiB
 * on, hardware) and in pieces of 63 bytes (never hardware); keyed with and without
 * preparation. */
static void hardware_agrees(void **state)
{
    static unsigned char bytes[20000];
    struct place_of_test place;
    struct key key, plain = { .prepared = false };
    unsigned char one[32], other[32];
    struct arena *memory = arena_new();
    struct error error;
    size_t i, length, at;
    FILE *file;

    (void)state;
    for (i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 2654435761u >> 13);
    place_make(&place);
    RUNS(key_open(place.path, &key, &error));
    memcpy(plain.bytes, key.bytes, sizeof plain.bytes);
    for (length = 0; length < 200; length++) {
        key_hmac(&key, bytes, length, one);
        key_hmac(&plain, bytes, length, other);
        assert_memory_equal(one, other, 32);
        assert_true(key_pseudonym(&key, bytes, length) > 0);
        assert_true(key_pseudonym(&key, bytes, length)
                    == key_pseudonym(&plain, bytes, length));
    }
    for (length = 4000; length < sizeof bytes; length += 997) {
        struct hash_stream *stream = hash_start(memory);

        hash_bytes(bytes, length, one);
        for (at = 0; at < length; at += 63)
            hash_add(stream, bytes + at, length - at < 63 ? length - at : 63);
        hash_end(stream, other);
        assert_memory_equal(one, other, 32);
        file = fopen(place.path, "w");
        fwrite(bytes, 1, length, file);
        fclose(file);
        RUNS(hash_file(place.path, other, &error));
        assert_memory_equal(one, other, 32);
    }
    arena_free(memory);
    place_gone(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_vectors), cmocka_unit_test(xxh64_vectors),
        cmocka_unit_test(hmac_vector),    cmocka_unit_test(file_hash),
        cmocka_unit_test(key_and_seal),   cmocka_unit_test(hardware_agrees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
