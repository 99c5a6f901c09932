/* compound.c - sectors, chains and the directory of a compound file. */
#include "ingest/compound.h"

#include <string.h>
#include <strings.h>

enum {
    HEADER = 512,
    ENTRY = 128,
    HEADER_FATS = 109, /* of the FAT sectors, named in the header itself */
    NAME_LIMIT = 32,
    MAX_ENTRIES = 65536 /* streams and storages; real workbooks have a dozen */
};
#define NO_SECTOR 0xFFFFFFFAu /* from here on: free, end, FAT, DIFAT marks */

struct entry {
    char name[NAME_LIMIT];
    uint8_t type;
    uint32_t start;
    uint64_t size;
};

struct compound {
    const unsigned char *bytes;
    size_t length;
    uint32_t sector_size, mini_size, mini_cutoff, sectors;
    uint32_t *fat, *mini_fat;
    size_t fat_count, mini_count, entry_count;
    const unsigned char *mini_stream;
    size_t mini_length;
    struct entry *entries;
};

static uint32_t u16(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t u32(const unsigned char *at)
{
    return u16(at) | u16(at + 2) << 16;
}

bool compound_magic(const unsigned char *bytes, size_t length)
{
    return length >= 8 && memcmp(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0;
}

static enum status broken(struct error *err)
{
    return fail(err, HY_DATA,
                "文件坏了或不完整（.xls 的内部目录对不上）：请重新导出或重新拷贝一次");
}

/* A whole sector, or NULL when it does not lie in the file. */
static const unsigned char *sector_at(const struct compound *compound, uint32_t sector)
{
    uint64_t offset = ((uint64_t)sector + 1) * compound->sector_size;

    if (offset + compound->sector_size > compound->length)
        return NULL;
    return compound->bytes + offset;
}

static bool read_fat_sector(struct compound *compound, uint32_t sector)
{
    const unsigned char *at = sector_at(compound, sector);
    uint32_t i, entries = compound->sector_size / 4;

    if (at == NULL)
        return false;
    for (i = 0; i < entries; i++)
        compound->fat[compound->fat_count++] = u32(at + (size_t)i * 4);
    return true;
}

static enum status read_fat(struct compound *compound, struct arena *memory,
                            struct error *err)
{
    uint32_t left = u32(compound->bytes + 44), difat = u32(compound->bytes + 68);
    uint32_t entries = compound->sector_size / 4, i, rounds = 0;

    if (left > compound->sectors)
        return broken(err);
    /* Room for all sectors of the table: some writers make it longer than needed. */
    compound->fat = arena_alloc(memory, (size_t)left * compound->sector_size + 4);
    for (i = 0; i < HEADER_FATS && left > 0; i++, left--)
        if (!read_fat_sector(compound, u32(compound->bytes + 76 + (size_t)i * 4)))
            return broken(err);
    while (left > 0) {
        const unsigned char *at = sector_at(compound, difat);

        if (at == NULL || rounds++ > compound->sectors)
            return broken(err);
        for (i = 0; i + 1 < entries && left > 0; i++, left--)
            if (!read_fat_sector(compound, u32(at + (size_t)i * 4)))
                return broken(err);
        difat = u32(at + (size_t)(entries - 1) * 4);
    }
    return HY_OK;
}

/* The bytes of a chain of full sectors; size 0 = as long as the chain is. */
static enum status read_chain(const struct compound *compound, uint32_t start,
                              uint64_t size, struct arena *memory,
                              const unsigned char **bytes, size_t *length,
                              struct error *err)
{
    uint32_t sector = start;
    size_t count = 0, got = 0;
    unsigned char *out;

    while (sector < NO_SECTOR) {
        if (sector >= compound->fat_count || sector >= compound->sectors
            || ++count > compound->sectors)
            return broken(err);
        sector = compound->fat[sector];
    }
    if (size > (uint64_t)count * compound->sector_size)
        return broken(err);
    *length = size > 0 ? (size_t)size : count * compound->sector_size;
    *bytes = out = arena_alloc(memory, count * compound->sector_size + 1);
    for (sector = start; sector < NO_SECTOR; sector = compound->fat[sector]) {
        uint64_t offset = ((uint64_t)sector + 1) * compound->sector_size;
        size_t here = offset < compound->length ? compound->length - offset : 0;

        if (here > compound->sector_size)
            here = compound->sector_size;
        memcpy(out + got, compound->bytes + (here > 0 ? offset : 0), here);
        got += here;
        if (here < compound->sector_size) /* only the file's last may be cut short */
            return got >= *length ? HY_OK : broken(err);
    }
    return HY_OK;
}

static void read_entry(const unsigned char *at, struct entry *entry)
{
    uint32_t length = u16(at + 64) / 2, i;

    for (i = 0; i + 1 < length && i + 1 < NAME_LIMIT; i++)
        entry->name[i] = at[2 * i + 1] == 0 ? (char)at[2 * i] : '?';
    entry->type = at[66];
    entry->start = u32(at + 116);
    entry->size = u32(at + 120);
}

static enum status read_directory(struct compound *compound, struct arena *memory,
                                  struct error *err)
{
    const unsigned char *bytes;
    size_t length, i;

    TRY(read_chain(compound, u32(compound->bytes + 48), 0, memory, &bytes, &length,
                   err));
    compound->entry_count = length / ENTRY;
    if (compound->entry_count == 0 || compound->entry_count > MAX_ENTRIES)
        return broken(err);
    compound->entries =
        arena_alloc(memory, compound->entry_count * sizeof(struct entry));
    for (i = 0; i < compound->entry_count; i++)
        read_entry(bytes + i * ENTRY, &compound->entries[i]);
    return HY_OK;
}

static enum status read_mini(struct compound *compound, struct arena *memory,
                             struct error *err)
{
    uint32_t start = u32(compound->bytes + 60);
    const unsigned char *bytes;
    size_t length, i;

    if (start >= NO_SECTOR || compound->entries[0].start >= NO_SECTOR)
        return HY_OK;
    TRY(read_chain(compound, start, 0, memory, &bytes, &length, err));
    compound->mini_count = length / 4;
    compound->mini_fat =
        arena_alloc(memory, (compound->mini_count + 1) * sizeof(uint32_t));
    for (i = 0; i < compound->mini_count; i++)
        compound->mini_fat[i] = u32(bytes + i * 4);
    return read_chain(compound, compound->entries[0].start, compound->entries[0].size,
                      memory, &compound->mini_stream, &compound->mini_length, err);
}

enum status compound_open(struct compound **out, const unsigned char *bytes,
                          size_t length, struct arena *memory, struct error *err)
{
    struct compound *compound = arena_alloc(memory, sizeof *compound);
    uint32_t shift, mini;

    *out = NULL;
    if (length < HEADER || !compound_magic(bytes, length))
        return broken(err);
    shift = u16(bytes + 30);
    mini = u16(bytes + 32);
    if ((shift != 9 && shift != 12) || mini != 6)
        return broken(err);
    compound->bytes = bytes;
    compound->length = length;
    compound->sector_size = 1u << shift;
    compound->mini_size = 1u << mini;
    compound->mini_cutoff = u32(bytes + 56);
    compound->sectors = (uint32_t)(length / compound->sector_size + 1);
    TRY(read_fat(compound, memory, err));
    TRY(read_directory(compound, memory, err));
    TRY(read_mini(compound, memory, err));
    *out = compound;
    return HY_OK;
}

static const struct entry *find_entry(const struct compound *compound, const char *name)
{
    size_t i;

    for (i = 0; i < compound->entry_count; i++)
        if (compound->entries[i].type == 2
            && strcasecmp(compound->entries[i].name, name) == 0)
            return &compound->entries[i];
    return NULL;
}

bool compound_has(const struct compound *compound, const char *name)
{
    return find_entry(compound, name) != NULL;
}

static enum status read_small(const struct compound *compound,
                              const struct entry *entry, struct arena *memory,
                              const unsigned char **bytes, size_t *length,
                              struct error *err)
{
    uint32_t sector = entry->start;
    unsigned char *out = arena_alloc(memory, (size_t)entry->size + compound->mini_size);
    size_t got = 0, rounds = 0;

    while (got < entry->size) {
        size_t offset = (size_t)sector * compound->mini_size;

        if (sector >= compound->mini_count || rounds++ > compound->mini_count
            || offset + compound->mini_size > compound->mini_length)
            return broken(err);
        memcpy(out + got, compound->mini_stream + offset, compound->mini_size);
        got += compound->mini_size;
        sector = compound->mini_fat[sector];
    }
    *bytes = out;
    *length = (size_t)entry->size;
    return HY_OK;
}

enum status compound_stream(const struct compound *compound, const char *name,
                            struct arena *memory, const unsigned char **bytes,
                            size_t *length, struct error *err)
{
    const struct entry *entry = find_entry(compound, name);

    if (entry == NULL)
        return fail(err, HY_DATA, "文件里没有 %s：请重新导出", name);
    if (entry->size > compound->length)
        return broken(err);
    if (entry->size < compound->mini_cutoff)
        return read_small(compound, entry, memory, bytes, length, err);
    return read_chain(compound, entry->start, entry->size, memory, bytes, length, err);
}
