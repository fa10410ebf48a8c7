// libpq for Swift, which can call all that is needed as it is.
#ifndef MAYFLY_CPOSTGRES_H
#define MAYFLY_CPOSTGRES_H

// By its folder, for Debian keeps it out of the usual place.
#include <postgresql/libpq-fe.h>

#endif
