/* Direct identifiers in a text: what names a person without any help, and what an anonymizer left
 * in its place (methods, section 5).
 *
 * Model. All trigger patterns are matched in one pass (vectorscan): short, fixed shapes such as
 * "digit, @, letter" that say where to look and no more. A rule per kind then reads the text around
 * the trigger, and a validator (check digit, range, table of countries, entropy) decides. A pattern
 * alone never counts. Of findings that overlap, the stronger type stays; the types stand in order
 * of strength.
 *
 * lb_identifier_patterns is compiled once and shared by all threads; a scanner is scratch memory of
 * one thread, and must not outlive the patterns.
 */
#ifndef LB_TEXT_IDENTIFIER_H
#define LB_TEXT_IDENTIFIER_H

#include "base/buffer.h"

typedef enum lb_identifier_type {
    LB_IDENTIFIER_SECRET,      /* keys of known shape, PEM, JWT, random text after a key word */
    LB_IDENTIFIER_CRYPTO,      /* base58check and bech32 addresses */
    LB_IDENTIFIER_IBAN,        /* length of the country, mod 97 */
    LB_IDENTIFIER_CARD,        /* issuer's range and length, Luhn */
    LB_IDENTIFIER_NATIONAL_ID, /* by check digit; `kind` says which */
    LB_IDENTIFIER_EMAIL,
    LB_IDENTIFIER_URL_USER, /* user part of a URL, or a profile page */
    LB_IDENTIFIER_PHONE,    /* E.164, or a national layout */
    LB_IDENTIFIER_IP,       /* public addresses: no private, reserved or documentation ranges */
    LB_IDENTIFIER_MAC,
    LB_IDENTIFIER_COORDINATES,
    LB_IDENTIFIER_STREET,
    LB_IDENTIFIER_HANDLE,      /* @name */
    LB_IDENTIFIER_PLACEHOLDER, /* what an anonymizer left: no identifier, counted apart */
    LB_IDENTIFIER_TYPES
} lb_identifier_type;

typedef struct lb_identifier {
    lb_identifier_type type;
    const char *kind;   /* a constant: "ssn", "ipv6", "jwt" ... */
    size_t start, size; /* bytes in the text */
} lb_identifier;

typedef struct lb_identifier_patterns lb_identifier_patterns;
typedef struct lb_identifier_scanner lb_identifier_scanner;

int lb_identifier_patterns_new(lb_identifier_patterns **out, lb_error *error);
void lb_identifier_patterns_free(lb_identifier_patterns *patterns); /* NULL is allowed */

int lb_identifier_scanner_new(lb_identifier_scanner **out, const lb_identifier_patterns *patterns,
                              lb_error *error);
void lb_identifier_scanner_free(lb_identifier_scanner *scanner); /* NULL is allowed */

/* Called for each text with a finding, in the order of the texts; `found` is sorted by start and
 * free of overlaps, and lives until the call returns. A negative result ends the scan. */
typedef int lb_identifier_sink(void *context, size_t text, const lb_identifier *found, size_t count,
                               lb_error *error);

/* Scans texts (valid UTF-8) one by one; short ones share a pass, as starting one costs more than
 * reading a short message. Linear in the bytes, whatever they are. */
int lb_identifiers_find(lb_identifier_scanner *scanner, const lb_str *texts, size_t count,
                        lb_identifier_sink *sink, void *context, lb_error *error);

const char *lb_identifier_type_name(lb_identifier_type type); /* "email", as in identifiers.email */

#endif
