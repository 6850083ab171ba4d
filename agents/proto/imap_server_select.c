/*
 * SELECT, EXAMINE, CLOSE, UNSELECT (RFC 9051 6.3.2, 6.3.3, 6.4.1, 6.4.2) with CONDSTORE and QRESYNC
 * (RFC 7162 3.1.8, 3.2.5).
 */
#include "agents/proto/imap_server_part.h"

struct resync {
    bool is_wanted, wants_condstore;
    uint32_t uidvalidity;
    uint64_t modseq;
    bool has_known;
    struct imap_set known;
};

/* ---- arguments ---- */

/* "(67890007 90060115194045000 41:211 (1,3 41,43))"; what the client knows of message numbers is a
   hint that may be ignored (RFC 7162 3.2.5.2). */
static bool read_resync(struct imap_args *a, struct resync *r)
{
    struct imap_set numbers = {0};
    bool ok = imap_args_expect(a, '(') && imap_args_nz_number(a, &r->uidvalidity) &&
              imap_args_sp(a) && imap_args_number64(a, &r->modseq);
    r->is_wanted = true;
    bool has_more = ok && imap_args_skip(a, ' ');
    if (has_more && imap_args_peek(a) != '(') {
        r->has_known = true;
        ok = imap_args_set(a, &r->known);
        has_more = ok && imap_args_skip(a, ' ');
    }
    if (has_more)
        ok = imap_args_expect(a, '(') && imap_args_set(a, &numbers) && imap_args_sp(a) &&
             imap_args_set(a, &numbers) && imap_args_expect(a, ')');
    imap_set_finish(&numbers);
    if (r->known.is_saved)
        return imap_args_fail(a, "$ is not known before a mailbox is selected");
    return ok && imap_args_expect(a, ')');
}

static bool read_parameters(struct imap_server *s, struct resync *r)
{
    struct imap_args *a = &s->part->args;
    bool is_first = true;
    if (!imap_args_skip(a, ' '))
        return true;
    if (!imap_args_expect(a, '('))
        return false;
    while (imap_args_list_next(a, &is_first)) {
        if (imap_args_word(a, SLICE("CONDSTORE")))
            r->wants_condstore = true;
        else if (!imap_args_word(a, SLICE("QRESYNC")))
            return imap_args_fail(a, "CONDSTORE or QRESYNC is expected");
        else if (!s->part->is_qresync)
            return imap_args_fail(a, "ENABLE QRESYNC comes first");
        else if (r->is_wanted || !imap_args_sp(a) || !read_resync(a, r))
            return imap_args_fail(a, "QRESYNC has other arguments");
    }
    return !a->problem;
}

/* ---- leaving ---- */

void imap_part_leave(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    if (!s->folder)
        return;
    if (p->is_writing)
        imap_fetch_writer_keep(&p->writer);
    imap_view_close(&p->view);
    imap_set_clear(&p->saved);
    account_leave(s->account, s->folder);
    s->folder = NULL;
    s->is_read_only = false;
}

void imap_part_do_close(struct imap_server *s)
{
    size_t removed;
    if (!imap_args_end(&s->part->args)) {
        imap_part_bad(s);
        return;
    }
    if (!s->is_read_only)
        (void)imap_part_remove_deleted(s, &removed);
    imap_part_leave(s);
    imap_part_enter(s, IMAP_STATE_AUTHENTICATED);
    imap_part_reply(s, IMAP_OK, "closed");
}

void imap_part_do_unselect(struct imap_server *s)
{
    if (!imap_args_end(&s->part->args)) {
        imap_part_bad(s);
        return;
    }
    imap_part_leave(s);
    imap_part_enter(s, IMAP_STATE_AUTHENTICATED);
    imap_part_reply(s, IMAP_OK, "closed, and nothing removed");
}

/* ---- entering ---- */

static struct imap_view_manner manner_of(const struct imap_server *s)
{
    const struct imap_server_part *p = s->part;
    return (struct imap_view_manner){!p->is_rev2, p->is_condstore, p->is_qresync, s->is_read_only};
}

