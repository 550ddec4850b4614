#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "reading.h"

static const char three[] = "{\"user\":\"a\",\"text\":\"x\"}\n{\"user\":\"b\",\"text\":\"y\"}\n"
                            "{\"user\":\"c\",\"text\":\"z\"}\n";

static const char *pack(const char *name, int filter, int format, const char *const *members,
                        const char *text) {
    const char *path = in_folder(name);
    struct archive *archive = archive_write_new();
    if (filter)
        assert_int_equal(archive_write_add_filter(archive, filter), ARCHIVE_OK);
    assert_int_equal(archive_write_set_format(archive, format), ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    for (; *members; members++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, *members);
        archive_entry_set_size(entry, (la_int64_t)strlen(text));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0600);
        archive_write_header(archive, entry);
        archive_write_data(archive, text, strlen(text));
        archive_entry_free(entry);
    }
    archive_write_close(archive);
    archive_write_free(archive);
    return path;
}

static const char *const one_member[] = {"x", NULL};

static void file_hash(const char *path, char hex[65]) {
    size_t size;
    char *data = read_source_file(path, &size);
    uint32_t words[LB_DIGEST_WORDS_MAX];
    lb_digest_one(LB_DIGEST_SHA256, (lb_str){data, size}, words);
    for (size_t i = 0; i < LB_DIGEST_WORDS_MAX; i++)
        sprintf(hex + 8 * i, "%08x", words[i]);
    free(data);
}

static void every_compression_gives_the_same_messages_and_the_hash_of_what_is_stored(void **state) {
    (void)state;
    static const struct {
        int filter;
        const char *name;
    } kinds[] = {{ARCHIVE_FILTER_NONE, "none"},
                 {ARCHIVE_FILTER_GZIP, "gzip"},
                 {ARCHIVE_FILTER_ZSTD, "zstd"},
                 {ARCHIVE_FILTER_XZ, "xz"},
                 {ARCHIVE_FILTER_BZIP2, "bzip2"}};
    for (size_t i = 0; i < 5; i++) {
        const char *path =
            pack("c.jsonl.packed", kinds[i].filter, ARCHIVE_FORMAT_RAW, one_member, three);
        reading r = read_file(path);
        assert_int_equal(r.status, LB_OK);
        assert_int_equal(r.counts.messages, 3);
        assert_int_equal(r.counts.bytes, sizeof three - 1);
        size_t count;
        const lb_source *source = lb_corpus_sources(r.corpus, &count);
        assert_string_equal(source->compression, kinds[i].name);
        char hex[65];
        file_hash(path, hex);
        assert_string_equal(source->sha256, hex);
        struct stat facts;
        assert_int_equal(stat(path, &facts), 0);
        assert_int_equal(source->bytes, facts.st_size);
        reading_free(&r);
    }
}

static void a_stream_cut_anywhere_is_an_error_that_names_the_file(void **state) {
    (void)state;
    static const int filters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_XZ,
                                  ARCHIVE_FILTER_BZIP2};
    for (size_t i = 0; i < 4; i++) {
        size_t size;
        char *data = read_source_file(
            pack("whole.gz", filters[i], ARCHIVE_FORMAT_RAW, one_member, three), &size);
        for (size_t cut = 7; cut<size; cut += cut> size - 12 ? 1 : 5) {
            reading r = read_file(put("cut.gz", data, cut));
            if (r.status != LB_E_INPUT)
                fail_msg("filter %d cut at %zu of %zu: status %d", filters[i], cut, size, r.status);
            assert_non_null(strstr(r.error.where, "cut.gz"));
            reading_free(&r);
        }
        free(data);
    }
}

