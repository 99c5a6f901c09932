/* chart.c - draws all charts of a document in one confined gnuplot process. */
#include "render/renderer.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <seccomp.h>
#include <signal.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "render/chart_kinds.h"
#include "render/doc_parts.h"
#include "render/pdf_style.h"

enum {
    CHARTS_MOST = 200,
    SVG_MOST = 8 << 20,
    SCRIPT_MOST = 64 << 10,
    SECONDS_MOST = 30,
    NAP_MILLISECONDS = 2,
    FILE_BYTES_MOST = 64 << 20
};

struct task { /* a chart and how wide and high it will be drawn */
    struct chart *chart;
    double width;
    enum plot_size size;
    struct plot *plot;
};

struct studio { /* one run of gnuplot */
    const struct doc *doc;
    const char *templates;
    char *place; /* private directory, gone afterwards */
    struct fonts *fonts;
    struct arena *memory;
    struct task tasks[CHARTS_MOST];
    size_t count;
    struct sheet script;
    pid_t child; /* gnuplot, 0 = not started */
    struct timespec began;
};

/* --- which charts, how wide ----------------------------------------------- */

static bool drawable(const struct chart *chart)
{
    const struct data *data = chart ? chart->data : NULL;
    double low, high;
    return data && data->points && data->series_count && data->label
           && chart_kind(chart->kind) && data_range(data, false, &low, &high);
}

static void find_charts(struct studio *studio, const struct block *blocks, size_t count,
                        double width, enum plot_size size)
{
    for (size_t i = 0; i < count; i++) {
        const struct block *block = &blocks[i];
        if (block->kind == BLOCK_CHART && drawable(block->chart)
            && studio->count < CHARTS_MOST)
            studio->tasks[studio->count++] =
                (struct task){ block->chart, width, size, NULL };
        if (block->kind != BLOCK_COLUMNS || !block->count)
            continue;
        for (size_t c = 0; c < block->count && size == PLOT_NARROW; c++)
            find_charts(studio, block->columns[c].blocks, block->columns[c].count,
                        width, size);
        if (size == PLOT_NARROW)
            continue;
        double total = 0, room = width - COLUMN_GAP * (double)(block->count - 1);
        for (size_t c = 0; c < block->count; c++)
            total += block->columns[c].share > 0 ? block->columns[c].share : 1;
        for (size_t c = 0; c < block->count; c++) {
            const struct column *column = &block->columns[c];
            double share = column->share > 0 ? column->share : 1;
            find_charts(studio, column->blocks, column->count, room * share / total,
                        size);
        }
    }
}

/* --- the script ----------------------------------------------------------- */

static enum status add_template(struct studio *studio, const char *name,
                                struct error *err)
{
    const unsigned char *bytes;
    size_t length;
    const char *path =
        arena_printf(studio->memory, "%s/charts/%s.gp", studio->templates, name);
    TRY(file_read(path, SCRIPT_MOST, studio->memory, &bytes, &length, err));
    sheet_add(&studio->script, "%s\n", (const char *)bytes);
    return HY_OK;
}

static enum status write_rows(struct studio *studio, size_t number,
                              const struct plot *plot, struct error *err)
{
    const char *path =
        arena_printf(studio->memory, "%s/c%zu.tsv", studio->place, number);
    return file_write(path, 0600, plot->rows.at ? plot->rows.at : "", plot->rows.length,
                      err);
}

