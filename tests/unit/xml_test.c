/* xml_test.c - events, pauses, and what is refused of XML. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <stdlib.h>
#include <string.h>

#include "core/xml.h"

struct seen {
    char text[256];
    const char *pause_at;
};

static enum status on_start(void *self, const char *name, const char **attributes,
                            struct error *err)
{
    struct seen *seen = self;
    const char *id = xml_attribute(attributes, "id");

    (void)err;
    if (strlen(seen->text) < 200) {
        strcat(strcat(seen->text, "<"), name);
        strcat(seen->text, id == NULL ? "" : id);
    }
    return HY_OK;
}

static enum status on_end(void *self, const char *name, struct error *err)
{
    struct seen *seen = self;

    (void)err;
    if (strlen(seen->text) < 200)
        strcat(seen->text, ">");
    return seen->pause_at != NULL && strcmp(name, seen->pause_at) == 0 ? HY_END : HY_OK;
}

static enum status parse(const char *input, size_t length, struct seen *seen)
{
    static const struct xml_events events = { on_start, on_end, NULL };
    struct xml *xml;
    struct error err;
    enum status status;

    assert_int_equal(xml_open(&xml, &events, seen, &err), HY_OK);
    status = xml_feed(xml, input, length, true, &err);
    while (status == HY_END) {
        strcat(seen->text, "/");
        status = xml_feed(xml, NULL, 0, false, &err);
    }
    xml_close(xml);
    return status;
}

static void strips_prefixes_and_pauses(void **state)
{
    static const char input[] = "<x:a><x:b r:id='7'/><c></c><c/></x:a>";
    struct seen seen = { "", "c" };

    (void)state;
    assert_int_equal(parse(input, strlen(input), &seen), HY_OK);
    assert_string_equal(seen.text, "<a<b7><c>/<c>/>");
}

static void refuses_doctype_depth_and_rubbish(void **state)
{
    static const char *const bad[] = {
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<a><b></a>", "<a>", "", "a,b\n1,2",
    };
    char deep[65 * 3 + 1] = "";

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct seen seen = { "", NULL };

        assert_int_equal(parse(bad[i], strlen(bad[i]), &seen), HY_DATA);
    }
    for (int i = 0; i < 65; i++) {
        struct seen seen = { "", NULL };

        strcat(deep, "<a>");
        assert_int_equal(parse(deep, strlen(deep), &seen), HY_DATA);
    }
}

/* PROMISES finding 7: a 200 MB attribute took 408 MB. */
static void refuses_a_giant_token(void **state)
{
    static const struct xml_events events = { NULL, NULL, NULL };
    char *piece = malloc(1 << 20);
    struct xml *xml;
    struct error err;
    enum status status;

    (void)state;
    memset(piece, 'x', 1 << 20);
    assert_int_equal(xml_open(&xml, &events, NULL, &err), HY_OK);
    status = xml_feed(xml, "<a b='", 6, false, &err);
    for (int i = 0; i < 20 && status == HY_OK; i++)
        status = xml_feed(xml, piece, 1 << 20, false, &err);
    assert_int_equal(status, HY_DATA);
    xml_close(xml);
    free(piece);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strips_prefixes_and_pauses),
        cmocka_unit_test(refuses_doctype_depth_and_rubbish),
        cmocka_unit_test(refuses_a_giant_token),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
