/*
 * What a mail program has, and what a person does with it. A program that fetches by POP3 has
 * folders of its own, in files that no other program reads; one that fetches by IMAP has copies of
 * what is on the server; the old way is to look into the store of its own host (mua_store.c).
 */
#include "agents/roles/mua_part.h"

#include <inttypes.h>

#include "agents/mail/header.h"
#include "agents/mail/text_search.h"
#include "agents/roles/store.h"
#include "sim/base/digits.h"

enum { FOLDERS_MAX = 1000 };

/* ---- files ---- */

static struct slice path_of(const struct mua *mua, uint32_t file, struct arena *arena)
{
    char number[DIGITS_MAX];
    struct slice id = log_place_name(&mua->office->sim->log, mua->agent);
    const struct slice parts[] = {SLICE("/home/"), mua->user,
                                  SLICE("/"),      id,
                                  SLICE("/"),      {number, digits_put(number, file, 10, 0)}};
    return arena_join(arena, parts, sizeof parts / sizeof *parts);
}

static bool write_file(struct mua *mua, struct slice header, struct slice body, uint32_t msg,
                       struct mua_item *item)
{
    struct arena arena;
    struct disk *disk = office_disk(mua->office, mua->agent);
    arena_init(&arena);
    struct slice path = path_of(mua, mua->file_count + 1, &arena);
    bool is_kept = disk_write(disk, path, header, body, msg);
    if (is_kept) {
        (void)disk_sync(disk, path);
        item->file = ++mua->file_count;
    }
    arena_finish(&arena);
    return is_kept;
}

static bool read_file(const struct mua *mua, const struct mua_item *item, struct slice *content)
{
    struct arena arena;
    struct disk_file file;
    arena_init(&arena);
    bool is_there =
        disk_find(office_disk(mua->office, mua->agent), path_of(mua, item->file, &arena), &file);
    if (is_there)
        *content = file.content;
    arena_finish(&arena);
    return is_there;
}

/* Copies of what is on a server stand in the order of their UIDs, as they do there. */
static void add_item(struct mua *mua, const struct mua_item *item)
{
    size_t place = mua->items.count;
    (void)vector_add(&mua->items);
    struct mua_item *items = mua->items.items;
    for (; item->uid && place > 0 && items[place - 1].uid > item->uid; place--)
        items[place] = items[place - 1];
    items[place] = *item;
}

bool mua_keep(struct mua *mua, struct slice content, uint32_t msg, uint32_t uid, unsigned flags,
              struct slice protocol)
{
    struct mua_item item = {.uid = uid, .msg = msg, .flags = flags, .is_there = true};
    struct slice header, body;
    struct arena arena;
    header_split(content, &header, &body);
    if (!write_file(mua, header, body, msg, &item))
        return false;
    add_item(mua, &item);
    arena_init(&arena);
    sim_emit(mua->office->sim, EVENT_FETCH,
             &(struct event_fetch){
                 mua->agent, msg, mua_text(mua, store_box_name(&arena, mua->user, SLICE("INBOX"))),
                 mua_text(mua, protocol), mua_text(mua, header), mua_text(mua, body)});
    arena_finish(&arena);
    return true;
}

void mua_drop(struct mua *mua, size_t index)
{
    struct arena arena;
    const struct mua_item *item = &mua->items.items[index];
    arena_init(&arena);
    if (item->file)
        (void)disk_remove(office_disk(mua->office, mua->agent), path_of(mua, item->file, &arena));
    arena_finish(&arena);
    vector_remove(&mua->items, index);
}

void mua_folder_recover(struct mua *mua)
{
    struct slice content;
    for (size_t i = mua->items.count; i-- > 0;)
        if (mua->items.items[i].file && !read_file(mua, &mua->items.items[i], &content))
            vector_remove(&mua->items, i);
}

/* ---- its own folders ---- */

bool mua_is_inbox(struct slice folder)
{
    return folder.size == 0 || slice_equal_fold(folder, SLICE("INBOX"));
}

/* 0 is INBOX. False when there is no such folder. */
static bool find_folder(const struct mua *mua, struct slice name, uint32_t *folder)
{
    *folder = 0;
    if (mua_is_inbox(name))
        return true;
    for (uint32_t i = 0; i < mua->folders.count; i++)
        if (slice_equal(mua->folders.items[i], name))
            *folder = i + 1;
    return *folder > 0;
}

static bool add_folder(struct mua *mua, struct slice name, uint32_t *folder)
{
    if (find_folder(mua, name, folder))
        return true;
    if (mua->folders.count == FOLDERS_MAX)
        return false;
    *vector_add(&mua->folders) = arena_copy(&mua->office->arena, name);
    *folder = (uint32_t)mua->folders.count;
    return true;
}

