/* encoding_test.c - files of known encodings are told apart or refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours is core/status.h */

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "tests/unit/reader_help.h"

static enum encoding detected(const char *bytes, size_t length)
{
    size_t bom;

    return encoding_detect((const unsigned char *)bytes, length, &bom);
}

/* Decodes and compares; returns the number of bad sequences. */
static size_t decodes(enum encoding encoding, const char *bytes, size_t length,
                      const char *expected)
{
    struct arena *memory = arena_new();
    struct error err;
    struct text text;
    size_t bad;

    assert_int_equal(encoding_decode(encoding, (const unsigned char *)bytes, length,
                                     memory, &text, &bad, &err),
                     HY_OK);
    assert_string_equal(text_copy(memory, text), expected);
    arena_free(memory);
    return bad;
}

static void decodes_each_by_hand(void **state)
{
    (void)state;
    /* 物业 = CE EF D2 B5 in GB2312; U+3400 is 81 39 EE 39, U+20087 FE 51, euro 80. */
    assert_int_equal(decodes(ENCODING_GB18030, "\xCE\xEF\xD2\xB5,", 5, "物业,"), 0);
    assert_int_equal(decodes(ENCODING_GB18030, "\x81\x39\xEE\x39\x80", 5, "㐀€"), 0);
    assert_int_equal(decodes(ENCODING_BIG5, "\xAA\xAB\xB7\x7E", 4, "物業"), 0);
    assert_int_equal(decodes(ENCODING_UTF16LE, "i\0\x2A\x4E=\xD8\x00\xDE", 8, "i个😀"),
                     0);
    assert_int_equal(decodes(ENCODING_UTF16BE, "\x4E\x2A\xD8\x3D", 4, "个\xEF\xBF\xBD"),
                     1);
    assert_int_equal(decodes(ENCODING_UTF32BE, "\0\0\x4E\x2A", 4, "个"), 0);
    assert_int_equal(decodes(ENCODING_UTF8, "a\xFF中", 5, "a\xEF\xBF\xBD中"), 1);
}

static void a_lone_lead_byte_eats_no_comma(void **state)
{
    (void)state;
    assert_int_equal(decodes(ENCODING_GB18030, "\xCE,\xCE\"\xCE", 5,
                             "\xEF\xBF\xBD,\xEF\xBF\xBD\"\xEF\xBF\xBD"),
                     3);
}

static void knows_marks_and_patterns(void **state)
{
    (void)state;
    assert_int_equal(detected("\xEF\xBB\xBF"
                              "a",
                              4),
                     ENCODING_UTF8);
    assert_int_equal(detected("a,b\n1,2\n", 8), ENCODING_UTF8);
    assert_int_equal(detected("a\0,\0b\0\n\0", 8), ENCODING_UTF16LE);
    assert_int_equal(detected("\0a\0,\x4E\x2A\0\n", 8), ENCODING_UTF16BE);
    assert_int_equal(detected("a\0\0\0,\0\0\0", 8), ENCODING_UTF32LE);
    assert_int_equal(detected("caf\xE9,r\xE9sum\xE9\n", 13), ENCODING_UNKNOWN);
    assert_int_equal(encoding_named("GBK"), ENCODING_GB18030);
    assert_int_equal(encoding_named("UTF-16LE"), ENCODING_UTF16LE);
    assert_int_equal(encoding_named("klingon"), ENCODING_UNKNOWN);
}

/* PROMISES finding 8: one lost byte in a UTF-8 file must not turn it into GB. */
static void one_lost_byte_changes_nothing(void **state)
{
    char bytes[4096] = "";

    (void)state;
    for (int i = 0; i < 50; i++)
        strcat(bytes, "报修,三号楼电梯停运,已派单\n");
    for (size_t lost = 0; lost < 40; lost++) {
        char cut[4096];
        size_t length = strlen(bytes);

        memcpy(cut, bytes, lost);
        memcpy(cut + lost, bytes + lost + 1, length - lost - 1);
        assert_int_equal(detected(cut, length - 1), ENCODING_UTF8);
    }
}

/* Every file of a folder must be one of two; Japanese, Korean and Latin ones are
 * refused, never read as Chinese. */
static void corpus_folder(const char *name, enum encoding one, enum encoding other)
{
    char path[512];
    struct dirent *entry;
    DIR *folder;
    int seen = 0;

    (void)snprintf(path, sizeof path, DATA "corpora/encoding/chardet/%s", name);
    folder = opendir(path);
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        struct source source;
        struct error err;
        enum encoding found;
        size_t bom;

        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, DATA "corpora/encoding/chardet/%s/%s", name,
                       entry->d_name);
        assert_int_equal(source_open(&source, path, &err), HY_OK);
        found = encoding_detect(source.bytes, source.length, &bom);
        if (found != one && found != other)
            fail_saying("%s: %s", path, encoding_name(found));
        source_close(&source);
        seen++;
    }
    closedir(folder);
    print_message("%s: %d files\n", name, seen);
}

static void corpus_is_told_apart(void **state)
{
    (void)state;
    if (!data_present())
        skip();
    corpus_folder("GB2312", ENCODING_GB18030, ENCODING_GB18030);
    corpus_folder("Big5", ENCODING_BIG5, ENCODING_BIG5);
    corpus_folder("utf-8", ENCODING_UTF8, ENCODING_UTF8);
    corpus_folder("utf-8-sig", ENCODING_UTF8, ENCODING_UTF8);
    corpus_folder("ascii", ENCODING_UTF8, ENCODING_UTF8);
    corpus_folder("UTF-16", ENCODING_UTF16LE, ENCODING_UTF16BE);
    corpus_folder("UTF-16LE", ENCODING_UTF16LE, ENCODING_UTF16LE);
    corpus_folder("UTF-16BE", ENCODING_UTF16BE, ENCODING_UTF16BE);
    corpus_folder("EUC-KR", ENCODING_UNKNOWN, ENCODING_UNKNOWN);
    corpus_folder("EUC-TW", ENCODING_UNKNOWN, ENCODING_UNKNOWN);
    corpus_folder("SHIFT_JIS", ENCODING_UNKNOWN, ENCODING_UNKNOWN);
    /* Some files of these two are pure ASCII. */
    corpus_folder("iso-8859-1", ENCODING_UNKNOWN, ENCODING_UTF8);
    corpus_folder("windows-1252", ENCODING_UNKNOWN, ENCODING_UTF8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_each_by_hand),
        cmocka_unit_test(a_lone_lead_byte_eats_no_comma),
        cmocka_unit_test(knows_marks_and_patterns),
        cmocka_unit_test(one_lost_byte_changes_nothing),
        cmocka_unit_test(corpus_is_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
