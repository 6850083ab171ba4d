/*
 * What the view can't know from the trace and the program tells it, as plain data: the settings
 * that each role has, the kinds of faults, and what the topology's file says of its agents, people
 * and DNS records. What has changed since is in the trace.
 *
 *     static const struct view_forms forms = {...};
 *     view_set_forms(view, &forms);
 *
 * Everything is borrowed until other forms, or NULL, are set. Without forms (a trace from
 * elsewhere) there are no settings and no faults but the topology's own.
 */
#ifndef RENDER_VIEW_FORMS_H
#define RENDER_VIEW_FORMS_H

#include <stdint.h>

#include "sim/base/slice.h"

struct view;

/* A value that a person gives. Every text ends with a NUL. */
struct view_field {
    const char *key;
    const char *words;    /* the choices, separated by blanks; NULL: any text */
    const char *fallback; /* what it is when nothing is said; "" nothing */
    const char *range;    /* what it may be, in English (tr.h); NULL: anything, or a number */
    int64_t min, max;     /* of a number; both 0: it is none */
    const char *meaning;
    bool is_required;
};

struct view_role {
    const char *name, *meaning;
    const struct view_field *fields;
    size_t field_count;
};

enum view_target { VIEW_TARGET_HOST, VIEW_TARGET_LINK, VIEW_TARGET_AGENT, VIEW_TARGET_USER };

struct view_fault_kind {
    const char *name, *meaning;
    enum view_target target;
    const char *roles; /* of an AGENT, separated by blanks; "": any */
    bool is_once;      /* it happens, and is not on afterwards */
    const struct view_field *fields;
    size_t field_count;
};

/* A setting of an agent, or a detail of a fault of the palette, that the file gives. */
struct view_value {
    struct slice agent, key, value; /* agent: or the fault's id */
};

struct view_person {
    struct slice address, name;
};

struct view_record {
    struct slice name, type, data;
};

struct view_forms {
    const struct view_role *roles;
    const struct view_fault_kind *faults;
    const struct view_value *values, *details; /* of agents; of faults */
    const struct view_person *people;
    const struct view_record *records;
    size_t role_count, fault_count, value_count, person_count, record_count, detail_count;
};

void view_set_forms(struct view *view, const struct view_forms *forms);

#endif
