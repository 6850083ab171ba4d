/* Private to this folder: the step of the fold, one event at a time. */
#ifndef RENDER_SCENE_FOLD_H
#define RENDER_SCENE_FOLD_H

#include "render/scene/scene.h"

void fold_event(struct scene_now *now, const struct log *log, uint32_t id);
/* The parts of it: who is there, what the network does, and what becomes of messages. fold_map is
   false for events that are not of its kinds. */
bool fold_map(struct scene_now *now, const struct log *log, const struct event *e, uint32_t id);
void fold_net(struct scene_now *now, const struct log *log, const struct event *e, uint32_t id);
void fold_mail(struct scene_now *now, const struct log *log, const struct event *e, uint32_t id);
/* The part of that about responsibility. */
void fold_waiting(struct scene_now *now, const struct log *log, const struct event *e, uint32_t id);
/* Who was responsible at this host or agent is not any more: it is gone. */
void fold_lose(struct scene_now *now, const struct log *log, uint32_t at, uint32_t id);
struct scene_hold *fold_hold(struct scene_now *now, struct scene_message *message,
                             const struct log *log, uint32_t place);
/* A server has taken it over this connection: who has no queue does not keep it, as webmail. */
void fold_hand_over(struct scene_now *now, struct scene_message *message, const struct log *log,
                    uint32_t conn);
/* Numbers out of range (a foreign trace) give NULL. */
struct scene_place *fold_place(struct scene_now *now, uint32_t place);
struct scene_message *fold_message(struct scene_now *now, uint32_t msg);
/* Drops what has arrived by t. */
void fold_arrivals(struct scene_now *now, int64_t t);

void fold_finish(struct scene_now *now);
/* Makes `to` a copy of `from`, using the memory that it has. */
void fold_copy(struct scene_now *to, const struct scene_now *from);

#endif
