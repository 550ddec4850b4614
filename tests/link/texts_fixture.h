/* Units' own messages made by a test, or read from a corpus of JSON lines (user, conversation,
 * timestamp, text; plain or compressed), arranged as index/texts.h promises. A fixture owns its
 * memory. */
#ifndef TESTS_LINK_TEXTS_FIXTURE_H
#define TESTS_LINK_TEXTS_FIXTURE_H

#include "base/buffer.h"
#include "base/memory.h"
#include "index/texts.h"

typedef struct texts_fixture {
    lb_texts texts;
    lb_arena *arena;
    char **keys; /* [texts.units] the units' keys */
    struct fixture_row *rows;
    size_t count, capacity;
    size_t fields; /* quasi-identifiers of every message */
} texts_fixture;

texts_fixture *texts_fixture_new(void);
void texts_fixture_free(texts_fixture *fixture);

/* `time` in microseconds, INT64_MAX: none. The strings are copied. */
void texts_fixture_add(texts_fixture *fixture, const char *user, const char *conversation,
                       int64_t time, const char *text);

/* The same with `fixture->fields` quasi-identifiers (set before the first message). */
void texts_fixture_add_values(texts_fixture *fixture, const char *user, const char *conversation,
                              int64_t time, const char *text, const uint32_t *values);

/* Puts the messages in order; nothing can be added afterwards. */
void texts_fixture_arrange(texts_fixture *fixture);

/* Reads and arranges; NULL where the file cannot be opened. A broken line ends the program. */
texts_fixture *texts_fixture_read(const char *path);

#endif
