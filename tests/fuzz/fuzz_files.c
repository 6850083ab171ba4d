/*
 * What lies on the disk of a host when it starts: any octets in the queue's spool and its log, as
 * the list of a Maildir's UIDs, or as an mbox. The first octet says which. The host starts, tries
 * what its queue holds, and people look into their mailboxes: UIDs ascend, and a second start finds
 * what the first one left.
 */
#include "agents/roles/store.h"
#include "sim/base/check.h"
#include "topologies/world_inner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] =
    "{\"format\": 1, \"hosts\": ["
    "{\"id\": \"hub\", \"name\": \"hub.example.org\", \"addr\": \"203.0.113.50\", \"agents\": ["
    "{\"id\": \"mta\", \"role\": \"mta\", \"config\": {\"local\": [\"example.org\"]}},"
    "{\"role\": \"mda\"},"
    "{\"id\": \"store\", \"role\": \"store\", \"config\": {\"format\": \"maildir\"}}]},"
    "{\"id\": \"dns\", \"name\": \"ns.example.net\", \"addr\": \"192.0.2.53\","
    " \"agents\": [{\"role\": \"dns\"}]}],"
    "\"links\": [{\"a\": \"hub\", \"b\": \"dns\"}],"
    "\"users\": [\"bob@example.org\"]}";

static struct world *start(bool is_mbox)
{
    struct topology topology;
    struct problem problem = {0};
    check(topology_read(&topology, SLICE(text), "files", &problem));
    struct world *w = world_create(&topology, &(struct world_options){.seed = 1});
    topology_finish(&topology);
    if (is_mbox)
        check(world_do(w, 0, SLICE("set store format=mbox"), &problem));
    world_run_until(w, VTIME_S);
    return w;
}

static void put(struct world *w, const char *path, struct slice octets)
{
    struct disk *disk = office_disk(&w->office, net_find_host(w->net, SLICE("hub")));
    check(disk_write(disk, slice_of(path), octets, SLICE(""), 0));
    check(disk_sync(disk, slice_of(path)));
}

static void restart(struct world *w)
{
    struct problem problem = {0};
    check(world_do(w, world_now(w), SLICE("fault host-crash hub on"), &problem));
    check(world_do(w, world_now(w) + VTIME_S, SLICE("fault host-crash hub off"), &problem));
    world_run_until(w, world_now(w) + VTIME_MIN);
}

/* How many messages are in Bob's INBOX, and the highest UID. */
static size_t look(struct world *w, uint32_t *uid)
{
    struct store *store = store_find(&w->office, net_find_host(w->net, SLICE("hub")));
    struct account *account = store_open(store, SLICE("bob@example.org"));
    struct account_folder *inbox = account_find(account, SLICE("INBOX"));
    *uid = 0;
    for (size_t i = 0; i < inbox->items.count; i++) {
        check(inbox->items.items[i].uid > *uid && inbox->items.items[i].uid < inbox->uidnext);
        *uid = inbox->items.items[i].uid;
    }
    check(store_settle(store, account));
    return inbox->items.count;
}

static void put_spool(struct world *w, struct slice content)
{
    struct slice mail, rest = content;
    size_t at = slice_find(content, SLICE("\n---\n"), 0);
    mail = slice_part(content, 0, at == SLICE_NONE ? content.size : at + 1);
    rest = slice_part(content, at == SLICE_NONE ? content.size : at + 5, content.size);
    put(w, "/var/spool/mailflow/mta/A1", mail);
    if (rest.size > 0)
        put(w, "/var/spool/mailflow/mta/A1.log", rest);
}

static void put_maildir(struct world *w, struct slice list)
{
    put(w, "/home/example.org/bob/Maildir/new/1.a.hub", SLICE("Subject: one\r\n\r\n1\r\n"));
    put(w, "/home/example.org/bob/Maildir/cur/2.b.hub:2,S", SLICE("Subject: two\r\n\r\n2\r\n"));
    put(w, "/home/example.org/bob/Maildir/mailflow-uidlist", list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice content = {(const char *)data + 1, size - 1};
    uint32_t uid, uid_again;
    if (size == 0 || size > 65536)
        return 0;
    struct world *w = start(data[0] == 'm');
    if (data[0] == 'm')
        put(w, "/var/mail/example.org/bob", content);
    else if (data[0] == 'u')
        put_maildir(w, content);
    else
        put_spool(w, content);
    restart(w);
    size_t count = look(w, &uid);
    check(data[0] != 'u' || count == 2);
    world_run_until(w, world_now(w) + VTIME_H);
    if (data[0] == 'm' || data[0] == 'u') {
        restart(w);
        check(look(w, &uid_again) == count && uid_again == uid);
    }
    world_run_until(w, world_now(w) + 6 * 24 * VTIME_H);
    world_destroy(w);
    return 0;
}
