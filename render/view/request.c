#include <string.h>

#include "render/view/state.h"
#include "sim/base/check.h"

void request_add(struct view *view, enum view_request_kind kind, struct slice text)
{
    if (view->request_count == VIEW_REQUESTS) /* nobody takes them: the newest replaces the last */
        view->request_count--;
    struct view_request *r = &view->requests[view->request_count++];
    *r = (struct view_request){.kind = kind, .t = view->t};
    size_t size = text.size < sizeof r->text - 1 ? text.size : sizeof r->text - 1;
    if (size > 0)
        memcpy(r->text, text.data, size);
}

bool view_take_request(struct view *view, struct view_request *request)
{
    if (view->request_count == 0)
        return false;
    *request = view->requests[0];
    view->request_count--;
    memmove(view->requests, view->requests + 1, view->request_count * sizeof view->requests[0]);
    return true;
}

void request_do(struct view *view, struct slice line)
{
    if (line.size >= VIEW_REQUEST_MAX)
        view_notify(view, slice_of(tr("This is too long: nothing was done")));
    else
        request_add(view, VIEW_REQUEST_DO, line);
}

struct slice request_value(struct arena *arena, const char *key, struct slice value)
{
    struct bytes out;
    bytes_init(&out, SIZE_MAX);
    check(bytes_printf(&out, " %s=\"", key));
    for (size_t i = 0; i < value.size; i++) {
        char c = value.data[i];
        const char *escape = c == '"'    ? "\\\""
                             : c == '\\' ? "\\\\"
                             : c == '\n' ? "\\n"
                             : c == '\t' ? "\\t"
                                         : NULL;
        check(escape ? bytes_append(&out, slice_of(escape)) : bytes_append_octet(&out, c));
    }
    check(bytes_append_octet(&out, '"'));
    struct slice text = arena_copy(arena, bytes_slice(&out));
    bytes_finish(&out);
    return text;
}

void request_act(struct view *view, uint32_t kind)
{
    request_add(view, (enum view_request_kind)kind, SLICE(""));
}

void view_show_hint(struct view *view)
{
    view->has_hint = true;
}
