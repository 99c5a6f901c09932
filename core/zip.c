/* zip.c - archives out of memory, with limits; the only user of minizip. */
#include "core/zip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <minizip/unzip.h>

#include "core/text.h"

/* Limits on what an archive may claim (PROMISES.md, row ZIP: 245 kB gave 50 GB). */
enum {
    MEMBERS_MOST = 2000,
    NAME_LONGEST = 512,
    END_RECORD = 22,         /* bytes, without its comment */
    RATIO_MOST = 200,        /* unpacked : packed ... */
    RATIO_FREE = 1024 * 1024 /* ... after so many bytes */
};
static const uint64_t MEMBER_LARGEST = UINT64_C(256) << 20;
static const uint64_t TOTAL_LARGEST = UINT64_C(1) << 30;

struct entry {
    struct zip_member member;
    uint64_t packed;
    uint64_t most_read; /* bytes unpacked so far, reading again is free */
    unz64_file_pos position;
};

struct window {
    const unsigned char *bytes;
    uint64_t length, at;
};

struct zip {
    struct arena *memory;
    struct window window;
    unzFile file;
    struct entry *entries;
    size_t count;
    int current; /* member being read, -1 = none */
    uint64_t read, total;
};

static void *ZCALLBACK window_open(void *opaque, const void *name, int mode)
{
    struct window *window = opaque;

    (void)name;
    (void)mode;
    window->at = 0;
    return window;
}

static uLong ZCALLBACK window_read(void *opaque, void *stream, void *buffer, uLong size)
{
    struct window *window = stream;
    uint64_t left = window->length - window->at;

    (void)opaque;
    if (size > left)
        size = (uLong)left;
    memcpy(buffer, window->bytes + window->at, size);
    window->at += size;
    return size;
}

static uLong ZCALLBACK window_write(void *opaque, void *stream, const void *buffer,
                                    uLong size)
{
    (void)opaque;
    (void)stream;
    (void)buffer;
    (void)size;
    return 0;
}

static ZPOS64_T ZCALLBACK window_tell(void *opaque, void *stream)
{
    (void)opaque;
    return ((struct window *)stream)->at;
}

static long ZCALLBACK window_seek(void *opaque, void *stream, ZPOS64_T offset,
                                  int origin)
{
    struct window *window = stream;
    uint64_t base = origin == ZLIB_FILEFUNC_SEEK_CUR   ? window->at
                    : origin == ZLIB_FILEFUNC_SEEK_END ? window->length
                                                       : 0;

    (void)opaque;
    if (offset > window->length - base)
        return -1;
    window->at = base + offset;
    return 0;
}

static int ZCALLBACK window_close(void *opaque, void *stream)
{
    (void)opaque;
    (void)stream;
    return 0;
}

static int ZCALLBACK window_error(void *opaque, void *stream)
{
    (void)opaque;
    (void)stream;
    return 0;
}

/* minizip and zlib say so by a code each, or only leave errno: set to 0 before. */
static bool starved(int result)
{
    return result == Z_MEM_ERROR || errno == ENOMEM;
}

static enum status no_memory(struct error *err)
{
    return fail(err, HY_MEMORY, "内存不足，压缩包没有读完 (out of memory)");
}

static enum status broken(struct error *err)
{
    if (errno == ENOMEM)
        return no_memory(err);
    return fail(err, HY_DATA, "压缩包不完整或已损坏：请重新导出或重新拷贝一次");
}

/* Chinese Windows packs names in GB18030 and does not say so. */
static const char *name_read(struct zip *zip, const char *name, size_t length)
{
    struct error ignored;
    struct text text;
    size_t bad;

    if (text_valid(name, length) == length
        || encoding_decode(ENCODING_GB18030, (const unsigned char *)name, length,
                           zip->memory, &text, &bad, &ignored)
               != HY_OK)
        return arena_copy(zip->memory, name, length);
    return text_copy(zip->memory, text);
}

static enum status entry_read(struct zip *zip, struct entry *entry, struct error *err)
{
    char name[NAME_LONGEST + 1];
    unz_file_info64 info;

