/*
 * The command `mailflow`: finds the subcommand, reads its options, runs it. Everything else is
 * below; here it is only wired together.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include <stdio.h>

/* What the program ends with. */
enum app_status {
    APP_DONE = 0,
    APP_NO = 1,          /* the answer is no */
    APP_WRONG = 2,       /* wrong use, or a bad file */
    APP_FAULT = 3,       /* a mistake of ours (sim/base/check.h ends with it) */
    APP_BROKEN_OFF = 130 /* a person broke it off: as shells say it of Ctrl+C */
};

/* Gives an enum app_status. argv[0] is not looked at; argv's order may change. */
int app_main(int argc, char **argv, FILE *in, FILE *out, FILE *err);

#endif
