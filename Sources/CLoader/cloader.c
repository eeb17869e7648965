#define _GNU_SOURCE
#include "CLoader.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

char *loader_open(const char *name, const LoaderFunction *wanted, size_t count) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        const char *reason = dlerror();
        return strdup(reason != NULL ? reason : "cannot be opened");
    }
    for (size_t i = 0; i < count; i++) {
        void *symbol = dlsym(library, wanted[i].name);
        if (symbol == NULL) {
            char *error = NULL;
            return asprintf(&error, "has no function %s", wanted[i].name) < 0 ? strdup("lacks a function") : error;
        }
        memcpy(wanted[i].place, &symbol, sizeof symbol);
    }
    return NULL;
}
