#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "reading.h"

static const char three[] = "{\"user\":\"a\",\"text\":\"x\"}\n{\"user\":\"b\",\"text\":\"y\"}\n"
                            "{\"user\":\"c\",\"text\":\"z\"}\n";
static const char apple_double[] = "\0\x05\x16\x07\0\x02\0\0Mac OS X        ";

/* Why the file whose path ends so was left out; NULL: it was not. */
static const char *why_of(const reading *r, const char *end, bool *unread) {
    size_t count;
    uint64_t all;
    const lb_left_out *items = lb_corpus_left_out(r->corpus, &count, &all);
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(items[i].path), n = strlen(end);
        if (size >= n && strcmp(items[i].path + size - n, end) == 0) {
            *unread = items[i].unread;
            return items[i].why;
        }
    }
    return NULL;
}

static void assert_left_out(const reading *r, const char *end, const char *of, bool unread) {
    bool counts = !unread;
    const char *why = why_of(r, end, &counts);
    if (!why || !strstr(why, of) || counts != unread)
        fail_msg("%s: %s, %s", end, why ? why : "(read)", counts ? "unread" : "harmless");
}

static const char *make(const char *folder) {
    assert_int_equal(mkdir(in_folder(folder), 0700), 0);
    return in_folder(folder);
}

static reading read_folder(const char *folder) {
    reading r = read_file(in_folder(folder));
    if (r.status != LB_OK)
        fail_msg("%s: %s; %s", r.error.where, r.error.what, r.error.mend);
    return r;
}

static void each_file_of_a_folder_that_is_not_read_is_listed_with_its_reason(void **state) {
    (void)state;
    static const struct {
        const char *name, *text;
        size_t size;
        const char *why;
    } foreign[] = {
        {"k/page.html", "<!DOCTYPE html><html><body>anna: hi</body></html>", 49, "web page"},
        {"k/page.xml", "<html><p>anna: hi</p></html>", 28, "web page"},
        {"k/export.txt", "<?xml version=\"1.0\"?>\n<!-- x -->\n<html></html>", 46, "web page"},
        {"k/a.pdf", "%PDF-1.7\n", 9, "PDF"},
        {"k/b.txt", "%PDF-1.7\n", 9, "PDF"},
        {"k/letter.json", "{\\rtf1 hello}", 13, "rich text"},
        {"k/old.doc", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "office"},
        {"k/photo.jpg", "\xFF\xD8\xFF\xE0", 4, "picture"},
        {"k/a.7z", "7z\xBC\xAF\x27\x1C", 6, "7z"},
        {"k/a.rar", "Rar!\x1A\x07\x01", 7, "RAR"},
        {"k/notes.md", "# what anna said\n", 17, "ending"},
        {"k/noending", "anna: hi\n", 9, "ending"},
        {"k/data.bin", "\1\2\3\4", 4, "ending"},
        {"k/.hidden.jsonl", "{\"user\":\"h\",\"text\":\"x\"}\n", 24, "hidden"},
        {"k/._x.jsonl", "{\"user\":\"h\",\"text\":\"x\"}\n", 24, "hidden"},
        {"k/.DS_Store", "anna: hi\n", 9, "hidden"},
        {"k/sitemap.xml", "<urlset><url/></urlset>", 23, "no field"},
        {"k/package.json", "{\"name\":\"x\",\"version\":1}", 24, "no field"},
    };
    make("k");
    put_text("k/corpus.jsonl", three);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        put(foreign[i].name, foreign[i].text, foreign[i].size);
    make("k/.cache");
    reading r = read_folder("k");
    assert_int_equal(r.counts.messages, 3);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_left_out(&r, foreign[i].name, foreign[i].why, true);
    assert_left_out(&r, "k/.cache", "hidden folder", true);
    assert_int_equal(r.counts.unread_files, sizeof foreign / sizeof *foreign + 1);
    reading_free(&r);
}

