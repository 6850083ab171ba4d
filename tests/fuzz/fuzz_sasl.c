/*
 * SASL's messages of any octets. The first octet is the mechanism and the way; the rest is cut at
 * each 0x1E: user, password, and what is said. A server says OK to nobody who does not know the
 * password, a client believes no server that does not; the two of them come to terms exactly when
 * they know the same.
 */
#include "agents/proto/sasl.h"

#include "sim/base/base64.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    INPUT_MAX = 4096,
    STEPS_MAX = 8, /* no mechanism here has more messages */
    ROUNDS_DIGITS = 4,
    IS_STRANGER = 4,
    IS_WRONG = 8
};

static void check_plain(struct slice message)
{
    struct sasl_plain plain, again;
    struct bytes text, octets;
    if (!sasl_plain_read(message, &plain))
        return;
    bytes_init(&text, 2 * INPUT_MAX);
    bytes_init(&octets, 2 * INPUT_MAX);
    check(plain.user.size > 0 && plain.password.size > 0);
    check(sasl_plain_write(&plain, &text) && base64_read(bytes_slice(&text), &octets));
    check(slice_equal(bytes_slice(&octets), message));
    check(sasl_plain_read(bytes_slice(&octets), &again) && slice_equal(plain.user, again.user));
    bytes_finish(&text);
    bytes_finish(&octets);
}

/* A server that knows no such user, or another password than can stand in an input. */
static enum sasl_step refuse(struct sasl_server *s, bool is_stranger)
{
    static const struct slice secret = {"\x1E", 1};
    check(bytes_size(&s->user) > 0);
    return sasl_server_password(s, is_stranger ? NULL : &secret);
}

static void ask_server(struct slice said, unsigned way)
{
    struct sasl_server s;
    struct slice message;
    sasl_server_init(&s);
    enum sasl_step step = sasl_server_begin(&s, (enum sasl_mechanism)(way % SASL_MECHANISM_COUNT),
                                            SLICE("3rfcNHYJY1ZVvWVs7j"), SLICE("a.example"));
    for (int i = 0; step == SASL_STEP_CHALLENGE && slice_cut(&said, 0x1E, &message); i++) {
        check(i < STEPS_MAX);
        step = sasl_server_feed(&s, message);
        if (step == SASL_STEP_PASSWORD)
            step = refuse(&s, way & IS_STRANGER);
        check(step != SASL_STEP_OK && step != SASL_STEP_PASSWORD);
        check(bytes_size(&s.challenge) <= SASL_MESSAGE_MAX);
    }
    sasl_server_finish(&s);
}

/* Would the client have to work for longer than a fuzzer should wait? */
static bool is_hard_work(struct slice message)
{
    size_t digits = 0;
    for (size_t i = 0; i < message.size && digits <= ROUNDS_DIGITS; i++)
        digits = message.data[i] >= '0' && message.data[i] <= '9' ? digits + 1 : 0;
    return digits > ROUNDS_DIGITS;
}

static void ask_client(struct slice user, struct slice said, unsigned way)
{
    struct sasl_client c;
    struct slice message;
    enum sasl_mechanism mechanism = (enum sasl_mechanism)(way % SASL_MECHANISM_COUNT);
    bool is_going = true;
    sasl_client_init(&c);
    sasl_client_begin(&c, mechanism, user, SLICE("\x1E"), SLICE("fyko+d2lbbFgONRv9qkxdawL"));
    for (int i = 0; is_going && slice_cut(&said, 0x1E, &message); i++) {
        check(i < STEPS_MAX);
        is_going = !is_hard_work(message) && sasl_client_feed(&c, message);
        check(is_going || is_hard_work(message) || !sasl_client_feed(&c, message));
        check(bytes_size(&c.response) <= 2 * SASL_MESSAGE_MAX);
        check(mechanism != SASL_SCRAM_SHA_256 || !sasl_client_is_satisfied(&c));
    }
    sasl_client_finish(&c);
}

/* Both, back to back. */
static void meet(struct slice user, struct slice password, unsigned way)
{
    const struct slice stored = way & IS_WRONG ? SLICE("\x1E") : password;
    enum sasl_mechanism mechanism = (enum sasl_mechanism)(way % SASL_MECHANISM_COUNT);
    struct sasl_server s;
    struct sasl_client c;
    sasl_server_init(&s);
    sasl_client_init(&c);
    sasl_client_begin(&c, mechanism, user, password, SLICE("fyko+d2lbbFgONRv9qkxdawL"));
    enum sasl_step step =
        sasl_server_begin(&s, mechanism, SLICE("3rfcNHYJY1ZVvWVs7j"), SLICE("a.example"));
    bool is_first = sasl_client_begins(mechanism);
    for (int i = 0; step == SASL_STEP_CHALLENGE; i++) {
        check(i < STEPS_MAX);
        check(is_first || sasl_client_feed(&c, bytes_slice(&s.challenge)));
        is_first = false;
        step = sasl_server_feed(&s, bytes_slice(&c.response));
        if (step == SASL_STEP_PASSWORD) {
            check(slice_equal(bytes_slice(&s.user), user));
            step = sasl_server_password(&s, way & IS_STRANGER ? NULL : &stored);
        }
    }
    check(step == (way & (IS_STRANGER | IS_WRONG) ? SASL_STEP_DENIED : SASL_STEP_OK));
    check(step != SASL_STEP_OK || sasl_client_is_satisfied(&c));
    sasl_server_finish(&s);
    sasl_client_finish(&c);
}

static bool is_usable(struct slice text)
{
    return text.size > 0 && slice_find_octet(text, '\0', 0) == SLICE_NONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice user = {0}, password = {0};
    if (size < 1 || size > INPUT_MAX)
        return 0;
    struct slice said = {(const char *)data + 1, size - 1};
    check_plain(said);
    check(sasl_find(said) == SASL_MECHANISM_COUNT || said.size <= 13);
    (void)slice_cut(&said, 0x1E, &user);
    (void)slice_cut(&said, 0x1E, &password);
    ask_server(said, data[0]);
    ask_client(user, said, data[0]);
    if (is_usable(user) && is_usable(password) && size < 256)
        meet(user, password, data[0]);
    return 0;
}
