/* reader_csv_scan.c - records and fields out of delimited text, quotes included. */
#include "ingest/reader_csv.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    FIELD_LONGEST = 1 << 20, /* a cell; longer ones are cut and the row damaged */
    COLUMNS_MOST = 4096,
    COLUMNS_FIRST = 32,
    LOOKAHEAD_SHORT = 1 << 16, /* once too much was looked at in vain */
    LOOKAHEAD_LONG = 64 << 20
};
static const uint64_t WASTED_MOST = UINT64_C(1) << 30;

/* What a record becomes while its fields are found. */
struct draft {
    struct csv_scan *scan;
    struct arena *memory;
    uint32_t count;
    const char *damage;
};

/* Every cell is text: said once, when there is room for it. */
static void more_cells(struct csv_scan *scan)
{
    uint32_t room = scan->room == 0 ? COLUMNS_FIRST : scan->room * 2, i;

    scan->cells = arena_grow(scan->file, scan->cells, scan->room * sizeof *scan->cells,
                             room * sizeof *scan->cells);
    for (i = scan->room; i < room; i++)
        scan->cells[i].kind = CELL_TEXT;
    scan->room = room;
}

static void draft_add(struct draft *draft, const char *at, size_t length)
{
    struct csv_scan *scan = draft->scan;

    if (draft->count == COLUMNS_MOST) {
        draft->damage = "column_count";
        return;
    }
    if (draft->count == scan->room)
        more_cells(scan);
    if (length > FIELD_LONGEST) {
        length = FIELD_LONGEST;
        while (length > 0 && ((unsigned char)at[length] & 0xC0) == 0x80)
            length--;
        draft->damage = "too_long";
    }
    scan->cells[draft->count++].text = (struct text){ at, (uint32_t)length };
}

static bool at_delimiter(const struct csv_scan *scan, const char *p)
{
    const struct csv_form *form = &scan->form;

    if (*p != form->delimiter[0])
        return false;
    return form->delimiter_length == 1
           || ((size_t)(scan->end - p) >= form->delimiter_length
               && memcmp(p, form->delimiter, form->delimiter_length) == 0);
}

static bool at_line_end(const struct csv_scan *scan, const char *p)
{
    if (*p == '\n')
        return true;
    return *p == '\r' && (scan->form.lone_cr || p + 1 == scan->end || p[1] == '\n');
}

static bool ends_field(const struct csv_scan *scan, const char *p)
{
    return *p == scan->form.delimiter[0]
               ? at_delimiter(scan, p)
               : (*p == '\n' || *p == '\r') && at_line_end(scan, p);
}

#ifdef __SSE2__
/* One bit for each of 16 bytes that is c. */
static unsigned bits_of(__m128i bytes, char c)
{
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}
#endif

/* The end of the field that begins at p and has no quotes of its own. */
static const char *plain_end(const struct csv_scan *scan, const char *p)
{
#ifdef __SSE2__
    char first = scan->form.delimiter[0];

    for (; scan->end - p >= 16; p += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        unsigned bits =
            bits_of(bytes, first) | bits_of(bytes, '\n') | bits_of(bytes, '\r');

        for (; bits != 0; bits &= bits - 1)
            if (ends_field(scan, p + __builtin_ctz(bits)))
                return p + __builtin_ctz(bits);
    }
#endif
    while (p < scan->end && !ends_field(scan, p))
        p++;
    return p;
}

/* Physical lines ended within [at, end). */
static uint64_t lines_in(const char *at, const char *end)
{
    uint64_t lines = 0;

#ifdef __SSE2__
    for (; end - at > 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        unsigned feeds = bits_of(bytes, '\n'), returns = bits_of(bytes, '\r');

        if ((feeds | returns) == 0)
            continue;
        returns &= ~(feeds >> 1 | (unsigned)(at[16] == '\n') << 15);
        lines +=
            (unsigned)__builtin_popcount(feeds) + (unsigned)__builtin_popcount(returns);
    }
#endif
    for (; at < end; at++)
        lines += *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] != '\n'));
    return lines;
}

