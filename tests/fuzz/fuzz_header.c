/*
 * Whole messages of any octets: header and body, fields, addresses, dates, notices. Every octet is
 * in the header's fields, its empty line, or the body; and what is written from what was read is a
 * field, never two.
 */
#include "agents/mail/header.h"
#include "agents/mail/message_again.h"

#include "agents/mail/address.h"
#include "agents/mail/date.h"
#include "agents/mail/dsn.h"
#include "agents/mail/message.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as_anything(struct slice value)
{
    struct address_mailbox mailbox;
    struct address address;
    struct slice list = value;
    int64_t unix_s;
    int zone_min;
    size_t found = 0;
    while (address_next(&list, &mailbox))
        check(mailbox.address.size > 0 && ++found <= value.size);
    if (address_read(value, &address))
        check(address_equal(value, value));
    if (date_read(value, &unix_s, &zone_min)) {
        char text[DATE_TEXT];
        check(date_write(unix_s, zone_min, text).size < DATE_TEXT);
    }
}

static void write_again(struct slice value)
{
    struct bytes plain, out;
    struct header_field field;
    bytes_init(&plain, value.size);
    bytes_init(&out, 2 * value.size + 64);
    check(header_unfold(value, &plain));
    check(header_write(&out, SLICE("X-Again"), bytes_slice(&plain)));
    struct slice rest = bytes_slice(&out);
    check(header_next(&rest, &field) && rest.size == 0);
    check(slice_equal(field.name, SLICE("X-Again")));
    bytes_finish(&plain);
    bytes_finish(&out);
}

static void compose(struct slice header, struct slice body)
{
    const struct message_draft draft = {.from = header,
                                        .to = body,
                                        .cc = header,
                                        .subject = body,
                                        .user_agent = header,
                                        .message_id = body,
                                        .body = body};
    struct slice written, left;
    struct bytes out;
    bytes_init(&out, 16 * (header.size + body.size) + 4096);
    check(message_write(&draft, &out));
    header_split(bytes_slice(&out), &written, &left);
    check(header_count(written, SLICE("")) == 0);
    check(header_count(written, SLICE("From")) <= 1 && header_count(written, SLICE("Bcc")) == 0);
    bytes_finish(&out);
}

/* What is sent again may be sent: no NUL, no lone CR or LF, no line of more than 998 octets. */
static void check_again(struct slice content)
{
    struct bytes out, twice;
    bytes_init(&out, SIZE_MAX);
    bytes_init(&twice, SIZE_MAX);
    check(message_again(content, &out));
    struct slice all = bytes_slice(&out), rest = all;
    check(slice_find_octet(all, '\0', 0) == SLICE_NONE);
    while (rest.size > 0) {
        size_t end = slice_find_line_end(rest, 0);
        check(end <= 998 && end + 1 < rest.size && rest.data[end] == '\r' &&
              rest.data[end + 1] == '\n');
        rest = slice_part(rest, end + 2, rest.size);
    }
    check(message_again(all, &twice) && (bytes_size(&twice) <= bytes_size(&out)));
    bytes_finish(&out);
    bytes_finish(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice content = {(const char *)data, size};
    struct slice header, body;
    struct header_field field;
    struct dsn_reading reading;
    size_t octets = 0;
    header_split(content, &header, &body);
    compose(header, body);
    while (header_next(&header, &field)) {
        octets += field.whole.size;
        read_as_anything(field.value);
        write_again(field.value);
    }
    check(octets + header.size + body.size == size);
    for (size_t n = 0; n < 4 && dsn_read(content, n, &reading); n++)
        check(reading.final_recipient.size <= size);
    check_again((struct slice){(const char *)data, size});
    return 0;
}
