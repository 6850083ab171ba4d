#include "agents/roles/mra.h"
#include "agents/roles/mua.h"
#include "agents/roles/queue.h"
#include "agents/roles/robot.h"
#include "sim/base/base64.h"
#include "topologies/world_inner.h"

/* ---- whom an action is about ---- */

const struct office_agent *world_next_agent(const struct world *w, struct slice who,
                                            const struct office_agent *a)
{
    uint32_t place = world_find_place(w, who);
    return place ? office_next_at(&w->office, place, a) : office_next_of_user(&w->office, who, a);
}

/* Of several programs of one host or person the first, or the first that can send. */
static struct mua *find_mua(const struct world *w, struct slice who, bool to_send)
{
    struct mua *found = NULL;
    const struct office_agent *a = NULL;
    while ((a = world_next_agent(w, who, a))) {
        if (a->role != &mua_role)
            continue;
        if (!to_send || mua_can_send(a->self))
            return a->self;
        found = found ? found : a->self;
    }
    return found;
}

enum { NAMED_MAX = 6 };

/* The first few of the mail programs, for who has named none: their users, or their hosts. */
static struct slice name_muas(const struct world *w, bool by_user, struct arena *arena)
{
    struct slice names = SLICE("");
    size_t count = 0;
    for (size_t i = 0; i < w->office.agents.count && count <= NAMED_MAX; i++) {
        const struct office_agent *a = &w->office.agents.items[i];
        if (a->role != &mua_role || a->is_gone || (by_user && !mua_can_send(a->self)))
            continue;
        struct slice name =
            by_user ? config_text(a->config, "user") : net_host_id(w->office.net, a->host);
        if (slice_find(names, name, 0) != SLICE_NONE)
            continue;
        names = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(names), count ? ", " : "",
                             SLICE_ARG(count < NAMED_MAX ? name : SLICE("...")));
        count++;
    }
    return names.size ? names : SLICE("a mail program, and this topology has none");
}

static bool reject_mua(const struct world *w, bool by_user, struct slice who,
                       struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    struct slice names = name_muas(w, by_user, &arena);
    who = slice_part(who, 0, 80);
    if (by_user)
        problem_set(problem, "nobody here writes mail as \"%.*s\"; expected %.*s", SLICE_ARG(who),
                    SLICE_ARG(names));
    else
        problem_set(problem,
                    "\"%.*s\" is no mail program, host of one, or address of its user; expected "
                    "%.*s",
                    SLICE_ARG(who), SLICE_ARG(names));
    arena_finish(&arena);
    return false;
}

static struct mra *find_mra(const struct world *w, struct slice who)
{
    uint32_t place = world_find_place(w, who);
    const struct office_agent *a = NULL;
    while ((a = office_next_at(&w->office, place, a)))
        if (a->role == &mra_role)
            return a->self;
    return NULL;
}

/* Every queue of this agent, or of all agents of this host; with `flushes` they are flushed. */
static size_t find_queues(const struct world *w, struct slice where, bool flushes)
{
    uint32_t place = world_find_place(w, where);
    size_t count = 0;
    const struct office_agent *a = NULL;
    while ((a = office_next_at(&w->office, place, a))) {
        struct queue *queue = a->role->queue ? a->role->queue(a->self) : NULL;
        if (!queue)
            continue;
        count++;
        if (flushes)
            queue_flush(queue);
    }
    return count;
}

/* ---- what people write at a mail program ---- */

enum { ATTACHMENT_OCTETS_MAX = 50000000 };

/* "photo.png:20000" is so many octets that look like no text, "note.txt:Hello" is that text. */
static bool read_attachment(struct slice value, struct arena *arena, struct mua_attachment *a,
                            struct problem *problem)
{
    uint64_t octets;
    struct slice rest = value;
    slice_cut(&rest, ':', &a->name);
    if (a->name.size == 0 || a->name.size == value.size)
        return problem_set(problem, "\"%.*s\" is no attachment; expected NAME:OCTETS or NAME:TEXT",
                           SLICE_ARG(slice_part(value, 0, 60)));
    a->content = rest;
    if (!slice_to_u64(rest, &octets))
        return true;
    if (octets > ATTACHMENT_OCTETS_MAX)
        return problem_set(problem, "an attachment has at most %d octets", ATTACHMENT_OCTETS_MAX);
    char *content = arena_take(arena, octets + 1);
    for (uint64_t i = 0; i < octets; i++)
        content[i] = (char)(i * i * 31 >> 3 ^ i);
    a->content = (struct slice){content, octets};
    return true;
}

/* "whole=BASE64": the message as it is, with its own header. A file could not be named: an action
   may come from anybody, and is to be the same everywhere. */
