/*
 * The IMAP client against scripted servers: what it says, and what it tells its role. Each script
 * is played whole, octet by octet, and cut off after each octet.
 */
#include "agents/proto/imap_client.h"

#include <criterion/criterion.h>
#include <stdio.h>

struct script {
    const char *name;
    struct imap_client_options options;
    /* What the role does at each READY: "select INBOX", "fetch 1:*", "idle", "logout", ... */
    const char *const *actions;
    /* By turns: "S: " what the server says, "C: " what the client is then to have said. "TLS" is
       where the driver would put TLS between. */
    const char *const *lines;
    const char *told; /* what the role hears, one word an event */
};

static const char *const nothing[] = {"logout", NULL};
static const char *const reading[] = {"select INBOX", "fetch 1:*", "store 7",
                                      "expunge 7",    "logout",    NULL};
static const char *const writing[] = {"append Sent", "move 3", "logout", NULL};
static const char *const waiting[] = {"select INBOX", "idle", "logout", NULL};

static const struct script scripts[] = {
    {"LOGIN, the command (RFC 9051 6.2.3)",
     {.user = {"alice", 5},
      .password = {"se\"cret", 7},
      .mechanism = SASL_MECHANISM_COUNT,
      .allows_clear = true},
     nothing,
     (const char *const[]){"S: * OK [CAPABILITY IMAP4rev1] here\r\n",
                           "C: A1 LOGIN \"alice\" \"se\\\"cret\"\r\n",
                           "S: A1 OK [CAPABILITY IMAP4rev1 IDLE] in\r\n", "C: A2 LOGOUT\r\n",
                           "S: * BYE bye\r\nA2 OK done\r\n", NULL},
     "reply:CONNECT reply:LOGIN ready data:BYE reply:LOGOUT closed "},
    {"capabilities are asked for where nobody told them (RFC 9051 6.1.1)",
     {.user = {"a", 1}, .password = {"b", 1}, .mechanism = SASL_PLAIN, .allows_clear = true},
     nothing,
     (const char *const[]){"S: * OK hello\r\n", "C: A1 CAPABILITY\r\n",
                           "S: * CAPABILITY IMAP4rev2 AUTH=PLAIN\r\nA1 OK\r\n",
                           "C: A2 AUTHENTICATE PLAIN AGEAYg==\r\n", "S: A2 OK in\r\n",
                           "C: A3 CAPABILITY\r\n", "S: * CAPABILITY IMAP4rev2\r\nA3 OK done\r\n",
                           "C: A4 LOGOUT\r\n", "S: * BYE\r\nA4 OK\r\n", NULL},
     "reply:CONNECT data:CAPABILITY reply:CAPABILITY reply:AUTHENTICATE data:CAPABILITY "
     "reply:CAPABILITY ready data:BYE reply:LOGOUT closed "},
    {"without SASL-IR the first response waits for the + (RFC 4959)",
     {.user = {"a", 1}, .password = {"b", 1}, .mechanism = SASL_PLAIN, .allows_clear = true},
     nothing,
     (const char *const[]){"S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] x\r\n",
                           "C: A1 AUTHENTICATE PLAIN\r\n", "S: + \r\n", "C: AGEAYg==\r\n",
                           "S: A1 OK [CAPABILITY IMAP4rev1] in\r\n", "C: A2 LOGOUT\r\n",
                           "S: * BYE x\r\nA2 OK x\r\n", NULL},
     "reply:CONNECT reply:AUTHENTICATE ready data:BYE reply:LOGOUT closed "},
    {"a refused login fails",
     {.user = {"a", 1},
      .password = {"b", 1},
      .mechanism = SASL_MECHANISM_COUNT,
      .allows_clear = true},
     nothing,
     (const char *const[]){"S: * OK [CAPABILITY IMAP4rev1] x\r\n", "C: A1 LOGIN \"a\" \"b\"\r\n",
                           "S: A1 NO [AUTHENTICATIONFAILED] wrong\r\n", "C: ", NULL},
     "reply:CONNECT reply:LOGIN failed "},
    {"a password is not shown to the line (RFC 9051 11.3)",
     {.user = {"a", 1}, .password = {"b", 1}, .mechanism = SASL_MECHANISM_COUNT},
     nothing,
     (const char *const[]){"S: * OK [CAPABILITY IMAP4rev1] x\r\n", "C: ", NULL},
     "reply:CONNECT failed "},
    {"LOGINDISABLED is heeded (RFC 9051 6.2.3)",
     {.user = {"a", 1},
      .password = {"b", 1},
      .mechanism = SASL_MECHANISM_COUNT,
      .allows_clear = true},
     nothing,
     (const char *const[]){"S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] x\r\n", "C: ", NULL},
     "reply:CONNECT failed "},
    {"TLS that is required and not offered: nothing is said",
     {.user = {"a", 1},
      .password = {"b", 1},
      .mechanism = SASL_MECHANISM_COUNT,
      .tls = SESSION_TLS_POLICY_REQUIRED,
      .allows_clear = true},
     nothing,
     (const char *const[]){"S: * OK [CAPABILITY IMAP4rev1] x\r\n", "C: ", NULL},
     "reply:CONNECT failed "},
    {"STARTTLS: what came behind the OK, and all that was known, is forgotten (RFC 9051 6.2.1)",
     {.user = {"a", 1},
      .password = {"b", 1},
      .mechanism = SASL_MECHANISM_COUNT,
      .tls = SESSION_TLS_POLICY_IF_OFFERED},
     nothing,
     (const char *const[]){"S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] x\r\n",
                           "C: A1 STARTTLS\r\n", "S: A1 OK go\r\n", "TLS", "C: A2 CAPABILITY\r\n",
                           "S: * CAPABILITY IMAP4rev1\r\nA2 OK\r\n", "C: A3 LOGIN \"a\" \"b\"\r\n",
                           "S: A3 OK [CAPABILITY IMAP4rev1] in\r\n", "C: A4 LOGOUT\r\n",
                           "S: * BYE x\r\nA4 OK x\r\n", NULL},
     "reply:CONNECT reply:STARTTLS data:CAPABILITY reply:CAPABILITY reply:LOGIN ready data:BYE "
     "reply:LOGOUT closed "},
    {"PREAUTH: nothing is to be proved (RFC 9051 7.1.4)",
     {.user = {"a", 1}, .password = {"b", 1}, .mechanism = SASL_MECHANISM_COUNT},
     nothing,
     (const char *const[]){"S: * PREAUTH [CAPABILITY IMAP4rev1] x\r\n", "C: A1 LOGOUT\r\n",
                           "S: * BYE x\r\nA1 OK x\r\n", NULL},
     "reply:CONNECT ready data:BYE reply:LOGOUT closed "},
    {"turned away with BYE (RFC 9051 7.1.5)",
     {.user = {"a", 1}, .password = {"b", 1}, .mechanism = SASL_MECHANISM_COUNT},
     nothing,
     (const char *const[]){"S: * BYE too busy\r\n", "C: ", NULL},
     "reply:CONNECT failed "},
    {"reading: literals, flags, sections, and what is not known is passed over",
     {.user = {"a", 1},
      .password = {"b", 1},
      .mechanism = SASL_MECHANISM_COUNT,
      .allows_clear = true},
     reading,
     (const char *const[]){
         "S: * PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS] x\r\n", "C: A1 SELECT INBOX\r\n",
         "S: * 2 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 8] x\r\nA1 OK [READ-WRITE] "
         "x\r\n",
         "C: A2 UID FETCH 1:* (UID FLAGS BODY.PEEK[])\r\n",
         "S: * 1 FETCH (UID 3 FLAGS (\\Seen) X-ODD (1 (\"a)\" {2}\r\n() NIL)) BODY[] "
         "{12}\r\nA: b\r\n\r\ncd\r\n)\r\n",
         "S: * 2 FETCH (FLAGS () UID 7 BODY[HEADER] \"x\" BODY[1.2]<0> NIL)\r\nA2 OK x\r\n",
         "C: A3 UID STORE 7 +FLAGS (\\Deleted)\r\n",
         "S: * 2 FETCH (UID 7 FLAGS (\\Deleted))\r\nA3 OK x\r\n", "C: A4 UID EXPUNGE 7\r\n",
         "S: * 2 EXPUNGE\r\nA4 OK x\r\n", "C: A5 LOGOUT\r\n", "S: * BYE x\r\nA5 OK x\r\n", NULL},
     "reply:CONNECT ready data:EXISTS exists:2 data:OK data:OK reply:SELECT done:SELECT ready "
     "data:FETCH message:3/12 data:FETCH message:7/1 reply:UID_FETCH done:UID_FETCH ready "
     "data:FETCH message:7 reply:UID_STORE done:UID_STORE ready "
     "data:EXPUNGE expunge:2 reply:UID_EXPUNGE done:UID_EXPUNGE ready "
     "data:BYE reply:LOGOUT closed "},
    {"APPEND waits for the + before the message, and UTF-7 names (RFC 3501 5.1.3)",
     {.user = {"a", 1}, .password = {"b", 1}, .mechanism = SASL_MECHANISM_COUNT},
     writing,
     (const char *const[]){"S: * PREAUTH [CAPABILITY IMAP4rev1 MOVE] x\r\n",
                           "C: A1 APPEND Sent (\\Seen) {12}\r\n", "S: + go\r\n",
                           "C: A: b\r\n\r\ncd\r\n\r\n", "S: A1 OK [APPENDUID 1 5] x\r\n",
                           "C: A2 UID MOVE 3 Entw&APw-rfe\r\n", "S: A2 OK x\r\n",
                           "C: A3 LOGOUT\r\n", "S: * BYE x\r\nA3 OK x\r\n", NULL},
     "reply:CONNECT ready reply:APPEND done:APPEND ready reply:UID_MOVE done:UID_MOVE ready "
     "data:BYE reply:LOGOUT closed "},
    {"with LITERAL+ it does not wait (RFC 7888)",
     {.user = {"a", 1}, .password = {"b", 1}, .mechanism = SASL_MECHANISM_COUNT},
     writing,
     (const char *const[]){"S: * PREAUTH [CAPABILITY IMAP4rev1 MOVE LITERAL+] x\r\n",
                           "C: A1 APPEND Sent (\\Seen) {12+}\r\nA: b\r\n\r\ncd\r\n\r\n",
                           "S: A1 NO [OVERQUOTA] full\r\n", "C: A2 UID MOVE 3 Entw&APw-rfe\r\n",
                           "S: A2 OK x\r\n", "C: A3 LOGOUT\r\n", "S: * BYE x\r\nA3 OK x\r\n", NULL},
     "reply:CONNECT ready reply:APPEND done:APPEND ready reply:UID_MOVE done:UID_MOVE ready "
     "data:BYE reply:LOGOUT closed "},
    {"a literal that the server does not want is not sent",
     {.user = {"a", 1}, .password = {"b", 1}, .mechanism = SASL_MECHANISM_COUNT},
     (const char *const[]){"append Sent", "logout", NULL},
     (const char *const[]){"S: * PREAUTH [CAPABILITY IMAP4rev1] x\r\n",
                           "C: A1 APPEND Sent (\\Seen) {12}\r\n", "S: A1 NO [TRYCREATE] x\r\n",
                           "C: A2 LOGOUT\r\n", "S: * BYE x\r\nA2 OK x\r\n", NULL},
     "reply:CONNECT ready reply:APPEND done:APPEND ready data:BYE reply:LOGOUT closed "},
    {"IDLE: news come unasked, DONE ends it (RFC 2177)",
     {.user = {"a", 1}, .password = {"b", 1}, .mechanism = SASL_MECHANISM_COUNT},
     waiting,
     (const char *const[]){"S: * PREAUTH [CAPABILITY IMAP4rev1 IDLE] x\r\n",
                           "C: A1 SELECT INBOX\r\n", "S: * 0 EXISTS\r\nA1 OK x\r\n",
                           "C: A2 IDLE\r\n", "S: + idling\r\n", "C: ", "S: * 1 EXISTS\r\n",
                           "C: DONE\r\n", "S: A2 OK x\r\n", "C: A3 LOGOUT\r\n",
                           "S: * BYE x\r\nA3 OK x\r\n", NULL},
     "reply:CONNECT ready data:EXISTS exists:0 reply:SELECT done:SELECT ready idling data:EXISTS "
     "exists:1 reply:DONE done:DONE ready data:BYE reply:LOGOUT closed "},
    {"what is no IMAP",
     {.user = {"a", 1}, .password = {"b", 1}, .mechanism = SASL_MECHANISM_COUNT},
     nothing,
     (const char *const[]){"S: 220 mx1 ESMTP\r\n", "C: ", NULL},
     "failed "},
};