static enum status script_chart(struct studio *studio, size_t number, struct error *err)
{
    struct task *task = &studio->tasks[number];
    const struct chart_kind_row *kind = chart_kind(task->chart->kind);
    struct plot *plot = arena_alloc(studio->memory, sizeof *plot);
    struct sheet *script = &studio->script;
    const char *language = studio->doc->language;
    *plot = (struct plot){ .chart = task->chart,
                           .data = task->chart->data,
                           .fonts = studio->fonts,
                           .memory = studio->memory,
                           .english = language && !strncmp(language, "en", 2),
                           .size = task->size == PLOT_NARROW ? PLOT_FREE : task->size,
                           .width = task->width,
                           .left = 16,
                           .right = 6,
                           .top = 6,
                           .bottom = 6 };
    plot->settings.memory = plot->rows.memory = studio->memory;
    plot->height = kind->height(plot);
    task->plot = plot;
    kind->prepare(plot);
    TRY(write_rows(studio, number, plot, err));
    sheet_add(script,
              "reset session\nset encoding utf8\nset datafile separator \"\\t\"\n"
              "set datafile commentschars ''\n"
              "set terminal svg size %.0f,%.0f noenhanced font "
              "'WenQuanYi Micro Hei,%.0f' linewidth 1\nset output 'c%zu.svg'\n",
              plot->width * CHART_UNITS, plot->height * CHART_UNITS,
              CHART_TEXT * CHART_UNITS, number);
    TRY(add_template(studio, "common", err));
    sheet_add(script,
              "set lmargin at screen %.6f\nset rmargin at screen %.6f\n"
              "set tmargin at screen %.6f\nset bmargin at screen %.6f\n"
              "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n"
              "data = 'c%zu.tsv'\nseries = %zu\npoints = %zu\n",
              plot->left / plot->width, 1 - plot->right / plot->width,
              1 - plot->top / plot->height, plot->bottom / plot->height, plot->x_low,
              plot->x_high, plot->y_low, plot->y_high, number, plot->data->series_count,
              plot->data->points);
    sheet_add(script, "%s", plot->settings.at ? plot->settings.at : "");
    TRY(add_template(studio, kind->name, err));
    sheet_add(script, "set output\n");
    return HY_OK;
}

/* --- the process ---------------------------------------------------------- */

/* No other process, no network: what a label or a number could ever smuggle in
 * has nothing to start. */
static scmp_filter_ctx make_cage(void)
{
    scmp_filter_ctx cage = seccomp_init(SCMP_ACT_ALLOW);
    if (!cage)
        return NULL;
    const struct scmp_arg_cmp no_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
    uint32_t refuse = SCMP_ACT_ERRNO(1 /* EPERM */);
    bool whole =
        seccomp_rule_add(cage, refuse, SCMP_SYS(fork), 0) == 0
        && seccomp_rule_add(cage, refuse, SCMP_SYS(vfork), 0) == 0
        && seccomp_rule_add(cage, refuse, SCMP_SYS(socket), 0) == 0
        && seccomp_rule_add(cage, refuse, SCMP_SYS(clone), 1, no_thread) == 0
        && seccomp_rule_add(cage, SCMP_ACT_ERRNO(38 /* ENOSYS */), SCMP_SYS(clone3), 0)
               == 0;
    if (whole)
        return cage;
    seccomp_release(cage);
    return NULL;
}

static void set_limits(void)
{
    struct rlimit time_limit = { SECONDS_MOST, SECONDS_MOST };
    struct rlimit file_limit = { FILE_BYTES_MOST, FILE_BYTES_MOST };
    setrlimit(RLIMIT_CPU, &time_limit);
    setrlimit(RLIMIT_FSIZE, &file_limit);
}

/* In the child; returns only when gnuplot could not be started. */
static void become_gnuplot(const char *place, scmp_filter_ctx cage)
{
    static char program[] = "gnuplot", option[] = "-d", home[] = "HOME=/nonexistent",
                locale[] = "LC_ALL=C.UTF-8";
    char *const arguments[] = { program, option, NULL };
    char *const surroundings[] = { home, locale, NULL };
    if (chdir(place) != 0)
        return;
    int in = open("script.gp", O_RDONLY), out = open("/dev/null", O_WRONLY);
    int errors = open("errors.txt", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in < 0 || out < 0 || errors < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0
        || dup2(errors, 2) < 0)
        return;
    set_limits();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || seccomp_load(cage) != 0)
        return;
    execvpe(program, arguments, surroundings);
}

