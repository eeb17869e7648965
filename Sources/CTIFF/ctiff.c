#define _GNU_SOURCE
#include "CTIFF.h"
#include "CLoader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Types and constants as libtiff's documentation states them; its ABI is stable since 4.0.
typedef int64_t Size;
typedef void (*Handler)(void *client, const char *module, const char *format, va_list arguments);
enum {
    TAG_WIDTH = 256, TAG_LENGTH = 257, TAG_BITS = 258, TAG_ORIENTATION = 274, TAG_SAMPLES = 277, TAG_EXTRA = 338,
    TAG_PROFILE = 34675,
};
enum { TOP_LEFT = 1, EXTRA_PREMULTIPLIED = 1, EXTRA_ALPHA = 2 };

typedef struct {
    void *(*TIFFClientOpen)(
        const char *name, const char *mode, void *client, Size (*read)(void *, void *, Size),
        Size (*write)(void *, void *, Size), uint64_t (*seek)(void *, uint64_t, int), int (*close)(void *),
        uint64_t (*size)(void *), int (*map)(void *, void **, uint64_t *), void (*unmap)(void *, void *, uint64_t));
    void (*TIFFClose)(void *tiff);
    int (*TIFFGetField)(void *tiff, uint32_t tag, ...);
    int (*TIFFGetFieldDefaulted)(void *tiff, uint32_t tag, ...);
    int (*TIFFSetField)(void *tiff, uint32_t tag, ...);
    int (*TIFFReadDirectory)(void *tiff);
    int (*TIFFReadRGBAImageOriented)(
        void *tiff, uint32_t width, uint32_t height, uint32_t *pixels, int orientation, int stop_on_error);
    int (*TIFFRGBAImageOK)(void *tiff, char message[1024]);
    Handler (*TIFFSetErrorHandlerExt)(Handler handler);
    void *(*TIFFSetErrorHandler)(void *handler);
    void *(*TIFFSetWarningHandler)(void *handler);
} Functions;

/// The file in memory, and the first thing that went wrong with it.
typedef struct {
    const uint8_t *bytes;
    uint64_t count, position;
    char *message;
} Source;

static Size take(void *client, void *target, Size wanted) {
    Source *source = client;
    uint64_t left = source->position < source->count ? source->count - source->position : 0;
    uint64_t length = wanted < 0 ? 0 : (uint64_t)wanted < left ? (uint64_t)wanted : left;
    memcpy(target, source->bytes + (left ? source->position : 0), length);
    source->position += length;
    return (Size)length;
}

static Size put(void *client, void *bytes, Size count) {
    (void)client, (void)bytes, (void)count;
    return -1;
}

static uint64_t seek(void *client, uint64_t offset, int whence) {
    Source *source = client;
    source->position = whence == SEEK_CUR ? source->position + offset : whence == SEEK_END ? source->count + offset : offset;
    return source->position;
}

static int leave(void *client) {
    (void)client;
    return 0;
}

static uint64_t size(void *client) { return ((Source *)client)->count; }

/// The whole file lies in memory; libtiff writes nowhere in it.
static int map(void *client, void **bytes, uint64_t *count) {
    Source *source = client;
    *bytes = (void *)source->bytes;
    *count = source->count;
    return 1;
}

static void unmap(void *client, void *bytes, uint64_t count) { (void)client, (void)bytes, (void)count; }

static void fail(void *client, const char *module, const char *format, va_list arguments) {
    (void)module;
    Source *source = client;
    if (source == NULL || source->message[0] != 0) return;
    vsnprintf(source->message, CTIFF_MESSAGE_LENGTH, format, arguments);
}

CtiffLibrary ctiff_open(const char *name) {
    Functions *found = calloc(1, sizeof *found);
    if (found == NULL) return (CtiffLibrary){.error = strdup("no memory")};
    const LoaderFunction wanted[] = {
#define WANTED(function) {#function, &found->function}
        WANTED(TIFFClientOpen), WANTED(TIFFClose), WANTED(TIFFGetField), WANTED(TIFFGetFieldDefaulted),
        WANTED(TIFFSetField), WANTED(TIFFReadDirectory), WANTED(TIFFReadRGBAImageOriented), WANTED(TIFFRGBAImageOK),
        WANTED(TIFFSetErrorHandlerExt), WANTED(TIFFSetErrorHandler), WANTED(TIFFSetWarningHandler),
#undef WANTED
    };
    char *error = loader_open(name, wanted, sizeof wanted / sizeof *wanted);
    if (error != NULL) {
        free(found);
        return (CtiffLibrary){.error = error};
    }
    found->TIFFSetErrorHandler(NULL);
    found->TIFFSetWarningHandler(NULL);
    found->TIFFSetErrorHandlerExt(fail);
    return (CtiffLibrary){.functions = found};
}

