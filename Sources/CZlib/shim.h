#pragma once

#include <limits.h>
#include <zlib.h>

// deflateInit2 is a macro, and a stream that is set up, fed once and ended needs no wrapper of its own: one call from
// bytes to a gzip member (RFC 1952). Returns its length; 0 when it would be longer than `capacity`, or without memory.
static inline size_t mayfly_gzip(const unsigned char *bytes, size_t count, unsigned char *out, size_t capacity) {
    z_stream stream = {0};
    if (count > UINT_MAX || capacity > UINT_MAX) return 0;
    // 15 bits of window, and 16 for the form of gzip: zlib.h, deflateInit2.
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (z_const Bytef *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = out;
    stream.avail_out = (uInt)capacity;
    int result = deflate(&stream, Z_FINISH);
    deflateEnd(&stream);
    return result == Z_STREAM_END ? capacity - stream.avail_out : 0;
}
