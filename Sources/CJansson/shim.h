// jansson for Swift. Swift cannot call function-like macros: each shim below wraps one.
#ifndef MAYFLY_CJANSSON_H
#define MAYFLY_CJANSSON_H

#include <jansson.h>

#endif
