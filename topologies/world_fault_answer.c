/*
 * Faults of servers' answers (agents/roles/disturb.h): each is a disturbance that bears the fault's
 * number, and ends with it.
 */
#include "topologies/fault_part.h"
#include "topologies/world_inner.h"

static void disturb(struct world *w, const struct world_fault *f, bool on, struct disturbance d)
{
    d.owner = f->number;
    d.place = f->place;
    d.times = d.times ? d.times : DISTURB_ALWAYS;
    if (on)
        disturb_begin(&w->office, &d);
    else
        disturb_end(&w->office, f->number);
}

/* ---- name servers ---- */

void fault_set_dns_silent(struct world *w, struct world_fault *f, bool on)
{
    disturb(w, f, on, (struct disturbance){.kind = DISTURB_DNS_SILENT});
}

void fault_set_dns_servfail(struct world *w, struct world_fault *f, bool on)
{
    disturb(w, f, on,
            (struct disturbance){.kind = DISTURB_DNS_FAIL, .name = fault_text(&f->fault, "name")});
}

void fault_set_dns_false(struct world *w, struct world_fault *f, bool on)
{
    struct disturbance d = {.kind = DISTURB_DNS_FALSE, .name = fault_text(&f->fault, "name")};
    (void)fault_read_lie(&f->fault, &f->arena, &d.record);
    disturb(w, f, on, d);
}

/* ---- replies ---- */

static struct slice status_of(const struct fault *f, const char *rest, struct arena *arena)
{
    return arena_printf(arena, "%d.%s", (int)fault_number(f, "code") / 100, rest);
}

void fault_set_reject(struct world *w, struct world_fault *f, bool on)
{
    const struct fault_value *esc = fault_get(&f->fault, "esc");
    disturb(w, f, on,
            (struct disturbance){.kind = DISTURB_REPLY,
                                 .verb = SLICE("RCPT"),
                                 .rcpt = fault_text(&f->fault, "rcpt"),
                                 .code = (int)fault_number(&f->fault, "code"),
                                 .esc = esc->is_given ? esc->text
                                                      : status_of(&f->fault, "1.1", &f->arena),
                                 .text = SLICE("This recipient is refused")});
}

void fault_set_mailbox_full(struct world *w, struct world_fault *f, bool on)
{
    disturb(w, f, on,
            (struct disturbance){.kind = DISTURB_REPLY,
                                 .verb = SLICE("RCPT"),
                                 .rcpt = fault_text(&f->fault, "rcpt"),
                                 .code = (int)fault_number(&f->fault, "code"),
                                 .esc = status_of(&f->fault, "2.2", &f->arena),
                                 .text = SLICE("The mailbox is full")});
}

void fault_set_reply(struct world *w, struct world_fault *f, bool on)
{
    const struct fault_value *esc = fault_get(&f->fault, "esc");
    disturb(w, f, on,
            (struct disturbance){.kind = DISTURB_REPLY,
                                 .times = (uint32_t)fault_number(&f->fault, "times"),
                                 .verb = fault_text(&f->fault, "verb"),
                                 .code = (int)fault_number(&f->fault, "code"),
                                 .esc = esc->is_given ? esc->text
                                                      : status_of(&f->fault, "3.0", &f->arena),
                                 .word = fault_text(&f->fault, "word"),
                                 .text = fault_text(&f->fault, "text")});
}

/* ---- late answers, and none ---- */

void fault_set_slow(struct world *w, struct world_fault *f, bool on)
{
    disturb(w, f, on,
            (struct disturbance){.kind = DISTURB_SLOW,
                                 .times = (uint32_t)fault_number(&f->fault, "times"),
                                 .verb = fault_text(&f->fault, "verb"),
                                 .delay_ns = fault_number(&f->fault, "delay")});
}

void fault_set_cut(struct world *w, struct world_fault *f, bool on)
{
    disturb(w, f, on,
            (struct disturbance){.kind = DISTURB_CUT,
                                 .times = (uint32_t)fault_number(&f->fault, "times"),
                                 .moment = (enum disturb_moment)fault_number(&f->fault, "at")});
}

/* ---- certificates ---- */

void fault_set_cert_expired(struct world *w, struct world_fault *f, bool on)
{
    disturb(w, f, on, (struct disturbance){.kind = DISTURB_FLAW, .flaw = TLS_FLAW_EXPIRED});
}

void fault_set_cert_wrong_name(struct world *w, struct world_fault *f, bool on)
{
    disturb(w, f, on, (struct disturbance){.kind = DISTURB_FLAW, .flaw = TLS_FLAW_WRONG_NAME});
}

void fault_set_cert_untrusted(struct world *w, struct world_fault *f, bool on)
{
    disturb(w, f, on, (struct disturbance){.kind = DISTURB_FLAW, .flaw = TLS_FLAW_UNTRUSTED});
}
