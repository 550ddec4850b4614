/* The attack on a real corpus: minutes under sanitizers, so labelled slow. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "link/link.h"
#include "link/texts_fixture.h"

static void the_channel_log_is_attacked_as_strongly_as_the_reference_asks(void **state) {
    (void)state;
    const char *shared = getenv("LINKBACK_SHARED");
    char path[4096];
    snprintf(path, sizeof path, "%s/corpora/ubuntu-irc.jsonl.gz",
             shared ? shared : LINKBACK_SOURCE_DIR "/../shared");
    texts_fixture *people = texts_fixture_read(path);
    if (!people) {
        print_message("skipped: %s is not there\n", path);
        skip();
    }
    lb_link_result result;
    assert_int_equal(
        lb_link_self(&people->texts, &(lb_link_options){.seed = 1, .threads = 2}, &result, NULL),
        0);
    assert_int_equal(result.figures.gallery, 18626);
    assert_true(result.figures.top1.value >= 0.13);
    assert_true(result.figures.mrr.value >= 0.17);
    for (size_t t = 0; t < LB_LINK_TENTHS; t++) {
        const lb_reliability *r = &result.reliability[t];
        double share = (double)r->right / (double)(r->pairs ? r->pairs : 1);
        assert_true(r->pairs < 50 || fabs(share - r->said) < 0.05 ||
                    (r->low <= r->said && r->said <= r->high));
    }
    lb_link_free(&result);
    texts_fixture_free(people);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_channel_log_is_attacked_as_strongly_as_the_reference_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
