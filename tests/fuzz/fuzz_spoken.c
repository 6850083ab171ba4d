/*
 * Who reads along at a dialogue by hand, when both sides say anything. The first octet says into
 * how large pieces that is cut: what is told must not depend on it. The second says the port, and
 * which side the person is. An octet 1 changes the speaker.
 */
#include "agents/roles/spoken.h"

#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void note_mail(void *context, const struct spoken_mail *mail)
{
    *(uint64_t *)context += slice_hash(mail->content) + mail->path_count;
}

static uint64_t converse(struct slice input, unsigned char how, size_t piece)
{
    static const uint32_t ports[] = {25, 24, 110, 143, 2525, 587, 80, 993};
    struct sim sim;
    struct spoken s;
    struct slice part;
    uint64_t told = 0;
    bool asks = how & 16;
    sim_init(&sim, 1, 0);
    sim_emit(&sim, EVENT_RUN, &(struct event_run){0});
    spoken_start(&s, &sim, 1, ports[how & 7], how & 8);
    s.taken = note_mail;
    s.context = &told;
    for (; slice_cut(&input, 1, &part); asks = !asks)
        for (size_t at = 0; at < part.size; at += piece)
            (asks ? spoken_asked : spoken_answered)(&s, slice_part(part, at, at + piece), 1);
    for (uint32_t id = 1; id < log_count(&sim.log); id++) {
        const struct event *e = log_at(&sim.log, id);
        told = told * 31 + e->kind + slice_hash(log_text(&sim.log, e->v[1])) + e->v[2];
    }
    spoken_finish(&s);
    sim_finish(&sim);
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 4096)
        return 0;
    struct slice input = {(const char *)data + 2, size - 2};
    check(converse(input, data[1], size) == converse(input, data[1], data[0] + (size_t)1));
    return 0;
}
