#include "agents/mail/received.h"

#include <string.h>

#include "agents/mail/address.h"
#include "agents/mail/date.h"
#include "agents/mail/token.h"

/* What a part may take of a line, so that no line passes 998 octets (RFC 5322 2.1.1). */
enum { DOMAIN_OCTETS = 255, WORD_OCTETS = 128, PATH_OCTETS = 320 };

struct slice received_with(enum received_protocol protocol, bool is_tls, bool is_authenticated)
{
    static const char *const words[][4] = {
        [RECEIVED_SMTP] = {"SMTP", "SMTP", "SMTP", "SMTP"}, /* the extensions need EHLO */
        [RECEIVED_ESMTP] = {"ESMTP", "ESMTPA", "ESMTPS", "ESMTPSA"},
        [RECEIVED_LMTP] = {"LMTP", "LMTPA", "LMTPS", "LMTPSA"},
        [RECEIVED_UTF8SMTP] = {"UTF8SMTP", "UTF8SMTPA", "UTF8SMTPS", "UTF8SMTPSA"},
        [RECEIVED_UTF8LMTP] = {"UTF8LMTP", "UTF8LMTPA", "UTF8LMTPS", "UTF8LMTPSA"},
    };
    return slice_of(words[protocol][2 * is_tls + is_authenticated]);
}

/* What addresses, literals and numbers have beside atext. */
static bool is_mark(char octet)
{
    return octet == '.' || octet == ':' || octet == '[' || octet == ']' || octet == '@' ||
           octet == '<' || octet == '>';
}

/*
 * Appends before, word, after. What would end the word, the clause or the field becomes '?', since
 * a client may say in EHLO whatever it likes. An empty word appends nothing.
 */
static bool append_word(struct bytes *out, const char *before, struct slice word, const char *after,
                        size_t most)
{
    if (word.size == 0)
        return true;
    word = slice_part(word, 0, most);
    if (!bytes_append_all(out, (struct slice[]){slice_of(before), word}, 2))
        return false;
    char *written = bytes_tail(out, word.size);
    for (size_t i = 0; i < word.size; i++)
        if (!token_is_atext(written[i]) && !is_mark(written[i]))
            written[i] = '?';
    return bytes_append(out, slice_of(after));
}

/* TCP-info (RFC 5321 4.4): what the server saw, not what the client said. */
static bool append_tcp_info(struct bytes *out, struct slice name, struct slice addr)
{
    if (addr.size == 0)
        return append_word(out, " (", name, ")", DOMAIN_OCTETS);
    return bytes_append(out, SLICE(" (")) && append_word(out, "", name, " ", DOMAIN_OCTETS) &&
           append_word(out, "[", addr, "])", DOMAIN_OCTETS);
}

/* Comments nest, so a text whose parentheses do not pair off would swallow what follows it. */
static bool is_balanced(struct slice s)
{
    size_t depth = 0;
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] == '(')
            depth++;
        else if (s.data[i] == '\\' || (s.data[i] == ')' && depth-- == 0))
            return false;
    }
    return depth == 0;
}

static bool append_comment(struct bytes *out, struct slice comment)
{
    comment = slice_part(comment, 0, DOMAIN_OCTETS);
    if (comment.size == 0)
        return true;
    bool is_kept = is_balanced(comment);
    bool fits = bytes_append(out, SLICE(" ("));
    for (size_t i = 0; i < comment.size && fits; i++) {
        char octet = comment.data[i];
        bool is_plain = token_is_printable(octet) && (is_kept || !strchr("()\\", octet));
        fits = bytes_append_octet(out, is_plain ? octet : token_is_blank(octet) ? ' ' : '?');
    }
    return fits && bytes_append_octet(out, ')');
}

/* A path that is one is safe as it is, quotes and blanks and all. */
static bool append_for(struct bytes *out, struct slice rcpt, bool is_utf8)
{
    struct address a;
    if (rcpt.size > PATH_OCTETS || rcpt.size == 0)
        return true;
    if (!(is_utf8 ? address_read_utf8(rcpt, &a) : address_read(rcpt, &a)))
        return append_word(out, "\r\n\tfor <", rcpt, ">", PATH_OCTETS);
    return bytes_append(out, SLICE("\r\n\tfor <")) && bytes_append(out, rcpt) &&
           bytes_append_octet(out, '>');
}

static bool append_date(struct bytes *out, const struct received *r)
{
    char text[DATE_TEXT];
    if (!r->has_date)
        return true;
    return bytes_append(out, SLICE("; ")) &&
           bytes_append(out, date_write(r->unix_s, r->zone_min, text));
}

bool received_write(const struct received *r, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool has_from = r->from.size > 0;
    bool fits =
        bytes_append(out, SLICE("Received:")) &&
        append_word(out, " from ", r->from, "", DOMAIN_OCTETS) &&
        (!has_from || append_tcp_info(out, r->from_name, r->from_addr)) &&
        append_word(out, has_from ? "\r\n\tby " : " by ", r->by, "", DOMAIN_OCTETS) &&
        append_word(out, " with ", r->with, "", WORD_OCTETS) && append_comment(out, r->comment) &&
        append_word(out, " id ", r->id, "", WORD_OCTETS) && append_for(out, r->rcpt, r->is_utf8) &&
        append_date(out, r) && bytes_append(out, SLICE("\r\n"));
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}

