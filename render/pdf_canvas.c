/* pdf_canvas.c - pages, lines and text through libharu, every number checked. */
#include "render/pdf_canvas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render/pdf_face.h"
#include "render/pdf_readback.h"

enum { PAGES_MOST = 512, SHOW_MOST = 2048, LEVELS = 4 };

static const double a4_width = 595.276, a4_height = 841.89, bold_part = 0.028;

struct canvas {
    HPDF_Doc document;
    HPDF_Page page;
    HPDF_Page pages[PAGES_MOST];
    size_t page_count;
    HPDF_Outline outline[LEVELS];
    const struct fonts *fonts;
    struct arena *memory;
    double scale, height; /* of the page drawn on, before scaling */
    struct pdf_face *face[FACES_MOST];
    struct said_page said[PAGES_MOST]; /* what each page is to say */
    size_t turned;                     /* the page drawn on */
    struct error error;
    unsigned long harm; /* libharu's first error number */
};

static void on_error(HPDF_STATUS number, HPDF_STATUS detail, void *self)
{
    struct canvas *canvas = self;
    (void)detail;
    if (!canvas->harm)
        canvas->harm = (unsigned long)number;
}

static bool is_broken(struct canvas *canvas)
{
    if (canvas->error.status == HY_OK && canvas->harm)
        fail(&canvas->error, HY_INTERNAL, "PDF 写不成（libharu 0x%04lX）",
             canvas->harm);
    return canvas->error.status != HY_OK;
}

/* Also false when the canvas is already broken: nothing more is drawn. */
static bool is_fine(struct canvas *canvas, const double *values, size_t count)
{
    if (is_broken(canvas))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]) || fabs(values[i]) > 30000) {
            fail(&canvas->error, HY_INTERNAL, "排版出错：坐标不是数");
            return false;
        }
    return canvas->page != NULL;
}

#define FINE(canvas, ...)                            \
    is_fine(canvas, (const double[]){ __VA_ARGS__ }, \
            sizeof((const double[]){ __VA_ARGS__ }) / sizeof(double))

static HPDF_REAL up(const struct canvas *canvas, double y)
{
    return (HPDF_REAL)(canvas->height - y);
}

enum status canvas_open(const struct fonts *fonts, struct arena *memory, double scale,
                        struct canvas **out, struct error *err)
{
    struct canvas *canvas = arena_alloc(memory, sizeof *canvas);
    *canvas = (struct canvas){
        .fonts = fonts, .memory = memory, .scale = scale, .height = a4_height
    };
    canvas->document = HPDF_New(on_error, canvas);
    *out = canvas;
    if (!isfinite(scale) || !(scale > 0))
        return fail(err, HY_INTERNAL, "排版出错：比例不是数");
    if (!canvas->document)
        return fail(err, HY_INTERNAL, "libharu 打不开");
    HPDF_UseUTFEncodings(canvas->document);
    HPDF_SetCurrentEncoder(canvas->document, "UTF-8");
    HPDF_SetCompressionMode(canvas->document, HPDF_COMP_ALL);
    return canvas_status(canvas, err);
}

void canvas_close(struct canvas *canvas)
{
    if (canvas && canvas->document)
        HPDF_Free(canvas->document);
    if (canvas)
        canvas->document = NULL;
}

enum status canvas_status(const struct canvas *canvas, struct error *err)
{
    if (canvas->error.status != HY_OK)
        return fail(err, canvas->error.status, "%s", canvas->error.text);
    if (canvas->harm)
        return fail(err, HY_INTERNAL, "PDF 写不成（libharu 0x%04lX）", canvas->harm);
    return HY_OK;
}

/* --- pages ---------------------------------------------------------------- */

void canvas_page(struct canvas *canvas)
{
    canvas_strip(canvas, a4_width, a4_height);
}

void canvas_strip(struct canvas *canvas, double width, double height)
{
    canvas->page = NULL;
    if (is_broken(canvas))
        return;
    if (!isfinite(width) || !isfinite(height) || width < 3 || height < 3
        || height > STRIP_MOST) {
        fail(&canvas->error, HY_INTERNAL, "排版出错：页面大小不对");
        return;
    }
    if (canvas->page_count == PAGES_MOST) {
        fail(&canvas->error, HY_INTERNAL, "报告超过 %d 页", PAGES_MOST);
        return;
    }
    HPDF_Page page = HPDF_AddPage(canvas->document);
    if (!page)
        return;
    HPDF_Page_SetWidth(page, (HPDF_REAL)(width * canvas->scale));
    HPDF_Page_SetHeight(page, (HPDF_REAL)(height * canvas->scale));
    canvas->height = height;
    if (canvas->scale != 1)
        HPDF_Page_Concat(page, (HPDF_REAL)canvas->scale, 0, 0, (HPDF_REAL)canvas->scale,
                         0, 0);
    canvas->turned = canvas->page_count;
    canvas->page = canvas->pages[canvas->page_count++] = page;
}

