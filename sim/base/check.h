/*
 * Our own mistakes. check(cond) states what must be true if this program is right; it is kept in
 * release builds. It is never used for what a user, a file or a peer did: see problem.h for those.
 */
#ifndef SIM_BASE_CHECK_H
#define SIM_BASE_CHECK_H

#define check(cond) ((cond) ? (void)0 : check_failed(#cond, __FILE__, __LINE__))

/* Says which promise was broken and ends the program with status 3. Does not return. */
_Noreturn void check_failed(const char *cond, const char *file, int line);

#endif
