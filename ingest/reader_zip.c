/* reader_zip.c - a .zip of exports: one file whose sheets are those of its members.
 *
 * A member's name is a label, never a path.  One member at a time is unpacked; an
 * archive within the archive is refused; a member that no reader takes refuses the
 * whole file, except what stands beside exports everywhere (pictures, lock files).
 */
#include "ingest/reader.h"

#include <stdlib.h>
#include <string.h>

#include "core/zip.h"
#include "ingest/bystander.h"

enum {
    MEMBER_LARGEST = 256 << 20, /* unpacked; zip.c says the same */
    NAMED_MOST = 3,             /* skipped members spelt out in the note */
    SHEETS_MOST = 256           /* of all members together */
};

struct member {
    size_t index; /* in the archive */
    const char *name;
};

struct place { /* of a sheet */
    size_t member, sheet;
};

struct grid {
    struct zip *zip;
    struct arena *file;
    const struct read_options *options;
    struct member *members;
    size_t member_count, sheet_count, skipped;
    const char *skipped_names, *note;
    struct sheet *sheets;
    struct place *places;
    bool listed;
    /* the member in hand */
    struct arena *memory;
    struct source source;
    const struct reader *reader;
    struct grid *inner;
    size_t current;
};

/* Signs of documents that are archives underneath: none of our business. */
static bool is_document(const struct zip *zip)
{
    static const char *const signs[] = {
        "[Content_Types].xml", "mimetype",          "content.xml",
        "xl/workbook.xml",     "xl/workbook.bin",   "workbook.xml",
        "AndroidManifest.xml", "word/document.xml", "ppt/presentation.xml",
        "META-INF/MANIFEST.MF"
    };
    size_t i;

    for (i = 0; i < sizeof signs / sizeof *signs; i++)
        if (zip_find(zip, signs[i]) >= 0)
            return true;
    return false;
}

static int zip_probe(const struct source *source)
{
    struct zip *zip = NULL;
    struct error ignored;
    enum status status;
    int sure;

    if (source->length < 4 || memcmp(source->bytes, "PK\x03\x04", 4) != 0)
        return 0;
    status = zip_open(&zip, source->bytes, source->length, &ignored);
    if (status != HY_OK)
        return status == HY_MEMORY ? PROBE_STARVED : 0;
    sure = is_document(zip) ? 0 : 100;
    zip_close(zip);
    return sure;
}

static void let_go(struct grid *grid)
{
    if (grid->inner != NULL)
        grid->reader->close(grid->inner);
    if (grid->memory != NULL)
        arena_free(grid->memory);
    grid->inner = NULL;
    grid->memory = NULL;
    grid->current = SIZE_MAX;
}

static void zip_grid_close(struct grid *grid)
{
    if (grid == NULL)
        return;
    let_go(grid);
    zip_close(grid->zip);
}

/* Every folder on the way may be one that hides its files. */
static enum bystander by_name(const char *path)
{
    const char *at = path;

    if (strncmp(path, "__MACOSX/", 9) == 0)
        return BYSTANDER_HIDDEN;
    for (const char *slash = strchr(at, '/'); slash != NULL; slash = strchr(at, '/'))
        at = slash + 1;
    return bystander_name(at);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(((const struct member *)a)->name, ((const struct member *)b)->name);
}

static void skip(struct grid *grid, const char *name)
{
    grid->skipped++;
    if (grid->skipped <= NAMED_MOST)
        grid->skipped_names = arena_printf(grid->file, "%s%s%.80s", grid->skipped_names,
                                           grid->skipped > 1 ? "、" : "，跳过 ", name);
    if (grid->skipped == NAMED_MOST + 1)
        grid->skipped_names = arena_printf(grid->file, "%s 等", grid->skipped_names);
}

static void list_members(struct grid *grid)
{
    size_t count = zip_count(grid->zip), i;

    grid->members = arena_alloc(grid->file, (count + 1) * sizeof *grid->members);
    for (i = 0; i < count; i++) {
        const char *name = zip_member(grid->zip, i)->name;
        size_t length = strlen(name);

        if (length == 0 || name[length - 1] == '/')
            continue;
        if (by_name(name) == BYSTANDER_LOCK)
            skip(grid, name);
        else if (by_name(name) == BYSTANDER_NONE)
            grid->members[grid->member_count++] = (struct member){ i, name };
    }
    qsort(grid->members, grid->member_count, sizeof *grid->members, by_bytes);
}

static enum status zip_grid_open(struct grid **out, const struct source *source,
                                 const struct read_options *options, struct arena *file,
                                 struct error *err)
{
    struct grid *grid = arena_alloc(file, sizeof *grid);
    struct read_options *kept = arena_alloc(file, sizeof *kept);

    *kept = *options;
    *grid = (struct grid){
        .file = file, .options = kept, .skipped_names = "", .current = SIZE_MAX
    };
    TRY(zip_open(&grid->zip, source->bytes, source->length, err));
    list_members(grid);
    *out = grid;
    return HY_OK;
}

