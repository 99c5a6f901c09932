/*
 * template.c - a Markdown report and results to a document.
 *
 * Another language has its own file in a folder of that name (en/bulletin.md),
 * same figures, same names of files.  The head between two --- lines: title, file,
 * audience, paper, single, formats, months, body, plain, characters (or 标题 文件 读者
 * 纸张 单页 格式 月数 正文 纯文字 字数), one "name: value" a line. body: FILE.md takes
 * what follows the head from that file; plain: the paragraphs alone, in at most so many
 * characters. Markdown: # headings, paragraphs, - lists, | tables |,
 * **bold**, ---.  On top:
 *
 *   ```tiles            figures, four or so        ```chart TITLE    one line:
 *   SLA-01 SAT-01                                  KIND FIGURE [by DIM [top N]]
 *   ```                                            [months N] [versus previous|year]
 *
 *   ::: lead|account|note|foot|box    how what follows is set, until a line :::
 *   ::: left [SHARE] ... ::: ::: right [SHARE] ... :::    two columns side by side
 *   ::: signature       each line one box to sign in, until :::
 *   ::: page            a new page (no closing line)
 *   ::: optional [N]    gives way when a single page is full, 1 before 2 ..., :::
 *
 * {…} are places for figures and sentences: FIGURE[.PART] [k|n|p|kp|range]
 * [DIM=KEY] [previous|year|series], say FIGURE [range] (a sentence), verdict FIGURE
 * [previous|year], each DIM [top N] | each month N (first cell of a row), list
 * NAME, statements SECTION..., top DIM N [share], assurance FIGURE, board FIGURE...,
 * checks, measures, balance (cell of a row), lead [short], account, signs, mix, ledger,
 * files, corrections, revisions, objections, templates, callbacks, qr, agenda [N],
 * definitions, words KEY, known FIGURE KEY ELSE (the one sentence when there is such a
 * figure, else the other), month previous next year period estate centre phone mailbox
 * overseer cutoff issue.  They are taken out before the Markdown is parsed and filled
 * afterwards: what a ticket says is never markup.
 */
#include "render/template_parts.h"

#include <string.h>

#include "core/calendar.h"
#include "core/file.h"
#include "core/text.h"

enum { DEPTH_MOST = 4 };

/* --- fences and ::: -------------------------------------------------------- */

