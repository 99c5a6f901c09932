/* reader_xlsx_parts.c - shared strings, number formats and the order of sheets. */
#include "ingest/reader_xlsx.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    PIECE = 64 * 1024,
    FORMATS_MOST = 65536,
    GATHER_MOST =
        8 << 20 /* a cell keeps 1 MiB; seven letters may stand for one (_x000D_) */
};

void gather_clear(struct gather *gather)
{
    gather->length = 0;
}

void gather_add(struct gather *gather, const char *text, size_t length)
{
    if (gather->length + length > GATHER_MOST) /* the cell will be too_long anyway */
        length = text_valid(text, GATHER_MOST - gather->length);
    if (gather->room - gather->length < length) {
        size_t room = gather->room == 0 ? 256 : gather->room;

        while (room - gather->length < length)
            room *= 2;
        gather->at = arena_grow(gather->memory, gather->at, gather->length, room);
        gather->room = room;
    }
    if (length > 0)
        memcpy(gather->at + gather->length, text, length);
    gather->length += length;
}

static bool is_xml_blank(char letter)
{
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

struct text xlsx_trim(struct text text, bool preserve)
{
    while (!preserve && text.length > 0 && is_xml_blank(text.at[0])) {
        text.at++;
        text.length--;
    }
    while (!preserve && text.length > 0 && is_xml_blank(text.at[text.length - 1]))
        text.length--;
    return text;
}

static int hex_digit(char letter)
{
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    if (letter >= 'A' && letter <= 'F')
        return letter - 'A' + 10;
    if (letter >= 'a' && letter <= 'f')
        return letter - 'a' + 10;
    return -1;
}

/* The unit of "_xHHHH_" at `at`, or -1. */
static long escaped_unit(const char *at, const char *end)
{
    long unit = 0;

    if (end - at < 7 || at[0] != '_' || at[1] != 'x' || at[6] != '_')
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

struct text xlsx_unescape(struct text text, struct arena *memory)
{
    const char *at = text.at, *end;
    size_t length = 0;
    char *out;

    if (text.length < 7 || memmem(at, text.length, "_x", 2) == NULL)
        return text;
    end = at + text.length;
    out = arena_alloc(memory, text.length + 1);
    while (at < end) {
        long unit = escaped_unit(at, end), low;

        if (unit < 0) {
            out[length++] = *at++;
            continue;
        }
        at += 7;
        low = unit >= 0xD800 && unit <= 0xDBFF ? escaped_unit(at, end) : -1;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            at += 7;
        }
        length += text_put(unit == 0 ? 0xFFFD : (uint32_t)unit, out + length);
    }
    return (struct text){ out, (uint32_t)length };
}

enum status xlsx_parse(struct zip *zip, int index, const struct xml_events *events,
                       void *self, struct error *err)
{
    struct xml *xml = NULL;
    char piece[PIECE];
    size_t got = 1;
    enum status status;

    if (index < 0)
        return HY_OK;
    status = xml_open(&xml, events, self, err);
    if (status == HY_OK)
        status = zip_start(zip, (size_t)index, err);
    while (status == HY_OK && got > 0) {
        status = zip_read(zip, piece, sizeof piece, &got, err);
        if (status == HY_OK)
            status = xml_feed(xml, piece, got, got == 0, err);
    }
    if (status != HY_OK && status != HY_MEMORY)
        (void)fail_in(err, status, zip_member(zip, (size_t)index)->name);
    zip_stop(zip);
    xml_close(xml);
    return status;
}

/* --- shared strings ------------------------------------------------------- */

struct strings_state {
    struct arena *file;
    struct text *texts;
    size_t count, room;
    struct gather whole, run;
    unsigned phonetic; /* inside <rPh>: a reading aid, not the text */
    bool in_text, preserve;
};

static enum status strings_start(void *self, const char *name, const char **attributes,
                                 struct error *err)
{
    struct strings_state *state = self;

    (void)err;
    if (strcmp(name, "si") == 0) {
        gather_clear(&state->whole);
    } else if (strcmp(name, "rPh") == 0) {
        state->phonetic++;
    } else if (strcmp(name, "t") == 0) {
        const char *space = xml_attribute(attributes, "space");

        gather_clear(&state->run);
        state->in_text = state->phonetic == 0;
        state->preserve = space != NULL && strcmp(space, "preserve") == 0;
    }
    return HY_OK;
}

static enum status strings_text(void *self, const char *text, size_t length,
                                struct error *err)
{
    struct strings_state *state = self;

    (void)err;
    if (state->in_text)
        gather_add(&state->run, text, length);
    return HY_OK;
}

static void strings_keep(struct strings_state *state)
{
    struct text text = { state->whole.at, (uint32_t)state->whole.length };

    if (state->count == state->room) {
        size_t room = state->room == 0 ? 1024 : state->room * 2;

        state->texts =
            arena_grow(state->file, state->texts, state->count * sizeof *state->texts,
                       room * sizeof *state->texts);
        state->room = room;
    }
    text.at = arena_copy(state->file, text.at, text.length);
    state->texts[state->count++] = xlsx_unescape(text, state->file);
}

static enum status strings_end(void *self, const char *name, struct error *err)
{
    struct strings_state *state = self;

    (void)err;
    if (strcmp(name, "si") == 0) {
        strings_keep(state);
    } else if (strcmp(name, "rPh") == 0) {
        state->phonetic -= state->phonetic > 0;
    } else if (strcmp(name, "t") == 0 && state->in_text) {
        struct text run = { state->run.at, (uint32_t)state->run.length };

        run = xlsx_trim(run, state->preserve);
        gather_add(&state->whole, run.at, run.length);
        state->in_text = false;
    }
    return HY_OK;
}

enum status xlsx_read_strings(struct zip *zip, int index, struct arena *file,
                              struct xlsx_strings *strings, struct error *err)
{
    static const struct xml_events events = { strings_start, strings_end,
                                              strings_text };
    struct strings_state state = { .file = file,
                                   .whole = { .memory = file },
                                   .run = { .memory = file } };

    TRY(xlsx_parse(zip, index, &events, &state, err));
    *strings = (struct xlsx_strings){ state.count, state.texts };
    return HY_OK;
}

/* --- number formats -------------------------------------------------------- */

enum xlsx_format xlsx_format_builtin(int id)
{
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36
        || (id >= 50 && id <= 54) || id == 57 || id == 58)
        return XLSX_DATE;
    if (id == 22)
        return XLSX_DATE_TIME;
    if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47
        || id == 55 || id == 56)
        return XLSX_TIME;
    return id == 46 ? XLSX_ELAPSED : XLSX_PLAIN;
}