    if (unzGetCurrentFileInfo64(zip->file, &info, name, sizeof name, NULL, 0, NULL, 0)
        != UNZ_OK)
        return broken(err);
    if (info.size_filename > NAME_LONGEST)
        return fail(err, HY_DATA, "压缩包里的文件名超过 %d 字节，不予读取",
                    NAME_LONGEST);
    if ((info.flag & 1) != 0)
        return fail(err, HY_DATA, "压缩包加了密码：请去掉密码，另存一份再导入");
    if (unzGetFilePos64(zip->file, &entry->position) != UNZ_OK)
        return broken(err);
    name[info.size_filename] = '\0';
    for (char *back = strchr(name, '\\'); back != NULL; back = strchr(back, '\\'))
        *back = '/'; /* some writers of .xlsx part folders so; never used as paths */
    entry->member.name = name_read(zip, name, strlen(name));
    entry->member.size = info.uncompressed_size;
    entry->packed = info.compressed_size;
    return HY_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

/* Two members of one name: programs would not agree on which one counts. */
static enum status check_doubles(struct zip *zip, struct error *err)
{
    const char **names = arena_alloc(zip->memory, (zip->count + 1) * sizeof *names);

    for (size_t i = 0; i < zip->count; i++)
        names[i] = zip->entries[i].member.name;
    qsort(names, zip->count, sizeof *names, by_name);
    for (size_t i = 1; i < zip->count; i++)
        if (strcasecmp(names[i - 1], names[i]) == 0)
            return fail(err, HY_DATA, "压缩包里有两个同名文件“%.80s”，不予读取",
                        names[i]);
    return HY_OK;
}

static enum status read_directory(struct zip *zip, struct error *err)
{
    unz_global_info64 global;
    int result;

    if (unzGetGlobalInfo64(zip->file, &global) != UNZ_OK)
        return broken(err);
    if (global.number_entry > MEMBERS_MOST)
        return fail(err, HY_DATA, "压缩包里的文件超过 %d 个，不予读取", MEMBERS_MOST);
    zip->entries = arena_alloc(zip->memory, (size_t)(global.number_entry + 1)
                                                * sizeof *zip->entries);
    result = global.number_entry == 0 ? UNZ_END_OF_LIST_OF_FILE
                                      : unzGoToFirstFile(zip->file);
    while (result == UNZ_OK && zip->count < global.number_entry) {
        TRY(entry_read(zip, &zip->entries[zip->count], err));
        zip->count++;
        result = unzGoToNextFile(zip->file);
    }
    if (zip->count != global.number_entry || result != UNZ_END_OF_LIST_OF_FILE)
        return broken(err);
    return check_doubles(zip, err);
}

/* minizip reads an end record that is cut short as zeros: not taken for whole. */
static bool has_whole_end(const unsigned char *bytes, size_t length)
{
    for (size_t i = length; i >= END_RECORD && length - i <= UINT16_MAX; i--)
        if (memcmp(bytes + i - END_RECORD, "PK\x05\x06", 4) == 0)
            return true;
    return false;
}

enum status zip_open(struct zip **out, const unsigned char *bytes, size_t length,
                     struct error *err)
{
    struct arena *memory = arena_new();
    struct zip *zip = arena_alloc(memory, sizeof *zip);
    zlib_filefunc64_def calls = {
        .zopen64_file = window_open,
        .zread_file = window_read,
        .zwrite_file = window_write,
        .ztell64_file = window_tell,
        .zseek64_file = window_seek,
        .zclose_file = window_close,
        .zerror_file = window_error,
        .opaque = &zip->window,
    };
    enum status status;

    *out = NULL;
    errno = 0;
    zip->memory = memory;
    zip->window = (struct window){ bytes, length, 0 };
    zip->current = -1;
    if (has_whole_end(bytes, length))
        zip->file = unzOpen2_64("", &calls);
    status = zip->file == NULL ? broken(err) : read_directory(zip, err);
    if (status == HY_OK)
        *out = zip;
    else
        zip_close(zip);
    return status;
}

void zip_close(struct zip *zip)
{
    if (zip == NULL)
        return;
    zip_stop(zip);
    if (zip->file != NULL)
        (void)unzClose(zip->file);
    arena_free(zip->memory);
}

size_t zip_count(const struct zip *zip)
{
    return zip->count;
}

const struct zip_member *zip_member(const struct zip *zip, size_t index)
{
    return &zip->entries[index].member;
}

int zip_find(const struct zip *zip, const char *name)
{
    for (size_t i = 0; i < zip->count; i++)
        if (strcasecmp(zip->entries[i].member.name, name) == 0)
            return (int)i;
    return -1;
}

enum status zip_start(struct zip *zip, size_t index, struct error *err)
{
    struct entry *entry = &zip->entries[index];
    int result;

