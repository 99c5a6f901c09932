/* pdf_readback_test.c - a library that loses text without a word is found. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <dlfcn.h>
#include <hpdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "render/doc_parts.h"
#include "render/pdf_canvas.h"
#include "render/pdf_readback.h"
#include "render/renderer.h"

static char file_path[64]; /* of this run alone: several may run at once */

/* --- libharu with faults ------------------------------------------------------- */

static int drop_at = -1; /* of the texts shown, this one loses its last character */
static bool own_fonts;   /* libharu embeds by itself: 2.3.0 loses composite glyphs */

HPDF_STATUS HPDF_Page_ShowText(HPDF_Page page, const char *text)
{
    HPDF_STATUS (*show)(HPDF_Page, const char *);
    char shorter[4096];
    size_t length = strlen(text);

    *(void **)&show = dlsym(RTLD_NEXT, "HPDF_Page_ShowText");
    if (drop_at < 0 || drop_at-- > 0 || length >= sizeof shorter)
        return show(page, text);
    while (length > 0 && ((unsigned char)text[--length] & 0xC0) == 0x80)
        ;
    memcpy(shorter, text, length);
    shorter[length] = '\0';
    return show(page, shorter);
}

const char *HPDF_GetVersion(void)
{
    return own_fonts ? "2.2.0" : "2.3.0";
}

/* --- pages ---------------------------------------------------------------------- */

static const char *const lines[] = { "阳光花园物业服务月度公示",
                                     "电梯停运 47 件，上月 44 件；−8.2%",
                                     "按时办完 90.5%（381/421）",
                                     "㙍㐂䶮 喆堃 〔2026〕Re-opened: 12" };
enum { LINES = sizeof lines / sizeof *lines, PAGES = 2 };

static enum status print(struct arena *memory, struct error *err)
{
    static const unsigned char identity[16] = { 0 };
    const struct canvas_about about = { "t", "a", "s", "zh-CN", 0 };
    struct fonts *fonts = NULL;
    struct canvas *canvas = NULL;
    enum status status = fonts_open(&fonts, err);

    assert_int_equal(status, HY_OK);
    assert_int_equal(canvas_open(fonts, memory, 1, &canvas, err), HY_OK);
    for (int page = 0; page < PAGES; page++) {
        canvas_page(canvas);
        for (int i = 0; i < LINES; i++) {
            struct laid laid;

            text_lay_plain(fonts, lines[i], i == 1, 12, 500, memory, &laid);
            canvas_units(canvas, laid.units, laid.unit_count, 50, 50 + 20 * i, 12, 0,
                         0);
        }
    }
    status = canvas_save(canvas, &about, identity, file_path, err);
    canvas_close(canvas);
    return status;
}

static void the_text_comes_back(void **state)
{
    struct arena *memory = *state;
    struct said_page *pages;
    struct error err = { HY_OK, "" };
    size_t count, i;

    assert_int_equal(print(memory, &err), HY_OK);
    assert_int_equal(pdf_readback(file_path, memory, &pages, &count, &err), HY_OK);
    assert_int_equal(count, PAGES);
    for (i = 0; i < count; i++) {
        const struct said *said = pages[i].items;

        for (int k = 0; k < LINES; k++) {
            const char *at = lines[k], *end = at + strlen(at);

            while (at < end) {
                uint32_t code = text_next(&at, end);

                if (code == 0x2212)
                    code = '-'; /* its substitute, where the face has none */
                assert_true(said->code == code || said->code == 0x2212);
                assert_true((said->contours > 0) == (code != ' '));
                said++;
            }
        }
        assert_int_equal(said - pages[i].items, pages[i].count);
    }
}

static void a_dropped_character_is_found(void **state)
{
    struct arena *memory = *state;

    /* One piece of text after the other, on the first page and the second. */
    for (int i = 0; i < 2 * LINES; i++) {
        struct error err = { HY_OK, "" };

        drop_at = i;
        assert_int_equal(print(memory, &err), HY_INTERNAL);
        drop_at = -1;
        assert_non_null(strstr(err.text, "text lost"));
        assert_non_null(strstr(err.text, "PDF 读回来第"));
    }
}

static void lost_outlines_are_found(void **state)
{
    struct error err = { HY_OK, "" };
    void *real = dlsym(RTLD_NEXT, "HPDF_GetVersion");
    const char *(*version)(void);

    *(void **)&version = real;
    if (strcmp(version(), "2.3.0") != 0)
        skip(); /* a later libharu embeds them whole */
    own_fonts = true;
    assert_int_equal(print(*state, &err), HY_INTERNAL);
    own_fonts = false;
    assert_non_null(strstr(err.text, "text lost"));
    assert_non_null(strstr(err.text, "（0 笔）"));
}

