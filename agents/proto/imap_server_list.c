/*
 * LIST with all its options (RFC 9051 6.3.9, RFC 5258, 5819, 6154) and LSUB (RFC 3501 6.3.9).
 */
#include <stdlib.h>

#include "agents/proto/imap_list_match.h"
#include "agents/proto/imap_put.h"
#include "agents/proto/imap_server_part.h"

enum {
    PATTERN_MAX = 1024,
    PATTERNS_MAX = 100,
    NAMES_MAX = 10000, /* parents of subscribed names that are not there are no end of names */
};

struct listing {
    /* selection options */
    bool subscribed, special_use, recursive;
    /* return options */
    bool shows_subscribed, shows_use, shows_status;
    unsigned status;
    bool is_extended, is_lsub;
    struct slice reference;
    struct imap_names patterns; /* joined with the reference */
};

/* ---- arguments ---- */

static bool read_selection(struct imap_args *a, struct listing *l)
{
    bool is_first = true;
    if (imap_args_peek(a) != '(')
        return true;
    l->is_extended = true;
    imap_args_expect(a, '(');
    while (imap_args_list_next(a, &is_first))
        if (imap_args_word(a, SLICE("SUBSCRIBED")))
            l->subscribed = l->shows_subscribed = true;
        else if (imap_args_word(a, SLICE("SPECIAL-USE")))
            l->special_use = l->shows_use = true;
        else if (imap_args_word(a, SLICE("RECURSIVEMATCH")))
            l->recursive = true;
        else if (!imap_args_word(a, SLICE("REMOTE"))) /* nothing here is remote */
            return imap_args_fail(a, "there is no such selection option");
    if (l->recursive && !l->subscribed && !l->special_use)
        return imap_args_fail(a, "RECURSIVEMATCH wants another option");
    return imap_args_sp(a);
}

static bool read_return(struct imap_server *s, struct listing *l)
{
    struct imap_args *a = &s->part->args;
    bool is_first = true;
    if (!imap_args_skip(a, ' '))
        return true;
    l->is_extended = true;
    if (!imap_args_word(a, SLICE("RETURN")))
        return imap_args_fail(a, "RETURN is expected");
    if (!imap_args_sp(a) || !imap_args_expect(a, '('))
        return false;
    while (imap_args_list_next(a, &is_first))
        if (imap_args_word(a, SLICE("SUBSCRIBED")))
            l->shows_subscribed = true;
        else if (imap_args_word(a, SLICE("SPECIAL-USE")))
            l->shows_use = true;
        else if (imap_args_word(a, SLICE("STATUS"))) {
            l->shows_status = true;
            if (!imap_args_sp(a) || !imap_part_read_status(s, &l->status))
                return false;
        } else if (!imap_args_word(a, SLICE("CHILDREN"))) /* it is always told */
            return imap_args_fail(a, "there is no such return option");
    return !a->problem;
}

/* A pattern that no name can match is no mistake (RFC 9051 6.3.9). */
static void add_pattern(struct imap_server *s, struct listing *l, struct slice pattern)
{
    char text[PATTERN_MAX];
    struct slice joined;
    if (l->patterns.count < PATTERNS_MAX &&
        imap_list_match_join(l->reference, pattern, text, sizeof text, &joined))
        imap_names_add(&l->patterns, arena_copy(&s->part->arena, joined), &s->part->arena);
}

static bool read_patterns(struct imap_server *s, struct listing *l, bool *is_root)
{
    struct imap_args *a = &s->part->args;
    struct slice pattern;
    bool is_first = true;
    if (imap_args_peek(a) == '(') {
        l->is_extended = true;
        imap_args_expect(a, '(');
        while (imap_args_list_next(a, &is_first))
            if (imap_args_list_mailbox(a, &pattern) && pattern.size > 0)
                add_pattern(s, l, pattern);
        return !a->problem;
    }
    if (!imap_args_list_mailbox(a, &pattern))
        return false;
    *is_root = pattern.size == 0;
    if (pattern.size > 0)
        add_pattern(s, l, pattern);
    return true;
}

/* ---- the names to look at: folders, and what is subscribed ---- */

static int order(const void *a, const void *b)
{
    const struct slice *one = a, *other = b;
    return slice_order(*one, *other);
}

