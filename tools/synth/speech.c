#include "synth/speech.h"

#include "base/ascii.h"
#include "base/hash.h"

enum {
    WORDS_MAX = 160,
    WORD_BYTES = 64, /* a word with what may surround it: see append_* below */
    MESSAGE_BYTES = WORDS_MAX * WORD_BYTES + 1024
};

static const char *const symbols[] = {":)",   ";)", ":-)",  "^^", "😂",    "❤",    "😅", "🙏", "👍",
                                      "😊",    "🎉",  "🔥",    "😭",  "🤔", "🙄", "😍", "✨", "💀",
                                      "🤷", "😬",  "🥲", "👀",  "💪",    "🚀",    "🌻", "->"};
static const char *const laughs[] = {"haha", "lol", "hehe", "hahaha", "lmao", "xD", "hihi", "heh"};
enum { SYMBOLS = sizeof symbols / sizeof *symbols, LAUGHS = sizeof laughs / sizeof *laughs };

/* A message being written. The buffer has room for MESSAGE_BYTES from the start. */
typedef struct synth_speech {
    lb_buffer *text;
    const synth_message *message;
    const synth_lexicon *lexicon;
    lb_error *error;
    int status;
} synth_speech;

static void append(synth_speech *speech, const char *bytes, size_t size) {
    memcpy(speech->text->data + speech->text->size, bytes, size);
    speech->text->size += size;
}

static void append_text(synth_speech *speech, const char *text) {
    append(speech, text, strlen(text));
}

static char *tail(synth_speech *speech) {
    return speech->text->data + speech->text->size;
}

static void tally_since(synth_speech *speech, size_t start) {
    if (speech->message->tally && speech->status == 0) {
        lb_str word = {speech->text->data + start, speech->text->size - start};
        speech->status = synth_tally_word(speech->message->tally, word, speech->error);
    }
}

static void say_word(synth_speech *speech, lb_str word) {
    size_t start = speech->text->size;
    append(speech, word.data, word.size);
    tally_since(speech, start);
}

/* A blank unless the message begins here or stands at one. */
static void set_apart(synth_speech *speech) {
    const lb_buffer *text = speech->text;
    if (text->size && text->data[text->size - 1] != ' ' && text->data[text->size - 1] != '\n')
        append(speech, " ", 1);
}

static void say_phrase(synth_speech *speech, lb_str phrase) {
    while (phrase.size) {
        const char *blank = memchr(phrase.data, ' ', phrase.size);
        size_t size = blank ? (size_t)(blank - phrase.data) : phrase.size;
        set_apart(speech);
        say_word(speech, (lb_str){phrase.data, size});
        size += blank != NULL;
        phrase = (lb_str){phrase.data + size, phrase.size - size};
    }
}

/* One of three slips of the fingers, chosen by `how`, at a place chosen by it too. */
static void misspell(char *word, size_t *size, uint64_t how) {
    size_t at = 1 + (how >> 8) % (*size - 2);
    switch (how % 3) {
    case 0: {
        char swapped = word[at];
        word[at] = word[at + 1];
        word[at + 1] = swapped;
        break;
    }
    case 1:
        memmove(word + at, word + at + 1, *size - at - 1);
        --*size;
        break;
    default:
        memmove(word + at + 1, word + at, *size - at);
        ++*size;
    }
}

