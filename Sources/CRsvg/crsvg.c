#define _GNU_SOURCE
#include "CRsvg.h"
#include "CLoader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Types and constants as the libraries' documentation states them; both keep their ABI.
typedef struct { uint32_t domain; int code; char *message; } GError;
typedef struct { double x, y, width, height; } RsvgRectangle;
enum { CAIRO_FORMAT_RGB24 = 1 };

typedef struct {
    void *(*rsvg_handle_new_from_data)(const uint8_t *data, size_t bytes, GError **error);
    int (*rsvg_handle_render_document)(void *handle, void *cairo, const RsvgRectangle *viewport, GError **error);
    void (*g_object_unref)(void *object);
    void (*g_error_free)(GError *error);
    void *(*cairo_image_surface_create_for_data)(uint8_t *data, int format, int width, int height, int stride);
    void *(*cairo_create)(void *surface);
    int (*cairo_status)(void *cairo);
    const char *(*cairo_status_to_string)(int status);
    void (*cairo_surface_flush)(void *surface);
    void (*cairo_destroy)(void *cairo);
    void (*cairo_surface_destroy)(void *surface);
} Functions;

static char *text(const char *format, const char *part) {
    char *result = NULL;
    return asprintf(&result, format, part) < 0 ? NULL : result;
}

CrsvgLibrary crsvg_open(const char *name) {
    Functions *found = calloc(1, sizeof *found);
    if (found == NULL) return (CrsvgLibrary){.error = strdup("no memory")};
    // Cairo and GObject are found through librsvg, which is linked to them.
    const LoaderFunction wanted[] = {
#define WANTED(function) {#function, &found->function}
        WANTED(rsvg_handle_new_from_data), WANTED(rsvg_handle_render_document), WANTED(g_object_unref),
        WANTED(g_error_free), WANTED(cairo_image_surface_create_for_data), WANTED(cairo_create),
        WANTED(cairo_status), WANTED(cairo_status_to_string), WANTED(cairo_surface_flush), WANTED(cairo_destroy),
        WANTED(cairo_surface_destroy),
#undef WANTED
    };
    char *error = loader_open(name, wanted, sizeof wanted / sizeof *wanted);
    if (error != NULL) {
        free(found);
        return (CrsvgLibrary){.error = error};
    }
    return (CrsvgLibrary){.functions = found};
}

static char *taken(const Functions *library, GError *error) {
    if (error == NULL) return text("%s", "failed without a reason");
    char *result = text("%s", error->message);
    library->g_error_free(error);
    return result;
}

char *crsvg_draw(
    void *functions, const uint8_t *svg, size_t bytes, int32_t width, int32_t height, uint32_t *pixels
) {
    const Functions *library = functions;
    GError *error = NULL;
    void *document = library->rsvg_handle_new_from_data(svg, bytes, &error);
    if (document == NULL) return taken(library, error);
    memset(pixels, 0xFF, (size_t)width * (size_t)height * sizeof *pixels);
    void *surface = library->cairo_image_surface_create_for_data(
        (uint8_t *)pixels, CAIRO_FORMAT_RGB24, width, height, 4 * width);
    void *cairo = library->cairo_create(surface);
    const RsvgRectangle whole = {0, 0, width, height};
    char *failure = NULL;
    const int status = library->cairo_status(cairo);
    if (status != 0) {
        failure = text("cairo: %s", library->cairo_status_to_string(status));
    } else if (!library->rsvg_handle_render_document(document, cairo, &whole, &error)) {
        failure = taken(library, error);
    }
    library->cairo_surface_flush(surface);
    library->cairo_destroy(cairo);
    library->cairo_surface_destroy(surface);
    library->g_object_unref(document);
    return failure;
}