/* ------------------------------------------------------------------ reading */

enum clause {
    CLAUSE_FROM,
    CLAUSE_BY,
    CLAUSE_VIA,
    CLAUSE_WITH,
    CLAUSE_ID,
    CLAUSE_FOR,
    CLAUSE_NONE,
};

static const char *const clause_words[] = {"from", "by", "via", "with", "id", "for"};

struct reading {
    struct received *to;
    struct slice value[CLAUSE_NONE]; /* the word behind each keyword; the first one counts */
    enum clause clause;              /* whose words are being read */
    bool has_value;                  /* the clause has its word already */
    bool is_repeated;                /* a clause that was there before: passed over */
    bool is_ended;                   /* a comment stood behind the value: no more words of it */
    bool is_with_comment;            /* to->comment is the one behind "with" */
};

static enum clause clause_of(struct slice word)
{
    for (unsigned i = 0; i < CLAUSE_NONE; i++)
        if (slice_equal_fold(word, slice_of(clause_words[i])))
            return (enum clause)i;
    return CLAUSE_NONE;
}

/* The first run of octets that are neither blanks nor in `more`, taken off the front of *s. */
static struct slice take_run(struct slice *s, const char *more)
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

/* Digits and dots, or hexadecimal digits and at least two colons, maybe marked as IPv6. */
static bool looks_like_ip(struct slice s)
{
    enum { IP_OCTETS = 45 };
    unsigned dots = 0, colons = 0, letters = 0;
    if (slice_starts_fold(s, SLICE("IPv6:")))
        s = slice_part(s, 5, s.size);
    for (size_t i = 0; i < s.size && i <= IP_OCTETS; i++) {
        char lower = slice_lower(s.data[i]);
        dots += lower == '.';
        colons += lower == ':';
        letters += lower >= 'a' && lower <= 'f';
        if (lower != '.' && lower != ':' && !token_is_digit(lower) &&
            !(lower >= 'a' && lower <= 'f'))
            return false;
    }
    return s.size <= IP_OCTETS && (colons >= 2 || (colons == 0 && letters == 0 && dots == 3));
}

/* "alice@pc.example.com" in sendmail's and qmail's notes: the part before the '@' is from ident. */
static struct slice without_user(struct slice s)
{
    size_t at = slice_find_octet(s, '@', 0);
    return at == SLICE_NONE ? s : slice_part(s, at + 1, s.size);
}

/* "unknown" is how Postfix and qmail say that an address has no name; Gmail ends names in a dot. */
static struct slice as_name(struct slice s)
{
    if (s.size && s.data[s.size - 1] == '.')
        s.size--;
    return slice_equal_fold(s, SLICE("unknown")) ? slice_part(s, 0, 0) : s;
}

/* The octets between the first '[' and the ']' behind it. */
static bool find_bracketed(struct slice s, struct slice *inside)
{
    size_t open = slice_find_octet(s, '[', 0);
    size_t close = open == SLICE_NONE ? SLICE_NONE : slice_find_octet(s, ']', open);
    if (close == SLICE_NONE)
        return false;
    *inside = slice_part(s, open + 1, close);
    return true;
}

/* qmail and Exim put what the client said into the comment, and what they saw before it. */
static void set_helo(struct received *r, struct slice helo)
{
    struct slice seen = r->from;
    if (helo.size == 0)
        return;
    if (seen.size > 2 && seen.data[0] == '[' && r->from_addr.size == 0)
        find_bracketed(seen, &r->from_addr);
    else if (seen.size && seen.data[0] != '[' && r->from_name.size == 0)
        r->from_name = as_name(seen);
    r->from = helo;
}

/*
 * A comment of the from clause: "(NAME [ADDR])" of RFC 5321 4.4, "([ADDR]:PORT helo=NAME)",
 * "(HELO NAME)", "(ADDR)", "(NAME)". False when it is none of these.
 */
static bool read_tcp_info(struct received *r, struct slice comment)
{
    struct slice rest = comment, bracketed;
    struct slice word = take_run(&rest, "");
    size_t helo = slice_find(comment, SLICE("helo="), 0);
    if (slice_equal_fold(word, SLICE("HELO")) || slice_equal_fold(word, SLICE("EHLO"))) {
        set_helo(r, take_run(&rest, ""));
        return true;
    }
    bool has_addr = find_bracketed(comment, &bracketed) && looks_like_ip(bracketed);
    if (has_addr && r->from_addr.size == 0)
        r->from_addr = bracketed;
    if (helo != SLICE_NONE) {
        rest = slice_part(comment, helo + 5, comment.size);
        set_helo(r, take_run(&rest, ""));
        return true;
    }
    word = without_user(word);
    if (!has_addr && looks_like_ip(word) && r->from_addr.size == 0) {
        r->from_addr = word;
        return true;
    }
    bool is_alone = slice_trim(rest).size == 0 && r->from_addr.size == 0;
    bool is_name = word.size && word.data[0] != '[' && (has_addr || is_alone);
    if (is_name && r->from_name.size == 0)
        r->from_name = as_name(word);
    return has_addr || is_name;
}

