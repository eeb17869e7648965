#define _GNU_SOURCE
#include "CHEIF.h"
#include "CLoader.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Types and constants as libheif's documentation states them; its ABI only grows.
typedef struct { int code; int subcode; const char *message; } Error;
enum { COLORSPACE_RGB = 1, CHROMA_INTERLEAVED_RGB = 10, CHANNEL_INTERLEAVED = 10 };
enum { ERROR_UNSUPPORTED_FILETYPE = 3, ERROR_UNSUPPORTED_FEATURE = 4, SUBERROR_UNSUPPORTED_CODEC = 3000 };

typedef struct {
    Error (*heif_init)(void *parameters);
    void *(*heif_context_alloc)(void);
    void (*heif_context_free)(void *context);
    Error (*heif_context_read_from_memory_without_copy)(void *context, const void *bytes, size_t count, void *options);
    Error (*heif_context_get_primary_image_handle)(void *context, void **handle);
    int (*heif_context_get_number_of_top_level_images)(void *context);
    void (*heif_image_handle_release)(void *handle);
    int (*heif_image_handle_get_width)(void *handle);
    int (*heif_image_handle_get_height)(void *handle);
    int (*heif_image_handle_get_luma_bits_per_pixel)(void *handle);
    size_t (*heif_image_handle_get_raw_color_profile_size)(void *handle);
    Error (*heif_image_handle_get_raw_color_profile)(void *handle, void *profile);
    int (*heif_image_handle_get_list_of_metadata_block_IDs)(
        const void *handle, const char *kind, uint32_t *identifiers, int count);
    size_t (*heif_image_handle_get_metadata_size)(const void *handle, uint32_t identifier);
    Error (*heif_image_handle_get_metadata)(const void *handle, uint32_t identifier, void *content);
    Error (*heif_decode_image)(void *handle, void **image, int colorspace, int chroma, void *options);
    int (*heif_image_get_width)(void *image, int channel);
    int (*heif_image_get_height)(void *image, int channel);
    const uint8_t *(*heif_image_get_plane_readonly)(void *image, int channel, int *stride);
    void (*heif_image_release)(void *image);
} Functions;

CheifLibrary cheif_open(const char *name) {
    Functions *found = calloc(1, sizeof *found);
    if (found == NULL) return (CheifLibrary){.error = strdup("no memory")};
    const LoaderFunction wanted[] = {
#define WANTED(function) {#function, &found->function}
        WANTED(heif_init), WANTED(heif_context_alloc), WANTED(heif_context_free),
        WANTED(heif_context_read_from_memory_without_copy), WANTED(heif_context_get_primary_image_handle),
        WANTED(heif_context_get_number_of_top_level_images), WANTED(heif_image_handle_release),
        WANTED(heif_image_handle_get_width),
        WANTED(heif_image_handle_get_height), WANTED(heif_image_handle_get_luma_bits_per_pixel),
        WANTED(heif_image_handle_get_raw_color_profile_size), WANTED(heif_image_handle_get_raw_color_profile),
        WANTED(heif_image_handle_get_list_of_metadata_block_IDs), WANTED(heif_image_handle_get_metadata_size),
        WANTED(heif_image_handle_get_metadata), WANTED(heif_decode_image), WANTED(heif_image_get_width),
        WANTED(heif_image_get_height), WANTED(heif_image_get_plane_readonly), WANTED(heif_image_release),
#undef WANTED
    };
    char *error = loader_open(name, wanted, sizeof wanted / sizeof *wanted);
    if (error != NULL) {
        free(found);
        return (CheifLibrary){.error = error};
    }
    // Decoders that are plug-ins are loaded here.
    found->heif_init(NULL);
    return (CheifLibrary){.functions = found};
}

static bool is_fine(Error error, char *message) {
    if (error.code == 0) return true;
    bool lacks_decoder = error.code == ERROR_UNSUPPORTED_FILETYPE
        || (error.code == ERROR_UNSUPPORTED_FEATURE && error.subcode == SUBERROR_UNSUPPORTED_CODEC);
    const char *words = error.message != NULL ? error.message : "damaged data";
    snprintf(message, CHEIF_MESSAGE_LENGTH, "%s", lacks_decoder ? "no decoder" : words);
    return false;
}

