/* html.c - escaped text, inline drawings and the check of a finished page. */
#include "render/html.h"

#include <string.h>

#include "core/file.h"
#include "core/xml.h"
#include "render/qr.h"
#include "render/svg.h"

enum { PAGE_MOST = 64 << 20, PIECE = 1 << 16 };

void html_put(struct page *page, const char *markup)
{
    (void)fputs(markup, page->file);
}

/* Control characters, marks that turn the writing round, and what is no character. */
static bool is_hidden(uint32_t code)
{
    return (code < 0x20 && code != '\n' && code != '\t')
           || (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E
           || code == 0x200F || (code >= 0x202A && code <= 0x202E)
           || (code >= 0x2066 && code <= 0x2069) || code == 0xFFFE || code == 0xFFFF;
}

static void escape(struct page *page, const char *text, const char *line_break)
{
    const char *at = text, *end = text == NULL ? text : text + strlen(text);
    char bytes[5] = "";

    while (at < end) {
        uint32_t code = text_next(&at, end);

        if (is_hidden(code))
            code = 0xFFFD;
        if (code == '&')
            html_put(page, "&amp;");
        else if (code == '<')
            html_put(page, "&lt;");
        else if (code == '>')
            html_put(page, "&gt;");
        else if (code == '"')
            html_put(page, "&quot;");
        else if (code == '\'')
            html_put(page, "&#39;");
        else if (code == '\n')
            html_put(page, line_break);
        else {
            bytes[text_put(code, bytes)] = '\0';
            html_put(page, bytes);
        }
    }
}

void html_text(struct page *page, const char *text)
{
    escape(page, text, "<br/>");
}

void html_attribute(struct page *page, const char *name, const char *text)
{
    (void)fprintf(page->file, " %s=\"", name);
    escape(page, text, " ");
    html_put(page, "\"");
}

/* --- drawings --------------------------------------------------------------- */

static bool begins(const char *at, const char *end, const char *with)
{
    size_t length = strlen(with);

    return (size_t)(end - at) >= length && memcmp(at, with, length) == 0;
}

static const char *past(const char *at, const char *end, const char *what)
{
    for (; at < end; at++)
        if (begins(at, end, what))
            return at + strlen(what);
    return end;
}

/* One tag from '<' to '>', with every id and reference to one made this chart's. */
static const char *copy_tag(struct page *page, const char *at, const char *end)
{
    static const char *const names[] = { " id=\"", " id='", "href=\"#", "href='#",
                                         "url(#" };
    size_t i;

    while (at < end && *at != '>') {
        for (i = 0; i < sizeof names / sizeof names[0]; i++)
            if (begins(at, end, names[i]))
                break;
        if (i < sizeof names / sizeof names[0]) {
            html_put(page, names[i]);
            (void)fprintf(page->file, "g%zu-", page->charts);
            at += strlen(names[i]);
        } else {
            (void)fputc(*at++, page->file);
        }
    }
    if (at < end)
        (void)fputc(*at++, page->file);
    return at;
}

/* The viewBox stays, size and title go; the page's style knows the natural width. */
static void copy_frame(struct page *page, const char *at, const char *end)
{
    const char *box = past(at, end, "viewBox="), *close;
    struct error ignored;
    double width, height;

    html_put(page, "<svg xmlns=\"http://www.w3.org/2000/svg\""
                   " xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
    if (box < end) {
        close = past(box + 1, end, box[0] == '"' ? "\"" : "'");
        (void)fprintf(page->file, " viewBox=%.*s", (int)(close - box), box);
    }
    if (svg_size((struct text){ at, (uint32_t)(end - at) }, &width, &height, &ignored)
        == HY_OK)
        (void)fprintf(page->file, " style=\"--natural:%.0fpx\"",
                      width * 2 / 3); /* drawn at 96 dots, laid out at 144 */
}

void html_drawing(struct page *page, const struct chart *chart)
{
    const char *at = chart->svg.at, *end = at + chart->svg.length, *frame;

    at = past(at, end, "<svg");
    frame = at;
    at = past(at, end, ">");
    copy_frame(page, frame, at);
    html_attribute(page, "role", "img");
    html_attribute(page, "aria-label", chart->alt != NULL ? chart->alt : chart->title);
    html_put(page, ">");
    while (at < end) {
        if (begins(at, end, "<title>"))
            at = past(at, end, "</title>");
        else if (begins(at, end, "<desc>"))
            at = past(at, end, "</desc>");
        else if (begins(at, end, "<!--"))
            at = past(at, end, "-->");
        else if (*at == '<')
            at = copy_tag(page, at, end);
        else
            (void)fputc(*at++, page->file);
    }
    html_put(page, "\n");
    page->charts++;
}

void html_qr(struct page *page, const struct qr *qr)
{
    size_t whole = qr->side + 2 * QR_QUIET, row, from, until;

    html_put(page, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    (void)fprintf(page->file,
                  " viewBox=\"0 0 %zu %zu\" style=\"display:block;width:%zumm\"", whole,
                  whole, (QR_MILLIMETRES * whole + qr->side - 1) / qr->side);
    html_attribute(page, "role", "img");
    html_attribute(page, "aria-label", qr->alt);
    html_put(page, " shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"");
    (void)fprintf(page->file, "M0 0h%zuv%zuh-%zuz", whole, whole, whole);
    html_put(page, "\"/><path fill=\"#000\" d=\"");
    for (row = 0; row < qr->side; row++)
        for (from = 0; qr_run(qr, row, &from, &until); from = until)
            (void)fprintf(page->file, "M%zu %zuh%zuv1h-%zuz", from + QR_QUIET,
                          row + QR_QUIET, until - from, until - from);
    html_put(page, "\"/></svg>\n");
}

/* --- reading back ------------------------------------------------------------ */

struct seen {
    size_t tables, drawings;
};

static enum status check_attributes(const char **attributes, struct error *err)
{
    for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
        const char *name = attributes[0], *value = attributes[1];
        bool link = strcmp(name, "href") == 0 || strcmp(name, "src") == 0;

        if (strncmp(name, "on", 2) == 0 || (link && value[0] != '#'))
            return fail(err, HY_INTERNAL, "网页里有不该有的 %s (not self-contained)",
                        name);
    }
    return HY_OK;
}

static enum status on_start(void *self, const char *name, const char **attributes,
                            struct error *err)
{
    static const char *const banned[] = { "script",        "iframe", "object", "embed",
                                          "foreignObject", "image",  "img",    "link",
                                          "form",          "base" };
    struct seen *seen = self;
    size_t i;

    for (i = 0; i < sizeof banned / sizeof banned[0]; i++)
        if (strcmp(name, banned[i]) == 0)
            return fail(err, HY_INTERNAL, "网页里有不该有的 <%s> (not self-contained)",
                        name);
    seen->tables += strcmp(name, "table") == 0;
    seen->drawings += strcmp(name, "svg") == 0;
    return check_attributes(attributes, err);
}

void html_count(const struct block *blocks, size_t count, size_t *tables,
                size_t *drawings)
{
    size_t i, at;

    for (i = 0; i < count; i++) {
        const struct block *block = &blocks[i];

        *tables += block->kind == BLOCK_TABLE || block->kind == BLOCK_CHART;
        *drawings += (block->kind == BLOCK_CHART && block->chart->svg.at != NULL)
                     || block->kind == BLOCK_QR;
        for (at = 0; block->kind == BLOCK_COLUMNS && at < block->count; at++)
            html_count(block->columns[at].blocks, block->columns[at].count, tables,
                       drawings);
    }
}

static enum status parse_all(const char *bytes, size_t length, struct seen *seen,
                             struct error *err)
{
    const struct xml_events events = { .start = on_start };
    enum status status;
    struct xml *xml;
    size_t at;

    TRY(xml_open(&xml, &events, seen, err));
    status = HY_OK;
    for (at = 0; at < length && status == HY_OK; at += PIECE)
        status = xml_feed(xml, bytes + at, length - at < PIECE ? length - at : PIECE,
                          false, err);
    if (status == HY_OK)
        status = xml_feed(xml, bytes, 0, true, err);
    xml_close(xml);
    return status;
}

enum status html_verify(const struct doc *doc, const char *path, struct error *err)
{
    static const char head[] = "<!DOCTYPE html>\n";
    struct arena *memory = arena_new();
    size_t length, tables = 0, drawings = 0;
    const unsigned char *bytes;
    struct seen seen = { 0, 0 };
    enum status status;

    html_count(doc->blocks, doc->count, &tables, &drawings);
    status = file_read(path, PAGE_MOST, memory, &bytes, &length, err);
    if (status == HY_OK
        && (length < sizeof head || memcmp(bytes, head, sizeof head - 1) != 0))
        status = fail(err, HY_INTERNAL, "网页写得不完整 (page cut short)");
    if (status == HY_OK)
        status = parse_all((const char *)bytes + sizeof head - 1,
                           length - (sizeof head - 1), &seen, err);
    if (status == HY_OK && (seen.tables < tables || seen.drawings != drawings))
        status = fail(err, HY_INTERNAL,
                      "网页里的表或图少了：表 %zu/%zu，图 %zu/%zu (parts missing)",
                      seen.tables, tables, seen.drawings, drawings);
    arena_free(memory);
    return status;
}
