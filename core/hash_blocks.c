/* hash_blocks.c - the compression of SHA-256 with the SHA extensions of x86. */
#include "core/hash_blocks.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

bool sha_in_hardware(void)
{
    unsigned a, b, c, d;

    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSSE3) == 0
        || (c & bit_SSE4_1) == 0)
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & 1u << 29) != 0;
}

static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2
};

/* The state lies as ABEF and CDGH, which is how the instructions want it. */
__attribute__((target("sha,sse4.1,ssse3"))) static void
one_block(__m128i halves[2], const unsigned char *at)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i abef = halves[0], cdgh = halves[1], words[4], sum;
    int i;

    for (i = 0; i < 4; i++)
        words[i] = _mm_shuffle_epi8(_mm_loadu_si128(
                                        (const __m128i *)(const void *)(at + 16 * i)),
                                    swap);
    for (i = 0; i < 16; i++) {
        __m128i now = words[i & 3];

        sum = _mm_add_epi32(now, _mm_load_si128(
                                     (const __m128i *)(const void *)&constants[4 * i]));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
        /* sixteen words on: w[t] from w[t-16], w[t-15], w[t-7] and w[t-2] */
        sum = _mm_add_epi32(_mm_sha256msg1_epu32(now, words[(i + 1) & 3]),
                            _mm_alignr_epi8(words[(i + 3) & 3], words[(i + 2) & 3], 4));
        words[i & 3] = _mm_sha256msg2_epu32(sum, words[(i + 3) & 3]);
    }
    halves[0] = _mm_add_epi32(halves[0], abef);
    halves[1] = _mm_add_epi32(halves[1], cdgh);
}

__attribute__((target("sha,sse4.1,ssse3"))) void
sha_blocks(uint32_t state[8], const unsigned char *at, size_t blocks)
{
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)state);
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
    __m128i halves[2];

    low = _mm_shuffle_epi32(low, 0xB1);   /* CDAB */
    high = _mm_shuffle_epi32(high, 0x1B); /* EFGH */
    halves[0] = _mm_alignr_epi8(low, high, 8);
    halves[1] = _mm_blend_epi16(high, low, 0xF0);
    for (; blocks > 0; blocks--, at += 64)
        one_block(halves, at);
    low = _mm_shuffle_epi32(halves[0], 0x1B);  /* FEBA */
    high = _mm_shuffle_epi32(halves[1], 0xB1); /* DCHG */
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(low, high, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(high, low, 8));
}
#else
bool sha_in_hardware(void)
{
    return false;
}

void sha_blocks(uint32_t state[8], const unsigned char *at, size_t blocks)
{
    (void)state;
    (void)at;
    (void)blocks;
}
#endif
