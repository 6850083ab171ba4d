/* What commands ask for. */
#include "render/view/explain.h"

#include "render/view/tr.h"

static const struct explain_row smtp[] = {
    {"EHLO", TR("The client says its name and asks which extensions the server offers."),
     "RFC 5321 4.1.1.1"},
    {"HELO", TR("The client says its name, in the old way: no extensions."), "RFC 5321 4.1.1.1"},
    {"LHLO", TR("The client says its name, in LMTP, and asks for the extensions."), "RFC 2033 4.1"},
    {"MAIL", TR("A transaction begins: to whom a failure is to be reported."), "RFC 5321 4.1.1.2"},
    {"RCPT", TR("One recipient of the envelope; each gets its own answer."), "RFC 5321 4.1.1.3"},
    {"DATA", TR("May the message come? It ends with a line that has only a dot."),
     "RFC 5321 4.1.1.4"},
    {"BDAT", TR("So many octets of the message follow at once, no dots needed."), "RFC 3030 2"},
    {"RSET", TR("The transaction is given up; the connection stays."), "RFC 5321 4.1.1.5"},
    {"NOOP", TR("Nothing is asked for; the server only has to answer."), "RFC 5321 4.1.1.9"},
    {"QUIT", TR("The client has nothing more to say and wants to part in order."),
     "RFC 5321 4.1.1.10"},
    {"VRFY", TR("Is this the name of a mailbox here?"), "RFC 5321 4.1.1.6"},
    {"EXPN", TR("Who are the members of this list?"), "RFC 5321 4.1.1.7"},
    {"HELP", TR("Which commands are there?"), "RFC 5321 4.1.1.8"},
    {"AUTH", TR("The client proves who it is, by a SASL mechanism in base64."), "RFC 4954 4"},
    {"STARTTLS", TR("From here on everything is to be encrypted."), "RFC 3207 4"},
    {"ETRN", TR("Send what waits for this domain now: the receiving side asks."), "RFC 1985 5.1"},
    {"", TR("This is no command of SMTP."), "RFC 5321 4.2.4"},
};

static const struct explain_row pop3[] = {
    {"USER", TR("The name of the mailbox; the password comes next."), "RFC 1939 7"},
    {"PASS", TR("The password, readable for whoever reads the line."), "RFC 1939 7"},
    {"APOP", TR("Name and a digest of the greeting's timestamp with the password."), "RFC 1939 7"},
    {"AUTH", TR("The client proves who it is, by a SASL mechanism in base64."), "RFC 5034 4"},
    {"STLS", TR("From here on everything is to be encrypted."), "RFC 2595 4"},
    {"STAT", TR("How many messages are there, and how many octets?"), "RFC 1939 5"},
    {"LIST", TR("How large is each message?"), "RFC 1939 5"},
    {"UIDL", TR("A name for each message that lasts: which did I have before?"), "RFC 1939 7"},
    {"RETR", TR("Send me this message, whole."), "RFC 1939 5"},
    {"TOP", TR("Send me its header and some lines."), "RFC 1939 7"},
    {"DELE", TR("Mark this message; it is removed after QUIT, not before."), "RFC 1939 5"},
    {"RSET", TR("Take all marks away again."), "RFC 1939 5"},
    {"NOOP", TR("Nothing is asked for; the server only has to answer."), "RFC 1939 5"},
    {"QUIT", TR("The client is done: what is marked is removed now."), "RFC 1939 6"},
    {"CAPA", TR("What else can this server do?"), "RFC 2449 5"},
    {"", TR("This is no command of POP3."), "RFC 1939 3"},
};

