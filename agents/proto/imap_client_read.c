/*
 * What an IMAP server says (RFC 9051 7). A response is put together with its literals; what is in
 * it goes into c->event, and the kinds that are to be told into c->told.
 */
#include <string.h>

#include "agents/proto/imap_client_part.h"
#include "sim/base/check.h"

enum { ITEMS_MAX = 10000, SECTIONS_MAX = 1000 }; /* of one FETCH response */

/* ---- putting it together ---- */

static bool take_literal(struct imap_client *c)
{
    size_t here = bytes_size(&c->base.in);
    size_t n = c->literal_left < here ? (size_t)c->literal_left : here;
    check(bytes_append(&c->response, slice_part(bytes_slice(&c->base.in), 0, n)));
    bytes_consume(&c->base.in, n);
    c->literal_left -= n;
    return c->literal_left == 0;
}

static bool announces_too_much(const struct imap_client *c, const struct imap_literal *literal)
{
    return literal->size > IMAP_CLIENT_RESPONSE_MAX - bytes_size(&c->response);
}

enum imap_client_read imap_client_gather(struct imap_client *c)
{
    for (;;) {
        struct slice line;
        struct imap_literal literal;
        if (c->literal_left && !take_literal(c))
            return IMAP_CLIENT_READ_NONE;
        switch (session_take_line(&c->base, IMAP_CLIENT_LINE_MAX, &line)) {
        case SESSION_LINE_NONE:
            return IMAP_CLIENT_READ_NONE;
        case SESSION_LINE_TOO_LONG:
            return IMAP_CLIENT_READ_NONSENSE;
        case SESSION_LINE_OK:
            break;
        }
        c->line_octets += line.size;
        if (c->line_octets > IMAP_CLIENT_LINE_MAX || !bytes_append(&c->response, line))
            return IMAP_CLIENT_READ_NONSENSE;
        if (!imap_args_literal_at_end(line, &literal))
            return IMAP_CLIENT_READ_WHOLE;
        if (!bytes_append(&c->response, SLICE("\r\n")) || announces_too_much(c, &literal))
            return IMAP_CLIENT_READ_NONSENSE;
        c->literal_left = literal.size;
    }
}

/* ---- capabilities and codes ---- */

