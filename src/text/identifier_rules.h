/* The rules of identifier.h: each looks at the text around the end of a trigger and adds what it
 * can prove. For identifier.c and the rules' files, and for nobody else.
 *
 * A rule reads a bounded stretch around the trigger, and where many triggers can lie in one stretch
 * it leaves a mark behind which it need not look again: the time is linear in the text. */
#ifndef LB_TEXT_IDENTIFIER_RULES_H
#define LB_TEXT_IDENTIFIER_RULES_H

#include "base/ascii.h"
#include "text/identifier.h"

enum { LB_IDENTIFIER_RULES_MAX = 24 };

typedef struct lb_findings { /* of one text */
    lb_str text;
    lb_identifier *items;
    size_t count, capacity;
    size_t mark; /* of the rule that runs: triggers that end at or before it are done */
    int status;
    lb_error *error;
} lb_findings;

void lb_findings_add(lb_findings *findings, lb_identifier_type type, const char *kind, size_t start,
                     size_t end);

/* `at`: where the trigger ends. */
typedef void lb_identifier_rule(lb_findings *findings, size_t at);

lb_identifier_rule lb_rule_at_sign, lb_rule_url_user, lb_rule_profile, lb_rule_personal_path,
    lb_rule_ipv4, lb_rule_ipv6, lb_rule_mac;
lb_identifier_rule lb_rule_number, lb_rule_iban;
lb_identifier_rule lb_rule_nino, lb_rule_spanish, lb_rule_codice_fiscale, lb_rule_chinese;
lb_identifier_rule lb_rule_secret_prefix, lb_rule_secret_word, lb_rule_pem, lb_rule_jwt,
    lb_rule_base58, lb_rule_bech32;
lb_identifier_rule lb_rule_decimal_degrees, lb_rule_degrees, lb_rule_street, lb_rule_placeholder,
    lb_rule_crossed_out;

static inline bool lb_is_word(char c) {
    return lb_is_alnum(c) || c == '_';
}
static inline bool lb_is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The byte at `at`; behind the end, and before the beginning (at wraps), NUL. */
static inline char lb_byte_at(lb_str text, size_t at) {
    return at < text.size ? text.data[at] : '\0';
}

/* Does a word of the list (ended by NULL, in lower case; ASCII case is ignored in the text) stand
 * in the `reach` bytes before `at`? It must begin a word. */
bool lb_word_before(lb_str text, size_t at, size_t reach, const char *const *words);

/* `what` stands at `at`, whatever its ASCII case; `what` is in lower case. */
bool lb_text_has(lb_str text, size_t at, const char *what);

/* Is text[start, end) one of the words (ended by NULL, in lower case), whatever its ASCII case? */
bool lb_text_is_one_of(lb_str text, size_t start, size_t end, const char *const *words);

/* Shannon entropy of the bytes, in bits a byte. */
double lb_text_entropy(lb_str text);

#endif
