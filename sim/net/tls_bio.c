#include <openssl/bio.h>

#include "sim/base/check.h"
#include "sim/net/tls_inner.h"

/* OpenSSL reads what arrives and writes to the wire's buffer, without a copy in between. */

static int read_wire(BIO *bio, char *octets, size_t room, size_t *size)
{
    struct tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    *size = tls->arriving.size < room ? tls->arriving.size : room;
    if (*size == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    memcpy(octets, tls->arriving.data, *size);
    tls->arriving = slice_part(tls->arriving, *size, tls->arriving.size);
    return 1;
}

static int write_wire(BIO *bio, const char *octets, size_t size, size_t *written)
{
    struct tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    *written = size;
    return bytes_append(&tls->wire, (struct slice){octets, size});
}

static long control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH; /* nothing is held back */
}

BIO_METHOD *tls_bio_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "mailflow");
    check(method);
    check(BIO_meth_set_read_ex(method, read_wire) == 1);
    check(BIO_meth_set_write_ex(method, write_wire) == 1);
    check(BIO_meth_set_ctrl(method, control) == 1);
    return method;
}

BIO *tls_bio_create(struct tls *tls)
{
    BIO *bio = BIO_new_ex(tls->authority->context, tls->authority->bio);
    check(bio);
    BIO_set_data(bio, tls);
    BIO_set_init(bio, 1);
    return bio;
}
