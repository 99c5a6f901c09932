/* reader_xlsx_book.c - which parts a workbook has, by its relations, not by name. */
#include "ingest/reader_xlsx.h"

#include <stdlib.h>
#include <string.h>

enum {
    SHEETS_MOST = 1000,
    RELATIONS_MOST = 4000,
    MERGES_MOST = 4096, /* kept per sheet */
    MERGE_ROWS = 20,    /* only a header needs them */
    MERGE_TAG = 256,    /* a <mergeCell ref="..."/> is shorter */
    PREFIX_MOST = 64    /* of its namespace, with the colon */
};

struct relation {
    const char *id, *type, *target;
};

struct book_state {
    struct xlsx_book *book;
    const char *base; /* folder of the part whose relations are read */
    struct relation *relations;
    size_t relation_count;
    const char **sheet_ids;
};

/* target as a member name: relative to base, "/" is the root, ".." goes up. */
static const char *resolve(struct arena *memory, const char *base, const char *target)
{
    char *path = target[0] == '/' ? arena_printf(memory, "%s", target + 1)
                                  : arena_printf(memory, "%s%s", base, target);
    char *up;

    while ((up = strstr(path, "/../")) != NULL) {
        char *parent = up;

        while (parent > path && parent[-1] != '/')
            parent--;
        memmove(parent, up + 4, strlen(up + 4) + 1);
    }
    return path;
}

static enum status relation_start(void *self, const char *name, const char **attributes,
                                  struct error *err)
{
    struct book_state *state = self;
    struct arena *memory = state->book->file;
    const char *id = xml_attribute(attributes, "Id");
    const char *type = xml_attribute(attributes, "Type");
    const char *target = xml_attribute(attributes, "Target");

    if (strcmp(name, "Relationship") != 0 || id == NULL || type == NULL
        || target == NULL)
        return HY_OK;
    if (state->relation_count == RELATIONS_MOST)
        return fail(err, HY_DATA, "工作簿的部件超过 %d 个，不予读取", RELATIONS_MOST);
    if (state->relations == NULL)
        state->relations =
            arena_alloc(memory, RELATIONS_MOST * sizeof *state->relations);
    state->relations[state->relation_count++] =
        (struct relation){ arena_printf(memory, "%s", id),
                           arena_printf(memory, "%s", type),
                           resolve(memory, state->base, target) };
    return HY_OK;
}

static enum status read_relations(struct book_state *state, const char *member,
                                  struct error *err)
{
    static const struct xml_events events = { relation_start, NULL, NULL };
    struct zip *zip = state->book->zip;

    state->relation_count = 0;
    return xlsx_parse(zip, zip_find(zip, member), &events, state, err);
}

/* The member a relation of that type points to; -1 = none. */
static int member_of_type(const struct book_state *state, const char *type)
{
    for (size_t i = 0; i < state->relation_count; i++) {
        const char *full = state->relations[i].type;
        size_t length = strlen(full), tail = strlen(type);

        if (length >= tail && strcmp(full + length - tail, type) == 0)
            return zip_find(state->book->zip, state->relations[i].target);
    }
    return -1;
}

