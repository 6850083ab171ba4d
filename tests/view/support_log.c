/* The traces written by hand are those of the scene's tests. */
#include "tests/scene/support_log.c"