size_t canvas_page_count(const struct canvas *canvas)
{
    return canvas->page_count;
}

void canvas_turn(struct canvas *canvas, size_t page)
{
    if (page < canvas->page_count) {
        canvas->page = canvas->pages[page];
        canvas->turned = page;
    }
}

void canvas_outline(struct canvas *canvas, const char *title, int level, double y)
{
    if (!FINE(canvas, y) || level < 1 || level >= LEVELS)
        return;
    HPDF_Outline parent = NULL;
    for (int above = level - 1; above > 0 && !parent; above--)
        parent = canvas->outline[above];
    HPDF_Encoder encoder = HPDF_GetEncoder(canvas->document, "UTF-8");
    HPDF_Outline entry = HPDF_CreateOutline(canvas->document, parent, title, encoder);
    HPDF_Destination place = entry ? HPDF_Page_CreateDestination(canvas->page) : NULL;
    if (!place)
        return;
    HPDF_Destination_SetFitH(place, (HPDF_REAL)((canvas->height - y) * canvas->scale));
    HPDF_Outline_SetDestination(entry, place);
    canvas->outline[level] = entry;
    for (int below = level + 1; below < LEVELS; below++)
        canvas->outline[below] = NULL;
}

/* --- marks ---------------------------------------------------------------- */

static void set_fill(struct canvas *canvas, const double colour[3])
{
    HPDF_Page_SetRGBFill(canvas->page, (HPDF_REAL)colour[0], (HPDF_REAL)colour[1],
                         (HPDF_REAL)colour[2]);
}

static void set_stroke(struct canvas *canvas, const double colour[3])
{
    HPDF_Page_SetRGBStroke(canvas->page, (HPDF_REAL)colour[0], (HPDF_REAL)colour[1],
                           (HPDF_REAL)colour[2]);
}

static void split(uint32_t colour, double out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = (colour >> (16 - 8 * i) & 255) / 255.0;
}

void canvas_fill(struct canvas *canvas, uint32_t colour)
{
    double part[3];
    split(colour, part);
    if (FINE(canvas, 0))
        set_fill(canvas, part);
}

void canvas_stroke(struct canvas *canvas, uint32_t colour, double width)
{
    double part[3];
    split(colour, part);
    if (!FINE(canvas, width))
        return;
    set_stroke(canvas, part);
    HPDF_Page_SetLineWidth(canvas->page, (HPDF_REAL)width);
    HPDF_Page_SetDash(canvas->page, NULL, 0, 0);
}

static void paint(HPDF_Page page, bool filled, bool stroked)
{
    if (filled && stroked)
        HPDF_Page_FillStroke(page);
    else if (filled)
        HPDF_Page_Fill(page);
    else if (stroked)
        HPDF_Page_Stroke(page);
    else
        HPDF_Page_EndPath(page);
}

void canvas_rectangle(struct canvas *canvas, double x, double y, double width,
                      double height, bool filled, bool stroked)
{
    if (!FINE(canvas, x, y, width, height))
        return;
    HPDF_Page_Rectangle(canvas->page, (HPDF_REAL)x, up(canvas, y + height),
                        (HPDF_REAL)width, (HPDF_REAL)height);
    paint(canvas->page, filled, stroked);
}

