// OpenSSL 3 for Swift. Each shim says why it exists; nothing else lives here.
#ifndef MAYFLY_COPENSSL_H
#define MAYFLY_COPENSSL_H

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Why: RSA_PSS_PARAMS is decoded with a macro-typed call. Reads the digest that an RSASSA-PSS AlgorithmIdentifier names;
// 1 on success. Without a hash the default is SHA-1 (RFC 8017 A.2.3).
static inline int mayfly_pss_digest(const X509_ALGOR *algorithm, int *digest) {
    RSA_PSS_PARAMS *parameters = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), algorithm->parameter);
    if (parameters == NULL) return 0;
    *digest = parameters->hashAlgorithm == NULL ? NID_sha1 : OBJ_obj2nid(parameters->hashAlgorithm->algorithm);
    RSA_PSS_PARAMS_free(parameters);
    return 1;
}

#endif
