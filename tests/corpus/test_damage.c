/* One broken place must not swallow the rest, nor go unseen. */
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "reading.h"

enum { RECORDS = 60, ROOM = 200 };

typedef enum corpus_form { CSV, CSV_QUOTED, TSV, JSONL, ARRAY_OF_LINES, ARRAY, FORMS } corpus_form;
static const char *const names[FORMS] = {"d.csv", "q.csv", "d.tsv", "d.jsonl", "l.json", "d.json"};

/* A text of words; some hold what has a meaning in one of the forms. */
static void make_words(lb_random *random, char *text) {
    static const char *const words[] = {"salt",  "harbour", "is, well",          "said {so}",
                                        "[sic]", "late",    "a \"quoted\" word", "of course",
                                        "moon"};
    size_t size = 0;
    for (unsigned i = 0; i < 4; i++)
        size += (size_t)sprintf(text + size, "%s ", words[lb_random_below(random, 9)]);
}

static char *put_json(char *end, unsigned number, const char *text) {
    end += sprintf(end, "{\"user\": \"u%u\", \"conversation\": \"c%u\", \"text\": \"", number % 7,
                   number / 4);
    for (; *text; text++)
        end += sprintf(end, "%s%c", *text == '"' ? "\\" : "", *text);
    return end + sprintf(end, "%u\"}", number);
}

static char *put_row(char *end, corpus_form form, unsigned number, const char *text) {
    char delimiter = form == TSV ? '\t' : ',';
    const char *all = form == CSV_QUOTED ? "\"" : "";
    bool quotes = *all || strchr(text, delimiter) || strchr(text, '"');
    end += sprintf(end, "%su%u%s%c%sc%u%s%c%s", all, number % 7, all, delimiter, all, number / 4,
                   all, delimiter, quotes ? "\"" : "");
    for (; *text; text++)
        end += sprintf(end, "%s%c", *text == '"' ? "\"" : "", *text);
    return end + sprintf(end, "%u%s", number, quotes ? "\"" : "");
}

static size_t make_corpus(lb_random *random, corpus_form form, char *out) {
    static const char *const heads[FORMS] = {"user,conversation,text\n",
                                             "\"user\",\"conversation\",\"text\"\n",
                                             "user\tconversation\ttext\n",
                                             "",
                                             "[",
                                             "["};
    char *end = stpcpy(out, heads[form]);
    for (unsigned i = 0; i < RECORDS; i++) {
        char text[ROOM];
        make_words(random, text);
        if (i > 0)
            end = stpcpy(end, form == ARRAY ? ", " : form == ARRAY_OF_LINES ? ",\n" : "\n");
        end = form < JSONL ? put_row(end, form, i, text) : put_json(end, i, text);
    }
    end = stpcpy(end, form >= ARRAY_OF_LINES ? "]\n" : "\n");
    return (size_t)(end - out);
}

/* Deletes or inserts a quote, a bracket, a comma or a line end, behind the header or the first
 * byte. */
static size_t damage(lb_random *random, char *text, size_t size) {
    static const char marks[] = "\"\"{}[],\n";
    const char *head = text[0] == 'u' || text[0] == '"' ? strchr(text, '\n') : text;
    size_t first = (size_t)(head - text) + 1;
    char mark = marks[lb_random_below(random, sizeof marks - 1)];
    size_t at = first + lb_random_below(random, size - first - 1);
    const char *found = memchr(text + at, mark, size - at);
    if (lb_random_below(random, 2) && found) {
        at = (size_t)(found - text);
        memmove(text + at, text + at + 1, size - at);
        return size - 1;
    }
    memmove(text + at + 1, text + at, size - at + 1);
    text[at] = mark;
    return size + 1;
}

static int compare_lines(const void *a, const void *b) {
    return strcmp(a, b);
}

typedef char line[ROOM * 2];

static size_t list(const reading *r, line *lines) {
    for (size_t i = 0; i < r->count; i++) {
        const lb_message *m = &r->messages[i];
        snprintf(lines[i], sizeof *lines, "%.*s|%.*s|%.*s", (int)m->user.size, m->user.data,
                 (int)m->conversation.size, m->conversation.data, (int)m->text.size, m->text.data);
    }
    qsort(lines, r->count, sizeof *lines, compare_lines);
    return r->count;
}

/* How many of `a` are not in `b`. */
static size_t missing(line *a, size_t a_count, line *b, size_t b_count) {
    size_t lost = 0;
    for (size_t i = 0; i < a_count; i++)
        lost += !bsearch(a[i], b, b_count, sizeof *b, compare_lines);
    return lost;
}

/* Of a corpus of N records with one byte too many or too few: at most two records are lost, at most
 * two are read that were not there; and where nothing is counted as malformed, N records were read,
 * and at most one of them says something else: the byte stands within a text, where every byte is
 * as good as another. */
static void check(corpus_form form, unsigned seed, const char *text, line *sound,
                  size_t sound_count, const reading *r) {
    static line lines[4 * RECORDS];
    assert_true(r->count < 4 * RECORDS);
    size_t count = list(r, lines);
    size_t lost = missing(sound, sound_count, lines, count);
    size_t strange = missing(lines, count, sound, sound_count);
    bool silent = r->counts.rejected == 0 && r->counts.unread_bytes == 0;
    bool wrong = silent && (r->counts.records != RECORDS || lost > 1 || strange > 1);
    if (r->status != LB_OK || lost > 2 || strange > 2 || wrong)
        fail_msg("%s %u: status %d %s, %zu lost, %zu strange, %d rejected, %d bytes unread:\n%s",
                 names[form], seed, r->status, r->error.what, lost, strange,
                 (int)r->counts.rejected, (int)r->counts.unread_bytes, text);
}

static void a_byte_too_many_or_too_few_costs_two_records_at_most_and_is_seen(void **state) {
    (void)state;
    static line sound[RECORDS];
    char *text = malloc(RECORDS * ROOM * 2);
    for (corpus_form form = 0; form < FORMS; form++)
        for (unsigned seed = 0; seed < 300; seed++) {
            lb_random random = lb_random_keyed(seed, "damage", form);
            size_t size = make_corpus(&random, form, text);
            reading r = read_file(put(names[form], text, size));
            if (r.status != LB_OK || r.counts.rejected > 0 || r.count != RECORDS)
                fail_msg("%s %u: %s, %zu read:\n%s", names[form], seed, r.error.what, r.count,
                         text);
            list(&r, sound);
            reading_free(&r);
            size = damage(&random, text, size);
            r = read_file(put(names[form], text, size));
            check(form, seed, text, sound, RECORDS, &r);
            reading_free(&r);
        }
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_byte_too_many_or_too_few_costs_two_records_at_most_and_is_seen)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
