/*
 * Which command does what, and the small ones that need no file of their own.
 */
#include "agents/proto/imap_put.h"
#include "agents/proto/imap_server_part.h"

static bool ends(struct imap_server *s)
{
    if (imap_args_end(&s->part->args))
        return true;
    imap_part_bad(s);
    return false;
}

static void do_capability(struct imap_server *s)
{
    if (!ends(s))
        return;
    bytes_append(&s->base.out, SLICE("* CAPABILITY "));
    imap_part_capabilities(s, &s->base.out);
    bytes_append(&s->base.out, SLICE("\r\n"));
    imap_part_reply(s, IMAP_OK, "that is all");
}

/* CHECK too: everything lasts as soon as it is done (RFC 3501 6.4.1). */
static void do_noop(struct imap_server *s)
{
    if (ends(s))
        imap_part_reply(s, IMAP_OK, "done");
}

static void do_logout(struct imap_server *s)
{
    if (!ends(s))
        return;
    imap_part_say(s, "* BYE until next time\r\n");
    s->part->logs_out = true;
    imap_part_reply(s, IMAP_OK, "logged out");
}

/* ---- ID (RFC 2971) ---- */

static bool read_id(struct imap_args *a)
{
    struct slice text;
    bool is_nil, is_first = true;
    if (!imap_args_sp(a))
        return false;
    if (imap_args_word(a, SLICE("NIL")))
        return imap_args_end(a);
    if (!imap_args_expect(a, '('))
        return false;
    for (int i = 0; i <= 30 && imap_args_list_next(a, &is_first); i++)
        if (i == 30)
            return imap_args_fail(a, "more than 30 fields");
        else if (!imap_args_string(a, &text) || !imap_args_sp(a) ||
                 !imap_args_nstring(a, &text, &is_nil))
            return false;
    return imap_args_end(a);
}

static void do_id(struct imap_server *s)
{
    if (!read_id(&s->part->args)) {
        imap_part_bad(s);
        return;
    }
    struct slice id = slice_of(s->options.id), name;
    if (slice_cut(&id, ' ', &name) && name.size < 100 && id.size < 100)
        imap_part_say(s, "* ID (\"name\" \"%.*s\" \"version\" \"%.*s\")\r\n", SLICE_ARG(name),
                      SLICE_ARG(id));
    else
        imap_part_say(s, "* ID NIL\r\n");
    imap_part_reply(s, IMAP_OK, "and who are you");
}

/* ---- ENABLE (RFC 9051 6.3.1) ---- */

void imap_part_enable_condstore(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    if (p->is_condstore)
        return;
    p->is_condstore = true;
    for (size_t i = 0; i < p->view.told.count; i++) {
        const struct account_item *item = imap_view_item(&p->view, s->folder, i);
        if (item)
            p->view.told.items[i].modseq = item->modseq;
    }
    if (s->folder)
        imap_part_say(s, "* OK [HIGHESTMODSEQ %llu] changes are numbered\r\n",
                      (unsigned long long)s->folder->highest_modseq);
}

static const char *enable_one(struct imap_server *s, struct slice name)
{
    struct imap_server_part *p = s->part;
    if (slice_equal_fold(name, SLICE("IMAP4rev2"))) {
        p->is_rev2 = true;
        return " IMAP4rev2";
    }
    if (slice_equal_fold(name, SLICE("UTF8=ACCEPT"))) {
        p->has_utf8 = true;
        return " UTF8=ACCEPT";
    }
    if (slice_equal_fold(name, SLICE("QRESYNC"))) {
        imap_part_enable_condstore(s);
        p->is_qresync = true;
        return " QRESYNC";
    }
    if (slice_equal_fold(name, SLICE("CONDSTORE"))) {
        imap_part_enable_condstore(s);
        return " CONDSTORE";
    }
    return "";
}

static void do_enable(struct imap_server *s)
{
    struct imap_args *a = &s->part->args;
    struct imap_names names = {0};
    struct slice name;
    do {
        if (!imap_args_sp(a) || !imap_args_atom(a, &name)) {
            imap_part_bad(s);
            return;
        }
        imap_names_add(&names, name, &s->part->arena);
    } while (!imap_args_is_end(a));
    const char *enabled[4];
    size_t count = 0;
    for (size_t i = 0; i < names.count; i++) {
        const char *word = enable_one(s, names.items[i]);
        bool is_new = *word != '\0';
        for (size_t j = 0; j < count; j++)
            is_new = is_new && enabled[j] != word;
        if (is_new)
            enabled[count++] = word;
    }
    imap_part_say(s, "* ENABLED");
    for (size_t i = 0; i < count; i++)
        imap_part_say(s, "%s", enabled[i]);
    imap_part_say(s, "\r\n");
    imap_part_reply(s, IMAP_OK, "enabled");
}

static void do_idle(struct imap_server *s)
{
    if (!ends(s))
        return;
    imap_part_say(s, "+ idling\r\n");
    s->part->phase = IMAP_PART_IDLE;
}

/* ---- the table ---- */

struct command {
    void (*run)(struct imap_server *s);
    /* Its numbers must mean the same to both sides until its reply is there: no EXPUNGE before
       (RFC 9051 7.5.1). UID SEARCH may have message numbers in it (RFC 7162 3.2.10.2). */
    bool holds_expunge;
};

