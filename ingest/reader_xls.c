/*
 * reader_xls.c - old Excel workbooks (.xls, BIFF8): a compound file with records.
 * Numbers become dates by the same rules of number formats as in .xlsx.
 */
#include <stdio.h>
#include <string.h>

#include "ingest/biff.h"
#include "ingest/compound.h"
#include "ingest/reader_xlsx.h"

enum { MERGE_ROWS = 20 }; /* only a header needs the areas that stay in their row */

struct grid {
    struct arena *file, *sheet_memory;
    struct biff biff;
    struct xlsx_book book; /* its styles and date system serve the cells */
    struct sheet *sheets;
    size_t *places; /* sheet -> index in biff.sheets */
    size_t count;
    size_t reading; /* the sheet whose cells are held; count = none */
    struct biff_cells cells;
    struct downs *downs; /* of each sheet */
    size_t at;
};

static int probe(const struct source *source)
{
    return compound_magic(source->bytes, source->length) ? 100 : 0;
}

/* Compound files that hold no workbook of ours, by what they do hold. */
static enum status refuse_other(const struct compound *compound, struct error *err)
{
    static const struct {
        const char *stream, *advice;
    } kinds[] = {
        { "EncryptedPackage",
          "表格加了打开密码：请在 WPS/Excel 里去掉密码，另存为 .xlsx" },
        { "Book", "这是 Excel 95 或更早的 .xls：请在 WPS/Excel 里另存为 .xlsx" },
        { "WordDocument", "这是 Word 文档（.doc）：请从原系统导出 .xlsx 或 .csv" },
        { "PowerPoint Document", "这是幻灯片（.ppt）：请从原系统导出 .xlsx 或 .csv" },
        { "ETExtData", READER_ET },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (compound_has(compound, kinds[i].stream))
            return fail(err, HY_DATA, "%s", kinds[i].advice);
    return fail(err, HY_DATA,
                "里面没有工作簿（可能是 WPS 的 .et 或别的旧版文件）：请在 WPS/Excel "
                "里另存为 .xlsx");
}

static void read_styles(struct grid *grid)
{
    unsigned char *formats = arena_alloc(grid->file, grid->biff.xf_count + 1);
    size_t i;

    for (i = 0; i < grid->biff.xf_count; i++) {
        const char *code = biff_format_code(&grid->biff, grid->biff.xf_format[i]);

        formats[i] =
            (unsigned char)(code != NULL
                                ? xlsx_format_code(code)
                                : xlsx_format_builtin(grid->biff.xf_format[i]));
    }
    grid->book.styles.count = grid->biff.xf_count;
    grid->book.styles.formats = formats;
    grid->book.date1904 = grid->biff.date1904;
    grid->book.file = grid->file;
}

static void list_sheets(struct grid *grid)
{
    size_t i;

    grid->sheets =
        arena_alloc(grid->file, (grid->biff.sheet_count + 1) * sizeof(struct sheet));
    grid->places =
        arena_alloc(grid->file, (grid->biff.sheet_count + 1) * sizeof(size_t));
    for (i = 0; i < grid->biff.sheet_count; i++) {
        const struct biff_sheet *sheet = &grid->biff.sheets[i];

        if (!sheet->is_worksheet)
            continue;
        grid->places[grid->count] = i;
        grid->sheets[grid->count++] = (struct sheet){ .name = sheet->name,
                                                      .hidden = sheet->hidden,
                                                      .date1904 = grid->biff.date1904 };
    }
}

static void close_xls(struct grid *grid)
{
    if (grid == NULL)
        return;
    arena_free(grid->sheet_memory);
    grid->sheet_memory = NULL;
}

static enum status hold_sheet(struct grid *grid, size_t sheet, struct error *err)
{
    grid->at = 0;
    grid->reading = grid->count;
    arena_reset(grid->sheet_memory);
    TRY(biff_read_sheet(&grid->biff, grid->places[sheet], grid->sheet_memory,
                        &grid->cells, err));
    grid->reading = sheet;
    return HY_OK;
}

/* Merged areas belong to the sheet's description: titles join by them. */
static enum status list_merges(struct grid *grid, struct error *err)
{
    size_t i, j;

    grid->downs = arena_alloc(grid->file, (grid->count + 1) * sizeof *grid->downs);
    for (i = 0; i < grid->count; i++) {
        struct merge *merges;

        TRY(hold_sheet(grid, i, err));
        merges =
            arena_alloc(grid->file, (grid->cells.merge_count + 1) * sizeof *merges);
        for (j = 0; j < grid->cells.merge_count; j++) {
            const struct biff_merge *merge = &grid->cells.merges[j];
            struct merge area = { merge->row, merge->column, merge->last_row,
                                  merge->last_column };

            if (area.last_row < area.row || area.last_column < area.column)
                continue;
            TRY(downs_add(&grid->downs[i], &area, grid->file, err));
            if (merge->row < MERGE_ROWS)
                merges[grid->sheets[i].merge_count++] = area;
        }
        downs_sort(&grid->downs[i]);
        grid->sheets[i].merges = merges;
    }
    grid->reading = grid->count;
    return HY_OK;
}

static enum status read_book(struct grid *grid, const struct source *source,
                             struct error *err)
{
    const char *name = "Workbook";
    struct compound *compound;
    const unsigned char *stream;
    size_t length;

