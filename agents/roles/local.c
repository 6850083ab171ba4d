#include "agents/roles/local.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/mail/redirect.h"
#include "agents/roles/expansion.h"
#include "agents/roles/list.h"
#include "agents/roles/mda.h"
#include "agents/roles/srs.h"
#include "sim/base/memory.h"

struct alias {
    struct slice name, members; /* the setting's */
    uint32_t line;              /* of the setting: the first of equal names counts */
    bool is_seen;               /* by the expansion that goes on */
};

struct local {
    struct office *office;
    struct local_options options;
    const struct slice *texts;      /* of the setting that `aliases` was made of */
    VECTOR(struct alias) aliases;   /* by name */
    VECTOR(struct alias *) pending; /* met and not opened yet, by the expansion that goes on */
    struct expansion_memory memory;
    struct arena arena; /* of one delivery */
};

struct local *local_create(struct office *office, const struct local_options *options)
{
    struct local *local = memory_take(sizeof *local);
    local->office = office;
    local->options = *options;
    arena_init(&local->arena);
    return local;
}

void local_destroy(struct local *local)
{
    if (!local)
        return;
    expansion_memory_finish(&local->memory);
    vector_finish(&local->aliases);
    vector_finish(&local->pending);
    arena_finish(&local->arena);
    free(local);
}

/* ---- aliases ---- */

/* Without case, as accounts are found here. */
static int order_names(struct slice a, struct slice b)
{
    for (size_t i = 0; i < a.size && i < b.size; i++) {
        int difference =
            (unsigned char)slice_lower(a.data[i]) - (unsigned char)slice_lower(b.data[i]);
        if (difference)
            return difference;
    }
    return (a.size > b.size) - (a.size < b.size);
}

