#include "agents/mail/received_part.h"

#include "agents/mail/token.h"

struct slice received_take_run(struct slice *s, const char *more)
{
    size_t from = 0;
    while (from < s->size && token_is_blank(s->data[from]))
        from++;
    size_t to = from;
    while (to < s->size && !token_is_blank(s->data[to]) &&
           !(s->data[to] && strchr(more, s->data[to])))
        to++;
    struct slice run = slice_part(*s, from, to);
    *s = slice_part(*s, to > from ? to : to + 1, s->size);
    return run;
}

/* Digits and dots, or hexadecimal digits and at least two colons. */
bool received_is_ip(struct slice s)
{
    enum { IP_OCTETS = 45 };
    unsigned dots = 0, colons = 0, letters = 0;
    if (slice_starts_fold(s, SLICE("IPv6:")))
        s = slice_part(s, 5, s.size);
    size_t zone = slice_find_octet(slice_part(s, 0, IP_OCTETS), '%', 0);
    s = slice_part(s, 0, zone);
    for (size_t i = 0; i < s.size && i <= IP_OCTETS; i++) {
        int hex = token_hex(s.data[i]);
        dots += s.data[i] == '.';
        colons += s.data[i] == ':';
        letters += hex > 9;
        if (s.data[i] != '.' && s.data[i] != ':' && hex < 0)
            return false;
    }
    return s.size <= IP_OCTETS && (colons >= 2 || (colons == 0 && letters == 0 && dots == 3));
}

struct slice received_without_port(struct slice s)
{
    size_t colon = slice_find_octet(s, ':', 0);
    uint64_t port;
    bool is_port = colon != SLICE_NONE && slice_to_u64(slice_part(s, colon + 1, s.size), &port) &&
                   port <= 65535;
    return is_port ? slice_part(s, 0, colon) : s;
}

bool received_find_bracketed(struct slice s, struct slice *inside)
{
    size_t open = slice_find_octet(s, '[', 0);
    size_t close = open == SLICE_NONE ? SLICE_NONE : slice_find_octet(s, ']', open);
    if (close == SLICE_NONE)
        return false;
    *inside = slice_part(s, open + 1, close);
    return true;
}

/* The text behind a word of a comment, wherever it begins one; letters in any case. */
static bool find_behind(struct slice s, const char *word, struct slice *behind)
{
    struct slice rest = s, run;
    while ((run = received_take_run(&rest, " (,;\"")).size > 0 || rest.size > 0) {
        if (run.size == 0 || !slice_starts_fold(run, slice_of(word)))
            continue;
        size_t at = (size_t)(run.data - s.data) + strlen(word);
        *behind = slice_part(s, at, s.size);
        return true;
    }
    return false;
}

/* ---- the client ---- */

/* "alice@pc.example.com" in sendmail's and qmail's notes: the part before the '@' is from ident. */
static struct slice without_user(struct slice s)
{
    size_t at = s.size;
    while (at > 0 && s.data[at - 1] != '@')
        at--;
    return slice_part(s, at, s.size);
}

static bool is_unknown(struct slice s)
{
    return slice_equal_fold(s, SLICE("unknown")) || slice_equal_fold(s, SLICE("unverified"));
}

/* "unknown" is how Postfix and qmail say that an address has no name; Gmail ends names in a dot. */
static struct slice as_name(struct slice s)
{
    if (s.size && s.data[s.size - 1] == '.')
        s.size--;
    bool is_none =
        slice_equal_fold(s, SLICE("unknown")) || slice_equal_fold(s, SLICE("unverified"));
    return is_none ? slice_part(s, 0, 0) : s;
}

/* qmail and Exim put what the client said into the comment, and what they saw before it. */
static void set_helo(struct received *r, struct slice helo)
{
    struct slice seen = r->from;
    if (helo.size == 0)
        return;
    r->is_unnamed |= is_unknown(seen);
    if (seen.size > 2 && seen.data[0] == '[' && r->from_addr.size == 0)
        received_find_bracketed(seen, &r->from_addr);
    else if (seen.size && seen.data[0] != '[' && r->from_name.size == 0)
        r->from_name = as_name(seen);
    r->from = helo;
}