static void read_capability(struct imap_client *c, struct slice word)
{
    static const struct {
        const char *name;
        size_t at;
    } rows[] = {
        {"IMAP4rev2", offsetof(struct imap_client, is_rev2)},
        {"IDLE", offsetof(struct imap_client, has_idle)},
        {"MOVE", offsetof(struct imap_client, has_move)},
        {"UIDPLUS", offsetof(struct imap_client, has_uidplus)},
        {"LITERAL+", offsetof(struct imap_client, has_literal_plus)},
        {"LITERAL-", offsetof(struct imap_client, has_literal_minus)},
        {"SASL-IR", offsetof(struct imap_client, has_sasl_ir)},
        {"STARTTLS", offsetof(struct imap_client, has_starttls)},
        {"LOGINDISABLED", offsetof(struct imap_client, is_login_disabled)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_equal_fold(word, slice_of(rows[i].name)))
            *(bool *)((char *)c + rows[i].at) = true;
    if (slice_equal_fold(slice_part(word, 0, 5), SLICE("AUTH="))) {
        enum sasl_mechanism mechanism = sasl_find(slice_part(word, 5, SIZE_MAX));
        if (mechanism != SASL_MECHANISM_COUNT)
            c->mechanisms |= 1u << mechanism;
    }
}

/* What a list names is all there is: an earlier one counts no more. */
void imap_client_read_capabilities(struct imap_client *c, struct slice words)
{
    c->is_rev2 = c->has_idle = c->has_move = c->has_uidplus = c->has_literal_plus = false;
    c->has_literal_minus = c->has_sasl_ir = c->has_starttls = c->is_login_disabled = false;
    c->mechanisms = 0;
    for (struct slice word; slice_cut(&words, ' ', &word);)
        read_capability(c, word);
    c->knows_capabilities = true;
}

static void read_number(struct slice code, const char *name, uint32_t *number)
{
    uint64_t value;
    struct slice before = slice_of(name);
    if (slice_starts(code, before) &&
        slice_to_u64(slice_part(code, before.size, SIZE_MAX), &value) && value <= UINT32_MAX)
        *number = (uint32_t)value;
}

void imap_client_read_code(struct imap_client *c, struct slice *text, struct slice *code)
{
    *code = (struct slice){"", 0};
    size_t end = slice_find_octet(*text, ']', 0);
    if (!slice_starts(*text, SLICE("[")) || end == SLICE_NONE)
        return;
    *code = slice_part(*text, 1, end);
    *text = slice_trim(slice_part(*text, end + 1, SIZE_MAX));
    if (slice_equal_fold(slice_part(*code, 0, 11), SLICE("CAPABILITY ")))
        imap_client_read_capabilities(c, slice_part(*code, 11, SIZE_MAX));
    read_number(*code, "UIDVALIDITY ", &c->uidvalidity);
    read_number(*code, "UIDNEXT ", &c->uidnext);
}

/* ---- FETCH ---- */

/* "BODY[1.2]<0>": takes the section's name; *may* be a word without one. */
static bool read_section(struct imap_args *a, struct slice *name)
{
    *name = (struct slice){"", 0};
    if (!imap_args_skip(a, '['))
        return false;
    struct slice rest = imap_args_rest(a);
    size_t end = slice_find_octet(rest, ']', 0);
    if (end == SLICE_NONE)
        return imap_args_fail(a, "a section is not closed");
    *name = slice_part(rest, 0, end);
    a->at += end + 1;
    rest = imap_args_rest(a);
    if (slice_starts(rest, SLICE("<"))) {
        end = slice_find_octet(rest, '>', 0);
        if (end == SLICE_NONE)
            return imap_args_fail(a, "an origin is not closed");
        a->at += end + 1;
    }
    return true;
}

static bool read_content(struct imap_client *c, struct imap_args *a, struct slice name)
{
    struct slice content;
    bool is_nil = false, is_binary;
    bool ok = imap_args_peek(a) == '~' ? imap_args_literal(a, &content, &is_binary)
                                       : imap_args_nstring(a, &content, &is_nil);
    if (ok && !is_nil && c->sections.count < SECTIONS_MAX)
        *vector_add(&c->sections) = (struct imap_client_section){name, content};
    return ok;
}

/* The name of an item, up to what can't be in one. */
static struct slice item_name(struct imap_args *a)
{
    struct slice rest = imap_args_rest(a);
    size_t n = 0;
    while (n < rest.size && rest.data[n] != ' ' && rest.data[n] != '[' && rest.data[n] != ')' &&
           rest.data[n] != '(')
        n++;
    a->at += n;
    return slice_part(rest, 0, n);
}

static bool read_item(struct imap_client *c, struct imap_args *a)
{
    struct imap_client_event *e = &c->event;
    struct slice name = item_name(a), section;
    bool has_section = read_section(a, &section);
    if (a->problem || !imap_args_sp(a))
        return false;
    if (slice_equal_fold(name, SLICE("UID")))
        return imap_args_nz_number(a, &e->uid);
    if (slice_equal_fold(name, SLICE("RFC822.SIZE")))
        return imap_args_number64(a, &e->size);
    if (slice_equal_fold(name, SLICE("FLAGS"))) {
        e->has_flags = true;
        return imap_args_flag_list(a, &e->flags);
    }
    if ((slice_equal_fold(name, SLICE("BODY")) || slice_equal_fold(name, SLICE("BINARY"))) &&
        has_section)
        return read_content(c, a, section);
    if (slice_equal_fold(name, SLICE("RFC822")))
        return read_content(c, a, SLICE(""));
    if (slice_equal_fold(name, SLICE("RFC822.HEADER")))
        return read_content(c, a, SLICE("HEADER"));
    if (slice_equal_fold(name, SLICE("RFC822.TEXT")))
        return read_content(c, a, SLICE("TEXT"));
    return imap_args_any(a);
}

static void read_fetch(struct imap_client *c, struct imap_args *a)
{
    size_t items = 0;
    bool ok = imap_args_sp(a) && imap_args_expect(a, '(');
    for (bool is_first = true; ok && items < ITEMS_MAX && imap_args_list_next(a, &is_first);
         items++)
        ok = read_item(c, a);
    if (ok && !a->problem)
        imap_client_tell(c, IMAP_CLIENT_MESSAGE);
    else
        imap_client_fail(c, true, SLICE("a FETCH response can't be read"));
}

/* ---- the others ---- */

static void read_list(struct imap_client *c, struct imap_args *a)
{
    struct slice delimiter;
    bool is_nil;
    bool ok = imap_args_sp(a) && imap_args_flag_list(a, &c->event.flags) && imap_args_sp(a) &&
              imap_args_nstring(a, &delimiter, &is_nil) && imap_args_sp(a) &&
              imap_args_mailbox(a, &c->event.name);
    if (!ok)
        return; /* a name of a kind that is not known: not shown */
    c->event.delimiter = delimiter.size ? delimiter.data[0] : '\0';
    imap_client_tell(c, IMAP_CLIENT_FOLDER);
}

static void read_vanished(struct imap_client *c, struct slice text)
{
    size_t blank = slice_starts(text, SLICE("(")) ? slice_find_octet(text, ' ', 0) : SLICE_NONE;
    if (blank != SLICE_NONE)
        text = slice_part(text, blank + 1, SIZE_MAX);
    c->event.text = text;
    imap_client_tell(c, IMAP_CLIENT_EXPUNGE);
}

/* "(TAG "A1") UID COUNT 2 ALL 3:4" (RFC 9051 7.3.4): the numbers behind ALL. */
static void read_esearch(struct imap_client *c, struct slice text)
{
    size_t at = slice_find(text, SLICE("ALL "), 0);
    text = at == SLICE_NONE ? SLICE("") : slice_part(text, at + 4, SIZE_MAX);
    c->event.text = slice_part(text, 0, slice_find_octet(text, ' ', 0));
    imap_client_tell(c, IMAP_CLIENT_SEARCH);
}

/* "3 EXISTS", "3 EXPUNGE", "3 FETCH (...)". */
static void read_numbered(struct imap_client *c, struct imap_args *a)
{
    struct slice what;
    if (!imap_args_sp(a) || !imap_args_atom(a, &what))
        return;
    c->event.what = what;
    c->event.has_number = true;
    c->event.text = slice_trim(imap_args_rest(a));
    imap_client_tell(c, IMAP_CLIENT_DATA);
    if (slice_equal_fold(what, SLICE("EXISTS"))) {
        c->exists = c->event.number;
        imap_client_tell(c, IMAP_CLIENT_EXISTS);
    } else if (slice_equal_fold(what, SLICE("EXPUNGE"))) {
        c->exists -= c->exists > 0;
        imap_client_tell(c, IMAP_CLIENT_EXPUNGE);
    } else if (slice_equal_fold(what, SLICE("FETCH"))) {
        read_fetch(c, a);
    }
}

static bool read_status(struct imap_client *c, struct slice what, struct slice text)
{
    for (int status = IMAP_OK; status <= IMAP_BYE; status++)
        if (slice_equal_fold(what, slice_of(imap_status_name((enum imap_status)status)))) {
            imap_client_on_status(c, (enum imap_status)status, text);
            return true;
        }
    return false;
}

static void read_named(struct imap_client *c, struct imap_args *a, struct slice what)
{
    struct slice text = slice_trim(imap_args_rest(a));
    c->event.what = what;
    c->event.text = text;
    if (c->state != IMAP_CLIENT_STATE_GREETING)
        imap_client_tell(c, IMAP_CLIENT_DATA);
    if (read_status(c, what, text))
        return;
    if (slice_equal_fold(what, SLICE("CAPABILITY")))
        imap_client_read_capabilities(c, text);
    else if (slice_equal_fold(what, SLICE("LIST")))
        read_list(c, a);
    else if (slice_equal_fold(what, SLICE("VANISHED")))
        read_vanished(c, text);
    else if (slice_equal_fold(what, SLICE("SEARCH")))
        imap_client_tell(c, IMAP_CLIENT_SEARCH);
    else if (slice_equal_fold(what, SLICE("ESEARCH")))
        read_esearch(c, text);
}

void imap_client_read_data(struct imap_client *c, struct slice text)
{
    struct imap_args a;
    struct slice what;
    imap_args_init(&a, text, &c->arena);
    a.is_response = true;
    bool is_number = text.size && text.data[0] >= '0' && text.data[0] <= '9';
    if (is_number && imap_args_number(&a, &c->event.number))
        read_numbered(c, &a);
    else if (!is_number && imap_args_atom(&a, &what))
        read_named(c, &a, what);
    if (c->state == IMAP_CLIENT_STATE_GREETING)
        imap_client_fail(c, true, SLICE("the server does not greet in IMAP"));
}
