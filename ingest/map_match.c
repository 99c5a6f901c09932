/* map_match.c - loads all maps and chooses the one a sheet is written in. */
#include <string.h>

#include "core/file.h"
#include "core/hash.h"
#include "ingest/map.h"

enum { MAPS_LIMIT = 1024, MAP_BYTES = 256 * 1024 };

/* --- loading ------------------------------------------------------------------- */

struct loading {
    const struct map **maps;
    size_t count;
    const struct vocabulary *words;
    struct arena *memory;
};

static enum status load_one(struct loading *loading, const char *path,
                            size_t first_of_directory, struct error *err)
{
    struct map *map = arena_alloc(loading->memory, sizeof *map);
    const unsigned char *bytes;
    size_t length, i;

    TRY(file_read(path, MAP_BYTES, loading->memory, &bytes, &length, err));
    TRY(map_compile(path, bytes, length, loading->words, loading->memory, map, NULL,
                    err));
    for (i = 0; i < loading->count; i++) {
        if (strcmp(loading->maps[i]->name, map->name) != 0)
            continue;
        if (i >= first_of_directory)
            return fail(err, HY_CONFIG,
                        "%s: 名称“%s”和 %s 重复，请改名 (map name used twice)", path,
                        map->name, loading->maps[i]->path);
        loading->maps[i] = map; /* the user's own word counts */
        return HY_OK;
    }
    if (loading->count == MAPS_LIMIT)
        return fail(err, HY_CONFIG, "%s: 超过 %d 个对照表 (too many maps)", path,
                    MAPS_LIMIT);
    loading->maps[loading->count++] = map;
    return HY_OK;
}

static enum status load_directory(struct loading *loading, const char *directory,
                                  struct error *err)
{
    const char *const *names;
    size_t count, i, before = loading->count;

    if (!file_is_directory(directory))
        return HY_OK;
    TRY(file_list(directory, loading->memory, &names, &count, err));
    for (i = 0; i < count; i++) {
        size_t length = strlen(names[i]);

        if (length < 5 || strcmp(names[i] + length - 4, ".map") != 0
            || names[i][0] == '.')
            continue;
        TRY(load_one(loading,
                     arena_printf(loading->memory, "%s/%s", directory, names[i]),
                     before, err));
    }
    return HY_OK;
}

enum status map_set_load(struct map_set *set, const char *directory,
                         const char *user_directory, const struct vocabulary *words,
                         struct arena *memory, struct error *err)
{
    struct loading loading = { NULL, 0, words, memory };
    struct hash_stream *stream = hash_start(memory);
    size_t i;

    loading.maps = arena_alloc(memory, MAPS_LIMIT * sizeof *loading.maps);
    TRY(load_directory(&loading, directory, err));
    if (user_directory != NULL)
        TRY(load_directory(&loading, user_directory, err));
    hash_add(stream, words_hash(words), 32);
    for (i = 0; i < loading.count; i++)
        hash_add(stream, loading.maps[i]->hash, 32);
    hash_end(stream, set->hash);
    set->maps = loading.maps;
    set->count = loading.count;
    set->words = words;
    return HY_OK;
}

const struct map *map_named(const struct map_set *set, const char *name)
{
    size_t i;

    for (i = 0; i < set->count; i++)
        if (strcmp(set->maps[i]->name, name) == 0)
            return set->maps[i];
    return NULL;
}

/* --- choosing ------------------------------------------------------------------- */

/* Part of a "parent / child" title, folded. */
static bool title_part(const struct title_pattern *title, struct text folded)
{
    uint32_t i;

    if (text_equal(title->folded, folded))
        return true;
    for (i = 1; i + 1 < title->title.length; i++)
        if (title->title.at[i] == '/')
            return title->folded.length > folded.length
                   && (memcmp(title->folded.at, folded.at, folded.length) == 0
                       || memcmp(title->folded.at + title->folded.length
                                     - folded.length,
                                 folded.at, folded.length)
                              == 0);
    return false;
}

static bool map_knows(const struct map *map, struct text folded)
{
    size_t i, k, p;

    for (i = 0; i < map->title_count; i++)
        if (title_part(&map->titles[i], folded))
            return true;
    for (i = 0; i < map->rule_count; i++)
        for (k = 0; k < map->rules[i].choice_count; k++)
            for (p = 0; p < map->rules[i].choices[k].count; p++) {
                const struct map_piece *piece = &map->rules[i].choices[k].pieces[p];
                struct title_pattern title = { piece->text, piece->folded };

                if (piece->kind == PIECE_TITLE && title_part(&title, folded))
                    return true;
            }
    return false;
}

static bool set_knows(const void *self, struct text folded)
{
    const struct map_set *set = self;
    size_t i;

    for (i = 0; i < set->count; i++)
        if (map_knows(set->maps[i], folded))
            return true;
    return false;
}

static int title_column(const struct header *header, struct text folded)
{
    uint32_t i;

    for (i = 0; i < header->count; i++)
        if (text_equal(header->columns[i].folded, folded)
            || text_equal(header->columns[i].child, folded))
            return (int)i;
    return -1;
}

static bool any_pattern(const struct pattern *patterns, size_t count, struct text word)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (pattern_match(&patterns[i], word))
            return true;
    return count == 0;
}

