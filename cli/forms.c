/* forms.c - reads templates/forms.tsv, writes a form as a workbook to be filled in. */
#include "cli/forms.h"

#include <string.h>

#include "core/file.h"
#include "ingest/map.h"
#include "render/fill.h"

enum {
    TABLE_LARGEST = 1 << 20,
    TABLE_LINES = 4096,
    COLUMNS = 8,
    SHEETS_MOST = 16,
    OPTIONS_MOST = 120,
    WIDTH_LEAST = 11,
    WIDTH_MOST = 44,
    TITLE_WHOLE = 15 /* columns: a longer title stands in two lines */
};

/* --- the table -------------------------------------------------------------------- */

/* "-" and nothing are no words. */
static const char *piece(struct arena *memory, const char *at, size_t length)
{
    return length == 1 && *at == '-' ? "" : arena_copy(memory, at, length);
}

static enum status read_line(const struct session *session, const char *path, int line,
                             struct text text, struct form_column *column,
                             struct error *err)
{
    const char *parts[COLUMNS], *at = text.at, *end = text.at + text.length;
    size_t count = 0;

    while (count < COLUMNS) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));
        const char *until = tab != NULL ? tab : end;

        parts[count++] = piece(session->memory, at, (size_t)(until - at));
        if (tab == NULL)
            break;
        at = tab + 1;
    }
    if (count < COLUMNS || memchr(at, '\t', (size_t)(end - at)) != NULL
        || *parts[0] == '\0' || *parts[1] == '\0' || *parts[2] == '\0'
        || *parts[3] == '\0')
        return fail(err, HY_CONFIG, "%s:%d：要 %d 栏，用制表符分开 (columns by tabs)",
                    path, line, COLUMNS);
    *column = (struct form_column){ .form = parts[0],
                                    .book = parts[1],
                                    .sheet = parts[2],
                                    .title = parts[3],
                                    .must = strcmp(parts[4], "*") == 0,
                                    .words = parts[5],
                                    .example = parts[6],
                                    .note = parts[7] };
    return HY_OK;
}

enum status forms_load(const struct session *session, struct forms *forms,
                       struct error *err)
{
    const char *path =
        arena_printf(session->memory, "%s/forms.tsv", session->templates);
    struct form_column *columns =
        arena_alloc(session->memory, TABLE_LINES * sizeof *columns);
    const unsigned char *bytes;
    const char *at, *end;
    size_t length;
    int line;

    *forms = (struct forms){ 0, columns };
    TRY(file_read(path, TABLE_LARGEST, session->memory, &bytes, &length, err));
    at = (const char *)bytes;
    end = at + length;
    for (line = 1; at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct text text = { at, (uint32_t)((stop != NULL ? stop : end) - at) };

        at = stop != NULL ? stop + 1 : end;
        if (text.length > 0 && text.at[text.length - 1] == '\r')
            text.length--;
        if (text.length == 0 || *text.at == '#'
            || (text.length > 5 && memcmp(text.at, "form\t", 5) == 0))
            continue;
        if (forms->count == TABLE_LINES)
            return fail(err, HY_CONFIG, "%s：超过 %d 行 (too long)", path, TABLE_LINES);
        TRY(read_line(session, path, line, text, &columns[forms->count], err));
        forms->count++;
    }
    return HY_OK;
}

int forms_find(const struct forms *forms, const char *name)
{
    size_t i;

    for (i = 0; i < forms->count; i++) {
        const struct form_column *column = &forms->columns[i];

        if (strcmp(column->form, name) != 0 && strcmp(column->book, name) != 0
            && strcmp(column->sheet, name) != 0)
            continue;
        while (i > 0 && strcmp(forms->columns[i - 1].form, column->form) == 0)
            i--;
        return (int)i;
    }
    return -1;
}

/* --- drop-down words -------------------------------------------------------------- */
struct choices {
    const char **list;
    size_t count;
};

