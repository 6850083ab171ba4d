#include "agents/mail/trail_part.h"

#include "agents/mail/tag_list.h"
#include "agents/mail/token.h"

/* Behind the part that ends at a `stop` outside of comments and quotes. */
static size_t part_end(struct slice text, char stop)
{
    size_t at = 0;
    while (at < text.size && text.data[at] != stop)
        at = text.data[at] == '('   ? token_comment(text, at)
             : text.data[at] == '"' ? token_quoted(text, at)
                                    : at + 1;
    return at;
}

static bool cut_part(struct slice *list, struct slice *part)
{
    if (list->size == 0)
        return false;
    size_t end = part_end(*list, ';');
    *part = slice_part(*list, 0, end);
    *list = slice_part(*list, end + 1, list->size);
    return true;
}

/* A word up to a blank, a comment, '=' or ';', taken off the front; comments before it are passed
   over. */
static struct slice take_word(struct slice *s, bool may_have_equals)
{
    size_t from = token_space(*s, 0), to = from;
    while (to < s->size && !token_is_blank(s->data[to]) && s->data[to] != '(' &&
           s->data[to] != ';' && (may_have_equals || s->data[to] != '='))
        to = s->data[to] == '"' ? token_quoted(*s, to) : to + 1;
    struct slice word = slice_part(*s, from, to);
    *s = slice_part(*s, to, s->size);
    return word;
}

static struct slice without_quotes(struct slice s)
{
    bool is_quoted = s.size >= 2 && s.data[0] == '"' && s.data[s.size - 1] == '"';
    return is_quoted ? slice_part(s, 1, s.size - 1) : s;
}

bool trail_next_property(struct slice *properties, struct slice *name, struct slice *value)
{
    while (properties->size > 0) {
        *name = take_word(properties, false);
        struct slice rest = slice_part(*properties, token_space(*properties, 0), properties->size);
        if (rest.size > 0 && rest.data[0] == '=') {
            rest = slice_part(rest, 1, rest.size);
            *value = without_quotes(take_word(&rest, true));
            *properties = rest;
            if (name->size > 0)
                return true;
        } else if (rest.size > 0 && rest.data[0] == ';') {
            *properties = slice_part(rest, 1, rest.size);
        } else {
            *properties = rest;
        }
    }
    return false;
}

/* The first comment, without its parentheses. */
static struct slice first_comment(struct slice s)
{
    size_t open = part_end(s, '(');
    if (open == s.size)
        return slice_part(s, 0, 0);
    size_t end = token_comment(s, open);
    bool is_closed = end > open + 1 && s.data[end - 1] == ')';
    return slice_part(s, open + 1, is_closed ? end - 1 : end);
}

/* methodspec "=" result and what belongs to it (RFC 8601 2.2). */
static bool read_result(struct slice part, struct trail_result *result)
{
    struct slice rest = part;
    struct slice method = take_word(&rest, false);
    rest = slice_part(rest, token_space(rest, 0), rest.size);
    if (method.size == 0 || rest.size == 0 || rest.data[0] != '=')
        return false;
    rest = slice_part(rest, 1, rest.size);
    *result =
        (struct trail_result){.method = slice_part(method, 0, slice_find_octet(method, '/', 0)),
                              .result = take_word(&rest, true),
                              .comment = first_comment(rest),
                              .properties = slice_trim(rest)};
    return true;
}

/* False: there are too many of them. */
static bool has_room(struct trail *trail, uint32_t count)
{
    trail->fields_left_out += count == TRAIL_FIELDS_MAX;
    return count < TRAIL_FIELDS_MAX;
}

static uint32_t hops_above(const struct trail *trail)
{
    return trail->hop_count + trail->hops_left_out;
}

static void add_result(struct trail *trail, struct trail_auth *auth, struct slice part)
{
    struct trail_result result;
    if (!read_result(part, &result))
        return; /* "none", or blanks behind the last ';' */
    if (!has_room(trail, trail->result_count))
        return;
    trail->results[trail->result_count++] = result;
    auth->result_count++;
}

