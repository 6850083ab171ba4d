#include "agents/mail/received_part.h"

#include "agents/mail/date.h"
#include "agents/mail/token.h"

enum clause {
    CLAUSE_FROM,
    CLAUSE_BY,
    CLAUSE_VIA,
    CLAUSE_WITH,
    CLAUSE_ID,
    CLAUSE_FOR,
    CLAUSE_ENVELOPE, /* not of the standard, but written: "envelope-from <a@b>" */
    CLAUSE_TLS,      /* Exim's "tls TLS_AES_256_GCM_SHA384" */
    CLAUSE_CONVERT,  /* "convert rfc822-to-8bit" of ZMailer */
    CLAUSE_NONE,
};

struct clause_word {
    const char *word;
    enum clause clause;
};
static const struct clause_word clause_words[] = {
    {"from", CLAUSE_FROM},
    {"by", CLAUSE_BY},
    {"via", CLAUSE_VIA},
    {"with", CLAUSE_WITH},
    {"id", CLAUSE_ID},
    {"for", CLAUSE_FOR},
    {"envelope-from", CLAUSE_ENVELOPE},
    {"envelope-sender", CLAUSE_ENVELOPE},
    {"sender:", CLAUSE_ENVELOPE},
    {"tls", CLAUSE_TLS},
    {"convert", CLAUSE_CONVERT},
};

struct reading {
    struct received *to;
    struct slice text;
    struct slice value[CLAUSE_NONE]; /* the words behind each keyword; the first time counts */
    enum clause clause;              /* whose words are being read */
    bool has_value;                  /* the clause has its word already */
    bool is_repeated;                /* a clause that was there before: passed over */
    bool is_ended;                   /* a comment stood behind the value: no more words of it */
    bool is_with_comment;            /* to->comment is the one behind "with" */
};

static enum clause clause_of(struct slice word)
{
    for (size_t i = 0; i < sizeof clause_words / sizeof *clause_words; i++)
        if (slice_equal_fold(word, slice_of(clause_words[i].word)))
            return clause_words[i].clause;
    return CLAUSE_NONE;
}

/* What a server calls itself stands behind its name or behind `with`. */
static void read_product(struct reading *reading, struct slice comment)
{
    struct received *r = reading->to;
    struct slice inside = comment;
    bool is_place = reading->clause == CLAUSE_BY || reading->clause == CLAUSE_WITH ||
                    reading->clause == CLAUSE_TLS;
    if (!is_place || !reading->has_value)
        return;
    received_find_bracketed(comment, &inside);
    bool is_addr = received_is_ip(slice_trim(inside));
    bool is_by = reading->clause == CLAUSE_BY; /* IIS has its version in the form of an address */
    if (is_addr && is_by && r->by_addr.size == 0)
        r->by_addr = slice_trim(inside);
    else if (!(is_addr && is_by) && r->product.size == 0)
        r->product = comment;
}

static void read_comment(struct reading *reading, struct slice comment)
{
    struct received *r = reading->to;
    bool is_noted = received_read_note(r, comment);
    if (r->has_date)
        return; /* the zone's name, as a rule */
    if (!is_noted)
        read_product(reading, comment);
    if (reading->clause == CLAUSE_FROM && !reading->is_repeated) {
        r->from = r->from.size ? r->from : reading->value[CLAUSE_FROM];
        bool has_helo = slice_find(comment, SLICE("HELO"), 0) != SLICE_NONE;
        if ((!is_noted || has_helo) && received_read_client(r, comment))
            return;
    }
    bool is_behind_with = reading->clause == CLAUSE_WITH && reading->has_value;
    if (r->comment.size && (reading->is_with_comment || !is_behind_with))
        return;
    r->comment = comment;
    reading->is_with_comment = is_behind_with;
}

static void begin_clause(struct reading *reading, enum clause clause)
{
    reading->clause = clause;
    reading->has_value = reading->is_ended = false;
    reading->is_repeated = reading->value[clause].size > 0;
}

