#include "agents/proto/smtp_reply_reader.h"

#include <string.h>

void smtp_reply_reader_init(struct smtp_reply_reader *r)
{
    *r = (struct smtp_reply_reader){0};
    bytes_init(&r->text, SMTP_REPLY_TEXT_MAX);
}

void smtp_reply_reader_finish(struct smtp_reply_reader *r)
{
    bytes_finish(&r->text);
}

/* "." 1*3DIGIT from `at` on; the place behind it, or SLICE_NONE. */
static size_t skip_number(struct slice s, size_t at)
{
    size_t digits = 0;
    if (at >= s.size || s.data[at] != '.')
        return SLICE_NONE;
    while (at + 1 + digits < s.size && s.data[at + 1 + digits] >= '0' &&
           s.data[at + 1 + digits] <= '9')
        digits++;
    return digits >= 1 && digits <= 3 ? at + 1 + digits : SLICE_NONE;
}

/*
 * status-code = class "." subject "." detail (RFC 3463 2), and then a space or the end. A text that
 * merely starts with such numbers, of another class than the reply's, stays text.
 */
static struct slice find_esc(int code, struct slice text)
{
    char class = (char)('0' + code / 100);
    struct slice none = slice_part(text, 0, 0);
    if (text.size == 0 || text.data[0] != class || (class != '2' && class != '4' && class != '5'))
        return none;
    size_t end = skip_number(text, 1);
    end = end == SLICE_NONE ? end : skip_number(text, end);
    if (end == SLICE_NONE || (end < text.size && text.data[end] != ' '))
        return none;
    return slice_part(text, 0, end);
}

static bool append_text(struct bytes *out, struct slice text)
{
    if (text.size == 0)
        return true;
    if (!bytes_append(out, text))
        return false;
    char *kept = bytes_tail(out, text.size);
    for (size_t i = 0; i < text.size; i++) {
        unsigned char octet = (unsigned char)kept[i];
        bool is_control = (octet < ' ' && octet != '\t') || octet == 0x7f;
        kept[i] = is_control ? '?' : kept[i];
    }
    return true;
}

static void start(struct smtp_reply_reader *r, int code)
{
    bytes_clear(&r->text);
    r->code = code;
    r->esc[0] = '\0';
    r->is_within = true;
}

enum smtp_reply_step smtp_reply_reader_take(struct smtp_reply_reader *r, struct slice line)
{
    int code;
    bool is_last, is_first = !r->is_within;
    struct slice text;
    if (!smtp_reply_read_line(line, &code, &is_last, &text) || (!is_first && code != r->code))
        return SMTP_REPLY_NONSENSE;
    if (is_first)
        start(r, code);
    else if (!bytes_append_octet(&r->text, '\n'))
        return SMTP_REPLY_NONSENSE;
    struct slice esc = find_esc(code, text);
    if (is_first && esc.size > 0) {
        memcpy(r->esc, esc.data, esc.size);
        r->esc[esc.size] = '\0';
    }
    if (esc.size > 0 && r->esc[0] != '\0')
        text = slice_part(text, esc.size + 1, text.size);
    if (!append_text(&r->text, text))
        return SMTP_REPLY_NONSENSE;
    r->is_within = !is_last;
    return is_last ? SMTP_REPLY_WHOLE : SMTP_REPLY_MORE;
}

struct smtp_reply smtp_reply_reader_reply(const struct smtp_reply_reader *r)
{
    return (struct smtp_reply){r->code, slice_of(r->esc), bytes_slice(&r->text)};
}
