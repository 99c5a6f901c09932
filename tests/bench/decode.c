/* decode.c - decode ours|iconv FILE: GB18030 to UTF-8, by us or by iconv(3). */
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/hash.h"
#include "core/text.h"
#include "ingest/reader.h"

static void tell(const char *who, const void *bytes, size_t length)
{
    printf("%s: %zu bytes, %016llx\n", who, length,
           (unsigned long long)hash_fast(bytes, length, 0));
}

static enum status by_iconv(const struct source *source, struct error *err)
{
    size_t left = source->length, room = source->length * 2 + 16, all = room;
    char *out = malloc(room), *to = out, *from = (char *)(uintptr_t)source->bytes;
    iconv_t convert = iconv_open("UTF-8", "GB18030");
    size_t bad;

    if (out == NULL || convert == (iconv_t)-1) {
        free(out);
        return fail(err, HY_INTERNAL, "no iconv");
    }
    bad = iconv(convert, &from, &left, &to, &room);
    iconv_close(convert);
    if (bad != (size_t)-1)
        tell("iconv", out, all - room);
    free(out);
    return bad == (size_t)-1 ? fail(err, HY_DATA, "not GB18030") : HY_OK;
}

static enum status by_us(const struct source *source, struct arena *memory,
                         struct error *err)
{
    struct text text;
    size_t bad;

    TRY(encoding_decode(ENCODING_GB18030, source->bytes, source->length, memory, &text,
                        &bad, err));
    tell("ours", text.at, text.length);
    return HY_OK;
}

int main(int count, char **words)
{
    struct arena *memory = arena_new();
    struct error err = { HY_OK, "" };
    struct source source;
    enum status status;

    if (count != 3)
        return HY_USAGE;
    status = source_open(&source, words[2], &err);
    if (status == HY_OK) {
        status = strcmp(words[1], "iconv") == 0 ? by_iconv(&source, &err)
                                                : by_us(&source, memory, &err);
        source_close(&source);
    }
    if (status != HY_OK)
        fprintf(stderr, "%s\n", err.text);
    arena_free(memory);
    return status;
}