static void add_subscriptions(struct imap_server *s, const struct listing *l,
                              struct imap_names *names)
{
    const struct account *a = s->account;
    bool wants_parents = l->is_lsub || l->recursive;
    for (size_t i = 0; i < a->subscriptions.count; i++) {
        struct slice name = a->subscriptions.items[i];
        imap_names_add(names, name, &s->part->arena);
        for (size_t at = 0; wants_parents && names->count < NAMES_MAX &&
                            (at = slice_find_octet(name, '/', at)) != SLICE_NONE;
             at++)
            imap_names_add(names, slice_part(name, 0, at), &s->part->arena);
    }
}

static struct imap_names collect(struct imap_server *s, const struct listing *l)
{
    struct imap_names names = {0};
    for (size_t i = 0; i < s->account->folders.count; i++)
        imap_names_add(&names, s->account->folders.items[i]->name, &s->part->arena);
    if (l->subscribed)
        add_subscriptions(s, l, &names);
    if (names.count > 1)
        qsort(names.items + 1, names.count - 1, sizeof *names.items, order); /* INBOX is first */
    size_t kept = 0;
    for (size_t i = 0; i < names.count; i++)
        if (i == 0 || (!slice_equal(names.items[i], names.items[kept - 1]) &&
                       !slice_equal(names.items[i], names.items[0])))
            names.items[kept++] = names.items[i];
    names.count = kept;
    return names;
}

/* ---- one name ---- */

static bool matches(const struct listing *l, struct slice name)
{
    for (size_t i = 0; i < l->patterns.count; i++)
        if (imap_list_match(l->patterns.items[i], name))
            return true;
    return false;
}

static bool is_selected(const struct imap_server *s, const struct listing *l, struct slice name)
{
    const struct account_folder *folder = account_find(s->account, name);
    if (l->subscribed && !account_is_subscribed(s->account, name))
        return false;
    if (l->special_use && (!folder || !folder->use))
        return false;
    return folder || l->subscribed;
}

/* Is there a name below this one that is selected; one that is not listed itself, if
   `only_unlisted` (RFC 9051 6.3.9.3)? */
static bool has_selected_below(const struct imap_server *s, const struct listing *l,
                               const struct imap_names *names, size_t i, bool only_unlisted)
{
    struct slice parent = names->items[i];
    for (size_t n = i == 0 ? 1 : i + 1; n < names->count; n++) {
        struct slice name = names->items[n];
        bool is_below =
            name.size > parent.size && slice_starts(name, parent) && name.data[parent.size] == '/';
        if (i > 0 && !slice_starts(name, parent))
            return false; /* they stand together */
        if (is_below && is_selected(s, l, name) && !(only_unlisted && matches(l, name)))
            return true;
    }
    return false;
}

static bool put_attribute(struct bytes *out, const char **space, const char *text)
{
    bool fits = bytes_append(out, slice_of(*space)) && bytes_append(out, slice_of(text));
    *space = " ";
    return fits;
}

static bool put_attributes(const struct imap_server *s, const struct listing *l, struct slice name,
                           struct bytes *out)
{
    const struct account_folder *folder = account_find(s->account, name);
    const char *space = "";
    bool fits = true;
    if (l->is_lsub) /* \Noselect would mean that it is not subscribed (RFC 3501 6.3.9) */
        return true;
    if (!folder)
        fits = put_attribute(out, &space, "\\NonExistent");
    else if (!folder->is_selectable)
        fits = put_attribute(out, &space, "\\Noselect");
    if (folder)
        fits = fits && put_attribute(out, &space,
                                     account_has_children(s->account, name) ? "\\HasChildren"
                                                                            : "\\HasNoChildren");
    if (l->shows_subscribed && account_is_subscribed(s->account, name))
        fits = fits && put_attribute(out, &space, "\\Subscribed");
    if (folder && folder->use && (l->shows_use || !l->is_extended))
        fits = fits && put_attribute(out, &space, folder->use);
    return fits;
}

