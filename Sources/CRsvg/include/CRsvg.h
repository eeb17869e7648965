// The few functions of librsvg and cairo that turn an SVG document into pixels, opened when they are first needed: no
// header is needed to build, and a program that draws nothing loads none of the libraries behind them.
#ifndef CRSVG_H
#define CRSVG_H

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define CRSVG_OPT _Nullable
#pragma clang assume_nonnull begin
#else
#define CRSVG_OPT
#endif

/// The library, opened for good.
typedef struct CrsvgLibrary {
    void *CRSVG_OPT functions; // for free(); nil where it could not be opened
    char *CRSVG_OPT error;     // why not, for free()
} CrsvgLibrary;

/// Opens librsvg 2.46 or newer by the name of its file. Never closes it again.
CrsvgLibrary crsvg_open(const char *name);

/// Draws a document over white into `width × height` pixels, fitted into them without changing its shape.
/// `pixels` holds 0x00RRGGBB in the machine's byte order, rows from the top without gaps.
/// Returns NULL, or what went wrong, for free().
char *CRSVG_OPT crsvg_draw(
    void *functions, const uint8_t *svg, size_t bytes, int32_t width, int32_t height, uint32_t *pixels);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
