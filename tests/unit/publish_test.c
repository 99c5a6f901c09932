/* publish_test.c - the list of a publication, its signature, and what the store keeps.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/manifest.h"
#include "cli/tables.h"
#include "core/file.h"
#include "core/metrics.h"

#define LIST "/tmp/huiyin_publish_test.txt"
#define DB "/tmp/huiyin_publish_test.db"
#define KEY "/tmp/huiyin_publish_test.key"

static const char data[] = "format = huiyin manifest 1\nmonth = 2026-10\n"
                           "revision = 0\nprevious = -\n";

/* RFC 8032 test 1 checks the library; here: derived, steady, and nobody else's. */
static void a_signature_holds_for_its_text_alone(void **state)
{
    struct key key = { .bytes = { 7 } }, other = { .bytes = { 8 } };
    unsigned char public_key[32], stranger[32], one[64], two[64];

    (void)state;
    key_public(&key, public_key);
    key_public(&other, stranger);
    key_sign(&key, "abc", 3, one);
    key_sign(&key, "abc", 3, two);
    assert_memory_equal(one, two, sizeof one);
    assert_true(signature_holds(public_key, "abc", 3, one));
    assert_false(signature_holds(public_key, "abd", 3, one));
    assert_false(signature_holds(stranger, "abc", 3, one));
    one[63] ^= 1;
    assert_false(signature_holds(public_key, "abc", 3, one));
}

/* SHA-256("abc") = ba7816bf 8f01cfea 4141... (FIPS 180-4). */
static void the_check_code_is_the_first_twelve_digits(void **state)
{
    char code[CODE_ROOM];

    (void)state;
    manifest_code("abc", 3, code);
    assert_string_equal(code, "ba78-16bf-8f01");
}

/* By hand: printf '%s %s' 1111...1 - | sha256sum, with 64 ones, and with 64 ones and 64
 * twos (coreutils). */
static void the_seed_is_made_of_tables_and_the_list_before(void **state)
{
    char ones[65], twos[65], seed[65];

    (void)state;
    memset(ones, '1', 64);
    memset(twos, '2', 64);
    ones[64] = twos[64] = '\0';
    manifest_seed(ones, "-", seed);
    assert_string_equal(
        seed, "e0e915d1d4de831e941039598c5300b10cfa648b400d57db68d69ae1033486f6");
    manifest_seed(ones, twos, seed);
    assert_string_equal(
        seed, "ea7039b16c4047ca40c9ee7ba4e0469dc4010dc54b318e5b37225cacbca74c76");
}

static const char *sealed(struct arena *memory)
{
    static const unsigned char zero[32] = { 0 };
    struct shown_file files[2] = { { .name = "a b.txt" }, { .name = "月报.pdf" } };
    unsigned char signature[SIGNATURE_BYTES];
    struct key key = { .bytes = { 1, 2, 3 } };

    memcpy(files[0].sha256, zero, 32);
    hash_bytes("abc", 3, files[1].sha256);
    return manifest_seal(data, "public", files, 2, &key, memory, signature);
}

static enum status read_text(const char *text, size_t length, struct arena *memory,
                             struct manifest *manifest, struct error *err)
{
    FILE *file = fopen(LIST, "wb"); /* unsynced: it is written 500 times */
    enum status status;

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    status = manifest_read(LIST, memory, manifest, err);
    if (status == HY_OK)
        status = manifest_check(manifest, LIST, err);
    (void)unlink(LIST);
    return status;
}

