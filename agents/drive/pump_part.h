/*
 * What the files of the pump share: pump.c moves bytes, pump_tls.c puts TLS in between; nobody
 * outside agents/drive includes it. Those that give a bool give false when the pump was ended
 * meanwhile, by the role or for it: then it must not be touched any more.
 */
#ifndef AGENTS_DRIVE_PUMP_PART_H
#define AGENTS_DRIVE_PUMP_PART_H

#include "agents/drive/pump.h"

/* One turn of the role, then out with what it led to. */
bool pump_turn(struct pump *p);
/* The session is fed, then a turn. */
bool pump_take_in(struct pump *p, struct slice bytes);
/* The peer will say no more: likewise. */
bool pump_take_end(struct pump *p);

/* Begins the handshake; a client says hello. A failure is told later, by `ended`. */
void pump_tls_start(struct pump *p);
/* Ciphertext has come. */
void pump_tls_received(struct pump *p, struct slice bytes);
/* Only when the handshake is done. Changes the cause. */
void pump_tls_say(struct pump *p, struct slice cleartext, uint32_t msg);
/* Says that nothing more will be said, if anything could be. */
void pump_tls_close(struct pump *p);
/* Gives the connection up: closes it, and no more is taken from it. */
void pump_tls_fail(struct pump *p, struct slice reason);

#endif
