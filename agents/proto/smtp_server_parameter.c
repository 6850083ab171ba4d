/*
 * What may follow the path of MAIL and RCPT (RFC 5321 4.1.1.11), a row a parameter: SIZE (RFC 1870
 * 3), BODY (RFC 6152 3), SMTPUTF8 (RFC 6531 3.4), AUTH (RFC 4954 5), RET, ENVID, NOTIFY and ORCPT
 * (RFC 3461 4).
 */
#include "agents/proto/smtp_path.h"
#include "agents/proto/smtp_server_part.h"
#include "agents/proto/smtp_xtext.h"

enum { ENVID_MAX = 100, ORCPT_MAX = 500 }; /* octets of the value (RFC 3461 4.4, 4.2) */

/* Decodes onto the end of s->text. False when it is no xtext, or empty. */
static bool decode(struct smtp_server *s, struct slice xtext, struct slice *text)
{
    size_t before = bytes_size(&s->text);
    if (!smtp_xtext_read(xtext, &s->text))
        return false;
    *text = slice_part(bytes_slice(&s->text), before, bytes_size(&s->text));
    return text->size > 0;
}

/* No text of these may bring a control character with it: it is written into headers and commands.
 */
static bool is_printable(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7F)
            return false;
    return true;
}

static bool take_size(struct smtp_server *s, struct slice value, struct smtp_server_event *event)
{
    (void)s;
    return value.size <= 20 && slice_to_u64(value, &event->size); /* RFC 1870 3 */
}

static bool take_body(struct smtp_server *s, struct slice value, struct smtp_server_event *event)
{
    (void)s;
    event->is_8bit = slice_equal_fold(value, SLICE("8BITMIME"));
    return event->is_8bit || slice_equal_fold(value, SLICE("7BIT"));
}

static bool take_utf8(struct smtp_server *s, struct slice value, struct smtp_server_event *event)
{
    (void)s, (void)value;
    event->is_utf8 = true;
    return true;
}

/* Read and not believed, which RFC 4954 5 allows. */
static bool take_auth(struct smtp_server *s, struct slice value, struct smtp_server_event *event)
{
    struct slice identity;
    (void)event;
    return decode(s, value, &identity) &&
           (slice_equal(identity, SLICE("<>")) || smtp_mailbox_is_valid(identity));
}

static bool take_ret(struct smtp_server *s, struct slice value, struct smtp_server_event *event)
{
    (void)s;
    if (slice_equal_fold(value, SLICE("FULL")))
        event->ret = SMTP_RETURN_FULL;
    else if (slice_equal_fold(value, SLICE("HDRS")))
        event->ret = SMTP_RETURN_HEADERS;
    return event->ret != SMTP_RETURN_UNSAID;
}

static bool take_envid(struct smtp_server *s, struct slice value, struct smtp_server_event *event)
{
    return value.size <= ENVID_MAX && decode(s, value, &event->envid) &&
           is_printable(event->envid) && !slice_is_8bit(event->envid);
}

/* NEVER alone, or some of the others, none of them twice (RFC 3461 4.1) */
static bool take_notify(struct smtp_server *s, struct slice value, struct smtp_server_event *event)
{
    static const struct {
        struct slice word;
        unsigned bit;
    } rows[] = {{{"SUCCESS", 7}, SMTP_NOTIFY_SUCCESS},
                {{"FAILURE", 7}, SMTP_NOTIFY_FAILURE},
                {{"DELAY", 5}, SMTP_NOTIFY_DELAY}};
    (void)s;
    struct slice word;
    if (slice_equal_fold(value, SLICE("NEVER"))) {
        event->notify = SMTP_NOTIFY_NEVER;
        return true;
    }
    if (value.data[value.size - 1] == ',')
        return false;
    while (slice_cut(&value, ',', &word)) {
        unsigned bit = 0;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            if (slice_equal_fold(word, rows[i].word))
                bit = rows[i].bit;
        if (bit == 0 || (event->notify & bit))
            return false;
        event->notify |= bit;
    }
    return true;
}

