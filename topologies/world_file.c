/*
 * "write bob@example.org .forward text=carol@example.net" and "remove mx1 /home/...": files that
 * people change on the hosts' disks, in their homes above all (agents/roles/wishes.h). What a
 * topology says of its users' forwarding and rules is written the same way when the world begins.
 */
#include "agents/mail/address.h"
#include "agents/mail/home.h"
#include "agents/roles/mda.h"
#include "agents/roles/mta.h"
#include "topologies/fault_part.h"
#include "topologies/world_inner.h"

/* ---- whose disk ---- */

static uint32_t find_host(const struct world *w, struct slice id_or_name)
{
    struct slice name = office_host_name(&w->office, id_or_name);
    for (uint32_t host = 1; host <= w->office.hosts.count; host++)
        if (!net_is_gone(w->net, host) && slice_equal_fold(net_host_name(w->net, host), name))
            return host;
    return 0;
}

static bool has_text(const struct config_value *list, struct slice text)
{
    for (size_t i = 0; i < list->text_count; i++)
        if (slice_equal_fold(list->texts[i], text))
            return true;
    return false;
}

uint32_t world_home_host(const struct world *w, struct slice address)
{
    for (size_t i = 0; i < w->office.agents.count; i++) {
        const struct office_agent *a = &w->office.agents.items[i];
        if (a->role != &mta_role ||
            !has_text(config_get(a->config, "local"), address_domain(address)))
            continue;
        struct slice rest = config_text(a->config, "delivery"), word;
        slice_cut(&rest, ':', &word);
        bool is_lmtp = slice_equal(word, SLICE("lmtp")) && slice_cut(&rest, ':', &word);
        uint32_t host = is_lmtp ? find_host(w, word) : a->host;
        if (host && mda_find(&w->office, host))
            return host;
    }
    return 0;
}

/* ---- writing ---- */

/* In place of what is there. */
static bool write_file(struct world *w, uint32_t host, struct slice path, struct slice text)
{
    struct disk *disk = office_disk(&w->office, host);
    (void)disk_remove(disk, path);
    return disk_write(disk, path, text, SLICE(""), 0) && disk_sync(disk, path);
}

static void write_home(struct world *w, struct slice address, struct slice name, struct slice text)
{
    struct arena arena;
    uint32_t host = text.size > 0 ? world_home_host(w, address) : 0;
    arena_init(&arena);
    if (host)
        (void)write_file(w, host, home_path(&arena, address, name), text);
    arena_finish(&arena);
}

void world_write_homes(struct world *w, const struct topology *t)
{
    for (size_t i = 0; i < t->user_count; i++) {
        w->sim.cause = 0;
        write_home(w, t->users[i].address, SLICE(".forward"), t->users[i].forward);
        write_home(w, t->users[i].address, SLICE(".rules"), t->users[i].rules);
    }
}

/* ---- the verbs ---- */

/* "mx1 /etc/motd", or "bob@example.org .forward" for a file in his home. */
static bool find_file(const struct world *w, const struct action *a, struct arena *arena,
                      uint32_t *host, struct slice *path, struct problem *problem)
{
    struct slice where = a->words[0], file = a->words[1];
    bool is_home = slice_find_octet(where, '@', 0) != SLICE_NONE;
    uint32_t place = is_home ? 0 : world_find_place(w, where);
    *host = is_home ? world_home_host(w, where) : place ? log_host_of(&w->sim.log, place) : 0;
    *path = is_home ? home_path(arena, where, file) : file;
    if (*host == 0)
        return problem_set(problem, "\"%.*s\" is no host and no address with a home here",
                           SLICE_ARG(slice_part(where, 0, 80)));
    if (file.size == 0 || file.size > 255 || (!is_home && file.data[0] != '/'))
        return problem_set(problem,
                           "\"%.*s\" is no path; expected one such as /etc/motd, or with "
                           "an address the name of a file in that person's home",
                           SLICE_ARG(slice_part(file, 0, 80)));
    return true;
}

static bool check_file(struct world *w, const struct action *a, struct problem *problem)
{
    struct arena arena;
    struct slice path;
    uint32_t host;
    arena_init(&arena);
    bool ok = find_file(w, a, &arena, &host, &path, problem);
    arena_finish(&arena);
    return ok;
}

static bool write_text(struct world *w, const struct action *a, struct problem *problem)
{
    struct arena arena;
    struct slice path;
    uint32_t host;
    arena_init(&arena);
    bool ok = find_file(w, a, &arena, &host, &path, problem) &&
              (write_file(w, host, path, action_value(a, "text")) ||
               problem_set(problem, "the disk takes no more"));
    arena_finish(&arena);
    return ok;
}

static bool remove_file(struct world *w, const struct action *a, struct problem *problem)
{
    struct arena arena;
    struct slice path;
    uint32_t host;
    arena_init(&arena);
    bool ok = find_file(w, a, &arena, &host, &path, problem) &&
              (disk_remove(office_disk(&w->office, host), path) ||
               problem_set(problem, "there is no file %.*s", SLICE_ARG(path)));
    arena_finish(&arena);
    return ok;
}

const struct world_verb world_write = {check_file, write_text};
const struct world_verb world_remove = {check_file, remove_file};

/* ---- the fault ---- */

/* A .forward file, as long as the fault is on; with `back` the other has one, too. */
static void set_forward(struct world *w, struct slice from, struct slice to, bool on)
{
    struct arena arena;
    uint32_t host = world_home_host(w, from);
    arena_init(&arena);
    struct slice path = home_path(&arena, from, SLICE(".forward"));
    if (host && on)
        (void)write_file(w, host, path, arena_join(&arena, (struct slice[]){to, SLICE("\n")}, 2));
    else if (host)
        (void)disk_remove(office_disk(&w->office, host), path);
    arena_finish(&arena);
}

void fault_set_forward(struct world *w, struct world_fault *f, bool on)
{
    struct slice to = fault_text(&f->fault, "to");
    set_forward(w, f->fault.target, to, on);
    if (fault_number(&f->fault, "back"))
        set_forward(w, to, f->fault.target, on);
}
