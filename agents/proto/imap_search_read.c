/* Reading the keys of SEARCH (RFC 9051 9: search-program; RFC 3501 9: search). */
#include "agents/proto/imap_search_key.h"

enum argument {
    ARGUMENT_NONE,
    ARGUMENT_TEXT,    /* astring */
    ARGUMENT_FIELD,   /* header-fld-name SP astring */
    ARGUMENT_KEYWORD, /* flag-keyword */
    ARGUMENT_DATE,
    ARGUMENT_NUMBER, /* number64 */
    ARGUMENT_SECONDS,
    ARGUMENT_MODSEQ,
    ARGUMENT_SET,
    ARGUMENT_KEY,
    ARGUMENT_KEYS
};

static const struct row {
    const char *word;
    enum imap_search_op op;
    enum argument argument;
    uint64_t number;   /* flags */
    const char *field; /* name of a header field */
} rows[] = {
    {"ALL", IMAP_SEARCH_ALL, ARGUMENT_NONE, 0, NULL},
    {"ANSWERED", IMAP_SEARCH_FLAG, ARGUMENT_NONE, ACCOUNT_ANSWERED, NULL},
    {"BCC", IMAP_SEARCH_HEADER, ARGUMENT_TEXT, 0, "Bcc"},
    {"BEFORE", IMAP_SEARCH_BEFORE, ARGUMENT_DATE, 0, NULL},
    {"BODY", IMAP_SEARCH_BODY, ARGUMENT_TEXT, 0, NULL},
    {"CC", IMAP_SEARCH_HEADER, ARGUMENT_TEXT, 0, "Cc"},
    {"DELETED", IMAP_SEARCH_FLAG, ARGUMENT_NONE, ACCOUNT_DELETED, NULL},
    {"DRAFT", IMAP_SEARCH_FLAG, ARGUMENT_NONE, ACCOUNT_DRAFT, NULL},
    {"FLAGGED", IMAP_SEARCH_FLAG, ARGUMENT_NONE, ACCOUNT_FLAGGED, NULL},
    {"FROM", IMAP_SEARCH_HEADER, ARGUMENT_TEXT, 0, "From"},
    {"HEADER", IMAP_SEARCH_HEADER, ARGUMENT_FIELD, 0, NULL},
    {"KEYWORD", IMAP_SEARCH_KEYWORD, ARGUMENT_KEYWORD, 0, NULL},
    {"LARGER", IMAP_SEARCH_LARGER, ARGUMENT_NUMBER, 0, NULL},
    {"MODSEQ", IMAP_SEARCH_MODSEQ, ARGUMENT_MODSEQ, 0, NULL},
    {"NEW", IMAP_SEARCH_NEW, ARGUMENT_NONE, 0, NULL},
    {"NOT", IMAP_SEARCH_NOT, ARGUMENT_KEY, 0, NULL},
    {"OLD", IMAP_SEARCH_OLD, ARGUMENT_NONE, 0, NULL},
    {"OLDER", IMAP_SEARCH_OLDER, ARGUMENT_SECONDS, 0, NULL},
    {"ON", IMAP_SEARCH_ON, ARGUMENT_DATE, 0, NULL},
    {"OR", IMAP_SEARCH_OR, ARGUMENT_KEYS, 0, NULL},
    {"RECENT", IMAP_SEARCH_RECENT, ARGUMENT_NONE, 0, NULL},
    {"SAVEDATESUPPORTED", IMAP_SEARCH_ALL, ARGUMENT_NONE, 0, NULL}, /* RFC 8514 4.3: it is */
    {"SAVEDBEFORE", IMAP_SEARCH_SAVEDBEFORE, ARGUMENT_DATE, 0, NULL},
    {"SAVEDON", IMAP_SEARCH_SAVEDON, ARGUMENT_DATE, 0, NULL},
    {"SAVEDSINCE", IMAP_SEARCH_SAVEDSINCE, ARGUMENT_DATE, 0, NULL},
    {"SEEN", IMAP_SEARCH_FLAG, ARGUMENT_NONE, ACCOUNT_SEEN, NULL},
    {"SENTBEFORE", IMAP_SEARCH_SENTBEFORE, ARGUMENT_DATE, 0, NULL},
    {"SENTON", IMAP_SEARCH_SENTON, ARGUMENT_DATE, 0, NULL},
    {"SENTSINCE", IMAP_SEARCH_SENTSINCE, ARGUMENT_DATE, 0, NULL},
    {"SINCE", IMAP_SEARCH_SINCE, ARGUMENT_DATE, 0, NULL},
    {"SMALLER", IMAP_SEARCH_SMALLER, ARGUMENT_NUMBER, 0, NULL},
    {"SUBJECT", IMAP_SEARCH_HEADER, ARGUMENT_TEXT, 0, "Subject"},
    {"TEXT", IMAP_SEARCH_TEXT, ARGUMENT_TEXT, 0, NULL},
    {"TO", IMAP_SEARCH_HEADER, ARGUMENT_TEXT, 0, "To"},
    {"UID", IMAP_SEARCH_UIDS, ARGUMENT_SET, 0, NULL},
    {"UNANSWERED", IMAP_SEARCH_NO_FLAG, ARGUMENT_NONE, ACCOUNT_ANSWERED, NULL},
    {"UNDELETED", IMAP_SEARCH_NO_FLAG, ARGUMENT_NONE, ACCOUNT_DELETED, NULL},
    {"UNDRAFT", IMAP_SEARCH_NO_FLAG, ARGUMENT_NONE, ACCOUNT_DRAFT, NULL},
    {"UNFLAGGED", IMAP_SEARCH_NO_FLAG, ARGUMENT_NONE, ACCOUNT_FLAGGED, NULL},
    {"UNKEYWORD", IMAP_SEARCH_UNKEYWORD, ARGUMENT_KEYWORD, 0, NULL},
    {"UNSEEN", IMAP_SEARCH_NO_FLAG, ARGUMENT_NONE, ACCOUNT_SEEN, NULL},
    {"YOUNGER", IMAP_SEARCH_YOUNGER, ARGUMENT_SECONDS, 0, NULL},
};