static bool likes_hold(const struct map *map, const struct row *row)
{
    size_t i;

    for (i = 0; i < map->like_count; i++) {
        uint32_t column = (uint32_t)map->likes[i].column;

        if (column >= row->count
            || !like_match(map->likes[i].pattern, text_trim(row->cells[column].text)))
            return false;
    }
    return true;
}

static bool sheet_fits(const struct map *map, const struct sheet_view *view,
                       struct arena *memory)
{
    struct text name = text_fold(text_of(view->sheet->name), memory);

    return any_pattern(map->formats, map->format_count,
                       text_fold(text_of(view->format), memory))
           && any_pattern(map->sheets, map->sheet_count, name)
           && any_pattern(map->only_sheets, map->only_sheet_count, name)
           && (!map->first_sheet || view->sheet_number == 0);
}

static int rule_hits(const struct map *map, const struct header *header)
{
    int count = 0;
    size_t i, k, p;

    for (i = 0; i < map->rule_count; i++)
        for (k = 0; k < map->rules[i].choice_count; k++)
            for (p = 0; p < map->rules[i].choices[k].count; p++)
                if (map->rules[i].choices[k].pieces[p].kind == PIECE_TITLE)
                    count +=
                        title_column(header, map->rules[i].choices[k].pieces[p].folded)
                        >= 0;
    return count;
}

/* The header as this map wants it; false: none. */
static bool header_for(const struct map_set *set, const struct map *map,
                       const struct sheet_view *view, const struct header *common,
                       struct arena *memory, struct header *header)
{
    struct header_wish wish = { view->header_row, 0, false, set_knows, set };

    if (map->header_none && view->header_row == 0) {
        wish.none = true;
        return header_find(view->rows, view->row_count, view->sheet, set->words, &wish,
                           memory, header);
    }
    if (map->header_row == 0 && map->header_rows == 0) {
        *header = *common;
        return common->row != 0;
    }
    if (view->header_row == 0)
        wish.row = map->header_row;
    wish.rows = map->header_rows;
    return header_find(view->rows, view->row_count, view->sheet, set->words, &wish,
                       memory, header);
}

/* -1: does not fit; else how much of it was found: titles, then all columns. */
static int fit(const struct map_set *set, const struct map *map,
               const struct sheet_view *view, const struct header *common,
               struct arena *memory, struct header *header)
{
    const struct row *first;
    size_t i;

    if (!sheet_fits(map, view, memory)
        || !header_for(set, map, view, common, memory, header))
        return -1;
    for (i = 0; i < map->title_count; i++)
        if (title_column(header, map->titles[i].folded) < 0)
            return -1;
    if (map->columns != 0
        && (map->header_none && view->row_count > 0 ? (int)view->rows[0].count
                                                    : (int)header->count)
               != map->columns)
        return -1;
    if (map->like_count > 0) {
        if (header->skip >= view->row_count)
            return -1;
        first = &view->rows[header->skip];
        if (!likes_hold(map, first))
            return -1;
    }
    return (int)(map->title_count + map->like_count) * 1024 + rule_hits(map, header);
}

enum status map_match(const struct map_set *set, const struct sheet_view *view,
                      const struct map *named, struct arena *memory,
                      const struct map **map, struct header *header, const char **why,
                      struct error *err)
{
    struct header_wish wish = { view->header_row, 0, false, set_knows, set };
    struct header common, candidate;
    const struct map *equal = NULL;
    int best = -1;
    size_t i;

    *map = NULL;
    *why = NULL;
    (void)header_find(view->rows, view->row_count, view->sheet, set->words, &wish,
                      memory, &common);
    if (named != NULL) { /* the clerk's word: recognition is not asked */
        *header = common;
        if (header_for(set, named, view, &common, memory, header))
            *map = named;
        else
            *why = "找不到表头行，请用 --header-row 指出 (no header row)";
        return HY_OK;
    }
    for (i = 0; i < set->count; i++) {
        int found = fit(set, set->maps[i], view, &common, memory, &candidate);

        if (found < 0 || found < best)
            continue;
        equal = found == best ? *map : NULL;
        *map = set->maps[i];
        *header = candidate;
        best = found;
    }
    if (equal != NULL)
        return fail(
            err, HY_CONFIG,
            "两个对照表同样合适：%s 和 %s，请用 --map 指明 (two maps fit equally)",
            equal->name, (*map)->name);
    if (*map != NULL && (*map)->refuse != NULL) {
        *why = (*map)->refuse;
        *map = NULL;
        return HY_OK;
    }
    if (*map != NULL)
        return HY_OK;
    *header = common;
    if (common.row != 0)
        *map = map_generic(header,
                           &(struct generic_rows){ view->rows + header->skip,
                                                   view->row_count - header->skip },
                           set->words, memory);
    if (common.row == 0)
        *why = "前 15 行里找不到表头，请用 --header-row 指出 (no header row found)";
    else if (*map == NULL)
        *why = "列名不够认出是什么表：huiyin look 文件 --write-map 收件/maps/名称.map "
               "写出对照表的初稿，补几笔即可 (titles not understood)";
    return HY_OK;
}
