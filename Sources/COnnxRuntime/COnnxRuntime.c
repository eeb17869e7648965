#include "COnnxRuntime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct ApiBase {
    const CortApi *(*GetApi)(uint32_t version);
    const char *(*GetVersionString)(void);
} ApiBase;

static char *copy_text(const char *text) {
    size_t length = strlen(text) + 1;
    char *copy = malloc(length);
    if (copy) memcpy(copy, text, length);
    return copy;
}

int cort_open(CortRuntime *out, const char *path) {
    memset(out, 0, sizeof *out);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        out->error = copy_text(dlerror());
        return -1;
    }
    const ApiBase *(*get_base)(void) = (const ApiBase *(*)(void))dlsym(library, "OrtGetApiBase");
    const ApiBase *base = get_base ? get_base() : NULL;
    if (!base) {
        out->error = copy_text("no OrtGetApiBase in it");
        dlclose(library);
        return -1;
    }
    out->version = base->GetVersionString();
    // "1.N.P" answers to API versions up to N; asking for more would print on stderr.
    unsigned minor = 0;
    if (sscanf(out->version, "1.%u", &minor) != 1 || minor < CORT_API_MINIMUM) {
        out->error = copy_text("a version before 1.18");
        dlclose(library);
        return -1;
    }
    out->api = base->GetApi(CORT_API_MINIMUM);
    if (!out->api) {
        out->error = copy_text("no API of version 18 in it");
        dlclose(library);
        return -1;
    }
    return 0;
}
