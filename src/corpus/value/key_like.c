#include "corpus/value/key_like.h"

#include <string.h>

#include "base/ascii.h"

enum { LONGEST_WORD = 30, LEAST_PADDED = 8 };

static bool begins(lb_str word, lb_str with) {
    return word.size >= with.size && memcmp(word.data, with.data, with.size) == 0;
}

static bool is_address(lb_str word) {
    if (begins(word, LB_STR("www.")) || begins(word, LB_STR("data:")))
        return true;
    size_t at = 0;
    while (at < word.size && lb_is_letter(word.data[at]))
        at++;
    return at > 1 && begins((lb_str){word.data + at, word.size - at}, LB_STR("://"));
}

/* Do letters of different kinds follow each other, or only a few, as in "haaaaaahahaha"? */
static bool is_laughter(lb_str word) {
    enum { FEW = 4 };
    bool seen[256] = {false};
    size_t kinds = 0;
    for (size_t i = 0; i < word.size; i++) {
        unsigned char c = (unsigned char)lb_to_lower(word.data[i]);
        kinds += !seen[c];
        seen[c] = true;
    }
    return kinds <= FEW;
}

/* Marks within a word: one of these joins the parts of names and paths, hyphens and full stops
 * only where they are several. */
static bool is_joined(lb_str word) {
    size_t joints = 0;
    for (size_t i = 1; i + 1 < word.size; i++)
        if (lb_is_alnum(word.data[i - 1]) && lb_is_alnum(word.data[i + 1]))
            joints += strchr("_@/\\:=+", word.data[i]) && word.data[i] ? 2
                      : word.data[i] == '-' || word.data[i] == '.'     ? 1
                                                                       : 0;
    return joints >= 2;
}

static bool is_key_word(lb_str word) {
    if (is_address(word))
        return true;
    bool digits = false;
    for (size_t i = 0; i < word.size; i++) {
        if ((unsigned char)word.data[i] >= 0x80)
            return false;
        digits = digits || lb_is_digit(word.data[i]);
    }
    return digits || is_joined(word) || (word.size > LONGEST_WORD && !is_laughter(word)) ||
           (word.size >= LEAST_PADDED && word.data[word.size - 1] == '=');
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A date with its time, a number in groups, has next to no letters; "gr8 m8" is talk. */
static bool has_few_letters(lb_str value) {
    size_t letters = 0;
    for (size_t i = 0; i < value.size; i++)
        letters += lb_is_letter(value.data[i]);
    return letters <= 1;
}

bool lb_value_is_key(lb_str value) {
    size_t words = 0;
    bool address = false;
    for (size_t at = 0; at < value.size;) {
        size_t begin = at;
        while (at < value.size && !is_space(value.data[at]))
            at++;
        lb_str word = {value.data + begin, at - begin};
        if (at > begin && !is_key_word(word))
            return false;
        address = address || is_address(word);
        words += at > begin;
        at++;
    }
    return words == 1 || (words > 1 && (address || has_few_letters(value)));
}
