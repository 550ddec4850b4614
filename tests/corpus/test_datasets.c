/* Every format's sample, detected without options and counted to the last message. */
#include <stdio.h>
#include <stdlib.h>

#include "reading.h"

typedef struct expected {
    const char *sample, *format;
    lb_unit unit;
    uint64_t users, conversations, messages, own, service, records;
    int64_t first, last; /* seconds since 1970; 0: no time */
} expected;

static const expected all[] = {
    {"chatbot-arena/sample.jsonl", "chatbot-arena", LB_UNIT_USER, 2, 3, 11, 4, 0, 3, 1700000000,
     1700003600},
    {"chatgpt-export/sample.json", "chatgpt-export", LB_UNIT_USER, 1, 3, 10, 4, 1, 3, 1704067200,
     1704240002},
    {"claude-export/sample.json", "claude-export", LB_UNIT_USER, 2, 3, 5, 3, 0, 3, 1735787045,
     1738404002},
    {"convokit/sample", "convokit", LB_UNIT_USER, 3, 2, 4, 4, 0, 4, 1577934245, 1577934400},
    {"discord/sample.json", "discord", LB_UNIT_USER, 2, 3, 4, 3, 1, 5, 1704110400, 1704182400},
    {"hh-rlhf/sample.jsonl", "hh-rlhf", LB_UNIT_CONVERSATION, 0, 2, 8, 3, 0, 2, 0, 0},
    {"hh-rlhf/sample.red-team.jsonl", "hh-rlhf", LB_UNIT_USER, 2, 2, 6, 3, 0, 2, 0, 0},
    {"irc/sample.2024-01-31.log", "irc", LB_UNIT_USER, 3, 2, 5, 5, 4, 5, 1706745420, 1706745720},
    {"lmsys-chat/sample.jsonl", "lmsys-chat", LB_UNIT_CONVERSATION, 0, 3, 6, 3, 0, 3, 0, 0},
    {"nps-chat/sample", "nps-chat", LB_UNIT_USER, 5, 2, 8, 8, 2, 10, 0, 0},
    {"oasst/sample.jsonl", "oasst", LB_UNIT_USER, 3, 2, 5, 4, 0, 5, 1677661201, 1677661205},
    {"oasst/sample.trees.jsonl", "oasst", LB_UNIT_USER, 4, 2, 6, 5, 0, 6, 1677751201, 1677751206},
    {"openai-messages/sample.jsonl", "openai-messages", LB_UNIT_USER, 1, 3, 8, 3, 0, 3, 1700000000,
     1700000000},
    {"pan-author/sample", "pan-author", LB_UNIT_USER, 2, 3, 3, 3, 0, 3, 0, 0},
    {"prism/sample", "prism", LB_UNIT_USER, 2, 3, 9, 4, 0, 3, 1700666249, 1700726405},
    {"sharegpt/sample.json", "sharegpt", LB_UNIT_CONVERSATION, 0, 2, 7, 3, 0, 3, 0, 0},
    {"slack/sample", "slack", LB_UNIT_USER, 3, 4, 6, 5, 1, 7, 1699956100, 1700041000},
    {"stackexchange/sample", "stackexchange", LB_UNIT_USER, 2, 3, 5, 4, 0, 5, 1577934245,
     1578096000},
    {"telegram/sample.account.json", "telegram", LB_UNIT_USER, 2, 2, 3, 3, 0, 3, 1706781600,
     1706954400},
    {"telegram/sample.json", "telegram", LB_UNIT_USER, 2, 2, 4, 4, 1, 5, 1704110400, 1704179760},
    {"ultrachat/sample.jsonl", "ultrachat", LB_UNIT_CONVERSATION, 0, 1, 4, 2, 0, 1, 0, 0},
    {"ultrachat/sample.original.jsonl", "ultrachat", LB_UNIT_CONVERSATION, 0, 2, 6, 3, 0, 2, 0, 0},
    {"whatsapp/sample.ios.txt", "whatsapp", LB_UNIT_USER, 2, 1, 2, 2, 2, 2, 1704209700, 1704239999},
    {"whatsapp/sample.txt", "whatsapp", LB_UNIT_USER, 2, 2, 3, 3, 4, 3, 1704067140, 1704067440},
    {"wildchat/sample.jsonl", "wildchat", LB_UNIT_USER, 3, 4, 10, 5, 0, 4, 1683022272, 1686468600},
};

