#include "link/people_fixture.h"

#include <stdio.h>

#include "base/random.h"

enum { VOCABULARY = 3000, FAVOURITES = 25 };

/* Word numbers fall off as in a language: small ones are frequent. */
static unsigned draw_word(lb_random *random) {
    double u = lb_random_unit(random);
    return (unsigned)(VOCABULARY * u * u * u);
}

static void write_message(lb_random *random, const people_options *options,
                          const unsigned *favourites, char *text, size_t room) {
    size_t at = 0;
    text[0] = 0;
    for (unsigned w = 0; w < options->words && at + 24 < room; w++) {
        unsigned word = draw_word(random);
        if (lb_random_unit(random) < options->character)
            word = favourites[lb_random_below(random, FAVOURITES)];
        at += (size_t)snprintf(text + at, room - at, "%sw%ux%u", w ? " " : "", word, word % 7);
    }
}

texts_fixture *people_fixture_new(const people_options *options) {
    texts_fixture *fixture = texts_fixture_new();
    for (unsigned p = 0; p < options->people; p++) {
        lb_random random = lb_random_keyed(options->seed, "people", p);
        unsigned favourites[FAVOURITES];
        char user[32], conversation[48], text[2048];
        for (unsigned f = 0; f < FAVOURITES; f++)
            favourites[f] = (unsigned)lb_random_below(&random, VOCABULARY);
        snprintf(user, sizeof user, "person-%u-%llu", p, (unsigned long long)options->seed);
        for (unsigned c = 0; c < options->conversations; c++) {
            unsigned number = options->shared ? (p / 4 + c * 17) % (options->people / 2 + 1) : c;
            snprintf(conversation, sizeof conversation, "%s-%u", options->shared ? "room" : user,
                     number);
            for (unsigned m = 0; m < options->messages; m++) {
                int64_t time = ((int64_t)(p % 24) * 3600 + (int64_t)c * 86400 + m * 60) * 1000000;
                write_message(&random, options, favourites, text, sizeof text);
                texts_fixture_add(fixture, user, conversation, options->times ? time : INT64_MAX,
                                  text);
            }
        }
    }
    texts_fixture_arrange(fixture);
    return fixture;
}
