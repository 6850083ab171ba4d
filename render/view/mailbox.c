#include "render/view/mailbox.h"

/* ---- folders ---- */

static uint32_t find_folder(struct mailbox *box, struct slice name)
{
    if (slice_equal_fold(name, SLICE("INBOX")))
        return MAILBOX_INBOX;
    for (uint32_t i = 1; i < box->folder_count; i++)
        if (slice_equal(box->folders[i], name))
            return i;
    if (name.size == 0 || box->folder_count == MAILBOX_FOLDERS_MAX)
        return MAILBOX_INBOX;
    box->folders[box->folder_count] = arena_copy(&box->arena, name);
    return box->folder_count++;
}

/* "bob@example.org/Done" is the person's on a server, "pc-bob:Local/Done" the program's own. False
   for anybody else's. */
static bool read_box(struct mailbox *box, struct slice text, uint32_t *folder)
{
    struct slice id = log_place_name(box->log, box->host);
    size_t local = id.size + SLICE(":Local").size;
    if (slice_starts(text, id) &&
        slice_starts(slice_part(text, id.size, text.size), SLICE(":Local"))) {
        *folder = text.size > local ? find_folder(box, slice_part(text, local + 1, text.size))
                                    : MAILBOX_INBOX;
        return true;
    }
    if (!slice_starts_fold(text, box->user) || text.size <= box->user.size ||
        text.data[box->user.size] != '/')
        return false;
    *folder = find_folder(box, slice_part(text, box->user.size + 1, text.size));
    return true;
}

static bool is_mine(const struct mailbox *box, uint32_t place)
{
    return place && (place == box->agent || place == box->host);
}

/* ---- flags ---- */