/* The first words that have no place, up to one that has. */
static void leave_unread(struct reading *reading, struct slice word)
{
    struct slice *unread = &reading->to->unread;
    if (unread->size == 0) {
        *unread = word;
        return;
    }
    const char *end = unread->data + unread->size;
    struct slice between = {end, (size_t)(word.data - end)};
    if (slice_trim(between).size == 0)
        unread->size = (size_t)(word.data + word.size - unread->data);
}

/* One more word behind the value that a clause has. */
static void read_more(struct reading *reading, struct slice word)
{
    struct slice *value = &reading->value[reading->clause];
    struct slice joined = {value->data, (size_t)(word.data + word.size - value->data)}, bracketed;
    struct slice *addr =
        reading->clause == CLAUSE_BY ? &reading->to->by_addr : &reading->to->from_addr;
    bool is_host = reading->clause == CLAUSE_FROM || reading->clause == CLAUSE_BY;
    bool is_joined = is_host || reading->clause == CLAUSE_WITH || reading->clause == CLAUSE_VIA;
    bool is_path = word.data[0] == '<' || slice_find_octet(word, '@', 0) != SLICE_NONE ||
                   value->data[value->size - 1] == ',';
    if (is_host && received_find_bracketed(word, &bracketed) && received_is_ip(bracketed)) {
        if (addr->size == 0)
            *addr = bracketed; /* fetchmail: "from pop.example.net [192.0.2.25] by" */
    } else if ((is_joined && !reading->is_ended) || (reading->clause == CLAUSE_FOR && is_path)) {
        *value = joined;
    } else {
        leave_unread(reading, word);
    }
}

/*
 * Is a keyword where a value is expected the value? A host may be called "by": it is when another
 * keyword or nothing comes behind it. In "id for <a@b>" the value was left out.
 */
static bool is_value_missing(struct reading *reading, size_t behind)
{
    size_t at = token_space(reading->text, behind), end = at;
    while (end < reading->text.size && !token_is_blank(reading->text.data[end]) &&
           reading->text.data[end] != ';' && reading->text.data[end] != '(')
        end++;
    struct slice next = slice_part(reading->text, at, end);
    return next.size > 0 && clause_of(next) == CLAUSE_NONE;
}

static void read_word(struct reading *reading, struct slice word)
{
    if (slice_equal(word, SLICE(",")))
        return; /* between two clauses */
    enum clause next = clause_of(word);
    size_t behind = (size_t)(word.data + word.size - reading->text.data);
    bool wants_value = reading->clause != CLAUSE_NONE && !reading->has_value;
    bool is_standard = next < CLAUSE_ENVELOPE;
    if (next != CLAUSE_NONE &&
        (!wants_value || (is_standard && is_value_missing(reading, behind)))) {
        begin_clause(reading, next);
        return;
    }
    if (reading->clause == CLAUSE_NONE)
        leave_unread(reading, word);
    else if (!reading->has_value && !reading->is_repeated)
        reading->value[reading->clause] = word;
    else if (!reading->is_repeated && reading->value[reading->clause].size)
        read_more(reading, word);
    reading->has_value = true;
}

/* The address of "for"; empty when there are several, which tells nobody who else got a copy. */
static struct slice read_for(struct slice word)
{
    bool is_in_angle = word.size >= 2 && word.data[0] == '<' && word.data[word.size - 1] == '>';
    if (is_in_angle)
        word = slice_part(word, 1, word.size - 1);
    for (size_t i = 0; i < word.size;) {
        if (word.data[i] == ',' || word.data[i] == '<' || word.data[i] == '>' ||
            token_is_blank(word.data[i]))
            return slice_part(word, 0, 0);
        i = word.data[i] == '"' ? token_quoted(word, i) : i + 1;
    }
    return word;
}

/* The place behind the word at `at`: up to a blank, a comment or ';', with quoted parts whole, and
   what is in <> ("for <multiple recipients>"). */
