/* csv_index.c - where delimiters and line ends stand outside quotes, 64 bytes at a
 * step.
 *
 * As in G. Langdale and D. Lemire, "Parsing gigabytes of JSON per second" (2019): one
 * bit a byte for quotes, delimiters and line ends; the running parity of the quotes
 * tells what lies inside them.  Parity is right only where every quote opens a field,
 * closes one or is doubled.  The first place where that is not so (`odd`) ends the
 * index: from there the plain scanner, which is the rule, reads the record.
 */
#include "ingest/reader_csv.h"

#if defined(__x86_64__)
#include <immintrin.h>

enum { PREFETCH = 4096 }; /* bytes ahead: across the next page as well */

struct block { /* one bit for each of 64 bytes */
    uint64_t quotes, delimiters, feeds, returns;
};

struct state {         /* from block to block */
    uint64_t inside;   /* all ones: the block begins inside quotes */
    uint64_t before;   /* bit 0: the byte before may stand before an opening quote */
    uint64_t closed;   /* bit 0: the byte before was a closing quote */
    uint64_t returned; /* bit 0: the byte before was CR outside quotes */
};

/* Bits of the block that end a field; *odd: those where the quotes do not fit, or a
 * CR stands alone. */
static inline uint64_t block_marks(const struct block *block, struct state *state,
                                   uint64_t parity, uint64_t *odd)
{
    uint64_t inside = parity ^ state->inside;
    uint64_t marks = (block->delimiters | block->feeds) & ~inside;
    uint64_t opens = block->quotes & inside, closes = block->quotes & ~inside;
    uint64_t follows =
        block->delimiters | block->feeds | block->returns | block->quotes;
    uint64_t returns = block->returns & ~inside;
    uint64_t after_close = closes << 1 | state->closed;
    uint64_t after_return = returns << 1 | state->returned;

    *odd = (opens & ~((marks | block->quotes) << 1 | state->before))
           | (after_close & ~follows) | (after_return & ~block->feeds);
    state->inside = 0 - (inside >> 63); /* all bits or none */
    state->before = (marks | block->quotes) >> 63;
    state->closed = closes >> 63;
    state->returned = returns >> 63;
    return marks;
}

/* The lowest bit of `bits` (any number when there is none), which then goes. */
#define ONE_MARK(place)                          \
    out[count + (place)] = (uint32_t)i + LOWEST; \
    marks &= marks - 1

/* All bits of `marks` to out; room for sixty-four is kept behind the last. */
#define PUT_MARKS                                          \
    do {                                                   \
        size_t more = (size_t)__builtin_popcountll(marks); \
                                                           \
        for (;; more -= 8, count += 8) {                   \
            ONE_MARK(0);                                   \
            ONE_MARK(1);                                   \
            ONE_MARK(2);                                   \
            ONE_MARK(3);                                   \
            ONE_MARK(4);                                   \
            ONE_MARK(5);                                   \
            ONE_MARK(6);                                   \
            ONE_MARK(7);                                   \
            if (more <= 8)                                 \
                break;                                     \
        }                                                  \
        count += more;                                     \
    } while (0)

/* The loop both widths share.  LOAD fills `bytes` from at + i; PLAIN is the bits of
 * delimiters and line ends; SPECIAL tells whether there are quotes or CRs; BITS is the
 * bits of one byte, PARITY the running parity of bits. */
#define INDEX_BLOCKS(LOAD, PLAIN, SPECIAL, BITS, PARITY)                             \
    struct state state = { 0, 1, 0, 0 };                                             \
    size_t i, count = 0;                                                             \
                                                                                     \
    for (i = 0; i + 64 <= length; i += 64) {                                         \
        uint64_t marks, odd = 0;                                                     \
                                                                                     \
        LOAD;                                                                        \
        if ((state.inside | state.closed | state.returned) == 0 && !(SPECIAL)) {     \
            marks = PLAIN;                                                           \
            state.before = marks >> 63;                                              \
        } else {                                                                     \
            struct block block = { BITS(quote), BITS(mark), BITS(feed), BITS(ret) }; \
                                                                                     \
            marks = block_marks(&block, &state, PARITY(block.quotes), &odd);         \
            if (odd != 0)                                                            \
                marks &= (odd & (0 - odd)) - 1; /* what stands before it */          \
        }                                                                            \
        PUT_MARKS;                                                                   \
        if (odd != 0)                                                                \
            break;                                                                   \
    }                                                                                \
    return count

#define WIDE __attribute__((target("avx2,pclmul,bmi,popcnt")))

WIDE static inline uint64_t bits_32(__m256i low, __m256i high)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32
           | (uint32_t)_mm256_movemask_epi8(low);
}

WIDE static inline uint64_t parity_32(uint64_t bits)
{
    return (uint64_t)_mm_cvtsi128_si64(
        _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits),
                             _mm_set1_epi8((char)0xFF), 0));
}

