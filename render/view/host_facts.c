#include "render/view/host_facts.h"

#include "agents/mail/header.h"
#include "agents/mail/received.h"
#include "sim/base/vtime.h"

void host_facts_finish(struct host_facts *facts)
{
    vector_finish(&facts->settings);
    vector_finish(&facts->files);
    vector_finish(&facts->table);
    vector_finish(&facts->defers);
    *facts = (struct host_facts){0};
}

static void start(struct host_facts *facts, uint32_t host)
{
    facts->host = host;
    facts->seen = facts->crashes = facts->blocked = 0;
    vector_clear(&facts->defers);
    facts->file_count = 0;
    facts->octets = 0;
    facts->has_stamp = false;
    vector_clear(&facts->settings);
    vector_clear(&facts->files);
    for (size_t i = 0; i < facts->table.count; i++)
        facts->table.items[i] = 0;
}

/* ---- files by their path ---- */

static size_t slot_of(const struct host_facts *facts, uint32_t path)
{
    size_t mask = facts->table.count - 1, i = path * 2654435761u & mask;
    while (facts->table.items[i] && facts->files.items[facts->table.items[i] - 1].path != path)
        i = (i + 1) & mask;
    return i;
}

static void grow(struct host_facts *facts)
{
    size_t size = facts->table.count ? facts->table.count * 2 : 64;
    while (facts->table.count < size)
        *vector_add(&facts->table) = 0;
    for (size_t i = 0; i < size; i++)
        facts->table.items[i] = 0;
    for (uint32_t i = 0; i < facts->files.count; i++)
        facts->table.items[slot_of(facts, facts->files.items[i].path)] = i + 1;
}

static struct host_file *file_of(struct host_facts *facts, uint32_t path)
{
    if (facts->files.count * 2 >= facts->table.count)
        grow(facts);
    size_t slot = slot_of(facts, path);
    if (!facts->table.items[slot]) {
        vector_add(&facts->files)->path = path;
        facts->table.items[slot] = (uint32_t)facts->files.count;
    }
    return &facts->files.items[facts->table.items[slot] - 1];
}

static void set_file(struct host_facts *facts, struct host_file *file, bool is_there, uint32_t size)
{
    facts->file_count += (size_t)is_there - (size_t)file->is_there;
    facts->octets += (is_there ? size : 0) - (uint64_t)(file->is_there ? file->size : 0);
    file->is_there = is_there;
    file->size = size;
}

/* What stays when a file changes its folder or its flags: "3.mx1" of "cur/3.mx1:2,S". */
static struct slice stem_of(const struct log *log, uint32_t path)
{
    struct slice name = log_text(log, path), part;
    while (slice_find_octet(name, '/', 0) != SLICE_NONE)
        slice_cut(&name, '/', &part);
    size_t end = slice_find_octet(name, ':', 0);
    return end == SLICE_NONE ? name : slice_part(name, 0, end);
}

/* The trace has the new name of a renamed file only: the old one is that of the last file with the
   same stem and size, or failing that with the same size. */
static void forget_old_name(struct host_facts *facts, const struct log *log, uint32_t path,
                            uint32_t size)
{
    enum { LOOK_BACK = 4096 };
    struct slice stem = stem_of(log, path);
    struct host_file *same_size = NULL;
    for (size_t i = facts->files.count, n = 0; i-- > 0 && n < LOOK_BACK; n++) {
        struct host_file *file = &facts->files.items[i];
        if (!file->is_there || file->path == path || file->size != size)
            continue;
        if (slice_equal(stem_of(log, file->path), stem)) {
            set_file(facts, file, false, 0);
            return;
        }
        same_size = same_size ? same_size : file;
    }
    if (same_size)
        set_file(facts, same_size, false, 0);
}

/* After a crash either the end of a file is lost, or the whole of it. */
static void take_file(struct host_facts *facts, const struct log *log, uint32_t id)
{
    const struct event_file *e = event_as_file(log_at(log, id));
    struct slice op = log_text(log, e->op);
    if (slice_equal(op, SLICE("rename")))
        forget_old_name(facts, log, e->path, e->size);
    struct host_file *file = file_of(facts, e->path);
    bool is_gone = slice_equal(op, SLICE("remove")) ||
                   (slice_equal(op, SLICE("lost")) && e->size >= file->size);
    set_file(facts, file, !is_gone, e->size);
    file->is_corrupt = slice_equal(op, SLICE("corrupt"));
    file->event = id;
}

/* ---- the rest ---- */

static void take_setting(struct host_facts *facts, const struct event_conf *e)
{
    enum { SETTINGS_MAX = 4096 }; /* each is looked for among the others */
    for (size_t i = 0; i < facts->settings.count; i++) {
        struct host_setting *setting = &facts->settings.items[i];
        if (setting->at == e->at && setting->key == e->key) {
            setting->value = e->value;
            return;
        }
    }
    if (facts->settings.count < SETTINGS_MAX)
        *vector_add(&facts->settings) = (struct host_setting){e->at, e->key, e->value};
}

/* Who accepts a message stamps it with the time of his own clock (RFC 5321 4.4). */
static void take_stamp(struct host_facts *facts, const struct log *log, const struct event *e)
{
    struct slice header = log_text(log, event_as_accept(e)->header);
    struct header_field field;
    struct received r;
    if (!header_find(header, SLICE("Received"), 1, &field) || !received_read(field.value, &r) ||
        !r.has_date)
        return;
    facts->has_stamp = true;
    facts->stamp_off_s = r.unix_s - (log_epoch_s(log) + e->t / VTIME_S);
}

void host_facts_at(struct host_facts *facts, const struct log *log, uint32_t host, uint32_t until)
{
    if (facts->host != host || facts->seen > until)
        start(facts, host);
    for (; facts->seen < until; facts->seen++) {
        const struct event *e = log_at(log, facts->seen);
        const struct event_conf *conf = event_as_conf(e);
        const struct event_file *file = event_as_file(e);
        const struct event_crash *crash = event_as_crash(e);
        const struct event_queue_defer *defer = event_as_queue_defer(e);
        const struct event_block *block = event_as_block(e);
        const struct event_accept *accept = event_as_accept(e);
        if (accept && log_host_of(log, accept->at) == host)
            take_stamp(facts, log, e);
        else if (conf && log_host_of(log, conf->at) == host)
            take_setting(facts, conf);
        else if (file && log_host_of(log, file->at) == host)
            take_file(facts, log, facts->seen);
        else if (crash && crash->at == host)
            facts->crashes++;
        else if (defer && log_host_of(log, defer->at) == host)
            *vector_add(&facts->defers) = facts->seen;
        else if (block && log_host_of(log, block->at) == host)
            facts->blocked++;
    }
}