static enum status wait_for(const struct studio *studio, struct error *err)
{
    const struct timespec nap = { 0, NAP_MILLISECONDS * 1000000L };
    struct timespec now;
    int state = 0;
    for (;;) {
        pid_t done = waitpid(studio->child, &state, WNOHANG);
        if (done == studio->child)
            break;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (done < 0 || now.tv_sec - studio->began.tv_sec >= SECONDS_MOST) {
            kill(studio->child, SIGKILL);
            waitpid(studio->child, &state, 0);
            return fail(err, HY_INTERNAL, "画图超过 %d 秒没有画完，已停止",
                        SECONDS_MOST);
        }
        nanosleep(&nap, NULL);
    }
    if (WIFEXITED(state) && WEXITSTATUS(state) == 127)
        return fail(err, HY_INTERNAL, "gnuplot 起不来：请安装 apt install gnuplot-nox");
    if (WIFSIGNALED(state))
        return fail(err, HY_INTERNAL, "gnuplot 中途出错（信号 %d）", WTERMSIG(state));
    return HY_OK; /* its exit code says little: each picture is looked at */
}

static enum status start_gnuplot(struct studio *studio, struct error *err)
{
    scmp_filter_ctx cage = make_cage();
    if (!cage)
        return fail(err, HY_INTERNAL, "画图用的隔离（seccomp）建不起来");
    clock_gettime(CLOCK_MONOTONIC, &studio->began);
    pid_t child = fork();
    if (child == 0) {
        become_gnuplot(studio->place, cage);
        _exit(127);
    }
    seccomp_release(cage);
    if (child < 0)
        return fail(err, HY_INTERNAL, "起不了新进程");
    studio->child = child;
    return HY_OK;
}

/* --- the pictures --------------------------------------------------------- */

static void add_text(struct sheet *out, const char *at, size_t length)
{
    sheet_add(out, "%.*s", (int)length, at);
}

static void add_escaped(struct sheet *out, const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '&')
            sheet_add(out, "&amp;");
        else if (byte == '<')
            sheet_add(out, "&lt;");
        else if (byte == '>')
            sheet_add(out, "&gt;");
        else if (byte >= 0x20 && byte != 0x7F)
            sheet_add(out, "%c", byte);
    }
}

/* "K012" -> its words; NULL when that was never given out. */
static const char *words_of_key(const struct plot *plot, struct text key)
{
    key = text_trim(key);
    if (key.length != 4 || key.at[0] != 'K')
        return NULL;
    size_t number = 0;
    for (int i = 1; i < 4; i++) {
        if (key.at[i] < '0' || key.at[i] > '9')
            return NULL;
        number = number * 10 + (size_t)(key.at[i] - '0');
    }
    return number < plot->label_count ? plot->labels[number] : NULL;
}

/* Puts the words in, drops titles (they hold file names), adds the legend. */
static enum status fill_in(const struct plot *plot, const char *svg, struct sheet *out,
                           struct error *err)
{
    const char *at = svg;
    while (*at) {
        const char *text = strstr(at, "<text>"), *title = strstr(at, "<title>");
        const char *end;
        if (title && (!text || title < text)) {
            add_text(out, at, (size_t)(title - at));
            end = strstr(title, "</title>");
            if (!end)
                break;
            at = end + strlen("</title>");
            continue;
        }
        end = text ? strstr(text, "</text>") : strstr(at, "</svg>");
        if (!end)
            break;
        if (!text) {
            add_text(out, at, (size_t)(end - at));
            legend_draw(plot, out);
            sheet_add(out, "</svg>\n");
            return HY_OK;
        }
        text += strlen("<text>");
        const char *words =
            words_of_key(plot, (struct text){ text, (uint32_t)(end - text) });
        if (!words)
            return fail(err, HY_INTERNAL, "图里有不该有的文字：%.*s",
                        (int)(end - text > 40 ? 40 : end - text), text);
        add_text(out, at, (size_t)(text - at));
        add_escaped(out, words);
        at = end;
    }
    return fail(err, HY_INTERNAL, "图没有画全");
}

static const char *first_complaint(const struct studio *studio)
{
    struct error ignored;
    const unsigned char *bytes;
    size_t length;
    const char *path = arena_printf(studio->memory, "%s/errors.txt", studio->place);
    if (file_read(path, SCRIPT_MOST, studio->memory, &bytes, &length, &ignored)
        != HY_OK)
        return "";
    const char *text = (const char *)bytes, *line = strstr(text, "line ");
    return arena_printf(studio->memory, "%.120s", line ? line : text);
}