static void read_comment(struct reading *reading, struct slice comment)
{
    struct received *r = reading->to;
    bool is_of_from = reading->clause == CLAUSE_FROM && reading->has_value;
    if (is_of_from && !reading->is_repeated) {
        r->from = r->from.size ? r->from : reading->value[CLAUSE_FROM];
        if (read_tcp_info(r, comment))
            return;
    }
    bool is_behind_with = reading->clause == CLAUSE_WITH && reading->has_value;
    if (r->comment.size && (reading->is_with_comment || !is_behind_with))
        return;
    r->comment = comment;
    reading->is_with_comment = is_behind_with;
}

/* A word is the clause's value if it has none yet, even one that looks like a keyword. */
static void read_word(struct reading *reading, struct slice word)
{
    enum clause next = clause_of(word);
    bool wants_value = reading->clause != CLAUSE_NONE && !reading->has_value;
    if (next != CLAUSE_NONE && !wants_value) {
        reading->clause = next;
        reading->has_value = reading->is_ended = false;
        reading->is_repeated = reading->value[next].size > 0;
        return;
    }
    if (reading->clause == CLAUSE_NONE || reading->is_repeated) {
        reading->has_value = true;
        return;
    }
    struct slice *value = &reading->value[reading->clause];
    if (!reading->has_value)
        *value = word;
    else if (reading->clause == CLAUSE_WITH && !reading->is_ended)
        *value = (struct slice){value->data, (size_t)(word.data + word.size - value->data)};
    else if (reading->clause == CLAUSE_FROM && reading->to->from_addr.size == 0 &&
             find_bracketed(word, &word) && looks_like_ip(word))
        reading->to->from_addr = word; /* fetchmail: "from pop.example.net [192.0.2.25] by" */
    reading->has_value = true;
}

/* The address of "for"; empty when there are several, which tells nobody who else got a copy. */
static struct slice read_for(struct slice word)
{
    bool is_in_angle = word.size >= 2 && word.data[0] == '<' && word.data[word.size - 1] == '>';
    if (is_in_angle)
        word = slice_part(word, 1, word.size - 1);
    for (size_t i = 0; i < word.size;) {
        if (word.data[i] == ',' || word.data[i] == '<' || word.data[i] == '>')
            return slice_part(word, 0, 0);
        i = word.data[i] == '"' ? token_quoted(word, i) : i + 1;
    }
    return word;
}

/* The place behind the word at `at`: up to a blank, a comment or ';', with quoted parts whole. */
static size_t word_end(struct slice value, size_t at)
{
    while (at < value.size && !token_is_blank(value.data[at]) && value.data[at] != '(' &&
           value.data[at] != ';')
        at = value.data[at] == '"' ? token_quoted(value, at) : at + 1;
    return at;
}

/*
 * Reads clauses up to the ';' that a date follows. A ';' with something else behind it is passed
 * over, and date_read never looks past the next one, so the work grows with the size only.
 */
static void read_tokens(struct slice value, struct reading *reading)
{
    struct received *r = reading->to;
    for (size_t at = 0; at < value.size;) {
        char octet = value.data[at];
        if (token_is_blank(octet)) {
            at++;
        } else if (octet == ';') {
            at++;
            r->has_date = date_read(slice_part(value, at, value.size), &r->unix_s, &r->zone_min);
            if (r->has_date)
                return;
        } else if (octet == '(') {
            size_t end = token_comment(value, at);
            bool is_closed = value.data[end - 1] == ')';
            read_comment(reading, slice_part(value, at + 1, is_closed ? end - 1 : end));
            reading->is_ended = reading->has_value;
            at = end;
        } else {
            size_t end = word_end(value, at);
            read_word(reading, slice_part(value, at, end));
            at = end;
        }
    }
}

bool received_read(struct slice value, struct received *r)
{
    *r = (struct received){0};
    struct reading reading = {.to = r, .clause = CLAUSE_NONE};
    read_tokens(value, &reading);
    if (r->from.size == 0)
        r->from = reading.value[CLAUSE_FROM];
    r->by = reading.value[CLAUSE_BY];
    r->with = reading.value[CLAUSE_WITH];
    r->id = reading.value[CLAUSE_ID];
    r->rcpt = read_for(reading.value[CLAUSE_FOR]);
    bool has_clause = reading.value[CLAUSE_FROM].size || r->by.size || r->with.size || r->id.size ||
                      reading.value[CLAUSE_FOR].size || reading.value[CLAUSE_VIA].size;
    return has_clause || r->has_date;
}
