// The few functions of libheif that read the primary image of a HEIC or AVIF file in memory, opened when they are first
// needed: no header is needed to build.
#ifndef CHEIF_H
#define CHEIF_H

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define CHEIF_OPT _Nullable
#pragma clang assume_nonnull begin
#else
#define CHEIF_OPT
#endif

enum { CHEIF_MESSAGE_LENGTH = 160 };

/// The library, opened for good.
typedef struct CheifLibrary {
    void *CHEIF_OPT functions; // nil where it could not be opened
    char *CHEIF_OPT error;     // why not, for free()
} CheifLibrary;

/// What is known of the primary image before it is decoded.
typedef struct CheifHeader {
    uint32_t width, height; // as shown: turned, mirrored and cropped
    uint32_t bits;          // of a sample
    uint32_t images;        // beside each other in the file
    uint8_t *CHEIF_OPT profile; // an ICC profile, for free()
    size_t profile_length;
    uint8_t *CHEIF_OPT exif;    // how far after its first 4 bytes the block of EXIF begins, then that; for free()
    size_t exif_length;
} CheifHeader;

/// Opens libheif 1.13 or newer by the name of its file. Never closes it again.
CheifLibrary cheif_open(const char *name);

/// Reads all but pixels. Returns 0, or -1 with a message of at most CHEIF_MESSAGE_LENGTH bytes and nothing to free.
int cheif_read_header(void *functions, const uint8_t *bytes, size_t count, CheifHeader *header, char *message);

/// Decodes the primary image to interleaved 8-bit RGB, `width × height × 3` bytes, turned, mirrored and cropped as the file
/// asks.
/// Returns 0, or -1 with a message: `no decoder` where the library has none for this coding.
int cheif_read_pixels(
    void *functions, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *pixels,
    char *message);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