/* A key that is added may move the others: they are spoken of by index. */
static struct imap_search_key *key_at(struct imap_search *s, uint32_t i)
{
    return &s->keys.items[i];
}

static uint32_t add_key(struct imap_search *s, struct imap_args *a, enum imap_search_op op)
{
    if (s->keys.count >= IMAP_SEARCH_KEYS_MAX)
        imap_args_fail(a, "too many search keys");
    else
        vector_add(&s->keys)->op = op;
    return (uint32_t)s->keys.count - 1;
}

/* Children stand in front of those read before; the order means nothing. */
static void adopt(struct imap_search *s, uint32_t parent, uint32_t child)
{
    key_at(s, child)->next = key_at(s, parent)->first_child;
    key_at(s, parent)->first_child = child;
}

static bool read_key(struct imap_search *s, struct imap_args *a, uint32_t parent, int depth);

/* ---- arguments ---- */

/* The text to look for, as UTF-8; with no charset it is taken for that too, of which US-ASCII is
   a part. */
static bool read_text(struct imap_search *s, struct imap_args *a, struct imap_search_key *key)
{
    struct slice text;
    struct bytes utf8;
    if (!imap_args_sp(a) || !imap_args_astring(a, &text))
        return false;
    bytes_init(&utf8, 4 * text.size + 4);
    bool is_known = mime_to_utf8(text, s->charset, &utf8);
    text_search_init(&key->text, is_known ? bytes_slice(&utf8) : text);
    key->has_text = true;
    bytes_finish(&utf8);
    return true;
}

static bool read_name(struct imap_search *s, struct imap_args *a, struct imap_search_key *key,
                      bool (*take)(struct imap_args *, struct slice *))
{
    struct slice name;
    if (!imap_args_sp(a) || !take(a, &name))
        return false;
    key->name = arena_copy(&s->arena, name);
    return true;
}

/*
 * search-modsequence = "MODSEQ" [SP entry-name SP entry-type-req] SP mod-sequence-valzer (RFC 7162
 * 7). All flags of a message have one modseq here, so that the entry makes no difference.
 */
static bool read_modseq(struct imap_search *s, struct imap_args *a, struct imap_search_key *key)
{
    struct slice entry, type;
    s->has_modseq = true;
    if (!imap_args_sp(a))
        return false;
    if (imap_args_peek(a) != '"')
        return imap_args_number64(a, &key->number);
    if (!imap_args_string(a, &entry) || !imap_args_sp(a) || !imap_args_atom(a, &type) ||
        !imap_args_sp(a) || !imap_args_number64(a, &key->number))
        return false;
    bool is_type = slice_equal_fold(type, SLICE("priv")) ||
                   slice_equal_fold(type, SLICE("shared")) || slice_equal_fold(type, SLICE("all"));
    return (is_type && slice_starts_fold(entry, SLICE("/flags/"))) ||
           imap_args_fail(a, "an unknown metadata item");
}

