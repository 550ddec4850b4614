#include "base/hash.h"

#define XXH_INLINE_ALL
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <xxhash.h>
#pragma GCC diagnostic pop

uint64_t lb_hash(const void *data, size_t size) {
    return XXH3_64bits(data, size);
}

lb_hash_wide lb_hash_wide_of(const void *data, size_t size) {
    XXH128_hash_t hash = XXH3_128bits(data, size);
    return (lb_hash_wide){hash.low64, hash.high64};
}
