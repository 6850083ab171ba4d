/*
 * APPEND (RFC 9051 6.3.12) of one message or several (MULTIAPPEND, RFC 3502), as literal or
 * literal8 (BINARY, RFC 3516 4.4) or with UTF8 (RFC 6855 4). All of them come, or none.
 */
#include "agents/mail/header.h"
#include "agents/proto/imap_server_part.h"

struct message {
    struct imap_names flags;
    bool has_date;
    int64_t date_s;
    int zone_min;
    struct slice content;
    bool is_binary;
};

struct append {
    struct slice name;
    VECTOR(struct message) messages;
};

/* ---- arguments ---- */

/* The literal, or UTF8 (~{n}...): then its header may have UTF-8 in it, as any other here. */
static bool read_content(struct imap_args *a, struct message *m)
{
    if (!imap_args_word(a, SLICE("UTF8")))
        return imap_args_literal(a, &m->content, &m->is_binary);
    return imap_args_sp(a) && imap_args_expect(a, '(') &&
           imap_args_literal(a, &m->content, &m->is_binary) && imap_args_expect(a, ')');
}

static bool read_message(struct imap_args *a, struct message *m)
{
    if (!imap_args_sp(a))
        return false;
    if (imap_args_peek(a) == '(' && !(imap_args_flag_list(a, &m->flags) && imap_args_sp(a)))
        return false;
    if (imap_args_peek(a) == '"') {
        m->has_date = true;
        if (!imap_args_date_time(a, &m->date_s, &m->zone_min) || !imap_args_sp(a))
            return false;
    }
    return read_content(a, m);
}

static bool read_append(struct imap_args *a, struct append *append)
{
    if (!imap_args_sp(a) || !imap_args_mailbox(a, &append->name))
        return false;
    do {
        if (!read_message(a, vector_add(&append->messages)))
            return false;
    } while (!imap_args_is_end(a));
    return true;
}

/* ---- the work ---- */

static enum account_result append_one(struct imap_server *s, struct account_folder *folder,
                                      const struct message *m, uint32_t *uid)
{
    struct slice header, body;
    struct account_item item = {.internal_s = m->has_date ? m->date_s : s->now_s,
                                .zone_min = m->has_date ? m->zone_min : s->zone_min};
    /* a keyword for which there is no room is not worth a message */
    for (size_t i = 0; i < m->flags.count; i++)
        item.flags |= account_flag(s->account, folder, m->flags.items[i], true);
    header_split(m->content, &header, &body);
    enum account_result result = account_append(s->account, folder, &item, header, body);
    *uid = item.uid;
    return result;
}

/* "[APPENDUID 38505 3955]"; one UID is no set (RFC 9051 7.1). */
static void reply_uids(struct imap_server *s, const struct account_folder *folder,
                       const struct imap_set *uids)
{
    struct bytes *text = &s->part->text;
    imap_part_reply(s, IMAP_OK, "[APPENDUID %u ", folder->uidvalidity);
    if (!imap_set_write(uids, text) || !bytes_append(text, SLICE("] appended")))
        imap_part_reply(s, IMAP_OK, "appended");
}

static void take_back(struct imap_server *s, struct account_folder *folder,
                      const struct imap_set *uids)
{
    for (size_t i = 0; i < uids->ranges.count; i++)
        for (uint32_t uid = uids->ranges.items[i].first; uid <= uids->ranges.items[i].last; uid++)
            (void)account_remove(s->account, folder, uid);
}

static void append_all(struct imap_server *s, const struct append *append,
                       struct account_folder *folder)
{
    struct imap_set uids = {0};
    enum account_result result = ACCOUNT_OK;
    for (size_t i = 0; i < append->messages.count && result == ACCOUNT_OK; i++) {
        uint32_t uid;
        result = append_one(s, folder, &append->messages.items[i], &uid);
        if (result == ACCOUNT_OK)
            imap_set_add(&uids, uid);
    }
    if (result == ACCOUNT_OK) {
        reply_uids(s, folder, &uids);
    } else {
        take_back(s, folder, &uids);
        imap_part_refused(s, result);
    }
    imap_set_finish(&uids);
}

static bool is_acceptable(struct imap_server *s, const struct append *append)
{
    for (size_t i = 0; i < append->messages.count; i++) {
        const struct message *m = &append->messages.items[i];
        if (m->content.size == 0) { /* how a client gives up (RFC 3502 6.3.11) */
            imap_part_reply(s, IMAP_NO, "a message without any octet is none");
            return false;
        }
        /* such a message could not be fetched by BODY[] (RFC 3516 4.4) */
        if (slice_find_octet(m->content, '\0', 0) != SLICE_NONE) {
            imap_part_reply(s, IMAP_NO, "[UNKNOWN-CTE] messages with NUL are not kept");
            return false;
        }
    }
    return true;
}

void imap_part_do_append(struct imap_server *s)
{
    struct append append = {0};
    if (!read_append(&s->part->args, &append)) {
        imap_part_bad(s);
    } else if (is_acceptable(s, &append)) {
        struct account_folder *folder = account_find(s->account, append.name);
        if (folder && folder->is_selectable)
            append_all(s, &append, folder);
        else
            imap_part_reply(s, IMAP_NO, "[TRYCREATE] there is no such mailbox");
    }
    vector_finish(&append.messages);
}
