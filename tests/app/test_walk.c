/*
 * Random walks at the window: whatever a person does, nothing breaks, and undoing all of it gives
 * the run of the beginning, octet for octet. A walk is a UI script, kept while it lasts: one that
 * failed can be played again with `mailflow render TOPOLOGY --script FILE`.
 *
 * MAILFLOW_WALK_STEPS and MAILFLOW_WALK_SEED make it longer, or another one (tools/walk).
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/save_topology.h"
#include "app/ui_script.h"
#include "sim/base/vtime.h"
#include "sim/trace/jsonl.h"
#include "support_walk.h"

enum { STEPS_DEFAULT = 2000, STEPS_A_WALK = 100 };

static const char *const topologies[] = {
    "two-towns",          "one-host",       "three-relays",   "backup-mx",         "t04-be-the-mta",
    "t16-imap",           "t06-submission", "t09-wait-retry", "t11-classic-unix",  "t13-campus",
    "t17-errand-runner",  "t18-webmail",    "t19-relay",      "t20-eavesdroppers", "t21-mediators",
    "t22-forged-senders", "t23-filters",    "t24-outage",     "dns-tree",          "dial-up-unix"};

struct walk {
    uint64_t seed;
    struct random random;
    struct work work;
    struct screen_ways ways;
    struct screen *screen;
    char path[96]; /* of the script */
    FILE *script;
    bool has_failed; /* the script is kept */
};

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    uint64_t value;
    const char *text = getenv(variable);
    return text && slice_to_u64(slice_of(text), &value) ? value : otherwise;
}

/* The events up to t, as text; to be freed. */
static char *history(const struct log *log, int64_t t)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    struct bytes line;
    bytes_init(&line, SIZE_MAX);
    for (uint32_t id = 0; id < log_count_until(log, t); id++) {
        bytes_clear(&line);
        jsonl_event(log, id, &line);
        fwrite(bytes_slice(&line).data, 1, bytes_size(&line), out);
    }
    bytes_finish(&line);
    fclose(out);
    return text;
}

/* Says where they part. */
static void expect_same_text(struct walk *w, const char *a, const char *b, const char *what)
{
    size_t i = 0;
    while (a[i] && a[i] == b[i])
        i++;
    cr_expect(a[i] == b[i], "walk %" PRIu64 ", %s: %s\n%.200s\n%.200s", w->seed, what, w->path,
              a + (i > 60 ? i - 60 : 0), b + (i > 60 ? i - 60 : 0));
    w->has_failed |= a[i] != b[i];
}

static void expect_same(struct walk *w, const struct log *one, const struct log *other,
                        const char *what)
{
    int64_t t = log_end(one) < log_end(other) ? log_end(one) : log_end(other);
    char *a = history(one, t), *b = history(other, t);
    expect_same_text(w, a, b, what);
    free(a);
    free(b);
}

static void begin(struct walk *w, uint64_t seed)
{
    struct problem problem = {0};
    struct picture_options options = {.w = 1280, .h = 800};
    char file[512];
    *w = (struct walk){.seed = seed};
    random_init(&w->random, seed, SLICE("walk"));
    const char *name = topologies[random_below(&w->random, sizeof topologies / sizeof *topologies)];
    snprintf(file, sizeof file, SOURCE_DIR "/topologies/%s.json", name);
    cr_assert(work_open(&w->work, file, &(struct source_options){.seed = 1}, NULL, false, &problem),
              "%s: %s", file, problem.what);
    w->ways = work_ways(&w->work);
    w->screen = screen_create(&options, &w->ways, NULL);
    view_seek(screen_view(w->screen), 0);
    screen_frame(w->screen, 0);
    snprintf(w->path, sizeof w->path, "/tmp/mailflow-walk-%" PRIu64 ".ui", seed);
    w->script = fopen(w->path, "wb");
    cr_assert(w->script);
    fprintf(w->script, "# mailflow render %s --script %s\n", name, w->path);
}

