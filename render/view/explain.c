#include "render/view/explain.h"

#include "render/view/tr.h"

/* ---- what stands in brackets, and enhanced codes ---- */

static void set_more(struct explain *why, const struct explain_row *row)
{
    why->more = row->says;
    why->more_clause = row->clause;
}

/* "5.1.1": the class is said by the code, subject and detail say more. A row that ends with a dot
   is for all details of its subject that have no row. */
static void explain_status(struct slice esc, struct explain *why)
{
    if (esc.size < 4 || esc.data[1] != '.' || slice_equal(slice_part(esc, 1, 4), SLICE(".0.")))
        return;
    struct slice rest = slice_part(esc, 2, esc.size);
    for (size_t i = 0; i < explain_status_count; i++) {
        struct slice key = slice_of(explain_statuses[i].key);
        if (slice_equal(key, rest) || (slice_ends(key, SLICE(".")) && slice_starts(rest, key))) {
            set_more(why, &explain_statuses[i]);
            return;
        }
    }
}

/* "[TRYCREATE] there is no such mailbox"; the word ends at a blank or the bracket. */
static void explain_code(struct slice text, struct explain *why)
{
    text = slice_trim(text);
    if (!slice_starts(text, SLICE("[")))
        return;
    size_t end = 1;
    while (end < text.size && text.data[end] != ' ' && text.data[end] != ']')
        end++;
    struct slice word = slice_part(text, 1, end);
    for (size_t i = 0; i < explain_code_count; i++)
        if (slice_equal_fold(word, slice_of(explain_codes[i].key)))
            set_more(why, &explain_codes[i]);
}

/* ---- commands ---- */

static const struct explain_row *find_row(const struct explain_row *rows, size_t count,
                                          struct slice key)
{
    for (size_t i = 0; i < count; i++)
        if (!rows[i].key[0] || slice_equal_fold(key, slice_of(rows[i].key)))
            return &rows[i];
    return NULL;
}

static bool explain_row_found(const struct explain_row *row, struct explain *why)
{
    if (row)
        *why = (struct explain){.says = row->says, .clause = row->clause};
    return row != NULL;
}

/* ---- replies ---- */

static bool explain_number(const struct explain_reply *rows, size_t count, const struct turn *turn,
                           struct explain *why)
{
    for (size_t i = 0; i < count; i++) {
        const struct explain_reply *row = &rows[i];
        bool is_code = row->code < 10 ? turn->code / 100 == row->code : turn->code == row->code;
        if (is_code && (!row->verb[0] || slice_equal_fold(turn->verb, slice_of(row->verb)))) {
            *why = (struct explain){.says = row->says, .clause = row->clause};
            return true;
        }
    }
    return false;
}

static const struct explain_word *find_word(const struct explain_word *rows, size_t count,
                                            struct slice verb, bool is_good)
{
    for (size_t i = 0; i < count; i++)
        if ((!rows[i].verb[0] || slice_equal_fold(verb, slice_of(rows[i].verb))) &&
            (is_good ? rows[i].good : rows[i].refuse))
            return &rows[i];
    return NULL;
}

static bool explain_answer(const struct explain_word *rows, size_t count, const struct turn *turn,
                           struct explain *why)
{
    bool is_good = turn->outcome == TURN_OUTCOME_GOOD;
    const struct explain_word *row = find_word(rows, count, turn->verb, is_good);
    if (!row)
        return false;
    *why = (struct explain){.says = is_good ? row->good : row->refuse, .clause = row->clause};
    explain_code(turn->text, why);
    return true;
}

static bool explain_data(const struct turn *turn, struct explain *why)
{
    bool is_known =
        explain_row_found(find_row(explain_imap_data, explain_imap_data_count, turn->verb), why);
    if (is_known)
        explain_code(turn->text, why);
    return is_known;
}

static bool explain_reply(const struct turn *turn, struct explain *why)
{
    switch (turn->protocol) {
    case TURN_SMTP:
    case TURN_LMTP:
        if (!explain_number(explain_smtp_replies, explain_smtp_count, turn, why))
            return false;
        explain_status(turn->esc, why);
        return true;
    case TURN_POP3:
        return explain_answer(explain_pop_words, explain_pop_count, turn, why);
    case TURN_IMAP:
        return turn->is_data ? explain_data(turn, why)
                             : explain_answer(explain_imap_words, explain_imap_count, turn, why);
    case TURN_HTTP:
        return explain_number(explain_http_replies, explain_http_count, turn, why);
    case TURN_NONE:
    case TURN_PROTOCOL_COUNT:
        break;
    }
    return false;
}

bool explain_turn(const struct turn *turn, struct explain *why)
{
    *why = (struct explain){0};
    if (turn->is_reply)
        return explain_reply(turn, why);
    size_t count;
    const struct explain_row *rows = explain_verbs(turn->protocol, &count);
    return explain_row_found(find_row(rows, count, turn->verb), why);
}

/* ---- others ---- */

bool explain_rcode(struct slice rcode, struct explain *why)
{
    static const struct explain_row rows[] = {
        {"NOERROR",
         TR("The question was answered; no records mean: the name is there, such a "
            "record is not."),
         "RFC 1035 4.1.1, RFC 2308 2.2"},
        {"FORMERR", TR("The name server could not read the question."), "RFC 1035 4.1.1"},
        {"SERVFAIL", TR("The name server could not find it out. Try again later."),
         "RFC 1035 4.1.1"},
        {"NXDOMAIN", TR("There is no such name, of any type of record."), "RFC 2308 2.1"},
        {"NOTIMP", TR("The name server does not answer this kind of question."), "RFC 1035 4.1.1"},
        {"REFUSED", TR("The name server does not want to answer who asks."), "RFC 1035 4.1.1"},
        {"TIMEOUT", TR("No answer came in time. Nothing is known: try again later."),
         "RFC 1035 4.2.1"},
    };
    *why = (struct explain){0};
    return explain_row_found(find_row(rows, sizeof rows / sizeof *rows, rcode), why);
}

const char *explain_record(unsigned type)
{
    switch (type) {
    case 20:
        return TR("change of keys");
    case 21:
        return TR("alert");
    case 22:
        return TR("handshake");
    case 23:
        return TR("application data");
    default:
        return NULL;
    }
}
