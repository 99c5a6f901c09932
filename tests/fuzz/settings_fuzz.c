/* settings_fuzz.c - any bytes as huiyin.ini: read, or refused with a place and a
 * reason. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int file = -1; /* one file in memory, written anew each time */
    struct arena *memory = arena_new();
    struct settings settings;
    struct error err = { HY_OK, "" };
    enum status status;
    char path[64];

    if (file < 0)
        file = memfd_create("huiyin.ini", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, 0) != 0
        || pwrite(file, data, size, 0) != (ssize_t)size)
        abort();
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    status = settings_load(path, "templates", memory, &settings, &err);
    if (status != HY_OK && (status != HY_CONFIG || err.text[0] == '\0'))
        abort();
    if (status == HY_OK
        && (settings.month_start < 1 || settings.month_start > 28
            || settings.threshold_public < 1))
        abort();
    arena_free(memory);
    return 0;
}
