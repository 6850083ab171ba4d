#include "topologies/fault.h"

#include "topologies/fault_part.h"

#define ARGS(rows)                                                                                 \
    {                                                                                              \
        "args", rows, sizeof(rows) / sizeof *(rows)                                                \
    }
#define NO_ARGS                                                                                    \
    {                                                                                              \
        "args", NULL, 0                                                                            \
    }
#define SMTP "msa mta mda"
#define TLS "msa mta mda access"
#define SERVERS "msa mta mda access"

#define TIMES                                                                                      \
    {                                                                                              \
        .name = "times", .type = SHAPE_NUMBER, .max = 1000000, .fallback = "0",                    \
        .meaning = "so often it happens; 0: as long as the fault is on"                            \
    }
#define ESC                                                                                        \
    {                                                                                              \
        .name = "esc", .type = SHAPE_TEXT, .min = 5, .max = 11,                                    \
        .meaning = "the enhanced status code (RFC 3463), of the class of the reply code",          \
        .expected = "a status code such as 5.1.1"                                                  \
    }
#define RCPT                                                                                       \
    {                                                                                              \
        .name = "rcpt", .type = SHAPE_ADDRESS,                                                     \
        .meaning = "the user whom it concerns; by default everybody"                               \
    }

static const struct shape_key crash_args[] = {
    {"torn", SHAPE_BOOL, .fallback = "false",
     .meaning = "of what was written last, a part has reached the disk"},
};
static const struct shape_key file_crash_args[] = {
    {"after", SHAPE_NUMBER, .min = 1, .max = 1000000, .fallback = "1",
     .meaning = "the change of a file, counted from now, behind which the power fails"},
    {"torn", SHAPE_BOOL, .fallback = "false", .meaning = "half of what that change writes is kept"},
};
static const struct shape_key disk_args[] = {
    {"octets", SHAPE_NUMBER, .max = 1000000000000, .fallback = "0",
     .meaning = "what it holds from now on; never less than what lies on it"},
};
static const struct shape_key clock_args[] = {
    {"seconds", SHAPE_NUMBER, .min = -31536000, .max = 31536000, .fallback = "0",
     .meaning = "how much it is ahead; less than 0: behind"},
    {"zone", SHAPE_ZONE, .meaning = "the time zone it writes, such as +0100"},
};
static const struct shape_key slow_link_args[] = {
    {"extra_ms", SHAPE_NUMBER, .min = 1, .max = 3600000, .fallback = "1000",
     .meaning = "what is added to the latency"},
};
static const struct shape_key lossy_args[] = {
    {"percent", SHAPE_NUMBER, .max = 100, .decimals = 4, .fallback = "10",
     .meaning = "share of the segments that get lost, unless the link loses more already"},
};
static const struct shape_key servfail_args[] = {
    {"name", SHAPE_DOMAIN, .meaning = "the name it fails for; by default every one"},
};
static const struct shape_key lie_args[] = {
    {"name", SHAPE_DOMAIN, .is_required = true, .meaning = "whose record is false"},
    {"type", SHAPE_WORD, .words = "A MX CNAME TXT", .fallback = "A", .meaning = "record type"},
    {"data", SHAPE_TEXT, .is_required = true, .min = 1, .max = 255,
     .meaning = "what it says: an address, \"preference name\", a name, a text"},
};
static const struct shape_key reject_args[] = {
    RCPT,
    {"code", SHAPE_NUMBER, .min = 400, .max = 599, .fallback = "550",
     .meaning = "the reply code, 4xx for now or 5xx for good; the status is 4.1.1 or 5.1.1 unless "
                "esc says another"},
    ESC,
};
static const struct shape_key full_args[] = {
    RCPT,
    {"code", SHAPE_NUMBER, .min = 400, .max = 599, .fallback = "452",
     .meaning = "the reply code, 452 for now or 552 for good (RFC 5321 4.2.3)"},
};
static const struct shape_key reply_args[] = {
    {"verb", SHAPE_TEXT, .is_required = true, .min = 1, .max = 20,
     .meaning = "the command that gets it; CONNECT for the greeting, DOT for the end of data"},
    {"code", SHAPE_NUMBER, .min = 400, .max = 599, .fallback = "451",
     .meaning = "SMTP and LMTP: the reply code; the status is 4.3.0 or 5.3.0 unless esc says "
                "another"},
    ESC,
    {"word", SHAPE_WORD, .words = "NO BAD BYE", .fallback = "NO", .meaning = "IMAP: the response"},
    {"text", SHAPE_TEXT, .min = 1, .max = 200, .fallback = "It can't be done",
     .meaning = "what it says, with a response code in brackets if there is to be one"},
    TIMES,
};
static const struct shape_key slow_args[] = {
    {"verb", SHAPE_TEXT, .is_required = true, .min = 1, .max = 20,
     .meaning = "the command whose answer is late; CONNECT for the greeting, DOT for the end of "
                "data, which is late when the message has been taken already"},
    {"delay", SHAPE_DURATION, .min = 1, .max = 86400, .fallback = "180s", .meaning = "how much"},
    TIMES,
};
static const struct shape_key cut_args[] = {
    {"at", SHAPE_WORD, .is_required = true, .words = FAULT_MOMENTS,
     .meaning =
         "the moment, as the server sees it. after-dot-before-250: the message is taken, and "
         "nobody is told; after-reply: all is said; POP3 and IMAP have before-greeting and "
         "before-quit"},
    TIMES,
};
static const struct shape_key forward_args[] = {
    {"to", SHAPE_ADDRESS, .is_required = true, .meaning = "who gets it"},
    {"back", SHAPE_BOOL, .fallback = "false", .meaning = "who gets it sends it back the same way"},
};
static const struct shape_key setting_args[] = {
    {"key", SHAPE_TEXT, .is_required = true, .min = 1, .max = 40, .meaning = "which one"},
    {"value", SHAPE_TEXT, .is_required = true, .max = 1000,
     .meaning = "what it is while the fault is on, as in --do \"set ...\""},
};

