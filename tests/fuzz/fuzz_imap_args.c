/*
 * IMAP arguments of any octets: words, sets, names, and the programs of SEARCH, SORT, THREAD and
 * FETCH, run over a message of any octets. The first octet says which; up to the first 0x1E it is
 * the argument, behind that the message. What is read must be writable and read as the same; an
 * answer in pieces must have the octets of the answer as a whole.
 */
#include "agents/mail/account.h"
#include "agents/proto/imap_args.h"
#include "agents/proto/imap_fetch_writer.h"
#include "agents/proto/imap_list_match.h"
#include "agents/proto/imap_put.h"
#include "agents/proto/imap_search.h"
#include "agents/proto/imap_sort.h"
#include "agents/proto/imap_thread.h"
#include "agents/proto/imap_utf7.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT_MAX = 1024 * 1024 };

struct world {
    struct arena arena;
    struct account account;
    struct account_folder *folder;
    struct slice argument, message;
    struct bytes out, other;
};

static bool add(void *context, struct account_folder *folder, struct account_item *item,
                struct slice header, struct slice body, const struct account_item *source)
{
    struct world *w = context;
    const struct slice texts[] = {header, body};
    (void)folder;
    (void)source;
    item->content = arena_join(&w->arena, texts, 2);
    return true;
}

/* The message, and it again under headers that speak of each other. */
static void fill(struct world *w)
{
    static const char *const headers[] = {
        "", "Message-ID: <a@x>\r\nReferences: <b@x> <c@x>\r\nSubject: Re: x\r\n",
        "Message-ID: <b@x>\r\nReferences: <c@x> <a@x>\r\nDate: 3 Mar 2025 09:00 +0100\r\n"};
    for (size_t i = 0; i < 3; i++) {
        struct account_item item = {.flags = i, .internal_s = (int64_t)i * 86400};
        account_append(&w->account, w->folder, &item, slice_of(headers[i]), w->message);
    }
}

static struct imap_args begin(struct world *w, bool is_utf8)
{
    struct imap_args a;
    imap_args_init(&a, w->argument, &w->arena);
    a.is_utf8 = is_utf8;
    bytes_clear(&w->out);
    bytes_clear(&w->other);
    return a;
}

static void try_words(struct world *w)
{
    struct slice s;
    struct imap_names names;
    struct imap_literal literal;
    int64_t day, unix_s;
    int zone_min;
    bool is_utf8 = w->argument.size % 2, is_nil;
    struct imap_args a = begin(w, is_utf8);
    if (imap_args_astring(&a, &s) && imap_put_astring(&w->out, s, is_utf8)) {
        struct slice again;
        imap_args_init(&a, bytes_slice(&w->out), &w->arena);
        a.is_utf8 = is_utf8;
        check(imap_args_astring(&a, &again) && imap_args_end(&a) && slice_equal(s, again));
    }
    a = begin(w, is_utf8);
    if (imap_args_mailbox(&a, &s) && imap_put_mailbox(&w->out, s, is_utf8)) {
        struct slice again;
        imap_args_init(&a, bytes_slice(&w->out), &w->arena);
        a.is_utf8 = is_utf8;
        check(imap_args_mailbox(&a, &again) && imap_args_end(&a) && slice_equal(s, again));
    }
    a = begin(w, false);
    if (imap_args_date_time(&a, &unix_s, &zone_min))
        check(imap_put_date_time(&w->out, unix_s, zone_min));
    a = begin(w, false);
    check(imap_args_date(&a, &day) == (a.problem == NULL));
    a = begin(w, false);
    check(imap_args_flags(&a, &names) == (a.problem == NULL));
    a = begin(w, false);
    a.is_response = true;
    while (imap_args_any(&a) && imap_args_sp(&a) && imap_args_nstring(&a, &s, &is_nil))
        ;
    if (imap_args_literal_at_end(w->argument, &literal))
        check(literal.announce_at < w->argument.size && literal.size <= INT64_MAX);
}

static void try_names(struct world *w)
{
    if (imap_utf7_decode(w->argument, &w->out)) {
        check(imap_utf7_encode(bytes_slice(&w->out), &w->other));
        check(slice_equal(bytes_slice(&w->other), w->argument));
    }
    bytes_clear(&w->out);
    bytes_clear(&w->other);
    if (imap_utf7_encode(w->argument, &w->out)) {
        check(imap_utf7_decode(bytes_slice(&w->out), &w->other));
        check(slice_equal(bytes_slice(&w->other), w->argument));
    }
    struct slice name = slice_part(w->message, 0, 300);
    bool matches = imap_list_match(w->argument, name);
    check(!imap_list_match(SLICE("%"), name) || slice_find_octet(name, '/', 0) == SLICE_NONE);
    check(!matches || name.size > 0 || imap_list_match(SLICE("*"), name));
}