static void offer(struct choices *choices, const char *word)
{
    size_t i;

    if (*word == '\0' || choices->count == OPTIONS_MOST)
        return;
    for (i = 0; i < choices->count; i++)
        if (strcmp(choices->list[i], word) == 0)
            return;
    choices->list[choices->count++] = word;
}

static enum status offer_sources(const struct session *session, struct choices *choices,
                                 struct error *err)
{
    struct vocabulary *words;
    struct map_set maps;
    const char *own = arena_printf(session->memory, "%s/maps", session->inbox);
    size_t i;

    TRY(words_load(&words,
                   arena_printf(session->memory, "%s/words", session->templates),
                   session->memory, err));
    TRY(map_set_load(&maps,
                     arena_printf(session->memory, "%s/maps", session->templates),
                     file_is_directory(own) ? own : NULL, words, session->memory, err));
    for (i = 0; i < maps.count; i++)
        if (maps.maps[i]->kind == KIND_TICKET && maps.maps[i]->title != NULL)
            offer(choices, maps.maps[i]->title);
    return HY_OK;
}

/* The estate's own words, as far as a database is there. */
static enum status offer_known(const struct session *session, enum word_domain domain,
                               struct choices *choices, struct error *err)
{
    struct store *store = NULL;
    struct facts facts;
    enum status status;
    size_t i;

    if (!file_exists(session->db))
        return HY_OK;
    status = store_open(&store, session->db, STORE_READ, err);
    if (status == HY_OK)
        status = store_facts(store, NEED_TICKETS, session->memory, &facts, err);
    for (i = 1; status == HY_OK && i < facts.words->count; i++)
        if (facts.words->domain[i] == domain)
            offer(choices, facts.words->text[i]);
    store_close(store);
    return status;
}

static enum status words_of(const struct session *session, const char *words,
                            const char *const **out, struct error *err)
{
    struct choices choices = {
        .list = arena_alloc(session->memory, (OPTIONS_MOST + 1) * sizeof(char *))
    };
    size_t i;

    *out = NULL;
    if (strcmp(words, "@sources") == 0) {
        TRY(offer_sources(session, &choices, err));
    } else if (strcmp(words, "@departments") == 0) {
        for (i = 0; i < session->settings.department_count; i++)
            offer(&choices, session->settings.departments[i]);
        if (choices.count == 0)
            TRY(offer_known(session, WORD_DEPARTMENT, &choices, err));
    } else if (strcmp(words, "@subjects") == 0) {
        TRY(offer_known(session, WORD_CATEGORY, &choices, err));
    } else {
        while (*words != '\0') {
            size_t length = strcspn(words, "|");

            offer(&choices, arena_copy(session->memory, words, length));
            words += words[length] == '|' ? length + 1 : length;
        }
    }
    if (choices.count > 0)
        *out = choices.list;
    return HY_OK;
}

/* --- the workbook ------------------------------------------------------------------
 */
static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static int width_of(const struct form_column *column)
{
    int whole = text_width(text_of(column->title)) + 3;
    int title = whole > TITLE_WHOLE ? whole / 2 + 3 : whole;
    int example = text_width(text_of(column->example)) + 2;
    int width = title > example ? title : example;

    return width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : width;
}

static enum status make_sheet(const struct session *session,
                              const struct form_column *from, size_t count,
                              struct fill_sheet *sheet, struct error *err)
{
    struct fill_column *columns = arena_alloc(session->memory, count * sizeof *columns);
    struct fill_row *row = arena_alloc(session->memory, sizeof *row);
    const char **cells = arena_alloc(session->memory, count * sizeof *cells);
    size_t i;

    for (i = 0; i < count; i++) {
        columns[i].title = arena_printf(session->memory, "%s%s", from[i].title,
                                        from[i].must ? "*" : "");
        columns[i].width = width_of(&from[i]);
        TRY(words_of(session, from[i].words, &columns[i].options, err));
        cells[i] = from[i].example;
    }
    *row = (struct fill_row){ FILL_EXAMPLE, cells };
    *sheet = (struct fill_sheet){ .name = from->sheet,
                                  .column_count = count,
                                  .row_count = 1,
                                  .columns = columns,
                                  .rows = row };
    return HY_OK;
}

