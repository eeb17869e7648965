#include "CCrypto.h"
#include "CLoader.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t OPENSSL_INIT_NO_ATEXIT = 0x00080000;

// Types as OpenSSL's documentation states them; its ABI is stable through 3.
typedef struct {
    int (*OPENSSL_init_crypto)(uint64_t options, const void *settings);
    void *(*EVP_MD_CTX_new)(void);
    void (*EVP_MD_CTX_free)(void *context);
    const void *(*EVP_sha256)(void);
    int (*EVP_DigestInit_ex)(void *context, const void *type, void *engine);
    int (*EVP_DigestUpdate)(void *context, const void *bytes, size_t count);
    int (*EVP_DigestFinal_ex)(void *context, unsigned char *digest, unsigned int *count);
} Functions;

CcryptoLibrary ccrypto_open(const char *name) {
    Functions *found = calloc(1, sizeof *found);
    if (found == NULL) return (CcryptoLibrary){.error = strdup("no memory")};
    const LoaderFunction wanted[] = {
#define WANTED(function) {#function, &found->function}
        WANTED(OPENSSL_init_crypto), WANTED(EVP_MD_CTX_new), WANTED(EVP_MD_CTX_free), WANTED(EVP_sha256), WANTED(EVP_DigestInit_ex),
        WANTED(EVP_DigestUpdate), WANTED(EVP_DigestFinal_ex),
#undef WANTED
    };
    char *error = loader_open(name, wanted, sizeof wanted / sizeof *wanted);
    if (error != NULL) {
        free(found);
        return (CcryptoLibrary){.error = error};
    }
    // A process may end while another thread hashes: the library must not be taken down under it.
    found->OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
    return (CcryptoLibrary){.functions = found};
}

void *ccrypto_sha256_begin(void *functions) {
    const Functions *library = functions;
    void *context = library->EVP_MD_CTX_new();
    if (context != NULL && library->EVP_DigestInit_ex(context, library->EVP_sha256(), NULL) == 1) return context;
    library->EVP_MD_CTX_free(context);
    return NULL;
}

int ccrypto_sha256_update(void *functions, void *state, const void *bytes, size_t count) {
    return ((const Functions *)functions)->EVP_DigestUpdate(state, bytes, count) == 1 ? 0 : -1;
}

int ccrypto_sha256_finish(void *functions, void *state, uint8_t *digest) {
    unsigned int count = 0;
    return ((const Functions *)functions)->EVP_DigestFinal_ex(state, digest, &count) == 1 && count == 32 ? 0 : -1;
}

void ccrypto_sha256_free(void *functions, void *state) { ((const Functions *)functions)->EVP_MD_CTX_free(state); }