/* nz-number (RFC 5032 4) */
static bool read_seconds(struct imap_args *a, struct imap_search_key *key)
{
    uint32_t seconds;
    if (!imap_args_sp(a) || !imap_args_nz_number(a, &seconds))
        return false;
    key->number = seconds;
    return true;
}

static bool read_set(struct imap_search *s, struct imap_args *a, struct imap_search_key *key)
{
    if (!imap_args_set(a, &key->set))
        return false;
    s->uses_saved |= key->set.is_saved;
    return true;
}

/* search-key SP search-key, where a chain of ORs is one: "OR a OR b OR c d" */
static bool read_alternatives(struct imap_search *s, struct imap_args *a, uint32_t parent,
                              int depth)
{
    do {
        if (!imap_args_sp(a) || !read_key(s, a, parent, depth) || !imap_args_sp(a))
            return false;
    } while (imap_args_word(a, SLICE("OR")));
    return read_key(s, a, parent, depth);
}

static bool read_argument(struct imap_search *s, struct imap_args *a, uint32_t index,
                          enum argument argument, int depth)
{
    struct imap_search_key *key = key_at(s, index);
    switch (argument) {
    case ARGUMENT_NONE:
        return true;
    case ARGUMENT_TEXT:
        return read_text(s, a, key);
    case ARGUMENT_FIELD:
        return read_name(s, a, key, imap_args_astring) && read_text(s, a, key);
    case ARGUMENT_KEYWORD:
        return read_name(s, a, key, imap_args_atom);
    case ARGUMENT_DATE:
        return imap_args_sp(a) && imap_args_date(a, &key->day);
    case ARGUMENT_NUMBER:
        return imap_args_sp(a) && imap_args_number64(a, &key->number);
    case ARGUMENT_SECONDS:
        return read_seconds(a, key);
    case ARGUMENT_MODSEQ:
        return read_modseq(s, a, key);
    case ARGUMENT_SET:
        return imap_args_sp(a) && read_set(s, a, key);
    case ARGUMENT_KEY:
        return imap_args_sp(a) && read_key(s, a, index, depth);
    case ARGUMENT_KEYS:
        return read_alternatives(s, a, index, depth);
    }
    return false;
}

/* ---- keys ---- */

static const struct row *find_row(struct slice word)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (slice_equal_fold(word, slice_of(rows[i].word)))
            return &rows[i];
    return NULL;
}

static bool read_word(struct imap_search *s, struct imap_args *a, uint32_t parent, int depth)
{
    struct slice word;
    if (!imap_args_atom(a, &word))
        return imap_args_fail(a, "a search key was expected");
    const struct row *row = find_row(word);
    if (!row)
        return imap_args_fail(a, "an unknown search key");
    uint32_t index = add_key(s, a, row->op);
    if (a->problem)
        return false;
    key_at(s, index)->number = row->number;
    key_at(s, index)->name = slice_of(row->field);
    if (!read_argument(s, a, index, row->argument, depth))
        return false;
    adopt(s, parent, index);
    return true;
}

/* "(" search-key *(SP search-key) ")" */
static bool read_list(struct imap_search *s, struct imap_args *a, uint32_t parent, int depth)
{
    uint32_t index = add_key(s, a, IMAP_SEARCH_AND);
    do {
        if (a->problem || !read_key(s, a, index, depth))
            return false;
    } while (imap_args_skip(a, ' '));
    adopt(s, parent, index);
    return imap_args_expect(a, ')');
}

static bool read_numbers(struct imap_search *s, struct imap_args *a, uint32_t parent)
{
    uint32_t index = add_key(s, a, IMAP_SEARCH_NUMBERS);
    if (a->problem || !read_set(s, a, key_at(s, index)))
        return false;
    adopt(s, parent, index);
    return true;
}

static bool read_key(struct imap_search *s, struct imap_args *a, uint32_t parent, int depth)
{
    char next = imap_args_peek(a);
    if (depth >= IMAP_SEARCH_DEPTH_MAX)
        return imap_args_fail(a, "search keys are nested too deeply");
    if (imap_args_skip(a, '('))
        return read_list(s, a, parent, depth + 1);
    if ((next >= '0' && next <= '9') || next == '*' || next == '$')
        return read_numbers(s, a, parent);
    return read_word(s, a, parent, depth + 1);
}

