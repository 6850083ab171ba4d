/* telnet: a person, or a script, speaks to a server without any socket. */
#include <criterion/criterion.h>
#include <string.h>

#include "support_app.h"

static struct support_result speak(const char *script, const char *target, const char *option,
                                   const char *value)
{
    return support_run(
        script, (const char *const[]){"telnet", SUPPORT_TWO_TOWNS, target, option, value, NULL});
}

/* The lines come in this order. */
static void expect_in_order(const char *text, const char *const *lines)
{
    const char *at = text;
    for (size_t i = 0; lines[i]; i++) {
        at = strstr(at, lines[i]);
        cr_assert(at, "\"%s\" is missing, or not in its place:\n%s", lines[i], text);
        at += strlen(lines[i]);
    }
}

Test(telnet, a_script_sends_a_message_and_each_line_is_answered)
{
    struct support_result r =
        speak("EHLO me.example.net\nMAIL FROM:<carol@example.net>\nRCPT TO:<bob@example.org>\n"
              "DATA\nFrom: carol@example.net\nSubject: by hand\n\nHello\n.\nQUIT\n",
              "mx1:25", "--format", "summary");
    cr_assert_eq(r.status, 0, "%s", r.err);
    expect_in_order(r.out,
                    (const char *const[]){"220 mx1.example.org", "250-mx1.example.org", "250 2.1.0",
                                          "250 2.1.5", "354 ", "250 2.0.0", "221 2.0.0",
                                          "delivered into bob@example.org", NULL});
    support_free(&r);
}

Test(telnet, the_host_and_the_port_may_be_two_words_and_the_name_the_full_one)
{
    struct support_result r =
        support_run("QUIT\n", (const char *const[]){"telnet", SUPPORT_TWO_TOWNS, "mx1.example.org",
                                                    "110", NULL});
    cr_assert_eq(r.status, 0, "%s", r.err);
    expect_in_order(r.out, (const char *const[]){"+OK", "+OK", NULL});
    support_free(&r);
}

Test(telnet, the_connection_comes_from_the_visitor_or_from_a_host_that_is_named)
{
    struct support_result r = speak("QUIT\n", "mx1:25", "--format", "dialogue");
    cr_expect(strstr(r.out, "visitor:"), "%s", r.out);
    support_free(&r);
    r = support_run("QUIT\n", (const char *const[]){"telnet", SUPPORT_TWO_TOWNS, "mx1:25", "--as",
                                                    "pc-bob", "--format", "dialogue", NULL});
    cr_expect(strstr(r.out, "pc-bob:") && !strstr(r.out, "visitor"), "%s", r.out);
    support_free(&r);
}

Test(telnet, the_end_of_the_input_closes_the_connection_in_order)
{
    struct support_result r = speak("NOOP", "mx1:25", "--format", "dialogue");
    cr_assert_eq(r.status, 0, "%s", r.err);
    expect_in_order(r.out, (const char *const[]){"C: NOOP", "S: 250", "-- closed", NULL});
    support_free(&r);
}

Test(telnet, time_leaps_to_the_answer_and_no_further)
{
    /* the server's patience of minutes is not used up by a script that says nothing for long */
    char script[4096] = "EHLO me\nMAIL FROM:<a@example.net>\nRCPT TO:<bob@example.org>\nDATA\n";
    for (int i = 0; i < 200; i++)
        strncat(script, "a line\n", sizeof script - strlen(script) - 1);
    strncat(script, ".\nQUIT\n", sizeof script - strlen(script) - 1);
    struct support_result r = speak(script, "mx1:25", "--format", "dialogue");
    cr_assert_eq(r.status, 0, "%s", r.err);
    expect_in_order(r.out,
                    (const char *const[]){"354 ", "250 2.0.0", "221 ", "09:00:0", "C: QUIT", NULL});
    cr_expect(!strstr(r.out, "09:00:2"), "seconds have passed:\n%s", r.out);
    support_free(&r);
}

Test(telnet, a_starttls_that_is_granted_is_followed_by_its_handshake)
{
    /* RFC 3207: the greeting is not repeated, and STARTTLS is not offered again */
    struct support_result r =
        speak("EHLO me\nSTARTTLS\nEHLO me\nQUIT\n", "mx1:25", "--export", "-");
    cr_assert_eq(r.status, 0, "%s", r.err);
    expect_in_order(r.err, (const char *const[]){"220 mx1", "250-STARTTLS", "220 ", "TLSv1.3",
                                                 "verified", "250-mx1", "221 ", NULL});
    cr_expect(strstr(r.out, "\"kind\":\"tls.up\""));
    struct support_result again =
        speak("EHLO me\nSTARTTLS\nEHLO me\nQUIT\n", "mx1:25", "--export", "-");
    cr_expect_str_eq(r.out, again.out, "the same words give the same trace, within TLS too");
    support_free(&r);
    support_free(&again);
}

Test(telnet, nobody_there_is_an_answer_and_a_wrong_word_is_a_mistake)
{
    static const struct {
        const char *target, *option, *value;
        int status;
        const char *says;
    } rows[] = {
        {"mx1:26", NULL, NULL, 1, "mx1 does not answer on port 26: the connection is refused"},
        {"mx1:25", "--do", "fault mx1-down on", 1, "does not answer on port 25: nothing comes"},
        {"mx2:25", NULL, NULL, 2, "did you mean mx1?"},
        {"mx1", NULL, NULL, 2, "expected HOST:PORT"},
        {"mx1:0", NULL, NULL, 2, "expected HOST:PORT"},
        {"mx1:25", "--as", "pc-alise", 2, "did you mean pc-alice?"},
        {"mx1:25", "--do", "dance", 2, "dance"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_result r = speak("QUIT\n", rows[i].target, rows[i].option, rows[i].value);
        cr_expect_eq(r.status, rows[i].status, "row %zu: %s", i, r.err);
        cr_expect(strstr(r.err, rows[i].says), "row %zu: %s", i, r.err);
        support_free(&r);
    }
}

Test(telnet, the_trace_alone_is_on_standard_output_when_it_is_asked_for)
{
    struct support_result r = speak("QUIT\n", "mx1:25", "--export", "-");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect(strncmp(r.out, "{\"mailflow-trace\"", 17) == 0, "%.80s", r.out);
    cr_expect(strstr(r.err, "220 mx1.example.org"));
    struct support_result again = speak("QUIT\n", "mx1:25", "--export", "-");
    cr_expect_str_eq(r.out, again.out, "the same words give the same trace");
    support_free(&r);
    support_free(&again);
}