static reading read_sample(const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/datasets/%s", LINKBACK_SOURCE_DIR, name);
    return read_file(path);
}

/* Distinct keys that are there. */
static uint64_t distinct(const reading *r, bool users) {
    uint64_t count = 0;
    for (size_t i = 0; i < r->count; i++) {
        lb_str key = users ? r->messages[i].user : r->messages[i].conversation;
        bool seen = key.size == 0;
        for (size_t j = 0; j < i && !seen; j++)
            seen = lb_str_equal(key, users ? r->messages[j].user : r->messages[j].conversation);
        count += !seen;
    }
    return count;
}

static void check_times(const reading *r, const expected *e) {
    int64_t first = 0, last = 0;
    for (size_t i = 0; i < r->count; i++) {
        const lb_message *m = &r->messages[i];
        if (!m->has_time || !m->text.data)
            continue;
        int64_t second = m->time / 1000000;
        first = first == 0 || second < first ? second : first;
        last = second > last ? second : last;
    }
    if (first != e->first || last != e->last)
        fail_msg("%s: times %lld to %lld", e->sample, (long long)first, (long long)last);
}

static void every_sample_is_detected_and_counted_exactly(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const expected *e = &all[i];
        reading r = read_sample(e->sample);
        if (r.status != LB_OK)
            fail_msg("%s: %s: %s", e->sample, r.error.where, r.error.what);
        size_t sources;
        const lb_source *source = lb_corpus_sources(r.corpus, &sources);
        for (size_t j = 0; j < sources; j++)
            if (strcmp(source[j].format, e->format) != 0)
                fail_msg("%s: %s is read as %s", e->sample, source[j].path, source[j].format);
        lb_corpus_counts c = r.counts;
        uint64_t got[] = {distinct(&r, true), distinct(&r, false), c.messages,
                          c.own_messages,     c.service_lines,     c.records};
        uint64_t want[] = {e->users, e->conversations, e->messages, e->own, e->service, e->records};
        for (size_t j = 0; j < 6; j++)
            if (got[j] != want[j])
                fail_msg("%s: users %d, conversations %d, messages %d, own %d, service %d, records "
                         "%d",
                         e->sample, (int)got[0], (int)got[1], (int)got[2], (int)got[3], (int)got[4],
                         (int)got[5]);
        assert_int_equal(lb_corpus_unit(r.corpus), e->unit);
        assert_int_equal(c.rejected, 0);
        assert_int_equal(c.impossible_time, 0);
        assert_int_equal(c.own_messages + c.other_roles, c.messages);
        check_times(&r, e);
        reading_free(&r);
    }
}

static lb_str value_named(const reading *r, const lb_message *m, const char *name) {
    size_t count;
    const lb_attribute *attributes = lb_corpus_attributes(r->corpus, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(attributes[i].name, name) == 0)
            return m->values[i];
    fail_msg("there is no attribute %s", name);
    return (lb_str){0};
}

static const lb_message *message_that_says(const reading *r, const char *text) {
    for (size_t i = 0; i < r->count; i++)
        if (r->messages[i].text.data && lb_str_equal(r->messages[i].text, lb_str_of(text)))
            return &r->messages[i];
    fail_msg("nobody says \"%s\"", text);
    return NULL;
}

static void files_beside_the_messages_are_joined_by_user(void **state) {
    (void)state;
    reading r = read_sample("prism/sample");
    const lb_message *m = message_that_says(&r, "hei");
    assert_str(value_named(&r, m, "age"), "55-64 years old");
    assert_str(value_named(&r, m, "location.birth_country"), "Norway");
    reading_free(&r);
    r = read_sample("slack/sample");
    assert_str(value_named(&r, message_that_says(&r, "use the salt"), "profile.title"), "diver");
    assert_null(value_named(&r, message_that_says(&r, "Backup done"), "tz").data);
    reading_free(&r);
    r = read_sample("stackexchange/sample");
    m = message_that_says(&r, "Which wax? 3 < 5");
    assert_str(value_named(&r, m, "@Location"), "Troms\xC3\xB8, Norway");
    reading_free(&r);
    r = read_sample("pan-author/sample");
    m = message_that_says(&r, "I <3 the fog");
    assert_str(value_named(&r, m, "gender"), "female");
    assert_str(value_named(&r, m, "@lang"), "en");
    reading_free(&r);
}

