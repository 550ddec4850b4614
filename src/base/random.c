#include "base/random.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"

static uint64_t splitmix(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

lb_random lb_random_keyed(uint64_t seed, const char *purpose, uint64_t whose) {
    uint64_t key = lb_hash_mix(lb_hash_mix(seed, lb_hash(purpose, strlen(purpose))), whose);
    lb_random random;
    for (int i = 0; i < 4; i++)
        random.state[i] = splitmix(&key);
    return random;
}

static uint64_t rotate(uint64_t x, int k) {
    return (x << k) | (x >> (64 - k));
}

uint64_t lb_random_next(lb_random *random) {
    uint64_t *s = random->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

/* Lemire 2019, "Fast random integer generation in an interval". */
uint64_t lb_random_below(lb_random *random, uint64_t bound) {
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)lb_random_next(random) * bound;
    if ((uint64_t)product < bound) {
        uint64_t threshold = (0 - bound) % bound;
        while ((uint64_t)product < threshold)
            product = (wide)lb_random_next(random) * bound;
    }
    return (uint64_t)(product >> 64);
}

double lb_random_unit(lb_random *random) {
    return (double)(lb_random_next(random) >> 11) * 0x1.0p-53;
}

/* Marsaglia's polar method; the second value is thrown away so that a draw has no memory. */
double lb_random_normal(lb_random *random) {
    for (;;) {
        double x = 2 * lb_random_unit(random) - 1, y = 2 * lb_random_unit(random) - 1;
        double r = x * x + y * y;
        if (r > 0 && r < 1)
            return x * sqrt(-2 * log(r) / r);
    }
}

/* By inversion of one uniform number. */
unsigned lb_random_poisson(lb_random *random) {
    double u = lb_random_unit(random), term = 0.36787944117144233, sum = term;
    unsigned k = 0;
    while (u >= sum && k < 20)
        sum += term /= ++k;
    return k;
}
