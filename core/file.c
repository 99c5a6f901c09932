/* file.c - reading whole files; writing aside, then one rename. */
#include "core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Which status an errno deserves when something is being created. */
static enum status create_status(int cause)
{
    switch (cause) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO:
        return HY_IO;
    default:
        return HY_CREATE;
    }
}

static const char *cause_words(int cause)
{
    switch (cause) {
    case ENOENT:
        return "没有这个文件或文件夹 (not found)";
    case EACCES:
    case EPERM:
        return "没有权限 (permission denied)";
    case EROFS:
        return "这个位置只读，不能写 (read-only)";
    case ENOSPC:
    case EDQUOT:
        return "磁盘满了，请腾出空间再试 (disk full)";
    case EISDIR:
        return "这是一个文件夹，不是文件 (is a directory)";
    case ENOMEM:
        return "内存不足 (out of memory)";
    default:
        return strerror(cause);
    }
}

static enum status read_all(int file, unsigned char *bytes, size_t size,
                            struct error *err, const char *path)
{
    size_t got = 0;

    while (got < size) {
        ssize_t part = read(file, bytes + got, size - got);

        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return fail(err, HY_IO, "%s: %s", path, cause_words(errno));
        if (part == 0)
            return fail(err, HY_IO, "%s: 读到一半文件变短了 (file shrank)", path);
        got += (size_t)part;
    }
    return HY_OK;
}

enum status file_read(const char *path, size_t limit, struct arena *memory,
                      const unsigned char **bytes, size_t *length, struct error *err)
{
    enum status status = HY_OK;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    unsigned char *buffer;
    struct stat about;

    if (file < 0)
        return fail(err, errno == ENOENT ? HY_NOINPUT : HY_IO, "%s: %s", path,
                    cause_words(errno));
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        status = fail(err, HY_NOINPUT, "%s: 不是普通文件 (not a regular file)", path);
        goto done;
    }
    if ((uint64_t)about.st_size > limit) {
        status =
            fail(err, HY_DATA, "%s: 超过 %zu 字节，太大了 (too large)", path, limit);
        goto done;
    }
    *length = (size_t)about.st_size;
    buffer = arena_alloc(memory, *length + 1);
    *bytes = buffer;
    status = read_all(file, buffer, *length, err, path);
done:
    (void)close(file);
    return status;
}

const char *file_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

const char *file_scratch(const char *path, struct arena *memory)
{
    const char *base = file_base(path);

    return arena_printf(memory, "%.*s.%s.tmp", (int)(base - path), path, base);
}

/* The data must be on the disk before the name points at it, and the name too. */
static int sync_path(const char *path, int flags)
{
    int file = open(path, flags | O_CLOEXEC);
    int failed;

    if (file < 0)
        return -1;
    failed = fsync(file);
    (void)close(file);
    return failed;
}

static int sync_parent(const char *path)
{
    const char *base = file_base(path);
    char parent[4096];

    if (base == path)
        return sync_path(".", O_RDONLY | O_DIRECTORY);
    if ((size_t)(base - path) >= sizeof parent)
        return -1;
    memcpy(parent, path, (size_t)(base - path));
    parent[base - path] = '\0';
    return sync_path(parent, O_RDONLY | O_DIRECTORY);
}

enum status file_settle(const char *scratch, const char *path, unsigned mode,
                        enum status written, struct error *err)
{
    if (written == HY_OK
        && (chmod(scratch, mode) != 0 || sync_path(scratch, O_RDONLY) != 0
            || rename(scratch, path) != 0))
        written = fail(err, create_status(errno), "%s: %s", path, cause_words(errno));
    if (written != HY_OK) {
        (void)unlink(scratch);
        return written;
    }
    (void)sync_parent(path); /* some file systems refuse; the rename stands */
    return HY_OK;
}

static enum status write_all(const char *scratch, const void *bytes, size_t length,
                             struct error *err)
{
    const char *at = bytes;
    enum status status = HY_OK;
    int file;

