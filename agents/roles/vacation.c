#include "agents/roles/vacation.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/home.h"
#include "agents/mail/message.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"user", CONFIG_ADDRESS, NULL, 0, 0, "", "for whom it answers"},
    {"text", CONFIG_TEXT, NULL, 0, 0, "I am away and will read your message when I am back.",
     "what it says"},
    {"days", CONFIG_NUMBER, NULL, 0, 365, "7",
     "a sender is answered once in so many days; 0: every time"},
    {"skip_null", CONFIG_BOOL, NULL, 0, 0, "true",
     "say nothing to notices: mail with a null reverse-path (RFC 3834 2)"},
    {"skip_lists", CONFIG_BOOL, NULL, 0, 0, "true",
     "say nothing to lists and to other robots (RFC 3834 2)"},
    {"only_named", CONFIG_BOOL, NULL, 0, 0, "true",
     "answer only where To or Cc names the user (RFC 3834 2)"},
};

enum { DAY_S = 86400, ANSWER_OCTETS_MAX = 1024 * 1024, VALUE_OCTETS_MAX = 4096 };

struct vacation {
    struct office *office;
    uint32_t agent;
    const struct config *config;
};

/* ---- whether ---- */

static struct slice value_of(struct slice header, const char *name)
{
    struct header_field field;
    return header_find(header, slice_of(name), 1, &field) ? slice_trim(field.value) : SLICE("");
}

/* RFC 3834 2: what these fields, and by long habit these names, tell of who sent it. */
static bool is_from_list_or_robot(const struct queue_mail *mail)
{
    static const char *const fields[] = {"List-Id", "List-Post", "List-Help", "List-Unsubscribe"};
    static const char *const words[] = {"list", "bulk", "junk"};
    static const char *const tails[] = {"-request", "-bounces", "-owner"};
    struct slice robot = value_of(mail->header, "Auto-Submitted");
    struct slice precedence = value_of(mail->header, "Precedence");
    struct slice local = address_local(mail->reverse_path);
    bool is_one = (robot.size > 0 && !slice_starts_fold(robot, SLICE("no"))) ||
                  slice_starts_fold(local, SLICE("owner-")) ||
                  slice_equal_fold(local, SLICE("mailer-daemon"));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        is_one |= header_count(mail->header, slice_of(fields[i])) > 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        is_one |= slice_equal_fold(precedence, slice_of(words[i]));
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        is_one |= slice_ends_fold(local, slice_of(tails[i]));
    return is_one;
}

static bool names(struct slice header, struct slice owner)
{
    struct address_mailbox mailbox;
    struct header_field field;
    while (header_next(&header, &field)) {
        struct slice list = field.value;
        if (!slice_equal_fold(field.name, SLICE("To")) &&
            !slice_equal_fold(field.name, SLICE("Cc")))
            continue;
        while (address_next(&list, &mailbox))
            if (slice_equal_fold(mailbox.address, owner))
                return true;
    }
    return false;
}

/* RFC 3834 4: the reverse-path; a robot that answers notices has only From to go by. */
static struct slice find_sender(const struct queue_mail *mail)
{
    struct address_mailbox author;
    struct slice from = value_of(mail->header, "From");
    if (mail->reverse_path.size > 0)
        return mail->reverse_path;
    return address_next(&from, &author) ? author.address : SLICE("");
}

static bool may_answer(const struct vacation *v, const struct queue_mail *mail, struct slice owner,
                       struct slice sender)
{
    struct address read;
    return address_read_utf8(sender, &read) && read.domain.size > 0 &&
           !slice_equal_fold(sender, owner) &&
           !(config_bool(v->config, "skip_null") && mail->reverse_path.size == 0) &&
           !(config_bool(v->config, "skip_lists") && is_from_list_or_robot(mail)) &&
           (!config_bool(v->config, "only_named") || names(mail->header, owner));
}

/* ---- whom it has answered: "alice@example.com 1740992400" a line ---- */

static bool has_answered(const struct vacation *v, struct slice path, struct slice sender)
{
    int64_t since_s = office_now_s(v->office, v->agent) - config_number(v->config, "days") * DAY_S;
    struct disk_file file;
    struct slice line, address;
    uint64_t then_s;
    if (!disk_find(office_disk(v->office, v->agent), path, &file))
        return false;
    while (slice_cut(&file.content, '\n', &line))
        if (slice_cut(&line, ' ', &address) && slice_equal_fold(address, sender) &&
            slice_to_u64(slice_trim(line), &then_s) && (int64_t)then_s > since_s)
            return true;
    return false;
}