static bool read_whole(const struct action *a, struct arena *arena, struct mua_letter *letter,
                       struct problem *problem)
{
    struct slice text = action_value(a, "whole");
    struct bytes content;
    if (text.size == 0)
        return true;
    if (action_has(a, "subject") || action_has(a, "body") || action_has(a, "attach"))
        return problem_set(problem,
                           "whole= has the message's own header and body: no subject=, body= or "
                           "attach= beside it");
    bytes_init(&content, text.size);
    bool ok = base64_read(text, &content) && bytes_size(&content) > 0;
    letter->whole = arena_copy(arena, bytes_slice(&content));
    bytes_finish(&content);
    return ok || problem_set(problem, "whole= is no base64 (RFC 4648 4)");
}

static bool read_letter(const struct action *a, struct arena *arena, struct mua_letter *letter,
                        struct problem *problem)
{
    struct mua_attachment *attachments = arena_take(arena, a->value_count * sizeof *attachments);
    *letter = (struct mua_letter){.to = action_value(a, "to"),
                                  .cc = action_value(a, "cc"),
                                  .bcc = action_value(a, "bcc"),
                                  .subject = action_value(a, "subject"),
                                  .body = action_value(a, "body"),
                                  .attachments = attachments};
    for (size_t i = 0; i < a->value_count; i++)
        if (slice_equal(a->values[i].key, SLICE("attach")) &&
            !read_attachment(a->values[i].value, arena, &attachments[letter->attachment_count++],
                             problem))
            return false;
    return read_whole(a, arena, letter, problem);
}

static bool check_letter(const struct action *a, struct problem *problem)
{
    struct mua_letter letter;
    struct arena arena;
    arena_init(&arena);
    bool ok = read_letter(a, &arena, &letter, problem);
    arena_finish(&arena);
    return ok;
}

static bool check_send(struct world *w, const struct action *a, struct problem *problem)
{
    struct slice from = action_value(a, "from");
    return find_mua(w, from, true) ? check_letter(a, problem) : reject_mua(w, true, from, problem);
}

static bool send(struct world *w, const struct action *a, struct problem *problem)
{
    struct mua_letter letter;
    struct arena arena;
    arena_init(&arena);
    bool ok = read_letter(a, &arena, &letter, problem) &&
              mua_send(find_mua(w, action_value(a, "from"), true), &letter, problem);
    arena_finish(&arena);
    return ok;
}

static struct mua_choice choice_of(const struct action *a)
{
    return (struct mua_choice){action_value(a, "folder"), action_value(a, "message")};
}

static bool check_by(struct world *w, const struct action *a, struct problem *problem)
{
    struct slice by = action_value(a, "by");
    return find_mua(w, by, false) || reject_mua(w, false, by, problem);
}

static bool check_answer(struct world *w, const struct action *a, struct problem *problem)
{
    return check_by(w, a, problem) && check_letter(a, problem);
}

static bool answer(struct world *w, const struct action *a, struct problem *problem)
{
    struct mua *mua = find_mua(w, action_value(a, "by"), true);
    struct mua_choice choice = choice_of(a);
    struct mua_letter letter;
    struct arena arena;
    arena_init(&arena);
    bool ok = read_letter(a, &arena, &letter, problem);
    if (ok && a->verb == ACTION_REPLY)
        ok = mua_reply(mua, &choice, slice_equal(action_value(a, "all"), SLICE("true")), &letter,
                       problem);
    else if (ok)
        ok = mua_forward(mua, &choice, &letter, problem);
    arena_finish(&arena);
    return ok;
}

/* ---- what they do with what they have ---- */

/* "on", which is meant without a word, or "off". */
static bool read_switch(const struct action *a, bool *on, struct problem *problem)
{
    struct slice word = a->word_count ? a->words[0] : SLICE("on");
    *on = slice_equal(word, SLICE("on"));
    return *on || slice_equal(word, SLICE("off")) ||
           problem_set(problem, "\"%.*s\" in %s is not understood; expected on or off",
                       SLICE_ARG(slice_part(word, 0, 40)), action_forms[a->verb].name);
}

