/* Names of languages for people who do not know the codes. */
#ifndef LB_REPORT_KIT_LANGUAGE_WORDS_H
#define LB_REPORT_KIT_LANGUAGE_WORDS_H

/* "English" of "en"; of a language that is not in the table its code, and "unclear" of "und". */
const char *lb_language_words(const char *code);

#endif
