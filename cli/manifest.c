/* manifest.c - writes, reads and checks 清单.txt. */
#include "cli/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"

enum { MANIFEST_MOST = 8 << 20 };

void manifest_code(const char *data, size_t length, char out[CODE_ROOM])
{
    unsigned char hash[32];
    char hex[65];

    hash_bytes(data, length, hash);
    hash_hex(hash, hex);
    (void)snprintf(out, CODE_ROOM, "%.4s-%.4s-%.4s", hex, hex + 4, hex + 8);
}

void manifest_seed(const char *tables, const char *previous, char out[65])
{
    unsigned char seed[32];
    char text[160];

    (void)snprintf(text, sizeof text, "%.64s %.64s", tables, previous);
    hash_bytes(text, strlen(text), seed);
    hash_hex(seed, out);
}

static const char *hex_of(const unsigned char *bytes, size_t length,
                          struct arena *memory)
{
    char *out = arena_alloc(memory, length * 2 + 1);
    size_t i;

    for (i = 0; i < length; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return out;
}

const char *manifest_seal(const char *data, const char *edition,
                          const struct shown_file *files, size_t count,
                          const struct key *key, struct arena *memory,
                          unsigned char signature[SIGNATURE_BYTES])
{
    unsigned char public_key[32];
    char code[CODE_ROOM];
    const char *text;
    size_t i;

    manifest_code(data, strlen(data), code);
    text = arena_printf(memory, "%scheck = %s\nedition = %s\n", data, code, edition);
    for (i = 0; i < count; i++)
        text = arena_printf(memory, "%s%s  %s\n", text,
                            hex_of(files[i].sha256, 32, memory), files[i].name);
    key_public(key, public_key);
    text = arena_printf(memory, "%skey = %s\n", text, hex_of(public_key, 32, memory));
    key_sign(key, text, strlen(text), signature);
    return arena_printf(memory, "%ssignature = %s\n", text,
                        hex_of(signature, SIGNATURE_BYTES, memory));
}

/* --- reading -------------------------------------------------------------------- */

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool hex_take(const char *hex, size_t bytes, unsigned char *out)
{
    size_t i;

    for (i = 0; i < bytes; i++) {
        int high = hex_digit(hex[2 * i]);
        int low = high < 0 ? -1 : hex_digit(hex[2 * i + 1]);

        if (low < 0)
            return false;
        if (out != NULL)
            out[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

/* "SHA-256  name": a name is one component of a path. */
static bool take_file(struct manifest *manifest, const char *line,
                      struct manifest_file *files)
{
    struct manifest_file *file = &files[manifest->file_count];

    if (strlen(line) < 67 || !hex_take(line, 32, NULL) || line[64] != ' '
        || line[65] != ' ' || strchr(line, '/') != NULL || line[66] == '.')
        return false;
    memcpy(file->sha256, line, 64);
    file->sha256[64] = '\0';
    file->name = line + 66;
    manifest->file_count++;
    return true;
}

/* "SHA-256 NAME" */
static bool take_template(struct manifest *manifest, const char *value,
                          struct manifest_file *templates)
{
    struct manifest_file *file = &templates[manifest->template_count];

    if (strlen(value) < 66 || !hex_take(value, 32, NULL) || value[64] != ' ')
        return false;
    memcpy(file->sha256, value, 64);
    file->sha256[64] = '\0';
    file->name = value + 65;
    manifest->template_count++;
    return true;
}

static bool take_pair(struct manifest *manifest, const char *key, const char *value,
                      size_t at)
{
    bool good = true;

    if (strcmp(key, "month") == 0)
        manifest->month = value;
    else if (strcmp(key, "revision") == 0)
        manifest->revision = (int)strtol(value, NULL, 10);
    else if (strcmp(key, "previous") == 0)
        manifest->previous = value;
    else if (strcmp(key, "content") == 0)
        manifest->content = value;
    else if (strcmp(key, "settings") == 0)
        manifest->settings = value;
    else if (strcmp(key, "edition") == 0)
        manifest->edition = value;
    else if (strcmp(key, "tables.public") == 0)
        manifest->tables = value;
    else if (strcmp(key, "draw") == 0)
        manifest->draw = value;
    else if (strcmp(key, "check") == 0) {
        good = manifest->data_length == 0 && strlen(value) == CODE_ROOM - 1;
        manifest->data_length = at;
        if (good)
            memcpy(manifest->code, value, CODE_ROOM);
    } else if (strcmp(key, "key") == 0)
        good = strlen(value) == 64 && hex_take(value, 32, manifest->public_key);
    else if (strcmp(key, "signature") == 0) {
        good = manifest->signed_length == 0 && strlen(value) == 2 * SIGNATURE_BYTES
               && hex_take(value, SIGNATURE_BYTES, manifest->signature);
        manifest->signed_length = at;
    }
    return good;
}

static bool take_line(struct manifest *manifest, char *line, size_t at,
                      struct manifest_file *files, struct manifest_file *templates)
{
    char *equals = strstr(line, " = ");

    if (manifest->signed_length > 0)
        return false; /* nothing may follow the signature */
    if (line[0] == '#' && manifest->data_length == 0)
        return true;
    if (equals != NULL && equals - line < 40) {
        *equals = '\0';
        return strcmp(line, "template") == 0
                   ? take_template(manifest, equals + 3, templates)
                   : take_pair(manifest, line, equals + 3, at);
    }
    return manifest->data_length > 0 && take_file(manifest, line, files);
}

enum status manifest_read(const char *path, struct arena *memory,
                          struct manifest *manifest, struct error *err)
{
    const unsigned char *bytes;
    struct manifest_file *files, *templates;
    size_t length, at = 0, line = 1;
    char *copy;

    *manifest = (struct manifest){ .previous = "-" };
    TRY(file_read(path, MANIFEST_MOST, memory, &bytes, &length, err));
    manifest->text = (const char *)bytes;
    manifest->length = length;
    copy = arena_copy(memory, manifest->text, length);
    files = arena_alloc(memory, (length / 68 + 1) * sizeof *files);
    manifest->files = files;
    templates = arena_alloc(memory, (length / 68 + 1) * sizeof *templates);
    manifest->templates = templates;
    for (; at < length; line++) {
        char *end = memchr(copy + at, '\n', length - at);
        size_t start = at;

        if (end == NULL)
            return fail(err, HY_DATA, "%s 第 %zu 行没有写完 (cut short)", path, line);
        *end = '\0';
        at = (size_t)(end - copy) + 1;
        if (strlen(copy + start) != at - start - 1
            || !take_line(manifest, copy + start, start, files, templates))
            return fail(err, HY_DATA, "%s 第 %zu 行看不懂，清单被改过 (line changed)",
                        path, line);
    }
    if (manifest->data_length == 0 || manifest->signed_length == 0
        || manifest->month == NULL || manifest->edition == NULL)
        return fail(err, HY_DATA, "%s 缺核对码、签名或月份，清单不全 (incomplete)",
                    path);
    return HY_OK;
}

/* A revision draws no list, and lists of before had no seed. */
static bool seed_holds(const struct manifest *manifest)
{
    char seed[65];

    if (manifest->draw == NULL || strcmp(manifest->draw, "-") == 0)
        return true;
    if (manifest->tables == NULL)
        return false;
    manifest_seed(manifest->tables, manifest->previous, seed);
    return strcmp(seed, manifest->draw) == 0;
}

enum status manifest_check(const struct manifest *manifest, const char *path,
                           struct error *err)
{
    char code[CODE_ROOM];

    manifest_code(manifest->text, manifest->data_length, code);
    if (strcmp(code, manifest->code) != 0)
        return fail(err, HY_DATA,
                    "%s：核对码不符，写着 %s，算出来是 %s；清单的数据部分被改过 "
                    "(check code)",
                    path, manifest->code, code);
    if (!signature_holds(manifest->public_key, manifest->text, manifest->signed_length,
                         manifest->signature))
        return fail(err, HY_DATA, "%s：签名不符，清单被改过 (signature)", path);
    if (!seed_holds(manifest)) /* well signed: whoever publishes chose it */
        return fail(
            err, HY_DATA,
            "%s：抽样种子不是由公布的数字和上一期算出来的，抽查名单不作数 (draw)",
            path);
    return HY_OK;
}
