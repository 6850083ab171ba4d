#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "sim/base/check.h"
#include "sim/net/tls_inner.h"

/*
 * Certificates as RFC 5280 wants them: version 3, a serial number of random bits (4.1.2.2), the key
 * identifiers of both sides (4.2.1.1, 4.2.1.2), what the key may do (4.2.1.3, 4.2.1.12); of names
 * only those in subjectAltName count (RFC 9525 4.1). Keys are of the curve P-256: quick, and taken
 * by everybody.
 */

enum {
    VERSION_3 = 2, /* counted from 0 */
    SERIAL_OCTETS = 16,
    DAY_S = 86400,
    AUTHORITY_DAYS = 20 * 365,
    /* clients refuse those that are valid for longer than 398 days */
    SERVER_DAYS = TLS_PERIOD_DAYS + 30,
    EXPIRED_DAYS = 90,
    COMMON_NAME_MAX = 64, /* RFC 5280 A.1, ub-common-name */
    DNS_NAME_OCTETS_MAX = 253,
};

/* What is made from this name's chance is the same whatever was made before. */
static void start_chance(const struct tls_issue *issue, struct slice name, enum tls_flaw flaw,
                         int64_t period)
{
    struct bytes text;
    bytes_init(&text, SIZE_MAX);
    bytes_printf(&text, "tls certificate %lld %d %lld ", (long long)issue->epoch_s, (int)flaw,
                 (long long)period);
    bytes_append(&text, name);
    random_init(&issue->source->issuing, issue->seed, bytes_slice(&text));
    bytes_finish(&text);
    issue->source->random = issue->is_real ? NULL : &issue->source->issuing;
}

static void set_serial(const struct tls_issue *issue, X509 *certificate)
{
    unsigned char octets[SERIAL_OCTETS];
    check(RAND_bytes_ex(issue->context, octets, sizeof octets, 0) == 1);
    octets[0] = (unsigned char)((octets[0] & 0x7F) | 0x40); /* positive, and always as long */
    BIGNUM *number = BN_bin2bn(octets, sizeof octets, NULL);
    check(number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)));
    BN_free(number);
}

static void set_validity(X509 *certificate, int64_t from_s, int64_t days)
{
    check(ASN1_TIME_adj(X509_getm_notBefore(certificate), (time_t)from_s, 0, 0) &&
          ASN1_TIME_adj(X509_getm_notAfter(certificate), (time_t)from_s, (int)days, 0));
}

/* A name too long for a common name is in subjectAltName alone. */
static X509_NAME *make_subject(struct slice common_name)
{
    X509_NAME *subject = X509_NAME_new();
    check(subject && X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_ASC,
                                                (const unsigned char *)"mailflow", -1, -1, 0));
    if (common_name.size > 0 && common_name.size <= COMMON_NAME_MAX)
        check(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                         (const unsigned char *)common_name.data,
                                         (int)common_name.size, -1, 0));
    return subject;
}

static void extend(X509 *certificate, X509 *issuer, int what, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, what, value);
    check(extension && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

/* All but what the key is for, the names and the signature. */
static struct tls_issued begin(const struct tls_issue *issue, struct slice common_name)
{
    struct tls_issued made = {.certificate = X509_new_ex(issue->context, NULL),
                              .key = EVP_PKEY_Q_keygen(issue->context, NULL, "EC", "P-256")};
    check(made.certificate && made.key);
    X509_NAME *subject = make_subject(common_name);
    check(X509_set_version(made.certificate, VERSION_3) == 1 &&
          X509_set_subject_name(made.certificate, subject) == 1 &&
          X509_set_pubkey(made.certificate, made.key) == 1);
    X509_NAME_free(subject);
    set_serial(issue, made.certificate);
    return made;
}

static void sign(struct tls_issued *made, const struct tls_issued *issuer)
{
    check(X509_set_issuer_name(made->certificate, X509_get_subject_name(issuer->certificate)) == 1);
    extend(made->certificate, made->certificate, NID_subject_key_identifier, "hash");
    extend(made->certificate, issuer->certificate, NID_authority_key_identifier, "keyid:always");
    check(X509_sign(made->certificate, issuer->key, EVP_sha256()) > 0);
}

struct tls_issued tls_issue_authority(const struct tls_issue *issue, struct slice common_name)
{
    start_chance(issue, common_name, TLS_FLAW_NONE, 0);
    struct tls_issued made = begin(issue, common_name);
    set_validity(made.certificate, issue->epoch_s - DAY_S, AUTHORITY_DAYS);
    extend(made.certificate, made.certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(made.certificate, made.certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    sign(&made, &made);
    return made;
}

static void add_name(GENERAL_NAMES *names, int type, struct slice octets)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *value =
        ASN1_STRING_type_new(type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    check(name && value && ASN1_STRING_set(value, octets.data, (int)octets.size) == 1);
    GENERAL_NAME_set0_value(name, type, value);
    check(sk_GENERAL_NAME_push(names, name) > 0);
}

static void add_names(X509 *certificate, struct slice host, bool has_localhost)
{
    GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    check(names);
    add_name(names, GEN_DNS, host);
    if (has_localhost) {
        add_name(names, GEN_DNS, SLICE("localhost"));
        add_name(names, GEN_IPADD, SLICE("\x7f\0\0\1"));
        add_name(names, GEN_IPADD, SLICE("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"));
    }
    check(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_APPEND) == 1);
    GENERAL_NAMES_free(names);
}

/* A host's name comes from a file: one that no DNS name can be is not shown (RFC 5280 4.2.1.6). */
static bool is_dns_name(struct slice name)
{
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] < 0x21 || name.data[i] > 0x7E)
            return false;
    return name.size > 0 && name.size <= DNS_NAME_OCTETS_MAX;
}

struct tls_issued tls_issue_server(const struct tls_issue *issue, const struct tls_issued *issuer,
                                   struct slice name, enum tls_flaw flaw, int64_t period)
{
    bool is_other = flaw == TLS_FLAW_WRONG_NAME || !is_dns_name(name);
    struct slice shown = is_other ? SLICE("another-host.invalid") : name;
    start_chance(issue, name, flaw, period);
    struct tls_issued made = begin(issue, shown);
    int64_t start_s = issue->epoch_s - DAY_S + period * TLS_PERIOD_DAYS * DAY_S;
    if (flaw == TLS_FLAW_EXPIRED) /* a day before this one began */
        set_validity(made.certificate, start_s - EXPIRED_DAYS * DAY_S, EXPIRED_DAYS - 1);
    else
        set_validity(made.certificate, start_s, SERVER_DAYS);
    extend(made.certificate, made.certificate, NID_basic_constraints, "critical,CA:FALSE");
    extend(made.certificate, made.certificate, NID_key_usage, "critical,digitalSignature");
    extend(made.certificate, made.certificate, NID_ext_key_usage, "serverAuth");
    add_names(made.certificate, shown, issue->has_localhost && !is_other);
    sign(&made, issuer);
    return made;
}

void tls_issued_finish(struct tls_issued *issued)
{
    X509_free(issued->certificate);
    EVP_PKEY_free(issued->key);
    *issued = (struct tls_issued){0};
}
