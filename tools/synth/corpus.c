#include "synth/corpus.h"

#include <inttypes.h>
#include <math.h>
#include <time.h>

#include "base/file.h"
#include "base/hash.h"
#include "synth/speech.h"

enum { KEY_BYTES = 24, CONTACT_BYTES = 64 };
static const int64_t first_day = 1704067200; /* 2024-01-01T00:00:00Z */
enum { SPAN_DAYS = 366, DAY_SECONDS = 86400 };

typedef struct synth_maker {
    const synth_options *options;
    synth_lexicons *lexicons;
    synth_writer writer;
    synth_tally *tally; /* NULL: no truth is wanted */
    synth_totals totals;
    lb_buffer text;
    synth_person person;
    char user[KEY_BYTES], email[CONTACT_BYTES], phone[CONTACT_BYTES];
} synth_maker;

/* One conversation, as far as all its messages share it. */
typedef struct synth_conversation {
    synth_voice voice, assistant;
    char key[KEY_BYTES];
    bool first, planted, assisted; /* the person's first; the token is said in it */
    int64_t seconds;               /* time of the next message, since 1970 */
    uint64_t messages;
} synth_conversation;

/* A key that tells nothing about the number, and is another for another number: each step (after
 * Stafford's variant 13 of the finaliser of MurmurHash3) is a bijection. */
static void write_key(char *key, char prefix, uint64_t seed, uint64_t number) {
    uint64_t x = lb_hash_mix(seed, (unsigned char)prefix) + number;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    snprintf(key, KEY_BYTES, "%c%016" PRIx64, prefix, x ^ (x >> 31));
}

/* How much a person talks, relative to others; with style 0 everyone talks as much. */
static double activity(const synth_options *options, uint64_t number) {
    lb_random random = lb_random_keyed(options->seed, "synth.activity", number);
    return exp(0.9 * options->style * lb_random_normal(&random));
}

static void name_contacts(synth_maker *maker, lb_random *random) {
    char first[SYNTH_NAME_BYTES], last[SYNTH_NAME_BYTES];
    int first_size = (int)synth_name((uint32_t)lb_random_below(random, 400), first);
    int last_size = (int)synth_name((uint32_t)lb_random_below(random, 40000), last);
    first[0] = (char)(first[0] - 'A' + 'a');
    last[0] = (char)(last[0] - 'A' + 'a');
    snprintf(maker->email, CONTACT_BYTES, "%.*s.%.*s@example.org", first_size, first, last_size,
             last);
    /* 555-0100 to 555-0199 are set aside for made-up numbers. */
    snprintf(maker->phone, CONTACT_BYTES, "+1 202 555 01%02u",
             (unsigned)lb_random_below(random, 100));
}

