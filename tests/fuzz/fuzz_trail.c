/*
 * Headers of any octets. Every text that is found lies within them, every count is within its
 * bounds, the hops are in order, and what is believed is on top of what is not.
 */
#include "agents/mail/trail.h"

#include <stdio.h>
#include <stdlib.h>

#include "agents/mail/date.h"
#include "export/trail_text.h"
#include "sim/base/check.h"
#include "sim/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct slice part, struct slice whole)
{
    check(part.size == 0 || (part.data >= whole.data && part.size <= whole.size &&
                             (size_t)(part.data - whole.data) <= whole.size - part.size));
}

static void check_hop(const struct trail *trail, uint32_t i)
{
    const struct trail_hop *hop = &trail->hops[i];
    const struct received *r = &hop->received;
    const struct slice parts[] = {r->from,       r->from_name,   r->from_addr,     r->by,
                                  r->with,       r->id,          r->rcpt,          r->comment,
                                  r->by_addr,    r->via,         r->product,       r->unread,
                                  r->tls_cipher, r->tls_version, r->envelope_from, r->user};
    check_inside(hop->field, trail->header);
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
        check_inside(parts[p], hop->field);
    check(hop->number == trail->hop_count - i);
    check(hop->visits >= 1 && hop->visits <= i + 1);
    check((hop->link == TRAIL_LINK_TOP) <= (hop->number == 1));
    check(i == 0 || trail->hops[i - 1].trust != TRAIL_OWN || hop->trust == TRAIL_OWN);
    check(i == 0 || hop->trust != TRAIL_LOOSE || trail->hops[i - 1].trust == TRAIL_LOOSE);
    check(!hop->is_loop || hop->visits > 1);
}

static void check_auths(const struct trail *trail)
{
    for (uint32_t i = 0; i < trail->auth_count; i++) {
        const struct trail_auth *auth = &trail->auths[i];
        check_inside(auth->field, trail->header);
        check_inside(auth->server, auth->field);
        check(auth->first_result + auth->result_count <= trail->result_count);
    }
    for (uint32_t i = 0; i < trail->result_count; i++) {
        struct slice rest = trail->results[i].properties, name, value;
        check_inside(rest, trail->header);
        while (trail_next_property(&rest, &name, &value)) {
            check(name.size > 0);
            check_inside(name, trail->results[i].properties);
            check_inside(value, trail->results[i].properties);
        }
    }
    for (uint32_t i = 1; i < trail->arc_count; i++)
        check(trail->arcs[i - 1].instance < trail->arcs[i].instance);
}

static void check_lists(const struct trail *trail)
{
    check(trail->hop_count <= TRAIL_HOPS_MAX && trail->field_count <= TRAIL_FIELDS_MAX);
    check(trail->auth_count <= TRAIL_FIELDS_MAX && trail->result_count <= TRAIL_FIELDS_MAX);
    check(trail->own_count + trail->loose_count <= trail->hop_count);
    for (uint32_t i = 0; i < trail->field_count; i++) {
        check_inside(trail->fields[i].name, trail->content);
        check_inside(trail->fields[i].value, trail->content);
    }
    for (uint32_t i = 0; i < trail->signature_count; i++)
        check_inside(trail->signatures[i].domain, trail->signatures[i].field);
    for (uint32_t i = 0; i < trail->spf_count; i++)
        check_inside(trail->spfs[i].client_ip, trail->spfs[i].field);
    check_inside(trail->own, trail->header);
    check_inside(trail->subject, trail->header);
}

/* What is printed has no control character but the line end, and no line that is too long. */
static void check_text(const struct trail *trail, const struct export_options *options)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    check(out);
    trail_text_write(trail, out, options);
    fclose(out);
    for (size_t i = 0; i < size; i++)
        check(text[i] == '\n' || (unsigned char)text[i] >= ' ');
    check(utf8_is_valid((struct slice){text, size}));
    free(text);
    text = NULL;
    out = open_memstream(&text, &size);
    check(out);
    trail_json_write(trail, out);
    fclose(out);
    check(utf8_is_valid((struct slice){text, size}));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice content = {(const char *)data, size};
    struct trail trail;
    struct arena arena;
    int64_t unix_s;
    int zone_min;
    arena_init(&arena);
    trail_is_header(content);
    trail_read(&trail, content, &arena);
    check_inside(trail.content, content);
    for (uint32_t i = 0; i < trail.hop_count; i++)
        check_hop(&trail, i);
    check_auths(&trail);
    check_lists(&trail);
    check_text(&trail, &(struct export_options){.width = 40 + (unsigned)(size % 50)});
    check(date_find(content, &unix_s, &zone_min) <= size);
    arena_finish(&arena);
    return 0;
}
