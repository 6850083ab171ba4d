#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "sim/net/tls_inner.h"

struct slice tls_words_verdict(long result)
{
    switch (result) { /* a number of OpenSSL's; these can happen here */
    case X509_V_OK:
        return SLICE("verified");
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return SLICE("wrong name");
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return SLICE("expired");
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return SLICE("not valid yet");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return SLICE("unknown authority");
    default:
        return slice_of(X509_verify_cert_error_string(result));
    }
}

/* OpenSSL gives the peer's alerts the reasons from here on (RFC 8446 6). */
static struct slice alert_words(int alert)
{
    switch (alert) { /* a number from the wire */
    case SSL_AD_CLOSE_NOTIFY:
        return SLICE("the peer gave up");
    case SSL_AD_CERTIFICATE_EXPIRED:
        return SLICE("the peer says: certificate expired");
    case SSL_AD_UNKNOWN_CA:
        return SLICE("the peer says: unknown authority");
    case SSL_AD_BAD_CERTIFICATE:
        return SLICE("the peer says: bad certificate");
    case SSL_AD_CERTIFICATE_UNKNOWN:
        return SLICE("the peer says: certificate not acceptable");
    case SSL_AD_PROTOCOL_VERSION:
        return SLICE("the peer says: no such version of TLS");
    case SSL_AD_HANDSHAKE_FAILURE:
        return SLICE("the peer says: nothing that both can do");
    case SSL_AD_DECODE_ERROR:
        return SLICE("the peer says: malformed");
    case SSL_AD_UNEXPECTED_MESSAGE:
        return SLICE("the peer says: unexpected message");
    default:
        return SLICE("the peer says: an alert");
    }
}

static struct slice reason_words(int reason)
{
    switch (reason) { /* a number of OpenSSL's */
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_BAD_RECORD_TYPE:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_RECORD_LENGTH_MISMATCH:
        return SLICE("the peer does not speak TLS");
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
        return SLICE("no version of TLS that both speak");
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
        return SLICE("no cipher that both can do");
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC:
        return SLICE("what arrived was changed on its way");
    default:
        return SLICE("");
    }
}

struct slice tls_words_error(bool *is_told)
{
    unsigned long error = ERR_peek_error();
    int reason = ERR_GET_REASON(error);
    struct slice words = {"", 0};
    *is_told = false;
    if (error && ERR_GET_LIB(error) == ERR_LIB_SSL) {
        *is_told = reason >= SSL_AD_REASON_OFFSET;
        words = *is_told ? alert_words(reason - SSL_AD_REASON_OFFSET) : reason_words(reason);
        if (words.size == 0)
            words = slice_of(ERR_reason_error_string(error));
    }
    ERR_clear_error();
    return words.size ? words : SLICE("not understood");
}