/* A word of the lexicon in the voice's spelling; `draw` has 32 bits left to decide by. */
static void say_spelled(synth_speech *speech, const synth_word *word, bool begins, uint64_t draw) {
    const synth_spelling *spelling = &speech->message->voice->spelling;
    size_t start = speech->text->size;
    char *bytes = tail(speech);
    size_t size = word->size;
    memcpy(bytes, word->bytes, SYNTH_WORD_BYTES);
    if (word->letters && size > 3) {
        size_t place = (size_t)((const char *)word - (const char *)speech->lexicon);
        uint64_t habit = lb_hash_mix(spelling->key, place);
        if (spelling->key && (habit & 127) < 3)
            misspell(bytes, &size, habit >> 7);
        else if ((draw & 0xFFFF) < spelling->slip_rate)
            misspell(bytes, &size, lb_hash_mix(draw, place));
        if ((draw >> 16 & 0xFFFF) < spelling->elongation_rate) {
            for (uint64_t more = 2 + (draw & 3); more > 0; more--, size++)
                bytes[size] = bytes[size - 1];
        }
    } else if (!spelling->apostrophes) {
        const char *mark = memchr(bytes, '\'', size);
        if (mark) {
            size_t at = (size_t)(mark - bytes);
            memmove(bytes + at, bytes + at + 1, size - at - 1);
            size--;
        }
    }
    if (begins && spelling->capitals && lb_is_lower(bytes[0]))
        bytes[0] = (char)(bytes[0] - 'a' + 'A');
    speech->text->size += size;
    tally_since(speech, start);
}

static void say_number(synth_speech *speech, uint64_t draw) {
    static const uint64_t below[] = {10, 100, 2050, 100000};
    uint64_t number = (draw >> 2) % below[draw & 3];
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    set_apart(speech);
    say_word(speech, (lb_str){digits + at, sizeof digits - at});
    append(speech, " ", 1);
}

static void say_name(synth_speech *speech, uint32_t number) {
    char name[SYNTH_NAME_BYTES];
    size_t size = synth_name(number, name);
    set_apart(speech);
    say_word(speech, (lb_str){name, size});
    append(speech, " ", 1);
}

/* The next word, from the favourites, a topic, the names, numbers, or the language at large. */
static void say_next(synth_speech *speech, const synth_lexicons *lexicons, bool begins,
                     lb_random *random) {
    enum { NUMBER_RATE = 400 };
    const synth_voice *voice = speech->message->voice;
    const synth_lexicon *lexicon = speech->lexicon;
    uint64_t draw = lb_random_next(random);
    unsigned kind = draw & 0xFFFF, place = draw >> 16 & 0xFFFF;
    draw >>= 32;
    const synth_word *word = &lexicon->common[lexicons->common_rank[place]];
    unsigned reach = voice->words.favourite_rate;
    if (kind < reach) {
        word = &lexicon->common[voice->words.favourites[place % SYNTH_FAVOURITES]];
    } else if (kind < (reach += voice->subjects.topic_rate)) {
        unsigned topic = voice->subjects.topics[place >> 8 & 1];
        word = &lexicon->topics[topic][lexicons->topic_rank[place & 0xFF]];
    } else if (kind < (reach += voice->subjects.name_rate)) {
        say_name(speech, voice->subjects.names[place % SYNTH_NAMES]);
        return;
    } else if (kind < reach + NUMBER_RATE) {
        say_number(speech, draw);
        return;
    }
    if (lexicon->language->spaced)
        set_apart(speech);
    say_spelled(speech, word, begins, draw);
}

/* Takes back blanks, so that a mark follows its word. */
static void close_up(synth_speech *speech) {
    while (speech->text->size && speech->text->data[speech->text->size - 1] == ' ')
        speech->text->size--;
}

static void end_sentence(synth_speech *speech, lb_random *random) {
    const synth_language *language = speech->lexicon->language;
    uint64_t draw = lb_random_below(random, 100);
    const char *mark = draw < 15 ? language->question : draw < 25 ? language->exclaim : NULL;
    close_up(speech);
    switch (speech->message->voice->layout.ending) {
    case 0:
        append_text(speech, mark ? mark : "...");
        break;
    case 1:
        append_text(speech, mark ? mark : " ");
        break;
    case 2:
        append_text(speech, mark ? mark : language->exclaim);
        append_text(speech, mark ? mark : "");
        break;
    default:
        append_text(speech, mark ? mark : language->stop);
    }
}