struct stage {
    struct imap_client client;
    const struct script *script;
    size_t action;
    char told[2000];
    size_t told_size;
};

static void note(struct stage *s, const char *word, struct slice what)
{
    int n = snprintf(s->told + s->told_size, sizeof s->told - s->told_size, "%s%.*s ", word,
                     SLICE_ARG(what));
    cr_assert(n > 0 && s->told_size + (size_t)n < sizeof s->told);
    for (int i = 0; i < n - 1; i++)
        if (s->told[s->told_size + (size_t)i] == ' ')
            s->told[s->told_size + (size_t)i] = '_';
    s->told_size += (size_t)n;
}

static void act(struct stage *s)
{
    const char *words = s->script->actions[s->action++];
    cr_assert_not_null(words);
    struct slice rest = slice_of(words), verb;
    struct imap_client *c = &s->client;
    slice_cut(&rest, ' ', &verb);
    if (slice_equal(verb, SLICE("select")))
        cr_assert(imap_client_select(c, rest, false));
    else if (slice_equal(verb, SLICE("fetch")))
        cr_assert(imap_client_fetch(c, rest, SLICE("(UID FLAGS BODY.PEEK[])")));
    else if (slice_equal(verb, SLICE("store")))
        cr_assert(imap_client_store(c, rest, SLICE("+FLAGS"), SLICE("\\Deleted")));
    else if (slice_equal(verb, SLICE("expunge")))
        cr_assert(imap_client_expunge(c, rest));
    else if (slice_equal(verb, SLICE("append")))
        cr_assert(
            imap_client_append(c, rest, SLICE("\\Seen"), SLICE("A: b\r\n\r\n"), SLICE("cd\r\n")));
    else if (slice_equal(verb, SLICE("move")))
        cr_assert(imap_client_move(c, rest, SLICE("Entw\xC3\xBCrfe")));
    else if (slice_equal(verb, SLICE("idle")))
        cr_assert(imap_client_idle(c));
    else
        imap_client_logout(c);
}

