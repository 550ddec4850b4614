/* JSON, parsed by simdjson (Langdale & Lemire 2019) in full: what it accepts is well-formed to the
 * last byte, whichever fields are wanted. The result is simdjson's tape, read here in place: a
 * value is a position on it. Everything belongs to the parser and lives until its next parse.
 *
 * simdjson refuses some texts that are JSON, or that real exporters write; lb_json_mend rewrites
 * them, off the fast path: numbers beyond 64 bits become strings of the same digits, NaN and
 * Infinity null, escapes of lone surrogates U+FFFD, \xHH the character HH, and ill-formed UTF-8
 * U+FFFD.
 */
#ifndef LB_CORPUS_VALUE_JSON_H
#define LB_CORPUS_VALUE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "linkback/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LB_JSON_PADDING = 64, LB_JSON_DEPTH = 1024 };
enum { LB_JSON_NUMBER_MAX = 40 };

typedef struct lb_json_parser lb_json_parser;
typedef struct lb_json { /* a parsed text; its value is at position 1 */
    const uint64_t *tape;
    const uint8_t *strings;
} lb_json;

lb_json_parser *lb_json_parser_new(void); /* NULL: out of memory */
void lb_json_parser_free(lb_json_parser *parser);

/* Behind `data` LB_JSON_PADDING more bytes must be readable. 0, or 1 with the reason in *what if it
 * is no JSON (*mendable: lb_json_mend may help), or LB_E_RESOURCE. */
int lb_json_parse(lb_json_parser *parser, const char *data, size_t size, lb_json *out,
                  const char **what, bool *mendable, lb_error *error);

bool lb_json_utf8_valid(const char *data, size_t size); /* the fast check, for any container */

/* A double in its shortest form that reads back the same; returns its length. */
size_t lb_json_number_text(double value, char text[LB_JSON_NUMBER_MAX]);

/* The tape (simdjson, doc/tape.md): a word's top byte is the type, the rest a payload. */
static inline char lb_json_type(lb_json json, size_t at) {
    return (char)(json.tape[at] >> 56); /* { [ " l (signed) u (unsigned) d (double) t f n */
}
static inline uint64_t lb_json_payload(lb_json json, size_t at) {
    return json.tape[at] & 0x00FFFFFFFFFFFFFFu;
}
/* The position behind a value. */
static inline size_t lb_json_after(lb_json json, size_t at) {
    switch (lb_json_type(json, at)) {
    case '{':
    case '[':
        return lb_json_payload(json, at) & 0xFFFFFFFFu;
    case 'l':
    case 'u':
    case 'd':
        return at + 2;
    default:
        return at + 1;
    }
}
static inline const char *lb_json_string(lb_json json, size_t at, size_t *size) {
    const uint8_t *string = json.strings + lb_json_payload(json, at);
    uint32_t length;
    memcpy(&length, string, sizeof length);
    *size = length;
    return (const char *)string + sizeof length;
}

#ifdef __cplusplus
}
#endif
#endif
