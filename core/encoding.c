/* encoding.c - what bytes are written in; the whole file judged, never a cell. */
#include "core/text.h"

#include <string.h>

#include "core/encoding_common.inc"

enum {
    SAMPLE = 1 << 20, /* bytes judged, from the first that is not ASCII on */
    WIDE_SAMPLE = 1 << 16
};

/* Shares measured on the corpora of design/PROMISES.md, finding 8: damaged UTF-8
 * >= 0.98, GB18030 and Big5 read as UTF-8 <= 0.22; commonest hanzi of real
 * Chinese >= 0.35, of Korean, Japanese or Latin bytes <= 0.12. */
static const double UTF8_SURE = 0.90, UTF8_DOUBTFUL = 0.60, PAIRS_VALID = 0.90,
                    COMMON_HANZI = 0.20, WIDE_PLAUSIBLE = 0.95;

struct share {
    size_t valid, bad, common;
};

static double ratio(size_t part, size_t whole)
{
    return whole == 0 ? 0.0 : (double)part / (double)whole;
}

static struct share utf8_share(const unsigned char *bytes, size_t length)
{
    const char *at = (const char *)bytes;
    const char *end = at + length;
    struct share share = { 0, 0, 0 };

    while (at < end) {
        const char *start = at;

        if ((unsigned char)*at < 0x80) {
            at++;
            continue;
        }
        (void)text_next(&at, end);
        if (at - start > 1)
            share.valid++;
        else if (end - start >= 4) /* a sample may end inside a sequence */
            share.bad++;
    }
    return share;
}

static void mark(unsigned char bits[8192], const uint16_t *codes, size_t count)
{
    memset(bits, 0, 8192);
    for (size_t i = 0; i < count; i++)
        bits[codes[i] >> 3] |= (unsigned char)(1 << (codes[i] & 7));
}

/* Pairs of GBK (first >= 0x81) or Big5 (>= 0xA1) among the bytes. */
static struct share pair_share(const unsigned char *bytes, size_t length, bool big5)
{
    unsigned char bits[8192];
    struct share share = { 0, 0, 0 };
    unsigned first = big5 ? 0xA1 : 0x81;
    size_t i = 0;

    if (big5)
        mark(bits, common_big5, sizeof common_big5 / sizeof *common_big5);
    else
        mark(bits, common_gb, sizeof common_gb / sizeof *common_gb);
    while (i + 3 < length) {
        unsigned lead = bytes[i], trail = bytes[i + 1];
        unsigned code = lead << 8 | trail;

        if (lead < 0x80) {
            i++;
        } else if (lead < first || lead == 0xFF) {
            share.bad++;
            i++;
        } else if (trail >= 0x40 && trail != 0x7F && trail != 0xFF
                   && !(big5 && trail > 0x7E && trail < 0xA1)) {
            share.valid++;
            share.common += bits[code >> 3] >> (code & 7) & 1;
            i += 2;
        } else if (!big5 && trail >= 0x30 && trail <= 0x39 && bytes[i + 2] >= 0x81
                   && bytes[i + 2] != 0xFF && bytes[i + 3] >= 0x30
                   && bytes[i + 3] <= 0x39) {
            share.valid++;
            i += 4;
        } else {
            share.bad++;
            i++;
        }
    }
    return share;
}

static enum encoding by_bom(const unsigned char *bytes, size_t length, size_t *bom)
{
    static const struct {
        const char *bytes;
        size_t length;
        enum encoding encoding;
    } boms[] = {
        { "\xEF\xBB\xBF", 3, ENCODING_UTF8 },
        { "\xFF\xFE\0\0", 4, ENCODING_UTF32LE },
        { "\0\0\xFE\xFF", 4, ENCODING_UTF32BE },
        { "\xFF\xFE", 2, ENCODING_UTF16LE },
        { "\xFE\xFF", 2, ENCODING_UTF16BE },
        { "\x84\x31\x95\x33", 4, ENCODING_GB18030 },
    };

    for (size_t i = 0; i < sizeof boms / sizeof *boms; i++)
        if (length >= boms[i].length
            && memcmp(bytes, boms[i].bytes, boms[i].length) == 0) {
            *bom = boms[i].length;
            return boms[i].encoding;
        }
    return ENCODING_UNKNOWN;
}

static bool plausible(uint32_t code)
{
    return (code >= 0x20 && code < 0x7F) || (code >= '\t' && code <= '\r')
           || (code >= 0xA0 && code <= 0x17F) || (code >= 0x2010 && code <= 0x2312)
           || (code >= 0x2460 && code <= 0x2642) || (code >= 0x3000 && code <= 0x33FF)
           || (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0xFF00 && code <= 0xFFEF);
}

static uint32_t wide_unit(const unsigned char *at, enum encoding encoding)
{
    switch (encoding) {
    case ENCODING_UTF16LE:
        return (uint32_t)at[1] << 8 | at[0];
    case ENCODING_UTF16BE:
        return (uint32_t)at[0] << 8 | at[1];
    case ENCODING_UTF32LE:
        return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8
               | at[0];
    case ENCODING_UTF32BE:
        return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8
               | at[3];
    case ENCODING_UNKNOWN:
    case ENCODING_UTF8:
    case ENCODING_GB18030:
    case ENCODING_BIG5:
        break;
    }
    return 0;
}

/* NULs without a mark: the reading of two or four bytes a letter that makes
 * sense, if one does.  Text without any ASCII has no delimiter and is no table. */
static enum encoding by_nuls(const unsigned char *bytes, size_t length)
{
    static const enum encoding wide[] = { ENCODING_UTF32LE, ENCODING_UTF32BE,
                                          ENCODING_UTF16LE, ENCODING_UTF16BE };

