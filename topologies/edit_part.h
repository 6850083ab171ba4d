/*
 * What the files of the editor share: edit.c is the document and knows the verbs, edit_host.c,
 * edit_agent.c, edit_link.c and edit_record.c carry them out, edit_list.c writes into lists and
 * objects, edit_name.c follows the names of hosts through the whole text.
 */
#ifndef TOPOLOGIES_EDIT_PART_H
#define TOPOLOGIES_EDIT_PART_H

#include "topologies/edit.h"
#include "sim/json/json_splice.h"

/* One edit on its way. The topology is that of the text before it. */
struct edit {
    struct json_splice json;
    struct arena *arena;
    const struct topology *t;
    const struct action *a;
    struct problem *problem;
};

/* "host add", with what stands behind it. */
struct edit_verb {
    const char *word; /* "add" */
    size_t words;     /* in all, that word too */
    const char *keys; /* that may be given, separated by blanks; NULL: any */
    bool (*apply)(struct edit *e);
};
extern const struct edit_verb edit_host_verbs[], edit_agent_verbs[], edit_link_verbs[],
    edit_admd_verbs[], edit_network_verbs[], edit_user_verbs[],
    edit_dns_verbs[]; /* an empty row at the end */
bool edit_set(struct edit *e);

/* ---- lists and objects ---- */

enum { EDIT_COLUMNS = 100 };

/* The list of a section; false when there is none. */
bool edit_section(const struct edit *e, const char *section, struct json_span *list);
/* An item of a section that must be there. */
struct json_span edit_item(const struct edit *e, const char *section, size_t index);
/* At the end of a section, which is made where there is none. */
void edit_add(struct edit *e, const char *section, struct slice item);
/* A section that is left without items goes, too. */
void edit_remove(struct edit *e, const char *section, size_t index);
/* At the end of a host's agents; out of them. */
void edit_add_agent(struct edit *e, size_t host, struct slice item);
void edit_remove_agent(struct edit *e, size_t host, size_t agent);
/* A text that the whole file has. */
void edit_put_text(struct edit *e, const char *section, struct slice text);
/* A key of an object that is short: behind the others, but for "agents". "" takes it away. */
void edit_put(struct edit *e, struct json_span object, const char *key, struct slice value);
/* A setting in an agent's config, which is made where there is none. */
void edit_put_setting(struct edit *e, size_t host, size_t agent, const char *key,
                      struct slice value);

/* `"key": value` behind what is there already, a comma between two. */
void edit_pair(struct edit *e, struct slice *pairs, const char *key, struct slice value);
/* A number as it is, all else in quotes. */
struct slice edit_value(struct edit *e, struct slice text);

/* ---- names ---- */

/* A host is called otherwise: wherever its id or its DNS name is meant. */
void edit_rename_all(struct edit *e, size_t host, struct slice id, struct slice name);
/* Settings that name a host by its id name it by its DNS name; gives whether anybody still names
   it. Not looked at: the host itself. */
bool edit_unlink_names(struct edit *e, size_t host);
/* Faults and steps of the demonstration that are about one of these ids go. */
void edit_drop_ids(struct edit *e, const struct slice *ids, size_t count);

/* ---- looking up ---- */

/* Index, or SLICE_NONE with the problem set. */
size_t edit_find_host(struct edit *e, struct slice id);
bool edit_find_agent(struct edit *e, struct slice id, size_t *host, size_t *agent);

#endif
