// OpenSSL 3 for the benchmarks; the deprecated EC_KEY calls are the fastest ones and are wanted here.
#ifndef MAYFLY_BENCH_OPENSSL_H
#define MAYFLY_BENCH_OPENSSL_H

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#endif