static const struct explain_row imap[] = {
    {"CAPABILITY", TR("What can this server do?"), "RFC 9051 6.1.1"},
    {"NOOP", TR("Anything new? The server may tell what has changed."), "RFC 9051 6.1.2"},
    {"LOGOUT", TR("The client is done."), "RFC 9051 6.1.3"},
    {"ID", TR("Both sides say which program they are."), "RFC 2971 3.1"},
    {"STARTTLS", TR("From here on everything is to be encrypted."), "RFC 9051 6.2.1"},
    {"AUTHENTICATE", TR("The client proves who it is, by a SASL mechanism in base64."),
     "RFC 9051 6.2.2"},
    {"LOGIN", TR("Name and password, readable for whoever reads the line."), "RFC 9051 6.2.3"},
    {"ENABLE", TR("The client understands this extension: it may be used."), "RFC 9051 6.3.1"},
    {"SELECT", TR("Open this mailbox, to read and to change it."), "RFC 9051 6.3.2"},
    {"EXAMINE", TR("Open this mailbox to look only: nothing is changed."), "RFC 9051 6.3.3"},
    {"CREATE", TR("Make a mailbox of this name."), "RFC 9051 6.3.4"},
    {"DELETE", TR("Remove this mailbox with what is in it."), "RFC 9051 6.3.5"},
    {"RENAME", TR("Give a mailbox another name."), "RFC 9051 6.3.6"},
    {"SUBSCRIBE", TR("Put this name on the list of what the user wants to see."), "RFC 9051 6.3.7"},
    {"UNSUBSCRIBE", TR("Take this name off that list."), "RFC 9051 6.3.8"},
    {"LIST", TR("Which mailboxes are there?"), "RFC 9051 6.3.9"},
    {"LSUB", TR("Which mailboxes are subscribed to?"), "RFC 3501 6.3.9"},
    {"NAMESPACE", TR("Under which names do the user's own mailboxes lie, and others'?"),
     "RFC 9051 6.3.10"},
    {"STATUS", TR("How many messages are in that mailbox, without opening it?"), "RFC 9051 6.3.11"},
    {"APPEND", TR("Here is a message: put it into this mailbox."), "RFC 9051 6.3.12"},
    {"IDLE", TR("The client waits, and the server tells at once what happens."), "RFC 9051 6.3.13"},
    {"DONE", TR("The client has waited enough."), "RFC 9051 6.3.13"},
    {"GETQUOTA", TR("How full may it get, and how full is it?"), "RFC 9208 4.1.1"},
    {"GETQUOTAROOT", TR("Which limits hold for this mailbox?"), "RFC 9208 4.1.2"},
    {"SETQUOTA", TR("Change the limits."), "RFC 9208 4.1.3"},
    {"CHECK", TR("Write down safely what has changed."), "RFC 3501 6.4.1"},
    {"CLOSE", TR("Close the mailbox, and remove what is marked as deleted."), "RFC 9051 6.4.1"},
    {"UNSELECT", TR("Close the mailbox, and remove nothing."), "RFC 9051 6.4.2"},
    {"EXPUNGE", TR("Remove for good what is marked as deleted."), "RFC 9051 6.4.3"},
    {"SEARCH", TR("Which messages are like this?"), "RFC 9051 6.4.4"},
    {"SORT", TR("The messages that are like this, in this order."), "RFC 5256 3"},
    {"THREAD", TR("Which messages answer which?"), "RFC 5256 3"},
    {"FETCH", TR("Send me these parts of these messages."), "RFC 9051 6.4.5"},
    {"STORE", TR("Change flags of these messages."), "RFC 9051 6.4.6"},
    {"COPY", TR("Put copies of these messages into that mailbox."), "RFC 9051 6.4.7"},
    {"MOVE", TR("Put these messages into that mailbox, and out of this one."), "RFC 9051 6.4.8"},
    {"UID EXPUNGE", TR("Remove for good what is marked, of these UIDs only."), "RFC 9051 6.4.9"},
    {"UID SEARCH", TR("Which messages are like this? Answered in UIDs."), "RFC 9051 6.4.9"},
    {"UID SORT", TR("The messages that are like this, in this order, by UIDs."), "RFC 5256 3"},
    {"UID THREAD", TR("Which messages answer which, by UIDs?"), "RFC 5256 3"},
    {"UID FETCH", TR("Send me these parts of the messages with these UIDs."), "RFC 9051 6.4.9"},
    {"UID STORE", TR("Change flags of the messages with these UIDs."), "RFC 9051 6.4.9"},
    {"UID COPY", TR("Put copies of these UIDs into that mailbox."), "RFC 9051 6.4.9"},
    {"UID MOVE", TR("Put these UIDs into that mailbox, and out of this one."), "RFC 9051 6.4.9"},
    {"", TR("This is no command of IMAP."), "RFC 9051 2.2.1"},
};

static const struct explain_row http[] = {
    {"GET", TR("Send me this page. Asking changes nothing at the server."), "RFC 9110 9.3.1"},
    {"HEAD", TR("Send me what is said about this page, without the page."), "RFC 9110 9.3.2"},
    {"POST", TR("Here is something: do what this address is for with it."), "RFC 9110 9.3.3"},
    {"PUT", TR("Keep this under this address."), "RFC 9110 9.3.4"},
    {"DELETE", TR("Remove what is under this address."), "RFC 9110 9.3.5"},
    {"OPTIONS", TR("What can be done with this address?"), "RFC 9110 9.3.7"},
    {"", TR("A request for what is under this address."), "RFC 9110 9"},
};

const struct explain_row *explain_verbs(enum turn_protocol protocol, size_t *count)
{
    switch (protocol) {
    case TURN_SMTP:
    case TURN_LMTP:
        *count = sizeof smtp / sizeof *smtp;
        return smtp;
    case TURN_POP3:
        *count = sizeof pop3 / sizeof *pop3;
        return pop3;
    case TURN_IMAP:
        *count = sizeof imap / sizeof *imap;
        return imap;
    case TURN_HTTP:
        *count = sizeof http / sizeof *http;
        return http;
    case TURN_NONE:
    case TURN_PROTOCOL_COUNT:
        break;
    }
    *count = 0;
    return NULL;
}