static bool read_act(const struct action *a, struct mua_act *act, struct problem *problem)
{
    static const struct {
        enum action_verb verb;
        enum mua_deed deed;
    } deeds[] = {{ACTION_READ, MUA_READ},       {ACTION_FLAG, MUA_FLAG},
                 {ACTION_MOVE, MUA_MOVE},       {ACTION_DELETE, MUA_DELETE},
                 {ACTION_EXPUNGE, MUA_EXPUNGE}, {ACTION_FOLDER, MUA_CREATE}};
    *act = (struct mua_act){
        .choice = choice_of(a), .to = action_value(a, "to"), .flag = action_value(a, "flag")};
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (deeds[i].verb == a->verb)
            act->deed = deeds[i].deed;
    if (act->deed == MUA_CREATE)
        act->choice.folder = action_value(a, "create");
    if (act->flag.size == 0)
        act->flag = SLICE("\\Flagged");
    return read_switch(a, &act->on, problem) &&
           (mua_knows_flag(act->flag) ||
            problem_set(problem,
                        "\"%.*s\" is no flag; expected Seen, Flagged, Answered, Deleted, "
                        "Draft or Forwarded",
                        SLICE_ARG(slice_part(act->flag, 0, 40))));
}

static bool check_deed(struct world *w, const struct action *a, struct problem *problem)
{
    struct mua_act act;
    return check_by(w, a, problem) && read_act(a, &act, problem);
}

static bool do_deed(struct world *w, const struct action *a, struct problem *problem)
{
    struct mua_act act;
    return read_act(a, &act, problem) &&
           mua_act(find_mua(w, action_value(a, "by"), false), &act, problem);
}

static bool check_idle(struct world *w, const struct action *a, struct problem *problem)
{
    bool on;
    return check_by(w, a, problem) && read_switch(a, &on, problem);
}

static bool idle(struct world *w, const struct action *a, struct problem *problem)
{
    bool on;
    return read_switch(a, &on, problem) &&
           mua_set_idle(find_mua(w, action_value(a, "by"), false), on, problem);
}

static bool check_fetch(struct world *w, const struct action *a, struct problem *problem)
{
    return find_mra(w, action_value(a, "by")) || check_by(w, a, problem);
}

/* On a host with both it is the mail program that a person sits at. */
static bool fetch(struct world *w, const struct action *a, struct problem *problem)
{
    struct mua *mua = find_mua(w, action_value(a, "by"), false);
    return mua ? mua_fetch(mua, problem) : mra_poll(find_mra(w, action_value(a, "by")), problem);
}

/* ---- queues ---- */

static bool check_flush(struct world *w, const struct action *a, struct problem *problem)
{
    return find_queues(w, a->words[0], false) > 0 ||
           problem_set(problem, "\"%.*s\" has no queue", SLICE_ARG(slice_part(a->words[0], 0, 60)));
}

static bool flush(struct world *w, const struct action *a, struct problem *problem)
{
    (void)problem;
    find_queues(w, a->words[0], true);
    return true;
}

/* ---- robots ---- */

static struct robot *find_robot(const struct world *w, struct slice who)
{
    uint32_t place = world_find_place(w, who);
    const struct office_agent *a = NULL;
    while ((a = office_next_at(&w->office, place, a)))
        if (a->role == &robot_role)
            return a->self;
    return NULL;
}

static bool read_order(const struct action *a, struct robot_order *order, struct problem *problem)
{
    struct slice count = action_value(a, "count"), every = action_value(a, "every");
    uint64_t number = 0;
    *order = (struct robot_order){.every = -1, .group = action_value(a, "group")};
    if (count.size && (!slice_to_u64(count, &number) || number < 1 || number > ROBOT_COUNT_MAX))
        return problem_set(problem, "\"%.*s\" is no count; expected 1 to %d",
                           SLICE_ARG(slice_part(count, 0, 40)), ROBOT_COUNT_MAX);
    order->count = (int64_t)number;
    if (every.size &&
        (!vtime_parse(every, &order->every) || order->every < 0 || order->every > 365 * VTIME_DAY))
        return problem_set(problem, "\"%.*s\" is no time between two messages; expected 10s or 0",
                           SLICE_ARG(slice_part(every, 0, 40)));
    return true;
}

static bool check_robot(struct world *w, const struct action *a, struct problem *problem)
{
    struct robot_order order;
    if (!find_robot(w, a->words[0]))
        return problem_set(problem, "\"%.*s\" is no robot, nor the host of one",
                           SLICE_ARG(slice_part(a->words[0], 0, 60)));
    return read_order(a, &order, problem);
}

static bool start_robot(struct world *w, const struct action *a, struct problem *problem)
{
    struct robot_order order;
    return read_order(a, &order, problem) &&
           robot_start(find_robot(w, a->words[0]), &order, problem);
}

const struct world_verb world_send = {check_send, send};
const struct world_verb world_fetch = {check_fetch, fetch};
const struct world_verb world_reply = {check_answer, answer};
const struct world_verb world_forward = {check_answer, answer};
const struct world_verb world_deed = {check_deed, do_deed};
const struct world_verb world_idle = {check_idle, idle};
const struct world_verb world_flush = {check_flush, flush};
const struct world_verb world_robot = {check_robot, start_robot};