/* ---- what costs little comes first ---- */

enum { COST_NOTHING, COST_HEADER, COST_BODY, COST_COUNT };

static int own_cost(enum imap_search_op op)
{
    bool needs_header = op == IMAP_SEARCH_HEADER || op == IMAP_SEARCH_SENTBEFORE ||
                        op == IMAP_SEARCH_SENTON || op == IMAP_SEARCH_SENTSINCE;
    return op == IMAP_SEARCH_BODY || op == IMAP_SEARCH_TEXT ? COST_BODY
           : needs_header                                   ? COST_HEADER
                                                            : COST_NOTHING;
}

/* Orders the children by cost, and gives the dearest one's. `costs` of the children are known. */
static int order_children(struct imap_search *s, uint32_t index, const unsigned char *costs)
{
    uint32_t child = key_at(s, index)->first_child, first[COST_COUNT] = {0};
    int dearest = own_cost(key_at(s, index)->op);
    while (child != 0) {
        uint32_t next = key_at(s, child)->next;
        key_at(s, child)->next = first[costs[child]];
        first[costs[child]] = child;
        dearest = costs[child] > dearest ? costs[child] : dearest;
        child = next;
    }
    uint32_t *end = &key_at(s, index)->first_child;
    for (int cost = 0; cost < COST_COUNT; cost++) {
        *end = first[cost];
        while (*end != 0)
            end = &key_at(s, *end)->next;
    }
    return dearest;
}

static void order_all(struct imap_search *s)
{
    unsigned char *costs = arena_take(&s->arena, s->keys.count);
    for (size_t i = s->keys.count; i-- > 0;) /* children have higher indexes */
        costs[i] = (unsigned char)order_children(s, (uint32_t)i, costs);
}

/* ---- the whole ---- */

static enum imap_search_verdict read_program(struct imap_search *s, struct imap_args *a)
{
    uint32_t root = add_key(s, a, IMAP_SEARCH_AND);
    if (s->charset.size > 0 && !mime_knows_charset(s->charset))
        return IMAP_SEARCH_BADCHARSET;
    if (s->charset.size == 0)
        s->charset = SLICE("utf-8");
    do {
        if (!read_key(s, a, root, 0))
            return IMAP_SEARCH_BAD;
    } while (imap_args_skip(a, ' '));
    if (!imap_args_end(a))
        return IMAP_SEARCH_BAD;
    order_all(s);
    return IMAP_SEARCH_OK;
}

/* search-return-opts = SP "RETURN" SP "(" [search-return-opt *(SP search-return-opt)] ")" */
static bool read_returns(struct imap_search *s, struct imap_args *a)
{
    static const char *const words[] = {"MIN", "MAX", "ALL", "COUNT", "SAVE"};
    s->has_return = true;
    if (!imap_args_sp(a) || !imap_args_expect(a, '('))
        return false;
    for (bool is_first = true; imap_args_list_next(a, &is_first);) {
        struct slice word;
        if (!imap_args_atom(a, &word))
            return false;
        unsigned i = 0;
        while (i < 5 && !slice_equal_fold(word, slice_of(words[i])))
            i++;
        if (i == 5)
            return imap_args_fail(a, "an unknown RETURN option");
        s->returns |= 1u << i;
    }
    if (s->returns == 0)
        s->returns = IMAP_RETURN_ALL;
    return imap_args_sp(a);
}

static bool read_charset(struct imap_search *s, struct imap_args *a)
{
    struct slice charset;
    if (!imap_args_astring(a, &charset) || !imap_args_sp(a))
        return false;
    if (charset.size == 0)
        return imap_args_fail(a, "an empty charset");
    s->charset = arena_copy(&s->arena, charset);
    return true;
}

enum imap_search_verdict imap_search_read(struct imap_search *s, struct imap_args *a)
{
    if (!imap_args_sp(a) || (imap_args_word(a, SLICE("RETURN")) && !read_returns(s, a)))
        return IMAP_SEARCH_BAD;
    if (imap_args_word(a, SLICE("CHARSET")) && (!imap_args_sp(a) || !read_charset(s, a)))
        return IMAP_SEARCH_BAD;
    return read_program(s, a);
}

enum imap_search_verdict imap_search_read_with_charset(struct imap_search *s, struct imap_args *a)
{
    return imap_args_sp(a) && read_charset(s, a) ? read_program(s, a) : IMAP_SEARCH_BAD;
}
