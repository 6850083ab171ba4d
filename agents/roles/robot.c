#include "agents/roles/robot.h"

#include <stdlib.h>
#include <string.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "agents/proto/dns_message.h"
#include "agents/roles/queue.h"
#include "sim/base/digits.h"
#include "sim/base/memory.h"

enum { MESSAGE_MAX = 64 * 1024 * 1024, RECIPIENTS_MAX = 1000 };

static const struct config_key keys[] = {
    {"user", CONFIG_ADDRESS, NULL, 0, 0, "", "whose account it logs in with; \"\": no login"},
    {"group", CONFIG_TEXT, NULL, 0, 0, "",
     "the group's name in the trace; by default its host's id"},
    {"count", CONFIG_NUMBER, NULL, 1, ROBOT_COUNT_MAX, "10", "how many messages a run sends"},
    {"every", CONFIG_DURATION, NULL, 0, 31536000, "1s", "from one to the next; 0: all at once"},
    {"at", CONFIG_DURATION, NULL, 0, 31536000, "0",
     "a run starts by itself so long after the beginning; 0: only when asked"},
    {"from", CONFIG_TEXT, NULL, 0, 0, "", "the reverse-path; \"\" is the null path"},
    {"header_from", CONFIG_TEXT, NULL, 0, 0, "", "what stands in From; by default `from`"},
    {"to", CONFIG_TEXTS, NULL, 0, 0, "",
     "recipients, who take turns; a # is the message's number in its run, here and in subject, "
     "body and headers"},
    {"recipients", CONFIG_NUMBER, NULL, 1, RECIPIENTS_MAX, "1", "how many of them a message has"},
    {"subject", CONFIG_TEXT, NULL, 0, 0, "Message #", "what stands in Subject"},
    {"body", CONFIG_TEXT, NULL, 0, 0, "This is message # of a robot.\n", "the text"},
    {"octets", CONFIG_NUMBER, NULL, 0, 60000000, "0", "the text is filled up to so many octets"},
    {"headers", CONFIG_TEXTS, NULL, 0, 0, "",
     "lines to stand on top of the header: \"Received: from x by y; DATE\", \"X-Mailer: z\""},
    {"poor", CONFIG_BOOL, NULL, 0, 0, "false", "write neither Date nor Message-ID"},
    {"server", CONFIG_HOST, NULL, 0, 0, "", "takes all of it; by default the recipient's MX"},
    {"port", CONFIG_NUMBER, NULL, 1, 65535, "25", "that server's port"},
    {"tls", CONFIG_WORD, SENDING_TLS_WORDS_OR_FIRST, 0, 0, "never",
     "encrypt what is sent: \"implicit\" from the first octet, the others by STARTTLS"},
    {"auth_mechanism", CONFIG_WORD, SENDING_MECHANISM_WORDS, 0, 0, "plain",
     "how to log in where the server offers it; \"auto\" is the strongest that both know"},
    {"retry", CONFIG_WORD, "once outbox classroom", 0, 0, "once",
     "\"once\": fires and forgets; the others try again"},
    {"sources", CONFIG_TEXTS, NULL, 0, 0, "",
     "addresses of hosts that take turns in making its connections; by default its own"},
};

enum run_state {
    RUN_OVER, /* and may be used again */
    RUN_GOING,
    RUN_STOPPED /* its next step is still to come, and does nothing */
};

struct run {
    enum run_state state;
    struct slice group;
    int64_t number, count, every;
};

struct robot {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    struct queue *queue;
    VECTOR(uint32_t) sources;
    VECTOR(struct run) runs;
};

/* ---- one message ---- */

/* The text with each # replaced by a number. In the arena. */
static struct slice fill_in(struct arena *arena, struct slice pattern, int64_t number)
{
    struct slice part, rest = pattern, text = {"", 0};
    char digits[DIGITS_MAX];
    struct slice shown = {digits, digits_put(digits, (uint64_t)number, 10, 0)};
    if (slice_find_octet(pattern, '#', 0) == SLICE_NONE)
        return pattern;
    while (slice_cut(&rest, '#', &part)) {
        bool is_last = part.data + part.size == pattern.data + pattern.size;
        text = arena_join(arena, (struct slice[]){text, part, is_last ? SLICE("") : shown}, 3);
    }
    return text;
}

static struct slice setting(const struct robot *robot, const char *key, struct arena *arena,
                            const struct run *run)
{
    return fill_in(arena, config_text(robot->config, key), run->number);
}

struct recipients {
    struct slice paths[RECIPIENTS_MAX], list;
    size_t count;
};

