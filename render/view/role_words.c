#include "render/view/role_words.h"

#include "render/draw/theme.h"
#include "render/view/tr.h"

static const struct role_words rows[] = {
    {"mua", TR("mail user agent"),
     TR("It works for a person: writes, submits, fetches, shows and files mail."),
     TR("mail client, mail reader"), "RFC 5598 4.2.1"},
    {"msa", TR("submission agent"),
     TR("It takes new mail from a person who may send it, checks and completes it, and is "
        "responsible from then on."),
     "", "RFC 6409 2.1"},
    {"mta", TR("transfer agent"),
     TR("It moves mail one hop on: a server on one side, a client on the other, a queue between."),
     TR("mail relay, mail server, mail exchanger"), "RFC 5598 4.3.2"},
    {"mda", TR("delivery agent"),
     TR("It makes the last transfer: into the recipient's store, or on to another address."),
     TR("local delivery agent, LDA"), "RFC 5598 4.3.3"},
    {"store", TR("message store"), TR("Here delivered mail lies until it is removed."),
     TR("mailbox, spool"), "RFC 5598 4.2.2"},
    {"access", TR("access server"),
     TR("It answers POP3 and IMAP in front of a store, and checks the password."),
     TR("POP server, IMAP server"), "RFC 8314 2"},
    {"mra", TR("retrieval agent"),
     TR("A client that pulls mail from an access server for a person, and hands it to the mail "
        "system here."),
     TR("fetchmail"), ""},
    {"list", TR("mailing list, a mediator"),
     TR("It takes a message and posts it to all members, under an envelope of its own."),
     TR("exploder"), "RFC 5598 5.3"},
    {"vacation", TR("automatic answer, a mediator"),
     TR("It tells those who write that the person is away; once, and never to programs."), "",
     "RFC 3834 2"},
    {"filter", TR("filter"),
     TR("It judges messages: lets them pass, marks, delays, refuses or discards them."), "",
     "RFC 5598 5.5"},
    {"dns", TR("name server"),
     TR("It knows a part of the names itself, and answers for it with authority."), "",
     "RFC 1034 4"},
    {"resolver", TR("resolver"),
     TR("It asks from the root down on behalf of others, and keeps the answers for a while."),
     TR("recursive or caching name server"), "RFC 1034 5"},
    {"web", TR("webmail server"),
     TR("A mail user agent whose screen is in a browser: HTTP on one side, mail on the other."), "",
     "RFC 5598 4.2.1"},
    {"browser", TR("browser"),
     TR("It shows a person the pages of a webmail server; it speaks HTTP and no mail protocol."),
     "", "RFC 9110 3"},
    {"robot", TR("robot"), TR("A program that sends messages by itself."), "", "RFC 5598 2.1"},
    {"console", TR("console"), TR("A person types commands on this host."), "", ""},
    {"firewall", TR("firewall"),
     TR("It lets connections through or stops them, by where they come from and go to."), "",
     "RFC 2979 2"},
    {"tap", TR("tap"), TR("It reads what passes on the line, and nobody notices."), "", ""},
    {"middlebox", TR("middlebox"),
     TR("It stands in the way and changes what passes: a machine in the middle."), "",
     "RFC 3234 1"},
    {"knocker", TR("knocker"), TR("It tries doors: ports, names and passwords."), "", ""},
};

const struct role_words *role_words(struct slice role)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (slice_equal(slice_of(rows[i].role), role))
            return &rows[i];
    return NULL;
}

bool role_is_incoming(struct slice role)
{
    return slice_equal(role, SLICE("mda")) || slice_equal(role, SLICE("store")) ||
           slice_equal(role, SLICE("access"));
}

const char *role_label(struct slice role, bool is_classic)
{
    static const struct {
        const char *role, *label;
    } classics[] = {
        {"mua", TR("Mail client")},
        {"msa", TR("Outgoing mail server")},
        {"mta", TR("Mail server")},
        {"mda", TR("Incoming mail server")},
        {"store", TR("Incoming mail server")},
        {"access", TR("Incoming mail server")},
        {"mra", TR("Mail fetcher")},
    };
    for (size_t i = 0; is_classic && i < sizeof classics / sizeof classics[0]; i++)
        if (slice_equal(slice_of(classics[i].role), role))
            return tr(classics[i].label);
    return tr(theme_mark(role)->label);
}
