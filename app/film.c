#include "app/film.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/memory.h"
#include "sim/trace/save.h"

enum { FRAME_US = 1000000 / FILM_FRAMES_A_S, FRAMES_AT_A_TIME = 2 * FILM_FRAMES_A_S };
enum { NOT_FOUND = 127, ARGUMENTS_MAX = 40, PIXEL = 4 };
#define RATE "25"
#define NO_FFMPEG "films are made by ffmpeg, which is not installed here (apt install ffmpeg)"

struct film {
    struct save save; /* ffmpeg writes to the file beside its place */
    int w, h;
    int to; /* the pipe's end */
    pid_t program;
    int64_t due_us;          /* screen time that no frame stands for yet */
    struct painter *painter; /* of its own: it paints only what has changed since the last frame */
    char *pixels;
};

/* What ffmpeg is told of a file with this ending. Most encoders want even sizes; a picture of
   few colours looks best with a palette of its own; and the person waits. */
#define PALETTE "split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1"
#define EVEN "scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p"
static const struct format {
    const char *ending, *words[12];
} formats[] = {
    {".webm", {"-f", "webm", "-vf", EVEN, "-b:v", "2M", "-deadline", "realtime", "-cpu-used", "8"}},
    {".gif", {"-f", "gif", "-vf", "fps=10," PALETTE}},
    {".mp4", {"-f", "mp4", "-vf", EVEN, "-movflags", "+faststart"}},
};
enum { FORMATS = sizeof formats / sizeof *formats, FORMAT_WORDS = 12 };

static const struct format *find_format(struct slice path)
{
    for (int i = 0; i < FORMATS; i++)
        if (slice_ends_fold(path, slice_of(formats[i].ending)))
            return &formats[i];
    return NULL;
}

bool film_is_name(struct slice path)
{
    return find_format(path) != NULL;
}

/* ---- the program ---- */

extern char **environ;

static void list_words(const struct format *format, const char *size, const char *path,
                       const char *words[ARGUMENTS_MAX])
{
    uint32_t one = 1; /* the painter's pixels are whole numbers of this machine */
    const char *const pixels = *(const char *)&one ? "bgra" : "argb";
    const char *const first[] = {
        "ffmpeg", "-loglevel",   "error", "-y",         "-f", "rawvideo", "-pixel_format",
        pixels,   "-video_size", size,    "-framerate", RATE, "-i",       "-",
        "-an"};
    size_t count = sizeof first / sizeof *first;
    memcpy(words, first, sizeof first);
    for (int i = 0; i < FORMAT_WORDS && format->words[i]; i++)
        words[count++] = format->words[i];
    words[count++] = path;
    words[count] = NULL;
}

/* A name that begins with "-" or has a ":" in it would be something else to ffmpeg. */
static char *path_for_program(const struct film *film)
{
    const char *path = film->save.temporary ? film->save.temporary : film->save.path;
    size_t room = strlen(path) + sizeof "file:";
    char *named = memory_take(room);
    snprintf(named, room, "file:%s", path);
    return named;
}

/* Reads what is written to film->to; says what it has to say on our standard error. */
static bool start_program(struct film *film, const struct format *format, struct problem *problem)
{
    const char *words[ARGUMENTS_MAX];
    char size[32], *path = path_for_program(film);
    int ends[2];
    posix_spawn_file_actions_t actions;
    snprintf(size, sizeof size, "%dx%d", film->w, film->h);
    list_words(format, size, path, words);
    if (pipe(ends) != 0) {
        free(path);
        return problem_set(problem, "no pipe to ffmpeg: %s", strerror(errno));
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    int error = posix_spawnp(&film->program, "ffmpeg", &actions, NULL, (char *const *)(size_t)words,
                             environ);
    posix_spawn_file_actions_destroy(&actions);
    free(path);
    close(ends[0]);
    film->to = ends[1];
    if (error == 0)
        return true;
    close(ends[1]);
    return error == ENOENT ? problem_set(problem, NO_FFMPEG)
                           : problem_set(problem, "ffmpeg can't be started: %s", strerror(error));
}

static void release(struct film *film)
{
    paint_destroy(film->painter);
    free(film->pixels);
    free(film);
}

struct film *film_start(const char *path, struct glyphs *glyphs, float w, float h,
                        struct problem *problem)
{
    const struct format *format = find_format(slice_of(path));
    if (!format) {
        problem_set(problem, "%s: a film ends in .webm, .gif or .mp4", path);
        return NULL;
    }
    struct film *film = memory_take(sizeof *film);
    *film = (struct film){.w = (int)w, .h = (int)h};
    if (!save_open(&film->save, path, problem)) {
        free(film);
        return NULL;
    }
    if (!start_program(film, format, problem)) {
        save_abandon(&film->save);
        free(film);
        return NULL;
    }
    film->painter = paint_create(glyphs);
    film->pixels = memory_take((size_t)film->w * (size_t)film->h * PIXEL);
    return film;
}

const char *film_path(const struct film *film)
{
    return film->save.path;
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

bool film_show(struct film *film, const struct draw_list *list, int passed_ms)
{
    struct paint_area areas[PAINT_AREAS];
    struct slice frame = {film->pixels, (size_t)film->w * (size_t)film->h * PIXEL};
    bool ok = true;
    film->due_us += (int64_t)passed_ms * 1000;
    if (film->due_us < FRAME_US)
        return true;
    paint_changes(film->painter, list, film->pixels, film->w, film->h, film->w * PIXEL, 1, areas);
    for (int i = 0; ok && film->due_us >= FRAME_US && i < FRAMES_AT_A_TIME; i++) {
        ok = write_all(film->to, frame);
        film->due_us -= FRAME_US;
    }
    return ok;
}

uint64_t film_octets(const struct film *film)
{
    struct stat there;
    return fstat(fileno(film->save.out), &there) == 0 ? (uint64_t)there.st_size : 0;
}

static int wait_for(const struct film *film)
{
    int status = 0;
    close(film->to);
    while (waitpid(film->program, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* Some systems say only so that there is no such program. */
static bool tell_end(const struct film *film, int status, struct problem *problem)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
        return problem_set(problem, NO_FFMPEG);
    return problem_set(problem, "ffmpeg could not make %s", film->save.path);
}

bool film_finish(struct film *film, struct problem *problem)
{
    bool ok = tell_end(film, wait_for(film), problem);
    if (ok)
        ok = save_commit(&film->save, problem);
    else
        save_abandon(&film->save);
    release(film);
    return ok;
}

void film_abandon(struct film *film)
{
    kill(film->program, SIGKILL);
    (void)wait_for(film);
    save_abandon(&film->save);
    release(film);
}
