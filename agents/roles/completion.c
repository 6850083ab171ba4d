#include "agents/roles/completion.h"

#include "agents/mail/address.h"
#include "agents/mail/date.h"
#include "agents/mail/header.h"

static void note(const struct completion *c, const char *what)
{
    sim_emit(c->office->sim, EVENT_COMPLETE,
             &(struct event_complete){c->agent, c->msg, sim_text(c->office->sim, slice_of(what))});
}

static bool names_people(struct slice name)
{
    static const char *const fields[] = {"From", "Sender", "Reply-To", "To", "Cc"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (slice_equal_fold(name, slice_of(fields[i])))
            return true;
    return false;
}

static bool lacks_domain(struct slice value)
{
    struct address_mailbox mailbox;
    while (address_next(&value, &mailbox))
        if (mailbox.address.size && address_domain(mailbox.address).size == 0)
            return true;
    return false;
}

/* The same mailboxes, each with a domain. */
static bool write_completed(const struct completion *c, const struct header_field *field,
                            struct bytes *out)
{
    struct address_mailbox mailbox;
    struct bytes value;
    struct slice list = field->value;
    bool fits = true;
    bytes_init(&value, field->value.size * 2 + 64 * 1024);
    while (fits && address_next(&list, &mailbox)) {
        if (mailbox.address.size == 0)
            continue;
        bool is_bare = address_domain(mailbox.address).size == 0;
        fits = bytes_printf(
            &value, "%s%.*s%s%.*s%s%.*s%s", bytes_size(&value) ? ", " : "", SLICE_ARG(mailbox.name),
            mailbox.name.size ? " <" : "", SLICE_ARG(mailbox.address), is_bare ? "@" : "",
            SLICE_ARG(is_bare ? c->domain : SLICE("")), mailbox.name.size ? ">" : "");
    }
    fits = fits && header_write(out, field->name, bytes_slice(&value));
    bytes_finish(&value);
    return fits;
}

struct seen_fields {
    bool from, date, message_id;
};

static bool copy_fields(const struct completion *c, struct slice header, struct bytes *out,
                        struct seen_fields *seen)
{
    struct header_field field;
    while (header_next(&header, &field)) {
        seen->from |= slice_equal_fold(field.name, SLICE("From"));
        seen->date |= slice_equal_fold(field.name, SLICE("Date"));
        seen->message_id |= slice_equal_fold(field.name, SLICE("Message-ID"));
        if (c->adds_domains && names_people(field.name) && lacks_domain(field.value)) {
            if (!write_completed(c, &field, out))
                return false;
            note(c, "added the domain to an address");
        } else if (!bytes_append(out, field.whole)) {
            return false;
        }
    }
    return true;
}

/* RFC 6409 8.2, 8.3: Date and Message-ID are added when they are missing. */
static bool add_fields(const struct completion *c, struct bytes *out,
                       const struct seen_fields *seen)
{
    char date[DATE_TEXT], id[OFFICE_ID];
    if (!seen->date) {
        if (!header_write(out, SLICE("Date"),
                          date_write(office_now_s(c->office, c->agent),
                                     office_zone(c->office, c->agent), date)))
            return false;
        note(c, "added Date");
    }
    if (!seen->message_id) {
        const struct slice field[] = {SLICE("Message-ID: <"),
                                      office_new_id(c->office, c->agent, id), SLICE("@"),
                                      net_host_name(c->office->net, c->agent), SLICE(">\r\n")};
        if (!bytes_append_all(out, field, 5))
            return false;
        note(c, "added Message-ID");
    }
    return true;
}

enum completion_result completion_write(const struct completion *c, struct slice header,
                                        struct bytes *out)
{
    struct seen_fields seen = {0};
    bool fits = copy_fields(c, header, out, &seen);
    if (fits && !seen.from && !(c->adds_fields && c->author.size > 0))
        return COMPLETION_NO_FROM;
    if (fits && !seen.from) {
        /* not among RFC 6409 8's, but RFC 5322 3.6 demands it, and who it is was proved */
        fits = header_write(out, SLICE("From"), c->author);
        note(c, "added From");
    }
    if (fits && c->adds_fields)
        fits = add_fields(c, out, &seen);
    return fits && bytes_append(out, SLICE("\r\n")) ? COMPLETION_OK : COMPLETION_TOO_LONG;
}
