#include "render/view/header_words.h"

#include <string.h>

#include "render/view/tr.h"

static const struct header_meaning fields[] = {
    {"From", TR("Who wrote it, in the author's own words: nothing in SMTP checks it."),
     "RFC 5322 3.6.2"},
    {"Sender", TR("Who sent it, where that is another one than the author."), "RFC 5322 3.6.2"},
    {"Reply-To", TR("Where the author wants answers to go, instead of From."), "RFC 5322 3.6.2"},
    {"To", TR("For whom it is, as the reader shall see it; servers go by the envelope instead."),
     "RFC 5322 3.6.3"},
    {"Cc", TR("Who gets a copy, for all to see."), "RFC 5322 3.6.3"},
    {"Bcc", TR("Who gets a copy that the others shall not know of; it is taken out on the way."),
     "RFC 5322 3.6.3"},
    {"Date", TR("When the author was done with it, by the clock of the author's machine."),
     "RFC 5322 3.6.1"},
    {"Subject", TR("What it is about, in a few words for a person."), "RFC 5322 3.6.5"},
    {"Comments", TR("Remarks for a person."), "RFC 5322 3.6.5"},
    {"Keywords", TR("Words to find it by."), "RFC 5322 3.6.5"},
    {"Message-ID", TR("A name that no other message in the world has; answers point to it."),
     "RFC 5322 3.6.4"},
    {"In-Reply-To", TR("The Message-ID of the message that this one answers."), "RFC 5322 3.6.4"},
    {"References", TR("The Message-IDs of the conversation so far: threads are made of them."),
     "RFC 5322 3.6.4"},
    {"Return-Path", TR("The envelope's sender, kept at delivery: notices of failure go there."),
     "RFC 5321 4.4"},
    {"Received", TR("The stamp of a server that took the message: from whom, and when."),
     "RFC 5321 4.4"},
    {"Delivered-To", TR("For whom it was delivered or sent on; seen twice it goes in a circle."),
     "RFC 9228"},
    {"X-Original-To", TR("The address that it came in under, before an alias changed it."), ""},
    {"Envelope-To", TR("The envelope's recipient, kept at delivery by some programs."), ""},
    {"Resent-From",
     TR("Who sent it on, unchanged, to other people; there is a block of such "
        "fields each time."),
     "RFC 5322 3.6.6"},
    {"Resent-", TR("Part of the block that says who sent it on, when and to whom."),
     "RFC 5322 3.6.6"},
    {"MIME-Version", TR("The body is built by the rules of MIME."), "RFC 2045 4"},
    {"Content-Type", TR("What the body is: text, a picture, several parts; and its charset."),
     "RFC 2045 5"},
    {"Content-Transfer-Encoding",
     TR("How the body was made fit for the way: base64 and quoted-printable are to be undone."),
     "RFC 2045 6"},
    {"Content-Disposition", TR("Shown with the text, or an attachment with a file name."),
     "RFC 2183 2"},
    {"Content-ID", TR("A name by which other parts of the message can show this one."),
     "RFC 2045 7"},
    {"Content-Description", TR("What the part is, for a person."), "RFC 2045 8"},
    {"Content-Language", TR("In which language it is."), "RFC 3282 2"},
    {"Content-", TR("Says something about the body."), "RFC 2045 9"},
    {"DKIM-Signature",
     TR("A domain's signature over header and body; its key lies in that domain's DNS."),
     "RFC 6376 3.5"},
    {"Authentication-Results",
     TR("What a server found of SPF, DKIM and DMARC; to be believed of one's own server only."),
     "RFC 8601 2"},
    {"Received-SPF", TR("Whether the address may send for the envelope's domain."), "RFC 7208 9.1"},
    {"ARC-", TR("What an earlier server found, sealed, as mediators break signatures."),
     "RFC 8617 4"},
    {"List-Id", TR("The name of the mailing list that it came by."), "RFC 2919 3"},
    {"List-Unsubscribe-Post", TR("One press is enough to leave the list."), "RFC 8058 3"},
    {"List-Unsubscribe", TR("How to leave the mailing list."), "RFC 2369 3.2"},
    {"List-Subscribe", TR("How to join the mailing list."), "RFC 2369 3.3"},
    {"List-Post", TR("Where to write to all of the mailing list."), "RFC 2369 3.4"},
    {"List-Help", TR("Where to ask how the mailing list works."), "RFC 2369 3.1"},
    {"List-Owner", TR("The person who looks after the mailing list."), "RFC 2369 3.5"},
    {"List-Archive", TR("Where the list's earlier messages are kept."), "RFC 2369 3.6"},
    {"List-", TR("Put there by a mailing list."), "RFC 2369 3"},
    {"Precedence", TR("Bulk or list mail: programs should not answer it."), "RFC 3834 2"},
    {"Auto-Submitted",
     TR("A program wrote it, not a person: programs must not answer it by themselves."),
     "RFC 3834 5"},
    {"Disposition-Notification-To", TR("Asks the reader's program to say that it was shown."),
     "RFC 8098 2.1"},
    {"User-Agent", TR("The program that wrote it."), ""},
    {"X-Mailer", TR("The program that wrote it."), ""},
    {"X-Spam-", TR("What a filter thought of it."), ""},
    {"Status", TR("A store's note in an mbox file: R read, O old."), ""},
    {"X-Status", TR("A store's note in an mbox file: A answered, F flagged, D deleted."), ""},
    {"X-UID", TR("A store's note in an mbox file: the number that IMAP knows it by."), ""},
    {"X-", TR("A field of some program's own; no standard says what it means."), "RFC 6648 3"},
};
static const struct header_meaning unknown = {
    "", TR("A field that is in no table here: who does not know it leaves it as it is."),
    "RFC 5322 3.6.8"};