static void what_stands_behind_a_compressed_stream_is_refused_but_for_zeros(void **state) {
    (void)state;
    static const int filters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_XZ,
                                  ARCHIVE_FILTER_BZIP2};
    static const struct {
        size_t size;
        char byte;
        int status;
    } tails[] = {{1, 'x', LB_E_INPUT},
                 {4096, 0, LB_OK},
                 {4096, 'x', LB_E_INPUT},
                 {600000, 'x', LB_E_INPUT},
                 {600000, 0, LB_OK}};
    for (size_t i = 0; i < 4; i++)
        for (size_t t = 0; t < sizeof tails / sizeof *tails; t++) {
            size_t size;
            char *data = read_source_file(
                pack("whole.gz", filters[i], ARCHIVE_FORMAT_RAW, one_member, three), &size);
            data = realloc(data, size + tails[t].size);
            memset(data + size, tails[t].byte, tails[t].size);
            reading r = read_file(put("tail.gz", data, size + tails[t].size));
            /* zstd itself takes zeros for the head of a frame that it does not know */
            int status = filters[i] == ARCHIVE_FILTER_ZSTD ? LB_E_INPUT : tails[t].status;
            if (r.status != status)
                fail_msg("filter %d, tail %zu: status %d: %s: %s", filters[i], t, r.status,
                         r.error.where, r.error.what);
            reading_free(&r);
            free(data);
        }
}

static void members_of_a_zip_archive_are_inputs_of_their_own(void **state) {
    (void)state;
    static const char *const members[] = {"x/b.jsonl", "readme.md", "a.jsonl", "x/.hidden.jsonl",
                                          NULL};
    reading r = read_file(pack("m.zip", 0, ARCHIVE_FORMAT_ZIP, members, three));
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 6);
    size_t count;
    const lb_source *sources = lb_corpus_sources(r.corpus, &count);
    assert_int_equal(count, 2);
    assert_non_null(strstr(sources[0].path, "m.zip!x/b.jsonl"));
    assert_string_equal(sources[1].compression, "zip");
    char hex[65];
    file_hash(put_text("three.jsonl", three), hex);
    assert_string_equal(sources[1].sha256, hex);
    reading_free(&r);
    static const char *const none[] = {"readme.md", NULL};
    r = read_file(pack("n.zip", 0, ARCHIVE_FORMAT_ZIP, none, three));
    assert_int_equal(r.status, LB_E_INPUT);
    reading_free(&r);
}