/* The closing quote of the field whose text begins at p, or NULL. */
static const char *closing_quote(struct csv_scan *scan, const char *p, bool *doubled)
{
    size_t reach = scan->wasted > WASTED_MOST ? LOOKAHEAD_SHORT : LOOKAHEAD_LONG;
    const char *start = p;
    const char *limit = (size_t)(scan->end - p) > reach ? p + reach : scan->end;

    while ((p = memchr(p, '"', (size_t)(limit - p))) != NULL) {
        if (p + 1 == scan->end || p[1] != '"')
            return p;
        *doubled = true;
        p += 2;
        if (p >= limit)
            break;
    }
    scan->wasted += (uint64_t)(limit - start);
    return NULL;
}

static void add_quoted(struct draft *draft, const char *at, size_t length, bool doubled)
{
    char *out;
    size_t kept = 0;

    if (!doubled || length > FIELD_LONGEST) {
        draft_add(draft, at, length);
        return;
    }
    out = arena_copy(draft->memory, at, length);
    for (size_t i = 0; i < length; i++) {
        out[kept++] = at[i];
        if (at[i] == '"')
            i++; /* the second of two */
    }
    draft_add(draft, out, kept);
}

static const char *skip_blanks(const struct csv_scan *scan, const char *p)
{
    while (p < scan->end && (*p == ' ' || *p == '\t') && !at_delimiter(scan, p))
        p++;
    return p;
}

/* A field that opens with a quote; returns its end, or NULL when the quotes do
 * not fit: then the field is read as it stands and nothing after it is lost. */
static const char *quoted_field(struct csv_scan *scan, const char *start,
                                const char *quote, struct draft *draft)
{
    bool doubled = false;
    const char *text = quote + 1;
    const char *close = closing_quote(scan, text, &doubled);
    const char *after;

    if (close == NULL)
        return NULL;
    after = skip_blanks(scan, close + 1);
    if (after == scan->end || at_delimiter(scan, after) || at_line_end(scan, after)) {
        add_quoted(draft, text, (size_t)(close - text), doubled);
        return after;
    }
    /* PBX exports write "User 9" <113>: kept whole when no quote follows. */
    after = plain_end(scan, after);
    if (memchr(close + 1, '"', (size_t)(after - close - 1)) != NULL
        || memchr(text, '\n', (size_t)(close - text)) != NULL
        || memchr(text, '\r', (size_t)(close - text)) != NULL)
        return NULL;
    draft_add(draft, start, (size_t)(after - start));
    return after;
}

static const char *field(struct csv_scan *scan, const char *start, struct draft *draft)
{
    const char *quote = start;
    const char *end;

    if (start < scan->end && (*start == ' ' || *start == '\t'))
        quote = skip_blanks(scan, start);
    if (quote < scan->end && *quote == '"') {
        end = quoted_field(scan, start, quote, draft);
        if (end != NULL)
            return end;
        draft->damage = "column_count";
    }
    end = plain_end(scan, start);
    draft_add(draft, start, (size_t)(end - start));
    return end;
}

/* Byte by byte: the rule for every text, however its quotes stand. */
static bool plain_record(struct csv_scan *scan, struct arena *memory, struct row *row)
{
    struct draft draft = { .scan = scan, .memory = memory };
    const char *start = scan->at;
    const char *end = start;

    if (start == scan->end)
        return false;
    for (;;) {
        end = field(scan, end, &draft);
        if (end == scan->end || !at_delimiter(scan, end))
            break;
        end += scan->form.delimiter_length;
        if (end == scan->end) { /* a delimiter is the last thing in the file */
            draft_add(&draft, end, 0);
            break;
        }
    }
    *row = (struct row){ .number = scan->line,
                         .raw = { start, (uint32_t)(end - start) },
                         .count = draft.count,
                         .cells = scan->cells,
                         .damage = draft.damage };
    if (end < scan->end)
        end += *end == '\r' && end + 1 < scan->end && end[1] == '\n' ? 2 : 1;
    scan->line += lines_in(start, end);
    scan->at = end;
    return true;
}

/* --- the quick way ---------------------------------------------------------------- */
void csv_look_ahead(struct csv_scan *scan, enum csv_vectors vectors)
{
    scan->ahead = (struct csv_ahead){ .index = csv_indexer_of(vectors), .pause = 16 };
    if (scan->form.lone_cr || scan->form.delimiter_length != 1)
        scan->ahead.index = NULL;
    if (scan->ahead.index != NULL)
        scan->ahead.marks =
            arena_alloc(scan->file, (CSV_WINDOW + 64) * sizeof *scan->ahead.marks);
}