static void a_joined_field_can_be_named_and_an_unknown_one_is_refused(void **state) {
    (void)state;
    char path[1024];
    snprintf(path, sizeof path, "%s/datasets/convokit/sample", LINKBACK_SOURCE_DIR);
    const char *input = path, *field = "meta.gender";
    lb_corpus_options o = {.inputs = &input,
                           .input_count = 1,
                           .quasi_identifiers = &field,
                           .quasi_identifier_count = 1,
                           .tolerance = {10, 1}};
    reading r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_OK);
    assert_str(value_named(&r, message_that_says(&r, "Snow."), field), "m");
    reading_free(&r);
    field = "meta.gander";
    r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_E_USAGE);
    reading_free(&r);
}

static void conversations_are_threads_branches_and_days(void **state) {
    (void)state;
    reading r = read_sample("discord/sample.json");
    assert_str(message_that_says(&r, "who has a spare oar?")->conversation, "20/2024-01-01");
    assert_str(message_that_says(&r, "thanks!")->conversation, "20/2024-01-02"); /* in UTC */
    reading_free(&r);
    r = read_sample("oasst/sample.trees.jsonl");
    assert_str(message_that_says(&r, "As far as we know.")->conversation, "t1");
    assert_str(message_that_says(&r, "As far as we know.")->user, "u-cy");
    assert_int_equal(message_that_says(&r, "Nobody has seen it.")->user.size, 0);
    reading_free(&r);
    r = read_sample("sharegpt/sample.json");
    assert_str(message_that_says(&r, "And now one about cod")->conversation, "QxZrTt1");
    reading_free(&r);
    r = read_sample("telegram/sample.json");
    assert_str(message_that_says(&r, "see https://boats.example today")->conversation,
               "77/2024-01-01");
    assert_non_null(message_that_says(&r, "a tab\x0B"
                                          "and a bell"));
    reading_free(&r);
}

static void what_programs_say_themselves_is_no_message(void **state) {
    (void)state;
    reading r = read_text("_chat.txt", "\xE2\x80\x8E[31/12/23, 23:59:01] Ann: \xE2\x80\x8E"
                                       "Nachrichten sind verschl\xC3\xBCsselt\n"
                                       "[31/12/23, 23:59:02] Ann: hello\nand on\n"
                                       "\xE2\x80\x8E[31/12/23, 23:59:03] ~ Bo B: \xE2\x80\x8E"
                                       "<attached: 0001.jpg>\n"
                                       "[31/12/23, 23:59:04] ~ Bo B: so: yes\n");
    assert_int_equal(r.counts.own_messages, 2);
    assert_str(message_that_says(&r, "so: yes")->user, "Bo B");
    message_that_says(&r, "hello\nand on");
    reading_free(&r);
    r = read_text("chat.txt", "31.12.23, 23:59 - Ann: <Medien ausgeschlossen>\n"
                              "01.01.24, 00:01 - Bo: <ja>\n");
    assert_int_equal(r.counts.own_messages, 1);
    assert_int_equal(message_that_says(&r, "<ja>")->time / 1000000, 1704067260);
    reading_free(&r);
    r = read_text("arabic_halves.txt", "31/12/2023\xD8\x8C 11:59 \xD9\x85 - Ann: a\n"
                                       "01/01/2024\xD8\x8C 12:01 \xD8\xB5 - Bo: b\n");
    assert_int_equal(message_that_says(&r, "a")->time / 1000000, 1704067140);
    assert_int_equal(message_that_says(&r, "b")->time / 1000000, 1704067260);
    reading_free(&r);
}

