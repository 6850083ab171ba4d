#include "agents/mail/header.h"
#include "agents/proto/dkim_part.h"
#include "sim/base/base64.h"

enum { LINE_MAX = 72, FIELD_MAX = 64 * 1024 };

/* RFC 6376 5.4.1, with those of lists and of MIME. */
static const char *const signed_names[] = {
    "From",       "Reply-To",     "Subject",      "Date",
    "To",         "Cc",           "Message-ID",   "In-Reply-To",
    "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"};

/* The fields that must not be there twice (RFC 5322 3.6) and that a reader sees are named even when
   they are not there. */
enum { SEEN_COUNT = 6, NAMES_MAX = 1024 };

/* "From:From:Subject:..." */
static bool put_names(struct slice header, struct bytes *out)
{
    bool ok = true;
    const char *colon = "";
    for (size_t i = 0; i < sizeof signed_names / sizeof *signed_names; i++) {
        unsigned count = header_count(header, slice_of(signed_names[i]));
        if (i < SEEN_COUNT)
            count++;
        for (; ok && count > 0 && bytes_size(out) < NAMES_MAX; count--) {
            ok = bytes_printf(out, "%s%s", colon, signed_names[i]);
            colon = ":";
        }
    }
    return ok;
}

/* Text that may be cut anywhere or, with `at` set, behind that octet, in lines of its own. */
static bool put_lines(struct slice text, char at, struct bytes *out)
{
    bool ok = true;
    while (ok && text.size > 0) {
        size_t size = text.size < LINE_MAX ? text.size : LINE_MAX;
        while (at && size < text.size && size > 1 && text.data[size - 1] != at)
            size--;
        ok = bytes_append_all(out, (struct slice[]){SLICE("\r\n "), slice_part(text, 0, size)}, 2);
        text = slice_part(text, size, text.size);
    }
    return ok;
}

static bool put_base64(struct slice octets, struct bytes *out)
{
    struct bytes text;
    bytes_init(&text, FIELD_MAX);
    bool ok = base64_write(octets, &text) && put_lines(bytes_slice(&text), 0, out);
    bytes_finish(&text);
    return ok;
}

/* The field up to its "b=". */
static bool put_beginning(const struct dkim_signing *signing, struct slice names, struct slice hash,
                          struct bytes *out)
{
    const char *form = signing->is_simple ? "simple/simple" : "relaxed/relaxed";
    return bytes_printf(out, "DKIM-Signature: v=1; a=%s; c=%s; d=%.*s;\r\n s=%.*s; t=%lld; h=",
                        dkim_algorithm_name(dkim_secret_algorithm(signing->secret)), form,
                        SLICE_ARG(signing->domain), SLICE_ARG(signing->selector),
                        (long long)signing->now_s) &&
           put_lines(names, ':', out) && bytes_append(out, SLICE(";\r\n bh=")) &&
           base64_write(hash, out) && bytes_append(out, SLICE(";\r\n b="));
}

static bool sign(const struct dkim_signing *signing, struct slice names, struct slice header,
                 struct slice body, struct bytes *field)
{
    unsigned char hash[DKIM_HASH_OCTETS];
    struct bytes data;
    struct arena arena;
    dkim_hash_body(!signing->is_simple, body, UINT64_MAX, hash);
    if (!put_beginning(signing, names, (struct slice){(const char *)hash, sizeof hash}, field))
        return false;
    bytes_init(&data, SIZE_MAX / 2);
    arena_init(&arena);
    dkim_gather(!signing->is_simple, names, header, bytes_slice(field), &data);
    struct slice signature = dkim_secret_sign(signing->secret, bytes_slice(&data), &arena);
    bool ok = put_base64(signature, field) && bytes_append(field, SLICE("\r\n"));
    arena_finish(&arena);
    bytes_finish(&data);
    return ok;
}

bool dkim_sign(const struct dkim_signing *signing, struct slice header, struct slice body,
               struct bytes *out)
{
    struct bytes names, field;
    if (header_count(header, SLICE("From")) == 0)
        return false;
    bytes_init(&names, 2 * NAMES_MAX);
    bytes_init(&field, FIELD_MAX);
    bool ok = put_names(header, &names) &&
              sign(signing, bytes_slice(&names), header, body, &field) &&
              bytes_append(out, bytes_slice(&field));
    bytes_finish(&names);
    bytes_finish(&field);
    return ok;
}