static void say_sentence(synth_speech *speech, const synth_lexicons *lexicons, unsigned words,
                         lb_random *random) {
    const synth_layout *layout = &speech->message->voice->layout;
    if (speech->lexicon->language->spaced)
        set_apart(speech);
    for (unsigned i = 0; i < words; i++) {
        say_next(speech, lexicons, i == 0, random);
        if (i + 1 == words)
            break;
        uint64_t draw = lb_random_next(random);
        if ((draw & 0xFFFF) < layout->comma_rate) {
            close_up(speech);
            append_text(speech, speech->lexicon->language->comma);
        } else if ((draw >> 16 & 0xFFFF) < layout->ampersand_rate) {
            set_apart(speech);
            append(speech, "& ", 2);
        }
    }
    end_sentence(speech, random);
}

static void greet(synth_speech *speech, lb_random *random) {
    const synth_flourish *flourish = &speech->message->voice->flourish;
    if (speech->message->opens && lb_random_below(random, 65536) < flourish->greeting_rate) {
        say_phrase(speech, speech->lexicon->greetings[flourish->greeting]);
        append_text(speech, speech->lexicon->language->comma);
        append(speech, flourish->greeting & 1 ? "\n" : " ", 1);
    }
}

static void flourish(synth_speech *speech, lb_random *random) {
    const synth_flourish *flourish = &speech->message->voice->flourish;
    if (lb_random_below(random, 65536) < flourish->laugh_rate) {
        set_apart(speech);
        say_word(speech, lb_str_of(laughs[flourish->laugh % LAUGHS]));
    }
    if (lb_random_below(random, 65536) < flourish->symbol_rate) {
        set_apart(speech);
        append_text(speech,
                    symbols[flourish->symbols[lb_random_below(random, SYNTH_SYMBOLS)] % SYMBOLS]);
    }
    if (lb_random_below(random, 65536) < flourish->farewell_rate) {
        close_up(speech);
        append(speech, "\n", 1);
        say_phrase(speech, speech->lexicon->farewells[flourish->farewell]);
    }
}

/* "a.b@c.d" is the words a.b and c.d, "+1 202" the words 1 and 202. */
static void leave_contact(synth_speech *speech, const char *contact, const char *marks) {
    set_apart(speech);
    while (*contact) {
        size_t size = strcspn(contact, marks);
        if (size)
            say_word(speech, (lb_str){contact, size});
        contact += size;
        if (*contact)
            append(speech, contact++, 1);
    }
    append(speech, " ", 1);
}

int synth_speak(const synth_message *message, const synth_lexicons *lexicons, lb_random *random,
                lb_buffer *text, lb_error *error) {
    text->size = 0;
    int status = lb_buffer_reserve(text, MESSAGE_BYTES, error);
    if (status < 0)
        return status;
    const synth_voice *voice = message->voice;
    synth_speech speech = {text, message, &lexicons->of[voice->identity.language], error, 0};
    greet(&speech, random);
    uint64_t words = 1 + lb_random_below(random, 2 * (uint64_t)voice->layout.message_words);
    uint64_t mean = voice->layout.sentence_words;
    for (words = words < WORDS_MAX ? words : WORDS_MAX; words > 0;) {
        uint64_t sentence = 2 + lb_random_below(random, 2 * mean);
        sentence = sentence < words ? sentence : words;
        say_sentence(&speech, lexicons, (unsigned)sentence, random);
        words -= sentence;
    }
    if (message->planted.data) {
        set_apart(&speech);
        say_word(&speech, message->planted);
    }
    if (message->email)
        leave_contact(&speech, message->email, "@");
    if (message->phone)
        leave_contact(&speech, message->phone, "+ ");
    flourish(&speech, random);
    close_up(&speech);
    return speech.status;
}

void synth_voice_assistant(synth_voice *voice, const synth_voice *asked) {
    *voice = (synth_voice){
        .identity = asked->identity,
        .subjects = {.topics = {asked->subjects.topics[0], asked->subjects.topics[1]},
                     .topic_rate = 8000},
        .spelling = {.capitals = true, .apostrophes = true},
        .layout = {.ending = 3, .comma_rate = 3000, .sentence_words = 10, .message_words = 22}};
}
