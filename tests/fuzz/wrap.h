/*
 * wrap.h - bytes as the inside of a container, so that mutation reaches what lies
 * behind check sums and sector tables.
 *
 * xlsx, ods, zip: an archive of stored members; the bytes are cut at 0x1E into the
 * parts of wrap_xlsx (an empty or missing part takes its plain form).  xls: the
 * "Workbook" stream of a compound file.
 */
#ifndef HY_FUZZ_WRAP_H
#define HY_FUZZ_WRAP_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { WRAP_PARTS = 6, WRAP_LONGEST = 60000, SECTOR = 512 };

struct wrap_part {
    const char *name;
    const char *plain; /* NULL: absent when the bytes give none */
};

static const struct wrap_part wrap_xlsx[] = {
    { "xl/worksheets/sheet1.xml",
      "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>"
      "<c r=\"B1\" s=\"1\"><v>45000.5</v></c></row></sheetData></worksheet>" },
    { "xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>" },
    { "xl/styles.xml",
      "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy/m/d h:mm\"/>"
      "</numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs>"
      "</styleSheet>" },
    { "xl/workbook.xml",
      "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/"
      "relationships\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"r1\"/></sheets>"
      "</workbook>" },
    { "xl/_rels/workbook.xml.rels",
      "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\" "
      "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
      "worksheet\"/></Relationships>" },
    { NULL, NULL },
};

static const struct wrap_part wrap_ods[] = {
    { "content.xml", "<a/>" },
    { "mimetype", "application/vnd.oasis.opendocument.spreadsheet" },
    { NULL, NULL },
};

static const struct wrap_part wrap_zip[] = {
    { "a.csv", "a,b\n1,2\n" },
    { "b/c.json", NULL },
    { "d.xls", NULL },
    { NULL, NULL },
};

struct wrapped {
    unsigned char *bytes;
    size_t length;
};

static inline void wrap_put(struct wrapped *out, uint64_t value, int bytes)
{
    while (bytes-- > 0) {
        out->bytes[out->length++] = (unsigned char)value;
        value >>= 8;
    }
}

static inline void wrap_put_all(struct wrapped *out, const void *bytes, size_t length)
{
    if (length > 0)
        memcpy(out->bytes + out->length, bytes, length);
    out->length += length;
}

/* What stands alike in the local header and the directory, from flags on. */
static inline void wrap_put_entry(struct wrapped *out, const char *name, uint32_t sum,
                                  size_t length)
{
    wrap_put(out, 0, 8); /* flags, stored, time, date */
    wrap_put(out, sum, 4);
    wrap_put(out, length, 4);
    wrap_put(out, length, 4);
    wrap_put(out, strlen(name), 2);
    wrap_put(out, 0, 2);
}

static inline struct wrapped wrap_archive(const struct wrap_part *parts,
                                          const uint8_t *bytes, size_t length)
{
    struct wrapped out = { malloc(length + 4096), 0 }, list = { malloc(2048), 0 };
    const uint8_t *end = bytes + length;
    size_t count = 0, directory;

    for (; parts->name != NULL; parts++) {
        const uint8_t *stop =
            bytes < end ? memchr(bytes, 0x1E, (size_t)(end - bytes)) : end;
        const void *inside = bytes;
        size_t size = (size_t)((stop == NULL ? end : stop) - bytes);
        size_t at = out.length;

        bytes = stop == NULL || stop == end ? end : stop + 1;
        if (size == 0 && parts->plain == NULL)
            continue;
        if (size == 0) {
            inside = parts->plain;
            size = strlen(parts->plain);
        }
        wrap_put_all(&out, "PK\3\4\24\0", 6);
        wrap_put_entry(&out, parts->name, (uint32_t)crc32(0, inside, (uInt)size), size);
        wrap_put_all(&out, parts->name, strlen(parts->name));
        wrap_put_all(&out, inside, size);
        wrap_put_all(&list, "PK\1\2\24\0\24\0", 8);
        wrap_put_entry(&list, parts->name, (uint32_t)crc32(0, inside, (uInt)size),
                       size);
        wrap_put(&list, 0, 10); /* comment, disk, attributes */
        wrap_put(&list, at, 4);
        wrap_put_all(&list, parts->name, strlen(parts->name));
        count++;
    }
    directory = out.length;
    wrap_put_all(&out, list.bytes, list.length);
    wrap_put_all(&out, "PK\5\6\0\0\0\0", 8);
    wrap_put(&out, count, 2);
    wrap_put(&out, count, 2);
    wrap_put(&out, list.length, 4);
    wrap_put(&out, directory, 4);
    wrap_put(&out, 0, 2);
    free(list.bytes);
    return out;
}

static inline void wrap_put_directory(struct wrapped *out, const char *name, int kind,
                                      uint32_t child, uint32_t start, uint64_t size)
{
    size_t at = out->length, letters = strlen(name);

    for (size_t i = 0; i < letters; i++)
        wrap_put(out, (unsigned char)name[i], 2);
    wrap_put(out, 0, (int)(at + 64 - out->length));
    wrap_put(out, letters == 0 ? 0 : 2 * letters + 2, 2);
    wrap_put(out, (uint64_t)kind | 0x100, 2);
    wrap_put(out, UINT64_MAX, 8); /* no brothers */
    wrap_put(out, child, 4);
    wrap_put(out, 0, (int)(at + 116 - out->length));
    wrap_put(out, start, 4);
    wrap_put(out, size, 8);
}

/* Sector 0 is the table, sector 1 the directory, the stream follows. */
static inline struct wrapped wrap_compound(const uint8_t *bytes, size_t length)
{
    struct wrapped out;
    size_t size = length < 4096 ? 4096 : length, sectors = (size + SECTOR - 1) / SECTOR;

    out.bytes = calloc(1, (sectors + 3) * SECTOR);
    out.length = 0;
    wrap_put_all(&out, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    wrap_put(&out, 0, 16);
    wrap_put(&out, 0x0009FFFE0003003EU, 8); /* versions, order, sectors of 2^9 ... */
    wrap_put(&out, 6, 2);                   /* ... small ones of 2^6 */
    wrap_put(&out, 0, 10);
    wrap_put(&out, 1, 4); /* one sector of table */
    wrap_put(&out, 1, 4); /* the directory begins in sector 1 */
    wrap_put(&out, 0, 4);
    wrap_put(&out, 4096, 4);
    wrap_put(&out, 0x00000000FFFFFFFEU, 8); /* no small table */
    wrap_put(&out, 0x00000000FFFFFFFEU, 8); /* no more of the master table */
    wrap_put(&out, 0, 4);
    while (out.length < SECTOR)
        wrap_put(&out, 0xFFFFFFFF, 4);
    wrap_put(&out, 0xFFFFFFFD, 4);
    wrap_put(&out, 0xFFFFFFFE, 4);
    for (size_t i = 0; i < sectors; i++)
        wrap_put(&out, i + 1 == sectors ? 0xFFFFFFFE : i + 3, 4);
    while (out.length < (size_t)2 * SECTOR)
        wrap_put(&out, 0xFFFFFFFF, 4);
    wrap_put_directory(&out, "Root Entry", 5, 1, 0xFFFFFFFE, 0);
    wrap_put_directory(&out, "Workbook", 2, 0xFFFFFFFF, 2, size);
    out.length = (size_t)3 * SECTOR;
    wrap_put_all(&out, bytes, length);
    out.length = (sectors + 3) * SECTOR;
    return out;
}

#endif
