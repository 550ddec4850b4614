/* Seconds of the deep token measures: unicity [FILE.jsonl.gz | USERS WORDS_EACH DISTINCT]. A file
 * has one message {"user", "text"} a line; made-up corpora have words as frequent as languages do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../risk/token_corpus.h"
#include "base/thread.h"
#include "risk/words/extrapolation.h"
#include "risk/words/km_anonymity.h"
#include "risk/words/transpose.h"
#include "risk/words/worst_case.h"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fail(const lb_error *error) {
    fprintf(stderr, "%s: %s; %s\n", error->where, error->what, error->mend);
    exit(1);
}

static void measure_unicity(const lb_token_view *view, unsigned threads) {
    lb_unicity unicity[LB_UNICITY_SIZES];
    lb_error error;
    double begin = now();
    if (lb_unicity_run(unicity, view, &(lb_unicity_options){.threads = threads, .seed = 1},
                       &error) < 0)
        fail(&error);
    printf("unicity          %8.3f s on %u threads\n", now() - begin, threads);
    for (unsigned i = 0; i < LB_UNICITY_SIZES; i++)
        printf("  p%u %.4f [%.4f, %.4f] of %llu users, %u draws\n", unicity[i].p, unicity[i].value,
               unicity[i].interval.low, unicity[i].interval.high,
               (unsigned long long)unicity[i].units, unicity[i].draws);
}

static void measure_worst_case(const lb_token_view *view, unsigned threads) {
    lb_worst_case worst;
    lb_error error;
    double begin = now();
    if (lb_worst_case_run(&worst, view, &(lb_worst_options){.threads = threads}, &error) < 0)
        fail(&error);
    printf("worst case       %8.3f s on %u threads\n", now() - begin, threads);
    for (unsigned m = 1; m <= LB_WORST_MAX; m++)
        printf("  m%u %.4f of %llu users, %llu cut\n", m, worst.share[m - 1],
               (unsigned long long)worst.units, (unsigned long long)worst.cut[m - 1]);
    printf("  %llu users whose tokens someone else has all\n",
           (unsigned long long)worst.indistinct);
    lb_worst_case_free(&worst);
}

static void measure_km(const lb_token_view *view, unsigned threads) {
    lb_km_anonymity km;
    lb_error error;
    double begin = now();
    if (lb_km_anonymity_run(&km, view, &(lb_km_options){.threads = threads, .k = 10}, &error) < 0)
        fail(&error);
    printf("k^m-anonymity    %8.3f s on %u threads\n  m = %u%s\n", now() - begin, threads, km.m,
           km.cut ? ", cut" : "");
}

static void measure_extrapolation(const lb_token_view *view, unsigned threads) {
    for (unsigned p = 1; p <= LB_UNICITY_MAX; p++) {
        lb_extrapolation e;
        lb_error error;
        double begin = now();
        if (lb_extrapolation_run(
                &e, view,
                &(lb_extrapolation_options){
                    .p = p, .population = 10 * view->units, .seed = 1, .threads = threads},
                &error) < 0)
            fail(&error);
        printf("extrapolation p%u %8.3f s on %u threads\n", p, now() - begin, threads);
        printf("  %.4f at 10 %%, %.4f at 100 %%, %.4f [%.4f, %.4f] at 1000 %%; shape %.2f, from "
               "halves %.4f and %.4f\n",
               e.curve[0].unicity, e.curve[9].unicity, e.predicted, e.interval.low, e.interval.high,
               e.shape, e.half_predicted[0], e.half_predicted[1]);
    }
}

int main(int argc, char **argv) {
    token_corpus *corpus =
        argc == 2   ? token_corpus_read(argv[1])
        : argc == 4 ? token_corpus_random(strtoull(argv[1], NULL, 10), strtoull(argv[3], NULL, 10),
                                          strtoull(argv[2], NULL, 10), 1.0, 1)
                    : token_corpus_random(20000, 70000, 100, 1.0, 1);
    if (!corpus) {
        fprintf(stderr, "unicity: the corpus cannot be read\n");
        return 1;
    }
    printf("%zu users, %llu tokens, %llu pairs\n", corpus->view.units,
           (unsigned long long)corpus->incidence.grams,
           (unsigned long long)corpus->incidence.pairs);
    for (unsigned threads = 1; threads <= lb_thread_cores(); threads *= 2) {
        measure_unicity(&corpus->view, threads);
        measure_worst_case(&corpus->view, threads);
        measure_km(&corpus->view, threads);
        measure_extrapolation(&corpus->view, threads);
    }
    token_corpus_free(corpus);
    return 0;
}