static void a_member_that_is_encrypted_is_left_out(void **state) {
    (void)state;
    assert_int_equal(mkdir(in_folder("locked"), 0700), 0);
    put_text("locked/a.jsonl", three);
    const char *path = in_folder("locked/b.zip");
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    assert_int_equal(archive_write_set_format_zip(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_set_options(archive, "zip:encryption=traditional"), ARCHIVE_OK);
    assert_int_equal(archive_write_set_passphrase(archive, "open"), ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    archive_entry_set_pathname(entry, "b.jsonl");
    archive_entry_set_size(entry, sizeof three - 1);
    archive_entry_set_filetype(entry, AE_IFREG);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    archive_write_data(archive, three, sizeof three - 1);
    archive_entry_free(entry);
    archive_write_close(archive);
    archive_write_free(archive);
    reading r = read_file(path);
    assert_int_equal(r.status, LB_E_INPUT);
    assert_non_null(strstr(r.error.what, "b.jsonl was left out: it is encrypted"));
    reading_free(&r);
    r = read_file(in_folder("locked"));
    assert_int_equal(r.counts.messages, 3);
    assert_int_equal(r.counts.unread_files, 1);
    reading_free(&r);
}

static void what_is_no_text_of_a_known_kind_is_a_clear_error(void **state) {
    (void)state;
    char garbage[4096];
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (char)(i * 2654435761u >> 13);
    static const struct {
        const char *name, *text;
        size_t size;
        const char *what;
    } bad[] = {{"empty.jsonl", "", 0, "empty"},
               {"blank.csv", " \n\n", 3, "empty"},
               {"u16.csv", "\xFF\xFEu\0s\0", 6, "UTF-16"},
               {"u16be.csv", "\xFE\xFF\0u\0s", 6, "UTF-16"},
               {"u32.csv", "\xFF\xFE\0\0u\0\0\0", 8, "UTF-32"},
               {"prose.txt", "It was a dark night.\nNothing moved.\n", 36, "no JSON"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        reading r = read_file(put(bad[i].name, bad[i].text, bad[i].size));
        assert_int_equal(r.status, LB_E_INPUT);
        assert_non_null(strstr(r.error.where, bad[i].name));
        assert_non_null(strstr(r.error.what, bad[i].what));
        assert_true(r.error.mend[0] != '\0');
        reading_free(&r);
    }
    reading r = read_file(put("g.jsonl", garbage, sizeof garbage));
    assert_int_equal(r.status, LB_E_INPUT);
    assert_non_null(strstr(r.error.what, "binary"));
    reading_free(&r);
    r = read_file(in_folder("nowhere.csv"));
    assert_int_equal(r.status, LB_E_INPUT);
    reading_free(&r);
}

static bool warned(const reading *r, const char *of) {
    size_t count;
    const char *const *texts = lb_corpus_warnings(r->corpus, &count);
    bool told = false;
    for (size_t i = 0; i < count; i++)
        told = told || strstr(texts[i], of);
    return told;
}

static void inputs_that_are_copies_of_others_are_warned_of(void **state) {
    (void)state;
    assert_int_equal(mkdir(in_folder("c"), 0700), 0);
    put_text("c/a.jsonl", three);
    put_text("c/b.jsonl", "{\"user\":\"q\",\"text\":\"alone\"}\n");
    reading r = read_file(in_folder("c"));
    assert_int_equal(r.status, LB_OK);
    assert_false(warned(&r, "byte for byte"));
    reading_free(&r);
    put_text("c/c.jsonl", three);
    r = read_file(in_folder("c"));
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 7); /* nothing is left out by itself */
    assert_true(warned(&r, "c/c.jsonl is byte for byte the same as "));
    assert_true(warned(&r, "count more than once"));
    reading_free(&r);
    put_text("c/d.jsonl", three);
    r = read_file(in_folder("c"));
    assert_true(warned(&r, "(inputs that are copies: 2)"));
    reading_free(&r);
}

static void a_folder_gives_its_files_sorted_and_leaves_out_what_is_unknown(void **state) {
    (void)state;
    assert_int_equal(mkdir(in_folder("d"), 0700), 0);
    assert_int_equal(mkdir(in_folder("d/sub"), 0700), 0);
    put_text("d/b.jsonl", three);
    put_text("d/a.csv", "user,text\nq,r\n");
    put_text("d/sub/c.jsonl", three);
    put_text("d/notes.txt", "not a log at all\n");
    put_text("d/.hidden.jsonl", three);
    reading r = read_file(in_folder("d/"));
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 7);
    size_t count;
    const lb_source *sources = lb_corpus_sources(r.corpus, &count);
    assert_int_equal(count, 3);
    assert_non_null(strstr(sources[0].path, "/d/a.csv"));
    assert_non_null(strstr(sources[2].path, "/d/sub/c.jsonl"));
    assert_true(warned(&r, "notes.txt was left out"));
    reading_free(&r);
    r = read_file(in_folder("d/*.jsonl"));
    assert_int_equal(r.counts.messages, 3);
    reading_free(&r);
    r = read_file(in_folder("d/*.parchment"));
    assert_int_equal(r.status, LB_E_INPUT);
    reading_free(&r);
    assert_int_equal(mkdir(in_folder("e"), 0700), 0);
    r = read_file(in_folder("e"));
    assert_int_equal(r.status, LB_E_INPUT);
    reading_free(&r);
}

static void a_pipe_is_read_once_from_its_first_byte(void **state) {
    (void)state;
    const char *path = put_text("pipe.jsonl", three);
    assert_non_null(freopen(path, "r", stdin));
    reading r = read_file("-");
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 3);
    assert_int_equal(r.messages[0].byte, 0);
    reading_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_compression_gives_the_same_messages_and_the_hash_of_what_is_stored),
        cmocka_unit_test(a_stream_cut_anywhere_is_an_error_that_names_the_file),
        cmocka_unit_test(what_stands_behind_a_compressed_stream_is_refused_but_for_zeros),
        cmocka_unit_test(members_of_a_zip_archive_are_inputs_of_their_own),
        cmocka_unit_test(a_member_that_is_encrypted_is_left_out),
        cmocka_unit_test(what_is_no_text_of_a_known_kind_is_a_clear_error),
        cmocka_unit_test(inputs_that_are_copies_of_others_are_warned_of),
        cmocka_unit_test(a_folder_gives_its_files_sorted_and_leaves_out_what_is_unknown),
        cmocka_unit_test(a_pipe_is_read_once_from_its_first_byte)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