static void note_number(struct stage *s, const char *word, uint32_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%u", number);
    note(s, word, slice_of(text));
}

static void hear(struct stage *s, const struct imap_client_event *e)
{
    char text[64];
    switch (e->kind) {
    case IMAP_CLIENT_DATA:
        note(s, "data:", e->what);
        break;
    case IMAP_CLIENT_REPLY:
        note(s, "reply:", slice_of(e->verb));
        break;
    case IMAP_CLIENT_READY:
        note(s, "ready", SLICE(""));
        act(s);
        break;
    case IMAP_CLIENT_FOLDER:
        note(s, "folder:", e->name);
        break;
    case IMAP_CLIENT_EXISTS:
        note_number(s, "exists:", e->number);
        if (s->client.state == IMAP_CLIENT_STATE_IDLE)
            imap_client_done(&s->client);
        break;
    case IMAP_CLIENT_EXPUNGE:
        note_number(s, "expunge:", e->number);
        break;
    case IMAP_CLIENT_MESSAGE:
        snprintf(text, sizeof text, e->has_content ? "%u/%zu" : "%u", e->uid, e->content.size);
        note(s, "message:", slice_of(text));
        break;
    case IMAP_CLIENT_SEARCH:
        note(s, "search:", e->text);
        break;
    case IMAP_CLIENT_IDLING:
        note(s, "idling", SLICE(""));
        break;
    case IMAP_CLIENT_DONE:
        note(s, "done:", slice_of(e->verb));
        break;
    case IMAP_CLIENT_FAILED:
        cr_expect_gt(e->text.size, 0, "a failure says why");
        note(s, "failed", SLICE(""));
        break;
    case IMAP_CLIENT_CLOSED:
        note(s, "closed", SLICE(""));
        break;
    }
}

