// The few functions of OpenSSL's libcrypto that compute SHA-256, opened when they are first needed: no header is needed to
// build. They use the processor's own instructions for it.
#ifndef CCRYPTO_H
#define CCRYPTO_H

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define CCRYPTO_OPT _Nullable
#pragma clang assume_nonnull begin
#else
#define CCRYPTO_OPT
#endif

/// The library, opened for good.
typedef struct CcryptoLibrary {
    void *CCRYPTO_OPT functions; // nil where it could not be opened
    char *CCRYPTO_OPT error;     // why not, for free()
} CcryptoLibrary;

/// Opens libcrypto 3 by the name of its file. Never closes it again.
CcryptoLibrary ccrypto_open(const char *name);

/// Begins a SHA-256. Returns nil where the library cannot; what it returns is for ccrypto_sha256_free.
void *CCRYPTO_OPT ccrypto_sha256_begin(void *functions);

/// Adds bytes. Returns 0, or -1.
int ccrypto_sha256_update(void *functions, void *state, const void *CCRYPTO_OPT bytes, size_t count);

/// Writes the hash of all bytes, 32 bytes; no more can be added. Returns 0, or -1.
int ccrypto_sha256_finish(void *functions, void *state, uint8_t *digest);

/// Frees a SHA-256, finished or not.
void ccrypto_sha256_free(void *functions, void *state);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
