// Products of rows of small whole numbers with readings of them: the inner loop of the search through many keys.
#ifndef CKEYSCAN_H
#define CKEYSCAN_H

#include <stddef.h>
#include <stdint.h>

/// Rows and readings are padded with zeros to whole multiples of this many numbers.
enum { CKEYSCAN_ALIGNMENT = 64 };

/// What the products are computed with.
typedef enum CKeyScanKernel {
    CKEYSCAN_PORTABLE = 0,
    CKEYSCAN_AVX2 = 1,
    CKEYSCAN_AVX512_VNNI = 2,
} CKeyScanKernel;

/// The fastest kernel that this processor has.
CKeyScanKernel ckeyscan_best(void);

/// Whether this processor has a kernel.
int ckeyscan_has(CKeyScanKernel kernel);

/// products[i * row_count + r] = the sum over n of rows[r][n] * readings[i][n], which every kernel computes exactly.
///
/// Numbers are from -127 to 127, and `stride` (numbers of a row and of a reading, a multiple of CKEYSCAN_ALIGNMENT) is at
/// most 65536, so that no sum overflows.
void ckeyscan_products(CKeyScanKernel kernel, const int8_t *rows, size_t row_count, const int8_t *readings,
                       size_t reading_count, size_t stride, int32_t *products);

#endif