/// The primary image of a file; NULL with a message.
static void *open_image(const Functions *library, const uint8_t *bytes, size_t count, void **context, char *message) {
    void *handle = NULL;
    *context = library->heif_context_alloc();
    if (*context == NULL) {
        snprintf(message, CHEIF_MESSAGE_LENGTH, "no memory");
        return NULL;
    }
    if (is_fine(library->heif_context_read_from_memory_without_copy(*context, bytes, count, NULL), message)
        && is_fine(library->heif_context_get_primary_image_handle(*context, &handle), message))
        return handle;
    library->heif_context_free(*context);
    return NULL;
}

/// The first block of EXIF of an image, for free(); NULL where there is none.
static uint8_t *read_exif(const Functions *library, const void *handle, size_t longest, size_t *length) {
    uint32_t identifier = 0;
    if (library->heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &identifier, 1) < 1) return NULL;
    *length = library->heif_image_handle_get_metadata_size(handle, identifier);
    if (*length == 0 || *length > longest) return NULL;
    uint8_t *content = malloc(*length);
    if (content == NULL || library->heif_image_handle_get_metadata(handle, identifier, content).code == 0) return content;
    free(content);
    return NULL;
}

int cheif_read_header(void *functions, const uint8_t *bytes, size_t count, CheifHeader *header, char *message) {
    const Functions *library = functions;
    void *context = NULL;
    void *handle = open_image(library, bytes, count, &context, message);
    if (handle == NULL) return -1;
    int width = library->heif_image_handle_get_width(handle);
    int height = library->heif_image_handle_get_height(handle);
    int bits = library->heif_image_handle_get_luma_bits_per_pixel(handle);
    int images = library->heif_context_get_number_of_top_level_images(context);
    *header = (CheifHeader){
        .width = width > 0 ? width : 0, .height = height > 0 ? height : 0, .bits = bits > 0 ? bits : 8,
        .images = images > 0 ? images : 1,
    };
    size_t length = library->heif_image_handle_get_raw_color_profile_size(handle);
    // No profile is longer than its file.
    if (length > 0 && length <= count) header->profile = malloc(length);
    if (header->profile != NULL) {
        if (library->heif_image_handle_get_raw_color_profile(handle, header->profile).code == 0) {
            header->profile_length = length;
        } else {
            free(header->profile);
            header->profile = NULL;
        }
    }
    header->exif = read_exif(library, handle, count, &header->exif_length);
    library->heif_image_handle_release(handle);
    library->heif_context_free(context);
    return 0;
}

/// Copies the decoded rows; false where there are none of the size.
static bool copy(const Functions *library, void *image, uint32_t width, uint32_t height, uint8_t *pixels) {
    int stride = 0;
    const uint8_t *rows = library->heif_image_get_plane_readonly(image, CHANNEL_INTERLEAVED, &stride);
    if (rows == NULL || library->heif_image_get_width(image, CHANNEL_INTERLEAVED) != (int)width
        || library->heif_image_get_height(image, CHANNEL_INTERLEAVED) != (int)height)
        return false;
    for (uint32_t y = 0; y < height; y++)
        memcpy(pixels + (size_t)y * width * 3, rows + (size_t)y * (size_t)stride, (size_t)width * 3);
    return true;
}

int cheif_read_pixels(
    void *functions, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *pixels, char *message
) {
    const Functions *library = functions;
    void *context = NULL, *image = NULL;
    void *handle = open_image(library, bytes, count, &context, message);
    if (handle == NULL) return -1;
    int status = -1;
    if (is_fine(library->heif_decode_image(handle, &image, COLORSPACE_RGB, CHROMA_INTERLEAVED_RGB, NULL), message)) {
        if (copy(library, image, width, height, pixels)) {
            status = 0;
        } else {
            snprintf(message, CHEIF_MESSAGE_LENGTH, "an image of another size than announced");
        }
        library->heif_image_release(image);
    }
    library->heif_image_handle_release(handle);
    library->heif_context_free(context);
    return status;
}
