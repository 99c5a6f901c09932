/* look_map.c - a first map from what was understood: reads the file the same way. */
#include "ingest/look_map.h"

#include <string.h>

#include "core/hash.h"

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

/* --- nothing fits: a draft to be filled in ----------------------------------- */

/* Tables with the same titles get the same name. */
static const char *draft_name(const struct header *header, struct arena *memory)
{
    struct hash_stream *stream = hash_start(memory);
    unsigned char hash[32];
    char hex[65];
    uint32_t i;

    for (i = 0; i < header->count; i++) {
        hash_add(stream, header->columns[i].folded.at,
                 header->columns[i].folded.length);
        hash_add(stream, "\n", 1);
    }
    hash_end(stream, hash);
    hash_hex(hash, hex);
    return arena_printf(memory, "draft_%.8s", hex);
}

static const char *all_titles(const struct header *header, struct arena *memory)
{
    const char *out = "";
    uint32_t i;

    for (i = 0; i < header->count; i++)
        if (names_one(header, i))
            out = arena_printf(memory, "%s%s%s", out, *out != '\0' ? " | " : "",
                               text_copy(memory, header->columns[i].title));
    return out;
}

const char *look_draft_text(const struct header *header, const struct look_sheet *sheet,
                            const char *format, int header_row, struct arena *memory)
{
    const char *out = arena_printf(
        memory,
        "; huiyin look 写出的初稿：带问号的列它不认识。要用的列，删去行首的分号，\n"
        "; 把 ? 换成字段名；用不到的不必理会。改好后放进收件文件夹里的 maps 文件夹。\n"
        "; 字段名可以写：工单编号、报修时间（这两样必须有）、完成时间、派单时间、\n"
        "; 到场时间、办结时限、诉求类型、报修类型、紧急程度、受理渠道、处理部门、\n"
        "; 楼栋、房号、报修内容、满意度、是否解决……\n"
        "[map]\nname = %s\nkind = ticket\ntitle = %s\n\n[recognise]\nformat = %s\n",
        draft_name(header, memory),
        *sheet->name != '\0' ? quoted(text_of(sheet->name), memory) : "初稿", format);
    const char *titles = all_titles(header, memory);
    size_t i;

    if (*titles != '\0')
        out = arena_printf(memory, "%stitles = %s\n", out, titles);
    out =
        arena_printf(memory, "%s\n[read]\nheader = %s\n\n[fields]\n", out,
                     header_row > 0 ? arena_printf(memory, "%d", header_row) : "auto");
    for (i = 0; i < sheet->column_count; i++) {
        const char *title = names_one(header, (uint32_t)i)
                                ? sheet->columns[i].title
                                : arena_printf(memory, "#%zu", i + 1);

        out = arena_printf(memory, "%s%s%s = %s\n", out,
                           sheet->columns[i].field == NULL ? "; " : "",
                           sheet->columns[i].field == NULL ? "?"
                                                           : sheet->columns[i].field,
                           title);
    }
    return out;
}
