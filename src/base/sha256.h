/* SHA-256 (FIPS 180-4), so that a report can name the very bytes it was computed from. One state is
 * fed piece by piece; where the processor has SHA instructions they are used (about eight times as
 * fast as the portable rounds). */
#ifndef LB_BASE_SHA256_H
#define LB_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct lb_sha256 {
    uint32_t state[8];
    uint64_t size;           /* bytes so far */
    unsigned char block[64]; /* the last size % 64 of them */
} lb_sha256;

/* Of the algorithm: the state before the first block, and what each round adds. */
extern const uint32_t lb_sha256_first[8], lb_sha256_rounds[64];

void lb_sha256_begin(lb_sha256 *hash);
void lb_sha256_add(lb_sha256 *hash, const void *data, size_t size);
void lb_sha256_end(lb_sha256 *hash, char hex[65]); /* lower-case, NUL-terminated */

#endif