static size_t word_end(struct slice value, size_t at)
{
    enum { PATH_OCTETS = 320 };
    size_t close = value.data[at] == '<'
                       ? slice_find_octet(slice_part(value, 0, at + PATH_OCTETS), '>', at)
                       : SLICE_NONE;
    if (close != SLICE_NONE)
        at = close;
    while (at < value.size && !token_is_blank(value.data[at]) && value.data[at] != '(' &&
           value.data[at] != ';')
        at = value.data[at] == '"' ? token_quoted(value, at) : at + 1;
    return at;
}

/* A date at `at`: the place behind it, or 0. */
static size_t take_date(struct reading *reading, size_t at)
{
    struct received *r = reading->to;
    struct slice rest = slice_part(reading->text, at, reading->text.size);
    size_t size = r->has_date ? 0 : date_find(rest, &r->unix_s, &r->zone_min);
    r->has_date |= size > 0;
    return size ? at + size : 0;
}

/* Some leave out the ';': a weekday with its comma, or one in front of a date. */
static bool may_begin_date(const struct reading *reading, struct slice word)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    bool is_day = false;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        is_day |= slice_starts_fold(word, slice_of(days[i]));
    return is_day && (reading->has_value || reading->clause == CLAUSE_NONE) &&
           (word.size == 3 || word.data[word.size - 1] == ',');
}

static size_t read_token(struct reading *reading, size_t at)
{
    struct slice text = reading->text;
    if (text.data[at] == '(') {
        size_t end = token_comment(text, at);
        bool is_closed = end > at + 1 && text.data[end - 1] == ')';
        read_comment(reading, slice_part(text, at + 1, is_closed ? end - 1 : end));
        bool may_wait = reading->clause == CLAUSE_WITH && !reading->has_value;
        reading->is_ended = reading->has_value;
        reading->has_value |= !may_wait; /* qmail: "with (AES256-SHA encrypted) SMTP" */
        return end;
    }
    size_t end = word_end(text, at);
    struct slice word = slice_part(text, at, end);
    size_t behind = may_begin_date(reading, word) ? take_date(reading, at) : 0;
    if (behind > 0) {
        reading->clause = CLAUSE_NONE;
        return behind;
    }
    read_word(reading, word);
    return end;
}

/*
 * Reads clauses, and a date behind a ';'. What follows a ';' that is no date is read as clauses.
 */
static void read_tokens(struct reading *reading)
{
    struct slice text = reading->text;
    for (size_t at = 0; at < text.size;) {
        if (token_is_blank(text.data[at]) || text.data[at] == '\0') {
            at++;
        } else if (text.data[at] == ';') {
            at++;
            size_t behind = take_date(reading, at);
            reading->clause = CLAUSE_NONE;
            at = behind > 0 ? behind : at;
        } else {
            at = read_token(reading, at);
        }
    }
}

bool received_read(struct slice value, struct received *r)
{
    *r = (struct received){0};
    struct reading reading = {.to = r, .text = value, .clause = CLAUSE_NONE};
    read_tokens(&reading);
    if (r->from.size == 0)
        r->from = reading.value[CLAUSE_FROM];
    r->by = reading.value[CLAUSE_BY];
    r->via = reading.value[CLAUSE_VIA];
    r->with = reading.value[CLAUSE_WITH];
    r->id = reading.value[CLAUSE_ID];
    r->rcpt = read_for(reading.value[CLAUSE_FOR]);
    received_note_cipher(r, reading.value[CLAUSE_TLS]);
    received_read_protocol(r);
    if (r->envelope_from.size == 0)
        r->envelope_from = read_for(reading.value[CLAUSE_ENVELOPE]);
    bool has_clause = false;
    for (unsigned i = 0; i < CLAUSE_NONE; i++)
        has_clause |= reading.value[i].size > 0;
    return has_clause || r->has_date;
}