/* Those whose turn it is; for a whole round at most. */
static void choose_recipients(const struct robot *robot, const struct run *run, struct arena *arena,
                              struct recipients *chosen)
{
    const struct config_value *to = config_get(robot->config, "to");
    size_t each = (size_t)config_number(robot->config, "recipients");
    size_t first = (size_t)(run->number - 1) * each;
    each = each < to->text_count ? each : to->text_count;
    chosen->list = SLICE("");
    for (chosen->count = 0; chosen->count < each; chosen->count++) {
        struct slice path =
            fill_in(arena, to->texts[(first + chosen->count) % to->text_count], run->number);
        chosen->paths[chosen->count] = path;
        chosen->list = arena_join(
            arena, (struct slice[]){chosen->list, chosen->count ? SLICE(", ") : SLICE(""), path},
            3);
    }
}

/* Lines of text behind what there is, up to so many octets. */
static struct slice fill_up(struct slice body, size_t octets, struct arena *arena)
{
    static const char line[] =
        "All work and no play makes the robot a dull machine, line after line.\n";
    if (octets <= body.size)
        return body;
    char *text = arena_take(arena, octets + 1);
    if (body.size)
        memcpy(text, body.data, body.size);
    for (size_t i = body.size; i < octets; i++)
        text[i] = line[(i - body.size) % (sizeof line - 1)];
    return (struct slice){text, octets};
}

static bool write_lines(const struct robot *robot, const struct run *run, struct arena *arena,
                        struct bytes *out)
{
    const struct config_value *lines = config_get(robot->config, "headers");
    bool fits = true;
    for (size_t i = 0; fits && i < lines->text_count; i++) {
        struct slice name, value = fill_in(arena, lines->texts[i], run->number);
        slice_cut(&value, ':', &name);
        fits = header_write(out, slice_trim(name), slice_trim(value));
    }
    return fits;
}

static bool write_message(const struct robot *robot, const struct run *run,
                          const struct recipients *to, struct arena *arena, struct bytes *out)
{
    char id[OFFICE_ID];
    struct office *office = robot->office;
    struct slice header_from = setting(robot, "header_from", arena, run);
    struct message_draft draft = {
        .from = header_from.size ? header_from : setting(robot, "from", arena, run),
        .to = to->list,
        .subject = setting(robot, "subject", arena, run),
        .body = fill_up(setting(robot, "body", arena, run),
                        (size_t)config_number(robot->config, "octets"), arena),
    };
    if (!config_bool(robot->config, "poor")) {
        draft.has_date = true;
        draft.unix_s = office_now_s(office, robot->agent);
        draft.zone_min = office_zone(office, robot->agent);
        draft.message_id =
            arena_join(arena,
                       (struct slice[]){office_new_id(office, robot->agent, id), SLICE("@"),
                                        net_host_name(office->net, robot->agent)},
                       3);
    }
    return write_lines(robot, run, arena, out) && message_write(&draft, out);
}

static void put_into_queue(struct robot *robot, const struct run *run, const struct recipients *to,
                           struct arena *arena, struct slice content)
{
    struct office *office = robot->office;
    char id[OFFICE_ID];
    struct queue_mail mail = {.id = office_new_id(office, robot->agent, id),
                              .reverse_path = setting(robot, "from", arena, run),
                              .forward_paths = to->paths,
                              .recipient_count = to->count,
                              .is_8bit = message_is_8bit(content)};
    header_split(content, &mail.header, &mail.body);
    mail.is_utf8 = message_is_8bit(mail.header) || message_is_8bit(mail.reverse_path) ||
                   message_is_8bit(to->list);
    mail.msg = office_new_message(office, robot->agent, mail.reverse_path, to->list,
                                  setting(robot, "subject", arena, run), content);
    sim_emit(office->sim, EVENT_GROUP,
             &(struct event_group){mail.msg, sim_text(office->sim, run->group)});
    queue_add(robot->queue, &mail);
}

static void send_one(struct robot *robot, const struct run *run)
{
    struct recipients *to = memory_take(sizeof *to);
    struct arena arena;
    struct bytes content;
    arena_init(&arena);
    bytes_init(&content, MESSAGE_MAX);
    choose_recipients(robot, run, &arena, to);
    if (to->count > 0 && write_message(robot, run, to, &arena, &content))
        put_into_queue(robot, run, to, &arena, bytes_slice(&content));
    bytes_finish(&content);
    arena_finish(&arena);
    free(to);
}

/* ---- runs ---- */

