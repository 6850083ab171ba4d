/*
 * What the files of the world share: world.c makes and runs it, world_act.c plans what people do,
 * which the world_TOPIC.c carry out: world_mail.c at mail programs and queues, world_set.c
 * settings, world_dns.c records, world_fault.c what goes wrong, and so on; world_lines.c opens and
 * closes lines by the clock; world_live.c lets real programs in.
 */
#ifndef TOPOLOGIES_WORLD_INNER_H
#define TOPOLOGIES_WORLD_INNER_H

#include "agents/roles/office.h"
#include "sim/base/arena.h"
#include "sim/base/vector.h"
#include "sim/kernel/sim.h"
#include "topologies/action.h"
#include "topologies/edit.h"
#include "topologies/world.h"

/* A fault that is on. */
struct world_fault {
    struct world *world;
    struct arena arena; /* of its texts */
    struct fault fault;
    uint32_t number;               /* its own: what it began in the office bears it */
    uint32_t place;                /* host, agent or link; 0: a user */
    struct config_value was;       /* kind `setting`: what it was before, in the arena */
    struct office_account account; /* kind `user-gone`: likewise */
    int32_t skew_s, zone_minutes;  /* kind `clock-skew`: what it has added */
    bool is_over;                  /* it ended before it was switched off */
};

/* Used again once it is carried out. */
struct planned {
    struct arena arena; /* of its texts */
    struct slice text;
    struct action action;
};

/*
 * The topology with all edits folded in. Read when somebody edits for the first time; lines that
 * came before are kept until then.
 */
struct world_draft {
    struct edit_document document;
    bool is_open;
    VECTOR(struct slice) lines; /* to be folded in; in the world's arena */
};

struct world_edits {
    struct world_draft now;     /* as the world is */
    struct world_draft planned; /* as it will be once all that is planned is done */
    uint32_t pending;           /* so many are planned and not done */
    uint32_t names;             /* of these, so many bring or take names that others may use */
};

/* A link that is there at certain hours only. */
struct world_line {
    uint32_t link, caller; /* caller: the host that is told when it opens */
    struct slice id, hours;
    const struct topology_hours *up;
    size_t up_count;
    bool is_open;
    bool is_busy, was_busy; /* the next opening fails; this one does */
    bool is_gone;
    struct slice busy_id;
};

struct world {
    struct sim sim;
    struct net *net;
    struct office office;
    struct slice json;             /* the topology as it was loaded */
    struct tls_authority *tls;     /* the office's pumps have it; NULL without TLS */
    struct tls_authority *own_tls; /* the same, where no memory keeps it; else NULL */
    struct arena arena;
    VECTOR(struct fault) faults;     /* the palette */
    VECTOR(struct world_fault *) on; /* in the order in which they began */
    uint32_t fault_count;            /* so many were ever switched on */
    VECTOR(uint32_t) link_loss;      /* by number - 1: as the topology has it, in millionths */
    struct world_edits edits;
    bool is_edited; /* somebody who was there when an action was planned may not be there now */
    VECTOR(struct planned) planned;
    VECTOR(uint32_t) free_planned;
    VECTOR(struct topology_demo) demo;
    VECTOR(struct world_line) lines;
};

uint32_t world_text(struct world *w, struct slice s);
/* The host or agent with this id, or 0; who is gone is not found. */
uint32_t world_find_place(const struct world *w, struct slice id);
/* Those of the topology from which a new host, link, agent or the palette is made (world.c). */
uint32_t world_add_host(struct world *w, const struct topology_host *h);
void world_add_link(struct world *w, const struct topology *t, size_t link, const uint32_t *places);
void world_add_agent(struct world *w, uint32_t host, const struct topology_agent *a);
/* Whom a host asks that has no resolver of its own: the first name server of the file; or 0. */
uint32_t world_dns_address(const struct topology *t);
/* Faults that are on about what is gone end. */
void world_end_faults(struct world *w);
/* The event of a record that came or went (world_dns.c). */
void world_emit_record(struct world *w, const struct dns_record *record, bool on,
                       struct arena *arena);
void world_keep_fault(struct world *w, const struct fault *f);

/* world_edit.c: an action that was read is planned; it was carried out, or refused at its time. */
void world_edit_planned(struct world *w, const struct planned *p);
void world_edit_done(struct world *w, const struct planned *p, bool ok);
void world_finish_edits(struct world *w);
/* world_edit_apply.c: makes the running world what `after` says instead of `before`. */
void world_edit_apply(struct world *w, const struct topology *before, const struct topology *after,
                      const struct action *a);
/* Dial-up lines: it is not there any more. */
void world_remove_line(struct world *w, uint32_t link);
void world_finish_faults(struct world *w);
/* The event of a fault that begins or ends; state: "on", "off". */
void world_emit_fault(struct world *w, const struct fault *f, const char *state);

/* The next agent behind `a` (NULL: the first) that `who` names: itself by its id, its host, or whom
   it works for. */
const struct office_agent *world_next_agent(const struct world *w, struct slice who,
                                            const struct office_agent *a);

/* world_set.c: NULL where there is none; a setting of an agent, or of the first on a host that has
   it; its value, hosts by their names. */
const struct config_key *world_find_key(const struct office_agent *a, struct slice name);
const struct office_agent *world_find_setting(const struct world *w, struct slice who,
                                              struct slice key);
bool world_read_setting(struct world *w, const struct config_key *key, struct slice text,
                        struct arena *arena, struct config_value *value, struct problem *problem);

/* `link` is the topology's index of a link with hours, `number` the network's. */
void world_add_line(struct world *w, const struct topology *t, size_t link, uint32_t number,
                    const uint32_t *places);
/* Is it there at certain hours only? */
bool world_has_line(const struct world *w, uint32_t link);
/* Its next opening does not take place: the call fails once, whereupon the fault `id` of kind
   line-busy ends by itself. The link must have hours. */
void world_set_line_busy(struct world *w, uint32_t link, struct slice id, bool is_busy);

/*
 * What a verb does: `check` when it is planned, true when whom and what it names are there; `act`
 * when its time has come, with the problem set where it turns out that it can't be done.
 */
struct world_verb {
    bool (*check)(struct world *w, const struct action *a, struct problem *problem);
    bool (*act)(struct world *w, const struct action *a, struct problem *problem);
};
/* The .forward and .rules files of a topology's users (world_file.c). */
void world_write_homes(struct world *w, const struct topology *t);
extern const struct world_verb world_write, world_remove;
extern const struct world_verb world_send, world_fetch, world_flush, world_set, world_fault,
    world_robot, world_reply, world_forward, world_deed, world_idle, world_browse, world_dns,
    world_user, world_edit, world_type, world_cut, world_store;

/* Where mail for this address is delivered, and so where its home is; 0: nowhere. */
uint32_t world_home_host(const struct world *w, struct slice address);

#endif