static int order_aliases(const void *one, const void *other)
{
    const struct alias *a = one, *b = other;
    int order = order_names(a->name, b->name);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

/* The setting may have changed since it was looked at. */
static void read_aliases(struct local *local)
{
    const struct config_value *setting = config_get(local->options.config, "aliases");
    struct alias alias = {.line = 0};
    if (setting->texts == local->texts)
        return;
    local->texts = setting->texts;
    vector_clear(&local->aliases);
    for (size_t i = 0; i < setting->text_count; i++) {
        alias.line = (uint32_t)i;
        if (redirect_read_alias(setting->texts[i], &alias.name, &alias.members))
            *vector_add(&local->aliases) = alias;
    }
    if (local->aliases.count > 1)
        qsort(local->aliases.items, local->aliases.count, sizeof *local->aliases.items,
              order_aliases);
}

static struct alias *find_alias(struct local *local, struct slice address)
{
    size_t low = 0, high = local->aliases.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (order_names(local->aliases.items[middle].name, address) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < local->aliases.count && order_names(local->aliases.items[low].name, address) == 0
               ? &local->aliases.items[low]
               : NULL;
}

/* Somebody an alias stands for: another alias is opened in its turn, but each only once, so that
   those who lead to each other come to an end. One that is met again is a person's mailbox of the
   same name, or nobody. */
static void add_member(struct local *local, struct expansion *e, const struct alias *top,
                       struct slice address)
{
    struct alias *alias = find_alias(local, address);
    bool has_mailbox = alias && office_find_account(local->office, address);
    if (!alias) {
        expansion_add(e, address);
    } else if (!alias->is_seen) {
        alias->is_seen = true;
        *vector_add(&local->pending) = alias;
    } else if (has_mailbox && alias == top) {
        e->is_kept = true;
    } else if (has_mailbox) {
        expansion_add(e, address);
    }
}

static void gather_members(struct local *local, struct expansion *e, struct alias *top)
{
    vector_clear(&local->pending);
    *vector_add(&local->pending) = top;
    top->is_seen = true;
    for (size_t i = 0; i < local->pending.count; i++) {
        const struct alias *alias = local->pending.items[i];
        struct slice rest = alias->members;
        struct redirect r;
        while (redirect_next(&rest, alias->name, &local->arena, &r))
            add_member(local, e, top, r.address);
    }
    for (size_t i = 0; i < local->pending.count; i++)
        local->pending.items[i]->is_seen = false;
}

/* ---- who is here ---- */

/* Postmaster always has a mailbox: where nobody bears that name it is the first person's of the
   domain (RFC 5321 4.5.1). */
const struct office_account *local_find_account(const struct office *office, struct slice path)
{
    const struct office_account *account = office_find_account(office, path);
    if (account && account->has_no_mailbox)
        return NULL;
    if (account || !slice_equal_fold(address_local(path), SLICE("postmaster")))
        return account;
    for (size_t i = 0; i < office->accounts.count; i++) {
        account = &office->accounts.items[i];
        if (!account->is_gone && !account->has_no_mailbox &&
            slice_equal_fold(address_domain(account->address), address_domain(path)))
            return account;
    }
    return NULL;
}

static uint32_t host_of(const struct local *local)
{
    return net_host_of(local->office->net, local->options.agent);
}

/* What comes back to an address of ours that stands for who wrote (srs.h). */
static bool find_author(const struct local *local, struct slice address, struct arena *arena,
                        struct slice *author)
{
    return config_bool(local->options.config, "srs") &&
           srs_decode(address, local->office->sim->seed,
                      office_now_s(local->office, local->options.agent), arena, author);
}

bool local_stands_for_others(struct local *local, struct slice address)
{
    struct slice author;
    read_aliases(local);
    bool yes = find_alias(local, address) || list_find(local->office, host_of(local), address) ||
               find_author(local, address, &local->arena, &author);
    arena_reset(&local->arena);
    return yes;
}

void local_judge(struct local *local, struct slice *path, struct arena *arena,
                 struct smtp_reply *reply)
{
    (void)arena;
    if (local_stands_for_others(local, *path))
        return;
    const struct office_account *account = local_find_account(local->office, *path);
    if (account)
        *path = account->address;
    else
        *reply = (struct smtp_reply){550, SLICE("5.1.1"), SLICE("No such user here")};
}

/* ---- delivery ---- */

static void to_mailbox(struct local *local, const struct queue_mail *mail, struct slice rcpt,
                       struct smtp_reply *reply)
{
    struct mda *mda = mda_find(local->office, host_of(local));
    if (mda)
        mda_deliver(mda, mail, rcpt, reply);
    else
        *reply = (struct smtp_reply){550, SLICE("5.3.5"), SLICE("This host has no delivery agent")};
}

static void expand(struct local *local, const struct queue_mail *mail, struct slice rcpt,
                   struct alias *alias, struct smtp_reply *reply)
{
    struct expansion e = {.office = local->office,
                          .agent = local->options.agent,
                          .queue = local->options.queue,
                          .memory = &local->memory,
                          .mail = mail,
                          .rcpt = rcpt,
                          .how = alias ? "alias" : "srs"};
    struct slice author;
    if (alias)
        gather_members(local, &e, alias);
    else if (find_author(local, rcpt, &local->arena, &author))
        expansion_add(&e, author);
    *reply = (struct smtp_reply){250, SLICE("2.0.0"), SLICE("")};
    if (e.is_kept) /* first, for if it can't be delivered now all is tried again */
        to_mailbox(local, mail, rcpt, reply);
    if (reply->code < 300)
        expansion_end(&e, reply);
    else
        expansion_drop(&e);
}

void local_deliver(struct local *local, const struct queue_mail *mail, struct slice rcpt,
                   struct smtp_reply *reply)
{
    struct list *list = list_find(local->office, host_of(local), rcpt);
    struct slice author;
    read_aliases(local);
    struct alias *alias = find_alias(local, rcpt);
    if (alias || find_author(local, rcpt, &local->arena, &author))
        expand(local, mail, rcpt, alias, reply);
    else if (list)
        list_deliver(list, local->options.queue, mail, rcpt, reply);
    else
        to_mailbox(local, mail, rcpt, reply);
    arena_reset(&local->arena);
}
