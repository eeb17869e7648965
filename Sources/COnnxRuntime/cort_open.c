#define _GNU_SOURCE
#include "COnnxRuntime.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/// The only exported symbol that is needed: `const OrtApiBase *OrtGetApiBase(void)`.
typedef struct {
    const CortApi *(*GetApi)(uint32_t version);
    const char *(*GetVersionString)(void);
} CortApiBase;

static CortRuntime failed(const char *format, ...) {
    CortRuntime result = {0};
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&result.error, format, arguments) < 0) result.error = NULL;
    va_end(arguments);
    return result;
}

CortRuntime cort_open(const char *path) {
    // The published builds report usage and leave files under ~/.cache unless told not to, before they are loaded.
    setenv("ORT_DISABLE_TELEMETRY", "1", 1);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        const char *reason = dlerror();
        return failed("%s", reason != NULL ? reason : "cannot be opened");
    }
    const CortApiBase *(*get_base)(void);
    *(void **)&get_base = dlsym(library, "OrtGetApiBase");
    if (get_base == NULL) {
        dlclose(library);
        return failed("is not ONNX Runtime (no symbol OrtGetApiBase)");
    }
    const CortApiBase *base = get_base();
    const char *version = base != NULL ? base->GetVersionString() : NULL;
    // Version 1.N has the APIs up to N. GetApi prints to stderr when asked for more, so the text is read first.
    unsigned major = 0, minor = 0;
    if (version == NULL || sscanf(version, "%u.%u", &major, &minor) != 2) {
        return failed("has the unreadable version %s", version != NULL ? version : "(none)");
    }
    if (major < 1 || (major == 1 && minor < CORT_API_VERSION)) {
        return failed("has version %s, 1.%d or newer is needed", version, CORT_API_VERSION);
    }
    const CortApi *api = base->GetApi(CORT_API_VERSION);
    if (api == NULL) return failed("version %s does not offer API %d", version, CORT_API_VERSION);
    return (CortRuntime){.api = api, .version = version};
}