/* original-recipient-address = addr-type ";" xtext (RFC 3461 4.2); UTF-8 as RFC 6533 3 has it */
static bool take_orcpt(struct smtp_server *s, struct slice value, struct smtp_server_event *event)
{
    size_t semicolon = slice_find_octet(value, ';', 0);
    struct slice type = slice_part(value, 0, semicolon), address;
    if (semicolon == SLICE_NONE || semicolon == 0 || value.size > ORCPT_MAX)
        return false;
    for (size_t i = 0; i < type.size; i++) {
        char octet = slice_lower(type.data[i]);
        if (!(octet >= 'a' && octet <= 'z') && !(octet >= '0' && octet <= '9') && octet != '-')
            return false;
    }
    size_t before = bytes_size(&s->text);
    bytes_append(&s->text, slice_part(value, 0, semicolon + 1));
    if (!decode(s, slice_part(value, semicolon + 1, value.size), &address) ||
        !is_printable(address) || (slice_is_8bit(address) && !s->is_utf8))
        return false;
    event->orcpt = slice_part(bytes_slice(&s->text), before, bytes_size(&s->text));
    return true;
}

static const struct row {
    struct slice keyword;
    enum smtp_verb verb;
    bool has_value;
    bool (*take)(struct smtp_server *s, struct slice value, struct smtp_server_event *event);
} rows[] = {
    {{"SIZE", 4}, SMTP_VERB_MAIL, true, take_size},
    {{"BODY", 4}, SMTP_VERB_MAIL, true, take_body},
    {{"SMTPUTF8", 8}, SMTP_VERB_MAIL, false, take_utf8},
    {{"AUTH", 4}, SMTP_VERB_MAIL, true, take_auth},
    {{"RET", 3}, SMTP_VERB_MAIL, true, take_ret},
    {{"ENVID", 5}, SMTP_VERB_MAIL, true, take_envid},
    {{"NOTIFY", 6}, SMTP_VERB_RCPT, true, take_notify},
    {{"ORCPT", 5}, SMTP_VERB_RCPT, true, take_orcpt},
};
enum { ROWS = sizeof rows / sizeof *rows };

/* Parameters belong to extensions: none is known that EHLO did not offer. */
static bool is_offered(const struct smtp_server *s, const struct row *row)
{
    const struct smtp_server_options *o = &s->options;
    if (!s->is_extended)
        return false;
    return row->take == take_size   ? o->size_max > 0
           : row->take == take_body ? o->offers_8bitmime
           : row->take == take_utf8 ? o->offers_smtputf8
           : row->take == take_auth ? o->offers_auth
                                    : o->offers_dsn;
}

static size_t find_row(const struct smtp_server *s, struct slice keyword)
{
    size_t i = 0;
    while (i < ROWS && (rows[i].verb != s->verb || !is_offered(s, &rows[i]) ||
                        !slice_equal_fold(keyword, rows[i].keyword)))
        i++;
    return i;
}

bool smtp_server_parameters(struct smtp_server *s, struct slice rest,
                            struct smtp_server_event *event)
{
    unsigned seen = 0;
    bytes_clear(&s->text);
    (void)bytes_reserve(&s->text, rest.size); /* so that nothing moves what was decoded */
    while (rest.size > 0) {
        struct smtp_parameter parameter;
        if (!smtp_parameter_read(&rest, &parameter))
            return smtp_server_refuse_syntax(s, "syntax error in the parameters");
        size_t row = find_row(s, parameter.keyword);
        if (row == ROWS) /* RFC 5321 4.1.1.11 */
            return smtp_server_refuse(s, s->verb, 555, "5.5.4", "unknown parameter");
        if ((seen & 1u << row) || parameter.has_value != rows[row].has_value ||
            !rows[row].take(s, parameter.value, event))
            return smtp_server_refuse_syntax(s, "bad value of a parameter");
        seen |= 1u << row;
    }
    return true;
}
