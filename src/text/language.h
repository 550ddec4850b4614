/* Which languages a text is written in, by CLD2: by its script where that says enough, else by the
 * scores of its four-letter sequences (Sites 2013). It needs a few words; what it cannot tell is
 * LB_LANGUAGE_UNKNOWN. Thread-safe.
 *
 * The second C++ file of the house has the library behind it; no exception leaves it. */
#ifndef LB_TEXT_LANGUAGE_H
#define LB_TEXT_LANGUAGE_H

#include <stddef.h>

#include "linkback/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    LB_LANGUAGES_MAX = 640, /* numbers of languages are below */
    LB_LANGUAGE_UNKNOWN = 0,
    LB_LANGUAGE_SAMPLE = 4096, /* bytes of a text that are looked at */
    LB_LANGUAGES_OF_TEXT = 3
};

typedef struct lb_language_share {
    unsigned language;
    unsigned percent; /* of the letters */
} lb_language_share;

/* The languages of the first LB_LANGUAGE_SAMPLE bytes of `text` (valid UTF-8, `size` bytes), the
 * strongest first; what is left to 100 is unknown. Returns how many there are, 0 for none, or
 * LB_E_RESOURCE. */
int lb_language_detect(const char *text, size_t size,
                       lb_language_share shares[LB_LANGUAGES_OF_TEXT], lb_error *error);

const char *lb_language_code(unsigned language); /* BCP 47: "en", "zh-Hant"; unknown: "und" */

#ifdef __cplusplus
}
#endif
#endif
