#include "agents/mail/redirect.h"

#include "agents/mail/address.h"

/* A word up to a comma or line end, without a remark and the blanks around it. */
static bool next_word(struct slice *rest, struct slice *word)
{
    if (rest->size == 0)
        return false;
    size_t end = slice_find_line_end(*rest, 0), comma = slice_find_octet(*rest, ',', 0);
    size_t remark = slice_find_octet(*rest, '#', 0);
    size_t stop = comma < end ? comma : end;
    if (remark < stop) { /* a comma within a remark is part of it */
        *word = slice_trim(slice_part(*rest, 0, remark));
        stop = end;
    } else {
        *word = slice_trim(slice_part(*rest, 0, stop));
    }
    *rest = slice_part(*rest, stop + 1, rest->size);
    return true;
}

static bool read_word(struct slice word, struct slice owner, struct arena *arena,
                      struct redirect *r)
{
    struct address address;
    bool is_plain = word.size > 1 && word.data[0] == '\\'; /* "no more forwarding", by long habit */
    if (is_plain)
        word = slice_part(word, 1, word.size);
    if (word.size > 2 && word.data[0] == '<' && word.data[word.size - 1] == '>')
        word = slice_part(word, 1, word.size - 1);
    *r = (struct redirect){.address = word};
    if (slice_equal_fold(word, SLICE("keep"))) {
        *r = (struct redirect){owner, true};
        return true;
    }
    if (!address_read_utf8(word, &address) ||
        (address.domain.size == 0 &&
         slice_find_octet(SLICE("\"|/:"), word.data[0], 0) != SLICE_NONE))
        return false; /* also what some take for a program or a file */
    if (address.domain.size == 0)
        r->address =
            arena_join(arena, (struct slice[]){word, SLICE("@"), address_domain(owner)}, 3);
    r->is_kept = slice_equal_fold(r->address, owner);
    return true;
}

bool redirect_next(struct slice *rest, struct slice owner, struct arena *arena,
                   struct redirect *redirect)
{
    struct slice word;
    while (next_word(rest, &word))
        if (word.size > 0 && read_word(word, owner, arena, redirect))
            return true;
    return false;
}

bool redirect_read_alias(struct slice text, struct slice *name, struct slice *members)
{
    struct address address;
    struct arena arena;
    struct redirect first;
    *members = text;
    if (!slice_cut(members, ':', name))
        return false;
    *name = slice_trim(*name);
    *members = slice_trim(*members);
    if (!address_read_utf8(*name, &address) || address.domain.size == 0)
        return false;
    struct slice rest = *members;
    arena_init(&arena);
    bool ok = redirect_next(&rest, *name, &arena, &first);
    arena_finish(&arena);
    return ok;
}
