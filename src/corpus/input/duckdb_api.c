#include "corpus/input/duckdb_api.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static const char mend[] = "install DuckDB's shared library (libduckdb) and set "
                           "LINKBACK_DUCKDB=/path/to/libduckdb.so, or convert the data to JSON "
                           "lines";

static void *open_library(const char *named) {
    static const char *const usual[] = {"libduckdb.so", "libduckdb.so.1", "libduckdb.dylib"};
    if (named && *named)
        return dlopen(named, RTLD_NOW | RTLD_LOCAL);
    void *library = NULL;
    for (size_t i = 0; !library && i < sizeof usual / sizeof *usual; i++)
        library = dlopen(usual[i], RTLD_NOW | RTLD_LOCAL);
    return library;
}

/* A pointer to a function, which C does not let us make of one to an object. */
static bool find(void *library, const char *name, void *pointer, size_t size) {
    void *symbol = dlsym(library, name);
    memcpy(pointer, &symbol, size < sizeof symbol ? size : sizeof symbol);
    return symbol != NULL;
}

int lb_duckdb_load(lb_duckdb_api *api, const char *where, lb_error *error) {
    const char *named = getenv("LINKBACK_DUCKDB");
    void *library = open_library(named);
    memset(api, 0, sizeof *api);
    if (!library && named && *named)
        return lb_fail(error, LB_E_INPUT, where, mend,
                       "LINKBACK_DUCKDB names no library that can be loaded: %s", named);
    if (!library)
        return lb_fail(error, LB_E_INPUT, where, mend,
                       "this is read by libduckdb, which is not installed");
    bool whole = true;
#define FIND(result, name, arguments)                                                              \
    whole = find(library, "duckdb_" #name, &api->name, sizeof api->name) && whole;
    LB_DUCKDB_FUNCTIONS(FIND)
#undef FIND
    find(library, "duckdb_pending_prepared_streaming", &api->pending_prepared_streaming,
         sizeof api->pending_prepared_streaming);
    return whole ? LB_OK
                 : lb_fail(error, LB_E_INPUT, where, mend,
                           "the library that was found is no libduckdb of version 1.0 or later");
}