/* One message a task, also when all are sent at once. */
static void step(void *context, uint64_t index, uint64_t unused)
{
    struct robot *robot = context;
    struct run *run = &robot->runs.items[index];
    (void)unused;
    if (run->state == RUN_STOPPED)
        run->state = RUN_OVER;
    if (run->state == RUN_OVER)
        return;
    if (++run->number < run->count)
        sim_after(robot->office->sim, run->every, step, robot, index, 0);
    else
        run->state = RUN_OVER;
    send_one(robot, run);
}

static size_t take_run(struct robot *robot)
{
    for (size_t i = 0; i < robot->runs.count; i++)
        if (robot->runs.items[i].state == RUN_OVER)
            return i;
    (void)vector_add(&robot->runs);
    return robot->runs.count - 1;
}

bool robot_start(struct robot *robot, const struct robot_order *order, struct problem *problem)
{
    struct office *office = robot->office;
    struct slice group = order->group.size ? order->group : config_text(robot->config, "group");
    if (!net_host_is_up(office->net, robot->agent))
        return problem_set(problem, "the robot's computer is off");
    if (config_get(robot->config, "to")->text_count == 0)
        return problem_set(problem, "the robot has nobody to send to; expected its setting \"to\"");
    size_t index = take_run(robot);
    robot->runs.items[index] = (struct run){
        .state = RUN_GOING,
        .group =
            arena_copy(&office->arena, group.size ? group : net_host_id(office->net, robot->agent)),
        .count = order->count > 0 ? order->count : config_number(robot->config, "count"),
        .every = order->every >= 0 ? order->every : config_number(robot->config, "every"),
    };
    step(robot, index, 0);
    return true;
}

static void start_by_itself(void *context, uint64_t a, uint64_t b)
{
    struct problem ignored;
    (void)a;
    (void)b;
    (void)robot_start(context, &(struct robot_order){.every = -1}, &ignored);
}

/* ---- life cycle ---- */

static struct queue_options queue_options_of(const struct robot *robot)
{
    const struct config *config = robot->config;
    const struct office_account *account =
        office_find_account(robot->office, config_text(config, "user"));
    struct queue_options options = {
        .agent = robot->agent,
        .plan = queue_plan_find(config_text(config, "retry")),
        .next = config_text(config, "server"),
        .next_port = (uint32_t)config_number(config, "port"),
        .is_outbox = true,
        .sources = robot->sources.items,
        .source_count = robot->sources.count,
    };
    if (account) {
        options.sending.user = account->address;
        options.sending.password = account->password;
        options.sending.allows_clear = true;
    }
    sending_set_tls(&options.sending, config_text(config, "tls"));
    sending_set_mechanism(&options.sending, config_text(config, "auth_mechanism"));
    return options;
}

static void find_sources(struct robot *robot)
{
    const struct config_value *sources = config_get(robot->config, "sources");
    uint32_t address;
    vector_clear(&robot->sources);
    for (size_t i = 0; i < sources->text_count; i++)
        if (dns_ipv4_read(sources->texts[i], &address) && net_host_at(robot->office->net, address))
            *vector_add(&robot->sources) = net_host_at(robot->office->net, address);
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct robot *robot = memory_take(sizeof *robot);
    int64_t at = config_number(config, "at");
    (void)ports;
    (void)port_count;
    *robot = (struct robot){.office = office, .agent = agent, .config = config};
    find_sources(robot);
    struct queue_options options = queue_options_of(robot);
    robot->queue = queue_create(office, &options);
    if (at > 0)
        sim_after(office->sim, at, start_by_itself, robot, 0, 0);
    return robot;
}

static void destroy(void *agent)
{
    struct robot *robot = agent;
    queue_destroy(robot->queue);
    vector_finish(&robot->sources);
    vector_finish(&robot->runs);
    free(robot);
}

/* The queue's part; all else is read for each message. */
static void changed(void *agent, const struct config_key *key)
{
    struct robot *robot = agent;
    (void)key;
    find_sources(robot);
    struct queue_options options = queue_options_of(robot);
    queue_configure(robot->queue, &options);
}

/* A robot whose host goes down has forgotten what it was about. */
static void running(void *agent, bool is_up)
{
    struct robot *robot = agent;
    for (size_t i = 0; !is_up && i < robot->runs.count; i++)
        if (robot->runs.items[i].state == RUN_GOING)
            robot->runs.items[i].state = RUN_STOPPED;
}

static struct queue *queue_of(void *agent)
{
    return ((struct robot *)agent)->queue;
}

const struct role robot_role = {
    .name = "robot",
    .meaning = "a program that sends groups of messages",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
    .changed = changed,
    .running = running,
    .queue = queue_of,
};