static void note_answer(const struct vacation *v, struct slice path, struct slice sender,
                        struct arena *arena)
{
    struct disk *disk = office_disk(v->office, v->agent);
    struct slice line = arena_printf(arena, "%.*s %lld\n", SLICE_ARG(sender),
                                     (long long)office_now_s(v->office, v->agent));
    if (!disk_append(disk, path, line, SLICE(""), 0))
        (void)disk_write(disk, path, line, SLICE(""), 0);
}

/* ---- the answer ---- */

/* RFC 3834 3.1.4 to 3.1.7 */
static void write_answer(const struct vacation *v, const struct queue_mail *mail,
                         const struct office_account *owner, struct slice sender,
                         struct arena *arena, struct bytes *out)
{
    char id[OFFICE_ID];
    struct slice subject = value_of(mail->header, "Subject");
    struct slice original = value_of(mail->header, "Message-ID");
    struct slice made = office_new_id(v->office, v->agent, id);
    struct bytes references;
    bytes_init(&references, VALUE_OCTETS_MAX);
    if (!header_unfold(value_of(mail->header, "References"), &references) ||
        !bytes_append(&references, bytes_size(&references) > 0 ? SLICE(" ") : SLICE("")) ||
        !bytes_append(&references, original))
        bytes_clear(&references);
    struct message_draft draft = {
        .from = owner->name.size ? arena_printf(arena, "%.*s <%.*s>", SLICE_ARG(owner->name),
                                                SLICE_ARG(owner->address))
                                 : owner->address,
        .to = sender,
        .subject = arena_join(arena, (struct slice[]){SLICE("Auto: "), subject}, 2),
        .body = config_text(v->config, "text"),
        .message_id = arena_join(
            arena, (struct slice[]){made, SLICE("@"), net_host_name(v->office->net, v->agent)}, 3),
        .in_reply_to = original.size > 2 ? slice_part(original, 1, original.size - 1) : SLICE(""),
        .references = bytes_slice(&references),
        .unix_s = office_now_s(v->office, v->agent),
        .zone_min = office_zone(v->office, v->agent),
        .has_date = true,
    };
    (void)bytes_append(out, SLICE("Auto-Submitted: auto-replied\r\n"));
    (void)message_write(&draft, out);
    bytes_finish(&references);
}

static void answer(const struct vacation *v, const struct queue_mail *mail,
                   const struct office_account *owner, struct slice sender, struct queue *queue,
                   struct arena *arena)
{
    char id[OFFICE_ID];
    struct bytes content;
    bytes_init(&content, ANSWER_OCTETS_MAX);
    write_answer(v, mail, owner, sender, arena, &content);
    struct queue_mail reply = {.id = office_new_id(v->office, v->agent, id),
                               .forward_paths = &sender,
                               .recipient_count = 1,
                               .is_8bit = message_is_8bit(bytes_slice(&content)),
                               .is_utf8 = message_is_8bit(sender)};
    header_split(bytes_slice(&content), &reply.header, &reply.body);
    reply.msg = office_new_message(v->office, v->agent, SLICE(""), sender,
                                   value_of(reply.header, "Subject"), bytes_slice(&content));
    queue_add(queue, &reply);
    bytes_finish(&content);
}

static void show(const struct vacation *v, const struct office_account *owner,
                 const struct queue_mail *mail, struct queue *queue)
{
    struct slice sender = find_sender(mail);
    struct arena arena;
    if (!may_answer(v, mail, owner->address, sender))
        return;
    arena_init(&arena);
    struct slice path = home_path(&arena, owner->address, SLICE(".vacation"));
    if (!has_answered(v, path, sender)) {
        answer(v, mail, owner, sender, queue, &arena);
        note_answer(v, path, sender, &arena);
    }
    arena_finish(&arena);
}

/* The next robot of this host for her behind this agent (NULL: the first), or NULL. */
static const struct office_agent *next_robot(const struct office *office, uint32_t host,
                                             struct slice owner, const struct office_agent *agent)
{
    while ((agent = office_next_at(office, host, agent)))
        if (agent->role == &vacation_role &&
            slice_equal_fold(config_text(agent->config, "user"), owner))
            return agent;
    return NULL;
}

bool vacation_has(const struct office *office, uint32_t host, struct slice owner)
{
    return next_robot(office, host, owner, NULL) != NULL;
}

void vacation_show(struct office *office, uint32_t host, struct slice owner,
                   const struct queue_mail *mail, struct queue *queue)
{
    const struct office_account *account = office_find_account(office, owner);
    const struct office_agent *agent = NULL;
    while (account && (agent = next_robot(office, host, owner, agent)))
        show(agent->self, account, mail, queue);
}

/* ---- the role ---- */

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct vacation *v = memory_take(sizeof *v);
    (void)ports, (void)port_count;
    *v = (struct vacation){office, agent, config};
    return v;
}

const struct role vacation_role = {
    .name = "vacation",
    .meaning = "vacation robot: answers for a person who is away",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = free,
};
