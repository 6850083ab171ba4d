/* New hosts: a form filled in as far as it can be guessed, and then a few action lines. */
#include <inttypes.h>
#include <stdio.h>

#include "render/view/doing.h"

const struct tools_kind tools_kinds[] = {
    {"pc", TR("PC"), TR("a person's computer with a mail program"), "mua"},
    {"mail-server", TR("Mail server"),
     TR("takes mail for its domain, keeps it, and gives it to its people"),
     "msa mta mda store access"},
    {"submission", TR("Submission"), TR("takes new mail from the people of its domain"), "msa"},
    {"relay", TR("Relay"), TR("hands on mail for its domain, and from the hosts beside it"), "mta"},
    {"name-server", TR("Name server"), TR("answers for all zones of this world"), "dns"},
    {"web", TR("Web mail"),
     TR("makes pages of the mail on a mail server; people see them in a browser"), "web"},
    {"browser", TR("Browser"), TR("a person's computer with a browser, to read and write web mail"),
     "browser"},
    {"router", TR("Router"), TR("carries what others send, and has no programs"), ""},
};
const size_t tools_kind_count = sizeof tools_kinds / sizeof *tools_kinds;

void tools_new(struct view *view, uint32_t arg)
{
    (void)arg;
    request_add(view, VIEW_REQUEST_OPEN, SLICE("new-network"));
}

/* ---- guesses ---- */

struct slice tools_free_id(const struct view *view, const char *prefix, struct arena *arena)
{
    enum { TRIES = 10000 };
    struct slice id = slice_of(prefix);
    for (int n = 2; n < TRIES && log_find_place(view->log, id); n++)
        id = arena_printf(arena, "%s%d", prefix, n);
    return arena_copy(arena, id);
}

static bool is_host(const struct view *view, uint32_t place)
{
    return log_host_of(view->log, place) == place && scene_is_there(&view->scene, place);
}

static struct slice admd_of(const struct view *view, uint32_t host)
{
    bool is_known = host && host <= view->scene.now.places.count;
    return is_known ? log_text(view->log, view->scene.now.places.items[host - 1].admd) : SLICE("");
}

static bool has_role(const struct view *view, uint32_t host, const char *role)
{
    for (uint32_t place = 1; place <= log_place_count(view->log); place++)
        if (log_host_of(view->log, place) == host && scene_is_there(&view->scene, place) &&
            doing_has_role(view, place, role))
            return true;
    return false;
}

/* A person sits there. */
static bool is_desk(const struct view *view, uint32_t host)
{
    return has_role(view, host, "mua") || has_role(view, host, "browser");
}

/* The host that is nearest to where the new one goes, in this organisation ("" any), if there is
   one; a line goes to a person's computer only where there is nothing else. */
static uint32_t nearest_host(const struct view *view, struct slice admd, bool is_for_link)
{
    uint32_t found = 0, x = view->doing->tools.x, y = view->doing->tools.y;
    float least = 0;
    for (uint32_t place = 1; place <= log_place_count(view->log); place++) {
        if (!is_host(view, place) || (admd.size && !slice_equal(admd_of(view, place), admd)) ||
            (is_for_link && is_desk(view, place)))
            continue;
        struct layout_point p = layout_at(&view->layout, place);
        float dx = p.x - (float)x, dy = p.y - (float)y, d = dx * dx + dy * dy;
        if (found == 0 || d < least) {
            found = place;
            least = d;
        }
    }
    return found;
}

/* "mx1.example.org" is in example.org. */
static struct slice domain_of(const struct view *view, uint32_t host)
{
    struct slice name = scene_host_name(&view->scene, host);
    size_t dot = slice_find_octet(name, '.', 0);
    return dot == SLICE_NONE ? SLICE("example.net") : slice_part(name, dot + 1, name.size);
}

static struct slice address_of(const struct view *view, uint32_t host)
{
    const struct event *e = log_place(view->log, host);
    const struct event_host *h = e ? event_as_host(e) : NULL;
    return h ? log_text(view->log, h->addr) : SLICE("");
}

static bool has_address(const struct view *view, struct slice address)
{
    for (uint32_t place = 1; place <= log_place_count(view->log); place++)
        if (log_host_of(view->log, place) == place && slice_equal(address_of(view, place), address))
            return true;
    return false;
}

/* All but the last number: "192.0.2." of 192.0.2.53; "" of what has no dot. */
static struct slice without_last(struct slice address)
{
    size_t end = address.size;
    while (end > 0 && address.data[end - 1] != '.')
        end--;
    return slice_part(address, 0, end);
}