static enum status collect(struct studio *studio, size_t number, struct error *err)
{
    struct chart *chart = studio->tasks[number].chart;
    const char *path =
        arena_printf(studio->memory, "%s/c%zu.svg", studio->place, number);
    const char *title = chart->title ? chart->title : "";
    const unsigned char *bytes;
    struct error ignored;
    size_t length = 0;
    struct sheet out = { .memory = studio->doc->memory };
    if (file_read(path, SVG_MOST, studio->memory, &bytes, &length, &ignored) != HY_OK
        || !length || !strstr((const char *)bytes, "</svg>"))
        return fail(err, HY_INTERNAL, "图“%s”没有画成：%s", title,
                    first_complaint(studio));
    const char *start = strstr((const char *)bytes, "<svg");
    if (!start || fill_in(studio->tasks[number].plot, start, &out, err) != HY_OK)
        return fail(err, HY_INTERNAL, "图“%s”没有画全", title);
    struct text svg = { out.at, (uint32_t)out.length };
    if (studio->tasks[number].size == PLOT_LOW)
        chart->svg_low = svg;
    else if (studio->tasks[number].size == PLOT_TALL)
        chart->svg_tall = svg;
    else if (studio->tasks[number].size == PLOT_NARROW)
        chart->svg_narrow = svg;
    else
        chart->svg = svg;
    return HY_OK;
}

/* --- the whole ------------------------------------------------------------ */

static void clear_away(const char *place, struct arena *memory)
{
    struct error ignored;
    const char *const *names;
    size_t count = 0;
    if (file_list(place, memory, &names, &count, &ignored) != HY_OK)
        count = 0;
    for (size_t i = 0; i < count; i++)
        unlink(arena_printf(memory, "%s/%s", place, names[i]));
    rmdir(place);
}

static void close_studio(struct studio *studio)
{
    if (studio->place)
        clear_away(studio->place, studio->memory);
    fonts_close(studio->fonts);
    arena_free(studio->memory);
}

static enum status set_up(struct studio *studio, struct error *err)
{
    const char *parent = getenv("TMPDIR");
    char *pattern = arena_printf(studio->memory, "%s/huiyin-XXXXXX",
                                 parent && *parent ? parent : "/tmp");
    TRY(fonts_open(&studio->fonts, err));
    studio->place = mkdtemp(pattern);
    if (!studio->place)
        return fail(err, HY_CREATE, "临时文件夹建不了：%s", pattern);
    for (size_t i = 0; i < studio->count; i++)
        TRY(script_chart(studio, i, err));
    const char *path = arena_printf(studio->memory, "%s/script.gp", studio->place);
    TRY(file_write(path, 0600, studio->script.at, studio->script.length, err));
    return start_gnuplot(studio, err);
}

enum status charts_start(const struct doc *doc, const char *templates,
                         struct studio **out, struct error *err)
{
    *out = NULL;
    TRY(doc_numbers(doc, err));
    struct arena *memory = arena_new();
    struct studio *studio = arena_alloc(memory, sizeof *studio);
    *studio = (struct studio){ .doc = doc,
                               .templates = templates,
                               .memory = memory,
                               .script = { .memory = memory } };
    enum plot_size size = doc->single_page ? PLOT_PAGE : PLOT_FREE;
    find_charts(studio, doc->blocks, doc->count, TEXT_WIDTH, size);
    for (size = PLOT_LOW; doc->single_page && size < PLOT_SIZES; size++)
        find_charts(studio, doc->blocks, doc->count, TEXT_WIDTH, size);
    if (doc->narrow)
        find_charts(studio, doc->blocks, doc->count, STRIP_WIDTH, PLOT_NARROW);
    enum status status = studio->count ? set_up(studio, err) : HY_OK;
    if (status != HY_OK)
        close_studio(studio);
    else
        *out = studio;
    return status;
}

enum status charts_finish(struct studio *studio, struct error *err)
{
    enum status status = studio->child ? wait_for(studio, err) : HY_OK;
    for (size_t i = 0; i < studio->count && status == HY_OK; i++)
        status = collect(studio, i, err);
    close_studio(studio);
    return status;
}

enum status charts_draw(const struct doc *doc, const char *templates, struct error *err)
{
    struct studio *studio;
    TRY(charts_start(doc, templates, &studio, err));
    return charts_finish(studio, err);
}
