/* Tables of messages that no format knows: what their fields mean is told by names in several
 * languages, and where names say nothing, by values. */
#include <stdio.h>
#include <stdlib.h>

#include "corpus/inspect.h"
#include "reading.h"

typedef struct table {
    const char *header; /* columns, cut by | */
    const char *kinds;  /* one letter a column: u user, c conversation, i number of the row, t time,
                           x text, r role, s one of a few short values, n small number */
    const char *guess;  /* KEY=PATH ..., sorted by key */
} table;

static const table tables[] = {
    {"id|author|body|subreddit|created_utc|link_id|parent_id|score", "iuxstcin",
     "conversation=link_id message=id text=body time=created_utc user=author"},
    {"dialogue_id|turn_id|speaker|utterance", "ciux",
     "conversation=dialogue_id message=turn_id text=utterance user=speaker"},
    {"from|to|msg|ts", "uuxt", "text=msg time=ts user=from"},
    {"author|title|selftext|created_utc", "usxt", "text=selftext time=created_utc user=author"},
    {"ticket_id|customer_id|sender_type|message_text|created_on", "curxt",
     "conversation=ticket_id role=sender_type text=message_text time=created_on user=customer_id"},
    {"account_name|chat_message|posted_at|chat_room|country|age", "uxtcsn",
     "conversation=chat_room text=chat_message time=posted_at user=account_name"},
    {"_id|senderUid|msgBody|sentMs|chatUid", "iuxtc",
     "conversation=chatUid message=_id text=msgBody time=sentMs user=senderUid"},
    {"AuthorID|Author|Date|Content", "uutx", "text=Content time=Date user=AuthorID"},
    {"message_author|author_message", "ux", "text=author_message user=message_author"},
    {"user_country|text|user_key", "sxu", "text=text user=user_key"},
    {"Benutzer|Gespräch|Nachricht|Zeitstempel", "ucxt",
     "conversation=Gespräch text=Nachricht time=Zeitstempel user=Benutzer"},
    {"auteur|texte|date_envoi|fil", "uxtc",
     "conversation=fil text=texte time=date_envoi user=auteur"},
    {"usuario|mensaje|fecha", "uxt", "text=mensaje time=fecha user=usuario"},
    {"発話者|発話|送信日時|対話ID", "uxtc",
     "conversation=対話ID text=発話 time=送信日時 user=発話者"},
    {"用户|消息内容|时间", "uxt", "text=消息内容 time=时间 user=用户"},
    {"row|b|c|d", "iutx", "text=d time=c user=b"},
    {"pid|q|d", "uxt", "text=q time=d user=pid"},
    {"country|q", "sx", "text=q"},
    /* plain tables: no text, no user */
    {"age|education|condition", "nss", ""},
    {"name|title|city", "uss", ""},
    {"year|event|place", "nss", ""},
};

static void append_cell(char *into, char kind, int row) {
    switch (kind) {
    case 'u':
        sprintf(into + strlen(into), "p%d", row * 7 % 12);
        break;
    case 'c':
        sprintf(into + strlen(into), "k%d", row / 5);
        break;
    case 'i':
        sprintf(into + strlen(into), "%d", 5000 + row);
        break;
    case 't':
        sprintf(into + strlen(into), "%d", 1700000000 + 60 * row);
        break;
    case 'x':
        sprintf(into + strlen(into), "we rowed %d miles to the island", row);
        break;
    case 'r':
        strcat(into, row % 2 ? "customer" : "agent");
        break;
    case 's':
        strcat(into, row % 3 == 0 ? "NO" : row % 3 == 1 ? "SE" : "DK");
        break;
    default:
        sprintf(into + strlen(into), "%d", 20 + row % 40);
    }
}

