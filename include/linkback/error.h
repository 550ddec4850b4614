/* How linkback says that something went wrong.
 *
 * A function that can fail returns 0, or a negative lb_status, and fills the lb_error that its
 * caller passed as the last argument. The error is filled once, where it happens, and passed up
 * unchanged; only the command line prints it. The struct owns its text (fixed arrays), so that
 * reporting a lack of memory needs no memory. A NULL lb_error is allowed and means "I only want the
 * status".
 */
#ifndef LINKBACK_ERROR_H
#define LINKBACK_ERROR_H

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Negative, and equal to minus the exit code of the command line (README.md). */
typedef enum lb_status {
    LB_OK = 0,
    LB_E_USAGE = -2,   /* the command line or the configuration is wrong */
    LB_E_INPUT = -3,   /* an input cannot be read or is malformed */
    LB_E_RESOURCE = -4 /* disk full, out of memory, a report cannot be written */
} lb_status;

enum { LB_ERROR_WHERE_MAX = 1024, LB_ERROR_WHAT_MAX = 1024, LB_ERROR_MEND_MAX = 512 };

typedef struct lb_error {
    lb_status code;
    /* "corpus.jsonl.gz:17 (byte 4711)", "--k", "linkback.yaml:3:5" */
    char where[LB_ERROR_WHERE_MAX];
    char what[LB_ERROR_WHAT_MAX]; /* what is wrong, without a final full stop */
    char mend[LB_ERROR_MEND_MAX]; /* what the reader can do about it; never empty */
} lb_error;

/* Fills `error` (unless it is NULL) and returns `code`. `what` is a printf format. Bytes that are
 * not printable UTF-8 (a hostile file name) are replaced, so the line is safe on a terminal. */
int lb_fail(lb_error *error, lb_status code, const char *where, const char *mend, const char *what,
            ...) __attribute__((format(printf, 5, 6)));

/* The usual resource failures: `doing` says what memory was wanted for, or names the file. */
int lb_fail_memory(lb_error *error, const char *doing);
int lb_fail_errno(lb_error *error, lb_status code, const char *where, const char *doing,
                  int errnum);

#ifdef __cplusplus
}
#endif
#endif
