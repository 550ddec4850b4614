#include "text/check_digit.h"

#include <nettle/sha2.h>

#include "base/ascii.h"
#include "base/calendar.h"

bool lb_check_luhn(const unsigned char *digits, size_t count) {
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = digits[count - 1 - i];
        digit <<= i % 2;
        sum += digit > 9 ? digit - 9 : digit;
    }
    return count > 1 && sum % 10 == 0;
}

/* The multiplication of the dihedral group D5: 0 ... 4 are rotations, 5 ... 9 reflections. */
static unsigned dihedral(unsigned a, unsigned b) {
    if (a < 5)
        return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
    return b < 5 ? 5 + (a - b) % 5 : (a - b + 5) % 5;
}

bool lb_check_verhoeff(const unsigned char *digits, size_t count) {
    static const unsigned char permutation[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    unsigned check = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = digits[count - 1 - i];
        for (size_t power = i % 8; power > 0; power--)
            digit = permutation[digit];
        check = dihedral(check, digit);
    }
    return count > 1 && check == 0;
}

bool lb_check_mod_11_10(const unsigned char *digits, size_t count) {
    unsigned product = 10;
    for (size_t i = 0; i + 1 < count; i++) {
        unsigned sum = (digits[i] + product) % 10;
        product = 2 * (sum ? sum : 10) % 11;
    }
    return count > 1 && (11 - product) % 10 == digits[count - 1];
}

unsigned lb_mod_97(const unsigned char *digits, size_t count) {
    unsigned rest = 0;
    for (size_t i = 0; i < count; i++)
        rest = (rest * 10 + digits[i]) % 97;
    return rest;
}

bool lb_check_iban(lb_str iban) {
    unsigned rest = 0;
    for (size_t i = 0; i < iban.size; i++) {
        char c = iban.data[(i + 4) % iban.size];
        if (lb_is_digit(c))
            rest = (rest * 10 + (unsigned)(c - '0')) % 97;
        else if (lb_is_upper(c))
            rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
        else
            return false;
    }
    return iban.size > 4 && rest == 1;
}

static void sha256(const unsigned char *data, size_t size,
                   unsigned char digest[SHA256_DIGEST_SIZE]) {
    struct sha256_ctx hash;
    sha256_init(&hash);
    sha256_update(&hash, size, data);
    sha256_digest(&hash, SHA256_DIGEST_SIZE, digest);
}

bool lb_check_base58(lb_str address) {
    static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    enum { BYTES = 25, CHECKED = 21 };
    unsigned char bytes[BYTES] = {0}, digest[SHA256_DIGEST_SIZE];
    for (size_t i = 0; i < address.size; i++) {
        const char *place = address.data[i] ? strchr(alphabet, address.data[i]) : NULL;
        if (!place)
            return false;
        unsigned carry = (unsigned)(place - alphabet);
        for (size_t k = BYTES; k-- > 0; carry >>= 8) {
            carry += 58u * bytes[k];
            bytes[k] = (unsigned char)carry;
        }
        if (carry > 0)
            return false; /* more than 25 bytes */
    }
    sha256(bytes, CHECKED, digest);
    sha256(digest, sizeof digest, digest);
    return memcmp(digest, bytes + CHECKED, BYTES - CHECKED) == 0;
}

static uint32_t bech32_step(uint32_t state, unsigned value) {
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                          0x2a1462b3};
    uint32_t top = state >> 25;
    state = (state & 0x1ffffff) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++)
        if (top >> i & 1)
            state ^= generator[i];
    return state;
}

bool lb_check_bech32(lb_str address) {
    static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    enum { CHECKSUM = 6 };
    size_t prefix = address.size;
    bool upper = false, lower = false;
    for (size_t i = 0; i < address.size; i++) {
        upper = upper || lb_is_upper(address.data[i]);
        lower = lower || lb_is_lower(address.data[i]);
        if (address.data[i] == '1')
            prefix = i;
    }
    if ((upper && lower) || prefix == 0 || address.size < prefix + 1 + CHECKSUM)
        return false;
    uint32_t state = 1;
    for (size_t i = 0; i < prefix; i++)
        state = bech32_step(state, ((unsigned char)address.data[i] | (upper ? 0x20u : 0)) >> 5);
    state = bech32_step(state, 0);
    for (size_t i = 0; i < prefix; i++)
        state = bech32_step(state, ((unsigned char)address.data[i] | (upper ? 0x20u : 0)) & 31);
    for (size_t i = prefix + 1; i < address.size; i++) {
        char c = address.data[i];
        c = lb_to_lower(c);
        const char *place = c ? strchr(alphabet, c) : NULL;
        if (!place)
            return false;
        state = bech32_step(state, (unsigned)(place - alphabet));
    }
    return state == 1 || state == 0x2bc830a3; /* bech32, bech32m */
}

bool lb_check_date(unsigned year, unsigned month, unsigned day) {
    return year >= 1800 && year <= 2100 && lb_date_valid((lb_date){(int)year, month, day});
}
