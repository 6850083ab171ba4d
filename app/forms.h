/*
 * What the view's forms and menus are made of (render/view/forms.h): the settings of every role and
 * the kinds of faults, from the rows of the simulator; the values, people and records of a
 * topology.
 */
#ifndef APP_FORMS_H
#define APP_FORMS_H

#include "render/view/forms.h"
#include "topologies/topology.h"

struct forms;

/* NULL: of no topology, so that there are roles and nothing that could be changed. Copied. */
struct forms *forms_create(const struct topology *topology);
void forms_destroy(struct forms *forms); /* accepts NULL */
/* As long as the forms. */
const struct view_forms *forms_data(const struct forms *forms);

/* The sentences of all roles, settings and faults as tr("...") lines, appended: the tools that make
   the catalogs read them (po/program.txt). False when there was no room. */
bool forms_print_texts(struct bytes *out);

#endif
