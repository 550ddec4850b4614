#include "text/language.h"

#include <cstdio> // the next header needs it

#include <cld2/public/compact_lang_det.h>
#include <exception>

/* CLD2 numbers unknown as some other language than 0: the two change places. */
static unsigned number_of(CLD2::Language language) {
    unsigned number = static_cast<unsigned>(language);
    if (language == CLD2::UNKNOWN_LANGUAGE || language == CLD2::TG_UNKNOWN_LANGUAGE ||
        number >= LB_LANGUAGES_MAX)
        return LB_LANGUAGE_UNKNOWN;
    return number == 0 ? static_cast<unsigned>(CLD2::UNKNOWN_LANGUAGE) : number;
}

/* The sample, with blanks for control characters, which CLD2 does not take for text. */
static int copy_sample(const char *text, size_t size, char *sample) {
    const size_t whole = size;
    if (size > LB_LANGUAGE_SAMPLE)
        size = LB_LANGUAGE_SAMPLE;
    while (size > 0 && size < whole && (text[size] & 0xC0) == 0x80)
        size--; /* cut before a character, not inside */
    for (size_t i = 0; i < size; i++) {
        unsigned char c = static_cast<unsigned char>(text[i]);
        sample[i] = c < ' ' || c == 0x7F ? ' ' : text[i];
    }
    sample[size] = '\0';
    return static_cast<int>(size);
}

int lb_language_detect(const char *text, size_t bytes,
                       lb_language_share shares[LB_LANGUAGES_OF_TEXT], lb_error *error) {
    char sample[LB_LANGUAGE_SAMPLE + 64] = {0}; /* it looks ahead a few bytes */
    CLD2::Language languages[3];
    int percents[3], text_bytes = 0, valid = 0;
    double scores[3];
    bool reliable = false;
    int size = copy_sample(text, bytes, sample);
    if (size == 0)
        return 0;
    try {
        CLD2::ExtDetectLanguageSummaryCheckUTF8(sample, size, true, nullptr, 0, languages, percents,
                                                scores, nullptr, &text_bytes, &reliable, &valid);
    } catch (const std::exception &) {
        return lb_fail_memory(error, "detecting languages");
    }
    if (!reliable || valid < size)
        return 0;
    int count = 0;
    for (int i = 0; i < LB_LANGUAGES_OF_TEXT; i++) {
        unsigned language = number_of(languages[i]);
        if (language != LB_LANGUAGE_UNKNOWN && percents[i] > 0)
            shares[count++] = {language, static_cast<unsigned>(percents[i])};
    }
    return count;
}

const char *lb_language_code(unsigned language) {
    if (language == LB_LANGUAGE_UNKNOWN || language >= LB_LANGUAGES_MAX)
        return "und";
    unsigned number = language == static_cast<unsigned>(CLD2::UNKNOWN_LANGUAGE) ? 0 : language;
    return CLD2::LanguageCode(static_cast<CLD2::Language>(number));
}
