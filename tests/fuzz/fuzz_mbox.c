/*
 * Any octets as an mbox file. Its entries lie behind each other and cover it from the first "From "
 * line on; a text that is read and written again is read as the same.
 */
#include "agents/mail/mbox.h"

#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_and_write(struct slice text, enum mbox_quoting quoting)
{
    struct bytes message, again, file;
    struct mbox_entry e;
    size_t position = 0;
    bytes_init(&message, 4 * text.size + 16);
    bytes_init(&again, 8 * text.size + 16);
    bytes_init(&file, 8 * text.size + 256);
    check(mbox_read_text(text, quoting, &message));
    check(mbox_write_from(SLICE("bob@example.org"), 1740992400, &file));
    check(mbox_write_text(bytes_slice(&message), quoting, &file) &&
          bytes_append(&file, SLICE("\n")));
    check(mbox_next(bytes_slice(&file), &position, &e) && e.is_whole && e.start == 0);
    check(e.end == bytes_size(&file) && e.unix_s == 1740992400);
    check(slice_equal(e.sender, SLICE("bob@example.org")));
    check(mbox_read_text(e.text, quoting, &again));
    if (quoting == MBOX_RD)
        check(slice_equal(bytes_slice(&again), bytes_slice(&message)));
    bytes_finish(&message);
    bytes_finish(&again);
    bytes_finish(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice file = {(const char *)data, size};
    struct mbox_entry e;
    size_t position = 0, end = 0;
    while (mbox_next(file, &position, &e)) {
        check(e.start == end || end == 0);
        check(e.start < e.end && e.end == position && e.end <= size);
        check(slice_starts(slice_part(file, e.start, size), SLICE("From ")));
        end = e.end;
        read_and_write(e.text, MBOX_RD);
        read_and_write(e.text, MBOX_O);
    }
    check(end == 0 || end == size);
    return 0;
}