static unsigned flag_of(struct slice name)
{
    static const struct {
        const char *name;
        unsigned flag;
    } rows[] = {{"\\Seen", MAILBOX_SEEN},       {"\\Answered", MAILBOX_ANSWERED},
                {"\\Flagged", MAILBOX_FLAGGED}, {"\\Deleted", MAILBOX_DELETED},
                {"\\Draft", MAILBOX_DRAFT},     {"$Forwarded", MAILBOX_FORWARDED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_equal_fold(name, slice_of(rows[i].name)))
            return rows[i].flag;
    return 0;
}

/* "1 (UID 7 FLAGS (\Seen \Recent))": the list behind FLAGS (RFC 9051 7.5.2). */
static bool read_flags(struct slice text, unsigned *flags)
{
    size_t at = slice_find(text, SLICE("FLAGS ("), 0);
    struct slice word, rest;
    if (at == SLICE_NONE)
        return false;
    rest = slice_part(text, at + 7, slice_find_octet(text, ')', at));
    *flags = 0;
    while (slice_cut(&rest, ' ', &word))
        *flags |= flag_of(word);
    return true;
}

static uint32_t read_uid(struct slice text)
{
    size_t at = slice_find(text, SLICE("UID "), 0), end = at == SLICE_NONE ? 0 : at + 4;
    uint64_t uid = 0;
    while (end < text.size && text.data[end] >= '0' && text.data[end] <= '9')
        end++;
    if (at == SLICE_NONE || !slice_to_u64(slice_part(text, at + 4, end), &uid) || uid > UINT32_MAX)
        return 0;
    return (uint32_t)uid;
}

/* ---- items ---- */

static struct mailbox_item *add(struct mailbox *box, uint32_t msg, uint32_t folder, int64_t t)
{
    struct mailbox_item *item = vector_add(&box->items);
    *item = (struct mailbox_item){.msg = msg, .folder = folder, .got = t, .is_listed = true};
    return item;
}

/* Other programs' mail may lie in the store; it is shown by who reads files. */
static bool is_shown(const struct mailbox *box, const struct mailbox_item *item)
{
    return !item->is_unshown || box->way == MAILBOX_FILE;
}

/* The oldest of the folder with this message; NULL. Of a browser also what no page has listed. */
static struct mailbox_item *find_msg(struct mailbox *box, uint32_t folder, uint32_t msg)
{
    for (size_t i = 0; i < box->items.count; i++) {
        struct mailbox_item *item = &box->items.items[i];
        if (item->folder == folder && item->msg == msg &&
            (is_shown(box, item) || box->way == MAILBOX_WEB))
            return item;
    }
    return NULL;
}

static void drop(struct mailbox *box, const struct mailbox_item *item)
{
    vector_remove(&box->items, (size_t)(item - box->items.items));
}

/* Copies of what the server has, or had and is not listed any more. */
static void drop_copies(struct mailbox *box, bool all)
{
    for (size_t i = box->items.count; i-- > 0;) {
        const struct mailbox_item *item = &box->items.items[i];
        if (item->uid && (all || !item->is_listed))
            vector_remove(&box->items, i);
    }
}

static struct mailbox_item *find_uid(struct mailbox *box, uint32_t uid)
{
    for (size_t i = 0; uid && i < box->items.count; i++)
        if (box->items.items[i].uid == uid)
            return &box->items.items[i];
    return NULL;
}

/* ---- in a browser ---- */

/* The page lists what the server has now. */
static void list_page(struct mailbox *box)
{
    for (size_t i = box->items.count; i-- > 0;) {
        box->items.items[i].is_unshown = false;
        if (!box->items.items[i].is_listed)
            vector_remove(&box->items, i);
    }
}

static void open_page(struct mailbox_item *item)
{
    item->is_unshown = item->is_closed = false;
    item->flags |= MAILBOX_SEEN;
}

/* ---- events of mail ---- */

static void on_fetch(struct mailbox *box, const struct event_fetch *e, int64_t t)
{
    struct slice protocol = log_text(box->log, e->proto);
    uint32_t folder;
    if (!is_mine(box, e->by) || !read_box(box, log_text(box->log, e->box), &folder))
        return;
    if (slice_equal(protocol, SLICE("imap")))
        box->way = MAILBOX_IMAP;
    if (slice_equal(protocol, SLICE("file")))
        box->way = MAILBOX_FILE;
    struct mailbox_item *item = NULL;
    if (box->way == MAILBOX_FILE || box->way == MAILBOX_WEB)
        item = find_msg(box, folder, e->msg);
    if (box->way == MAILBOX_IMAP)
        item = find_uid(box, box->uid);
    item = item ? item : add(box, e->msg, folder, t);
    if (box->way == MAILBOX_WEB) {
        open_page(item);
        return;
    }
    item->header = e->header;
    item->body = e->body;
    item->is_unshown = false;
    if (box->way != MAILBOX_IMAP)
        return;
    item->uid = box->uid;
    item->flags = box->uid_flags;
}

/* Who reads the store of the own host has at hand what is delivered there; a browser's is
 * elsewhere. */
static void on_deliver(struct mailbox *box, const struct event_deliver *e, int64_t t)
{
    uint32_t folder;
    if ((log_host_of(box->log, e->at) != box->host && box->way != MAILBOX_WEB) ||
        !read_box(box, log_text(box->log, e->box), &folder))
        return;
    struct mailbox_item *item = add(box, e->msg, folder, t);
    item->header = e->header;
    item->body = e->body;
    item->is_unshown = true;
    item->is_closed = box->way == MAILBOX_WEB;
}

/* A copy in another folder; when the removal of the first follows, it was a move. */
static void on_copy(struct mailbox *box, const struct event_copy *e, int64_t t)
{
    uint32_t folder;
    if (!is_mine(box, e->by) || !read_box(box, log_text(box->log, e->box), &folder))
        return;
    for (size_t i = 0; i < box->items.count; i++)
        if (box->items.items[i].msg == e->msg) {
            struct mailbox_item old = box->items.items[i];
            struct mailbox_item *item = add(box, e->msg, folder, t);
            item->header = old.header;
            item->body = old.body;
            item->flags = old.flags;
            return;
        }
    add(box, e->msg, folder, t)->flags = MAILBOX_SEEN; /* what was written here */
}

static void on_remove(struct mailbox *box, const struct event_remove *e)
{
    uint32_t folder;
    bool is_shared =
        box->way == MAILBOX_FILE || box->way == MAILBOX_WEB; /* others change it, too */
    if ((!is_mine(box, e->by) && !is_shared) ||
        !read_box(box, log_text(box->log, e->box), &folder) || box->items.count == 0)
        return;
    struct slice name = log_text(box->log, e->box);
    struct mailbox_item *item = find_msg(box, folder, e->msg);
    struct mailbox_item *last = &box->items.items[box->items.count - 1];
    if (!item || (box->way == MAILBOX_IMAP && folder == MAILBOX_INBOX))
        return; /* IMAP: the server will tell */
    if (box->way == MAILBOX_WEB) {
        item->is_listed = false; /* until then the page stays as it is */
        return;
    }
    if (box->way == MAILBOX_POP3 && !slice_starts(name, log_place_name(box->log, box->host)))
        return; /* POP3: the server's copy goes, the program's stays */
    if (box->way == MAILBOX_POP3 && item != last && last->msg == e->msg) {
        item->folder = last->folder; /* moved: the program keeps it where it stood */
        drop(box, last);
        return;
    }
    drop(box, item);
}

static void on_flag(struct mailbox *box, const struct event_flag *e)
{
    uint32_t folder;
    unsigned flag = flag_of(log_text(box->log, e->name));
    if ((!is_mine(box, e->by) && box->way != MAILBOX_FILE) ||
        !read_box(box, log_text(box->log, e->box), &folder))
        return;
    struct mailbox_item *item = find_msg(box, folder, e->msg);
    if (item)
        item->flags = e->on ? item->flags | flag : item->flags & ~flag;
}

/* ---- what an IMAP server tells it ---- */

static bool is_my_conn(const struct mailbox *box, uint32_t conn)
{
    const struct event_tcp_connect *c = log_conn(box->log, conn);
    return c && is_mine(box, c->from);
}

static struct slice unquote(struct slice text)
{
    text = slice_trim(text);
    bool is_quoted = text.size >= 2 && text.data[0] == '"' && text.data[text.size - 1] == '"';
    return is_quoted ? slice_part(text, 1, text.size - 1) : text;
}

static void on_command(struct mailbox *box, const struct event_imap_cmd *e)
{
    struct slice verb = log_text(box->log, e->verb), arg = log_text(box->log, e->arg);
    if (!is_my_conn(box, e->conn))
        return;
    box->way = MAILBOX_IMAP;
    box->is_idle = slice_equal(verb, SLICE("IDLE"));
    if (slice_equal(verb, SLICE("SELECT")) || slice_equal(verb, SLICE("EXAMINE")))
        box->is_at_inbox = slice_equal_fold(unquote(arg), SLICE("INBOX"));
    if (slice_equal(verb, SLICE("CREATE")))
        (void)find_folder(box, unquote(arg));
    box->is_listing = slice_equal(verb, SLICE("UID FETCH")) && box->is_at_inbox &&
                      slice_equal(arg, SLICE("1:* (UID FLAGS)"));
    for (size_t i = 0; box->is_listing && i < box->items.count; i++)
        box->items.items[i].is_listed = false;
}

/* The n-th copy of what is on the server is gone. */
static void expunge(struct mailbox *box, uint64_t n)
{
    for (size_t i = 0; i < box->items.count; i++)
        if (box->items.items[i].uid && n-- == 1) {
            vector_remove(&box->items, i);
            return;
        }
}

static void on_data(struct mailbox *box, const struct event_imap_data *e)
{
    struct slice verb = log_text(box->log, e->verb), text = log_text(box->log, e->text);
    uint64_t number;
    if (!is_my_conn(box, e->conn) || !box->is_at_inbox)
        return;
    if (slice_equal(verb, SLICE("EXPUNGE")) && slice_to_u64(text, &number))
        expunge(box, number);
    if (slice_equal(verb, SLICE("EXISTS")) && slice_to_u64(text, &number))
        box->exists = (uint32_t)number;
    if (!slice_equal(verb, SLICE("FETCH")))
        return;
    box->uid = read_uid(text);
    box->uid_flags = 0;
    bool has_flags = read_flags(text, &box->uid_flags);
    struct mailbox_item *item = find_uid(box, box->uid);
    if (item) {
        item->is_listed = true;
        if (has_flags)
            item->flags = box->uid_flags;
    }
}

static void on_reply(struct mailbox *box, const struct event_imap_reply *e)
{
    struct slice verb = log_text(box->log, e->verb);
    if (!is_my_conn(box, e->conn) || !e->ok)
        return;
    if (box->is_listing && slice_equal(verb, SLICE("UID FETCH"))) {
        drop_copies(box, false);
        box->is_listing = false;
    }
    if (slice_equal(verb, SLICE("SELECT")) && box->is_at_inbox && box->exists == 0)
        drop_copies(box, true);
}

/* ---- what the person asked for ---- */

/* The value of key= in an action line. */
static struct slice value_of(struct slice line, struct slice key)
{
    size_t at = slice_find(line, key, 0);
    if (at == SLICE_NONE)
        return SLICE("");
    struct slice rest = slice_part(line, at + key.size, line.size);
    bool is_quoted = rest.size && rest.data[0] == '"';
    size_t end = slice_find_octet(rest, is_quoted ? '"' : ' ', is_quoted);
    return slice_part(rest, is_quoted, end == SLICE_NONE ? rest.size : end);
}

/* A folder of the program's own leaves no other trace as long as it is empty. */
static void on_input(struct mailbox *box, struct slice line)
{
    if (!slice_starts(line, SLICE("folder ")))
        return;
    struct slice by = value_of(line, SLICE("by=")), name = value_of(line, SLICE("create="));
    bool is_me = slice_equal(by, log_place_name(box->log, box->agent)) ||
                 slice_equal(by, log_place_name(box->log, box->host)) ||
                 slice_equal_fold(by, box->user);
    if (is_me && box->way != MAILBOX_IMAP) /* there the server has to say yes */
        (void)find_folder(box, name);
}

/* All copies are thrown away when the server's mailbox turns out to be another one. */
static void on_screen(struct mailbox *box, struct slice what)
{
    if (box->way == MAILBOX_WEB && slice_starts(what, box->user) &&
        slice_find(what, SLICE("sees the page \"Inbox\""), 0) != SLICE_NONE)
        list_page(box);
    if (slice_starts(what, box->user) &&
        slice_find(what, SLICE("all copies are thrown away"), 0) != SLICE_NONE)
        drop_copies(box, true);
}

static void fold_mail(struct mailbox *box, const struct event *e)
{
    if (e->kind == EVENT_FETCH)
        on_fetch(box, event_as_fetch(e), e->t);
    else if (e->kind == EVENT_DELIVER)
        on_deliver(box, event_as_deliver(e), e->t);
    else if (e->kind == EVENT_COPY)
        on_copy(box, event_as_copy(e), e->t);
    else if (e->kind == EVENT_REMOVE)
        on_remove(box, event_as_remove(e));
    else if (e->kind == EVENT_FLAG)
        on_flag(box, event_as_flag(e));
}

static void fold(struct mailbox *box, const struct event *e)
{
    if (e->kind == EVENT_IMAP_CMD)
        on_command(box, event_as_imap_cmd(e));
    else if (e->kind == EVENT_IMAP_DATA)
        on_data(box, event_as_imap_data(e));
    else if (e->kind == EVENT_IMAP_REPLY)
        on_reply(box, event_as_imap_reply(e));
    else if (e->kind == EVENT_INPUT)
        on_input(box, log_text(box->log, event_as_input(e)->text));
    else if (e->kind == EVENT_UI)
        on_screen(box, log_text(box->log, event_as_ui(e)->what));
    else
        fold_mail(box, e);
}

/* ---- in time ---- */

void mailbox_finish(struct mailbox *box)
{
    vector_finish(&box->items);
    arena_finish(&box->arena);
}

void mailbox_forget(struct mailbox *box)
{
    box->log = NULL;
    box->agent = 0;
}

static void start(struct mailbox *box, const struct log *log, uint32_t agent)
{
    const struct event *e = log_place(log, agent);
    const struct event_agent *a = e ? event_as_agent(e) : NULL;
    struct mailbox old = *box;
    arena_reset(&old.arena);
    vector_clear(&old.items);
    *box = (struct mailbox){.arena = old.arena,
                            .log = log,
                            .agent = agent,
                            .host = log_host_of(log, agent),
                            .folder_count = 1};
    box->items.items = old.items.items;
    box->items.capacity = old.items.capacity;
    box->folders[MAILBOX_INBOX] = SLICE("INBOX");
    if (!a)
        return;
    box->user = log_text(log, a->user);
    if (slice_equal(log_text(log, a->role), SLICE("browser")))
        box->way = MAILBOX_WEB;
}

void mailbox_seek(struct mailbox *box, const struct log *log, uint32_t agent, uint32_t events)
{
    if (box->log != log || box->agent != agent || box->events > events)
        start(box, log, agent);
    for (; box->events < events; box->events++)
        fold(box, log_at(log, box->events));
}

/* ---- questions ---- */

const struct mailbox_item *mailbox_find(const struct mailbox *box, uint32_t folder, uint32_t n)
{
    for (size_t i = 0; i < box->items.count; i++) {
        const struct mailbox_item *item = &box->items.items[i];
        if (item->folder == folder && is_shown(box, item) && n-- == 1)
            return item;
    }
    return NULL;
}

uint32_t mailbox_count(const struct mailbox *box, uint32_t folder)
{
    uint32_t count = 0;
    for (size_t i = 0; i < box->items.count; i++)
        count += box->items.items[i].folder == folder && is_shown(box, &box->items.items[i]);
    return count;
}

uint32_t mailbox_count_unseen(const struct mailbox *box, uint32_t folder)
{
    uint32_t count = 0;
    for (size_t i = 0; i < box->items.count; i++) {
        const struct mailbox_item *item = &box->items.items[i];
        count += item->folder == folder && is_shown(box, item) && !(item->flags & MAILBOX_SEEN);
    }
    return count;
}

struct slice mailbox_content(const struct mailbox *box, const struct mailbox_item *item,
                             struct arena *arena)
{
    const struct event_message *m = log_msg(box->log, item->msg);
    if (item->header == 0)
        return m ? log_text(box->log, m->content) : SLICE("");
    const struct slice parts[] = {log_text(box->log, item->header), log_text(box->log, item->body)};
    return arena_join(arena, parts, 2);
}
