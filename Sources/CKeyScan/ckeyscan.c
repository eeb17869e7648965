#include "CKeyScan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static void products_portable(const int8_t *rows, size_t row_count, const int8_t *readings, size_t reading_count,
                              size_t stride, int32_t *products) {
    for (size_t r = 0; r < row_count; r++) {
        const int8_t *row = rows + r * stride;
        for (size_t i = 0; i < reading_count; i++) {
            const int8_t *reading = readings + i * stride;
            int32_t sum = 0;
            for (size_t n = 0; n < stride; n++) sum += (int32_t)row[n] * reading[n];
            products[i * row_count + r] = sum;
        }
    }
}

#if defined(__x86_64__)

#define AVX2 __attribute__((target("avx2")))

AVX2 static int32_t sum256(__m256i lanes) {
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
    return _mm_cvtsi128_si32(half);
}

// |a| times b with a's sign: a pair's sum is at most 2 * 127 * 127, which 16 bits hold.
AVX2 static void products_avx2(const int8_t *rows, size_t row_count, const int8_t *readings, size_t reading_count,
                               size_t stride, int32_t *products) {
    const __m256i ones = _mm256_set1_epi16(1);
    for (size_t r = 0; r < row_count; r++) {
        const int8_t *row = rows + r * stride;
        size_t i = 0;
        for (; i + 4 <= reading_count; i += 4) {
            __m256i sums[4] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(),
                               _mm256_setzero_si256()};
            for (size_t n = 0; n < stride; n += 32) {
                const __m256i key = _mm256_loadu_si256((const __m256i *)(row + n));
                const __m256i magnitude = _mm256_abs_epi8(key);
                for (size_t k = 0; k < 4; k++) {
                    const __m256i own = _mm256_loadu_si256((const __m256i *)(readings + (i + k) * stride + n));
                    const __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(own, key));
                    sums[k] = _mm256_add_epi32(sums[k], _mm256_madd_epi16(pairs, ones));
                }
            }
            for (size_t k = 0; k < 4; k++) products[(i + k) * row_count + r] = sum256(sums[k]);
        }
        for (; i < reading_count; i++) {
            __m256i sum = _mm256_setzero_si256();
            for (size_t n = 0; n < stride; n += 32) {
                const __m256i key = _mm256_loadu_si256((const __m256i *)(row + n));
                const __m256i own = _mm256_loadu_si256((const __m256i *)(readings + i * stride + n));
                const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(key), _mm256_sign_epi8(own, key));
                sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones));
            }
            products[i * row_count + r] = sum256(sum);
        }
    }
}

#define VNNI __attribute__((target("avx512f,avx512bw,avx512vnni")))

// The instruction takes one side without a sign: rows are raised by 128, and 128 times the reading's sum is taken off.
// Four rows and four readings at once: each is loaded once for four products.
VNNI static void products_vnni(const int8_t *rows, size_t row_count, const int8_t *readings, size_t reading_count,
                               size_t stride, int32_t *products) {
    const __m512i raise = _mm512_set1_epi8((char)0x80);
    for (size_t i = 0; i < reading_count; i += 4) {
        const size_t own = reading_count - i < 4 ? reading_count - i : 4;
        const int8_t *reading[4];
        int32_t excess[4];
        for (size_t k = 0; k < 4; k++) {
            reading[k] = readings + (i + (k < own ? k : 0)) * stride;
            excess[k] = 0;
            for (size_t n = 0; n < stride; n++) excess[k] += 128 * (int32_t)reading[k][n];
        }
        size_t r = 0;
        for (; own == 4 && r + 4 <= row_count; r += 4) {
            const int8_t *row = rows + r * stride;
            __m512i sums[4][4];
            for (size_t j = 0; j < 4; j++)
                for (size_t k = 0; k < 4; k++) sums[j][k] = _mm512_setzero_si512();
            for (size_t n = 0; n < stride; n += 64) {
                __m512i values[4];
                for (size_t k = 0; k < 4; k++) values[k] = _mm512_loadu_si512((const void *)(reading[k] + n));
                for (size_t j = 0; j < 4; j++) {
                    const __m512i key = _mm512_xor_si512(_mm512_loadu_si512((const void *)(row + j * stride + n)), raise);
                    for (size_t k = 0; k < 4; k++) sums[j][k] = _mm512_dpbusd_epi32(sums[j][k], key, values[k]);
                }
            }
            for (size_t j = 0; j < 4; j++)
                for (size_t k = 0; k < 4; k++)
                    products[(i + k) * row_count + r + j] = _mm512_reduce_add_epi32(sums[j][k]) - excess[k];
        }
        for (; r < row_count; r++) {
            const int8_t *row = rows + r * stride;
            for (size_t k = 0; k < own; k++) {
                __m512i sum = _mm512_setzero_si512();
                for (size_t n = 0; n < stride; n += 64) {
                    const __m512i key = _mm512_xor_si512(_mm512_loadu_si512((const void *)(row + n)), raise);
                    sum = _mm512_dpbusd_epi32(sum, key, _mm512_loadu_si512((const void *)(reading[k] + n)));
                }
                products[(i + k) * row_count + r] = _mm512_reduce_add_epi32(sum) - excess[k];
            }
        }
    }
}

#endif

int ckeyscan_has(CKeyScanKernel kernel) {
    switch (kernel) {
    case CKEYSCAN_PORTABLE: return 1;
#if defined(__x86_64__)
    case CKEYSCAN_AVX2: return __builtin_cpu_supports("avx2") != 0;
    case CKEYSCAN_AVX512_VNNI:
        return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
               __builtin_cpu_supports("avx512vnni") != 0;
#endif
    default: return 0;
    }
}

CKeyScanKernel ckeyscan_best(void) {
    if (ckeyscan_has(CKEYSCAN_AVX512_VNNI)) return CKEYSCAN_AVX512_VNNI;
    return ckeyscan_has(CKEYSCAN_AVX2) ? CKEYSCAN_AVX2 : CKEYSCAN_PORTABLE;
}

void ckeyscan_products(CKeyScanKernel kernel, const int8_t *rows, size_t row_count, const int8_t *readings,
                       size_t reading_count, size_t stride, int32_t *products) {
    switch (kernel) {
#if defined(__x86_64__)
    case CKEYSCAN_AVX512_VNNI:
        products_vnni(rows, row_count, readings, reading_count, stride, products);
        return;
    case CKEYSCAN_AVX2:
        products_avx2(rows, row_count, readings, reading_count, stride, products);
        return;
#endif
    default: products_portable(rows, row_count, readings, reading_count, stride, products);
    }
}
