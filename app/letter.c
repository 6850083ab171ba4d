#include "app/letter.h"

#include <string.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/roles/mua.h"
#include "sim/base/base64.h"
#include "sim/base/check.h"
#include "sim/json/json_file.h"

/* ---- who is there ---- */

static bool is_user(const struct topology *t, struct slice address)
{
    for (size_t i = 0; i < t->user_count; i++)
        if (address_equal(t->users[i].address, address))
            return true;
    return false;
}

static bool can_send(const struct topology_agent *agent)
{
    return agent->role == &mua_role &&
           (config_text(&agent->config, "outgoing").size > 0 ||
            slice_equal(config_text(&agent->config, "outgoing_by"), SLICE("sendmail")));
}

/* Has this person a mail program that sends? */
static bool is_writer(const struct topology *t, struct slice address)
{
    for (size_t i = 0; i < t->host_count; i++)
        for (size_t k = 0; k < t->hosts[i].agent_count; k++) {
            const struct topology_agent *agent = &t->hosts[i].agents[k];
            if (can_send(agent) && address_equal(config_text(&agent->config, "user"), address))
                return true;
        }
    return false;
}

typedef bool is_wanted(const struct topology *t, struct slice address);

/* "alice@example.com, bob@example.org, ...": as many as a line of help has room for. */
static bool fail_list(const struct topology *t, is_wanted *wanted, const char *what,
                      struct problem *problem)
{
    enum { SHOWN_MAX = 8 };
    struct bytes list;
    size_t count = 0;
    bytes_init(&list, SIZE_MAX);
    for (size_t i = 0; i < t->user_count; i++) {
        if (!wanted(t, t->users[i].address))
            continue;
        if (++count <= SHOWN_MAX)
            check(bytes_printf(&list, "%s%.*s", count > 1 ? ", " : "",
                               SLICE_ARG(slice_part(t->users[i].address, 0, 60))));
    }
    problem_set(problem, "%s; there are %.*s%s", what, SLICE_ARG(bytes_slice(&list)),
                count > SHOWN_MAX ? ", ..." : "");
    bytes_finish(&list);
    return false;
}

/* ---- the envelope ---- */

/* The first address of the first of these fields in which there is one that can write here. */
static struct slice find_author(const struct topology *t, struct slice header)
{
    static const char *const names[] = {"Return-Path", "Sender", "From"};
    struct header_field field;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!header_find(header, slice_of(names[i]), 1, &field))
            continue;
        struct address_mailbox mailbox;
        struct slice list = field.value;
        while (address_next(&list, &mailbox))
            if (is_writer(t, mailbox.address))
                return mailbox.address;
    }
    return SLICE("");
}

/* All of To and Cc who are here. */
static void find_recipients(const struct topology *t, struct slice header, struct bytes *to)
{
    static const char *const names[] = {"To", "Cc"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct header_field field;
        for (unsigned n = 1; header_find(header, slice_of(names[i]), n, &field); n++) {
            struct address_mailbox mailbox;
            while (address_next(&field.value, &mailbox))
                if (is_user(t, mailbox.address))
                    check(bytes_printf(to, "%s%.*s", bytes_size(to) ? "," : "",
                                       SLICE_ARG(mailbox.address)));
        }
    }
}

static bool has_address(struct slice list)
{
    struct address_mailbox mailbox;
    bool is_found = false;
    while (address_next(&list, &mailbox) && !is_found)
        is_found = address_is_spec(mailbox.address);
    return is_found;
}

/* A value of an action, in quotes. */
static void put_value(struct bytes *action, const char *key, struct slice value)
{
    check(bytes_printf(action, " %s=\"", key));
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] == '"' || value.data[i] == '\\')
            check(bytes_append_octet(action, '\\'));
        check(bytes_append_octet(action, value.data[i]));
    }
    check(bytes_append_octet(action, '"'));
}

static bool put_envelope(const struct topology *t, struct slice header,
                         const struct letter_envelope *envelope, struct bytes *action,
                         struct problem *problem)
{
    struct bytes found;
    bytes_init(&found, SIZE_MAX);
    struct slice from = envelope->from ? slice_of(envelope->from) : find_author(t, header);
    if (!envelope->to)
        find_recipients(t, header, &found);
    struct slice to = envelope->to ? slice_of(envelope->to) : bytes_slice(&found);
    bool ok = true;
    if (!is_writer(t, from))
        ok = fail_list(t, is_writer,
                       envelope->from ? "--from: this person writes no mail here"
                                      : "who it is from writes no mail here: say --from",
                       problem);
    else if (envelope->to && !has_address(to))
        ok = problem_set(problem, "--to: expected addresses, not \"%.60s\"", envelope->to);
    else if (to.size == 0)
        ok = fail_list(t, is_user, "none of its recipients is here: say --to", problem);
    check(bytes_append(action, SLICE("send")));
    put_value(action, "from", from);
    put_value(action, "to", to);
    bytes_finish(&found);
    return ok;
}

/* ---- the file ---- */

static bool read_file(const char *path, FILE *in, struct bytes *content, struct problem *problem)
{
    char chunk[16384];
    size_t n;
    bool is_standard = strcmp(path, "-") == 0;
    if (!is_standard && !json_file_read(path, LETTER_MAX, content, problem))
        return false;
    if (is_standard) {
        bytes_init(content, LETTER_MAX + sizeof chunk);
        while (bytes_size(content) <= LETTER_MAX && (n = fread(chunk, 1, sizeof chunk, in)) > 0)
            check(bytes_append(content, (struct slice){chunk, n}));
    }
    problem_at(problem, is_standard ? "standard input" : path, 0, 0);
    if (bytes_size(content) > 0 && bytes_size(content) <= LETTER_MAX)
        return true;
    if (bytes_size(content) == 0)
        problem_set(problem, "there is no message in it");
    else
        problem_set(problem, "more than %d MiB, the most that can be sent", LETTER_MAX >> 20);
    bytes_finish(content);
    return false;
}

bool letter_action(const struct topology *t, const char *path, FILE *in,
                   const struct letter_envelope *envelope, struct bytes *action,
                   struct problem *problem)
{
    struct bytes content;
    struct slice header, body;
    if (!read_file(path, in, &content, problem))
        return false;
    header_split(bytes_slice(&content), &header, &body);
    bool ok = put_envelope(t, header, envelope, action, problem);
    check(bytes_append(action, SLICE(" whole=")));
    check(base64_write(bytes_slice(&content), action));
    bytes_finish(&content);
    if (ok)
        *problem = (struct problem){0};
    return ok;
}
