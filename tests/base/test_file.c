#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static char folder[] = "/tmp/linkback-test-XXXXXX";

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

static const char *path_of(const char *name) {
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static size_t files_in_folder(void) {
    DIR *open = opendir(folder);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(open));)
        count += entry->d_name[0] != '.';
    closedir(open);
    return count;
}

static void a_file_is_there_only_once_it_is_whole(void **state) {
    (void)state;
    lb_output *output;
    assert_int_equal(lb_output_open(&output, path_of("report"), NULL), 0);
    fputs("hello", lb_output_stream(output));
    assert_int_equal(access(path_of("report"), F_OK), -1);
    assert_int_equal(lb_output_commit(output, NULL), 0);
    struct stat facts;
    assert_int_equal(stat(path_of("report"), &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_int_equal(files_in_folder(), 1);
    lb_buffer text = {0};
    assert_int_equal(lb_file_read(path_of("report"), 100, &text, NULL), 0);
    assert_int_equal(text.size, 5);
    lb_error error = {0};
    text.size = 0;
    assert_int_equal(lb_file_read(path_of("report"), 4, &text, &error), LB_E_INPUT);
    lb_buffer_free(&text);
    unlink(path_of("report"));
}

static void an_abandoned_file_leaves_nothing(void **state) {
    (void)state;
    lb_output *output;
    assert_int_equal(lb_output_open(&output, path_of("report"), NULL), 0);
    fputs("half", lb_output_stream(output));
    lb_output_abandon(output);
    assert_int_equal(files_in_folder(), 0);
    lb_output_abandon(NULL);
}

static void a_folder_that_is_not_there_is_an_error_with_its_path(void **state) {
    (void)state;
    lb_output *output;
    lb_error error = {0};
    assert_int_equal(lb_output_open(&output, path_of("no/such/report"), &error), LB_E_RESOURCE);
    assert_non_null(strstr(error.where, "no/such/report"));
    assert_int_equal(lb_folder_make(path_of("a/b"), &error), 0);
    assert_int_equal(lb_folder_make(path_of("a/b"), &error), 0);
    rmdir(path_of("a/b"));
    assert_int_equal(lb_file_write(path_of("a/f"), lb_str_of("x"), &error), 0);
    assert_int_equal(lb_folder_make(path_of("a/f/c"), &error), LB_E_RESOURCE);
    unlink(path_of("a/f"));
    rmdir(path_of("a"));
}

static void a_pipe_is_written_to_and_stays_a_pipe(void **state) {
    (void)state;
    char text[8] = "";
    assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
    int reader = open(path_of("pipe"), O_RDWR | O_NONBLOCK);
    assert_int_equal(lb_file_write(path_of("pipe"), lb_str_of("hello"), NULL), 0);
    assert_int_equal(read(reader, text, sizeof text), 5);
    assert_string_equal(text, "hello");
    struct stat facts;
    assert_int_equal(lstat(path_of("pipe"), &facts), 0);
    assert_true(S_ISFIFO(facts.st_mode));
    close(reader);
    unlink(path_of("pipe"));
}

static void what_a_link_names_is_replaced_and_not_the_link(void **state) {
    (void)state;
    struct stat facts;
    assert_int_equal(lb_file_write(path_of("real"), lb_str_of("old"), NULL), 0);
    assert_int_equal(symlink("real", path_of("link")), 0);
    assert_int_equal(lb_file_write(path_of("link"), lb_str_of("newer"), NULL), 0);
    assert_int_equal(lstat(path_of("link"), &facts), 0);
    assert_true(S_ISLNK(facts.st_mode));
    assert_int_equal(stat(path_of("real"), &facts), 0);
    assert_int_equal(facts.st_size, 5);
    unlink(path_of("link"));
    unlink(path_of("real"));
    lb_error error = {0};
    assert_int_equal(lb_file_write(folder, lb_str_of("x"), &error), LB_E_RESOURCE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_there_only_once_it_is_whole),
        cmocka_unit_test(an_abandoned_file_leaves_nothing),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_error_with_its_path),
        cmocka_unit_test(a_pipe_is_written_to_and_stays_a_pipe),
        cmocka_unit_test(what_a_link_names_is_replaced_and_not_the_link),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
