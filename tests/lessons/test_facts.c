#include <criterion/criterion.h>

#include "lessons/facts.h"

static struct log trace;

static uint32_t text(const char *s)
{
    return log_intern(&trace, slice_of(s));
}

#define ADD(KIND, kind, ...)                                                                       \
    log_add(&trace, 0, 0, EVENT_##KIND, 0, &(struct event_##kind){__VA_ARGS__})

static uint32_t fault(const char *id, const char *state, const char *kind, const char *target,
                      const char *args)
{
    ADD(FAULT, fault, text(id), text(state), text(kind), text(target), text(args));
    return log_count(&trace) - 1;
}

static void begin(void)
{
    log_init(&trace);
    ADD(RUN, run, text("test"), text("1"), 0, text(""));
    ADD(HOST, host, text("mx1"), text("mx1.example.org"), text("192.0.2.2"), 0, 0, 0);
    ADD(PALETTE, palette, text("mx1-off"), text("mx1 loses power"), text("host-down"), text("mx1"));
    ADD(PALETTE, palette, text("full"), text("no room"), text("disk-full"), text("mx1"));
}

static void end(void)
{
    log_finish(&trace);
}

TestSuite(facts, .init = begin, .fini = end);

static bool is_during(const char *phase, uint32_t event)
{
    struct facts facts;
    facts_init(&facts, &trace, log_count(&trace));
    bool is = facts_is_during(&facts, slice_of(phase), event);
    facts_finish(&facts);
    return is;
}

Test(facts, a_fault_of_the_palette_is_on_from_its_beginning_to_its_end)
{
    uint32_t on = fault("mx1-off", "on", "host-down", "mx1", "");
    uint32_t off = fault("mx1-off", "off", "host-down", "mx1", "");
    cr_expect(!is_during("mx1-off", on - 1));
    cr_expect(is_during("mx1-off", on));
    cr_expect(!is_during("mx1-off", off));
}

/* In the window's menu a host is switched off without a word of the lesson's palette. */
Test(facts, who_does_by_hand_what_the_palette_offers_has_done_it)
{
    uint32_t on = fault("host-down", "on", "host-down", "mx1", "");
    uint32_t off = fault("host-down", "off", "host-down", "mx1", "");
    cr_expect(is_during("mx1-off", on));
    cr_expect(!is_during("mx1-off", off));
    cr_expect(is_during("host-down", on), "under its own name as well");
}

Test(facts, another_host_other_details_or_another_kind_is_not_what_the_palette_offers)
{
    uint32_t host = fault("host-down", "on", "host-down", "pc-bob", "");
    uint32_t crash = fault("host-crash", "on", "host-crash", "mx1", "");
    uint32_t room = fault("disk-full", "on", "disk-full", "mx1", "octets=5");
    cr_expect(!is_during("mx1-off", host));
    cr_expect(!is_during("mx1-off", crash));
    cr_expect(!is_during("full", room));
}
