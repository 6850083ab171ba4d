#include "agents/roles/list.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "agents/mail/posting.h"
#include "agents/roles/expansion.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"address", CONFIG_ADDRESS, NULL, 0, 0, "", "where one writes to: class@lists.example.net"},
    {"members", CONFIG_TEXTS, NULL, 0, 0, "", "who gets what is written there"},
    {"owner", CONFIG_ADDRESS, NULL, 0, 0, "",
     "who gets notices that come back; \"\": they are counted in the trace only"},
    {"members_only", CONFIG_BOOL, NULL, 0, 0, "false", "refuse what others write"},
    {"self_service", CONFIG_BOOL, NULL, 0, 0, "false",
     "who writes \"subscribe\" or \"unsubscribe\" to NAME-request is a member, or not, at once; "
     "else the owner gets it"},
    {"subject_tag", CONFIG_TEXT, NULL, 0, 0, "", "put before each subject: [class]"},
    {"footer", CONFIG_TEXT, NULL, 0, 0, "", "put behind each text"},
    {"rewrite_from", CONFIG_BOOL, NULL, 0, 0, "false",
     "put the list's own address into From, and the author's into Reply-To"},
};

struct list {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    struct bytes content; /* of the copy that is being posted */
};

/* ---- its addresses ---- */

enum list_address { LIST_POST, LIST_BOUNCES, LIST_OWNER, LIST_REQUEST, LIST_OTHER };

static const char *const suffixes[] = {
    [LIST_POST] = "",
    [LIST_BOUNCES] = "-bounces",
    [LIST_OWNER] = "-owner",
    [LIST_REQUEST] = "-request",
};

static enum list_address address_kind(const struct list *list, struct slice address)
{
    struct slice own = config_text(list->config, "address");
    struct slice name = address_local(own), local = address_local(address);
    enum list_address kind = LIST_POST;
    if (!slice_equal_fold(address_domain(own), address_domain(address)) ||
        !slice_starts_fold(local, name))
        return LIST_OTHER;
    local = slice_part(local, name.size, local.size);
    while (kind < LIST_OTHER && !slice_equal_fold(local, slice_of(suffixes[kind])))
        kind++;
    return kind;
}

struct list *list_find(const struct office *office, uint32_t host, struct slice address)
{
    const struct office_agent *agent = NULL;
    while ((agent = office_next_at(office, host, agent)))
        if (agent->role == &list_role && address_kind(agent->self, address) != LIST_OTHER)
            return agent->self;
    return NULL;
}

/* ---- what it does ---- */

static void drop(struct list *list, const struct queue_mail *mail, struct slice rcpt,
                 struct slice why, struct smtp_reply *reply)
{
    struct sim *sim = list->office->sim;
    sim_emit(
        sim, EVENT_DISCARD,
        &(struct event_discard){list->agent, mail->msg, sim_text(sim, rcpt), sim_text(sim, why)});
    *reply = (struct smtp_reply){250, SLICE("2.0.0"), SLICE("Ok")};
}

/* By the envelope: From can be made up as easily, and a notice has no reverse-path. */
static size_t find_member(const struct list *list, struct slice address)
{
    const struct config_value *members = config_get(list->config, "members");
    for (size_t i = 0; i < members->text_count; i++)
        if (address_equal(members->texts[i], address))
            return i;
    return SLICE_NONE;
}

/* Why it is not posted; code 0: it is. */
static struct smtp_reply judge(const struct list *list, const struct queue_mail *mail)
{
    struct header_field field;
    bool is_robot = header_find(mail->header, SLICE("Auto-Submitted"), 1, &field) &&
                    !slice_starts_fold(slice_trim(field.value), SLICE("no"));
    if (posting_has_passed(mail->header, config_text(list->config, "address")))
        return (struct smtp_reply){550, SLICE("5.4.6"), SLICE("It has been on this list before")};
    if (mail->reverse_path.size == 0 || is_robot) /* RFC 3834 2 */
        return (struct smtp_reply){550, SLICE("5.7.1"), SLICE("Robots do not write to this list")};
    if (config_bool(list->config, "members_only") &&
        find_member(list, mail->reverse_path) == SLICE_NONE)
        return (struct smtp_reply){550, SLICE("5.7.2"), SLICE("Only members write to this list")};
    if (config_get(list->config, "members")->text_count == 0)
        return (struct smtp_reply){550, SLICE("5.1.1"), SLICE("This list has no members")};
    return (struct smtp_reply){0};
}

/* RFC 5321 3.9.2: the message is the author's still, the envelope is the list's. */
static void send_copies(struct list *list, struct queue *queue, const struct queue_mail *mail,
                        struct slice rcpt, struct smtp_reply *reply)
{
    const struct config_value *members = config_get(list->config, "members");
    struct slice own = config_text(list->config, "address");
    struct queue_mail copy = *mail;
    struct expansion e = {.office = list->office,
                          .agent = list->agent,
                          .queue = queue,
                          .mail = &copy,
                          .rcpt = rcpt,
                          .how = "list",
                          .is_new_envelope = true};
    struct arena arena;
    arena_init(&arena);
    struct slice bounces =
        arena_join(&arena,
                   (struct slice[]){address_local(own), slice_of(suffixes[LIST_BOUNCES]),
                                    SLICE("@"), address_domain(own)},
                   4);
    e.reverse_path = &bounces;
    header_split(bytes_slice(&list->content), &e.header, &e.body);
    copy.is_8bit |= message_is_8bit(e.body);
    for (size_t i = 0; i < members->text_count; i++)
        expansion_add(&e, members->texts[i]);
    expansion_end(&e, reply);
    arena_finish(&arena);
    /* for its author the message is delivered (RFC 3461 5.2.7.1) */
    *reply = (struct smtp_reply){250, SLICE("2.0.0"), SLICE("Posted")};
}