/* "pc-bob:Local", "pc-bob:Local/Done": no mailbox of a server. */
static struct slice box_of(const struct mua *mua, uint32_t folder, struct arena *arena)
{
    struct slice name = folder ? mua->folders.items[folder - 1] : SLICE("");
    return arena_join(arena,
                      (struct slice[]){net_host_id(mua->office->net, mua->agent), SLICE(":Local"),
                                       folder ? SLICE("/") : SLICE(""), name},
                      4);
}

static void emit_flag(struct mua *mua, const struct mua_item *item, const char *flag, bool on)
{
    struct arena arena;
    arena_init(&arena);
    sim_emit(mua->office->sim, EVENT_FLAG,
             &(struct event_flag){mua->agent, item->msg,
                                  mua_text(mua, box_of(mua, item->folder, &arena)),
                                  mua_text(mua, slice_of(flag)), on});
    arena_finish(&arena);
}

static void emit_copy(struct mua *mua, uint32_t folder, uint32_t msg)
{
    struct arena arena;
    arena_init(&arena);
    sim_emit(mua->office->sim, EVENT_COPY,
             &(struct event_copy){mua->agent, msg, mua->agent,
                                  mua_text(mua, box_of(mua, folder, &arena))});
    arena_finish(&arena);
}

static void emit_removal(struct mua *mua, uint32_t folder, uint32_t msg)
{
    struct arena arena;
    arena_init(&arena);
    sim_emit(mua->office->sim, EVENT_REMOVE,
             &(struct event_remove){mua->agent, msg, mua_text(mua, box_of(mua, folder, &arena)),
                                    mua->agent});
    arena_finish(&arena);
}

/* ---- flags ---- */

static const struct flag_row {
    const char *name;
    unsigned bit;
} flags[] = {{"\\Answered", ACCOUNT_ANSWERED}, {"\\Flagged", ACCOUNT_FLAGGED},
             {"\\Deleted", ACCOUNT_DELETED},   {"\\Seen", ACCOUNT_SEEN},
             {"\\Draft", ACCOUNT_DRAFT},       {"$Forwarded", MUA_FORWARDED}};

const char *mua_flag(struct slice name, unsigned *bit)
{
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        struct slice whole = slice_of(flags[i].name);
        *bit = flags[i].bit;
        if (slice_equal_fold(name, whole) ||
            slice_equal_fold(name, slice_part(whole, 1, whole.size)))
            return flags[i].name;
    }
    return NULL;
}

bool mua_knows_flag(struct slice name)
{
    unsigned bit;
    return mua_flag(name, &bit) != NULL;
}

/* ---- finding a message ---- */

/* Takes the messages of a folder one after the other; false at the end. */
struct walk {
    struct mua *mua;
    const struct account_folder *box; /* of the store; NULL: the program's own items */
    uint32_t folder;
    size_t position;
};

static bool next_message(struct walk *w, struct mua_message *m)
{
    struct mua *mua = w->mua;
    if (w->box) {
        if (w->position == w->box->items.count)
            return false;
        const struct account_item *item = &w->box->items.items[w->position++];
        *m = (struct mua_message){item->content, item->uid, item->msg, NULL};
        return true;
    }
    while (w->position < mua->items.count) {
        struct mua_item *item = &mua->items.items[w->position++];
        bool is_copy = item->uid != 0;
        if (item->folder != w->folder || is_copy != (mua->way == MUA_BY_IMAP))
            continue;
        *m = (struct mua_message){{"", 0}, item->uid, item->msg, item};
        return true;
    }
    return false;
}

static struct slice content_of(const struct mua *mua, const struct mua_message *m)
{
    struct slice content = m->content;
    if (m->item && !read_file(mua, m->item, &content))
        content = SLICE("");
    return content;
}

static bool has_subject(const struct mua *mua, const struct mua_message *m,
                        struct text_search *search)
{
    struct header_field field;
    return header_find(content_of(mua, m), SLICE("Subject"), 1, &field) &&
           text_search_value(search, field.value);
}

/* *count: how many there were to look at. */
static bool find_by_number(struct walk *w, uint64_t number, struct mua_message *message,
                           uint64_t *count)
{
    struct mua_message m;
    for (*count = 0; next_message(w, &m);)
        if (++*count == number) {
            *message = m;
            return true;
        }
    return false;
}

/* The newest is the last. */
static bool find_by_subject(struct walk *w, struct slice subject, struct mua_message *message)
{
    struct mua_message m;
    struct text_search search;
    bool is_found = false;
    text_search_init(&search, subject);
    while (next_message(w, &m))
        if (has_subject(w->mua, &m, &search)) {
            *message = m;
            is_found = true;
        }
    text_search_finish(&search);
    return is_found;
}

