/* readers.c - the table of formats, and a refusal by name for what none reads.
 *
 * To add a format: reader_NAME.c, its extern line here and one row in the table.
 */
#include "ingest/reader.h"

#include <string.h>
#include <strings.h>

#include "core/zip.h"

extern const struct reader reader_csv, reader_xlsx, reader_json, reader_xls, reader_ods,
    reader_xml2003, reader_html, reader_zip;

static const struct reader *const table[] = {
    &reader_xlsx, &reader_xls,     &reader_ods,  &reader_json,
    &reader_csv,  &reader_xml2003, &reader_html, &reader_zip,
};

const struct reader *const *readers_all(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

const struct reader *reader_named(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i]->name, name) == 0)
            return table[i];
    return NULL;
}

struct text cell_shown(struct text text)
{
    if (text.length < 3 || text.at[0] != '=' || text.at[1] != '"'
        || text.at[text.length - 1] != '"'
        || memchr(text.at + 2, '"', text.length - 3) != NULL)
        return text;
    return (struct text){ text.at + 2, text.length - 3 };
}

static bool begins(const struct source *source, const char *magic, size_t length)
{
    return source->length >= length && memcmp(source->bytes, magic, length) == 0;
}

#define EXCEL_4 "这是很旧的 .xls（Excel 95 以前）：请在 WPS/Excel 里另存为 .xlsx"

/* Formats known by their first bytes that no reader takes. */
static const struct refusal {
    const char *magic;
    size_t length;
    const char *advice;
} refusals[] = {
    { "%PDF", 4, "这是 PDF，读不了表格：请从原系统导出 .xlsx 或 .csv" },
    { "\x1F\x8B", 2, "这是 .gz 压缩文件：请先解压" },
    { "7z\xBC\xAF\x27\x1C", 6, "这是 .7z 压缩文件：请先解压" },
    { "Rar!\x1A\x07", 6, "这是 .rar 压缩文件：请先解压" },
    { "BZh", 3, "这是 .bz2 压缩文件：请先解压" },
    { "\xFD"
      "7zXZ",
      5, "这是 .xz 压缩文件：请先解压" },
    { "\x28\xB5\x2F\xFD", 4, "这是 .zst 压缩文件：请先解压" },
    { "\x89PNG", 4, "这是图片（PNG）：请从原系统导出 .xlsx 或 .csv" },
    { "\xFF\xD8\xFF", 3, "这是图片（JPEG）：请从原系统导出 .xlsx 或 .csv" },
    { "GIF8", 4, "这是图片（GIF）：请从原系统导出 .xlsx 或 .csv" },
    { "II*\0", 4, "这是图片（TIFF）：请从原系统导出 .xlsx 或 .csv" },
    { "MM\0*", 4, "这是图片（TIFF）：请从原系统导出 .xlsx 或 .csv" },
    { "RIFF", 4, "这是图片、声音或视频：请从原系统导出 .xlsx 或 .csv" },
    { "SQLite format 3", 16, "这是 SQLite 数据库，不是导出的表" },
    { "PAR1", 4, "这是 Parquet 文件：请导出 .csv" },
    { "\x7F"
      "ELF",
      4, "这是程序，不是导出的表" },
    { "MZ\x90", 3, "这是程序，不是导出的表" },
    { "\x09\x00\x04\x00", 4, EXCEL_4 }, /* BIFF2 to 4: a bare stream of records */
    { "\x09\x02\x06\x00", 4, EXCEL_4 },
    { "\x09\x04\x06\x00", 4, EXCEL_4 },
    { "\x09\x08", 2, EXCEL_4 },
    { "{\\rtf", 5, "这是 .rtf 文档：请从原系统导出 .xlsx 或 .csv" },
};