    TRY(compound_open(&compound, source->bytes, source->length, grid->file, err));
    if (!compound_has(compound, name))
        name = "Book";
    if (!compound_has(compound, name))
        return refuse_other(compound, err);
    TRY(compound_stream(compound, name, grid->file, &stream, &length, err));
    /* Some writers put BIFF8 into the stream that Excel 95 used. */
    if (strcmp(name, "Book") == 0 && (length < 6 || stream[4] != 0 || stream[5] != 6))
        return refuse_other(compound, err);
    TRY(biff_open(&grid->biff, stream, length, grid->file, err));
    read_styles(grid);
    list_sheets(grid);
    return list_merges(grid, err);
}

static enum status open_xls(struct grid **out, const struct source *source,
                            const struct read_options *options, struct arena *file,
                            struct error *err)
{
    struct grid *grid = arena_alloc(file, sizeof *grid);
    enum status status;

    *out = NULL;
    grid->file = file;
    grid->sheet_memory = arena_new();
    grid->book.keep_blank = options->keep_blank;
    status = read_book(grid, source, err);
    if (status != HY_OK) {
        close_xls(grid);
        return status == HY_DATA && source_claims(source, ".et")
                   ? fail(err, HY_DATA, READER_ET)
                   : status;
    }
    *out = grid;
    return HY_OK;
}

static enum status sheets(struct grid *grid, const struct sheet **list, size_t *count,
                          struct error *err)
{
    (void)err;
    *list = grid->sheets;
    *count = grid->count;
    return HY_OK;
}

/* [MS-XLS] 2.5.10 BErr: the words Excel shows. */
static const char *error_word(int code)
{
    static const struct {
        int code;
        const char *word;
    } words[] = {
        { 0x00, "#NULL!" }, { 0x07, "#DIV/0!" },       { 0x0F, "#VALUE!" },
        { 0x17, "#REF!" },  { 0x1D, "#NAME?" },        { 0x24, "#NUM!" },
        { 0x2A, "#N/A" },   { 0x2B, "#GETTING_DATA" },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].code == code)
            return words[i].word;
    return "#ERROR!";
}

static struct cell cell_of(struct grid *grid, const struct biff_cell *cell,
                           struct arena *memory, const char **damage)
{
    static const char *const kinds[] = { "n", "str", "b", "e" };
    struct text text = cell->text;

    if (cell->kind == BIFF_NUMBER)
        text = text_of(arena_printf(memory, "%.17g", cell->number));
    else if (cell->kind == BIFF_ERROR)
        text = text_of(error_word((int)cell->number));
    else if (cell->kind == BIFF_BOOL)
        text = text_of(arena_printf(memory, "%.0f", cell->number));
    return xlsx_cell(&grid->book, kinds[cell->kind], cell->style, text, memory, damage);
}

/* The cells of one row from grid->at on; false when the sheet is read. */
static bool take_row(struct grid *grid, struct batch *batch)
{
    const struct biff_cells *all = &grid->cells;
    struct row *row = &batch->rows[batch->count];
    size_t from = grid->at, until = from, i;
    const char *damage = NULL;
    struct cell *cells;
    bool filled = false;

    if (from == all->count)
        return false;
    while (until < all->count && all->cells[until].row == all->cells[from].row)
        until++;
    grid->at = until;
    *row = (struct row){ .number = all->cells[from].row + 1u,
                         .count = all->cells[until - 1].column + 1 };
    row->hidden = all->cells[from].row < all->hidden_count
                  && all->hidden[all->cells[from].row] != 0;
    cells = arena_alloc(batch->memory, row->count * sizeof *cells);
    for (i = from; i < until; i++) {
        struct cell *cell = &cells[all->cells[i].column];

        *cell = cell_of(grid, &all->cells[i], batch->memory, &damage);
        filled |= text_trim(cell->text).length > 0;
    }
    row->cells = cells;
    row->damage = damage;
    downs_of(&grid->downs[grid->reading], all->cells[from].row, row);
    if (filled || grid->book.keep_blank)
        batch->count++;
    return true;
}

static enum status next_rows(struct grid *grid, size_t sheet, struct batch *batch,
                             struct error *err)
{
    batch->sheet = (uint32_t)sheet;
    batch->count = 0;
    if (grid->reading != sheet)
        TRY(hold_sheet(grid, sheet, err));
    while (batch->count < BATCH_ROWS && take_row(grid, batch))
        ;
    return batch->count > 0 ? HY_OK : HY_END;
}

const struct reader reader_xls = {
    .name = "xls",
    .summary = "旧版 Excel 工作簿（.xls）",
    .probe = probe,
    .open = open_xls,
    .sheets = sheets,
    .next = next_rows,
    .close = close_xls,
};