void canvas_round(struct canvas *canvas, double x, double y, double width,
                  double height, double radius, bool filled, bool stroked)
{
    if (!FINE(canvas, x, y, width, height, radius))
        return;
    HPDF_Page page = canvas->page;
    double k = radius * 0.4477, right = x + width, bottom = y + height;
    HPDF_Page_MoveTo(page, (HPDF_REAL)(x + radius), up(canvas, y));
    HPDF_Page_LineTo(page, (HPDF_REAL)(right - radius), up(canvas, y));
    HPDF_Page_CurveTo(page, (HPDF_REAL)(right - k), up(canvas, y), (HPDF_REAL)right,
                      up(canvas, y + k), (HPDF_REAL)right, up(canvas, y + radius));
    HPDF_Page_LineTo(page, (HPDF_REAL)right, up(canvas, bottom - radius));
    HPDF_Page_CurveTo(page, (HPDF_REAL)right, up(canvas, bottom - k),
                      (HPDF_REAL)(right - k), up(canvas, bottom),
                      (HPDF_REAL)(right - radius), up(canvas, bottom));
    HPDF_Page_LineTo(page, (HPDF_REAL)(x + radius), up(canvas, bottom));
    HPDF_Page_CurveTo(page, (HPDF_REAL)(x + k), up(canvas, bottom), (HPDF_REAL)x,
                      up(canvas, bottom - k), (HPDF_REAL)x,
                      up(canvas, bottom - radius));
    HPDF_Page_LineTo(page, (HPDF_REAL)x, up(canvas, y + radius));
    HPDF_Page_CurveTo(page, (HPDF_REAL)x, up(canvas, y + k), (HPDF_REAL)(x + k),
                      up(canvas, y), (HPDF_REAL)(x + radius), up(canvas, y));
    HPDF_Page_ClosePath(page);
    paint(page, filled, stroked);
}

void canvas_line(struct canvas *canvas, double x1, double y1, double x2, double y2)
{
    if (!FINE(canvas, x1, y1, x2, y2))
        return;
    HPDF_Page_MoveTo(canvas->page, (HPDF_REAL)x1, up(canvas, y1));
    HPDF_Page_LineTo(canvas->page, (HPDF_REAL)x2, up(canvas, y2));
    HPDF_Page_Stroke(canvas->page);
}

void canvas_triangle(struct canvas *canvas, const double xy[6], bool filled)
{
    if (!is_fine(canvas, xy, 6))
        return;
    HPDF_Page_MoveTo(canvas->page, (HPDF_REAL)xy[0], up(canvas, xy[1]));
    HPDF_Page_LineTo(canvas->page, (HPDF_REAL)xy[2], up(canvas, xy[3]));
    HPDF_Page_LineTo(canvas->page, (HPDF_REAL)xy[4], up(canvas, xy[5]));
    HPDF_Page_ClosePath(canvas->page);
    paint(canvas->page, filled, !filled);
}

void canvas_circle(struct canvas *canvas, double x, double y, double radius,
                   bool filled)
{
    if (!FINE(canvas, x, y, radius))
        return;
    HPDF_Page_Circle(canvas->page, (HPDF_REAL)x, up(canvas, y), (HPDF_REAL)radius);
    paint(canvas->page, filled, !filled);
}

/* --- text ----------------------------------------------------------------- */

static struct pdf_face *face_of(struct canvas *canvas, int number)
{
    if (!canvas->face[number]) {
        struct pdf_face *face = arena_alloc(canvas->memory, sizeof *face);
        if (pdf_face_load(face, canvas->document, number, &canvas->error) != HY_OK)
            return NULL;
        canvas->face[number] = face;
    }
    return canvas->face[number];
}

/* Before any library is asked to draw it: the file must say the same. */
static void note_said(struct canvas *canvas, const struct unit_of_text *units,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct sfnt *face = units[i].face == FACE_NONE
                                      ? NULL
                                      : fonts_face(canvas->fonts, units[i].face);
        if (face)
            said_add(&canvas->said[canvas->turned], units[i].drawn,
                     sfnt_contours(face, sfnt_glyph(face, units[i].drawn)),
                     canvas->memory);
    }
}

/* Shows the longest stretch of one face and one weight; how many it took. */
static size_t show_some(struct canvas *canvas, const struct unit_of_text *units,
                        size_t count, double size)
{
    struct pdf_face *face = face_of(canvas, units[0].face);
    char text[SHOW_MOST + 8];
    size_t used = 0, length = 0;
    if (!face)
        return count;
    while (used < count && units[used].face == units[0].face
           && units[used].bold == units[0].bold && length < SHOW_MOST)
        length += text_put(pdf_face_use(face, units[used++].drawn), text + length);
    text[length] = '\0';
    HPDF_Page_SetFontAndSize(canvas->page, face->font, (HPDF_REAL)size);
    HPDF_Page_SetTextRenderingMode(canvas->page,
                                   units[0].bold ? HPDF_FILL_THEN_STROKE : HPDF_FILL);
    if (units[0].bold) /* none of the faces has a bold: a thin outline makes one */
        HPDF_Page_SetLineWidth(canvas->page, (HPDF_REAL)(size * bold_part));
    HPDF_Page_ShowText(canvas->page, text);
    return used;
}

