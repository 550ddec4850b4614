#include "text/ascii.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

lb_ascii_block lb_ascii_classify_scalar(const char bytes[64]) {
    lb_ascii_block block = {0};
    for (unsigned i = 0; i < 64; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        uint64_t bit = UINT64_C(1) << i;
        if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z')
            block.letters |= bit;
        else if (byte >= '0' && byte <= '9')
            block.digits |= bit;
        else if (byte == '_')
            block.underscores |= bit;
        else if (byte >= 0x80)
            block.others |= bit;
        if (byte == ':' || byte == '.' || byte == '\'')
            block.mid_letters |= bit;
        if (byte == '.' || byte == '\'' || byte == ',' || byte == ';')
            block.mid_digits |= bit;
    }
    return block;
}

#ifdef __SSE2__

static inline __m128i equal(__m128i bytes, char wanted) {
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted));
}

/* Bytes from `low` to `high`, both ASCII: the comparison is signed, so no other byte passes. */
static inline __m128i range(__m128i bytes, char low, char high) {
    return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8((char)(low - 1))),
                         _mm_cmpgt_epi8(_mm_set1_epi8((char)(high + 1)), bytes));
}

static inline uint64_t bits(__m128i mask, unsigned shift) {
    return (uint64_t)(unsigned)_mm_movemask_epi8(mask) << shift;
}

lb_ascii_block lb_ascii_classify(const char bytes[64]) {
    lb_ascii_block block = {0};
    for (unsigned shift = 0; shift < 64; shift += 16) {
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(bytes + shift));
        __m128i both = _mm_or_si128(equal(b, '.'), equal(b, '\''));
        block.letters |= bits(range(_mm_or_si128(b, _mm_set1_epi8(0x20)), 'a', 'z'), shift);
        block.digits |= bits(range(b, '0', '9'), shift);
        block.underscores |= bits(equal(b, '_'), shift);
        block.mid_letters |= bits(_mm_or_si128(both, equal(b, ':')), shift);
        block.mid_digits |=
            bits(_mm_or_si128(both, _mm_or_si128(equal(b, ','), equal(b, ';'))), shift);
        block.others |= bits(b, shift);
    }
    return block;
}

#else

lb_ascii_block lb_ascii_classify(const char bytes[64]) {
    return lb_ascii_classify_scalar(bytes);
}

#endif
