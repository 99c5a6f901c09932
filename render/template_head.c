/* template_head.c - the lines of a template, its head, and complaints about them. */
#include "render/template_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/file.h"

enum {
    TEMPLATE_BYTES = 256 * 1024, /* a report is pages, not megabytes */
    LINES_MOST = 8000,
    QUOTED = 150
};

enum status template_complain(const struct builder *builder, int line,
                              struct error *err, const char *fmt, ...)
{
    char what[300];
    const char *quoted = "";
    size_t length = 0;
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    if (text_valid(what, strlen(what)) < strlen(what)) /* cut inside a character */
        what[text_valid(what, strlen(what))] = '\0';
    if (line >= 1 && (size_t)line <= builder->line_count) {
        quoted = builder->lines[line - 1];
        length = strlen(quoted);
        if (length > QUOTED)
            length = text_valid(quoted, QUOTED);
    }
    return fail(err, HY_CONFIG, "%s:%d: %s\n    %.*s", builder->head->path, line, what,
                (int)length, quoted);
}

/* --- lines and head -------------------------------------------------------- */

enum status template_lines(struct builder *builder, struct error *err)
{
    const unsigned char *bytes;
    const char *at, *end;
    size_t length;

    TRY(file_read(builder->head->path, TEMPLATE_BYTES, builder->memory, &bytes, &length,
                  err));
    at = (const char *)bytes;
    end = at + length;
    if (length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    if (text_valid(at, (size_t)(end - at)) != (size_t)(end - at)
        || memchr(at, 0, (size_t)(end - at)) != NULL)
        return fail(err, HY_CONFIG, "%s: 请用记事本另存为 UTF-8 (not UTF-8 text)",
                    builder->head->path);
    builder->lines = arena_alloc(builder->memory, LINES_MOST * sizeof *builder->lines);
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop == NULL ? end : stop) - at);

        if (builder->line_count == LINES_MOST)
            return fail(err, HY_CONFIG, "%s: 超过 %d 行 (too many lines)",
                        builder->head->path, LINES_MOST);
        if (size > 0 && at[size - 1] == '\r')
            size--;
        builder->lines[builder->line_count++] = arena_copy(builder->memory, at, size);
        at = stop == NULL ? end : stop + 1;
    }
    return HY_OK;
}

enum head_key {
    HEAD_TITLE,
    HEAD_FILE,
    HEAD_AUDIENCE,
    HEAD_PAPER,
    HEAD_SINGLE,
    HEAD_FORMATS,
    HEAD_MONTHS,
    HEAD_BODY,
    HEAD_PLAIN,
    HEAD_CHARACTERS,
    HEAD_KEYS
};

static const char *const head_names[HEAD_KEYS * 2] = {
    "title", "file",  "audience",   "paper", "single", "formats", "months",
    "body",  "plain", "characters", "标题",  "文件",   "读者",    "纸张",
    "单页",  "格式",  "月数",       "正文",  "纯文字", "字数",
};

static enum status head_choice(const struct builder *builder, int line,
                               const char *value, const char *const *names,
                               size_t count, size_t *choice, struct error *err)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (strcmp(names[i], value) == 0) {
            *choice = i;
            return HY_OK;
        }
    return template_complain(builder, line, err, "“%s”不是可用的值，可用 %s、%s%s%s",
                             value, names[0], names[1], count > 4 ? "、" : "",
                             count > 4 ? names[2] : "");
}

static enum status head_value(const struct builder *builder, int line, int key,
                              const char *value, struct template_head *head,
                              struct error *err)
{
    static const char *const audiences[] = { "public", "committee", "management",
                                             "公开",   "监督",      "管理" };
    static const char *const papers[] = { "A4", "A3" };
    static const char *const answers[] = { "yes", "no", "是", "否" };
    size_t choice = 0;

