#define _GNU_SOURCE
#include "CJPEGXL.h"
#include "CLoader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Types and constants as libjxl's documentation states them.
typedef struct {
    int have_container;
    uint32_t xsize, ysize, bits_per_sample, exponent_bits_per_sample;
    float intensity_target, min_nits;
    int relative_to_max_display;
    float linear_below;
    int uses_original_profile, have_preview, have_animation;
    uint32_t orientation;
    uint8_t rest[512]; // more than any version has
} BasicInfo;
typedef struct { uint32_t channels; int type; int endianness; size_t align; } PixelFormat;
enum { TYPE_UINT8 = 2, TARGET_DATA = 1 };
enum {
    SUCCESS = 0, FAILED = 1, NEED_MORE_INPUT = 2, NEED_OUTPUT = 5, BASIC_INFO = 0x40, COLOR_ENCODING = 0x100,
    FRAME = 0x400, FULL_IMAGE = 0x1000,
};
/// From this version on, the functions that give a profile take no pixel format.
enum { WITHOUT_FORMAT = 9000 };

typedef struct {
    uint32_t (*JxlDecoderVersion)(void);
    void *(*JxlDecoderCreate)(void *allocator);
    void (*JxlDecoderDestroy)(void *decoder);
    int (*JxlDecoderSubscribeEvents)(void *decoder, int events);
    int (*JxlDecoderSetKeepOrientation)(void *decoder, int keeps);
    int (*JxlDecoderSetInput)(void *decoder, const uint8_t *bytes, size_t count);
    void (*JxlDecoderCloseInput)(void *decoder);
    int (*JxlDecoderProcessInput)(void *decoder);
    int (*JxlDecoderGetBasicInfo)(void *decoder, BasicInfo *info);
    void *JxlDecoderGetICCProfileSize;
    void *JxlDecoderGetColorAsICCProfile;
    int (*JxlDecoderSetImageOutBuffer)(void *decoder, const PixelFormat *format, void *buffer, size_t count);
} Functions;

CjxlLibrary cjxl_open(const char *name) {
    Functions *found = calloc(1, sizeof *found);
    if (found == NULL) return (CjxlLibrary){.error = strdup("no memory")};
    const LoaderFunction wanted[] = {
#define WANTED(function) {#function, &found->function}
        WANTED(JxlDecoderVersion), WANTED(JxlDecoderCreate), WANTED(JxlDecoderDestroy),
        WANTED(JxlDecoderSubscribeEvents), WANTED(JxlDecoderSetKeepOrientation), WANTED(JxlDecoderSetInput),
        WANTED(JxlDecoderCloseInput), WANTED(JxlDecoderProcessInput), WANTED(JxlDecoderGetBasicInfo),
        WANTED(JxlDecoderGetICCProfileSize), WANTED(JxlDecoderGetColorAsICCProfile),
        WANTED(JxlDecoderSetImageOutBuffer),
#undef WANTED
    };
    char *error = loader_open(name, wanted, sizeof wanted / sizeof *wanted);
    if (error != NULL) {
        free(found);
        return (CjxlLibrary){.error = error};
    }
    return (CjxlLibrary){.functions = found};
}

/// A decoder that has all of a file and tells of some events; NULL where there is no memory for one.
static void *open_file(const Functions *library, const uint8_t *bytes, size_t count, int events) {
    void *decoder = library->JxlDecoderCreate(NULL);
    if (decoder == NULL) return NULL;
    if (library->JxlDecoderSubscribeEvents(decoder, events) == SUCCESS
        && library->JxlDecoderSetKeepOrientation(decoder, 1) == SUCCESS
        && library->JxlDecoderSetInput(decoder, bytes, count) == SUCCESS) {
        library->JxlDecoderCloseInput(decoder);
        return decoder;
    }
    library->JxlDecoderDestroy(decoder);
    return NULL;
}

static void read_profile(const Functions *library, void *decoder, CjxlHeader *header) {
    const PixelFormat format = {3, TYPE_UINT8, 0, 0};
    int (*old_size)(void *, const PixelFormat *, int, size_t *) = NULL;
    int (*old_profile)(void *, const PixelFormat *, int, uint8_t *, size_t) = NULL;
    int (*new_size)(void *, int, size_t *) = NULL;
    int (*new_profile)(void *, int, uint8_t *, size_t) = NULL;
    memcpy(&old_size, &library->JxlDecoderGetICCProfileSize, sizeof old_size);
    memcpy(&old_profile, &library->JxlDecoderGetColorAsICCProfile, sizeof old_profile);
    memcpy(&new_size, &old_size, sizeof new_size);
    memcpy(&new_profile, &old_profile, sizeof new_profile);
    const int is_new = library->JxlDecoderVersion() >= WITHOUT_FORMAT;
    size_t length = 0;
    if ((is_new ? new_size(decoder, TARGET_DATA, &length) : old_size(decoder, &format, TARGET_DATA, &length)) != SUCCESS
        || length == 0)
        return;
    header->profile = malloc(length);
    if (header->profile == NULL) return;
    header->profile_length = length;
    if ((is_new ? new_profile(decoder, TARGET_DATA, header->profile, length)
                : old_profile(decoder, &format, TARGET_DATA, header->profile, length)) == SUCCESS)
        return;
    free(header->profile);
    header->profile = NULL;
    header->profile_length = 0;
}

int cjxl_read_header(void *functions, const uint8_t *bytes, size_t count, CjxlHeader *header) {
    const Functions *library = functions;
    void *decoder = open_file(library, bytes, count, BASIC_INFO | COLOR_ENCODING | FRAME);
    if (decoder == NULL) return -1;
    *header = (CjxlHeader){0};
    BasicInfo info = {0};
    int is_open = 1;
    while (is_open) {
        switch (library->JxlDecoderProcessInput(decoder)) {
        case BASIC_INFO:
            if (library->JxlDecoderGetBasicInfo(decoder, &info) != SUCCESS) is_open = 0;
            break;
        case COLOR_ENCODING:
            read_profile(library, decoder, header);
            break;
        case FRAME:
            header->frames++;
            if (!info.have_animation) is_open = 0;
            break;
        default: // The end, or damage, which counts only before the first frame.
            is_open = 0;
        }
    }
    library->JxlDecoderDestroy(decoder);
    header->width = info.xsize;
    header->height = info.ysize;
    header->bits = info.bits_per_sample;
    header->orientation = info.orientation;
    if (header->frames > 0) return 0;
    free(header->profile);
    header->profile = NULL;
    return -1;
}

int cjxl_read_pixels(
    void *functions, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *pixels
) {
    const Functions *library = functions;
    void *decoder = open_file(library, bytes, count, FULL_IMAGE);
    if (decoder == NULL) return -1;
    const PixelFormat format = {3, TYPE_UINT8, 0, 0};
    int status = library->JxlDecoderProcessInput(decoder);
    if (status == NEED_OUTPUT
        && library->JxlDecoderSetImageOutBuffer(decoder, &format, pixels, (size_t)width * height * 3) == SUCCESS)
        status = library->JxlDecoderProcessInput(decoder);
    library->JxlDecoderDestroy(decoder);
    return status == FULL_IMAGE ? 0 : -1;
}
