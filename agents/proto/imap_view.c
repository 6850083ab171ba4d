#include "agents/proto/imap_view.h"

#include "agents/proto/imap_put.h"
#include "agents/proto/imap_set.h"

static bool is_full(const struct bytes *out, size_t most)
{
    return bytes_size(out) >= most;
}

/* ---- opening ---- */

/* The message joins the view. Whoever is the first to be told of it may call it recent (RFC 3501
   2.3.2); who only looks at the mailbox leaves that to others. */
static void add(struct imap_view *v, struct account_folder *folder,
                const struct imap_view_manner *manner, const struct account_item *item)
{
    bool is_recent = item->uid >= folder->recent_uid;
    *vector_add(&v->uids) = item->uid;
    *vector_add(&v->told) = (struct imap_view_told){item->flags, item->modseq, is_recent};
    v->recent_count += is_recent;
    if (is_recent && !manner->is_read_only)
        folder->recent_uid = item->uid + 1;
}

void imap_view_open(struct imap_view *v, struct account_folder *folder,
                    const struct imap_view_manner *manner)
{
    imap_view_close(v);
    for (size_t i = 0; i < folder->items.count; i++)
        add(v, folder, manner, &folder->items.items[i]);
    v->keyword_count = folder->keywords.count;
    v->version = folder->version;
    v->is_synced = true;
}

void imap_view_close(struct imap_view *v)
{
    vector_reuse(&v->uids);
    vector_reuse(&v->told);
    v->recent_count = 0;
    v->is_synced = false;
}

void imap_view_finish(struct imap_view *v)
{
    vector_finish(&v->uids);
    vector_finish(&v->told);
}

struct account_item *imap_view_item(const struct imap_view *v, const struct account_folder *folder,
                                    size_t place)
{
    return account_item(folder, v->uids.items[place]);
}

/* ---- flags ---- */

static bool put_flag_list(const struct account_folder *folder, struct bytes *out)
{
    size_t count = ACCOUNT_KEYWORD_FIRST + folder->keywords.count;
    uint64_t all = count == 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
    return imap_put_flags(out, folder, all, false);
}

/* "\*" as long as there is room for one more keyword. */
bool imap_view_put_keywords(struct imap_view *v, const struct account_folder *folder,
                            const struct imap_view_manner *manner, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool fits = bytes_append(out, SLICE("* FLAGS ")) && put_flag_list(folder, out) &&
                bytes_append(out, SLICE("\r\n* OK [PERMANENTFLAGS "));
    if (manner->is_read_only) {
        fits = fits && bytes_append(out, SLICE("()] no flag can be changed\r\n"));
    } else {
        fits = fits && put_flag_list(folder, out);
        if (fits && folder->keywords.count < ACCOUNT_KEYWORDS_MAX) {
            bytes_truncate(out, bytes_size(out) - 1); /* the ")" */
            fits = bytes_append(out, SLICE(" \\*)"));
        }
        fits = fits && bytes_append(out, SLICE("] flags are kept\r\n"));
    }
    if (!fits)
        bytes_truncate(out, before);
    v->keyword_count = folder->keywords.count;
    return fits;
}

bool imap_view_put_flags(struct imap_view *v, const struct account_folder *folder,
                         const struct imap_view_manner *manner, size_t place,
                         const struct imap_view_flags *what, struct bytes *out)
{
    const struct account_item *item = imap_view_item(v, folder, place);
    struct imap_view_told *told = &v->told.items[place];
    size_t before = bytes_size(out);
    const char *space = "";
    bool fits = bytes_printf(out, "* %zu FETCH (", place + 1);
    if (what->has_uid) {
        fits = fits && bytes_printf(out, "UID %u", item->uid);
        space = " ";
    }
    if (what->has_flags) {
        fits = fits && bytes_printf(out, "%sFLAGS ", space) &&
               imap_put_flags(out, folder, item->flags, told->is_recent && manner->has_recent);
        told->flags = item->flags;
        space = " ";
    }
    if (what->has_modseq)
        fits =
            fits && bytes_printf(out, "%sMODSEQ (%llu)", space, (unsigned long long)item->modseq);
    told->modseq = item->modseq;
    fits = fits && bytes_append(out, SLICE(")\r\n"));
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}

/* ---- telling what is new ---- */

