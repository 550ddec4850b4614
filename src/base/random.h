/* Random numbers that depend only on a key (methods, section 6): every draw is keyed by a hash of
 * (seed, what for, whose), so that neither threads nor the order of the input change it.
 * The generator is xoshiro256** (Blackman & Vigna 2018), seeded by splitmix64. */
#ifndef LB_BASE_RANDOM_H
#define LB_BASE_RANDOM_H

#include <stdint.h>

typedef struct lb_random {
    uint64_t state[4];
} lb_random;

/* `purpose` names the metric ("tokens.unicity_p3"), `whose` is a key's hash (0 where there is
 * none). */
lb_random lb_random_keyed(uint64_t seed, const char *purpose, uint64_t whose);
uint64_t lb_random_next(lb_random *random);
uint64_t lb_random_below(lb_random *random,
                         uint64_t bound);      /* uniform in [0, bound), without bias; bound > 0 */
double lb_random_unit(lb_random *random);      /* uniform in [0, 1) */
double lb_random_normal(lb_random *random);    /* standard normal */
unsigned lb_random_poisson(lb_random *random); /* of mean 1: a weight of a bootstrap */

#endif
