#include "agents/proto/smtp_path.h"

#include "agents/mail/address.h"
#include "sim/base/utf8.h"
#include "agents/proto/smtp.h"

static bool is_let_dig(char octet)
{
    char lower = slice_lower(octet);
    return (lower >= 'a' && lower <= 'z') || (octet >= '0' && octet <= '9');
}

static bool is_host_name(struct slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (!is_let_dig(s.data[i]) && s.data[i] != '-' && s.data[i] != '.' && s.data[i] != '_')
            return false;
    return s.size > 0 && s.size <= 255;
}

bool smtp_mailbox_is_valid(struct slice mailbox)
{
    struct address address;
    return slice_is_8bit(mailbox) ? address_read_utf8(mailbox, &address)
                                  : address_read(mailbox, &address);
}

bool smtp_hello_name_is_valid(struct slice name)
{
    if (name.size == 0 || name.data[0] != '[')
        return is_host_name(name);
    /* an address literal is one behind any local part, too */
    char text[SMTP_PATH_MAX] = "a@";
    if (name.size > sizeof text - 2)
        return false;
    for (size_t i = 0; i < name.size; i++)
        text[2 + i] = name.data[i];
    struct address address;
    return address_read((struct slice){text, 2 + name.size}, &address);
}

/* Where the bracket closes that the path starts with: '>' means nothing within quotes. */
static size_t find_close(struct slice s)
{
    bool is_quoted = false;
    for (size_t i = 1; i < s.size; i++) {
        if (is_quoted && s.data[i] == '\\')
            i++;
        else if (s.data[i] == '"')
            is_quoted = !is_quoted;
        else if (s.data[i] == '>' && !is_quoted)
            return i;
    }
    return SLICE_NONE;
}

/* A-d-l = At-domain *( "," At-domain ), and the ":" behind it */
static bool take_route(struct slice *inside)
{
    size_t colon = slice_find_octet(*inside, ':', 0);
    if (colon == SLICE_NONE || colon == 0 || inside->data[colon - 1] == ',')
        return false;
    struct slice route = slice_part(*inside, 0, colon), part;
    while (slice_cut(&route, ',', &part))
        if (part.size == 0 || part.data[0] != '@' || !is_host_name(slice_part(part, 1, part.size)))
            return false;
    *inside = slice_part(*inside, colon + 1, inside->size);
    return true;
}

bool smtp_path_read(struct slice *rest, struct slice *mailbox)
{
    if (rest->size == 0 || rest->data[0] != '<')
        return false;
    size_t close = find_close(*rest);
    if (close == SLICE_NONE || close + 1 > SMTP_PATH_MAX)
        return false;
    struct slice inside = slice_part(*rest, 1, close);
    if (inside.size > 0) {
        if (inside.data[0] == '@' && !take_route(&inside))
            return false;
        if (!smtp_mailbox_is_valid(inside))
            return false;
    }
    *mailbox = inside;
    *rest = slice_part(*rest, close + 1, rest->size);
    return true;
}

/* esmtp-param = esmtp-keyword ["=" esmtp-value] */
bool smtp_parameter_read(struct slice *rest, struct smtp_parameter *parameter)
{
    struct slice word;
    if (rest->size < 2 || rest->data[0] != ' ')
        return false;
    size_t end = slice_find_octet(*rest, ' ', 1);
    word = slice_part(*rest, 1, end);
    *rest = slice_part(*rest, 1 + word.size, rest->size);
    size_t equals = slice_find_octet(word, '=', 0);
    *parameter = (struct smtp_parameter){slice_part(word, 0, equals), {0}, equals != SLICE_NONE};
    if (parameter->has_value)
        parameter->value = slice_part(word, equals + 1, word.size);
    struct slice keyword = parameter->keyword, value = parameter->value;
    if (keyword.size == 0 || keyword.data[0] == '-' || (parameter->has_value && value.size == 0))
        return false;
    for (size_t i = 0; i < keyword.size; i++)
        if (!is_let_dig(keyword.data[i]) && keyword.data[i] != '-')
            return false;
    for (size_t i = 0; i < value.size; i++) {
        unsigned char octet = (unsigned char)value.data[i];
        if (octet <= ' ' || octet == 0x7F || octet == '=')
            return false;
    }
    return utf8_is_valid(value);
}
