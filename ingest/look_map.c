/* look_map.c - a first map from what was understood: reads the file the same way. */
#include "ingest/look_map.h"

#include <string.h>

/* As an item of a list: always quoted, quotes doubled. */
static const char *quoted(struct text text, struct arena *memory)
{
    char *out = arena_alloc(memory, (size_t)text.length * 2 + 3), *at = out;
    uint32_t i;

    *at++ = '"';
    for (i = 0; i < text.length; i++) {
        if (text.at[i] == '"')
            *at++ = '"';
        *at++ = text.at[i] == '\n' || text.at[i] == '\r' ? ' ' : text.at[i];
    }
    *at = '"';
    return out;
}

/* Of the grammar, where it stands unquoted (quoted it would be a constant). */
static bool is_plain(struct text title)
{
    static const char marks[] = "|+\"={}[]#@/;\n\r\t";
    uint32_t i;

    if (title.length == 0 || title.length > 200
        || memmem(title.at, title.length, "split", 5) != NULL
        || memmem(title.at, title.length, "；", 3) != NULL
        || memmem(title.at, title.length, "＃", 3) != NULL)
        return false;
    for (i = 0; i < title.length; i++)
        if (strchr(marks, title.at[i]) != NULL)
            return false;
    return true;
}

/* A title that can be written down and names one column alone. */
static bool names_one(const struct header *header, uint32_t column)
{
    const struct title_column *own = &header->columns[column];
    uint32_t i;

    if (!is_plain(own->title))
        return false;
    for (i = 0; i < header->count; i++)
        if (i != column && text_equal(header->columns[i].folded, own->folded))
            return false;
    return true;
}

static const char *piece_text(const struct map_piece *piece,
                              const struct header *header, struct arena *memory)
{
    if (piece->kind == PIECE_COLUMN && names_one(header, (uint32_t)piece->column))
        return text_copy(memory, header->columns[piece->column].title);
    if (piece->kind == PIECE_COLUMN)
        return arena_printf(memory, "#%d", piece->column + 1);
    return quoted(piece->text, memory); /* a constant */
}

static const char *rule_text(const struct map_rule *rule, const struct header *header,
                             struct arena *memory)
{
    const char *out = arena_printf(memory, "%s =", rule->names[0]);
    size_t i;

    for (i = 0; i < rule->choice_count; i++)
        out = arena_printf(memory, "%s%s %s", out, i > 0 ? " |" : "",
                           piece_text(&rule->choices[i].pieces[0], header, memory));
    return arena_printf(memory, "%s\n", out);
}

static const char *titles_text(const struct map *map, const struct header *header,
                               struct arena *memory)
{
    const char *out = "";
    size_t i, k;

    for (i = 0; i < map->rule_count; i++)
        for (k = 0; k < map->rules[i].choice_count; k++) {
            const struct map_piece *piece = &map->rules[i].choices[k].pieces[0];

            if (names_one(header, (uint32_t)piece->column))
                out = arena_printf(memory, "%s%s%s", out, *out != '\0' ? " | " : "",
                                   piece_text(piece, header, memory));
        }
    return out;
}

static const char *nulls_text(const struct map *map, struct arena *memory)
{
    const char *out = "";
    size_t i;

    for (i = 0; i < map->null_count; i++)
        out = arena_printf(memory, "%s%s%s", out, i > 0 ? " | " : "",
                           quoted(map->nulls[i].text, memory));
    return out;
}

static const char *unused_text(const struct look_sheet *sheet, struct arena *memory)
{
    const char *out = "";
    size_t i;

    for (i = 0; i < sheet->column_count; i++)
        if (sheet->columns[i].field == NULL)
            out = arena_printf(memory, "%s; ? = %s\n", out,
                               quoted(text_of(sheet->columns[i].title), memory));
    return *out == '\0' ? ""
                        : arena_printf(memory,
                                       "; 没有用到的列；要用就删去分号，把 ? 换成字段"
                                       "\n%s",
                                       out);
}

const char *look_map_text(const struct map *map, const struct header *header,
                          const struct look_sheet *sheet, const char *format,
                          int header_row, struct arena *memory)
{
    const char *out = arena_printf(
        memory,
        "; huiyin look 写出的初稿：一行一行核对，改好后放进收件文件夹里的 maps 文件夹\n"
        "[map]\nname = %s\nkind = %s\nseries = %s\ntitle = %s\n\n"
        "[recognise]\nformat = %s\n",
        map->name, record_kind_name(map->kind), map->series,
        *sheet->name != '\0' ? quoted(text_of(sheet->name), memory) : "初稿", format);
    const char *titles = titles_text(map, header, memory);
    size_t i;

    if (*titles != '\0')
        out = arena_printf(memory, "%stitles = %s\n", out, titles);
    out = arena_printf(memory, "%s\n[read]\nheader = %s\nnull = %s\n\n[fields]\n", out,
                       header_row > 0 ? arena_printf(memory, "%d", header_row) : "auto",
                       nulls_text(map, memory));
    for (i = 0; i < map->rule_count; i++)
        out = arena_printf(memory, "%s%s", out,
                           rule_text(&map->rules[i], header, memory));
    return arena_printf(memory, "%s%s", out, unused_text(sheet, memory));
}