void canvas_units(struct canvas *canvas, const struct unit_of_text *units, size_t count,
                  double x, double y, double size, uint32_t colour, double angle)
{
    double part[3], turn = angle * M_PI / 180;
    if (!count || !FINE(canvas, x, y, size, angle))
        return;
    for (size_t i = 0; i < count; i++)
        if (!FINE(canvas, units[i].width))
            return;
    note_said(canvas, units, count);
    split(colour, part);
    set_fill(canvas, part);
    set_stroke(canvas, part);
    HPDF_Page_SetDash(canvas->page, NULL, 0, 0);
    HPDF_Page_BeginText(canvas->page);
    for (size_t done = 0; done < count && !is_broken(canvas);) {
        if (units[done].face == FACE_NONE) {
            done++;
            continue;
        }
        HPDF_Page_SetTextMatrix(canvas->page, (HPDF_REAL)cos(turn),
                                (HPDF_REAL)sin(turn), (HPDF_REAL)-sin(turn),
                                (HPDF_REAL)cos(turn), (HPDF_REAL)x, up(canvas, y));
        size_t used = show_some(canvas, units + done, count - done, size);
        double width = 0;
        for (size_t i = 0; i < used; i++)
            width += units[done + i].width;
        x += width * cos(turn);
        y -= width * sin(turn);
        done += used;
    }
    HPDF_Page_SetTextRenderingMode(canvas->page, HPDF_FILL);
    HPDF_Page_EndText(canvas->page);
}

/* --- charts --------------------------------------------------------------- */

static enum status draw_path(void *self, const struct svg_point *points, size_t count,
                             const struct svg_paint *how, struct error *err)
{
    struct canvas *canvas = self;
    HPDF_Page page = canvas->page;
    if (!FINE(canvas, how->width) || !is_fine(canvas, how->dash, how->dash_count)
        || !is_fine(canvas, how->fill_colour, 3)
        || !is_fine(canvas, how->stroke_colour, 3))
        return canvas_status(canvas, err);
    for (size_t i = 0; i < count; i++)
        if (!FINE(canvas, points[i].x, points[i].y, points[i].x1, points[i].y1,
                  points[i].x2, points[i].y2))
            return canvas_status(canvas, err);
    if (how->fill)
        set_fill(canvas, how->fill_colour);
    if (how->stroke) {
        HPDF_UINT16 dash[8];
        for (size_t i = 0; i < how->dash_count; i++)
            dash[i] = (HPDF_UINT16)(how->dash[i] < 1 ? 1 : how->dash[i] + 0.5);
        set_stroke(canvas, how->stroke_colour);
        HPDF_Page_SetLineWidth(page, (HPDF_REAL)how->width);
        HPDF_Page_SetLineCap(page, (HPDF_LineCap)how->cap);
        HPDF_Page_SetLineJoin(page, (HPDF_LineJoin)how->join);
        HPDF_Page_SetDash(page, how->dash_count ? dash : NULL,
                          (HPDF_UINT)how->dash_count, 0);
    }
    for (size_t i = 0; i < count; i++) {
        const struct svg_point *p = &points[i];
        if (p->op == SVG_MOVE)
            HPDF_Page_MoveTo(page, (HPDF_REAL)p->x, up(canvas, p->y));
        else if (p->op == SVG_LINE)
            HPDF_Page_LineTo(page, (HPDF_REAL)p->x, up(canvas, p->y));
        else if (p->op == SVG_CURVE)
            HPDF_Page_CurveTo(page, (HPDF_REAL)p->x1, up(canvas, p->y1),
                              (HPDF_REAL)p->x2, up(canvas, p->y2), (HPDF_REAL)p->x,
                              up(canvas, p->y));
        else
            HPDF_Page_ClosePath(page);
    }
    paint(page, how->fill, how->stroke);
    return canvas_status(canvas, err);
}

static enum status draw_text(void *self, const struct svg_text *text, struct error *err)
{
    struct canvas *canvas = self;
    struct laid laid;
    if (!FINE(canvas, text->x, text->y, text->size, text->along_x, text->along_y)
        || !is_fine(canvas, text->colour, 3))
        return canvas_status(canvas, err);
    const char *copy = arena_copy(canvas->memory, text->text.at, text->text.length);
    text_lay_plain(canvas->fonts, copy, text->bold, text->size, 10000, canvas->memory,
                   &laid);
    double shift = text->anchor == SVG_START ? 0
                   : text->anchor == SVG_END ? -laid.width
                                             : -laid.width / 2;
    uint32_t colour = 0;
    for (int i = 0; i < 3; i++)
        colour = colour << 8 | (uint32_t)(text->colour[i] * 255 + 0.5);
    canvas_units(canvas, laid.units, laid.unit_count, text->x + shift * text->along_x,
                 text->y + shift * text->along_y, text->size, colour,
                 atan2(-text->along_y, text->along_x) * 180 / M_PI);
    return canvas_status(canvas, err);
}

