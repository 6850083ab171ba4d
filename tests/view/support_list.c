#include "tests/view/support_list.h"

#include <criterion/criterion.h>
#include <stdio.h>

float support_measure(void *context, enum draw_font font, float size, struct slice text)
{
    (void)context;
    (void)font;
    float characters = 0;
    for (size_t i = 0; i < text.size; i++)
        characters += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return characters * size * 0.55f;
}

void support_list_init(struct draw_list *list)
{
    draw_init(list, support_measure, NULL);
}

bool support_shows(struct view *view, struct draw_list *list, const char *text)
{
    view_draw(view, list, 1920, 1080);
    for (size_t i = 0; i < list->items.count; i++)
        if (list->items.items[i].kind == DRAW_TEXT &&
            slice_find(list->items.items[i].text, slice_of(text), 0) != SLICE_NONE)
            return true;
    return false;
}

void support_picture(struct view *view, struct draw_list *list, struct bytes *out)
{
    view_draw(view, list, 1280, 800);
    bytes_clear(out);
    cr_assert(draw_text(list, out));
}

void support_key(struct view *view, int key)
{
    view_input(view, &(struct input_event){.kind = INPUT_KEY, .key = key});
}

void support_type(struct view *view, const char *text)
{
    struct input_event event = {.kind = INPUT_TEXT};
    snprintf(event.text, sizeof event.text, "%s", text);
    view_input(view, &event);
}

void support_settle(struct view *view)
{
    struct view_request request;
    for (int i = 0; i < 4000 && view_is_moving(view); i++) {
        view_tick(view, 16);
        while (view_take_request(view, &request))
            ;
    }
}
