#include "app/film.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/memory.h"

enum { FRAME_US = 1000000 / FILM_FRAMES_A_S, FRAMES_AT_A_TIME = 2 * FILM_FRAMES_A_S };
enum { NOT_FOUND = 127, ARGUMENTS_MAX = 24 };
#define RATE "25"

struct film {
    char path[4096];
    float w, h;
    int to; /* the pipe's end */
    pid_t program;
    int64_t due_us; /* screen time that no frame stands for yet */
    struct bytes frame;
};

static const char *const endings[] = {".webm", ".gif", ".mp4"};

bool film_is_name(struct slice path)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (slice_ends_fold(path, slice_of(endings[i])))
            return true;
    return false;
}

/* ---- the program ---- */

extern char **environ;

/* Sizes have to be even for most encoders; a film of few colours looks best with its own palette.
 */
static void list_words(const char *path, const char *words[ARGUMENTS_MAX])
{
    bool is_gif = slice_ends_fold(slice_of(path), SLICE(".gif"));
    bool is_webm = slice_ends_fold(slice_of(path), SLICE(".webm"));
    const char *const first[] = {"ffmpeg",
                                 "-loglevel",
                                 "error",
                                 "-y",
                                 "-f",
                                 "image2pipe",
                                 "-c:v",
                                 "png",
                                 "-r",
                                 RATE,
                                 "-i",
                                 "-",
                                 "-an",
                                 "-vf",
                                 is_gif ? "split[a][b];[a]palettegen[p];[b][p]paletteuse"
                                        : "scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p"};
    size_t count = sizeof first / sizeof *first;
    memcpy(words, first, sizeof first);
    if (is_webm) {
        words[count++] = "-deadline"; /* the person waits */
        words[count++] = "realtime";
    }
    words[count++] = path;
    words[count] = NULL;
}

/* Reads what is written to *to; says what it has to say on our standard error. */
static bool start_program(const char *path, int *to, pid_t *program, struct problem *problem)
{
    const char *words[ARGUMENTS_MAX];
    int ends[2];
    posix_spawn_file_actions_t actions;
    list_words(path, words);
    if (pipe(ends) != 0)
        return problem_set(problem, "no pipe to ffmpeg: %s", strerror(errno));
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    int error =
        posix_spawnp(program, "ffmpeg", &actions, NULL, (char *const *)(size_t)words, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
    *to = ends[1];
    if (error == 0)
        return true;
    close(ends[1]);
    return error == ENOENT
               ? problem_set(problem, "films are made by ffmpeg, which is not installed here")
               : problem_set(problem, "ffmpeg can't be started: %s", strerror(error));
}

struct film *film_start(const char *path, float w, float h, struct problem *problem)
{
    int to;
    pid_t program;
    if (!film_is_name(slice_of(path))) {
        problem_set(problem, "%s: a film ends in .webm, .gif or .mp4", path);
        return NULL;
    }
    if (!start_program(path, &to, &program, problem))
        return NULL;
    struct film *film = memory_take(sizeof *film);
    *film = (struct film){.w = w, .h = h, .to = to, .program = program};
    snprintf(film->path, sizeof film->path, "%s", path);
    bytes_init(&film->frame, SIZE_MAX);
    return film;
}

const char *film_path(const struct film *film)
{
    return film->path;
}

/* ---- frames ---- */

/* A program that has gone away is found out by the write, not by a signal. */
static bool write_all(int to, struct slice data)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    sigaction(SIGPIPE, &ignore, &before);
    while (data.size > 0) {
        ssize_t n = write(to, data.data, data.size);
        if (n < 0 && errno != EINTR)
            break;
        if (n > 0)
            data = slice_part(data, (size_t)n, data.size);
    }
    sigaction(SIGPIPE, &before, NULL);
    return data.size == 0;
}

bool film_show(struct film *film, struct painter *painter, const struct draw_list *list,
               int passed_ms)
{
    struct problem problem;
    bool ok = true;
    film->due_us += (int64_t)passed_ms * 1000;
    if (film->due_us < FRAME_US)
        return true;
    bytes_clear(&film->frame);
    ok = paint_png_bytes(painter, list, film->w, film->h, 1, &film->frame, &problem);
    for (int i = 0; ok && film->due_us >= FRAME_US && i < FRAMES_AT_A_TIME; i++) {
        ok = write_all(film->to, bytes_slice(&film->frame));
        film->due_us -= FRAME_US;
    }
    return ok;
}

/* Some systems say only so that there is no such program. */
static bool tell_end(const struct film *film, int status, struct problem *problem)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
        return problem_set(problem, "films are made by ffmpeg, which is not installed here");
    return problem_set(problem, "ffmpeg could not make %s", film->path);
}

bool film_finish(struct film *film, struct problem *problem)
{
    int status = 0;
    close(film->to);
    while (waitpid(film->program, &status, 0) < 0 && errno == EINTR)
        ;
    bool ok = tell_end(film, status, problem);
    bytes_finish(&film->frame);
    free(film);
    return ok;
}
