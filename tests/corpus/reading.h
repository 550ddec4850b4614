/* Reads a whole corpus, for tests: files are written to a folder that is removed at the end. */
#ifndef LB_TESTS_CORPUS_READING_H
#define LB_TESTS_CORPUS_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "corpus/corpus.h"

/* Group fixtures. */
int folder_make(void **state);
int folder_remove(void **state);

/* Path in the folder; the string lives until the test program ends. */
const char *in_folder(const char *name);
const char *put(const char *name, const void *data, size_t size);
const char *put_text(const char *name, const char *text);

typedef struct reading {
    int status; /* of opening or reading */
    lb_error error;
    lb_corpus *corpus; /* NULL if opening failed */
    lb_message *messages;
    size_t count;
    lb_arena *arena;
    lb_corpus_counts counts;
} reading;

reading read_corpus(const lb_corpus_options *options, unsigned threads);
reading read_file(const char *path);
reading read_text(const char *name, const char *text);
/* One line per message, sorted: all that does not depend on where the input lies. */
char *summary(const reading *r);
void reading_free(reading *r);

#define assert_str(value, expected)                                                                \
    do {                                                                                           \
        lb_str value_ = (value);                                                                   \
        const char *expected_ = (expected);                                                        \
        if (value_.size != strlen(expected_) || memcmp(value_.data, expected_, value_.size) != 0)  \
            fail_msg("got \"%.*s\", expected \"%s\"", (int)value_.size,                            \
                     value_.data ? value_.data : "(missing)", expected_);                          \
    } while (0)

/* Bytes of a file below the source tree; its size in *size. */
char *read_source_file(const char *path, size_t *size);
/* Path of a file of the shared corpora, or NULL when they are not here. */
const char *shared_file(const char *name);

#endif
