/* source.c - a file as bytes in memory, read-only. */
#include "ingest/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    /* Smaller files are read, not mapped: a mapped file that is cut short by its
     * writer, or whose USB stick is pulled, kills the process. */
    MAPPED_FROM = 64 << 20
};
static const size_t SOURCE_LARGEST = UINT32_MAX; /* spans count in 32 bits */

static enum status too_large(struct error *err)
{
    return fail(err, HY_DATA, "文件超过 4 GB，请分月导出 (too large)");
}

static enum status read_all(int file, unsigned char *bytes, size_t length, size_t *got,
                            struct error *err)
{
    *got = 0;
    while (*got < length) {
        ssize_t count = read(file, bytes + *got, length - *got);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(err, HY_IO, "读不出来（%s）(cannot read)", strerror(errno));
        if (count == 0)
            break;
        *got += (size_t)count;
    }
    return HY_OK;
}

static enum status load(struct source *source, int file, size_t length,
                        struct error *err)
{
    size_t got = length;
    bool mapped = length >= MAPPED_FROM;
    int flags = mapped ? MAP_PRIVATE : MAP_PRIVATE | MAP_ANONYMOUS;
    void *bytes = mmap(NULL, length, mapped ? PROT_READ : PROT_READ | PROT_WRITE, flags,
                       mapped ? file : -1, 0);
    enum status status = HY_OK;

    if (bytes == MAP_FAILED)
        return fail(err, HY_IO, "读不出来（%s）(cannot read)", strerror(errno));
    if (!mapped)
        status = read_all(file, bytes, length, &got, err);
    if (status == HY_OK && got < length)
        status = fail(err, HY_IO, "读的时候文件变短了，请等它写完再导入 (file shrank)");
    if (status != HY_OK) {
        (void)munmap(bytes, length);
        return status;
    }
    (void)madvise(bytes, length, MADV_SEQUENTIAL);
    source->bytes = bytes;
    source->length = length;
    return HY_OK;
}

enum status source_open(struct source *source, const char *path, struct error *err)
{
    struct stat info;
    enum status status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    *source = (struct source){ .path = path };
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR))
        return fail(err, HY_NOINPUT, "没有这个文件 (no such file)");
    if (file < 0)
        return fail(err, HY_NOINPUT, "打不开（%s）(cannot open)", strerror(errno));
    if (fstat(file, &info) != 0)
        status = fail(err, HY_IO, "读不出来（%s）(cannot read)", strerror(errno));
    else if (S_ISDIR(info.st_mode))
        status = fail(err, HY_NOINPUT, "这是文件夹，不是文件 (a directory)");
    else if (!S_ISREG(info.st_mode))
        status =
            fail(err, HY_NOINPUT, "不是普通文件，请先存成文件 (not a regular file)");
    else if (info.st_size == 0)
        status = fail(err, HY_DATA, "是空文件（0 字节），请重新导出 (empty file)");
    else if ((uint64_t)info.st_size > SOURCE_LARGEST)
        status = too_large(err);
    else
        status = load(source, file, (size_t)info.st_size, err);
    (void)close(file);
    return status;
}

void source_close(struct source *source)
{
    if (source->bytes != NULL)
        (void)munmap((void *)(uintptr_t)source->bytes, source->length);
    *source = (struct source){ 0 };
}
