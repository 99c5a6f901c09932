/* rejects.c - rejected rows as a workbook to be mended and read again. */
#include "cli/rejects.h"

#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "render/fill.h"

enum { BESIDE = 3, WIDTH_CELL = 16, WIDTH_NUMBER = 18, WIDTH_REASON = 30 };

struct exporting {
    const struct session *session;
    struct arena *memory;
    const struct reject_line *lines;
    size_t line_count;
    struct fill_sheet *sheets;
    size_t sheet_count;
    int64_t written, left;
};

static bool fits(const struct reject_line *line)
{
    size_t i;

    if (line->cut || line->cell_count == 0)
        return false;
    for (i = 0; i < line->cell_count; i++)
        if (line->cells[i].length > FILL_CELL_MOST)
            return false;
    return true;
}

static const char *reason_of(const struct exporting *task,
                             const struct reject_line *line)
{
    const char *reason =
        wording_get(task->session->wording,
                    arena_printf(task->memory, "reject.%s", reject_name(line->reason)));

    return line->field == NULL
               ? reason
               : arena_printf(task->memory, "%s（%s）", reason, line->field);
}

static const struct fill_column *columns_of(const struct exporting *task,
                                            const struct reject_line *line, size_t own)
{
    static const char *const beside[BESIDE] = { "退回编号", "退回原因", "来源说明" };
    static const int widths[BESIDE] = { WIDTH_NUMBER, WIDTH_REASON, WIDTH_CELL };
    struct fill_column *columns =
        arena_alloc(task->memory, (own + BESIDE) * sizeof *columns);
    size_t i;

    for (i = 0; i < own; i++)
        columns[i] = (struct fill_column){
            .title = i < line->title_count && line->titles[i].length > 0
                         ? text_copy(task->memory, line->titles[i])
                         : arena_printf(task->memory, "第 %zu 列", i + 1),
            .width = WIDTH_CELL
        };
    for (i = 0; i < BESIDE; i++)
        columns[own + i] = (struct fill_column){ .title = beside[i],
                                                 .width = widths[i],
                                                 .beside = true };
    return columns;
}

static void put_row(struct exporting *task, const struct reject_line *line, size_t own,
                    struct fill_row *row)
{
    const char **cells = arena_alloc(task->memory, (own + BESIDE) * sizeof *cells);
    size_t i;

    for (i = 0; i < own; i++)
        cells[i] =
            i < line->cell_count ? text_copy(task->memory, line->cells[i]) : NULL;
    cells[own] = line->number;
    cells[own + 1] = reason_of(task, line);
    cells[own + 2] = line->map;
    *row = (struct fill_row){ .cells = cells };
}

/* The rejects of one sheet: lines from first on, as long as they are of its part. */
static size_t put_sheet(struct exporting *task, size_t first)
{
    const struct reject_line *lines = &task->lines[first];
    struct fill_sheet *sheet = &task->sheets[task->sheet_count];
    size_t count = 0, own = lines->title_count, used = 0, i;
    struct fill_row *rows;

    while (first + count < task->line_count && lines[count].part == lines->part)
        count++;
    for (i = 0; i < count; i++)
        if (fits(&lines[i]) && lines[i].cell_count > own)
            own = lines[i].cell_count;
    rows = arena_alloc(task->memory, count * sizeof *rows);
    for (i = 0; i < count; i++)
        if (fits(&lines[i]))
            put_row(task, &lines[i], own, &rows[used++]);
    task->written += (int64_t)used;
    task->left += (int64_t)(count - used);
    *sheet = (struct fill_sheet){ .name = lines->file,
                                  .column_count = own + BESIDE,
                                  .row_count = used,
                                  .rows = rows,
                                  .columns = columns_of(task, lines, own) };
    task->sheet_count += used > 0;
    return count;
}

enum status rejects_export(const struct session *session, struct store *store,
                           const char *path, int64_t *count, int64_t *left,
                           struct error *err)
{
    struct exporting task = { .session = session, .memory = session->memory };
    struct fill_book book = { .title = "退回待补" };
    struct facts facts;
    size_t at;

    *count = *left = 0;
    TRY(store_rejects(store, task.memory, &task.lines, &task.line_count, err));
    TRY(store_facts(store, 0, task.memory, &facts, err));
    task.sheets = arena_alloc(task.memory, (task.line_count + 1) * sizeof *task.sheets);
    for (at = 0; at < task.line_count;)
        at += put_sheet(&task, at);
    *count = task.written;
    *left = task.left;
    if (task.written == 0) {
        (void)unlink(path); /* all are mended: an old one would be read once more */
        return HY_OK;
    }
    book.when = facts.ledger.last_received == HY_NEVER ? 0 : facts.ledger.last_received;
    book.sheets = task.sheets;
    book.sheet_count = task.sheet_count;
    return fill_write(&book, path, task.memory, err);
}

void rejects_tell(const struct session *session, const char *path, int64_t count,
                  int64_t left)
{
    struct arena *memory = session->memory;

    if (count > 0)
        say_line(session, wording_say(session->wording, memory, "rejects.wrote", "n",
                                      say_count(memory, count), "file", path, NULL));
    if (left > 0)
        say_line(session, wording_say(session->wording, memory, "rejects.left", "n",
                                      say_count(memory, left), NULL));
}
