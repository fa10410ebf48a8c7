// libcurl for Swift. Swift cannot call variadic C functions: each shim below fixes the type of the argument.
#ifndef MAYFLY_CCURL_H
#define MAYFLY_CCURL_H

#include <curl/curl.h>

#endif
