/* Check digits and checksums of identifiers. Digits are values 0 ... 9, not characters. */
#ifndef LB_TEXT_CHECK_DIGIT_H
#define LB_TEXT_CHECK_DIGIT_H

#include "base/str.h"

bool lb_check_luhn(const unsigned char *digits, size_t count);     /* ISO/IEC 7812-1, annex B */
bool lb_check_verhoeff(const unsigned char *digits, size_t count); /* Verhoeff 1969 */
/* ISO 7064 mod 11,10 over all digits, the last one being the check digit. */
bool lb_check_mod_11_10(const unsigned char *digits, size_t count);
/* The decimal number modulo 97, of any length. */
unsigned lb_mod_97(const unsigned char *digits, size_t count);
/* ISO 13616: letters and digits, without blanks: mod 97 of the rotated number is 1. */
bool lb_check_iban(lb_str iban);
/* Bitcoin addresses: 25 bytes in base 58, the last four the head of a double SHA-256. */
bool lb_check_base58(lb_str address);
/* BIP 173 and 350: one case only, "1" behind the prefix, polynomial code. */
bool lb_check_bech32(lb_str address);
/* Is there such a day of the Gregorian calendar? Years 1800 ... 2100. */
bool lb_check_date(unsigned year, unsigned month, unsigned day);

#endif
