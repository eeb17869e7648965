// The few functions of libjxl that read the first frame of a file in memory, opened when they are first needed: no header
// is needed to build.
#ifndef CJPEGXL_H
#define CJPEGXL_H

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define CJXL_OPT _Nullable
#pragma clang assume_nonnull begin
#else
#define CJXL_OPT
#endif

/// The library, opened for good.
typedef struct CjxlLibrary {
    void *CJXL_OPT functions; // nil where it could not be opened
    char *CJXL_OPT error;     // why not, for free()
} CjxlLibrary;

/// What stands before the pixels.
typedef struct CjxlHeader {
    uint32_t width, height; // as stored
    uint32_t bits;          // of a sample; of a floating-point number as well
    uint32_t orientation;   // 1 ... 8
    uint32_t frames;
    uint8_t *CJXL_OPT profile; // the ICC profile of decoded pixels, for free()
    size_t profile_length;
} CjxlHeader;

/// Opens libjxl 0.7 or newer by the name of its file. Never closes it again.
CjxlLibrary cjxl_open(const char *name);

/// Reads all but pixels. Returns 0, or -1 and nothing to free for a file that is torn or damaged.
int cjxl_read_header(void *functions, const uint8_t *bytes, size_t count, CjxlHeader *header);

/// Decodes the first frame to interleaved 8-bit RGB, `width × height × 3` bytes, rows as they are stored. Returns 0, or -1.
int cjxl_read_pixels(
    void *functions, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *pixels);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
