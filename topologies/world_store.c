/*
 * "store bob@example.org whole=BASE64 folder=Work": a message that comes from outside lies in
 * somebody's mailbox, as if it had been there before: with its own date and flags, and the next
 * UID.
 */
#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "agents/roles/store.h"
#include "sim/base/base64.h"
#include "topologies/world_inner.h"

/* What is put where. */
struct putting {
    struct store *store;
    struct slice address, folder;
    struct account_item item;
    struct bytes content;
};

static bool read_flags(struct slice list, uint64_t *flags, struct problem *problem)
{
    static const struct {
        const char *name;
        uint64_t flag;
    } rows[] = {{"Seen", ACCOUNT_SEEN},
                {"Answered", ACCOUNT_ANSWERED},
                {"Flagged", ACCOUNT_FLAGGED},
                {"Deleted", ACCOUNT_DELETED},
                {"Draft", ACCOUNT_DRAFT}};
    struct slice word;
    while (slice_cut(&list, ',', &word)) {
        size_t i = 0;
        while (i < sizeof rows / sizeof *rows && !slice_equal_fold(word, slice_of(rows[i].name)))
            i++;
        if (i == sizeof rows / sizeof *rows)
            return problem_set(problem,
                               "\"%.*s\" is no flag; expected Seen, Answered, Flagged, Deleted or "
                               "Draft, with commas",
                               SLICE_ARG(slice_part(word, 0, 40)));
        *flags |= rows[i].flag;
    }
    return true;
}

static bool read_date(struct world *w, const struct action *a, int64_t *unix_s,
                      struct problem *problem)
{
    struct slice text = action_value(a, "date");
    uint64_t second;
    *unix_s = log_epoch_s(&w->sim.log) + w->sim.now / VTIME_S;
    if (text.size == 0)
        return true;
    *unix_s = slice_to_u64(text, &second) && second <= UINT32_MAX ? (int64_t)second : -1;
    return *unix_s >= 0 || problem_set(problem, "\"%.*s\" is no date; expected a Unix second",
                                       SLICE_ARG(slice_part(text, 0, 40)));
}

static bool find_store(const struct world *w, struct putting *p, struct problem *problem)
{
    uint32_t host = world_home_host(w, p->address);
    if (!office_find_account(&w->office, p->address))
        return problem_set(problem, "there is no user %.*s",
                           SLICE_ARG(slice_part(p->address, 0, 80)));
    p->store = host ? store_find(&w->office, host) : NULL;
    return p->store || problem_set(problem, "no store has mail of %.*s",
                                   SLICE_ARG(slice_part(p->address, 0, 80)));
}

/* On success p->content is to be finished. */
static bool read_putting(struct world *w, const struct action *a, struct putting *p,
                         struct problem *problem)
{
    struct slice text = action_value(a, "whole");
    struct bytes octets;
    *p = (struct putting){.address = a->words[0], .folder = action_value(a, "folder")};
    if (p->folder.size == 0)
        p->folder = SLICE("INBOX");
    if (!find_store(w, p, problem) || !read_date(w, a, &p->item.internal_s, problem) ||
        !read_flags(action_value(a, "flags"), &p->item.flags, problem))
        return false;
    bytes_init(&octets, text.size);
    bytes_init(&p->content, SIZE_MAX);
    bool ok = base64_read(text, &octets) && message_crlf(bytes_slice(&octets), &p->content);
    bytes_finish(&octets);
    if (!ok)
        bytes_finish(&p->content);
    return ok || problem_set(problem, "whole= is no base64 (RFC 4648 4)");
}

static bool check_store(struct world *w, const struct action *a, struct problem *problem)
{
    struct putting p;
    if (!read_putting(w, a, &p, problem))
        return false;
    bytes_finish(&p.content);
    return true;
}

static bool put(struct putting *p, struct problem *problem)
{
    struct account *account = store_open(p->store, p->address);
    struct account_folder *folder = account_find(account, p->folder);
    struct slice header, body;
    store_act_for(p->store, 0, 0);
    if (!folder) {
        (void)account_create(account, p->folder, NULL);
        folder = account_find(account, p->folder);
    }
    if (!folder || !folder->is_selectable)
        return problem_set(problem, "there can be no folder \"%.*s\"",
                           SLICE_ARG(slice_part(p->folder, 0, 60)));
    header_split(bytes_slice(&p->content), &header, &body);
    return (account_append(account, folder, &p->item, header, body) == ACCOUNT_OK &&
            store_settle(p->store, account)) ||
           problem_set(problem, "the mailbox of %.*s is full, or its host is down",
                       SLICE_ARG(slice_part(p->address, 0, 80)));
}

static bool put_into_store(struct world *w, const struct action *a, struct problem *problem)
{
    struct putting p;
    if (!read_putting(w, a, &p, problem))
        return false;
    bool ok = put(&p, problem);
    bytes_finish(&p.content);
    return ok;
}

const struct world_verb world_store = {check_store, put_into_store};
