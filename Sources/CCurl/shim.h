// libcurl for Swift. Swift cannot call variadic C functions: each shim below fixes the type of the argument.
#ifndef MAYFLY_CCURL_H
#define MAYFLY_CCURL_H

#include <curl/curl.h>

typedef size_t (*mayfly_curl_writer)(char *, size_t, size_t, void *);

static inline CURLcode mayfly_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode mayfly_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode mayfly_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode mayfly_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode mayfly_curl_set_writer(CURL *easy, CURLoption option, mayfly_curl_writer value) {
    return curl_easy_setopt(easy, option, value);
}
// The blob is copied, so the caller's bytes may go.
static inline CURLcode mayfly_curl_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
    return curl_easy_setopt(easy, option, &blob);
}
static inline long mayfly_curl_get_long(CURL *easy, CURLINFO info) {
    long value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
}
static inline const char *mayfly_curl_get_string(CURL *easy, CURLINFO info) {
    char *value = NULL;
    curl_easy_getinfo(easy, info, &value);
    return value;
}
static inline CURLMcode mayfly_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

#endif
