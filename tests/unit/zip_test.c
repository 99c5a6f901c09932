/* zip_test.c - archives that lie are refused; damaged ones never crash. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <dirent.h>
#include <stdio.h>
#include <zlib.h>

#include "core/zip.h"
#include "tests/unit/reader_help.h"

/* A hand-made archive of deflated members. */
struct maker {
    unsigned char bytes[1 << 16];
    size_t length, directory_length, count;
    unsigned char directory[4096];
};

static void put(unsigned char *at, unsigned long value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static void make(struct maker *maker, const char *name, const void *content,
                 size_t size, int flags, int crc_off)
{
    unsigned char *local = maker->bytes + maker->length;
    unsigned char *entry = maker->directory + maker->directory_length;
    size_t name_length = strlen(name);
    z_stream stream = { 0 };

    deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    stream.next_in = (unsigned char *)(uintptr_t)content;
    stream.avail_in = (unsigned)size;
    stream.next_out = local + 30 + name_length;
    stream.avail_out = 1 << 15;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    memset(local, 0, 30);
    put(local, 0x04034b50, 4);
    put(local + 4, 20, 2);
    put(local + 6, (unsigned long)flags, 2);
    put(local + 8, 8, 2);
    put(local + 14, crc32(0, content, (unsigned)size) + (unsigned long)crc_off, 4);
    put(local + 18, stream.total_out, 4);
    put(local + 22, size, 4);
    put(local + 26, name_length, 2);
    memcpy(local + 30, name, name_length);
    memset(entry, 0, 46);
    put(entry, 0x02014b50, 4);
    put(entry + 4, 20, 2);
    memcpy(entry + 6, local + 4, 26);
    put(entry + 42, maker->length, 4);
    memcpy(entry + 46, name, name_length);
    maker->length += 30 + name_length + stream.total_out;
    maker->directory_length += 46 + name_length;
    maker->count++;
    deflateEnd(&stream);
}

static void finish(struct maker *maker)
{
    unsigned char *end;

    memcpy(maker->bytes + maker->length, maker->directory, maker->directory_length);
    end = maker->bytes + maker->length + maker->directory_length;
    memset(end, 0, 22);
    put(end, 0x06054b50, 4);
    put(end + 8, maker->count, 2);
    put(end + 10, maker->count, 2);
    put(end + 12, maker->directory_length, 4);
    put(end + 16, maker->length, 4);
    maker->length += maker->directory_length + 22;
}

/* Opens and reads all of it. */
static enum status read_all(const unsigned char *bytes, size_t length,
                            struct error *err)
{
    static char buffer[1 << 16];
    struct zip *zip;
    enum status status = zip_open(&zip, bytes, length, err);

    for (size_t i = 0; status == HY_OK && i < zip_count(zip); i++) {
        size_t got = 1;

        status = zip_start(zip, i, err);
        while (status == HY_OK && got > 0)
            status = zip_read(zip, buffer, sizeof buffer, &got, err);
    }
    zip_close(zip);
    return status;
}

static void reads_what_is_in_order(void **state)
{
    struct maker *maker = calloc(1, sizeof *maker);
    struct arena *memory = arena_new();
    const unsigned char *bytes;
    struct error err;
    struct zip *zip;
    size_t length;

    (void)state;
    make(maker, "a.txt", "hello", 5, 0, 0);
    make(maker, "dir\\b.txt", "", 0, 0, 0);
    finish(maker);
    assert_int_equal(zip_open(&zip, maker->bytes, maker->length, &err), HY_OK);
    assert_int_equal(zip_count(zip), 2);
    assert_int_equal(zip_find(zip, "DIR/B.TXT"), 1);
    assert_int_equal(zip_whole(zip, 0, 10, memory, &bytes, &length, &err), HY_OK);
    assert_int_equal(length, 5);
    assert_memory_equal(bytes, "hello", 5);
    assert_int_equal(zip_whole(zip, 0, 4, memory, &bytes, &length, &err), HY_DATA);
    zip_close(zip);
    for (size_t cut = 0; cut < maker->length; cut++) {
        unsigned char *copy = malloc(cut + 1);

        memcpy(copy, maker->bytes, cut);
        if (read_all(copy, cut, &err) != HY_DATA)
            fail_saying("%zu of %zu is read\n", cut, maker->length);
        free(copy);
    }
    arena_free(memory);
    free(maker);
}

static void refused(struct maker *maker, const char *word)
{
    struct error err;

    finish(maker);
    assert_int_equal(read_all(maker->bytes, maker->length, &err), HY_DATA);
    if (strstr(err.text, word) == NULL)
        fail_saying("%s\n", err.text);
    memset(maker, 0, sizeof *maker);
}

static void refuses_liars(void **state)
{
    struct maker *maker = calloc(1, sizeof *maker);
    char *zeros = calloc(1, 8 << 20);

    (void)state;
    make(maker, "a", "hello", 5, 0, 1);
    refused(maker, "校验和");
    make(maker, "a", "x", 1, 0, 0);
    make(maker, "A", "y", 1, 0, 0);
    refused(maker, "同名");
    make(maker, "a", "x", 1, 1, 0);
    refused(maker, "密码");
    make(maker, "a", zeros, 8 << 20, 0, 0);
    refused(maker, "200:1");
    free(zeros);
    free(maker);
}

static void corpus_never_crashes(void **state)
{
    struct dirent *entry;
    size_t seen = 0, good = 0;
    DIR *folder;

    (void)state;
    if (!data_present())
        skip();
    folder = opendir(DATA "corpora/zip/libzip/data");
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        char path[512];
        struct source source;
        struct error err;

        (void)snprintf(path, sizeof path, DATA "corpora/zip/libzip/data/%s",
                       entry->d_name);
        if (source_open(&source, path, &err) == HY_OK) {
            seen++;
            good += read_all(source.bytes, source.length, &err) == HY_OK;
        }
        source_close(&source);
    }
    closedir(folder);
    print_message("%zu archives, %zu read to the end\n", seen, good);
    assert_true(seen > 100 && good > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_in_order),
        cmocka_unit_test(refuses_liars),
        cmocka_unit_test(corpus_never_crashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