static bool starts(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

static const char *after_blank(const char *text)
{
    return text + strspn(text, " \t");
}

static enum status fence_parse(struct builder *builder, size_t *at, enum tone tone,
                               struct blocks *blocks, struct error *err)
{
    size_t opened = *at, line = *at + 1;
    const char *name = after_blank(builder->lines[opened] + 3), *title;
    const char *body = "";

    while (line < builder->line_count && !starts(builder->lines[line], "```")) {
        body = arena_printf(builder->memory, "%s %s", body, builder->lines[line]);
        line++;
    }
    if (line == builder->line_count)
        return template_complain(builder, (int)opened + 1, err,
                                 "``` 没有结束的一行 ``` (unclosed block)");
    *at = line + 1;
    if (strcmp(name, "tiles") == 0)
        return tiles_build(builder, body, (int)opened + 2, tone, blocks, err);
    if (!starts(name, "chart") || (name[5] != ' ' && name[5] != '\0'))
        return template_complain(builder, (int)opened + 1, err,
                                 "``` 后面只能是 tiles 或 chart 标题 (unknown block)");
    TRY(place_expand(builder, after_blank(name + 5), (int)opened + 1, &title, err));
    return chart_build(builder, title, body, (int)opened + 2, tone, blocks, err);
}

static enum status blocks_parse(struct builder *builder, size_t *at, int depth,
                                enum tone tone, struct blocks *blocks,
                                struct error *err);

static bool fenced(const char *line, const char *name)
{
    const char *word;

    if (!starts(line, ":::"))
        return false;
    word = after_blank(line + 3);
    return starts(word, name)
           && (word[strlen(name)] == '\0' || word[strlen(name)] == ' ');
}

static bool is_close(const char *line)
{
    return starts(line, ":::") && *after_blank(line + 3) == '\0';
}

static enum status column_parse(struct builder *builder, size_t *at, int depth,
                                enum tone tone, struct column *column,
                                struct error *err)
{
    struct blocks inner = { NULL, 0, 0 };
    int line = (int)*at + 1, share = 50;
    const char *word = after_blank(builder->lines[*at] + 3);

    word = after_blank(word + strcspn(word, " \t"));
    if (*word != '\0')
        TRY(words_number(builder, line, word, 10, 90, &share, err));
    (*at)++;
    TRY(blocks_parse(builder, at, depth + 1, tone, &inner, err));
    *column = (struct column){ inner.count, inner.items, share / 100.0 };
    return HY_OK;
}

static enum status columns_parse(struct builder *builder, size_t *at, int depth,
                                 enum tone tone, struct blocks *blocks,
                                 struct error *err)
{
    struct column *columns = arena_alloc(builder->memory, 2 * sizeof *columns);
    size_t opened = *at;
    struct block *block;
    double sum;

    TRY(column_parse(builder, at, depth, tone, &columns[0], err));
    while (*at < builder->line_count && *after_blank(builder->lines[*at]) == '\0')
        (*at)++;
    if (*at == builder->line_count || !fenced(builder->lines[*at], "right"))
        return template_complain(builder, (int)opened + 1, err,
                                 "::: left 结束之后要紧接 ::: right (no right column)");
    TRY(column_parse(builder, at, depth, tone, &columns[1], err));
    sum = columns[0].share + columns[1].share;
    columns[0].share /= sum;
    columns[1].share /= sum;
    block = blocks_add(blocks, builder->memory, BLOCK_COLUMNS, tone);
    block->columns = columns;
    block->count = 2;
    return HY_OK;
}

static enum status signature_parse(struct builder *builder, size_t *at,
                                   struct blocks *blocks, struct error *err)
{
    struct line_of *lines;
    size_t opened = (*at)++, count = 0;
    struct block *block;

    lines = arena_alloc(builder->memory,
                        (builder->line_count - opened + 1) * sizeof *lines);
    for (; *at < builder->line_count && !is_close(builder->lines[*at]); (*at)++) {
        const char *text = after_blank(builder->lines[*at]);

        if (*text == '\0')
            continue;
        if (text[0] == '-' && text[1] == ' ')
            text += 2;
        TRY(place_expand(builder, text, (int)*at + 1, &text, err));
        lines[count++] = *line_plain(builder->memory, text, false, false);
    }
    if (*at == builder->line_count)
        return template_complain(builder, (int)opened + 1, err,
                                 "::: signature 没有结束的一行 ::: (unclosed)");
    (*at)++;
    block = blocks_add(blocks, builder->memory, BLOCK_SIGNATURE, TONE_BODY);
    block->lines = lines;
    block->count = count;
    return HY_OK;
}

static enum status optional_parse(struct builder *builder, size_t *at, int depth,
                                  enum tone tone, struct blocks *blocks,
                                  struct error *err)
{
    size_t first = blocks->count;
    int line = (int)*at + 1, level = 1;
    const char *word = after_blank(builder->lines[*at] + 3);

    word = after_blank(word + strcspn(word, " \t"));
    if (*word != '\0')
        TRY(words_number(builder, line, word, 1, 9, &level, err));
    (*at)++;
    TRY(blocks_parse(builder, at, depth + 1, tone, blocks, err));
    for (; first < blocks->count; first++)
        if (blocks->items[first].yields == 0)
            blocks->items[first].yields = level;
    return HY_OK;
}

static enum status colons_parse(struct builder *builder, size_t *at, int depth,
                                enum tone tone, struct blocks *blocks,
                                struct error *err)
{
    static const char *const tones[] = { "body", "lead", "account",
                                         "note", "foot", "box" };
    const char *line = builder->lines[*at];
    size_t i;

    if (depth == DEPTH_MOST)
        return template_complain(builder, (int)*at + 1, err, "::: 套得太深 (too deep)");
    if (fenced(line, "left"))
        return columns_parse(builder, at, depth, tone, blocks, err);
    if (fenced(line, "optional"))
        return optional_parse(builder, at, depth, tone, blocks, err);
    if (fenced(line, "signature"))
        return signature_parse(builder, at, blocks, err);
    if (fenced(line, "page")) {
        (void)blocks_add(blocks, builder->memory, BLOCK_PAGE, TONE_BODY);
        (*at)++;
        return HY_OK;
    }
    for (i = 0; i < sizeof tones / sizeof tones[0]; i++)
        if (fenced(line, tones[i])) {
            (*at)++;
            return blocks_parse(builder, at, depth + 1, (enum tone)i, blocks, err);
        }
    return template_complain(builder, (int)*at + 1, err,
                             "::: 后面只能是 left right lead account note foot box "
                             "signature page optional；结束只写 ::: (unknown)");
}

static enum status blocks_parse(struct builder *builder, size_t *at, int depth,
                                enum tone tone, struct blocks *blocks,
                                struct error *err)
{
    size_t opened = *at, from = *at;

    while (*at < builder->line_count) {
        const char *line = builder->lines[*at];
        bool fence = starts(line, "```"), colons = starts(line, ":::");

        if (!fence && !colons) {
            (*at)++;
            continue;
        }
        TRY(template_markdown(builder, from, *at, tone, blocks, err));
        if (colons && is_close(line)) {
            if (depth == 0)
                return template_complain(builder, (int)*at + 1, err,
                                         "多了一行 ::: (nothing to close)");
            (*at)++;
            return HY_OK;
        }
        TRY(fence ? fence_parse(builder, at, tone, blocks, err)
                  : colons_parse(builder, at, depth, tone, blocks, err));
        from = *at;
    }
    if (depth > 0)
        return template_complain(builder, (int)opened, err,
                                 "::: 没有结束的一行 ::: (unclosed)");
    return template_markdown(builder, from, *at, tone, blocks, err);
}

/* --- the document ---------------------------------------------------------- */

static const char *subhead(struct builder *builder, enum status *status,
                           struct error *err)
{
    const struct place cutoff = { .text = "cutoff" };
    struct piece piece = { "", { .kind = VALUE_NONE } };

    *status = place_say(builder, &cutoff, NULL, &piece, err);
    return wording_say(builder->wording, builder->memory, "head.sub", "period",
                       say_period(builder), "cutoff", piece.text, "state",
                       wording_get(builder->wording, "provisional"), "overseer",
                       say_clean(builder->memory, builder->settings->overseer), NULL);
}

static enum status doc_fill(struct builder *builder, bool draft,
                            const struct blocks *blocks, struct doc *doc,
                            struct error *err)
{
    const struct template_head *head = builder->head;
    const struct wording *wording = builder->wording;
    struct arena *memory = builder->memory;
    const struct place issue = { .text = "issue" };
    enum status status;
    struct piece piece;

    TRY(place_say(builder, &issue, NULL, &piece, err));
    *doc = (struct doc){
        .name = head->file,
        .title = head->title,
        .estate = say_clean(memory, say_estate(builder)),
        .language = wording_language(wording),
        .subhead = subhead(builder, &status, err),
        .foot = wording_get(wording, "legend"),
        .moved = wording_get(wording, "moved"),
        .draft = draft ? wording_get(wording, "draft") : NULL,
        .audience = head->audience,
        .paper = head->paper,
        .single_page = head->single_page,
        .plain = head->plain,
        .month = builder->results->month,
        .cutoff = builder->results->cutoff,
        .count = blocks->count,
        .blocks = blocks->items,
        .definitions = builder->definitions,
        .memory = memory,
    };
    TRY(status);
    doc->head_left = wording_say(wording, memory, "head.left", "estate", doc->estate,
                                 "title", head->title, NULL);
    doc->head_right =
        wording_say(wording, memory, "head.right", "month",
                    say_month(wording, memory, doc->month), "issue", piece.text, NULL);
    if (head->plain)
        doc->foot = "";
    else if (head->audience != AUDIENCE_PUBLIC)
        doc->foot = wording_get(wording, "legend.internal");
    return HY_OK;
}

/* reports/en/bulletin.md when the report speaks English and there is one. */
static const char *spoken_path(const struct builder *builder)
{
    const char *path = builder->head->path, *base = file_base(path);
    const char *language = wording_language(builder->wording);
    const char *other = arena_printf(builder->memory, "%.*s%s/%s", (int)(base - path),
                                     path, language, base);

    return strcmp(language, "zh") != 0 && file_exists(other) ? other : path;
}

/* The body of another template of the same folder, below this head. */
static enum status body_of_other(struct builder *builder, struct template_head *own,
                                 size_t *at, struct error *err)
{
    const char *path = own->path, *base = file_base(path);
    struct template_head other = { .path = path };

    own->path =
        arena_printf(builder->memory, "%.*s%s", (int)(base - path), path, own->body);
    own->path = spoken_path(builder);
    builder->lines = NULL;
    builder->line_count = 0;
    TRY(template_lines(builder, err));
    TRY(template_head_parse(builder, &other, at, err));
    if (other.audience != own->audience || other.body != NULL)
        return template_complain(builder, 1, err,
                                 "正文的读者不同，或它自己又借用别的正文 (%s)",
                                 own->body);
    own->title = other.title;
    return HY_OK;
}

/* Paragraphs one after the other without those that give way up to level. */
static const char *plain_text(struct builder *builder, const struct blocks *blocks,
                              int level)
{
    bool english = strcmp(wording_language(builder->wording), "en") == 0;
    const char *text = "";
    size_t i;

    for (i = 0; i < blocks->count; i++) {
        const struct block *block = &blocks->items[i];
        const char *said;

        if (block->kind != BLOCK_PARAGRAPH
            || (block->yields != 0 && block->yields <= level))
            continue;
        said = line_text(builder->memory, block->lines);
        if (*said != '\0')
            text = arena_printf(builder->memory, "%s%s%s", text,
                                english && *text != '\0' ? " " : "", said);
    }
    return text;
}

static size_t characters_of(const char *text)
{
    const char *end = text + strlen(text);
    size_t count = 0;

    while (text < end) {
        (void)text_next(&text, end);
        count++;
    }
    return count;
}

/* One paragraph to be pasted; what is optional gives way until it is short enough. */
static enum status plain_fill(struct builder *builder, struct blocks *blocks,
                              struct error *err)
{
    enum { LEVELS = 9 };
    const char *text = "";
    size_t length = 0;
    int level;

    for (level = 0; level <= LEVELS; level++) {
        text = plain_text(builder, blocks, level);
        length = characters_of(text);
        if (builder->head->characters == 0
            || length <= (size_t)builder->head->characters)
            break;
    }
    if (level > LEVELS)
        return fail(err, HY_CONFIG,
                    "%s: 有 %zu 个字，最多 %d 个；请删几句，或放进 ::: optional "
                    "(too long)",
                    builder->head->path, length, builder->head->characters);
    *blocks = (struct blocks){ NULL, 0, 0 };
    blocks_say(blocks, builder->memory, TONE_BODY, text);
    return HY_OK;
}

enum status template_build(const struct template_head *head,
                           const struct results *results,
                           const struct settings *settings,
                           const struct registers *registers,
                           const struct ledger *ledger, const struct wording *wording,
                           const char *code, struct arena *memory, struct doc **out,
                           struct error *err)
{
    struct template_head own = *head, again = { .path = head->path };
    struct builder builder = {
        .head = &own,
        .results = results,
        .settings = settings,
        .registers = registers,
        .ledger = ledger,
        .wording = wording,
        .teller = { wording, results, settings, memory },
        .memory = memory,
        .code = code,
    };
    struct blocks blocks = { NULL, 0, 0 };
    size_t at = 0;

    *out = NULL;
    builder.used =
        arena_alloc(memory, (results->metrics->count + 1) * sizeof *builder.used);
    own.path = spoken_path(&builder);
    TRY(template_lines(&builder, err));
    TRY(template_head_parse(&builder, &again, &at, err));
    own.title = again.title;
    own.characters = again.characters; /* another language needs more of them */
    if (own.body != NULL)
        TRY(body_of_other(&builder, &own, &at, err));
    TRY(blocks_parse(&builder, &at, 0, TONE_BODY, &blocks, err));
    if (own.plain)
        TRY(plain_fill(&builder, &blocks, err));
    else
        omitted_say(&builder, &blocks);
    definitions_fill(&builder);
    *out = arena_alloc(memory, sizeof **out);
    return doc_fill(&builder, code == NULL, &blocks, *out, err);
}
