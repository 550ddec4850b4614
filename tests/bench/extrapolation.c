/* Does the interval of the extrapolation hold the truth? bench_extrapolation FILE.jsonl.gz [SAMPLES
 * [P]] foretells the unicity of a whole corpus from random parts of its users, and counts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "base/thread.h"
#include "risk/token_corpus.h"
#include "risk/words/extrapolation.h"

static lb_extrapolation run(const lb_token_view *view, unsigned p, uint64_t population) {
    lb_extrapolation result;
    lb_error error = {0};
    lb_extrapolation_options options = {
        .p = p, .population = population, .seed = 1, .threads = lb_thread_cores()};
    if (lb_extrapolation_run(&result, view, &options, &error) < 0) {
        fprintf(stderr, "%s\n", error.what);
        exit(1);
    }
    return result;
}

/* The corpus of a random part of the users. */
static token_corpus *part_of(const lb_token_view *view, double share, uint64_t seed) {
    const lb_incidence *incidence = view->incidence;
    bool *chosen = calloc(view->units, sizeof *chosen);
    uint64_t *users = calloc(view->units, sizeof *users);
    token_pair *pairs = calloc(incidence->pairs + 1, sizeof *pairs);
    size_t user_count = 0, pair_count = 0;
    if (!chosen || !users || !pairs)
        return NULL;
    for (size_t u = 0; u < view->units; u++) {
        lb_random random = lb_random_keyed(seed, "part", view->facts[u].hash);
        chosen[u] = lb_random_unit(&random) < share;
        if (chosen[u])
            users[user_count++] = view->facts[u].hash;
    }
    for (uint64_t t = 0; t < incidence->grams; t++)
        for (uint64_t i = incidence->offsets[t]; i < incidence->offsets[t + 1]; i++) {
            uint32_t unit = lb_pair_unit(incidence->units[i]);
            if (chosen[unit])
                pairs[pair_count++] = (token_pair){view->facts[unit].hash, incidence->hashes[t]};
        }
    token_corpus *part = token_corpus_make(pairs, pair_count, users, user_count);
    free(chosen);
    free(users);
    free(pairs);
    return part;
}

int main(int argc, char **argv) {
    static const double shares[] = {0.1, 0.25, 0.5};
    int samples = argc > 2 ? atoi(argv[2]) : 10;
    token_corpus *corpus = argc > 1 ? token_corpus_read(argv[1]) : NULL;
    if (!corpus || samples < 1) {
        fprintf(stderr, "usage: bench_extrapolation FILE.jsonl.gz [SAMPLES [P]]\n");
        return 1;
    }
    unsigned only = argc > 3 ? (unsigned)atoi(argv[3]) : 0;
    for (unsigned p = only ? only : 1; p <= (only ? only : LB_UNICITY_MAX); p++) {
        lb_extrapolation whole = run(&corpus->view, p, 0);
        double truth = whole.curve[LB_EXTRAPOLATION_POINTS - 1].unicity;
        for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
            double squares = 0, width = 0;
            int held = 0;
            for (int i = 0; i < samples; i++) {
                token_corpus *part = part_of(&corpus->view, shares[s], (uint64_t)i);
                lb_extrapolation said =
                    part ? run(&part->view, p, whole.units) : (lb_extrapolation){.predicted = NAN};
                squares += (said.predicted - truth) * (said.predicted - truth);
                width += said.interval.high - said.interval.low;
                held += said.interval.low <= truth && truth <= said.interval.high;
                if (getenv("ROWS"))
                    printf("R,%u,%g,%d,%g,%g,%g,%g,%g,%g,%g,%g,%g\n", p, shares[s], i, truth,
                           said.predicted, said.interval.low, said.interval.high, said.shape,
                           said.half_predicted[0], said.half_predicted[1], said.curve[9].unicity,
                           said.slope);
                token_corpus_free(part);
            }
            printf("p%u, %3.0f %% of the users: truth %.4f, root mean square error %.4f, interval "
                   "%.4f wide, held the truth %d of %d times\n",
                   p, 100 * shares[s], truth, sqrt(squares / samples), width / samples, held,
                   samples);
            fflush(stdout);
        }
    }
    token_corpus_free(corpus);
    return 0;
}