static void what_holds_nobodys_words_is_listed_and_does_not_count(void **state) {
    (void)state;
    make("h");
    put_text("h/corpus.jsonl", three);
    put("h/._corpus.jsonl", apple_double, sizeof apple_double);
    put("h/.DS_Store", "\0\0\0\1Bud1\0", 9);
    put_text("h/.gitkeep", "");
    put_text("h/empty.csv", "");
    put_text("h/blank.csv", "\n\n");
    make("h/.git");
    put_text("h/.git/HEAD", "ref: refs/heads/main\n");
    reading r = read_folder("h");
    assert_left_out(&r, "h/._corpus.jsonl", "AppleDouble", false);
    assert_left_out(&r, "h/.DS_Store", "macOS", false);
    assert_left_out(&r, "h/.gitkeep", "empty", false);
    assert_left_out(&r, "h/empty.csv", "empty", false);
    assert_left_out(&r, "h/blank.csv", "empty", false);
    assert_left_out(&r, "h/.git", "Git", false);
    assert_int_equal(r.counts.unread_files, 0);
    reading_free(&r);
}

static void links_are_read_once_or_named(void **state) {
    (void)state;
    make("l");
    make("l/sub");
    make("elsewhere");
    make("l/.git");
    make("l/.git/annex");
    put_text("l/.git/HEAD", "x");
    put_text("l/.git/annex/key", "{\"user\":\"q\",\"text\":\"annexed\"}\n");
    put_text("l/corpus.jsonl", three);
    put_text("elsewhere/more.jsonl", three);
    assert_int_equal(symlink("corpus.jsonl", in_folder("l/again.jsonl")), 0);
    assert_int_equal(symlink("../elsewhere/more.jsonl", in_folder("l/more.jsonl")), 0);
    assert_int_equal(symlink("../elsewhere", in_folder("l/folder")), 0);
    assert_int_equal(symlink("nowhere", in_folder("l/dangling.jsonl")), 0);
    assert_int_equal(symlink("..", in_folder("l/sub/cycle")), 0);
    assert_int_equal(symlink("self.jsonl", in_folder("l/self.jsonl")), 0);
    assert_int_equal(symlink(".git/annex/key", in_folder("l/annexed.jsonl")), 0);
    reading r = read_folder("l");
    assert_int_equal(r.counts.messages, 7);
    assert_left_out(&r, "l/again.jsonl", "link", false);
    assert_left_out(&r, "l/folder", "link to a folder elsewhere", true);
    assert_left_out(&r, "l/dangling.jsonl", "leads nowhere", true);
    assert_left_out(&r, "l/self.jsonl", "leads nowhere", true);
    assert_left_out(&r, "l/sub/cycle", "link", false);
    reading_free(&r);
}