static bool starts(const char *at, const char *word)
{
    return strncasecmp(at, word, strlen(word)) == 0;
}

/* Past a quoted, escaped or bracketed stretch, or `code` itself if there is none;
 * an elapsed time ([h]:mm) is noticed. */
static const char *skip_literal(const char *code, bool *elapsed)
{
    const char *close;

    switch (*code) {
    case '"':
        close = strchr(code + 1, '"');
        return close == NULL ? code + strlen(code) : close + 1;
    case '\\':
    case '_':
    case '*':
        return code[1] == '\0' ? code + 1 : code + 2;
    case '[':
        close = strchr(code, ']');
        if (starts(code, "[h]") || starts(code, "[hh]") || starts(code, "[m]")
            || starts(code, "[mm]") || starts(code, "[s]") || starts(code, "[ss]"))
            *elapsed = true;
        return close == NULL ? code + strlen(code) : close + 1;
    default:
        return code;
    }
}

struct letters {
    bool day, clock, month, elapsed;
};

static void note_letter(const char *code, struct letters *seen)
{
    switch (*code) {
    case 'y':
    case 'Y':
    case 'd':
    case 'D':
    case 'g':
    case 'G':
        seen->day = true;
        break;
    case 'e':
    case 'E': /* a Chinese or Japanese year, unless of a number 0.0E+00 */
        if (code[1] != '+' && code[1] != '-')
            seen->day = true;
        break;
    case 'h':
    case 'H':
    case 's':
    case 'S':
        seen->clock = true;
        break;
    case 'm':
    case 'M':
        seen->month = true;
        break;
    default:
        if (starts(code, "am/pm") || starts(code, "a/p") || starts(code, "上午"))
            seen->clock = true;
        else if (starts(code, "aaa"))
            seen->day = true; /* the day of the week */
    }
}

enum xlsx_format xlsx_format_code(const char *code)
{
    struct letters seen = { false, false, false, false };

    while (*code != '\0' && *code != ';') {
        const char *past = skip_literal(code, &seen.elapsed);

        if (past != code) {
            code = past;
        } else if (starts(code, "general")) {
            code += 7;
        } else {
            note_letter(code, &seen);
            code += starts(code, "am/pm") ? 5 : 1;
        }
    }
    if (seen.month && !seen.clock && !seen.elapsed)
        seen.day = true;
    if (seen.day)
        return seen.clock || seen.elapsed ? XLSX_DATE_TIME : XLSX_DATE;
    if (seen.elapsed)
        return XLSX_ELAPSED;
    return seen.clock ? XLSX_TIME : XLSX_PLAIN;
}

struct styles_state {
    struct arena *file;
    unsigned char *custom; /* enum xlsx_format by id; FORMATS_MOST of them */
    unsigned char *formats;
    size_t count, room;
    bool in_cells;
};

static void styles_add(struct styles_state *state, unsigned char format)
{
    if (state->count == state->room) {
        size_t room = state->room == 0 ? 64 : state->room * 2;

        state->formats = arena_grow(state->file, state->formats, state->count, room);
        state->room = room;
    }
    state->formats[state->count++] = format;
}

static enum status styles_start(void *self, const char *name, const char **attributes,
                                struct error *err)
{
    struct styles_state *state = self;
    const char *id = xml_attribute(attributes, "numFmtId");
    long number = id == NULL ? 0 : strtol(id, NULL, 10);

    (void)err;
    if (number < 0 || number >= FORMATS_MOST)
        number = 0;
    if (strcmp(name, "cellXfs") == 0) {
        state->in_cells = true;
    } else if (strcmp(name, "numFmt") == 0) {
        const char *code = xml_attribute(attributes, "formatCode");

        if (code != NULL)
            state->custom[number] = (unsigned char)(1 + xlsx_format_code(code));
    } else if (strcmp(name, "xf") == 0 && state->in_cells) {
        styles_add(state, state->custom[number] > 0
                              ? (unsigned char)(state->custom[number] - 1)
                              : (unsigned char)xlsx_format_builtin((int)number));
    }
    return HY_OK;
}

static enum status styles_end(void *self, const char *name, struct error *err)
{
    struct styles_state *state = self;

    (void)err;
    if (strcmp(name, "cellXfs") == 0)
        state->in_cells = false;
    return HY_OK;
}

enum status xlsx_read_styles(struct zip *zip, int index, struct arena *file,
                             struct xlsx_styles *styles, struct error *err)
{
    static const struct xml_events events = { styles_start, styles_end, NULL };
    struct styles_state state = { .file = file };

    state.custom = arena_alloc(file, FORMATS_MOST);
    TRY(xlsx_parse(zip, index, &events, &state, err));
    *styles = (struct xlsx_styles){ state.count, state.formats };
    return HY_OK;
}
