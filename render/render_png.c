/*
 * render_png.c - the long picture for a telephone: the column of pdf_strip.c drawn by
 * pdftoppm (of poppler-utils), its pages put below each other.
 */
#include "render/renderer.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "render/pdf_flow.h"
#include "render/png.h"

/* A telephone's own width; group chats refuse or blur what is higher. */
enum { PIXELS_ACROSS = 1080, PIXELS_SMALL = 720, PIXELS_HIGH = 65000, LETTERS = 80 };

extern const struct renderer render_png;

/* --- the column as PDF -------------------------------------------------------- */

static enum status write_column(const struct doc *doc, const char *path,
                                struct arena *memory, struct error *err)
{
    static const unsigned char no_identity[16] = { 0 };
    const struct canvas_about about = { "", "", "", "zh-CN", 0 };
    struct fonts *fonts = NULL;
    struct canvas *canvas = NULL;
    struct setter setter;
    enum status status = fonts_open(&fonts, err);

    if (status == HY_OK)
        status = canvas_open(fonts, memory, 1, &canvas, err);
    if (status == HY_OK) {
        setter = (struct setter){ .canvas = canvas, .fonts = fonts, .memory = memory };
        status = flow_strips(&setter, doc, err);
    }
    if (status == HY_OK)
        status = canvas_save(canvas, &about, no_identity, path, err);
    canvas_close(canvas);
    return status;
}

/* --- the program that draws it ------------------------------------------------- */

static void become_drawer(char *path, char *across, int out)
{
    static char program[] = "pdftoppm", width[] = "-scale-to-x",
                height[] = "-scale-to-y", free_height[] = "-1", quiet[] = "-q";
    char *const arguments[] = { program, quiet,       width, across,
                                height,  free_height, path,  NULL };
    static char locale[] = "LC_ALL=C.UTF-8";
    char *const surroundings[] = { locale, NULL };

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (dup2(out, STDOUT_FILENO) >= 0)
        execvpe(program, arguments, surroundings);
    _exit(127);
}

static pid_t start_drawer(char *path, char *across, FILE **from)
{
    int ends[2];
    pid_t child;

    *from = NULL;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    child = fork();
    if (child == 0)
        become_drawer(path, across, ends[1]);
    (void)close(ends[1]);
    *from = child > 0 ? fdopen(ends[0], "rb") : NULL;
    if (*from == NULL)
        (void)close(ends[0]);
    return child;
}

static enum status drawer_ended(pid_t child, struct error *err)
{
    int how = 0;

    if (child <= 0 || waitpid(child, &how, 0) < 0)
        return fail(err, HY_INTERNAL, "起不了新进程 (fork)");
    if (WIFEXITED(how) && WEXITSTATUS(how) == 127)
        return fail(err, HY_INTERNAL,
                    "长图要用 pdftoppm 来画，请先安装：apt-get install poppler-utils；"
                    "其他格式不受影响 (pdftoppm not found)");
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
        return fail(err, HY_INTERNAL, "pdftoppm 没有画完 (pdftoppm failed)");
    return HY_OK;
}

/* --- its pages below each other -------------------------------------------------- */

/* "P6 1080 4211 255": the head of one page; false at the end. */
static bool next_page(FILE *from, unsigned *width, unsigned *height)
{
    unsigned most;

    return fscanf(from, "P6 %u %u %u", width, height, &most) == 3 && most == 255
           && fgetc(from) != EOF;
}

static enum status stack_pages(FILE *from, struct png *png, unsigned across,
                               unsigned *high, struct arena *memory, struct error *err)
{
    unsigned char *row = arena_alloc(memory, (size_t)across * 3);
    unsigned width, height, y;

    *high = 0;
    while (next_page(from, &width, &height)) {
        if (width != across)
            return fail(err, HY_INTERNAL, "pdftoppm 画的宽度不对 (width)");
        for (y = 0; y < height && *high <= PIXELS_HIGH; y++, ++*high) {
            if (fread(row, 3, across, from) != across)
                return fail(err, HY_INTERNAL, "pdftoppm 没有画完 (cut short)");
            TRY(png_row(png, row, err));
        }
        if (*high > PIXELS_HIGH)
            return HY_OK;
    }
    return *high > 0 ? HY_OK : fail(err, HY_INTERNAL, "pdftoppm 没有画出来 (empty)");
}

/* *high over PIXELS_HIGH: it is too high at this width and was given up. */
static enum status draw(char *column, const char *path, unsigned across, unsigned *high,
                        struct arena *memory, struct error *err)
{
    char *width = arena_printf(memory, "%u", across);
    struct error ended = { .status = HY_OK };
    struct png *png = NULL;
    FILE *from = NULL;
    pid_t child = start_drawer(column, width, &from);
    enum status status = png_open(path, across, memory, &png, err);

    if (status == HY_OK && from != NULL)
        status = stack_pages(from, png, across, high, memory, err);
    if (status == HY_OK)
        status = png_close(png, err);
    else
        png_drop(png);
    if (from != NULL)
        (void)fclose(from); /* what still writes gets a broken pipe and ends */
    if (*high > PIXELS_HIGH && child > 0)
        (void)kill(child, SIGKILL);
    if (drawer_ended(child, &ended) != HY_OK && *high <= PIXELS_HIGH) {
        *err = ended; /* the cause, where there are two */
        return ended.status;
    }
    return status;
}

static enum status write_png(const struct doc *doc, const char *path, struct error *err)
{
    struct arena *memory = arena_new();
    char *column = arena_printf(memory, "%s.column", path);
    unsigned high = 0;
    enum status status = write_column(doc, column, memory, err);

    if (status == HY_OK)
        status = draw(column, path, PIXELS_ACROSS, &high, memory, err);
    if (status == HY_OK && high > PIXELS_HIGH)
        status = draw(column, path, PIXELS_SMALL, &high, memory, err);
    if (status == HY_OK && high > PIXELS_HIGH)
        status =
            fail(err, HY_INTERNAL,
                 "%s 太长，一张图放不下，请改用 PDF 或 HTML (too long for a picture)",
                 doc->name);
    (void)unlink(column);
    arena_free(memory);
    return status;
}

static enum status verify_png(const struct doc *doc, const char *path,
                              struct error *err)
{
    uint32_t width, height;

    (void)doc;
    TRY(png_check(path, &width, &height, err));
    if ((width != PIXELS_ACROSS && width != PIXELS_SMALL) || height < LETTERS)
        return fail(err, HY_INTERNAL, "图片大小不对：%ux%u (size)", width, height);
    return HY_OK;
}

const struct renderer render_png = { "png", "long picture for a telephone", write_png,
                                     verify_png };