static void equal_conversations_of_two_people_are_two(void **state) {
    (void)state;
    static const char record[] =
        "{\"conversation_hash\":\"h\",\"hashed_ip\":\"%s\",\"conversation\":[{\"content\":\"hi\","
        "\"role\":\"user\",\"hashed_ip\":\"%s\"},{\"content\":\"ho\",\"role\":\"assistant\","
        "\"hashed_ip\":null}]}\n";
    char text[2 * sizeof record + 20], *end = text;
    end += sprintf(end, record, "ip1", "ip1");
    sprintf(end, record, "ip2", "ip2");
    reading r = read_text("wild.jsonl", text);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(distinct(&r, false), 2);
    assert_int_equal(distinct(&r, true), 2);
    reading_free(&r);
}

static void requests_and_preferences_are_conversations_too(void **state) {
    (void)state;
    reading r =
        read_text("log.jsonl", "{\"custom_id\":\"r1\",\"body\":{\"user\":\"u\",\"messages\":"
                               "[{\"role\":\"user\",\"content\":\"hi\"}]}}\n");
    assert_str(message_that_says(&r, "hi")->user, "u");
    assert_str(message_that_says(&r, "hi")->conversation, "r1");
    reading_free(&r);
    r = read_text("pref.jsonl",
                  "{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]},"
                  "\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"a\"}],"
                  "\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"b\"}]}\n");
    assert_int_equal(r.counts.own_messages, 1);
    message_that_says(&r, "hi");
    reading_free(&r);
}

static void markup_is_taken_out_and_quotes_are_skipped(void **state) {
    (void)state;
    reading r = read_sample("stackexchange/sample");
    message_that_says(&r, "With wax.");
    message_that_says(&r, "How do I tie `a --knot` & keep it?\n\n```\npull left\n```");
    reading_free(&r);
    r = read_sample("slack/sample");
    message_that_says(&r, "mine too");
    reading_free(&r);
}

static void lines_go_on_and_the_month_is_decided_by_the_file(void **state) {
    (void)state;
    reading r = read_sample("whatsapp/sample.txt");
    assert_str(message_that_says(&r, "happy new year\nand a dry boat to all")->user, "Ann");
    assert_str(message_that_says(&r, "thank you: the same to you")->user, "+47 900 00 000");
    reading_free(&r);
    char text[400000], *end = text; /* longer than the head: the last line decides */
    for (int i = 0; i < 7000; i++)
        end += sprintf(end, "3/4/23, 10:00 - Bo: number %d\nand on\n", i);
    sprintf(end, "12/31/23, 9:00 - Bo: the end\nof it\n\n");
    r = read_text("long.txt", text);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 7001);
    assert_int_equal(message_that_says(&r, "number 0\nand on")->time / 1000000, 1677924000);
    message_that_says(&r, "the end\nof it");
    reading_free(&r);
    r = read_text("arabic.txt", "\xD9\xA3\xD9\xA1/\xD9\xA1\xD9\xA2/\xD9\xA2\xD9\xA0\xD9\xA2\xD9\xA3"
                                "\xD8\x8C \xD9\xA1:\xD9\xA3\xD9\xA4 p. m. - \xE2\x80\xAA+47 1"
                                "\xE2\x80\xAC: marhaba\n");
    assert_int_equal(r.status, LB_OK);
    assert_str(r.messages[0].user, "+47 1");
    assert_int_equal(r.messages[0].time / 1000000, 1704029640);
    reading_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_is_detected_and_counted_exactly),
        cmocka_unit_test(files_beside_the_messages_are_joined_by_user),
        cmocka_unit_test(a_joined_field_can_be_named_and_an_unknown_one_is_refused),
        cmocka_unit_test(conversations_are_threads_branches_and_days),
        cmocka_unit_test(what_programs_say_themselves_is_no_message),
        cmocka_unit_test(equal_conversations_of_two_people_are_two),
        cmocka_unit_test(requests_and_preferences_are_conversations_too),
        cmocka_unit_test(markup_is_taken_out_and_quotes_are_skipped),
        cmocka_unit_test(lines_go_on_and_the_month_is_decided_by_the_file)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
