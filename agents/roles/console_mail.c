/* mail: the mail that lies in the store of this host, read from its files as /bin/mail does. */
#include <inttypes.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/roles/console_part.h"
#include "agents/roles/mua.h"
#include "agents/roles/store.h"

enum { LISTED_MAX = 500, SHOWN_OCTETS_MAX = 256 * 1024 };

static struct store *store_of(const struct console *c)
{
    return store_find(c->office, net_host_of(c->office->net, c->agent));
}

/* ---- who reads ---- */

/* "bob" is the first account of that name. */
static struct slice find_address(const struct console *c, struct slice who)
{
    const struct office_account *account = office_find_account(c->office, who);
    for (size_t i = 0; !account && i < c->office->accounts.count; i++) {
        const struct office_account *other = &c->office->accounts.items[i];
        if (!other->is_gone && slice_equal_fold(address_local(other->address), who))
            account = other;
    }
    return account ? account->address : SLICE("");
}

/* Who has a mail program here, when nobody is said to sit at the console. */
static struct slice user_here(const struct console *c)
{
    uint32_t host = net_host_of(c->office->net, c->agent);
    const struct office_agent *mua = office_find_agent(c->office, host, &mua_role);
    struct slice own = config_text(c->config, "user");
    return own.size > 0 || !mua ? own : config_text(mua->config, "user");
}

static bool choose_reader(struct console *c, const struct console_line *words)
{
    struct slice who = user_here(c);
    if (words->count > 2 && slice_equal(words->items[1], SLICE("-u")))
        who = words->items[2];
    struct slice address = find_address(c, who);
    if (who.size == 0)
        console_say(c, SLICE("whose mail? nobody has a mail program here: mail -u ADDRESS\n"));
    else if (address.size == 0)
        console_printf(c, "there is no user %.*s\n", SLICE_ARG(slice_part(who, 0, 100)));
    else if (!store_of(c))
        console_printf(c, "no mail is kept on this host; %.*s's lies elsewhere\n",
                       SLICE_ARG(address));
    else if (address.size < sizeof c->reader_text) {
        memcpy(c->reader_text, address.data, address.size);
        c->reader = (struct slice){c->reader_text, address.size};
        return true;
    }
    return false;
}

/* ---- the box ---- */

static struct account *open_box(struct console *c)
{
    struct account *account = store_open(store_of(c), c->reader);
    store_act_for(store_of(c), c->agent, 0);
    return account;
}

static void close_box(struct console *c, struct account *account)
{
    (void)store_settle(store_of(c), account);
    store_act_for(store_of(c), 0, 0);
}

static void say_field(struct console *c, struct slice content, const char *name, int width)
{
    struct slice header, body;
    struct header_field field = {.value = {"", 0}};
    header_split(content, &header, &body);
    (void)header_find(header, slice_of(name), 1, &field);
    struct slice value = slice_part(slice_trim(field.value), 0, (size_t)width);
    value = slice_part(value, 0, slice_find_line_end(value, 0));
    console_printf(c, "%-*.*s ", width, SLICE_ARG(value));
}

static void list(struct console *c)
{
    struct account *account = open_box(c);
    const struct account_folder *inbox = account_find(account, SLICE("INBOX"));
    console_printf(c, "%.*s: %zu message%s\n", SLICE_ARG(c->reader), inbox->items.count,
                   inbox->items.count == 1 ? "" : "s");
    size_t first = inbox->items.count > LISTED_MAX ? inbox->items.count - LISTED_MAX : 0;
    for (size_t i = first; i < inbox->items.count; i++) {
        const struct account_item *item = &inbox->items.items[i];
        console_printf(c, "%c%3zu ",
                       item->flags & ACCOUNT_DELETED ? 'D'
                       : item->flags & ACCOUNT_SEEN  ? ' '
                                                     : 'N',
                       i + 1);
        say_field(c, item->content, "From", 30);
        console_printf(c, "%6zu ", item->content.size);
        say_field(c, item->content, "Subject", 40);
        console_say(c, SLICE("\n"));
    }
    close_box(c, account);
}

/* The person has a copy of it on the screen. */
static void note_read(struct console *c, const struct account_item *item)
{
    struct sim *sim = c->office->sim;
    struct slice header, body;
    struct arena arena;
    arena_init(&arena);
    header_split(item->content, &header, &body);
    sim_note(sim, EVENT_FETCH,
             &(struct event_fetch){c->agent, item->msg,
                                   sim_text(sim, store_box_name(&arena, c->reader, SLICE("INBOX"))),
                                   sim_text(sim, SLICE("file")), sim_text(sim, header),
                                   sim_text(sim, body)});
    arena_finish(&arena);
}

/* Shows message `number`, or marks it as deleted. */
static void act_on(struct console *c, uint64_t number, bool deletes)
{
    struct account *account = open_box(c);
    struct account_folder *inbox = account_find(account, SLICE("INBOX"));
    if (number == 0 || number > inbox->items.count) {
        console_printf(c, "there is no message %" PRIu64 "\n", number);
    } else {
        const struct account_item *item = &inbox->items.items[number - 1];
        uint32_t uid = item->uid;
        uint64_t flags = item->flags | (deletes ? ACCOUNT_DELETED : ACCOUNT_SEEN);
        if (!deletes) {
            note_read(c, item);
            console_say(c, slice_part(item->content, 0, SHOWN_OCTETS_MAX));
        }
        (void)account_set_flags(account, inbox, uid, flags);
    }
    close_box(c, account);
}

static void remove_deleted(struct console *c)
{
    struct account *account = open_box(c);
    struct account_folder *inbox = account_find(account, SLICE("INBOX"));
    for (size_t i = inbox->items.count; i-- > 0;)
        if (inbox->items.items[i].flags & ACCOUNT_DELETED)
            (void)account_remove(account, inbox, inbox->items.items[i].uid);
    close_box(c, account);
}

/* ---- the reader's prompt ---- */

static void leave(struct console *c)
{
    c->reader = (struct slice){"", 0};
    c->mode = CONSOLE_PROMPT;
}

void console_mail_line(struct console *c, struct slice line)
{
    uint64_t number = 0;
    struct slice rest = line, word = {"", 0};
    (void)slice_cut(&rest, ' ', &word);
    bool is_number = slice_to_u64(word, &number);
    if (line.size == 0 || slice_equal(word, SLICE("h"))) {
        list(c);
    } else if (is_number) {
        act_on(c, number, false);
    } else if (slice_equal(word, SLICE("d")) && slice_to_u64(slice_trim(rest), &number)) {
        act_on(c, number, true);
    } else if (slice_equal(word, SLICE("q"))) {
        remove_deleted(c);
        leave(c);
    } else if (slice_equal(word, SLICE("x"))) {
        leave(c);
    } else {
        console_say(c, SLICE("a number shows that message, d NUMBER deletes it, h lists all,\n"
                             "q leaves and removes what is deleted, x leaves\n"));
    }
    console_done(c);
}

void console_mail(struct console *c, const struct console_line *words)
{
    bool writes = words->count > 1 && !slice_equal(words->items[1], SLICE("-u"));
    if (writes) {
        console_compose(c, words);
        return;
    }
    if (choose_reader(c, words)) {
        list(c);
        c->mode = CONSOLE_MAIL;
    }
    console_done(c);
}