static void try_set(struct world *w)
{
    struct imap_set set = {0}, again = {0};
    size_t place, next = 0;
    if (imap_set_read(&set, w->argument)) {
        imap_set_resolve(&set, 7);
        check(imap_set_write(&set, &w->out));
        check(imap_set_is_empty(&set) || imap_set_read(&again, bytes_slice(&w->out)));
        imap_set_resolve(&again, 7);
        check(imap_set_write(&again, &w->other));
        check(slice_equal(bytes_slice(&w->out), bytes_slice(&w->other)));
        struct imap_set_walk walk = imap_set_walk_numbers(&set, 100);
        while (imap_set_walk_next(&walk, &place)) {
            for (; next < place; next++)
                check(!imap_set_contains(&set, (uint32_t)next + 1));
            check(imap_set_contains(&set, (uint32_t)place + 1));
            next = place + 1;
        }
    }
    imap_set_finish(&set);
    imap_set_finish(&again);
}

static void run_search(struct world *w, struct imap_search *s)
{
    struct imap_set saved = {0};
    struct imap_search_view view = {.count = 3, .highest_uid = 3, .now_s = 86400};
    if (!imap_search_bind(s, &w->account, w->folder, &view))
        return;
    for (uint32_t n = 1; n <= 3; n++) {
        struct imap_search_message m = {&w->folder->items.items[n - 1], n, n == 3};
        if (imap_search_matches(s, &m))
            imap_search_found(s, &m);
    }
    check(imap_search_put(s, SLICE("A1"), false, w->argument.size % 2, &w->out));
    imap_search_save(s, &saved);
    imap_set_finish(&saved);
}

static void try_search(struct world *w)
{
    struct imap_search search;
    struct imap_args a = begin(w, false);
    imap_search_init(&search);
    enum imap_search_verdict verdict = imap_search_read(&search, &a);
    check((verdict == IMAP_SEARCH_BAD) == (a.problem != NULL));
    if (verdict == IMAP_SEARCH_OK)
        run_search(w, &search);
    imap_search_finish(&search);
}

static void try_order(struct world *w)
{
    struct imap_sort sort;
    struct imap_thread thread;
    struct imap_args a = begin(w, false);
    imap_sort_init(&sort);
    imap_thread_init(&thread);
    bool is_sort = imap_sort_read(&sort, &a);
    thread.algorithm = w->argument.size % 2 ? IMAP_THREAD_REFERENCES : IMAP_THREAD_ORDEREDSUBJECT;
    for (uint32_t n = 1; n <= 3; n++) {
        if (is_sort)
            imap_sort_add(&sort, n, &w->folder->items.items[n - 1]);
        imap_thread_add(&thread, n, &w->folder->items.items[n - 1]);
    }
    imap_sort_run(&sort);
    imap_thread_run(&thread);
    check(imap_sort_put(&sort, false, &w->out) && imap_thread_put(&thread, true, &w->out));
    imap_sort_finish(&sort);
    imap_thread_finish(&thread);
}

/* A response, `most` octets at a time; kept from the first of them on if the message goes away. */
static void run_fetch(struct world *w, const struct imap_fetch *f, uint32_t n, size_t most,
                      bool keeps, struct bytes *out)
{
    struct imap_fetch_writer writer;
    struct bytes part;
    struct imap_fetch_message m = {
        .folder = w->folder, .item = w->folder->items.items[n - 1], .number = n};
    imap_fetch_writer_init(&writer);
    bytes_init(&part, most);
    imap_fetch_writer_begin(&writer, f, &m);
    enum imap_fetch_step step = IMAP_FETCH_FULL;
    while (step != IMAP_FETCH_DONE && step != IMAP_FETCH_UNKNOWN_CTE) {
        step = imap_fetch_writer_step(&writer, &part, most);
        check(bytes_append(out, bytes_slice(&part)));
        bytes_clear(&part);
        if (keeps)
            imap_fetch_writer_keep(&writer);
    }
    imap_fetch_writer_finish(&writer);
    bytes_finish(&part);
}

static void try_fetch(struct world *w)
{
    struct imap_fetch f;
    struct imap_args a = begin(w, false);
    bool is_read = imap_fetch_read(&f, &a);
    check(is_read == (a.problem == NULL));
    if (!is_read || f.count > 8)
        return;
    for (uint32_t n = 1; n <= 3; n++) {
        bytes_clear(&w->out);
        bytes_clear(&w->other);
        run_fetch(w, &f, n, OUT_MAX, false, &w->out);
        run_fetch(w, &f, n, 7, true, &w->other);
        check(slice_equal(bytes_slice(&w->out), bytes_slice(&w->other)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const tries[])(struct world *) = {try_words,  try_names, try_set,
                                                    try_search, try_order, try_fetch};
    struct world w = {0};
    struct slice rest = {(const char *)data + 1, size - 1};
    if (size == 0 || size > 20000)
        return 0;
    arena_init(&w.arena);
    bytes_init(&w.out, 64 * OUT_MAX);
    bytes_init(&w.other, 64 * OUT_MAX);
    slice_cut(&rest, 0x1E, &w.argument);
    w.message = rest;
    account_init(&w.account, SLICE("a@x"), 1, 0,
                 &(struct account_keeper){.add = add, .context = &w});
    w.folder = account_find(&w.account, SLICE("INBOX"));
    fill(&w);
    tries[data[0] % 6](&w);
    account_finish(&w.account);
    bytes_finish(&w.out);
    bytes_finish(&w.other);
    arena_finish(&w.arena);
    return 0;
}
