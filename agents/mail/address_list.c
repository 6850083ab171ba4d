#include "agents/mail/address.h"

#include "agents/mail/token.h"

/* Where the parts of one list element lie, as far as they are there. */
struct element {
    size_t open, close;              /* '<' and '>' */
    size_t comment_from, comment_to; /* the last comment, with its parentheses */
    size_t end;                      /* the ',' ';' or ':' behind it, or the end of the list */
    bool has_angle;
};

/* Behind the quoted string, comment or domain literal that starts at `at`, or behind one octet. */
static size_t skip_token(struct slice list, size_t at, struct element *e)
{
    enum { LITERAL_OCTETS = 80 };
    if (list.data[at] == '"')
        return token_quoted(list, at);
    if (list.data[at] == '(') {
        e->comment_from = at;
        e->comment_to = token_comment(list, at);
        return e->comment_to;
    }
    if (list.data[at] == '[') {
        size_t close = slice_find_octet(slice_part(list, 0, at + LITERAL_OCTETS), ']', at);
        return close == SLICE_NONE ? at + 1 : close + 1;
    }
    return at + 1;
}

/*
 * Finds the end of the element at the front. A ':' outside of brackets ends a group's name (RFC
 * 5322 3.4). A comma in <> is part of an old route (RFC 5322 4.4), and ends the element otherwise:
 * a lost '>' costs one mailbox, not the list.
 */
static struct element scan_element(struct slice list)
{
    struct element e = {.close = SLICE_NONE};
    size_t i = 0;
    while (i < list.size) {
        char octet = list.data[i];
        bool is_inside = e.has_angle && e.close == SLICE_NONE;
        bool is_route = is_inside && list.data[e.open + 1] == '@';
        bool is_end = octet == ':' ? !is_inside : (octet == ',' || octet == ';') && !is_route;
        if (is_end)
            break;
        if (octet == '<' && !e.has_angle && i + 1 < list.size) {
            e.has_angle = true;
            e.open = i;
        } else if (octet == '>' && is_inside) {
            e.close = i;
        }
        i = skip_token(list, i, &e);
    }
    e.end = i < list.size ? i : list.size;
    return e;
}

/* Without blanks and comments around it. */
static struct slice trim_space(struct slice s)
{
    s = slice_part(s, token_space(s, 0), s.size);
    size_t end = 0;
    for (size_t i = 0; i < s.size;) {
        if (s.data[i] == '"')
            end = i = token_quoted(s, i);
        else if (token_is_blank(s.data[i]) || s.data[i] == '(')
            i = token_space(s, i);
        else
            end = ++i;
    }
    return slice_part(s, 0, end);
}

/* <@one,@two:bob@example.org> is an old way to say <bob@example.org> (RFC 5322 4.4). */
static void split_route(struct address_item *item)
{
    struct slice s = item->address;
    size_t colon = s.size && s.data[0] == '@' ? slice_find_octet(s, ':', 0) : SLICE_NONE;
    if (colon == SLICE_NONE)
        return;
    item->route = trim_space(slice_part(s, 0, colon));
    item->address = trim_space(slice_part(s, colon + 1, s.size));
}

static void read_mailbox(struct slice text, const struct element *e, struct address_item *item)
{
    if (e->has_angle && e->close != SLICE_NONE) {
        item->name = trim_space(slice_part(text, 0, e->open));
        item->address = trim_space(slice_part(text, e->open + 1, e->close));
        split_route(item);
    } else {
        /* "bob@example.org (Bob)": the name in a comment, as mail of the 1980s has it */
        size_t close = e->comment_to;
        if (close > 0 && text.data[close - 1] == ')')
            close--;
        item->is_name_a_comment = close > e->comment_from;
        item->name = slice_trim(slice_part(text, e->comment_from + 1, close));
        item->address = trim_space(slice_part(text, 0, e->end));
    }
    item->is_valid = address_is_spec(item->address);
}

bool address_read_next(struct address_reader *reader, struct address_item *item)
{
    *item = (struct address_item){.kind = ADDRESS_MAILBOX};
    while (reader->rest.size > 0) {
        struct slice text = reader->rest;
        struct element e = scan_element(text);
        char stop = e.end < text.size ? text.data[e.end] : ',';
        bool is_blank = trim_space(slice_part(text, 0, e.end)).size == 0;
        bool is_group_end = stop == ';' && reader->is_in_group;
        /* a ';' ends the mailbox in front of it first, and the group the next time */
        size_t used = is_group_end && !is_blank ? e.end : e.end + 1;
        reader->rest = slice_part(text, used, text.size);
        if (is_blank && is_group_end) {
            reader->is_in_group = false;
            item->kind = ADDRESS_GROUP_END;
            return true;
        }
        if (stop == ':' && reader->is_in_group)
            continue; /* groups do not nest: what looks like a name is passed over */
        if (stop == ':') {
            reader->is_in_group = true;
            item->kind = ADDRESS_GROUP;
            item->name = trim_space(slice_part(text, 0, e.end));
            return true;
        }
        if (is_blank)
            continue;
        read_mailbox(text, &e, item);
        return true;
    }
    item->kind = ADDRESS_GROUP_END;
    bool was_in_group = reader->is_in_group;
    reader->is_in_group = false;
    return was_in_group;
}

bool address_next(struct slice *list, struct address_mailbox *mailbox)
{
    struct address_reader reader = {.rest = *list};
    struct address_item item;
    bool is_found = false;
    while (!is_found && address_read_next(&reader, &item))
        is_found = item.kind == ADDRESS_MAILBOX && item.is_valid;
    *list = reader.rest;
    if (is_found)
        *mailbox = (struct address_mailbox){item.name, item.address};
    return is_found;
}

/* What one quoted string means. */
static bool append_quoted(struct slice quoted, struct bytes *out)
{
    bool fits = true;
    for (size_t i = 1; i < quoted.size && quoted.data[i] != '"' && fits; i++) {
        if (quoted.data[i] == '\\' && i + 1 < quoted.size)
            i++;
        if (quoted.data[i] != '\r' && quoted.data[i] != '\n') /* a fold (RFC 5322 3.2.4) */
            fits = bytes_append_octet(out, quoted.data[i]);
    }
    return fits;
}

static bool is_mark(char octet)
{
    return octet == '.' || octet == '@';
}

/* Blanks and comments around the dots and the @ of an address say nothing (RFC 5322 4.4). */
static bool is_around_mark(struct slice text, size_t from, size_t to)
{
    return (from > 0 && is_mark(text.data[from - 1])) || (to < text.size && is_mark(text.data[to]));
}

bool address_unquote(struct slice text, bool is_spec, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool fits = true;
    text = trim_space(text);
    for (size_t i = 0; i < text.size && fits;) {
        size_t behind = token_space(text, i);
        if (behind > i && !(is_spec && is_around_mark(text, i, behind)))
            fits = bytes_append_octet(out, ' ');
        if (behind > i) {
            i = behind;
        } else if (text.data[i] == '"') {
            behind = token_quoted(text, i);
            fits = append_quoted(slice_part(text, i, behind), out);
            i = behind;
        } else {
            fits = bytes_append_octet(out, text.data[i++]);
        }
    }
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