/* A free one of the network of that host: the same but for the last number. */
static struct slice free_address(const struct view *view, uint32_t host, struct arena *arena)
{
    struct slice network = without_last(address_of(view, host));
    network = network.size ? network : SLICE("192.0.2.");
    struct slice address = SLICE("");
    for (int n = 10; n < 255; n++) {
        address = arena_printf(arena, "%.*s%d", SLICE_ARG(network), n);
        if (!has_address(view, address))
            break;
    }
    return address;
}

static bool has_network(const struct view *view, struct slice network)
{
    for (uint32_t place = 1; place <= log_place_count(view->log); place++)
        if (log_host_of(view->log, place) == place &&
            slice_starts(address_of(view, place), network))
            return true;
    return false;
}

/* The first address of a network where nobody is yet: those of RFC 5737, then of RFC 1918. */
static struct slice new_network(const struct view *view, struct arena *arena)
{
    static const char *const networks[] = {"198.51.100.", "203.0.113.", "192.0.2."};
    struct slice network = SLICE("");
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++)
        if (!has_network(view, slice_of(networks[i])))
            return arena_printf(arena, "%s10", networks[i]);
    for (int n = 1; n < 255; n++) {
        network = arena_printf(arena, "10.%d.0.", n);
        if (!has_network(view, network))
            break;
    }
    return arena_printf(arena, "%.*s10", SLICE_ARG(network));
}

/* What an organisation without hosts is called: its id, in a domain that nobody has (RFC 2606). */
static struct slice new_domain(struct slice admd, struct arena *arena)
{
    struct slice domain = arena_printf(arena, "%.*s.example", SLICE_ARG(admd));
    char *letters = arena_take(arena, domain.size + 1);
    for (size_t i = 0; i < domain.size; i++)
        letters[i] = domain.data[i] == '_' ? '-' : domain.data[i];
    letters[domain.size] = '\0';
    return (struct slice){letters, domain.size};
}

/* The host with an agent of this role, in that organisation if there is one there; 0 none. */
static uint32_t host_with(const struct view *view, const char *role, struct slice admd)
{
    uint32_t found = 0;
    for (uint32_t place = 1; place <= log_place_count(view->log); place++) {
        uint32_t host = log_host_of(view->log, place);
        if (!doing_has_role(view, place, role) || !scene_is_there(&view->scene, place))
            continue;
        if (admd.size && slice_equal(admd_of(view, host), admd))
            return host;
        found = found ? found : host;
    }
    return found;
}

static const char *prefix_of(uint32_t kind)
{
    static const char *const prefixes[] = {"pc-new", "mail", "submit",  "relay",
                                           "ns",     "web",  "browser", "gw"};
    return prefixes[kind];
}

/* ---- the form ---- */

static struct slice add_setting(struct arena *arena, struct slice line, const char *key,
                                struct slice value)
{
    if (value.size == 0)
        return line;
    return arena_printf(arena, "%.*s%.*s", SLICE_ARG(line),
                        SLICE_ARG(request_value(arena, key, value)));
}

static bool has_kind_role(const struct sheet *sheet, const char *name)
{
    struct slice rest = slice_of(tools_kinds[sheet->place].roles), role;
    while (slice_cut(&rest, ' ', &role))
        if (slice_equal(role, slice_of(name)))
            return true;
    return false;
}

/* Of the host that is added. */
static struct slice new_host_domain(const struct sheet *sheet)
{
    struct slice name = sheet_value(sheet, "name");
    size_t dot = slice_find_octet(name, '.', 0);
    return dot == SLICE_NONE ? name : slice_part(name, dot + 1, name.size);
}

/* "198.51.100.0/24" around an address. */
static struct slice network_of(struct slice address, struct arena *arena)
{
    struct slice start = without_last(address);
    return start.size ? arena_printf(arena, "%.*s0/24", SLICE_ARG(start)) : SLICE("");
}

/* One that has a store keeps the mail of its domain; any other hands it on. */
static struct slice mta_settings(struct sheet *sheet, struct slice line)
{
    struct arena *arena = &sheet->arena;
    struct slice domain = new_host_domain(sheet);
    if (has_kind_role(sheet, "store"))
        return add_setting(arena, line, "local", domain);
    line = add_setting(arena, line, "relay_to", domain);
    return add_setting(arena, line, "relay_from", network_of(sheet_value(sheet, "addr"), arena));
}