static bool is_true(const char *value)
{
    return value != NULL && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

static enum status add_sheet(struct book_state *state, const char **attributes,
                             struct error *err)
{
    struct xlsx_book *book = state->book;
    const char *name = xml_attribute(attributes, "name");
    const char *id = xml_attribute(attributes, "id");
    const char *shown = xml_attribute(attributes, "state");
    struct sheet *sheet;

    if (book->sheet_count == SHEETS_MOST)
        return fail(err, HY_DATA, "工作表超过 %d 张，不予读取", SHEETS_MOST);
    state->sheet_ids[book->sheet_count] = arena_printf(book->file, "%s", id ? id : "");
    sheet = &book->sheets[book->sheet_count++];
    sheet->name = arena_printf(book->file, "%s", name == NULL ? "" : name);
    sheet->hidden = shown != NULL && strcmp(shown, "visible") != 0;
    return HY_OK;
}

static enum status book_start(void *self, const char *name, const char **attributes,
                              struct error *err)
{
    struct book_state *state = self;

    if (strcmp(name, "workbookPr") == 0)
        state->book->date1904 = is_true(xml_attribute(attributes, "date1904"));
    if (strcmp(name, "sheet") == 0)
        return add_sheet(state, attributes, err);
    return HY_OK;
}

/* Chart sheets and macros leave the list: they hold no rows. */
static enum status bind_sheets(struct book_state *state, struct error *err)
{
    struct xlsx_book *book = state->book;
    size_t kept = 0;

    book->members = arena_alloc(book->file, (book->sheet_count + 1) * sizeof(int));
    for (size_t i = 0; i < book->sheet_count; i++) {
        const struct relation *found = NULL;
        int member;

        for (size_t k = 0; k < state->relation_count && found == NULL; k++)
            if (strcmp(state->relations[k].id, state->sheet_ids[i]) == 0)
                found = &state->relations[k];
        if (found != NULL && strstr(found->type, "/worksheet") == NULL)
            continue;
        member =
            zip_find(book->zip,
                     found != NULL ? found->target
                                   : arena_printf(book->file,
                                                  "xl/worksheets/sheet%zu.xml", i + 1));
        if (member < 0)
            return fail(err, HY_DATA, "工作表“%.60s”的内容不在文件里：请重新导出",
                        book->sheets[i].name);
        book->sheets[kept] = book->sheets[i];
        book->sheets[kept].date1904 = book->date1904;
        book->members[kept++] = member;
    }
    book->sheet_count = kept;
    return HY_OK;
}

static enum status read_workbook(struct book_state *state, int member,
                                 struct error *err)
{
    static const struct xml_events events = { book_start, NULL, NULL };
    struct xlsx_book *book = state->book;
    const char *path = zip_member(book->zip, (size_t)member)->name;
    const char *slash = strrchr(path, '/');
    const char *base =
        slash == NULL ? "" : arena_copy(book->file, path, (size_t)(slash - path) + 1);
    int strings, styles;

    book->sheets = arena_alloc(book->file, SHEETS_MOST * sizeof *book->sheets);
    state->sheet_ids = arena_alloc(book->file, SHEETS_MOST * sizeof *state->sheet_ids);
    TRY(xlsx_parse(book->zip, member, &events, state, err));
    state->base = base;
    TRY(read_relations(state,
                       arena_printf(book->file, "%s_rels/%s.rels", base,
                                    slash == NULL ? path : slash + 1),
                       err));
    TRY(bind_sheets(state, err));
    strings = member_of_type(state, "/sharedStrings");
    if (strings < 0)
        strings = zip_find(book->zip, "xl/sharedStrings.xml");
    styles = member_of_type(state, "/styles");
    if (styles < 0)
        styles = zip_find(book->zip, "xl/styles.xml");
    TRY(xlsx_read_strings(book->zip, strings, book->file, &book->strings, err));
    return xlsx_read_styles(book->zip, styles, book->file, &book->styles, err);
}

enum status xlsx_read_book(struct xlsx_book *book, struct error *err)
{
    struct book_state state = { .book = book, .base = "" };
    int member;

    TRY(read_relations(&state, "_rels/.rels", err));
    member = member_of_type(&state, "/officeDocument");
    if (member < 0)
        member = zip_find(book->zip, "xl/workbook.xml");
    if (member < 0)
        return fail(err, HY_DATA,
                    "压缩包里没有工作簿（xl/workbook.xml）：请重新导出 .xlsx");
    return read_workbook(&state, member, err);
}

/* --- merged areas: they stand behind the rows, so the part is searched first ---- */

bool xlsx_reference(const char *text, size_t length, uint32_t *row, uint32_t *column)
{
    size_t i = 0;
    uint64_t line = 0, letters = 0;

    for (; i < length && ((text[i] | 32) >= 'a' && (text[i] | 32) <= 'z'); i++)
        if ((letters = letters * 26 + (uint64_t)((text[i] | 32) - 'a' + 1)) > 16384)
            return false;
    if (i == 0)
        return false;
    for (; i < length && text[i] >= '0' && text[i] <= '9'; i++)
        if ((line = line * 10 + (uint64_t)(text[i] - '0')) > 1048576)
            return false;
    if (i != length || line == 0)
        return false;
    *row = (uint32_t)line - 1;
    *column = (uint32_t)letters - 1;
    return true;
}

struct merges {
    struct arena *file;
    struct merge *areas;
    size_t count, room;
    struct downs *downs;
};

enum status downs_add(struct downs *downs, const struct merge *area,
                      struct arena *memory, struct error *err)
{
    if (area->last_row == area->row)
        return HY_OK;
    if (downs->count == DOWNS_MOST)
        return fail(err, HY_DATA, READER_DOWNS, DOWNS_MOST);
    *(struct merge *)arena_more(memory, (void **)&downs->areas, &downs->count,
                                &downs->room, sizeof *area) = *area;
    return HY_OK;
}

static int compare_areas(const void *left, const void *right)
{
    const struct merge *a = left, *b = right;

    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

void downs_sort(struct downs *downs)
{
    if (downs->count > 1)
        qsort(downs->areas, downs->count, sizeof *downs->areas, compare_areas);
}

void downs_of(struct downs *downs, uint32_t number, struct row *row)
{
    if (downs->count == 0)
        return;
    if (downs->at > 0 && downs->areas[downs->at - 1].row >= number)
        downs->at = 0; /* a row out of its order */
    while (downs->at < downs->count && downs->areas[downs->at].row < number)
        downs->at++;
    row->downs = downs->areas + downs->at;
    while (downs->at < downs->count && downs->areas[downs->at].row == number) {
        downs->at++;
        row->down_count++;
    }
}

/* at: behind "mergeCell"; the tag holds ref="A1:C1" in either quotes. */
static enum status add_merge(struct merges *merges, const char *at, const char *end,
                             struct error *err)
{
    const char *close = memchr(at, '>', (size_t)(end - at));
    const char *ref =
        close == NULL ? NULL : memmem(at, (size_t)(close - at), "ref=", 4);
    const char *colon, *quote;
    struct merge area;

    if (ref == NULL || ref + 5 >= close)
        return HY_OK;
    quote = memchr(ref + 5, ref[4], (size_t)(close - ref - 5));
    if (quote == NULL)
        return HY_OK;
    ref += 5;
    colon = memchr(ref, ':', (size_t)(quote - ref));
    if (colon == NULL
        || !xlsx_reference(ref, (size_t)(colon - ref), &area.row, &area.column)
        || !xlsx_reference(colon + 1, (size_t)(quote - colon - 1), &area.last_row,
                           &area.last_column)
        || area.last_row < area.row || area.last_column < area.column)
        return HY_OK;
    TRY(downs_add(merges->downs, &area, merges->file, err));
    if (area.row >= MERGE_ROWS || merges->count == MERGES_MOST)
        return HY_OK;
    if (merges->count == merges->room) {
        size_t room = merges->room == 0 ? 16 : merges->room * 2;

        merges->areas = arena_grow(merges->file, merges->areas,
                                   merges->count * sizeof area, room * sizeof area);
        merges->room = room;
    }
    merges->areas[merges->count++] = area;
    return HY_OK;
}

/* Back to the "<" of a tag whose name, with a prefix perhaps, `at` may stand in. */
static const char *name_start(const char *window, const char *at)
{
    const char *from = at;

    while (from > window && at - from < PREFIX_MOST && from[-1] != '>'
           && from[-1] != ' ' && (from == at || *from != '<'))
        from--;
    return from;
}

/* A tag, not the words of a cell: there "<" is written "&lt;". */
static bool is_tag(const char *window, const char *at)
{
    return *name_start(window, at) == '<';
}

static enum status search_merges(struct zip *zip, size_t member, struct merges *merges,
                                 struct error *err)
{
    char window[MERGE_TAG + 64 * 1024];
    size_t kept = 0, got = 1;

    TRY(zip_start(zip, member, err));
    while (got > 0) {
        const char *at = window, *end, *safe;

        TRY(zip_read(zip, window + kept, sizeof window - kept, &got, err));
        end = window + kept + got;
        /* A tag that may be cut by the window's end waits for the next piece. */
        safe = got == 0 || end - window < MERGE_TAG ? (got == 0 ? end : window)
                                                    : end - MERGE_TAG;
        while (at < safe
               && (at = memmem(at, (size_t)(end - at), "mergeCell ", 10)) != NULL
               && at < safe) {
            if (is_tag(window, at))
                TRY(add_merge(merges, at + 9, end, err));
            at += 10;
        }
        if (at == NULL || at < safe)
            at = safe;
        at = name_start(window, at);
        kept = (size_t)(end - at);
        memmove(window, at, kept);
    }
    return HY_OK;
}

enum status xlsx_read_merges(struct xlsx_book *book, struct error *err)
{
    book->downs =
        arena_alloc(book->file, (book->sheet_count + 1) * sizeof *book->downs);
    for (size_t i = 0; i < book->sheet_count; i++) {
        struct merges merges = { .file = book->file, .downs = &book->downs[i] };

        TRY(search_merges(book->zip, (size_t)book->members[i], &merges, err));
        downs_sort(merges.downs);
        book->sheets[i].merges = merges.areas;
        book->sheets[i].merge_count = merges.count;
    }
    return HY_OK;
}