static const struct header_meaning broken = {
    "", TR("This line is no field: it has no name with a colon behind it."), "RFC 5322 2.2"};

/* A name that ends with a hyphen stands for all that begin so; the longest row is the best. */
const struct header_meaning *header_meaning(struct slice name)
{
    const struct header_meaning *best = NULL;
    size_t best_size = 0;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct slice row = slice_of(fields[i].name);
        bool is_prefix = row.data[row.size - 1] == '-';
        bool fits = is_prefix ? slice_starts_fold(name, row) : slice_equal_fold(name, row);
        if (fits && row.size > best_size) {
            best = &fields[i];
            best_size = row.size;
        }
    }
    return best ? best : name.size ? &unknown : &broken;
}

const struct header_meaning *header_received_meaning(const char *word)
{
    static const struct header_meaning words[] = {
        {"from", TR("the name that the client gave in EHLO: a claim"), "RFC 5321 4.4"},
        {"seen", TR("the address that the server saw itself: that is certain"), "RFC 5321 4.4"},
        {"by", TR("the server that wrote this line"), "RFC 5321 4.4"},
        {"with", TR("the protocol"), "RFC 3848"},
        {"id", TR("the name in that server's queue: its log can be searched for it"),
         "RFC 5321 4.4"},
        {"for", TR("the envelope's recipient, if there was only one"), "RFC 5321 4.4"},
        {"date", TR("when it came in, by that server's clock"), "RFC 5321 4.4"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].name, word) == 0)
            return &words[i];
    return NULL;
}

const struct header_meaning *header_with_meaning(struct slice word)
{
    static const struct header_meaning words[] = {
        {"SMTP", TR("SMTP as of old, greeted with HELO"), "RFC 5321 4.4"},
        {"ESMTP", TR("SMTP with extensions, greeted with EHLO"), "RFC 5321 4.4"},
        {"ESMTPS", TR("SMTP within TLS: nobody on the line could read it"), "RFC 3848"},
        {"ESMTPA", TR("SMTP, and the client had proved who it is"), "RFC 3848"},
        {"ESMTPSA", TR("SMTP within TLS, and the client had proved who it is"), "RFC 3848"},
        {"LMTP", TR("handed to a delivery agent, which answers for each recipient"), "RFC 2033"},
        {"LMTPS", TR("handed to a delivery agent within TLS"), "RFC 3848"},
        {"LMTPA", TR("handed to a delivery agent by a client that had proved who it is"),
         "RFC 3848"},
        {"LMTPSA", TR("handed to a delivery agent within TLS by a client that proved who it is"),
         "RFC 3848"},
        {"UTF8SMTP", TR("SMTP with addresses in any script"), "RFC 6531 4.3"},
        {"UTF8SMTPS", TR("SMTP with addresses in any script, within TLS"), "RFC 6531 4.3"},
        {"UTF8SMTPA", TR("SMTP with addresses in any script, the client known"), "RFC 6531 4.3"},
        {"UTF8SMTPSA", TR("SMTP with addresses in any script, within TLS, the client known"),
         "RFC 6531 4.3"},
        {"UTF8LMTP", TR("handed to a delivery agent, addresses in any script"), "RFC 6531 4.3"},
        {"HTTP", TR("by a web page"), ""},
        {"POP3", TR("fetched from a store by POP3"), ""},
        {"IMAP", TR("fetched from a store by IMAP"), ""},
        {"local", TR("handed over by a program on the same machine"), ""},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (slice_equal_fold(slice_of(words[i].name), word))
            return &words[i];
    return NULL;
}