static void a_list_reads_back_as_written(void **state)
{
    struct arena *memory = arena_new();
    const char *text = sealed(memory);
    struct manifest manifest;
    struct error err;

    (void)state;
    assert_int_equal(read_text(text, strlen(text), memory, &manifest, &err), HY_OK);
    assert_string_equal(manifest.month, "2026-10");
    assert_string_equal(manifest.edition, "public");
    assert_string_equal(manifest.previous, "-");
    assert_int_equal(manifest.data_length, strlen(data));
    assert_int_equal(manifest.file_count, 2);
    assert_string_equal(manifest.files[0].name, "a b.txt");
    assert_string_equal(manifest.files[1].name, "月报.pdf");
    assert_string_equal(
        manifest.files[1].sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    arena_free(memory);
}

/* Lists of before had no such lines; a line that is no hash and name is no list. */
static void a_list_names_the_templates_or_does_not(void **state)
{
    static const char hash[] =
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    static const struct {
        const char *lines;
        enum status wanted;
        size_t count;
    } tries[] = {
        { "", HY_OK, 0 },
        { "template = H reports/a b.md\ntemplate = H wording/x.ini\n", HY_OK, 2 },
        { "template = H\n", HY_DATA, 0 },
        { "template = H \n", HY_DATA, 0 },
        { "template = reports/a.md\n", HY_DATA, 0 },
    };
    struct key key = { .bytes = { 1, 2, 3 } };
    unsigned char signature[SIGNATURE_BYTES];
    struct arena *memory = arena_new();
    struct manifest manifest;
    struct error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof tries / sizeof *tries; i++) {
        const char *text = "month = 2026-10\n", *at = tries[i].lines;

        for (; *at != '\0'; at++)
            text = *at == 'H' ? arena_printf(memory, "%s%s", text, hash)
                              : arena_printf(memory, "%s%c", text, *at);
        text = manifest_seal(text, "public", NULL, 0, &key, memory, signature);
        assert_int_equal(read_text(text, strlen(text), memory, &manifest, &err),
                         tries[i].wanted);
        if (tries[i].wanted == HY_OK)
            assert_int_equal(manifest.template_count, tries[i].count);
        if (tries[i].count > 0) {
            assert_string_equal(manifest.templates[0].name, "reports/a b.md");
            assert_string_equal(manifest.templates[1].name, "wording/x.ini");
            assert_string_equal(manifest.templates[1].sha256, hash);
        }
    }
    arena_free(memory);
}

/* The signature is good: whoever publishes has written another seed. */
static void a_seed_of_ones_own_choice_is_found(void **state)
{
    static const struct {
        const char *draw;
        enum status wanted;
    } tries[] = {
        { "e0e915d1d4de831e941039598c5300b10cfa648b400d57db68d69ae1033486f6", HY_OK },
        { "-", HY_OK },
        { "ea7039b16c4047ca40c9ee7ba4e0469dc4010dc54b318e5b37225cacbca74c76", HY_DATA },
        { "", HY_DATA }
    };
    static const char ones[] =
        "1111111111111111111111111111111111111111111111111111111111111111";
    struct key key = { .bytes = { 1, 2, 3 } };
    unsigned char signature[SIGNATURE_BYTES];
    struct arena *memory = arena_new();
    struct manifest manifest;
    struct error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof tries / sizeof *tries; i++) {
        const char *text = arena_printf(
            memory, "month = 2026-10\ntables.public = %s\nprevious = -\ndraw = %s\n",
            ones, tries[i].draw);

        text = manifest_seal(text, "public", NULL, 0, &key, memory, signature);
        assert_int_equal(read_text(text, strlen(text), memory, &manifest, &err),
                         tries[i].wanted);
        if (tries[i].wanted == HY_DATA)
            assert_non_null(strstr(err.text, "抽样种子"));
    }
    arena_free(memory);
}

/* Whatever single byte is changed or cut off, the list no longer holds. */
static void every_changed_byte_of_a_list_is_found(void **state)
{
    struct arena *memory = arena_new();
    const char *text = sealed(memory);
    size_t length = strlen(text), at;
    char *copy = arena_copy(memory, text, length);
    struct manifest manifest;
    struct error err;

    (void)state;
    for (at = 0; at < length; at++) {
        copy[at] ^= 1;
        assert_int_equal(read_text(copy, length, memory, &manifest, &err), HY_DATA);
        copy[at] ^= 1;
    }
    for (at = 0; at < length; at += 7)
        assert_int_equal(read_text(text, at, memory, &manifest, &err), HY_DATA);
    arena_free(memory);
}

static void a_list_cannot_name_a_place_outside(void **state)
{
    static const char *const names[] = { "../x", "a/b", ".hidden" };
    struct arena *memory = arena_new();
    struct key key = { .bytes = { 1 } };
    unsigned char signature[SIGNATURE_BYTES];
    struct manifest manifest;
    struct error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct shown_file file = { .name = names[i] };
        const char *text =
            manifest_seal(data, "public", &file, 1, &key, memory, signature);

        assert_int_equal(read_text(text, strlen(text), memory, &manifest, &err),
                         HY_DATA);
    }
    arena_free(memory);
}