    switch ((enum head_key)key) {
    case HEAD_TITLE:
        head->title = value;
        return HY_OK;
    case HEAD_FILE:
        if (strpbrk(value, "/\\:*?\"<>|") != NULL || value[0] == '.')
            return template_complain(
                builder, line, err, "文件名里不能有 / \\ : * ? 等符号 (bad file name)");
        head->file = value;
        return HY_OK;
    case HEAD_AUDIENCE:
        TRY(head_choice(builder, line, value, audiences, 6, &choice, err));
        head->audience = (enum audience)(choice % 3);
        return HY_OK;
    case HEAD_PAPER:
        TRY(head_choice(builder, line, value, papers, 2, &choice, err));
        head->paper = choice == 0 ? PAPER_A4 : PAPER_A3;
        return HY_OK;
    case HEAD_SINGLE:
        TRY(head_choice(builder, line, value, answers, 4, &choice, err));
        head->single_page = choice % 2 == 0;
        return HY_OK;
    case HEAD_FORMATS:
        head->formats = value;
        return HY_OK;
    case HEAD_MONTHS:
        return words_number(builder, line, value, 1, 60, &head->months, err);
    case HEAD_BODY:
        if (strpbrk(value, "/\\") != NULL || value[0] == '.')
            return template_complain(
                builder, line, err,
                "正文要是同一文件夹里的报告模板 (same folder only)");
        head->body = value;
        return HY_OK;
    case HEAD_PLAIN:
        TRY(head_choice(builder, line, value, answers, 4, &choice, err));
        head->plain = choice % 2 == 0;
        return HY_OK;
    case HEAD_CHARACTERS:
        return words_number(builder, line, value, 50, 100000, &head->characters, err);
    case HEAD_KEYS:
        break;
    }
    return HY_OK;
}

static enum status head_line(const struct builder *builder, int line,
                             struct template_head *head, struct error *err)
{
    const char *text = builder->lines[line - 1], *colon = strchr(text, ':');
    const char *wide = strstr(text, "："), *name, *value, *nearest;
    size_t after = 1;
    int key;

    if (wide != NULL && (colon == NULL || wide < colon)) {
        colon = wide;
        after = strlen("：");
    }
    if (text[strspn(text, " \t")] == '\0' || text[0] == '#')
        return HY_OK;
    if (colon == NULL)
        return template_complain(builder, line, err,
                                 "应写成“名称: 内容” (expected name: value)");
    name = text_copy(builder->memory,
                     text_trim((struct text){ text, (uint32_t)(colon - text) }));
    value = colon + after;
    value = text_copy(builder->memory,
                      text_trim((struct text){
                          value, strstr(value, " #") != NULL
                                     ? (uint32_t)(strstr(value, " #") - value)
                                     : (uint32_t)strlen(value) }));
    for (key = 0; key < HEAD_KEYS * 2; key++)
        if (strcmp(head_names[key], name) == 0)
            return head_value(builder, line, key % HEAD_KEYS, value, head, err);
    nearest = text_nearest(name, head_names, HEAD_KEYS * 2);
    return template_complain(builder, line, err, "头部没有“%s”这一项%s%s (unknown)",
                             name, nearest == NULL ? "" : "，是不是 ",
                             nearest == NULL ? "" : nearest);
}

enum status template_head_parse(struct builder *builder, struct template_head *head,
                                size_t *body, struct error *err)
{
    size_t line;

    if (builder->line_count == 0 || strcmp(builder->lines[0], "---") != 0)
        return template_complain(builder, 1, err,
                                 "报告模板要以一行 --- 开头，写明标题等 (no head)");
    for (line = 1; line < builder->line_count; line++) {
        if (strcmp(builder->lines[line], "---") == 0) {
            *body = line + 1;
            if (head->title == NULL || head->file == NULL)
                return template_complain(builder, 1, err,
                                         "头部缺 title 或 file (missing)");
            return HY_OK;
        }
        TRY(head_line(builder, (int)line + 1, head, err));
    }
    return template_complain(builder, 1, err, "头部没有用 --- 结束 (unclosed head)");
}

enum status template_head(const char *path, struct arena *memory,
                          struct template_head *head, struct error *err)
{
    struct builder builder = { .head = head, .memory = memory };
    size_t body;

    *head =
        (struct template_head){ .path = path, .formats = "pdf,xlsx,txt", .months = 24 };
    TRY(template_lines(&builder, err));
    return template_head_parse(&builder, head, &body, err);
}
