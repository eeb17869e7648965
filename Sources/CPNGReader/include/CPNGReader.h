// libpng's row reader behind two functions: its errors leave by longjmp, which Swift cannot catch.
#ifndef CPNG_READER_H
#define CPNG_READER_H

#include <stddef.h>
#include <stdint.h>

enum { CPNG_MESSAGE_LENGTH = 160 };

/// What stands before the pixels.
typedef struct CPNGHeader {
    uint32_t width, height;
    uint32_t bit_depth; // of a sample
    uint8_t *profile;   // an ICC profile, for free(); NULL for none
    size_t profile_length;
} CPNGHeader;

/// Reads what stands before the pixels of a PNG in memory. Returns 0, or -1 with a message of at most CPNG_MESSAGE_LENGTH
/// bytes and nothing to free.
int cpng_read_header(const uint8_t *bytes, size_t count, CPNGHeader *header, char *message);

/// Decodes a PNG in memory to interleaved 8-bit RGB, width × height × 3 bytes. Sixteen-bit samples keep their high byte,
/// grey is repeated, palettes are looked up, alpha and gamma are ignored. Returns 0, or -1 with a message.
int cpng_read_rgb(const uint8_t *bytes, size_t count, uint8_t *pixels, char *message);

#endif