static const char *zip_advice(const struct zip *zip)
{
    static const struct {
        const char *member, *advice;
    } kinds[] = {
        { "word/document.xml",
          "这是 Word 文档（.docx）：请把表格贴到 Excel，另存为 .xlsx" },
        { "ppt/presentation.xml", "这是幻灯片（.pptx）：请从原系统导出 .xlsx 或 .csv" },
        { "xl/workbook.bin", "这是 .xlsb：请在 WPS/Excel 里另存为 .xlsx" },
        { "content.xml", "这是 OpenDocument 的文档，不是表格：请从原系统导出 .xlsx" },
        { "AndroidManifest.xml", "这是安装包，不是导出的表" },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (zip_find(zip, kinds[i].member) >= 0)
            return kinds[i].advice;
    return "这是 .zip 压缩包，里面没有表格工作簿：请先解压，再导入里面的文件";
}

static enum status refuse_zip(const struct source *source, struct error *err)
{
    struct zip *zip = NULL;

    TRY(zip_open(&zip, source->bytes, source->length, err));
    (void)fail(err, HY_DATA, "%s", zip_advice(zip));
    zip_close(zip);
    return HY_DATA;
}

/* A page without a table, XML of no kind we know. */
static const char *markup_advice(const struct source *source)
{
    static const char *const marks[] = { "<html", "<!doctype", "<table",
                                         "<meta", "<head",     "<div" };
    const char *at = (const char *)source->bytes;
    const char *end = at + (source->length < 1024 ? source->length : 1024);

    if (begins(source, "\xEF\xBB\xBF", 3))
        at += 3;
    while (at < end && (*at == ' ' || (*at >= '\t' && *at <= '\r')))
        at++;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if ((size_t)(end - at) > strlen(marks[i])
            && strncasecmp(at, marks[i], strlen(marks[i])) == 0)
            return "这是网页，里面没有表格：请从原系统导出 .xlsx 或 .csv";
    if (end - at > 5 && memcmp(at, "<?xml", 5) == 0)
        return "这是 XML，不是表格：请从原系统导出 .xlsx 或 .csv";
    return NULL;
}

static bool is_blank(const struct source *source)
{
    size_t i = begins(source, "\xEF\xBB\xBF", 3) ? 3 : 0;

    while (i < source->length
           && (source->bytes[i] == ' '
               || (source->bytes[i] >= '\t' && source->bytes[i] <= '\r')))
        i++;
    return i == source->length;
}

/* sure: of the best reader.  What reads as text is refused by its first letters
 * only where these can begin no table. */
static enum status refuse(const struct source *source, int sure, struct error *err)
{
    const char *markup;

    if (is_blank(source))
        return fail(err, HY_DATA, "是空文件，里面没有任何文字：请重新导出");
    if (begins(source, "PK\x03\x04", 4) || begins(source, "PK\x05\x06", 4))
        return refuse_zip(source, err);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (begins(source, refusals[i].magic, refusals[i].length)
            && (sure == 0 || strchr("%{", refusals[i].magic[0]) != NULL))
            return fail(err, HY_DATA, "%s", refusals[i].advice);
    markup = markup_advice(source);
    if (markup != NULL)
        return fail(err, HY_DATA, "%s", markup);
    return HY_OK;
}

bool source_claims(const struct source *source, const char *end)
{
    size_t length = strlen(source->path);

    return length > strlen(end)
           && strcasecmp(source->path + length - strlen(end), end) == 0;
}

/* Broken JSON would pass for lines of text with commas. */
static bool claims_json(const struct source *source)
{
    static const char *const ends[] = { ".json", ".jsonl", ".ndjson", ".geojson" };

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (source_claims(source, ends[i]))
            return true;
    return false;
}

enum status reader_choose(const struct source *source, const struct reader **out,
                          struct error *err)
{
    int best = 0;
    enum status status;

    *out = NULL;
    if (source->length == 0)
        return fail(err, HY_DATA, "是空文件（0 字节）：请重新导出");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int sure = table[i]->probe(source);

        if (sure == PROBE_STARVED) /* nothing is known of the file: no word on it */
            return fail(err, HY_MEMORY, "内存不足 (out of memory)");
        if (sure > best) {
            best = sure;
            *out = table[i];
        }
    }
    if (best >= 100) /* a format with a signature of its own */
        return HY_OK;
    if (best < 100 && *out != &reader_json && claims_json(source)
        && !is_blank(source)) {
        *out = &reader_json;
        return HY_OK;
    }
    if (source_claims(source, ".et") && !is_blank(source)) {
        *out = NULL;
        return fail(err, HY_DATA, READER_ET);
    }
    status = refuse(source, best, err);
    if (status == HY_OK && best == 0)
        status = fail(err, HY_DATA,
                      "看不出这是什么文件：请从原系统导出 .xlsx、.csv 或 .json");
    if (status != HY_OK)
        *out = NULL;
    return status;
}
