/* What a voice says: one message after the other, written into a buffer. The words are set so that
 * their borders are beyond doubt: ASCII words have a blank, a mark followed by a blank, or an end
 * of the message on each side, so that the tally of words is exact under UAX #29. */
#ifndef SYNTH_SPEECH_H
#define SYNTH_SPEECH_H

#include "base/buffer.h"
#include "synth/person.h"
#include "synth/tally.h"

typedef struct synth_message {
    const synth_voice *voice;
    bool opens;         /* the first message of the conversation: people greet */
    lb_str planted;     /* a word to be said here; data NULL: none */
    const char *email;  /* "first.last@host.tld" to be left at the end, or NULL */
    const char *phone;  /* "+1 202 555 0143" likewise */
    synth_tally *tally; /* told of every ASCII word; NULL: no one */
} synth_message;

/* Replaces the content of `text` by a message. */
int synth_speak(const synth_message *message, const synth_lexicons *lexicons, lb_random *random,
                lb_buffer *text, lb_error *error);

/* How an assistant speaks: nobody's habits. */
void synth_voice_assistant(synth_voice *voice, const synth_voice *asked);

#endif