static void write_time(char *to, size_t size, int64_t seconds) {
    time_t when = (time_t)seconds;
    struct tm parts;
    gmtime_r(&when, &parts);
    strftime(to, size, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

/* Begins at the fraction `at` (0 ... 1) of the year, near the voice's usual hour of its day. */
static void begin(synth_conversation *conversation, double at, lb_random *random) {
    const synth_voice *voice = &conversation->voice;
    const synth_language *language = &synth_languages[voice->identity.language];
    int64_t minute = voice->usual_minute + (int64_t)(lb_random_normal(random) * 100);
    minute -= language->countries[voice->identity.country].utc_minutes;
    int64_t day = (int64_t)(at * (SPAN_DAYS - 2)) + 1;
    conversation->seconds =
        first_day + day * DAY_SECONDS + minute * 60 + (int64_t)lb_random_below(random, 60);
}

static int write_message(synth_maker *maker, synth_conversation *conversation, uint64_t number,
                         bool own, lb_random *random, lb_error *error) {
    bool opens = number == 0, tells = opens && conversation->first;
    const synth_person *person = &maker->person;
    synth_message message = {.voice = own ? &conversation->voice : &conversation->assistant,
                             .opens = opens,
                             .tally = own ? maker->tally : NULL};
    if (opens && conversation->planted)
        message.planted = lb_str_of(person->token);
    if (tells && person->leaves_email)
        message.email = maker->email;
    if (tells && person->leaves_phone)
        message.phone = maker->phone;
    int status = synth_speak(&message, maker->lexicons, random, &maker->text, error);
    if (status < 0)
        return status;
    maker->totals.messages++;
    maker->totals.own_messages += own;
    maker->totals.emails += message.email != NULL;
    maker->totals.phones += message.phone != NULL;

    char key[2 * KEY_BYTES], reply_to[2 * KEY_BYTES], moment[32];
    snprintf(key, sizeof key, "%s-%" PRIu64, conversation->key, number);
    snprintf(reply_to, sizeof reply_to, "%s-%" PRIu64, conversation->key, number - !opens);
    write_time(moment, sizeof moment, conversation->seconds);
    const synth_identity *who = &conversation->voice.identity;
    const synth_language *language = &synth_languages[who->language];
    const lb_str values[SYNTH_COLUMNS] = {
        [SYNTH_USER] = lb_str_of(maker->user),
        [SYNTH_CONVERSATION] = lb_str_of(conversation->key),
        [SYNTH_MESSAGE] = lb_str_of(key),
        [SYNTH_REPLY_TO] = lb_str_of(opens ? NULL : reply_to),
        [SYNTH_ROLE] = lb_str_of(own ? "user" : "assistant"),
        [SYNTH_TIMESTAMP] = lb_str_of(moment),
        [SYNTH_TEXT] = lb_buffer_str(&maker->text),
        [SYNTH_COUNTRY] = lb_str_of(language->countries[who->country].code),
        [SYNTH_AGE] = lb_str_of(synth_ages[who->age]),
        [SYNTH_GENDER] = lb_str_of(synth_genders[who->gender]),
        [SYNTH_LANGUAGE] = lb_str_of(language->code),
        [SYNTH_DEVICE] = lb_str_of(synth_devices[who->device]),
        [SYNTH_CONDITION] = lb_str_of(synth_conditions[who->condition])};
    conversation->seconds += 15 + (int64_t)lb_random_below(random, 240);
    return synth_writer_add(&maker->writer, values, error);
}

static int write_conversation(synth_maker *maker, synth_conversation *conversation,
                              lb_random *random, lb_error *error) {
    int status = 0;
    if (maker->tally)
        status = synth_tally_conversation(maker->tally, maker->person.number,
                                          maker->totals.conversations,
                                          &conversation->voice.identity, error);
    maker->totals.conversations++;
    synth_voice_assistant(&conversation->assistant, &conversation->voice);
    for (uint64_t i = 0; i < conversation->messages && status == 0; i++) {
        bool own = !conversation->assisted || i % 2 == 0;
        status = write_message(maker, conversation, i, own, random, error);
    }
    return status;
}

/* All conversations of a person who has `quota` messages. */
static int write_person(synth_maker *maker, uint64_t number, uint64_t quota, lb_error *error) {
    const synth_options *options = maker->options;
    synth_person *person = &maker->person;
    synth_person_make(person, number, options->seed, options->style, maker->lexicons);
    write_key(maker->user, 'u', options->seed, number);
    lb_random random = lb_random_keyed(options->seed, "synth.conversations", number);
    name_contacts(maker, &random);
    uint64_t told = 0;
    int status = 0;
    for (uint64_t done = 0, nth = 0; done < quota && status == 0; nth++) {
        synth_conversation conversation = {.first = nth == 0};
        synth_voice_mix(&conversation.voice, &person->voice, options->style, maker->lexicons,
                        &random);
        conversation.messages = 2 + lb_random_below(&random, 11);
        if (conversation.messages > quota - done)
            conversation.messages = quota - done;
        conversation.assisted = lb_random_below(&random, 100) < 60;
        conversation.planted = person->planted && (nth == 0 || (person->repeats && nth % 2 == 0));
        told += conversation.planted;
        write_key(conversation.key, 'c', options->seed, maker->totals.conversations);
        begin(&conversation, ((double)done + lb_random_unit(&random)) / (double)quota, &random);
        status = write_conversation(maker, &conversation, &random, error);
        done += conversation.messages;
    }
    if (status == 0 && told && maker->tally)
        status = synth_tally_planted(maker->tally, person, maker->user, told, error);
    return status;
}

/* Everyone has one message; the others are shared out by activity, so that they add up exactly. */
static int write_people(synth_maker *maker, lb_error *error) {
    const synth_options *options = maker->options;
    double total = 0, reached = 0, extra = (double)(options->messages - options->users);
    for (uint64_t i = 0; i < options->users; i++)
        total += activity(options, i);
    int status = 0;
    uint64_t given = 0;
    for (uint64_t i = 0; i < options->users && status == 0; i++) {
        reached += activity(options, i);
        uint64_t due = (uint64_t)(extra * (reached / total));
        status = write_person(maker, i, 1 + due - given, error);
        given = due;
    }
    return status;
}

static int write_records(synth_maker *maker, FILE *stream, lb_error *error) {
    int status = synth_writer_open(&maker->writer, stream, maker->options->format, error);
    if (status == 0)
        status = write_people(maker, error);
    if (status == 0)
        status = synth_writer_finish(&maker->writer, error);
    synth_writer_free(&maker->writer);
    return status;
}

/* The file is opened first, so that a wrong path is known before gigabytes were written. */
static int write_with_truth(synth_maker *maker, FILE *stream, lb_error *error) {
    lb_output *output;
    int status = lb_output_open(&output, maker->options->truth, error);
    if (status < 0)
        return status;
    status = synth_tally_new(&maker->tally, error);
    if (status == 0)
        status = write_records(maker, stream, error);
    if (status == 0)
        status = synth_tally_write(maker->tally, &maker->totals, lb_output_stream(output), error);
    if (status == 0)
        return lb_output_commit(output, error);
    lb_output_abandon(output);
    return status;
}

int synth_corpus_write(const synth_options *options, FILE *stream, lb_error *error) {
    synth_maker maker = {
        .options = options,
        .totals = {.seed = options->seed, .users = options->users, .style = options->style}};
    int status = synth_lexicons_build(&maker.lexicons, options->languages, error);
    if (status == 0)
        status = options->truth ? write_with_truth(&maker, stream, error)
                                : write_records(&maker, stream, error);
    lb_buffer_free(&maker.text);
    synth_tally_free(maker.tally);
    lb_free(maker.lexicons);
    return status;
}