const struct fault_kind fault_kinds[] = {
    {"host-down", FAULT_HOST, NULL, NO_ARGS,
     "it is off: its connections end, what arrives is lost; nothing on its disk is",
     .set = fault_set_host_down},
    {"host-crash", FAULT_HOST, NULL, ARGS(crash_args),
     "its power fails: what its disk has not synced is gone; off starts it again",
     .set = fault_set_host_crash},
    {"file-crash", FAULT_HOST, NULL, ARGS(file_crash_args),
     "its power will fail; between two changes of its files; off starts it again",
     .set = fault_set_file_crash},
    {"disk-full", FAULT_HOST, NULL, ARGS(disk_args), "no room on its disk",
     .set = fault_set_disk_full},
    {"clock-skew", FAULT_HOST, NULL, ARGS(clock_args), "its clock is wrong",
     .set = fault_set_clock_skew},
    {"agent-down", FAULT_AGENT, "", NO_ARGS,
     "it is stopped on a running host: nobody listens on its ports", .set = fault_set_agent_down},
    {"link-cut", FAULT_LINK, NULL, NO_ARGS, "nothing is carried", .set = fault_set_link_cut},
    {"link-slow", FAULT_LINK, NULL, ARGS(slow_link_args), "it takes longer from end to end",
     .set = fault_set_link_slow},
    {"link-lossy", FAULT_LINK, NULL, ARGS(lossy_args), "segments get lost",
     .set = fault_set_link_lossy},
    {"line-busy", FAULT_LINK, NULL, NO_ARGS,
     "its next call fails; once; the link must be a dial-up line with hours", .is_once = true,
     .judge = fault_check_line, .set = fault_set_line_busy},
    {"dns-silent", FAULT_AGENT, "dns resolver", NO_ARGS, "no question is answered",
     .set = fault_set_dns_silent},
    {"dns-servfail", FAULT_AGENT, "dns resolver", ARGS(servfail_args), "the answer is SERVFAIL",
     .set = fault_set_dns_servfail},
    {"dns-false", FAULT_AGENT, "dns resolver", ARGS(lie_args),
     "a false answer: whoever asks is led elsewhere", .judge = fault_check_lie,
     .set = fault_set_dns_false},
    {"reject", FAULT_AGENT, SMTP, ARGS(reject_args), "a recipient is refused",
     .judge = fault_check_reply, .set = fault_set_reject},
    {"mailbox-full", FAULT_AGENT, SMTP, ARGS(full_args),
     "a mailbox is full; the recipient is refused with status 4.2.2 or 5.2.2",
     .judge = fault_check_reply, .set = fault_set_mailbox_full},
    {"reply", FAULT_AGENT, SERVERS, ARGS(reply_args), "a command is refused; with this reply",
     .judge = fault_check_reply, .set = fault_set_reply},
    {"slow", FAULT_AGENT, SERVERS, ARGS(slow_args), "an answer comes late",
     .judge = fault_check_verb, .set = fault_set_slow},
    {"cut", FAULT_AGENT, SERVERS, ARGS(cut_args),
     "the connection is broken off; at a moment of the dialogue", .judge = fault_check_moment,
     .set = fault_set_cut},
    {"cert-expired", FAULT_AGENT, TLS, NO_ARGS, "its certificate is out of date",
     .set = fault_set_cert_expired},
    {"cert-wrong-name", FAULT_AGENT, TLS, NO_ARGS, "its certificate is another host's",
     .set = fault_set_cert_wrong_name},
    {"cert-untrusted", FAULT_AGENT, TLS, NO_ARGS, "nobody trusts its certificate",
     .set = fault_set_cert_untrusted},
    {"mailbox-gone", FAULT_USER, NULL, NO_ARGS,
     "nothing is delivered to them any more (550 5.1.1); they may still log in",
     .set = fault_set_mailbox_gone},
    {"user-gone", FAULT_USER, NULL, NO_ARGS,
     "there is no such user any more; what lies in the mailbox stays there",
     .set = fault_set_user_gone},
    {"forward", FAULT_USER, NULL, ARGS(forward_args),
     "the user's mail goes elsewhere; by a .forward file", .set = fault_set_forward},
    {"uidvalidity-change", FAULT_AGENT, "store", NO_ARGS,
     "every folder gets another UIDVALIDITY; its host starts again, and the lists of UIDs of its "
     "Maildirs are lost, as after a restored backup (RFC 9051 2.3.1.1)",
     .is_once = true, .set = fault_set_uidvalidity},
    {"setting", FAULT_AGENT, "", ARGS(setting_args),
     "one of its settings is another; as long as the fault is on", .judge = fault_check_setting,
     .set = fault_set_setting},
};
const size_t fault_kind_count = sizeof fault_kinds / sizeof *fault_kinds;

const struct fault_kind *fault_find_kind(struct slice name)
{
    for (size_t i = 0; i < fault_kind_count; i++)
        if (slice_equal(name, slice_of(fault_kinds[i].name)))
            return &fault_kinds[i];
    return NULL;
}