static const char *write_table(const table *t, size_t number) {
    enum { ROWS = 60 };
    char text[ROWS * 400] = "", name[40];
    strcat(text, t->header);
    for (char *c = text; *c; c++)
        if (*c == '|')
            *c = ',';
    for (int row = 0; row < ROWS; row++)
        for (const char *kind = t->kinds; *kind; kind++) {
            strcat(text, kind == t->kinds ? "\n" : ",");
            append_cell(text, *kind, row);
        }
    strcat(text, "\n");
    sprintf(name, "table%zu.csv", number);
    return put_text(name, text);
}

static void fields_are_told_by_names_and_by_values(void **state) {
    (void)state;
    static const char *const keys[] = {"conversation", "message", "reply_to", "role",
                                       "text",         "time",    "user"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const char *path = write_table(&tables[i], i);
        lb_corpus_options o = {.inputs = &path, .input_count = 1, .tolerance = {0, 1}};
        lb_inspection inspection;
        lb_error error;
        assert_int_equal(lb_inspect(&inspection, &o, 1, 100, &error), LB_OK);
        char got[500] = "";
        const lb_inspect_source *source = &inspection.sources[0];
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            for (size_t j = 0; j < source->key_count; j++)
                if (strcmp(source->keys[j].key, keys[k]) == 0)
                    sprintf(got + strlen(got), "%s%s=%s", got[0] ? " " : "", keys[k],
                            source->keys[j].path);
        if (strcmp(got, tables[i].guess) != 0)
            fail_msg("%s: guessed %s", tables[i].header, got);
        lb_inspection_free(&inspection);
    }
}

static void a_guess_by_values_says_so(void **state) {
    (void)state;
    table t = {"b|d", "ux", ""};
    const char *path = write_table(&t, 900);
    reading r = read_file(path);
    assert_int_equal(r.status, LB_OK);
    size_t count;
    const char *const *warnings = lb_corpus_warnings(r.corpus, &count);
    assert_int_equal(count, 1);
    assert_non_null(strstr(warnings[0], "user = b (by its values)"));
    assert_non_null(strstr(warnings[0], "text = d (by its values)"));
    reading_free(&r);
}

static int64_t time_of(const char *name, const char *text, size_t message, const char *warning) {
    reading r = read_text(name, text);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.impossible_time, 0);
    size_t count;
    bool warned = false;
    const char *const *warnings = lb_corpus_warnings(r.corpus, &count);
    for (size_t i = 0; i < count; i++)
        warned = warned || strstr(warnings[i], "can be read both ways");
    assert_int_equal(warned, warning != NULL);
    for (size_t i = 0; warning && i < count; i++)
        if (strstr(warnings[i], "can be read both ways"))
            assert_non_null(strstr(warnings[i], warning));
    int64_t time = r.messages[message].time / 1000000;
    reading_free(&r);
    return time;
}

static void of_two_numbers_the_file_says_which_is_the_month(void **state) {
    (void)state;
    enum { FEBRUARY_3 = 1675382400, MARCH_2 = 1677715200 }; /* of 2023, midnight UTC */
    assert_int_equal(time_of("d.csv", "user,text,date\na,x,02/03/2023\na,y,13/03/2023\n", 0, NULL),
                     MARCH_2);
    assert_int_equal(time_of("m.csv", "user,text,date\na,x,02/03/2023\na,y,03/13/2023\n", 0, NULL),
                     FEBRUARY_3);
    assert_int_equal(time_of("e.csv", "user,text,date\na,x,02/03/2023\n", 0, "the day was taken"),
                     MARCH_2);
    assert_int_equal(
        time_of("h.csv", "user,text,date\na,x,02/03/2023 12:00 AM\n", 0, "the month was taken"),
        FEBRUARY_3);
    assert_int_equal(time_of("p.csv", "user,text,date\na,x,02.03.2023\n", 0, NULL), MARCH_2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_told_by_names_and_by_values),
        cmocka_unit_test(a_guess_by_values_says_so),
        cmocka_unit_test(of_two_numbers_the_file_says_which_is_the_month)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