    if (length > WIDE_SAMPLE)
        length = WIDE_SAMPLE;
    for (size_t k = 0; k < sizeof wide / sizeof *wide; k++) {
        size_t step = k < 2 ? 4 : 2, good = 0, ascii = 0, units = length / step;

        for (size_t i = 0; i < units; i++) {
            uint32_t code = wide_unit(bytes + i * step, wide[k]);

            good += plausible(code);
            ascii += code >= '\t' && code < 0x7F;
        }
        if (units > 1 && ratio(good, units) >= WIDE_PLAUSIBLE
            && ratio(ascii, units) >= 0.01)
            return wide[k];
    }
    return ENCODING_UNKNOWN;
}

static size_t first_not_ascii(const unsigned char *bytes, size_t length)
{
    size_t i = 0;
    uint64_t eight;

    for (; length - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, bytes + i, sizeof eight);
        if ((eight & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    while (i < length && bytes[i] < 0x80)
        i++;
    return i;
}

static enum encoding by_shares(const unsigned char *bytes, size_t length)
{
    struct share utf8 = utf8_share(bytes, length);
    struct share gb, big5;
    double sure = ratio(utf8.valid, utf8.valid + utf8.bad);
    double gb_common, big5_common;

    if (sure >= UTF8_SURE)
        return ENCODING_UTF8;
    gb = pair_share(bytes, length, false);
    big5 = pair_share(bytes, length, true);
    gb_common = ratio(gb.common, gb.valid);
    big5_common = ratio(big5.common, big5.valid);
    if (gb_common >= COMMON_HANZI && gb_common >= big5_common
        && ratio(gb.valid, gb.valid + gb.bad) >= PAIRS_VALID)
        return ENCODING_GB18030;
    if (big5_common >= COMMON_HANZI
        && ratio(big5.valid, big5.valid + big5.bad) >= PAIRS_VALID)
        return ENCODING_BIG5;
    return sure >= UTF8_DOUBTFUL ? ENCODING_UTF8 : ENCODING_UNKNOWN;
}

enum encoding encoding_detect(const unsigned char *bytes, size_t length, size_t *bom)
{
    enum encoding encoding;
    unsigned char tail[SAMPLE / 256];
    size_t start, sample, nul_sample = length < WIDE_SAMPLE ? length : WIDE_SAMPLE;

    *bom = 0;
    encoding = by_bom(bytes, length, bom);
    if (encoding != ENCODING_UNKNOWN || length == 0)
        return encoding == ENCODING_UNKNOWN ? ENCODING_UTF8 : encoding;
    if (memchr(bytes, '\0', nul_sample) != NULL) {
        encoding = by_nuls(bytes, length);
        if (encoding != ENCODING_UNKNOWN)
            return encoding;
    }
    start = first_not_ascii(bytes, length);
    if (start == length)
        return ENCODING_UTF8;
    sample = length - start < SAMPLE ? length - start : SAMPLE;
    if (sample + 8 > sizeof tail || start + sample < length)
        return by_shares(bytes + start, sample);
    /* Blanks behind a short file, so that its last letters count too. */
    memcpy(tail, bytes + start, sample);
    memset(tail + sample, ' ', 8);
    return by_shares(tail, sample + 8);
}

static const struct encoding_entry {
    const char *name;
    enum encoding encoding;
} names[] = {
    { "utf8", ENCODING_UTF8 },       { "utf8sig", ENCODING_UTF8 },
    { "utf8bom", ENCODING_UTF8 },    { "ascii", ENCODING_UTF8 },
    { "gb18030", ENCODING_GB18030 }, { "gbk", ENCODING_GB18030 },
    { "gb2312", ENCODING_GB18030 },  { "gb", ENCODING_GB18030 },
    { "cp936", ENCODING_GB18030 },   { "ansi", ENCODING_GB18030 },
    { "euccn", ENCODING_GB18030 },   { "big5", ENCODING_BIG5 },
    { "big5hkscs", ENCODING_BIG5 },  { "cp950", ENCODING_BIG5 },
    { "utf16", ENCODING_UTF16LE },   { "unicode", ENCODING_UTF16LE },
    { "utf16le", ENCODING_UTF16LE }, { "utf16be", ENCODING_UTF16BE },
    { "utf32", ENCODING_UTF32LE },   { "utf32le", ENCODING_UTF32LE },
    { "utf32be", ENCODING_UTF32BE },
};

enum encoding encoding_named(const char *name)
{
    char plain[16];
    size_t length = 0;

    for (; *name != '\0'; name++) {
        char letter = *name;

        if (letter == '-' || letter == '_' || letter == ' ')
            continue;
        if (length + 1 == sizeof plain)
            return ENCODING_UNKNOWN;
        if (letter >= 'A' && letter <= 'Z')
            letter = (char)(letter + ('a' - 'A'));
        plain[length++] = letter;
    }
    plain[length] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(plain, names[i].name) == 0)
            return names[i].encoding;
    return ENCODING_UNKNOWN;
}

const char *encoding_name(enum encoding encoding)
{
    switch (encoding) {
    case ENCODING_UNKNOWN:
        break;
    case ENCODING_UTF8:
        return "UTF-8";
    case ENCODING_GB18030:
        return "GB18030";
    case ENCODING_BIG5:
        return "Big5";
    case ENCODING_UTF16LE:
        return "UTF-16LE";
    case ENCODING_UTF16BE:
        return "UTF-16BE";
    case ENCODING_UTF32LE:
        return "UTF-32LE";
    case ENCODING_UTF32BE:
        return "UTF-32BE";
    }
    return "?";
}