/* RFC 3501 6.3.1 wants RECENT and UNSEEN, RFC 9051 6.3.2 has LIST in their place. */
static void say_mailbox(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    const struct account_folder *f = s->folder;
    struct imap_view_manner manner = manner_of(s);
    imap_part_wrote(s, imap_view_put_keywords(&p->view, f, &manner, &s->base.out));
    imap_part_say(s, "* %zu EXISTS\r\n", p->view.uids.count);
    if (p->is_rev2) {
        imap_part_say_listed(s, f);
    } else {
        imap_part_say(s, "* %zu RECENT\r\n", p->view.recent_count);
        for (size_t i = 0; i < p->view.told.count; i++)
            if (!(p->view.told.items[i].flags & ACCOUNT_SEEN)) {
                imap_part_say(s, "* OK [UNSEEN %zu] the first that was not seen\r\n", i + 1);
                break;
            }
    }
    imap_part_say(s, "* OK [UIDVALIDITY %u] UIDs last\r\n", f->uidvalidity);
    imap_part_say(s, "* OK [UIDNEXT %u] the next UID\r\n", f->uidnext);
    imap_part_say(s, "* OK [HIGHESTMODSEQ %llu] changes are numbered\r\n",
                  (unsigned long long)f->highest_modseq);
}

static void enter_folder(struct imap_server *s, struct account_folder *folder)
{
    struct imap_server_part *p = s->part;
    s->folder = folder;
    s->is_read_only = p->verb == IMAP_VERB_EXAMINE;
    account_enter(s->account, folder);
    struct imap_view_manner manner = manner_of(s);
    imap_view_open(&p->view, folder, &manner);
    imap_part_enter(s, IMAP_STATE_SELECTED);
    say_mailbox(s);
    imap_part_reply(s, IMAP_OK, s->is_read_only ? "[READ-ONLY] examined" : "[READ-WRITE] selected");
}

/* What has changed since: first what is gone, then flags, as UID FETCH does (RFC 7162 3.2.5.1). */
static void catch_up(struct imap_server *s, struct resync *r)
{
    struct imap_server_part *p = s->part;
    uint32_t last = s->folder->uidnext - 1;
    if (!r->has_known && last > 0)
        *vector_add(&r->known.ranges) = (struct imap_range){1, last};
    imap_set_resolve(&r->known, last);
    imap_part_say_vanished(s, &r->known, r->modseq);
    imap_set_copy(&p->set, &r->known);
    p->walk = imap_set_walk_uids(&p->set, p->view.uids.items, p->view.uids.count);
    p->fetch = (struct imap_fetch){.has_changed_since = true, .changed_since = r->modseq};
    imap_fetch_add(&p->fetch, IMAP_FETCH_UID, &p->arena);
    imap_fetch_add(&p->fetch, IMAP_FETCH_FLAGS, &p->arena);
    imap_fetch_add(&p->fetch, IMAP_FETCH_MODSEQ, &p->arena);
    p->work = imap_part_fetch_step;
    p->phase = IMAP_PART_WORK;
}

static void run_select(struct imap_server *s, struct slice name, struct resync *r)
{
    struct imap_server_part *p = s->part;
    bool had_folder = s->folder != NULL;
    /* an attempt that fails leaves no mailbox selected either (RFC 9051 6.3.2) */
    imap_part_leave(s);
    imap_part_enter(s, IMAP_STATE_AUTHENTICATED);
    if (had_folder)
        imap_part_say(s, "* OK [CLOSED] the mailbox before is closed\r\n");
    struct account_folder *folder = account_find(s->account, name);
    if (!folder) {
        imap_part_refused(s, ACCOUNT_NO_SUCH);
        return;
    }
    if (!folder->is_selectable) {
        imap_part_reply(s, IMAP_NO, "[CANNOT] that is a name without a mailbox");
        return;
    }
    p->is_condstore = p->is_condstore || r->wants_condstore;
    enter_folder(s, folder);
    if (r->is_wanted && r->uidvalidity == folder->uidvalidity)
        catch_up(s, r);
}

void imap_part_do_select(struct imap_server *s)
{
    struct imap_args *a = &s->part->args;
    struct resync r = {0};
    struct slice name;
    if (imap_args_sp(a) && imap_args_mailbox(a, &name) && read_parameters(s, &r) &&
        imap_args_end(a))
        run_select(s, name, &r);
    else
        imap_part_bad(s);
    imap_set_finish(&r.known);
}