static void *open_file(const Functions *library, Source *source) {
    void *tiff = library->TIFFClientOpen("TIFF", "r", source, take, put, seek, leave, size, map, unmap);
    if (tiff == NULL && source->message[0] == 0) snprintf(source->message, CTIFF_MESSAGE_LENGTH, "no directory");
    return tiff;
}

int ctiff_read_header(void *functions, const uint8_t *bytes, size_t count, CtiffHeader *header, char *message) {
    const Functions *library = functions;
    Source source = {bytes, count, 0, message};
    message[0] = 0;
    void *tiff = open_file(library, &source);
    if (tiff == NULL) return -1;
    *header = (CtiffHeader){0};
    uint16_t bits = 1, samples = 1, orientation = 1, extras = 0, *kinds = NULL;
    int has_size = library->TIFFGetField(tiff, TAG_WIDTH, &header->width)
        && library->TIFFGetField(tiff, TAG_LENGTH, &header->height);
    library->TIFFGetFieldDefaulted(tiff, TAG_BITS, &bits);
    library->TIFFGetFieldDefaulted(tiff, TAG_SAMPLES, &samples);
    library->TIFFGetFieldDefaulted(tiff, TAG_ORIENTATION, &orientation);
    library->TIFFGetFieldDefaulted(tiff, TAG_EXTRA, &extras, &kinds);
    header->bits = bits;
    header->samples = samples;
    header->orientation = orientation;
    header->is_premultiplied = extras > 0 && kinds != NULL && kinds[0] == EXTRA_PREMULTIPLIED;
    uint32_t length = 0;
    void *profile = NULL;
    if (library->TIFFGetField(tiff, TAG_PROFILE, &length, &profile) && length > 0 && profile != NULL) {
        header->profile = malloc(length);
        if (header->profile != NULL) {
            memcpy(header->profile, profile, length);
            header->profile_length = length;
        }
    }
    header->pages = 1;
    while (header->pages < 65535 && library->TIFFReadDirectory(tiff)) header->pages++;
    library->TIFFClose(tiff);
    // A damaged page after the first is none.
    if (has_size) return 0;
    if (message[0] == 0) snprintf(message, CTIFF_MESSAGE_LENGTH, "no size");
    free(header->profile);
    header->profile = NULL;
    return -1;
}

int ctiff_read_pixels(
    void *functions, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t *pixels, char *message
) {
    const Functions *library = functions;
    Source source = {bytes, count, 0, message};
    message[0] = 0;
    void *tiff = open_file(library, &source);
    if (tiff == NULL) return -1;
    library->TIFFSetField(tiff, TAG_ORIENTATION, TOP_LEFT);
    // Alpha that is not in the colours yet would be multiplied into them; alpha that is said to be there is left alone.
    uint16_t extras = 0, *kinds = NULL;
    library->TIFFGetFieldDefaulted(tiff, TAG_EXTRA, &extras, &kinds);
    if (extras == 1 && kinds != NULL && kinds[0] == EXTRA_ALPHA) {
        uint16_t premultiplied = EXTRA_PREMULTIPLIED;
        library->TIFFSetField(tiff, TAG_EXTRA, 1, &premultiplied);
    }
    char reason[1024] = "";
    int status = -1;
    if (!library->TIFFRGBAImageOK(tiff, reason)) {
        snprintf(message, CTIFF_MESSAGE_LENGTH, "unsupported: %.140s", reason);
    } else if (library->TIFFReadRGBAImageOriented(tiff, width, height, pixels, TOP_LEFT, 1)) {
        status = 0;
    } else if (message[0] == 0) {
        snprintf(message, CTIFF_MESSAGE_LENGTH, "damaged or missing data");
    }
    library->TIFFClose(tiff);
    return status;
}