/* What is refused is refused; the script that is kept says so in a comment, to play on. */
static void step(struct walk *w)
{
    char line[SUPPORT_WALK_LINE];
    struct problem problem = {0};
    support_walk_line(&w->random, &w->work, w->screen, line);
    fprintf(w->script, "%s\n", line);
    fflush(w->script);
    if (ui_script_do(w->screen, slice_of(line), &problem) == UI_SCRIPT_NO) {
        fseek(w->script, -(long)strlen(line) - 1, SEEK_CUR);
        fprintf(w->script, "# %s\n", line);
    }
}

/* The topology as it was edited is a topology. */
static void check_saved(struct walk *w)
{
    struct bytes text;
    struct topology topology;
    struct problem problem = {0}, left_out;
    bytes_init(&text, SIZE_MAX);
    if (w->work.live->source.is_trace)
        return;
    cr_expect(save_topology_text(w->work.live, &text, &left_out, &problem), "%s", problem.what);
    bool ok = topology_read(&topology, bytes_slice(&text), "saved", &problem);
    cr_expect(ok, "walk %" PRIu64 ": %s: %s", w->seed, problem.what, w->path);
    w->has_failed |= !ok;
    if (ok)
        topology_finish(&topology);
    bytes_finish(&text);
}

static void check_undone(struct walk *w)
{
    struct live *live = w->work.live, fresh;
    struct live_step last;
    struct problem problem = {0};
    uint32_t runs = 1 + live->has_fork;
    size_t done = live->done;
    char *before[LIVE_RUNS] = {NULL};
    int64_t ends[LIVE_RUNS] = {0};
    for (uint32_t i = 0; i < runs; i++) {
        ends[i] = log_end(live_log(live, i));
        before[i] = history(live_log(live, i), ends[i]);
    }
    while (live->done > 0)
        cr_assert(live_undo(live, &last, &problem), "walk %" PRIu64 ": %s", w->seed, problem.what);
    cr_expect(!live->has_fork);
    cr_assert(live_open(&fresh, live->source.path, &live->options, NULL, &problem));
    expect_same(w, live_log(live, 0), live_log(&fresh, 0), "all undone");
    live_close(&fresh);
    while (live->done < done)
        cr_assert(live_redo(live, &last, &problem), "walk %" PRIu64 ": %s", w->seed, problem.what);
    for (uint32_t i = 0; i < runs; i++) {
        char *again = history(live_log(live, i), ends[i]);
        expect_same_text(w, before[i], again, "all redone");
        free(again);
        free(before[i]);
    }
}

static void end(struct walk *w)
{
    screen_destroy(w->screen);
    work_close(&w->work);
    fclose(w->script);
    if (!w->has_failed)
        unlink(w->path);
}

/* The pictures and other files that the walk has saved. */
static void forget_files(void)
{
    DIR *dir = opendir(".");
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            unlink(entry->d_name);
    if (dir)
        closedir(dir);
}

Test(walk, whatever_a_person_does_nothing_breaks_and_all_can_be_undone, .timeout = 0)
{
    uint64_t steps = number_of("MAILFLOW_WALK_STEPS", STEPS_DEFAULT);
    uint64_t seed = number_of("MAILFLOW_WALK_SEED", 1);
    char folder[] = "/tmp/mailflow-walk-files.XXXXXX"; /* what it saves lies there */
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
    for (uint64_t done = 0; done < steps; done += STEPS_A_WALK, seed++) {
        struct walk w;
        begin(&w, seed);
        for (int i = 0; i < STEPS_A_WALK; i++)
            step(&w);
        check_saved(&w);
        check_undone(&w);
        end(&w);
        forget_files();
        if (getenv("MAILFLOW_WALK_STEPS"))
            fprintf(stderr, "walk %" PRIu64 ": %" PRIu64 " of %" PRIu64 " steps\n", seed,
                    done + STEPS_A_WALK, steps);
    }
    cr_expect(chdir("/") == 0 && rmdir(folder) == 0);
}