static void put_line(struct arena *memory, struct fill_row *rows, size_t *used,
                     const char *text)
{
    const char **cell = arena_alloc(memory, sizeof *cell);

    *cell = text;
    rows[(*used)++] = (struct fill_row){ FILL_PLAIN, cell };
}

/* Nothing after a colon where nothing is to be said. */
static const char *help_key(const struct form_column *column)
{
    if (column->note != NULL && *column->note != '\0')
        return column->must ? "form.must" : "form.may";
    return column->must ? "form.must.alone" : "form.may.alone";
}

/* One line a column: what belongs there. */
static void make_help(const struct session *session, const struct form_column *from,
                      size_t count, struct fill_sheet *sheet)
{
    const struct wording *wording = session->wording;
    struct arena *memory = session->memory;
    struct fill_row *rows = arena_alloc(memory, (count * 2 + 4) * sizeof *rows);
    struct fill_column *column = arena_alloc(memory, sizeof *column);
    size_t i, used = 0;

    put_line(memory, rows, &used, wording_get(wording, "form.how"));
    for (i = 0; i < count; i++) {
        if (i == 0 || !same(from[i].sheet, from[i - 1].sheet))
            put_line(memory, rows, &used,
                     wording_say(wording, memory, "form.sheet", "sheet", from[i].sheet,
                                 NULL));
        put_line(memory, rows, &used,
                 wording_say(wording, memory, help_key(&from[i]), "title",
                             from[i].title, "note", from[i].note, NULL));
    }
    *column = (struct fill_column){ .title = "" };
    *sheet = (struct fill_sheet){ .name = wording_get(wording, "form.help"),
                                  .column_count = 1,
                                  .row_count = used,
                                  .columns = column,
                                  .rows = rows,
                                  .plain = true };
}

enum status forms_write(const struct session *session, const struct forms *forms,
                        size_t first, const char *path, struct error *err)
{
    const struct form_column *from = &forms->columns[first];
    struct fill_sheet sheets[SHEETS_MOST];
    struct fill_book book = { .title = from->book, .sheets = sheets };
    size_t count = 1, at = 0;

    while (first + count < forms->count && same(from[count].form, from->form))
        count++;
    make_help(session, from, count, &sheets[book.sheet_count++]);
    while (at < count && book.sheet_count < SHEETS_MOST) {
        size_t length = 1;

        while (at + length < count && same(from[at + length].sheet, from[at].sheet))
            length++;
        TRY(make_sheet(session, &from[at], length, &sheets[book.sheet_count++], err));
        at += length;
    }
    return fill_write(&book, path, session->memory, err);
}

enum status forms_fill(const struct session *session, const struct forms *forms,
                       size_t first, const char *const *const *rows, size_t count,
                       size_t given, int64_t when, const char *path, struct error *err)
{
    const struct form_column *from = &forms->columns[first];
    struct arena *memory = session->memory;
    struct fill_row *filled = arena_alloc(memory, (count + 1) * sizeof *filled);
    struct fill_sheet sheets[2];
    struct fill_book book = {
        .title = from->book, .when = when, .sheets = sheets, .sheet_count = 2
    };
    size_t columns = 1, i, c;

    while (first + columns < forms->count && same(from[columns].form, from->form))
        columns++;
    make_help(session, from, columns, &sheets[0]);
    TRY(make_sheet(session, from, columns, &sheets[1], err));
    for (i = 0; i < count; i++) {
        const char **cells = arena_alloc(memory, columns * sizeof *cells);

        for (c = 0; c < columns; c++)
            cells[c] = c < given ? rows[i][c] : NULL;
        filled[i] = (struct fill_row){ FILL_PLAIN, cells };
    }
    sheets[1].rows = filled;
    sheets[1].row_count = count;
    return fill_write(&book, path, memory, err);
}
