/* What a program that links the installed liblinkback looks like. */
#include <linkback/error.h>

#include <string.h>

int main(void) {
    lb_error error;
    int status = lb_fail(&error, LB_E_INPUT, "corpus.jsonl:3", "mend the line", "%d braces", 2);
    return !(status == LB_E_INPUT && strcmp(error.what, "2 braces") == 0);
}