/* "HELO name", "helo=name", "EHLO:name" anywhere in the comment. */
static bool read_helo(struct received *r, struct slice comment)
{
    struct slice behind;
    if (!find_behind(comment, "HELO", &behind) && !find_behind(comment, "EHLO", &behind))
        return false;
    bool is_word = behind.size && (behind.data[0] == '=' || behind.data[0] == ':');
    if (is_word)
        behind = slice_part(behind, 1, behind.size);
    else if (behind.size && !token_is_blank(behind.data[0]))
        return false; /* "helopad.example" */
    set_helo(r, received_take_run(&behind, ")\""));
    return true;
}

/* An address in brackets, or a word that is one: "192.0.2.3", "192.0.2.3:4711", "alice@192.0.2.3".
 */
static bool read_addr(struct received *r, struct slice comment)
{
    struct slice bracketed, rest = comment;
    bool has_addr = received_find_bracketed(comment, &bracketed) && received_is_ip(bracketed);
    struct slice word = received_without_port(without_user(received_take_run(&rest, "")));
    if (!has_addr && received_is_ip(word)) {
        has_addr = true;
        bracketed = word;
    }
    if (has_addr && r->from_addr.size == 0)
        r->from_addr = bracketed;
    return has_addr;
}

static bool is_note_of_client(struct slice comment)
{
    return slice_starts_fold(comment, SLICE("port=")) ||
           slice_starts_fold(comment, SLICE("may be forged")) ||
           slice_starts_fold(comment, SLICE("proxying for"));
}

/* "(NAME [ADDR])" of RFC 5321 4.4, "([ADDR]:PORT helo=NAME)", "(HELO NAME)", "(ADDR)", "(NAME)". */
bool received_read_client(struct received *r, struct slice comment)
{
    bool had_addr = r->from_addr.size > 0;
    bool has_addr = read_addr(r, comment);
    if (read_helo(r, comment) || is_note_of_client(comment))
        return true;
    struct slice rest = comment, word = without_user(received_take_run(&rest, "/("));
    size_t mark = slice_find_octet(word, ':', 0); /* "(mail.example.com:192.0.2.1)" */
    if (mark != SLICE_NONE && received_is_ip(slice_part(word, mark + 1, word.size)) &&
        !received_is_ip(word)) {
        r->from_addr = had_addr ? r->from_addr : slice_part(word, mark + 1, word.size);
        word = slice_part(word, 0, mark);
        has_addr = true;
    }
    bool is_alone = slice_trim(rest).size == 0 && !had_addr && r->from_name.size == 0;
    bool is_name = word.size && word.data[0] != '[' &&
                   !received_is_ip(received_without_port(word)) && (has_addr || is_alone);
    r->is_unnamed |= is_name && is_unknown(word);
    if (is_name && r->from_name.size == 0)
        r->from_name = as_name(word);
    return has_addr || is_name;
}

/* ---- TLS, authentication, envelope ---- */

static const char separators[] = " ,;:=()[]|";

static bool is_version(struct slice run)
{
    bool is_named = slice_starts_fold(run, SLICE("TLS")) || slice_starts_fold(run, SLICE("SSL"));
    struct slice digits = slice_part(run, 3, run.size);
    if (slice_starts_fold(digits, SLICE("v")))
        digits = slice_part(digits, 1, digits.size);
    return is_named && run.size <= 16 && digits.size && token_is_digit(digits.data[0]);
}

/* "ECDHE-RSA-AES256-GCM-SHA384", "TLS_AES_128_GCM_SHA256", "RC4-MD5" */
static bool is_cipher(struct slice run)
{
    static const char *const parts[] = {"AES", "CHACHA20", "3DES", "DES",
                                        "RC4", "CAMELLIA", "IDEA"};
    bool has_mark =
        slice_find_octet(run, '-', 0) != SLICE_NONE || slice_find_octet(run, '_', 0) != SLICE_NONE;
    if (!has_mark || run.size > 64)
        return false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t at = slice_find(run, slice_of(parts[i]), 0);
        if (at != SLICE_NONE && (at == 0 || run.data[at - 1] == '-' || run.data[at - 1] == '_'))
            return true;
    }
    return false;
}

void received_note_cipher(struct received *r, struct slice text)
{
    struct slice run;
    while ((run = received_take_run(&text, separators)).size > 0 || text.size > 0)
        if (r->tls_cipher.size == 0 && is_cipher(run))
            r->tls_cipher = run;
}

