#include <openssl/evp.h>
#include <stdlib.h>

#include "agents/mail/header.h"
#include "agents/proto/dkim_part.h"
#include "agents/mail/tag_list.h"
#include "sim/base/check.h"
#include "sim/base/vector.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void put(struct bytes *out, struct slice s)
{
    check(bytes_append(out, s));
}

/* Runs of blanks become one space, those at the end nothing. */
static void put_reduced(struct bytes *out, struct slice line)
{
    bool is_pending = false;
    for (size_t i = 0; i < line.size; i++) {
        if (is_blank(line.data[i])) {
            is_pending = true;
            continue;
        }
        if (is_pending)
            put(out, SLICE(" "));
        is_pending = false;
        check(bytes_append_octet(out, line.data[i]));
    }
}

/* 3.4.2: the name in small letters, the value on one line, no blanks around the colon. */
static void relax_field(struct slice field, struct bytes *out)
{
    struct slice value = field, name, line;
    struct bytes unfolded;
    (void)slice_cut(&value, ':', &name);
    name = slice_trim(name);
    for (size_t i = 0; i < name.size; i++)
        check(bytes_append_octet(out, slice_lower(name.data[i])));
    put(out, SLICE(":"));
    bytes_init(&unfolded, SIZE_MAX / 2);
    while (slice_cut(&value, '\n', &line)) {
        if (line.size > 0 && line.data[line.size - 1] == '\r')
            line.size--;
        put(&unfolded, line);
    }
    put_reduced(out, slice_trim(bytes_slice(&unfolded)));
    bytes_finish(&unfolded);
    put(out, SLICE("\r\n"));
}

void dkim_canonicalize_field(bool is_relaxed, struct slice field, struct bytes *out)
{
    if (is_relaxed)
        relax_field(field, out);
    else
        put(out, field);
}

/* Line by line; empty lines wait until one that is not empty follows (3.4.3, 3.4.4). */
void dkim_canonicalize_body(bool is_relaxed, struct slice body, struct bytes *out)
{
    size_t empty = 0, at = 0;
    while (at < body.size) {
        size_t end = slice_find(body, SLICE("\r\n"), at);
        struct slice line = slice_part(body, at, end);
        at = end == SLICE_NONE ? body.size : end + 2;
        while (is_relaxed && line.size > 0 && is_blank(line.data[line.size - 1]))
            line.size--;
        if (line.size == 0) {
            empty++;
            continue;
        }
        for (; empty > 0; empty--)
            put(out, SLICE("\r\n"));
        if (is_relaxed)
            put_reduced(out, line);
        else
            put(out, line);
        put(out, SLICE("\r\n"));
    }
    if (!is_relaxed && bytes_size(out) == 0)
        put(out, SLICE("\r\n"));
}

void dkim_hash_body(bool is_relaxed, struct slice body, uint64_t length,
                    unsigned char hash[DKIM_HASH_OCTETS])
{
    struct bytes canonical;
    bytes_init(&canonical, SIZE_MAX / 2);
    dkim_canonicalize_body(is_relaxed, body, &canonical);
    struct slice all = bytes_slice(&canonical);
    if (length < all.size)
        all.size = (size_t)length;
    check(EVP_Digest(all.data, all.size, hash, NULL, EVP_sha256(), NULL) == 1);
    bytes_finish(&canonical);
}

/* The field with the value of its b= taken out, and the blanks around it (3.5). */
static void put_without_signature(struct slice field, struct bytes *out)
{
    struct slice list = field, name;
    struct tag tag;
    (void)slice_cut(&list, ':', &name);
    put(out, name);
    put(out, SLICE(":"));
    while (list.size > 0) {
        const char *start = list.data;
        (void)tag_list_next(&list, &tag);
        size_t size = (size_t)(list.data - start);
        bool is_it = slice_equal(tag.name, SLICE("b")) && tag.raw.data;
        if (is_it)
            put(out, (struct slice){start, (size_t)(tag.raw.data - start)});
        else
            put(out, (struct slice){start, size});
        if (is_it && tag.raw.data + tag.raw.size < start + size)
            put(out, SLICE(";"));
    }
}

static void put_own(bool is_relaxed, struct slice own, struct bytes *out)
{
    struct bytes plain;
    bytes_init(&plain, SIZE_MAX / 2);
    put_without_signature(own, &plain);
    dkim_canonicalize_field(is_relaxed, bytes_slice(&plain), out);
    bytes_finish(&plain);
    if (slice_ends(bytes_slice(out), SLICE("\r\n")))
        bytes_truncate(out, bytes_size(out) - 2);
}

struct candidate {
    struct header_field field;
    bool is_taken;
};

void dkim_gather(bool is_relaxed, struct slice names, struct slice header, struct slice own,
                 struct bytes *out)
{
    VECTOR(struct candidate) fields = {0};
    struct header_field field;
    struct slice name;
    while (header_next(&header, &field))
        if (field.whole.data != own.data)
            *vector_add(&fields) = (struct candidate){.field = field};
    while (tag_list_next_item(&names, &name))
        for (size_t i = fields.count; i-- > 0;) {
            struct candidate *c = &fields.items[i];
            if (c->is_taken || !slice_equal_fold(c->field.name, name))
                continue;
            c->is_taken = true;
            dkim_canonicalize_field(is_relaxed, c->field.whole, out);
            break;
        }
    vector_finish(&fields);
    put_own(is_relaxed, own, out);
}
