/* text_valid.c - how far bytes are strict UTF-8; sixty-four bytes at a step.
 *
 * The vectors follow J. Keiser and D. Lemire, "Validating UTF-8 in less than one
 * instruction per byte" (2021): three look-ups of half bytes give, for each byte and
 * the one before, the errors the pair may be; what is an error in all three is one.
 * Where they find one the plain walk of text.c says where it is.
 */
#include "core/text.h"
#include "core/text_valid.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

enum {
    TOO_SHORT = 1 << 0,      /* 11______ 0_______ or 11______ 11______ */
    TOO_LONG = 1 << 1,       /* 0_______ 10______ */
    OVERLONG_3 = 1 << 2,     /* 11100000 100_____ */
    TOO_LARGE = 1 << 3,      /* 11110100 1001____ and above */
    SURROGATE = 1 << 4,      /* 11101101 101_____ */
    OVERLONG_2 = 1 << 5,     /* 1100000_ 10______ */
    TOO_LARGE_1000 = 1 << 6, /* 11110101 1000____ and above */
    OVERLONG_4 = 1 << 6,     /* 11110000 1000____ */
    TWO_CONTS = 1 << 7,      /* 10______ 10______ */
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS
};

#define TWICE(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                          \
    _mm256_setr_epi8((char)(a), (char)(b), (char)(c), (char)(d), (char)(e), (char)(f), \
                     (char)(g), (char)(h), (char)(i), (char)(j), (char)(k), (char)(l), \
                     (char)(m), (char)(n), (char)(o), (char)(p), (char)(a), (char)(b), \
                     (char)(c), (char)(d), (char)(e), (char)(f), (char)(g), (char)(h), \
                     (char)(i), (char)(j), (char)(k), (char)(l), (char)(m), (char)(n), \
                     (char)(o), (char)(p))

#define AVX2 __attribute__((target("avx2")))

/* The bytes `by` places before those of now. */
#define BEFORE(now, last, by) \
    _mm256_alignr_epi8(now, _mm256_permute2x128_si256(last, now, 0x21), 16 - (by))

AVX2 static __m256i pair_errors(__m256i now, __m256i last)
{
    const __m256i low = _mm256_set1_epi8(0x0F);
    const __m256i first_high =
        TWICE(TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
              TOO_LONG, TWO_CONTS, TWO_CONTS, TWO_CONTS, TWO_CONTS,
              TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
              TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4);
    const __m256i first_low =
        TWICE(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY,
              CARRY, CARRY | TOO_LARGE, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000);
    const __m256i second_high =
        TWICE(TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
              TOO_SHORT, TOO_SHORT,
              TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_1000
                  | OVERLONG_4,
              TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE,
              TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
              TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE, TOO_SHORT,
              TOO_SHORT, TOO_SHORT, TOO_SHORT);
    __m256i first = BEFORE(now, last, 1);
    __m256i errors = _mm256_and_si256(
        _mm256_shuffle_epi8(first_high,
                            _mm256_and_si256(_mm256_srli_epi16(first, 4), low)),
        _mm256_shuffle_epi8(first_low, _mm256_and_si256(first, low)));
    __m256i third, fourth;

    errors = _mm256_and_si256(
        errors, _mm256_shuffle_epi8(second_high,
                                    _mm256_and_si256(_mm256_srli_epi16(now, 4), low)));
    /* a third or fourth byte of a sequence must be a second continuation in a row */
    third =
        _mm256_subs_epu8(BEFORE(now, last, 2), _mm256_set1_epi8((char)(0xE0 - 0x80)));
    fourth =
        _mm256_subs_epu8(BEFORE(now, last, 3), _mm256_set1_epi8((char)(0xF0 - 0x80)));
    return _mm256_xor_si256(_mm256_and_si256(_mm256_or_si256(third, fourth),
                                             _mm256_set1_epi8((char)0x80)),
                            errors);
}

AVX2 static size_t valid_blocks(const unsigned char *at, size_t length)
{
    __m256i last = _mm256_setzero_si256();
    size_t i = 0;

    for (; length - i >= 32; i += 32) {
        __m256i now = _mm256_loadu_si256((const __m256i *)(const void *)(at + i));
        __m256i both = _mm256_or_si256(now, last);

        if (_mm256_movemask_epi8(both) != 0) {
            __m256i errors = pair_errors(now, last);

            if (_mm256_testz_si256(errors, errors) == 0)
                break;
        }
        last = now;
    }
    return i;
}

size_t text_valid_ahead(const unsigned char *at, size_t length)
{
    size_t sure;
    int back;

    if (length < 64 || !__builtin_cpu_supports("avx2"))
        return 0;
    sure = valid_blocks(at, length);
    for (back = 0; back < 4 && sure > 0; back++) { /* not inside a sequence */
        sure--;
        if ((at[sure] & 0xC0) != 0x80)
            return sure;
    }
    return sure;
}
#else
size_t text_valid_ahead(const unsigned char *at, size_t length)
{
    (void)at;
    (void)length;
    return 0;
}
#endif