static void a_cell_is_never_a_formula(void **state)
{
    struct shown_row rows[2] = { { .metric = "INT-01",
                                   .dimension = "category",
                                   .key = "=1+1,\"x\"",
                                   .value = 2,
                                   .low = NAN,
                                   .high = NAN,
                                   .numerator = -1,
                                   .denominator = -1,
                                   .n = 2 },
                                 { .metric = "SLA-01",
                                   .dimension = "total",
                                   .key = "-",
                                   .value = 0.9,
                                   .low = NAN,
                                   .high = NAN,
                                   .numerator = 9,
                                   .denominator = 10,
                                   .n = 10,
                                   .unit = UNIT_SHARE } };
    struct arena *memory = arena_new();

    (void)state;
    assert_string_equal(tables_csv(rows, 2, 2026 * 12 + 9, memory, NULL),
                        "month,metric,dimension,key,value,low,high,unit,numerator,"
                        "denominator,n,answer\n"
                        "2026-10,INT-01,category,\"'=1+1,\"\"x\"\"\",2,,,count,,,2,OK\n"
                        "2026-10,SLA-01,total,-,0.9,,,share,9,10,10,OK\n");
    arena_free(memory);
}

static void the_store_keeps_what_was_shown(void **state)
{
    struct shown_row rows[2] = { { .metric = "INT-01",
                                   .dimension = "total",
                                   .key = "-",
                                   .value = 452,
                                   .low = NAN,
                                   .high = NAN,
                                   .numerator = -1,
                                   .denominator = -1,
                                   .n = 452 },
                                 { .metric = "SAT-01",
                                   .dimension = "building",
                                   .key = "3号楼",
                                   .mark = 1,
                                   .answer = ANSWER_SUPPRESSED,
                                   .value = NAN,
                                   .low = NAN,
                                   .high = NAN,
                                   .numerator = -1,
                                   .denominator = -1,
                                   .n = -1 } };
    struct publication what = { .month = 2026 * 12 + 9,
                                .cutoff = 5,
                                .program = "p",
                                .dictionary = "d",
                                .reason = "",
                                .figure_count = 2,
                                .figures = rows };
    struct arena *memory = arena_new();
    const struct published_line *lines;
    const struct shown_row *shown;
    const struct hidden_row *hidden;
    struct store *store;
    struct error err;
    size_t count;

    (void)state;
    (void)unlink(DB);
    (void)unlink(KEY);
    assert_int_equal(store_open(&store, DB, STORE_CREATE, &err), HY_OK);
    what.editions[0].shown = rows;
    what.editions[0].shown_count = 2;
    what.editions[0].manifest[0] = 9;
    assert_int_equal(store_publish(store, &what, &err), HY_OK);
    assert_int_not_equal(store_publish(store, &what, &err), HY_OK); /* never twice */
    what.revision = 1;
    what.reason = "L";
    assert_int_equal(store_publish(store, &what, &err), HY_OK);
    assert_int_equal(store_published(store, memory, &lines, &count, &err), HY_OK);
    assert_int_equal(count, 2);
    assert_int_equal(lines[1].month, 2026 * 12 + 9);
    assert_int_equal(lines[1].revision, 1);
    assert_string_equal(lines[1].reason, "L");
    assert_int_equal(lines[0].manifest[0][0], 9);
    assert_int_equal(store_shown(store, lines[0].id[0], memory, &shown, &count, &err),
                     HY_OK);
    assert_int_equal(count, 2);
    assert_true(tables_same(&shown[0], &rows[0]));
    assert_true(tables_same(&shown[1], &rows[1]));
    assert_false(tables_same(&shown[0], &rows[1]));
    assert_int_equal(store_hidden(store, 0, memory, &hidden, &count, &err), HY_OK);
    assert_int_equal(count, 1); /* once, though two issues hid it */
    assert_int_equal(hidden[0].month, 2026 * 12 + 9);
    assert_string_equal(hidden[0].metric, rows[1].metric);
    assert_string_equal(hidden[0].key, rows[1].key);
    assert_int_equal(store_hidden(store, 2, memory, &hidden, &count, &err), HY_OK);
    assert_int_equal(count, 0);
    store_close(store);
    (void)unlink(DB);
    (void)unlink(KEY);
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_holds_for_its_text_alone),
        cmocka_unit_test(the_check_code_is_the_first_twelve_digits),
        cmocka_unit_test(a_list_reads_back_as_written),
        cmocka_unit_test(a_list_names_the_templates_or_does_not),
        cmocka_unit_test(the_seed_is_made_of_tables_and_the_list_before),
        cmocka_unit_test(a_seed_of_ones_own_choice_is_found),
        cmocka_unit_test(every_changed_byte_of_a_list_is_found),
        cmocka_unit_test(a_list_cannot_name_a_place_outside),
        cmocka_unit_test(a_cell_is_never_a_formula),
        cmocka_unit_test(the_store_keeps_what_was_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