/* What an agent of this role needs to be of use where it is put. */
static struct slice agent_settings(struct view *view, struct sheet *sheet, struct slice role,
                                   struct slice line)
{
    struct arena *arena = &sheet->arena;
    struct slice admd = sheet_value(sheet, "admd");
    uint32_t out = host_with(view, "msa", admd), in = host_with(view, "access", admd);
    if (slice_equal(role, SLICE("mua"))) {
        line = add_setting(arena, line, "user", sheet_value(sheet, "user"));
        line = add_setting(arena, line, "outgoing", scene_place_id(&view->scene, out));
        return add_setting(arena, line, "incoming", scene_place_id(&view->scene, in));
    }
    if (slice_equal(role, SLICE("access")))
        return add_setting(arena, line, "listen", SLICE("110,143,993,995"));
    if (slice_equal(role, SLICE("mta")))
        return mta_settings(sheet, line);
    if (slice_equal(role, SLICE("msa"))) /* it finds the next hop itself: nobody has to let it */
        return add_setting(arena, line, "domain", new_host_domain(sheet));
    if (slice_equal(role, SLICE("web"))) {
        line = add_setting(arena, line, "imap", scene_place_id(&view->scene, in));
        return add_setting(arena, line, "submit", scene_place_id(&view->scene, out));
    }
    if (slice_equal(role, SLICE("browser"))) {
        uint32_t web = host_with(view, "web", admd);
        line = add_setting(arena, line, "user", sheet_value(sheet, "user"));
        return add_setting(arena, line, "web", scene_place_id(&view->scene, web));
    }
    return line;
}

static struct slice add_agents(struct view *view, struct sheet *sheet, struct slice id,
                               struct slice lines)
{
    struct slice rest = slice_of(tools_kinds[sheet->place].roles), role;
    while (slice_cut(&rest, ' ', &role)) {
        struct slice line = arena_printf(&sheet->arena, "%.*s\nagent add %.*s %.*s-%.*s role=%.*s",
                                         SLICE_ARG(lines), SLICE_ARG(id), SLICE_ARG(role),
                                         SLICE_ARG(id), SLICE_ARG(role));
        lines = agent_settings(view, sheet, role, line);
    }
    return lines;
}

/* Somebody who has no account yet gets one. */
static bool is_person(const struct view *view, struct slice address)
{
    for (uint32_t place = 1; place <= log_place_count(view->log); place++) {
        const struct event_agent *agent = doing_agent(view, place);
        if (agent && slice_equal_fold(log_text(view->log, agent->user), address))
            return true;
    }
    const struct view_forms *forms = view->doing->forms;
    for (size_t i = 0; forms && i < forms->person_count; i++)
        if (slice_equal_fold(forms->people[i].address, address))
            return true;
    return false;
}

/* Others find a mail server by the MX record of its domain: the first one gets it. A relay is for
   when that one can't be reached. */
static struct slice add_exchanger(const struct view *view, struct sheet *sheet, struct slice lines)
{
    struct slice name = sheet_value(sheet, "name"), domain = new_host_domain(sheet);
    bool keeps = has_kind_role(sheet, "store");
    if (domain.size == name.size || tools_has_record(view, domain, SLICE("MX")) == keeps)
        return lines;
    return arena_printf(&sheet->arena, "%.*s\ndns add %.*s MX %.*s pref=%d", SLICE_ARG(lines),
                        SLICE_ARG(domain), SLICE_ARG(name), keeps ? 10 : 20);
}

/* What those of its organisation lack who have no such server yet. */
static const struct {
    const char *server, *role, *key;
} lacks[] = {
    {"store", "mua", "outgoing"}, {"store", "mua", "incoming"}, {"store", "web", "submit"},
    {"store", "web", "imap"},     {"web", "browser", "web"},
};

/* They get this one. */
static struct slice serve_others(const struct view *view, struct sheet *sheet, struct slice id,
                                 struct slice lines)
{
    struct slice admd = sheet_value(sheet, "admd"), value;
    for (uint32_t place = 1; admd.size && place <= log_place_count(view->log); place++) {
        if (!scene_is_there(&view->scene, place) ||
            !slice_equal(admd_of(view, log_host_of(view->log, place)), admd))
            continue;
        for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++)
            if (has_kind_role(sheet, lacks[i].server) &&
                doing_has_role(view, place, lacks[i].role) &&
                (!forms_setting(view, place, slice_of(lacks[i].key), &value) || value.size == 0))
                lines = arena_printf(&sheet->arena, "%.*s\nset %.*s %s=%.*s", SLICE_ARG(lines),
                                     SLICE_ARG(scene_place_id(&view->scene, place)), lacks[i].key,
                                     SLICE_ARG(id));
    }
    return lines;
}