bool mua_reject_folder(const struct mua *mua, struct slice name, struct problem *problem)
{
    return problem_set(problem, "%.*s has no folder \"%.*s\" here", SLICE_ARG(mua->user),
                       SLICE_ARG(slice_part(name, 0, 60)));
}

static bool start_walk(struct mua *mua, struct slice folder, struct walk *w,
                       struct problem *problem)
{
    *w = (struct walk){.mua = mua};
    if (mua->way == MUA_BY_IMAP)
        return mua_is_inbox(folder) || problem_set(problem, "only messages of INBOX are kept here");
    if (mua->way == MUA_BY_POP3)
        return find_folder(mua, folder, &w->folder) || mua_reject_folder(mua, folder, problem);
    struct account *account = mua_store_open(mua);
    w->box = account ? account_find(account, mua_is_inbox(folder) ? SLICE("INBOX") : folder) : NULL;
    return w->box || mua_reject_folder(mua, folder, problem);
}

bool mua_find(struct mua *mua, const struct mua_choice *choice, struct mua_message *message,
              struct problem *problem)
{
    struct walk w;
    uint64_t number, count;
    if (!start_walk(mua, choice->folder, &w, problem))
        return false;
    bool is_number = slice_to_u64(choice->message, &number);
    if (!(is_number ? find_by_number(&w, number, message, &count)
                    : find_by_subject(&w, choice->message, message)))
        return is_number
                   ? problem_set(problem,
                                 "%.*s has no message \"%" PRIu64 "\" here: the folder has %" PRIu64
                                 ", counted from 1; a word of the subject will do, too",
                                 SLICE_ARG(mua->user), number, count)
                   : problem_set(problem, "%.*s has no message \"%.*s\" here", SLICE_ARG(mua->user),
                                 SLICE_ARG(slice_part(choice->message, 0, 60)));
    message->content = content_of(mua, message);
    return true;
}

/* ---- deeds, in the program's own folders ---- */

static void set_own_flag(struct mua *mua, struct mua_item *item, struct slice name, bool on)
{
    unsigned bit;
    const char *flag = mua_flag(name, &bit);
    if (!flag || ((item->flags & bit) != 0) == on)
        return;
    item->flags ^= bit;
    emit_flag(mua, item, flag, on);
}

static bool move_own(struct mua *mua, struct mua_item *item, struct slice to,
                     struct problem *problem)
{
    uint32_t folder, from = item->folder;
    if (!find_folder(mua, to, &folder))
        return mua_reject_folder(mua, to, problem);
    if (folder == from)
        return true;
    item->folder = folder;
    emit_copy(mua, folder, item->msg);
    emit_removal(mua, from, item->msg);
    return true;
}

static void expunge_own(struct mua *mua, uint32_t folder)
{
    for (size_t i = mua->items.count; i-- > 0;) {
        const struct mua_item *item = &mua->items.items[i];
        if (item->uid || item->folder != folder || !(item->flags & ACCOUNT_DELETED))
            continue;
        emit_removal(mua, folder, item->msg);
        mua_drop(mua, i);
    }
}

static bool act_on_own(struct mua *mua, const struct mua_act *act, struct problem *problem)
{
    struct mua_message m = {0};
    uint32_t folder;
    if (act->deed == MUA_CREATE)
        return add_folder(mua, act->choice.folder, &folder) ||
               problem_set(problem, "more than %d folders", FOLDERS_MAX);
    if (act->deed == MUA_EXPUNGE) {
        if (!find_folder(mua, act->choice.folder, &folder))
            return mua_reject_folder(mua, act->choice.folder, problem);
        expunge_own(mua, folder);
        return true;
    }
    if (!mua_find(mua, &act->choice, &m, problem))
        return false;
    if (act->deed == MUA_MOVE)
        return move_own(mua, m.item, act->to, problem);
    set_own_flag(mua, m.item,
                 act->deed == MUA_READ     ? SLICE("\\Seen")
                 : act->deed == MUA_DELETE ? SLICE("\\Deleted")
                                           : act->flag,
                 act->deed != MUA_FLAG || act->on);
    return true;
}

bool mua_folder_act(struct mua *mua, const struct mua_act *act, struct problem *problem)
{
    return mua->way == MUA_BY_FILE ? mua_store_act(mua, act, problem)
                                   : act_on_own(mua, act, problem);
}

/* ---- what was sent ---- */

void mua_folder_add(struct mua *mua, struct slice folder, struct slice header, struct slice body,
                    uint32_t msg)
{
    struct mua_item item = {.msg = msg, .flags = ACCOUNT_SEEN};
    if (mua->way == MUA_BY_FILE) {
        mua_store_add(mua, folder, header, body, msg);
        return;
    }
    if (!add_folder(mua, folder, &item.folder) || !write_file(mua, header, body, msg, &item))
        return;
    add_item(mua, &item);
    emit_copy(mua, item.folder, msg);
}