    (void)unlink(scratch); /* a rest of a killed run; never follow a link */
    file = open(scratch, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return fail(err, create_status(errno), "%s: %s", scratch, cause_words(errno));
    while (length > 0) {
        ssize_t part = write(file, at, length);

        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0) {
            status = fail(err, HY_IO, "%s: %s", scratch, cause_words(errno));
            break;
        }
        at += part;
        length -= (size_t)part;
    }
    if (close(file) != 0 && status == HY_OK)
        status = fail(err, HY_IO, "%s: %s", scratch, cause_words(errno));
    return status;
}

enum status file_write(const char *path, unsigned mode, const void *bytes,
                       size_t length, struct error *err)
{
    struct arena *memory = arena_new();
    const char *scratch = file_scratch(path, memory);
    enum status status = write_all(scratch, bytes, length, err);

    status = file_settle(scratch, path, mode, status, err);
    arena_free(memory);
    return status;
}

enum status file_make_directory(const char *path, struct error *err)
{
    char part[4096];
    size_t length = strlen(path), i;

    if (length == 0 || length >= sizeof part)
        return fail(err, HY_CREATE, "%s: 路径太长 (path too long)", path);
    for (i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return fail(err, create_status(errno), "%s: %s", part, cause_words(errno));
    }
    if (!file_is_directory(path))
        return fail(err, HY_CREATE, "%s: 已有同名文件，不能建文件夹 (not a directory)",
                    path);
    return HY_OK;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum status file_list(const char *directory, struct arena *memory,
                      const char *const **names, size_t *count, struct error *err)
{
    DIR *open_directory = opendir(directory);
    const char **list = NULL;
    struct dirent *entry;
    size_t room = 0;
    int failed;

    *count = 0;
    *names = NULL;
    if (open_directory == NULL)
        return fail(err, errno == ENOMEM ? HY_MEMORY : HY_NOINPUT, "%s: %s", directory,
                    cause_words(errno));
    while (errno = 0, (entry = readdir(open_directory)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (*count == room) {
            list = arena_grow(memory, list, room * sizeof *list,
                              (room + 16) * 2 * sizeof *list);
            room = (room + 16) * 2;
        }
        list[(*count)++] = arena_copy(memory, entry->d_name, strlen(entry->d_name));
    }
    failed = errno; /* half a list of maps or files would be a silent loss */
    (void)closedir(open_directory);
    if (failed != 0) {
        *count = 0;
        return fail(err, failed == ENOMEM ? HY_MEMORY : HY_IO, "%s: %s", directory,
                    cause_words(failed));
    }
    if (*count > 1)
        qsort(list, *count, sizeof *list, by_bytes);
    *names = list;
    return HY_OK;
}

bool file_is_directory(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static bool holds_templates(const char *directory, struct arena *memory)
{
    return directory != NULL
           && file_exists(arena_printf(memory, "%s/metrics.tsv", directory));
}

/* The directory of the running program, or NULL. */
static const char *program_directory(struct arena *memory)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

    if (length <= 0)
        return NULL;
    path[length] = '\0';
    return arena_copy(memory, path, (size_t)(file_base(path) - path));
}

enum status file_templates(struct arena *memory, const char **directory,
                           struct error *err)
{
    const char *beside = program_directory(memory);
    const char *places[6] = { getenv("HUIYIN_TEMPLATES"), "templates" };
    size_t count = 2, i;

    if (beside != NULL) {
        places[count++] = arena_printf(memory, "%stemplates", beside);
        places[count++] = arena_printf(memory, "%s../templates", beside);
        places[count++] = arena_printf(memory, "%s../../templates", beside);
        places[count++] = arena_printf(memory, "%s../share/huiyin/templates", beside);
    }
    for (i = 0; i < count; i++)
        if (holds_templates(places[i], memory)) {
            *directory = places[i];
            return HY_OK;
        }
    return fail(
        err, HY_CONFIG,
        "找不到 templates 文件夹（报告模板、词表）。请在程序所在的文件夹里运行，"
        "或设置 HUIYIN_TEMPLATES (templates/ not found)");
}
