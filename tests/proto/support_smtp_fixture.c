#include "support_smtp_fixture.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

const struct smtp_server_options smtp_fixture_everything = {.hostname = {"mx1.example.org", 15},
                                                            .size_max = 100000,
                                                            .offers_auth = true,
                                                            .offers_pipelining = true,
                                                            .offers_8bitmime = true,
                                                            .offers_esc = true,
                                                            .offers_starttls = true,
                                                            .offers_smtputf8 = true,
                                                            .offers_chunking = true,
                                                            .offers_dsn = true,
                                                            .offers_etrn = true,
                                                            .offers_expn = true,
                                                            .offers_help = true};

void smtp_fixture_start(struct smtp_fixture *f, const struct smtp_server_options *options)
{
    smtp_server_init(&f->s, options);
    smtp_role_init(&f->role);
    bytes_init(&f->out, SIZE_MAX / 2);
    smtp_server_answer(&f->s, &(struct smtp_reply){220, {0}, SLICE("hello")});
    smtp_role_serve(&f->role, &f->s);
    support_drain(&f->s.base, &f->out);
    bytes_clear(&f->out);
}

void smtp_fixture_finish(struct smtp_fixture *f)
{
    smtp_server_finish(&f->s);
    smtp_role_finish(&f->role);
    bytes_finish(&f->out);
}

struct slice smtp_fixture_tell(struct smtp_fixture *f, struct slice text)
{
    bytes_clear(&f->out);
    if (!f->s.base.is_closing)
        cr_assert(session_feed(&f->s.base, text));
    smtp_role_serve(&f->role, &f->s);
    support_drain(&f->s.base, &f->out);
    return bytes_slice(&f->out);
}

void smtp_fixture_go_to(struct smtp_fixture *f, enum smtp_state state)
{
    bool has_sender = state >= SMTP_STATE_SENDER && state <= SMTP_STATE_CHUNKS;
    if (state >= SMTP_STATE_TLS && state <= SMTP_STATE_CHUNKS)
        smtp_fixture_tell(f, f->s.options.is_lmtp ? SLICE("LHLO out.example.com\r\n")
                                                  : SLICE("EHLO out.example.com\r\n"));
    if (state == SMTP_STATE_TLS)
        smtp_fixture_tell(f, SLICE("STARTTLS\r\n"));
    if (state == SMTP_STATE_AUTH)
        smtp_fixture_tell(f, SLICE("AUTH PLAIN\r\n"));
    if (has_sender)
        smtp_fixture_tell(f, SLICE("MAIL FROM:<alice@example.com>\r\n"));
    if (has_sender && state >= SMTP_STATE_RECIPIENTS)
        smtp_fixture_tell(f, SLICE("RCPT TO:<bob@example.org>\r\n"));
    if (state == SMTP_STATE_DATA)
        smtp_fixture_tell(f, SLICE("DATA\r\n"));
    if (state == SMTP_STATE_CHUNK)
        smtp_fixture_tell(f, SLICE("BDAT 1000\r\n"));
    if (state == SMTP_STATE_CHUNKS)
        smtp_fixture_tell(f, SLICE("BDAT 3\r\nx\r\n"));
    if (state == SMTP_STATE_CLOSED)
        smtp_fixture_tell(f, SLICE("QUIT\r\n"));
    cr_assert_eq(f->s.state, state);
}

int smtp_fixture_code(struct slice out)
{
    uint64_t code = 0;
    slice_to_u64(slice_part(out, 0, 3), &code);
    return (int)code;
}