static unsigned instance_of(struct slice value)
{
    uint64_t instance = 0;
    value = slice_trim(value);
    return slice_to_u64(value, &instance) && instance <= TRAIL_ARCS_MAX ? (unsigned)instance : 0;
}

static struct trail_arc *arc_of(struct trail *trail, unsigned instance)
{
    uint32_t i = 0;
    while (i < trail->arc_count && trail->arcs[i].instance < instance)
        i++;
    if (i < trail->arc_count && trail->arcs[i].instance == instance)
        return &trail->arcs[i];
    memmove(&trail->arcs[i + 1], &trail->arcs[i], (trail->arc_count - i) * sizeof *trail->arcs);
    trail->arc_count++;
    trail->arcs[i] = (struct trail_arc){.instance = instance};
    return &trail->arcs[i];
}

void trail_read_auth(struct trail *trail, const struct header_field *field, bool is_arc)
{
    struct slice rest = field->value, part;
    struct trail_result first;
    if (!has_room(trail, trail->auth_count))
        return;
    struct trail_auth *auth = &trail->auths[trail->auth_count++];
    *auth = (struct trail_auth){.field = field->whole,
                                .hops_above = hops_above(trail),
                                .first_result = trail->result_count};
    if (is_arc && cut_part(&rest, &part) && read_result(part, &first))
        auth->arc_instance = instance_of(first.result);
    if (is_arc && auth->arc_instance)
        arc_of(trail, auth->arc_instance)->has_results = true;
    bool has_part = cut_part(&rest, &part);
    if (has_part && read_result(part, &first))
        add_result(trail, auth, part); /* Exchange names no server */
    else if (has_part)
        auth->server = without_quotes(take_word(&part, true));
    while (cut_part(&rest, &part))
        add_result(trail, auth, part);
}

void trail_read_arc(struct trail *trail, const struct header_field *field, bool is_seal)
{
    struct slice value;
    tag_list_find(field->value, "i", &value);
    unsigned instance = instance_of(value);
    if (instance == 0)
        return;
    struct trail_arc *arc = arc_of(trail, instance);
    arc->has_signature |= !is_seal;
    if (!is_seal || arc->has_seal)
        return;
    arc->has_seal = true;
    tag_list_find(field->value, "d", &arc->domain);
    tag_list_find(field->value, "s", &arc->selector);
    tag_list_find(field->value, "cv", &arc->cv);
}

void trail_read_signature(struct trail *trail, const struct header_field *field)
{
    if (!has_room(trail, trail->signature_count))
        return;
    struct trail_signature *signature = &trail->signatures[trail->signature_count++];
    signature->field = field->whole;
    tag_list_find(field->value, "d", &signature->domain);
    tag_list_find(field->value, "s", &signature->selector);
    tag_list_find(field->value, "a", &signature->algorithm);
    tag_list_find(field->value, "i", &signature->identity);
    tag_list_find(field->value, "h", &signature->names);
}

void trail_read_spf(struct trail *trail, const struct header_field *field)
{
    struct slice rest = field->value, name, value;
    if (!has_room(trail, trail->spf_count))
        return;
    struct trail_spf *spf = &trail->spfs[trail->spf_count++];
    *spf = (struct trail_spf){.field = field->whole, .hops_above = hops_above(trail)};
    spf->result = take_word(&rest, false);
    spf->comment = first_comment(rest);
    while (trail_next_property(&rest, &name, &value)) {
        struct slice *to = slice_equal_fold(name, SLICE("client-ip"))       ? &spf->client_ip
                           : slice_equal_fold(name, SLICE("envelope-from")) ? &spf->envelope_from
                           : slice_equal_fold(name, SLICE("helo"))          ? &spf->helo
                           : slice_equal_fold(name, SLICE("receiver"))      ? &spf->receiver
                                                                            : NULL;
        if (to && to->size == 0)
            *to = value;
    }
}