static void submit(struct view *view, struct sheet *sheet)
{
    const struct tools *t = &doing_of(view)->tools;
    struct arena *arena = &sheet->arena;
    struct slice id = sheet_value(sheet, "id"), link = sheet_value(sheet, "link");
    struct slice user = sheet_value(sheet, "user");
    struct slice lines = arena_printf(arena, "host add %.*s", SLICE_ARG(id));
    static const char *const keys[] = {"name", "addr", "admd"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        lines = add_setting(arena, lines, keys[i], sheet_value(sheet, keys[i]));
    if (!t->is_anywhere)
        lines = arena_printf(arena, "%.*s x=%" PRIu32 " y=%" PRIu32, SLICE_ARG(lines), t->x, t->y);
    if (link.size)
        lines = arena_printf(arena, "%.*s\nlink add %.*s:%.*s", SLICE_ARG(lines), SLICE_ARG(id),
                             SLICE_ARG(link));
    if (user.size && !is_person(view, user))
        lines = arena_printf(arena, "%.*s\nuser add %.*s", SLICE_ARG(lines), SLICE_ARG(user));
    lines = add_agents(view, sheet, id, lines);
    if (has_kind_role(sheet, "mta"))
        lines = add_exchanger(view, sheet, lines);
    lines = serve_others(view, sheet, id, lines);
    (void)doing_ask(view, lines);
}

/* What nobody has written over goes with the id and the organisation. */
static void follow(struct view *view, struct sheet *sheet)
{
    struct arena *arena = &sheet->arena;
    struct slice id = sheet_value(sheet, "id"), admd = sheet_value(sheet, "admd");
    if (slice_equal(sheet->subject, id) && slice_equal(sheet->second, admd))
        return;
    sheet->subject = arena_copy(arena, id);
    sheet->second = arena_copy(arena, admd);
    uint32_t near = nearest_host(view, admd, false), link = nearest_host(view, admd, true);
    link = link ? link : nearest_host(view, SLICE(""), true);
    link = link ? link : near;
    struct slice domain = near ? domain_of(view, near) : new_domain(admd, arena);
    struct slice person = slice_part(id, slice_starts(id, SLICE("pc-")) ? 3 : 0, id.size);
    sheet_propose(sheet, "name",
                  arena_printf(arena, "%.*s.%.*s", SLICE_ARG(id), SLICE_ARG(domain)));
    sheet_propose(sheet, "addr", near ? free_address(view, near, arena) : new_network(view, arena));
    sheet_propose(sheet, "link", scene_place_id(&view->scene, link));
    sheet_propose(sheet, "user",
                  arena_printf(arena, "%.*s@%.*s", SLICE_ARG(person), SLICE_ARG(domain)));
}

static void add_person_row(struct sheet *sheet)
{
    struct sheet_row *row = sheet_add(sheet, "user", tr("Person"), SLICE(""));
    sheet_need_person(row);
    sheet_explain(sheet, row, tr("who sits there; who is not known yet gets an account"));
}

/* Beside the chosen host, or the middle, as far as its organisation goes. */
void tools_add_somewhere(struct view *view, uint32_t kind)
{
    struct layout_point p = {500, 500};
    if (view->chosen_host)
        p = layout_at(&view->layout, view->chosen_host);
    tools_add_form(view, kind, (uint32_t)p.x, (uint32_t)p.y);
    doing_of(view)->tools.is_anywhere = true;
}

void tools_add_form(struct view *view, uint32_t kind, uint32_t x, uint32_t y)
{
    if (kind >= tools_kind_count)
        return;
    struct sheet *sheet = sheet_begin(view, "", slice_of(tr(tools_kinds[kind].about)), submit);
    struct arena *arena = &sheet->arena;
    struct slice id = tools_free_id(view, prefix_of(kind), arena);
    doing_of(view)->tools.x = x;
    doing_of(view)->tools.y = y;
    doing_of(view)->tools.is_anywhere = false;
    sheet->place = kind;
    sheet->title = arena_printf(arena, tr("Add: %s"), tr(tools_kinds[kind].label));
    sheet->button = TR("Add it");
    sheet_need_word(sheet_add(sheet, "id", tr("Id"), id));
    sheet_need_word(sheet_add(sheet, "name", tr("DNS name"), SLICE("")));
    sheet_need_word(sheet_add(sheet, "addr", tr("Address"), SLICE("")));
    struct sheet_row *admd = sheet_add(sheet, "admd", tr("Organisation"),
                                       admd_of(view, nearest_host(view, SLICE(""), false)));
    sheet_offer(sheet, admd, tools_admd_words(view, arena));
    sheet_explain(sheet, sheet_add(sheet, "link", tr("Connect with"), SLICE("")),
                  tr("the id of a host, or empty"));
    if (has_kind_role(sheet, "mua") || has_kind_role(sheet, "browser"))
        add_person_row(sheet);
    sheet->follow = follow;
    follow(view, sheet);
    sheet_show(view);
}
