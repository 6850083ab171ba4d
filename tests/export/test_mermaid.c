/* The sequence diagram for Mermaid: what is in it, and that nothing of a peer becomes syntax. That
   Mermaid itself reads it is tested in tests/app/mermaid.py. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vtime.h"
#include "support_log.h"

static char *diagram(const struct log *log)
{
    size_t size;
    return support_write(mermaid_write, log, &(struct export_options){0}, &size);
}

static size_t count(const char *text, const char *part)
{
    size_t found = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        found++;
    return found;
}

Test(mermaid, the_diagram_looks_as_it_did)
{
    struct log log;
    support_log_make(&log);
    char *text = diagram(&log);
    support_expect_golden("first.mmd", text, strlen(text));
    free(text);
    log_finish(&log);
}

Test(mermaid, a_message_that_is_pulled_has_a_dashed_arrow_and_what_is_lost_a_cross)
{
    struct log log;
    support_log_make(&log);
    char *text = diagram(&log);
    cr_expect(strstr(text, "h4-->>h5: +OK 110 octets, the message\n"), "%s", text);
    cr_expect_eq(count(text, "-->>"), 1u, "all else is pushed");
    cr_expect(strstr(text, "h2-xh4: a segment is lost\n"), "%s", text);
    cr_expect(strstr(text, "h2-xh4: port 25#58; refused\n"), "%s", text);
    free(text);
    log_finish(&log);
}

Test(mermaid, a_host_is_active_while_a_connection_to_it_is_open_also_one_that_never_ends)
{
    struct log log;
    support_log_make(&log);
    char *text = diagram(&log);
    cr_expect_eq(count(text, ">>+"), 3u, "the refused one does not count");
    cr_expect_eq(count(text, "    deactivate "), 3u, "%s", text);
    cr_expect(strstr(text, "connects to port 25"), "%s", text);
    free(text);
    log_finish(&log);
}

Test(mermaid, no_sign_that_means_something_to_mermaid_or_html_stands_for_itself)
{
    static const char hostile[] =
        "</text><script>alert(1)</script> %%{init: {}}%% ; # end\\n "
        "$$x$$ [a](javascript:b) `c` \"d\" &lt; ->> -x \xef\xac\x82\xc2\xb0";
    struct log log;
    support_log_make(&log);
    uint32_t text_of = support_text(&log, hostile);
    log_add(&log, log_end(&log), 0, EVENT_DNS_QUERY, 0,
            &(struct event_dns_query){1, 2, text_of, support_text(&log, "MX"), 1});
    char *text = diagram(&log), *line = strstr(text, "#60;/text");
    cr_assert(line, "%s", text);
    while (line[-1] != '\n')
        line--;
    line = strstr(line, ": ") + 2;
    line[strcspn(line, "\n")] = '\0';
    for (const char *c = line; *c; c++) {
        if (*c == '#') { /* "#60;" */
            c += 1 + strspn(c + 1, "0123456789");
            cr_expect_eq(*c, ';', "%s", line);
        } else {
            cr_expect_not(strchr("<>%;\\$[]`\"&:{}\xef", *c), "'%c' in %s", *c, line);
        }
    }
    free(text);
    log_finish(&log);
}

/* Mermaid refuses texts of more than 50,000 characters, and no page can allow more. */
Test(mermaid, a_long_run_ends_with_a_note_before_it_is_too_long_for_mermaid)
{
    struct log log;
    support_log_make(&log);
    uint32_t name =
        support_text(&log, "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<");
    for (int i = 0; i < 5000; i++)
        log_add(&log, log_end(&log) + 20 * VTIME_S, 0, EVENT_DNS_QUERY, 0,
                &(struct event_dns_query){1, 2, name, name, 1});
    char *text = diagram(&log);
    cr_expect_lt(strlen(text), 50000u);
    cr_expect_gt(strlen(text), 45000u);
    cr_expect(strstr(text, " more turns do not fit into a Mermaid chart\n"));
    free(text);
    log_finish(&log);
    support_log_make_wide(&log, 2000);
    text = diagram(&log);
    cr_expect_lt(strlen(text), 50000u, "so many hosts alone are too long");
    cr_expect(strstr(text, " more turns do not fit into a Mermaid chart\n"));
    free(text);
    log_finish(&log);
}

Test(mermaid, an_empty_trace_is_an_empty_diagram)
{
    struct log log;
    log_init(&log);
    char *text = diagram(&log);
    cr_expect(strstr(text, "sequenceDiagram\n    title mailflow\n") == text, "%s", text);
    free(text);
    log_finish(&log);
}