static void turn(struct stage *s)
{
    struct imap_client_event e;
    while (imap_client_next(&s->client, &e))
        hear(s, &e);
}

static void feed(struct stage *s, struct slice text, size_t piece)
{
    for (size_t at = 0; at < text.size; at += piece) {
        cr_assert(session_feed(&s->client.base, slice_part(text, at, at + piece)));
        turn(s);
    }
}

static void expect_said(struct stage *s, struct slice expected)
{
    struct slice out = bytes_slice(&s->client.base.out);
    cr_expect(slice_equal(out, expected), "%s: said \"%.*s\", expected \"%.*s\"", s->script->name,
              SLICE_ARG(out), SLICE_ARG(expected));
    while (session_to_send(&s->client.base).size)
        session_sent(&s->client.base, session_to_send(&s->client.base).size);
}

static void play(const struct script *script, size_t piece)
{
    static struct stage s;
    s.script = script;
    s.action = s.told_size = 0;
    imap_client_restart(&s.client, &script->options);
    turn(&s);
    for (const char *const *line = script->lines; *line; line++) {
        struct slice text = slice_of(*line), behind = slice_part(text, 3, SIZE_MAX);
        if (slice_equal(text, SLICE("TLS"))) {
            cr_assert_eq(s.client.base.tls, SESSION_TLS_WANTED);
            s.client.base.tls = SESSION_TLS_ON;
            turn(&s);
        } else if (text.data[0] == 'S') {
            feed(&s, behind, piece);
        } else {
            expect_said(&s, behind);
        }
    }
    cr_expect_str_eq(s.told, script->told, "%s", script->name);
    cr_expect(s.client.base.is_closing);
    imap_client_finish(&s.client);
}

