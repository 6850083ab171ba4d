/*
 * What the rows of topologies/fault.c are made of: the checks of topologies/fault_check.c and what
 * topologies/world_fault_set.c does.
 */
#ifndef TOPOLOGIES_FAULT_PART_H
#define TOPOLOGIES_FAULT_PART_H

#include "topologies/fault.h"

/* In the order of enum disturb_moment. */
#define FAULT_MOMENTS                                                                              \
    "before-greeting after-ehlo after-mail after-rcpt in-data after-dot-before-250 after-reply "   \
    "before-quit"

typedef bool fault_check_kind(const struct fault *f, const struct fault_map *map,
                              struct arena *arena, struct fault_wrong *wrong);
fault_check_kind fault_check_line, fault_check_lie, fault_check_reply, fault_check_verb,
    fault_check_moment, fault_check_setting;

typedef void fault_set_kind(struct world *w, struct world_fault *f, bool on);
fault_set_kind fault_set_host_down, fault_set_host_crash, fault_set_file_crash, fault_set_disk_full,
    fault_set_clock_skew, fault_set_agent_down, fault_set_link_cut, fault_set_link_slow,
    fault_set_link_lossy, fault_set_line_busy, fault_set_dns_silent, fault_set_dns_servfail,
    fault_set_dns_false, fault_set_reject, fault_set_mailbox_full, fault_set_reply, fault_set_slow,
    fault_set_cut, fault_set_cert_expired, fault_set_cert_wrong_name, fault_set_cert_untrusted,
    fault_set_mailbox_gone, fault_set_user_gone, fault_set_uidvalidity, fault_set_forward,
    fault_set_setting;

/* "mx1:out" is "out:mx1". */
bool fault_is_link(struct slice link, struct slice target);
/* "10 mx1.example.org" and the like, of the type that the fault names; texts in the arena. */
bool fault_read_lie(const struct fault *f, struct arena *arena, struct dns_record *record);

#endif