WIDE static size_t index_avx2(const char *at, size_t length, char delimiter,
                              uint32_t *out)
{
    const __m256i quote = _mm256_set1_epi8('"'), feed = _mm256_set1_epi8('\n');
    const __m256i mark = _mm256_set1_epi8(delimiter), ret = _mm256_set1_epi8('\r');
    __m256i low, high, special;

#define EITHER_32(bytes, a, b) \
    _mm256_or_si256(_mm256_cmpeq_epi8(bytes, a), _mm256_cmpeq_epi8(bytes, b))
#define LOAD_32                                                              \
    low = _mm256_loadu_si256((const __m256i *)(const void *)(at + i));       \
    high = _mm256_loadu_si256((const __m256i *)(const void *)(at + i + 32)); \
    special = _mm256_or_si256(EITHER_32(low, quote, ret), EITHER_32(high, quote, ret))
#define PLAIN_32 bits_32(EITHER_32(low, mark, feed), EITHER_32(high, mark, feed))
#define SPECIAL_32 (_mm256_testz_si256(special, special) == 0)
#define BITS_32(byte) \
    bits_32(_mm256_cmpeq_epi8(low, byte), _mm256_cmpeq_epi8(high, byte))
#define LOWEST (uint32_t) _tzcnt_u64(marks)
    INDEX_BLOCKS(LOAD_32, PLAIN_32, SPECIAL_32, BITS_32, parity_32);
}

static inline uint64_t bits_16(const __m128i bytes[4], __m128i byte)
{
    uint64_t bits = 0;
    int i;

    for (i = 0; i < 4; i++)
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes[i], byte))
                << 16 * i;
    return bits;
}

static inline uint64_t parity_16(uint64_t bits)
{
    int by;

    for (by = 1; by < 64; by *= 2)
        bits ^= bits << by;
    return bits;
}

static size_t index_sse2(const char *at, size_t length, char delimiter, uint32_t *out)
{
    const __m128i quote = _mm_set1_epi8('"'), feed = _mm_set1_epi8('\n');
    const __m128i mark = _mm_set1_epi8(delimiter), ret = _mm_set1_epi8('\r');
    __m128i bytes[4];
    int k;

#define LOAD_16             \
    for (k = 0; k < 4; k++) \
    bytes[k] = _mm_loadu_si128((const __m128i *)(const void *)(at + i + 16 * (size_t)k))
#define PLAIN_16 (bits_16(bytes, mark) | bits_16(bytes, feed))
#define SPECIAL_16 ((bits_16(bytes, quote) | bits_16(bytes, ret)) != 0)
#define BITS_16(byte) bits_16(bytes, byte)
#undef LOWEST
#define LOWEST (uint32_t) __builtin_ctzll(marks | UINT64_C(1) << 63)
    INDEX_BLOCKS(LOAD_16, PLAIN_16, SPECIAL_16, BITS_16, parity_16);
}

#define WIDEST __attribute__((target("avx512bw,avx512vbmi2,pclmul,bmi,popcnt")))

/* All offsets of a block at once: bits pick the numbers 0 to 63. */
WIDEST static inline size_t put_picked(uint32_t *out, uint64_t marks, uint32_t base)
{
    const __m512i numbers =
        _mm512_set_epi8(63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48,
                        47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32,
                        31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
                        15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    __m512i picked = _mm512_maskz_compress_epi8(marks, numbers);
    __m512i from = _mm512_set1_epi32((int)base);
    size_t count = (size_t)__builtin_popcountll(marks), done = 0;

    for (;;) {
        __m512i sixteen = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(picked));

        _mm512_storeu_si512(out + done, _mm512_add_epi32(from, sixteen));
        done += 16;
        if (done >= count)
            return count;
        picked = _mm512_shuffle_i32x4(picked, picked, 0x39); /* the next 16 bytes */
    }
}

WIDEST static size_t index_avx512(const char *at, size_t length, char delimiter,
                                  uint32_t *out)
{
    const __m512i quote = _mm512_set1_epi8('"'), feed = _mm512_set1_epi8('\n');
    const __m512i mark = _mm512_set1_epi8(delimiter), ret = _mm512_set1_epi8('\r');
    __m512i bytes;

#define LOAD_64                            \
    __builtin_prefetch(at + i + PREFETCH); \
    bytes = _mm512_loadu_si512(at + i)
#define BITS_64(byte) _mm512_cmpeq_epi8_mask(bytes, byte)
#define PLAIN_64 (BITS_64(mark) | BITS_64(feed))
#define SPECIAL_64 ((BITS_64(quote) | BITS_64(ret)) != 0)
#undef PUT_MARKS
#define PUT_MARKS count += put_picked(out + count, marks, (uint32_t)i)
    INDEX_BLOCKS(LOAD_64, PLAIN_64, SPECIAL_64, BITS_64, parity_32);
}

csv_indexer *csv_indexer_of(enum csv_vectors vectors)
{
    if (vectors >= CSV_AVX512 && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("pclmul"))
        return index_avx512;
    if (vectors >= CSV_AVX2 && __builtin_cpu_supports("avx2")
        && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi"))
        return index_avx2;
    return vectors >= CSV_SSE2 ? index_sse2 : NULL;
}
#else
csv_indexer *csv_indexer_of(enum csv_vectors vectors)
{
    (void)vectors;
    return NULL;
}
#endif