static void post(struct list *list, struct queue *queue, const struct queue_mail *mail,
                 struct slice rcpt, struct smtp_reply *reply)
{
    const struct posting posting = {
        .address = config_text(list->config, "address"),
        .tag = config_text(list->config, "subject_tag"),
        .footer = config_text(list->config, "footer"),
        .rewrites_from = config_bool(list->config, "rewrite_from"),
        .has_owner = config_text(list->config, "owner").size > 0,
    };
    *reply = judge(list, mail);
    if (reply->code)
        return;
    bytes_clear(&list->content);
    if (posting_write(&posting, mail->header, mail->body, &list->content))
        send_copies(list, queue, mail, rcpt, reply);
    else
        *reply = (struct smtp_reply){552, SLICE("5.3.4"), SLICE("Too long for this list")};
    bytes_reuse(&list->content);
}

/* Notices that come back, and mail for people behind the list. The reverse-path stays: a notice
   that can't be delivered ends here. */
static void to_owner(struct list *list, struct queue *queue, const struct queue_mail *mail,
                     struct slice rcpt, struct smtp_reply *reply)
{
    struct slice owner = config_text(list->config, "owner");
    struct expansion e = {.office = list->office,
                          .agent = list->agent,
                          .queue = queue,
                          .mail = mail,
                          .rcpt = rcpt,
                          .how = "list"};
    if (owner.size == 0 || address_kind(list, owner) != LIST_OTHER) {
        drop(list, mail, rcpt, SLICE("this list has no owner to tell"), reply);
        return;
    }
    expansion_add(&e, owner);
    expansion_end(&e, reply);
}

/* ---- members by mail ---- */

static void set_members(struct list *list, const struct slice *texts, size_t count)
{
    const struct config_value *old = config_get(list->config, "members");
    struct bytes shown;
    bytes_init(&shown, SIZE_MAX / 2);
    for (size_t i = 0; i < count; i++) {
        (void)bytes_append(&shown, i ? SLICE(",") : SLICE(""));
        (void)bytes_append(&shown, texts[i]);
    }
    office_change(list->office, list->agent,
                  &(struct config_value){.key = old->key, .texts = texts, .text_count = count},
                  bytes_slice(&shown));
    bytes_finish(&shown);
}

static void change_member(struct list *list, struct slice address, bool is_to_be)
{
    const struct config_value *old = config_get(list->config, "members");
    size_t at = find_member(list, address), count = 0;
    struct slice *texts = memory_take((old->text_count + 1) * sizeof *texts);
    for (size_t i = 0; i < old->text_count; i++)
        if (i != at || is_to_be)
            texts[count++] = old->texts[i];
    if (at == SLICE_NONE && is_to_be)
        texts[count++] = address;
    if (count != old->text_count)
        set_members(list, texts, count);
    free(texts);
}

static void on_request(struct list *list, struct queue *queue, const struct queue_mail *mail,
                       struct slice rcpt, struct smtp_reply *reply)
{
    struct header_field subject = {.value = {"", 0}};
    (void)header_find(mail->header, SLICE("Subject"), 1, &subject);
    struct slice word = slice_trim(subject.value);
    bool joins = slice_equal_fold(word, SLICE("subscribe"));
    bool leaves = slice_equal_fold(word, SLICE("unsubscribe"));
    if (!(joins || leaves) || mail->reverse_path.size == 0 ||
        !config_bool(list->config, "self_service")) {
        to_owner(list, queue, mail, rcpt, reply);
        return;
    }
    change_member(list, mail->reverse_path, joins);
    drop(list, mail, rcpt,
         joins ? SLICE("carried out: subscribe") : SLICE("carried out: unsubscribe"), reply);
}

void list_deliver(struct list *list, struct queue *queue, const struct queue_mail *mail,
                  struct slice rcpt, struct smtp_reply *reply)
{
    switch (address_kind(list, rcpt)) {
    case LIST_POST:
        post(list, queue, mail, rcpt, reply);
        break;
    case LIST_REQUEST:
        on_request(list, queue, mail, rcpt, reply);
        break;
    case LIST_BOUNCES:
    case LIST_OWNER:
    case LIST_OTHER:
        to_owner(list, queue, mail, rcpt, reply);
        break;
    }
}

/* ---- the role ---- */

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct list *list = memory_take(sizeof *list);
    (void)ports, (void)port_count;
    list->office = office;
    list->agent = agent;
    list->config = config;
    bytes_init(&list->content, SIZE_MAX / 2);
    return list;
}

static void destroy(void *agent)
{
    struct list *list = agent;
    bytes_finish(&list->content);
    free(list);
}

const struct role list_role = {
    .name = "list",
    .meaning = "mailing list: posts what it gets to its members",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
};
