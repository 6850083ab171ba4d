#include "agents/roles/wishes.h"

#include "agents/mail/home.h"
#include "agents/mail/redirect.h"
#include "agents/mail/rules.h"

enum { FORWARDS_MAX = 100 }; /* of one file */

static bool find_file(const struct disk *disk, struct slice owner, struct slice name,
                      struct arena *arena, struct disk_file *file)
{
    return disk_find(disk, home_path(arena, owner, name), file);
}

/* A file in which there is no address says nothing. */
static void read_forward(struct wishes *w, struct slice rest, struct slice owner,
                         struct arena *arena)
{
    struct redirect r;
    bool is_kept = false;
    while (w->forwards.count < FORWARDS_MAX && redirect_next(&rest, owner, arena, &r)) {
        is_kept |= r.is_kept;
        if (!r.is_kept)
            *vector_add(&w->forwards) = r.address;
    }
    w->is_kept = is_kept || w->forwards.count == 0;
}

static void read_rules(struct wishes *w, struct slice file, const struct queue_mail *mail,
                       struct arena *arena)
{
    const struct rules_mail about = {.header = mail->header,
                                     .reverse_path = mail->reverse_path,
                                     .octets = mail->header.size + mail->body.size};
    struct rules_rule rule;
    struct slice line;
    if (!rules_decide(file, &about, arena, &rule, &line))
        return;
    w->line = line;
    w->is_kept = rule.is_kept;
    w->is_discarded = rule.is_discarded && w->forwards.count == 0;
    w->folder = rule.folder;
    for (size_t i = 0; i < rule.forward_count; i++)
        *vector_add(&w->forwards) = rule.forwards[i];
}

void wishes_read(struct wishes *w, const struct disk *disk, struct slice owner,
                 const struct queue_mail *mail, struct arena *arena)
{
    struct disk_file file;
    *w = (struct wishes){.is_kept = true, .folder = SLICE("INBOX"), .line = SLICE("")};
    if (find_file(disk, owner, SLICE(".forward"), arena, &file))
        read_forward(w, file.content, owner, arena);
    if (w->is_kept && find_file(disk, owner, SLICE(".rules"), arena, &file))
        read_rules(w, file.content, mail, arena);
}

void wishes_finish(struct wishes *w)
{
    vector_finish(&w->forwards);
}
