#include "agents/roles/route.h"

enum { PORT_SMTP = 25, PORT_LMTP = 24 };

/* A host's id or DNS name: letters, digits, hyphens, dots. */
static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = slice_lower(text.data[i]);
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_')
            return false;
    }
    return text.size > 0 && text.size <= 255;
}

bool route_read_server(struct slice text, uint32_t usual_port, struct slice *server, uint32_t *port)
{
    uint64_t number = usual_port;
    size_t colon = slice_find_octet(text, ':', 0);
    if (colon != SLICE_NONE &&
        (!slice_to_u64(slice_part(text, colon + 1, text.size), &number) || number == 0))
        return false;
    *server = slice_part(text, 0, colon);
    *port = (uint32_t)number;
    return number <= 65535 && is_name(*server);
}

static bool is_pattern(struct slice text)
{
    if (slice_starts(text, SLICE("*.")))
        text = slice_part(text, 2, text.size);
    return is_name(text) || slice_equal(text, SLICE("*"));
}

/* One to three digits off the front. */
static bool cut_number(struct slice *text)
{
    size_t size = 0;
    while (size < text->size && text->data[size] >= '0' && text->data[size] <= '9')
        size++;
    *text = slice_part(*text, size, text->size);
    return size > 0 && size <= 3;
}

static bool cut_dot(struct slice *text)
{
    bool is_there = slice_starts(*text, SLICE("."));
    *text = slice_part(*text, is_there, text->size);
    return is_there;
}

/* A failure's enhanced status code (RFC 3463 2). */
static bool is_status(struct slice text)
{
    return (slice_starts(text, SLICE("4.")) || slice_starts(text, SLICE("5."))) &&
           cut_number(&text) && cut_dot(&text) && cut_number(&text) && cut_dot(&text) &&
           cut_number(&text) && text.size == 0;
}

/* "5.1.2 No such place", "4.2.1", or text alone (RFC 3463 2). */
static void read_error(struct slice text, struct smtp_reply *reply)
{
    struct slice first = {"", 0}, rest = text;
    *reply = (struct smtp_reply){550, SLICE("5.1.2"), SLICE("No mail is taken for this domain")};
    slice_cut(&rest, ' ', &first);
    if (is_status(first)) {
        reply->code = first.data[0] == '4' ? 450 : 550;
        reply->esc = first;
        text = slice_trim(rest);
    }
    if (text.size > 0)
        reply->text = text;
}

static bool read_hop(struct slice hop, struct route_rule *rule)
{
    struct slice word = {"", 0}, rest = hop;
    slice_cut(&rest, ' ', &word);
    if (slice_equal(word, SLICE("error"))) {
        rule->kind = ROUTE_RULE_ERROR;
        read_error(slice_trim(rest), &rule->reply);
        return true;
    }
    if (slice_equal(hop, SLICE("local")) || slice_equal(hop, SLICE("mx"))) {
        rule->kind = slice_equal(hop, SLICE("mx")) ? ROUTE_RULE_MX : ROUTE_RULE_LOCAL;
        return true;
    }
    bool is_lmtp = slice_starts(hop, SLICE("lmtp:"));
    rule->kind = is_lmtp ? ROUTE_RULE_LMTP : ROUTE_RULE_SERVER;
    return route_read_server(is_lmtp ? slice_part(hop, 5, hop.size) : hop,
                             is_lmtp ? PORT_LMTP : PORT_SMTP, &rule->server, &rule->port);
}

bool route_rule_read(struct slice text, struct route_rule *rule)
{
    struct slice rest = slice_trim(text);
    *rule = (struct route_rule){.domain = SLICE("")};
    slice_cut(&rest, ' ', &rule->domain);
    return is_pattern(rule->domain) && read_hop(slice_trim(rest), rule);
}

bool route_rule_matches(const struct route_rule *rule, struct slice domain)
{
    if (slice_equal(rule->domain, SLICE("*")))
        return true;
    if (slice_starts(rule->domain, SLICE("*.")))
        return slice_ends_fold(domain, slice_part(rule->domain, 1, rule->domain.size));
    return slice_equal_fold(rule->domain, domain);
}
