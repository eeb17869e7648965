// Libraries that are opened when they are first needed: no header is needed to build.
#ifndef CLOADER_H
#define CLOADER_H

#include <stddef.h>

#if defined(__clang__)
#define CLOADER_OPT _Nullable
#pragma clang assume_nonnull begin
#else
#define CLOADER_OPT
#endif

/// A function that is wanted of a library, and the pointer that is to have its address.
typedef struct LoaderFunction {
    const char *name;
    void *place;
} LoaderFunction;

/// Opens a library by the name of its file and finds all of some functions. Never closes it again.
/// Returns NULL, or why not, for free().
char *CLOADER_OPT loader_open(const char *name, const LoaderFunction *wanted, size_t count);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