static bool put_vanished(const struct imap_view *v, const struct account_folder *folder,
                         struct bytes *out)
{
    struct imap_set gone = {0};
    size_t before = bytes_size(out);
    for (size_t i = 0; i < v->uids.count; i++)
        if (!account_item(folder, v->uids.items[i]))
            imap_set_add(&gone, v->uids.items[i]);
    bool fits = imap_set_is_empty(&gone) ||
                (bytes_append(out, SLICE("* VANISHED ")) && imap_set_write(&gone, out) &&
                 bytes_append(out, SLICE("\r\n")));
    imap_set_finish(&gone);
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}

/* Takes the messages that are gone out of the view; each has its EXPUNGE, with the number that it
   has then. Stops when out holds enough; the others stay until the next call. */
static bool tell_expunged(struct imap_view *v, const struct account_folder *folder,
                          const struct imap_view_manner *manner, struct bytes *out, size_t most)
{
    size_t kept = 0, i = 0, item = 0;
    bool fits = !manner->has_vanished || put_vanished(v, folder, out);
    for (; i < v->uids.count && fits; i++) {
        while (item < folder->items.count && folder->items.items[item].uid < v->uids.items[i])
            item++;
        bool is_there =
            item < folder->items.count && folder->items.items[item].uid == v->uids.items[i];
        if (!is_there && !manner->has_vanished) {
            if (is_full(out, most))
                break;
            fits = bytes_printf(out, "* %zu EXPUNGE\r\n", kept + 1);
        }
        if (!is_there) {
            v->recent_count -= v->told.items[i].is_recent;
            continue;
        }
        v->uids.items[kept] = v->uids.items[i];
        v->told.items[kept++] = v->told.items[i];
    }
    bool is_done = i == v->uids.count;
    for (; i < v->uids.count; i++) {
        v->uids.items[kept] = v->uids.items[i];
        v->told.items[kept++] = v->told.items[i];
    }
    v->uids.count = v->told.count = kept;
    return is_done && fits;
}

static bool tell_new(struct imap_view *v, struct account_folder *folder,
                     const struct imap_view_manner *manner, struct bytes *out)
{
    uint32_t last = v->uids.count ? v->uids.items[v->uids.count - 1] : 0;
    size_t first = account_place(folder, last + 1);
    if (first == folder->items.count)
        return true;
    for (size_t i = first; i < folder->items.count; i++)
        add(v, folder, manner, &folder->items.items[i]);
    return bytes_printf(out, "* %zu EXISTS\r\n", v->uids.count) &&
           (!manner->has_recent || bytes_printf(out, "* %zu RECENT\r\n", v->recent_count));
}

/* Flags that another session has changed. What comes unasked names the UID (RFC 9051 7.5.2). */
static bool tell_flags(struct imap_view *v, const struct account_folder *folder,
                       const struct imap_view_manner *manner, struct bytes *out, size_t most)
{
    const struct imap_view_flags what = {true, true, manner->has_modseq};
    size_t item = 0;
    for (size_t i = 0; i < v->uids.count; i++) {
        while (item < folder->items.count && folder->items.items[item].uid < v->uids.items[i])
            item++;
        if (item == folder->items.count || folder->items.items[item].uid != v->uids.items[i])
            continue;
        const struct account_item *now = &folder->items.items[item];
        const struct imap_view_told *told = &v->told.items[i];
        if (now->flags == told->flags && (!manner->has_modseq || now->modseq == told->modseq))
            continue;
        if (is_full(out, most) || !imap_view_put_flags(v, folder, manner, i, &what, out))
            return false;
    }
    return true;
}

static bool has_missing(const struct imap_view *v, const struct account_folder *folder)
{
    for (size_t i = 0; i < v->uids.count; i++)
        if (!account_item(folder, v->uids.items[i]))
            return true;
    return false;
}

bool imap_view_sync(struct imap_view *v, struct account_folder *folder,
                    const struct imap_view_manner *manner, bool expunges, struct bytes *out,
                    size_t most)
{
    if (!imap_view_is_stale(v, folder))
        return true;
    if (is_full(out, most))
        return false;
    if (v->keyword_count < folder->keywords.count &&
        !imap_view_put_keywords(v, folder, manner, out))
        return false;
    if (expunges && !tell_expunged(v, folder, manner, out, most))
        return false;
    if (!tell_new(v, folder, manner, out) || !tell_flags(v, folder, manner, out, most))
        return false;
    v->version = folder->version;
    v->is_synced = expunges || !has_missing(v, folder);
    return true;
}
