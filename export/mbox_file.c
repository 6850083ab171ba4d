/* All copies that were delivered in one file, in the format that is called mboxrd (RFC 4155). */
#include "agents/mail/mbox.h"
#include "export/copies.h"
#include "export/export.h"
#include "sim/base/check.h"
#include "sim/base/vtime.h"

bool mbox_file_write(const struct log *log, FILE *out, const struct export_options *options,
                     struct problem *problem)
{
    struct bytes text, whole;
    struct copy copy;
    uint32_t id = 0;
    bool is_any = false;
    bytes_init(&text, SIZE_MAX);
    bytes_init(&whole, SIZE_MAX);
    while (!ferror(out) && copies_next(log, options->message, &id, &copy)) {
        is_any = true;
        bytes_clear(&text);
        bytes_clear(&whole);
        /* as one: a line may go on from the header's last octets into the body */
        check(bytes_append(&whole, copy.header) && bytes_append(&whole, copy.body));
        check(mbox_write_from(copy.sender, log_epoch_s(log) + copy.t / VTIME_S, &text) &&
              mbox_write_text(bytes_slice(&whole), MBOX_RD, &text) &&
              bytes_append_octet(&text, '\n'));
        fwrite(bytes_slice(&text).data, 1, bytes_size(&text), out);
    }
    bytes_finish(&text);
    bytes_finish(&whole);
    return is_any || copies_none(options->message, problem);
}