static const struct command commands[IMAP_VERB_UNKNOWN] = {
    [IMAP_VERB_CAPABILITY] = {do_capability, false},
    [IMAP_VERB_NOOP] = {do_noop, false},
    [IMAP_VERB_LOGOUT] = {do_logout, true},
    [IMAP_VERB_ID] = {do_id, false},
    [IMAP_VERB_STARTTLS] = {imap_part_do_starttls, false},
    [IMAP_VERB_AUTHENTICATE] = {imap_part_do_authenticate, false},
    [IMAP_VERB_LOGIN] = {imap_part_do_login, false},
    [IMAP_VERB_ENABLE] = {do_enable, false},
    [IMAP_VERB_SELECT] = {imap_part_do_select, false},
    [IMAP_VERB_EXAMINE] = {imap_part_do_select, false},
    [IMAP_VERB_CREATE] = {imap_part_do_create, false},
    [IMAP_VERB_DELETE] = {imap_part_do_delete, false},
    [IMAP_VERB_RENAME] = {imap_part_do_rename, false},
    [IMAP_VERB_SUBSCRIBE] = {imap_part_do_subscribe, false},
    [IMAP_VERB_UNSUBSCRIBE] = {imap_part_do_subscribe, false},
    [IMAP_VERB_LIST] = {imap_part_do_list, false},
    [IMAP_VERB_LSUB] = {imap_part_do_lsub, false},
    [IMAP_VERB_NAMESPACE] = {imap_part_do_namespace, false},
    [IMAP_VERB_STATUS] = {imap_part_do_status, false},
    [IMAP_VERB_APPEND] = {imap_part_do_append, false},
    [IMAP_VERB_IDLE] = {do_idle, false},
    [IMAP_VERB_GETQUOTA] = {imap_part_do_getquota, false},
    [IMAP_VERB_GETQUOTAROOT] = {imap_part_do_getquotaroot, false},
    [IMAP_VERB_SETQUOTA] = {imap_part_do_setquota, false},
    [IMAP_VERB_CHECK] = {do_noop, false},
    [IMAP_VERB_CLOSE] = {imap_part_do_close, false},
    [IMAP_VERB_UNSELECT] = {imap_part_do_unselect, false},
    [IMAP_VERB_EXPUNGE] = {imap_part_do_expunge, false},
    [IMAP_VERB_SEARCH] = {imap_part_do_search, true},
    [IMAP_VERB_SORT] = {imap_part_do_sort, true},
    [IMAP_VERB_THREAD] = {imap_part_do_thread, true},
    [IMAP_VERB_FETCH] = {imap_part_do_fetch, true},
    [IMAP_VERB_STORE] = {imap_part_do_store, true},
    [IMAP_VERB_COPY] = {imap_part_do_copy, false},
    [IMAP_VERB_MOVE] = {imap_part_do_copy, false},
    [IMAP_VERB_UID_EXPUNGE] = {imap_part_do_expunge, false},
    [IMAP_VERB_UID_SEARCH] = {imap_part_do_search, true},
    [IMAP_VERB_UID_SORT] = {imap_part_do_sort, true},
    [IMAP_VERB_UID_THREAD] = {imap_part_do_thread, true},
    [IMAP_VERB_UID_FETCH] = {imap_part_do_fetch, false},
    [IMAP_VERB_UID_STORE] = {imap_part_do_store, false},
    [IMAP_VERB_UID_COPY] = {imap_part_do_copy, false},
    [IMAP_VERB_UID_MOVE] = {imap_part_do_copy, false},
};

/* What could not be read may have been one of those that hold it back. */
bool imap_part_allows_expunge(const struct imap_server *s)
{
    const struct imap_server_part *p = s->part;
    if (p->verb >= IMAP_VERB_UNKNOWN || (p->status == IMAP_BAD && p->verb != IMAP_VERB_IDLE))
        return false;
    return !commands[p->verb].holds_expunge;
}

bool imap_part_is_legal(const struct imap_server *s)
{
    return imap_rules[s->part->verb].legal_states >> s->state & 1;
}

static void judge_state(struct imap_server *s)
{
    const char *text = "";
    switch (s->state) {
    case IMAP_STATE_NOT_AUTHENTICATED:
        text = "log in first";
        break;
    case IMAP_STATE_AUTHENTICATED:
        text = imap_rules[s->part->verb].legal_states >> IMAP_STATE_SELECTED & 1
                   ? "no mailbox is selected"
                   : "already logged in";
        break;
    case IMAP_STATE_SELECTED:
        text = "already logged in";
        break;
    case IMAP_STATE_CONNECTED:
    case IMAP_STATE_LOGOUT:
    case IMAP_STATE_COUNT:
        break;
    }
    imap_part_reply(s, IMAP_BAD, "%s", text);
}

void imap_part_judge(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    imap_args_init(&p->args, bytes_slice(&p->command), &p->arena);
    p->args.at = p->arguments_at;
    p->args.is_utf8 = p->is_rev2 || p->has_utf8;
    p->phase = IMAP_PART_SYNC;
    p->missing = 0;
    p->has_unknown_cte = false;
    if (s->account)
        s->account->now_s = s->now_s;
    if (!p->has_tag)
        imap_part_reply(s, IMAP_BAD, "a tag and a command are expected");
    else if (p->is_dropped && p->verb != IMAP_VERB_UNKNOWN && imap_part_is_legal(s))
        imap_part_reply(s, p->refusal, "%s", p->refusal_text);
    else if (p->verb == IMAP_VERB_UNKNOWN)
        imap_part_reply(s, IMAP_BAD, "unknown command");
    else if (!imap_part_is_legal(s))
        judge_state(s);
    else
        commands[p->verb].run(s);
}
