/* Is a text well-formed XML 1.0? Enough of the rules for SVG without a document type: one root,
   tags that match, quoted attributes each once, known entities, allowed characters. */
#ifndef TESTS_DRAW_SUPPORT_XML_H
#define TESTS_DRAW_SUPPORT_XML_H

#include "sim/base/slice.h"

/* NULL when it is, else what is wrong first. */
const char *xml_fault(struct slice document);

#endif
