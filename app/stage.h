/*
 * A scene of a lesson on which an attempt is played, without a window: the world of its topology,
 * the present moment, and the attempt's deeds. What is asked of it are the lines of lessons:
 *
 *     send from=... , fault mx1-down on, type out text="EHLO me\n" ...   at the present moment
 *     run            on to the moment when nothing is on its way any more
 *     run 30min      on by so much;  run to 3h10min: to that time since the start
 *     answer TEXT    to the question of the step
 *     step ID        what follows belongs to this step; what the step does by itself happens
 *
 * So a lesson's solution, a learner's work that is graded and a dialogue on the terminal are one.
 */
#ifndef APP_STAGE_H
#define APP_STAGE_H

#include "lessons/verdict.h"
#include "topologies/world.h"

/* What somebody's work may take: tasks of the world from one deed to the next, events in all. */
enum { STAGE_TASKS_MAX = 2000000, STAGE_EVENTS_MAX = 2000000 };

struct stage {
    const struct lesson_scene *scene;
    uint64_t seed;
    struct stage_topology *own;      /* NULL: the cache has it */
    const struct topology *topology; /* where it began */
    struct world *world;
    struct arena arena;
    int64_t now;
    struct slice step; /* the present one; "" none yet */
    const struct slice
        *line; /* of the lesson's own: the one that was carried out last; NULL none */
};

/* The text of the scene's topology, with its patches, in the arena; in an exam without a palette.
 */
bool stage_topology(const struct lesson_scene *scene, struct arena *arena, struct slice *text,
                    struct problem *problem);

/* What stages on the same scenes have in common and is slow to make. Zeroed is empty; the scenes
   must stay where they are. */
struct stage_cache {
    VECTOR(struct stage_topology *) topologies;
    struct world_memory memory;
};
void stage_cache_finish(struct stage_cache *cache);

/* `cache` is borrowed until stage_close; NULL: nothing is kept. */
bool stage_open(struct stage *stage, const struct lesson_scene *scene, uint64_t seed,
                struct stage_cache *cache, struct problem *problem);
void stage_close(struct stage *stage);
const struct log *stage_log(const struct stage *stage);

/* One action line at t, not before now. False with a problem: it was refused. */
bool stage_act(struct stage *stage, int64_t t, struct slice line, struct problem *problem);
/* The moment that is meant by what stands behind "run" at `now`: "" (VTIME_NEVER: until all is
   quiet), "30min", "to 3h10min". */
bool stage_read_run(struct slice text, int64_t now, int64_t *t, struct problem *problem);
/* On to t, or with VTIME_NEVER until all is quiet; *t is then where it came to. */
bool stage_run(struct stage *stage, int64_t *t, struct problem *problem);

/* Carries out a line and adds what was done to the attempt. False with a problem: nothing was done.
 */
bool stage_line(struct stage *stage, struct workbook *book, struct workbook_attempt *attempt,
                struct slice line, struct problem *problem);
/* The step begins: its own action lines happen, once an attempt. */
bool stage_step(struct stage *stage, struct workbook *book, struct workbook_attempt *attempt,
                struct slice id, struct problem *problem);
/* Does what an attempt's deeds say on a stage that was just opened, in order of time, and runs on
   to the last of them, or (is_whole) until all is quiet. Deeds that can't be done are left out;
   gives how many were. */
size_t stage_replay(struct stage *stage, const struct workbook_attempt *attempt, bool is_whole);

/* The whole of a scene as the lesson solves it, up to and with the step `last` ("": all). */
bool stage_solve(struct stage *stage, struct workbook *book, struct workbook_attempt *attempt,
                 struct slice last, struct problem *problem);
bool stage_way(struct stage *stage, struct workbook *book, struct workbook_attempt *attempt,
               const struct lesson_way *way, struct problem *problem);

#endif