static void look(struct csv_scan *scan)
{
    struct csv_ahead *ahead = &scan->ahead;
    size_t left = (size_t)(scan->end - scan->at);

    ahead->from = scan->at;
    ahead->next = 0;
    ahead->count = ahead->index(scan->at, left < CSV_WINDOW ? left : CSV_WINDOW,
                                scan->form.delimiter[0], ahead->marks);
}

/* A field that opens with a quote, as long as the index found it. */
static bool index_quoted(struct arena *memory, const char *start, struct cell *cell)
{
    const char *end = start + cell->text.length, *from = start + 1, *twin;
    size_t length, used = 0;
    char *out;

    if (end - start < 2 || end[-1] != '"')
        return false;
    length = (size_t)(end - start) - 2;
    cell->text = (struct text){ from, (uint32_t)length };
    twin = memchr(from, '"', length);
    if (twin == NULL)
        return true;
    out = arena_copy(memory, from, length);
    end--;
    for (; twin != NULL; twin = memchr(from, '"', (size_t)(end - from))) {
        size_t piece = (size_t)(twin + 1 - from); /* with the first of two */

        memcpy(out + used, from, piece);
        used += piece;
        from = twin + 2 < end ? twin + 2 : end;
    }
    memcpy(out + used, from, (size_t)(end - from));
    cell->text = (struct text){ out, (uint32_t)(used + (size_t)(end - from)) };
    return true;
}

/* One record by the marks from ahead.next on; false: they do not suffice, and nothing
 * has changed. */
static bool index_record(struct csv_scan *scan, struct arena *memory, struct row *row)
{
    struct csv_ahead *ahead = &scan->ahead;
    const uint32_t *first = ahead->marks + ahead->next, *marks = first;
    const uint32_t *last = ahead->marks + ahead->count;
    const char *start = scan->at, *field = start, *mark;
    struct cell *cell = scan->cells;
    uint64_t lines = 1;
    bool quoted;

    if (last - marks > (ptrdiff_t)scan->room)
        last = marks + scan->room;
    do {
        if (marks == last)
            return false;
        mark = ahead->from + *marks++;
        cell->text.at = field;
        cell->text.length = (uint32_t)(mark - field);
        quoted = *field == '"';
        if (quoted) {
            const char *stop = mark - (*mark == '\n' && mark[-1] == '\r');

            cell->text.length = (uint32_t)(stop - field);
            if (!index_quoted(memory, field, cell))
                return false;
            lines += lines_in(field, stop);
        }
        field = mark + 1;
        cell++;
    } while (*mark != '\n');
    if (mark > start && mark[-1] == '\r') {
        mark--;
        cell[-1].text.length -= !quoted && cell[-1].text.length > 0;
    }
    *row = (struct row){ .number = scan->line,
                         .raw = { start, (uint32_t)(mark - start) },
                         .count = (uint32_t)(cell - scan->cells),
                         .cells = scan->cells };
    scan->line += lines;
    scan->at = field;
    ahead->next += (size_t)(marks - first);
    return true;
}

bool csv_record(struct csv_scan *scan, struct arena *memory, struct row *row)
{
    struct csv_ahead *ahead = &scan->ahead;
    bool fresh = false;

    if (ahead->index == NULL)
        return plain_record(scan, memory, row);
    if (ahead->rest > 0) { /* surprises come in crowds */
        ahead->rest--;
        return plain_record(scan, memory, row);
    }
    if (ahead->from == NULL) {
        if (scan->room < COLUMNS_MOST && scan->room < CSV_WINDOW / 64)
            more_cells(scan);
        look(scan);
        fresh = true;
    }
    if (index_record(scan, memory, row))
        return true;
    if (!fresh) {
        look(scan);
        if (index_record(scan, memory, row)) {
            ahead->pause = 16;
            return true;
        }
    }
    ahead->from = NULL;
    ahead->rest = ahead->pause;
    ahead->pause = ahead->pause < 4096 ? ahead->pause * 2 : ahead->pause;
    return plain_record(scan, memory, row);
}