/* --- the file itself is damaged --------------------------------------------------- */

static const unsigned char *saved(struct arena *memory, size_t *length)
{
    const unsigned char *bytes;
    struct error err = { HY_OK, "" };

    assert_int_equal(print(memory, &err), HY_OK);
    assert_int_equal(file_read(file_path, 1 << 24, memory, &bytes, length, &err),
                     HY_OK);
    return bytes;
}

static void put(const unsigned char *bytes, size_t length)
{
    FILE *file = fopen(file_path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static bool same_text(const struct said_page *a, size_t a_count,
                      const struct said_page *b, size_t b_count)
{
    struct error err;

    return said_compare(a, a_count, b, b_count, &err) == HY_OK;
}

static void a_file_cut_short_is_refused(void **state)
{
    struct arena *memory = *state;
    size_t length, cut, count;
    const unsigned char *bytes = saved(memory, &length);
    struct said_page *pages;

    for (cut = 0; cut + 3 < length; cut += cut < 200 || cut + 300 > length ? 1 : 501) {
        struct arena *short_lived = arena_new();
        struct error err = { HY_OK, "" };

        put(bytes, cut);
        assert_int_equal(pdf_readback(file_path, short_lived, &pages, &count, &err),
                         HY_INTERNAL);
        arena_free(short_lived);
    }
}

/* Every changed byte: refused, or another text, or not of the text; never a crash. */
static void a_changed_byte_harms_nobody(void **state)
{
    struct arena *memory = *state;
    size_t length, i, whole_count, count, noticed = 0, stream = 0;
    const unsigned char *bytes = saved(memory, &length);
    unsigned char *changed = arena_alloc(memory, length);
    struct said_page *whole, *pages;
    struct error err = { HY_OK, "" };

    assert_int_equal(pdf_readback(file_path, memory, &whole, &whole_count, &err),
                     HY_OK);
    for (i = 0; i < length; i += length / 1200 + 1) {
        struct arena *short_lived = arena_new();
        bool found;

        memcpy(changed, bytes, length);
        changed[i] ^= 0x15;
        put(changed, length);
        found = pdf_readback(file_path, short_lived, &pages, &count, &err) != HY_OK
                || !same_text(whole, whole_count, pages, count);
        noticed += found;
        stream++;
        arena_free(short_lived);
    }
    /* Streams are most of the file, and zlib's sum guards each of them. */
    assert_true(noticed * 10 > stream * 8);
}

/* --- the document ------------------------------------------------------------------
 */

static struct doc document(struct arena *memory, const char *words)
{
    struct block *block = arena_alloc(memory, sizeof *block);

    *block = (struct block){ .kind = BLOCK_PARAGRAPH,
                             .count = 1,
                             .lines = line_plain(memory, words, false, false) };
    return (struct doc){ .name = "r",
                         .title = "题",
                         .foot = "脚注 12",
                         .count = 1,
                         .blocks = block,
                         .memory = memory };
}

static void words_the_layout_forgot_are_found(void **state)
{
    const struct renderer *pdf = renderer_named("pdf");
    struct arena *memory = *state;
    struct doc drawn = document(memory, "本月受理 374 件。"),
               more = document(memory, "本月受理 374 件，满意 9 成。"),
               other = document(memory, "本月受理 378 件。");
    struct error err = { HY_OK, "" };

    assert_int_equal(pdf->write(&drawn, file_path, &err), HY_OK);
    assert_int_equal(pdf->verify(&drawn, file_path, &err), HY_OK);
    assert_int_equal(pdf->verify(&more, file_path, &err), HY_INTERNAL);
    assert_non_null(strstr(err.text, "text lost"));
    assert_int_equal(pdf->verify(&other, file_path, &err), HY_INTERNAL);
    assert_non_null(strstr(err.text, "U+0038")); /* the 8 */
    drawn.single_page = true;
    assert_int_equal(pdf->write(&drawn, file_path, &err), HY_OK);
    assert_int_equal(pdf->verify(&drawn, file_path, &err), HY_OK);
    assert_int_equal(pdf->verify(&other, file_path, &err), HY_INTERNAL);
}

static int open_memory(void **state)
{
    *state = arena_new();
    return 0;
}

static int close_memory(void **state)
{
    arena_free(*state);
    (void)unlink(file_path);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_memory, close_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_text_comes_back),         TEST(a_dropped_character_is_found),
        TEST(lost_outlines_are_found),     TEST(a_file_cut_short_is_refused),
        TEST(a_changed_byte_harms_nobody), TEST(words_the_layout_forgot_are_found),
    };

    (void)snprintf(file_path, sizeof file_path, "/tmp/huiyin_pdf_readback_%d.pdf",
                   (int)getpid());
    return cmocka_run_group_tests(tests, NULL, NULL);
}