static enum status open_reader(struct grid *grid, struct error *err)
{
    static const char nested[] = "压缩包里还有压缩包：请先解压，再放进来 (nested)";

    TRY(reader_choose(&grid->source, &grid->reader, err));
    if (strcmp(grid->reader->name, "zip") == 0)
        return fail(err, HY_DATA, "%s", nested);
    return grid->reader->open(&grid->inner, &grid->source, grid->options, grid->memory,
                              err);
}

/* *taken false: a bystander, nothing is open. */
static enum status take(struct grid *grid, size_t number, bool *taken,
                        struct error *err)
{
    const struct member *member = &grid->members[number];
    enum status status;

    let_go(grid);
    grid->memory = arena_new();
    grid->source = (struct source){ .path = member->name };
    *taken = false;
    TRY(zip_whole(grid->zip, member->index, MEMBER_LARGEST, grid->memory,
                  &grid->source.bytes, &grid->source.length, err));
    if (grid->source.length > 0 && bystander_bytes(&grid->source) != BYSTANDER_NONE)
        return HY_OK;
    status = open_reader(grid, err);
    if (status != HY_OK)
        return fail_in(err, status, arena_printf(grid->file, "%.80s", member->name));
    grid->current = number;
    *taken = true;
    return HY_OK;
}

static const struct merge *copy_merges(struct arena *memory, const struct sheet *sheet)
{
    struct merge *merges =
        arena_alloc(memory, (sheet->merge_count + 1) * sizeof *merges);

    if (sheet->merge_count > 0)
        memcpy(merges, sheet->merges, sheet->merge_count * sizeof *merges);
    return merges;
}

static void add_sheets(struct grid *grid, size_t member, const struct sheet *sheets,
                       size_t count)
{
    size_t i;

    for (i = 0; i < count && grid->sheet_count < SHEETS_MOST; i++) {
        struct sheet *sheet = &grid->sheets[grid->sheet_count];

        *sheet = sheets[i];
        sheet->name = arena_copy(grid->file, sheets[i].name, strlen(sheets[i].name));
        sheet->merges = copy_merges(grid->file, &sheets[i]);
        sheet->member = grid->members[member].name;
        sheet->format = grid->reader->name;
        sheet->number = i;
        grid->places[grid->sheet_count++] = (struct place){ member, i };
    }
}

static enum status list_sheets(struct grid *grid, struct error *err)
{
    const struct sheet *sheets;
    size_t i, count, files = 0;
    bool taken;

    grid->sheets = arena_alloc(grid->file, SHEETS_MOST * sizeof *grid->sheets);
    grid->places = arena_alloc(grid->file, SHEETS_MOST * sizeof *grid->places);
    for (i = 0; i < grid->member_count; i++) {
        TRY(take(grid, i, &taken, err));
        if (!taken) {
            skip(grid, grid->members[i].name);
            continue;
        }
        files++;
        TRY(grid->reader->sheets(grid->inner, &sheets, &count, err));
        if (count > SHEETS_MOST - grid->sheet_count)
            return fail(err, HY_DATA, "压缩包里的工作表超过 %d 张，请分开导入",
                        SHEETS_MOST);
        add_sheets(grid, i, sheets, count);
    }
    if (files == 0)
        return fail(err, HY_DATA,
                    "压缩包里没有表格：请放进 .xlsx、.csv 或 .json (no tables)");
    grid->note = arena_printf(grid->file, "%zu 个文件%s", files, grid->skipped_names);
    grid->listed = true;
    return HY_OK;
}

static enum status zip_sheets(struct grid *grid, const struct sheet **sheets,
                              size_t *count, struct error *err)
{
    if (!grid->listed)
        TRY(list_sheets(grid, err));
    *sheets = grid->sheets;
    *count = grid->sheet_count;
    return HY_OK;
}

static enum status zip_next(struct grid *grid, size_t sheet, struct batch *batch,
                            struct error *err)
{
    const struct sheet *ignored;
    const struct place *place;
    enum status status;
    size_t count;
    bool taken;

    batch->count = 0;
    if (!grid->listed)
        TRY(list_sheets(grid, err));
    if (sheet >= grid->sheet_count)
        return HY_END;
    place = &grid->places[sheet];
    if (grid->current != place->member) {
        TRY(take(grid, place->member, &taken, err));
        if (!taken)
            return HY_END;
        TRY(grid->reader->sheets(grid->inner, &ignored, &count, err));
    }
    status = grid->reader->next(grid->inner, place->sheet, batch, err);
    batch->sheet = (uint32_t)sheet;
    return status == HY_OK || status == HY_END
               ? status
               : fail_in(err, status, grid->members[place->member].name);
}

static const char *zip_note(const struct grid *grid)
{
    return grid->note;
}

const struct reader reader_zip = {
    .name = "zip",
    .summary = "压缩包（.zip），里面是上面这些文件",
    .probe = zip_probe,
    .open = zip_grid_open,
    .sheets = zip_sheets,
    .next = zip_next,
    .close = zip_grid_close,
    .note = zip_note,
};
