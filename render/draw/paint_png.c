#include "render/draw/paint.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PNG_SIDE_MOST = 16384, PNG_OCTETS_MOST = 512 << 20 };

static cairo_status_t append(void *context, const unsigned char *data, unsigned size)
{
    struct slice s = {(const char *)data, size};
    return bytes_append(context, s) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

bool paint_png_bytes(struct painter *p, const struct draw_list *list, float w, float h, float scale,
                     struct bytes *out, struct problem *problem)
{
    float wide = ceilf(w * scale), high = ceilf(h * scale);
    if (!(wide >= 1 && wide <= PNG_SIDE_MOST && high >= 1 && high <= PNG_SIDE_MOST))
        return problem_set(problem, "a picture of %.0f by %.0f pixels; each side can be 1 to %d",
                           (double)wide, (double)high, PNG_SIDE_MOST);
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)wide, (int)high);
    cairo_status_t status = cairo_surface_status(image);
    if (status == CAIRO_STATUS_SUCCESS) {
        paint_list(p, list, cairo_image_surface_get_data(image), (int)wide, (int)high,
                   cairo_image_surface_get_stride(image), scale);
        cairo_surface_mark_dirty(image);
        status = cairo_surface_write_to_png_stream(image, append, out);
    }
    cairo_surface_destroy(image);
    return status == CAIRO_STATUS_SUCCESS ||
           problem_set(problem, "cannot make the picture: %s", cairo_status_to_string(status));
}

static bool write_all(const char *path, struct slice all, struct problem *problem)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return problem_set(problem, "cannot write: %s", strerror(errno));
    bool good = fwrite(all.data, 1, all.size, file) == all.size;
    good = fclose(file) == 0 && good;
    if (good)
        return true;
    problem_set(problem, "cannot write: %s", strerror(errno));
    remove(path);
    return false;
}

static bool replace_file(const char *path, struct slice all, struct problem *problem)
{
    char beside[4096];
    int size = snprintf(beside, sizeof beside, "%s.new", path);
    if (size < 0 || (size_t)size >= sizeof beside)
        return problem_set(problem, "the name is too long");
    if (!write_all(beside, all, problem))
        return false;
    if (rename(beside, path) == 0)
        return true;
    problem_set(problem, "cannot write: %s", strerror(errno));
    remove(beside);
    return false;
}

bool paint_png(struct painter *p, const struct draw_list *list, float w, float h, float scale,
               const char *path, struct problem *problem)
{
    struct bytes all;
    bytes_init(&all, PNG_OCTETS_MOST);
    problem_at(problem, path, 0, 0);
    bool good = paint_png_bytes(p, list, w, h, scale, &all, problem) &&
                replace_file(path, bytes_slice(&all), problem);
    bytes_finish(&all);
    return good;
}
