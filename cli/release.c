/* release.c - walks every word of a public document and refuses what is personal. */
#include "cli/release.h"

#include <string.h>

#include "ingest/mask.h"
#include "render/doc_parts.h"

struct look {
    const struct session *session;
    const struct mask *mask;
    const struct doc *doc;
    const char *heading; /* the last one passed */
    struct error *err;
};

static bool digit_at(struct text text, size_t at)
{
    return at < text.length && text.at[at] >= '0' && text.at[at] <= '9';
}

static size_t digits_from(struct text text, size_t at)
{
    size_t count = 0;

    while (digit_at(text, at + count))
        count++;
    return count;
}

static bool word_at(struct text text, size_t at, const char *word)
{
    size_t length = strlen(word);

    return at + length <= text.length && memcmp(text.at + at, word, length) == 0;
}

/* "1503室", "302房", "7-2-1503"; not "2026-10-14". */
static bool has_room(struct text text)
{
    size_t at = 0;

    while (at < text.length) {
        size_t first = digits_from(text, at), second, third;

        if (first == 0) {
            at++;
            continue;
        }
        if ((first == 3 || first == 4)
            && (word_at(text, at + first, "室") || word_at(text, at + first, "房")))
            return true;
        second = word_at(text, at + first, "-") ? digits_from(text, at + first + 1) : 0;
        third = second > 0 && word_at(text, at + first + 1 + second, "-")
                    ? digits_from(text, at + first + second + 2)
                    : 0;
        if (first <= 3 && second >= 1 && second <= 2 && (third == 3 || third == 4))
            return true;
        at += first;
    }
    return false;
}

/* The office's own number and mailbox are public. */
static const char *without(struct arena *memory, const char *text, const char *own)
{
    const char *at = own != NULL && *own != '\0' ? strstr(text, own) : NULL;

    if (at == NULL)
        return text;
    return without(memory,
                   arena_printf(memory, "%.*s|%s", (int)(at - text), text,
                                at + strlen(own)),
                   own);
}

/* What the mask put in: "[电话]" is new in the masked text; NULL: nothing. */
static const char *kind_of(const struct look *look, const char *text, bool names)
{
    static const char *const marks[] = { "[电话]", "[证件]", "[邮箱]", "[车牌]",
                                         "[姓名]" };
    const struct settings *settings = &look->session->settings;
    struct arena *memory = look->session->memory;
    struct text own, masked;
    size_t i, count = sizeof marks / sizeof *marks - (names ? 0 : 1);

    text = without(memory, text, settings->phone);
    text = without(memory, text, settings->mailbox);
    own = text_of(text);
    if (has_room(own))
        return "房号";
    masked = mask_text(look->mask, own, memory);
    if (masked.at == own.at)
        return NULL;
    text = arena_copy(memory, masked.at, masked.length);
    for (i = 0; i < count; i++) {
        size_t before = 0, after = 0;
        const char *at;

        for (at = text; (at = strstr(at, marks[i])) != NULL; at++)
            after++;
        for (at = own.at; (at = strstr(at, marks[i])) != NULL; at++)
            before++;
        if (after > before)
            return arena_printf(memory, "%.*s", (int)strlen(marks[i]) - 2,
                                marks[i] + 1);
    }
    return NULL;
}

static enum status check(const struct look *look, const char *text, bool names,
                         const char *place)
{
    const char *kind = text != NULL ? kind_of(look, text, names) : NULL;

    if (kind == NULL)
        return HY_OK;
    return fail(look->err, HY_DATA,
                "%s 没有写出：“%s”%s里有%s，公开的报告不能印；请在来源或设置里改掉再出 "
                "(personal data)",
                look->doc->name, look->heading, place, kind);
}

static enum status check_lines(struct look *look, const struct block *block)
{
    struct arena *memory = look->session->memory;
    size_t i, r;

    for (i = 0; block->lines != NULL && i < block->count; i++) {
        bool written = false;

        for (r = 0; r < block->lines[i].count; r++)
            written = written || block->lines[i].runs[r].written;
        if (block->kind == BLOCK_HEADING)
            look->heading = line_text(memory, &block->lines[i]);
        TRY(check(look, line_text(memory, &block->lines[i]), written,
                  arena_printf(memory, "第 %zu 段", i + 1)));
    }
    return HY_OK;
}

static enum status check_table(const struct look *look, const struct table *table)
{
    struct arena *memory = look->session->memory;
    size_t row, column;

    TRY(check(look, table->title, false, "的表名"));
    for (row = 0; row < table->rows; row++)
        for (column = 0; column < table->columns; column++)
            TRY(check(look, table->cells[row * table->columns + column].text,
                      row >= table->heads,
                      arena_printf(memory, "的表第 %zu 行第 %zu 列", row + 1,
                                   column + 1)));
    return HY_OK;
}

static enum status check_chart(const struct look *look, const struct chart *chart)
{
    const struct data *data = chart->data;
    struct arena *memory = look->session->memory;
    size_t i;

    TRY(check(look, chart->title, false, "的图名"));
    TRY(check(look, chart->alt, false, "的图"));
    TRY(check(look, chart->reading, false, "的图"));
    for (i = 0; data != NULL && data->label != NULL && i < data->points; i++)
        TRY(check(look, data->label[i], true,
                  arena_printf(memory, "的图第 %zu 项", i + 1)));
    for (i = 0; data != NULL && i < data->series_count; i++)
        TRY(check(look, data->series[i].name, true,
                  arena_printf(memory, "的图例第 %zu 项", i + 1)));
    return HY_OK;
}

static enum status check_blocks(struct look *look, const struct block *blocks,
                                size_t count)
{
    size_t i, k;

    for (i = 0; i < count; i++) {
        const struct block *block = &blocks[i];

        TRY(check_lines(look, block));
        for (k = 0; block->tiles != NULL && k < block->count; k++) {
            TRY(check(look, block->tiles[k].label, false, "的数字"));
            TRY(check(look, block->tiles[k].base, false, "的数字"));
            TRY(check(look, block->tiles[k].change, false, "的数字"));
        }
        if (block->table != NULL)
            TRY(check_table(look, block->table));
        if (block->chart != NULL)
            TRY(check_chart(look, block->chart));
        for (k = 0; block->columns != NULL && k < block->count; k++)
            TRY(check_blocks(look, block->columns[k].blocks, block->columns[k].count));
    }
    return HY_OK;
}

enum status release_check(const struct session *session, const struct doc *doc,
                          struct error *err)
{
    const char *const rims[] = { doc->name,    doc->title,      doc->estate,
                                 doc->subhead, doc->head_right, doc->head_left };
    struct look look = {
        .session = session, .doc = doc, .heading = "页头", .err = err
    };
    struct vocabulary *words;
    size_t i;

    TRY(words_load(&words,
                   arena_printf(session->memory, "%s/words", session->templates),
                   session->memory, err));
    look.mask = mask_open(words, session->memory);
    for (i = 0; i < sizeof rims / sizeof *rims; i++)
        TRY(check(&look, rims[i], false, ""));
    TRY(check_blocks(&look, doc->blocks, doc->count));
    if (doc->definitions != NULL)
        TRY(check_table(&look, doc->definitions));
    return HY_OK;
}
