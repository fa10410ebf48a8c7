// jansson for Swift. Swift cannot call function-like macros: each shim below wraps one.
#ifndef MAYFLY_CJANSSON_H
#define MAYFLY_CJANSSON_H

#include <jansson.h>

// jansson has an enum and a function of the same name, json_error_code; Swift can see only one of them.
static inline int mayfly_json_error_code(const json_error_t *error) {
    return (int)json_error_code(error);
}

#endif
