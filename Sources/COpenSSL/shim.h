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
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/params.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
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

// ---- Keys ----

// OPENSSL_free is a macro, which Swift does not import.
static inline void mayfly_free(void *memory) {
    OPENSSL_free(memory);
}

// BIO_get_mem_data is a macro. The bytes belong to the BIO. Returns 1, or 0 when there are none.
static inline int mayfly_bio_contents(BIO *bio, const unsigned char **start, size_t *count) {
    char *data = NULL;
    long length = BIO_get_mem_data(bio, &data);
    if (length <= 0 || data == NULL) return 0;
    *start = (const unsigned char *)data;
    *count = (size_t)length;
    return 1;
}

// OSSL_PARAM keeps pointers to the names of its values; a C literal outlives the call, a bridged Swift string does not.
// Returns a new RSA public key that the caller frees, or NULL with the reason in the error queue.
static inline EVP_PKEY *mayfly_rsa_public_key(const BIGNUM *modulus, const BIGNUM *exponent) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (builder != NULL && context != NULL
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1
        && (params = OSSL_PARAM_BLD_to_param(builder)) != NULL
        && EVP_PKEY_fromdata_init(context) == 1) {
        // On failure the key stays NULL.
        (void)EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params);
    }
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return key;
}

#endif