Test(imap_client, says_and_tells_what_each_script_has_however_the_octets_come)
{
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        for (size_t piece = 1; piece < 40; piece = piece < 8 ? piece + 1 : piece * 5)
            play(&scripts[i], piece);
}

/* Whatever is missing, the role hears that it is over, once. */
static void cut_off(const struct script *script, size_t after)
{
    static struct stage s;
    s.script = script;
    s.action = s.told_size = 0;
    imap_client_restart(&s.client, &script->options);
    size_t fed = 0;
    for (const char *const *line = script->lines; *line && fed < after; line++) {
        if (slice_equal(slice_of(*line), SLICE("TLS")))
            s.client.base.tls = SESSION_TLS_ON;
        if ((*line)[0] != 'S')
            continue;
        struct slice text = slice_part(slice_of(*line), 3, 3 + (after - fed));
        fed += text.size;
        feed(&s, text, SIZE_MAX / 2);
    }
    s.client.base.is_eof = true;
    if (s.client.base.tls == SESSION_TLS_WANTED)
        s.client.base.tls = SESSION_TLS_ON;
    turn(&s);
    struct slice told = {s.told, s.told_size};
    cr_expect(slice_ends(told, SLICE("failed ")) || slice_ends(told, SLICE("closed ")),
              "%s, %zu: %s", script->name, after, s.told);
    imap_client_finish(&s.client);
}

Test(imap_client, a_connection_that_ends_anywhere_is_told_of_once)
{
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        for (size_t after = 0; after < 400; after++)
            cut_off(&scripts[i], after);
}

Test(imap_client, a_literal_that_is_too_large_ends_the_session)
{
    static struct stage s;
    s.script = &scripts[0];
    imap_client_restart(&s.client, &scripts[0].options);
    feed(&s, SLICE("* 1 FETCH (BODY[] {99999999999}\r\n"), SIZE_MAX / 2);
    cr_expect_str_eq(s.told, "failed ");
    imap_client_finish(&s.client);
}

Test(imap_client, no_name_can_add_a_command)
{
    static struct stage s;
    s.script = &scripts[8];
    imap_client_restart(&s.client, &s.script->options);
    struct imap_client_event e;
    cr_assert(session_feed(&s.client.base, SLICE("* PREAUTH [CAPABILITY IMAP4rev1] x\r\n")));
    while (imap_client_next(&s.client, &e))
        ;
    cr_expect(!imap_client_select(&s.client, SLICE("a\r\nA9 DELETE b"), false));
    cr_expect(!imap_client_command(&s.client, SLICE("NOOP\r\nA9 DELETE b")));
    cr_expect(!imap_client_command(&s.client, SLICE("NOOP {5}")));
    cr_expect(!imap_client_fetch(&s.client, SLICE("1\r\n"), SLICE("ALL")));
    cr_expect_eq(bytes_size(&s.client.base.out), 0);
    cr_expect_eq(s.client.state, IMAP_CLIENT_STATE_READY);
    imap_client_finish(&s.client);
}

Test(imap_client, what_comes_pipelined_behind_the_ok_to_starttls_is_thrown_away)
{
    static struct stage s;
    s.script = &scripts[7];
    imap_client_restart(&s.client, &s.script->options);
    feed(&s, SLICE("* OK [CAPABILITY IMAP4rev1 STARTTLS] x\r\n"), SIZE_MAX / 2);
    expect_said(&s, SLICE("A1 STARTTLS\r\n"));
    feed(&s, SLICE("A1 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nA2 OK\r\n"), SIZE_MAX / 2);
    cr_assert_eq(s.client.base.tls, SESSION_TLS_WANTED);
    s.client.base.tls = SESSION_TLS_ON;
    turn(&s);
    expect_said(&s, SLICE("A2 CAPABILITY\r\n"));
    cr_expect_eq(s.client.mechanisms, 0);
    imap_client_finish(&s.client);
}