    zip_stop(zip);
    errno = 0;
    if (unzGoToFilePos64(zip->file, &entry->position) != UNZ_OK)
        return broken(err);
    result = unzOpenCurrentFile(zip->file);
    if (result != UNZ_OK && starved(result))
        return no_memory(err);
    if (result != UNZ_OK)
        return fail(err, HY_DATA, "压缩包里的“%.80s”打不开（损坏，或压缩方法不支持）",
                    entry->member.name);
    zip->current = (int)index;
    zip->read = 0;
    return HY_OK;
}

static enum status check_limits(struct zip *zip, struct entry *entry, struct error *err)
{
    if (zip->read > MEMBER_LARGEST)
        return fail(err, HY_DATA, "“%.80s”解压后超过 256 MB，不予读取：请分月导出",
                    entry->member.name);
    if (zip->read > RATIO_FREE && zip->read / RATIO_MOST > entry->packed)
        return fail(err, HY_DATA, "“%.80s”的压缩比超过 %d:1，像压缩炸弹，不予读取",
                    entry->member.name, RATIO_MOST);
    if (zip->read > entry->most_read) {
        zip->total += zip->read - entry->most_read;
        entry->most_read = zip->read;
    }
    if (zip->total > TOTAL_LARGEST)
        return fail(err, HY_DATA, "压缩包解压后超过 1 GB，不予读取：请分月导出");
    return HY_OK;
}

/* minizip tells a wrong check sum only on closing the member. */
static enum status finish(struct zip *zip, struct error *err)
{
    int index = zip->current;

    zip->current = -1;
    if (unzCloseCurrentFile(zip->file) != UNZ_OK)
        return fail(err, HY_DATA, "“%.80s”的校验和不对，文件已损坏：请重新导出",
                    zip->entries[index].member.name);
    return HY_OK;
}

enum status zip_read(struct zip *zip, void *buffer, size_t room, size_t *got,
                     struct error *err)
{
    struct entry *entry;
    int count;

    *got = 0;
    if (zip->current < 0)
        return HY_OK;
    entry = &zip->entries[zip->current];
    errno = 0;
    count = unzReadCurrentFile(zip->file, buffer,
                               (unsigned)(room > 1 << 20 ? 1 << 20 : room));
    if (count < 0 && starved(count))
        return no_memory(err);
    if (count < 0)
        return fail(err, HY_DATA, "“%.80s”解压到一半出错，文件已损坏：请重新导出",
                    entry->member.name);
    if (count == 0)
        return finish(zip, err);
    *got = (size_t)count;
    zip->read += (size_t)count;
    return check_limits(zip, entry, err);
}

void zip_stop(struct zip *zip)
{
    if (zip->current >= 0)
        (void)unzCloseCurrentFile(zip->file);
    zip->current = -1;
}

enum status zip_whole(struct zip *zip, size_t index, size_t limit, struct arena *memory,
                      const unsigned char **bytes, size_t *length, struct error *err)
{
    size_t room = 4096, used = 0, got = 1;
    char *buffer = arena_alloc(memory, room);

    TRY(zip_start(zip, index, err));
    while (got > 0) {
        if (used == room) {
            buffer = arena_grow(memory, buffer, used, room * 2);
            room *= 2;
        }
        TRY(zip_read(zip, buffer + used, room - used, &got, err));
        used += got;
        if (used > limit)
            return fail(err, HY_DATA, "“%.80s”超过 %zu 字节，不予读取",
                        zip->entries[index].member.name, limit);
    }
    *bytes = (const unsigned char *)buffer;
    *length = used;
    return HY_OK;
}