/* Versions and ciphers as Postfix, sendmail, Exim, Exchange, Courier, OpenSMTPD and MDaemon say
   them; qmail says "encrypted". */
static bool read_tls(struct received *r, struct slice comment)
{
    struct slice rest = comment, run, behind;
    bool is_tls = false;
    while ((run = received_take_run(&rest, separators)).size > 0 || rest.size > 0) {
        if (is_version(run)) {
            is_tls = true;
            if (r->tls_version.size == 0)
                r->tls_version = run;
        }
        is_tls |= slice_equal_fold(run, SLICE("encrypted"));
    }
    if (find_behind(comment, "cipher=", &behind) || find_behind(comment, "cipher ", &behind)) {
        run = received_take_run(&behind, separators);
        bool is_none = run.size == 0 || slice_equal_fold(run, SLICE("none"));
        if (!is_none && !is_version(run) && r->tls_cipher.size == 0)
            r->tls_cipher = run;
        is_tls |= !is_none;
    }
    if (is_tls)
        received_note_cipher(r, comment);
    r->is_tls |= is_tls;
    return is_tls;
}

/* Who authenticated, behind one of these words. */
static struct slice user_behind(struct slice behind)
{
    static const char *const words[] = {"sender:", "sender", "user:",    "user", "as",
                                        "id",      "PLAIN",  "CRAM-MD5", "LOGIN"};
    struct slice rest = behind, run = received_take_run(&rest, " ,;)");
    if (slice_equal(run, SLICE(":")))
        run = received_take_run(&rest, " ,;)");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equal_fold(run, slice_of(words[i])))
            run = received_take_run(&rest, " ,;)");
    bool is_setting = slice_find_octet(run, '=', 0) != SLICE_NONE; /* sendmail's "bits=0" */
    return is_setting ? slice_part(run, 0, 0) : run;
}

static bool read_authentication(struct received *r, struct slice comment)
{
    static const char *const words[] = {"authenticated", "AUTH:",  "auth=",    "account",
                                        "smtp-auth",     "asmtp,", "auth user"};
    struct slice behind;
    if (slice_starts_fold(comment, SLICE("not ")) || slice_starts_fold(comment, SLICE("un")))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!find_behind(comment, words[i], &behind))
            continue;
        r->is_authenticated = true;
        if (r->user.size == 0)
            r->user = user_behind(behind);
        return true;
    }
    return false;
}

static bool read_envelope(struct received *r, struct slice comment)
{
    struct slice behind;
    if (!find_behind(comment, "envelope-from", &behind) &&
        !find_behind(comment, "envelope-sender", &behind))
        return false;
    struct slice from = received_take_run(&behind, "");
    if (from.size >= 2 && from.data[0] == '<' && from.data[from.size - 1] == '>')
        from = slice_part(from, 1, from.size - 1);
    if (r->envelope_from.size == 0)
        r->envelope_from = from;
    return true;
}

bool received_read_note(struct received *r, struct slice comment)
{
    bool is_tls = read_tls(r, comment);
    bool is_authentication = read_authentication(r, comment);
    return read_envelope(r, comment) || is_tls || is_authentication;
}

/* The letters that RFC 3848 puts behind the name: S for TLS, A for AUTH. "asmtp" is of old Exim. */
void received_read_protocol(struct received *r)
{
    static const char *const names[] = {"UTF8SMTP", "UTF8LMTP", "ESMTP", "LMTP",
                                        "SMTP",     "HTTP",     "IMAP",  "POP3"};
    struct slice rest = r->with, word;
    received_note_cipher(r, r->with);
    r->is_tls |= r->tls_cipher.size > 0;
    while ((word = received_take_run(&rest, "")).size > 0) {
        r->is_authenticated |= slice_equal_fold(word, SLICE("asmtp"));
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (!slice_starts_fold(word, slice_of(names[i])))
                continue;
            struct slice letters = slice_part(word, strlen(names[i]), word.size);
            bool is_both = slice_equal_fold(letters, SLICE("SA"));
            r->is_tls |= is_both || slice_equal_fold(letters, SLICE("S"));
            r->is_authenticated |= is_both || slice_equal_fold(letters, SLICE("A"));
            break;
        }
    }
}