enum status canvas_svg(struct canvas *canvas, struct text svg, double x, double y,
                       double width, double height, struct error *err)
{
    struct svg_sink sink = { canvas, draw_path, draw_text };
    if (!FINE(canvas, x, y, width, height))
        return canvas_status(canvas, err);
    HPDF_Page_GSave(canvas->page);
    enum status status = svg_draw(svg, x, y, width, height, &sink, canvas->memory, err);
    HPDF_Page_GRestore(canvas->page);
    return status;
}

/* --- the file ------------------------------------------------------------- */

static HPDF_Date date_of(int64_t when)
{
    /* Days to civil date (proleptic Gregorian), no clock and no zone of the
     * machine: the file says +08:00. */
    int64_t days = when / 86400, rest = when % 86400;
    int64_t z = days + 719468, era = z / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t month = mp < 10 ? mp + 3 : mp - 9;
    return (HPDF_Date){ (HPDF_INT)(yoe + era * 400 + (month <= 2)),
                        (HPDF_INT)month,
                        (HPDF_INT)(doy - (153 * mp + 2) / 5 + 1),
                        (HPDF_INT)(rest / 3600),
                        (HPDF_INT)(rest / 60 % 60),
                        (HPDF_INT)(rest % 60),
                        '+',
                        8,
                        0 };
}

static void describe(struct canvas *canvas, const struct canvas_about *about,
                     const unsigned char identity[16])
{
    HPDF_Doc document = canvas->document;
    HPDF_SetInfoAttr(document, HPDF_INFO_TITLE, about->title);
    HPDF_SetInfoAttr(document, HPDF_INFO_AUTHOR, about->author);
    HPDF_SetInfoAttr(document, HPDF_INFO_SUBJECT, about->subject);
    HPDF_SetInfoAttr(document, HPDF_INFO_CREATOR, "huiyin 回音");
    if (about->when > 0) {
        HPDF_SetInfoDateAttr(document, HPDF_INFO_CREATION_DATE, date_of(about->when));
        HPDF_SetInfoDateAttr(document, HPDF_INFO_MOD_DATE, date_of(about->when));
    }
    HPDF_AddPageLabel(document, 0, HPDF_PAGE_NUM_STYLE_DECIMAL, 1, "");
    if (strcmp(HPDF_GetVersion(), "2.3.0") != 0)
        return; /* the rest leans on the inner layout of that version */
    HPDF_Dict_Add(document->catalog, "Lang",
                  HPDF_String_New(document->mmgr, about->language, NULL));
    HPDF_Array pair = HPDF_Array_New(document->mmgr);
    HPDF_BYTE bytes[16];
    memcpy(bytes, identity, sizeof bytes);
    HPDF_Dict_Add(document->trailer, "ID", pair);
    HPDF_Array_Add(pair, HPDF_Binary_New(document->mmgr, bytes, sizeof bytes));
    HPDF_Array_Add(pair, HPDF_Binary_New(document->mmgr, bytes, sizeof bytes));
}

/* libharu has no word for what it leaves out: the file is read back. */
static enum status check_said(const struct canvas *canvas, const char *path,
                              struct error *err)
{
    struct arena *memory = arena_new();
    struct said_page *found;
    size_t count;
    enum status status = pdf_readback(path, memory, &found, &count, err);
    if (status == HY_OK)
        status = said_compare(canvas->said, canvas->page_count, found, count, err);
    arena_free(memory);
    return status;
}

enum status canvas_save(struct canvas *canvas, const struct canvas_about *about,
                        const unsigned char identity[16], const char *path,
                        struct error *err)
{
    TRY(canvas_status(canvas, err));
    for (int i = 0; i < FACES_MOST; i++)
        if (canvas->face[i])
            TRY(pdf_face_finish(canvas->face[i], fonts_face(canvas->fonts, i),
                                canvas->memory, err));
    describe(canvas, about, identity);
    TRY(canvas_status(canvas, err));
    HPDF_STATUS saved = HPDF_SaveToFile(canvas->document, path);
    if (saved != HPDF_OK)
        return fail(err, HY_IO, "PDF 写不进去：%s（磁盘满或没有权限，libharu 0x%04lX）",
                    path, (unsigned long)saved);
    TRY(canvas_status(canvas, err));
    return check_said(canvas, path, err);
}
