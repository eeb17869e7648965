#include "CPNGReader.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const uint8_t *bytes;
    size_t left;
    char *message;
};

static void fail(png_structp png, png_const_charp text) {
    struct reader *reader = png_get_error_ptr(png);
    snprintf(reader->message, CPNG_MESSAGE_LENGTH, "%s", text);
    longjmp(png_jmpbuf(png), 1);
}

static void ignore(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void take(png_structp png, png_bytep out, size_t count) {
    struct reader *reader = png_get_io_ptr(png);
    if (count > reader->left) png_error(png, "the end of the data before the end of the image");
    memcpy(out, reader->bytes, count);
    reader->bytes += count;
    reader->left -= count;
}

static void describe(png_structp png, png_infop info, CPNGHeader *header) {
    *header = (CPNGHeader){png_get_image_width(png, info), png_get_image_height(png, info), png_get_bit_depth(png, info), NULL, 0};
    png_charp name = NULL;
    png_bytep profile = NULL;
    png_uint_32 length = 0;
    int compression = 0;
    if (!png_get_iCCP(png, info, &name, &compression, &profile, &length) || length == 0) return;
    header->profile = malloc(length);
    if (header->profile == NULL) return;
    memcpy(header->profile, profile, length);
    header->profile_length = length;
}

static int read_png(const uint8_t *bytes, size_t count, CPNGHeader *header, uint8_t *pixels, char *message) {
    struct reader reader = {bytes, count, message};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, fail, ignore);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_read_struct(&png, NULL, NULL);
        snprintf(message, CPNG_MESSAGE_LENGTH, "no memory");
        return -1;
    }
    // No local variable is assigned after this that the branch reads: its value would be lost.
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return -1;
    }
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_read_fn(png, &reader, take);
    png_read_info(png, info);
    if (header) describe(png, info, header);
    if (pixels) {
        uint32_t w = png_get_image_width(png, info), h = png_get_image_height(png, info);
        png_set_strip_16(png);
        png_set_palette_to_rgb(png);
        png_set_expand_gray_1_2_4_to_8(png);
        png_set_gray_to_rgb(png);
        png_set_strip_alpha(png);
        int passes = png_set_interlace_handling(png);
        png_read_update_info(png, info);
        if (png_get_rowbytes(png, info) != (size_t)w * 3) png_error(png, "rows that do not become 8-bit RGB");
        for (int pass = 0; pass < passes; pass++)
            for (uint32_t y = 0; y < h; y++) png_read_row(png, pixels + (size_t)y * w * 3, NULL);
        png_read_end(png, NULL);
    }
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
}

int cpng_read_header(const uint8_t *bytes, size_t count, CPNGHeader *header, char *message) {
    return read_png(bytes, count, header, NULL, message);
}

int cpng_read_rgb(const uint8_t *bytes, size_t count, uint8_t *pixels, char *message) {
    return read_png(bytes, count, NULL, pixels, message);
}
