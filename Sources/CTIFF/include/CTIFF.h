// The few functions of libtiff that read the first page of a file in memory, opened when they are first needed: no header
// is needed to build.
#ifndef CTIFF_H
#define CTIFF_H

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define CTIFF_OPT _Nullable
#pragma clang assume_nonnull begin
#else
#define CTIFF_OPT
#endif

enum { CTIFF_MESSAGE_LENGTH = 160 };

/// The library, opened for good.
typedef struct CtiffLibrary {
    void *CTIFF_OPT functions; // nil where it could not be opened
    char *CTIFF_OPT error;     // why not, for free()
} CtiffLibrary;

/// What stands in the first page's directory.
typedef struct CtiffHeader {
    uint32_t width, height;
    uint32_t bits;        // of a sample
    uint32_t samples;     // of a pixel
    uint32_t orientation; // 1 ... 8, or what the file says
    uint32_t pages;       // at most 65535
    uint32_t is_premultiplied; // whether colours are multiplied by an alpha channel
    uint8_t *CTIFF_OPT profile; // an ICC profile, for free()
    size_t profile_length;
} CtiffHeader;

/// Opens libtiff 4 by the name of its file. Never closes it again. Silences its messages on stderr.
CtiffLibrary ctiff_open(const char *name);

/// Reads the first directory. Returns 0, or -1 with a message of at most CTIFF_MESSAGE_LENGTH bytes.
int ctiff_read_header(void *functions, const uint8_t *bytes, size_t count, CtiffHeader *header, char *message);

/// Decodes the first page to `width × height` pixels 0xAABBGGRR, rows as they are stored; colours are not multiplied by an
/// alpha channel beyond what the file did. Returns 0, or -1 with a message.
int ctiff_read_pixels(
    void *functions, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t *pixels,
    char *message);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