static void pipes_sockets_and_what_cannot_be_opened_are_named(void **state) {
    (void)state;
    make("n");
    put_text("n/corpus.jsonl", three);
    assert_int_equal(mkfifo(in_folder("n/pipe.jsonl"), 0600), 0);
    int made = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", in_folder("n/socket.jsonl"));
    assert_int_equal(bind(made, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(symlink("pipe.jsonl", in_folder("n/to-pipe.jsonl")), 0);
    put_text("n/secret.jsonl", three);
    make("n/closed");
    put_text("n/closed/a.jsonl", three);
    bool root = geteuid() == 0;
    if (root) /* may open everything: be somebody else meanwhile */
        assert_int_equal(chmod(in_folder(""), 0755), 0);
    assert_int_equal(chmod(in_folder("n/secret.jsonl"), 0), 0);
    assert_int_equal(chmod(in_folder("n/closed"), 0), 0);
    if (root) {
        assert_int_equal(chmod(in_folder("n"), 0755), 0);
        assert_int_equal(chmod(in_folder("n/corpus.jsonl"), 0644), 0);
        assert_int_equal(seteuid(65534), 0);
    }
    reading r = read_folder("n");
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(r.counts.messages, 3);
    assert_left_out(&r, "n/pipe.jsonl", "pipe", true);
    assert_left_out(&r, "n/to-pipe.jsonl", "pipe", true);
    assert_left_out(&r, "n/socket.jsonl", "socket", true);
    assert_left_out(&r, "n/secret.jsonl", "Permission denied", true);
    assert_left_out(&r, "n/closed", "Permission denied", true);
    assert_int_equal(chmod(in_folder("n/closed"), 0700), 0);
    close(made);
    reading_free(&r);
}

static void an_input_of_which_nothing_can_be_read_says_what_it_holds(void **state) {
    (void)state;
    make("w");
    put_text("w/index.html", "<html></html>");
    reading r = read_file(in_folder("w"));
    assert_int_equal(r.status, LB_E_INPUT);
    assert_non_null(strstr(r.error.what, "index.html"));
    assert_non_null(strstr(r.error.what, "web page"));
    reading_free(&r);
    r = read_file(in_folder("w/*.html"));
    assert_int_equal(r.status, LB_E_INPUT);
    assert_non_null(strstr(r.error.what, "web page"));
    reading_free(&r);
    r = read_file(in_folder("w/index.html"));
    assert_int_equal(r.status, LB_E_INPUT);
    assert_non_null(strstr(r.error.what, "web page"));
    assert_non_null(strstr(r.error.mend, "export"));
    reading_free(&r);
}

static void the_list_is_bounded_and_all_are_counted(void **state) {
    (void)state;
    enum { MANY = 1200 };
    make("b");
    put_text("b/corpus.jsonl", three);
    for (int i = 0; i < MANY; i++) {
        char name[32];
        snprintf(name, sizeof name, "b/%04d.md", i);
        put_text(name, "x");
    }
    put_text("b/zero.txt", "");
    reading r = read_folder("b");
    size_t count;
    uint64_t all;
    const lb_left_out *items = lb_corpus_left_out(r.corpus, &count, &all);
    assert_int_equal(all, MANY + 1);
    assert_int_equal(r.counts.unread_files, MANY);
    assert_int_equal(count, LB_LEFT_OUT_MAX + 1);
    assert_non_null(strstr(items[0].path, "0000.md"));
    size_t warnings;
    lb_corpus_warnings(r.corpus, &warnings);
    assert_true(warnings < 10);
    reading_free(&r);
}

static void a_file_named_for_another_purpose_is_no_input_of_a_folder(void **state) {
    (void)state;
    make("o");
    put_text("o/corpus.jsonl", three);
    put_text("o/gone.csv", "user\na\n");
    const char *input = in_folder("o");
    const lb_named_file named = {in_folder("o/gone.csv"), "it is the list of --opted-out", true};
    lb_corpus_options options = {.inputs = &input,
                                 .input_count = 1,
                                 .named = &named,
                                 .named_count = 1,
                                 .tolerance = {100, 1}};
    reading r = read_corpus(&options, 1);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.records, 3);
    assert_left_out(&r, "o/gone.csv", "--opted-out", true);
    reading_free(&r);
}

static void what_a_format_knows_to_hold_words_and_does_not_read_counts(void **state) {
    (void)state;
    make("s");
    make("s/general");
    put_text("s/general/2023-11-14.json", "[{\"type\":\"message\",\"user\":\"U1\",\"text\":\"hi\","
                                          "\"ts\":\"1699950000.000100\"}]");
    put_text("s/channels.json", "[{\"id\":\"C1\",\"name\":\"general\"}]");
    put_text("s/huddle_transcripts.json", "[{\"id\":\"H1\",\"said\":\"anna: hi\"}]");
    reading r = read_folder("s");
    assert_left_out(&r, "s/channels.json", "slack", false);
    assert_left_out(&r, "s/huddle_transcripts.json", "slack", true);
    reading_free(&r);
}

static void a_pipe_that_is_named_is_read_once(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], three, sizeof three - 1), sizeof three - 1);
    close(ends[1]);
    char path[32];
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    reading r = read_file(path);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 3);
    close(ends[0]);
    reading_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_file_of_a_folder_that_is_not_read_is_listed_with_its_reason),
        cmocka_unit_test(what_holds_nobodys_words_is_listed_and_does_not_count),
        cmocka_unit_test(links_are_read_once_or_named),
        cmocka_unit_test(pipes_sockets_and_what_cannot_be_opened_are_named),
        cmocka_unit_test(an_input_of_which_nothing_can_be_read_says_what_it_holds),
        cmocka_unit_test(the_list_is_bounded_and_all_are_counted),
        cmocka_unit_test(a_file_named_for_another_purpose_is_no_input_of_a_folder),
        cmocka_unit_test(what_a_format_knows_to_hold_words_and_does_not_read_counts),
        cmocka_unit_test(a_pipe_that_is_named_is_read_once)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