static void put_name(struct imap_server *s, const struct listing *l, struct slice name,
                     bool has_child_info)
{
    struct bytes *out = &s->base.out;
    bool utf8 = s->part->is_rev2 || s->part->has_utf8;
    bool fits = bytes_append(out, l->is_lsub ? SLICE("* LSUB (") : SLICE("* LIST (")) &&
                put_attributes(s, l, name, out) && bytes_append(out, SLICE(") \"/\" ")) &&
                imap_put_mailbox(out, name, utf8);
    if (has_child_info)
        fits = fits && bytes_append(out, SLICE(" (\"CHILDINFO\" (")) &&
               bytes_append(out, l->subscribed ? SLICE("\"SUBSCRIBED\"") : SLICE("")) &&
               bytes_append(out, l->subscribed && l->special_use ? SLICE(" ") : SLICE("")) &&
               bytes_append(out, l->special_use ? SLICE("\"SPECIAL-USE\"") : SLICE("")) &&
               bytes_append(out, SLICE("))"));
    imap_part_wrote(s, fits && bytes_append(out, SLICE("\r\n")));
}

void imap_part_say_listed(struct imap_server *s, const struct account_folder *folder)
{
    struct listing plain = {.is_extended = true};
    put_name(s, &plain, folder->name, false);
}

/* ---- the commands ---- */

static void list_one(struct imap_server *s, const struct listing *l, const struct imap_names *names,
                     size_t i)
{
    struct slice name = names->items[i];
    if (!matches(l, name))
        return;
    bool selected = is_selected(s, l, name);
    bool child_info = l->recursive && has_selected_below(s, l, names, i, !selected);
    if (!selected && !child_info)
        return;
    put_name(s, l, name, child_info);
    const struct account_folder *folder = account_find(s->account, name);
    if (l->shows_status && selected && folder && folder->is_selectable)
        imap_part_put_status(s, folder, l->status);
}

static void list_all(struct imap_server *s, const struct listing *l)
{
    struct imap_names names = collect(s, l);
    for (size_t i = 0; i < names.count && !s->part->is_broken; i++)
        list_one(s, l, &names, i);
}

void imap_part_do_list(struct imap_server *s)
{
    struct imap_args *a = &s->part->args;
    struct listing l = {0};
    bool is_root = false;
    if (!(imap_args_sp(a) && read_selection(a, &l) && imap_args_list_mailbox(a, &l.reference) &&
          imap_args_sp(a) && read_patterns(s, &l, &is_root) && read_return(s, &l) &&
          imap_args_end(a))) {
        imap_part_bad(s);
        return;
    }
    if (is_root && !l.is_extended) /* asks for the separator (RFC 9051 6.3.9) */
        imap_part_say(s, "* LIST (\\Noselect) \"/\" \"\"\r\n");
    else
        list_all(s, &l);
    imap_part_reply(s, IMAP_OK, "that is all");
}

/* With "%" last, a name that is not subscribed is told for those below it that are: \Noselect
   then means nothing else (RFC 3501 6.3.9). */
static void lsub_all(struct imap_server *s, const struct listing *l)
{
    struct imap_names names = collect(s, l);
    for (size_t i = 0; i < names.count && !s->part->is_broken; i++) {
        struct slice name = names.items[i];
        if (!matches(l, name))
            continue;
        if (account_is_subscribed(s->account, name))
            put_name(s, l, name, false);
        else if (has_selected_below(s, l, &names, i, true)) {
            struct bytes *out = &s->base.out;
            imap_part_wrote(
                s, bytes_append(out, SLICE("* LSUB (\\Noselect) \"/\" ")) &&
                       imap_put_mailbox(out, name, s->part->is_rev2 || s->part->has_utf8) &&
                       bytes_append(out, SLICE("\r\n")));
        }
    }
}

void imap_part_do_lsub(struct imap_server *s)
{
    struct imap_args *a = &s->part->args;
    struct listing l = {.is_lsub = true, .subscribed = true};
    bool is_root = false;
    if (!(imap_args_sp(a) && imap_args_list_mailbox(a, &l.reference) && imap_args_sp(a) &&
          imap_args_peek(a) != '(' && read_patterns(s, &l, &is_root) && imap_args_end(a))) {
        imap_part_bad(s);
        return;
    }
    if (is_root)
        imap_part_say(s, "* LSUB (\\Noselect) \"/\" \"\"\r\n");
    else
        lsub_all(s, &l);
    imap_part_reply(s, IMAP_OK, "that is all");
}
